#include "model/fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- identities and values ----

static const wf_column device_column = {.type = WF_COLUMN_TEXT,
                                        .bytes_max = WF_DEVICE_BYTES_MAX};

static bool is_identity(wf_identity id)
{
    return wf_column_takes_text(&device_column, id.device) && id.seq >= 1;
}

wf_fact_name wf_fact_name_of(wf_identity id)
{
    wf_fact_name name;
    int size = snprintf(name.text, sizeof name.text, "%.*s/%lld", (int)id.device.size,
                        id.device.bytes, (long long)id.seq);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name.text);
    return name;
}

bool wf_identity_read(wf_text text, wf_identity *ret)
{
    size_t slash = text.size;
    while (slash > 0 && text.bytes[slash - 1] != '/')
        slash--;
    if (slash == 0)
        return false;
    wf_identity id = {{text.bytes, slash - 1}, 0};
    wf_text digits = {text.bytes + slash, text.size - slash};
    // One name, one text: no sign, no zeros in front.
    if (digits.size == 0 || digits.bytes[0] < '1' || digits.bytes[0] > '9' ||
        !wf_parse_i64(digits, 1, INT64_MAX, &id.seq) || !is_identity(id))
        return false;
    *ret = id;
    return true;
}

bool wf_identity_equal(wf_identity a, wf_identity b)
{
    return a.seq == b.seq && wf_text_equal(a.device, b.device);
}

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_identities(wf_identity a, wf_identity b)
{
    int order = wf_text_compare(a.device, b.device);
    return order != 0 ? order : compare_i64(a.seq, b.seq);
}

weft_time wf_fact_kept_at(const wf_fact *fact)
{
    if (fact->kind->kept_by == NULL)
        return fact->at;
    size_t field = wf_kind_field(fact->kind, wf_text_of(fact->kind->kept_by));
    WF_ASSERT(field != SIZE_MAX && fact->values[field].given);
    return (weft_time){fact->values[field].number};
}

int wf_fact_order(weft_time a_at, wf_identity a, weft_time b_at, wf_identity b)
{
    int order = compare_i64(a_at.us, b_at.us);
    return order != 0 ? order : compare_identities(a, b);
}

int wf_value_compare(wf_column_type type, const wf_value *a, const wf_value *b)
{
    switch (type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return wf_text_compare(a->text, b->text);
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
    case WF_COLUMN_YESNO:
    case WF_COLUMN_INTEGER:
        return compare_i64(a->number, b->number);
    case WF_COLUMN_NUMBER:
        return (a->real > b->real) - (a->real < b->real);
    case WF_COLUMN_FACT:
        return compare_identities(a->fact, b->fact);
    }
    WF_BUG("a type is one of the list");
}

static int compare_for_sort(const void *a, const void *b, void *type)
{
    return wf_value_compare(*(const wf_column_type *)type, a, b);
}

size_t wf_values_to_set(wf_column_type type, wf_value *items, size_t count)
{
    if (count == 0)
        return 0;
    qsort_r(items, count, sizeof *items, compare_for_sort, &type);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (wf_value_compare(type, &items[kept - 1], &items[i]) != 0)
            items[kept++] = items[i];
    return kept;
}

// ---- checking ----

// The years 1–9999 of UTC, whole: what can be written in some offset, and read back.
static bool is_time(int64_t us)
{
    const int64_t day_us = 24 * 3600 * WF_US_PER_S;
    return us >= INT64_C(-719162) * day_us && us < INT64_C(2932897) * day_us;
}

static weft_status wrong(weft_error *error, const char *field, const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, NULL);
}

static weft_status wrong_range(weft_error *error, const wf_column *field,
                               const char *code)
{
    char min[WF_NUMBER_TEXT_MAX], max[WF_NUMBER_TEXT_MAX];
    // Ends of INTEGER may lie beyond what int64_t holds; wf_column_range knows.
    int64_t least = 0, greatest = 0;
    if (field->type == WF_COLUMN_INTEGER) {
        wf_column_range(field, &least, &greatest);
    } else {
        least = (int64_t)field->min;
        greatest = (int64_t)field->max;
    }
    wf_error_at(error, NULL, 0, field->name);
    return wf_fail(error, WEFT_BAD_INPUT, code, "min", wf_number_text(min, least), "max",
                   wf_number_text(max, greatest), NULL);
}

// Says those that it may be, if they have room.
static weft_status wrong_word(weft_error *error, const wf_column *field)
{
    char words[sizeof error->params[0].value];
    bool has_room = wf_column_words(field, words, sizeof words);
    wf_error_at(error, NULL, 0, field->name);
    return wf_fail(error, WEFT_BAD_INPUT, "fact.word", has_room ? "words" : NULL, words,
                   NULL);
}

static weft_status check_text(const wf_column *field, wf_text text, weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    if (wf_column_takes_text(field, text))
        return WEFT_OK;
    if (field->type == WF_COLUMN_WORD)
        return wrong_word(error, field);
    wf_error_at(error, NULL, 0, field->name);
    return wf_fail(error, WEFT_BAD_INPUT, "fact.text", "limit",
                   wf_number_text(limit, (int64_t)field->bytes_max), NULL);
}

static weft_status check_one(const wf_column *field, const wf_value *value,
                             weft_error *error)
{
    switch (field->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return check_text(field, value->text, error);
    case WF_COLUMN_DATE:
        return wf_column_takes_number(field, value->number)
                   ? WEFT_OK
                   : wrong(error, field->name, "fact.date");
    case WF_COLUMN_TIME:
        return is_time(value->number) ? WEFT_OK : wrong(error, field->name, "fact.time");
    case WF_COLUMN_YESNO:
        return wf_column_takes_number(field, value->number)
                   ? WEFT_OK
                   : wrong(error, field->name, "fact.yesno");
    case WF_COLUMN_INTEGER:
        return wf_column_takes_number(field, value->number)
                   ? WEFT_OK
                   : wrong_range(error, field, "fact.whole");
    case WF_COLUMN_NUMBER:
        return wf_column_takes_real(field, value->real)
                   ? WEFT_OK
                   : wrong_range(error, field, "fact.number");
    case WF_COLUMN_FACT:
        return is_identity(value->fact) ? WEFT_OK
                                        : wrong(error, field->name, "fact.fact");
    }
    WF_BUG("a type is one of the list");
}

static weft_status check_list(const wf_column *field, const wf_value *value,
                              weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    if (value->items_count == 0 || value->items_count > field->items_max) {
        wf_error_at(error, NULL, 0, field->name);
        return wf_fail(error, WEFT_BAD_INPUT, "fact.items", "limit",
                       wf_number_text(limit, (int64_t)field->items_max), NULL);
    }
    for (size_t i = 0; i < value->items_count; i++) {
        WF_TRY(check_one(field, &value->items[i], error));
        if (i > 0 &&
            wf_value_compare(field->type, &value->items[i - 1], &value->items[i]) >= 0)
            return wrong(error, field->name, "fact.set");
    }
    return WEFT_OK;
}

static const wf_value *value_of(const wf_fact *fact, const char *field)
{
    return &fact->values[wf_kind_field(fact->kind, wf_text_of(field))];
}

static weft_status wrong_rule(weft_error *error, const wf_rule *rule, const char *field,
                              const char *code)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, "first", rule->first, "second",
                   rule->second, NULL);
}

static weft_status check_rule(const wf_fact *fact, const wf_rule *rule, weft_error *error)
{
    const wf_value *first = value_of(fact, rule->first);
    const wf_value *second = value_of(fact, rule->second);
    if (rule->kind == WF_RULE_ONE_OF)
        return first->given || second->given
                   ? WEFT_OK
                   : wrong_rule(error, rule, rule->first, "fact.one_of");
    if (!first->given || !second->given)
        return WEFT_OK;
    size_t place = wf_kind_field(fact->kind, wf_text_of(rule->second));
    int order = wf_value_compare(fact->kind->fields[place].type, first, second);
    if (rule->kind == WF_RULE_RISE)
        return order <= 0 ? WEFT_OK : wrong_rule(error, rule, rule->second, "fact.rise");
    if (order == 0)
        return wrong_rule(error, rule, rule->second, "fact.differ");
    return order < 0 ? WEFT_OK : wrong_rule(error, rule, rule->second, "fact.pair");
}

void wf_fact_order_pairs(wf_fact *fact)
{
    for (size_t i = 0; i < fact->kind->rules_count; i++) {
        const wf_rule *rule = &fact->kind->rules[i];
        size_t a = wf_kind_field(fact->kind, wf_text_of(rule->first));
        size_t b = wf_kind_field(fact->kind, wf_text_of(rule->second));
        wf_value first = fact->values[a], second = fact->values[b];
        if (rule->kind == WF_RULE_PAIR && first.given && second.given &&
            wf_value_compare(fact->kind->fields[a].type, &first, &second) > 0) {
            fact->values[a] = second;
            fact->values[b] = first;
        }
    }
}

static weft_status check_values(const wf_fact *fact, weft_error *error)
{
    const wf_kind *kind = fact->kind;
    for (size_t i = 0; i < kind->fields_count; i++) {
        const wf_column *field = &kind->fields[i];
        const wf_value *value = &fact->values[i];
        if (!value->given && field->required)
            return wrong(error, field->name, "fact.missing");
        if (value->given)
            WF_TRY(field->list ? check_list(field, value, error)
                               : check_one(field, value, error));
    }
    for (size_t i = 0; i < kind->rules_count; i++)
        WF_TRY(check_rule(fact, &kind->rules[i], error));
    return WEFT_OK;
}

static weft_status check_amends(const wf_fact *fact, weft_error *error)
{
    const char *field = fact->kind->withdraws ? "device" : "instead_of";
    if (fact->kind->withdraws) {
        wf_identity target = {value_of(fact, "device")->text,
                              value_of(fact, "seq")->number};
        if (!wf_identity_equal(fact->amends, target))
            return wrong(error, "instead_of", "fact.withdrawal_amends");
    } else if (fact->amends.device.size == 0) {
        return WEFT_OK;
    }
    if (!is_identity(fact->amends))
        return wrong(error, field, "fact.fact");
    if (wf_identity_equal(fact->amends, fact->id))
        return wrong(error, field, "fact.amends_itself");
    return WEFT_OK;
}

weft_status wf_fact_check(const wf_fact *fact, weft_error *error)
{
    static const wf_column grid = {.type = WF_COLUMN_TEXT,
                                   .bytes_max = WF_GRID_BYTES_MAX};
    if (!wf_column_takes_text(&device_column, fact->id.device))
        return wrong(error, "device", "fact.device");
    if (fact->id.seq < 1)
        return wrong(error, "seq", "fact.seq");
    if (!is_time(fact->at.us))
        return wrong(error, "at", "fact.at");
    if (fact->grid.size > 0 && !wf_column_takes_text(&grid, fact->grid))
        return wrong(error, "grid", "fact.grid");
    WF_TRY(check_values(fact, error));
    return check_amends(fact, error);
}

// ---- writing ----

static bool put_number(uint64_t value, size_t size, wf_buffer *to)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    return wf_buffer_append(to, bytes, size);
}

static bool put_value(wf_column_type type, const wf_value *value, wf_buffer *to)
{
    uint64_t bits;
    double real;
    switch (type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return put_number(value->text.size, 2, to) &&
               wf_buffer_append(to, value->text.bytes, value->text.size);
    case WF_COLUMN_DATE:
        return put_number((uint64_t)value->number, 4, to);
    case WF_COLUMN_TIME:
    case WF_COLUMN_INTEGER:
        return put_number((uint64_t)value->number, 8, to);
    case WF_COLUMN_YESNO:
        return put_number((uint64_t)value->number, 1, to);
    case WF_COLUMN_NUMBER:
        real = value->real == 0 ? 0 : value->real; // −0 is 0
        memcpy(&bits, &real, sizeof bits);
        return put_number(bits, 8, to);
    case WF_COLUMN_FACT:
        return put_number(value->fact.device.size, 1, to) &&
               wf_buffer_append(to, value->fact.device.bytes, value->fact.device.size) &&
               put_number((uint64_t)value->fact.seq, 8, to);
    }
    WF_BUG("a type is one of the list");
}

static bool put_field(const wf_column *field, size_t place, const wf_value *value,
                      wf_buffer *to)
{
    bool done = put_number(place, 1, to);
    if (!field->list)
        return done && put_value(field->type, value, to);
    done = done && put_number(value->items_count, 4, to);
    for (size_t i = 0; done && i < value->items_count; i++)
        done = put_value(field->type, &value->items[i], to);
    return done;
}

weft_status wf_fact_encode(const wf_fact *fact, wf_buffer *ret, weft_error *error)
{
    size_t before = ret->size;
    bool done = true;
    for (size_t i = 0; done && i < fact->kind->fields_count; i++)
        if (fact->values[i].given)
            done = put_field(&fact->kind->fields[i], i, &fact->values[i], ret);
    if (done)
        return WEFT_OK;
    ret->size = before;
    return wf_fail_memory(error);
}

// ---- reading ----

typedef struct {
    const unsigned char *bytes;
    size_t left;
} cursor;

static bool take_number(cursor *in, size_t size, uint64_t *ret)
{
    if (in->left < size)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)in->bytes[i] << (8 * i);
    in->bytes += size;
    in->left -= size;
    *ret = value;
    return true;
}

static bool take_text(cursor *in, size_t size_bytes, wf_text *ret)
{
    uint64_t size;
    if (!take_number(in, size_bytes, &size) || in->left < size)
        return false;
    *ret = (wf_text){(const char *)in->bytes, (size_t)size};
    in->bytes += size;
    in->left -= (size_t)size;
    return true;
}

static bool take_value(wf_column_type type, cursor *in, wf_value *ret)
{
    uint64_t bits = 0;
    bool done = false;
    switch (type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        done = take_text(in, 2, &ret->text);
        break;
    case WF_COLUMN_DATE:
        done = take_number(in, 4, &bits);
        ret->number = (int32_t)(uint32_t)bits;
        break;
    case WF_COLUMN_TIME:
    case WF_COLUMN_INTEGER:
        done = take_number(in, 8, &bits);
        ret->number = (int64_t)bits;
        break;
    case WF_COLUMN_YESNO:
        done = take_number(in, 1, &bits);
        ret->number = (int64_t)bits;
        break;
    case WF_COLUMN_NUMBER:
        // Of zero's two forms only that without a sign is written.
        done = take_number(in, 8, &bits) && bits != UINT64_C(1) << 63;
        memcpy(&ret->real, &bits, sizeof ret->real);
        break;
    case WF_COLUMN_FACT:
        done = take_text(in, 1, &ret->fact.device) && take_number(in, 8, &bits);
        ret->fact.seq = (int64_t)bits;
        break;
    }
    ret->given = true;
    return done;
}

// *ret_memory false: the arena is full.
static bool take_field(const wf_column *field, cursor *in, wf_arena *arena, wf_value *ret,
                       bool *ret_memory)
{
    if (!field->list)
        return take_value(field->type, in, ret);
    uint64_t count;
    // Every item has a byte at least: the count cannot ask for more than came.
    if (!take_number(in, 4, &count) || count > field->items_max || count > in->left)
        return false;
    wf_value *items = wf_arena_array(arena, (size_t)count, sizeof *items);
    *ret_memory = items != NULL;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_value(field->type, in, &items[i]))
            return false;
    *ret = (wf_value){.given = true, .items = items, .items_count = (size_t)count};
    return true;
}

static weft_status damaged(weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "fact.damaged", NULL);
}

weft_status wf_fact_decode(const wf_kind *kind, wf_text body, wf_arena *arena,
                           wf_fact *ret, weft_error *error)
{
    cursor in = {(const unsigned char *)body.bytes, body.size};
    wf_fact fact = *ret;
    fact.kind = kind;
    memset(fact.values, 0, sizeof fact.values);
    uint64_t place;
    bool memory = true;
    for (size_t next = 0; in.left > 0; next = (size_t)place + 1) {
        if (!take_number(&in, 1, &place) || place < next || place >= kind->fields_count)
            return damaged(error);
        if (!take_field(&kind->fields[place], &in, arena, &fact.values[place], &memory))
            return memory ? damaged(error) : wf_fail_memory(error);
    }
    // Whatever would not have been written was not written by us.
    weft_error why = {0};
    if (check_values(&fact, &why) != WEFT_OK)
        return damaged(error);
    *ret = fact;
    return WEFT_OK;
}
