// What contacts that a look-up found may be told, and whether it gives the case away
// (epi/guess.h, docs/concepts/telling.md), for the rows of one answer.
//
// Threads: one call at a time.
#ifndef WF_ACCESS_ASKED_TELLING_H
#define WF_ACCESS_ASKED_TELLING_H

#include "access/asked/contacts.h"
#include "epi/guess.h"
#include "trace/rows.h"

// Memory of the rows that follow; zero-initialise. `asked` is borrowed.
typedef struct {
    const wf_contacts_asked *asked;
    wf_trace_rows *rows; // NULL: no day was opened
    wf_guess_work work;
} wf_telling;

weft_status wf_telling_begin(const wf_contacts_asked *asked, wf_telling *ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_telling_done(wf_telling *telling);

// `of` is one of those found. Of NULL, whom people named alone, nobody can say that they
// do not know who the case is. Cost: epi/guess.h.
weft_status wf_telling_find(wf_telling *telling, const wf_contact *of, weft_telling *ret,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
