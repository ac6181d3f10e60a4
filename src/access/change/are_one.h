// Ids that were said to be one person, for an import or its preview, which ask it of each
// meeting: they are read once, with the first.
//
// Threads: those of the city.
#ifndef WF_ACCESS_CHANGE_ARE_ONE_H
#define WF_ACCESS_CHANGE_ARE_ONE_H

#include "access/city/city.h"

// Zero-initialise but for the city.
typedef struct {
    weft_city *city;
    bool read;
    wf_buffer shown; // of wf_alias_shown
} wf_are_one;

// Lets the import ask; `of` lives as long.
void wf_are_one_use(wf_are_one *of, wf_import_city *into);
void wf_are_one_done(wf_are_one *of);

#endif
