// A city: one folder that holds a net of people, places and their meetings.
//
//   weft.yaml  ledger/  records.db  visits/2021-12-11.day  keys/  refused/  lock  clock
//
// One process owns the folder at a time (flock on `lock`). All functions of the API
// take an open city. Threads: one call at a time on one city, unless a function says
// otherwise; the library starts threads of its own.
#ifndef WEFT_CITY_H
#define WEFT_CITY_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/time.h"

typedef struct weft_city weft_city;

typedef enum { WEFT_CITY_REAL, WEFT_CITY_DRILL } weft_city_kind;

// Where keys are; zero-initialised means the defaults.
typedef struct {
    const char *key_dir; // NULL: $WEFT_KEY_DIR, $XDG_STATE_HOME/weft, ~/.local/state/weft
    const char *credential; // path of a credential file, NULL: none
} weft_key_options;

// Zero-initialised means the defaults in parentheses.
typedef struct {
    weft_city_kind kind;
    const char *clock;    // drill only: ISO time at which the city's clock starts (none)
    const char *protocol; // name of an edition ("nhc-covid-8")
    const char *grid;     // grid code that everything lies in (""; every grid is inside)
    const char *zone;     // tz name ("Asia/Shanghai")
    const char *law;      // name of a law profile ("cn")
    weft_key_options keys;
} weft_init_options;

// Makes a city in `dir`, which must not exist or be an empty folder, else
// WEFT_CONFLICT. On failure nothing of the city is left behind.
weft_status weft_city_init(const char *dir, const weft_init_options *options,
                           weft_error *error) WEFT_MUST_CHECK;

// Opens a city and takes its lock. No city there: WEFT_NOT_FOUND; another process
// has it: WEFT_BUSY; keys missing: WEFT_KEYLESS; weft.yaml wrong: WEFT_BAD_INPUT.
weft_status weft_city_open(const char *dir, const weft_key_options *keys, weft_city **ret,
                           weft_error *error) WEFT_MUST_CHECK;
void weft_city_close(weft_city *city); // NULL does nothing

weft_city_kind weft_city_kind_of(const weft_city *city);
const char *weft_city_zone(const weft_city *city);
const char *weft_city_protocol(const weft_city *city);

// The city's own time: the machine's in a real city, the kept one in a drill (the
// newest time in its facts, visits and encounters when it was never given one).
weft_time weft_city_now(const weft_city *city);

// ISO 8601 with the zone's offset, "" for WEFT_TIME_NONE. At least 40 bytes.
const char *weft_city_time_text(const weft_city *city, weft_time at, char buffer[40]);
// Reads "2021-12-11T07:41:05+08:00", "2021-12-11 07:41" (local), "2021-12-11" (start
// of that local day). Else WEFT_BAD_USAGE ("usage.time").
weft_status weft_city_time_parse(const weft_city *city, const char *text, weft_time *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// Who asks for a list that is cut by a grid: beside what lies there they reach, by
// custody and assignment, persons and cases that lie elsewhere. Texts are borrowed.
typedef struct {
    const char *grid;   // that they work for; a code
    const char *user;   // NULL: a device, which nobody is assigned as
    const char *person; // they themselves; NULL: not said
} weft_beside;

// Processors to use in every call that follows, 1 to 64 (default: all).
void weft_city_threads(weft_city *city, unsigned threads);

#endif
