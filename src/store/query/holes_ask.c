// Sums and checks of holes, by readers.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/query/holes_inside.h"

// ---- the table ----

static bool put_where(const wf_holes_query *query, wf_buffer *to)
{
    const char *before = " WHERE ";
    bool done = true;
    if (query->rule != SIZE_MAX) {
        done = wf_buffer_printf(to, "%s\"kind\" = :weft_kind", before);
        before = " AND ";
    }
    if (query->grid.size > 0 && done)
        done = wf_buffer_printf(to, "%s" WF_HOLE_IN_GRID, before);
    return done;
}

static const wf_hole_rule *rule_named(const wf_holes *holes, wf_text name)
{
    for (size_t i = 0; i < holes->rules_count; i++)
        if (wf_text_equal(wf_text_of(holes->rules[i].file.name), name))
            return &holes->rules[i];
    return NULL;
}

// kind, subject, number, grid, owner, since, due_at
static wf_hole read_row(const wf_holes *holes, const wf_statement *statement)
{
    const wf_hole_rule *rule = rule_named(holes, wf_statement_text(statement, 0));
    return (wf_hole){.rule = rule != NULL ? &rule->file : NULL,
                     .subject = wf_statement_text(statement, 1),
                     .number = wf_statement_i64(statement, 2),
                     .grid = wf_statement_text(statement, 3),
                     .owner = wf_statement_text(statement, 4),
                     .since = {wf_statement_i64(statement, 5)},
                     .due_at = {wf_statement_i64(statement, 6)}};
}

// ---- sums ----

weft_status wf_holes_sums(const wf_holes *holes, wf_database *db,
                          const wf_holes_query *query,
                          bool (*each)(void *context, const wf_holes_sum *sum),
                          void *context, weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *rows = NULL;
    char upto[WF_HOLE_UPTO_MAX];
    bool row = false;
    bool done =
        wf_buffer_printf(&sql,
                         "SELECT \"kind\", \"grid\", count(*), sum(CASE WHEN "
                         "\"due_at\" <= :weft_now THEN 1 ELSE 0 END) FROM \"hole\"") &&
        put_where(query, &sql) &&
        wf_buffer_printf(&sql,
                         " GROUP BY \"grid\", \"kind\" ORDER BY \"grid\", \"kind\"");
    if (!done) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_take(db, &sql, &rows, error));
    if (query->rule != SIZE_MAX)
        wf_hole_bind_text(rows, "weft_kind",
                          wf_text_of(holes->rules[query->rule].file.name));
    wf_hole_bind_grid(query, upto, rows);
    wf_hole_bind_i64(rows, "weft_now", query->now.us);
    weft_status status;
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row) {
        const wf_hole_rule *rule = rule_named(holes, wf_statement_text(rows, 0));
        uint64_t all = (uint64_t)wf_statement_i64(rows, 2);
        uint64_t due = (uint64_t)wf_statement_i64(rows, 3);
        if (rule == NULL)
            continue;
        wf_holes_sum sum = {wf_statement_text(rows, 1), &rule->file, due, all - due};
        if (!each(context, &sum))
            break;
    }
    wf_statement_give_back(rows);
    return status;
}

// ---- spans ----

static bool put_spans(const wf_holes_query *query, size_t digits, wf_buffer *to)
{
    return wf_buffer_printf(
               to,
               "SELECT \"kind\", substr(\"grid\", 1, %zu), \"owner\", min(\"since\"), "
               "min(\"due_at\"), count(*) FROM \"hole\"",
               digits) &&
           put_where(query, to) &&
           wf_buffer_printf(
               to, " GROUP BY 1, 2, 3, \"since\" / :weft_step, \"due_at\" / :weft_step, "
                   "CASE WHEN \"due_at\" <= :weft_now THEN 1 ELSE 0 END "
                   "ORDER BY 2, 1, 3, 5, 4");
}

static bool give_span(const wf_holes *holes, const wf_statement *row,
                      bool (*each)(void *context, const wf_holes_span *span),
                      void *context)
{
    const wf_hole_rule *rule = rule_named(holes, wf_statement_text(row, 0));
    if (rule == NULL)
        return true;
    const wf_holes_span span = {.rule = &rule->file,
                                .grid = wf_statement_text(row, 1),
                                .owner = wf_statement_text(row, 2),
                                .since = {wf_statement_i64(row, 3)},
                                .due_at = {wf_statement_i64(row, 4)},
                                .count = (uint64_t)wf_statement_i64(row, 5)};
    return each(context, &span);
}

weft_status wf_holes_spans(const wf_holes *holes, wf_database *db,
                           const wf_holes_query *query, size_t digits, int64_t step_us,
                           bool (*each)(void *context, const wf_holes_span *span),
                           void *context, weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *rows = NULL;
    char upto[WF_HOLE_UPTO_MAX];
    bool row = false;
    if (!put_spans(query, digits, &sql)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_prepare(db, &sql, &rows, error));
    if (query->rule != SIZE_MAX)
        wf_hole_bind_text(rows, "weft_kind",
                          wf_text_of(holes->rules[query->rule].file.name));
    wf_hole_bind_grid(query, upto, rows);
    wf_hole_bind_i64(rows, "weft_step", step_us);
    wf_hole_bind_i64(rows, "weft_now", query->now.us);
    weft_status status;
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row)
        if (!give_span(holes, rows, each, context))
            break;
    wf_statement_free(rows);
    return status;
}

// ---- the check ----

// What two sets of rows add up to: equal for equal sets, and for others with a chance of
// 2^-128; rows that a rule gives twice are seen as a difference, and found to be none.
typedef struct {
    uint64_t count, first, second;
} total;

static void add_to(total *sum, const wf_hole_rule *rule, const wf_hole *hole)
{
    uint64_t seed = WF_HASH_C;
    uint64_t numbers[3] = {rule->is_number ? (uint64_t)hole->number : 0,
                           (uint64_t)hole->since.us, (uint64_t)hole->due_at.us};
    if (!rule->is_number)
        seed = wf_hash(hole->subject.bytes, hole->subject.size, seed);
    seed = wf_hash(hole->grid.bytes, hole->grid.size, seed);
    seed = wf_hash(hole->owner.bytes, hole->owner.size, seed);
    seed = wf_hash(numbers, sizeof numbers, seed);
    sum->count++;
    sum->first += seed;
    sum->second += wf_hash(&seed, sizeof seed, WF_HASH_D);
}

typedef struct {
    const wf_holes *holes;
    wf_database *db;
    bool (*each)(void *context, wf_holes_difference difference, const wf_hole *hole);
    void *context;
    bool goes_on;
} checking;

static weft_status add_up_given(const checking *job, const wf_hole_rule *rule, total *ret,
                                weft_error *error)
{
    wf_hole_whole whole = {0};
    bool row = false;
    weft_status status;
    WF_TRY(wf_hole_whole_open(job->db, rule, job->holes->touched_max, "", "", &whole,
                              error));
    while ((status = wf_hole_whole_step(&whole, rule, &row, error)) == WEFT_OK && row) {
        wf_hole hole = wf_hole_read(rule, whole.statement);
        add_to(ret, rule, &hole);
    }
    wf_hole_whole_done(&whole);
    return status;
}

// The rows of a rule as the table has them, in the form of its SELECT.
static bool put_held(const wf_hole_rule *rule, wf_buffer *to)
{
    return wf_buffer_printf(to,
                            "SELECT \"%s\", \"grid\", \"owner\", \"since\", \"due_at\" "
                            "FROM \"hole\" WHERE \"kind\" = :weft_kind",
                            rule->is_number ? "number" : "subject");
}

static weft_status add_up_held(wf_database *db, const wf_hole_rule *rule, total *ret,
                               weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *rows = NULL;
    bool row = false;
    weft_status status;
    if (!put_held(rule, &sql)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_prepare(db, &sql, &rows, error));
    wf_hole_bind_text(rows, "weft_kind", wf_text_of(rule->file.name));
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row) {
        wf_hole hole = wf_hole_read(rule, rows);
        add_to(ret, rule, &hole);
    }
    wf_statement_free(rows);
    return status;
}

static weft_status name_differences(checking *job, const wf_hole_rule *rule,
                                    wf_holes_difference difference, weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *rows = NULL;
    bool row = false, missing = difference == WF_HOLES_MISSING;
    bool done =
        (missing ? wf_hole_rule_select(rule, false, &sql) : put_held(rule, &sql)) &&
        wf_buffer_printf(&sql, " EXCEPT ") &&
        (missing ? put_held(rule, &sql) : wf_hole_rule_select(rule, false, &sql));
    if (!done) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    WF_TRY(wf_hole_prepare(job->db, &sql, &rows, error));
    wf_hole_bind_text(rows, "weft_kind", wf_text_of(rule->file.name));
    wf_sql_numbers_bind(&rule->file, rule->numbers, rows);
    weft_status status;
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row &&
           job->goes_on) {
        wf_hole hole = wf_hole_read(rule, rows);
        job->goes_on = job->each(job->context, difference, &hole);
    }
    wf_statement_free(rows);
    return status;
}

static weft_status check_rule(checking *job, const wf_hole_rule *rule, weft_error *error)
{
    total given = {0}, held = {0};
    if (rule->lacks == NULL)
        WF_TRY(add_up_given(job, rule, &given, error));
    WF_TRY(add_up_held(job->db, rule, &held, error));
    if (given.count == held.count && given.first == held.first &&
        given.second == held.second)
        return WEFT_OK;
    if (rule->lacks == NULL)
        WF_TRY(name_differences(job, rule, WF_HOLES_MISSING, error));
    return name_differences(job, rule, WF_HOLES_EXTRA, error);
}

// A kind that no rule has: the table is of other rules.
static weft_status check_kinds(checking *job, weft_error *error)
{
    wf_statement *rows = NULL;
    bool row = false;
    weft_status status;
    WF_TRY(wf_database_prepare(
        job->db,
        "SELECT \"kind\", min(\"subject\"), min(\"number\"), min(\"grid\"), "
        "min(\"owner\"), min(\"since\"), min(\"due_at\") FROM \"hole\" GROUP BY "
        "\"kind\"",
        &rows, error));
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row &&
           job->goes_on) {
        wf_hole hole = read_row(job->holes, rows);
        if (hole.rule == NULL)
            job->goes_on = job->each(job->context, WF_HOLES_EXTRA, &hole);
    }
    wf_statement_free(rows);
    return status;
}

weft_status wf_holes_check(const wf_holes *holes, wf_database *db,
                           const wf_holes_query *query,
                           bool (*each)(void *context, wf_holes_difference difference,
                                        const wf_hole *hole),
                           void *context, weft_error *error)
{
    checking job = {holes, db, each, context, true};
    WF_TRY(wf_database_begin(db, error));
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < holes->rules_count && status == WEFT_OK && job.goes_on; i++)
        if (query->rule == SIZE_MAX || query->rule == i)
            status = check_rule(&job, &holes->rules[i], error);
    if (status == WEFT_OK && query->rule == SIZE_MAX)
        status = check_kinds(&job, error);
    wf_database_rollback(db);
    return status;
}
