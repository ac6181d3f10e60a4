#include "store/records/row.h"

#include <sodium.h>
#include <string.h>

#include "keys/seal.h"
#include "model/fact.h"
#include "model/ids.h"

enum { value_head_bytes = 3, date_bytes = 4, stamp_fixed_bytes = 1 + 8 + 1 + 8 };

_Static_assert(WF_EQUALITY_KEY_BYTES == crypto_shorthash_KEYBYTES,
               "the key of equality fits SipHash");

static void put_le(unsigned char *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_le(const unsigned char *at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

void wf_record_done(wf_record *row)
{
    wf_buffer_wipe(&row->plain);
}

void wf_record_clear(wf_record *row)
{
    memset(row->values, 0, sizeof row->values);
    row->own = false;
}

bool wf_record_is_text(const wf_column *column)
{
    return column->type == WF_COLUMN_ID || column->type == WF_COLUMN_TEXT ||
           column->type == WF_COLUMN_WORD || column->type == WF_COLUMN_FACT;
}

static weft_status damaged(const wf_form *form, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "records.row", "table", form->table->name, NULL);
}

// ---- keys ----

static void derive(const wf_key *key, wf_record_keys *ret)
{
    unsigned char secret[WF_SEAL_SECRET_BYTES];
    wf_seal_derive(key, WF_TEXT("weft register equality"), secret);
    ret->key = key;
    memcpy(ret->equality_key, secret, sizeof ret->equality_key);
    sodium_memzero(secret, sizeof secret);
}

weft_status wf_record_keys_make(wf_keys *keys, wf_record_keys *ret, weft_error *error)
{
    const wf_key *key = NULL;
    WF_TRY(wf_keys_make(keys, WF_KEY_REGISTER, (weft_day){0}, &key, error));
    if (wf_keys_commit_due(keys)) // readers ask, too, and write nothing
        WF_TRY(wf_keys_commit(keys, error));
    derive(key, ret);
    return WEFT_OK;
}

weft_status wf_record_keys_find(wf_keys *keys, wf_record_keys *ret, weft_error *error)
{
    const wf_key *key = NULL;
    WF_TRY(wf_keys_find(keys, WF_KEY_REGISTER, (weft_day){0}, &key, error));
    derive(key, ret);
    return WEFT_OK;
}

int64_t wf_record_equality(const wf_record_keys *keys, wf_text text)
{
    unsigned char hash[crypto_shorthash_BYTES];
    WF_ASSERT(crypto_shorthash(hash, (const unsigned char *)text.bytes, text.size,
                               keys->equality_key) == 0);
    int64_t key = (int64_t)get_le(hash, sizeof hash);
    return key == 0 ? 1 : key;
}

// ---- the sealed part ----

#define CONTEXT_PURPOSE "weft records "
enum {
    context_bytes_max =
        64 + WF_TABLE_COLUMNS_MAX * (1 + WF_ID_BYTES_MAX + WF_DEVICE_BYTES_MAX)
};

static wf_text context_of(const wf_form *form, const wf_record *row, char *room)
{
    const wf_table *table = form->table;
    size_t size = sizeof CONTEXT_PURPOSE - 1, name_size = strlen(table->name);
    memcpy(room, CONTEXT_PURPOSE, size);
    memcpy(room + size, table->name, name_size);
    size += name_size;
    for (size_t i = 0; i < table->keys_count; i++) {
        wf_text text = row->values[i].text;
        unsigned char number[8];
        if (!wf_record_is_text(&table->columns[i])) {
            put_le(number, (uint64_t)row->values[i].number, sizeof number);
            text = (wf_text){(const char *)number, sizeof number};
        }
        WF_ASSERT(size + 1 + text.size <= context_bytes_max);
        room[size++] = 0;
        memcpy(room + size, text.bytes, text.size);
        size += text.size;
    }
    return (wf_text){room, size};
}

static bool put_sealed_value(const wf_column *column, size_t place, const wf_value *value,
                             wf_buffer *to)
{
    unsigned char head[value_head_bytes], date[date_bytes];
    wf_text text = value->text;
    if (column->type == WF_COLUMN_DATE) {
        put_le(date, (uint64_t)value->number, date_bytes);
        text = (wf_text){(const char *)date, date_bytes};
    }
    head[0] = (unsigned char)place;
    put_le(head + 1, text.size, 2);
    return wf_buffer_append(to, head, sizeof head) &&
           wf_buffer_append(to, text.bytes, text.size);
}

static size_t sealed_bytes(const wf_table *table, const wf_record *row)
{
    size_t size = 0;
    for (size_t i = table->keys_count; i < table->columns_count; i++)
        if (wf_column_is_sealed(&table->columns[i]) && row->values[i].given)
            size += value_head_bytes + date_bytes + row->values[i].text.size;
    return size;
}

static weft_status seal(const wf_form *form, const wf_record_keys *keys,
                        const wf_record *row, wf_buffer *ret, weft_error *error)
{
    char context[context_bytes_max];
    // On the stack, because every row of people passes here; long texts take memory of
    // their own. Either is wiped below.
    char room[WF_TABLE_COLUMNS_MAX * (value_head_bytes + 256)];
    const wf_table *table = form->table;
    bool fits = sealed_bytes(table, row) <= sizeof room, done = true;
    wf_buffer plain = {0};
    if (fits)
        plain = (wf_buffer){.bytes = room, .capacity = sizeof room};
    for (size_t i = table->keys_count; done && i < table->columns_count; i++)
        if (wf_column_is_sealed(&table->columns[i]) && row->values[i].given)
            done = put_sealed_value(&table->columns[i], i, &row->values[i], &plain);
    WF_ASSERT(!fits || (done && plain.bytes == room));
    weft_status status = done ? WEFT_OK : wf_fail_memory(error);
    if (status == WEFT_OK && plain.size > 0)
        status = wf_seal_blob(keys->key, context_of(form, row, context),
                              wf_buffer_text(&plain), ret, error);
    if (fits)
        sodium_memzero(room, plain.size);
    else
        wf_buffer_wipe(&plain);
    return status;
}

static bool read_sealed_value(const wf_form *form, wf_text plain, size_t *at,
                              wf_record *row)
{
    const unsigned char *from = (const unsigned char *)plain.bytes + *at;
    if (plain.size - *at < value_head_bytes)
        return false;
    size_t place = from[0], size = (size_t)get_le(from + 1, 2);
    if (place < form->table->keys_count || place >= form->table->columns_count ||
        row->values[place].given || size > plain.size - *at - value_head_bytes)
        return false;
    const wf_column *column = &form->table->columns[place];
    wf_value value = {.given = true,
                      .text = {(const char *)from + value_head_bytes, size}};
    if (column->type == WF_COLUMN_DATE) {
        if (size != date_bytes)
            return false;
        value = (wf_value){.given = true,
                           .number = (int32_t)get_le(from + value_head_bytes, 4)};
    }
    row->values[place] = value;
    *at += value_head_bytes + size;
    return wf_column_is_sealed(column);
}

weft_status wf_record_open_sealed(const wf_form *form, const wf_record_keys *keys,
                                  wf_text sealed, wf_record *row, weft_error *error)
{
    char context[context_bytes_max];
    wf_buffer_clear(&row->plain);
    if (sealed.size == 0)
        return WEFT_OK;
    WF_TRY(wf_open_blob(keys->key, context_of(form, row, context), sealed, &row->plain,
                        error));
    wf_text plain = wf_buffer_text(&row->plain);
    for (size_t at = 0; at < plain.size;)
        if (!read_sealed_value(form, plain, &at, row))
            return damaged(form, error);
    return WEFT_OK;
}

// ---- stamps ----

static bool has_stamp(const wf_form *form, const wf_record *row, size_t column)
{
    return form->table->columns[column].merge == WF_MERGE_LAST &&
           row->values[column].given;
}

static bool same_stamp(const wf_stamp *a, const wf_stamp *b)
{
    return a->at_us == b->at_us && a->seq == b->seq &&
           wf_text_equal(a->device, b->device);
}

// One group: the columns from `first` on that share its stamp, or all of them (n = 0).
static bool put_group(const wf_form *form, const wf_record *row, size_t first,
                      bool done[WF_TABLE_COLUMNS_MAX], bool all, wf_buffer *to)
{
    unsigned char head[1 + WF_TABLE_COLUMNS_MAX], number[8];
    size_t count = 0;
    const wf_stamp *stamp = &row->stamps[first];
    for (size_t i = first; i < form->table->columns_count; i++) {
        if (done[i] || !has_stamp(form, row, i) || !same_stamp(stamp, &row->stamps[i]))
            continue;
        done[i] = true;
        head[1 + count++] = (unsigned char)i;
    }
    if (all)
        count = 0;
    head[0] = (unsigned char)count;
    unsigned char size = (unsigned char)stamp->device.size;
    put_le(number, (uint64_t)stamp->at_us, 8);
    bool fine = wf_buffer_append(to, head, 1 + count) &&
                wf_buffer_append(to, number, 8) && wf_buffer_append(to, &size, 1) &&
                wf_buffer_append(to, stamp->device.bytes, stamp->device.size);
    put_le(number, (uint64_t)stamp->seq, 8);
    return fine && wf_buffer_append(to, number, 8);
}

static bool put_stamps(const wf_form *form, const wf_record *row, wf_buffer *to)
{
    bool done[WF_TABLE_COLUMNS_MAX] = {false};
    size_t keys = form->table->keys_count, count = form->table->columns_count;
    for (size_t i = keys; i < count; i++) {
        if (done[i] || !has_stamp(form, row, i))
            continue;
        bool all = to->size == 0;
        if (!put_group(form, row, i, done, all, to))
            return false;
    }
    return true;
}

static bool read_group(const wf_form *form, wf_text bytes, size_t *at, wf_record *row)
{
    const unsigned char *from = (const unsigned char *)bytes.bytes + *at;
    size_t left = bytes.size - *at;
    size_t n = left > 0 ? from[0] : 0;
    if (left < stamp_fixed_bytes + n)
        return false;
    size_t size = from[1 + n + 8];
    if (size > WF_DEVICE_BYTES_MAX || left < stamp_fixed_bytes + n + size)
        return false;
    wf_stamp stamp = {.at_us = (int64_t)get_le(from + 1 + n, 8),
                      .device = {(const char *)from + 1 + n + 9, size},
                      .seq = (int64_t)get_le(from + 1 + n + 9 + size, 8)};
    for (size_t i = 0; i < n; i++) {
        if (from[1 + i] >= form->table->columns_count)
            return false;
        row->stamps[from[1 + i]] = stamp;
    }
    for (size_t i = 0; n == 0 && i < form->table->columns_count; i++)
        row->stamps[i] = stamp;
    *at += stamp_fixed_bytes + n + size;
    return true;
}

static bool read_stamps(const wf_form *form, wf_text bytes, wf_record *row)
{
    for (size_t at = 0; at < bytes.size;)
        if (!read_group(form, bytes, &at, row))
            return false;
    return true;
}

// ---- SQL ----

static wf_value read_value(const wf_column *column, const wf_statement *statement, int at)
{
    if (wf_statement_is_null(statement, at))
        return (wf_value){0};
    if (wf_record_is_text(column))
        return (wf_value){.given = true, .text = wf_statement_text(statement, at)};
    if (column->type == WF_COLUMN_NUMBER)
        return (wf_value){.given = true, .real = wf_statement_real(statement, at)};
    return (wf_value){.given = true, .number = wf_statement_i64(statement, at)};
}

weft_status wf_record_read(const wf_form *form, const wf_record_keys *keys,
                           const wf_statement *statement, wf_record *ret,
                           weft_error *error)
{
    wf_text stamps = {"", 0}, sealed = {"", 0};
    wf_record_clear(ret);
    for (size_t i = 0; i < form->parts_count; i++) {
        const wf_part *part = &form->parts[i];
        int at = (int)i;
        if (part->kind == WF_PART_VALUE)
            ret->values[part->column] =
                read_value(&form->table->columns[part->column], statement, at);
        else if (part->kind == WF_PART_STAMPS)
            stamps = wf_statement_blob(statement, at);
        else if (part->kind == WF_PART_OWN)
            ret->own = wf_statement_i64(statement, at) != 0;
        else if (part->kind == WF_PART_SEALED)
            sealed = wf_statement_blob(statement, at);
    }
    if (!read_stamps(form, stamps, ret))
        return damaged(form, error);
    return wf_record_open_sealed(form, keys, sealed, ret, error);
}

static void bind_value(const wf_column *column, const wf_value *value,
                       wf_statement *statement, int at)
{
    if (!value->given)
        return;
    if (wf_record_is_text(column))
        wf_statement_bind_text(statement, at, value->text);
    else if (column->type == WF_COLUMN_NUMBER)
        wf_statement_bind_real(statement, at, value->real);
    else
        wf_statement_bind_i64(statement, at, value->number);
}

void wf_record_bind_key(const wf_form *form, const wf_value *values,
                        wf_statement *statement)
{
    for (size_t i = 0; i < form->table->keys_count; i++)
        bind_value(&form->table->columns[i], &values[i], statement, (int)i);
}

static void bind_part(const wf_form *form, const wf_record_keys *keys,
                      const wf_record *row, const wf_record_room *room, size_t place,
                      wf_statement *statement)
{
    const wf_part *part = &form->parts[place];
    const wf_value *value = &row->values[part->column];
    int at = (int)place;
    switch (part->kind) {
    case WF_PART_VALUE:
        bind_value(&form->table->columns[part->column], value, statement, at);
        break;
    case WF_PART_KEYED:
        if (value->given)
            wf_statement_bind_i64(statement, at, wf_record_equality(keys, value->text));
        break;
    case WF_PART_STAMPS:
        if (room->stamps.size > 0)
            wf_statement_bind_blob(statement, at, wf_buffer_text(&room->stamps));
        break;
    case WF_PART_OWN:
        wf_statement_bind_i64(statement, at, row->own ? 1 : 0);
        break;
    case WF_PART_SEALED:
        if (room->sealed.size > 0)
            wf_statement_bind_blob(statement, at, wf_buffer_text(&room->sealed));
        break;
    }
}

weft_status wf_record_bind(const wf_form *form, const wf_record_keys *keys,
                           const wf_record *row, wf_record_room *room,
                           wf_statement *statement, weft_error *error)
{
    wf_buffer_clear(&room->sealed);
    wf_buffer_clear(&room->stamps);
    if (form->has_stamps && !put_stamps(form, row, &room->stamps))
        return wf_fail_memory(error);
    if (form->has_sealed)
        WF_TRY(seal(form, keys, row, &room->sealed, error));
    for (size_t i = 0; i < form->parts_count; i++)
        bind_part(form, keys, row, room, i, statement);
    return WEFT_OK;
}
