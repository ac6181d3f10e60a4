// The register: persons, places and cases in <city>/records.db (SQLite).
//
// Rows are keyed by the dictionary's numbers (persons, places) or by case id, so that
// no external id of a person stands in the clear; identifying columns are sealed with
// the ring's REGISTER key. wf_register_put is the only path into these tables: the
// importer calls it now, the ledger later.
//
// Threads: one call at a time.
#ifndef WF_STORE_REGISTER_H
#define WF_STORE_REGISTER_H

#include "base/arena.h"
#include "keys/ring.h"
#include "model/case.h"
#include "model/columns.h"
#include "model/place_kind.h"

typedef struct wf_register wf_register;

// Opens records.db, makes it if it is not there. Another program's or a newer file:
// WEFT_BAD_INPUT; damaged: WEFT_DAMAGED.
weft_status wf_register_open(const char *city_dir, wf_keys *keys, wf_register **ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_register_close(wf_register *reg);

// One value of a row; text borrowed. `given` false: the row says nothing of the column
// (an empty field), which never erases.
typedef struct {
    bool given;
    wf_text text;   // ID, TEXT, WORD: as it came
    int64_t number; // DATE days, TIME µs, YESNO 0/1, PERSON/PLACE number
    double real;    // NUMBER
} wf_value;

typedef enum { WF_PUT_ACCEPTED, WF_PUT_HAD } wf_put_result;

// A delivery of rows: all of them become visible at commit, or none. A row counts as
// accepted when it made or changed a value that is visible, as had otherwise.
weft_status wf_register_begin(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
// `number`: the dictionary's number of the row's person or place; for cases unused (the
// id is values[0].text). values: one a column of the table.
weft_status wf_register_put(wf_register *reg, wf_register_kind kind, uint32_t number,
                            const wf_value *values, weft_time as_of, wf_put_result *ret,
                            weft_error *error) WEFT_MUST_CHECK;
weft_status wf_register_commit(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
void wf_register_rollback(wf_register *reg);

// ---- asking ----

// What the look-ups need of a place. Not registered: kind OTHER, nothing known.
typedef struct {
    wf_place_kind kind;
    int ventilated;   // 1, 0, −1 not known
    double area_m2;   // 0: not known
    char grid[32];
    bool registered;
    uint32_t parent;  // number of the place it is part of, WF_NUMBER_NONE: none
} wf_place_about;
weft_status wf_register_place(wf_register *reg, wf_place place, wf_place_about *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// What ranking and source finding need of a person. Not registered: nothing known.
typedef struct {
    char grid[32];
    uint64_t household;       // 0: not known; equal for people of one household
    weft_day birth;           // number INT32_MIN: not known
    char occupation[64];
    bool registered;
} wf_person_about;
weft_status wf_register_person(wf_register *reg, wf_person person, wf_person_about *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// A case by its id; onset_kind in the arena. Unknown: WEFT_NOT_FOUND ("case.unknown").
weft_status wf_register_case(wf_register *reg, wf_text case_id, wf_arena *arena,
                             wf_case *ret, weft_error *error) WEFT_MUST_CHECK;
// All cases in the order of (reported, id).
typedef struct {
    wf_text id;
    wf_case about;
} wf_case_row;
weft_status wf_register_cases(wf_register *reg, wf_arena *arena, wf_case_row **ret,
                              size_t *ret_count, weft_error *error) WEFT_MUST_CHECK;

// True for a person or place number that some row holds: a purge keeps such ids.
bool wf_register_has_person(wf_register *reg, uint32_t number);
bool wf_register_has_place(wf_register *reg, uint32_t number);

// Digest of one table: sum modulo 2^256 of BLAKE2b-256 of each canonical row with
// external ids (`text_of` gives the id of a person's or place's number).
weft_status wf_register_digest(wf_register *reg, wf_register_kind kind,
                               wf_text (*text_of)(void *context, wf_column_type type,
                                                  uint32_t number),
                               void *context, unsigned char ret[32],
                               weft_error *error) WEFT_MUST_CHECK;

// Checks the file (SQLite's integrity check) and that sealed columns open.
weft_status wf_register_verify(wf_register *reg,
                               void (*found)(void *context, const weft_error *what),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
