// What people read of the views: `weft help views` and docs/reference/views.md, both made
// from the headers of the files.
//
// All append to *to; false when memory ends. Threads: any.
#ifndef WF_DESK_PAGE_VIEWS_H
#define WF_DESK_PAGE_VIEWS_H

#include "model/catalogue.h"
#include "store/query/sql_file.h"

// Every view, a line each.
bool wf_page_views(wf_language language, wf_buffer *to) WEFT_MUST_CHECK;
// One view: what it is for, its columns, filters and sorts. *ret_known false: there is
// none of that name.
bool wf_page_view(wf_text name, wf_language language, wf_buffer *to,
                  bool *ret_known) WEFT_MUST_CHECK;
// The reference page, with both languages side by side.
bool wf_page_views_reference(wf_buffer *to) WEFT_MUST_CHECK;

#endif
