// The rows' database: where it is, opening it, making it anew, forgetting.
#include <stdlib.h>
#include <string.h>

#include "store/store_inside.h"

// ---- where the records are ----

static bool is_remote(const wf_store *store)
{
    return store->options.records != NULL;
}

// Which days were forgotten when the rows were made: rows that rest on what was forgotten
// since have to go.
typedef struct {
    char bytes[4 * WF_KEEP_END];
} forgotten_mark;

static forgotten_mark forgotten_now(const wf_store *store)
{
    forgotten_mark mark = {{0}};
    for (int keep = 1; keep < WF_KEEP_END; keep++) {
        weft_day before =
            wf_keys_forgotten_before(store->options.keys, wf_key_class_of((wf_keep)keep));
        for (int i = 0; i < 4; i++)
            mark.bytes[4 * keep + i] = (char)((uint32_t)before.number >> (8 * i));
    }
    return mark;
}

static weft_status use_schema(const wf_store *store, wf_database *db, const char *suffix,
                              weft_error *error)
{
    wf_buffer sql = {0};
    bool done = wf_buffer_printf(&sql, "SET search_path TO \"weft_%s%s\"",
                                 store->options.name, suffix) &&
                wf_buffer_append(&sql, "", 1);
    weft_status status =
        done ? wf_database_run(db, sql.bytes, error) : wf_fail_memory(error);
    wf_buffer_done(&sql);
    return status;
}

// A reader may not even ask for this: it would be a write.
static weft_status make_schema(const wf_store *store, wf_database *db, const char *suffix,
                               bool anew, weft_error *error)
{
    wf_buffer sql = {0};
    const char *name = store->options.name;
    bool done =
        (!anew || wf_buffer_printf(&sql, "DROP SCHEMA IF EXISTS \"weft_%s%s\" CASCADE;",
                                   name, suffix)) &&
        wf_buffer_printf(&sql, "CREATE SCHEMA IF NOT EXISTS \"weft_%s%s\"", name,
                         suffix) &&
        wf_buffer_append(&sql, "", 1);
    weft_status status =
        done ? wf_database_run(db, sql.bytes, error) : wf_fail_memory(error);
    wf_buffer_done(&sql);
    return status;
}

static weft_status path_of(const wf_store *store, const char *name, wf_path *ret,
                           weft_error *error)
{
    return wf_path_join(store->options.city_dir, name, ret, error);
}

// Opens the database for writing: `next` true: the one that is being made.
static weft_status open_database(const wf_store *store, const wf_key *key, bool next,
                                 wf_database **ret, weft_error *error)
{
    wf_path path;
    wf_database_options options = {
        .io = store->options.io, .key = key, .use = WF_DATABASE_WRITE};
    if (!is_remote(store)) {
        WF_TRY(path_of(store, next ? "records.db.next" : "records.db", &path, error));
        options.where = path.text;
        return wf_database_open(&options, ret, error);
    }
    wf_database *db = NULL;
    options.where = store->options.records;
    WF_TRY(wf_database_open(&options, &db, error));
    const char *suffix = next ? "_next" : "";
    weft_status status = make_schema(store, db, suffix, next, error);
    if (status == WEFT_OK)
        status = use_schema(store, db, suffix, error);
    if (status != WEFT_OK)
        wf_database_close(db);
    else
        *ret = db;
    return status;
}

static weft_status open_rows(const wf_store *store, wf_database *db, bool being_made,
                             wf_records **ret, weft_error *error)
{
    wf_records_options options = {.db = db,
                                  .keys = store->options.keys,
                                  .kinds = store->options.kinds,
                                  .zone = store->options.zone,
                                  .numbers = store->options.numbers,
                                  .ledger = store->ledger,
                                  .index = store->index,
                                  .being_made = being_made};
    // Rows that are being made are not followed: at their end all is new.
    if (!being_made) {
        options.followers = store->options.followers;
        options.followers_count = store->options.followers_count;
    }
    return wf_records_open(&options, ret, error);
}

weft_status wf_store_tell_opened(const wf_store *store, weft_error *error)
{
    for (size_t i = 0; i < store->options.followers_count; i++) {
        const wf_follower *follower = &store->options.followers[i];
        WF_TRY(follower->opened(follower->context, store->db, error));
    }
    return WEFT_OK;
}

void wf_store_close_records(wf_store *store)
{
    for (size_t i = 0; store->db != NULL && i < store->options.followers_count; i++) {
        const wf_follower *follower = &store->options.followers[i];
        if (follower->closing != NULL)
            follower->closing(follower->context);
    }
    wf_records_close(store->records);
    wf_database_close(store->db);
    store->records = NULL;
    store->db = NULL;
}

weft_status wf_store_rows_again(wf_store *store, weft_error *error)
{
    wf_store_close_records(store);
    return wf_store_open_records(store, error);
}

// ---- making anew ----

static weft_status remove_file(const wf_store *store, const char *name, weft_error *error)
{
    wf_path path;
    WF_TRY(path_of(store, name, &path, error));
    if (!wf_io_exists(store->options.io, path.text) ||
        store->options.io->unlink(store->options.io, path.text) == 0)
        return WEFT_OK;
    return wf_fail(error, WEFT_STORAGE, "io.unlink", "path", path.text, "reason", "",
                   NULL);
}

static weft_status new_key(wf_store *store, const wf_key **ret, weft_day *ret_generation,
                           weft_error *error)
{
    WF_TRY(
        wf_keys_renew(store->options.keys, WF_KEY_RECORDS, ret_generation, ret, error));
    return wf_keys_commit(store->options.keys, error);
}

static weft_status fill(wf_store *store, wf_database *db,
                        void (*progress)(void *context, uint64_t done, uint64_t all),
                        void *context, weft_error *error)
{
    wf_records *records = NULL;
    forgotten_mark mark = forgotten_now(store);
    WF_TRY(open_rows(store, db, true, &records, error));
    weft_status status = wf_store_fill(store, records, progress, context, error);
    if (status == WEFT_OK)
        status = wf_records_mark(records, "forgotten",
                                 (wf_text){mark.bytes, sizeof mark.bytes}, error);
    weft_error lost = {0};
    if (status == WEFT_OK && store->records != NULL)
        WF_IGNORE(wf_records_carry_over(records, store->records, &lost),
                  "what is lost there is found again");
    wf_records_close(records);
    return status;
}

// The new file takes the old one's place. The old one's journal goes first: beside the
// new file it would be taken for its own.
static weft_status place_file(const wf_store *store, weft_error *error)
{
    const wf_io *io = store->options.io;
    wf_path from, to;
    WF_TRY(path_of(store, "records.db.next", &from, error));
    WF_TRY(path_of(store, "records.db", &to, error));
    WF_TRY(remove_file(store, "records.db-wal", error));
    if (io->rename(io, from.text, to.text) != 0 ||
        io->sync_dir(io, store->options.city_dir) != 0)
        return wf_fail(error, WEFT_STORAGE, "io.rename", "path", to.text, "reason", "",
                       NULL);
    return WEFT_OK;
}

static weft_status place_schema(const wf_store *store, wf_database *db, weft_error *error)
{
    wf_buffer sql = {0};
    const char *name = store->options.name;
    bool done = wf_buffer_printf(&sql,
                                 "DROP SCHEMA IF EXISTS \"weft_%s\" CASCADE;"
                                 "ALTER SCHEMA \"weft_%s_next\" RENAME TO \"weft_%s\"",
                                 name, name, name) &&
                wf_buffer_append(&sql, "", 1);
    WF_TRY(wf_database_begin(db, error));
    weft_status status =
        done ? wf_database_run(db, sql.bytes, error) : wf_fail_memory(error);
    wf_buffer_done(&sql);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    wf_database_rollback(db);
    return status;
}

static weft_status make_anew(wf_store *store,
                             void (*progress)(void *context, uint64_t done, uint64_t all),
                             void *context, weft_error *error)
{
    const wf_key *key = NULL;
    weft_day generation = {0};
    wf_database *db = NULL;
    size_t destroyed;
    if (!is_remote(store)) {
        WF_TRY(remove_file(store, "records.db.next-wal", error));
        WF_TRY(remove_file(store, "records.db.next", error));
        WF_TRY(new_key(store, &key, &generation, error));
    }
    WF_TRY(open_database(store, key, true, &db, error));
    weft_status status = fill(store, db, progress, context, error);
    // Closing it says nothing when what is in its log does not come into the file, which
    // takes the old one's place without the log.
    if (status == WEFT_OK)
        status = wf_database_settle(db, error);
    // The old ones are read until then, and stay when the new could not be made.
    if (status == WEFT_OK) {
        wf_store_close_records(store);
        store->lives_lost = true;
    }
    if (status == WEFT_OK && is_remote(store))
        status = place_schema(store, db, error);
    wf_database_close(db);
    if (status == WEFT_OK && !is_remote(store))
        status = place_file(store, error);
    if (status == WEFT_OK && !is_remote(store))
        status = wf_keys_forget_before(store->options.keys, WF_KEY_RECORDS, generation,
                                       &destroyed, error);
    return status;
}

// ---- opening ----

static weft_status open_with(wf_store *store, const wf_key *key, weft_error *error)
{
    weft_status status = open_database(store, key, false, &store->db, error);
    if (status == WEFT_OK)
        status = open_rows(store, store->db, false, &store->records, error);
    if (status == WEFT_OK) {
        store->page_key = key;
        return WEFT_OK;
    }
    wf_store_close_records(store);
    return status;
}

// A file without any key of ours was made before there was a ledger: it may hold what no
// ledger has, and is not made anew over.
static weft_status check_not_older(const wf_store *store, weft_error *error)
{
    wf_path path;
    WF_TRY(path_of(store, "records.db", &path, error));
    if (!wf_io_exists(store->options.io, path.text))
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_INPUT, "records.older", "path", path.text, NULL);
}

// The rows are under the newest key, unless the making of the newest was cut off.
static weft_status open_newest(wf_store *store, weft_error *error)
{
    wf_arena arena;
    weft_day *generations = NULL;
    size_t count = 0;
    if (is_remote(store))
        return open_with(store, NULL, error);
    wf_arena_init(&arena, 1 << 20);
    weft_status status = wf_keys_days(store->options.keys, WF_KEY_RECORDS, &arena,
                                      &generations, &count, error);
    const wf_key *key = NULL;
    if (status == WEFT_OK && count == 0)
        status = check_not_older(store, error);
    if (status == WEFT_OK && count == 0) {
        weft_day first;
        status = new_key(store, &key, &first, error);
        if (status == WEFT_OK)
            status = open_with(store, key, error);
    }
    for (size_t i = count; i-- > 0;) {
        status = wf_keys_find(store->options.keys, WF_KEY_RECORDS, generations[i], &key,
                              error);
        if (status == WEFT_OK)
            status = open_with(store, key, error);
        if (status != WEFT_DAMAGED && status != WEFT_KEYLESS)
            break;
    }
    wf_arena_done(&arena);
    return status;
}

// Fresh rows are marked as made with what is forgotten now; others say what they knew.
static weft_status is_of_now(const wf_store *store, bool *ret, weft_error *error)
{
    forgotten_mark mark = forgotten_now(store);
    wf_text now = {mark.bytes, sizeof mark.bytes};
    wf_buffer known = {0};
    weft_status status = wf_records_marked(store->records, "forgotten", &known, error);
    if (status == WEFT_OK && known.size == 0 &&
        wf_records_applied_upto(store->records) == 0) {
        status = wf_records_mark(store->records, "forgotten", now, error);
        *ret = true;
    } else {
        *ret = wf_text_equal(wf_buffer_text(&known), now);
    }
    wf_buffer_done(&known);
    return status;
}

static weft_status mark_of_now(const wf_store *store, weft_error *error)
{
    forgotten_mark mark = forgotten_now(store);
    return wf_records_mark(store->records, "forgotten",
                           (wf_text){mark.bytes, sizeof mark.bytes}, error);
}

static weft_status check_not_ahead(const wf_store *store, weft_error *error)
{
    if (wf_records_applied_upto(store->records) <= wf_ledger_now(store->ledger).positions)
        return WEFT_OK;
    return wf_fail(error, WEFT_DAMAGED, "store.ledger_behind", NULL);
}

// Rows of a time when they were kept in the folder would outlive every purge there: their
// keys go first, then the files.
static weft_status leave_folder(wf_store *store, weft_error *error)
{
    static const char *const names[] = {"records.db", "records.db-wal", "records.db.next",
                                        "records.db.next-wal"};
    wf_arena arena;
    weft_day *generations = NULL;
    size_t count = 0, destroyed;
    wf_arena_init(&arena, 1 << 20);
    weft_status status = wf_keys_days(store->options.keys, WF_KEY_RECORDS, &arena,
                                      &generations, &count, error);
    if (status == WEFT_OK && count > 0)
        status = wf_keys_forget_before(store->options.keys, WF_KEY_RECORDS,
                                       (weft_day){generations[count - 1].number + 1},
                                       &destroyed, error);
    wf_arena_done(&arena);
    for (size_t i = 0; i < sizeof names / sizeof *names && status == WEFT_OK; i++)
        status = remove_file(store, names[i], error);
    return status;
}

// Rows of a restored city, or whose file was lost: making them anew, which nobody
// follows, is twice as fast as catching up with a whole ledger.
static bool are_lost(const wf_store *store)
{
    return wf_records_applied_upto(store->records) == 0 &&
           wf_ledger_now(store->ledger).positions > 0;
}

static weft_status open_records(wf_store *store, weft_error *error)
{
    bool of_now = false;
    weft_status status = open_newest(store, error);
    if (status == WEFT_OK)
        WF_TRY(check_not_ahead(store, error));
    if (status == WEFT_OK)
        status = is_of_now(store, &of_now, error);
    bool lost = status == WEFT_OK && of_now && are_lost(store);
    if (status == WEFT_OK && of_now && !lost)
        return WEFT_OK;
    if (status != WEFT_OK && status != WEFT_FOUND_WRONG && status != WEFT_DAMAGED &&
        status != WEFT_KEYLESS)
        return status;
    wf_store_close_records(store);
    wf_error_clear(error);
    // A purge may have been cut off: then the index still holds hashes of what is
    // forgotten, and rows that are lost cannot say so.
    if (!store->index_is_new)
        WF_TRY(wf_store_index_anew(store, error));
    WF_TRY(make_anew(store, NULL, NULL, error));
    return open_newest(store, error);
}

weft_status wf_store_open_rows(wf_store *store, weft_error *error)
{
    WF_TRY(open_records(store, error));
    return is_remote(store) ? leave_folder(store, error) : WEFT_OK;
}

weft_status wf_store_open_records(wf_store *store, weft_error *error)
{
    WF_TRY(wf_store_open_rows(store, error));
    return wf_store_tell_opened(store, error);
}

weft_status wf_store_rebuild(wf_store *store,
                             void (*progress)(void *context, uint64_t done, uint64_t all),
                             void *context, weft_error *error)
{
    if (store->stopped)
        WF_TRY(wf_store_index_anew(store, error));
    weft_status status = make_anew(store, progress, context, error);
    weft_error second = {0};
    weft_status opened = WEFT_OK;
    if (store->records == NULL) {
        opened = open_newest(store, &second);
        if (opened == WEFT_OK)
            opened = wf_store_tell_opened(store, &second);
        if (opened != WEFT_OK) // the next use opens them, and tells so
            wf_store_close_records(store);
    }
    WF_TRY(status);
    if (opened == WEFT_OK)
        opened = wf_store_write_life(store, &second);
    if (opened != WEFT_OK)
        *error = second;
    return opened;
}

size_t wf_store_rows_log_pages(const wf_store *store)
{
    return store->db != NULL ? wf_database_log_pages(store->db) : 0;
}

static weft_status open_beside(wf_store *store, wf_database_use use, wf_database **ret,
                               weft_error *error)
{
    wf_path path;
    wf_database *db = NULL;
    if (store->records == NULL)
        WF_TRY(wf_store_open_records(store, error));
    WF_TRY(path_of(store, "records.db", &path, error));
    wf_database_options options = {.io = store->options.io,
                                   .key = store->page_key,
                                   .where = is_remote(store) ? store->options.records
                                                             : path.text,
                                   .use = use};
    WF_TRY(wf_database_open(&options, &db, error));
    weft_status status = WEFT_OK;
    if (is_remote(store))
        status = use_schema(store, db, "", error);
    if (status != WEFT_OK)
        wf_database_close(db);
    else
        *ret = db;
    return status;
}

weft_status wf_store_reader(wf_store *store, wf_database **ret, weft_error *error)
{
    return open_beside(store, WF_DATABASE_READ, ret, error);
}

weft_status wf_store_checkpointer(wf_store *store, wf_database **ret, weft_error *error)
{
    return open_beside(store, WF_DATABASE_CHECKPOINT, ret, error);
}

// ---- forgetting ----

weft_status wf_store_purge(wf_store *store, const weft_day before[WF_KEEP_END],
                           uint64_t *ret_keys_destroyed, weft_error *error)
{
    uint64_t all = 0;
    bool was_of_now = false, of_now = false;
    if (store->records != NULL)
        WF_TRY(is_of_now(store, &was_of_now, error));
    for (int keep = 1; keep < WF_KEEP_END; keep++) {
        size_t destroyed = 0;
        wf_key_class key_class = wf_key_class_of((wf_keep)keep);
        if (before[keep].number <=
            wf_keys_forgotten_before(store->options.keys, key_class).number)
            continue;
        WF_TRY(wf_keys_forget_before(store->options.keys, key_class, before[keep],
                                     &destroyed, error));
        all += destroyed;
    }
    *ret_keys_destroyed = all;
    if (was_of_now && all == 0) // no row can rest on a day that had no key
        return mark_of_now(store, error);
    if (store->records == NULL)
        WF_TRY(wf_store_open_records(store, error));
    WF_TRY(is_of_now(store, &of_now, error));
    if (of_now)
        return WEFT_OK;
    // The index may keep no hash of what is forgotten either, nor the senders a refusal.
    WF_TRY(wf_store_index_anew(store, error));
    WF_TRY(wf_store_senders_anew(store, error));
    return wf_store_rebuild(store, NULL, NULL, error);
}
