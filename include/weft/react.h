// Reactions: what the city does by itself when a fact calls for it. A positive pool holds
// its members; a corrected result lifts the hold (docs/operating/reactions.md).
#ifndef WEFT_REACT_H
#define WEFT_REACT_H

#include <stdint.h>

#include "weft/city.h"

// What a rule has done.
typedef struct {
    const char *rule;        // "pool"
    const weft_error *lacks; // what the city lacks for it, which then did nothing; NULL:
                             // it ran
    uint64_t facts;          // that it looked at
    uint64_t issued, lifted; // orders
    uint64_t refused;        // decisions that the law or what stands did not allow
    uint64_t upto;           // position in the ledger up to which it has run
} weft_reaction;

// Runs what is due, rule by rule; `each` (may be NULL) hears of each. Everything that was
// sent is durable when it returns; calling it again does nothing twice. What was sent
// before a failure stands.
weft_status weft_react(weft_city *city,
                       void (*each)(void *context, const weft_reaction *reaction),
                       void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
