#include <sodium.h>
#include <string.h>

#include "store/register_inside.h"

enum { digest_bytes = 32 };

// Appends the `size` low bytes of a number, little endian.
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
                      wf_register_text_of *text_of, void *context, wf_buffer *to)
{
    uint64_t bits;
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return put_sized(value->text, to);
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        return put_sized(text_of(context, column->type, (uint32_t)value->number), to);
    case WF_COLUMN_NUMBER:
        memcpy(&bits, &value->real, sizeof bits);
        return put_number(8, 4, to) && put_number(bits, 8, to);
    default:
        return put_number(8, 4, to) && put_number((uint64_t)value->number, 8, to);
    }
}

// The form is drawn in register.h.
static bool put_row(const wf_table_form *form, wf_text id, const wf_row *row,
                    wf_register_text_of *text_of, void *context, wf_buffer *to)
{
    const wf_register_table *table = form->table;
    bool done =
        wf_buffer_append(to, table->name, strlen(table->name) + 1) && put_sized(id, to);
    for (size_t i = 1; done && i < table->columns_count; i++)
        if (row->values[i].given)
            done = wf_buffer_append(to, table->columns[i].name,
                                    strlen(table->columns[i].name) + 1) &&
                   put_value(&table->columns[i], &row->values[i], text_of, context, to);
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

typedef struct {
    wf_register *reg;
    const wf_register_state *state;
    wf_register_text_of *text_of;
    void *context;
    wf_buffer bytes;
} digest_job;

static weft_status add_row(digest_job *job, unsigned char sum[digest_bytes],
                           weft_error *error)
{
    static const wf_column_type types[] = {
        [WF_REGISTER_PERSONS] = WF_COLUMN_PERSON, [WF_REGISTER_PLACES] = WF_COLUMN_PLACE};
    const wf_table_form *form = &job->state->form;
    wf_row *row = &job->reg->row;
    unsigned char hash[digest_bytes];
    WF_TRY(wf_row_read(form, &job->reg->row_keys, job->state->scan, row, error));
    wf_text id = form->kind == WF_REGISTER_CASES
                     ? row->values[0].text
                     : job->text_of(job->context, types[form->kind],
                                    (uint32_t)sqlite3_column_int64(job->state->scan, 0));
    wf_buffer_clear(&job->bytes);
    if (!put_row(form, id, row, job->text_of, job->context, &job->bytes))
        return wf_fail_memory(error);
    WF_ASSERT(crypto_generichash(hash, sizeof hash, (unsigned char *)job->bytes.bytes,
                                 job->bytes.size, NULL, 0) == 0);
    add(sum, hash);
    return WEFT_OK;
}

weft_status wf_register_digest(wf_register *reg, wf_register_kind kind,
                               wf_register_text_of *text_of, void *context,
                               unsigned char ret[32], weft_error *error)
{
    digest_job job = {reg, &reg->tables[kind], text_of, context, {0}};
    unsigned char sum[digest_bytes] = {0};
    bool row = false;
    WF_TRY(wf_register_read_begin(reg, error));
    weft_status status;
    while ((status = wf_database_step(job.state->scan, &row, error)) == WEFT_OK && row &&
           (status = add_row(&job, sum, error)) == WEFT_OK) {
    }
    wf_database_reset(job.state->scan);
    if (job.bytes.bytes != NULL)
        sodium_memzero(job.bytes.bytes, job.bytes.capacity);
    wf_buffer_done(&job.bytes);
    if (status == WEFT_OK)
        memcpy(ret, sum, sizeof sum);
    return status;
}
