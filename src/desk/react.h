// Reactions (DESIGN §3): rules that read what was committed and send ordinary decisions.
//
// A rule reads facts in the order of the ledger, from where it stopped the last time; a
// fact that touches what the rule is about is a *cause*. Whatever the facts of a batch
// call for is computed from how things stand now, and sent as decisions whose sender is
// "rule/NAME/<device of the cause>", with seq and `at` of the cause: sent twice it
// changes nothing, and a name that is there is not sent again, because things may have
// changed since. Decisions of rules are judged as any others, are causes of nothing, and
// are no part of the digest.
//
// The place where a rule stopped is stored beside the rows and is carried over when they
// are made anew, which runs no rule. Where it is lost the rule reads all facts again, and
// does nothing twice.
//
// Threads: as the store; in the process that serves the city, after a commit.
#ifndef WF_DESK_REACT_H
#define WF_DESK_REACT_H

#include "base/arena.h"
#include "model/law.h"
#include "model/protocol.h"
#include "store/store.h"

typedef struct {
    wf_store *store;
    const wf_law *law;
    const wf_protocol *protocol;
    // How many facts it looks at, all of them in one batch; 0: all there are, in as many
    // batches as that takes.
    size_t facts_max;
} wf_react_city;

// What a rule has done.
typedef struct {
    const char *rule;   // "pool"
    weft_error missing; // what the city lacks for it; then it did nothing. No code: all
                        // is there
    uint64_t facts;     // that it looked at
    uint64_t issued, lifted; // orders
    uint64_t refused;        // decisions, by the judge
    uint64_t upto;           // position in the ledger where it stopped
} wf_react_report;

// Runs every rule until it has read all of the ledger; `each` hears what it did. Batches
// are whole: after a failure what was sent stands, and the next call goes on.
weft_status wf_react(const wf_react_city *city,
                     void (*each)(void *context, const wf_react_report *report),
                     void *context, weft_error *error) WEFT_MUST_CHECK;

// ---- for rules ----

#define WF_REACT_ASKED_MAX 4

// A batch of facts under way.
typedef struct {
    const wf_react_city *city;
    wf_database *rows; // hold all facts of the batch, and all that came after them
    wf_arena arena;    // until the batch is sent
    wf_buffer touched; // the rule's own notes; emptied with the batch
    wf_react_report *report;
    wf_buffer decisions; // of const wf_fact *
    // Hashes of the identities that the batch has met; 0: free. Half of them are.
    uint64_t *met;
    size_t met_count, met_places;
    uint64_t seed;
    // Of the rule, kept for its next batches: NULL until it makes them.
    wf_statement *asked[WF_REACT_ASKED_MAX];
} wf_react_batch;

typedef struct {
    const char *name;
    // WEFT_NOT_FOUND when the city lacks what the rule needs.
    weft_status (*lacks)(const wf_react_city *city, weft_error *error);
    // A fact that no rule sent and that is not forgotten; borrowed during the call.
    weft_status (*see)(wf_react_batch *batch, const wf_entry *entry, weft_error *error);
    // All facts of the batch were seen: sends what they call for.
    weft_status (*act)(wf_react_batch *batch, weft_error *error);
} wf_reaction;

// True when a decision of this name was sent, or is among those of this batch.
bool wf_react_is_sent(const wf_react_batch *batch, wf_identity id);
// Whether this fact is met for the first time in this batch: notes it.
weft_status wf_react_meet(wf_react_batch *batch, wf_identity id, bool *ret_first,
                          weft_error *error) WEFT_MUST_CHECK;
// Sends a decision at the end of the batch; it lives in the batch's arena, as all its
// texts do.
weft_status wf_react_send(wf_react_batch *batch, const wf_fact *decision,
                          weft_error *error) WEFT_MUST_CHECK;

// "rule/NAME/<device>", in the arena; bytes NULL: no memory. A device that is too long to
// be repeated is named by "#" and its BLAKE2b hash, 32 hex digits.
wf_text wf_react_device(wf_arena *arena, const char *rule, wf_text device);
bool wf_react_is_device_of(wf_text device, const char *rule);
// The hash of a text that can be part of an id: `bytes` of BLAKE2b as hex digits, and
// NUL.
#define WF_REACT_HASH_BYTES 16
void wf_react_hash(wf_text text, size_t bytes, char ret[2 * WF_REACT_HASH_BYTES + 1]);

#endif
