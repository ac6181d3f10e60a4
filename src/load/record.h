// Records: what the reader makes of the rows of a file, checked by their own line only.
//
// A record is one visit, encounter, person, place or case, still with ids in text. What
// depends on the state of the city (days that are forgotten or past keeping) is judged
// by the worker. Only for files of src/load.
#ifndef WF_LOAD_RECORD_H
#define WF_LOAD_RECORD_H

#include "load/span.h"
#include "model/columns.h"
#include "model/ids.h"
#include "store/register/register.h"
#include "weft/import.h"
#include "wire/mapping.h"

// How far ahead of the city's clock a time may be (clocks differ).
#define WF_AHEAD_MAX_US (10 * WF_US_PER_MINUTE)

// The fields of each kind, as mappings and headers name them.
// What a mapping may name: every kind but facts, which are no table and have no fields.
#define WF_LOAD_TABLES WEFT_IMPORT_KIND_COUNT

typedef struct {
    wf_mapping_target fields[WF_LOAD_TABLES][WF_MAPPING_FIELDS_MAX + 1];
    wf_mapping_called called[WF_LOAD_TABLES][WF_MAPPING_FIELDS_MAX];
    wf_mapping_kind kinds[WF_LOAD_TABLES];
} wf_load_kinds;
void wf_load_kinds_init(wf_load_kinds *ret);

typedef enum {
    VISIT_PERSON,
    VISIT_PLACE,
    VISIT_START,
    VISIT_END,
    VISIT_SEAT,
    VISIT_GUESSED
} wf_visit_field;
typedef enum { MEET_A, MEET_B, MEET_START, MEET_END, MEET_SETTING } wf_meet_field;

typedef struct {
    uint32_t row;        // of the block
    uint32_t values;     // persons, places, cases: where its values begin in the block
    const char *refused; // catalogue code, NULL: nothing is wrong with its own line
    const char *field;   // at fault, or NULL
    bool dated;          // first_day is set
    weft_day first_day, last_day;
    // Visits and encounters; seconds or minutes of the first and the last day.
    wf_text who, where, note; // person, place, seat; a, b, setting
    uint32_t start, end;
    bool guessed;
} wf_load_record;

typedef struct {
    weft_import_kind kind;
    const wf_binding *binding;
    wf_calendar *calendar;
    bool stay_given; // the mapping says what an empty end means
    int64_t stay_minutes;
    bool clocked; // what begins after `now` is refused
    weft_time now;
} wf_load_rules;

// The rules of an import; all is borrowed, `mapping` may be NULL.
wf_load_rules wf_load_rules_of(weft_import_kind kind, const wf_binding *binding,
                               wf_calendar *calendar, const wf_mapping *mapping,
                               bool clocked, weft_time now);

// Reads the text of a field that is a time: NULL, or what is wrong ("import.time",
// "import.date_order").
const char *wf_record_time(const wf_load_rules *rules, size_t field, wf_text text,
                           weft_time *ret, wf_iso_kind *ret_kind);
// Checks a visit or encounter whose texts stand in the fields' order.
void wf_record_check_stay(const wf_load_rules *rules, const wf_text *texts,
                          wf_load_record *record);
// Checks a row of the register: fills one value a column (numbers of people and places
// are left to the caller), or says what is wrong. *ret_other_kind: a place whose kind is
// not in the list was read as `other`.
void wf_record_check_register(const wf_load_rules *rules, const wf_text *texts,
                              wf_load_record *record, wf_value *values,
                              bool *ret_other_kind);

// A date of which nobody said whether day or month comes first: the whole import has to
// ask.
#define WF_IMPORT_DATE_ORDER "import.date_order"

// The first row of every list that a drill writes.
#define WF_DRILL_MARK "演练 DRILL"
// The id of a template's example, which nobody is.
#define WF_EXAMPLE_ID "EXAMPLE"

// What is wrong with an external id: a code, or NULL. It is UTF-8.
const char *wf_record_id_wrong(wf_text id);

// Rows of persons, places and cases, which are values of the register.
bool wf_load_is_register(weft_import_kind kind);
// Visits and encounters.
bool wf_load_is_stays(weft_import_kind kind);
// The columns of a kind whose rows are values: of the register, or contacts.
const wf_register_table *wf_load_table_of(weft_import_kind kind);

// The words that a column of such rows takes, parted by blanks, for whoever wrote another
// ("import.word"); false: the column is not of words, or there is no room.
bool wf_load_words_of(weft_import_kind kind, const char *column, char *to, size_t room);

#endif
