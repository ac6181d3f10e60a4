// The columns of the register (persons, places, cases): name, type, unit, merge,
// whether they identify a person. One table, from which validation, schema and the
// reference page come; the ledger issue turns it into kinds of facts.
#ifndef WF_MODEL_COLUMNS_H
#define WF_MODEL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "base/time.h"

typedef enum { WF_REGISTER_PERSONS, WF_REGISTER_PLACES, WF_REGISTER_CASES,
               WF_REGISTER_COUNT } wf_register_kind;

typedef enum {
    WF_COLUMN_ID,     // the row's own external id
    WF_COLUMN_PERSON, // external id of a person
    WF_COLUMN_PLACE,  // external id of a place
    WF_COLUMN_TEXT,   // 1–256 bytes of UTF-8 without control characters
    WF_COLUMN_DATE,   // civil date
    WF_COLUMN_TIME,   // instant, µs UTC
    WF_COLUMN_NUMBER, // finite decimal
    WF_COLUMN_YESNO,
    WF_COLUMN_WORD    // one of a closed list
} wf_column_type;

// How values from several rows become one (DESIGN §3). For imported rows: `last` by
// (as-of, value).
typedef enum { WF_MERGE_LAST } wf_merge;

typedef struct {
    const char *name;
    wf_column_type type;
    const char *unit;  // "", "m2", "degrees"
    wf_merge merge;
    bool required;
    bool personal;     // identifies a person: sealed, never printed
    const char *const *words; // WORD: ended by NULL
    const char *zh, *en;      // what it is
} wf_column;

typedef struct {
    const char *name; // "persons"
    const wf_column *columns; // the id first
    size_t columns_count;
} wf_register_table;

#define WF_COLUMNS_MAX 16
const wf_register_table *wf_register_table_of(wf_register_kind kind);

#endif
