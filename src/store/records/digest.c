// The digest and the check of rows.
#include <sodium.h>
#include <string.h>

#include "store/records/inside.h"

enum { digest_bytes = 32 };

// ---- the canonical row ----
//
// The table's name and a NUL; each key value; then for each given column in the order of
// the table: its name and a NUL, its value. A value is its size (4 bytes) and its bytes:
// a text, the external id of a person or place, a number as 8 bytes. All little endian.

static bool put_number(uint64_t number, size_t size, wf_buffer *to)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    return wf_buffer_append(to, bytes, size);
}

static bool put_sized(wf_text text, wf_buffer *to)
{
    return put_number(text.size, 4, to) && wf_buffer_append(to, text.bytes, text.size);
}

static bool put_value(const wf_column *column, const wf_value *value,
                      const wf_numbers *numbers, wf_buffer *to)
{
    uint64_t bits;
    if (wf_record_is_text(column))
        return put_sized(value->text, to);
    if (column->type == WF_COLUMN_PERSON || column->type == WF_COLUMN_PLACE)
        return put_sized(
            numbers->text_of(numbers->context, column->type, (uint32_t)value->number),
            to);
    if (column->type == WF_COLUMN_NUMBER) {
        memcpy(&bits, &value->real, sizeof bits);
        return put_number(8, 4, to) && put_number(bits, 8, to);
    }
    return put_number(8, 4, to) && put_number((uint64_t)value->number, 8, to);
}

static bool put_name(const char *name, wf_buffer *to)
{
    return wf_buffer_append(to, name, strlen(name) + 1);
}

static bool put_row(const wf_table *table, const wf_record *row,
                    const wf_numbers *numbers, wf_buffer *to)
{
    bool done = put_name(table->name, to);
    for (size_t i = 0; done && i < table->columns_count; i++) {
        if (i >= table->keys_count && !row->values[i].given)
            continue;
        done = (i < table->keys_count || put_name(table->columns[i].name, to)) &&
               put_value(&table->columns[i], &row->values[i], numbers, to);
    }
    return done;
}

// sum += row, modulo 2^256.
static void add(unsigned char sum[digest_bytes], const unsigned char row[digest_bytes])
{
    unsigned carry = 0;
    for (size_t i = 0; i < digest_bytes; i++) {
        carry += (unsigned)sum[i] + row[i];
        sum[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

// ---- all rows ----

typedef weft_status row_visitor(void *context, const wf_form *form, const wf_record *row,
                                weft_error *error);

static const wf_form *form_of(const wf_records *records, const wf_table *table)
{
    for (size_t i = 0; i < records->kinds->tables_count; i++)
        if (records->kinds->tables[i] == table)
            return &records->tables[i].form;
    WF_BUG("a table is asked for that is not among the tables");
}

static weft_status each_row(wf_records *records, wf_database *db, const wf_form *form,
                            row_visitor *each, void *context, weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *all = NULL;
    wf_record row = {0};
    bool found = false;
    weft_status status = wf_form_select(form, false, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(db, sql.bytes, &all, error);
    while (status == WEFT_OK) {
        status = wf_statement_step(all, &found, error);
        if (status != WEFT_OK || !found)
            break;
        status = wf_record_read(form, &records->keys, all, &row, error);
        if (status == WEFT_OK)
            status = each(context, form, &row, error);
    }
    wf_statement_free(all);
    wf_buffer_done(&sql);
    wf_record_done(&row);
    return status;
}

typedef struct {
    const wf_numbers *numbers;
    unsigned char sum[digest_bytes];
    wf_buffer bytes;
} digesting;

static weft_status add_row(void *context, const wf_form *form, const wf_record *row,
                           weft_error *error)
{
    digesting *job = context;
    unsigned char hash[digest_bytes];
    if (!row->own)
        return WEFT_OK;
    wf_buffer_clear(&job->bytes);
    if (!put_row(form->table, row, job->numbers, &job->bytes))
        return wf_fail_memory(error);
    WF_ASSERT(crypto_generichash(hash, sizeof hash, (unsigned char *)job->bytes.bytes,
                                 job->bytes.size, NULL, 0) == 0);
    add(job->sum, hash);
    return WEFT_OK;
}

weft_status wf_records_digest(wf_records *records, wf_database *db, const wf_table *table,
                              unsigned char ret[32], weft_error *error)
{
    digesting job = {.numbers = &records->numbers};
    weft_status status =
        each_row(records, db, form_of(records, table), add_row, &job, error);
    wf_buffer_wipe(&job.bytes);
    if (status == WEFT_OK)
        memcpy(ret, job.sum, sizeof job.sum);
    return status;
}

// ---- rows for others ----

typedef struct {
    const wf_numbers *numbers;
    weft_status (*each)(void *context, const wf_value *values, weft_error *error);
    void *context;
} handing;

static weft_status hand_row(void *context, const wf_form *form, const wf_record *row,
                            weft_error *error)
{
    const handing *to = context;
    wf_value values[WF_TABLE_COLUMNS_MAX];
    for (size_t i = 0; i < form->table->columns_count; i++) {
        wf_column_type type = form->table->columns[i].type;
        values[i] = row->values[i];
        if (values[i].given && (type == WF_COLUMN_PERSON || type == WF_COLUMN_PLACE))
            values[i].text = to->numbers->text_of(to->numbers->context, type,
                                                  (uint32_t)row->values[i].number);
    }
    return to->each(to->context, values, error);
}

weft_status wf_records_each(wf_records *records, wf_database *db, const wf_table *table,
                            weft_status (*each)(void *context, const wf_value *values,
                                                weft_error *error),
                            void *context, weft_error *error)
{
    handing to = {&records->numbers, each, context};
    return each_row(records, db, form_of(records, table), hand_row, &to, error);
}

// ---- the check ----

static bool holds(const wf_numbers *numbers, const wf_column *column,
                  const wf_value *value)
{
    if (wf_record_is_text(column))
        return column->type == WF_COLUMN_FACT ||
               wf_column_takes_text(column, value->text);
    if (column->type == WF_COLUMN_NUMBER)
        return wf_column_takes_real(column, value->real);
    if (column->type == WF_COLUMN_PERSON || column->type == WF_COLUMN_PLACE) {
        return wf_column_takes_number(column, value->number) &&
               numbers->text_of(numbers->context, column->type, (uint32_t)value->number)
                       .size > 0;
    }
    return wf_column_takes_number(column, value->number);
}

static weft_status check_row(void *context, const wf_form *form, const wf_record *row,
                             weft_error *error)
{
    for (size_t i = 0; i < form->table->columns_count; i++) {
        const wf_column *column = &form->table->columns[i];
        bool needed = i < form->table->keys_count;
        if (row->values[i].given ? holds(context, column, &row->values[i]) : !needed)
            continue;
        wf_error_at(error, NULL, 0, column->name);
        return wf_fail(error, WEFT_DAMAGED, "records.row", "table", form->table->name,
                       NULL);
    }
    return WEFT_OK;
}

weft_status wf_records_verify(wf_records *records,
                              void (*found)(void *context, const weft_error *what),
                              void *context, weft_error *error)
{
    bool wrong = false;
    for (size_t i = 0; i < records->kinds->tables_count; i++) {
        weft_error what = {0};
        weft_status status = each_row(records, records->db, &records->tables[i].form,
                                      check_row, &records->numbers, &what);
        if (status == WEFT_OK)
            continue;
        if (status != WEFT_DAMAGED && status != WEFT_KEYLESS) {
            *error = what;
            return status;
        }
        wrong = true;
        found(context, &what);
    }
    return wrong ? WEFT_FOUND_WRONG : WEFT_OK;
}
