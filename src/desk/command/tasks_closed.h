// Which fact closed the hole of a task.
#ifndef WF_DESK_COMMAND_TASKS_CLOSED_H
#define WF_DESK_COMMAND_TASKS_CLOSED_H

#include "desk/command/tasks_read.h"

typedef struct {
    int64_t at;          // WF_TASK_NEVER: none is known
    const wf_kind *kind; // of the fact
    wf_text fact;        // "L-1/118"
} wf_task_closing;

// Of the live facts that name the task's subject and are of a kind that closes such holes
// ("closed_by"), the first that was since the task was last assigned; else the last one
// before. A hole may also end by facts of something else (a case turns out to be none):
// then none is known. Cost: a search in the index, and a reading of the ledger for each
// fact of the subject.
weft_status wf_task_closing_find(const wf_view_call *call, const wf_task *task,
                                 wf_task_closing *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
