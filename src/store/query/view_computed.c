// Views whose rows come from a function: it gives them in any order, and here they are
// filtered, cut, sorted and paged as SQL would do it.
#include <stdlib.h>
#include <string.h>

#include "store/query/view_inside.h"

struct wf_view_sink {
    const wf_view_run *run;
    wf_arena *arena;
    wf_view_rows rows;
    int64_t filters[WF_SQL_LIST_MAX]; // numbers of persons and places that are asked for
    bool sorted;                      // the rows are, and are no more than are wanted
};

// ---- order ----

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_values(const wf_column *about, const wf_value *a, const wf_value *b)
{
    if (wf_record_is_text(about))
        return wf_text_compare(a->text, b->text);
    if (about->type == WF_COLUMN_NUMBER)
        return (a->real > b->real) - (a->real < b->real);
    return compare_i64(a->number, b->number);
}

// A row against a position; rows without a sort value come last, whichever way it goes.
static int compare_to(const wf_view_run *run, const wf_value *row,
                      const wf_value position[WF_VIEW_ORDER_MAX])
{
    const wf_view_order *order = &run->order;
    for (size_t i = 0; i < order->count; i++) {
        const wf_value *value = &row[order->columns[i]];
        if (value->given != position[i].given)
            return value->given ? -1 : 1;
        int found = value->given
                        ? compare_values(run->view->file.columns[order->columns[i]].about,
                                         value, &position[i])
                        : 0;
        if (found != 0)
            return order->falls ? -found : found;
    }
    return 0;
}

int wf_view_compare(const wf_view_run *run, const wf_value *row, const wf_value *other)
{
    wf_value position[WF_VIEW_ORDER_MAX];
    for (size_t i = 0; i < run->order.count; i++)
        position[i] = other[run->order.columns[i]];
    return compare_to(run, row, position);
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const wf_view_run *run = context; // not changed
    return wf_view_compare(run, *(wf_value *const *)a, *(wf_value *const *)b);
}

// The rows that are wanted, in order.
static void prune(wf_view_sink *sink)
{
    wf_view_rows *rows = &sink->rows;
    if (sink->sorted || rows->count == 0)
        return;
    qsort_r(rows->rows, rows->count, sizeof *rows->rows, compare_rows, (void *)sink->run);
    if (rows->count > sink->run->limit)
        rows->count = sink->run->limit;
    sink->sorted = true;
}

// ---- what is asked for ----

static bool passes_filter(const wf_view_sink *sink, size_t filter, const wf_value *value)
{
    const wf_sql_file *file = &sink->run->view->file;
    const wf_value *asked = &sink->run->question->filters[filter];
    const wf_column *about = file->columns[file->filters[filter]].about;
    if (!asked->given)
        return true;
    if (!value->given)
        return false;
    if (about->type == WF_COLUMN_PERSON || about->type == WF_COLUMN_PLACE)
        return value->number == sink->filters[filter];
    return compare_values(about, value, asked) == 0;
}

static bool is_in_area(const wf_view_run *run, const wf_value *grid)
{
    wf_text end = {run->area.to, run->area.to_size};
    return grid->given && wf_text_compare(grid->text, run->area.from) >= 0 &&
           wf_text_compare(grid->text, end) < 0;
}

static bool passes(const wf_view_sink *sink, const wf_value *row, bool beside)
{
    const wf_view_run *run = sink->run;
    const wf_sql_file *file = &run->view->file;
    for (size_t i = 0; i < file->filters_count; i++)
        if (!passes_filter(sink, i, &row[file->filters[i]]))
            return false;
    if (run->scoped && !beside && !is_in_area(run, &row[file->scope]) &&
        !wf_view_beside_has(run, row))
        return false;
    return !run->after.given || compare_to(run, row, run->after.values) > 0;
}

static weft_status keep(wf_view_sink *sink, const wf_value *values, weft_error *error)
{
    wf_view_rows *rows = &sink->rows;
    size_t columns = sink->run->view->file.columns_count;
    wf_value *row = wf_arena_array(sink->arena, columns, sizeof *row);
    rows->rows = wf_arena_grow(sink->arena, rows->rows, rows->count, &rows->capacity,
                               sizeof *rows->rows);
    if (row == NULL || rows->rows == NULL)
        return wf_fail_memory(error);
    memcpy(row, values, columns * sizeof *row);
    for (size_t i = 0; i < columns; i++) {
        if (row[i].text.size == 0)
            continue;
        row[i].text = wf_arena_text(sink->arena, row[i].text);
        if (row[i].text.bytes == NULL)
            return wf_fail_memory(error);
    }
    rows->rows[rows->count++] = row;
    sink->sorted = false;
    return WEFT_OK;
}

static weft_status give(wf_view_sink *sink, const wf_value *values, bool beside,
                        weft_error *error)
{
    size_t limit = sink->run->limit;
    if (!passes(sink, values, beside))
        return WEFT_OK;
    // At most twice as many as are wanted are kept, so that a page costs a page.
    if (sink->rows.count / 2 >= limit)
        prune(sink);
    if (sink->sorted && sink->rows.count == limit &&
        compare_rows(&values, &sink->rows.rows[limit - 1], (void *)sink->run) > 0)
        return WEFT_OK;
    return keep(sink, values, error);
}

weft_status wf_view_give(wf_view_sink *sink, const wf_value *values, weft_error *error)
{
    return give(sink, values, false, error);
}

weft_status wf_view_give_beside(wf_view_sink *sink, const wf_value *values,
                                weft_error *error)
{
    WF_ASSERT(sink->run->view->file.beside);
    return give(sink, values, true, error);
}

static int by_number(const void *a, const void *b)
{
    return compare_i64(*(const int64_t *)a, *(const int64_t *)b);
}

bool wf_view_is_beside(const wf_view_call *call, int64_t person)
{
    return call->beside_count > 0 && bsearch(&person, call->beside, call->beside_count,
                                             sizeof person, by_number) != NULL;
}

weft_status wf_view_computed_rows(const wf_view_run *run, wf_arena *arena,
                                  wf_view_rows *ret, weft_error *error)
{
    wf_view *view = run->view;
    wf_view_sink sink = {.run = run, .arena = arena, .sorted = true};
    wf_view_call call = {.file = &view->file,
                         .question = run->question,
                         .store = view->views->options.store,
                         .db = view->views->db,
                         .numbers = view->views->options.numbers,
                         .protocol = view->views->options.protocol,
                         .zone = view->views->options.zone,
                         .arena = arena,
                         .beside = run->persons,
                         .beside_count = run->persons_count,
                         .cases = run->cases,
                         .cases_count = run->cases_count};
    for (size_t i = 0; i < view->file.filters_count; i++)
        if (run->question->filters[i].given)
            sink.filters[i] =
                wf_view_number_of(view, view->file.columns[view->file.filters[i]].about,
                                  run->question->filters[i].text);
    WF_TRY(view->computed->rows(view->computed->context, &call, &sink, error));
    prune(&sink);
    for (size_t i = 0; i < sink.rows.count; i++)
        if (!wf_view_name(view, sink.rows.rows[i], arena))
            return wf_fail_memory(error);
    *ret = sink.rows;
    return WEFT_OK;
}
