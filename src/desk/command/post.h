// Posts as texts: a work group and a grid, "tracing@320282003".
#ifndef WF_DESK_COMMAND_POST_H
#define WF_DESK_COMMAND_POST_H

#include "base/arena.h"
#include "base/text.h"

// What stands behind the last "@", borrowed; size 0: the post says none.
wf_text wf_post_grid(wf_text post);

// The post of the same work group `steps` levels of the grid further up, at most the
// city's: from a household to its building, compound, village, town, county and city
// (DESIGN §3). A post without a grid stays what it is. In the arena; NULL bytes: no
// memory.
wf_text wf_post_above(wf_text post, size_t steps, wf_arena *arena);

#endif
