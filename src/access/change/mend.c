#include "access/change/mend.h"

#include <string.h>

#include "access/asked/export.h"
#include "load/refused.h"
#include "weft/import.h"
#include "wire/mapping.h"

enum {
    remarks = 3, // line, field, reason
    cells_max = WF_CSV_FIELDS_MAX + remarks,
    arena_bytes_max = 1 << 20
};

// Cells of a row; their texts are in `text`.
typedef struct {
    wf_cell cells[cells_max];
    size_t count;
    wf_buffer text;
    char separator; // of the file that it came in
} split;

typedef struct {
    wf_refused_reader *reader;
    wf_refused_item item; // read and not yet written
    wf_language language;
    split header, row;
    size_t columns; // of the header, or of the first row where there is none
    char line[WF_NUMBER_TEXT_MAX];
    wf_buffer reason;
} mending;

// ---- a row as it came ----

// One field of RFC 4180 from *at on, its quotes undone; false at the end of the row or
// without memory (`of` says it by its limit).
static bool take_field(split *of, wf_text raw, size_t *at)
{
    size_t first = of->text.size;
    bool quoted = *at < raw.size && raw.bytes[*at] == '"';
    *at += quoted;
    for (; *at < raw.size; (*at)++) {
        char letter = raw.bytes[*at];
        if (quoted && letter == '"') {
            if (*at + 1 >= raw.size || raw.bytes[*at + 1] != '"') {
                quoted = false;
                continue;
            }
            (*at)++;
        } else if (!quoted && letter == of->separator) {
            break;
        }
        of->text.bytes[of->text.size++] = letter;
    }
    of->cells[of->count++] =
        (wf_cell){.text = {of->text.bytes + first, of->text.size - first}};
    return *at < raw.size;
}

// What is malformed, or has more fields than the header, stays whole.
static weft_status split_row(wf_text raw, bool malformed, split *ret, weft_error *error)
{
    size_t at = 0;
    wf_buffer_clear(&ret->text);
    ret->count = 0;
    if (!wf_buffer_reserve(&ret->text, raw.size + 1))
        return wf_fail_memory(error);
    if (malformed) {
        ret->cells[ret->count++] = (wf_cell){.text = raw};
        return WEFT_OK;
    }
    while (ret->count < WF_CSV_FIELDS_MAX && take_field(ret, raw, &at))
        at++;
    return WEFT_OK;
}

static bool is_malformed(wf_text code)
{
    static const char form[] = "wire.";
    return code.size > sizeof form - 1 && memcmp(code.bytes, form, sizeof form - 1) == 0;
}

// ---- reading on ----

// The next row that came whole: a further part of one stands with its first.
static weft_status next_row(mending *on, bool *ret_end, weft_error *error)
{
    do {
        WF_TRY(wf_refused_next(on->reader, &on->item, error));
        if (on->item.what == WF_REFUSED_SOURCE)
            return wf_fail(error, WEFT_BAD_INPUT, "refused.headers", NULL);
    } while (on->item.what == WF_REFUSED_ABOUT ||
             (on->item.what == WF_REFUSED_ROW && on->item.row.raw.size == 0));
    *ret_end = on->item.what == WF_REFUSED_END;
    return WEFT_OK;
}

// The source and its header; of a file that says nothing of it any more none is known.
static weft_status read_source(mending *on, const char *sender, weft_error *error)
{
    do
        WF_TRY(wf_refused_next(on->reader, &on->item, error));
    while (on->item.what == WF_REFUSED_ABOUT);
    bool is = on->item.what == WF_REFUSED_SOURCE;
    if (sender != NULL && (!is || !wf_text_equal(on->item.name, wf_text_of(sender))))
        return wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL);
    if (!is)
        return wf_fail(error, WEFT_BAD_INPUT, "refused.partly_gone", NULL);
    on->header.separator = on->row.separator = wf_csv_separator_of(on->item.header);
    WF_TRY(split_row(on->item.header, false, &on->header, error));
    on->columns = on->header.count;
    return WEFT_OK;
}

// ---- writing ----

static void put_titles(mending *on)
{
    static const char *const titles[][remarks] = {
        [WF_LANGUAGE_ZH] = {WF_REMARK_MARK "行号", WF_REMARK_MARK "列",
                            WF_REMARK_MARK "原因"},
        [WF_LANGUAGE_EN] = {WF_REMARK_MARK "line", WF_REMARK_MARK "field",
                            WF_REMARK_MARK "reason"},
    };
    for (size_t i = 0; i < remarks; i++)
        on->header.cells[on->columns + i] =
            (wf_cell){.text = wf_text_of(titles[on->language][i])};
}

// What the sentence is about stands in brackets behind it: the words that are known, the
// limit.
static weft_status say_detail(mending *on, const weft_error *why, weft_error *error)
{
    static const char *const brackets[][2] = {
        [WF_LANGUAGE_ZH] = {"（", "）"},
        [WF_LANGUAGE_EN] = {" (", ")"},
    };
    const char *const *of = brackets[on->language];
    size_t said = on->reason.size, before = said + strlen(of[0]);
    if (!wf_buffer_append(&on->reason, of[0], strlen(of[0])) ||
        !wf_error_part_text(why, WF_PART_DETAIL, on->language, &on->reason))
        return wf_fail_memory(error);
    if (on->reason.size == before) {
        on->reason.size = said;
        return WEFT_OK;
    }
    return wf_buffer_append(&on->reason, of[1], strlen(of[1])) ? WEFT_OK
                                                               : wf_fail_memory(error);
}

static weft_status say_why(mending *on, const wf_refused_row *row, weft_error *error)
{
    char code[64] = "";
    wf_buffer_clear(&on->reason);
    if (row->code.size < sizeof code)
        memcpy(code, row->code.bytes, row->code.size);
    weft_error why = {.code = code};
    wf_error_params(&why, row->params, row->params_count);
    // Codes of a newer program have no sentence here.
    if (!wf_error_part_text(&why, WF_PART_MESSAGE, on->language, &on->reason))
        return wf_buffer_append(&on->reason, code, strlen(code)) ? WEFT_OK
                                                                 : wf_fail_memory(error);
    return say_detail(on, &why, error);
}

static weft_status put_row(mending *on, wf_export_table *to, weft_error *error)
{
    const wf_refused_row *row = &on->item.row;
    wf_cell *cells = on->row.cells;
    WF_TRY(split_row(row->raw, is_malformed(row->code), &on->row, error));
    if (on->row.count > on->columns)
        WF_TRY(split_row(row->raw, true, &on->row, error));
    WF_TRY(say_why(on, row, error));
    for (size_t i = on->row.count; i < on->columns; i++)
        cells[i] = (wf_cell){0};
    cells[on->columns] =
        (wf_cell){.text = wf_text_of(wf_number_text(on->line, (int64_t)row->line))};
    cells[on->columns + 1] = (wf_cell){.text = row->field};
    cells[on->columns + 2] = (wf_cell){.text = wf_buffer_text(&on->reason)};
    return wf_export_table_row(to, cells, error);
}

static weft_status fill(void *context, wf_export_table *to, weft_error *error)
{
    mending *on = context;
    bool end = false;
    for (;;) {
        WF_TRY(next_row(on, &end, error));
        if (end)
            return WEFT_OK;
        WF_TRY(put_row(on, to, error));
    }
}

static weft_status open_file(weft_city *city, const char *file, const char *sender,
                             mending *on, weft_error *error)
{
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    WF_TRY(wf_refused_reader_open(&folder, file, &on->reader, error));
    WF_TRY(read_source(on, sender, error));
    put_titles(on);
    return WEFT_OK;
}

static void done(mending *on)
{
    wf_refused_reader_close(on->reader);
    wf_buffer_wipe(&on->header.text);
    wf_buffer_wipe(&on->row.text);
    wf_buffer_done(&on->reason);
}

static wf_export_table_options table_of(const mending *on, weft_export_format format)
{
    return (wf_export_table_options){.header = on->header.cells,
                                     .count = on->columns + remarks,
                                     .name = "refused",
                                     .format = format};
}

weft_status wf_mend_bytes(weft_city *city, const char *file, const char *sender,
                          weft_export_format format, wf_language language, wf_buffer *to,
                          weft_error *error)
{
    mending on = {.language = language};
    weft_status status = open_file(city, file, sender, &on, error);
    wf_export_table_options table = table_of(&on, format);
    if (status == WEFT_OK)
        status = wf_export_table_bytes(city, &table, fill, &on, to, error);
    done(&on);
    return status;
}

weft_status weft_refused_write(weft_city *city, const char *name, bool is_workbook,
                               bool is_english, const char *path, weft_error *error)
{
    mending on = {.language = is_english ? WF_LANGUAGE_EN : WF_LANGUAGE_ZH};
    weft_status status = open_file(city, name, NULL, &on, error);
    wf_export_table_options table =
        table_of(&on, is_workbook ? WEFT_EXPORT_XLSX : WEFT_EXPORT_CSV);
    if (status == WEFT_OK)
        status = wf_export_table_write(city, &table, path, fill, &on, error);
    done(&on);
    return status;
}
