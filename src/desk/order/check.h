// Whether an order may be issued: the law of the city names its clause, lets the clause
// found this kind of order, and allows so long a time.
#ifndef WF_DESK_ORDER_CHECK_H
#define WF_DESK_ORDER_CHECK_H

#include "model/fact.h"
#include "model/law.h"

// Judges a checked fact of kind order.issued. Refused: WEFT_BAD_INPUT ("order.…", field).
// The time of an order is counted from `from`, or from `at` where that is not said.
weft_status wf_order_check(const wf_law *law, const wf_fact *fact,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
