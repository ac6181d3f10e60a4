// Whatever the bytes, rows come out that lie within limits, are UTF-8 and cover no byte
// twice, and the same rows come out when the bytes are handed out one by one.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "support/bytes_source.h"
#include "wire/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A sum over all that was read.
static uint64_t read_through(const wf_csv_options *as, bytes_source source)
{
    wf_csv_options options = *as;
    options.read = bytes_source_read;
    options.context = &source;
    options.name = "fuzz";
    wf_csv *csv = NULL;
    wf_csv_block block = {0};
    weft_error error = {0};
    if (wf_csv_open(&options, &csv, &error) != WEFT_OK)
        return (uint64_t)error.status;
    uint64_t sum = 0, line = 0;
    weft_status status;
    while ((status = wf_csv_next(csv, &block, &error)) == WEFT_OK &&
           block.rows_count > 0) {
        for (size_t i = 0; i < block.rows_count; i++) {
            const wf_csv_row *row = &block.rows[i];
            WF_ASSERT(row->line > line);
            line = row->line;
            WF_ASSERT(row->bad != NULL || row->raw.size <= WF_CSV_ROW_BYTES_MAX);
            WF_ASSERT(row->bad == NULL || row->fields_count == 0);
            sum = wf_hash(row->raw.bytes, row->raw.size, sum ^ row->line);
            for (size_t f = 0; f < row->fields_count; f++) {
                wf_text field = block.fields[row->first_field + f];
                WF_ASSERT(wf_text_is_utf8(field) && field.size <= row->raw.size);
                sum = wf_hash(field.bytes, field.size, sum);
            }
        }
    }
    wf_csv_block_done(&block);
    wf_csv_close(csv);
    return sum + (uint64_t)status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    wf_csv_options options = {.dialect = data[0] & 1 ? WF_CSV_SPACE : WF_CSV_COMMA,
                              .gb18030 = (data[0] & 2) != 0};
    bytes_source source = {(const char *)data + 1, size - 1, 0, 0, 0};
    uint64_t whole = read_through(&options, source);
    source.part = 1 + data[0] % 7;
    WF_ASSERT(read_through(&options, source) == whole);
    return 0;
}
