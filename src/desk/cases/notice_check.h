// Whether a notice of exposure may give a case away. A notice names a place and a time
// and never a case (R7); but where one case alone is known to have been there, whoever
// was there, too, may know who it is.
#ifndef WF_DESK_CASES_NOTICE_CHECK_H
#define WF_DESK_CASES_NOTICE_CHECK_H

#include "store/store.h"

// notice.published; false for every other kind.
bool wf_notice_is(const wf_kind *kind);

// Says in *ret whether fewer than two cases are known at the notice's place within its
// time, as the rows say now. None known counts as well: why else the notice? This is a
// warning to whoever publishes it and refuses nothing, for people have to be told.
weft_status wf_notice_is_telling(wf_numbers numbers, wf_database *rows,
                                 const wf_fact *notice, bool *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
