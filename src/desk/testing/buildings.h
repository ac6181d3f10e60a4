// Where people live, as small numbers: each grid code down to the building once.
//
// A code is cut after WF_BUILDING_BYTES (DESIGN §3: city 4, county 6, town 9, village 12,
// compound 15, building 18), so that a household counts for its building. A shorter code
// is of people whose building is not known, and stands for itself.
//
// Threads: one at a time.
#ifndef WF_DESK_TESTING_BUILDINGS_H
#define WF_DESK_TESTING_BUILDINGS_H

#include "base/text.h"

#define WF_BUILDING_BYTES 18
#define WF_BUILDING_NONE UINT32_C(0)    // of those who are not in the register
#define WF_BUILDING_NOWHERE UINT32_C(1) // of those without a grid

typedef struct wf_buildings wf_buildings;

// NULL without memory.
wf_buildings *wf_buildings_new(void);
void wf_buildings_free(wf_buildings *buildings); // NULL does nothing

// The first `width` bytes of a code, fewer where a letter would be cut.
wf_text wf_building_prefix(wf_text grid, size_t width);

// The number of a grid's building, made if it is new; an empty grid is NOWHERE. False
// without memory.
bool wf_buildings_intern(wf_buildings *buildings, wf_text grid, uint32_t *ret);
// How many numbers there are, NONE and NOWHERE among them.
uint32_t wf_buildings_count(const wf_buildings *buildings);
// Valid until the next intern; of NOWHERE it is empty.
wf_text wf_buildings_code(const wf_buildings *buildings, uint32_t building);

// All but NONE (count − 1), bytewise rising; valid until the next intern; NULL without
// memory. Sorted when codes have come since: about 20 ms for 75,000.
const uint32_t *wf_buildings_sorted(wf_buildings *buildings);
// How many of them come before the code, as they were last sorted.
size_t wf_buildings_before(const wf_buildings *buildings, wf_text code);

#endif
