// Finding people by what is known of them: a name, a phone, the number of a document.
//
// Names and numbers are sealed; what is asked is compared by keyed hashes, and the
// person's record as it stands now has the last word (docs/reference/search.md).
#ifndef WEFT_SEARCH_H
#define WEFT_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/city.h"

typedef enum { WEFT_FIND_NAME, WEFT_FIND_PHONE, WEFT_FIND_ID_NUMBER } weft_find_by;

#define WEFT_FIND_LIMIT_MAX 500

typedef struct {
    weft_find_by by;
    const char *value;
    // People whose grid code begins so; NULL or "": all. A name is sought as a whole
    // everywhere; within a grid also by its parts: two neighbouring Chinese characters,
    // words of a name in letters.
    const char *grid;
    uint64_t limit; // 1 to WEFT_FIND_LIMIT_MAX people are given; 0: 50
} weft_find_query;

// No more than tells one person from another: what was not asked for is not shown.
typedef struct {
    const char *person, *name, *grid; // name, grid: "" when not known
} weft_found_person;

typedef struct {
    uint64_t given, found; // more than were given are named by a smaller grid
} weft_find_summary;

// Calls `row` for the people found, by their ids; what it is given lives until it
// returns; false ends the search with WEFT_INTERRUPTED. Nothing left to seek, as in a
// phone number without digits: WEFT_BAD_INPUT ("find.empty").
weft_status weft_find(weft_city *city, const weft_find_query *query,
                      bool (*row)(void *context, const weft_found_person *row),
                      void *context, weft_find_summary *ret,
                      weft_error *error) WEFT_MUST_CHECK;

#endif
