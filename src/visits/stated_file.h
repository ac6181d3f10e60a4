// The table of what was stated of a day, as bytes; stated_file.c draws it. Only for files
// of src/visits.
#ifndef WF_VISITS_STATED_FILE_H
#define WF_VISITS_STATED_FILE_H

#include "visits/stated.h"
#include "visits/store.h"

// An entry as it was read: texts are borrowed from its bytes, rows stand here, so that it
// must not be copied.
typedef struct {
    wf_stated entry;
    uint64_t generation; // of the manifest that first named it
    wf_stated_visit visits[WF_STATED_ROWS_MAX];
    wf_stated_encounter encounters[WF_STATED_ROWS_MAX];
} wf_stated_read;

// Appends an entry. What is not as stated.h says of lengths: WEFT_TOO_LARGE
// ("visits.stated_too_large").
weft_status wf_stated_print(const wf_stated *entry, uint64_t generation, wf_buffer *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// Reads the bytes of one entry of the day; false when anything is not as drawn.
bool wf_stated_parse(wf_text bytes, weft_day day, wf_stated_read *ret);
// Begins a table; its entries are appended in the order of their names.
bool wf_stated_print_head(wf_buffer *ret);
// Change bytes of a table, of an entry in place.
void wf_stated_patch_count(char *table, size_t count);
void wf_stated_patch_generation(char *entry, uint64_t generation);
void wf_stated_patch_dead(char *entry, bool dead);

// The order of names: device bytewise, then seq. <0, 0, >0.
int wf_stated_order(wf_identity a, wf_identity b);

void wf_stated_table_done(wf_stated_table *table);
// Takes the bytes apart, which the table takes over when it returns WEFT_OK. Anything not
// as drawn: WEFT_DAMAGED ("visits.segment_damaged").
weft_status wf_stated_table_open(wf_segment_bytes *bytes, weft_day day,
                                 wf_stated_table *ret, weft_error *error) WEFT_MUST_CHECK;
// Entry `index`.
void wf_stated_table_read(const wf_stated_table *table, size_t index,
                          wf_stated_read *ret);
// The index of the entry of that name; table->count when there is none.
size_t wf_stated_table_find(const wf_stated_table *table, wf_identity id);

// Reads a day's table; an empty one where the manifest names none. WEFT_DAMAGED
// ("visits.day_file_damaged"), also without the key; WEFT_KEYLESS
// ("visits.day_keyless"); WEFT_FORGOTTEN.
weft_status wf_stated_load(const wf_visits *visits, const wf_manifest_day *day,
                           wf_stated_table *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
