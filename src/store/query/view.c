#include "store/query/view.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "model/ids.h"
#include "store/query/view_inside.h"

enum {
    files_bytes_max = 16 << 20,
    all_rows = 4096 // of a view that is read whole, at a time
};

// ---- opening ----

static const wf_view_computed *computed_of(const wf_views *views, const char *name)
{
    const wf_views_options *options = &views->options;
    for (size_t i = 0; i < options->computed_count; i++)
        if (strcmp(options->computed[i].name, name) == 0)
            return &options->computed[i];
    return NULL;
}

static weft_status open_view(wf_views *views, const wf_sql_text *text, weft_error *error)
{
    wf_view *view = &views->items[views->count];
    char why[WF_SQL_WHY_MAX] = "";
    if (!wf_sql_file_read(text, views->options.kinds, &views->arena, &view->file, why))
        WF_BUG(why);
    view->views = views;
    view->computed = computed_of(views, view->file.name);
    WF_ASSERT((view->computed != NULL) == view->file.computed);
    wf_sql_numbers_of(&view->file, views->options.protocol, view->numbers);
    views->count++;
    wf_view_beside_open(view);
    return wf_view_sql_open(view, error);
}

static weft_status open_parts(wf_views *views, weft_error *error)
{
    const wf_views_options *options = &views->options;
    wf_arena_init(&views->arena, files_bytes_max);
    views->items = calloc(options->texts_count + 1, sizeof *views->items);
    if (views->items == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < options->texts_count; i++)
        WF_TRY(open_view(views, &options->texts[i], error));
    WF_TRY(wf_record_keys_make(options->keys, &views->row_keys, error));
    return wf_store_reader(options->store, &views->db, error);
}

weft_status wf_views_open(const wf_views_options *options, wf_views **ret,
                          weft_error *error)
{
    wf_views *views = calloc(1, sizeof *views);
    if (views == NULL)
        return wf_fail_memory(error);
    views->options = *options;
    weft_status status = open_parts(views, error);
    if (status != WEFT_OK) {
        wf_views_close(views);
        return status;
    }
    *ret = views;
    return WEFT_OK;
}

void wf_views_close(wf_views *views)
{
    if (views == NULL)
        return;
    for (size_t i = 0; i < views->count; i++)
        wf_view_sql_close(&views->items[i]);
    wf_view_beside_close(views);
    wf_database_close(views->db);
    wf_record_done(&views->row);
    sodium_memzero(&views->row_keys, sizeof views->row_keys);
    wf_arena_done(&views->arena);
    free(views->items);
    free(views);
}

size_t wf_views_count(const wf_views *views)
{
    return views->count;
}

wf_view *wf_views_at(const wf_views *views, size_t place)
{
    WF_ASSERT(place < views->count);
    return &views->items[place];
}

wf_view *wf_views_find(const wf_views *views, wf_text name)
{
    for (size_t i = 0; i < views->count; i++)
        if (wf_text_equal(wf_text_of(views->items[i].file.name), name))
            return &views->items[i];
    return NULL;
}

const wf_sql_file *wf_view_file(const wf_view *view)
{
    return &view->file;
}

// ---- pieces that both kinds of source use ----

wf_view_order wf_view_order_of(const wf_sql_file *file, size_t sort)
{
    WF_ASSERT(sort < file->sorts_count);
    wf_view_order order = {.columns = {file->sorts[sort].column},
                           .count = 1,
                           .falls = file->sorts[sort].falls,
                           .can_be_null = true};
    for (size_t i = 0; i < file->key_count; i++)
        if (file->key[i] == order.columns[0])
            order.can_be_null = false;
        else
            order.columns[order.count++] = file->key[i];
    return order;
}

int64_t wf_view_number_of(const wf_view *view, const wf_column *about, wf_text id)
{
    const wf_numbers *numbers = &view->views->options.numbers;
    if (about->type != WF_COLUMN_PERSON && about->type != WF_COLUMN_PLACE)
        return -1;
    uint32_t number = numbers->find(numbers->context, about->type, id);
    return number == WF_NUMBER_NONE ? -1 : (int64_t)number;
}

bool wf_view_name(const wf_view *view, wf_value *row, wf_arena *arena)
{
    const wf_numbers *numbers = &view->views->options.numbers;
    for (size_t i = 0; i < view->file.columns_count; i++) {
        wf_column_type type = view->file.columns[i].about->type;
        if (!row[i].given || row[i].text.size > 0 ||
            (type != WF_COLUMN_PERSON && type != WF_COLUMN_PLACE))
            continue;
        row[i].text = wf_arena_text(
            arena, numbers->text_of(numbers->context, type, (uint32_t)row[i].number));
        if (row[i].text.bytes == NULL)
            return false;
    }
    return true;
}

// ---- asking ----

static weft_status make_ready(wf_view *view, const wf_view_question *question,
                              wf_arena *arena, wf_view_run *ret, weft_error *error)
{
    wf_view_run run = {.view = view,
                       .question = question,
                       .order = wf_view_order_of(&view->file, question->sort),
                       .scoped = question->grid.size > 0};
    if (run.scoped &&
        (view->file.scope == SIZE_MAX || !wf_grid_area_of(question->grid, &run.area)))
        return wf_fail(error, WEFT_BAD_INPUT, "view.grid", NULL);
    if (question->after.size > 0)
        WF_TRY(wf_view_token_read(view, question->sort, question->after, arena,
                                  &run.after, error));
    *ret = run;
    return WEFT_OK;
}

static weft_status read_as_of(const wf_views *views, wf_view_as_of *ret,
                              weft_error *error)
{
    wf_ledger *ledger = wf_store_ledger(views->options.store);
    wf_ledger_head head = wf_ledger_now(ledger);
    int64_t applied = 0;
    WF_TRY(wf_database_number(
        views->db, "SELECT \"number\" FROM \"about\" WHERE \"name\" = 'applied'", 0,
        &applied, error));
    wf_view_as_of as_of = {.position = (uint64_t)applied,
                           .at = head.received,
                           .complete = (uint64_t)applied == head.positions};
    if (applied == 0) {
        as_of.at = WF_TIME_NONE;
    } else if (!as_of.complete) {
        wf_arena arena = {0};
        wf_entry entry;
        weft_status status =
            wf_ledger_read(ledger, as_of.position, &arena, &entry, error);
        as_of.at = status == WEFT_OK ? entry.received : WF_TIME_NONE;
        wf_arena_done(&arena);
        WF_TRY(status);
    }
    *ret = as_of;
    return WEFT_OK;
}

static weft_status read_rows(const wf_view_run *run, wf_arena *arena, wf_view_rows *ret,
                             weft_error *error)
{
    return run->view->computed != NULL ? wf_view_computed_rows(run, arena, ret, error)
                                       : wf_view_sql_rows(run, arena, ret, error);
}

static wf_view_position position_of(const wf_view_run *run, const wf_value *row)
{
    wf_view_position position = {.given = true};
    for (size_t i = 0; i < run->order.count; i++)
        position.values[i] = row[run->order.columns[i]];
    return position;
}

// `count` rows from `from` on, one after another.
static weft_status pack(const wf_view *view, const wf_view_rows *rows, size_t from,
                        size_t count, wf_arena *arena, wf_view_page *ret,
                        weft_error *error)
{
    size_t columns = view->file.columns_count;
    wf_value *values = wf_arena_array(arena, count * columns + 1, sizeof *values);
    if (values == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        memcpy(values + i * columns, rows->rows[from + i], columns * sizeof *values);
    ret->values = values;
    ret->rows_count = count;
    ret->columns_count = columns;
    return WEFT_OK;
}

static weft_status ask_in(wf_view_run *run, wf_arena *arena, wf_view_page *ret,
                          weft_error *error)
{
    size_t limit = run->question->limit;
    wf_view_rows rows = {0};
    wf_view_page page = {0};
    WF_TRY(read_as_of(run->view->views, &page.as_of, error));
    WF_TRY(wf_view_beside_find(run, arena, error));
    run->limit = limit + 1; // one more says whether there is a page after this one
    WF_TRY(read_rows(run, arena, &rows, error));
    size_t count = rows.count < limit ? rows.count : limit;
    WF_TRY(pack(run->view, &rows, 0, count, arena, &page, error));
    if (rows.count > limit) {
        wf_view_position last = position_of(run, rows.rows[limit - 1]);
        WF_TRY(wf_view_token_make(run->view, run->question->sort, &last, arena,
                                  &page.next, error));
    }
    *ret = page;
    return WEFT_OK;
}

weft_status wf_view_ask(wf_view *view, const wf_view_question *question, wf_arena *arena,
                        wf_view_page *ret, weft_error *error)
{
    wf_view_run run;
    WF_ASSERT(question->limit >= 1 && question->limit <= WF_VIEW_LIMIT_MAX);
    WF_TRY(make_ready(view, question, arena, &run, error));
    WF_TRY(wf_database_begin(view->views->db, error));
    weft_status status = ask_in(&run, arena, ret, error);
    wf_database_rollback(view->views->db);
    return status;
}

// ---- all rows ----

typedef struct {
    weft_status (*each)(void *context, const wf_view_page *page, weft_error *error);
    void *context;
    wf_view_as_of as_of;
} receiver;

static weft_status hand_on(const wf_view_run *run, const wf_view_rows *rows,
                           const receiver *to, wf_arena *arena, weft_error *error)
{
    wf_view_page page = {.as_of = to->as_of};
    for (size_t from = 0; from < rows->count; from += all_rows) {
        size_t count = rows->count - from < all_rows ? rows->count - from : all_rows;
        WF_TRY(pack(run->view, rows, from, count, arena, &page, error));
        WF_TRY(to->each(to->context, &page, error));
    }
    return WEFT_OK;
}

// Texts of the position are in an arena that outlives that of the page.
static weft_status move_on(wf_view_run *run, const wf_value *last, wf_arena *arena,
                           weft_error *error)
{
    run->after = position_of(run, last);
    for (size_t i = 0; i < run->order.count; i++) {
        wf_text *text = &run->after.values[i].text;
        if (text->size == 0)
            continue;
        *text = wf_arena_text(arena, *text);
        if (text->bytes == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// A page at a time, in two arenas by turns: the one before holds where it ended. What a
// function computes is computed once.
static weft_status all_in(wf_view_run *run, const receiver *to, weft_error *error)
{
    wf_arena arenas[2] = {{0}, {0}};
    weft_status status = WEFT_OK;
    bool more = true;
    run->limit = run->view->computed != NULL ? SIZE_MAX : all_rows;
    for (size_t turn = 0; status == WEFT_OK && more; turn++) {
        wf_arena *arena = &arenas[turn % 2];
        wf_view_rows rows = {0};
        wf_arena_done(arena);
        status = read_rows(run, arena, &rows, error);
        if (status == WEFT_OK)
            status = hand_on(run, &rows, to, arena, error);
        more = rows.count == run->limit;
        if (status == WEFT_OK && more)
            status = move_on(run, rows.rows[rows.count - 1], arena, error);
    }
    wf_arena_done(&arenas[0]);
    wf_arena_done(&arenas[1]);
    return status;
}

weft_status wf_view_all(wf_view *view, const wf_view_question *question,
                        weft_status (*each)(void *context, const wf_view_page *page,
                                            weft_error *error),
                        void *context, wf_view_as_of *ret, weft_error *error)
{
    wf_view_run run;
    wf_arena arena = {0};
    receiver to = {.each = each, .context = context};
    weft_status status = make_ready(view, question, &arena, &run, error);
    if (status == WEFT_OK)
        status = wf_database_begin(view->views->db, error);
    if (status == WEFT_OK) {
        status = read_as_of(view->views, &to.as_of, error);
        if (status == WEFT_OK)
            status = wf_view_beside_find(&run, &arena, error);
        if (status == WEFT_OK)
            status = all_in(&run, &to, error);
        wf_database_rollback(view->views->db);
    }
    wf_arena_done(&arena);
    if (status == WEFT_OK)
        *ret = to.as_of;
    return status;
}
