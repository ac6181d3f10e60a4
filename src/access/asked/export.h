// Exports as bytes in memory, for those who hand them on without a file (weft/export.h).
#ifndef WF_ACCESS_ASKED_EXPORT_H
#define WF_ACCESS_ASKED_EXPORT_H

#include "access/city/city.h"
#include "weft/export.h"

// The beginning of a file of CSV: mark, "演练 DRILL" of a drill, titles. Appends.
weft_status wf_export_csv_begin(const weft_city *city, const weft_view_about *about,
                                wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;
// The rows of a page.
weft_status wf_export_csv_page(const weft_city *city, const weft_view_page *page,
                               wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

// A workbook, page by page; every page may be of another reader of the same city.
// Threads: one at a time.
typedef struct wf_export_book wf_export_book;
weft_status wf_export_book_new(weft_city *city, const weft_view_about *about,
                               wf_export_book **ret, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_export_book_page(wf_export_book *book, weft_city *city,
                                const weft_view_page *page,
                                weft_error *error) WEFT_MUST_CHECK;
// The file's bytes, appended; nothing may be added after. WEFT_TOO_LARGE
// ("export.too_large") past the limit of `to`.
weft_status wf_export_book_end(wf_export_book *book, wf_buffer *to,
                               weft_error *error) WEFT_MUST_CHECK;
void wf_export_book_free(wf_export_book *book); // NULL does nothing

#endif
