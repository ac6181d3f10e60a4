// Grid codes: texts of fixed widths, so that what lies in an area are the codes that
// begin with the area's (DESIGN §3). Compared bytewise.
#ifndef WF_MODEL_GRID_H
#define WF_MODEL_GRID_H

#include "base/text.h"
#include "model/columns.h"

// All codes that begin with one: from <= code < to.
typedef struct {
    wf_text from; // the code itself, borrowed
    char to[WF_GRID_BYTES_MAX + 4];
    size_t to_size;
} wf_grid_area;

// False when `grid` is no code (1 to WF_GRID_BYTES_MAX bytes of UTF-8).
bool wf_grid_area_of(wf_text grid, wf_grid_area *ret);

// Whether `grid` lies in the area of `area`, which itself does; everything lies in that
// of size 0.
bool wf_grid_is_inside(wf_text grid, wf_text area);

#endif
