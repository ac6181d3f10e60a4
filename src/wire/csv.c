#include "wire/csv.h"

#include <stdlib.h>
#include <string.h>

#include "wire/source.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    block_bytes = 1 << 18, // text read for one block
    padding_bytes = 64     // behind the text, so that whole words may be read
};

struct wf_csv_block_memory {
    char *text;
    size_t text_size, text_capacity; // without padding
    char *unescaped;                 // fields whose doubled quotes were undone
    size_t unescaped_size, unescaped_capacity;
    size_t rows_capacity, fields_capacity;
};

struct wf_csv {
    wf_csv_dialect dialect;
    const char *name;
    wf_source *source;
    wf_buffer carry; // the beginning of a row that the last block did not hold whole
    uint64_t line;   // of the first byte not given yet
    bool begun, ended;
    char separator; // 0: not known yet; WF_CSV_COMMA
};

// ---- marks: the bytes at which something ends, found 64 bytes at a time ----

// Three bytes that matter in a dialect.
typedef struct {
    char bytes[3];
} mark_set;

static const mark_set marks_of[] = {
    [WF_CSV_COMMA] = {{',', '"', '\n'}}, // or another separator
    [WF_CSV_SPACE] = {{' ', '\t', '\n'}},
};

char wf_csv_separator_of(wf_text text)
{
    static const char signs[] = {',', ';', '\t'};
    size_t counts[sizeof signs] = {0}, most = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.bytes[i];
        quoted ^= letter == '"';
        for (size_t s = 0; !quoted && s < sizeof signs; s++)
            counts[s] += letter == signs[s];
        if (letter == '\n' && !quoted && counts[0] + counts[1] + counts[2] > 0)
            break;
    }
    for (size_t s = 1; s < sizeof signs; s++)
        most = counts[s] > counts[most] ? s : most;
    return signs[most];
}

#ifdef __SSE2__
static inline uint64_t marks_in_16(const char *at, mark_set set)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i hit =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(set.bytes[0])),
                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8(set.bytes[1]))),
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8(set.bytes[2])));
    return (uint64_t)(unsigned)_mm_movemask_epi8(hit);
}

static inline uint64_t marks_in_64(const char *at, mark_set set)
{
    return marks_in_16(at, set) | marks_in_16(at + 16, set) << 16 |
           marks_in_16(at + 32, set) << 32 | marks_in_16(at + 48, set) << 48;
}
#else
static inline uint64_t marks_in_64(const char *at, mark_set set)
{
    uint64_t hits = 0;
    for (unsigned i = 0; i < 64; i++) {
        bool hit =
            at[i] == set.bytes[0] || at[i] == set.bytes[1] || at[i] == set.bytes[2];
        hits |= (uint64_t)hit << i;
    }
    return hits;
}
#endif

typedef struct {
    const char *text; // readable to 64 bytes behind its end
    size_t size;
    mark_set set;
    size_t chunk;  // where the bits of `hits` begin
    uint64_t hits; // marks of the chunk not given yet
} scanner;

static inline void scan_chunk(scanner *scan, size_t chunk)
{
    scan->chunk = chunk;
    scan->hits = marks_in_64(scan->text + chunk, scan->set);
    if (scan->size - chunk < 64)
        scan->hits &= (UINT64_C(1) << (scan->size - chunk)) - 1;
}

// The next mark given is the first at or behind `at`, which is at most the size.
static inline void scan_seek(scanner *scan, size_t at)
{
    size_t chunk = at & ~(size_t)63;
    scan_chunk(scan, chunk);
    scan->hits &= ~UINT64_C(0) << (at - chunk);
}

// Where the next mark is; the size when there is none.
static inline size_t scan_next(scanner *scan)
{
    while (scan->hits == 0) {
        if (scan->size - scan->chunk <= 64)
            return scan->size;
        scan_chunk(scan, scan->chunk + 64);
    }
    size_t at = scan->chunk + (size_t)__builtin_ctzll(scan->hits);
    scan->hits &= scan->hits - 1;
    return at;
}

// ---- rows ----

typedef struct {
    wf_csv_block *block;
    struct wf_csv_block_memory *memory;
    scanner scan;
    bool ended;       // nothing follows the text
    bool row_is_line; // line ends within quotes are not counted
    bool no_memory;
    char separator;
    bool all_plain; // the whole text is ASCII without NUL
    uint64_t line;
    size_t unescaped_before; // where the row's unescaped fields begin
} parser;

// How a row's reading ended.
typedef enum { row_whole, row_cut } row_end;

static bool grow(void **array, size_t *capacity, size_t item_size)
{
    size_t wanted = *capacity == 0 ? 1 << 12 : *capacity * 2;
    void *grown = reallocarray(*array, wanted, item_size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

static inline void add_field(parser *on, wf_csv_row *row, const char *bytes, size_t size)
{
    wf_csv_block *block = on->block;
    if (row->fields_count == WF_CSV_FIELDS_MAX) {
        row->bad = "wire.too_many_fields";
        return;
    }
    if (block->fields_count == on->memory->fields_capacity) {
        void *fields = block->fields;
        if (!grow(&fields, &on->memory->fields_capacity, sizeof *block->fields)) {
            on->no_memory = true;
            return;
        }
        block->fields = fields;
    }
    block->fields[block->fields_count++] = (wf_text){bytes, size};
    row->fields_count++;
}

static bool is_plain(const char *bytes, size_t size)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t seen = 0;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, sizeof word);
        // The second term has a high bit for each zero byte.
        seen |= (word | (word - ones)) & high;
    }
    bool plain = seen == 0;
    for (; at < size; at++)
        plain = plain && (signed char)bytes[at] > 0;
    return plain;
}

static const char *bytes_wrong(wf_text raw)
{
    if (is_plain(raw.bytes, raw.size))
        return NULL;
    if (memchr(raw.bytes, 0, raw.size) != NULL)
        return "wire.nul";
    return wf_text_is_utf8(raw) ? NULL : "wire.not_utf8";
}

// Ends a row at `end`; the text behind its line end begins at `next`.
static void end_row(parser *on, wf_csv_row *row, size_t start, size_t end)
{
    wf_csv_block *block = on->block;
    const char *text = on->scan.text;
    if (end > start && text[end - 1] == '\r')
        end--;
    row->raw = (wf_text){text + start, end - start};
    if (row->bad == NULL && row->raw.size > WF_CSV_ROW_BYTES_MAX)
        row->bad = "wire.row_too_long";
    if (row->bad == NULL && !on->all_plain)
        row->bad = bytes_wrong(row->raw);
    if (row->bad != NULL) {
        block->fields_count = row->first_field;
        row->fields_count = 0;
    } else if (wf_text_trim(row->raw).size == 0) {
        block->fields_count = row->first_field;
        return; // a blank line is no row
    }
    if (block->rows_count == on->memory->rows_capacity) {
        void *rows = block->rows;
        if (!grow(&rows, &on->memory->rows_capacity, sizeof *block->rows)) {
            on->no_memory = true;
            return;
        }
        block->rows = rows;
    }
    block->rows[block->rows_count++] = *row;
}

// A row whose quotes are wrong is its first line: they say nothing of where it ends.
static row_end bad_line(parser *on, wf_csv_row *row, size_t start, const char *code,
                        size_t *ret_next)
{
    const char *text = on->scan.text;
    const char *line_end = memchr(text + start, '\n', on->scan.size - start);
    if (line_end == NULL && !on->ended)
        return row_cut;
    on->memory->unescaped_size = on->unescaped_before;
    size_t end = line_end == NULL ? on->scan.size : (size_t)(line_end - text);
    row->bad = code;
    end_row(on, row, start, end);
    on->line++;
    *ret_next = line_end == NULL ? end : end + 1;
    scan_seek(&on->scan, *ret_next);
    return row_whole;
}

// What a quoted field turned out to be.
typedef enum { quoted_whole, quoted_cut, quoted_endless, quoted_text_behind } quoted_end;

// Reads the field whose opening quote is at `open`; *ret_end is behind its closing one.
static quoted_end quoted_field(parser *on, wf_csv_row *row, size_t start, size_t open,
                               size_t *ret_end)
{
    const char *text = on->scan.text;
    size_t size = on->scan.size;
    size_t limit = start + WF_CSV_ROW_BYTES_MAX + 1;
    bool limited = limit < size;
    limit = limited ? limit : size;
    bool doubled = false;
    size_t at = open + 1;
    for (;;) {
        const char *quote = at < limit ? memchr(text + at, '"', limit - at) : NULL;
        if (quote == NULL)
            return limited || on->ended ? quoted_endless : quoted_cut;
        at = (size_t)(quote - text) + 1;
        if (at == size && !on->ended)
            return quoted_cut;
        if (at == size || text[at] != '"')
            break;
        doubled = true;
        at++;
    }
    *ret_end = at;
    if (at + 1 >= size && at < size && text[at] == '\r' && !on->ended)
        return quoted_cut;
    bool line_ends = at == size || text[at] == '\n' ||
                     (text[at] == '\r' && (at + 1 == size || text[at + 1] == '\n'));
    if (!line_ends && text[at] != on->separator)
        return quoted_text_behind;
    const char *from = text + open + 1;
    size_t inner = at - open - 2;
    if (doubled) {
        char *to = on->memory->unescaped + on->memory->unescaped_size;
        size_t made = 0;
        for (size_t i = 0; i < inner; i++) {
            to[made++] = from[i];
            i += from[i] == '"'; // the second of the pair
        }
        on->memory->unescaped_size += made;
        from = to;
        inner = made;
    }
    add_field(on, row, from, inner);
    return quoted_whole;
}

static uint64_t lines_in(const char *bytes, size_t size)
{
    uint64_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += bytes[i] == '\n';
    return count;
}

static row_end comma_row(parser *on, size_t start, size_t *ret_next)
{
    const char *text = on->scan.text;
    size_t size = on->scan.size;
    wf_csv_row row = {.line = on->line, .first_field = (uint32_t)on->block->fields_count};
    size_t field = start; // where the field being read begins
    bool quoted = false;  // it was a quoted one and is added already
    uint64_t lines = 1;
    for (;;) {
        size_t at = scan_next(&on->scan);
        if (at == size && !on->ended)
            return row_cut;
        if (at < size && text[at] == '"') {
            if (at != field || quoted)
                continue;
            size_t end = 0;
            switch (quoted_field(on, &row, start, at, &end)) {
            case quoted_cut:
                return row_cut;
            case quoted_endless:
                return bad_line(on, &row, start, "wire.quote_endless", ret_next);
            case quoted_text_behind:
                return bad_line(on, &row, start, "wire.quote_text", ret_next);
            case quoted_whole:
                break;
            }
            lines += on->row_is_line ? 0 : lines_in(text + at, end - at);
            quoted = true;
            scan_seek(&on->scan, end);
            continue;
        }
        bool ends = at == size || text[at] == '\n';
        if (!quoted) {
            size_t field_end = ends && at > field && text[at - 1] == '\r' ? at - 1 : at;
            add_field(on, &row, text + field, field_end - field);
        }
        if (ends) {
            end_row(on, &row, start, at);
            on->line += lines;
            *ret_next = at == size ? at : at + 1;
            return row_whole;
        }
        field = at + 1;
        quoted = false;
    }
}

static row_end space_row(parser *on, size_t start, size_t *ret_next)
{
    const char *text = on->scan.text;
    size_t size = on->scan.size;
    wf_csv_row row = {.line = on->line, .first_field = (uint32_t)on->block->fields_count};
    size_t field = start;
    for (;;) {
        size_t at = scan_next(&on->scan);
        if (at == size && !on->ended)
            return row_cut;
        bool ends = at == size || text[at] == '\n';
        size_t field_end = ends && at > field && text[at - 1] == '\r' ? at - 1 : at;
        if (field_end > field)
            add_field(on, &row, text + field, field_end - field);
        if (ends) {
            end_row(on, &row, start, at);
            on->line++;
            *ret_next = at == size ? at : at + 1;
            return row_whole;
        }
        field = at + 1;
    }
}

// Reads all whole rows of the block's text; *ret_used bytes of it.
static weft_status parse(wf_csv *csv, wf_csv_block *block, size_t *ret_used,
                         weft_error *error)
{
    struct wf_csv_block_memory *memory = block->memory;
    parser on = {.block = block,
                 .memory = memory,
                 .scan = {.text = memory->text,
                          .size = memory->text_size,
                          .set = marks_of[csv->dialect]},
                 .separator = csv->separator,
                 .ended = csv->ended,
                 .row_is_line = wf_source_is_workbook(csv->source),
                 .all_plain = is_plain(memory->text, memory->text_size),
                 .line = csv->line};
    size_t at = 0;
    if (csv->dialect == WF_CSV_COMMA)
        on.scan.set.bytes[0] = csv->separator;
    memory->unescaped_size = 0;
    scan_seek(&on.scan, 0);
    while (at < memory->text_size && !on.no_memory) {
        size_t fields_before = block->fields_count;
        size_t next = at;
        on.unescaped_before = memory->unescaped_size;
        row_end end = csv->dialect == WF_CSV_COMMA ? comma_row(&on, at, &next)
                                                   : space_row(&on, at, &next);
        if (end == row_cut) {
            block->fields_count = fields_before;
            break;
        }
        at = next;
    }
    if (on.no_memory)
        return wf_fail_memory(error);
    csv->line = on.line;
    *ret_used = at;
    return WEFT_OK;
}

// ---- blocks ----

void wf_csv_block_done(wf_csv_block *block)
{
    if (block->memory != NULL) {
        free(block->memory->text);
        free(block->memory->unescaped);
    }
    free(block->memory);
    free(block->rows);
    free(block->fields);
    *block = (wf_csv_block){0};
}

static weft_status reserve_text(wf_csv_block *block, size_t capacity, weft_error *error)
{
    if (block->memory == NULL)
        block->memory = calloc(1, sizeof *block->memory);
    struct wf_csv_block_memory *memory = block->memory;
    if (memory == NULL)
        return wf_fail_memory(error);
    if (memory->text_capacity < capacity) {
        char *text = realloc(memory->text, capacity + padding_bytes);
        if (text == NULL)
            return wf_fail_memory(error);
        memory->text = text;
        memory->text_capacity = capacity;
    }
    if (memory->unescaped_capacity < capacity) {
        char *unescaped = realloc(memory->unescaped, capacity + padding_bytes);
        if (unescaped == NULL)
            return wf_fail_memory(error);
        memset(unescaped, 0, capacity + padding_bytes);
        memory->unescaped = unescaped;
        memory->unescaped_capacity = capacity;
    }
    return WEFT_OK;
}

static void skip_byte_order_mark(struct wf_csv_block_memory *memory)
{
    if (memory->text_size < 3 || memcmp(memory->text, "\xEF\xBB\xBF", 3) != 0)
        return;
    memory->text_size -= 3;
    memmove(memory->text, memory->text + 3, memory->text_size);
}

// Reads until the text is as large as its capacity or the source ends.
static weft_status fill(wf_csv *csv, wf_csv_block *block, weft_error *error)
{
    struct wf_csv_block_memory *memory = block->memory;
    while (!csv->ended && memory->text_size < memory->text_capacity) {
        size_t got = 0;
        WF_TRY(wf_source_read(csv->source, memory->text + memory->text_size,
                              memory->text_capacity - memory->text_size, &got, error));
        memory->text_size += got;
        csv->ended = got == 0;
        if (!csv->begun && (memory->text_size >= 3 || csv->ended)) {
            csv->begun = true;
            skip_byte_order_mark(memory);
        }
    }
    memset(memory->text + memory->text_size, 0, padding_bytes);
    return WEFT_OK;
}

static weft_status next_rows(wf_csv *csv, wf_csv_block *block, weft_error *error)
{
    size_t capacity = block_bytes;
    size_t used = 0;
    WF_TRY(reserve_text(block, capacity, error));
    struct wf_csv_block_memory *memory = block->memory;
    memory->text_size = csv->carry.size;
    if (csv->carry.size > 0)
        memcpy(memory->text, csv->carry.bytes, csv->carry.size);
    for (;;) {
        block->rows_count = 0;
        block->fields_count = 0;
        WF_TRY(fill(csv, block, error));
        if (csv->separator == 0)
            csv->separator =
                wf_csv_separator_of((wf_text){memory->text, memory->text_size});
        WF_TRY(parse(csv, block, &used, error));
        if (block->rows_count > 0 || (csv->ended && used == memory->text_size))
            break;
        if (used > 0) { // blank lines only
            memory->text_size -= used;
            memmove(memory->text, memory->text + used, memory->text_size);
            continue;
        }
        capacity = memory->text_capacity * 2;
        if (capacity > WF_CSV_LINE_BYTES_MAX)
            return wf_fail(error, WEFT_BAD_INPUT, "wire.line_too_long", "path", csv->name,
                           NULL);
        WF_TRY(reserve_text(block, capacity, error));
    }
    wf_buffer_clear(&csv->carry);
    if (!wf_buffer_append(&csv->carry, memory->text + used, memory->text_size - used))
        return wf_fail_memory(error);
    block->bytes_read = wf_source_bytes(csv->source);
    return WEFT_OK;
}

weft_status wf_csv_next(wf_csv *csv, wf_csv_block *block, weft_error *error)
{
    weft_status status = next_rows(csv, block, error);
    if (status != WEFT_OK) {
        block->rows_count = 0;
        block->fields_count = 0;
        wf_error_at(error, csv->name, csv->line, NULL);
    }
    return status;
}

weft_status wf_csv_open(const wf_csv_options *options, wf_csv **ret, weft_error *error)
{
    wf_csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL)
        return wf_fail_memory(error);
    csv->dialect = options->dialect;
    csv->name = options->name;
    csv->line = 1;
    weft_status status =
        wf_source_open(options->read, options->context, options->name, options->gb18030,
                       options->sheet, &csv->source, error);
    if (status != WEFT_OK) {
        free(csv);
        return status;
    }
    if (wf_source_is_workbook(csv->source)) {
        csv->dialect = WF_CSV_COMMA;
        csv->separator = ',';
    }
    *ret = csv;
    return WEFT_OK;
}

void wf_csv_close(wf_csv *csv)
{
    if (csv == NULL)
        return;
    wf_source_close(csv->source);
    wf_buffer_done(&csv->carry);
    free(csv);
}
