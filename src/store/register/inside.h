// What the files of the register share. Only for files of src/store.
#ifndef WF_STORE_REGISTER_INSIDE_H
#define WF_STORE_REGISTER_INSIDE_H

#include "store/records/row.h"
#include "store/register/register.h"

typedef enum { WF_HELD_PERSONS, WF_HELD_PLACES, WF_HELD_COUNT } wf_held;

struct wf_register {
    wf_store *store;
    wf_database *db;
    const wf_kinds *kinds;
    wf_record_keys row_keys;
    wf_form person_form;
    wf_statement *person, *place, *one_case, *all_cases;
    wf_statement *whole_person;    // of search; NULL: not asked yet
    bool reading;                  // the snapshot is open
    uint64_t places_version;       // of wf_store_places, when it was opened
    wf_record row;                 // the person at hand
    uint64_t *held[WF_HELD_COUNT]; // a bit a number; NULL: not read since the refresh
    struct wf_town_book *towns;    // NULL: not read since then
};

// Steps `statement` to the row of a number; the caller resets it.
weft_status wf_register_ask_number(wf_register *reg, wf_statement *statement,
                                   uint32_t number, bool *ret_row,
                                   weft_error *error) WEFT_MUST_CHECK;

void wf_town_book_free(struct wf_town_book *book); // NULL does nothing

// Opens the snapshot if it is not open.
weft_status wf_register_read_begin(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;

#endif
