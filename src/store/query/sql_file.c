#include "store/query/sql_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/ids.h"
#include "store/query/sql_closer.h"
#include "store/query/sql_words.h"

typedef struct {
    const wf_kinds *kinds;
    wf_arena *arena;
    wf_sql_file file;
    uint32_t seen; // bits of the words that stand once
    size_t line;   // at hand
    char *why;
} reader;

__attribute__((format(printf, 2, 3))) static bool refuse(reader *r, const char *format,
                                                         ...)
{
    char what[WF_SQL_WHY_MAX / 2] = "";
    va_list values;
    va_start(values, format);
    if (vsnprintf(what, sizeof what, format, values) < 0)
        what[0] = '\0';
    va_end(values);
    snprintf(r->why, WF_SQL_WHY_MAX, "%s, line %zu: %s", r->file.name, r->line, what);
    return false;
}

// ---- pieces of a line ----

static wf_text past(wf_text text, size_t size)
{
    return (wf_text){text.bytes + size, text.size - size};
}

// The text before the first `mark`; *rest goes on behind it. False: there is none.
static bool cut(wf_text *rest, char mark, wf_text *ret)
{
    const char *at = memchr(rest->bytes, mark, rest->size);
    if (at == NULL)
        return false;
    *ret = (wf_text){rest->bytes, (size_t)(at - rest->bytes)};
    *rest = past(*rest, ret->size + 1);
    return true;
}

// The next word between blanks; size 0 at the end.
static wf_text next_word(wf_text *rest)
{
    wf_text word = {0};
    *rest = wf_text_trim(*rest);
    if (!cut(rest, ' ', &word)) {
        word = *rest;
        *rest = past(*rest, rest->size);
    }
    return word;
}

static bool keep(reader *r, wf_text text, const char **ret)
{
    wf_text copy = wf_arena_text(r->arena, text);
    if (copy.bytes == NULL)
        return refuse(r, "no memory is left");
    *ret = copy.bytes;
    return true;
}

// "中文 | English", both said.
static bool read_texts(reader *r, wf_text value, const char **ret_zh, const char **ret_en)
{
    wf_text zh = {0}, en = value;
    if (!cut(&en, '|', &zh))
        return refuse(r, "a text has two languages, 中文 | English");
    zh = wf_text_trim(zh);
    en = wf_text_trim(en);
    if (zh.size == 0 || en.size == 0 || !wf_text_is_utf8(value))
        return refuse(r, "a text is said in both languages, in UTF-8");
    return keep(r, zh, ret_zh) && keep(r, en, ret_en);
}

static bool is_name(wf_text text)
{
    bool good =
        text.size > 0 && text.size <= 40 && text.bytes[0] >= 'a' && text.bytes[0] <= 'z';
    for (size_t i = 0; good && i < text.size; i++) {
        char letter = text.bytes[i];
        good = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_';
    }
    return good && (text.size < 4 || memcmp(text.bytes, "weft", 4) != 0);
}

// "name = …": the name; *rest is what stands behind the "=".
static bool read_named(reader *r, wf_text *rest, const char **ret_name)
{
    wf_text name = {0};
    if (!cut(rest, '=', &name))
        return refuse(r, "a name, \"=\", and what it is");
    name = wf_text_trim(name);
    if (!is_name(name))
        return refuse(r, "\"%.*s\" cannot be a name", (int)name.size, name.bytes);
    *rest = wf_text_trim(*rest);
    return keep(r, name, ret_name);
}

static bool read_yes(reader *r, wf_text value, bool *ret)
{
    *ret = wf_text_equal(value, WF_TEXT("yes"));
    return *ret || refuse(r, "\"yes\", or the line is left out");
}

// ---- what a column is ----

static const struct {
    const char *word;
    wf_column_type type;
    size_t bytes_max;
} types[] = {
    {"ID", WF_COLUMN_ID, WF_ID_BYTES_MAX},
    {"PERSON", WF_COLUMN_PERSON, WF_ID_BYTES_MAX},
    {"PLACE", WF_COLUMN_PLACE, WF_ID_BYTES_MAX},
    {"TEXT", WF_COLUMN_TEXT, WF_TEXT_BYTES_MAX},
    {"DATE", WF_COLUMN_DATE, 0},
    {"TIME", WF_COLUMN_TIME, 0},
    {"NUMBER", WF_COLUMN_NUMBER, 0},
    {"YESNO", WF_COLUMN_YESNO, 0},
    {"INTEGER", WF_COLUMN_INTEGER, 0},
    {"FACT", WF_COLUMN_FACT, WF_FACT_TEXT_MAX},
};

// "INTEGER µs 等待 | waited"
static bool read_own_column(reader *r, wf_text type, wf_text rest, const char *name,
                            const wf_column **ret)
{
    wf_column *column = wf_arena_new(r->arena, sizeof *column);
    if (column == NULL)
        return refuse(r, "no memory is left");
    *column = (wf_column){.name = name, .unit = "", .min = -0x1p63, .max = 0x1p63};
    size_t i = 0, count = sizeof types / sizeof *types;
    while (i < count && !wf_text_equal(type, wf_text_of(types[i].word)))
        i++;
    if (i == count)
        return refuse(r, "there is no type \"%.*s\"", (int)type.size, type.bytes);
    column->type = types[i].type;
    column->bytes_max = types[i].bytes_max;
    column->personal = column->type == WF_COLUMN_PERSON;
    if (column->type == WF_COLUMN_INTEGER || column->type == WF_COLUMN_NUMBER) {
        wf_text unit = next_word(&rest);
        if (!wf_text_equal(unit, WF_TEXT("1")) && !keep(r, unit, &column->unit))
            return false;
    }
    *ret = column;
    return read_texts(r, rest, &column->zh, &column->en);
}

// "tube.tube_id".
static bool find_column(reader *r, wf_text said, const wf_table **ret_table,
                        const wf_column **ret)
{
    wf_text table_name = {0}, name = said;
    const wf_table *table =
        cut(&name, '.', &table_name) ? wf_kinds_table(r->kinds, table_name) : NULL;
    size_t at = table == NULL ? SIZE_MAX : wf_table_column(table, name);
    if (at == SIZE_MAX)
        return refuse(r, "no table has \"%.*s\"", (int)said.size, said.bytes);
    *ret_table = table;
    *ret = &table->columns[at];
    return true;
}

static bool read_table_column(reader *r, wf_text said, wf_text rest, const char *name,
                              const wf_column **ret)
{
    const wf_table *table;
    const wf_column *found = NULL;
    if (!find_column(r, said, &table, &found))
        return false;
    if (rest.size == 0) {
        *ret = found;
        return true;
    }
    wf_column *column = wf_arena_new(r->arena, sizeof *column);
    if (column == NULL)
        return refuse(r, "no memory is left");
    *column = *found;
    column->name = name;
    *ret = column;
    return read_texts(r, rest, &column->zh, &column->en);
}

static bool read_about(reader *r, wf_text rest, const char *name, const wf_column **ret)
{
    wf_text said = next_word(&rest);
    rest = wf_text_trim(rest);
    return memchr(said.bytes, '.', said.size) != NULL
               ? read_table_column(r, said, rest, name, ret)
               : read_own_column(r, said, rest, name, ret);
}

// ---- columns ----

static size_t column_named(const reader *r, wf_text name)
{
    for (size_t i = 0; i < r->file.columns_count; i++)
        if (wf_text_equal(wf_text_of(r->file.columns[i].name), name))
            return i;
    return SIZE_MAX;
}

static bool add_column(reader *r, wf_sql_column column)
{
    if (r->file.columns_count == WF_SQL_COLUMNS_MAX)
        return refuse(r, "too many columns");
    if (column_named(r, wf_text_of(column.name)) != SIZE_MAX)
        return refuse(r, "\"%s\" is there twice", column.name);
    r->file.columns[r->file.columns_count++] = column;
    return true;
}

static bool read_column(reader *r, wf_text value)
{
    wf_sql_column column = {0};
    if (!read_named(r, &value, &column.name) ||
        !read_about(r, value, column.name, &column.about))
        return false;
    if (wf_column_is_sealed(column.about))
        return refuse(r, "\"%s\" is sealed: it can be opened only", column.name);
    if (r->file.selected_count < r->file.columns_count)
        return refuse(r, "columns of the SELECT stand before what is opened");
    r->file.selected_count++;
    return add_column(r, column);
}

// The key of the row that is opened stands in the SELECT.
static bool has_key_of(reader *r, const wf_table *table)
{
    for (size_t i = 0; i < table->keys_count; i++) {
        size_t at = column_named(r, wf_text_of(table->columns[i].name));
        if (at == SIZE_MAX || r->file.columns[at].about->type != table->columns[i].type)
            return refuse(r, "\"%s\" has to be a column of the SELECT",
                          table->columns[i].name);
    }
    return true;
}

static bool read_opens(reader *r, wf_text value)
{
    const char *name;
    if (!read_named(r, &value, &name))
        return false;
    const wf_table *table = wf_kinds_table(r->kinds, wf_text_of(name));
    if (table == NULL)
        return refuse(r, "there is no table \"%s\"", name);
    if (value.size == 0)
        return refuse(r, "which columns are opened?");
    for (wf_text word; (word = next_word(&value)).size > 0;) {
        size_t at = wf_table_column(table, word);
        if (at == SIZE_MAX || !wf_column_is_sealed(&table->columns[at]))
            return refuse(r, "\"%.*s\" is no sealed column of %s", (int)word.size,
                          word.bytes, name);
        const wf_column *column = &table->columns[at];
        if (!add_column(r, (wf_sql_column){column->name, column, table}))
            return false;
    }
    return has_key_of(r, table);
}

// ---- lists ----

// A column of the SELECT.
static bool read_place(reader *r, wf_text word, size_t *ret)
{
    size_t at = column_named(r, word);
    if (at >= r->file.selected_count)
        return refuse(r, "\"%.*s\" is no column of the SELECT (said above)",
                      (int)word.size, word.bytes);
    *ret = at;
    return true;
}

static bool read_places(reader *r, wf_text value, size_t places[], size_t *count)
{
    for (wf_text word; (word = next_word(&value)).size > 0;) {
        if (*count == WF_SQL_LIST_MAX)
            return refuse(r, "too many columns");
        if (!read_place(r, word, &places[*count]))
            return false;
        for (size_t i = 0; i < *count; i++)
            if (places[i] == places[*count])
                return refuse(r, "a column is there twice");
        (*count)++;
    }
    return *count > 0 || refuse(r, "which columns?");
}

static bool read_sorts(reader *r, wf_text value)
{
    for (wf_text word; (word = next_word(&value)).size > 0;) {
        wf_sql_sort sort = {.falls = word.bytes[0] == '-'};
        if (r->file.sorts_count == WF_SQL_LIST_MAX)
            return refuse(r, "too many sorts");
        if (!read_place(r, sort.falls ? past(word, 1) : word, &sort.column))
            return false;
        for (size_t i = 0; i < r->file.sorts_count; i++)
            if (r->file.sorts[i].column == sort.column &&
                r->file.sorts[i].falls == sort.falls)
                return refuse(r, "a sort is there twice");
        r->file.sorts[r->file.sorts_count++] = sort;
    }
    return r->file.sorts_count > 0 || refuse(r, "which sorts?");
}

static bool read_scope(reader *r, wf_text value)
{
    if (!read_place(r, value, &r->file.scope))
        return false;
    return r->file.columns[r->file.scope].about->type == WF_COLUMN_TEXT ||
           refuse(r, "a grid code is TEXT");
}

static bool read_roles(reader *r, wf_text value)
{
    for (wf_text word; (word = next_word(&value)).size > 0;) {
        size_t role = 0;
        while (role < WF_ROLE_COUNT &&
               !wf_text_equal(word, wf_text_of(wf_role_words[role])))
            role++;
        if (role == WF_ROLE_COUNT)
            return refuse(r, "there is no role \"%.*s\"", (int)word.size, word.bytes);
        r->file.roles |= UINT32_C(1) << role;
    }
    return r->file.roles != 0 || refuse(r, "which roles?");
}

// ---- inputs ----

static bool is_input(const reader *r, wf_text name)
{
    const wf_sql_file *file = &r->file;
    bool is = file->takes_now && wf_text_equal(name, WF_TEXT("now"));
    for (size_t i = 0; i < file->parameters_count; i++)
        is = is || wf_text_equal(name, wf_text_of(file->parameters[i].name));
    for (size_t i = 0; i < file->numbers_count; i++)
        is = is || wf_text_equal(name, wf_text_of(file->numbers[i].name));
    return is;
}

static bool add_input(reader *r, wf_sql_input inputs[], size_t *count, wf_sql_input input)
{
    if (*count == WF_SQL_LIST_MAX)
        return refuse(r, "too many of them");
    if (is_input(r, wf_text_of(input.name)))
        return refuse(r, "\"%s\" is there twice", input.name);
    inputs[(*count)++] = input;
    return true;
}

static bool read_parameter(reader *r, wf_text value)
{
    wf_sql_input input = {0};
    return read_named(r, &value, &input.name) &&
           read_about(r, value, input.name, &input.about) &&
           add_input(r, r->file.parameters, &r->file.parameters_count, input);
}

static bool read_number(reader *r, wf_text value)
{
    wf_sql_input input = {0};
    if (!read_named(r, &value, &input.name) || !keep(r, value, &input.number))
        return false;
    if (value.size == 0 || memchr(value.bytes, ' ', value.size) != NULL)
        return refuse(r, "the name of a number of the protocol");
    return add_input(r, r->file.numbers, &r->file.numbers_count, input);
}

// ---- what touches a subject ----

static bool is_parameter_used(const char *sql, const char *name)
{
    wf_text rest = wf_text_of(sql);
    for (wf_sql_word word; wf_sql_word_next(&rest, &word);)
        if (word.kind == WF_SQL_PARAMETER && wf_text_equal(word.text, wf_text_of(name)))
            return true;
    return false;
}

// A SELECT with the row's one column as its one parameter.
static bool read_touch_sql(reader *r, wf_text sql, wf_sql_touch *touch)
{
    char what[WF_SQL_WHY_MAX / 2];
    if (!keep(r, sql, &touch->sql))
        return false;
    if (!wf_sql_is_shared(touch->sql, what, sizeof what))
        return refuse(r, "%s", what);
    wf_text rest = sql;
    for (wf_sql_word word; wf_sql_word_next(&rest, &word);)
        if (word.kind == WF_SQL_PARAMETER &&
            !wf_text_equal(word.text, wf_text_of(touch->columns[0])))
            return refuse(r, "nothing is bound as :%.*s", (int)word.text.size,
                          word.text.bytes);
    return is_parameter_used(touch->sql, touch->columns[0]) ||
           refuse(r, "the SELECT asks by the first column, :%s", touch->columns[0]);
}

#define KEYED "_key"

// A column that can be watched: plain, or the keyed hash of a sealed one.
static bool read_watched(reader *r, const wf_table *table, wf_text name, const char **ret)
{
    size_t tail = sizeof KEYED - 1, at = wf_table_column(table, name);
    if (at != SIZE_MAX && !wf_column_is_sealed(&table->columns[at])) {
        *ret = table->columns[at].name;
        return true;
    }
    if (at == SIZE_MAX && name.size > tail &&
        memcmp(name.bytes + name.size - tail, KEYED, tail) == 0) {
        at = wf_table_column(table, (wf_text){name.bytes, name.size - tail});
        if (at != SIZE_MAX && table->columns[at].keyed)
            return keep(r, name, ret);
    }
    return refuse(r, "%s has no column \"%.*s\" that can be watched", table->name,
                  (int)name.size, name.bytes);
}

// The columns behind the first, and the SELECT.
static bool read_touch_rest(reader *r, wf_text rest, const wf_table *table,
                            wf_sql_touch *touch)
{
    const size_t room = sizeof touch->columns / sizeof *touch->columns - 1;
    for (size_t count = 1;; count++) {
        wf_text from_here = wf_text_trim(rest), word = next_word(&rest);
        if (word.size == 0)
            return true;
        if (wf_text_equal(word, WF_TEXT("SELECT")))
            return read_touch_sql(r, from_here, touch);
        if (table == NULL)
            return refuse(r, "%s has one column", touch->table);
        if (count == room)
            return refuse(r, "too many columns");
        if (!read_watched(r, table, word, &touch->columns[count]))
            return false;
    }
}

static bool read_touch(reader *r, wf_text value)
{
    wf_sql_touch touch = {0};
    const wf_table *table = NULL;
    wf_text name = next_word(&value), first = name, table_name = {0};
    if (r->file.touches_count == WF_SQL_TOUCHES_MAX)
        return refuse(r, "too many of them");
    if (wf_text_equal(first, WF_TEXT("dead_facts.fact"))) {
        touch = (wf_sql_touch){.table = "dead_facts", .columns = {"fact"}};
    } else if (wf_text_equal(first, WF_TEXT("sender_gap.device"))) {
        touch = (wf_sql_touch){.table = "sender_gap", .columns = {"device"}};
    } else {
        if (cut(&name, '.', &table_name))
            table = wf_kinds_table(r->kinds, table_name);
        if (table == NULL)
            return refuse(r, "no table has \"%.*s\"", (int)first.size, first.bytes);
        touch.table = table->name;
        if (!read_watched(r, table, name, &touch.columns[0]))
            return false;
    }
    if (!read_touch_rest(r, value, table, &touch))
        return false;
    r->file.touches[r->file.touches_count++] = touch;
    return true;
}

// ---- what subjects have to share ----

// "person.id_number_key": the keyed hash of a column with an index.
static bool read_shared(reader *r, wf_text value)
{
    wf_text name = value, table_name = {0};
    const wf_table *table =
        cut(&name, '.', &table_name) ? wf_kinds_table(r->kinds, table_name) : NULL;
    if (table == NULL || table->keys_count != 1 || r->file.columns_count == 0 ||
        r->file.columns[0].about->type != table->columns[0].type)
        return refuse(r, "\"%.*s\" is of no table whose key is the subject (said above)",
                      (int)value.size, value.bytes);
    wf_sql_shared shared = {.table = table->name, .key = table->columns[0].name};
    if (!read_watched(r, table, name, &shared.column))
        return false;
    wf_text sealed = {name.bytes, name.size - (sizeof KEYED - 1)};
    size_t at = wf_table_column(table, name) == SIZE_MAX ? wf_table_column(table, sealed)
                                                         : SIZE_MAX;
    if (at == SIZE_MAX || !table->columns[at].indexed)
        return refuse(r, "\"%s\" is no keyed hash with an index", shared.column);
    r->file.shared = shared;
    return true;
}

static bool read_closer(reader *r, wf_text value)
{
    if (r->file.closers_count == WF_SQL_LIST_MAX)
        return refuse(r, "too many of them");
    return wf_sql_closer_read(value, r->kinds,
                              &r->file.closers[r->file.closers_count++]) ||
           refuse(r, "no kind of fact, field or word is \"%.*s\"", (int)value.size,
                  value.bytes);
}

// ---- lines ----

typedef bool (*line_reader)(reader *r, wf_text value);

static bool read_title(reader *r, wf_text value)
{
    return read_texts(r, value, &r->file.title_zh, &r->file.title_en);
}

static bool read_file_about(reader *r, wf_text value)
{
    return read_texts(r, value, &r->file.about_zh, &r->file.about_en);
}

static bool read_closes(reader *r, wf_text value)
{
    return read_texts(r, value, &r->file.closes_zh, &r->file.closes_en);
}

static bool read_personal(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.personal);
}

static bool read_publish(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.publish);
}

static bool read_small(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.small);
}

static bool read_computed(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.computed);
}

static bool read_beside(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.beside);
}

static bool read_all_ids(reader *r, wf_text value)
{
    return read_yes(r, value, &r->file.all_ids);
}

static bool read_now(reader *r, wf_text value)
{
    return !is_input(r, WF_TEXT("now")) ? read_yes(r, value, &r->file.takes_now)
                                        : refuse(r, "\"now\" is a parameter already");
}

static bool read_key(reader *r, wf_text value)
{
    return read_places(r, value, r->file.key, &r->file.key_count);
}

static bool read_filters(reader *r, wf_text value)
{
    return read_places(r, value, r->file.filters, &r->file.filters_count);
}

static const struct {
    const char *word;
    line_reader read;
    bool again;
} lines[] = {
    {"title", read_title, false},       {"about", read_file_about, false},
    {"closes", read_closes, false},     {"roles", read_roles, false},
    {"personal", read_personal, false}, {"publish", read_publish, false},
    {"small", read_small, false},       {"now", read_now, false},
    {"computed", read_computed, false}, {"key", read_key, false},
    {"sorts", read_sorts, false},       {"filters", read_filters, false},
    {"scope", read_scope, false},       {"column", read_column, true},
    {"opens", read_opens, true},        {"parameter", read_parameter, true},
    {"number", read_number, true},      {"touched_by", read_touch, true},
    {"shared", read_shared, false},     {"closed_by", read_closer, true},
    {"beside", read_beside, false},     {"all_ids", read_all_ids, false},
};

static bool read_line(reader *r, wf_text line)
{
    wf_text word = {0};
    if (!cut(&line, ':', &word))
        return refuse(r, "a line of the header is \"-- word: …\"");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!wf_text_equal(wf_text_of(lines[i].word), wf_text_trim(word)))
            continue;
        if (!lines[i].again && (r->seen & UINT32_C(1) << i) != 0)
            return refuse(r, "\"%s\" is said twice", lines[i].word);
        r->seen |= UINT32_C(1) << i;
        return lines[i].read(r, wf_text_trim(line));
    }
    return refuse(r, "there is no word \"%.*s\"", (int)word.size, word.bytes);
}

// ---- the header ----

// The first line of *rest without its end; *rest stays.
static wf_text line_of(wf_text rest)
{
    wf_text line = {0};
    return cut(&rest, '\n', &line) ? line : rest;
}

static bool is_header(wf_text line)
{
    return line.size >= 2 && line.bytes[0] == '-' && line.bytes[1] == '-';
}

static bool goes_on(wf_text line)
{
    return is_header(line) && line.size >= 6 && memcmp(line.bytes + 2, "    ", 4) == 0;
}

// A line with those that go on with it, between which a blank stands.
static bool take_line(reader *r, wf_text *rest, wf_text *ret)
{
    char *all = wf_arena_new(r->arena, rest->size + 1);
    size_t size = 0;
    if (all == NULL)
        return refuse(r, "no memory is left");
    do {
        wf_text line = line_of(*rest), said = wf_text_trim(past(line, 2));
        if (size > 0)
            all[size++] = ' ';
        memcpy(all + size, said.bytes, said.size);
        size += said.size;
        *rest = past(*rest, line.size < rest->size ? line.size + 1 : line.size);
        r->line++;
    } while (goes_on(line_of(*rest)));
    *ret = (wf_text){all, size};
    return true;
}

static bool read_header(reader *r, wf_text *rest)
{
    wf_text line = {0};
    while (is_header(line_of(*rest)))
        if (!take_line(r, rest, &line) || !read_line(r, line))
            return false;
    return true;
}

// ---- the whole ----

// Whatever is bound is said, and whatever is said is bound.
static bool check_inputs(reader *r)
{
    const wf_sql_file *file = &r->file;
    wf_text rest = wf_text_of(file->select);
    for (wf_sql_word word; wf_sql_word_next(&rest, &word);)
        if (word.kind == WF_SQL_PARAMETER && !is_input(r, word.text))
            return refuse(r, "nothing is bound as :%.*s", (int)word.text.size,
                          word.text.bytes);
    for (size_t i = 0; i < file->parameters_count; i++)
        if (!is_parameter_used(file->select, file->parameters[i].name))
            return refuse(r, ":%s is not used", file->parameters[i].name);
    for (size_t i = 0; i < file->numbers_count; i++)
        if (!is_parameter_used(file->select, file->numbers[i].name))
            return refuse(r, ":%s is not used", file->numbers[i].name);
    return !file->takes_now || is_parameter_used(file->select, "now") ||
           refuse(r, ":now is not used");
}

static bool check_personal(reader *r)
{
    bool names = r->file.selected_count < r->file.columns_count;
    for (size_t i = 0; i < r->file.selected_count; i++)
        names = names || r->file.columns[i].about->type == WF_COLUMN_PERSON;
    return !names || r->file.personal ||
           refuse(r, "its rows name persons: personal: yes");
}

// What the runner of holes reads, by place (holes.h).
static bool check_hole_columns(reader *r)
{
    static const struct {
        const char *name;
        wf_column_type type;
    } wanted[] = {{"subject", WF_COLUMN_ID},
                  {"grid", WF_COLUMN_TEXT},
                  {"owner", WF_COLUMN_TEXT},
                  {"since", WF_COLUMN_TIME},
                  {"due_at", WF_COLUMN_TIME}};
    size_t count = sizeof wanted / sizeof *wanted;
    bool good = r->file.columns_count == count && r->file.parameters_count == 0;
    for (size_t i = 0; good && i < count; i++) {
        const wf_sql_column *column = &r->file.columns[i];
        wf_column_type type = column->about->type;
        bool text_or_number = type == WF_COLUMN_ID || type == WF_COLUMN_TEXT ||
                              type == WF_COLUMN_PERSON || type == WF_COLUMN_PLACE;
        good = strcmp(column->name, wanted[i].name) == 0 &&
               (i == 0 ? text_or_number : type == wanted[i].type);
    }
    return good ||
           refuse(r, "a hole gives subject, grid, owner, since, due_at, and takes "
                     "no parameters");
}

static bool check_hole(reader *r)
{
    if (r->file.takes_now || r->file.publish || r->file.sorts_count > 0)
        return refuse(r, "a hole has no now, publish or sorts");
    return (r->file.touches_count > 0 || refuse(r, "what touches a subject?")) &&
           check_hole_columns(r);
}

static bool check_view(reader *r)
{
    const wf_sql_file *file = &r->file;
    bool by_person = false;
    for (size_t i = 0; i < file->filters_count; i++)
        by_person =
            by_person || file->columns[file->filters[i]].about->type == WF_COLUMN_PERSON;
    if (file->all_ids && !by_person)
        return refuse(r, "all ids of a person are asked for by a filter");
    if (file->touches_count > 0 || file->shared.table != NULL || file->closers_count > 0)
        return refuse(r,
                      "a view has no touched_by, shared or closed_by; a hole has closes");
    if (file->key_count == 0 || file->sorts_count == 0)
        return refuse(r, "a view has key and sorts");
    return !file->publish ||
           (file->parameters_count == 0 && file->numbers_count == 0 &&
            !file->takes_now) ||
           refuse(r, "what is published takes no parameters, numbers or now");
}

static bool check_computed(reader *r)
{
    const wf_sql_file *file = &r->file;
    if (*file->select != '\0')
        return refuse(r, "what is computed has no SELECT");
    return (!file->publish && file->closes_zh == NULL &&
            file->selected_count == file->columns_count) ||
           refuse(r, "what is computed is a view, opens nothing and is not published");
}

static bool check_sql(reader *r)
{
    char what[WF_SQL_WHY_MAX / 2];
    if (!wf_sql_is_shared(r->file.select, what, sizeof what))
        return refuse(r, "%s", what);
    return check_inputs(r);
}

static bool check_beside(reader *r)
{
    const wf_sql_file *file = &r->file;
    return !file->beside || (file->computed && file->scope != SIZE_MAX) ||
           refuse(r, "what is beside a grid is said of computed rows that have one");
}

static bool check(reader *r)
{
    const wf_sql_file *file = &r->file;
    if (file->title_zh == NULL || file->about_zh == NULL)
        return refuse(r, "a title and what it is about are missing");
    if (file->columns_count == 0)
        return refuse(r, "it has no columns");
    return (file->computed ? check_computed(r) : check_sql(r)) && check_personal(r) &&
           check_beside(r) && (file->closes_zh != NULL ? check_hole(r) : check_view(r));
}

bool wf_sql_file_read(const wf_sql_text *text, const wf_kinds *kinds, wf_arena *arena,
                      wf_sql_file *ret, char why[WF_SQL_WHY_MAX])
{
    reader r = {.kinds = kinds, .arena = arena, .why = why};
    wf_text rest = wf_text_of(text->text);
    r.file.scope = SIZE_MAX;
    r.file.name = text->name;
    if (!keep(&r, wf_text_of(text->name), &r.file.name) || !read_header(&r, &rest))
        return false;
    r.file.select = wf_sql_without_comments(rest, arena);
    if (r.file.select == NULL)
        return refuse(&r, "no memory is left");
    if (!check(&r))
        return false;
    *ret = r.file;
    return true;
}
