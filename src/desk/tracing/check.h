// Whether somebody may be a contact, named or judged.
#ifndef WF_DESK_TRACING_CHECK_H
#define WF_DESK_TRACING_CHECK_H

#include "store/store.h"

// contact.named, contact.identified, contact.confirmed and contact.dismissed; false for
// every other kind.
bool wf_tracing_judges(const wf_kind *kind);

// Refuses (WEFT_BAD_INPUT) what rests on a fact that has not come, or was withdrawn or
// corrected ("contact.reason"), and what wf_tracing_refuses does.
weft_status wf_tracing_check(wf_store *store, wf_database *rows, const wf_fact *fact,
                             weft_error *error) WEFT_MUST_CHECK;

// Refuses (WEFT_BAD_INPUT) a contact of oneself, by whichever id, however they come to be
// named ("contact.oneself"), and who is judged to be one of a case that was found to be
// none ("contact.no_case"), as the rows say now. A case that the rows do not know yet
// refuses nobody: its report may be on its way. WEFT_OK for facts of other kinds. By a
// thread that may read `rows`; a preview asks on rows of its own.
weft_status wf_tracing_refuses(wf_numbers numbers, wf_database *rows, const wf_fact *fact,
                               weft_error *error) WEFT_MUST_CHECK;

// encounter.named; false for every other kind.
bool wf_tracing_may_ask(const wf_kind *kind);

// Whether a meeting is of two ids that were said to be one person. It
// names no case, and which of the two words is wrong nobody knows: it is asked about and
// kept ("encounter.oneself"). Facts of the kind above only. Threads as above.
weft_status wf_tracing_asks(wf_numbers numbers, wf_database *rows, const wf_fact *fact,
                            bool *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
