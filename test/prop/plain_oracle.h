// Random cities for the laws of plain look-ups, and the oracle that answers by
// definition.
//
// The oracle knows nothing of days, blocks, rings or sweeps. It cuts time at every
// instant at which anything begins or ends, asks of each slice who was where and who
// had met whom, and adds up lengths: O(slices × n²), from the stays as they were before
// they were cut at midnight.
#ifndef TEST_PROP_PLAIN_ORACLE_H
#define TEST_PROP_PLAIN_ORACLE_H

#include "base/time.h"
#include "trace/plain.h"

enum {
    people_max = 160,
    places_max = 12,
    stays_max = 700,
    meetings_max = 60,
    days_max = 7, // of the city; one more on both sides
    span_max = days_max + 4,
    slices_max = 2 * (stays_max + meetings_max) + span_max + 4
};

// Seconds since the first instant of the span.
typedef struct {
    uint32_t person, place, seat;
    int64_t start, end;
} stay;
typedef struct {
    uint32_t a, b;
    int64_t start, end;
} meeting;

typedef struct {
    uint64_t seed;
    wf_zone *zone;
    weft_day first_day;
    size_t days;
    int64_t starts[span_max + 1]; // of days
    uint32_t people, places;
    stay stays[stays_max];
    size_t stays_count;
    meeting meetings[meetings_max];
    size_t meetings_count;
    wf_plain_query query;
    int64_t from, to;
    uint64_t shuffle; // of rows and segments
} city;

typedef struct {
    unsigned generation; // 0: not in the answer
    int64_t seconds, first, last;
    uint32_t via;
    int64_t via_seconds;
} result;
typedef result results[people_max];

// "k7-0012": ids whose order is not that of the numbers.
wf_text plain_id_of(uint32_t person, char buffer[16]);
bool plain_id_less(uint32_t a, uint32_t b);

// A city of one seed, with a question; its zone is the caller's to close.
void plain_make_city(city *c, uint64_t seed);
// The first instant of a day, in the span's seconds.
int64_t plain_instant_of(const city *c, size_t day);
// What is left of a stay on a day; start ≥ end: nothing.
stay plain_part_of(const city *c, const stay *of, size_t day);
// True when an earlier stay left the same on that day: it is stored once.
bool plain_is_repeat(const city *c, size_t at, size_t day);

// The answer by definition; rows are by person.
void plain_oracle(const city *c, results rows);

#endif
