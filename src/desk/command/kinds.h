// Who has to close which hole until when, instructions from above, and who holds which
// post. A task has no end of its own: it is over when its hole is (tasks.h).
//
// A post is a work group and a grid, "tracing@320282003": nobody's name, so that work
// does not go home with whoever held it.
#ifndef WF_DESK_COMMAND_KINDS_H
#define WF_DESK_COMMAND_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_task_assigned;
extern const wf_kind wf_kind_task_accepted;
extern const wf_kind wf_kind_task_returned;
extern const wf_table wf_table_task; // one row a task

// posts.c
extern const wf_kind wf_kind_instruction_received;
extern const wf_kind wf_kind_instruction_answered;
extern const wf_kind wf_kind_post_held;
extern const wf_kind wf_kind_shift_handed_over;
extern const wf_table wf_table_instruction;
extern const wf_table wf_table_post_holder; // one row a post, user and beginning
extern const wf_table wf_table_handover;    // one row a note

#endif
