// Rules that act, a few facts at a time: for who has other things to do meanwhile.
#ifndef WF_ACCESS_CHANGE_REACT_H
#define WF_ACCESS_CHANGE_REACT_H

#include "weft/react.h"

// As weft_react, but each rule looks at `facts_max` facts at most. *ret_upto: up to this
// position all rules have seen the ledger; UINT64_MAX where none acts in this city.
weft_status wf_react_some(weft_city *city, size_t facts_max, uint64_t *ret_upto,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
