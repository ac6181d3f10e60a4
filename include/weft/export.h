// Exports: all rows of a view in a file for spreadsheet programs.
//
// CSV is UTF-8 with a byte order mark and lines ended by CR LF. A file begins with the
// titles in Chinese and in English (a drill's with "演练 DRILL" before them). Ids are
// text, whole numbers of more than 15 digits too; texts that begin with = + - @ get a '
// before them, so that no program takes them for formulas. Times are local to the city's
// zone; durations are seconds. What is sealed in the city is not sealed here: files are
// made with mode 0600.
#ifndef WEFT_EXPORT_H
#define WEFT_EXPORT_H

#include "weft/views.h"

typedef enum { WEFT_EXPORT_CSV, WEFT_EXPORT_XLSX } weft_export_format;

#define WEFT_EXPORT_ROWS_MAX 1048576 // of a sheet, with its titles

typedef struct {
    weft_export_format format;
    // Rows of a sheet or file, with its titles; the rest goes on in the next: a sheet
    // "… 2", a file "…-2.csv". 0: WEFT_EXPORT_ROWS_MAX; at least 4.
    uint64_t rows_max;
} weft_export_options;

typedef struct {
    uint64_t rows;
    uint64_t parts; // sheets, or files
    weft_view_as_of as_of;
} weft_export_summary;

// Writes the rows that `question` asks for (its limit is not used) to the file `path`,
// beside it first, then in its place; whatever stood there is replaced. On failure `path`
// is as it was. With CSV of several parts the later ones are in place before the first.
weft_status weft_export(weft_city *city, const weft_view_question *question,
                        const weft_export_options *options, const char *path,
                        weft_export_summary *ret, weft_error *error) WEFT_MUST_CHECK;

// Writes every view that needs no parameters into `folder`, which is made (0700) if it is
// not there: "testing-tubes.csv". `told` (may be NULL) gets each as it is done.
weft_status weft_export_all(weft_city *city, const weft_export_options *options,
                            const char *folder,
                            void (*told)(void *context, const weft_view_about *view,
                                         const weft_export_summary *summary),
                            void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
