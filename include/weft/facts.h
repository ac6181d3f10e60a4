// Facts: what somebody saw or decided, once, in the ledger for good.
//
// Files of facts are imported as any others (weft/import.h, WEFT_IMPORT_FACTS): one line
// of JSON a fact. Here are single facts and the making of the records anew; which kinds
// there are: docs/reference/facts.md.
#ifndef WEFT_FACTS_H
#define WEFT_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

// ---- one fact ----

typedef struct {
    const char *device;        // sender; NULL: "cli"
    int64_t seq;               // its number in the sender's book; 0: the next one
    weft_time at;              // when it happened; WEFT_TIME_NONE: the city's now
    const char *grid;          // where; NULL: not said
    const char *amends_device; // the fact that this one stands instead of; NULL: none
    int64_t amends_seq;
} weft_fact_options;

typedef enum { WEFT_FACT_ACCEPTED, WEFT_FACT_HAD } weft_fact_result;

typedef struct {
    weft_fact_result result;
    char device[129];
    int64_t seq;
    // What its sender should look at again, as dates that look wrong; code NULL: nothing.
    weft_error warning;
} weft_fact_reply;

// Sends one fact with the owner's rights. fields: "name=value", lists with commas.
// Durable, and seen by every question, when it returns. An unknown kind or a wrong field
// is WEFT_BAD_INPUT; another fact under the same (device, seq) WEFT_CONFLICT; of a day
// whose facts are forgotten WEFT_FORGOTTEN.
weft_status weft_fact_send(weft_city *city, const char *kind, const char *const *fields,
                           size_t fields_count, const weft_fact_options *options,
                           weft_fact_reply *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- the records ----

// Makes the records anew from the ledger, beside the old ones, then in their place.
// `progress` (may be NULL) gets facts done and in all. *ret_facts: facts in the ledger.
weft_status weft_rebuild(weft_city *city,
                         void (*progress)(void *context, uint64_t done, uint64_t all),
                         void *context, uint64_t *ret_facts,
                         weft_error *error) WEFT_MUST_CHECK;

#endif
