// Meetings of two ids that were said to be one person: they name no case, and which of
// the two words is wrong nobody knows. They are taken and asked about
// ("encounter.oneself"), in lists, in files of facts and in previews as where one is
// told.
//
// By what stood before: what the same file says of ids asks nothing of its own lines.
// Only for files of src/load.
#ifndef WF_LOAD_ONESELF_H
#define WF_LOAD_ONESELF_H

#include "load/import.h"
#include "model/fact.h"

// *ret is the warning, of the field b; its code is NULL where nothing is asked. Persons
// by number, or WF_NUMBER_NONE.
weft_status wf_oneself_ask(const wf_import_city *city, uint32_t a, uint32_t b,
                           weft_error *ret, weft_error *error) WEFT_MUST_CHECK;
// The same by id: of ids that nobody has, nothing was said.
weft_status wf_oneself_ask_ids(const wf_import_city *city, wf_text a, wf_text b,
                               weft_error *ret, weft_error *error) WEFT_MUST_CHECK;
// The same of a fact; of one that is no meeting nothing is asked.
weft_status wf_oneself_ask_fact(const wf_import_city *city, const wf_fact *fact,
                                weft_error *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
