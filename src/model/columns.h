// Columns of tables, fields of facts: name, type, unit, merge, whether they identify a
// person; and the columns of the files of persons, places and cases. One declaration,
// from which validation, schema and the reference page come.
#ifndef WF_MODEL_COLUMNS_H
#define WF_MODEL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"

typedef enum {
    WF_REGISTER_PERSONS,
    WF_REGISTER_PLACES,
    WF_REGISTER_CASES,
    WF_REGISTER_COUNT
} wf_register_kind;

typedef enum {
    WF_COLUMN_ID,     // the row's own external id
    WF_COLUMN_PERSON, // external id of a person
    WF_COLUMN_PLACE,  // external id of a place
    WF_COLUMN_TEXT,   // 1–bytes_max bytes of UTF-8 without control characters
    WF_COLUMN_DATE,   // civil date
    WF_COLUMN_TIME,   // instant, µs UTC
    WF_COLUMN_NUMBER, // finite decimal
    WF_COLUMN_YESNO,
    WF_COLUMN_WORD,    // one of a closed list
    WF_COLUMN_INTEGER, // whole number
    WF_COLUMN_FACT     // (device, seq) of a fact
} wf_column_type;

// How values from several facts become one (DESIGN §3, decisions/0003-the-ledger.md). A
// set is a table whose columns are all keys.
typedef enum {
    WF_MERGE_LAST, // of the greatest (at, device, seq); imported rows: (as-of, value)
    WF_MERGE_EARLIEST,
    WF_MERGE_LATEST,
    WF_MERGE_COUNT, // of live facts
    WF_MERGE_KEY    // names the row
} wf_merge;

// By what people are found: how a value is brought into the form in which it is compared
// (model/search.h).
typedef enum {
    WF_SEARCH_NONE,
    WF_SEARCH_NAME,
    WF_SEARCH_PHONE,
    WF_SEARCH_ID_NUMBER
} wf_search_rule;

typedef struct {
    const char *name;
    wf_column_type type;
    const char *unit; // "", "m2", "degrees"
    wf_merge merge;
    bool required;
    bool personal; // identifies a person: sealed, never printed
    bool keyed;    // sealed, but a keyed hash stands beside it, so that equality
                   // can be asked without the text
    bool indexed;  // tables: rows are found by it (by the keyed hash where sealed)
    wf_search_rule searched; // people are found by it: of kinds that name one person and
                             // may say where they live; what a rule makes of a value
                             // never changes unless the index gets a new version
    size_t bytes_max;        // ID, PERSON, PLACE, TEXT: longest text
    double min, max; // NUMBER, INTEGER: both ends allowed; whole numbers (INTEGER: from
                     // 2^63 on: no limit)
    const char *const *words; // WORD: ended by NULL
    bool list;                // fields only: a set of such values, 1–items_max
    size_t items_max;
    const char *zh, *en; // what it is
} wf_column;

#define WF_TEXT_BYTES_MAX 256
#define WF_GRID_BYTES_MAX 31 // the widths of DESIGN §3 add up to 22
#define WF_OCCUPATION_BYTES_MAX 63
#define WF_ONSET_KIND_BYTES_MAX 63

// Words of closed lists, ended by NULL.
extern const char *const wf_sex_words[];
extern const char *const wf_place_kind_words[];
// In the order of wf_case_class, without WF_CASE_UNCLASSIFIED.
extern const char *const wf_classification_words[];

// A column's place in its table is stored in sealed rows: append, never reorder.
typedef struct {
    const char *name;         // "persons"
    const wf_column *columns; // the id first
    size_t columns_count;
} wf_register_table;

#define WF_COLUMNS_MAX 16 // of a register table
const wf_register_table *wf_register_table_of(wf_register_kind kind);

// True for what stands in the sealed part of a row. Persons and places that a row
// refers to stand there by number, so that they need no sealing.
bool wf_column_is_sealed(const wf_column *column);

// True if `text` may be a value of an ID, PERSON, PLACE, TEXT or WORD column: its
// length, UTF-8, no control characters (C0, DEL, C1), one of the words.
bool wf_column_takes_text(const wf_column *column, wf_text text);
// The words of a column, with spaces between, into `room` bytes; false: it has none, or
// they have no room there.
bool wf_column_words(const wf_column *column, char *to, size_t room);
// The same for numbers: both ends of the range of a DATE (the years 1–9999), TIME (those
// years, with a day's leeway because they are of a zone), YESNO (0, 1), INTEGER, PERSON
// and PLACE (a number of the dictionary); and for NUMBER.
void wf_column_range(const wf_column *column, int64_t *ret_min, int64_t *ret_max);
bool wf_column_takes_number(const wf_column *column, int64_t number);
bool wf_column_takes_real(const wf_column *column, double real);

// "yes", "no", "true", "false", "y", "n", "1", "0", 是, 否 → 1 or 0; false (and *ret
// untouched) on anything else.
bool wf_column_parse_yesno(wf_text text, int64_t *ret);

#endif
