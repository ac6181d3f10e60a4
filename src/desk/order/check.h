// Whether an order may be issued: the law of the city names its clause, lets the clause
// found this kind of order, and allows so long a time; what it rests on is there; and
// whether one may be lifted.
#ifndef WF_DESK_ORDER_CHECK_H
#define WF_DESK_ORDER_CHECK_H

#include "desk/subject.h"
#include "model/law.h"

// All refuse with WEFT_BAD_INPUT ("order.…", field).

// Judges a checked fact of kind order.issued by the law. The time of an order is counted
// from `from`, or from `at` where that is not said; its end lies after its beginning.
weft_status wf_order_check(const wf_law *law, const wf_fact *fact,
                           weft_error *error) WEFT_MUST_CHECK;

// Of an order that is issued: every fact that it rests on has come and is live. For the
// judge of `store` only.
weft_status wf_order_check_reasons(wf_store *store, const wf_fact *fact,
                                   weft_error *error) WEFT_MUST_CHECK;

// Of an order that is issued: there is none of its id yet, unless the fact stands instead
// of another. Of one that is lifted: it was issued.
weft_status wf_order_check_state(const wf_fact *fact, wf_subject_state state,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
