// What the files of the register share. Only for files of src/store and its tests.
//
// Two connections: `write` holds the delivery, `read` a snapshot of the last commit, so
// that no answer sees half a delivery. The snapshot is kept open between questions (a
// look-up asks for thousands of places) and let go by the next commit.
#ifndef WF_STORE_REGISTER_INSIDE_H
#define WF_STORE_REGISTER_INSIDE_H

#include "store/register_row.h"

typedef struct {
    wf_table_form form;
    sqlite3_stmt *find;   // on `write`: a row by its key
    sqlite3_stmt *upsert; // on `write`
    sqlite3_stmt *touch;  // on `write`: as-ofs only
    sqlite3_stmt *scan;   // on `read`: all rows
    int64_t greatest;     // during a delivery: the greatest number in the table, or −1
} wf_register_state;

typedef enum { WF_HELD_PERSONS, WF_HELD_PLACES, WF_HELD_COUNT } wf_held;

struct wf_register {
    sqlite3 *write, *read;
    wf_keys *keys;
    wf_row_keys row_keys;
    wf_register_state tables[WF_REGISTER_COUNT];
    sqlite3_stmt *person, *place, *one_case, *all_cases; // on `read`
    bool reading;                                        // the snapshot is open
    bool delivering;                                     // between begin and commit
    bool failed; // a put of this delivery failed: nothing of it may become visible
    wf_register_text_of *text_of;
    void *text_context;
    wf_row row;                    // of the row at hand
    wf_buffer sealed;              // of the row at hand
    uint64_t *held[WF_HELD_COUNT]; // a bit a number; NULL: not read since the last commit
    struct wf_town_book *towns;    // NULL: not read since then
};

void wf_town_book_free(struct wf_town_book *book); // NULL does nothing

// Forgets what was read once since the last commit.
void wf_register_forget_read(wf_register *reg);

// Opens the snapshot if it is not open; lets it go.
weft_status wf_register_read_begin(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
void wf_register_read_end(wf_register *reg);

#endif
