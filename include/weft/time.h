// Instants and civil days as the API passes them.
#ifndef WEFT_TIME_H
#define WEFT_TIME_H

#include <stdint.h>

// An instant: microseconds since 1970-01-01T00:00:00Z; may be negative.
typedef struct {
    int64_t us;
} weft_time;

// A date on the calendar of the city's zone: days since 1970-01-01.
typedef struct {
    int32_t number;
} weft_day;

// "Not known" and, as an end, "still going on".
#define WEFT_TIME_NONE ((weft_time){INT64_MIN})

#endif
