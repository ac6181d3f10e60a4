// What is due to be forgotten, by the protocol's and the law's days of keeping.
#ifndef WF_ACCESS_CHANGE_DUE_H
#define WF_ACCESS_CHANGE_DUE_H

#include "access/city/city.h"

// All days before these are due; INT32_MIN: nothing is, or the city has no time yet.
typedef struct {
    weft_day visits;             // days kept longer by --keep-until are left out
    weft_day refused;            // rows whose day could not be read, by their receipt
    weft_day facts[WF_KEEP_END]; // bodies, by their class
} wf_due;

weft_status wf_due_read(weft_city *city, wf_due *ret, weft_error *error) WEFT_MUST_CHECK;

// What is due and still there: nothing right after a purge.
typedef struct {
    uint64_t keys; // of days that are due
    int32_t days;  // for which the oldest of them has been due
} wf_due_late;
weft_status wf_due_late_read(weft_city *city, wf_due_late *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
