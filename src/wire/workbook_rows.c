// Rows of a sheet → CSV.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/csv.h"
#include "wire/serial.h"
#include "wire/workbook_inside.h"

enum {
    columns_max = 16384, // of a sheet
    rows_max = 1048576
};

typedef enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_YESNO, CELL_ERROR } cell_type;

struct wf_rows {
    wf_rows_options options;
    wf_part *part;
    uint32_t row;    // of the sheet, from 1; 0: none yet
    uint32_t column; // from 1, of the last cell
    bool in_data, in_row, in_cell, in_value, in_guide;
    unsigned foreign; // how deep in something of a row that is no cell
    uint32_t width; // commas of the longest row so far
    // Of the row:
    wf_buffer line;  // its CSV so far
    uint32_t commas; // in it
    // Of the cell:
    cell_type type;
    wf_cell_style style;
    bool has_formula, has_value;
    wf_buffer value;
};

// ---- values ----

static bool needs_quotes(wf_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr(",\"\r\n", text.bytes[i]) != NULL)
            return true;
    return text.bytes[0] == ' ' || text.bytes[text.size - 1] == ' ';
}

static bool put_quoted(wf_buffer *to, wf_text text)
{
    bool done = wf_buffer_append(to, "\"", 1);
    while (done && text.size > 0) {
        const char *quote = memchr(text.bytes, '"', text.size);
        size_t size = quote == NULL ? text.size : (size_t)(quote - text.bytes) + 1;
        done = wf_buffer_append(to, text.bytes, size) &&
               (quote == NULL || wf_buffer_append(to, "\"", 1));
        text = (wf_text){text.bytes + size, text.size - size};
    }
    return done && wf_buffer_append(to, "\"", 1);
}

// Puts a text where the cell stands; an empty one takes no room.
static bool put_cell(wf_rows *rows, wf_text text)
{
    wf_buffer *line = &rows->line;
    if (text.size == 0)
        return true;
    while (rows->commas + 1 < rows->column) {
        if (!wf_buffer_append(line, ",", 1))
            return false;
        rows->commas++;
    }
    return needs_quotes(text) ? put_quoted(line, text)
                              : wf_buffer_append(line, text.bytes, text.size);
}

static const char *number_text(double number, char *room, size_t size)
{
    static const double rounded = 1e15; // the program keeps 15 digits
    if (fabs(number) >= rounded)
        snprintf(room, size, "%.14E", number);
    else if (number == floor(number))
        snprintf(room, size, "%.0f", number == 0 ? 0 : number);
    else
        snprintf(room, size, "%.15g", number);
    return room;
}

static const char *time_text(double number, char *room, size_t size)
{
    enum { day_s = 86400 };
    int second = (int)lround(number * day_s) % day_s;
    snprintf(room, size, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
    return room;
}

static const char *date_text(const wf_rows *rows, double number, char *room, size_t size)
{
    wf_civil at;
    bool timed = false;
    if (number >= 0 && number < 1)
        return time_text(number, room, size);
    if (!wf_serial_civil(number, rows->options.is_1904, &at, &timed))
        return number_text(number, room, size);
    if (timed || rows->style == WF_STYLE_DATE_TIME)
        snprintf(room, size, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day,
                 at.hour, at.minute, at.second);
    else
        snprintf(room, size, "%04d-%02d-%02d", at.year, at.month, at.day);
    return room;
}

static bool put_number(wf_rows *rows, wf_text text)
{
    char room[96];
    double number = 0;
    if (!wf_parse_double(text, -HUGE_VAL, HUGE_VAL, &number))
        return put_cell(rows, text); // what it is, its column judges
    return put_cell(rows, wf_text_of(rows->style == WF_STYLE_PLAIN
                                         ? number_text(number, room, sizeof room)
                                         : date_text(rows, number, room, sizeof room)));
}

static bool put_shared(wf_rows *rows, wf_text text)
{
    const wf_shared_texts *texts = rows->options.texts;
    int64_t index = 0;
    if (texts->count == 0 ||
        !wf_parse_i64(wf_text_trim(text), 0, (int64_t)texts->count - 1, &index)) {
        wf_part_stop(rows->part, "wire.xlsx_damaged");
        return true;
    }
    size_t start = index == 0 ? 0 : texts->ends[index - 1];
    return put_cell(rows,
                    (wf_text){texts->bytes.bytes + start, texts->ends[index] - start});
}

static bool put_text(wf_rows *rows, wf_text text)
{
    wf_buffer plain = {0};
    bool done = wf_workbook_put_text(&plain, text.bytes, text.size) &&
                put_cell(rows, wf_buffer_text(&plain));
    wf_buffer_wipe(&plain);
    return done;
}

static void end_cell(wf_rows *rows)
{
    wf_text value = wf_buffer_text(&rows->value);
    bool done = true;
    if (rows->has_formula && !rows->has_value)
        done = put_cell(rows, WF_TEXT("#CALC!"));
    else if (value.size == 0)
        done = true;
    else if (rows->type == CELL_SHARED)
        done = put_shared(rows, value);
    else if (rows->type == CELL_YESNO)
        done = put_cell(rows, wf_text_equal(value, WF_TEXT("0")) ? WF_TEXT("false")
                                                                 : WF_TEXT("true"));
    else if (rows->type == CELL_NUMBER)
        done = put_number(rows, wf_text_trim(value));
    else
        done = put_text(rows, value);
    if (!done)
        wf_part_stop(rows->part, NULL);
}

// ---- rows and cells ----

static bool put_lines(wf_buffer *to, uint32_t count)
{
    bool done = true;
    for (uint32_t i = 0; done && i < count; i++)
        done = wf_buffer_append(to, "\n", 1);
    return done;
}

// A row that is too long is refused by the reader of CSV, which takes its first line for
// the whole of it.
static void make_one_line(wf_buffer *line)
{
    for (size_t i = 0; i < line->size; i++)
        if (line->bytes[i] == '\n' || line->bytes[i] == '\r')
            line->bytes[i] = ' ';
}

// A sheet has no cells where nothing stands behind the last: as many fields as the header
// has, so that the row is as whole as it looks.
static bool fill_row(wf_rows *rows)
{
    bool done = true;
    for (; done && rows->commas < rows->width; rows->commas++)
        done = wf_buffer_append(&rows->line, ",", 1);
    if (rows->commas < WF_CSV_FIELDS_MAX)
        rows->width = rows->commas;
    return done;
}

static void end_row(wf_rows *rows)
{
    wf_buffer *line = &rows->line;
    if (line->size > 0 && !fill_row(rows))
        wf_part_stop(rows->part, NULL);
    if (line->size > WF_CSV_ROW_BYTES_MAX)
        make_one_line(line);
    // A row that is one blank cell would be a blank line: that is what it is.
    if (!wf_buffer_append(rows->options.to, line->bytes, line->size) ||
        !put_lines(rows->options.to, 1))
        wf_part_stop(rows->part, NULL);
    wf_buffer_clear(line);
    rows->commas = 0;
}

static void begin_row(wf_rows *rows, const char **attributes)
{
    const char *text = wf_part_attribute(attributes, "r");
    int64_t number = rows->row + (int64_t)1;
    if ((text != NULL && !wf_parse_i64(wf_text_of(text), number, rows_max, &number)) ||
        number > rows_max) {
        wf_part_stop(rows->part, "wire.xlsx_damaged");
        return;
    }
    if (!put_lines(rows->options.to, (uint32_t)number - rows->row - 1))
        wf_part_stop(rows->part, NULL);
    rows->row = (uint32_t)number;
    rows->column = 0;
    rows->in_row = true;
}

// "AB12" → 28; 0: it is none.
static uint32_t column_of(const char *reference)
{
    uint32_t column = 0;
    while (*reference >= 'A' && *reference <= 'Z' && column <= columns_max)
        column = column * 26 + (uint32_t)(*reference++ - 'A') + 1;
    return column <= columns_max ? column : 0;
}

static cell_type type_of(const char *word)
{
    static const struct {
        const char *word;
        cell_type type;
    } types[] = {{"s", CELL_SHARED}, {"inlineStr", CELL_TEXT}, {"str", CELL_TEXT},
                 {"b", CELL_YESNO},  {"e", CELL_ERROR},        {"d", CELL_TEXT}};
    for (size_t i = 0; word != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].word, word) == 0)
            return types[i].type;
    return CELL_NUMBER;
}

static void begin_cell(wf_rows *rows, const char **attributes)
{
    const char *reference = wf_part_attribute(attributes, "r");
    const char *style = wf_part_attribute(attributes, "s");
    const wf_cell_styles *styles = rows->options.styles;
    uint32_t column = reference == NULL ? rows->column + 1 : column_of(reference);
    int64_t number = 0;
    if (column <= rows->column || column > columns_max) {
        wf_part_stop(rows->part, "wire.xlsx_damaged");
        return;
    }
    rows->column = column;
    rows->type = type_of(wf_part_attribute(attributes, "t"));
    rows->style = WF_STYLE_PLAIN;
    if (style != NULL && styles->count > 0 &&
        wf_parse_i64(wf_text_of(style), 0, (int64_t)styles->count - 1, &number))
        rows->style = (wf_cell_style)styles->kinds[number];
    rows->has_formula = rows->has_value = false;
    wf_buffer_clear(&rows->value);
    rows->in_cell = true;
}

static void on_begin(wf_part *part, void *context, const char *name,
                     const char **attributes)
{
    wf_rows *rows = context;
    rows->part = part;
    if (strcmp(name, "sheetData") == 0) {
        rows->in_data = true;
    } else if (rows->foreign > 0) {
        rows->foreign++;
    } else if (rows->in_cell) {
        rows->in_guide = rows->in_guide || strcmp(name, "rPh") == 0;
        rows->has_formula = rows->has_formula || strcmp(name, "f") == 0;
        bool value = strcmp(name, "v") == 0;
        rows->has_value = rows->has_value || value;
        rows->in_value = value || (strcmp(name, "t") == 0 && !rows->in_guide);
    } else if (rows->in_row) {
        if (strcmp(name, "c") == 0)
            begin_cell(rows, attributes);
        else
            rows->foreign = 1;
    } else if (rows->in_data && strcmp(name, "row") == 0) {
        begin_row(rows, attributes);
    }
}

static void on_end(wf_part *part, void *context, const char *name)
{
    wf_rows *rows = context;
    rows->part = part;
    if (rows->foreign > 0) {
        rows->foreign--;
    } else if (rows->in_cell) {
        if (strcmp(name, "c") == 0) {
            rows->in_cell = false;
            end_cell(rows);
        } else if (strcmp(name, "rPh") == 0) {
            rows->in_guide = false;
        }
        rows->in_value = false;
    } else if (rows->in_row && strcmp(name, "row") == 0) {
        rows->in_row = false;
        end_row(rows);
    } else if (strcmp(name, "sheetData") == 0) {
        rows->in_data = false;
    }
}

static void on_text(wf_part *part, void *context, const char *bytes, size_t size)
{
    wf_rows *rows = context;
    if (!rows->in_value)
        return;
    if (rows->value.size + size > WF_WORKBOOK_VALUE_BYTES_MAX ||
        rows->line.size > WF_CSV_LINE_BYTES_MAX / 2)
        wf_part_stop(part, "wire.xlsx_row_too_long");
    else if (!wf_buffer_append(&rows->value, bytes, size))
        wf_part_stop(part, NULL);
}

weft_status wf_rows_open(zip_t *zip, const char *path, const char *name,
                         const wf_rows_options *options, wf_rows **ret, weft_error *error)
{
    static const wf_part_handlers handlers = {on_begin, on_end, on_text};
    wf_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(error);
    rows->options = *options;
    weft_status status =
        wf_part_open(zip, path, name, &handlers, rows, &rows->part, error);
    if (status == WEFT_OK && rows->part == NULL)
        status = wf_workbook_fails("wire.xlsx_damaged", name, error);
    if (status != WEFT_OK) {
        wf_rows_close(rows);
        return status;
    }
    *ret = rows;
    return WEFT_OK;
}

void wf_rows_close(wf_rows *rows)
{
    if (rows == NULL)
        return;
    wf_part_close(rows->part);
    wf_buffer_wipe(&rows->line);
    wf_buffer_wipe(&rows->value);
    free(rows);
}

weft_status wf_rows_step(wf_rows *rows, bool *ret_ended, weft_error *error)
{
    return wf_part_step(rows->part, ret_ended, error);
}

// ---- merged cells ----

// They say nothing of the cells that they cover: which of those are empty, and which mean
// the same, only who sees the sheet can tell.
static void begin_merged(wf_part *part, void *context, const char *name,
                         const char **attributes)
{
    (void)context;
    if (strcmp(name, "mergeCell") != 0)
        return;
    const char *range = wf_part_attribute(attributes, "ref");
    wf_part_stop_at(part, "wire.xlsx_merged", range == NULL ? "" : range);
}

weft_status wf_rows_check(zip_t *zip, const char *path, const char *name,
                          weft_error *error)
{
    static const wf_part_handlers handlers = {begin_merged, NULL, NULL};
    bool found;
    return wf_part_read(zip, path, name, &handlers, NULL, &found, error);
}
