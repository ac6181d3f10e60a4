#include "wire/mapping.h"

#include <string.h>

#include "base/yaml.h"

typedef struct {
    const char *file;
    wf_arena *arena;
    wf_mapping *mapping;
    weft_error *error;
} reader;

static weft_status expect(const reader *in, const wf_yaml *node, wf_yaml_kind kind)
{
    if (node->kind == kind)
        return WEFT_OK;
    return wf_yaml_fail(node, in->file, in->error,
                        kind == WF_YAML_MAP ? "yaml.not_a_map" : "mapping.not_a_word",
                        NULL);
}

static bool says(const wf_yaml *node, const char *word)
{
    return wf_text_equal(node->scalar, wf_text_of(word));
}

// One of two words; *ret is true for the second.
static weft_status choose(const reader *in, const wf_yaml *map, const char *key,
                          const char *first, const char *second, bool *ret)
{
    const wf_yaml *node = wf_yaml_get(map, key);
    if (node == NULL)
        return WEFT_OK;
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    if (!says(node, first) && !says(node, second))
        return wf_yaml_fail(node, in->file, in->error, "mapping.choice", "first", first,
                            "second", second, NULL);
    *ret = says(node, second);
    return WEFT_OK;
}

static weft_status number_of(const reader *in, const wf_yaml *node, int64_t min,
                             int64_t max, int64_t *ret)
{
    char low[WF_NUMBER_TEXT_MAX], high[WF_NUMBER_TEXT_MAX];
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    if (wf_parse_i64(node->scalar, min, max, ret))
        return WEFT_OK;
    return wf_yaml_fail(node, in->file, in->error, "mapping.number", "min",
                        wf_number_text(low, min), "max", wf_number_text(high, max), NULL);
}

// The text at a key, untouched when there is none.
static weft_status text_of(const reader *in, const wf_yaml *map, const char *key,
                           wf_text *ret)
{
    const wf_yaml *node = wf_yaml_get(map, key);
    if (node == NULL)
        return WEFT_OK;
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    *ret = node->scalar;
    return WEFT_OK;
}

// ---- columns ----

static weft_status read_column(const reader *in, const wf_yaml *node,
                               wf_mapping_field *field)
{
    int64_t number = 0;
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    if (field->columns_count == WF_MAPPING_COLUMNS_MAX)
        return wf_yaml_fail(node, in->file, in->error, "mapping.too_many_columns", NULL);
    wf_mapping_column *column = &field->columns[field->columns_count++];
    if (!node->quoted && wf_parse_i64(node->scalar, 1, WF_CSV_FIELDS_MAX, &number)) {
        column->number = (uint32_t)number;
        return WEFT_OK;
    }
    if (node->scalar.size == 0)
        return wf_yaml_fail(node, in->file, in->error, "mapping.column", NULL);
    if (!in->mapping->header)
        return wf_yaml_fail(node, in->file, in->error, "mapping.name_without_header",
                            NULL);
    column->name = node->scalar;
    return WEFT_OK;
}

static weft_status read_columns(const reader *in, const wf_yaml *node,
                                wf_mapping_field *field)
{
    if (node->kind != WF_YAML_LIST)
        return read_column(in, node, field);
    for (size_t i = 0; i < node->count; i++)
        WF_TRY(read_column(in, node->items[i], field));
    if (node->count == 0)
        return wf_yaml_fail(node, in->file, in->error, "mapping.column", NULL);
    return WEFT_OK;
}

// Which of a field's columns a file may be without: not the only one of a field that
// every row has to have.
static weft_status read_may_lack(const reader *in, const wf_yaml *node,
                                 const wf_mapping_target *target, wf_mapping_field *field)
{
    if (node == NULL)
        return WEFT_OK;
    if (node->kind != WF_YAML_LIST)
        return wf_yaml_fail(node, in->file, in->error, "mapping.may_lack", NULL);
    for (size_t i = 0; i < node->count; i++) {
        size_t at = 0;
        WF_TRY(expect(in, node->items[i], WF_YAML_SCALAR));
        while (at < field->columns_count &&
               !wf_text_equal(field->columns[at].name, node->items[i]->scalar))
            at++;
        if (at == field->columns_count || (field->columns_count < 2 && target->required))
            return wf_yaml_fail(node, in->file, in->error, "mapping.may_lack", NULL);
        field->columns[at].may_lack = true;
    }
    return WEFT_OK;
}

// ---- times ----

static bool pattern_is_whole(wf_text pattern)
{
    unsigned seen = 0;
    for (size_t i = 0; i < pattern.size; i++) {
        if (pattern.bytes[i] != '%')
            continue;
        if (++i == pattern.size)
            return false;
        switch (pattern.bytes[i]) {
        case 'Y':
        case 'y':
            seen |= 1u;
            break;
        case 'm':
            seen |= 2u;
            break;
        case 'd':
            seen |= 4u;
            break;
        case 'H':
        case 'M':
        case 'S':
        case '%':
            break;
        default:
            return false;
        }
    }
    return seen == 7u;
}

static weft_status read_format(const reader *in, const wf_yaml *node,
                               wf_mapping_field *field)
{
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    if (says(node, "iso")) {
        field->format = WF_TIME_ISO;
    } else if (says(node, "seconds")) {
        field->format = WF_TIME_SECONDS;
    } else if (says(node, "serial")) {
        field->format = WF_TIME_SERIAL;
    } else if (pattern_is_whole(node->scalar)) {
        field->format = WF_TIME_PATTERN;
        field->pattern = node->scalar;
    } else {
        return wf_yaml_fail(node, in->file, in->error, "mapping.time_format", NULL);
    }
    return WEFT_OK;
}

static weft_status read_time(const reader *in, const wf_yaml *node,
                             wf_mapping_field *field)
{
    static const char *const keys[] = {"column", "format", "epoch", "plus_s", NULL};
    const int64_t plus_max = INT64_C(366) * 24 * 3600;
    WF_TRY(expect(in, node, WF_YAML_MAP));
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    const wf_yaml *column = wf_yaml_get(node, "column");
    const wf_yaml *format = wf_yaml_get(node, "format");
    const wf_yaml *epoch = wf_yaml_get(node, "epoch");
    const wf_yaml *plus = wf_yaml_get(node, "plus_s");
    if (column == NULL)
        return wf_yaml_fail(node, in->file, in->error, "mapping.column", NULL);
    field->timed = true;
    WF_TRY(read_column(in, column, field));
    if (format != NULL)
        WF_TRY(read_format(in, format, field));
    if (epoch != NULL && field->format != WF_TIME_SECONDS)
        return wf_yaml_fail(epoch, in->file, in->error, "mapping.epoch_unused", NULL);
    field->epoch = WF_TEXT("1970-01-01T00:00:00Z");
    WF_TRY(text_of(in, node, "epoch", &field->epoch));
    if (plus != NULL)
        WF_TRY(number_of(in, plus, -plus_max, plus_max, &field->plus_s));
    return WEFT_OK;
}

// ---- words ----

static weft_status read_words(const reader *in, const wf_yaml *node,
                              const wf_mapping_word **ret, size_t *ret_count)
{
    if (node == NULL)
        return WEFT_OK;
    WF_TRY(expect(in, node, WF_YAML_MAP));
    wf_mapping_word *words = wf_arena_array(in->arena, node->count + 1, sizeof *words);
    if (words == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < node->count; i++) {
        WF_TRY(expect(in, node->items[i], WF_YAML_SCALAR));
        words[i] = (wf_mapping_word){wf_text_of(node->keys[i]), node->items[i]->scalar};
    }
    *ret = words;
    *ret_count = node->count;
    return WEFT_OK;
}

// ---- a field ----

static weft_status read_source(const reader *in, const wf_yaml *node,
                               const wf_mapping_target *target, wf_mapping_field *field)
{
    const wf_yaml *column = wf_yaml_get(node, "column");
    const wf_yaml *constant = wf_yaml_get(node, "constant");
    const wf_yaml *time = wf_yaml_get(node, "time");
    if ((column != NULL) + (constant != NULL) + (time != NULL) != 1)
        return wf_yaml_fail(node, in->file, in->error, "mapping.one_source", NULL);
    if (column != NULL)
        return read_columns(in, column, field);
    if (constant != NULL)
        return text_of(in, node, "constant", &field->constant);
    if (!target->time)
        return wf_yaml_fail(time, in->file, in->error, "mapping.no_time", NULL);
    return read_time(in, time, field);
}

static weft_status read_field(const reader *in, const wf_yaml *node,
                              const wf_mapping_target *target, wf_mapping_field *field)
{
    static const char *const keys[] = {"column",    "constant", "time",   "join", "map",
                                       "otherwise", "split",    "prefix", "back", "whole",
                                       "cells",     "may_lack", NULL};
    WF_TRY(expect(in, node, WF_YAML_MAP));
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    field->name = target->name;
    field->line = node->line;
    WF_TRY(read_source(in, node, target, field));
    const wf_yaml *words = wf_yaml_get(node, "map");
    const wf_yaml *split = wf_yaml_get(node, "split");
    field->has_otherwise = wf_yaml_get(node, "otherwise") != NULL;
    if (field->has_otherwise && words == NULL)
        return wf_yaml_fail(node, in->file, in->error, "mapping.otherwise", NULL);
    const wf_yaml *cells = wf_yaml_get(node, "cells");
    if ((wf_yaml_get(node, "join") != NULL || cells != NULL) && field->columns_count < 2)
        return wf_yaml_fail(node, in->file, in->error, "mapping.join", NULL);
    WF_TRY(read_words(in, cells, &field->cells, &field->cells_count));
    WF_TRY(read_may_lack(in, wf_yaml_get(node, "may_lack"), target, field));
    WF_TRY(text_of(in, node, "otherwise", &field->otherwise));
    WF_TRY(text_of(in, node, "join", &field->join));
    WF_TRY(text_of(in, node, "split", &field->split));
    WF_TRY(text_of(in, node, "prefix", &field->prefix));
    if (split != NULL &&
        (field->split.size == 0 || field->timed || field->columns_count > 1))
        return wf_yaml_fail(split, in->file, in->error, "mapping.split", NULL);
    WF_TRY(choose(in, node, "whole", "false", "true", &field->whole));
    if (field->whole && field->columns_count < 2)
        return wf_yaml_fail(node, in->file, in->error, "mapping.join", NULL);
    WF_TRY(read_words(in, wf_yaml_get(node, "back"), &field->back, &field->back_count));
    return read_words(in, words, &field->words, &field->words_count);
}

static weft_status read_fields(const reader *in, const wf_yaml *fields)
{
    wf_mapping *mapping = in->mapping;
    const wf_mapping_target *targets = mapping->kind->fields;
    const char *names[WF_MAPPING_FIELDS_MAX + 1] = {NULL};
    size_t splits = 0;
    WF_TRY(expect(in, fields, WF_YAML_MAP));
    for (size_t i = 0; targets[i].name != NULL; i++) {
        WF_ASSERT(i < WF_MAPPING_FIELDS_MAX);
        names[i] = targets[i].name;
    }
    WF_TRY(wf_yaml_only_keys(fields, in->file, names, in->error));
    for (size_t i = 0; targets[i].name != NULL; i++) {
        const wf_yaml *node = wf_yaml_get(fields, targets[i].name);
        if (node == NULL && targets[i].required)
            return wf_yaml_fail(fields, in->file, in->error, "mapping.field_missing",
                                "name", targets[i].name, NULL);
        if (node == NULL)
            continue;
        WF_TRY(read_field(in, node, &targets[i], &mapping->fields[i]));
        splits += mapping->fields[i].split.size > 0;
        if (splits > 1)
            return wf_yaml_fail(node, in->file, in->error, "mapping.two_splits", NULL);
    }
    return WEFT_OK;
}

// ---- the whole ----

static weft_status find_kind(const reader *in, const wf_yaml *root,
                             const wf_mapping_kind *kinds, size_t kinds_count)
{
    const wf_yaml *node = wf_yaml_get(root, "kind");
    if (node == NULL)
        return wf_yaml_fail(root, in->file, in->error, "mapping.key_missing", "key",
                            "kind", NULL);
    WF_TRY(expect(in, node, WF_YAML_SCALAR));
    for (size_t i = 0; i < kinds_count; i++) {
        if (says(node, kinds[i].name)) {
            in->mapping->kind = &kinds[i];
            return WEFT_OK;
        }
    }
    return wf_yaml_fail(node, in->file, in->error, "mapping.unknown_kind", NULL);
}

static weft_status read_dates(const reader *in, const wf_yaml *root)
{
    bool month_first = false;
    if (wf_yaml_get(root, "dates") == NULL)
        return WEFT_OK;
    WF_TRY(choose(in, root, "dates", "day-first", "month-first", &month_first));
    in->mapping->dates = month_first ? WF_DATES_MONTH_FIRST : WF_DATES_DAY_FIRST;
    return WEFT_OK;
}

static weft_status read_sheet(const reader *in, const wf_yaml *root)
{
    wf_text name = {"", 0};
    WF_TRY(text_of(in, root, "sheet", &name));
    if (name.size == 0)
        return WEFT_OK;
    char *sheet = wf_arena_new(in->arena, name.size + 1);
    if (sheet == NULL)
        return wf_fail_memory(in->error);
    memcpy(sheet, name.bytes, name.size);
    sheet[name.size] = '\0';
    in->mapping->sheet = sheet;
    return WEFT_OK;
}

static weft_status read_head(const reader *in, const wf_yaml *root)
{
    wf_mapping *mapping = in->mapping;
    const wf_yaml *gzip = wf_yaml_get(root, "gzip");
    const wf_yaml *stay = wf_yaml_get(root, "default_stay");
    bool space = false, headless = false;
    WF_TRY(choose(in, root, "format", "csv", "space", &space));
    WF_TRY(choose(in, root, "header", "true", "false", &headless));
    WF_TRY(choose(in, root, "encoding", "utf-8", "gb18030", &mapping->gb18030));
    mapping->dialect = space ? WF_CSV_SPACE : WF_CSV_COMMA;
    mapping->header = !headless;
    if (gzip != NULL) {
        WF_TRY(expect(in, gzip, WF_YAML_SCALAR));
        if (!says(gzip, "auto"))
            return wf_yaml_fail(gzip, in->file, in->error, "mapping.gzip", NULL);
    }
    const wf_yaml *within = wf_yaml_get(root, "header_within");
    int64_t rows = WF_MAPPING_HEADER_ROWS_MAX;
    if (within != NULL)
        WF_TRY(number_of(in, within, 1, WF_MAPPING_HEADER_ROWS_MAX, &rows));
    mapping->header_within = (size_t)rows;
    WF_TRY(read_dates(in, root));
    WF_TRY(read_sheet(in, root));
    mapping->stay_minutes = WF_MAPPING_STAY_MIN;
    mapping->stay_given = stay != NULL;
    return stay == NULL ? WEFT_OK
                        : number_of(in, stay, 1, 24 * 60, &mapping->stay_minutes);
}

weft_status wf_mapping_parse(wf_text yaml, const char *file, const wf_mapping_kind *kinds,
                             size_t kinds_count, wf_arena *arena, const wf_mapping **ret,
                             weft_error *error)
{
    static const char *const keys[] = {"format", "gzip",          "header", "encoding",
                                       "kind",   "default_stay",  "fields", "sheet",
                                       "dates",  "header_within", "also",   NULL};
    const wf_yaml *root = NULL;
    reader in = {file, arena, wf_arena_new(arena, sizeof *in.mapping), error};
    if (in.mapping == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_yaml_parse(yaml, file, arena, &root, error));
    WF_TRY(expect(&in, root, WF_YAML_MAP));
    WF_TRY(wf_yaml_only_keys(root, file, keys, error));
    in.mapping->file = file;
    WF_TRY(find_kind(&in, root, kinds, kinds_count));
    WF_TRY(read_head(&in, root));
    const wf_yaml *fields = wf_yaml_get(root, "fields");
    in.mapping->plain = fields == NULL;
    // Columns that go by their names need them.
    if (fields == NULL && !in.mapping->header)
        return wf_yaml_fail(root, file, error, "mapping.key_missing", "key", "fields",
                            NULL);
    if (fields != NULL)
        WF_TRY(read_fields(&in, fields));
    const wf_yaml *also = wf_yaml_get(root, "also");
    WF_TRY(read_words(&in, also, &in.mapping->also, &in.mapping->also_count));
    if (in.mapping->also_count > WF_MAPPING_ALSO_MAX)
        return wf_yaml_fail(also, file, error, "mapping.too_many_also", NULL);
    *ret = in.mapping;
    return WEFT_OK;
}
