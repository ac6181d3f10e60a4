#include "wire/workbook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/workbook_inside.h"

struct wf_workbook {
    const char *name;
    wf_buffer bytes; // of the whole file
    zip_t *zip;
    wf_book_about about;
    wf_shared_texts texts;
    wf_cell_styles styles;
    wf_rows *rows;
    wf_buffer made; // CSV that was not taken yet, from `taken` on
    size_t taken;
    uint64_t total; // of CSV
    bool ended;
};

static const unsigned char zip_mark[] = {'P', 'K', 3, 4};
static const unsigned char old_mark[] = {0xD0, 0xCF, 0x11, 0xE0};

bool wf_workbook_begins(const unsigned char *bytes, size_t size)
{
    return size >= WF_WORKBOOK_MARK_BYTES &&
           (memcmp(bytes, zip_mark, sizeof zip_mark) == 0 ||
            memcmp(bytes, old_mark, sizeof old_mark) == 0);
}

static weft_status read_bytes(wf_workbook *book, wf_raw *raw, weft_error *error)
{
    // A zip is found from its end.
    for (;;) {
        if (!wf_buffer_append(&book->bytes, raw->bytes + raw->at, raw->size - raw->at))
            return wf_fail_memory(error);
        raw->at = raw->size;
        if (book->bytes.size > WF_WORKBOOK_BYTES_MAX)
            return wf_workbook_fails("wire.xlsx_too_large", book->name, error);
        if (raw->ended)
            return WEFT_OK;
        WF_TRY(wf_raw_fill(raw, error));
    }
}

static weft_status open_zip(wf_workbook *book, weft_error *error)
{
    enum { files_max = 20000 };
    zip_error_t why;
    if (memcmp(book->bytes.bytes, old_mark, sizeof old_mark) == 0)
        return wf_workbook_fails("wire.xls", book->name, error);
    zip_error_init(&why);
    zip_source_t *source =
        zip_source_buffer_create(book->bytes.bytes, book->bytes.size, 0, &why);
    book->zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &why);
    bool no_memory = zip_error_code_zip(&why) == ZIP_ER_MEMORY;
    zip_error_fini(&why);
    if (book->zip == NULL) {
        if (source != NULL)
            zip_source_free(source);
        return no_memory ? wf_fail_memory(error)
                         : wf_workbook_fails("wire.xlsx_damaged", book->name, error);
    }
    if (zip_get_num_entries(book->zip, 0) > files_max)
        return wf_workbook_fails("wire.xlsx_too_large", book->name, error);
    return WEFT_OK;
}

// ---- which sheet ----

static weft_status which_sheet(const wf_workbook *book, const char *code,
                               weft_error *error)
{
    static const char between[] = ", ";
    char names[200] = "";
    size_t size = 0;
    for (size_t i = 0; i < book->about.count; i++) {
        const wf_sheet_about *sheet = &book->about.sheets[i];
        size_t more = strlen(sheet->name) + (size > 0 ? sizeof between - 1 : 0);
        if (sheet->hidden)
            continue;
        if (size + more + sizeof ", …" > sizeof names) {
            memcpy(names + size, ", …", sizeof ", …");
            break;
        }
        if (size > 0)
            memcpy(names + size, between, sizeof between);
        memcpy(names + size + more - strlen(sheet->name), sheet->name,
               strlen(sheet->name) + 1);
        size += more;
    }
    return wf_fail(error, WEFT_BAD_INPUT, code, "path", book->name, "sheets", names,
                   NULL);
}

// "#2": the second of those that are not hidden. NULL: it is no number, or there are
// fewer.
static const wf_sheet_about *sheet_by_number(const wf_workbook *book, const char *name)
{
    int64_t number;
    if (name == NULL || name[0] != '#' ||
        !wf_parse_i64(wf_text_of(name + 1), 1, WF_WORKBOOK_SHEETS_MAX, &number))
        return NULL;
    for (size_t i = 0; i < book->about.count; i++)
        if (!book->about.sheets[i].hidden && --number == 0)
            return &book->about.sheets[i];
    return NULL;
}

static weft_status choose_sheet(const wf_workbook *book, const char *name,
                                const wf_sheet_about **ret, weft_error *error)
{
    const wf_sheet_about *found = NULL, *numbered = sheet_by_number(book, name);
    size_t count = 0;
    for (size_t i = 0; i < book->about.count; i++) {
        const wf_sheet_about *sheet = &book->about.sheets[i];
        if (name != NULL ? strcmp(sheet->name, name) != 0 : sheet->hidden)
            continue;
        found = sheet;
        count++;
    }
    if (count == 0 && numbered != NULL) {
        *ret = numbered;
        return WEFT_OK;
    }
    if (count == 0 && name == NULL)
        return wf_workbook_fails("wire.xlsx_none", book->name, error);
    if (count == 0)
        return which_sheet(book, "wire.xlsx_no_sheet", error);
    if (count > 1)
        return which_sheet(book, "wire.xlsx_sheets", error);
    *ret = found;
    return WEFT_OK;
}

// ---- the whole ----

static weft_status prepare(wf_workbook *book, wf_raw *raw, const char *sheet_name,
                           weft_error *error)
{
    const wf_sheet_about *sheet = NULL;
    const wf_book_about *about = &book->about;
    WF_TRY(read_bytes(book, raw, error));
    WF_TRY(open_zip(book, error));
    WF_TRY(wf_book_about_read(book->zip, book->name, &book->about, error));
    WF_TRY(choose_sheet(book, sheet_name, &sheet, error));
    WF_TRY(wf_rows_check(book->zip, sheet->path, book->name, error));
    WF_TRY(wf_shared_texts_read(book->zip, about->texts_path, book->name, &book->texts,
                                error));
    WF_TRY(wf_cell_styles_read(book->zip, about->styles_path, book->name, &book->styles,
                               error));
    wf_rows_options options = {.texts = &book->texts,
                               .styles = &book->styles,
                               .is_1904 = about->is_1904,
                               .to = &book->made};
    return wf_rows_open(book->zip, sheet->path, book->name, &options, &book->rows, error);
}

weft_status wf_workbook_open(wf_raw *raw, const char *sheet, wf_workbook **ret,
                             weft_error *error)
{
    wf_workbook *book = calloc(1, sizeof *book);
    if (book == NULL)
        return wf_fail_memory(error);
    book->name = raw->name;
    weft_status status = prepare(book, raw, sheet, error);
    if (status != WEFT_OK) {
        wf_workbook_close(book);
        return status;
    }
    *ret = book;
    return WEFT_OK;
}

void wf_workbook_close(wf_workbook *book)
{
    if (book == NULL)
        return;
    wf_rows_close(book->rows);
    wf_shared_texts_done(&book->texts);
    wf_cell_styles_done(&book->styles);
    wf_book_about_done(&book->about);
    if (book->zip != NULL)
        zip_discard(book->zip);
    wf_buffer_wipe(&book->made);
    wf_buffer_wipe(&book->bytes); // the zip read from it
    free(book);
}

weft_status wf_workbook_read(wf_workbook *book, void *bytes, size_t size,
                             size_t *ret_size, weft_error *error)
{
    if (book->taken == book->made.size) {
        book->taken = 0;
        wf_buffer_clear(&book->made);
    }
    while (book->made.size == 0 && !book->ended) {
        WF_TRY(wf_rows_step(book->rows, &book->ended, error));
        book->total += book->made.size;
        // Cells that share a text make much of little.
        if (book->total > WF_WORKBOOK_XML_BYTES_MAX)
            return wf_workbook_fails("wire.xlsx_too_large", book->name, error);
    }
    size_t left = book->made.size - book->taken;
    *ret_size = left < size ? left : size;
    if (*ret_size > 0)
        memcpy(bytes, book->made.bytes + book->taken, *ret_size);
    book->taken += *ret_size;
    return WEFT_OK;
}
