// What people read of the kinds of facts: `weft help facts` and docs/reference/facts.md,
// both made from the declarations.
//
// All append to *to; false when memory ends. Threads: any.
#ifndef WF_DESK_PAGE_H
#define WF_DESK_PAGE_H

#include "model/catalogue.h"
#include "model/kind.h"

// Every kind, a line each.
bool wf_page_kinds(const wf_kinds *kinds, wf_language language,
                   wf_buffer *to) WEFT_MUST_CHECK;
// One kind: what it says, who sends it, its fields, an example.
bool wf_page_kind(const wf_kind *kind, wf_language language,
                  wf_buffer *to) WEFT_MUST_CHECK;
// The reference page, with both languages side by side.
bool wf_page_reference(const wf_kinds *kinds, wf_buffer *to) WEFT_MUST_CHECK;
// A line of the kind that can be sent: what is required, with invented values.
bool wf_page_example(const wf_kind *kind, wf_buffer *to) WEFT_MUST_CHECK;

#endif
