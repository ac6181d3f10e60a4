// A list of contacts: each row becomes the facts that it tells of a contact of a case.
//
// A row is a judgement (contact.confirmed), and where it says so what was done since:
// contact.reached, contact.placed, contact.dismissed. Facts are judged as those that are
// posted (a contact of oneself, a case that is none); a row is taken whole or refused
// whole. What stands already is had. Only for files of src/load.
#ifndef WF_LOAD_CONTACTS_H
#define WF_LOAD_CONTACTS_H

#include "load/feed.h"

#define WF_CONTACT_FACTS_MAX 4

// The columns of such a file, in the order of docs/reference/import.md.
const wf_register_table *wf_contact_rows_table(void);

// What is wrong with a row whose values are right one by one: a code of the catalogue,
// the field at fault; NULL: nothing.
const char *wf_contact_rows_wrong(const wf_value *values, const char **ret_field);

// The facts of a row, its values in the columns' order; texts are borrowed. `at`: of what
// the row does not say when. Returns how many; ids are left empty.
size_t wf_contact_rows_facts(const wf_kinds *kinds, const wf_value *values, weft_time at,
                             wf_fact ret[WF_CONTACT_FACTS_MAX]);

void wf_contact_rows_free(wf_contact_rows *contacts); // NULL does nothing

// Gathers the rows of a block; any one thread. All are in memory until the end: lists of
// contacts are of thousands, and beyond 256 MiB it is WEFT_TOO_LARGE.
weft_status wf_contact_rows_block(wf_feed *feed, const wf_load_block *block,
                                  weft_error *error) WEFT_MUST_CHECK;

// Begins a send of the store and puts the facts of all rows; what is refused joins the
// feed's refused rows. By the thread that writes the store; the caller commits the send,
// or rolls it back on failure too.
weft_status wf_contact_rows_put(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;

#endif
