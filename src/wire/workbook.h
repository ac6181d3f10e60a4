// A sheet of a workbook (xlsx) → CSV, streaming.
//
// A workbook is a zip of XML files. What comes out is the text of one of its sheets as
// RFC 4180 with commas, a line a row of the sheet (rows that are empty or missing are
// empty lines; line breaks within cells are quoted), so that all that is known of rows of
// CSV (mappings, refused rows, their numbers) holds for workbooks.
//
// What becomes of a cell:
//   text       as it is; the pieces of rich text together, phonetic guides left out
//   number     its digits; of 16 and more digits as 3.20282196405310E+17, since the
//              program that wrote it has rounded it
//   date       only where the style of the cell shows one: 2021-12-09, or
//              2021-12-09 10:05:00 where it has a time of day (or its style shows one);
//              a time without a day 10:05:00. In the calendar that the book names (1900,
//              1904)
//   yes or no  true, false
//   formula    the value that was kept with it; #CALC! where none was
//   error      #REF! and the like
//
// Hostile files: no entity is expanded (a document type ends reading); of the zip only
// the files that are needed are read, at most WF_WORKBOOK_XML_BYTES_MAX of each and at
// most 200 times their packed size; no more CSV than that comes out; a book is at most
// WF_WORKBOOK_BYTES_MAX, its shared texts at most WF_WORKBOOK_TEXTS_BYTES_MAX; rows and
// columns must come in order. A fuzz target.
//
// Only for files of src/wire.
#ifndef WF_WIRE_WORKBOOK_H
#define WF_WIRE_WORKBOOK_H

#include "wire/source.h"

#define WF_WORKBOOK_BYTES_MAX ((size_t)256 << 20)
#define WF_WORKBOOK_XML_BYTES_MAX ((size_t)2 << 30)
#define WF_WORKBOOK_TEXTS_BYTES_MAX ((size_t)256 << 20)
#define WF_WORKBOOK_SHEETS_MAX 1000

typedef struct wf_workbook wf_workbook;

// True if the bytes begin as a zip does, or as the files of older spreadsheet programs
// (and of workbooks locked with a password), which wf_workbook_open refuses by their
// name.
#define WF_WORKBOOK_MARK_BYTES 4
bool wf_workbook_begins(const unsigned char *bytes, size_t size);

// Reads all of `raw` and opens the sheet of this name, or of this number among those that
// are not hidden ("#2"), or without a name the only one that is not hidden.
// WEFT_BAD_INPUT: "wire.xlsx_…", with the names of the sheets where one has to be chosen.
weft_status wf_workbook_open(wf_raw *raw, const char *sheet, wf_workbook **ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_workbook_close(wf_workbook *book); // NULL does nothing
// Up to `size` bytes of CSV, 0 at the end.
weft_status wf_workbook_read(wf_workbook *book, void *bytes, size_t size,
                             size_t *ret_size, weft_error *error) WEFT_MUST_CHECK;

#endif
