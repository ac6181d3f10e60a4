// The register as look-ups ask it: persons, places and cases out of the rows that are
// made from facts (records.h).
//
// Answers are of one snapshot of what was applied: it is kept open between questions (a
// look-up asks for thousands of places) until wf_register_refresh.
//
// Threads: one call at a time.
#ifndef WF_STORE_REGISTER_H
#define WF_STORE_REGISTER_H

#include "base/arena.h"
#include "model/case.h"
#include "model/columns.h"
#include "model/place_kind.h"
#include "store/register/places.h"
#include "store/store.h"

typedef struct wf_register wf_register;

// `keys` as the store's; `kinds` must have the tables "person", "place" and "cases".
// While it is open the store may not be rebuilt.
weft_status wf_register_open(wf_store *store, wf_keys *keys, const wf_kinds *kinds,
                             wf_register **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_register_close(wf_register *reg); // NULL does nothing
// From here on answers are of what has been applied by now.
void wf_register_refresh(wf_register *reg);

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
// Its part that look-ups ask for thousands of times: from memory, where it is kept.
weft_status wf_register_place_brief(wf_register *reg, wf_place place, wf_place_brief *ret,
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
// refresh, not 0. The first question reads every person's grid (0.3 s a million).
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

// ---- secrets of users ----

#define WF_REGISTER_SECRET_MAX 128
// Ended by NUL; "": there is none. Whoever asked wipes it.
typedef struct {
    char secret[WF_REGISTER_SECRET_MAX + 1], totp[WF_REGISTER_SECRET_MAX + 1];
} wf_user_secret;
weft_status wf_register_user_secret(wf_register *reg, wf_text user, wf_user_secret *ret,
                                    weft_error *error) WEFT_MUST_CHECK;

#endif
