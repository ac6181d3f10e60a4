#include "store/records/records.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/records/inside.h"

// The tables beside those of the kinds.
//
// dead_facts are those that amendments have made dead: what rests on a fact (an order on
// its reasons) asks here. sender_gap is kept by store_gaps.c.
static const char *const fixed_tables[2] = {
    [WF_DIALECT_SQLITE] =
        "CREATE TABLE \"about\" (\"name\" TEXT NOT NULL PRIMARY KEY, \"number\" INTEGER, "
        "\"bytes\" BLOB) STRICT, WITHOUT ROWID;"
        "CREATE TABLE \"amendments\" (\"device\" TEXT NOT NULL, \"seq\" INTEGER NOT "
        "NULL, "
        "\"at\" INTEGER NOT NULL, \"target_device\" TEXT NOT NULL, "
        "\"target_seq\" INTEGER NOT NULL, \"withdraws\" INTEGER NOT NULL, "
        "PRIMARY KEY (\"device\", \"seq\")) STRICT, WITHOUT ROWID;"
        "CREATE TABLE \"dead_facts\" (\"fact\" TEXT NOT NULL PRIMARY KEY) STRICT, "
        "WITHOUT ROWID;"
        "CREATE TABLE \"sender_gap\" (\"device\" TEXT NOT NULL, \"first_seq\" INTEGER "
        "NOT NULL, \"last_seq\" INTEGER NOT NULL, \"since\" INTEGER NOT NULL, "
        "\"by_refusal\" INTEGER NOT NULL, PRIMARY KEY (\"device\", \"first_seq\")) "
        "STRICT, WITHOUT ROWID;",
    [WF_DIALECT_POSTGRES] =
        "CREATE TABLE \"about\" (\"name\" TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, "
        "\"number\" BIGINT, \"bytes\" BYTEA);"
        "CREATE TABLE \"amendments\" (\"device\" TEXT COLLATE \"C\" NOT NULL, "
        "\"seq\" BIGINT NOT NULL, \"at\" BIGINT NOT NULL, "
        "\"target_device\" TEXT COLLATE \"C\" NOT NULL, \"target_seq\" BIGINT NOT NULL, "
        "\"withdraws\" BIGINT NOT NULL, PRIMARY KEY (\"device\", \"seq\"));"
        "CREATE TABLE \"dead_facts\" (\"fact\" TEXT COLLATE \"C\" NOT NULL PRIMARY KEY);"
        "CREATE TABLE \"sender_gap\" (\"device\" TEXT COLLATE \"C\" NOT NULL, "
        "\"first_seq\" BIGINT NOT NULL, \"last_seq\" BIGINT NOT NULL, \"since\" BIGINT "
        "NOT NULL, \"by_refusal\" BIGINT NOT NULL, PRIMARY KEY (\"device\", "
        "\"first_seq\"));",
};

// ---- the schema ----

static weft_status schema_of(const wf_records *records, wf_buffer *ret, weft_error *error)
{
    wf_dialect dialect = wf_database_dialect(records->db);
    if (!wf_buffer_printf(ret, "%s", fixed_tables[dialect]))
        return wf_fail_memory(error);
    for (size_t i = 0; i < records->kinds->tables_count; i++) {
        WF_TRY(wf_form_create(&records->tables[i].form, dialect, ret, error));
        if (!wf_buffer_printf(ret, ";\n"))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// What rows depend on beside the facts: the schema, the projections, the fold.
static weft_status schema_hash(const wf_records *records, wf_text schema,
                               unsigned char ret[32], weft_error *error)
{
    wf_buffer all = {0};
    bool done = wf_buffer_append(&all, schema.bytes, schema.size) &&
                wf_buffer_printf(&all, "apply %d\n", WF_APPLY_VERSION);
    for (size_t i = 0; done && i < records->kinds->tables_count; i++)
        done = wf_form_make_indexes(&records->tables[i].form, &all, error) == WEFT_OK;
    for (size_t i = 0; done && i < records->kinds->kinds_count; i++) {
        const wf_kind *kind = records->kinds->kinds[i];
        done = wf_buffer_printf(&all, "%s %u\n", kind->name, kind->number);
        for (size_t k = 0; done && k < kind->projections_count; k++) {
            const wf_projection *to = &kind->projections[k];
            done = wf_buffer_printf(&all, " %s %s\n", to->table->name,
                                    to->each != NULL ? to->each : "");
            for (size_t m = 0; done && m < to->sources_count; m++) {
                const wf_column_source *from = &to->sources[m];
                done = wf_buffer_printf(&all, "  %s %s %lld %s %s\n", from->column,
                                        from->field != NULL ? from->field : "",
                                        (long long)from->constant,
                                        from->if_field != NULL ? from->if_field : "",
                                        from->if_word != NULL ? from->if_word : "");
            }
        }
    }
    if (done)
        WF_ASSERT(crypto_generichash(ret, 32, (const unsigned char *)all.bytes, all.size,
                                     NULL, 0) == 0);
    wf_buffer_done(&all);
    return done ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_records_put_about(wf_records *records, const char *name, int64_t number,
                                 wf_text bytes, weft_error *error)
{
    bool row;
    wf_statement_bind_text(records->put_about, 0, wf_text_of(name));
    wf_statement_bind_i64(records->put_about, 1, number);
    wf_statement_bind_blob(records->put_about, 2, bytes);
    weft_status status = wf_statement_step(records->put_about, &row, error);
    wf_statement_reset(records->put_about);
    return status;
}

weft_status wf_records_put_applied(wf_records *records, uint64_t upto, weft_time newest,
                                   weft_error *error)
{
    WF_TRY(wf_records_put_about(records, "newest", newest.us, WF_TEXT(""), error));
    return wf_records_put_about(records, "applied", (int64_t)upto, WF_TEXT(""), error);
}

weft_time wf_records_later(weft_time newest, const wf_entry *entry)
{
    wf_text own = WF_TEXT("weft/refused");
    if (entry->fact.at.us <= newest.us || wf_text_equal(entry->fact.id.device, own))
        return newest;
    return entry->fact.at;
}

static weft_status prepare_about(wf_records *records, weft_error *error)
{
    return wf_database_prepare(
        records->db,
        "INSERT INTO \"about\" (\"name\", \"number\", \"bytes\") VALUES (:name, :number, "
        ":bytes) ON CONFLICT (\"name\") DO UPDATE SET \"number\" = excluded.\"number\", "
        "\"bytes\" = excluded.\"bytes\"",
        &records->put_about, error);
}

static weft_status make_tables(wf_records *records, wf_text schema,
                               const unsigned char hash[32], weft_error *error)
{
    WF_TRY(wf_database_begin(records->db, error));
    weft_status status = wf_database_run(records->db, schema.bytes, error);
    if (status == WEFT_OK)
        status = prepare_about(records, error);
    if (status == WEFT_OK)
        status = wf_records_put_about(records, "schema", 1,
                                      (wf_text){(const char *)hash, 32}, error);
    if (status == WEFT_OK)
        status = wf_records_put_applied(records, 0, WF_TIME_NONE, error);
    if (status == WEFT_OK)
        return wf_database_commit(records->db, error);
    wf_database_rollback(records->db);
    return status;
}

// The number and bytes that stand under a name; 0 and empty when nothing does.
static weft_status read_about(const wf_records *records, const char *name,
                              int64_t *ret_number, wf_buffer *ret_bytes,
                              weft_error *error)
{
    wf_statement *find = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(
        records->db, "SELECT \"number\", \"bytes\" FROM \"about\" WHERE \"name\" = :name",
        &find, error));
    wf_statement_bind_text(find, 0, wf_text_of(name));
    weft_status status = wf_statement_step(find, &row, error);
    if (status == WEFT_OK && row) {
        wf_text bytes = wf_statement_blob(find, 1);
        *ret_number = wf_statement_i64(find, 0);
        if (!wf_buffer_append(ret_bytes, bytes.bytes, bytes.size))
            status = wf_fail_memory(error);
    }
    wf_statement_free(find);
    return status;
}

static weft_status is_empty(const wf_records *records, bool *ret, weft_error *error)
{
    static const char *const count_tables[2] = {
        [WF_DIALECT_SQLITE] = "SELECT count(*) FROM sqlite_schema",
        [WF_DIALECT_POSTGRES] = "SELECT count(*) FROM information_schema.tables WHERE "
                                "table_schema = current_schema()",
    };
    int64_t count = 0;
    WF_TRY(wf_database_number(records->db, count_tables[wf_database_dialect(records->db)],
                              0, &count, error));
    *ret = count == 0;
    return WEFT_OK;
}

static weft_status check_schema(wf_records *records, const unsigned char hash[32],
                                weft_error *error)
{
    int64_t number = 0, applied = 0, newest = 0;
    wf_buffer bytes = {0};
    weft_status status = read_about(records, "schema", &number, &bytes, error);
    bool same =
        status == WEFT_OK && bytes.size == 32 && memcmp(bytes.bytes, hash, 32) == 0;
    wf_buffer_clear(&bytes);
    if (same)
        status = read_about(records, "applied", &applied, &bytes, error);
    if (same && status == WEFT_OK)
        status = read_about(records, "newest", &newest, &bytes, error);
    wf_buffer_done(&bytes);
    WF_TRY(status);
    if (!same)
        return wf_fail(error, WEFT_FOUND_WRONG, "records.other", NULL);
    if (applied < 0)
        return wf_database_damaged(records->db, error);
    records->applied_upto = (uint64_t)applied;
    records->newest = (weft_time){newest};
    return prepare_about(records, error);
}

static weft_status open_schema(wf_records *records, weft_error *error)
{
    wf_buffer schema = {0};
    unsigned char hash[32];
    bool empty = false;
    weft_status status = schema_of(records, &schema, error);
    if (status == WEFT_OK)
        status = schema_hash(records, wf_buffer_text(&schema), hash, error);
    if (status == WEFT_OK)
        status = is_empty(records, &empty, error);
    if (status == WEFT_OK)
        status = empty ? make_tables(records, wf_buffer_text(&schema), hash, error)
                       : check_schema(records, hash, error);
    wf_buffer_done(&schema);
    return status;
}

// ---- indexes ----

weft_status wf_records_index(wf_records *records, const wf_records_table *table,
                             bool make, weft_error *error)
{
    wf_buffer sql = {0};
    weft_status status = make ? wf_form_make_indexes(&table->form, &sql, error)
                              : wf_form_drop_indexes(&table->form, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_run(records->db, sql.bytes, error);
    wf_buffer_done(&sql);
    return status;
}

static weft_status make_indexes_each(wf_records *records, weft_error *error)
{
    for (size_t i = 0; i < records->kinds->tables_count; i++)
        if (records->tables[i].form.has_indexes)
            WF_TRY(wf_records_index(records, &records->tables[i], true, error));
    return WEFT_OK;
}

// Of few rows in one commit, which is most of what making a city costs otherwise. Of many
// each in its own: what is done stays done, and the log need not hold all of them.
static weft_status make_indexes(wf_records *records, weft_error *error)
{
    enum { few_facts = 10000 };
    if (records->applied_upto > few_facts)
        return make_indexes_each(records, error);
    WF_TRY(wf_database_begin(records->db, error));
    weft_status status = make_indexes_each(records, error);
    if (status == WEFT_OK)
        return wf_database_commit(records->db, error);
    wf_database_rollback(records->db);
    return status;
}

// ---- statements ----

// Those of the tables are prepared when they are first needed (rows.c): there are
// hundreds, and on a server each costs two round trips.
static weft_status prepare_shared(wf_records *records, weft_error *error)
{
    WF_TRY(wf_database_prepare(
        records->db,
        "INSERT INTO \"amendments\" (\"device\", \"seq\", \"at\", \"target_device\", "
        "\"target_seq\", \"withdraws\") VALUES (:device, :seq, :at, :target_device, "
        ":target_seq, :withdraws) ON CONFLICT (\"device\", \"seq\") DO NOTHING",
        &records->put_amendment, error));
    WF_TRY(wf_database_prepare(records->db,
                               "INSERT INTO \"dead_facts\" (\"fact\") VALUES (:fact) ON "
                               "CONFLICT (\"fact\") DO NOTHING",
                               &records->put_dead, error));
    return wf_database_prepare(records->db,
                               "DELETE FROM \"dead_facts\" WHERE \"fact\" = :fact",
                               &records->erase_dead, error);
}

// ---- opening ----

static weft_status read_amendments(wf_records *records, weft_error *error)
{
    wf_statement *all = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(
        records->db,
        "SELECT \"device\", \"seq\", \"at\", \"target_device\", \"target_seq\", "
        "\"withdraws\" FROM \"amendments\"",
        &all, error));
    weft_status status;
    while ((status = wf_statement_step(all, &row, error)) == WEFT_OK && row) {
        wf_identity id = {wf_statement_text(all, 0), wf_statement_i64(all, 1)};
        wf_identity target = {wf_statement_text(all, 3), wf_statement_i64(all, 4)};
        weft_time at = {wf_statement_i64(all, 2)};
        status = wf_amendments_add(records->amendments, id, at, target,
                                   wf_statement_i64(all, 5) != 0, error);
        if (status != WEFT_OK)
            break;
    }
    wf_statement_free(all);
    return status;
}

static weft_status open_parts(wf_records *records, const wf_records_options *options,
                              weft_error *error)
{
    records->tables = calloc(options->kinds->tables_count, sizeof *records->tables);
    if (records->tables == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < options->kinds->tables_count; i++)
        wf_form_init(&records->tables[i].form, options->kinds->tables[i]);
    WF_TRY(wf_plans_new(options->kinds, options->zone, &records->plans, error));
    WF_TRY(wf_amendments_new(&records->amendments, error));
    WF_TRY(wf_record_keys_make(options->keys, &records->keys, error));
    WF_TRY(wf_records_watchers_make(records, error));
    WF_TRY(open_schema(records, error));
    if (!options->being_made)
        WF_TRY(make_indexes(records, error));
    WF_TRY(prepare_shared(records, error));
    return read_amendments(records, error);
}

weft_status wf_records_open(const wf_records_options *options, wf_records **ret,
                            weft_error *error)
{
    wf_records *records = calloc(1, sizeof *records);
    if (records == NULL)
        return wf_fail_memory(error);
    records->db = options->db;
    records->kinds = options->kinds;
    records->numbers = options->numbers;
    records->ledger = options->ledger;
    records->index = options->index;
    records->followers = options->followers;
    records->followers_count = options->followers_count;
    records->newest = WF_TIME_NONE;
    weft_status status = open_parts(records, options, error);
    if (status != WEFT_OK) {
        wf_records_close(records);
        return status;
    }
    *ret = records;
    return WEFT_OK;
}

void wf_records_close(wf_records *records)
{
    if (records == NULL)
        return;
    for (size_t i = 0; records->tables != NULL && i < records->kinds->tables_count; i++) {
        wf_statement_free(records->tables[i].find);
        wf_statement_free(records->tables[i].upsert);
        wf_statement_free(records->tables[i].erase);
    }
    wf_statement_free(records->put_about);
    wf_statement_free(records->put_amendment);
    wf_statement_free(records->put_dead);
    wf_statement_free(records->erase_dead);
    wf_amendments_free(records->amendments);
    wf_plans_free(records->plans);
    wf_record_done(&records->row);
    wf_buffer_wipe(&records->room.sealed);
    wf_buffer_done(&records->room.stamps);
    sodium_memzero(&records->keys, sizeof records->keys);
    free(records->watchers);
    free(records->tables);
    free(records);
}

weft_time wf_records_newest(const wf_records *records)
{
    return records->newest;
}

uint64_t wf_records_applied_upto(const wf_records *records)
{
    return __atomic_load_n(&records->applied_upto, __ATOMIC_ACQUIRE);
}

weft_status wf_records_senders(wf_records *records, uint64_t *ret_upto, wf_buffer *ret,
                               weft_error *error)
{
    int64_t upto = 0;
    WF_TRY(read_about(records, "senders", &upto, ret, error));
    *ret_upto = (uint64_t)upto;
    return WEFT_OK;
}

weft_status wf_records_mark(wf_records *records, const char *name, wf_text bytes,
                            weft_error *error)
{
    WF_TRY(wf_database_begin(records->db, error));
    weft_status status = wf_records_put_about(records, name, 0, bytes, error);
    if (status == WEFT_OK)
        return wf_database_commit(records->db, error);
    wf_database_rollback(records->db);
    return status;
}

static weft_status copy_kept(wf_records *records, wf_statement *kept, weft_error *error)
{
    bool row = false;
    wf_statement_bind_text(kept, 0, WF_TEXT(WF_RECORDS_KEPT));
    wf_statement_bind_text(kept, 1, WF_TEXT("kept0")); // the text behind all of them
    for (;;) {
        WF_TRY(wf_statement_step(kept, &row, error));
        if (!row)
            return WEFT_OK;
        wf_buffer name = {0};
        wf_text text = wf_statement_text(kept, 0);
        weft_status status =
            wf_buffer_append(&name, text.bytes, text.size) &&
                    wf_buffer_append(&name, "", 1)
                ? wf_records_put_about(records, name.bytes, wf_statement_i64(kept, 1),
                                       wf_statement_blob(kept, 2), error)
                : wf_fail_memory(error);
        wf_buffer_done(&name);
        WF_TRY(status);
    }
}

weft_status wf_records_carry_over(wf_records *records, const wf_records *from,
                                  weft_error *error)
{
    wf_statement *kept = NULL;
    WF_TRY(wf_database_prepare(
        from->db,
        "SELECT \"name\", \"number\", \"bytes\" FROM \"about\" WHERE \"name\" >= :first "
        "AND \"name\" < :behind",
        &kept, error));
    weft_status status = wf_database_begin(records->db, error);
    if (status == WEFT_OK) {
        status = copy_kept(records, kept, error);
        if (status == WEFT_OK)
            status = wf_database_commit(records->db, error);
        else
            wf_database_rollback(records->db);
    }
    wf_statement_reset(kept);
    wf_statement_free(kept);
    return status;
}

weft_status wf_records_marked(wf_records *records, const char *name, wf_buffer *ret,
                              weft_error *error)
{
    int64_t unused;
    return read_about(records, name, &unused, ret, error);
}
