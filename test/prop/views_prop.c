// The law of views: all pages of every view, in every sort, whatever the size of a page,
// the scope and the filters, are the rows that its SELECT gives, cut and sorted by hand;
// and SQLite and PostgreSQL give the same.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "store/query/sql_number.h"
#include "store/query/view_inside.h"
#include "support/desk_followers.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/plan_half.h"
#include "support/server.h"

// Whom the questions reach beside their grid: drawn, as the desks' own sentences would
// find hardly anybody among facts that are drawn.
static const wf_beside_sql drawn_beside = {
    .persons = "SELECT \"person\" FROM \"person\" WHERE \"grid\" >= :weft_own_from "
               "AND \"grid\" < :weft_own_upto "
               "UNION SELECT CAST(:weft_own_person AS BIGINT)",
    .cases = "SELECT b.\"case_id\" FROM (SELECT \"case_id\" FROM \"cases\" UNION "
             "SELECT \"case_id\" FROM \"contact\" UNION "
             "SELECT \"case_id\" FROM \"exposure\" UNION "
             "SELECT \"case_id\" FROM \"contact_unidentified\") AS b "
             "WHERE b.\"case_id\" < :weft_own_user",
    // As the keys of rows are drawn (draw_value), which stand for their cases.
    .their_cases = "SELECT b.\"case_id\" FROM (SELECT 'x0' AS \"case_id\" UNION "
                   "SELECT 'y1' UNION SELECT 'z2' UNION SELECT 'x3' UNION "
                   "SELECT 'y4') AS b WHERE b.\"case_id\" < :weft_own_user",
};

enum { cases_default = 2, facts_default = 250, questions = 6, batch_max = 64 };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- rows ----

typedef struct {
    wf_arena arena;
    wf_value *rows[20000];
    size_t count;
} table;

static bool is_id(const wf_column *about)
{
    return about->type == WF_COLUMN_PERSON || about->type == WF_COLUMN_PLACE;
}

static bool is_textual(const wf_column *about)
{
    return about->type == WF_COLUMN_ID || about->type == WF_COLUMN_TEXT ||
           about->type == WF_COLUMN_WORD || about->type == WF_COLUMN_FACT;
}

static wf_text copy(wf_arena *arena, wf_text text)
{
    wf_text made = wf_arena_text(arena, text);
    assert_non_null(made.bytes);
    return made;
}

// ---- computed views: what any function may give ----
//
// The functions of the desks have tests of their own: here stand others, that give
// whatever was drawn for the columns that their files declare.

enum { drawn_rows = 60, computed_max = 16 };

typedef struct {
    table rows[computed_max];
    wf_view_computed computed[computed_max];
    size_t count;
} drawn;

static wf_value draw_value(const wf_column *about, wf_numbers numbers, wf_arena *arena,
                           wf_prng *prng)
{
    weft_error error = {0};
    uint32_t which = wf_prng_below(prng, 5), number = 0;
    wf_value value = {.given = true, .number = which, .real = which / 4.0};
    char text[16];
    int size = snprintf(text, sizeof text, "%c%u", "xyz"[which % 3], which);
    if (is_textual(about) || is_id(about))
        value.text = copy(arena, (wf_text){text, (size_t)size});
    if (about->type == WF_COLUMN_WORD)
        value.text = wf_text_of(about->words[0]);
    if (is_id(about)) {
        ok(numbers.intern(numbers.context, about->type, &value.text, 1, &number, &error),
           &error);
        value.number = number;
    }
    return value;
}

static bool same_key(const wf_sql_file *file, const wf_value *a, const wf_value *b)
{
    bool same = true;
    for (size_t i = 0; i < file->key_count; i++) {
        size_t at = file->key[i];
        same = same && a[at].number == b[at].number && a[at].real == b[at].real &&
               wf_text_equal(a[at].text, b[at].text);
    }
    return same;
}

static bool is_key(const wf_sql_file *file, size_t column)
{
    for (size_t i = 0; i < file->key_count; i++)
        if (file->key[i] == column)
            return true;
    return false;
}

static void draw_rows(const wf_sql_file *file, wf_numbers numbers, wf_prng *prng,
                      table *to)
{
    *to = (table){.count = 0};
    for (size_t i = 0; i < drawn_rows; i++) {
        wf_value *row = history_memory(&to->arena, file->columns_count, sizeof *row);
        bool is_new = true;
        for (size_t c = 0; c < file->columns_count; c++)
            if (is_key(file, c) || wf_prng_below(prng, 4) > 0)
                row[c] = draw_value(file->columns[c].about, numbers, &to->arena, prng);
        for (size_t k = 0; k < to->count; k++)
            is_new = is_new && !same_key(file, row, to->rows[k]);
        if (is_new)
            to->rows[to->count++] = row;
    }
}

// Of whom, and of which case, a row is that says neither (`beside: yes`): by its key.
static int64_t person_behind(const wf_sql_file *file, const wf_value *row)
{
    wf_text key = row[file->key[0]].text;
    return key.size > 0 ? key.bytes[key.size - 1] % 8 : -1;
}

static wf_text case_behind(const wf_sql_file *file, const wf_value *row)
{
    return row[file->key[0]].text;
}

static bool is_given_beside(const wf_view_call *call, const wf_value *row)
{
    if (wf_view_is_beside(call, person_behind(call->file, row)))
        return true;
    for (size_t i = 0; i < call->cases_count; i++)
        if (wf_text_equal(call->cases[i], case_behind(call->file, row)))
            return true;
    return false;
}

static weft_status give_drawn(void *context, const wf_view_call *call, wf_view_sink *sink,
                              weft_error *error)
{
    const table *from = context;
    for (size_t i = 0; i < from->count; i++)
        if (call->file->beside && is_given_beside(call, from->rows[i]))
            WF_TRY(wf_view_give_beside(sink, from->rows[i], error));
        else
            WF_TRY(wf_view_give(sink, from->rows[i], error));
    return WEFT_OK;
}

static void draw_computed(wf_numbers numbers, uint64_t seed, drawn *to)
{
    size_t count;
    const wf_sql_text *texts = wf_desk_views(&count);
    wf_prng prng = wf_prng_new(seed);
    to->count = 0;
    for (size_t i = 0; i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        assert_true(wf_sql_file_read(&texts[i], wf_desk_kinds(), &arena, &file, why));
        if (file.computed) {
            assert_true(to->count < computed_max);
            table *rows = &to->rows[to->count];
            draw_rows(&file, numbers, &prng, rows);
            to->computed[to->count++] =
                (wf_view_computed){texts[i].name, give_drawn, rows};
        }
        wf_arena_done(&arena);
    }
}

// ---- two cities that live the same ----

typedef struct {
    made_city city;
    wf_views *views;
    test_address where;
    desk_followers followers;
    drawn drawn;
} home;

static void open_views(home *h)
{
    weft_error error = {0};
    static const wf_protocol no_protocol = {.name = ""};
    wf_views_options options = {.store = h->city.records,
                                .keys = h->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(h->city.store.visits),
                                .beside = &drawn_beside,
                                .protocol = &no_protocol};
    options.texts = wf_desk_views(&options.texts_count);
    draw_computed(options.numbers, 11, &h->drawn);
    options.computed = h->drawn.computed;
    options.computed_count = h->drawn.count;
    options.zone = h->city.store.zone;
    ok(wf_views_open(&options, &h->views, &error), &error);
}

static void send(home *h, const history *all)
{
    weft_error error = {0};
    for (size_t at = 0, count; at < all->count; at += count) {
        wf_fact batch[batch_max] = {0};
        wf_verdict verdicts[batch_max];
        count = all->count - at < batch_max ? all->count - at : batch_max;
        for (size_t i = 0; i < count; i++)
            history_copy(all->arrivals[at + i], &batch[i]);
        ok(wf_store_send(h->city.records, batch, count, WF_TIME_NONE, verdicts, &error),
           &error);
    }
    ok(wf_store_apply(h->city.records, 0, &error), &error);
}

static void home_new(home *h, bool remote, const history *all)
{
    if (remote)
        h->where = test_postgres_schema(&server);
    h->city = (made_city){.where = remote ? h->where.text : NULL};
    desk_followers_begin(&h->followers, &h->city);
    made_city_make(&h->city);
    send(h, all);
    open_views(h);
}

static void home_done(home *h, bool remote)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_views_close(h->views);
    for (size_t i = 0; i < h->drawn.count; i++)
        wf_arena_done(&h->drawn.rows[i].arena);
    made_city_done(&h->city);
    desk_followers_end(&h->followers);
    if (!remote)
        return;
    wf_database_options options = {.io = &wf_io_posix, .where = h->where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
    wf_database_close(db);
}

// ---- by hand ----

static wf_value value_of(const home *h, const wf_column *about, const wf_statement *from,
                         int at, wf_arena *arena)
{
    wf_value value = {.given = !wf_statement_is_null(from, at)};
    wf_numbers numbers = wf_numbers_of(h->city.store.visits);
    if (!value.given)
        return value;
    value.real = about->type == WF_COLUMN_NUMBER ? wf_statement_real(from, at) : 0;
    if (is_textual(about))
        value.text = copy(arena, wf_statement_text(from, at));
    else if (about->type != WF_COLUMN_NUMBER)
        value.number = wf_statement_i64(from, at);
    if (is_id(about))
        value.text = copy(
            arena, numbers.text_of(numbers.context, about->type, (uint32_t)value.number));
    return value;
}

// What the SELECT of a file gives at a time, unsorted; columns by their names.
static void read_plain(const home *h, const wf_sql_file *file, weft_time now, table *to)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_statement *all = NULL;
    bool row = true;
    ok(wf_store_reader(h->city.records, &db, &error), &error);
    ok(wf_database_prepare(db, file->select, &all, &error), &error);
    if (file->takes_now)
        wf_statement_bind_i64(all, wf_statement_parameter(all, "now"), now.us);
    // Of no protocol, as the views: none is given.
    wf_sql_numbers_bind(file, (wf_sql_number[WF_SQL_LIST_MAX]){{0}}, all);
    for (ok(wf_statement_step(all, &row, &error), &error); row;
         ok(wf_statement_step(all, &row, &error), &error)) {
        wf_value *values =
            history_memory(&to->arena, file->columns_count, sizeof *values);
        for (size_t i = 0; i < file->selected_count; i++) {
            assert_string_equal(wf_statement_column_name(all, (int)i),
                                file->columns[i].name);
            values[i] = value_of(h, file->columns[i].about, all, (int)i, &to->arena);
        }
        assert_true(to->count < sizeof to->rows / sizeof *to->rows);
        to->rows[to->count++] = values;
    }
    assert_true(wf_statement_columns(all) >= (int)file->selected_count);
    wf_statement_free(all);
    wf_database_close(db);
}

// What the function behind a computed view gives.
static void read_drawn(const home *h, const wf_sql_file *file, table *to)
{
    for (size_t i = 0; i < h->drawn.count; i++) {
        const table *from = &h->drawn.rows[i];
        if (strcmp(h->drawn.computed[i].name, file->name) != 0)
            continue;
        memcpy(to->rows, from->rows, from->count * sizeof *from->rows);
        to->count = from->count;
    }
}

static int by_value(const wf_column *about, const wf_value *a, const wf_value *b)
{
    if (is_textual(about))
        return wf_text_compare(a->text, b->text);
    if (about->type == WF_COLUMN_NUMBER)
        return a->real < b->real ? -1 : a->real > b->real;
    return a->number < b->number ? -1 : a->number > b->number;
}

typedef struct {
    const wf_sql_file *file;
    size_t sort;
} sorting;

static int by_sort(const void *a, const void *b, void *context)
{
    const sorting *s = context;
    const wf_value *left = *(wf_value *const *)a, *right = *(wf_value *const *)b;
    const wf_sql_sort *sort = &s->file->sorts[s->sort];
    const wf_value *x = &left[sort->column], *y = &right[sort->column];
    int sign = sort->falls ? -1 : 1, found = 0;
    if (x->given != y->given)
        return x->given ? -1 : 1;
    if (x->given)
        found = by_value(s->file->columns[sort->column].about, x, y);
    for (size_t i = 0; found == 0 && i < s->file->key_count; i++) {
        size_t key = s->file->key[i];
        assert_true(left[key].given && right[key].given);
        found = by_value(s->file->columns[key].about, &left[key], &right[key]);
    }
    assert_true(found != 0 || left == right);
    return sign * found;
}

static bool begins(wf_text text, wf_text start)
{
    return text.size >= start.size && memcmp(text.bytes, start.bytes, start.size) == 0;
}

// A question, and the persons that it reaches beside its grid.
typedef struct {
    wf_view_question question;
    wf_beside beside;
    int64_t persons[2000];
    size_t persons_count;
} asking;

static void find_persons(const home *h, asking *to)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_statement *all = NULL;
    wf_beside_bound bound;
    bool row = true;
    ok(wf_store_reader(h->city.records, &db, &error), &error);
    ok(wf_database_prepare(db, drawn_beside.persons, &all, &error), &error);
    wf_beside_bind(&to->beside, to->question.now, &bound, all);
    for (ok(wf_statement_step(all, &row, &error), &error); row;
         ok(wf_statement_step(all, &row, &error), &error)) {
        assert_true(to->persons_count < sizeof to->persons / sizeof *to->persons);
        to->persons[to->persons_count++] = wf_statement_i64(all, 0);
    }
    wf_statement_free(all);
    wf_database_close(db);
}

static bool is_beside(const wf_sql_file *file, const asking *asked, const wf_value *row)
{
    bool first = true;
    for (size_t i = 0; i < file->selected_count; i++) {
        const wf_sql_column *column = &file->columns[i];
        if (!row[i].given)
            first = first && column->about->type != WF_COLUMN_PERSON;
        else if (strcmp(column->name, "case_id") == 0 &&
                 wf_text_compare(row[i].text, asked->beside.user) < 0)
            return true;
        else if (column->about->type == WF_COLUMN_PERSON && first) {
            first = false;
            for (size_t k = 0; k < asked->persons_count; k++)
                if (asked->persons[k] == row[i].number)
                    return true;
        }
    }
    return false;
}

static bool is_behind(const wf_sql_file *file, const asking *asked, const wf_value *row)
{
    for (size_t i = 0; i < asked->persons_count; i++)
        if (asked->persons[i] == person_behind(file, row))
            return true;
    return wf_text_compare(case_behind(file, row), asked->beside.user) < 0;
}

static bool is_in_scope(const wf_sql_file *file, const asking *asked, const wf_value *row)
{
    wf_text grid = asked->question.grid;
    return grid.size == 0 ||
           (row[file->scope].given && begins(row[file->scope].text, grid)) ||
           (asked->question.beside != NULL && file->personal &&
            is_beside(file, asked, row)) ||
           (asked->question.beside != NULL && file->beside &&
            is_behind(file, asked, row));
}

static bool is_asked(const wf_sql_file *file, const asking *asked_for,
                     const wf_value *row)
{
    const wf_view_question *question = &asked_for->question;
    if (!is_in_scope(file, asked_for, row))
        return false;
    for (size_t i = 0; i < file->filters_count; i++) {
        const wf_value *asked = &question->filters[i], *has = &row[file->filters[i]];
        const wf_column *about = file->columns[file->filters[i]].about;
        if (!asked->given)
            continue;
        if (!has->given)
            return false;
        if (is_id(about) ? !wf_text_equal(asked->text, has->text)
                         : by_value(about, asked, has) != 0)
            return false;
    }
    return true;
}

// ---- rows as text ----

static void put_row(const wf_sql_file *file, const wf_value *row, wf_buffer *to)
{
    for (size_t i = 0; i < file->selected_count; i++) {
        const wf_column *about = file->columns[i].about;
        bool done = wf_buffer_printf(to, "|");
        if (!row[i].given)
            continue;
        if (is_id(about) || is_textual(about))
            done = done && wf_buffer_append(to, row[i].text.bytes, row[i].text.size);
        else if (about->type == WF_COLUMN_NUMBER)
            done = done && wf_buffer_printf(to, "%.17g", row[i].real);
        else
            done = done && wf_buffer_printf(to, "%lld", (long long)row[i].number);
        assert_true(done);
    }
    assert_true(wf_buffer_printf(to, "\n"));
}

static void put_plain(table *plain, const wf_sql_file *file, const asking *asked,
                      wf_buffer *to)
{
    sorting s = {file, asked->question.sort};
    qsort_r(plain->rows, plain->count, sizeof *plain->rows, by_sort, &s);
    for (size_t i = 0; i < plain->count; i++)
        if (is_asked(file, asked, plain->rows[i]))
            put_row(file, plain->rows[i], to);
}

static void put_page(const wf_sql_file *file, const wf_view_page *page, wf_buffer *to)
{
    for (size_t i = 0; i < page->rows_count; i++)
        put_row(file, page->values + i * page->columns_count, to);
}

// All pages, each of the size that is drawn for it.
static void put_pages(wf_view *view, wf_view_question question, wf_prng prng,
                      wf_buffer *to)
{
    wf_arena arena = {0};
    const wf_sql_file *file = wf_view_file(view);
    wf_view_page page;
    do {
        weft_error error = {0};
        question.limit = 1 + wf_prng_below(&prng, 9);
        ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
        assert_true(page.rows_count <= question.limit);
        assert_true(page.next.size == 0 || page.rows_count == question.limit);
        assert_true(page.as_of.complete);
        put_page(file, &page, to);
        question.after = page.next;
    } while (page.next.size > 0);
    wf_arena_done(&arena);
}

typedef struct {
    const wf_sql_file *file;
    wf_buffer *to;
} whole;

static weft_status put_part(void *context, const wf_view_page *page, weft_error *error)
{
    whole *w = context;
    (void)error;
    put_page(w->file, page, w->to);
    return WEFT_OK;
}

static void same(const char *name, const char *what, const wf_buffer *a,
                 const wf_buffer *b)
{
    if (!wf_text_equal(wf_buffer_text(a), wf_buffer_text(b)))
        fail_msg("%s, %s:\n%.*s---\n%.*s", name, what, (int)a->size, a->bytes,
                 (int)b->size, b->bytes);
}

// ---- questions ----

// A beginning of the text that ends between two characters.
static wf_text cut_text(wf_text text, wf_prng *prng)
{
    size_t size = text.size == 0 ? 0 : 1 + wf_prng_below(prng, (uint32_t)text.size);
    while (size < text.size && ((unsigned char)text.bytes[size] & 0xC0) == 0x80)
        size++;
    return (wf_text){text.bytes, size};
}

static void draw(const wf_sql_file *file, const table *plain, wf_prng *prng,
                 wf_value *filters, wf_view_question *ret)
{
    memset(filters, 0, WF_SQL_LIST_MAX * sizeof *filters);
    *ret = (wf_view_question){.filters = filters};
    if (plain->count == 0)
        return;
    const wf_value *row = plain->rows[wf_prng_below(prng, (uint32_t)plain->count)];
    if (file->scope != SIZE_MAX && wf_prng_below(prng, 2) == 0)
        ret->grid = cut_text(row[file->scope].text, prng);
    for (size_t i = 0; i < file->filters_count; i++)
        if (wf_prng_below(prng, 4) == 0)
            filters[i] = row[file->filters[i]];
    if (file->filters_count > 0 && wf_prng_below(prng, 12) == 0 &&
        is_textual(file->columns[file->filters[0]].about))
        filters[0] = (wf_value){.given = true, .text = WF_TEXT("nobody")};
}

// Who asks: of whom the grid has something, and perhaps they themselves.
static void draw_beside(const home *h, const wf_sql_file *file, const table *plain,
                        wf_prng *prng, asking *ret)
{
    const wf_value *row = plain->rows[wf_prng_below(prng, (uint32_t)plain->count)];
    ret->beside =
        (wf_beside){.grid = row[file->scope].text.size > 0 ? row[file->scope].text
                                                           : ret->question.grid,
                    .user = WF_TEXT(""),
                    .person = WF_NUMBER_NONE};
    for (size_t i = 0; i < file->selected_count; i++) {
        if (row[i].given && file->columns[i].about->type == WF_COLUMN_PERSON &&
            wf_prng_below(prng, 2) == 0)
            ret->beside.person = (uint32_t)row[i].number;
        if (row[i].given && strcmp(file->columns[i].name, "case_id") == 0)
            ret->beside.user = row[i].text;
    }
    if (file->beside && wf_prng_below(prng, 2) == 0)
        ret->beside.user = case_behind(file, row);
    ret->question.beside = &ret->beside;
    find_persons(h, ret);
}

static void check_question(home homes[2], size_t place, const asking *asked, table *plain,
                           wf_prng *prng)
{
    const wf_view_question *question = &asked->question;
    wf_view *view = wf_views_at(homes[0].views, place);
    const wf_sql_file *file = wf_view_file(view);
    wf_buffer by_hand = {0}, paged = {0}, at_once = {0}, remote = {0};
    weft_error error = {0};
    wf_view_as_of as_of;
    wf_prng sizes = wf_prng_new(wf_prng_u64(prng));
    put_plain(plain, file, asked, &by_hand);
    put_pages(view, *question, sizes, &paged);
    same(file->name, "pages against rows by hand", &by_hand, &paged);
    ok(wf_view_all(view, question, put_part, &(whole){file, &at_once}, &as_of, &error),
       &error);
    same(file->name, "all rows against pages", &paged, &at_once);
    if (has_server) {
        put_pages(wf_views_at(homes[1].views, place), *question, sizes, &remote);
        same(file->name, "SQLite against PostgreSQL", &paged, &remote);
    }
    wf_buffer_done(&by_hand);
    wf_buffer_done(&paged);
    wf_buffer_done(&at_once);
    wf_buffer_done(&remote);
}

static size_t check_view(home homes[2], size_t place, weft_time now, wf_prng *prng)
{
    const wf_sql_file *file = wf_view_file(wf_views_at(homes[0].views, place));
    static table plain;
    plain = (table){.count = 0};
    if (file->computed)
        read_drawn(&homes[0], file, &plain);
    else if (file->parameters_count == 0)
        read_plain(&homes[0], file, now, &plain);
    for (size_t sort = 0; sort < file->sorts_count; sort++)
        for (size_t i = 0; i < questions; i++) {
            wf_value filters[WF_SQL_LIST_MAX];
            static asking asked;
            wf_view_question *question = &asked.question;
            asked = (asking){.persons_count = 0};
            draw(file, &plain, prng, filters, question);
            if (i == 0) // everything, once
                *question =
                    (wf_view_question){.filters = memset(filters, 0, sizeof filters)};
            question->sort = sort;
            question->now = now;
            if (question->grid.size > 0 && wf_prng_below(prng, 4) > 0)
                draw_beside(&homes[0], file, &plain, prng, &asked);
            check_question(homes, place, &asked, &plain, prng);
        }
    wf_arena_done(&plain.arena);
    return plain.count;
}

// ---- the law ----

static uint64_t first_seed(void)
{
    const char *given = getenv("WEFT_PROP_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
    printf("# seed %llu\n", (unsigned long long)seed);
    return seed;
}

static size_t number_of(const char *name, size_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void pages_are_the_rows_cut_and_sorted(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    for (size_t i = 0; i < cases; i++) {
        static home homes[2];
        memset(homes, 0, sizeof homes);
        history all;
        size_t rows = 0;
        wf_prng prng = wf_prng_new(seed + i);
        history_options options = {
            .seed = seed + i, .facts_count = number_of("WEFT_PROP_FACTS", facts_default)};
        printf("# case %llu\n", (unsigned long long)(seed + i));
        history_make(wf_desk_kinds(), &options, &all);
        home_new(&homes[0], false, &all);
        if (has_server)
            home_new(&homes[1], true, &all);
        weft_time now = {all.first_at.us / 2 + all.last_at.us / 2};
        for (size_t place = 0; place < wf_views_count(homes[0].views); place++)
            rows += check_view(homes, place, now, &prng);
        assert_true(rows > 20);
        home_done(&homes[0], false);
        if (has_server)
            home_done(&homes[1], true);
        history_done(&all);
    }
}

// ---- how much of the ledger an answer holds ----

static void an_answer_says_as_of_which_fact_it_is(void **state)
{
    (void)state;
    static home h;
    history all;
    weft_error error = {0};
    wf_arena arena = {0};
    const wf_value filters[WF_SQL_LIST_MAX] = {{0}};
    wf_view_question question = {.filters = filters, .limit = 1};
    wf_view_page page;
    wf_fact fact = {0};
    wf_verdict verdict;
    history_make(wf_desk_kinds(), &(history_options){.seed = 3, .facts_count = 40}, &all);
    made_city_new(&h.city);
    open_views(&h);
    wf_view *view = wf_views_find(h.views, WF_TEXT("testing/tubes"));
    ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
    assert_int_equal(page.as_of.position, 0);
    assert_true(weft_time_is_none(page.as_of.at) && page.as_of.complete);
    send(&h, &all);
    uint64_t positions = wf_ledger_now(wf_store_ledger(h.city.records)).positions;
    ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
    assert_int_equal(page.as_of.position, positions);
    assert_true(page.as_of.complete);
    // One more, which the rows do not hold yet.
    history_copy(all.arrivals[0], &fact);
    fact.id.seq = 1000000;
    ok(wf_store_send(h.city.records, &fact, 1, all.last_at, &verdict, &error), &error);
    assert_int_equal(verdict.sent, WF_SENT_ACCEPTED);
    ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
    assert_int_equal(page.as_of.position, positions);
    assert_false(page.as_of.complete);
    ok(wf_store_apply(h.city.records, 0, &error), &error);
    ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
    assert_int_equal(page.as_of.position, positions + 1);
    assert_true(page.as_of.complete && page.as_of.at.us == all.last_at.us);
    wf_arena_done(&arena);
    home_done(&h, false);
    history_done(&all);
}

// ---- sorts that read no more than they show ----

static void explain(home *h, const wf_view *view, const wf_view_variant *variant)
{
    weft_error error = {0};
    wf_buffer sql = {0}, explained = {0};
    wf_statement *plan = NULL;
    ok(wf_view_compose(view, variant, &sql, &error), &error);
    assert_true(wf_buffer_printf(&explained, "EXPLAIN QUERY PLAN %s", sql.bytes) &&
                wf_buffer_append(&explained, "", 1));
    ok(wf_database_prepare(h->views->db, explained.bytes, &plan, &error), &error);
    plan_half at = FIRST_HALF;
    for (bool row = true; row;) {
        ok(wf_statement_step(plan, &row, &error), &error);
        const char *detail = row ? wf_statement_text(plan, 3).bytes : "";
        at = plan_half_after(at, detail);
        if (at != SECOND_OF_FEW && strstr(detail, "TEMP B-TREE") != NULL &&
            strstr(detail, "ORDER BY") != NULL)
            fail_msg("%s sorts all its rows for a page (%s):\n%s", view->file.name,
                     detail, sql.bytes);
    }
    wf_statement_free(plan);
    wf_buffer_done(&sql);
    wf_buffer_done(&explained);
}

static void a_page_of_a_large_view_does_not_sort_all_its_rows(void **state)
{
    (void)state;
    static home h;
    history all;
    history_make(wf_desk_kinds(), &(history_options){.seed = 1, .facts_count = 60}, &all);
    home_new(&h, false, &all);
    for (size_t i = 0; i < wf_views_count(h.views); i++) {
        const wf_view *view = wf_views_at(h.views, i);
        const wf_sql_file *file = &view->file;
        for (size_t sort = 0; sort < file->sorts_count && !file->computed; sort++)
            for (unsigned bits = 0; bits < 8 && !file->small; bits++) {
                wf_view_variant variant = {
                    .sort = sort,
                    .after = (bits & 1) != 0,
                    .reach = (bits & 2) != 0 && file->scope != SIZE_MAX ? WF_VIEW_GRID
                                                                        : WF_VIEW_ALL,
                    .nulls = (bits & 4) != 0};
                if (variant.nulls && !wf_view_order_of(file, sort).can_be_null)
                    continue;
                explain(&h, view, &variant);
            }
    }
    home_done(&h, false);
    history_done(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_the_rows_cut_and_sorted),
        cmocka_unit_test(an_answer_says_as_of_which_fact_it_is),
        cmocka_unit_test(a_page_of_a_large_view_does_not_sort_all_its_rows),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
