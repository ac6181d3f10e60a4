// Folders that an older version of the program made.
#ifndef WEFT_UPGRADE_H
#define WEFT_UPGRADE_H

#include <stdint.h>

#include "weft/city.h"

// Balance law: rows = accepted + had + refused. `had`: they came in by an upgrade that
// was cut off.
typedef struct {
    const char *name; // "persons", "places", "cases"
    uint64_t rows, accepted, had, refused;
} weft_upgrade_table;

#define WEFT_UPGRADE_TABLES 3

typedef struct {
    bool needed; // false: the folder is of this version, nothing was done
    weft_upgrade_table tables[WEFT_UPGRADE_TABLES];
} weft_upgrade_summary;

// Makes a folder of this version out of one of before the ledger: its persons, places and
// cases become facts of the devices import/KIND, each value with its as-of; visits stay
// as they are. Until it is done the folder opens for nothing else. May be cut off
// anywhere: call it again. Rows that cannot be read: WEFT_FOUND_WRONG
// ("upgrade.refused"), and nothing is sent, unless `leave_refused` gives them up. Rows of
// this version that were made by other kinds are made anew by opening the city, and need
// no upgrade.
weft_status weft_upgrade(const char *dir, const weft_key_options *keys,
                         bool leave_refused, weft_upgrade_summary *ret,
                         weft_error *error) WEFT_MUST_CHECK;

#endif
