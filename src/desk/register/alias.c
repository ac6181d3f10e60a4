#include "desk/register/alias.h"

#include <stdlib.h>
#include <string.h>

#include "desk/register/sql.h"
#include "model/ids.h"

enum { bits_bytes = WF_NUMBER_LIMIT / 8 };

struct wf_alias {
    wf_numbers numbers;
    // Of the database that was opened.
    wf_statement *same_as, *put, *erase;
    wf_buffer touched; // of uint32_t: ids of pairs that have changed
};

weft_status wf_alias_new(wf_numbers numbers, wf_alias **ret, weft_error *error)
{
    wf_alias *alias = calloc(1, sizeof *alias);
    if (alias == NULL)
        return wf_fail_memory(error);
    alias->numbers = numbers;
    *ret = alias;
    return WEFT_OK;
}

void wf_alias_free(wf_alias *alias)
{
    if (alias == NULL)
        return;
    wf_buffer_done(&alias->touched);
    free(alias);
}

static bool append(wf_buffer *to, uint32_t person)
{
    return wf_buffer_append(to, &person, sizeof person);
}

static const uint32_t *persons_of(const wf_buffer *buffer)
{
    return (const uint32_t *)(const void *)buffer->bytes;
}

// Appends the persons of a statement's first column; resets it.
static weft_status read_persons(wf_statement *statement, wf_database *db, wf_buffer *ret,
                                weft_error *error)
{
    bool row = false;
    weft_status status;
    while ((status = wf_statement_step(statement, &row, error)) == WEFT_OK && row) {
        int64_t person = wf_statement_i64(statement, 0);
        if (person < 0 || person >= WF_NUMBER_LIMIT)
            status = wf_database_damaged(db, error);
        else if (!append(ret, (uint32_t)person))
            status = wf_fail_memory(error);
        if (status != WEFT_OK)
            break;
    }
    wf_statement_reset(statement);
    return status;
}

// ---- one person ----

// Persons who were found in a pass, a bit each.
static bool enter(unsigned char *found, uint32_t person)
{
    bool fresh = (found[person / 8] >> (person % 8) & 1) == 0;
    found[person / 8] |= (unsigned char)(1U << (person % 8));
    return fresh;
}

// All ids that are joined with the first of `ids`, behind it.
static weft_status find_ids(wf_alias *alias, wf_database *db, unsigned char *found,
                            wf_buffer *ids, weft_error *error)
{
    wf_buffer near = {0};
    weft_status status = WEFT_OK;
    for (size_t i = 0; status == WEFT_OK && i < ids->size / sizeof(uint32_t); i++) {
        wf_buffer_clear(&near);
        wf_statement_bind_i64(alias->same_as, 0, persons_of(ids)[i]);
        status = read_persons(alias->same_as, db, &near, error);
        for (size_t k = 0; status == WEFT_OK && k < near.size / sizeof(uint32_t); k++)
            if (enter(found, persons_of(&near)[k]) && !append(ids, persons_of(&near)[k]))
                status = wf_fail_memory(error);
    }
    wf_buffer_done(&near);
    return status;
}

static wf_text text_of(const wf_alias *alias, uint32_t person)
{
    return alias->numbers.text_of(alias->numbers.context, WF_COLUMN_PERSON, person);
}

// Numbers are those of arrival: what is answered goes by the ids themselves.
static int by_id(const void *a, const void *b, void *context)
{
    const wf_alias *alias = context; // not changed
    return wf_text_compare(text_of(alias, *(const uint32_t *)a),
                           text_of(alias, *(const uint32_t *)b));
}

static weft_status run(wf_statement *statement, weft_error *error)
{
    bool row;
    weft_status status = wf_statement_step(statement, &row, error);
    wf_statement_reset(statement);
    return status;
}

static weft_status write_ids(wf_alias *alias, wf_buffer *ids, weft_error *error)
{
    size_t count = ids->size / sizeof(uint32_t);
    uint32_t *persons = (uint32_t *)(void *)ids->bytes;
    if (count == 1) {
        wf_statement_bind_i64(alias->erase, 0, persons[0]);
        return run(alias->erase, error);
    }
    qsort_r(persons, count, sizeof *persons, by_id, alias);
    for (size_t i = 0; i < count; i++) {
        wf_statement_bind_i64(alias->put, 0, persons[i]);
        wf_statement_bind_i64(alias->put, 1, persons[0]);
        wf_statement_bind_i64(alias->put, 2, (int64_t)i);
        WF_TRY(run(alias->put, error));
    }
    return WEFT_OK;
}

// ---- a pass over those who were touched ----

static weft_status write_touched(wf_alias *alias, wf_database *db, weft_error *error)
{
    size_t count = alias->touched.size / sizeof(uint32_t);
    if (count == 0)
        return WEFT_OK;
    unsigned char *found = calloc(bits_bytes, 1);
    wf_buffer ids = {0};
    weft_status status = found == NULL ? wf_fail_memory(error) : WEFT_OK;
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        uint32_t person = persons_of(&alias->touched)[i];
        if (!enter(found, person))
            continue;
        wf_buffer_clear(&ids);
        status = append(&ids, person) ? find_ids(alias, db, found, &ids, error)
                                      : wf_fail_memory(error);
        if (status == WEFT_OK)
            status = write_ids(alias, &ids, error);
    }
    wf_buffer_done(&ids);
    free(found);
    return status;
}

// ---- following ----

enum { same_a, same_b, same_same };

static weft_status changed(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error)
{
    wf_alias *alias = context;
    const wf_value *row = after != NULL ? after : before;
    if (append(&alias->touched, (uint32_t)row[same_a].number) &&
        append(&alias->touched, (uint32_t)row[same_b].number))
        return WEFT_OK;
    return wf_fail_memory(error);
}

static weft_status before_commit(void *context, wf_database *db, weft_error *error)
{
    return write_touched(context, db, error);
}

static void ended(void *context, bool committed)
{
    wf_alias *alias = context;
    (void)committed;
    wf_buffer_clear(&alias->touched);
}

static void closing(void *context)
{
    wf_alias *alias = context;
    wf_statement_free(alias->same_as);
    wf_statement_free(alias->put);
    wf_statement_free(alias->erase);
    alias->same_as = alias->put = alias->erase = NULL;
}

static weft_status prepare(wf_alias *alias, wf_database *db, weft_error *error)
{
    closing(alias);
    WF_TRY(wf_database_prepare(db, WF_SQL_SAME_AS, &alias->same_as, error));
    WF_TRY(wf_database_prepare(
        db,
        "INSERT INTO \"alias\" (\"person\", \"same_as\", \"rank\") VALUES (:person, "
        ":same_as, :rank) ON CONFLICT (\"person\") DO UPDATE SET \"same_as\" = "
        "excluded.\"same_as\", \"rank\" = excluded.\"rank\"",
        &alias->put, error));
    return wf_database_prepare(db, "DELETE FROM \"alias\" WHERE \"person\" = :person",
                               &alias->erase, error);
}

typedef enum { NO_TABLE, WITHOUT_RANK, WHOLE_TABLE } standing;

// What stands there: the table had no ranks once.
static weft_status find_table(wf_database *db, standing *ret, weft_error *error)
{
    static const char *const count_columns[2] = {
        [WF_DIALECT_SQLITE] = "SELECT count(*) FROM pragma_table_info('alias')",
        [WF_DIALECT_POSTGRES] =
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = "
            "current_schema() AND table_name = 'alias'",
    };
    int64_t count = 0;
    WF_TRY(
        wf_database_number(db, count_columns[wf_database_dialect(db)], 0, &count, error));
    *ret = count == 0 ? NO_TABLE : count == 2 ? WITHOUT_RANK : WHOLE_TABLE;
    return WEFT_OK;
}

static weft_status fill_table(wf_alias *alias, wf_database *db, bool has_table,
                              weft_error *error)
{
    static const char *const tables[2] = {
        [WF_DIALECT_SQLITE] =
            "CREATE TABLE \"alias\" (\"person\" INTEGER NOT NULL PRIMARY KEY, "
            "\"same_as\" INTEGER NOT NULL, \"rank\" INTEGER NOT NULL) STRICT;"
            "CREATE INDEX \"alias_same_as\" ON \"alias\" (\"same_as\")",
        [WF_DIALECT_POSTGRES] =
            "CREATE TABLE \"alias\" (\"person\" BIGINT NOT NULL PRIMARY KEY, "
            "\"same_as\" BIGINT NOT NULL, \"rank\" BIGINT NOT NULL);"
            "CREATE INDEX \"alias_same_as\" ON \"alias\" (\"same_as\")",
    };
    static const char *const add_rank[2] = {
        [WF_DIALECT_SQLITE] =
            "ALTER TABLE \"alias\" ADD COLUMN \"rank\" INTEGER NOT NULL DEFAULT 0",
        [WF_DIALECT_POSTGRES] =
            "ALTER TABLE \"alias\" ADD COLUMN \"rank\" BIGINT NOT NULL DEFAULT 0",
    };
    wf_statement *joined = NULL;
    wf_dialect dialect = wf_database_dialect(db);
    WF_TRY(wf_database_run(db, has_table ? add_rank[dialect] : tables[dialect], error));
    WF_TRY(prepare(alias, db, error));
    WF_TRY(wf_database_prepare(db, WF_SQL_JOINED, &joined, error));
    weft_status status = read_persons(joined, db, &alias->touched, error);
    wf_statement_free(joined);
    return status == WEFT_OK ? write_touched(alias, db, error) : status;
}

// Rows that are made anew have no such table yet: it is made from theirs. Where it is, it
// has followed every transaction.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    wf_alias *alias = context;
    standing found = NO_TABLE;
    WF_TRY(find_table(db, &found, error));
    if (found == WHOLE_TABLE)
        return prepare(alias, db, error);
    WF_TRY(wf_database_begin(db, error));
    weft_status status = fill_table(alias, db, found != NO_TABLE, error);
    wf_buffer_clear(&alias->touched);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    closing(alias);
    wf_database_rollback(db);
    return status;
}

wf_follower wf_alias_follower(wf_alias *alias)
{
    static const wf_watch watches[] = {
        {"person_same", {"a", "b", "same"}, changed, NULL},
    };
    return (wf_follower){.watches = watches,
                         .watches_count = sizeof watches / sizeof *watches,
                         .opened = opened,
                         .before_commit = before_commit,
                         .closing = closing,
                         .ended = ended,
                         .context = alias};
}

// ---- asking ----

weft_status wf_alias_members(wf_database *db, uint32_t person, wf_buffer *ret,
                             weft_error *error)
{
    wf_statement *members = NULL;
    size_t before = ret->size;
    WF_TRY(wf_database_prepare(db, WF_SQL_ALIAS_MEMBERS, &members, error));
    wf_statement_bind_i64(members, 0, person);
    weft_status status = read_persons(members, db, ret, error);
    wf_statement_free(members);
    if (status == WEFT_OK && ret->size == before && !append(ret, person))
        status = wf_fail_memory(error);
    return status;
}

weft_status wf_alias_read_shown(wf_database *db, wf_buffer *ret, weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_take(db, WF_SQL_SHOWN_IDS, &row, error));
    weft_status status;
    while ((status = wf_statement_step(row, &found, error)) == WEFT_OK && found) {
        wf_alias_shown one = {(uint32_t)wf_statement_i64(row, 0),
                              (uint32_t)wf_statement_i64(row, 1)};
        if (!wf_buffer_append(ret, &one, sizeof one)) {
            status = wf_fail_memory(error);
            break;
        }
    }
    wf_statement_give_back(row);
    return status;
}

static int by_person(const void *a, const void *b)
{
    uint32_t one = ((const wf_alias_shown *)a)->person;
    uint32_t other = ((const wf_alias_shown *)b)->person;
    return (one > other) - (one < other);
}

const wf_alias_shown *wf_alias_find_shown(const wf_buffer *all, uint32_t person)
{
    const wf_alias_shown key = {person, 0};
    return all->size == 0
               ? NULL
               : bsearch(&key, all->bytes, all->size / sizeof key, sizeof key, by_person);
}
