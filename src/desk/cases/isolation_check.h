// Whether a case is said to have been isolated before it fell ill. The window in which it
// met its contacts ends with its isolation: with a wrong date it is too short, and
// contacts are missed. Somebody who fell ill in quarantine was isolated before.
#ifndef WF_DESK_CASES_ISOLATION_CHECK_H
#define WF_DESK_CASES_ISOLATION_CHECK_H

#include "base/time.h"
#include "store/store.h"

// case.isolated; false for every other kind.
bool wf_isolation_is(const wf_kind *kind);

// Says in *ret whether the fact lies on a day before that of the case's onset, as the
// rows say now; a warning, nothing is refused for it. By a thread that may read `rows`.
weft_status wf_isolation_asks(wf_database *rows, const wf_zone *zone,
                              const wf_fact *isolated, bool *ret,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
