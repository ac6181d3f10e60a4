// The register: persons, places and cases in <city>/records.db (SQLite).
//
// Rows are keyed by the dictionary's numbers (persons, places) or by case id, so that
// no external id of a person stands in the clear; identifying columns are sealed with
// the ring's REGISTER key. wf_register_put is the only path into these tables: the
// importer calls it now, the ledger later.
//
// Merging converges: per column the value with the greatest (as-of, value) stands, texts
// ordered bytewise, persons and places by their external ids, all others by size. Any
// order and repetition of deliveries ends in the same values, and in the same digest.
//
// SQLite does its own file I/O: records.db is outside the table of base/io.h.
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

// The external id of a number of the dictionary; `type` is WF_COLUMN_PERSON or
// WF_COLUMN_PLACE. The text must stand until the call that asked has returned.
typedef wf_text wf_register_text_of(void *context, wf_column_type type, uint32_t number);

// Opens records.db; makes it and its key when neither is there. Another program's or a
// newer file: WEFT_BAD_INPUT; damaged, lost though the ring has its key, or of another
// city: WEFT_DAMAGED; its key is not in the ring: WEFT_KEYLESS. `keys` must outlive the
// register.
weft_status wf_register_open(const char *city_dir, wf_keys *keys, wf_register **ret,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_register_close(wf_register *reg); // NULL does nothing; drops an open delivery

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
// accepted when it made the row or changed a value that is visible, as had otherwise.
//
// `text_of` is asked by puts when two persons or places of one as-of compete for a
// column.
weft_status wf_register_begin(wf_register *reg, wf_register_text_of *text_of,
                              void *context, weft_error *error) WEFT_MUST_CHECK;
// `number`: the dictionary's number of the row's person or place; for cases unused (the
// id is values[0].text). values: one a column of the table; values[0] is read for cases
// only. A value outside what its column takes: WEFT_BAD_INPUT ("register.value", field =
// the column), nothing of the row is stored and the delivery goes on. After any other
// failure the delivery can only be rolled back. Fast when numbers rise.
weft_status wf_register_put(wf_register *reg, wf_register_kind kind, uint32_t number,
                            const wf_value *values, weft_time as_of, wf_put_result *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// On failure (WEFT_DISK_FULL …) the delivery is rolled back and the register usable.
weft_status wf_register_commit(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
void wf_register_rollback(wf_register *reg); // without a delivery: does nothing
// How many deliveries were ever committed: what tells, after a crash, whether the last one
// was. Not while a delivery is open.
weft_status wf_register_deliveries(wf_register *reg, uint64_t *ret,
                                   weft_error *error) WEFT_MUST_CHECK;

// ---- asking ----
//
// Answers are of the last commit, also while a delivery is open.

// What the look-ups need of a place. Not registered: kind OTHER, nothing known.
typedef struct {
    wf_place_kind kind;
    int ventilated; // 1, 0, −1 not known
    double area_m2; // 0: not known
    char grid[32];
    bool registered;
    uint32_t parent; // number of the place it is part of, WF_NUMBER_NONE: none
} wf_place_about;
weft_status wf_register_place(wf_register *reg, wf_place place, wf_place_about *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// What ranking and source finding need of a person. Not registered: nothing known.
typedef struct {
    char grid[32];
    uint64_t household; // 0: not known; equal for people of one household
    weft_day birth;     // number INT32_MIN: not known
    char occupation[64];
    bool registered;
} wf_person_about;
weft_status wf_register_person(wf_register *reg, wf_person person, wf_person_about *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// The town of a person (the first nine bytes of the grid code), numbered from 1 as they
// are met; 0: not known. A person's row is read once after a commit.
weft_status wf_register_town(wf_register *reg, wf_person person, uint32_t *ret,
                             weft_error *error) WEFT_MUST_CHECK;
// How many people of the register live in a town that wf_register_town gave since the
// last commit, not 0. Deliveries keep count; in a file made before they did everybody is
// read, once after a commit, until one that changes a town.
weft_status wf_register_residents(wf_register *reg, uint32_t town, uint64_t *ret,
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

// True for a person or place number that some committed row holds, as its own or in
// another column: a purge keeps such ids. The first question after a commit reads the
// tables once; when that fails the answer is true, so that nothing is forgotten by
// mistake.
bool wf_register_has_person(wf_register *reg, uint32_t number);
bool wf_register_has_place(wf_register *reg, uint32_t number);

// The greatest number that any row holds of persons and of places, −1 when none does. A
// dictionary with fewer numbers is not the one this register was written beside.
weft_status wf_register_greatest(wf_register *reg, int64_t *ret_person,
                                 int64_t *ret_place, weft_error *error) WEFT_MUST_CHECK;

// Digest of one table: sum modulo 2^256 of BLAKE2b-256 of each canonical row with
// external ids (`text_of` gives the id of a person's or place's number). The as-ofs are
// not in it: two cities that say the same have the same digest. A row's bytes: the
// table's name, NUL, the id (4 bytes size, bytes), then per given column its name, NUL,
// size, bytes (texts and ids as they are, other numbers 8 bytes, decimals as IEEE 754;
// little endian).
weft_status wf_register_digest(wf_register *reg, wf_register_kind kind,
                               wf_register_text_of *text_of, void *context,
                               unsigned char ret[32], weft_error *error) WEFT_MUST_CHECK;

// Checks the file (SQLite's integrity check) and that every row reads and opens. `found`
// is told of each thing wrong (of unreadable rows: once a table, with their count).
weft_status wf_register_verify(wf_register *reg,
                               void (*found)(void *context, const weft_error *what),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
