#include "store/store_gaps.h"

#include <stdlib.h>
#include <string.h>

#include "store/records/inside.h"
#include "store/store_inside.h"

enum { entry_bytes_max = 16 << 20 };

typedef struct {
    int64_t first, last, since;
    bool by_refusal;
    bool stays; // as it is in the table
} gap_row;

// The gaps of one device.
typedef struct {
    gap_row rows[WF_STORE_GAPS_MAX];
    size_t count;
} gap_rows;

// ---- since when ----

static bool keeps_a_book(wf_text device)
{
    static const char *const others[] = {"rule/", "import/", "weft/"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t size = strlen(others[i]);
        if (device.size >= size && memcmp(device.bytes, others[i], size) == 0)
            return false;
    }
    return true;
}

// When the first entry was received that the index has under a hash; of an identity, if
// one is given. 0: there is none.
static weft_status received_at(wf_store *store, uint64_t hash, const wf_identity *id,
                               int64_t *ret, weft_error *error)
{
    wf_buffer positions = {0};
    *ret = 0;
    weft_status status = wf_index_find(store->index, hash, &positions, error);
    const uint64_t *all = (const uint64_t *)(const void *)positions.bytes;
    for (size_t i = 0; status == WEFT_OK && i < positions.size / sizeof *all; i++) {
        wf_arena arena;
        wf_entry entry;
        wf_arena_init(&arena, entry_bytes_max);
        status = wf_ledger_read(store->ledger, all[i], &arena, &entry, error);
        bool found =
            status == WEFT_OK && (id == NULL || wf_identity_equal(entry.fact.id, *id));
        if (found)
            *ret =
                weft_time_is_none(entry.received) ? entry.fact.at.us : entry.received.us;
        wf_arena_done(&arena);
        if (found)
            break;
    }
    wf_buffer_done(&positions);
    return status;
}

// The hash of the row that says that a line was refused.
static weft_status refusal_hash(wf_store *store, wf_identity id, uint64_t *ret,
                                weft_error *error)
{
    wf_arena arena;
    wf_buffer claims = {0};
    wf_entry entry = {.fact = {.kind = store->refusal}};
    size_t device = wf_kind_field(store->refusal, WF_TEXT("device"));
    size_t seq = wf_kind_field(store->refusal, WF_TEXT("seq"));
    entry.fact.values[device] = (wf_value){.given = true, .text = id.device};
    entry.fact.values[seq] = (wf_value){.given = true, .number = id.seq};
    wf_arena_init(&arena, entry_bytes_max);
    weft_status status =
        wf_claims_of(store->plans, store->index, &entry, &arena, &claims, error);
    if (status == WEFT_OK && claims.size > 0)
        *ret = ((const wf_claim *)(const void *)claims.bytes)->hash;
    wf_buffer_done(&claims);
    wf_arena_done(&arena);
    return status;
}

static weft_status date(wf_store *store, wf_text device, gap_row *gap, weft_error *error)
{
    wf_identity after = {device, gap->last + 1};
    uint64_t hash = wf_claims_identity(store->index, after);
    gap->by_refusal = wf_senders_state(store->senders, after) == WF_SEQ_REFUSED;
    if (!gap->by_refusal)
        return received_at(store, hash, &after, &gap->since, error);
    WF_TRY(refusal_hash(store, after, &hash, error));
    return received_at(store, hash, NULL, &gap->since, error);
}

// ---- one device ----

static bool take_gap(void *context, const wf_seq_gap *gap)
{
    gap_rows *to = context;
    to->rows[to->count++] = (gap_row){.first = gap->from, .last = gap->upto};
    return to->count < WF_STORE_GAPS_MAX;
}

static weft_status read_rows(wf_database *db, wf_text device, gap_rows *to,
                             weft_error *error)
{
    wf_statement *find = NULL;
    bool row = false;
    weft_status status;
    WF_TRY(wf_database_prepare(db,
                               "SELECT \"first_seq\", \"last_seq\", \"since\", "
                               "\"by_refusal\" FROM \"sender_gap\" WHERE \"device\" = "
                               ":device ORDER BY \"first_seq\"",
                               &find, error));
    wf_statement_bind_text(find, 0, device);
    while ((status = wf_statement_step(find, &row, error)) == WEFT_OK && row &&
           to->count < WF_STORE_GAPS_MAX)
        to->rows[to->count++] =
            (gap_row){wf_statement_i64(find, 0), wf_statement_i64(find, 1),
                      wf_statement_i64(find, 2), wf_statement_i64(find, 3) != 0, false};
    wf_statement_free(find);
    return status;
}

static gap_row *find_row(gap_rows *in, const gap_row *gap)
{
    for (size_t i = 0; i < in->count; i++)
        if (in->rows[i].first == gap->first && in->rows[i].last == gap->last)
            return &in->rows[i];
    return NULL;
}

static weft_status erase_row(wf_database *db, wf_text device, const gap_row *gap,
                             weft_error *error)
{
    wf_statement *erase = NULL;
    WF_TRY(wf_database_prepare(db,
                               "DELETE FROM \"sender_gap\" WHERE \"device\" = :device "
                               "AND \"first_seq\" = :first",
                               &erase, error));
    wf_statement_bind_text(erase, 0, device);
    wf_statement_bind_i64(erase, 1, gap->first);
    weft_status status = wf_records_run(erase, error);
    wf_statement_free(erase);
    return status;
}

static weft_status put_row(wf_database *db, wf_text device, const gap_row *gap,
                           weft_error *error)
{
    wf_statement *put = NULL;
    WF_TRY(wf_database_prepare(
        db,
        "INSERT INTO \"sender_gap\" (\"device\", \"first_seq\", \"last_seq\", \"since\", "
        "\"by_refusal\") VALUES (:device, :first, :last, :since, :refusal)",
        &put, error));
    wf_statement_bind_text(put, 0, device);
    wf_statement_bind_i64(put, 1, gap->first);
    wf_statement_bind_i64(put, 2, gap->last);
    wf_statement_bind_i64(put, 3, gap->since);
    wf_statement_bind_i64(put, 4, gap->by_refusal);
    weft_status status = wf_records_run(put, error);
    wf_statement_free(put);
    return status;
}

// What was received stays so: only what stands behind a gap anew is asked for.
static weft_status date_all(wf_store *store, wf_text device, gap_rows *are,
                            gap_rows *were, weft_error *error)
{
    for (size_t i = 0; i < are->count; i++) {
        gap_row *gap = &are->rows[i], *was = find_row(were, gap);
        wf_identity after = {device, gap->last + 1};
        bool refused = wf_senders_state(store->senders, after) == WF_SEQ_REFUSED;
        if (was != NULL && was->by_refusal == refused) {
            was->stays = true;
            *gap = *was;
        } else {
            WF_TRY(date(store, device, gap, error));
        }
    }
    return WEFT_OK;
}

static weft_status keep_device(wf_store *store, wf_database *db, wf_text device,
                               bool *ret_changed, weft_error *error)
{
    gap_rows are = {.count = 0}, were = {.count = 0};
    *ret_changed = false;
    if (!keeps_a_book(device))
        return WEFT_OK;
    wf_senders_device_gaps(store->senders, device, take_gap, &are);
    WF_TRY(read_rows(db, device, &were, error));
    WF_TRY(date_all(store, device, &are, &were, error));
    for (size_t i = 0; i < were.count; i++)
        if (!were.rows[i].stays) {
            WF_TRY(erase_row(db, device, &were.rows[i], error));
            *ret_changed = true;
        }
    for (size_t i = 0; i < are.count; i++)
        if (!are.rows[i].stays) {
            WF_TRY(put_row(db, device, &are.rows[i], error));
            *ret_changed = true;
        }
    return WEFT_OK;
}

// ---- all of them ----

static weft_status mark(wf_database *db, weft_error *error)
{
    return wf_database_run(
        db,
        "INSERT INTO \"about\" (\"name\", \"number\") SELECT 'gaps', \"number\" FROM "
        "\"about\" WHERE \"name\" = 'applied' ON CONFLICT (\"name\") DO UPDATE SET "
        "\"number\" = excluded.\"number\"",
        error);
}

static weft_status before_commit(void *context, wf_database *db, weft_error *error)
{
    wf_store *store = context;
    wf_text device;
    if (store->sending.under_way || store->senders == NULL)
        return WEFT_OK;
    for (size_t i = 0; wf_senders_changed(store->senders, i, &device); i++) {
        bool changed = false;
        WF_TRY(keep_device(store, db, device, &changed, error));
        if (changed)
            WF_TRY(wf_records_tell_beside(store->records, WF_BESIDE_SENDER_GAP, device,
                                          true, error));
    }
    return mark(db, error);
}

static void ended(void *context, bool committed)
{
    wf_store *store = context;
    if (committed && !store->sending.under_way && store->senders != NULL)
        wf_senders_settled(store->senders);
}

typedef struct {
    wf_store *store;
    wf_buffer names; // of devices with gaps, each ended by NUL
    bool no_memory;
} collecting;

static bool collect_device(void *context, const wf_seq_gap *gap)
{
    collecting *to = context;
    if (!wf_buffer_append(&to->names, gap->device.bytes, gap->device.size) ||
        !wf_buffer_append(&to->names, "", 1))
        to->no_memory = true;
    return !to->no_memory;
}

// A device that has many gaps is collected so often: what is there already stays.
static weft_status fill(wf_store *store, wf_database *db, const wf_buffer *names,
                        weft_error *error)
{
    const char *last = NULL;
    WF_TRY(wf_database_run(db, "DELETE FROM \"sender_gap\"", error));
    for (size_t at = 0; at < names->size; at += strlen(names->bytes + at) + 1) {
        const char *name = names->bytes + at;
        bool changed;
        if (last != NULL && strcmp(last, name) == 0)
            continue;
        last = name;
        WF_TRY(keep_device(store, db, wf_text_of(name), &changed, error));
    }
    return mark(db, error);
}

static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    collecting all = {.store = context};
    int64_t of_now = 0;
    WF_TRY(wf_database_number(db,
                              "SELECT 1 FROM \"about\" AS g JOIN \"about\" AS a ON "
                              "a.\"number\" = g.\"number\" WHERE g.\"name\" = 'gaps' AND "
                              "a.\"name\" = 'applied'",
                              0, &of_now, error));
    if (of_now != 0)
        return WEFT_OK;
    wf_senders_gaps(all.store->senders, collect_device, &all);
    weft_status status =
        all.no_memory ? wf_fail_memory(error) : wf_database_begin(db, error);
    if (status == WEFT_OK) {
        status = fill(all.store, db, &all.names, error);
        if (status == WEFT_OK)
            status = wf_database_commit(db, error);
        else
            wf_database_rollback(db);
    }
    wf_buffer_done(&all.names);
    return status;
}

wf_follower wf_store_gaps_follower(wf_store *store)
{
    return (wf_follower){.opened = opened,
                         .before_commit = before_commit,
                         .ended = ended,
                         .context = store};
}
