// Import: rows of outside files → the net, all or nothing.
//
// Balance law: rows = accepted + had + refused. Refused rows are kept whole, sealed,
// in <city>/refused/, mendable, and end with the day they belong to.
#ifndef WEFT_IMPORT_H
#define WEFT_IMPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "weft/city.h"

typedef enum {
    WEFT_IMPORT_PERSONS,
    WEFT_IMPORT_PLACES,
    WEFT_IMPORT_VISITS,
    WEFT_IMPORT_ENCOUNTERS,
    WEFT_IMPORT_CASES,
    WEFT_IMPORT_FACTS,    // lines of NDJSON (weft/facts.h)
    WEFT_IMPORT_CONTACTS, // after it: files of refused rows keep the number of their kind
    WEFT_IMPORT_FOLLOWUPS,
    WEFT_IMPORT_RESULTS,
    WEFT_IMPORT_TUBES,
    WEFT_IMPORT_KIND_COUNT
} weft_import_kind;

// Where bytes come from: gives up to `size` bytes (0 at the end, −1 and errno on
// failure; EINTR: the import ends as WEFT_INTERRUPTED). Called from one thread of the
// import, not the caller's.
typedef struct {
    ssize_t (*read)(void *context, void *bytes, size_t size);
    void *context;
    const char *name;    // for messages: a file name, "-" for standard input
    uint64_t size_bytes; // for progress, 0: not known
} weft_import_source;

typedef struct {
    uint64_t rows;              // read so far
    uint64_t bytes;             // read so far
    uint64_t size_bytes;        // of all sources, 0: not known
    size_t days_done, days_all; // while the days are being sealed, else 0
} weft_import_progress;

// Which number of a date such as 03/04/2021 is the day. A file never tells: while nobody
// has said it, such a date ends an import as WEFT_BAD_INPUT ("import.date_order").
typedef enum {
    WEFT_DATES_ASK, // the mapping may say it
    WEFT_DATES_DAY_FIRST,
    WEFT_DATES_MONTH_FIRST
} weft_date_order;

typedef struct {
    const char
        *mapping; // path of a mapping file, NULL: the plain CSV of `weft help import`
    // Or the name of a mapping that comes with Weft: "godata".
    const char *profile;
    // Keeps mapping and order of dates in the city, after the import, under this name
    // (a-z 0-9 -), which `profile` then finds before those that come with Weft; NULL:
    // does not.
    const char *remember;
    // Or the text of a mapping file; NULL: none.
    const char *mapping_text;
    // Of workbooks, by its name or its number among those that are not hidden ("#2");
    // NULL: as the mapping says, else the only one.
    const char *sheet;
    // The line of the header, of a workbook its row; 0: the first of the first 10 rows
    // (or of as many as the mapping says) that has the columns.
    uint64_t header_line;
    weft_date_order dates;
    // Of cases: a row whose `case` is another number of one case that is there, and no
    // case's own id, is of that case. A `person` that is that number again says nothing
    // then. False: it becomes a second case, and is said ("case.number_second").
    bool join_cases;
    weft_time as_of;     // register rows: how old the values are; WEFT_TIME_NONE: now
    bool keeps_until;    // real cities: rows of days already past keeping are
    weft_day keep_until; //   refused unless they are kept until this day
    // What the sender says how many rows there are, counted as the summary counts them;
    // another number is a delivery that is cut off or doubled: WEFT_BAD_INPUT
    // ("import.rows_differ"), nothing stored.
    bool rows_are_stated;
    uint64_t rows_stated;
    // Called a few times a second, from any thread; NULL: not at all. Returning false
    // stops the import: WEFT_INTERRUPTED, nothing stored.
    bool (*progress)(void *context, const weft_import_progress *progress);
    // Called once for each of the first 20 refused rows; NULL: not at all.
    void (*refused)(void *context, const weft_error *why);
    // The same for the first 20 rows that are taken and look wrong (dates of cases that
    // may be swapped); NULL: not at all.
    void (*warned)(void *context, const weft_error *warning);
    void *context;
} weft_import_options;

typedef struct {
    uint64_t rows, accepted, had, refused;
    uint64_t warned;        // of those that were taken: rows that look wrong
    uint64_t unknown_kinds; // places whose kind is not in the list, read as `other`
    uint64_t two_places; // persons × days touched on which a person is in two places at
                         // once, as they stand after the import (kept)
    bool two_places_unknown; // memory ran out while counting them: two_places is 0
    char refused_file[1024]; // "" when nothing was refused, or kept of it
    // Of those refused, whose text is not kept: who uploads has a bound a day.
    uint64_t refused_not_kept;
} weft_import_summary;

// Reads all sources as one delivery, which becomes visible at once or not at all.
// Form errors of rows are counted, not failures; a wrong header or mapping is
// WEFT_BAD_INPUT. Cost: streaming, bounded memory; two threads.
weft_status weft_import(weft_city *city, weft_import_kind kind,
                        const weft_import_source *sources, size_t sources_count,
                        const weft_import_options *options, weft_import_summary *ret,
                        weft_error *error) WEFT_MUST_CHECK;

// ---- what a file would become ----

#define WEFT_PREVIEW_ROWS 10
#define WEFT_PREVIEW_FIELDS_MAX 16
#define WEFT_PREVIEW_TOP 10
#define WEFT_PREVIEW_WARNINGS 2 // what its list asks of a row, and what its dates do

typedef struct {
    const char *title;     // of a column of the file, as it stands there
    const char *fields[4]; // what it becomes, the first of them; all NULL: it is left out
} weft_preview_column;

typedef struct {
    const char *name;
    bool required, bound; // bound: the file gives it
    // Dates of the column whose order has to be said; which of them can only be one.
    uint64_t asked, only_day_first, only_month_first;
} weft_preview_field;

typedef struct {
    uint64_t line;
    const char *code, *field; // why it would be refused; NULL
    // What looks wrong of one that would be taken: all that the import will say of it.
    const weft_error *warnings;
    size_t warnings_count;
    const char
        *values[WEFT_PREVIEW_FIELDS_MAX]; // as they are read, times in ISO 8601; ""
} weft_preview_row;

// One of the first rows as it stands there, whatever it is.
typedef struct {
    uint64_t line;
    const char *text; // what stands in its cells, the first of it
} weft_preview_top;

typedef struct {
    // The row that was taken as the header; where none has the columns, that which looks
    // most like one. 0: the file has none.
    uint64_t header_line;
    weft_preview_top top[WEFT_PREVIEW_TOP];
    size_t top_count;
    const weft_preview_column *columns;
    size_t columns_count;
    weft_preview_field fields[WEFT_PREVIEW_FIELDS_MAX];
    size_t fields_count;
    weft_preview_row rows[WEFT_PREVIEW_ROWS]; // the first
    size_t rows_count;
    uint64_t rows_read, refused; // by their own line: days are not looked at
    uint64_t warned;             // of the others: those that look wrong
    // Of cases: rows that name one that is there by another of its numbers. They become
    // second cases, or are of the first where `join_cases` says so.
    uint64_t joinable;
    bool joins; // as `join_cases` said
    // Of cases: contacts that stand under other numbers of its cases, and are no case's
    // yet: their list has to come once more (the hole cases/contacts_wait).
    uint64_t waiting;
    weft_error problem; // status not WEFT_OK: why the import would not begin
} weft_preview;

// Reads a file as weft_import would, and stores nothing: which columns are known, what
// the first rows become, which dates have to be asked for. Facts have no preview. A
// header that does not fit is no failure but a `problem`. `progress` is told the bytes of
// the rows' text, whatever the file packs them in. *ret lives until the next
// look-up.
weft_status weft_import_preview(weft_city *city, weft_import_kind kind,
                                const weft_import_source *source,
                                const weft_import_options *options, weft_preview *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// "visits" → WEFT_IMPORT_VISITS; false for any other word.
bool weft_import_kind_parse(const char *word, weft_import_kind *ret);
const char *weft_import_kind_name(weft_import_kind kind);

// ---- refused rows ----

#define WEFT_REFUSED_REASONS_MAX 32
#define WEFT_REFUSED_NAME_MAX 64 // with its NUL

// One delivery's refused rows.
typedef struct {
    char name[WEFT_REFUSED_NAME_MAX]; // of the file in <city>/refused/
    weft_time received;
    weft_import_kind kind;
    uint64_t rows;
    uint64_t unreadable; // of them: forgotten with their day, or damaged
    bool damaged;
    size_t reasons_count;
    struct {
        char code[40]; // of the catalogue
        uint64_t rows;
        // Of its sentence; "…" where its rows differ, none where no row has them.
        weft_error_param params[WEFT_ERROR_PARAMS_MAX];
        size_t params_count;
    } reasons[WEFT_REFUSED_REASONS_MAX]; // most frequent first; rarer ones may be missing
} weft_refused_file;

// The names of the next files after `after` ("": from the oldest), oldest first, at most
// `max`; *ret_count 0 at the end. Files may come and go between the calls.
weft_status weft_refused_names(weft_city *city, const char *after,
                               char (*ret)[WEFT_REFUSED_NAME_MAX], size_t max,
                               size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for every file, oldest first, until it returns false.
weft_status weft_refused_list(weft_city *city,
                              bool (*each)(void *context, const weft_refused_file *file),
                              void *context, weft_error *error) WEFT_MUST_CHECK;

// One refused row. Texts are not ended by NUL and live until the call returns.
typedef struct {
    const char *source; // name of the file it came in, ended by NUL
    uint64_t line;
    const char *code, *field;       // ended by NUL
    const weft_error_param *params; // of the code's sentence
    size_t params_count;
    const char *header; // the header row of its source
    size_t header_size; // 0: it had none
    const char *row;    // as it came, in UTF-8
    size_t row_size;    // 0: another part of the row at this line
} weft_refused_row;

// Calls `each` for the rows of a file until it returns false. Unknown name:
// WEFT_NOT_FOUND; damaged: WEFT_DAMAGED, after what could be read.
weft_status weft_refused_export(weft_city *city, const char *name,
                                bool (*each)(void *context, const weft_refused_row *row),
                                void *context, weft_error *error) WEFT_MUST_CHECK;

// Writes the rows of a file as a table to be mended, beside `path` first, then in its
// place: the columns as they came, and beside them the line, the field and why, which an
// import leaves out. Rows of one header; those of a delivery of several are
// WEFT_BAD_INPUT ("refused.headers").
weft_status weft_refused_write(weft_city *city, const char *name, bool is_workbook,
                               bool is_english, const char *path,
                               weft_error *error) WEFT_MUST_CHECK;

// Imports the rows of a file again as one delivery, with its own mapping or another
// (options->mapping). When that succeeds rows refused again take the file's place, and
// the file goes when there are none. Streaming.
weft_status weft_refused_retry(weft_city *city, const char *name,
                               const weft_import_options *options,
                               weft_import_summary *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
