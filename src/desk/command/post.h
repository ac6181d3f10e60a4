// Posts as texts: a work group and a grid, "tracing@320282003".
#ifndef WF_DESK_COMMAND_POST_H
#define WF_DESK_COMMAND_POST_H

#include "base/arena.h"
#include "base/text.h"

// What stands behind the last "@", borrowed; size 0: the post says none.
wf_text wf_post_grid(wf_text post);

// Digits of the grid of a city, above which no post stands, and of a county.
enum { WF_POST_CITY_DIGITS = 4, WF_POST_COUNTY_DIGITS = 6 };

// The post of the same work group `steps` levels of the grid further up: from a household
// to its building, compound, village, town, county and city (DESIGN §3). It stops where
// the next level has fewer digits than `top_digits`. A post without a grid stays what it
// is. In the arena; NULL bytes: no memory.
wf_text wf_post_above(wf_text post, size_t steps, size_t top_digits, wf_arena *arena);

#endif
