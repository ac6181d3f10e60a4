#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/facts.h"
#include "store/store_inside.h"

// ---- what the ledger says beyond the checkpoints ----

typedef struct {
    wf_store *store;
    wf_buffer pairs;
    wf_arena arena;
} indexing;

enum { pairs_bytes_max = 16 << 20, pairs_arena_bytes_max = 64 << 20 };

static weft_status flush_pairs(indexing *job, weft_error *error)
{
    weft_status status = wf_index_add(
        job->store->index, (const wf_index_pair *)(const void *)job->pairs.bytes,
        job->pairs.size / sizeof(wf_index_pair), error);
    wf_buffer_clear(&job->pairs);
    wf_arena_done(&job->arena);
    wf_arena_init(&job->arena, pairs_arena_bytes_max);
    return status;
}

static weft_status index_entry(void *context, const wf_entry *entry, weft_error *error)
{
    indexing *job = context;
    wf_entry copy = *entry; // only its texts are asked
    WF_TRY(wf_store_read_body(job->store, &job->arena, &copy, error));
    WF_TRY(wf_claims_pairs(job->store->plans, job->store->index, &copy, &job->arena,
                           &job->pairs, error));
    return job->pairs.size < pairs_bytes_max ? WEFT_OK : flush_pairs(job, error);
}

weft_status wf_store_index_ledger(wf_store *store, uint64_t upto, weft_error *error)
{
    indexing job = {.store = store};
    wf_arena_init(&job.arena, pairs_arena_bytes_max);
    weft_status status =
        wf_ledger_scan(store->ledger, upto + 1, index_entry, &job, error);
    if (status == WEFT_OK)
        status = flush_pairs(&job, error);
    wf_buffer_done(&job.pairs);
    wf_arena_done(&job.arena);
    return status;
}

weft_status wf_store_index_anew(wf_store *store, weft_error *error)
{
    weft_status status = wf_index_clear(store->index, error);
    if (status == WEFT_OK)
        status = wf_store_index_ledger(store, 0, error);
    store->stopped = status != WEFT_OK;
    return status;
}

weft_status wf_store_check_runs(const wf_store *store, weft_error *error)
{
    return store->stopped ? wf_fail(error, WEFT_STORAGE, "ledger.stopped", NULL)
                          : WEFT_OK;
}

static weft_status note_sender(void *context, const wf_entry *entry, weft_error *error)
{
    wf_store *store = context;
    const wf_fact *fact = &entry->fact;
    if (fact->kind == store->refusal && !entry->forgotten) {
        size_t device = wf_kind_field(fact->kind, WF_TEXT("device"));
        size_t seq = wf_kind_field(fact->kind, WF_TEXT("seq"));
        wf_identity refused = {fact->values[device].text, fact->values[seq].number};
        if (wf_senders_state(store->senders, refused) == WF_SEQ_NEW)
            WF_TRY(wf_senders_note(store->senders, refused, WF_SEQ_REFUSED, error));
    }
    return wf_senders_note(store->senders, fact->id, WF_SEQ_HAD, error);
}

static weft_status open_senders(wf_store *store, weft_error *error)
{
    wf_buffer bytes = {0};
    uint64_t upto = 0;
    weft_error damage = {0};
    weft_status status = wf_records_senders(store->records, &upto, &bytes, error);
    // A checkpoint that cannot be read costs a longer way through the ledger.
    if (status == WEFT_OK && upto > 0 &&
        wf_senders_load(wf_buffer_text(&bytes), &store->senders, &damage) != WEFT_OK)
        upto = 0;
    if (status == WEFT_OK && store->senders == NULL)
        status = wf_senders_new(&store->senders, error);
    wf_buffer_done(&bytes);
    WF_TRY(status);
    store->senders_upto = upto;
    return wf_ledger_scan(store->ledger, upto + 1, note_sender, store, error);
}

weft_status wf_store_senders_anew(wf_store *store, weft_error *error)
{
    wf_senders *before = store->senders;
    store->senders = NULL;
    weft_status status = wf_senders_new(&store->senders, error);
    if (status == WEFT_OK)
        status = wf_ledger_scan(store->ledger, 1, note_sender, store, error);
    if (status == WEFT_OK) {
        wf_senders_free(before);
        store->senders_upto = 0;
        return WEFT_OK;
    }
    wf_senders_free(store->senders);
    store->senders = before;
    return status;
}

// ---- opening ----

static weft_status open_index(wf_store *store, uint64_t *ret_upto, weft_error *error)
{
    const wf_store_options *options = &store->options;
    uint64_t positions = wf_ledger_now(store->ledger).positions;
    WF_TRY(wf_index_open(options->io, options->city_dir, options->keys, &store->index,
                         ret_upto, error));
    if (*ret_upto <= positions)
        return WEFT_OK;
    *ret_upto = 0; // of another ledger
    return wf_index_clear(store->index, error);
}

// Its own first, for others may read what they keep.
static weft_status follow(wf_store *store, weft_error *error)
{
    size_t own = 0, count = store->options.followers_count;
    store->followers = calloc(count + 3, sizeof *store->followers);
    if (store->followers == NULL)
        return wf_fail_memory(error);
    store->followers[own++] = wf_store_gaps_follower(store);
    if (store->options.bodies != NULL)
        store->followers[own++] = wf_store_life_follower(store);
    if (wf_kinds_table(store->options.kinds, WF_TEXT("place")) != NULL) {
        WF_TRY(wf_places_new(&store->places, error));
        store->followers[own++] = wf_places_follower(store->places);
    }
    for (size_t i = 0; i < count; i++)
        store->followers[own + i] = store->options.followers[i];
    store->options.followers = store->followers;
    store->options.followers_count = own + count;
    return WEFT_OK;
}

static weft_status open_parts(wf_store *store, weft_error *error)
{
    const wf_store_options *options = &store->options;
    wf_ledger_options ledger = {.io = options->io,
                                .city_dir = options->city_dir,
                                .keys = options->keys,
                                .kinds = options->kinds,
                                .zone = options->zone,
                                .bodies_elsewhere = options->bodies != NULL};
    uint64_t index_upto = 0;
    char contradiction[WF_SOUND_TEXT_MAX];
    WF_ASSERT(wf_kinds_sound(options->kinds, contradiction));
    store->refusal = wf_kinds_find(options->kinds, WF_TEXT("line.refused"));
    WF_ASSERT(store->refusal != NULL);
    WF_TRY(wf_plans_new(options->kinds, options->zone, &store->plans, error));
    WF_TRY(wf_ledger_open(&ledger, &store->ledger, error));
    WF_TRY(open_index(store, &index_upto, error));
    WF_TRY(wf_store_index_ledger(store, index_upto, error));
    store->index_is_new = index_upto == 0;
    WF_TRY(follow(store, error));
    // What follows the rows may ask for the senders, whose checkpoint stands beside them.
    WF_TRY(wf_store_open_rows(store, error));
    store->index_is_new = false;
    WF_TRY(open_senders(store, error));
    WF_TRY(wf_store_settle_bodies(store, error));
    return wf_store_tell_opened(store, error);
}

weft_status wf_store_open(const wf_store_options *options, wf_store **ret,
                          weft_error *error)
{
    wf_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return wf_fail_memory(error);
    store->options = *options;
    weft_status status = open_parts(store, error);
    if (status == WEFT_OK)
        status = wf_store_apply(store, 0, error);
    store->runs = status == WEFT_OK;
    if (status != WEFT_OK) {
        wf_store_close(store);
        return status;
    }
    *ret = store;
    return WEFT_OK;
}

// What fails here is made good by the next opening: all of it follows from the ledger.
static void settle(wf_store *store)
{
    weft_error unused = {0};
    uint64_t positions = wf_ledger_now(store->ledger).positions;
    WF_IGNORE(wf_store_apply(store, 0, &unused), "the next opening applies it");
    if (!store->stopped)
        WF_IGNORE(wf_index_flush(store->index, positions, &unused),
                  "the next opening indexes it");
    wf_ledger_mark(store->ledger);
    if (wf_keys_commit_due(store->options.keys))
        WF_IGNORE(wf_keys_commit(store->options.keys, &unused),
                  "an older mark stands, which is true as well");
}

void wf_store_close(wf_store *store)
{
    if (store == NULL)
        return;
    if (store->runs) // what follows the rows may not be open
        settle(store);
    wf_store_close_records(store);
    wf_senders_free(store->senders);
    wf_index_close(store->index);
    wf_ledger_close(store->ledger);
    wf_plans_free(store->plans);
    free(store->followers);
    wf_places_free(store->places);
    wf_buffer_done(&store->lives);
    free(store);
}

// ---- parts ----

wf_ledger *wf_store_ledger(wf_store *store)
{
    return store->ledger;
}

wf_places *wf_store_places(wf_store *store)
{
    return store->places;
}

wf_records *wf_store_records(wf_store *store)
{
    return store->records;
}

const wf_senders *wf_store_senders(const wf_store *store)
{
    return store->senders;
}

const wf_numbers *wf_store_numbers(const wf_store *store)
{
    return &store->options.numbers;
}
