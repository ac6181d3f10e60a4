// Rows → a workbook of sheets (xlsx), by libxlsxwriter, a row at a time in constant
// memory. Texts stay texts, formulas are disarmed (cell.h); a text that is longer than a
// cell may be goes on in cells behind the row's last, so that nothing is lost.
//
// The library writes the file by itself: a path at which the caller has made an empty
// file of the mode it wants, in a folder that also takes the library's own passing files
// (unlinked as soon as they are made).
//
// Threads: a workbook is for one thread at a time.
#ifndef WF_WIRE_XLSX_WRITE_H
#define WF_WIRE_XLSX_WRITE_H

#include "wire/cell.h"

typedef struct wf_xlsx wf_xlsx;

#define WF_XLSX_ROWS_MAX 1048576 // of a sheet
#define WF_XLSX_CELL_CHARACTERS_MAX 32000

// `title` is a property of the file and stands on every printed page; both are borrowed
// during the call.
weft_status wf_xlsx_open(const char *path, const char *folder, const char *title,
                         wf_xlsx **ret, weft_error *error) WEFT_MUST_CHECK;
// Begins a sheet; the rows that follow go there. Its name: 1–31 characters, each once,
// none of [ ] : * ? / and the backslash.
weft_status wf_xlsx_sheet(wf_xlsx *book, const char *name,
                          weft_error *error) WEFT_MUST_CHECK;
weft_status wf_xlsx_row(wf_xlsx *book, const wf_cell *cells, size_t count,
                        weft_error *error) WEFT_MUST_CHECK;
// Writes the file and frees the book, also on failure: WEFT_STORAGE or WEFT_DISK_FULL.
// Not synced.
weft_status wf_xlsx_close(wf_xlsx *book, weft_error *error) WEFT_MUST_CHECK;
// Frees a book that is not to be written; NULL does nothing. What stands at its path is
// of no use then.
void wf_xlsx_abandon(wf_xlsx *book);

#endif
