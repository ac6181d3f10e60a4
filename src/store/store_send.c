// Sending: what is had, what conflicts, what is refused, what is new; then one commit.
#include <stdlib.h>
#include <string.h>

#include "store/facts.h"
#include "store/store_inside.h"

enum {
    future_max_s = 600,
    send_texts_bytes_max = 64 << 20,
    send_pairs_bytes_max = 64 << 20,
    send_names_bytes_max = 1 << 30
};

typedef wf_store_sending sending;

// What tells two facts of one identity apart. Hashes are keyed, and 64 bits wide: two of
// one hash are taken for one.
typedef struct {
    uint16_t kind_number;
    weft_time at;
    uint64_t grid, amends; // hashes
    uint64_t digest;       // of the body, under the key of its class and day
} fact_print;

// A fact of this send, which the ledger does not give yet.
typedef struct {
    uint64_t hash; // of its identity
    fact_print print;
} pending;

static weft_status digest_of(sending *job, const wf_fact *fact, uint64_t *ret,
                             weft_error *error)
{
    wf_buffer body = {0};
    weft_status status = wf_fact_encode(fact, &body, error);
    if (status == WEFT_OK)
        status =
            wf_ledger_digest(job->store->ledger, fact->kind->keep, wf_fact_kept_at(fact),
                             wf_buffer_text(&body), ret, error);
    wf_buffer_wipe(&body);
    return status;
}

// ---- the same identity again ----

static fact_print envelope_of(const sending *job, const wf_fact *fact,
                              uint16_t kind_number)
{
    const wf_index *index = job->store->index;
    return (fact_print){.kind_number = kind_number,
                        .at = fact->at,
                        .grid = wf_index_hash(index, fact->grid),
                        .amends = wf_claims_identity(index, fact->amends)};
}

typedef struct {
    bool found, forgotten;
    fact_print print;
} had_before;

static weft_status find_stored(sending *job, const wf_fact *fact, had_before *ret,
                               weft_error *error)
{
    wf_entry entry;
    bool found = false;
    WF_TRY(wf_store_fact(job->store, fact->id, &job->arena, &found, &entry, error));
    if (!found)
        return WEFT_OK;
    *ret = (had_before){.found = true,
                        .forgotten = entry.forgotten,
                        .print = envelope_of(job, &entry.fact, entry.kind_number)};
    ret->print.digest = entry.digest;
    return WEFT_OK;
}

// ---- the facts of this send ----

static const pending *pending_all(const sending *job)
{
    return (const pending *)(const void *)job->digests.bytes;
}

// Where the hash is found, or would be: one slot in four is free.
static uint32_t *slot_of(const sending *job, uint64_t hash)
{
    size_t at = (size_t)hash & (job->slots_count - 1);
    while (job->slots[at] != 0 && pending_all(job)[job->slots[at] - 1].hash != hash)
        at = (at + 1) & (job->slots_count - 1);
    return &job->slots[at];
}

static const fact_print *find_pending(const sending *job, const wf_fact *fact)
{
    if (job->slots_count == 0)
        return NULL;
    uint32_t place = *slot_of(job, wf_claims_identity(job->store->index, fact->id));
    return place != 0 ? &pending_all(job)[place - 1].print : NULL;
}

static weft_status grow_slots(sending *job, weft_error *error)
{
    size_t count = job->slots_count == 0 ? 64 : 2 * job->slots_count;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return wf_fail_memory(error);
    free(job->slots);
    job->slots = slots;
    job->slots_count = count;
    for (size_t i = 0; i < job->digests.size / sizeof(pending); i++)
        *slot_of(job, pending_all(job)[i].hash) = (uint32_t)(i + 1);
    return WEFT_OK;
}

static weft_status add_pending(sending *job, const pending *note, weft_error *error)
{
    size_t count = job->digests.size / sizeof *note;
    if (count >= job->slots_count / 4 * 3)
        WF_TRY(grow_slots(job, error));
    if (count >= UINT32_MAX || !wf_buffer_append(&job->digests, note, sizeof *note))
        return wf_fail_memory(error);
    *slot_of(job, note->hash) = (uint32_t)(count + 1);
    return WEFT_OK;
}

// ---- repeats ----

// Envelopes first: only bodies of one class and day have digests of one key.
static weft_status compare(sending *job, const wf_fact *fact, const fact_print *before,
                           bool *ret_same, weft_error *error)
{
    fact_print print = envelope_of(job, fact, fact->kind->number);
    *ret_same = false;
    bool same_grid = fact->grid_assumed || print.grid == before->grid;
    if (print.kind_number != before->kind_number || print.at.us != before->at.us ||
        !same_grid || print.amends != before->amends)
        return WEFT_OK;
    // That one is not forgotten: a body of a day that is has another.
    weft_error forgotten = {0};
    if (wf_ledger_takes(job->store->ledger, fact->kind->keep, wf_fact_kept_at(fact),
                        &forgotten) != WEFT_OK)
        return WEFT_OK;
    WF_TRY(digest_of(job, fact, &print.digest, error));
    *ret_same = print.digest == before->digest;
    return WEFT_OK;
}

static weft_status judge_repeat(sending *job, const wf_fact *fact, bool *ret_same,
                                weft_error *error)
{
    had_before stored = {0};
    const fact_print *pending_print = find_pending(job, fact);
    if (pending_print != NULL)
        return compare(job, fact, pending_print, ret_same, error);
    WF_TRY(find_stored(job, fact, &stored, error));
    WF_ASSERT(stored.found);
    *ret_same = true;
    return stored.forgotten ? WEFT_OK
                            : compare(job, fact, &stored.print, ret_same, error);
}

// ---- what is new ----

// The sender's book has taken the identity already.
static weft_status add_new(sending *job, const wf_fact *fact, weft_error *error)
{
    wf_store *store = job->store;
    wf_entry entry = {.fact = *fact};
    pending note = {.hash = wf_claims_identity(store->index, fact->id),
                    .print = envelope_of(job, fact, fact->kind->number)};
    WF_TRY(digest_of(job, fact, &note.print.digest, error));
    WF_TRY(wf_ledger_add(store->ledger, fact, &entry.position, error));
    WF_TRY(wf_store_put_body(store, fact, error));
    WF_TRY(add_pending(job, &note, error));
    return wf_claims_pairs(store->plans, store->index, &entry, &job->arena, &job->pairs,
                           error);
}

// A sender that repeats what was refused adds nothing: the row of the refusal is there.
static weft_status is_known(sending *job, const wf_fact *fact, bool *ret,
                            weft_error *error)
{
    wf_store *store = job->store;
    wf_entry entry = {.fact = *fact};
    wf_buffer claims = {0}, positions = {0};
    weft_status status =
        wf_claims_of(store->plans, store->index, &entry, &job->arena, &claims, error);
    WF_ASSERT(status != WEFT_OK || claims.size == sizeof(wf_claim));
    uint64_t hash =
        status == WEFT_OK ? ((const wf_claim *)(const void *)claims.bytes)->hash : 0;
    if (status == WEFT_OK)
        status = wf_index_find(store->index, hash, &positions, error);
    bool known = positions.size > 0 || wf_hash_set_has(&job->refused, hash);
    if (status == WEFT_OK && !known && !wf_hash_set_add(&job->refused, hash))
        status = wf_fail_memory(error);
    wf_buffer_done(&claims);
    wf_buffer_done(&positions);
    *ret = known;
    return status;
}

static void set_field(wf_fact *fact, const char *name, wf_value value)
{
    size_t field = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(field != SIZE_MAX);
    value.given = true;
    fact->values[field] = value;
}

// Refusals are facts of our own book, so that a rebuild knows them.
static weft_status add_refusal(sending *job, const wf_refusal *refusal, weft_error *error)
{
    wf_store *store = job->store;
    wf_text device = WF_TEXT("weft/refused");
    wf_fact fact = {.id = {device, wf_senders_next(store->senders, device)},
                    .kind = store->refusal,
                    .at = refusal->at};
    bool known = false;
    weft_error forgotten = {0};
    // Where no clock says when it came, it came when the line says. A refusal of a
    // forgotten day is not kept: the gap stays, which is true as well.
    if (wf_ledger_takes(store->ledger, fact.kind->keep, fact.at, &forgotten) != WEFT_OK)
        return WEFT_OK;
    set_field(&fact, "device", (wf_value){.text = refusal->id.device});
    set_field(&fact, "seq", (wf_value){.number = refusal->id.seq});
    set_field(&fact, "code", (wf_value){.text = refusal->code});
    WF_TRY(is_known(job, &fact, &known, error));
    if (known)
        return WEFT_OK;
    WF_TRY(wf_senders_note(store->senders, fact.id, WF_SEQ_HAD, error));
    WF_TRY(add_new(job, &fact, error));
    if (wf_senders_state(store->senders, refusal->id) != WF_SEQ_NEW)
        return WEFT_OK;
    // A book that is too scattered takes no more: its gap stays, which is true as well.
    weft_status noted =
        wf_senders_note(store->senders, refusal->id, WF_SEQ_REFUSED, error);
    return noted == WEFT_TOO_LARGE ? WEFT_OK : noted;
}

static weft_status refuse(sending *job, const wf_fact *fact, wf_verdict *verdict,
                          weft_error *error)
{
    weft_time at = weft_time_is_none(job->now) ? fact->at : job->now;
    wf_refusal refusal = {fact->id, wf_text_of(verdict->why.code), at};
    return add_refusal(job, &refusal, error);
}

// Memory of a large send stays bounded: its pairs go to the index ahead of the commit.
// They name positions that do not exist yet, which is harmless, and after a rollback the
// index is made again.
static weft_status give_pairs(sending *job, weft_error *error)
{
    weft_status status = wf_index_add(
        job->store->index, (const wf_index_pair *)(const void *)job->pairs.bytes,
        job->pairs.size / sizeof(wf_index_pair), error);
    wf_buffer_clear(&job->pairs);
    return status;
}

static weft_status keep_bounded(sending *job, weft_error *error)
{
    if (job->arena.used_bytes > send_texts_bytes_max / 2) {
        wf_arena_done(&job->arena);
        wf_arena_init(&job->arena, send_texts_bytes_max);
    }
    if (job->pairs.size <= send_pairs_bytes_max)
        return WEFT_OK;
    job->gave_pairs = true;
    return give_pairs(job, error);
}

weft_status wf_store_add(wf_store *store, const wf_fact *fact, weft_error *error)
{
    sending *job = &store->sending;
    weft_status status = wf_store_check_runs(store, error);
    if (status == WEFT_OK)
        status = wf_senders_note(store->senders, fact->id, WF_SEQ_HAD, error);
    if (status == WEFT_OK)
        status = add_new(job, fact, error);
    if (status == WEFT_OK)
        status = keep_bounded(job, error);
    job->failed = job->failed || status != WEFT_OK;
    return status;
}

// ---- one fact ----

bool wf_store_is_future(weft_time now, const wf_fact *fact)
{
    return !weft_time_is_none(now) && fact->at.us > now.us + future_max_s * WF_US_PER_S;
}

// Both books take the day, or neither does.
static weft_status takes(const sending *job, const wf_fact *fact, weft_status *ret,
                         weft_error *why, weft_error *error)
{
    *ret =
        wf_ledger_takes(job->store->ledger, fact->kind->keep, wf_fact_kept_at(fact), why);
    return *ret == WEFT_OK ? wf_store_takes_body(job->store, fact, ret, why, error)
                           : WEFT_OK;
}

// A sender whose numbers are too scattered to be kept is refused, not the send.
static weft_status add_accepted(sending *job, const wf_fact *fact, wf_verdict *verdict,
                                weft_error *error)
{
    weft_status noted = wf_senders_note(job->store->senders, fact->id, WF_SEQ_HAD, error);
    if (noted == WEFT_TOO_LARGE) {
        verdict->sent = WF_SENT_REFUSED;
        verdict->why = *error;
        wf_error_clear(error);
        return WEFT_OK;
    }
    WF_TRY(noted);
    WF_TRY(add_new(job, fact, error));
    return wf_store_judge_added(job->store, fact, error);
}

static weft_status judge_fact(sending *job, const wf_fact *fact, wf_verdict *verdict,
                              weft_error *error)
{
    wf_store *store = job->store;
    wf_seq_state state = wf_senders_state(store->senders, fact->id);
    if (state == WF_SEQ_HAD) {
        bool is_same = false;
        WF_TRY(judge_repeat(job, fact, &is_same, error));
        verdict->sent = is_same ? WF_SENT_HAD : WF_SENT_CONFLICT;
        if (is_same)
            return WEFT_OK;
        WF_IGNORE(wf_fail(&verdict->why, WEFT_CONFLICT, "fact.conflict", NULL),
                  "the verdict says it");
        return refuse(job, fact, verdict, error);
    }
    weft_status taken = WEFT_OK;
    if (wf_store_is_future(job->now, fact))
        taken = wf_fail(&verdict->why, WEFT_BAD_INPUT, "fact.future", NULL);
    else
        WF_TRY(takes(job, fact, &taken, &verdict->why, error));
    if (taken == WEFT_OK)
        WF_TRY(wf_store_judge(store, fact, &taken, &verdict->why, error));
    verdict->sent = taken == WEFT_OK ? WF_SENT_ACCEPTED : WF_SENT_REFUSED;
    if (taken != WEFT_OK)
        return refuse(job, fact, verdict, error);
    return add_accepted(job, fact, verdict, error);
}

// ---- the send ----

void wf_store_begin(wf_store *store, weft_time now)
{
    sending *job = &store->sending;
    WF_ASSERT(!job->under_way);
    *job = (sending){.store = store, .now = now, .under_way = true};
    wf_arena_init(&job->arena, send_texts_bytes_max);
    wf_arena_init(&job->names, send_names_bytes_max);
    wf_senders_mark(store->senders);
}

weft_status wf_store_put(wf_store *store, const wf_fact *fact, wf_verdict *verdict,
                         weft_error *error)
{
    sending *job = &store->sending;
    WF_ASSERT(job->under_way);
    *verdict = (wf_verdict){0};
    weft_status status = wf_store_check_runs(store, error);
    if (status == WEFT_OK)
        status = judge_fact(job, fact, verdict, error);
    if (status == WEFT_OK)
        status = keep_bounded(job, error);
    job->failed = job->failed || status != WEFT_OK;
    return status;
}

static void end(sending *job)
{
    wf_store_judge_ended(job->store);
    job->under_way = false;
    wf_buffer_done(&job->pairs);
    wf_buffer_done(&job->digests);
    free(job->slots);
    job->slots = NULL;
    job->slots_count = 0;
    wf_hash_set_done(&job->refused);
    wf_arena_done(&job->arena);
}

void wf_store_rollback(wf_store *store)
{
    sending *job = &store->sending;
    const wf_bodies *bodies = store->options.bodies;
    weft_error unused = {0};
    if (!job->under_way)
        return;
    wf_ledger_abandon(store->ledger);
    if (bodies != NULL)
        bodies->rollback(bodies->context, wf_ledger_is_stopped(store->ledger));
    wf_senders_back(store->senders);
    // The index names positions that others will get.
    if (job->gave_pairs)
        WF_IGNORE(wf_store_index_anew(store, &unused), "it stops the store");
    end(job);
}

// An index that has no room refuses the send while nothing has happened yet.
static weft_status reserve_pairs(sending *job, weft_error *error)
{
    const wf_index_pair *pairs = (const wf_index_pair *)(const void *)job->pairs.bytes;
    size_t count = job->pairs.size / sizeof *pairs;
    if (count == 0)
        return WEFT_OK;
    // The first failure may be that of an earlier writing, said late.
    wf_index *index = job->store->index;
    if (wf_index_reserve(index, count, pairs[0].position, error) == WEFT_OK)
        return WEFT_OK;
    wf_error_clear(error);
    return wf_index_reserve(index, count, pairs[0].position, error);
}

// A commit that came at no known time came no earlier than the one before it.
static weft_time received_at(const sending *job)
{
    return weft_time_is_none(job->now) ? wf_ledger_now(job->store->ledger).received
                                       : job->now;
}

weft_status wf_store_commit_write(wf_store *store, weft_error *error)
{
    sending *job = &store->sending;
    WF_ASSERT(job->under_way && !job->failed);
    const wf_bodies *bodies = store->options.bodies;
    weft_status status = reserve_pairs(job, error);
    // A fact is never without its body.
    if (status == WEFT_OK && bodies != NULL)
        status = bodies->commit(bodies->context, error);
    if (status == WEFT_OK && job->ready != NULL)
        status =
            wf_ledger_ready_write(store->ledger, job->ready, received_at(job), error);
    else if (status == WEFT_OK)
        status = wf_ledger_commit_write(store->ledger, received_at(job), error);
    if (status != WEFT_OK)
        wf_store_rollback(store);
    return status;
}

weft_status wf_store_commit_sync(const wf_store *store, weft_error *error)
{
    return wf_ledger_commit_sync(store->ledger, error);
}

void wf_store_commit_end(wf_store *store, bool synced)
{
    sending *job = &store->sending;
    weft_error unused = {0};
    wf_ledger_commit_end(store->ledger, synced);
    if (!synced) {
        wf_store_rollback(store);
        return;
    }
    if (store->options.bodies != NULL)
        store->options.bodies->committed(store->options.bodies->context);
    WF_ASSERT(give_pairs(job, &unused) == WEFT_OK); // there is room
    end(job);
}

weft_status wf_store_commit(wf_store *store, weft_error *error)
{
    WF_TRY(wf_store_commit_write(store, error));
    weft_status status = wf_store_commit_sync(store, error);
    wf_store_commit_end(store, status == WEFT_OK);
    return status;
}

weft_status wf_store_send(wf_store *store, const wf_fact *facts, size_t count,
                          weft_time now, wf_verdict *verdicts, weft_error *error)
{
    wf_store_begin(store, now);
    for (size_t i = 0; i < count; i++) {
        weft_status status = wf_store_put(store, &facts[i], &verdicts[i], error);
        if (status != WEFT_OK) {
            wf_store_rollback(store);
            return status;
        }
    }
    return wf_store_commit(store, error);
}

weft_status wf_store_refuse(wf_store *store, wf_identity id, const char *code,
                            weft_time at, weft_error *error)
{
    sending *job = &store->sending;
    wf_refusal refusal = {id, wf_text_of(code), {weft_time_is_none(at) ? 0 : at.us}};
    WF_ASSERT(job->under_way);
    weft_status status = wf_store_check_runs(store, error);
    if (status == WEFT_OK)
        status = add_refusal(job, &refusal, error);
    if (status == WEFT_OK)
        status = keep_bounded(job, error);
    job->failed = job->failed || status != WEFT_OK;
    return status;
}
