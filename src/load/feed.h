// The worker's half of an import: records → rows of the visit store and the register.
// Only for files of src/load.
#ifndef WF_LOAD_FEED_H
#define WF_LOAD_FEED_H

#include "load/case_numbers.h"
#include "load/import.h"
#include "load/reader.h"
#include "load/refused.h"
#include "store/roll.h"

enum {
    WF_FEED_BUCKETS = 64,      // days whose rows are gathered at a time
    WF_FEED_BUCKET_ROWS = 1024 // before they go to the batch
};

// Rows of one day on their way to the batch.
typedef struct {
    weft_day day;
    size_t count;
    union {
        wf_visit_row *visits;
        wf_encounter_row *meetings;
    };
} wf_feed_bucket;

// What is known of a day: a code when its rows are refused.
typedef struct {
    bool known;
    weft_day day;
    const char *refused;
} wf_feed_day;

// A growing list of days.
typedef struct {
    weft_day *days;
    size_t count, capacity;
} wf_feed_days;
// Sorts, drops what is doubled.
void wf_feed_days_tidy(wf_feed_days *days);

typedef struct wf_stash wf_stash;
typedef struct wf_fact_rows wf_fact_rows;
typedef struct wf_sheaf wf_sheaf;

typedef struct {
    const wf_import_city *city;
    const weft_import_options *options;
    weft_import_kind kind;
    weft_time as_of;
    wf_visits_batch *batch;
    wf_refused *refused;
    wf_line_notes *lines; // NULL: lines are as they are read
    weft_day today;
    weft_day first_kept; // days before it are past keeping; INT32_MIN: none is
    wf_calendar calendar;
    wf_feed_day days[WF_FEED_BUCKETS];
    wf_feed_bucket buckets[WF_FEED_BUCKETS];
    // Of the block being fed.
    wf_text *texts;
    uint32_t *numbers, *chosen;
    size_t capacity;
    uint32_t ordinal;        // of the next visit or encounter
    wf_stash *stash;         // rows of the register
    wf_fact_rows *fact_rows; // rows that become facts; NULL: none yet
    wf_sheaf *sheaf;         // what their facts go to
    wf_roll *roll;           // what they go to; NULL: to a delivery of the store
    wf_case_numbers *cases;  // of lists of cases, and while contacts are put
    // Days past keeping that have rows all the same, for the memory of --keep-until.
    wf_feed_days kept_days;
    wf_feed_days touched; // days with rows, perhaps doubled

    uint64_t rows, refused_rows, told, other_kinds, warned;
    uint64_t not_kept;   // of the refused, whose text is not
    size_t beside_bytes; // of headers and mapping that go with the next one that is kept
    const char *source_name; // of the block
    uint64_t register_accepted, register_had;
} wf_feed;

weft_status wf_feed_init(wf_feed *feed, const wf_import_city *city, weft_import_kind kind,
                         const weft_import_options *options, wf_visits_batch *batch,
                         wf_refused *refused, weft_error *error) WEFT_MUST_CHECK;
void wf_feed_done(wf_feed *feed);

// Takes one block: refused records are kept, all others handed on.
weft_status wf_feed_block(wf_feed *feed, const char *source_name, wf_load_block *block,
                          weft_error *error) WEFT_MUST_CHECK;
// Hands on what was gathered; nothing may be fed afterwards.
weft_status wf_feed_finish(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;

// The line at which a row of the block stood in the file it came in.
uint64_t wf_feed_line(const wf_feed *feed, const wf_load_block *block, size_t row);

// ---- feed_register.c ----
weft_status wf_stash_new(wf_stash **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_stash_free(wf_stash *stash); // NULL does nothing
weft_status wf_feed_register_block(wf_feed *feed, const wf_load_block *block,
                                   weft_error *error) WEFT_MUST_CHECK;
weft_status wf_feed_register_flush(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;
// Rows go to a roll (store/roll.h), which the caller commits when all are fed; by the
// thread that writes the store. The feed has it, and frees it.
weft_status wf_feed_roll(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;
// All rows are in the roll: judges and readies it.
weft_status wf_feed_roll_finish(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;

// ---- feed_stays.c ----
weft_status wf_feed_stays_block(wf_feed *feed, wf_load_block *block,
                                weft_error *error) WEFT_MUST_CHECK;
weft_status wf_feed_stays_flush(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;

#endif
