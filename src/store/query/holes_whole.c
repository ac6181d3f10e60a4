// A rule as a whole. Most of it is asked for everybody by one SELECT. Where a subject is
// a hole only beside another with the same value ("shared"), the values are read in the
// order of their index, which alone is touched, and the rule is asked for those few whose
// value comes twice.
#include "store/query/holes_inside.h"

// ---- whose value is shared ----

// SQLite reads an index faster than it groups it (45 against 140 ns a row); a server
// would send every row over a wire.
static bool put_values(const wf_hole_rule *rule, wf_dialect dialect, wf_buffer *to)
{
    const wf_sql_shared *by = &rule->file.shared;
    bool groups = dialect == WF_DIALECT_POSTGRES;
    return wf_buffer_printf(to, "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" IS NOT NULL ",
                            by->column, by->table, by->column) &&
           (groups
                ? wf_buffer_printf(to, "GROUP BY \"%s\" HAVING count(*) > 1", by->column)
                : wf_buffer_printf(to, "ORDER BY \"%s\"", by->column));
}

typedef struct {
    wf_statement *values, *subjects;
    wf_touched found;
    size_t most;
} search;

static weft_status add_subjects(search *in, const wf_hole_rule *rule, int64_t value,
                                weft_error *error)
{
    bool row = false;
    weft_status status;
    wf_hole_bind_i64(in->subjects, "weft_value", value);
    while ((status = wf_statement_step(in->subjects, &row, error)) == WEFT_OK && row &&
           in->found.count <= in->most) {
        wf_subject subject = {.is_number = rule->is_number};
        if (rule->is_number)
            subject.number = wf_statement_i64(in->subjects, 0);
        else
            subject.text = wf_statement_text(in->subjects, 0);
        if (!wf_touched_add(&in->found, subject)) {
            status = wf_fail_memory(error);
            break;
        }
    }
    wf_statement_reset(in->subjects);
    return status;
}

static weft_status find_all(search *in, const wf_hole_rule *rule, bool grouped,
                            weft_error *error)
{
    int64_t before = 0, added = 0;
    bool row = false, any = false, any_added = false;
    weft_status status;
    while ((status = wf_statement_step(in->values, &row, error)) == WEFT_OK && row &&
           in->found.count <= in->most) {
        int64_t value = wf_statement_i64(in->values, 0);
        bool shared = grouped || (any && value == before);
        before = value;
        any = true;
        if (!shared || (any_added && added == value))
            continue;
        WF_TRY(add_subjects(in, rule, value, error));
        added = value;
        any_added = true;
    }
    return status;
}

static weft_status find_shared(wf_database *db, const wf_hole_rule *rule, search *in,
                               weft_error *error)
{
    const wf_sql_shared *by = &rule->file.shared;
    wf_dialect dialect = wf_database_dialect(db);
    wf_buffer sql = {0};
    if (!put_values(rule, dialect, &sql)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_prepare(db, &sql, &in->values, error));
    sql = (wf_buffer){0};
    if (!wf_buffer_printf(&sql, "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" = :weft_value",
                          by->key, by->table, by->column)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_prepare(db, &sql, &in->subjects, error));
    return find_all(in, rule, dialect == WF_DIALECT_POSTGRES, error);
}

// Whom the rule is to be asked for; *ret_all: everybody.
static weft_status find_subjects(wf_database *db, const wf_hole_rule *rule, size_t most,
                                 wf_touched *ret, bool *ret_all, weft_error *error)
{
    search in = {.most = most};
    *ret_all = true;
    if (rule->file.shared.table == NULL)
        return WEFT_OK;
    weft_status status = find_shared(db, rule, &in, error);
    wf_statement_free(in.values);
    wf_statement_free(in.subjects);
    if (status != WEFT_OK || in.found.count > most) {
        wf_touched_done(&in.found);
        return status;
    }
    wf_touched_sort(&in.found);
    *ret = in.found;
    *ret_all = false;
    return WEFT_OK;
}

// ---- asking ----

static weft_status prepare(wf_database *db, const wf_hole_rule *rule, const char *before,
                           const char *after, wf_hole_whole *whole, weft_error *error)
{
    wf_buffer sql = {0};
    if (!wf_buffer_printf(&sql, "%s", before) ||
        !wf_hole_rule_select(rule, whole->by_subject, &sql) ||
        !wf_buffer_printf(&sql, "%s", after)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    return wf_hole_prepare(db, &sql, &whole->statement, error);
}

weft_status wf_hole_whole_open(wf_database *db, const wf_hole_rule *rule, size_t most,
                               const char *before, const char *after, wf_hole_whole *ret,
                               weft_error *error)
{
    wf_hole_whole whole = {0};
    bool all = true;
    WF_TRY(find_subjects(db, rule, most, &whole.subjects, &all, error));
    whole.by_subject = !all;
    weft_status status = prepare(db, rule, before, after, &whole, error);
    if (status != WEFT_OK)
        wf_hole_whole_done(&whole);
    else
        *ret = whole;
    return status;
}

static void bind(const wf_hole_whole *whole, const wf_hole_rule *rule)
{
    wf_hole_bind_text(whole->statement, "weft_kind", wf_text_of(rule->file.name));
    wf_sql_numbers_bind(&rule->file, rule->numbers, whole->statement);
    if (whole->by_subject)
        wf_hole_bind_subject(whole->statement, rule, &whole->subjects.items[whole->next]);
}

weft_status wf_hole_whole_step(wf_hole_whole *whole, const wf_hole_rule *rule,
                               bool *ret_row, weft_error *error)
{
    size_t runs = whole->by_subject ? whole->subjects.count : 1;
    while (whole->next < runs) {
        bool row = false;
        if (!whole->runs)
            bind(whole, rule);
        WF_TRY(wf_statement_step(whole->statement, &row, error));
        whole->runs = row;
        if (row) {
            *ret_row = true;
            return WEFT_OK;
        }
        wf_statement_reset(whole->statement);
        whole->next++;
    }
    *ret_row = false;
    return WEFT_OK;
}

void wf_hole_whole_done(wf_hole_whole *whole)
{
    wf_statement_free(whole->statement);
    wf_touched_done(&whole->subjects);
    *whole = (wf_hole_whole){0};
}
