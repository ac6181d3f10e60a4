#include "wire/facts.h"

#include <jansson.h>
#include <string.h>

#include "wire/facts_value.h"

enum { depth_max = 32 };

typedef struct {
    const wf_kinds *kinds;
    const wf_zone *zone;
    wf_arena *arena;
    weft_error *error;
} reader;

// ---- the text of the line ----

// jansson goes down a call a level: counted before it sees the line.
static bool is_deep(wf_text line)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < line.size; i++) {
        char byte = line.bytes[i];
        if (quoted && byte == '\\')
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == '{' || byte == '['))
            depth++;
        else if (!quoted && (byte == '}' || byte == ']') && depth > 0)
            depth--;
        if (depth > depth_max)
            return true;
    }
    return false;
}

static weft_status wrong_json(weft_error *error, const json_error_t *why)
{
    char column[WF_NUMBER_TEXT_MAX];
    switch (json_error_code(why)) {
    case json_error_out_of_memory:
        return wf_fail_memory(error);
    case json_error_duplicate_key:
        return wf_facts_wrong(error, "", "fact.key_twice");
    case json_error_invalid_utf8:
        return wf_facts_wrong(error, "", "fact.utf8");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return wf_facts_wrong(error, "", "fact.nul");
    case json_error_numeric_overflow:
        return wf_facts_wrong(error, "", "fact.too_great");
    default:
        return wf_fail(error, WEFT_BAD_INPUT, "fact.json", "column",
                       wf_number_text(column, why->position), NULL);
    }
}

static weft_status load(wf_text line, json_t **ret, weft_error *error)
{
    json_error_t why = {0};
    char limit[WF_NUMBER_TEXT_MAX];
    if (line.size > WF_FACT_LINE_BYTES_MAX)
        return wf_fail(error, WEFT_BAD_INPUT, "fact.line_long", "limit",
                       wf_number_text(limit, WF_FACT_LINE_BYTES_MAX), NULL);
    if (memchr(line.bytes, '\0', line.size) != NULL)
        return wf_facts_wrong(error, "", "fact.nul");
    if (is_deep(line))
        return wf_facts_wrong(error, "", "fact.deep");
    json_t *root = json_loadb(line.bytes, line.size, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        return wrong_json(error, &why);
    if (!json_is_object(root)) {
        json_decref(root);
        return wf_facts_wrong(error, "", "fact.not_object");
    }
    *ret = root;
    return WEFT_OK;
}

// ---- values ----

// A string that says something; null and "" give an empty text.
static weft_status read_string(const reader *in, const json_t *from, const char *field,
                               wf_text *ret)
{
    if (from == NULL || json_is_null(from)) {
        *ret = (wf_text){0};
        return WEFT_OK;
    }
    if (!json_is_string(from))
        return wf_facts_wrong(in->error, field, "fact.string");
    wf_text text = wf_arena_text(
        in->arena, (wf_text){json_string_value(from), json_string_length(from)});
    if (text.bytes == NULL)
        return wf_fail_memory(in->error);
    *ret = text;
    return WEFT_OK;
}

static weft_status read_identity(const reader *in, const json_t *from, const char *field,
                                 wf_identity *ret)
{
    const json_t *seq = json_object_get(from, "seq");
    if (!json_is_string(json_object_get(from, "device")) || !json_is_integer(seq) ||
        json_object_size(from) != 2)
        return wf_facts_wrong(in->error, field, "fact.fact");
    ret->seq = json_integer_value(seq);
    return read_string(in, json_object_get(from, "device"), field, &ret->device);
}

static weft_status read_one(const reader *in, const wf_kind *kind, const wf_column *field,
                            const json_t *from, wf_value *ret)
{
    wf_text text;
    ret->given = true;
    switch (field->type) {
    case WF_COLUMN_YESNO:
        ret->number = json_is_true(from);
        return json_is_boolean(from)
                   ? WEFT_OK
                   : wf_facts_wrong(in->error, field->name, "fact.yesno");
    case WF_COLUMN_INTEGER:
        ret->number = json_integer_value(from);
        return json_is_integer(from)
                   ? WEFT_OK
                   : wf_facts_wrong(in->error, field->name, "fact.not_whole");
    case WF_COLUMN_NUMBER:
        ret->real = json_number_value(from);
        return json_is_number(from)
                   ? WEFT_OK
                   : wf_facts_wrong(in->error, field->name, "fact.not_number");
    case WF_COLUMN_FACT:
        return read_identity(in, from, field->name, &ret->fact);
    default:
        WF_TRY(read_string(in, from, field->name, &text));
        ret->given = text.size > 0;
        return ret->given
                   ? wf_facts_from_text(kind, field, in->zone, text, ret, in->error)
                   : WEFT_OK;
    }
}

// An item that says nothing is no item.
static weft_status read_list(const reader *in, const wf_kind *kind,
                             const wf_column *field, const json_t *from, wf_value *ret)
{
    if (!json_is_array(from))
        return wf_facts_wrong(in->error, field->name, "fact.list");
    size_t count = 0, said = json_array_size(from);
    if (said == 0)
        return WEFT_OK;
    wf_value *items = wf_arena_array(in->arena, said, sizeof *items);
    if (items == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < said; i++) {
        wf_value item = {0};
        WF_TRY(read_one(in, kind, field, json_array_get(from, i), &item));
        if (!item.given)
            return wf_facts_wrong(in->error, field->name, "fact.empty_item");
        items[count++] = item;
    }
    ret->items_count = wf_values_to_set(field->type, items, count);
    ret->items = items;
    ret->given = true;
    return WEFT_OK;
}

static weft_status read_body(const reader *in, json_t *body, wf_fact *ret)
{
    const wf_kind *kind = ret->kind;
    const char *key;
    json_t *value;
    size_t size;
    if (!json_is_object(body))
        return wf_facts_wrong(in->error, "body", "fact.body");
    memset(ret->values, 0, sizeof ret->values);
    json_object_keylen_foreach(body, key, size, value)
    {
        size_t place = wf_kind_field(kind, (wf_text){key, size});
        if (place == SIZE_MAX)
            return wf_facts_wrong_key(in->error, (wf_text){key, size}, "fact.unknown");
        const wf_column *field = &kind->fields[place];
        wf_value *to = &ret->values[place];
        if (json_is_null(value))
            continue;
        WF_TRY(field->list ? read_list(in, kind, field, value, to)
                           : read_one(in, kind, field, value, to));
    }
    return WEFT_OK;
}

// ---- the envelope ----

static weft_status read_id(const reader *in, const json_t *root, wf_fact *ret,
                           bool *ret_known)
{
    static const wf_column device = {.type = WF_COLUMN_TEXT,
                                     .bytes_max = WF_DEVICE_BYTES_MAX};
    const json_t *name = json_object_get(root, "device");
    const json_t *seq = json_object_get(root, "seq");
    wf_identity id = {0};
    if (!json_is_string(name))
        return wf_facts_wrong(in->error, "device", "fact.device");
    WF_TRY(read_string(in, name, "device", &id.device));
    if (!wf_column_takes_text(&device, id.device))
        return wf_facts_wrong(in->error, "device", "fact.device");
    if (!json_is_integer(seq) || json_integer_value(seq) < 1)
        return wf_facts_wrong(in->error, "seq", "fact.seq");
    id.seq = json_integer_value(seq);
    ret->id = id;
    *ret_known = true;
    return WEFT_OK;
}

static weft_status check_keys(const reader *in, json_t *root)
{
    static const char *const keys[] = {"device", "seq",        "kind", "at",
                                       "grid",   "instead_of", "body"};
    const char *key;
    json_t *value;
    size_t size;
    json_object_keylen_foreach(root, key, size, value)
    {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            known = known || wf_text_equal((wf_text){key, size}, wf_text_of(keys[i]));
        if (!known)
            return wf_facts_wrong_key(in->error, (wf_text){key, size}, "fact.unknown");
    }
    return WEFT_OK;
}

static weft_status read_kind(const reader *in, const json_t *root, wf_fact *ret)
{
    const json_t *kind = json_object_get(root, "kind");
    if (!json_is_string(kind))
        return wf_facts_wrong(in->error, "kind", "fact.kind");
    ret->kind = wf_kinds_find(
        in->kinds, (wf_text){json_string_value(kind), json_string_length(kind)});
    return ret->kind != NULL ? WEFT_OK : wf_facts_wrong(in->error, "kind", "fact.kind");
}

static weft_status read_at(const reader *in, const json_t *root, wf_fact *ret)
{
    const json_t *at = json_object_get(root, "at");
    wf_iso_kind said;
    if (!json_is_string(at) ||
        !wf_time_parse((wf_text){json_string_value(at), json_string_length(at)}, in->zone,
                       &ret->at, &said) ||
        said != WF_ISO_INSTANT)
        return wf_facts_wrong(in->error, "at", "fact.at");
    return WEFT_OK;
}

static weft_status read_amends(const reader *in, const json_t *root, wf_fact *ret)
{
    const json_t *from = json_object_get(root, "instead_of");
    ret->amends = (wf_identity){0};
    if (from == NULL || json_is_null(from))
        return WEFT_OK;
    if (ret->kind->withdraws)
        return wf_facts_wrong(in->error, "instead_of", "fact.withdrawal_amends");
    WF_TRY(read_identity(in, from, "instead_of", &ret->amends));
    return ret->amends.device.size > 0
               ? WEFT_OK
               : wf_facts_wrong(in->error, "instead_of", "fact.fact");
}

static weft_status read_fact(const reader *in, json_t *root, wf_fact *ret,
                             bool *ret_known)
{
    WF_TRY(read_id(in, root, ret, ret_known));
    WF_TRY(check_keys(in, root));
    WF_TRY(read_kind(in, root, ret));
    WF_TRY(read_at(in, root, ret));
    WF_TRY(read_string(in, json_object_get(root, "grid"), "grid", &ret->grid));
    ret->grid_assumed = false;
    WF_TRY(read_amends(in, root, ret));
    WF_TRY(read_body(in, json_object_get(root, "body"), ret));
    return wf_facts_finish(ret, in->error);
}

weft_status wf_facts_read(const wf_kinds *kinds, const wf_zone *zone, wf_text line,
                          wf_arena *arena, wf_fact *ret, bool *ret_known,
                          weft_error *error)
{
    reader in = {kinds, zone, arena, error};
    json_t *root = NULL;
    *ret_known = false;
    WF_TRY(load(line, &root, error));
    weft_status status = read_fact(&in, root, ret, ret_known);
    json_decref(root);
    return status;
}
