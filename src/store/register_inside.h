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

// DESIGN §3: city 4, county 6, town 9 characters.
#define WF_TOWN_BYTES 9

// The town of a grid code; the bytes of one that is not known are zero.
typedef struct {
    bool known;
    char bytes[WF_TOWN_BYTES];
} wf_town_code;
wf_town_code wf_town_code_of(wf_text grid);

typedef struct {
    wf_town_code code;
    bool is_read;   // `people` is what the file says
    int64_t people; // who live there, or by how many they become more
} wf_town;

// Towns by code, numbered from 1 in the order they are met. Zero-initialised is empty.
typedef struct {
    wf_town *towns;
    size_t count; // with number 0; 0: nothing met yet
    uint32_t *slots;
    size_t slots_count; // a power of two
    uint32_t newest;    // found
    uint64_t seed;
} wf_town_list;
void wf_town_list_done(wf_town_list *list);

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
    struct wf_town_book *towns;    // NULL: not asked since then
    size_t grid_column;            // of persons
    wf_town_list moved;            // during a delivery: how the counts of towns change
};

// Where a table has the column, which it must have.
size_t wf_register_column(const wf_register_table *table, const char *name);

// Steps `statement` of `read` to the row of a number; the caller resets it.
weft_status wf_register_ask_number(wf_register *reg, sqlite3_stmt *statement,
                                   uint32_t number, bool *ret_row,
                                   weft_error *error) WEFT_MUST_CHECK;

// A person's town in the delivery; before it commits the counts are put.
weft_status wf_register_town_moved(wf_register *reg, const wf_town_code *before,
                                   const wf_town_code *after,
                                   weft_error *error) WEFT_MUST_CHECK;
weft_status wf_register_towns_put(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
// Whether the counts, where they are kept, are those of the rows. In the snapshot.
weft_status wf_register_towns_check(wf_register *reg, bool *ret_right,
                                    weft_error *error) WEFT_MUST_CHECK;

void wf_town_book_free(struct wf_town_book *book); // NULL does nothing

// Forgets what was read once since the last commit.
void wf_register_forget_read(wf_register *reg);

// Opens the snapshot if it is not open; lets it go.
weft_status wf_register_read_begin(wf_register *reg, weft_error *error) WEFT_MUST_CHECK;
void wf_register_read_end(wf_register *reg);

#endif
