#include "desk/queries.h"

#include "desk/declare.h"
#include "desk/queries_sql.h"

// The last element ends the list, so that it is never empty.
static const wf_sql_text views[] = {WF_DESK_VIEWS{NULL, NULL}};
static const wf_sql_text holes[] = {WF_DESK_HOLES{NULL, NULL}};

const wf_sql_text *wf_desk_views(size_t *ret_count)
{
    *ret_count = COUNT_OF(views) - 1;
    return views;
}

const wf_sql_text *wf_desk_holes(size_t *ret_count)
{
    *ret_count = COUNT_OF(holes) - 1;
    return holes;
}
