// What one person of a synthetic city does on one day. A pure function of the town, the
// person and the day: any day of anyone can be asked in any order, by any thread.
#ifndef WF_CITY_PLAN_H
#define WF_CITY_PLAN_H

#include "city/town.h"

#define WF_PLAN_STOPS_MAX 24
#define WF_DAY_MINUTES 1440

// Where within the place: kind of seat and up to three parts.
typedef enum {
    WF_SEAT_NONE,
    WF_SEAT_TABLE,    // T07 of restaurants and canteens
    WF_SEAT_CARRIAGE, // 05/12F of trains
    WF_SEAT_ROW,      // 12F of coaches and aircraft
    WF_SEAT_CABIN,    // C12 of ships
    WF_SEAT_ZONE,     // Z03 of large offices
    WF_SEAT_ROOM,     // 214 of isolation sites
} wf_seat_kind;

typedef struct {
    uint8_t kind; // wf_seat_kind
    uint8_t carriage;
    uint8_t number;
    uint8_t letter; // 'A' …, 0: none
} wf_seat;

// A stay that begins on the day; minutes since its 00:00, start < end. The night at home
// ends on the next day.
typedef struct {
    wf_spot spot;
    int32_t start;
    int32_t end;
    wf_seat seat;
    bool guessed; // its end was not observed
} wf_town_stop;

// Fills `stops` in rising order of time; they do not overlap, nor do those of
// neighbouring days. Nobody has more than WF_PLAN_STOPS_MAX. The last night ends with
// the last day. On the first day the night before is given from 00:00.
size_t wf_plan_day(const wf_town *town, uint32_t person, uint32_t day,
                   wf_town_stop stops[WF_PLAN_STOPS_MAX]);

// The r-th most popular place of a kind.
uint32_t wf_popular_place(const wf_town *town, wf_place_kind kind, uint32_t rank);

#endif
