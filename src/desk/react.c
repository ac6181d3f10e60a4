#include "desk/react.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "desk/declare.h"
#include "desk/order/kinds.h"
#include "desk/testing/react.h"

enum {
    batch_facts_max = 2048,
    batch_bytes_max = 1 << 30,
    device_bytes_max = 96 // that is repeated in the name of a reaction
};

static const wf_reaction *const rules[] = {&wf_reaction_pool};

// ---- names ----

static bool begins(wf_text text, const char *with)
{
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.bytes, with, size) == 0;
}

bool wf_react_is_device_of(wf_text device, const char *rule)
{
    char prefix[64];
    int size = snprintf(prefix, sizeof prefix, "rule/%s/", rule);
    WF_ASSERT(size > 0 && (size_t)size < sizeof prefix);
    return begins(device, prefix);
}

void wf_react_hash(wf_text text, size_t bytes, char ret[2 * WF_REACT_HASH_BYTES + 1])
{
    unsigned char hash[WF_REACT_HASH_BYTES];
    WF_ASSERT(bytes <= sizeof hash);
    WF_ASSERT(crypto_generichash(hash, sizeof hash, (const unsigned char *)text.bytes,
                                 text.size, NULL, 0) == 0);
    sodium_bin2hex(ret, 2 * WF_REACT_HASH_BYTES + 1, hash, bytes);
}

wf_text wf_react_device(wf_arena *arena, const char *rule, wf_text device)
{
    char name[WF_DEVICE_BYTES_MAX + 1], hash[2 * WF_REACT_HASH_BYTES + 1];
    bool is_long = device.size > device_bytes_max;
    if (is_long) {
        wf_react_hash(device, WF_REACT_HASH_BYTES, hash);
        device = wf_text_of(hash);
    }
    int size = snprintf(name, sizeof name, "rule/%s/%s%.*s", rule, is_long ? "#" : "",
                        (int)device.size, device.bytes);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    return wf_arena_text(arena, (wf_text){name, (size_t)size});
}

static uint64_t hash_of(const wf_react_batch *batch, wf_identity id)
{
    uint64_t hash = wf_hash(id.device.bytes, id.device.size, batch->seed);
    hash = wf_hash(&id.seq, sizeof id.seq, hash);
    return hash == 0 ? 1 : hash;
}

// Where the hash stands, or would.
static uint64_t *met_place(const wf_react_batch *batch, uint64_t hash)
{
    size_t at = (size_t)hash & (batch->met_places - 1);
    while (batch->met[at] != 0 && batch->met[at] != hash)
        at = (at + 1) & (batch->met_places - 1);
    return &batch->met[at];
}

static weft_status grow_met(wf_react_batch *batch, weft_error *error)
{
    uint64_t *old = batch->met;
    size_t count = batch->met_places;
    size_t places = count == 0 ? 256 : 2 * count;
    uint64_t *larger = calloc(places, sizeof *larger);
    if (larger == NULL)
        return wf_fail_memory(error);
    batch->met = larger;
    batch->met_places = places;
    for (size_t i = 0; i < count; i++)
        if (old[i] != 0)
            *met_place(batch, old[i]) = old[i];
    free(old);
    return WEFT_OK;
}

weft_status wf_react_meet(wf_react_batch *batch, wf_identity id, bool *ret_first,
                          weft_error *error)
{
    if (2 * (batch->met_count + 1) > batch->met_places)
        WF_TRY(grow_met(batch, error));
    uint64_t *place = met_place(batch, hash_of(batch, id));
    *ret_first = *place == 0;
    batch->met_count += *ret_first;
    *place = hash_of(batch, id);
    return WEFT_OK;
}

bool wf_react_is_sent(const wf_react_batch *batch, wf_identity id)
{
    const wf_senders *senders = wf_store_senders(batch->city->store);
    return wf_senders_state(senders, id) == WF_SEQ_HAD ||
           (batch->met_places > 0 && *met_place(batch, hash_of(batch, id)) != 0);
}

weft_status wf_react_send(wf_react_batch *batch, const wf_fact *decision,
                          weft_error *error)
{
    bool first = false;
    weft_error unsound = {0};
    WF_ASSERT(!wf_react_is_sent(batch, decision->id));
    WF_ASSERT(wf_fact_check(decision, &unsound) == WEFT_OK);
    WF_TRY(wf_react_meet(batch, decision->id, &first, error));
    if (!wf_buffer_append(&batch->decisions, &decision, sizeof decision))
        return wf_fail_memory(error);
    return WEFT_OK;
}

// ---- a batch ----

typedef struct {
    const wf_reaction *rule;
    wf_react_batch *batch;
    size_t left; // facts that the batch still takes
} seeing;

static weft_status see(void *context, const wf_entry *entry, weft_error *error)
{
    seeing *job = context;
    const wf_fact *fact = &entry->fact;
    job->batch->report->upto = entry->position;
    job->left--;
    if (!entry->forgotten && fact->kind != NULL && !begins(fact->id.device, "rule/")) {
        job->batch->report->facts++;
        WF_TRY(job->rule->see(job->batch, entry, error));
    }
    // The scan's end is asked for by a status that its caller knows.
    return job->left == 0 ? WEFT_INTERRUPTED : WEFT_OK;
}

static weft_status send_one(wf_react_batch *batch, const wf_fact *decision,
                            weft_error *error)
{
    wf_verdict verdict;
    WF_TRY(wf_store_put(batch->city->store, decision, &verdict, error));
    if (verdict.sent != WF_SENT_ACCEPTED)
        batch->report->refused++;
    else if (decision->kind == &wf_kind_order_lifted)
        batch->report->lifted++;
    else
        batch->report->issued++;
    return WEFT_OK;
}

// All decisions of a batch are one commit.
static weft_status send_all(wf_react_batch *batch, weft_error *error)
{
    wf_store *store = batch->city->store;
    const wf_fact *const *all =
        (const wf_fact *const *)(const void *)batch->decisions.bytes;
    size_t count = batch->decisions.size / sizeof *all;
    if (count == 0)
        return WEFT_OK;
    // Their time is that of their causes, which were judged by the clock.
    wf_store_begin(store, WF_TIME_NONE);
    for (size_t i = 0; i < count; i++) {
        weft_status status = send_one(batch, all[i], error);
        if (status != WEFT_OK) {
            wf_store_rollback(store);
            return status;
        }
    }
    WF_TRY(wf_store_commit(store, error));
    return wf_store_apply(store, 0, error);
}

static weft_status run_batch(const wf_reaction *rule, wf_react_batch *batch,
                             weft_error *error)
{
    size_t most = batch->city->facts_max;
    seeing job = {.rule = rule,
                  .batch = batch,
                  .left = most > 0 && most < batch_facts_max ? most : batch_facts_max};
    weft_status status = wf_ledger_scan(wf_store_ledger(batch->city->store),
                                        batch->report->upto + 1, see, &job, error);
    if (status == WEFT_INTERRUPTED && job.left == 0)
        status = WEFT_OK;
    WF_TRY(status);
    WF_TRY(rule->act(batch, error));
    return send_all(batch, error);
}

static void clear_batch(wf_react_batch *batch)
{
    wf_arena_done(&batch->arena);
    wf_arena_init(&batch->arena, batch_bytes_max);
    wf_buffer_clear(&batch->touched);
    wf_buffer_clear(&batch->decisions);
    free(batch->met);
    batch->met = NULL;
    batch->met_count = batch->met_places = 0;
}

// ---- where a rule stopped ----

typedef struct {
    char text[64];
} mark_name;

static mark_name mark_of(const wf_reaction *rule)
{
    mark_name name;
    int size =
        snprintf(name.text, sizeof name.text, WF_RECORDS_KEPT "react/%s", rule->name);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name.text);
    return name;
}

// 0 when it is lost, or of a ledger that was longer.
static weft_status read_position(const wf_reaction *rule, wf_store *store, uint64_t *ret,
                                 weft_error *error)
{
    wf_buffer bytes = {0};
    int64_t position = 0;
    mark_name name = mark_of(rule);
    WF_TRY(wf_records_marked(wf_store_records(store), name.text, &bytes, error));
    uint64_t end = wf_ledger_now(wf_store_ledger(store)).positions;
    if (!wf_parse_i64(wf_buffer_text(&bytes), 0, INT64_MAX, &position) ||
        (uint64_t)position > end)
        position = 0;
    wf_buffer_done(&bytes);
    *ret = (uint64_t)position;
    return WEFT_OK;
}

static weft_status write_position(const wf_reaction *rule, wf_store *store,
                                  uint64_t position, weft_error *error)
{
    char text[WF_NUMBER_TEXT_MAX];
    mark_name name = mark_of(rule);
    return wf_records_mark(wf_store_records(store), name.text,
                           wf_text_of(wf_number_text(text, (int64_t)position)), error);
}

// ---- running ----

static weft_status run_rule(const wf_reaction *rule, wf_react_batch *batch,
                            weft_error *error)
{
    wf_store *store = batch->city->store;
    WF_TRY(read_position(rule, store, &batch->report->upto, error));
    bool goes_on = true;
    while (goes_on &&
           batch->report->upto < wf_ledger_now(wf_store_ledger(store)).positions) {
        weft_status status = run_batch(rule, batch, error);
        clear_batch(batch);
        WF_TRY(status);
        WF_TRY(write_position(rule, store, batch->report->upto, error));
        goes_on = batch->city->facts_max == 0;
    }
    return WEFT_OK;
}

static weft_status run_one(const wf_react_city *city, const wf_reaction *rule,
                           wf_react_report *report, weft_error *error)
{
    wf_react_batch batch = {.city = city, .report = report, .seed = wf_hash_seed()};
    weft_status lacks = rule->lacks(city, &report->missing);
    if (lacks != WEFT_OK)
        return WEFT_OK; // the report says it
    WF_TRY(wf_store_reader(city->store, &batch.rows, error));
    wf_arena_init(&batch.arena, batch_bytes_max);
    weft_status status = run_rule(rule, &batch, error);
    clear_batch(&batch);
    wf_arena_done(&batch.arena);
    wf_buffer_done(&batch.touched);
    wf_buffer_done(&batch.decisions);
    for (size_t i = 0; i < WF_REACT_ASKED_MAX; i++)
        wf_statement_free(batch.asked[i]);
    wf_database_close(batch.rows);
    return status;
}

weft_status wf_react(const wf_react_city *city,
                     void (*each)(void *context, const wf_react_report *report),
                     void *context, weft_error *error)
{
    WF_TRY(wf_store_apply(city->store, 0, error));
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        wf_react_report report = {.rule = rules[i]->name};
        WF_TRY(run_one(city, rules[i], &report, error));
        each(context, &report);
    }
    return WEFT_OK;
}
