// A mapping file: how the columns of someone's file become the fields of an import.
//
//   format: csv | space        gzip: auto        header: true | false
//   encoding: utf-8 | gb18030  kind: visits      default_stay: 30
//   sheet: 病例                 dates: day-first | month-first
//   fields:
//     person: {column: 3, prefix: "kr-"}
//     start:  {time: {column: t, format: seconds, epoch: 2013-06-24T00:00:00+02:00,
//     plus_s: -20}} kind:   {column: type, map: {hospital: clinic, …}, otherwise: other}
//     place:  {constant: "office"}
//     b:      {column: infectors, split: ","}
//     place:  {column: [latitude, longitude], join: ","}
//
// Without `fields` each column is a field of its name, as in the plain CSV, or of its
// title in either language, in which case, blanks, _ * : and what stands in brackets make
// no difference.
//
// No expressions. Drawn in full in docs/reference/mapping.md. A fuzz target.
//
// What comes of a cell, in this order: blanks and line ends around it go; columns are
// joined; the cell is split; words are mapped (a part of a split cell that becomes empty
// goes); the prefix is set before what is not empty; what people write for a word is that
// word.
#ifndef WF_WIRE_MAPPING_H
#define WF_WIRE_MAPPING_H

#include "base/arena.h"
#include "base/time.h"
#include "wire/csv.h"

#define WF_MAPPING_FIELDS_MAX 16
#define WF_MAPPING_COLUMNS_MAX 4
#define WF_MAPPING_BYTES_MAX (1 << 20)
#define WF_MAPPING_HEADER_ROWS_MAX 10
#define WF_MAPPING_ALSO_MAX 64
// How the titles of columns begin that say what is wrong with a row
// (access/change/mend.h).
#define WF_REMARK_MARK "weft:"
#define WF_MAPPING_STAY_MIN 30 // minutes, where the file says nothing

// What an importer takes: a kind and its fields, ended by a NULL name.
typedef struct {
    const char *name;
    bool required;
    bool time;
} wf_mapping_target;
// What people call a field: titles in Chinese and English, NULL: none; and words that
// they write in it for others.
typedef struct {
    const char *zh, *en;
    const struct wf_mapping_word *words;
    size_t words_count;
} wf_mapping_called;
typedef struct {
    const char *name;
    const wf_mapping_target *fields; // at most WF_MAPPING_FIELDS_MAX
    const wf_mapping_called *called; // parallel to them; NULL: they have names alone
} wf_mapping_kind;

typedef enum {
    WF_TIME_ISO,     // as wf_time_parse
    WF_TIME_SECONDS, // a number of seconds since `epoch`
    WF_TIME_SERIAL,  // days of a spreadsheet: 1 is 1900-01-01, local
    WF_TIME_PATTERN  // "%d/%m/%Y %H:%M", local
} wf_time_format;

typedef struct {
    wf_text name;    // empty: by number
    uint32_t number; // from 1
    bool may_lack;   // a file without it has nothing there
} wf_mapping_column;

typedef struct wf_mapping_word {
    wf_text from, to;
} wf_mapping_word;

typedef struct {
    const char *name; // of the field; NULL: the mapping does not give it
    uint64_t line;
    wf_mapping_column columns[WF_MAPPING_COLUMNS_MAX];
    size_t columns_count;         // 0: a constant
    const wf_mapping_word *cells; // of each joined cell, before they are joined
    size_t cells_count;
    wf_text join;
    wf_text constant;
    bool timed; // written with `time:`
    wf_time_format format;
    wf_text pattern, epoch;
    int64_t plus_s;
    const wf_mapping_word *words;
    size_t words_count;
    const wf_mapping_word *back; // only on the way out (mapping_back.h)
    size_t back_count;
    bool whole; // of joined columns: empty unless all have something
    bool has_otherwise;
    wf_text otherwise;
    wf_text split, prefix;
} wf_mapping_field;

// Which number of a date such as 03/04/2021 is the day. Nothing in a file can tell, so
// that it is asked.
typedef enum { WF_DATES_ASK, WF_DATES_DAY_FIRST, WF_DATES_MONTH_FIRST } wf_date_order;

typedef struct {
    const char *file;
    const wf_mapping_kind *kind;
    bool plain;        // it has no `fields`
    const char *sheet; // of a workbook; NULL: its only one
    wf_date_order dates;
    wf_csv_dialect dialect;
    bool header, gb18030;
    // Columns that are only written, each with one text (mapping_back.h).
    const wf_mapping_word *also;
    size_t also_count;
    size_t header_within; // the header is among the first rows, 1 to 10
    bool stay_given;      // default_stay was said
    int64_t stay_minutes; // of a visit whose end is empty, 1 to 1,440
    // Parallel to kind->fields.
    wf_mapping_field fields[WF_MAPPING_FIELDS_MAX];
} wf_mapping;

// Everything in the arena; `file` is for messages and must outlive the mapping. Errors
// name file, line and field ("mapping.…", "yaml.…").
weft_status wf_mapping_parse(wf_text yaml, const char *file, const wf_mapping_kind *kinds,
                             size_t kinds_count, wf_arena *arena, const wf_mapping **ret,
                             weft_error *error) WEFT_MUST_CHECK;

// What a field's map makes of a text: its word, else what `otherwise` says.
wf_text wf_mapping_word_of(const wf_mapping_field *how, wf_text text);

// ---- a mapping bound to the columns of one file ----

#define WF_NO_COLUMN UINT32_MAX // the file lacks it
typedef struct {
    bool given;
    uint32_t columns[WF_MAPPING_COLUMNS_MAX]; // from 0, or WF_NO_COLUMN
    size_t columns_count;
    const wf_mapping_field *how; // NULL: the column as it is
    weft_time epoch;
} wf_bound_field;

#define WF_NO_SPLIT SIZE_MAX
typedef struct {
    const wf_mapping_kind *kind;
    const wf_zone *zone; // borrowed
    wf_bound_field fields[WF_MAPPING_FIELDS_MAX];
    size_t fields_count;
    size_t columns_needed; // a row with fewer fields cannot be read
    size_t columns_named;  // of the header, 0: there was none
    size_t split_field;    // or WF_NO_SPLIT
    wf_date_order dates;
} wf_binding;

// `mapping` NULL: each column of the header is a field of its name or title. `header` is
// the first row, or count 0 where the file has none. Unknown, doubled or missing columns:
// WEFT_BAD_INPUT ("mapping.…").
weft_status wf_mapping_bind(const wf_mapping *mapping, const wf_mapping_kind *kind,
                            const wf_zone *zone, const wf_text *header,
                            size_t header_count, wf_binding *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// The records that a row becomes: 1, or one a part of the split cell (none if it is
// empty; WF_BINDING_PARTS_MAX + 1 if there are more than may be). `row` has at least
// columns_needed fields.
#define WF_BINDING_PARTS_MAX 64
size_t wf_binding_records(const wf_binding *binding, const wf_text *row);
// The text of a field in the record `part` of a row; empty when not given. New texts
// are made in the arena; false when it is full.
bool wf_binding_text(const wf_binding *binding, size_t field, const wf_text *row,
                     size_t part, wf_arena *arena, wf_text *ret) WEFT_MUST_CHECK;
// The word that stands for what people write in the field; else the text itself.
wf_text wf_binding_word(const wf_binding *binding, size_t field, wf_text text);
// Reads a field's text as a time by its format; as wf_time_parse otherwise. ISO 8601 is
// read beside every format that does not begin with the year: workbooks give it.
bool wf_binding_time(const wf_binding *binding, size_t field, wf_text text,
                     weft_time *ret, wf_iso_kind *ret_kind);

// A date that is not ISO 8601, with or without a time of day (10:05 or 10:05:00), local:
// 2021/12/9 and 2021年12月9日 are read; 9/12/2021 (or . or - between) by the order that
// the mapping says.
typedef enum {
    WF_DATE_NONE, // it is no date
    WF_DATE_READ,
    WF_DATE_ASKED // a date whose order has to be said: *ret is untouched
} wf_date_found;
wf_date_found wf_binding_date(const wf_binding *binding, wf_text text, weft_time *ret,
                              wf_iso_kind *ret_kind);

#endif
