// A tube as the rule "pool" sees it: its results, who is in it, and the orders that the
// rule has issued for it; read from the ledger. Only for the files of this rule.
//
// Threads: one at a time.
#ifndef WF_DESK_TESTING_POOL_H
#define WF_DESK_TESTING_POOL_H

#include "desk/react.h"

#define WF_POOL_RULE "pool"
#define WF_POOL_LIFT_RULE "pool_lift"

typedef struct {
    wf_identity id;
    weft_time at;
    uint64_t position; // in the ledger
    bool is_live, is_positive;
    wf_text grid;
} wf_pool_result;

// A live sample.
typedef struct {
    wf_text person;
    wf_identity id;
    weft_time at;
    uint64_t position; // in the ledger
    wf_text grid;
    bool is_settled; // the person is held already, or was released by somebody
} wf_pool_sample;

// An order of the rule.
typedef struct {
    wf_text id;
    wf_identity issued_by; // "rule/pool/…"
    weft_time at;
    const wf_text *persons; // rising
    size_t persons_count;
    bool is_for_newest; // it rests on the newest result
    bool is_lifted_by_rule, is_lifted_by_person;
} wf_pool_order;

typedef struct {
    wf_text tube;
    wf_text grid;                  // where its samples were collected; size 0: not known
    const wf_pool_result *results; // dead ones too
    size_t results_count;
    const wf_pool_result *newest; // live result; NULL: there is none
    wf_pool_sample *samples;      // by person, then as they came
    size_t samples_count;
    wf_pool_order *orders; // by id
    size_t orders_count;
} wf_pool;

// Reads the tube into the batch's arena. *ret_matters false: its newest result is not
// positive, and the rule has no order for it; then nothing was read.
weft_status wf_pool_read(wf_react_batch *batch, wf_text tube, bool *ret_matters,
                         wf_pool *ret, weft_error *error) WEFT_MUST_CHECK;

// The place of a person's first live sample; SIZE_MAX: they are not in the tube.
size_t wf_pool_samples_of(const wf_pool *pool, wf_text person);

// "pool/<tube>/", in the arena; bytes NULL: no memory. A tube whose id is too long to be
// repeated is named by "#" and its hash.
wf_text wf_pool_order_prefix(wf_arena *arena, wf_text tube);

#endif
