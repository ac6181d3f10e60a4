// Which task each hole of a list has, kind by kind as they come.
#ifndef WF_DESK_COMMAND_TASKS_HELD_H
#define WF_DESK_COMMAND_TASKS_HELD_H

#include "desk/command/tasks_read.h"
#include "store/query/holes.h"

typedef struct {
    // question->now, db, protocol and arena; borrowed until done.
    const wf_view_call *call;
    wf_tasks tasks;
    bool is_read;
    wf_buffer kinds; // those that came
} wf_tasks_held;

void wf_tasks_held_init(const wf_view_call *call, wf_tasks_held *ret);
void wf_tasks_held_done(wf_tasks_held *held);

// *ret: the task of the hole that is not closed, of several the one that was assigned
// last; lives until the next find. NULL: it has none.
weft_status wf_tasks_held_find(wf_tasks_held *held, const wf_hole *hole,
                               const wf_task **ret, weft_error *error) WEFT_MUST_CHECK;

// The post that has to close the hole: of its work group the one with the finest grid
// around the hole that a roster names, or that somebody is owed at. What lies nowhere
// is with the group's highest post, where that is one. Lives as `held`.
typedef enum {
    WF_POST_FOUND,
    WF_POST_NO_ROSTER, // no roster names one of the group around it
    WF_POST_NO_GRID    // it lies nowhere, and the group has no one highest post
} wf_post_why;
weft_status wf_tasks_held_post(wf_tasks_held *held, wf_text group, wf_text grid,
                               wf_text *ret_post, wf_post_why *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
