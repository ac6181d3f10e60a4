// The rows of command/tasks, command/task_counts, command/overdue, command/posts and
// command/shifts.
#ifndef WF_DESK_COMMAND_TASKS_H
#define WF_DESK_COMMAND_TASKS_H

#include "store/query/view.h"

// For wf_view_computed. How a task stands: tasks_read.h.
weft_status wf_tasks_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error) WEFT_MUST_CHECK;
weft_status wf_tasks_overdue_rows(void *context, const wf_view_call *call,
                                  wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;
// How many there are of each kind of hole, by state.
weft_status wf_tasks_counted_rows(void *context, const wf_view_call *call,
                                  wf_view_sink *sink, weft_error *error) WEFT_MUST_CHECK;
// Who holds which post now, who comes next, and how much lies with it.
weft_status wf_posts_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error) WEFT_MUST_CHECK;
// Every shift that is not over.
weft_status wf_shifts_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
