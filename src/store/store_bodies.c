// Bodies that stand in another book: putting them there, and what makes the two books
// agree.
#include <string.h>

#include "store/facts.h"
#include "store/store_inside.h"

// Beside the rows: the ledger holds no body that should stand in the book and does not.
static const char moved_mark[] = WF_RECORDS_KEPT "bodies";

enum {
    moved_max = 100000, // before they are committed
    entry_bytes_max = 16 << 20
};

static bool stands_elsewhere(const wf_store *store, const wf_fact *fact)
{
    return store->options.bodies != NULL && fact->kind->body_elsewhere;
}

static weft_day day_of(const wf_store *store, const wf_fact *fact)
{
    return wf_zone_day_of(store->options.zone, wf_fact_kept_at(fact));
}

weft_status wf_store_takes_body(const wf_store *store, const wf_fact *fact,
                                weft_status *ret, weft_error *why, weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    weft_error refusal = {0};
    *ret = WEFT_OK;
    if (!stands_elsewhere(store, fact))
        return WEFT_OK;
    weft_status status =
        bodies->takes(bodies->context, fact, day_of(store, fact), &refusal);
    if (status != WEFT_OK && status != WEFT_FORGOTTEN && status != WEFT_KEYLESS &&
        status != WEFT_DAMAGED && status != WEFT_BAD_INPUT) {
        *error = refusal;
        return status;
    }
    if (status != WEFT_OK)
        *why = refusal;
    *ret = status;
    return WEFT_OK;
}

weft_status wf_store_put_body(const wf_store *store, const wf_fact *fact,
                              weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    wf_buffer body = {0};
    if (!stands_elsewhere(store, fact))
        return WEFT_OK;
    weft_status status = wf_fact_encode(fact, &body, error);
    if (status == WEFT_OK)
        status = bodies->put(bodies->context, fact, day_of(store, fact),
                             wf_buffer_text(&body), error);
    wf_buffer_wipe(&body);
    return status;
}

// ---- whether the ledger has the fact ----

static weft_status has_digest(wf_store *store, const wf_entry *entry, wf_text body,
                              bool *ret, weft_error *error)
{
    uint64_t digest = 0;
    WF_TRY(wf_ledger_digest(store->ledger, entry->keep,
                            wf_zone_day_start(store->options.zone, entry->day), body,
                            &digest, error));
    *ret = digest == entry->digest;
    return WEFT_OK;
}

// By more than its name: that of a body that was left over may have come to another fact.
static weft_status is_known(void *context, wf_identity id, weft_day day, wf_text body,
                            bool *ret, weft_error *error)
{
    wf_store *store = context;
    wf_arena arena;
    wf_entry entry;
    bool found = false;
    *ret = false;
    if (wf_senders_state(store->senders, id) != WF_SEQ_HAD)
        return WEFT_OK;
    wf_arena_init(&arena, entry_bytes_max);
    weft_status status = wf_store_fact(store, id, &arena, &found, &entry, error);
    if (status == WEFT_OK && found && entry.day.number == day.number) {
        *ret = entry.forgotten;
        if (!entry.forgotten)
            status = has_digest(store, &entry, body, ret, error);
    }
    wf_arena_done(&arena);
    return status;
}

// ---- bodies of a ledger of before there was the book ----

typedef struct {
    wf_store *store;
    size_t count; // put and not committed
} moving;

static weft_status commit_moved(moving *job, weft_error *error)
{
    const wf_bodies *bodies = job->store->options.bodies;
    job->count = 0;
    WF_TRY(bodies->commit(bodies->context, error));
    bodies->committed(bodies->context);
    return WEFT_OK;
}

static weft_status move_body(void *context, const wf_entry *entry, weft_error *error)
{
    moving *job = context;
    const wf_fact *fact = &entry->fact;
    weft_status taken = WEFT_OK;
    weft_error why = {0};
    if (fact->kind == NULL || !fact->kind->body_elsewhere || entry->elsewhere ||
        entry->forgotten)
        return WEFT_OK;
    // What the book refuses stays where it stands, and is seen by no answer.
    WF_TRY(wf_store_takes_body(job->store, fact, &taken, &why, error));
    if (taken != WEFT_OK)
        return WEFT_OK;
    WF_TRY(wf_store_put_body(job->store, fact, error));
    return ++job->count < moved_max ? WEFT_OK : commit_moved(job, error);
}

static weft_status move_all(wf_store *store, weft_error *error)
{
    moving job = {.store = store};
    weft_status status = wf_ledger_scan(store->ledger, 1, move_body, &job, error);
    if (status == WEFT_OK)
        status = commit_moved(&job, error);
    else
        store->options.bodies->rollback(store->options.bodies->context, false);
    return status;
}

// ---- life ----

// Told within a transaction of the rows: kept until it has ended, and the send, too.
static weft_status note_life(void *context, const wf_value *before, const wf_value *after,
                             weft_error *error)
{
    wf_store *store = context;
    const wf_value *fact = after != NULL ? after : before;
    bool done = wf_buffer_append(&store->lives, after != NULL ? "-" : "+", 1) &&
                wf_buffer_append(&store->lives, fact->text.bytes, fact->text.size) &&
                wf_buffer_append(&store->lives, "", 1);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    (void)context, (void)db, (void)error;
    return WEFT_OK; // whoever opens the rows compares
}

// What a transaction said that was rolled back is said again by the one that repeats it.
static void ended(void *context, bool committed)
{
    (void)context, (void)committed;
}

wf_follower wf_store_life_follower(wf_store *store)
{
    static const wf_watch watches[] = {
        {.table = "dead_facts", .columns = {"fact"}, .changed = note_life}};
    return (wf_follower){.watches = watches,
                         .watches_count = 1,
                         .opened = opened,
                         .ended = ended,
                         .context = store};
}

static weft_status set_life(wf_store *store, wf_identity id, bool dead, weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    wf_arena arena;
    wf_entry entry;
    bool found = false;
    wf_arena_init(&arena, entry_bytes_max);
    weft_status status = wf_store_fact(store, id, &arena, &found, &entry, error);
    if (status == WEFT_OK && found && entry.fact.kind != NULL &&
        entry.fact.kind->body_elsewhere)
        status = bodies->set_dead(bodies->context, id, entry.day, dead, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status compare_body(void *context, wf_identity id, weft_day day, bool dead,
                                weft_error *error)
{
    wf_store *store = context;
    const wf_bodies *bodies = store->options.bodies;
    bool live = false;
    WF_TRY(wf_store_is_live(store, id, &live, error));
    return live != dead ? WEFT_OK
                        : bodies->set_dead(bodies->context, id, day, !live, error);
}

// Costs the reading of all bodies.
static weft_status compare_life(wf_store *store, weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    WF_TRY(bodies->each(bodies->context, compare_body, store, error));
    WF_TRY(bodies->write_life(bodies->context, wf_records_applied_upto(store->records),
                              error));
    wf_buffer_clear(&store->lives);
    store->lives_lost = false;
    return WEFT_OK;
}

weft_status wf_store_write_life(wf_store *store, weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    // A book under way is that of the send.
    if (bodies == NULL || store->sending.under_way)
        return WEFT_OK;
    if (store->lives_lost)
        return compare_life(store, error);
    const char *lives = store->lives.bytes;
    for (size_t at = 0; at < store->lives.size; at += strlen(lives + at) + 1) {
        wf_identity id;
        bool is_name = wf_identity_read(wf_text_of(lives + at + 1), &id);
        WF_ASSERT(is_name);
        WF_TRY(set_life(store, id, lives[at] == '-', error));
    }
    WF_TRY(bodies->write_life(bodies->context, wf_records_applied_upto(store->records),
                              error));
    wf_buffer_clear(&store->lives);
    return WEFT_OK;
}

// ---- opening ----

static weft_status move_once(wf_store *store, weft_error *error)
{
    wf_buffer moved = {0};
    weft_status status = wf_records_marked(store->records, moved_mark, &moved, error);
    bool done = moved.size > 0;
    wf_buffer_done(&moved);
    if (status != WEFT_OK || done)
        return status;
    WF_TRY(move_all(store, error));
    // They were put as if they were alive.
    WF_TRY(compare_life(store, error));
    return wf_records_mark(store->records, moved_mark, WF_TEXT("1"), error);
}

weft_status wf_store_settle_bodies(wf_store *store, weft_error *error)
{
    const wf_bodies *bodies = store->options.bodies;
    if (bodies == NULL)
        return WEFT_OK;
    WF_TRY(bodies->settle(bodies->context, is_known, store, error));
    WF_TRY(move_once(store, error));
    if (!store->lives_lost &&
        bodies->life_position(bodies->context) >= wf_records_applied_upto(store->records))
        return WEFT_OK;
    return compare_life(store, error);
}
