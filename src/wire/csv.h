// CSV (RFC 4180; commas, semicolons or tabs), blank-separated text and workbooks (xlsx) →
// rows of fields, streaming.
//
// UTF-8 (BOM allowed); quotes only where the dialect has them. Pure: bytes come through
// a function. gzip and workbooks are found out from the first bytes; a sheet of a
// workbook comes as CSV, whatever the dialect (workbook.h), with its rows as lines. The
// caller gets rows in blocks, so that parsing runs ahead on a thread of its own. Lines
// that are empty or blank are no rows. A row that is malformed (a quote that never ends
// or is followed by text, more than 512 fields, over 64 KiB, bytes that are not UTF-8,
// NUL) is given with `bad` set, no fields and its raw bytes whole, and reading goes on at
// the next line; after a quote that never ends (within 64 KiB or the file) that is the
// line after the one in which the row begins. A line over 1 MiB ends reading: such a file
// is not a table. In plain fields a quote stands for itself. A fuzz target.
#ifndef WF_WIRE_CSV_H
#define WF_WIRE_CSV_H

#include <sys/types.h>

#include "base/text.h"

#define WF_CSV_FIELDS_MAX 512
#define WF_CSV_ROW_BYTES_MAX 65536
#define WF_CSV_LINE_BYTES_MAX (1 << 20)

// With commas also what programs of other countries write in their place: semicolons or
// tabs, found out from the first line that has any of the three outside quotes, by which
// it has most of; commas where two are as many.
typedef enum { WF_CSV_COMMA, WF_CSV_SPACE } wf_csv_dialect;

// That sign of a text whose beginning is a header, say: ',', ';' or '\t'. Where no line
// has any it is the comma.
char wf_csv_separator_of(wf_text text);

typedef struct {
    wf_csv_dialect dialect;
    bool gb18030; // declared: bytes are GB18030 (iconv of the C library)
    // Gives up to `size` bytes, 0 at the end, −1 and errno on failure (EINTR:
    // WEFT_INTERRUPTED).
    ssize_t (*read)(void *context, void *bytes, size_t size);
    void *context;
    const char *name;  // for messages; borrowed
    const char *sheet; // of a workbook; NULL: its only one
} wf_csv_options;

typedef struct {
    uint64_t line;        // 1-based line in the file where the row begins; of a workbook
                          // the number of the row
    uint32_t first_field; // index into the block's fields
    uint32_t fields_count;
    wf_text raw;     // the row as it came (in UTF-8), without its line end
    const char *bad; // catalogue code of what is wrong with its form, or NULL
} wf_csv_row;

// Some thousands of rows; fields and texts live until the block is filled again.
// Zero-initialised is empty. Up to 16 bytes behind any text of the block may be read.
typedef struct {
    wf_csv_row *rows;
    size_t rows_count;
    wf_text *fields;
    size_t fields_count;
    uint64_t bytes_read; // of the source so far (compressed bytes where gzip)
    struct wf_csv_block_memory *memory;
} wf_csv_block;
void wf_csv_block_done(wf_csv_block *block);

typedef struct wf_csv wf_csv;
weft_status wf_csv_open(const wf_csv_options *options, wf_csv **ret,
                        weft_error *error) WEFT_MUST_CHECK;
void wf_csv_close(wf_csv *csv);

// The next rows into *block (whose memory is reused); rows_count 0 at the end. On failure
// the block is empty. WEFT_BAD_INPUT: broken gzip ("wire.gzip"), a line over 1 MiB
// ("wire.line_too_long").
weft_status wf_csv_next(wf_csv *csv, wf_csv_block *block,
                        weft_error *error) WEFT_MUST_CHECK;

#endif
