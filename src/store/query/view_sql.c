// Views whose rows come from SQL: statements composed from file and header, and nothing
// of a request in them but what is bound.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/query/view_inside.h"

static const wf_column *about_of(const wf_view *view, size_t column)
{
    return view->file.columns[column].about;
}

// ---- composing ----

static bool put_columns(const wf_view *view, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < view->file.selected_count; i++)
        done = wf_buffer_printf(to, "%sv.\"%s\"", i == 0 ? "" : ", ",
                                view->file.columns[i].name);
    for (size_t i = 0; done && i < view->opened_count; i++)
        done =
            wf_buffer_printf(to, ", v.\"%s_sealed\"", view->opened[i].form.table->name);
    return done;
}

// What stands between conditions.
static bool put_and(bool *first, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, *first ? "\nWHERE " : " AND ");
    *first = false;
    return done;
}

// The columns of the order from `from` on, each with what is put before it.
static bool put_order(const wf_view *view, const wf_view_order *order, size_t from,
                      const char *after, wf_buffer *to)
{
    bool done = true;
    for (size_t i = from; done && i < order->count; i++)
        done = wf_buffer_printf(to, "%sv.\"%s\"%s", i == from ? "" : ", ",
                                view->file.columns[order->columns[i]].name, after);
    return done;
}

// (a, b) > (:weft_after_0, :weft_after_1)
static bool put_after(const wf_view *view, const wf_view_order *order, size_t from,
                      wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "(") && put_order(view, order, from, "", to) &&
                wf_buffer_printf(to, ") %c (", order->falls ? '<' : '>');
    for (size_t i = from; done && i < order->count; i++)
        done = wf_buffer_printf(to, "%s:weft_after_%zu", i == from ? "" : ", ", i);
    return done && wf_buffer_printf(to, ")");
}

static bool put_beside(const wf_view *view, wf_view_reach reach, wf_buffer *to)
{
    const wf_beside_sql *sql = view->views->options.beside;
    size_t column = reach == WF_VIEW_PERSONS ? view->person : view->case_id;
    return wf_buffer_printf(to, "v.\"%s\" IN (\n%s)", view->file.columns[column].name,
                            reach == WF_VIEW_PERSONS ? sql->persons : sql->cases);
}

// The filter by which a person is asked for, whichever id of theirs stands in the row;
// SIZE_MAX: none is.
static size_t all_ids_filter(const wf_view *view)
{
    const wf_sql_file *file = &view->file;
    if (!file->all_ids || view->views->options.same_person == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < file->filters_count; i++)
        if (about_of(view, file->filters[i])->type == WF_COLUMN_PERSON)
            return i;
    return SIZE_MAX;
}

static bool put_filter(const wf_view *view, size_t filter, wf_buffer *to)
{
    const char *column = view->file.columns[view->file.filters[filter]].name;
    if (filter == all_ids_filter(view))
        return wf_buffer_printf(to, "v.\"%s\" IN (\n%s)", column,
                                view->views->options.same_person);
    return wf_buffer_printf(to, "v.\"%s\" = :weft_filter_%zu", column, filter);
}

static bool put_conditions(const wf_view *view, const wf_view_variant *variant,
                           const wf_view_order *order, wf_buffer *to)
{
    const wf_sql_file *file = &view->file;
    bool first = true, done = true;
    if (variant->reach == WF_VIEW_GRID) {
        const char *grid = file->columns[file->scope].name;
        done = put_and(&first, to) &&
               wf_buffer_printf(to, "v.\"%s\" >= :weft_from AND v.\"%s\" < :weft_to",
                                grid, grid);
    } else if (variant->reach != WF_VIEW_ALL) {
        done = put_and(&first, to) && put_beside(view, variant->reach, to);
    }
    for (size_t i = 0; done && i < file->filters_count; i++)
        if ((variant->filters & UINT32_C(1) << i) != 0)
            done = put_and(&first, to) && put_filter(view, i, to);
    if (done && order->can_be_null)
        done =
            put_and(&first, to) &&
            wf_buffer_printf(to, "v.\"%s\" IS %s", file->columns[order->columns[0]].name,
                             variant->nulls ? "NULL" : "NOT NULL");
    if (done && variant->after)
        done = put_and(&first, to) && put_after(view, order, variant->nulls, to);
    return done;
}

weft_status wf_view_compose(const wf_view *view, const wf_view_variant *variant,
                            wf_buffer *ret, weft_error *error)
{
    wf_view_order order = wf_view_order_of(&view->file, variant->sort);
    bool done =
        wf_buffer_printf(ret, "SELECT ") && put_columns(view, ret) &&
        wf_buffer_printf(ret, "\nFROM (\n%s\n) AS v", view->file.select) &&
        put_conditions(view, variant, &order, ret) &&
        wf_buffer_printf(ret, "\nORDER BY ") &&
        put_order(view, &order, variant->nulls, order.falls ? " DESC" : "", ret) &&
        wf_buffer_printf(ret, "\nLIMIT :weft_limit") && wf_buffer_append(ret, "", 1);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static bool same_variant(const wf_view_variant *a, const wf_view_variant *b)
{
    return a->sort == b->sort && a->filters == b->filters && a->reach == b->reach &&
           a->after == b->after && a->nulls == b->nulls;
}

static weft_status statement_of(wf_view *view, const wf_view_variant *variant,
                                wf_statement **ret, weft_error *error)
{
    for (wf_view_statement *s = view->statements; s != NULL; s = s->next)
        if (same_variant(&s->variant, variant)) {
            *ret = s->statement;
            return WEFT_OK;
        }
    wf_buffer sql = {0};
    wf_view_statement *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    weft_status status = wf_view_compose(view, variant, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(view->views->db, sql.bytes, &made->statement, error);
    wf_buffer_done(&sql);
    if (status != WEFT_OK) {
        free(made);
        return status;
    }
    made->variant = *variant;
    made->next = view->statements;
    view->statements = made;
    *ret = made->statement;
    return WEFT_OK;
}

// ---- binding ----

// Numbers and texts as they stand in rows.
static void bind_row_value(wf_statement *statement, const char *name,
                           const wf_column *about, const wf_value *value)
{
    int at = wf_statement_parameter(statement, name);
    WF_ASSERT(at >= 0);
    if (wf_record_is_text(about))
        wf_statement_bind_text(statement, at, value->text);
    else if (about->type == WF_COLUMN_NUMBER)
        wf_statement_bind_real(statement, at, value->real);
    else
        wf_statement_bind_i64(statement, at, value->number);
}

// Values as they are asked for: persons and places by their ids.
static void bind_asked(const wf_view *view, wf_statement *statement, const char *name,
                       const wf_column *about, const wf_value *value)
{
    wf_value row_value = *value;
    if (about->type == WF_COLUMN_PERSON || about->type == WF_COLUMN_PLACE)
        row_value.number = wf_view_number_of(view, about, value->text);
    bind_row_value(statement, name, about, &row_value);
}

static void bind_inputs(const wf_view_run *run, wf_statement *statement)
{
    const wf_sql_file *file = &run->view->file;
    const wf_view_question *question = run->question;
    for (size_t i = 0; i < file->parameters_count; i++)
        bind_asked(run->view, statement, file->parameters[i].name,
                   file->parameters[i].about, &question->parameters[i]);
    wf_sql_numbers_bind(file, run->view->numbers, statement);
    if (file->takes_now)
        wf_statement_bind_i64(statement, wf_statement_parameter(statement, "now"),
                              question->now.us);
}

static void bind(const wf_view_run *run, const wf_view_variant *variant, size_t limit,
                 wf_beside_bound *bound, wf_statement *statement)
{
    const wf_sql_file *file = &run->view->file;
    char name[48];
    bind_inputs(run, statement);
    for (size_t i = 0; i < file->filters_count; i++)
        if ((variant->filters & UINT32_C(1) << i) != 0) {
            snprintf(name, sizeof name, "weft_filter_%zu", i);
            if (i == all_ids_filter(run->view))
                snprintf(name, sizeof name, "weft_person");
            bind_asked(run->view, statement, name, about_of(run->view, file->filters[i]),
                       &run->question->filters[i]);
        }
    if (variant->reach == WF_VIEW_PERSONS || variant->reach == WF_VIEW_CASES)
        wf_beside_bind(run->question->beside, run->question->now, bound, statement);
    if (variant->reach == WF_VIEW_GRID) {
        wf_statement_bind_text(statement, wf_statement_parameter(statement, "weft_from"),
                               run->area.from);
        wf_statement_bind_text(statement, wf_statement_parameter(statement, "weft_to"),
                               (wf_text){run->area.to, run->area.to_size});
    }
    for (size_t i = variant->nulls; variant->after && i < run->order.count; i++) {
        snprintf(name, sizeof name, "weft_after_%zu", i);
        bind_row_value(statement, name, about_of(run->view, run->order.columns[i]),
                       &run->after.values[i]);
    }
    wf_statement_bind_i64(statement, wf_statement_parameter(statement, "weft_limit"),
                          (int64_t)limit);
}

// ---- reading ----

static bool read_value(const wf_column *about, const wf_statement *from, int at,
                       wf_arena *arena, wf_value *ret)
{
    if (wf_statement_is_null(from, at))
        return true;
    ret->given = true;
    if (wf_record_is_text(about)) {
        ret->text = wf_arena_text(arena, wf_statement_text(from, at));
        return ret->text.bytes != NULL;
    }
    if (about->type == WF_COLUMN_NUMBER)
        ret->real = wf_statement_real(from, at);
    else
        ret->number = wf_statement_i64(from, at);
    return true;
}

static bool keep_text(wf_arena *arena, wf_value *value)
{
    if (value->text.size == 0)
        return true;
    value->text = wf_arena_text(arena, value->text);
    return value->text.bytes != NULL;
}

// The sealed values of one table go to the columns that are opened from it.
static weft_status open_row(wf_view *view, const wf_view_opened *opened,
                            const wf_statement *from, wf_value *row, wf_arena *arena,
                            weft_error *error)
{
    wf_record *record = &view->views->row;
    const wf_table *table = opened->form.table;
    wf_record_clear(record);
    for (size_t i = 0; i < table->keys_count; i++)
        record->values[i] = row[opened->key[i]];
    WF_TRY(wf_record_open_sealed(&opened->form, &view->views->row_keys,
                                 wf_statement_blob(from, opened->sealed), record, error));
    for (size_t i = view->file.selected_count; i < view->file.columns_count; i++) {
        const wf_sql_column *column = &view->file.columns[i];
        if (column->opens != table)
            continue;
        row[i] = record->values[wf_table_column(table, wf_text_of(column->name))];
        if (!keep_text(arena, &row[i]))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static weft_status read_row(wf_view *view, const wf_statement *from, wf_arena *arena,
                            wf_value **ret, weft_error *error)
{
    wf_value *row = wf_arena_array(arena, view->file.columns_count, sizeof *row);
    if (row == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < view->file.selected_count; i++)
        if (!read_value(about_of(view, i), from, (int)i, arena, &row[i]))
            return wf_fail_memory(error);
    for (size_t i = 0; i < view->opened_count; i++)
        WF_TRY(open_row(view, &view->opened[i], from, row, arena, error));
    if (!wf_view_name(view, row, arena))
        return wf_fail_memory(error);
    *ret = row;
    return WEFT_OK;
}

static weft_status read_rows(wf_view *view, wf_statement *from, wf_arena *arena,
                             wf_view_rows *to, weft_error *error)
{
    for (bool row = true; row;) {
        WF_TRY(wf_statement_step(from, &row, error));
        if (!row)
            break;
        to->rows =
            wf_arena_grow(arena, to->rows, to->count, &to->capacity, sizeof(wf_value *));
        if (to->rows == NULL)
            return wf_fail_memory(error);
        WF_TRY(read_row(view, from, arena, &to->rows[to->count], error));
        to->count++;
    }
    return WEFT_OK;
}

static weft_status run_stretch(const wf_view_run *run, wf_view_reach reach, bool nulls,
                               wf_arena *arena, wf_view_rows *to, size_t limit,
                               weft_error *error)
{
    wf_beside_bound bound;
    const wf_sql_file *file = &run->view->file;
    // Rows without a sort value begin anew after those with one.
    bool after = run->after.given && (!nulls || !run->after.values[0].given);
    wf_view_variant variant = {
        .sort = run->question->sort, .reach = reach, .after = after, .nulls = nulls};
    for (size_t i = 0; i < file->filters_count; i++)
        if (run->question->filters[i].given)
            variant.filters |= UINT32_C(1) << i;
    wf_statement *statement = NULL;
    WF_TRY(statement_of(run->view, &variant, &statement, error));
    bind(run, &variant, limit, &bound, statement);
    weft_status status = read_rows(run->view, statement, arena, to, error);
    wf_statement_reset(statement);
    return status;
}

// Appends the first run->limit rows that are reached so.
static weft_status run_reach(const wf_view_run *run, wf_view_reach reach, wf_arena *arena,
                             wf_view_rows *to, weft_error *error)
{
    size_t before = to->count;
    bool among_nulls =
        run->order.can_be_null && run->after.given && !run->after.values[0].given;
    if (!among_nulls)
        WF_TRY(run_stretch(run, reach, false, arena, to, run->limit, error));
    size_t found = to->count - before;
    if (run->order.can_be_null && found < run->limit)
        WF_TRY(run_stretch(run, reach, true, arena, to, run->limit - found, error));
    return WEFT_OK;
}

weft_status wf_view_sql_rows(const wf_view_run *run, wf_arena *arena, wf_view_rows *ret,
                             weft_error *error)
{
    wf_view_rows rows = {0};
    WF_TRY(run_reach(run, run->scoped ? WF_VIEW_GRID : WF_VIEW_ALL, arena, &rows, error));
    size_t in_grid = rows.count;
    if (run->persons_count > 0)
        WF_TRY(run_reach(run, WF_VIEW_PERSONS, arena, &rows, error));
    if (run->cases_count > 0)
        WF_TRY(run_reach(run, WF_VIEW_CASES, arena, &rows, error));
    if (rows.count > in_grid)
        wf_view_beside_merge(run, &rows);
    *ret = rows;
    return WEFT_OK;
}

// ---- opening ----

static void add_opened(wf_view *view, const wf_table *table)
{
    wf_view_opened *opened = &view->opened[view->opened_count];
    wf_form_init(&opened->form, table);
    opened->sealed = (int)(view->file.selected_count + view->opened_count++);
    for (size_t i = 0; i < table->keys_count; i++)
        for (size_t c = 0; c < view->file.selected_count; c++)
            if (strcmp(view->file.columns[c].name, table->columns[i].name) == 0)
                opened->key[i] = c;
}

weft_status wf_view_sql_open(wf_view *view, weft_error *error)
{
    const wf_sql_file *file = &view->file;
    const wf_table *last = NULL;
    view->opened =
        calloc(file->columns_count - file->selected_count + 1, sizeof *view->opened);
    if (view->opened == NULL)
        return wf_fail_memory(error);
    for (size_t i = file->selected_count; i < file->columns_count; i++) {
        if (file->columns[i].opens != last)
            add_opened(view, file->columns[i].opens);
        last = file->columns[i].opens;
    }
    return WEFT_OK;
}

void wf_view_sql_close(wf_view *view)
{
    while (view->statements != NULL) {
        wf_view_statement *next = view->statements->next;
        wf_statement_free(view->statements->statement);
        free(view->statements);
        view->statements = next;
    }
    free(view->opened);
}
