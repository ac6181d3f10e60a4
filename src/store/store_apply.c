// Ledger → rows, in slices.
#include <stddef.h>
#include <string.h>

#include "base/pages.h"
#include "store/store_inside.h"

enum {
    slice_facts_max = 16384,
    // Of rows that are made anew, which nobody waits for: pages that later facts touch
    // again are written once.
    making_facts_max = 131072,
    slice_bytes_max = 1 << 30, // a slice ends at a quarter, but for what is whole
    pause_entries = 1024,      // read between two pauses
    checkpoint_facts = 100000  // between checkpoints of the senders
};

// ---- slices ----

typedef struct {
    wf_store *store;
    wf_records *records;
    wf_entry **entries;
    size_t count, most;
    uint64_t left;        // how many facts may still be applied
    wf_store_whole whole; // what lies in one slice
    uint64_t checkpoint;  // position of the newest checkpoint of the senders
    wf_text senders;      // of the last slice; else size 0
    wf_arena arena;       // of the entries and their texts
    bool tells;           // those who asked to be told of slices
    void (*progress)(void *context, uint64_t done, uint64_t all);
    void *context;
} applying;

static bool keep_text(wf_arena *arena, wf_text *text)
{
    if (text->size == 0)
        return true;
    *text = wf_arena_text(arena, *text);
    return text->bytes != NULL;
}

static bool keep_value(wf_arena *arena, wf_value *value)
{
    if (!value->given)
        return true;
    if (value->items != NULL) {
        wf_value *items = wf_arena_array(arena, value->items_count + 1, sizeof *items);
        if (items == NULL)
            return false;
        memcpy(items, value->items, value->items_count * sizeof *items);
        value->items = items;
        for (size_t i = 0; i < value->items_count; i++)
            if (!keep_value(arena, &items[i]))
                return false;
    }
    return keep_text(arena, &value->text) && keep_text(arena, &value->fact.device);
}

// A scan lends its entries; a slice needs them until it is applied. Only the values of
// the kind's fields are kept, and nothing may look at others: so that the entries of a
// slice lie close together. NULL: memory ran out.
static wf_entry *keep_entry(wf_arena *arena, const wf_entry *entry)
{
    const wf_kind *kind = entry->fact.kind;
    size_t fields = kind != NULL && !entry->forgotten ? kind->fields_count : 0;
    size_t size = offsetof(wf_entry, fact.values) + fields * sizeof *entry->fact.values;
    wf_entry *kept = wf_arena_array(arena, size, 1);
    if (kept == NULL)
        return NULL;
    memcpy(kept, entry, size);
    wf_fact *fact = &kept->fact;
    bool done = keep_text(arena, &fact->id.device) && keep_text(arena, &fact->grid) &&
                keep_text(arena, &fact->amends.device);
    for (size_t i = 0; done && i < fields; i++)
        done = keep_value(arena, &fact->values[i]);
    return done ? kept : NULL;
}

static weft_status apply_slice(applying *job, weft_error *error)
{
    const wf_store *store = job->store;
    wf_buffer senders = {0};
    weft_status status = WEFT_OK;
    uint64_t upto = job->count > 0 ? job->entries[job->count - 1]->position : 0;
    // The senders know the whole ledger, and a send under way: a checkpoint of them is
    // true at its end only.
    if (upto == wf_ledger_now(store->ledger).positions && !store->sending.under_way &&
        upto >= job->checkpoint + checkpoint_facts && store->senders != NULL)
        status = wf_senders_save(store->senders, &senders, error);
    if (status == WEFT_OK)
        status = wf_records_apply(job->records, job->entries, job->count,
                                  wf_buffer_text(&senders), error);
    wf_buffer_done(&senders);
    if (status == WEFT_OK && job->tells && store->applied != NULL)
        store->applied(store->applied_context, job->entries, job->count);
    job->count = 0;
    wf_arena_done(&job->arena);
    wf_arena_init(&job->arena, slice_bytes_max);
    if (status == WEFT_OK && job->progress != NULL)
        job->progress(job->context, upto, wf_ledger_now(store->ledger).positions);
    return status;
}

static weft_status take_entry(void *context, const wf_entry *entry, weft_error *error)
{
    applying *job = context;
    wf_entry *kept = keep_entry(&job->arena, entry);
    if (kept == NULL)
        return wf_fail_memory(error);
    job->entries[job->count++] = kept;
    job->left -= job->left > 0;
    if (job->tells && job->count % pause_entries == 0 && job->store->paused != NULL)
        job->store->paused(job->store->paused_context);
    if (entry->position >= job->whole.first && entry->position < job->whole.last)
        return WEFT_OK;
    if (job->count >= job->most || job->left == 0 ||
        job->arena.used_bytes > slice_bytes_max / 4)
        WF_TRY(apply_slice(job, error));
    // The scan is done: its end is asked for by a status that its caller knows.
    return job->left == 0 ? WEFT_INTERRUPTED : WEFT_OK;
}

// How many entries a slice has at the most.
static size_t room_of(const applying *job)
{
    return job->most + (size_t)(job->whole.last - job->whole.first) + 1;
}

// Applies up to `facts` outstanding facts (0: all).
static weft_status run(applying *job, uint64_t facts, weft_error *error)
{
    uint64_t from = wf_records_applied_upto(job->records) + 1;
    uint64_t positions = wf_ledger_now(job->store->ledger).positions;
    if (from > positions)
        return WEFT_OK;
    job->left = facts == 0 || facts > positions + 1 - from ? positions + 1 - from : facts;
    job->entries = wf_pages_new(room_of(job) * sizeof *job->entries);
    if (job->entries == NULL)
        return wf_fail_memory(error);
    wf_arena_init(&job->arena, slice_bytes_max);
    weft_status status = wf_ledger_scan(job->store->ledger, from, take_entry, job, error);
    if (status == WEFT_INTERRUPTED && job->left == 0)
        status = WEFT_OK;
    wf_arena_done(&job->arena);
    wf_pages_free(job->entries, room_of(job) * sizeof *job->entries);
    return status;
}

weft_status wf_store_apply(wf_store *store, size_t facts_max, weft_error *error)
{
    if (store->stopped)
        WF_TRY(wf_store_index_anew(store, error));
    if (store->records == NULL)
        WF_TRY(wf_store_open_records(store, error));
    applying job = {.store = store,
                    .records = store->records,
                    .most = slice_facts_max,
                    .whole = store->whole,
                    .tells = true,
                    .checkpoint = store->senders_upto};
    wf_records_on_pause(store->records, store->paused, store->paused_context);
    weft_status status = run(&job, facts_max, error);
    if (store->records != NULL) {
        wf_records_on_pause(store->records, NULL, NULL);
        if (wf_records_applied_upto(store->records) >= store->whole.last)
            store->whole = (wf_store_whole){0};
    }
    return status == WEFT_OK ? wf_store_write_life(store, error) : status;
}

void wf_store_on_pause(wf_store *store, wf_records_paused *paused, void *context)
{
    store->paused = paused;
    store->paused_context = context;
}

// A decision is judged by rows that have all of the ledger. A body that stands elsewhere
// has numbers of its own, which a rollback takes back together with those of the slice.
bool wf_store_takes_in_pause(const wf_fact *fact)
{
    return fact->kind->kind_class != WF_DECISION && !fact->kind->body_elsewhere;
}

void wf_store_on_applied(wf_store *store, wf_store_applied *told, void *context)
{
    store->applied = told;
    store->applied_context = context;
}

weft_status wf_store_fill(wf_store *store, wf_records *records,
                          void (*progress)(void *context, uint64_t done, uint64_t all),
                          void *context, weft_error *error)
{
    applying job = {.store = store,
                    .records = records,
                    .most = making_facts_max,
                    .progress = progress,
                    .context = context};
    return run(&job, 0, error);
}
