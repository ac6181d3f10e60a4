// Grid codes of a synthetic city: text of fixed widths (DESIGN §3): city 4, county 6,
// town 9, village 12, compound +3, building +3, household +4.
#ifndef WF_CITY_GRID_H
#define WF_CITY_GRID_H

#include "base/arena.h"
#include "base/text.h"

#define WF_GRID_COMPOUND 15
#define WF_GRID_BUILDING 18
#define WF_GRID_HOUSEHOLD 22

// Codes of the compounds in the order in which people live along them; each ended by NUL.
typedef struct {
    char (*compounds)[WF_GRID_COMPOUND + 1];
    char (*names)[48]; // of the finest named unit each lies in, "" when invented
    uint32_t compounds_count;
} wf_town_grid;

// Lays `compounds` compounds over the finest codes of a CSV "code,name[,…]" with a header
// (codes that no other code continues). The same order every time: rising codes. Codes
// that stop short of a village are continued with invented ones. Empty csv: below the
// invented city 9901 (no province has the number 99). Errors, with file and line:
// "city.grid_code" (not 4, 6, 9 or 12 digits), "city.grid_name", "city.grid_empty",
// "city.grid_few" (over 999 compounds would lie in one code).
weft_status wf_town_grid_lay(wf_text csv, const char *file, uint32_t compounds,
                             wf_arena *arena, wf_town_grid *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
