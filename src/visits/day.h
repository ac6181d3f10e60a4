// One civil day of visits and encounters, opened for search.
//
// A day is made of one or more segments (the day file, a small delta of late
// rows, the live tail); callers see their union. Rows stay as they came: doubled,
// overlapping and touching stays are given as stored, and joined by epi.
//
// Threads: an opened day is immutable and may be shared; each thread has its
// own lists.
#ifndef WF_VISITS_DAY_H
#define WF_VISITS_DAY_H

#include "base/time.h"
#include "model/stay.h"

typedef struct wf_day wf_day;

// Growing lists that calls append to; reuse them. Zero-initialised is empty.
typedef struct {
    wf_stay *rows;
    wf_stay_marks *marks; // parallel to rows when the call fills them, else NULL
    size_t count, capacity;
} wf_stay_list;
typedef struct {
    wf_stop *rows;
    size_t count, capacity;
} wf_stop_list;
typedef struct {
    wf_meeting *rows;
    size_t count, capacity;
} wf_meeting_list;
void wf_stay_list_done(wf_stay_list *list);
void wf_stop_list_done(wf_stop_list *list);
void wf_meeting_list_done(wf_meeting_list *list);

// Appends the stays at `place` that overlap [from, to) (minutes of the day),
// ordered by start. Costs the block of the place-day; at hubs (> 200 visits) only what
// can overlap. WEFT_NO_MEMORY is the only failure.
weft_status wf_day_place_stays(const wf_day *day, wf_place place, uint32_t from,
                               uint32_t to, wf_stay_list *list) WEFT_MUST_CHECK;
// Appends all stays at `place`, in any order, unless more than `most` visits are stored
// there (then none). *ret_visits says how many are. Finds the block once: for sweeps.
weft_status wf_day_place_whole(const wf_day *day, wf_place place, uint64_t most,
                               wf_stay_list *list, uint32_t *ret_visits) WEFT_MUST_CHECK;
// Brings the blocks of places of the day into the cache, all at once: for callers that
// read them next. Changes nothing else.
void wf_day_prefetch(const wf_day *day, const uint32_t *places, size_t count);
// wf_day_place_stays with seats and marks in list->marks.
weft_status wf_day_place_stays_marked(const wf_day *day, wf_place place, uint32_t from,
                                      uint32_t to, wf_stay_list *list) WEFT_MUST_CHECK;

// Appends where a person was on that day, ordered by start.
weft_status wf_day_person_stops(const wf_day *day, wf_person person,
                                wf_stop_list *list) WEFT_MUST_CHECK;

// Appends the distinct places of a person's day without their times (cheap:
// reads the person order only).
weft_status wf_day_person_places(const wf_day *day, wf_person person, uint32_t **places,
                                 size_t *count, size_t *capacity) WEFT_MUST_CHECK;
// Says whose places are asked for next: the memory that they lie in is fetched together,
// and not one line after the other.
void wf_day_expect_people(const wf_day *day, const wf_person *people, size_t count);

// Appends the encounters of a person on that day, ordered by (other, start).
weft_status wf_day_person_meetings(const wf_day *day, wf_person person,
                                   wf_meeting_list *list) WEFT_MUST_CHECK;

// Appends the people who had encounters on that day, some perhaps more than once.
weft_status wf_day_meeters(const wf_day *day, uint32_t **people, size_t *count,
                           size_t *capacity) WEFT_MUST_CHECK;

// Stored visits at a place on that day (0 when none): what --crowd counts.
uint32_t wf_day_place_visits(const wf_day *day, wf_place place);

// One more than the greatest place / person number with a row on that day.
uint32_t wf_day_places_end(const wf_day *day);
uint32_t wf_day_people_end(const wf_day *day);

weft_day wf_day_number(const wf_day *day);
uint64_t wf_day_visits(const wf_day *day);     // stored visits, pieces counted
uint64_t wf_day_encounters(const wf_day *day); // stored encounters
size_t wf_day_bytes(const wf_day *day);        // memory of the opened day

// The text of a seat or setting number of this day; "" for 0.
wf_text wf_day_seat_text(const wf_day *day, uint32_t seat);
wf_text wf_day_setting_text(const wf_day *day, uint32_t setting);

#endif
