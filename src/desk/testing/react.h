// The rule "pool": who is in a tube whose newest live result is positive is held where
// they are, until the end that the protocol gives (MISSION S5).
//
// For each tube that a batch has touched:
//   - an order of this rule is lifted when its result is not the newest live one any
//     more, when that is not positive, or when somebody whom it names is not in the tube
//     (decision "rule/pool_lift/<device>", device and seq those of the order that is
//     lifted, `at` that of the newest cause);
//   - members whom no order of this rule for that result names, are named by one: caused
//     by the result; by the amendment that made it the newest, or the sample theirs;
//     or, for a member whose sample comes later, by that sample. Whom a person has
//     released from such an order (order.lifted) stays free.
// An order begins when the result was there and its cause too, and ends
// durations.pool_hold_h of the protocol after the result, whatever its cause. What would
// be over by then is not sent. It rests on the result and the samples of whom it names,
// and on the clause that the law profile gives for pools (reactions.pool_hold).
//
// Its id is "pool/<tube>/<hash of its cause>", so that the orders of a tube are found.
#ifndef WF_DESK_TESTING_REACT_H
#define WF_DESK_TESTING_REACT_H

#include "desk/react.h"

extern const wf_reaction wf_reaction_pool;

#endif
