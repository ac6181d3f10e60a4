// The questions in SQL of all desks, as their files say them:
// src/desk/<desk>/views/*.sql, holes/*.sql and shared/*.sql, which are part of the
// program (src/desk/meson.build lists them).
#ifndef WF_DESK_QUERIES_H
#define WF_DESK_QUERIES_H

#include "store/query/view.h"

// Static, in the order of the list. Threads: any.
const wf_sql_text *wf_desk_views(size_t *ret_count);
const wf_sql_text *wf_desk_holes(size_t *ret_count);
// What views and holes may read, in this order: what several of them have in common and
// nobody asks by itself, then the views.
const wf_sql_text *wf_desk_readable(size_t *ret_count);

// The functions behind views that say "computed: yes" and need nothing but what they are
// called with.
const wf_view_computed *wf_desk_computed(size_t *ret_count);

// Whom somebody reaches beside their grid: custody and assignment. Static.
const wf_beside_sql *wf_desk_beside(void);

// The ids of one person (register/alias.h), as views ask for them. Static.
const char *wf_desk_same_person(void);

// Follows the rows of the records and publishes what says so (store/query/publish.h). It
// stands behind the follower of aliases (desk/register/alias.h), whose table that reads.
wf_follower wf_desk_publisher(void);

#endif
