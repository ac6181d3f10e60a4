// The questions in SQL of all desks, as their files say them: src/desk/<desk>/views/*.sql
// and holes/*.sql, which are part of the program (src/desk/meson.build lists them).
#ifndef WF_DESK_QUERIES_H
#define WF_DESK_QUERIES_H

#include "store/query/sql_file.h"

// Static, in the order of the list. Threads: any.
const wf_sql_text *wf_desk_views(size_t *ret_count);
const wf_sql_text *wf_desk_holes(size_t *ret_count);

#endif
