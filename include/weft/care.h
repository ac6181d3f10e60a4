// Care of a city: what it holds, is it whole, what must be forgotten.
#ifndef WEFT_CARE_H
#define WEFT_CARE_H

#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

// A class of things of which the days before one are forgotten.
typedef struct {
    const char *name; // "visits", "refused", or a keeping class of facts ("testing")
    weft_day before;
} weft_forgotten;

#define WEFT_FORGOTTEN_MAX 8

// A city at one glance. Texts live as long as the city is open.
typedef struct {
    weft_city_kind kind;
    const char *zone, *protocol, *law, *grid;
    bool on_server; // the rows are kept by PostgreSQL
    weft_time now;  // the city's
    // The ledger's head. `link` is 64 hex digits, that of the chain after the newest
    // commit: it is printed on situation reports, and names everything before it.
    uint64_t commits, facts;
    weft_time received; // of the newest commit; WEFT_TIME_NONE: none yet
    char link[65];
    uint64_t as_of; // the rows hold the facts up to this one
    // Civil days with visits or encounters; the first and last when there are any.
    uint64_t days;
    weft_day first_day, last_day;
    uint64_t persons, places; // with an id: registered, met or visited
    uint64_t cases;
    uint64_t refused_files; // deliveries of which refused rows are left
    weft_forgotten forgotten[WEFT_FORGOTTEN_MAX];
    size_t forgotten_count;
    uint64_t keys_due; // keys of days that a purge would destroy now
} weft_overview;

// Looks at heads and counts only: no day of visits is opened, no row of a person read.
weft_status weft_city_overview(weft_city *city, weft_overview *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// Reads everything and names what is damaged, stale, swapped, keyless or stray, once
// each. WEFT_FOUND_WRONG when something was found.
weft_status weft_verify(weft_city *city,
                        void (*found)(void *context, const weft_error *what),
                        void *context, weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    uint64_t keys_destroyed, days_forgotten, files_removed, ids_forgotten;
    uint64_t refused_files_removed;
} weft_purge_summary;

// Forgets what is due by its class (the protocol's days of keeping, counted from the
// city's now) and, with `before`, also visits and encounters of all civil days before
// it. before NULL: only what is due; later than tomorrow in a real city: WEFT_BAD_USAGE
// ("purge.future"), since forgotten days take nothing in. Refused rows end with the day
// they are of, or were received on. May be cut off anywhere: call it again. While a
// living day cannot be read its ids are not known: then all ids are kept, and
// WEFT_DAMAGED or WEFT_KEYLESS
// ("visits.ids_kept") says so after everything else was done.
weft_status weft_purge(weft_city *city, const weft_day *before, weft_purge_summary *ret,
                       weft_error *error) WEFT_MUST_CHECK;

// One line of the digest: 32 bytes as 64 hex digits, sums modulo 2^256 of BLAKE2b-256
// of each canonical row.
typedef struct {
    const char *name; // "total", a table ("person", "tube"), a day ("2021-12-11")
    char hex[65];
    const char *note; // "", or "forgotten", "damaged", "keyless"
} weft_digest_line;

// Calls `line` with the total first, then once a table and day. Equal for equal
// contents of net and visits, whatever the order of arrival, the keys or the looks. A
// day that cannot be read counts as nothing; then the status is WEFT_DAMAGED or
// WEFT_KEYLESS ("digest.incomplete") after all lines were given.
weft_status weft_digest(weft_city *city,
                        void (*line)(void *context, const weft_digest_line *),
                        void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
