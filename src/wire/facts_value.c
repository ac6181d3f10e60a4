#include "wire/facts_value.h"

#include <string.h>

weft_status wf_facts_wrong(weft_error *error, const char *field, const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

weft_status wf_facts_wrong_key(weft_error *error, wf_text key, const char *code)
{
    char name[32] = "";
    bool harmless = key.size < sizeof name;
    for (size_t i = 0; harmless && i < key.size; i++)
        harmless = (key.bytes[i] >= 'a' && key.bytes[i] <= 'z') || key.bytes[i] == '_';
    if (harmless)
        memcpy(name, key.bytes, key.size);
    return wf_facts_wrong(error, name, code);
}

static bool is_end(const wf_kind *kind, const wf_column *field)
{
    for (size_t i = 0; i < kind->rules_count; i++)
        if (kind->rules[i].kind == WF_RULE_RISE &&
            strcmp(kind->rules[i].second, field->name) == 0)
            return true;
    return false;
}

static bool read_time(const wf_kind *kind, const wf_column *field, const wf_zone *zone,
                      wf_text text, int64_t *ret)
{
    weft_time at;
    wf_iso_kind said;
    if (!wf_time_parse(text, zone, &at, &said))
        return false;
    if (said == WF_ISO_DATE && is_end(kind, field))
        at = wf_zone_day_end(zone, wf_zone_day_of(zone, at));
    *ret = at.us;
    return true;
}

weft_status wf_facts_from_text(const wf_kind *kind, const wf_column *field,
                               const wf_zone *zone, wf_text text, wf_value *ret,
                               weft_error *error)
{
    weft_day day;
    switch (field->type) {
    case WF_COLUMN_DATE:
        if (!wf_day_parse(text, &day))
            return wf_facts_wrong(error, field->name, "fact.date");
        ret->number = day.number;
        break;
    case WF_COLUMN_TIME:
        if (!read_time(kind, field, zone, text, &ret->number))
            return wf_facts_wrong(error, field->name, "fact.time");
        break;
    default:
        ret->text = text;
        break;
    }
    ret->given = true;
    return WEFT_OK;
}

// ---- the command line ----

// Numbers out of range read as one that the check refuses with its range.
static weft_status from_words(const wf_kind *kind, const wf_column *field,
                              const wf_zone *zone, wf_text text, wf_value *ret,
                              weft_error *error)
{
    switch (field->type) {
    case WF_COLUMN_YESNO:
        ret->given = wf_column_parse_yesno(text, &ret->number);
        return ret->given ? WEFT_OK : wf_facts_wrong(error, field->name, "fact.yesno");
    case WF_COLUMN_INTEGER:
        ret->given = wf_parse_i64(text, INT64_MIN, INT64_MAX, &ret->number);
        return ret->given ? WEFT_OK
                          : wf_facts_wrong(error, field->name, "fact.not_whole");
    case WF_COLUMN_NUMBER:
        ret->given = wf_parse_double(text, -0x1p1023, 0x1p1023, &ret->real);
        return ret->given ? WEFT_OK
                          : wf_facts_wrong(error, field->name, "fact.not_number");
    case WF_COLUMN_FACT:
        ret->given = wf_identity_read(text, &ret->fact);
        return ret->given ? WEFT_OK : wf_facts_wrong(error, field->name, "fact.fact");
    default:
        return wf_facts_from_text(kind, field, zone, text, ret, error);
    }
}

// The next item of a list into *ret: up to a comma without a backslash, which is taken
// away before a comma. Gives where the rest begins.
static const char *take_item(const char *from, const char *end, char *room, wf_text *ret)
{
    size_t size = 0;
    while (from < end && *from != ',') {
        if (*from == '\\' && from + 1 < end && from[1] == ',')
            from++;
        room[size++] = *from++;
    }
    *ret = (wf_text){room, size};
    return from < end ? from + 1 : NULL;
}

static weft_status add_item(const wf_column *field, const wf_value *item, wf_arena *arena,
                            wf_value *value, weft_error *error)
{
    size_t count = value->items_count;
    wf_value *items = wf_arena_array(arena, count + 1, sizeof *items);
    if (items == NULL)
        return wf_fail_memory(error);
    if (count > 0)
        memcpy(items, value->items, count * sizeof *items);
    items[count] = *item;
    value->items_count = wf_values_to_set(field->type, items, count + 1);
    value->items = items;
    value->given = true;
    return WEFT_OK;
}

static weft_status add_items(const wf_kind *kind, const wf_column *field,
                             const wf_zone *zone, wf_text text, wf_arena *arena,
                             wf_value *value, weft_error *error)
{
    const char *from = text.bytes, *end = from + text.size;
    while (from != NULL) {
        wf_value item = {0};
        wf_text said;
        char *room = wf_arena_new(arena, (size_t)(end - from) + 1);
        if (room == NULL)
            return wf_fail_memory(error);
        from = take_item(from, end, room, &said);
        if (said.size == 0)
            return wf_facts_wrong(error, field->name, "fact.empty_item");
        WF_TRY(from_words(kind, field, zone, said, &item, error));
        WF_TRY(add_item(field, &item, arena, value, error));
    }
    return WEFT_OK;
}

weft_status wf_facts_field(const wf_kind *kind, const wf_zone *zone, wf_text text,
                           wf_arena *arena, wf_value *values, weft_error *error)
{
    const char *equals = memchr(text.bytes, '=', text.size);
    if (equals == NULL)
        return wf_facts_wrong_key(error, text, "fact.assignment");
    wf_text name = {text.bytes, (size_t)(equals - text.bytes)};
    size_t place = wf_kind_field(kind, name);
    if (place == SIZE_MAX)
        return wf_facts_wrong_key(error, name, "fact.unknown");
    const wf_column *field = &kind->fields[place];
    if (values[place].given && !field->list)
        return wf_facts_wrong(error, field->name, "fact.twice");
    wf_text said = {equals + 1, text.size - name.size - 1};
    if (said.size == 0)
        return WEFT_OK;
    wf_text kept = wf_arena_text(arena, said);
    if (kept.bytes == NULL)
        return wf_fail_memory(error);
    if (field->list)
        return add_items(kind, field, zone, kept, arena, &values[place], error);
    return from_words(kind, field, zone, kept, &values[place], error);
}

weft_status wf_facts_finish(wf_fact *fact, weft_error *error)
{
    const wf_kind *kind = fact->kind;
    wf_fact_order_pairs(fact);
    if (kind->withdraws && fact->amends.device.size == 0) {
        fact->amends.device = fact->values[wf_kind_field(kind, WF_TEXT("device"))].text;
        fact->amends.seq = fact->values[wf_kind_field(kind, WF_TEXT("seq"))].number;
    }
    return wf_fact_check(fact, error);
}
