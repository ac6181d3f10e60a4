// The doctor: what around a city and in it could end badly, said before it does.
#ifndef WEFT_DOCTOR_H
#define WEFT_DOCTOR_H

#include "weft/city.h"

typedef enum {
    WEFT_CHECK_OK,
    WEFT_CHECK_LOOK, // somebody should look, by day
    WEFT_CHECK_BAD   // data or the secrecy of data is in danger now
} weft_check_level;

// One thing that was looked at.
typedef struct {
    const char *name; // "disk"; stays the same in every version
    weft_check_level level;
    // The sentence, and with LOOK and BAD what to do: a code of the catalogue, also where
    // all is well. No person's id is ever in it.
    weft_error what;
} weft_check;

// Looks at the machine (room on disk, mount, clock, swap, locked memory, core dumps,
// modes of files) and, if the city opens, into it (keys, what is due to be forgotten,
// refused lines, gaps in senders' books, rows behind the ledger, the last
// backup, copies of keys that are out, the database server).
// Calls `each` once a check. A city that does not open is a check of its own ("city"),
// and the machine is looked at all the same. Changes nothing; no network but to the
// city's own database server. WEFT_FOUND_WRONG ("doctor.found") when a check is bad; no
// city there: WEFT_NOT_FOUND.
weft_status weft_doctor(const char *dir, const weft_key_options *keys,
                        void (*each)(void *context, const weft_check *check),
                        void *context, weft_error *error) WEFT_MUST_CHECK;
// The same of a city that is open, and the process that has it.
weft_status weft_doctor_inside(weft_city *city, const weft_key_options *keys,
                               void (*each)(void *context, const weft_check *check),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
