// Facts → rows: a slice at a time, sorted by table and key, so that rows of one page are
// written together (MEASURED §3: what costs is dirty pages).
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/parallel.h"
#include "store/records/inside.h"

enum {
    slice_bytes_max = 1 << 30,
    row_facts_bytes_max = 256 << 20,
    rows_at_once = 256,     // claims between two pauses
    entries_at_once = 1024, // the same, before there are claims
    beside_entries = 256,   // a slice of more is committed while others go on
    moment_ns = 250000      // between two looks at whether it is
};

// A slice under way.
typedef struct {
    wf_records *records;
    uint64_t upto;    // position of the slice's last entry: nothing later counts yet
    weft_time newest; // greatest `at` up to there
    wf_arena arena;
    wf_buffer claims;  // of wf_claim
    wf_buffer amended; // of wf_amended: facts whose life may have changed
    uint64_t *seen;    // identities in `amended`, by hash; 0: free
    size_t seen_count, seen_slots;
} slice;

// Between two steps: nothing of the slice is at hand but its own memory and the
// transaction of its rows.
static void pause_here(const wf_records *records)
{
    if (records->paused != NULL)
        records->paused(records->paused_context);
}

// ---- facts of the ledger ----

// The entry of an identity up to the slice's end, in the arena; *ret NULL: it has not
// come.
static weft_status find_entry(const slice *of, wf_identity id, wf_arena *arena,
                              wf_entry **ret, weft_error *error)
{
    wf_records *records = of->records;
    wf_buffer positions = {0};
    *ret = NULL;
    weft_status status = wf_index_find(
        records->index, wf_claims_identity(records->index, id), &positions, error);
    const uint64_t *all = (const uint64_t *)(const void *)positions.bytes;
    for (size_t i = 0; status == WEFT_OK && *ret == NULL &&
                       i < positions.size / sizeof *all && all[i] <= of->upto;
         i++) {
        wf_entry *entry = wf_arena_new(arena, sizeof *entry);
        if (entry == NULL)
            status = wf_fail_memory(error);
        else
            status = wf_ledger_read(records->ledger, all[i], arena, entry, error);
        if (status == WEFT_OK && entry->fact.id.seq == id.seq &&
            wf_text_equal(entry->fact.id.device, id.device))
            *ret = entry;
    }
    wf_buffer_done(&positions);
    return status;
}

// ---- amendments of the slice ----

static weft_status note_amendments(const slice *of, wf_entry *const *entries,
                                   size_t count, weft_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const wf_fact *fact = &entries[i]->fact;
        if (fact->amends.device.size == 0)
            continue;
        bool withdraws = fact->kind != NULL && fact->kind->withdraws;
        WF_TRY(wf_amendments_add(of->records->amendments, fact->id, fact->at,
                                 fact->amends, withdraws, error));
    }
    return WEFT_OK;
}

// True when the identity was not yet in the set; memory ran out: false in *ret_done.
static bool enter_seen(slice *of, uint64_t hash, bool *ret_done)
{
    *ret_done = true;
    hash = hash == 0 ? 1 : hash;
    if (2 * (of->seen_count + 1) > of->seen_slots) {
        size_t slots = of->seen_slots == 0 ? 64 : 2 * of->seen_slots;
        uint64_t *larger = wf_arena_array(&of->arena, slots, sizeof *larger);
        if (larger == NULL) {
            *ret_done = false;
            return false;
        }
        for (size_t i = 0; i < of->seen_slots; i++) {
            if (of->seen[i] == 0)
                continue;
            size_t at = of->seen[i] & (slots - 1);
            while (larger[at] != 0)
                at = (at + 1) & (slots - 1);
            larger[at] = of->seen[i];
        }
        of->seen = larger;
        of->seen_slots = slots;
    }
    size_t at = hash & (of->seen_slots - 1);
    for (; of->seen[at] != 0; at = (at + 1) & (of->seen_slots - 1))
        if (of->seen[at] == hash)
            return false;
    of->seen[at] = hash;
    of->seen_count++;
    return true;
}

// The rows of a fact whose life may have changed are folded again.
static weft_status claim_again(slice *of, wf_identity id, weft_error *error)
{
    wf_records *records = of->records;
    wf_entry *entry = NULL;
    WF_TRY(find_entry(of, id, &of->arena, &entry, error));
    if (entry == NULL)
        return WEFT_OK;
    WF_TRY(wf_records_number(&records->numbers, &entry, 1, error));
    size_t before = of->claims.size / sizeof(wf_claim);
    WF_TRY(wf_claims_of(records->plans, records->index, entry, &of->arena, &of->claims,
                        error));
    wf_claim *claims = (wf_claim *)(void *)of->claims.bytes;
    for (size_t i = before; i < of->claims.size / sizeof *claims; i++)
        claims[i].again = true;
    return WEFT_OK;
}

static weft_status claim_around(slice *of, wf_identity id, weft_error *error)
{
    wf_records *records = of->records;
    wf_amended *around;
    size_t count;
    bool done = true;
    WF_TRY(wf_amendments_around(records->amendments, id, &of->arena, &around, &count,
                                error));
    for (size_t i = 0; i < count; i++) {
        bool fresh =
            enter_seen(of, wf_claims_identity(records->index, around[i].id), &done);
        if (!done)
            return wf_fail_memory(error);
        if (!fresh)
            continue;
        if (!wf_buffer_append(&of->amended, &around[i], sizeof around[i]))
            return wf_fail_memory(error);
        WF_TRY(claim_again(of, around[i].id, error));
    }
    return WEFT_OK;
}

static bool was_seen(const slice *of, uint64_t hash)
{
    hash = hash == 0 ? 1 : hash;
    if (of->seen_slots == 0)
        return false;
    for (size_t at = hash & (of->seen_slots - 1); of->seen[at] != 0;
         at = (at + 1) & (of->seen_slots - 1))
        if (of->seen[at] == hash)
            return true;
    return false;
}

static weft_status claim_all(slice *of, wf_entry *const *entries, size_t count,
                             weft_error *error)
{
    wf_records *records = of->records;
    for (size_t i = 0; i < count; i++) {
        wf_identity id = entries[i]->fact.id;
        WF_TRY(wf_claims_of(records->plans, records->index, entries[i], &of->arena,
                            &of->claims, error));
        if (wf_amendments_touch(records->amendments, id) &&
            !was_seen(of, wf_claims_identity(records->index, id)))
            WF_TRY(claim_around(of, id, error));
        if ((i + 1) % entries_at_once == 0)
            pause_here(records);
    }
    return WEFT_OK;
}

static weft_status number_all(const slice *of, wf_entry *const *entries, size_t count,
                              weft_error *error)
{
    for (size_t at = 0, part; at < count; at += part) {
        part = count - at < entries_at_once ? count - at : entries_at_once;
        WF_TRY(wf_records_number(&of->records->numbers, entries + at, part, error));
        pause_here(of->records);
    }
    return WEFT_OK;
}

// ---- order ----

static int compare_keys(const wf_table *table, const wf_claim *a, const wf_claim *b)
{
    for (size_t i = 0; i < table->keys_count; i++) {
        if (wf_record_is_text(&table->columns[i])) {
            int order = wf_text_compare(a->keys[i].text, b->keys[i].text);
            if (order != 0)
                return order;
        } else if (a->keys[i].number != b->keys[i].number) {
            return a->keys[i].number < b->keys[i].number ? -1 : 1;
        }
    }
    return 0;
}

static int compare_claims(const void *left, const void *right, void *context)
{
    const wf_kinds *kinds = context;
    const wf_claim *a = left, *b = right;
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    if (a->beginning != b->beginning)
        return a->beginning < b->beginning ? -1 : 1;
    int order = compare_keys(kinds->tables[a->table], a, b);
    if (order != 0)
        return order;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return (a->projection > b->projection) - (a->projection < b->projection);
}

static bool same_row(const wf_kinds *kinds, const wf_claim *a, const wf_claim *b)
{
    return a->table == b->table && a->beginning == b->beginning &&
           compare_keys(kinds->tables[a->table], a, b) == 0;
}

// Rows that only grew: what is said now is merged into what stands there.
static weft_status merge_row(const slice *of, const wf_claim *claims, size_t count,
                             wf_arena *arena, weft_error *error)
{
    wf_records *records = of->records;
    wf_records_table *table = &records->tables[claims[0].table];
    bool found = false;
    wf_fold_change change = {0};
    WF_TRY(wf_records_read_row(records, table, &claims[0], &found, error));
    wf_records_note_before(records, table, found);
    for (size_t i = 0; i < count; i++)
        if (!wf_claim_fold(records->plans, &claims[i], &records->numbers, arena,
                           &records->row, &change))
            return wf_fail_memory(error);
    WF_TRY(wf_records_write_row(records, table, error));
    return wf_records_tell(records, table, true, error);
}

// ---- rows folded again from all their facts ----

static weft_status is_live(const slice *of, wf_identity id, wf_arena *arena, bool *ret,
                           weft_error *error)
{
    wf_amended *around;
    size_t count;
    *ret = true;
    if (!wf_amendments_touch(of->records->amendments, id))
        return WEFT_OK;
    WF_TRY(
        wf_amendments_around(of->records->amendments, id, arena, &around, &count, error));
    for (size_t i = 0; i < count; i++)
        if (around[i].id.seq == id.seq && wf_text_equal(around[i].id.device, id.device))
            *ret = around[i].live;
    return WEFT_OK;
}

// Folds what one entry says of the row that `row` claims.
static weft_status fold_entry(const slice *of, const wf_claim *row, wf_entry *entry,
                              wf_arena *arena, bool *ret_any, weft_error *error)
{
    wf_records *records = of->records;
    wf_buffer found = {0};
    wf_fold_change change = {0};
    bool live = false;
    WF_TRY(is_live(of, entry->fact.id, arena, &live, error));
    if (!live)
        return WEFT_OK;
    WF_TRY(wf_records_number(&records->numbers, &entry, 1, error));
    weft_status status =
        wf_claims_of(records->plans, records->index, entry, arena, &found, error);
    const wf_claim *claims = (const wf_claim *)(const void *)found.bytes;
    for (size_t i = 0; status == WEFT_OK && i < found.size / sizeof *claims; i++) {
        if (!same_row(records->kinds, &claims[i], row))
            continue;
        *ret_any = true;
        if (!wf_claim_fold(records->plans, &claims[i], &records->numbers, arena,
                           &records->row, &change))
            status = wf_fail_memory(error);
    }
    wf_buffer_done(&found);
    return status;
}

static weft_status fold_facts(const slice *of, const wf_claim *row, wf_arena *arena,
                              bool *ret_any, weft_error *error)
{
    wf_records *records = of->records;
    wf_buffer positions = {0};
    weft_status status = wf_index_find(records->index, row->hash, &positions, error);
    const uint64_t *all = (const uint64_t *)(const void *)positions.bytes;
    for (size_t i = 0; status == WEFT_OK && i < positions.size / sizeof *all; i++) {
        if (all[i] > of->upto || (i > 0 && all[i] == all[i - 1]))
            continue;
        wf_entry *entry = wf_arena_new(arena, sizeof *entry);
        status = entry == NULL
                     ? wf_fail_memory(error)
                     : wf_ledger_read(records->ledger, all[i], arena, entry, error);
        if (status == WEFT_OK)
            status = fold_entry(of, row, entry, arena, ret_any, error);
    }
    wf_buffer_done(&positions);
    return status;
}

static weft_status fold_row(const slice *of, const wf_claim *row, weft_error *error)
{
    wf_records *records = of->records;
    wf_records_table *table = &records->tables[row->table];
    wf_arena arena;
    bool any = false, found = false;
    if (table->is_watched)
        WF_TRY(wf_records_read_row(records, table, row, &found, error));
    wf_records_note_before(records, table, found);
    wf_arena_init(&arena, row_facts_bytes_max);
    wf_record_clear(&records->row);
    weft_status status = fold_facts(of, row, &arena, &any, error);
    if (status == WEFT_OK && any) {
        status = wf_records_write_row(records, table, error);
    } else if (status == WEFT_OK) {
        status = wf_records_erase_row(records, table, row, error);
    }
    if (status == WEFT_OK)
        status = wf_records_tell(records, table, any, error);
    wf_arena_done(&arena);
    return status;
}

static weft_status apply_row(const slice *of, const wf_claim *claims, size_t count,
                             wf_arena *arena, weft_error *error)
{
    bool again = false;
    for (size_t i = 0; i < count; i++)
        again = again || claims[i].again;
    weft_status status = again ? fold_row(of, &claims[0], error)
                               : merge_row(of, claims, count, arena, error);
    wf_records_leave_row(&of->records->tables[claims[0].table]);
    return status;
}

// Sorted claims name entries all over the slice: what is folded soon is fetched now.
static void fetch_ahead(const wf_claim *claims, size_t count, size_t at)
{
    enum { ahead = 6, line_bytes = 64, lines = 8 };
    if (at + ahead >= count)
        return;
    const char *entry = (const char *)claims[at + ahead].entry;
    for (int i = 0; i < lines; i++)
        __builtin_prefetch(entry + (size_t)i * line_bytes);
}

static weft_status apply_rows(slice *of, weft_error *error)
{
    const wf_kinds *kinds = of->records->kinds;
    wf_claim *claims = (wf_claim *)(void *)of->claims.bytes;
    size_t count = of->claims.size / sizeof *claims;
    if (count > 0)
        qsort_r(claims, count, sizeof *claims, compare_claims, (void *)(uintptr_t)kinds);
    for (size_t first = 0, next; first < count; first = next) {
        fetch_ahead(claims, count, first);
        for (next = first + 1;
             next < count && same_row(kinds, &claims[first], &claims[next]);)
            next++;
        WF_TRY(apply_row(of, &claims[first], next - first, &of->arena, error));
        if (next / rows_at_once != first / rows_at_once)
            pause_here(of->records);
    }
    return WEFT_OK;
}

// ---- what stands beside the rows ----

static weft_status put_amendments(const slice *of, wf_entry *const *entries, size_t count,
                                  weft_error *error)
{
    wf_statement *put = of->records->put_amendment;
    for (size_t i = 0; i < count; i++) {
        const wf_fact *fact = &entries[i]->fact;
        if (fact->amends.device.size == 0)
            continue;
        bool withdraws = fact->kind != NULL && fact->kind->withdraws;
        wf_statement_bind_text(put, 0, fact->id.device);
        wf_statement_bind_i64(put, 1, fact->id.seq);
        wf_statement_bind_i64(put, 2, fact->at.us);
        wf_statement_bind_text(put, 3, fact->amends.device);
        wf_statement_bind_i64(put, 4, fact->amends.seq);
        wf_statement_bind_i64(put, 5, withdraws);
        WF_TRY(wf_records_run(put, error));
    }
    return WEFT_OK;
}

static weft_status put_lives(const slice *of, weft_error *error)
{
    const wf_amended *all = (const wf_amended *)(const void *)of->amended.bytes;
    for (size_t i = 0; i < of->amended.size / sizeof *all; i++) {
        wf_statement *statement =
            all[i].live ? of->records->erase_dead : of->records->put_dead;
        wf_fact_name name = wf_fact_name_of(all[i].id);
        wf_statement_bind_text(statement, 0, wf_text_of(name.text));
        WF_TRY(wf_records_run(statement, error));
        WF_TRY(wf_records_tell_beside(of->records, WF_BESIDE_DEAD_FACTS,
                                      wf_text_of(name.text), !all[i].live, error));
    }
    return WEFT_OK;
}

static weft_status apply_slice(slice *of, wf_entry *const *entries, size_t count,
                               wf_text senders, weft_error *error)
{
    wf_records *records = of->records;
    WF_TRY(number_all(of, entries, count, error));
    WF_TRY(note_amendments(of, entries, count, error));
    WF_TRY(claim_all(of, entries, count, error));
    pause_here(records);
    WF_TRY(apply_rows(of, error));
    WF_TRY(put_amendments(of, entries, count, error));
    WF_TRY(put_lives(of, error));
    WF_TRY(wf_records_put_applied(records, of->upto, of->newest, error));
    if (senders.size > 0)
        WF_TRY(
            wf_records_put_about(records, "senders", (int64_t)of->upto, senders, error));
    pause_here(records);
    WF_TRY(wf_records_follow(records, error));
    pause_here(records);
    // Ids first: a row never holds a number that the dictionary does not know.
    WF_TRY(records->numbers.commit(records->numbers.context, records->paused,
                                   records->paused_context, error));
    pause_here(records);
    return WEFT_OK;
}

// ---- the commit ----

typedef struct {
    wf_database *db;
    weft_status status;
    weft_error error;
} committing;

static void *commit_beside(void *context)
{
    committing *of = context;
    wf_thread_nice(wf_nice_beside);
    of->status = wf_database_commit(of->db, &of->error);
    return NULL;
}

// Nothing but the database is needed for it, and it waits for syncs: others go on
// meanwhile.
static weft_status commit_paused(const wf_records *records, weft_error *error)
{
    const struct timespec moment = {.tv_nsec = moment_ns};
    committing of = {.db = records->db};
    pthread_t thread;
    if (pthread_create(&thread, NULL, commit_beside, &of) != 0)
        return wf_database_commit(records->db, error);
    while (pthread_tryjoin_np(thread, NULL) != 0) {
        pause_here(records);
        (void)nanosleep(&moment, NULL);
    }
    if (of.status != WEFT_OK)
        *error = of.error;
    return of.status;
}

static weft_status commit(const wf_records *records, size_t count, weft_error *error)
{
    wf_records_committing(records);
    return records->paused != NULL && count > beside_entries
               ? commit_paused(records, error)
               : wf_database_commit(records->db, error);
}

// ---- slices ----

void wf_records_on_pause(wf_records *records, wf_records_paused *paused, void *context)
{
    records->paused = paused;
    records->paused_context = context;
}

weft_status wf_records_apply(wf_records *records, wf_entry *const *entries, size_t count,
                             wf_text senders, weft_error *error)
{
    if (count == 0)
        return WEFT_OK;
    slice of = {.records = records, .upto = entries[count - 1]->position};
    size_t amendments = wf_amendments_count(records->amendments);
    of.newest = records->newest;
    for (size_t i = 0; i < count; i++)
        of.newest = wf_records_later(of.newest, entries[i]);
    WF_ASSERT(entries[0]->position == records->applied_upto + 1);
    WF_TRY(wf_database_begin(records->db, error));
    wf_arena_init(&of.arena, slice_bytes_max);
    pause_here(records);
    weft_status status = apply_slice(&of, entries, count, senders, error);
    if (status == WEFT_OK)
        status = commit(records, count, error);
    else
        wf_database_rollback(records->db);
    if (status == WEFT_OK) {
        __atomic_store_n(&records->applied_upto, of.upto, __ATOMIC_RELEASE);
        records->newest = of.newest;
    } else {
        wf_amendments_cut(records->amendments, amendments);
    }
    wf_records_ended(records, status == WEFT_OK);
    wf_buffer_done(&of.claims);
    wf_buffer_done(&of.amended);
    wf_arena_done(&of.arena);
    return status;
}
