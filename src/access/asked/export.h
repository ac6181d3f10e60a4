// Exports as bytes in memory, for those who hand them on without a file (weft/export.h).
#ifndef WF_ACCESS_ASKED_EXPORT_H
#define WF_ACCESS_ASKED_EXPORT_H

#include "access/city/city.h"
#include "weft/export.h"
#include "wire/cell.h"

// ---- a table of the caller's own, as a file like those of views ----

typedef struct {
    const wf_cell *header; // its only row of titles
    size_t count;          // of cells in every row
    const char *name;      // of the sheet
    weft_export_format format;
    bool bare; // for programs: no byte order mark, no "演练 DRILL"; the rows say it
} wf_export_table_options;
typedef struct wf_export_table wf_export_table;
weft_status wf_export_table_row(wf_export_table *to, const wf_cell *cells,
                                weft_error *error) WEFT_MUST_CHECK;
// `fill` puts the rows. On failure `path` is as it was.
weft_status wf_export_table_write(weft_city *city, const wf_export_table_options *options,
                                  const char *path,
                                  weft_status (*fill)(void *context, wf_export_table *to,
                                                      weft_error *error),
                                  void *context, weft_error *error) WEFT_MUST_CHECK;

// The same in memory, appended to *to; WEFT_TOO_LARGE ("export.too_large") past its
// limit.
weft_status wf_export_table_bytes(weft_city *city, const wf_export_table_options *options,
                                  weft_status (*fill)(void *context, wf_export_table *to,
                                                      weft_error *error),
                                  void *context, wf_buffer *to,
                                  weft_error *error) WEFT_MUST_CHECK;

// A folder for several files, 0700; it may be there.
weft_status wf_export_make_folder(const weft_city *city, const char *folder,
                                  weft_error *error) WEFT_MUST_CHECK;

// ---- in memory ----

// The beginning of a file of CSV: mark, "演练 DRILL" of a drill, titles. Appends.
weft_status wf_export_csv_begin(const weft_city *city, const weft_view_about *about,
                                wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;
// The rows of a page.
weft_status wf_export_csv_page(const weft_city *city, const weft_view_page *page,
                               wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

// A workbook in the machine's memory, page by page; every page may be of another reader
// of the same city. Threads: one at a time.
typedef struct wf_export_book wf_export_book;
weft_status wf_export_book_new(weft_city *city, const weft_view_about *about,
                               wf_export_book **ret, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_export_book_page(wf_export_book *book, weft_city *city,
                                const weft_view_page *page,
                                weft_error *error) WEFT_MUST_CHECK;
// Nothing may be added after. *ret_size: of the file.
weft_status wf_export_book_end(wf_export_book *book, size_t *ret_size,
                               weft_error *error) WEFT_MUST_CHECK;
// Appends its bytes from `at` on, at most `most`.
weft_status wf_export_book_take(const wf_export_book *book, size_t at, size_t most,
                                wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;
void wf_export_book_free(wf_export_book *book); // NULL does nothing

#endif
