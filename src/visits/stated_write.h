// Writing tables of what was stated anew. Only for files of src/visits.
#ifndef WF_VISITS_STATED_WRITE_H
#define WF_VISITS_STATED_WRITE_H

#include "visits/store.h"

// Adds an item; the name and the bytes of `entry` are copied.
weft_status wf_stated_collect(wf_stated_list *list, weft_day day, wf_identity id,
                              wf_stated_act act, wf_text entry,
                              weft_error *error) WEFT_MUST_CHECK;
// Empties the list but for what is owed.
void wf_stated_finish(wf_stated_list *list);

// Writes what the items say into the tables of their days, all in one commit, and renews
// opened days whose rows change by it. A day that nothing is put into and that cannot be
// read is left: its items are owed then; one that is forgotten is passed over. The list
// is sorted. `position`, if it is not NULL, is noted as that of the life if nothing is
// owed. On failure the store is as it was.
weft_status wf_stated_write(wf_visits *visits, wf_stated_list *list,
                            const uint64_t *position, weft_error *error) WEFT_MUST_CHECK;

#endif
