#include "wire/xlsx_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

struct wf_xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_row_t row; // the next
    char *path, *folder, *title;
    wf_buffer text; // ended by NUL, as the library wants it
};

static void free_parts(wf_xlsx *book)
{
    wf_buffer_wipe(&book->text);
    free(book->path);
    free(book->folder);
    free(book->title);
    free(book);
}

// What the library says, in our words.
static weft_status fail(const wf_xlsx *book, lxw_error code, weft_error *error)
{
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return wf_fail_memory(error);
    return wf_fail_errno(error, errno != 0 ? errno : EIO, "io.write", book->path);
}

static bool copy_texts(wf_xlsx *book, const char *path, const char *folder,
                       const char *title)
{
    book->path = strdup(path);
    book->folder = strdup(folder);
    book->title = strdup(title);
    return book->path != NULL && book->folder != NULL && book->title != NULL;
}

weft_status wf_xlsx_open(const char *path, const char *folder, const char *title,
                         wf_xlsx **ret, weft_error *error)
{
    wf_xlsx *book = calloc(1, sizeof *book);
    if (book == NULL)
        return wf_fail_memory(error);
    if (copy_texts(book, path, folder, title)) {
        lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                        .tmpdir = book->folder};
        book->book = workbook_new_opt(book->path, &options);
    }
    if (book->book == NULL) {
        free_parts(book);
        return wf_fail_memory(error);
    }
    lxw_doc_properties properties = {.title = book->title};
    if (workbook_set_properties(book->book, &properties) != LXW_NO_ERROR) {
        wf_xlsx_abandon(book);
        return wf_fail_memory(error);
    }
    *ret = book;
    return WEFT_OK;
}

weft_status wf_xlsx_sheet(wf_xlsx *book, const char *name, weft_error *error)
{
    char header[200];
    snprintf(header, sizeof header, "&C%.150s", book->title);
    errno = 0;
    book->sheet = workbook_add_worksheet(book->book, name);
    if (book->sheet == NULL)
        return fail(book, LXW_ERROR_CREATING_TMPFILE, error);
    book->row = 0;
    return worksheet_set_header(book->sheet, header) == LXW_NO_ERROR
               ? WEFT_OK
               : wf_fail_memory(error);
}

// The bytes of the first characters of a text, at most `characters`.
static size_t bytes_of(wf_text text, size_t characters)
{
    size_t at = 0;
    while (at < text.size) {
        bool begins = ((unsigned char)text.bytes[at] & 0xC0) != 0x80;
        // A character of 4 bytes is two of the units that the program counts.
        size_t units = (unsigned char)text.bytes[at] >= 0xF0 ? 2 : 1;
        if (begins && units > characters)
            break;
        characters -= begins ? units : 0;
        at++;
    }
    return at;
}

// Programs read "_x000D_" as a character: its _ is written so that it stays one.
static bool append_escaped(wf_buffer *to, wf_text text)
{
    bool done = true;
    while (done && text.size > 0) {
        bool escapes = wf_cell_escape(text.bytes, text.size) >= 0;
        const char *next = memchr(text.bytes + 1, '_', text.size - 1);
        size_t size = next == NULL ? text.size : (size_t)(next - text.bytes);
        done = wf_buffer_append(to, "_x005F", escapes ? 6 : 0) &&
               wf_buffer_append(to, text.bytes, size);
        text = (wf_text){text.bytes + size, text.size - size};
    }
    return done;
}

static weft_status put_text(wf_xlsx *book, lxw_col_t column, const char *before,
                            wf_text text, weft_error *error)
{
    wf_buffer_clear(&book->text);
    if (!wf_buffer_append(&book->text, before, strlen(before)) ||
        !append_escaped(&book->text, text) || !wf_buffer_append(&book->text, "", 1))
        return wf_fail_memory(error);
    lxw_error code =
        worksheet_write_string(book->sheet, book->row, column, book->text.bytes, NULL);
    return code == LXW_NO_ERROR ? WEFT_OK : fail(book, code, error);
}

// What does not fit goes on in the cells from *more on.
static weft_status put_long_text(wf_xlsx *book, lxw_col_t column, const wf_cell *cell,
                                 lxw_col_t *more, weft_error *error)
{
    wf_text rest = cell->text;
    const char *before = wf_cell_is_formula(cell) ? "'" : "";
    for (lxw_col_t at = column; rest.size > 0; at = (*more)++) {
        size_t size = bytes_of(rest, WF_XLSX_CELL_CHARACTERS_MAX);
        WF_TRY(put_text(book, at, before, (wf_text){rest.bytes, size}, error));
        rest = (wf_text){rest.bytes + size, rest.size - size};
        before = "";
        // A piece is text wherever it was cut.
        if (rest.size > 0 && wf_cell_is_formula(&(wf_cell){.text = rest}))
            before = "'";
    }
    return WEFT_OK;
}

weft_status wf_xlsx_row(wf_xlsx *book, const wf_cell *cells, size_t count,
                        weft_error *error)
{
    lxw_col_t more = (lxw_col_t)count;
    WF_ASSERT(book->sheet != NULL && book->row < WF_XLSX_ROWS_MAX && count < 1000);
    errno = 0;
    for (size_t i = 0; i < count; i++) {
        lxw_error code = LXW_NO_ERROR;
        if (cells[i].is_number)
            code = worksheet_write_number(book->sheet, book->row, (lxw_col_t)i,
                                          cells[i].number, NULL);
        else
            WF_TRY(put_long_text(book, (lxw_col_t)i, &cells[i], &more, error));
        if (code != LXW_NO_ERROR)
            return fail(book, code, error);
    }
    book->row++;
    return WEFT_OK;
}

weft_status wf_xlsx_close(wf_xlsx *book, weft_error *error)
{
    errno = 0;
    lxw_error code = workbook_close(book->book);
    weft_status status = code == LXW_NO_ERROR ? WEFT_OK : fail(book, code, error);
    free_parts(book);
    return status;
}

void wf_xlsx_abandon(wf_xlsx *book)
{
    if (book == NULL)
        return;
    lxw_workbook_free(book->book);
    free_parts(book);
}
