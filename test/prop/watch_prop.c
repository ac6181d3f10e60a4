// What follows the rows is told of all that becomes of them: a mirror of every watched
// column, kept only by what `changed` says, equals the tables after random histories with
// corrections and withdrawals, deliveries, slices that fail, restarts and rebuilds.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/history.h"
#include "support/made_city.h"
#include "support/sent_history.h"

enum { cases_default = 3, facts_default = 200, batch_max = 40, watches_max = 96 };

// ---- the mirror ----

typedef struct {
    char *key, *row; // row NULL: gone
} line;

typedef struct {
    line *lines;
    size_t count, room;
} lines;

typedef struct mirror mirror;

// One watch: the key of a table and some of its columns.
typedef struct {
    mirror *all;
    wf_watch watch;
    bool is_text[WF_WATCH_COLUMNS_MAX], is_real[WF_WATCH_COLUMNS_MAX];
    size_t count, keys;
    char names[WF_WATCH_COLUMNS_MAX][64];
    lines held, said; // as committed; by the transaction under way
} watched;

struct mirror {
    watched watches[watches_max];
    size_t count;
    bool fails;    // the next transaction's end
    uint64_t told; // calls
};

static void put_line(lines *to, char *key, char *row)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->lines[i].key, key) == 0) {
            free(key);
            free(to->lines[i].row);
            to->lines[i].row = row;
            return;
        }
    if (to->count == to->room) {
        to->room = to->room == 0 ? 64 : 2 * to->room;
        to->lines = realloc(to->lines, to->room * sizeof *to->lines);
        assert_non_null(to->lines);
    }
    to->lines[to->count++] = (line){key, row};
}

static const line *find_line(const lines *in, const char *key)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->lines[i].key, key) == 0)
            return &in->lines[i];
    return NULL;
}

static void empty(lines *of)
{
    for (size_t i = 0; i < of->count; i++) {
        free(of->lines[i].key);
        free(of->lines[i].row);
    }
    of->count = 0;
}

// Columns [from, upto) of a row as one text.
static char *text_of(const watched *w, const wf_value *values, size_t from, size_t upto)
{
    wf_buffer text = {0};
    for (size_t i = from; i < upto; i++) {
        bool done = wf_buffer_printf(&text, "|");
        if (!values[i].given)
            done = done && wf_buffer_printf(&text, "-");
        else if (w->is_text[i])
            done = done &&
                   wf_buffer_append(&text, values[i].text.bytes, values[i].text.size);
        else if (w->is_real[i])
            done = done && wf_buffer_printf(&text, "%.17g", values[i].real);
        else
            done = done && wf_buffer_printf(&text, "%" PRId64, values[i].number);
        assert_true(done);
    }
    assert_true(wf_buffer_append(&text, "", 1));
    return text.bytes;
}

// What stands there now, the transaction under way included.
static const char *row_now(const watched *w, const char *key)
{
    const line *found = find_line(&w->said, key);
    if (found == NULL)
        found = find_line(&w->held, key);
    return found != NULL ? found->row : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static weft_status changed(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error)
{
    watched *w = context;
    (void)error;
    w->all->told++;
    assert_true(before != NULL || after != NULL);
    char *key = text_of(w, before != NULL ? before : after, 0, w->keys);
    char *was = before != NULL ? text_of(w, before, w->keys, w->count) : NULL;
    char *is = after != NULL ? text_of(w, after, w->keys, w->count) : NULL;
    // Of dead_facts the same may be said again.
    if (strcmp(w->watch.table, "dead_facts") != 0) {
        if (!same_text(was, row_now(w, key)))
            fail_msg("%s %s was %s, is said to have been %s", w->watch.table, key,
                     row_now(w, key), was);
        assert_false(same_text(was, is));
    }
    free(was);
    put_line(&w->said, key, is);
    return WEFT_OK;
}

static weft_status before_commit(void *context, wf_database *db, weft_error *error)
{
    mirror *all = context;
    (void)db;
    if (!all->fails)
        return WEFT_OK;
    all->fails = false;
    return wf_fail(error, WEFT_STORAGE, "records.io", "path", "-", NULL);
}

static void ended(void *context, bool committed)
{
    mirror *all = context;
    for (size_t i = 0; i < all->count; i++) {
        watched *w = &all->watches[i];
        for (size_t k = 0; committed && k < w->said.count; k++) {
            put_line(&w->held, w->said.lines[k].key, w->said.lines[k].row);
            w->said.lines[k] = (line){NULL, NULL};
        }
        empty(&w->said);
    }
}

// ---- the tables ----

static void read_table(const watched *w, wf_database *db, lines *to)
{
    weft_error error = {0};
    wf_buffer sql = {0};
    wf_statement *all = NULL;
    bool row = false;
    for (size_t i = 0; i < w->count; i++)
        assert_true(
            wf_buffer_printf(&sql, "%s\"%s\"", i == 0 ? "SELECT " : ", ", w->names[i]));
    assert_true(wf_buffer_printf(&sql, " FROM \"%s\"", w->watch.table) &&
                wf_buffer_append(&sql, "", 1));
    assert_int_equal(wf_database_prepare(db, sql.bytes, &all, &error), WEFT_OK);
    while (wf_statement_step(all, &row, &error) == WEFT_OK && row) {
        wf_value values[WF_WATCH_COLUMNS_MAX] = {0};
        for (size_t i = 0; i < w->count; i++) {
            int at = (int)i;
            values[i].given = !wf_statement_is_null(all, at);
            if (w->is_text[i])
                values[i].text = wf_statement_text(all, at);
            else if (w->is_real[i])
                values[i].real = wf_statement_real(all, at);
            else
                values[i].number = wf_statement_i64(all, at);
        }
        put_line(to, text_of(w, values, 0, w->keys),
                 text_of(w, values, w->keys, w->count));
    }
    wf_statement_free(all);
    wf_buffer_done(&sql);
}

static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    mirror *all = context;
    (void)error;
    for (size_t i = 0; i < all->count; i++) {
        empty(&all->watches[i].held);
        empty(&all->watches[i].said);
        read_table(&all->watches[i], db, &all->watches[i].held);
    }
    return WEFT_OK;
}

static size_t living(const lines *of)
{
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++)
        count += of->lines[i].row != NULL;
    return count;
}

static void compare(const watched *w, wf_database *db)
{
    lines is = {0};
    read_table(w, db, &is);
    for (size_t i = 0; i < is.count; i++) {
        const line *held = find_line(&w->held, is.lines[i].key);
        if (held == NULL || !same_text(held->row, is.lines[i].row))
            fail_msg("%s %s is %s, the mirror has %s", w->watch.table, is.lines[i].key,
                     is.lines[i].row, held != NULL ? held->row : "nothing");
    }
    assert_int_equal(living(&w->held), is.count);
    empty(&is);
    free(is.lines);
}

// ---- watches over all that can be watched ----

static void add_column(watched *w, const wf_column *column, bool keyed)
{
    size_t at = w->count++;
    w->is_text[at] = !keyed && column->type != WF_COLUMN_PERSON &&
                     column->type != WF_COLUMN_PLACE &&
                     (column->bytes_max > 0 || column->type == WF_COLUMN_WORD);
    w->is_real[at] = column->type == WF_COLUMN_NUMBER;
    snprintf(w->names[at], sizeof w->names[at], "%s%s", column->name,
             keyed ? "_key" : "");
    w->watch.columns[at] = w->names[at];
}

static watched *add_watch(mirror *all, const char *table)
{
    assert_true(all->count < watches_max);
    watched *w = &all->watches[all->count++];
    w->all = all;
    w->watch = (wf_watch){.table = table, .changed = changed, .context = w};
    return w;
}

static void watch_table(mirror *all, const wf_table *table)
{
    size_t next = table->keys_count;
    do {
        watched *w = add_watch(all, table->name);
        for (size_t i = 0; i < table->keys_count; i++)
            add_column(w, &table->columns[i], false);
        w->keys = w->count;
        while (next < table->columns_count && w->count < WF_WATCH_COLUMNS_MAX) {
            const wf_column *column = &table->columns[next++];
            if (!wf_column_is_sealed(column) || column->keyed)
                add_column(w, column, column->keyed);
        }
    } while (next < table->columns_count);
}

static wf_follower follower_of(mirror *all, wf_watch watches[watches_max])
{
    const wf_kinds *kinds = wf_desk_kinds();
    static const wf_column fact = {
        .name = "fact", .type = WF_COLUMN_TEXT, .bytes_max = 1};
    for (size_t i = 0; i < kinds->tables_count; i++)
        watch_table(all, kinds->tables[i]);
    watched *dead = add_watch(all, "dead_facts");
    add_column(dead, &fact, false);
    dead->keys = 1;
    for (size_t i = 0; i < all->count; i++)
        watches[i] = all->watches[i].watch;
    return (wf_follower){.watches = watches,
                         .watches_count = all->count,
                         .opened = opened,
                         .before_commit = before_commit,
                         .ended = ended,
                         .context = all};
}

// ---- what happens ----

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void agree(const mirror *all, made_city *city)
{
    weft_error error = {0};
    wf_database *db = NULL;
    ok(wf_store_reader(city->records, &db, &error), &error);
    for (size_t i = 0; i < all->count; i++)
        compare(&all->watches[i], db);
    wf_database_close(db);
}

static void restart(made_city *city)
{
    made_city_close(city);
    made_city_open(city, city->store.io);
}

static void rebuild(made_city *city)
{
    weft_error error = {0};
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

static void live(mirror *all, made_city *city, const history *h, wf_prng *prng)
{
    for (size_t at = 0, next; at < h->count; at = next) {
        weft_error error = {0};
        next = at + 1 + wf_prng_below(prng, batch_max);
        next = next < h->count ? next : h->count;
        sent_history_send(city, h->arrivals + at, next - at);
        uint32_t what = wf_prng_below(prng, 12);
        if (what < 2)
            sent_history_deliver(city, h->arrivals + at, next - at, what == 0);
        else if (what < 4)
            sent_history_fail_once(city, &all->fails);
        else if (what == 4)
            restart(city);
        else if (what == 5)
            rebuild(city);
        else
            ok(wf_store_apply(city->records, what < 8 ? 1 + what : 0, &error), &error);
        agree(all, city);
    }
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void a_mirror_kept_by_changes_equals_the_tables(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    uint64_t cases = number_of("WEFT_PROP_CASES", cases_default);
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < cases; i++) {
        static mirror all;
        static wf_watch watches[watches_max];
        history h;
        made_city city;
        wf_prng prng = wf_prng_new(seed + i);
        history_options options = {
            .seed = seed + i, .facts_count = number_of("WEFT_PROP_FACTS", facts_default)};
        printf("# case %" PRIu64 "\n", seed + i);
        memset(&all, 0, sizeof all);
        history_make(wf_desk_kinds(), &options, &h);
        wf_follower follower = follower_of(&all, watches);
        made_city_new_with(&city, &follower, 1);
        live(&all, &city, &h, &prng);
        assert_true(all.told > h.count / 4);
        made_city_done(&city);
        for (size_t k = 0; k < all.count; k++) {
            empty(&all.watches[k].held);
            free(all.watches[k].held.lines);
            free(all.watches[k].said.lines);
        }
        history_done(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mirror_kept_by_changes_equals_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
