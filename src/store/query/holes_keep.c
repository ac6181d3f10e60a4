// Keeping the table `hole`: a rule asked as a whole, or for the subjects that were
// touched.
#include <string.h>

#include "store/query/holes_inside.h"

// ---- SQL of a rule ----

bool wf_hole_rule_select(const wf_hole_rule *rule, bool by_subject, wf_buffer *to)
{
    return wf_buffer_printf(to,
                            "SELECT \"subject\", coalesce(\"grid\", '') AS \"grid\", "
                            "\"owner\", \"since\", \"due_at\" FROM (%s) AS \"weft_rule\" "
                            "WHERE \"subject\" IS NOT NULL AND \"since\" IS NOT NULL AND "
                            "\"due_at\" IS NOT NULL%s",
                            rule->file.select,
                            by_subject ? " AND \"subject\" = :weft_subject" : "");
}

weft_status wf_hole_prepare(wf_database *db, wf_buffer *sql, wf_statement **ret,
                            weft_error *error)
{
    weft_status status = wf_buffer_append(sql, "", 1)
                             ? wf_database_prepare(db, sql->bytes, ret, error)
                             : wf_fail_memory(error);
    wf_buffer_done(sql);
    return status;
}

weft_status wf_hole_take(wf_database *db, wf_buffer *sql, wf_statement **ret,
                         weft_error *error)
{
    weft_status status = wf_buffer_append(sql, "", 1)
                             ? wf_database_take(db, sql->bytes, ret, error)
                             : wf_fail_memory(error);
    wf_buffer_done(sql);
    return status;
}

void wf_hole_bind_text(wf_statement *statement, const char *name, wf_text value)
{
    int parameter = wf_statement_parameter(statement, name);
    if (parameter >= 0)
        wf_statement_bind_text(statement, parameter, value);
}

void wf_hole_bind_i64(wf_statement *statement, const char *name, int64_t value)
{
    int parameter = wf_statement_parameter(statement, name);
    if (parameter >= 0)
        wf_statement_bind_i64(statement, parameter, value);
}

void wf_hole_bind_subject(wf_statement *statement, const wf_hole_rule *rule,
                          const wf_subject *subject)
{
    if (rule->is_number)
        wf_hole_bind_i64(statement, "weft_subject", subject->number);
    else
        wf_hole_bind_text(statement, "weft_subject", subject->text);
}

wf_hole wf_hole_read(const wf_hole_rule *rule, const wf_statement *statement)
{
    wf_hole hole = {.rule = &rule->file,
                    .number = -1,
                    .grid = wf_statement_text(statement, 1),
                    .owner = wf_statement_text(statement, 2),
                    .since = {wf_statement_i64(statement, 3)},
                    .due_at = {wf_statement_i64(statement, 4)}};
    if (rule->is_number)
        hole.number = wf_statement_i64(statement, 0);
    else
        hole.subject = wf_statement_text(statement, 0);
    return hole;
}

// ---- as a whole ----

static weft_status run_kind(wf_database *db, const wf_hole_rule *rule, wf_buffer *sql,
                            weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    WF_TRY(wf_hole_prepare(db, sql, &statement, error));
    wf_hole_bind_text(statement, "weft_kind", wf_text_of(rule->file.name));
    weft_status status = wf_statement_step(statement, &row, error);
    wf_statement_free(statement);
    return status;
}

weft_status wf_hole_keep_whole(const wf_holes *holes, wf_database *db,
                               const wf_hole_rule *rule, weft_error *error)
{
    wf_buffer sql = {0}, before = {0};
    wf_hole_whole whole = {0};
    bool row = false;
    if (!wf_buffer_printf(&sql, "DELETE FROM \"hole\" WHERE \"kind\" = :weft_kind"))
        return wf_fail_memory(error);
    WF_TRY(run_kind(db, rule, &sql, error));
    bool done =
        wf_buffer_printf(&before,
                         "INSERT INTO \"hole\" (\"kind\", \"subject\", "
                         "\"number\", \"grid\", \"owner\", \"since\", "
                         "\"due_at\") SELECT :weft_kind, %s, \"grid\", "
                         "\"owner\", \"since\", \"due_at\" FROM (",
                         rule->is_number ? "'', \"subject\"" : "\"subject\", -1") &&
        wf_buffer_append(&before, "", 1);
    weft_status status =
        done ? wf_hole_whole_open(db, rule, holes->touched_max, before.bytes,
                                  ") AS \"weft_rows\" WHERE 1 = 1 ON CONFLICT DO NOTHING",
                                  &whole, error)
             : wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_hole_whole_step(&whole, rule, &row, error);
    wf_hole_whole_done(&whole);
    wf_buffer_done(&before);
    return status;
}

// ---- touched subjects ----

// The rows that a statement gives, whose texts are copied.
static weft_status collect(wf_hole_rule *rule, wf_statement *statement, wf_buffer *to,
                           weft_error *error)
{
    bool row = false;
    weft_status status;
    wf_buffer_clear(to);
    while ((status = wf_statement_step(statement, &row, error)) == WEFT_OK && row) {
        wf_hole hole = wf_hole_read(rule, statement);
        hole.grid = wf_arena_text(&rule->texts, hole.grid);
        hole.owner = wf_arena_text(&rule->texts, hole.owner);
        if (hole.grid.bytes == NULL || hole.owner.bytes == NULL ||
            !wf_buffer_append(to, &hole, sizeof hole)) {
            status = wf_fail_memory(error);
            break;
        }
    }
    wf_statement_reset(statement);
    return status;
}

static bool same(const wf_hole *a, const wf_hole *b)
{
    return a->since.us == b->since.us && a->due_at.us == b->due_at.us &&
           wf_text_equal(a->grid, b->grid) && wf_text_equal(a->owner, b->owner);
}

static bool is_among(const wf_hole *hole, const wf_buffer *rows)
{
    const wf_hole *all = (const wf_hole *)(const void *)rows->bytes;
    for (size_t i = 0; i < rows->size / sizeof *all; i++)
        if (same(hole, &all[i]))
            return true;
    return false;
}

static weft_status put(wf_statement *statement, const wf_hole_rule *rule,
                       const wf_subject *subject, const wf_hole *hole, weft_error *error)
{
    bool row = false;
    wf_statement_bind_text(statement, 0, wf_text_of(rule->file.name));
    wf_statement_bind_text(statement, 1, rule->is_number ? WF_TEXT("") : subject->text);
    wf_statement_bind_i64(statement, 2, rule->is_number ? subject->number : -1);
    wf_statement_bind_text(statement, 3, hole->grid);
    wf_statement_bind_text(statement, 4, hole->owner);
    wf_statement_bind_i64(statement, 5, hole->since.us);
    wf_statement_bind_i64(statement, 6, hole->due_at.us);
    weft_status status = wf_statement_step(statement, &row, error);
    wf_statement_reset(statement);
    return status;
}

// What stands in `from` and not in `other` is put.
static weft_status put_differences(wf_statement *statement, const wf_hole_rule *rule,
                                   const wf_subject *subject, const wf_buffer *from,
                                   const wf_buffer *other, weft_error *error)
{
    const wf_hole *all = (const wf_hole *)(const void *)from->bytes;
    for (size_t i = 0; i < from->size / sizeof *all; i++)
        if (!is_among(&all[i], other))
            WF_TRY(put(statement, rule, subject, &all[i], error));
    return WEFT_OK;
}

static weft_status keep_subject(const wf_holes *holes, wf_hole_rule *rule,
                                const wf_subject *subject, weft_error *error)
{
    wf_hole_bind_subject(rule->ask, rule, subject);
    wf_sql_numbers_bind(&rule->file, rule->numbers, rule->ask);
    WF_TRY(collect(rule, rule->ask, &rule->asked_rows, error));
    wf_hole_bind_subject(rule->held, rule, subject);
    wf_hole_bind_text(rule->held, "weft_kind", wf_text_of(rule->file.name));
    WF_TRY(collect(rule, rule->held, &rule->held_rows, error));
    WF_TRY(put_differences(holes->erase, rule, subject, &rule->held_rows,
                           &rule->asked_rows, error));
    return put_differences(holes->insert, rule, subject, &rule->asked_rows,
                           &rule->held_rows, error);
}

weft_status wf_hole_keep_touched(const wf_holes *holes, wf_hole_rule *rule,
                                 weft_error *error)
{
    weft_status status = WEFT_OK;
    wf_touched_sort(&rule->touched);
    for (size_t i = 0; status == WEFT_OK && i < rule->touched.count; i++) {
        status = keep_subject(holes, rule, &rule->touched.items[i], error);
        if (rule->texts.used_bytes > 1 << 20)
            wf_arena_done(&rule->texts);
    }
    wf_arena_done(&rule->texts);
    return status;
}
