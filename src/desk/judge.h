// The judge of decisions (DESIGN §3): each is judged once, by the law of the city and by
// what stands, in the transaction that stores it; never who sent it, which is a matter of
// access. What each kind is judged by: order/check.h, register/check.h,
// tracing/check.h.
//
// Threads: one at a time.
#ifndef WF_DESK_JUDGE_H
#define WF_DESK_JUDGE_H

#include "model/law.h"
#include "store/store.h"

typedef struct wf_desk_judge wf_desk_judge;

// `law` is borrowed while the judge is there.
weft_status wf_desk_judge_new(const wf_law *law, wf_desk_judge **ret,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_desk_judge_free(wf_desk_judge *judge); // NULL does nothing
// What a store takes; lives as long as the judge.
const wf_judge *wf_desk_judge_hook(const wf_desk_judge *judge);

#endif
