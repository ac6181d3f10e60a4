// Rows that come beside those of a grid, because they name a person or a case that was
// given to who asks. Whom these are is read first, in the same transaction: mostly they
// are none, and then a page costs what it costs without them.
#include <stdlib.h>
#include <string.h>

#include "store/query/view_inside.h"

void wf_view_beside_open(wf_view *view)
{
    view->person = view->case_id = SIZE_MAX;
    for (size_t i = 0; view->file.personal && i < view->file.selected_count; i++) {
        const wf_sql_column *column = &view->file.columns[i];
        if (view->person == SIZE_MAX && column->about->type == WF_COLUMN_PERSON)
            view->person = i;
        if (strcmp(column->name, "case_id") == 0)
            view->case_id = i;
    }
}

void wf_view_beside_close(wf_views *views)
{
    wf_statement_free(views->persons);
    wf_statement_free(views->cases);
    wf_statement_free(views->their_cases);
}

// ---- whom ----

static weft_status begin(const wf_view_run *run, const char *sql, wf_statement **keep,
                         wf_beside_bound *bound, weft_error *error)
{
    if (*keep == NULL)
        WF_TRY(wf_database_prepare(run->view->views->db, sql, keep, error));
    wf_beside_bind(run->question->beside, run->question->now, bound, *keep);
    return WEFT_OK;
}

static weft_status read_persons(wf_view_run *run, wf_statement *from, wf_arena *arena,
                                weft_error *error)
{
    int64_t *persons = NULL;
    size_t count = 0, capacity = 0;
    for (bool row = true; row;) {
        WF_TRY(wf_statement_step(from, &row, error));
        if (!row || wf_statement_is_null(from, 0) || wf_statement_i64(from, 0) < 0)
            continue;
        persons = wf_arena_grow(arena, persons, count, &capacity, sizeof *persons);
        if (persons == NULL)
            return wf_fail_memory(error);
        persons[count++] = wf_statement_i64(from, 0);
    }
    run->persons = persons;
    run->persons_count = count;
    return WEFT_OK;
}

static weft_status read_cases(wf_view_run *run, wf_statement *from, wf_arena *arena,
                              weft_error *error)
{
    wf_text *cases = NULL;
    size_t count = 0, capacity = 0;
    for (bool row = true; row;) {
        WF_TRY(wf_statement_step(from, &row, error));
        if (!row || wf_statement_is_null(from, 0))
            continue;
        cases = wf_arena_grow(arena, cases, count, &capacity, sizeof *cases);
        if (cases == NULL)
            return wf_fail_memory(error);
        cases[count] = wf_arena_text(arena, wf_statement_text(from, 0));
        if (cases[count++].bytes == NULL)
            return wf_fail_memory(error);
    }
    run->cases = cases;
    run->cases_count = count;
    return WEFT_OK;
}

static int by_number(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static weft_status find_persons(wf_view_run *run, wf_arena *arena, weft_error *error)
{
    wf_views *views = run->view->views;
    wf_beside_bound bound;
    WF_TRY(begin(run, views->options.beside->persons, &views->persons, &bound, error));
    weft_status status = read_persons(run, views->persons, arena, error);
    wf_statement_reset(views->persons);
    if (run->persons_count > 1)
        qsort((void *)run->persons, run->persons_count, sizeof *run->persons, by_number);
    return status;
}

static weft_status find_cases(wf_view_run *run, const char *sql, wf_statement **keep,
                              wf_arena *arena, weft_error *error)
{
    wf_beside_bound bound;
    WF_TRY(begin(run, sql, keep, &bound, error));
    weft_status status = read_cases(run, *keep, arena, error);
    wf_statement_reset(*keep);
    return status;
}

weft_status wf_view_beside_find(wf_view_run *run, wf_arena *arena, weft_error *error)
{
    const wf_view *view = run->view;
    if (!run->scoped || run->question->beside == NULL ||
        view->views->options.beside == NULL)
        return WEFT_OK;
    wf_views *views = view->views;
    const wf_beside_sql *sql = views->options.beside;
    if (view->person != SIZE_MAX || view->file.beside)
        WF_TRY(find_persons(run, arena, error));
    if (view->file.beside)
        return find_cases(run, sql->their_cases, &views->their_cases, arena, error);
    return view->case_id != SIZE_MAX
               ? find_cases(run, sql->cases, &views->cases, arena, error)
               : WEFT_OK;
}

// ---- rows ----

bool wf_view_beside_has(const wf_view_run *run, const wf_value *row)
{
    const wf_view *view = run->view;
    if (view->file.beside)
        return false; // the function has said so
    if (run->persons_count > 0 && row[view->person].given &&
        bsearch(&row[view->person].number, run->persons, run->persons_count,
                sizeof *run->persons, by_number) != NULL)
        return true;
    for (size_t i = 0; i < run->cases_count; i++)
        if (row[view->case_id].given &&
            wf_text_equal(row[view->case_id].text, run->cases[i]))
            return true;
    return false;
}

static int in_order(const void *a, const void *b, void *context)
{
    const wf_view_run *run = context; // not changed
    return wf_view_compare(run, *(wf_value *const *)a, *(wf_value *const *)b);
}

// The key is part of the order: what is equal is the same row, reached twice.
void wf_view_beside_merge(const wf_view_run *run, wf_view_rows *rows)
{
    size_t kept = 0;
    qsort_r(rows->rows, rows->count, sizeof *rows->rows, in_order, (void *)run);
    for (size_t i = 0; i < rows->count && kept < run->limit; i++)
        if (kept == 0 || wf_view_compare(run, rows->rows[kept - 1], rows->rows[i]) != 0)
            rows->rows[kept++] = rows->rows[i];
    rows->count = kept;
}
