// Whether somebody may be judged a contact.
#ifndef WF_DESK_TRACING_CHECK_H
#define WF_DESK_TRACING_CHECK_H

#include "store/store.h"

// contact.confirmed and contact.dismissed; false for every other kind.
bool wf_tracing_judges(const wf_kind *kind);

// Refuses (WEFT_BAD_INPUT) what rests on a fact that has not come, or was withdrawn or
// corrected ("contact.reason"), a contact of oneself ("contact.oneself") and one of a
// case that was found to be none ("contact.no_case"), as the rows say now. A case that
// the rows do not know yet refuses nobody: its report may be on its way.
weft_status wf_tracing_check(wf_store *store, wf_database *rows, const wf_fact *fact,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
