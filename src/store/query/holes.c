#include "store/query/holes.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/query/holes_inside.h"
#include "store/query/sql_words.h"

// Changes when the same rules give other rows, or the table another form.
#define HOLES_VERSION 1

static const char *const create_table[2] = {
    [WF_DIALECT_SQLITE] =
        "CREATE TABLE IF NOT EXISTS \"hole\" (\"kind\" TEXT NOT NULL, "
        "\"subject\" TEXT NOT NULL, \"number\" INTEGER NOT NULL, "
        "\"grid\" TEXT NOT NULL, \"owner\" TEXT NOT NULL, \"since\" INTEGER NOT NULL, "
        "\"due_at\" INTEGER NOT NULL, PRIMARY KEY (\"kind\", \"subject\", \"number\", "
        "\"grid\", \"owner\", \"since\", \"due_at\")) STRICT, WITHOUT ROWID",
    [WF_DIALECT_POSTGRES] =
        "CREATE TABLE IF NOT EXISTS \"hole\" (\"kind\" TEXT COLLATE \"C\" NOT NULL, "
        "\"subject\" TEXT COLLATE \"C\" NOT NULL, \"number\" BIGINT NOT NULL, "
        "\"grid\" TEXT COLLATE \"C\" NOT NULL, \"owner\" TEXT COLLATE \"C\" NOT NULL, "
        "\"since\" BIGINT NOT NULL, \"due_at\" BIGINT NOT NULL, PRIMARY KEY (\"kind\", "
        "\"subject\", \"number\", \"grid\", \"owner\", \"since\", \"due_at\"))",
};

// By it kinds are listed (holes_list.c).
static const char create_index[] =
    "CREATE INDEX IF NOT EXISTS \"hole_by_due\" ON \"hole\" (\"kind\", \"due_at\", "
    "\"subject\", \"number\", \"grid\", \"owner\", \"since\")";

// ---- making ----

static void find_numbers(wf_hole_rule *rule, const wf_protocol *protocol)
{
    wf_sql_numbers_of(&rule->file, protocol, rule->numbers);
    for (size_t i = 0; i < rule->file.numbers_count; i++)
        if (!rule->numbers[i].given && rule->lacks == NULL)
            rule->lacks = rule->file.numbers[i].number;
}

static bool is_number(const wf_column *column)
{
    return column->type == WF_COLUMN_PERSON || column->type == WF_COLUMN_PLACE;
}

static void hash_rules(wf_holes *holes)
{
    crypto_generichash_state state;
    WF_ASSERT(crypto_generichash_init(&state, NULL, 0, sizeof holes->hash) == 0);
    for (size_t i = 0; i < holes->rules_count; i++) {
        const wf_hole_rule *rule = &holes->rules[i];
        const char *const texts[] = {rule->file.name, rule->file.select,
                                     rule->lacks != NULL ? rule->lacks : ""};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            crypto_generichash_update(&state, (const unsigned char *)texts[k],
                                      strlen(texts[k]) + 1);
        for (size_t k = 0; k < rule->file.numbers_count; k++) {
            int64_t whole = rule->numbers[k].number;
            double real = rule->numbers[k].real;
            crypto_generichash_update(&state, (const unsigned char *)&whole,
                                      sizeof whole);
            crypto_generichash_update(&state, (const unsigned char *)&real, sizeof real);
        }
    }
    static const unsigned char version = HOLES_VERSION;
    crypto_generichash_update(&state, &version, 1);
    crypto_generichash_final(&state, holes->hash, sizeof holes->hash);
}

// Whether the value of the column by which a touch asks is a number.
static bool asks_by_number(const wf_kinds *kinds, const wf_sql_touch *touch)
{
    const wf_table *table = wf_kinds_table(kinds, wf_text_of(touch->table));
    size_t column =
        table == NULL ? SIZE_MAX : wf_table_column(table, wf_text_of(touch->columns[0]));
    if (table == NULL)
        return false; // dead_facts, sender_gap
    if (column == SIZE_MAX)
        return true; // a keyed hash
    switch (table->columns[column].type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
    case WF_COLUMN_FACT:
        return false;
    default:
        return true;
    }
}

static weft_status changed(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error);

static void add_touch(wf_holes *holes, wf_hole_rule *rule, const wf_sql_touch *from)
{
    wf_hole_touch *touch = &holes->touches[holes->touches_count];
    wf_watch *watch = &holes->watches[holes->touches_count++];
    *touch = (wf_hole_touch){.holes = holes,
                             .rule = rule,
                             .touch = from,
                             .is_number = asks_by_number(holes->kinds, from)};
    *watch = (wf_watch){.table = from->table, .changed = changed, .context = touch};
    size_t columns = 0;
    for (; columns < WF_WATCH_COLUMNS_MAX && from->columns[columns] != NULL; columns++)
        watch->columns[columns] = from->columns[columns];
    WF_ASSERT(from->columns[columns] == NULL);
    WF_ASSERT(from->sql != NULL || touch->is_number == rule->is_number);
}

static void read_rule(wf_holes *holes, const wf_holes_options *options, size_t place)
{
    wf_hole_rule *rule = &holes->rules[place];
    char why[WF_SQL_WHY_MAX] = "";
    if (!wf_sql_file_read(&options->files[place], options->kinds, &holes->arena,
                          &rule->file, why))
        WF_BUG("a file of holes is sound"); // desk/queries_test says what is not
    WF_ASSERT(rule->file.closes_zh != NULL);
    rule->is_number = is_number(rule->file.columns[0].about);
    find_numbers(rule, options->protocol);
}

// ---- published views ----

// "order_in_force" of "order/in_force".
static bool is_named(wf_text word, const char *view)
{
    size_t i = 0;
    while (i < word.size && view[i] != '\0' &&
           word.bytes[i] == (view[i] == '/' ? '_' : view[i]))
        i++;
    return i == word.size && view[i] == '\0';
}

static void mark_view(wf_text word, const wf_holes_options *options, bool *marks)
{
    for (size_t i = 0; i < options->views_count; i++)
        marks[i] = marks[i] || is_named(word, options->views[i].name);
}

// Marks the views whose names stand in a SELECT.
static void find_views(const char *select, const wf_holes_options *options, bool *marks)
{
    wf_text rest = wf_text_of(select);
    for (wf_sql_word word; wf_sql_word_next(&rest, &word);)
        if (word.kind == WF_SQL_WORD && memchr(word.text.bytes, '_', word.text.size))
            mark_view(word.text, options, marks);
}

static bool put_view(const wf_sql_file *view, bool first, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "%s\"", first ? "WITH " : ", ");
    for (const char *at = view->name; done && *at != '\0'; at++)
        done = wf_buffer_append(to, *at == '/' ? "_" : at, 1);
    return done && wf_buffer_printf(to, "\" AS (%s)", view->select);
}

// Puts the views that a rule reads before its SELECT.
static weft_status add_views(wf_holes *holes, const wf_holes_options *options,
                             wf_hole_rule *rule, weft_error *error)
{
    wf_buffer sql = {0};
    bool *reads = wf_arena_array(&holes->arena, options->views_count + 1, sizeof *reads);
    bool done = reads != NULL;
    if (done)
        find_views(rule->file.select, options, reads);
    for (size_t i = 0; done && i < options->views_count; i++) {
        wf_sql_file view;
        char why[WF_SQL_WHY_MAX];
        if (!reads[i])
            continue;
        if (!wf_sql_file_read(&options->views[i], options->kinds, &holes->arena, &view,
                              why) ||
            !view.publish)
            WF_BUG("a rule reads what is published");
        done = put_view(&view, sql.size == 0, &sql);
    }
    if (done && sql.size > 0) {
        done = wf_buffer_printf(&sql, " %s", rule->file.select);
        wf_text copy = done ? wf_arena_text(&holes->arena, wf_buffer_text(&sql))
                            : (wf_text){NULL, 0};
        done = copy.bytes != NULL;
        rule->file.select = done ? copy.bytes : rule->file.select;
    }
    wf_buffer_done(&sql);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status opened(void *context, wf_database *db, weft_error *error);
static weft_status before_commit(void *context, wf_database *db, weft_error *error);
static void closing(void *context);
static void ended(void *context, bool committed);

weft_status wf_holes_new(const wf_holes_options *options, wf_holes **ret,
                         weft_error *error)
{
    wf_holes *holes = calloc(1, sizeof *holes);
    size_t count = options->files_count, touches = count * WF_SQL_TOUCHES_MAX;
    if (holes == NULL)
        return wf_fail_memory(error);
    holes->kinds = options->kinds;
    holes->beside = options->beside;
    holes->rules = calloc(count + 1, sizeof *holes->rules);
    holes->touches = calloc(touches + 1, sizeof *holes->touches);
    holes->watches = calloc(touches + 1, sizeof *holes->watches);
    if (holes->rules == NULL || holes->touches == NULL || holes->watches == NULL) {
        wf_holes_free(holes);
        return wf_fail_memory(error);
    }
    holes->rules_count = count;
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < count && status == WEFT_OK; i++) {
        read_rule(holes, options, i);
        status = add_views(holes, options, &holes->rules[i], error);
        const wf_sql_file *file = &holes->rules[i].file;
        for (size_t k = 0; k < file->touches_count; k++)
            add_touch(holes, &holes->rules[i], &file->touches[k]);
    }
    if (status != WEFT_OK) {
        wf_holes_free(holes);
        return status;
    }
    hash_rules(holes);
    holes->follower = (wf_follower){.watches = holes->watches,
                                    .watches_count = holes->touches_count,
                                    .opened = opened,
                                    .before_commit = before_commit,
                                    .closing = closing,
                                    .ended = ended,
                                    .context = holes};
    *ret = holes;
    return WEFT_OK;
}

void wf_holes_free(wf_holes *holes)
{
    if (holes == NULL)
        return;
    WF_ASSERT(!holes->is_open);
    for (size_t i = 0; i < holes->rules_count; i++) {
        wf_touched_done(&holes->rules[i].touched);
        wf_buffer_done(&holes->rules[i].asked_rows);
        wf_buffer_done(&holes->rules[i].held_rows);
        wf_arena_done(&holes->rules[i].texts);
    }
    for (size_t i = 0; i < holes->touches_count; i++)
        wf_touched_done(&holes->touches[i].values);
    wf_arena_done(&holes->arena);
    free(holes->rules);
    free(holes->touches);
    free(holes->watches);
    free(holes);
}

const wf_follower *wf_holes_follower(const wf_holes *holes)
{
    return &holes->follower;
}

size_t wf_holes_rules(const wf_holes *holes)
{
    return holes->rules_count;
}

const wf_sql_file *wf_holes_rule(const wf_holes *holes, size_t rule)
{
    return &holes->rules[rule].file;
}

const char *wf_holes_lacks(const wf_holes *holes, size_t rule)
{
    return holes->rules[rule].lacks;
}

size_t wf_holes_find(const wf_holes *holes, const char *name)
{
    for (size_t i = 0; i < holes->rules_count; i++)
        if (strcmp(holes->rules[i].file.name, name) == 0)
            return i;
    return SIZE_MAX;
}

// ---- what is touched ----

static weft_status add(wf_hole_touch *touch, const wf_value *value, weft_error *error)
{
    wf_touched *to = touch->touch->sql != NULL ? &touch->values : &touch->rule->touched;
    wf_subject subject = {touch->is_number, value->text, value->number};
    if (!value->given)
        return WEFT_OK;
    if (!wf_touched_add(to, subject))
        return wf_fail_memory(error);
    touch->rule->whole = to->count > touch->holes->touched_max;
    return WEFT_OK;
}

static weft_status changed(void *context, const wf_value *before, const wf_value *after,
                           weft_error *error)
{
    wf_hole_touch *touch = context;
    if (before != NULL && !touch->rule->whole)
        WF_TRY(add(touch, before, error));
    if (after != NULL && !touch->rule->whole)
        WF_TRY(add(touch, after, error));
    return WEFT_OK;
}

static void forget_touched(wf_holes *holes)
{
    for (size_t i = 0; i < holes->rules_count; i++) {
        wf_touched_clear(&holes->rules[i].touched);
        holes->rules[i].whole = false;
    }
    for (size_t i = 0; i < holes->touches_count; i++)
        wf_touched_clear(&holes->touches[i].values);
}

static void ended(void *context, bool committed)
{
    (void)committed; // what was touched by a slice that failed comes again with it
    forget_touched(context);
}

// The subjects that the SELECT of a touch names.
static weft_status find_subjects(wf_hole_touch *touch, weft_error *error)
{
    wf_hole_rule *rule = touch->rule;
    weft_status status = WEFT_OK;
    wf_touched_sort(&touch->values);
    for (size_t i = 0; i < touch->values.count && status == WEFT_OK && !rule->whole;
         i++) {
        const wf_subject *value = &touch->values.items[i];
        bool row = false;
        if (touch->is_number)
            wf_hole_bind_i64(touch->find, touch->touch->columns[0], value->number);
        else
            wf_hole_bind_text(touch->find, touch->touch->columns[0], value->text);
        while ((status = wf_statement_step(touch->find, &row, error)) == WEFT_OK && row) {
            wf_subject subject = {.is_number = rule->is_number};
            if (rule->is_number)
                subject.number = wf_statement_i64(touch->find, 0);
            else
                subject.text = wf_statement_text(touch->find, 0);
            if (!wf_touched_add(&rule->touched, subject)) {
                status = wf_fail_memory(error);
                break;
            }
        }
        wf_statement_reset(touch->find);
        rule->whole = rule->touched.count > touch->holes->touched_max;
    }
    return status;
}

static weft_status put_mark(const wf_holes *holes, weft_error *error)
{
    bool row = false;
    wf_statement_bind_blob(holes->mark, 0,
                           (wf_text){(const char *)holes->hash, sizeof holes->hash});
    weft_status status = wf_statement_step(holes->mark, &row, error);
    wf_statement_reset(holes->mark);
    return status;
}

static weft_status before_commit(void *context, wf_database *db, weft_error *error)
{
    wf_holes *holes = context;
    for (size_t i = 0; i < holes->touches_count; i++)
        if (holes->touches[i].find != NULL)
            WF_TRY(find_subjects(&holes->touches[i], error));
    for (size_t i = 0; i < holes->rules_count; i++) {
        wf_hole_rule *rule = &holes->rules[i];
        if (rule->lacks != NULL)
            continue;
        WF_TRY(rule->whole ? wf_hole_keep_whole(holes, db, rule, error)
                           : wf_hole_keep_touched(holes, rule, error));
    }
    return put_mark(holes, error);
}

// ---- opening and closing ----

static void closing(void *context)
{
    wf_holes *holes = context;
    for (size_t i = 0; i < holes->rules_count; i++) {
        wf_statement_free(holes->rules[i].ask);
        wf_statement_free(holes->rules[i].held);
        holes->rules[i].ask = holes->rules[i].held = NULL;
    }
    for (size_t i = 0; i < holes->touches_count; i++) {
        wf_statement_free(holes->touches[i].find);
        holes->touches[i].find = NULL;
    }
    wf_statement_free(holes->insert);
    wf_statement_free(holes->erase);
    wf_statement_free(holes->mark);
    holes->insert = holes->erase = holes->mark = NULL;
    holes->is_open = false;
}

static weft_status prepare_rule(wf_database *db, wf_hole_rule *rule, weft_error *error)
{
    wf_buffer sql = {0};
    if (!wf_hole_rule_select(rule, true, &sql))
        return wf_fail_memory(error);
    WF_TRY(wf_hole_prepare(db, &sql, &rule->ask, error));
    return wf_database_prepare(
        db,
        rule->is_number
            ? "SELECT \"number\", \"grid\", \"owner\", \"since\", \"due_at\" FROM "
              "\"hole\" "
              "WHERE \"kind\" = :weft_kind AND \"subject\" = '' AND \"number\" = "
              ":weft_subject"
            : "SELECT \"subject\", \"grid\", \"owner\", \"since\", \"due_at\" FROM "
              "\"hole\" WHERE \"kind\" = :weft_kind AND \"subject\" = :weft_subject",
        &rule->held, error);
}

static weft_status prepare(wf_holes *holes, wf_database *db, weft_error *error)
{
    holes->is_open = true;
    for (size_t i = 0; i < holes->rules_count; i++)
        if (holes->rules[i].lacks == NULL)
            WF_TRY(prepare_rule(db, &holes->rules[i], error));
    for (size_t i = 0; i < holes->touches_count; i++) {
        wf_hole_touch *touch = &holes->touches[i];
        if (touch->touch->sql != NULL && touch->rule->lacks == NULL)
            WF_TRY(wf_database_prepare(db, touch->touch->sql, &touch->find, error));
    }
    WF_TRY(wf_database_prepare(
        db,
        "INSERT INTO \"hole\" (\"kind\", \"subject\", \"number\", \"grid\", \"owner\", "
        "\"since\", \"due_at\") VALUES (:kind, :subject, :number, :grid, :owner, :since, "
        ":due_at) ON CONFLICT DO NOTHING",
        &holes->insert, error));
    WF_TRY(wf_database_prepare(
        db,
        "DELETE FROM \"hole\" WHERE \"kind\" = :kind AND \"subject\" = :subject AND "
        "\"number\" = :number AND \"grid\" = :grid AND \"owner\" = :owner AND \"since\" "
        "= "
        ":since AND \"due_at\" = :due_at",
        &holes->erase, error));
    return wf_database_prepare(
        db,
        "INSERT INTO \"about\" (\"name\", \"number\", \"bytes\") SELECT 'holes', "
        "\"number\", :hash FROM \"about\" WHERE \"name\" = 'applied' ON CONFLICT "
        "(\"name\") DO UPDATE SET \"number\" = excluded.\"number\", \"bytes\" = "
        "excluded.\"bytes\"",
        &holes->mark, error);
}

// True when the table is of these rules and of all rows that are there.
static weft_status is_of_now(const wf_holes *holes, wf_database *db, bool *ret,
                             weft_error *error)
{
    wf_statement *find = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(
        db,
        "SELECT h.\"bytes\" FROM \"about\" AS h JOIN \"about\" AS a ON a.\"number\" = "
        "h.\"number\" WHERE h.\"name\" = 'holes' AND a.\"name\" = 'applied'",
        &find, error));
    weft_status status = wf_statement_step(find, &row, error);
    if (status == WEFT_OK)
        *ret = row &&
               wf_text_equal(wf_statement_blob(find, 0),
                             (wf_text){(const char *)holes->hash, sizeof holes->hash});
    wf_statement_free(find);
    return status;
}

static weft_status keep_all(wf_holes *holes, wf_database *db, weft_error *error)
{
    WF_TRY(wf_database_run(db, "DELETE FROM \"hole\"", error));
    for (size_t i = 0; i < holes->rules_count; i++)
        if (holes->rules[i].lacks == NULL)
            WF_TRY(wf_hole_keep_whole(holes, db, &holes->rules[i], error));
    return put_mark(holes, error);
}

static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    wf_holes *holes = context;
    wf_dialect dialect = wf_database_dialect(db);
    bool of_now = false;
    holes->touched_max = dialect == WF_DIALECT_POSTGRES ? WF_HOLES_TOUCHED_MAX_POSTGRES
                                                        : WF_HOLES_TOUCHED_MAX;
    forget_touched(holes);
    WF_TRY(wf_database_run(db, create_table[dialect], error));
    WF_TRY(wf_database_run(db, create_index, error));
    WF_TRY(prepare(holes, db, error));
    WF_TRY(is_of_now(holes, db, &of_now, error));
    if (of_now)
        return WEFT_OK;
    WF_TRY(wf_database_begin(db, error));
    weft_status status = keep_all(holes, db, error);
    if (status == WEFT_OK)
        return wf_database_commit(db, error);
    wf_database_rollback(db);
    return status;
}
