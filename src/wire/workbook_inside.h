// What the files that read workbooks share. Only for workbook….c.
#ifndef WF_WIRE_WORKBOOK_INSIDE_H
#define WF_WIRE_WORKBOOK_INSIDE_H

#include <expat.h>
#include <zip.h>

#include "base/text.h"
#include "wire/workbook.h"

// ---- a file of the zip, as XML (workbook_part.c) ----

// Names come without their namespace: the strict form of the format differs in nothing
// else.
typedef struct wf_part wf_part;
typedef struct {
    void (*begin)(wf_part *part, void *context, const char *name,
                  const char **attributes);
    void (*end)(wf_part *part, void *context, const char *name); // NULL: not asked for
    void (*text)(wf_part *part, void *context, const char *bytes,
                 size_t size); // NULL: not asked for
} wf_part_handlers;
// *ret NULL (and WEFT_OK) when the zip has no such file.
weft_status wf_part_open(zip_t *zip, const char *path, const char *name,
                         const wf_part_handlers *handlers, void *context, wf_part **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_part_close(wf_part *part); // NULL does nothing
// Reads some kilobytes on.
weft_status wf_part_step(wf_part *part, bool *ret_ended,
                         weft_error *error) WEFT_MUST_CHECK;
// Reads it from beginning to end; *ret_found says whether the zip has it.
weft_status wf_part_read(zip_t *zip, const char *path, const char *name,
                         const wf_part_handlers *handlers, void *context, bool *ret_found,
                         weft_error *error) WEFT_MUST_CHECK;
// From a handler: reading ends with WEFT_BAD_INPUT and this code; NULL: WEFT_NO_MEMORY.
void wf_part_stop(wf_part *part, const char *code);
void wf_part_stop_at(wf_part *part, const char *code, const char *range);
// The value of an attribute, or NULL.
const char *wf_part_attribute(const char **attributes, const char *name);

weft_status wf_workbook_fails(const char *code, const char *name, weft_error *error);

// ---- the texts that cells share, and which styles are dates (workbook_tables.c) ----

typedef struct {
    wf_buffer bytes;
    size_t *ends; // of each text in `bytes`
    size_t count, capacity;
} wf_shared_texts;
weft_status wf_shared_texts_read(zip_t *zip, const char *path, const char *name,
                                 wf_shared_texts *ret, weft_error *error) WEFT_MUST_CHECK;
void wf_shared_texts_done(wf_shared_texts *texts);

typedef enum { WF_STYLE_PLAIN, WF_STYLE_DATE, WF_STYLE_DATE_TIME } wf_cell_style;
#define WF_STYLES_MAX 65536
#define WF_FORMATS_MAX 5000
typedef struct {
    unsigned char *kinds; // wf_cell_style of each style of cells
    size_t count, capacity;
} wf_cell_styles;
weft_status wf_cell_styles_read(zip_t *zip, const char *path, const char *name,
                                wf_cell_styles *ret, weft_error *error) WEFT_MUST_CHECK;
void wf_cell_styles_done(wf_cell_styles *styles);
// What a format such as "yyyy/m/d h:mm" shows.
wf_cell_style wf_cell_style_of(const char *format);

// What a cell's value, inline text or shared text may take: four times what the programs
// allow.
#define WF_WORKBOOK_VALUE_BYTES_MAX ((size_t)128 << 10)

// Appends a text of the book; _xHHHH_ stands for a character that XML has not.
bool wf_workbook_put_text(wf_buffer *to, const char *bytes, size_t size) WEFT_MUST_CHECK;

// ---- which sheets there are (workbook_sheets.c) ----

typedef struct {
    char name[200]; // 31 characters, shortened where a file has more
    char path[512]; // in the zip
    bool hidden;
} wf_sheet_about;
typedef struct {
    wf_sheet_about *sheets; // that are tables
    size_t count;
    bool is_1904;
    char texts_path[512], styles_path[512];
} wf_book_about;
weft_status wf_book_about_read(zip_t *zip, const char *name, wf_book_about *ret,
                               weft_error *error) WEFT_MUST_CHECK;
void wf_book_about_done(wf_book_about *about);

// ---- rows (workbook_rows.c) ----

typedef struct {
    const wf_shared_texts *texts;
    const wf_cell_styles *styles;
    bool is_1904;
    wf_buffer *to; // CSV is appended
} wf_rows_options;
typedef struct wf_rows wf_rows;
weft_status wf_rows_open(zip_t *zip, const char *path, const char *name,
                         const wf_rows_options *options, wf_rows **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_rows_close(wf_rows *rows); // NULL does nothing
weft_status wf_rows_step(wf_rows *rows, bool *ret_ended,
                         weft_error *error) WEFT_MUST_CHECK;
// Reads the whole sheet once for its merged cells: "wire.xlsx_merged".
weft_status wf_rows_check(zip_t *zip, const char *path, const char *name,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
