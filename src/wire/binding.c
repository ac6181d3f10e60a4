// A mapping bound to the columns of a file, and what it makes of a row.
#include <string.h>

#include "wire/mapping.h"
#include "wire/serial.h"

// ---- binding ----

static size_t find_column(const wf_text *header, size_t count, wf_text name, size_t from)
{
    for (size_t i = from; i < count; i++)
        if (wf_text_equal(wf_text_trim(header[i]), name))
            return i;
    return SIZE_MAX;
}

static weft_status column_fails(const wf_mapping *mapping, const wf_mapping_field *how,
                                const char *code, wf_text name, weft_error *error)
{
    char copy[64];
    size_t size = name.size < sizeof copy - 1 ? name.size : sizeof copy - 1;
    if (size > 0)
        memcpy(copy, name.bytes, size);
    copy[size] = '\0';
    if (mapping != NULL)
        wf_error_at(error, mapping->file, how != NULL ? how->line : 0,
                    how != NULL ? how->name : NULL);
    return wf_fail(error, WEFT_BAD_INPUT, code, "column", copy, NULL);
}

static weft_status bind_column(const wf_mapping *mapping, const wf_mapping_field *how,
                               const wf_mapping_column *column, const wf_text *header,
                               size_t header_count, uint32_t *ret, weft_error *error)
{
    if (column->name.size == 0) {
        *ret = column->number - 1;
        return WEFT_OK;
    }
    size_t found = find_column(header, header_count, column->name, 0);
    if (found == SIZE_MAX && column->may_lack) {
        *ret = WF_NO_COLUMN;
        return WEFT_OK;
    }
    if (found == SIZE_MAX)
        return column_fails(mapping, how, "mapping.column_missing", column->name, error);
    if (find_column(header, header_count, column->name, found + 1) != SIZE_MAX)
        return column_fails(mapping, how, "mapping.column_twice", column->name, error);
    *ret = (uint32_t)found;
    return WEFT_OK;
}

static weft_status bind_field(const wf_mapping *mapping, const wf_mapping_field *how,
                              const wf_text *header, size_t header_count,
                              wf_binding *binding, wf_bound_field *bound,
                              weft_error *error)
{
    wf_iso_kind kind;
    bound->given = true;
    bound->how = how;
    bound->columns_count = how->columns_count;
    for (size_t i = 0; i < how->columns_count; i++) {
        WF_TRY(bind_column(mapping, how, &how->columns[i], header, header_count,
                           &bound->columns[i], error));
        if (bound->columns[i] != WF_NO_COLUMN &&
            bound->columns[i] + (size_t)1 > binding->columns_needed)
            binding->columns_needed = bound->columns[i] + (size_t)1;
    }
    if (how->format == WF_TIME_SECONDS &&
        !wf_time_parse(how->epoch, binding->zone, &bound->epoch, &kind))
        return column_fails(mapping, how, "mapping.epoch", how->epoch, error);
    return WEFT_OK;
}

// Of the columns that Weft itself puts beside rows to be mended; they are left out.
static bool is_remark(wf_text title)
{
    static const char mark[] = WF_REMARK_MARK;
    return title.size >= sizeof mark - 1 &&
           memcmp(title.bytes, mark, sizeof mark - 1) == 0;
}

// ---- titles ----

// The next letter of a title that makes a difference, in lower case; 0 at its end.
static char next_letter(wf_text title, size_t *at)
{
    static const struct {
        const char *open, *close;
    } brackets[] = {{"(", ")"}, {"（", "）"}};
    while (*at < title.size) {
        const char *here = title.bytes + *at;
        size_t left = title.size - *at;
        bool skipped = false;
        for (size_t i = 0; i < 2; i++) {
            size_t size = strlen(brackets[i].open);
            if (left < size || memcmp(here, brackets[i].open, size) != 0)
                continue;
            const char *end =
                memmem(here, left, brackets[i].close, strlen(brackets[i].close));
            if (end == NULL)
                continue;
            *at = (size_t)(end - title.bytes) + strlen(brackets[i].close);
            skipped = true;
        }
        if (skipped)
            continue;
        if (left >= 3 && memcmp(here, "：", 3) == 0) {
            *at += 3;
            continue;
        }
        ++*at;
        if (strchr(" \t\r\n_*:", *here) == NULL || *here == '\0')
            return *here >= 'A' && *here <= 'Z' ? (char)(*here - 'A' + 'a') : *here;
    }
    return 0;
}

static bool is_called(const char *name, wf_text title)
{
    if (name == NULL)
        return false;
    wf_text wanted = wf_text_of(name);
    size_t a = 0, b = 0;
    char letter;
    bool any = false;
    do {
        letter = next_letter(wanted, &a);
        if (letter != next_letter(title, &b))
            return false;
        any = any || letter != 0;
    } while (letter != 0);
    return any;
}

// Which field a title is of: by its name, else by what people call it; the index of the
// ending NULL: of none.
static size_t field_of_title(const wf_mapping_kind *kind, wf_text title)
{
    size_t count = 0, by_title = SIZE_MAX;
    for (; kind->fields[count].name != NULL; count++) {
        if (wf_text_equal(wf_text_of(kind->fields[count].name), title))
            return count;
        if (by_title == SIZE_MAX && kind->called != NULL &&
            (is_called(kind->called[count].zh, title) ||
             is_called(kind->called[count].en, title)))
            by_title = count;
    }
    return by_title != SIZE_MAX ? by_title : count;
}

// Plain CSV: each column is a field of its name or title.
static weft_status bind_plain(const wf_text *header, size_t header_count,
                              wf_binding *binding, weft_error *error)
{
    const wf_mapping_target *targets = binding->kind->fields;
    for (size_t i = 0; i < header_count; i++) {
        wf_text name = wf_text_trim(header[i]);
        if (is_remark(name))
            continue;
        binding->columns_needed = i + 1;
        size_t field = field_of_title(binding->kind, name);
        if (targets[field].name == NULL)
            return column_fails(NULL, NULL, "mapping.unknown_column", name, error);
        wf_bound_field *bound = &binding->fields[field];
        if (bound->given)
            return column_fails(NULL, NULL, "mapping.column_twice", name, error);
        *bound =
            (wf_bound_field){.given = true, .columns = {(uint32_t)i}, .columns_count = 1};
    }
    for (size_t i = 0; targets[i].name != NULL; i++)
        if (targets[i].required && !binding->fields[i].given)
            return column_fails(NULL, NULL, "mapping.column_missing",
                                wf_text_of(targets[i].name), error);
    return WEFT_OK;
}

weft_status wf_mapping_bind(const wf_mapping *mapping, const wf_mapping_kind *kind,
                            const wf_zone *zone, const wf_text *header,
                            size_t header_count, wf_binding *ret, weft_error *error)
{
    wf_binding binding = {.kind = kind, .zone = zone, .split_field = WF_NO_SPLIT};
    while (kind->fields[binding.fields_count].name != NULL)
        binding.fields_count++;
    WF_ASSERT(binding.fields_count <= WF_MAPPING_FIELDS_MAX);
    binding.columns_named = header_count;
    binding.dates = mapping == NULL ? WF_DATES_ASK : mapping->dates;
    if (mapping == NULL || mapping->plain) {
        WF_TRY(bind_plain(header, header_count, &binding, error));
        *ret = binding;
        return WEFT_OK;
    }
    for (size_t i = 0; i < binding.fields_count; i++) {
        if (mapping->fields[i].name == NULL)
            continue;
        WF_TRY(bind_field(mapping, &mapping->fields[i], header, header_count, &binding,
                          &binding.fields[i], error));
        if (mapping->fields[i].split.size > 0)
            binding.split_field = i;
    }
    *ret = binding;
    return WEFT_OK;
}

// ---- cells ----

// A cell without blanks and line ends around it: quoted cells of real files have both.
static wf_text trim_cell(wf_text text)
{
    while (text.size > 0 && strchr(" \t\r\n", text.bytes[0]) != NULL) {
        text.bytes++;
        text.size--;
    }
    while (text.size > 0 && strchr(" \t\r\n", text.bytes[text.size - 1]) != NULL)
        text.size--;
    return text;
}

wf_text wf_mapping_word_of(const wf_mapping_field *how, wf_text text)
{
    for (size_t i = 0; i < how->words_count; i++)
        if (wf_text_equal(how->words[i].from, text))
            return how->words[i].to;
    return how->has_otherwise && text.size > 0 ? how->otherwise : text;
}

// The next part of a cell, mapped, that is not empty; false at its end. *at is where to
// go on.
static bool next_part(const wf_mapping_field *how, wf_text cell, size_t *at, wf_text *ret)
{
    while (*at <= cell.size) {
        const char *from = cell.bytes + *at;
        size_t left = cell.size - *at;
        const char *found =
            left == 0 ? NULL : memmem(from, left, how->split.bytes, how->split.size);
        size_t size = found == NULL ? left : (size_t)(found - from);
        *at = found == NULL ? cell.size + 1 : *at + size + how->split.size;
        *ret = wf_mapping_word_of(how, trim_cell((wf_text){from, size}));
        if (ret->size > 0)
            return true;
    }
    return false;
}

// The only cell that a field is of; empty where the file is without it.
static wf_text only_cell(const wf_bound_field *field, const wf_text *row)
{
    if (field->columns_count == 0)
        return field->how->constant;
    return field->columns[0] == WF_NO_COLUMN ? (wf_text){"", 0} : row[field->columns[0]];
}

size_t wf_binding_records(const wf_binding *binding, const wf_text *row)
{
    if (binding->split_field == WF_NO_SPLIT)
        return 1;
    const wf_bound_field *field = &binding->fields[binding->split_field];
    wf_text cell = only_cell(field, row), part;
    size_t at = 0, count = 0;
    while (count <= WF_BINDING_PARTS_MAX && next_part(field->how, cell, &at, &part))
        count++;
    return count;
}

// One of several cells, as its own word.
static wf_text joined_cell(const wf_bound_field *field, const wf_text *row, size_t at)
{
    const wf_mapping_field *how = field->how;
    if (field->columns[at] == WF_NO_COLUMN)
        return (wf_text){"", 0};
    wf_text cell = trim_cell(row[field->columns[at]]);
    for (size_t i = 0; i < how->cells_count; i++)
        if (wf_text_equal(how->cells[i].from, cell))
            return how->cells[i].to;
    return cell;
}

static bool join_columns(const wf_bound_field *field, const wf_text *row, wf_arena *arena,
                         wf_text *ret)
{
    size_t size = field->how->join.size * (field->columns_count - 1);
    size_t filled = 0;
    for (size_t i = 0; i < field->columns_count; i++) {
        wf_text cell = joined_cell(field, row, i);
        size += cell.size;
        filled += cell.size > 0;
    }
    *ret = (wf_text){"", 0};
    if (filled < (field->how->whole ? field->columns_count : 1))
        return true;
    char *bytes = wf_arena_new(arena, size);
    if (bytes == NULL)
        return false;
    *ret = (wf_text){bytes, size};
    for (size_t i = 0; i < field->columns_count; i++) {
        wf_text cell = joined_cell(field, row, i);
        if (i > 0 && field->how->join.size > 0)
            bytes = mempcpy(bytes, field->how->join.bytes, field->how->join.size);
        if (cell.size > 0)
            bytes = mempcpy(bytes, cell.bytes, cell.size);
    }
    return true;
}

static bool set_prefix(wf_text prefix, wf_arena *arena, wf_text *text)
{
    if (prefix.size == 0 || text->size == 0)
        return true;
    char *bytes = wf_arena_new(arena, prefix.size + text->size);
    if (bytes == NULL)
        return false;
    memcpy(mempcpy(bytes, prefix.bytes, prefix.size), text->bytes, text->size);
    *text = (wf_text){bytes, prefix.size + text->size};
    return true;
}

wf_text wf_binding_word(const wf_binding *binding, size_t field, wf_text text)
{
    const wf_mapping_called *called = binding->kind->called;
    if (called == NULL || called[field].words_count == 0 || text.size == 0)
        return text;
    wf_text trimmed = trim_cell(text);
    for (size_t i = 0; i < called[field].words_count; i++)
        if (wf_text_equal(called[field].words[i].from, trimmed))
            return called[field].words[i].to;
    return text;
}

bool wf_binding_text(const wf_binding *binding, size_t field, const wf_text *row,
                     size_t part, wf_arena *arena, wf_text *ret)
{
    const wf_bound_field *bound = &binding->fields[field];
    wf_text text = {"", 0};
    if (bound->given && bound->how == NULL) {
        text = row[bound->columns[0]];
    } else if (bound->given) {
        if (bound->how->split.size > 0) {
            size_t at = 0;
            for (size_t i = 0; i <= part; i++)
                WF_ASSERT(next_part(bound->how, only_cell(bound, row), &at, &text));
        } else if (bound->columns_count == 0) {
            text = bound->how->constant;
        } else if (bound->columns_count == 1) {
            text = trim_cell(only_cell(bound, row));
        } else if (!join_columns(bound, row, arena, &text)) {
            return false;
        }
        if (bound->how->split.size == 0)
            text = wf_mapping_word_of(bound->how, text);
        if (!set_prefix(bound->how->prefix, arena, &text))
            return false;
    }
    *ret = wf_binding_word(binding, field, text);
    return true;
}

// ---- times ----

static bool take_digits(wf_text text, size_t *at, size_t min, size_t max, int32_t *ret)
{
    int32_t value = 0;
    size_t used = 0;
    while (used < max && *at + used < text.size && text.bytes[*at + used] >= '0' &&
           text.bytes[*at + used] <= '9')
        value = value * 10 + (text.bytes[*at + used++] - '0');
    *at += used;
    *ret = value;
    return used >= min;
}

static bool take_letter(char letter, wf_text text, size_t *at, wf_civil *civil,
                        bool *timed)
{
    switch (letter) {
    case 'Y':
        return take_digits(text, at, 4, 4, &civil->year);
    case 'y':
        if (!take_digits(text, at, 2, 2, &civil->year))
            return false;
        civil->year += civil->year < 70 ? 2000 : 1900;
        return true;
    case 'm':
        return take_digits(text, at, 1, 2, &civil->month);
    case 'd':
        return take_digits(text, at, 1, 2, &civil->day);
    case 'H':
        *timed = true;
        return take_digits(text, at, 1, 2, &civil->hour);
    case 'M':
        return take_digits(text, at, 2, 2, &civil->minute);
    case 'S':
        return take_digits(text, at, 2, 2, &civil->second);
    default:
        return *at < text.size && text.bytes[(*at)++] == letter;
    }
}

static bool local_time(const wf_zone *zone, const wf_civil *civil, bool timed,
                       weft_time *ret, wf_iso_kind *ret_kind)
{
    weft_day day;
    if (!timed) {
        if (!wf_day_from_date(civil->year, civil->month, civil->day, &day))
            return false;
        *ret = wf_zone_day_start(zone, day);
        *ret_kind = WF_ISO_DATE;
        return true;
    }
    *ret_kind = WF_ISO_INSTANT;
    return wf_zone_instant(zone, civil, ret);
}

static bool parse_pattern(wf_text pattern, wf_text text, const wf_zone *zone,
                          weft_time *ret, wf_iso_kind *ret_kind)
{
    wf_civil civil = {0};
    bool timed = false;
    size_t at = 0;
    for (size_t i = 0; i < pattern.size; i++) {
        char letter = pattern.bytes[i];
        if (letter != '%') {
            if (at == text.size || text.bytes[at++] != letter)
                return false;
            continue;
        }
        if (!take_letter(pattern.bytes[++i], text, &at, &civil, &timed))
            return false;
    }
    return at == text.size && local_time(zone, &civil, timed, ret, ret_kind);
}

// From 1900-03-01 on: before it programs differ.
static bool parse_serial(wf_text text, const wf_zone *zone, weft_time *ret,
                         wf_iso_kind *ret_kind)
{
    double serial = 0;
    wf_civil civil;
    bool timed = false;
    return wf_parse_double(text, 61, 2958465.99999, &serial) &&
           wf_serial_civil(serial, false, &civil, &timed) &&
           local_time(zone, &civil, timed, ret, ret_kind);
}

static bool parse_seconds(wf_text text, weft_time epoch, weft_time *ret)
{
    const double limit_s = 1e11; // some 3,000 years
    int64_t whole = 0;
    double part = 0;
    if (wf_parse_i64(text, -(int64_t)limit_s, (int64_t)limit_s, &whole)) {
        ret->us = epoch.us + whole * WF_US_PER_S;
        return true;
    }
    if (!wf_parse_double(text, -limit_s, limit_s, &part))
        return false;
    ret->us = epoch.us + (int64_t)(part * 1e6);
    return true;
}

bool wf_binding_time(const wf_binding *binding, size_t field, wf_text text,
                     weft_time *ret, wf_iso_kind *ret_kind)
{
    const wf_bound_field *bound = &binding->fields[field];
    const wf_mapping_field *how = bound->how;
    wf_text trimmed = wf_text_trim(text);
    weft_time at = {0};
    wf_iso_kind kind = WF_ISO_INSTANT;
    bool read = false;
    switch (how == NULL ? WF_TIME_ISO : how->format) {
    case WF_TIME_ISO:
        read = wf_time_parse(trimmed, binding->zone, &at, &kind);
        break;
    case WF_TIME_SECONDS:
        read = parse_seconds(trimmed, bound->epoch, &at);
        break;
    case WF_TIME_SERIAL:
        read = parse_serial(trimmed, binding->zone, &at, &kind);
        break;
    case WF_TIME_PATTERN:
        read = parse_pattern(how->pattern, trimmed, binding->zone, &at, &kind);
        break;
    }
    bool year_first =
        how != NULL && how->format == WF_TIME_PATTERN && how->pattern.bytes[1] == 'Y';
    if (!read && (year_first || !wf_time_parse(trimmed, binding->zone, &at, &kind)))
        return false;
    if (how != NULL)
        at.us += how->plus_s * WF_US_PER_S;
    *ret = at;
    *ret_kind = kind;
    return true;
}
