#include "store/query/publish.h"

#include <sodium.h>
#include <string.h>

// CREATE VIEW "testing_tubes" AS …;
static bool put_view(const wf_sql_file *file, wf_buffer *to)
{
    const char *slash = strchr(file->name, '/');
    WF_ASSERT(slash != NULL);
    return wf_buffer_printf(to, "CREATE VIEW \"%.*s_%s\" AS\n%s;\n",
                            (int)(slash - file->name), file->name, slash + 1,
                            file->select);
}

// Most files are not published, and are read elsewhere: here a file that cannot say so is
// not taken apart.
static bool may_be_published(const wf_sql_text *text)
{
    return strstr(text->text, "publish:") != NULL;
}

static weft_status put_views(const wf_sql_text *texts, size_t count,
                             const wf_kinds *kinds, wf_buffer *ret, weft_error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        if (!may_be_published(&texts[i]))
            continue;
        if (!wf_sql_file_read(&texts[i], kinds, &arena, &file, why))
            WF_BUG(why);
        done = !file.publish || put_view(&file, ret);
        wf_arena_done(&arena);
    }
    return done && wf_buffer_append(ret, "", 1) ? WEFT_OK : wf_fail_memory(error);
}

// Never 0, which stands for none.
static int64_t hash_of(const wf_buffer *views)
{
    unsigned char bytes[16];
    int64_t hash;
    WF_ASSERT(crypto_generichash(bytes, sizeof bytes, (const unsigned char *)views->bytes,
                                 views->size, NULL, 0) == 0);
    memcpy(&hash, bytes, sizeof hash);
    return hash == 0 ? 1 : hash;
}

// One of the views that stand there; "" when there is none.
static weft_status find_one(wf_database *db, wf_buffer *ret, weft_error *error)
{
    static const char *const names[2] = {
        [WF_DIALECT_SQLITE] =
            "SELECT \"name\" FROM sqlite_schema WHERE \"type\" = 'view'",
        [WF_DIALECT_POSTGRES] = "SELECT table_name FROM information_schema.views WHERE "
                                "table_schema = current_schema()",
    };
    wf_statement *find = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, names[wf_database_dialect(db)], &find, error));
    weft_status status = wf_statement_step(find, &row, error);
    if (status == WEFT_OK && row) {
        wf_text name = wf_statement_text(find, 0);
        const char *end =
            wf_database_dialect(db) == WF_DIALECT_POSTGRES ? " CASCADE" : "";
        if (!wf_buffer_printf(ret, "DROP VIEW \"%.*s\"%s", (int)name.size, name.bytes,
                              end) ||
            !wf_buffer_append(ret, "", 1))
            status = wf_fail_memory(error);
    }
    wf_statement_free(find);
    return status;
}

static weft_status drop_all(wf_database *db, weft_error *error)
{
    wf_buffer sql = {0};
    weft_status status;
    do {
        wf_buffer_clear(&sql);
        status = find_one(db, &sql, error);
        if (status == WEFT_OK && sql.size > 0)
            status = wf_database_run(db, sql.bytes, error);
    } while (status == WEFT_OK && sql.size > 0);
    wf_buffer_done(&sql);
    return status;
}

static weft_status put_hash(wf_database *db, int64_t hash, weft_error *error)
{
    wf_statement *put = NULL;
    bool row;
    WF_TRY(wf_database_prepare(
        db,
        "INSERT INTO \"about\" (\"name\", \"number\") VALUES ('published', :number) ON "
        "CONFLICT (\"name\") DO UPDATE SET \"number\" = excluded.\"number\"",
        &put, error));
    wf_statement_bind_i64(put, 0, hash);
    weft_status status = wf_statement_step(put, &row, error);
    wf_statement_free(put);
    return status;
}

static weft_status replace(wf_database *db, const wf_buffer *views, int64_t hash,
                           weft_error *error)
{
    WF_TRY(wf_database_begin(db, error));
    weft_status status = drop_all(db, error);
    if (status == WEFT_OK && views->size > 1)
        status = wf_database_run(db, views->bytes, error);
    if (status == WEFT_OK)
        status = put_hash(db, hash, error);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    wf_database_rollback(db);
    return status;
}

weft_status wf_views_publish(wf_database *db, const wf_sql_text *texts, size_t count,
                             const wf_kinds *kinds, weft_error *error)
{
    wf_buffer views = {0};
    int64_t standing = 0;
    weft_status status = put_views(texts, count, kinds, &views, error);
    if (status == WEFT_OK)
        status = wf_database_number(
            db, "SELECT \"number\" FROM \"about\" WHERE \"name\" = 'published'", 0,
            &standing, error);
    if (status == WEFT_OK && standing != hash_of(&views))
        status = replace(db, &views, hash_of(&views), error);
    wf_buffer_done(&views);
    return status;
}
