// Rows of a records.db of before the ledger become facts: those of the device import/KIND
// that a file with the same rows would have made. A row whose values are of several
// as-ofs becomes a fact for each.
#ifndef WF_LOAD_OLDER_H
#define WF_LOAD_OLDER_H

#include "load/import.h"
#include "store/older/older.h"

// rows = accepted + had + refused.
typedef struct {
    uint64_t rows, accepted, had, refused;
} wf_older_count;

// How many rows of each table there are, and how many cannot be read or name an id that
// the dictionary has not: those are refused.
weft_status wf_older_judge(const wf_import_city *city, wf_older *older,
                           wf_older_count ret[WF_REGISTER_COUNT],
                           weft_error *error) WEFT_MUST_CHECK;

// Sends the others, a delivery a table. What was sent before is had, so that it may be
// cut off anywhere: call it again.
weft_status wf_older_send(const wf_import_city *city, wf_older *older,
                          wf_older_count ret[WF_REGISTER_COUNT],
                          weft_error *error) WEFT_MUST_CHECK;

#endif
