#include "wire/mapping_back.h"

#include <stdio.h>
#include <string.h>

// ---- columns ----

static bool is_there(const wf_back *back, wf_text name)
{
    for (size_t i = 0; i < back->columns_count; i++)
        if (wf_text_equal(back->columns[i].name, name))
            return true;
    return false;
}

static weft_status add_columns(wf_back *back, size_t field, weft_error *error)
{
    const wf_mapping_field *how = &back->mapping->fields[field];
    for (size_t i = 0; i < how->columns_count; i++) {
        if (how->columns[i].name.size == 0) {
            wf_error_at(error, back->mapping->file, how->line, how->name);
            return wf_fail(error, WEFT_BAD_INPUT, "mapping.no_way_back", NULL);
        }
        if (!is_there(back, how->columns[i].name))
            back->columns[back->columns_count++] =
                (wf_back_column){how->columns[i].name, field, i};
    }
    return WEFT_OK;
}

weft_status wf_back_init(const wf_mapping *mapping, const wf_mapping_kind *kind,
                         const wf_zone *zone, wf_back *ret, weft_error *error)
{
    bool plain = mapping == NULL || mapping->plain;
    wf_back back = {.mapping = plain ? NULL : mapping, .kind = kind, .zone = zone};
    for (size_t i = 0; kind->fields[i].name != NULL; i++) {
        if (plain)
            back.columns[back.columns_count++] =
                (wf_back_column){wf_text_of(kind->fields[i].name), i, 0};
        else if (mapping->fields[i].name != NULL)
            WF_TRY(add_columns(&back, i, error));
    }
    for (size_t i = 0; !plain && i < mapping->also_count; i++)
        if (!is_there(&back, mapping->also[i].from))
            back.columns[back.columns_count++] =
                (wf_back_column){mapping->also[i].from, WF_BACK_ALSO, i};
    *ret = back;
    return WEFT_OK;
}

// ---- times ----

static bool put_letter(wf_buffer *to, char letter, const wf_civil *at)
{
    switch (letter) {
    case 'Y':
        return wf_buffer_printf(to, "%04d", at->year);
    case 'y':
        return wf_buffer_printf(to, "%02d", at->year % 100);
    case 'm':
        return wf_buffer_printf(to, "%02d", at->month);
    case 'd':
        return wf_buffer_printf(to, "%02d", at->day);
    case 'H':
        return wf_buffer_printf(to, "%02d", at->hour);
    case 'M':
        return wf_buffer_printf(to, "%02d", at->minute);
    case 'S':
        return wf_buffer_printf(to, "%02d", at->second);
    default:
        return wf_buffer_append(to, &letter, 1);
    }
}

static bool put_pattern(wf_buffer *to, wf_text pattern, const wf_civil *at)
{
    bool done = true;
    for (size_t i = 0; done && i < pattern.size; i++)
        done = pattern.bytes[i] == '%' ? put_letter(to, pattern.bytes[++i], at)
                                       : wf_buffer_append(to, &pattern.bytes[i], 1);
    return done;
}

static bool put_serial(wf_buffer *to, const wf_zone *zone, weft_time at,
                       const wf_civil *civil)
{
    weft_day base, day = wf_zone_day_of(zone, at);
    WF_ASSERT(wf_day_from_date(1899, 12, 30, &base));
    int32_t second = civil->hour * 3600 + civil->minute * 60 + civil->second;
    return second == 0 ? wf_buffer_printf(to, "%d", day.number - base.number)
                       : wf_buffer_printf(to, "%.8f",
                                          day.number - base.number + second / 86400.0);
}

// A date where it is the beginning of a day, in the order that the mapping asks of
// others; else ISO 8601 with its offset.
static bool put_iso(wf_buffer *to, const wf_back *back, weft_time at,
                    const wf_civil *civil)
{
    char text[WF_TIME_TEXT_MAX];
    wf_date_order order = back->mapping == NULL ? WF_DATES_ASK : back->mapping->dates;
    if (at.us != wf_zone_day_start(back->zone, wf_zone_day_of(back->zone, at)).us)
        return wf_buffer_printf(to, "%s", wf_time_text(text, at, back->zone));
    if (order == WF_DATES_ASK)
        return put_pattern(to, WF_TEXT("%Y-%m-%d"), civil);
    return put_pattern(
        to, order == WF_DATES_DAY_FIRST ? WF_TEXT("%d/%m/%Y") : WF_TEXT("%m/%d/%Y"),
        civil);
}

static bool put_time(wf_buffer *to, const wf_back *back, const wf_mapping_field *how,
                     weft_time at)
{
    wf_civil civil;
    weft_time epoch;
    wf_iso_kind kind;
    if (how != NULL)
        at.us -= how->plus_s * WF_US_PER_S;
    wf_zone_civil(back->zone, at, &civil);
    switch (how == NULL || !how->timed ? WF_TIME_ISO : how->format) {
    case WF_TIME_SECONDS:
        if (!wf_time_parse(how->epoch, back->zone, &epoch, &kind))
            return true; // a mapping that cannot be read writes nothing
        return wf_buffer_printf(to, "%.15g",
                                (double)(at.us - epoch.us) / (double)WF_US_PER_S);
    case WF_TIME_SERIAL:
        return put_serial(to, back->zone, at, &civil);
    case WF_TIME_PATTERN:
        return put_pattern(to, how->pattern, &civil);
    case WF_TIME_ISO:
        break;
    }
    return put_iso(to, back, at, &civil);
}

// ---- cells ----

static wf_text without_prefix(wf_text prefix, wf_text text)
{
    if (prefix.size == 0 || text.size <= prefix.size ||
        memcmp(text.bytes, prefix.bytes, prefix.size) != 0)
        return text;
    return (wf_text){text.bytes + prefix.size, text.size - prefix.size};
}

static wf_text word_back(const wf_mapping_field *how, wf_text text)
{
    if (text.size == 0)
        return text;
    for (size_t i = 0; i < how->back_count; i++)
        if (wf_text_equal(how->back[i].from, text))
            return how->back[i].to;
    for (size_t i = 0; i < how->words_count; i++)
        if (wf_text_equal(how->words[i].to, text))
            return how->words[i].from;
    return text;
}

// The word of a column from which several fields come: one that reads back as all of
// them, if there is one.
static bool word_of_all(const wf_back *back, const wf_back_column *of,
                        const wf_back_value *values, wf_text *ret)
{
    const wf_mapping_field *fields = back->mapping->fields;
    const wf_mapping_field *first = &fields[of->field];
    size_t sharing = 0;
    for (size_t w = 0; w < first->words_count; w++) {
        wf_text word = first->words[w].from;
        bool fits = true;
        sharing = 0;
        for (size_t i = 0; fits && back->kind->fields[i].name != NULL; i++) {
            const wf_mapping_field *how = &fields[i];
            if (how->name == NULL || how->columns_count != 1 || how->timed ||
                !wf_text_equal(how->columns[0].name, of->name))
                continue;
            wf_text said = values[i].given ? without_prefix(how->prefix, values[i].text)
                                           : (wf_text){"", 0};
            fits = !values[i].timed && wf_text_equal(wf_mapping_word_of(how, word), said);
            sharing++;
        }
        if (fits && sharing > 1) {
            *ret = word;
            return true;
        }
    }
    return false;
}

// The part of a text that belongs to one of `count` joined columns.
static wf_text part_of(wf_text text, wf_text join, size_t part, size_t count)
{
    for (size_t i = 0;; i++) {
        const char *found = i + 1 == count || join.size == 0 || text.size == 0
                                ? NULL
                                : memmem(text.bytes, text.size, join.bytes, join.size);
        size_t size = found == NULL ? text.size : (size_t)(found - text.bytes);
        if (i == part)
            return (wf_text){text.bytes, size};
        if (found == NULL)
            return (wf_text){"", 0};
        size_t used = size + join.size;
        text = (wf_text){text.bytes + used, text.size - used};
    }
}

bool wf_back_cell(const wf_back *back, size_t column, const wf_back_value *values,
                  wf_arena *arena, wf_text *ret)
{
    const wf_back_column *of = &back->columns[column];
    if (of->field == WF_BACK_ALSO) {
        *ret = back->mapping->also[of->part].to;
        return true;
    }
    const wf_back_value *value = &values[of->field];
    const wf_mapping_field *how =
        back->mapping == NULL ? NULL : &back->mapping->fields[of->field];
    wf_text text = value->text;
    *ret = (wf_text){"", 0};
    if (!value->given)
        return true;
    if (value->timed) {
        wf_buffer made = {0};
        bool done = put_time(&made, back, how, value->at);
        text = wf_arena_text(arena, wf_buffer_text(&made));
        wf_buffer_wipe(&made);
        if (!done || text.bytes == NULL)
            return false;
    }
    if (how != NULL && !value->timed && word_of_all(back, of, values, ret))
        return true;
    if (how != NULL) {
        text = word_back(how, without_prefix(how->prefix, text));
        text = part_of(text, how->join, of->part, how->columns_count);
    }
    *ret = text;
    return true;
}
