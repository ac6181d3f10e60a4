#include "store/register_row.h"

#include <sodium.h>
#include <string.h>

#include "keys/seal.h"
#include "model/ids.h"

enum { value_head_bytes = 3, date_bytes = 4, older_bytes = 9, context_bytes_max = 48 };

_Static_assert(WF_HOUSEHOLD_KEY_BYTES == crypto_shorthash_KEYBYTES,
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

void wf_row_done(wf_row *row)
{
    if (row->plain.bytes != NULL)
        sodium_memzero(row->plain.bytes, row->plain.capacity);
    wf_buffer_done(&row->plain);
}

int64_t wf_row_key_of(const wf_row_keys *keys, wf_text text)
{
    unsigned char hash[crypto_shorthash_BYTES];
    WF_ASSERT(crypto_shorthash(hash, (const unsigned char *)text.bytes, text.size,
                               keys->hash_key) == 0);
    int64_t key = (int64_t)get_le(hash, sizeof hash);
    return key == 0 ? 1 : key;
}

static bool is_text(const wf_column *column)
{
    return column->type == WF_COLUMN_ID || column->type == WF_COLUMN_TEXT ||
           column->type == WF_COLUMN_WORD;
}

// ---- the sealed part ----

static wf_text context_of(const wf_table_form *form, uint32_t number,
                          char room[context_bytes_max])
{
    static const char purpose[] = "weft register ";
    size_t size = sizeof purpose - 1, name_size = strlen(form->table->name);
    WF_ASSERT(size + name_size + 4 <= context_bytes_max);
    memcpy(room, purpose, size);
    memcpy(room + size, form->table->name, name_size);
    put_le((unsigned char *)room + size + name_size, number, 4);
    return (wf_text){room, size + name_size + 4};
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

weft_status wf_row_seal(const wf_table_form *form, const wf_row_keys *keys,
                        uint32_t number, const wf_row *row, wf_buffer *ret,
                        weft_error *error)
{
    char room[context_bytes_max];
    // On the stack, because every row passes here; wiped below.
    char plain_room[WF_COLUMNS_MAX * (value_head_bytes + 256)];
    wf_buffer plain = {.bytes = plain_room, .capacity = sizeof plain_room};
    const wf_register_table *table = form->table;
    for (size_t i = 1; i < table->columns_count; i++)
        if (wf_column_is_sealed(&table->columns[i]) && row->values[i].given)
            WF_ASSERT(put_sealed_value(&table->columns[i], i, &row->values[i], &plain));
    WF_ASSERT(plain.bytes == plain_room);
    if (plain.size == 0)
        return WEFT_OK;
    weft_status status = wf_seal_blob(keys->key, context_of(form, number, room),
                                      wf_buffer_text(&plain), ret, error);
    sodium_memzero(plain_room, plain.size);
    return status;
}

static bool read_sealed_value(const wf_table_form *form, wf_text plain, size_t *at,
                              size_t *last, wf_row *row)
{
    const unsigned char *from = (const unsigned char *)plain.bytes + *at;
    if (plain.size - *at < value_head_bytes)
        return false;
    size_t place = from[0], size = (size_t)get_le(from + 1, 2);
    if (place <= *last || place >= form->table->columns_count ||
        size > plain.size - *at - value_head_bytes)
        return false;
    const wf_column *column = &form->table->columns[place];
    wf_text text = {(const char *)from + value_head_bytes, size};
    wf_value value = {.given = true, .text = text};
    if (column->type == WF_COLUMN_DATE) {
        if (size != date_bytes)
            return false;
        value = (wf_value){.given = true, .number = (int32_t)get_le(from + 3, 4)};
    }
    row->values[place] = value;
    *last = place;
    *at += value_head_bytes + size;
    return wf_column_is_sealed(column);
}

weft_status wf_row_open_sealed(const wf_table_form *form, const wf_row_keys *keys,
                               uint32_t number, wf_text sealed, wf_row *ret,
                               weft_error *error)
{
    char room[context_bytes_max];
    wf_buffer_clear(&ret->plain);
    if (sealed.size == 0)
        return WEFT_OK;
    WF_TRY(wf_open_blob(keys->key, context_of(form, number, room), sealed, &ret->plain,
                        error));
    wf_text plain = wf_buffer_text(&ret->plain);
    size_t at = 0, last = 0;
    while (at < plain.size)
        if (!read_sealed_value(form, plain, &at, &last, ret))
            return wf_fail(error, WEFT_DAMAGED, "register.row", "table",
                           form->table->name, NULL);
    return WEFT_OK;
}

// ---- as-ofs ----

static int64_t greatest_as_of(const wf_table_form *form, const wf_row *row)
{
    int64_t greatest = INT64_MIN;
    for (size_t i = 1; i < form->table->columns_count; i++)
        if (row->values[i].given && row->as_of_us[i] > greatest)
            greatest = row->as_of_us[i];
    return greatest;
}

static size_t put_older(const wf_table_form *form, const wf_row *row, int64_t as_of,
                        unsigned char *to)
{
    size_t size = 0;
    for (size_t i = 1; i < form->table->columns_count; i++) {
        if (!row->values[i].given || row->as_of_us[i] == as_of)
            continue;
        to[size] = (unsigned char)i;
        put_le(to + size + 1, (uint64_t)row->as_of_us[i], 8);
        size += older_bytes;
    }
    return size;
}

static bool read_older(const wf_table_form *form, wf_text older, wf_row *row)
{
    const unsigned char *from = (const unsigned char *)older.bytes;
    if (older.size % older_bytes != 0)
        return false;
    for (size_t at = 0; at < older.size; at += older_bytes) {
        size_t place = from[at];
        if (place == 0 || place >= form->table->columns_count)
            return false;
        row->as_of_us[place] = (int64_t)get_le(from + at + 1, 8);
    }
    return true;
}

// ---- SQL ----

static wf_value read_value(const wf_column *column, sqlite3_stmt *statement, int at)
{
    if (sqlite3_column_type(statement, at) == SQLITE_NULL)
        return (wf_value){0};
    if (is_text(column))
        return (wf_value){.given = true, .text = wf_database_text(statement, at)};
    if (column->type == WF_COLUMN_NUMBER)
        return (wf_value){.given = true, .real = sqlite3_column_double(statement, at)};
    return (wf_value){.given = true, .number = sqlite3_column_int64(statement, at)};
}

static void read_key(const wf_table_form *form, sqlite3_stmt *statement, wf_row *row,
                     uint32_t *ret_number)
{
    row->values[0] = (wf_value){0};
    *ret_number = 0;
    if (form->kind == WF_REGISTER_CASES)
        row->values[0] = read_value(&form->table->columns[0], statement, 0);
    else
        *ret_number = (uint32_t)sqlite3_column_int64(statement, 0);
}

weft_status wf_row_read(const wf_table_form *form, const wf_row_keys *keys,
                        sqlite3_stmt *statement, wf_row *ret, weft_error *error)
{
    uint32_t number;
    wf_text older = {"", 0}, sealed = {"", 0};
    int64_t as_of = INT64_MIN;
    for (size_t i = 0; i < form->table->columns_count; i++)
        ret->values[i].given = false;
    read_key(form, statement, ret, &number);
    for (size_t i = 1; i < form->slots_count; i++) {
        const wf_slot *slot = &form->slots[i];
        int at = (int)i;
        if (slot->kind == WF_SLOT_PLAIN)
            ret->values[slot->column] =
                read_value(&form->table->columns[slot->column], statement, at);
        else if (slot->kind == WF_SLOT_AS_OF &&
                 sqlite3_column_type(statement, at) != SQLITE_NULL)
            as_of = sqlite3_column_int64(statement, at);
        else if (slot->kind == WF_SLOT_OLDER)
            older = wf_database_blob(statement, at);
        else if (slot->kind == WF_SLOT_SEALED)
            sealed = wf_database_blob(statement, at);
    }
    for (size_t i = 0; i < form->table->columns_count; i++)
        ret->as_of_us[i] = as_of;
    if (!read_older(form, older, ret))
        return wf_fail(error, WEFT_DAMAGED, "register.row", "table", form->table->name,
                       NULL);
    return wf_row_open_sealed(form, keys, number, sealed, ret, error);
}

static int bind_value(const wf_column *column, const wf_value *value,
                      sqlite3_stmt *statement, int at)
{
    if (!value->given)
        return sqlite3_bind_null(statement, at);
    if (is_text(column))
        return sqlite3_bind_text(statement, at, value->text.bytes, (int)value->text.size,
                                 SQLITE_STATIC);
    if (column->type == WF_COLUMN_NUMBER)
        return sqlite3_bind_double(statement, at, value->real);
    return sqlite3_bind_int64(statement, at, value->number);
}

static int bind_blob(sqlite3_stmt *statement, int at, const void *bytes, size_t size)
{
    if (size == 0)
        return sqlite3_bind_null(statement, at);
    return sqlite3_bind_blob(statement, at, bytes, (int)size, SQLITE_STATIC);
}

static int bind_slot(const wf_table_form *form, const wf_row_keys *keys, uint32_t number,
                     const wf_row *row, const wf_slot *slot, sqlite3_stmt *statement,
                     int at)
{
    const wf_value *value = &row->values[slot->column];
    if (slot->kind == WF_SLOT_KEY && form->kind != WF_REGISTER_CASES)
        return sqlite3_bind_int64(statement, at, number);
    if (slot->kind == WF_SLOT_KEYED && value->given)
        return sqlite3_bind_int64(statement, at, wf_row_key_of(keys, value->text));
    if (slot->kind == WF_SLOT_KEYED)
        return sqlite3_bind_null(statement, at);
    return bind_value(&form->table->columns[slot->column], value, statement, at);
}

static int bind_as_of(sqlite3_stmt *statement, int at, int64_t as_of)
{
    return as_of == INT64_MIN ? sqlite3_bind_null(statement, at)
                              : sqlite3_bind_int64(statement, at, as_of);
}

weft_status wf_row_bind(const wf_table_form *form, const wf_row_keys *keys,
                        uint32_t number, const wf_row *row, wf_text sealed,
                        unsigned char older[WF_ROW_OLDER_BYTES_MAX],
                        sqlite3_stmt *statement, weft_error *error)
{
    int64_t as_of = greatest_as_of(form, row);
    size_t older_size = put_older(form, row, as_of, older);
    int code = SQLITE_OK;
    for (size_t i = 0; code == SQLITE_OK && i < form->slots_count; i++) {
        const wf_slot *slot = &form->slots[i];
        int at = (int)i + 1;
        if (slot->kind == WF_SLOT_AS_OF)
            code = bind_as_of(statement, at, as_of);
        else if (slot->kind == WF_SLOT_OLDER)
            code = bind_blob(statement, at, older, older_size);
        else if (slot->kind == WF_SLOT_SEALED)
            code = bind_blob(statement, at, sealed.bytes, sealed.size);
        else
            code = bind_slot(form, keys, number, row, slot, statement, at);
    }
    return code == SQLITE_OK ? WEFT_OK
                             : wf_database_fail(sqlite3_db_handle(statement), error);
}

weft_status wf_row_bind_key(const wf_table_form *form, uint32_t number,
                            const wf_value *id, sqlite3_stmt *statement,
                            weft_error *error)
{
    int code = form->kind == WF_REGISTER_CASES
                   ? bind_value(&form->table->columns[0], id, statement, 1)
                   : sqlite3_bind_int64(statement, 1, number);
    return code == SQLITE_OK ? WEFT_OK
                             : wf_database_fail(sqlite3_db_handle(statement), error);
}

weft_status wf_row_bind_as_ofs(const wf_table_form *form, uint32_t number,
                               const wf_row *row,
                               unsigned char older[WF_ROW_OLDER_BYTES_MAX],
                               sqlite3_stmt *statement, weft_error *error)
{
    int64_t as_of = greatest_as_of(form, row);
    size_t older_size = put_older(form, row, as_of, older);
    WF_TRY(wf_row_bind_key(form, number, &row->values[0], statement, error));
    bool done = bind_as_of(statement, 2, as_of) == SQLITE_OK &&
                bind_blob(statement, 3, older, older_size) == SQLITE_OK;
    return done ? WEFT_OK : wf_database_fail(sqlite3_db_handle(statement), error);
}

// ---- merging ----

static int compare_values(const wf_column *column, const wf_value *a, const wf_value *b,
                          wf_register_text_of *text_of, void *context)
{
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return wf_text_compare(a->text, b->text);
    case WF_COLUMN_NUMBER:
        return (a->real > b->real) - (a->real < b->real);
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        if (a->number == b->number)
            return 0;
        return wf_text_compare(text_of(context, column->type, (uint32_t)a->number),
                               text_of(context, column->type, (uint32_t)b->number));
    default:
        return (a->number > b->number) - (a->number < b->number);
    }
}

wf_row_change wf_row_merge(const wf_table_form *form, wf_row *row, const wf_value *values,
                           weft_time as_of, wf_register_text_of *text_of, void *context)
{
    wf_row_change change = {0};
    for (size_t i = 1; i < form->table->columns_count; i++) {
        const wf_column *column = &form->table->columns[i];
        wf_value *mine = &row->values[i];
        if (!values[i].given || (mine->given && as_of.us < row->as_of_us[i]))
            continue;
        int order =
            mine->given ? compare_values(column, &values[i], mine, text_of, context) : 1;
        bool newer = !mine->given || as_of.us > row->as_of_us[i];
        if (!newer && order <= 0)
            continue;
        change.any = true;
        row->as_of_us[i] = as_of.us;
        if (order == 0)
            continue;
        *mine = values[i];
        mine->real = values[i].real + 0.0; // −0 and 0 are one value
        change.visible = true;
        change.sealed = change.sealed || wf_column_is_sealed(column);
    }
    return change;
}
