// What people read of the kinds of holes: `weft help holes` and docs/reference/holes.md,
// both made from the headers of the files.
//
// All append to *to; false when memory ends. Threads: any.
#ifndef WF_DESK_PAGE_HOLES_H
#define WF_DESK_PAGE_HOLES_H

#include "model/catalogue.h"
#include "store/query/sql_file.h"

// Every kind, a line each.
bool wf_page_holes(wf_language language, wf_buffer *to) WEFT_MUST_CHECK;
// One kind: when it is one, whose it is, what closes it. An unknown one: false in
// *ret_known.
bool wf_page_hole(const char *name, wf_language language, wf_buffer *to,
                  bool *ret_known) WEFT_MUST_CHECK;
// The reference page, with both languages side by side.
bool wf_page_holes_reference(wf_buffer *to) WEFT_MUST_CHECK;

#endif
