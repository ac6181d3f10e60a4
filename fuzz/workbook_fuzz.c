// Whatever the bytes, a workbook is refused or gives rows within the limits of CSV, and
// the same rows when its bytes are handed out one by one.
//
// The first byte says what follows: 'z' a whole zip; else the XML of the sheet, the
// shared texts, the styles and the book, parted by NUL and packed here, since a zip with
// its sums right is hard to find by chance.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "support/bytes_source.h"
#include "support/made_book.h"
#include "wire/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_through(bytes_source source)
{
    wf_csv_options options = {
        .read = bytes_source_read, .context = &source, .name = "fuzz"};
    wf_csv *csv = NULL;
    wf_csv_block block = {0};
    weft_error error = {0};
    weft_status status = wf_csv_open(&options, &csv, &error);
    uint64_t sum = 0, line = 0;
    while (status == WEFT_OK && (status = wf_csv_next(csv, &block, &error)) == WEFT_OK &&
           block.rows_count > 0) {
        for (size_t i = 0; i < block.rows_count; i++) {
            const wf_csv_row *row = &block.rows[i];
            WF_ASSERT(row->line > line);
            line = row->line;
            sum = wf_hash(row->raw.bytes, row->raw.size, sum ^ row->line);
            for (size_t f = 0; f < row->fields_count; f++)
                WF_ASSERT(wf_text_is_utf8(block.fields[row->first_field + f]));
        }
    }
    WF_ASSERT(status == WEFT_OK || status == WEFT_BAD_INPUT || status == WEFT_NO_MEMORY);
    wf_csv_block_done(&block);
    wf_csv_close(csv);
    return sum + (uint64_t)status;
}

// The next text up to NUL as a string; NULL when there is none.
static char *next_text(const char **at, size_t *left)
{
    if (*left == 0)
        return NULL;
    const char *end = memchr(*at, '\0', *left);
    size_t size = end == NULL ? *left : (size_t)(end - *at);
    char *text = malloc(size + 1);
    WF_ASSERT(text != NULL);
    memcpy(text, *at, size);
    text[size] = '\0';
    *left -= end == NULL ? size : size + 1;
    *at += end == NULL ? size : size + 1;
    return text;
}

static void pack(const char *at, size_t left, wf_buffer *to)
{
    char *sheet = next_text(&at, &left), *texts = next_text(&at, &left);
    char *styles = next_text(&at, &left), *book = next_text(&at, &left);
    made_book(&(made_xml){.sheet = sheet, .texts = texts, .styles = styles, .book = book},
              to);
    free(sheet);
    free(texts);
    free(styles);
    free(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_buffer zip = {0};
    if (size < 1)
        return 0;
    if (data[0] != 'z')
        pack((const char *)data + 1, size - 1, &zip);
    else
        WF_ASSERT(wf_buffer_append(&zip, data + 1, size - 1));
    bytes_source source = {zip.bytes, zip.size, 0, 0, 0};
    uint64_t whole = read_through(source);
    source.part = 1 + size % 7;
    WF_ASSERT(read_through(source) == whole);
    wf_buffer_done(&zip);
    return 0;
}
