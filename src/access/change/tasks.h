// Tasks out of holes (include/weft/tasks.h) with the rights of an actor.
#ifndef WF_ACCESS_CHANGE_TASKS_H
#define WF_ACCESS_CHANGE_TASKS_H

#include "access/accounts/account_change.h"
#include "access/accounts/actor.h"
#include "access/city/city.h"
#include "access/rights/answers.h"
#include "weft/tasks.h"

// Whether their role gives tasks, or answers them: asked before the owner's turn. Else
// WEFT_BAD_INPUT ("access.kind").
weft_status wf_tasks_may_make(const wf_actor *actor, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_tasks_may_answer(const wf_actor *actor, weft_error *error) WEFT_MUST_CHECK;

// In the owner's turn (access/shared/shared.h). The holes are those that they are shown
// (wf_answers_holes). Each task is judged as if the actor had sent it: the post lies in
// their grid, and so does the task; the hole may be of somebody whom they reach beside
// it. A grid that is not: WEFT_BAD_INPUT
// ("access.grid"); a role that gives no tasks: ("access.kind").
weft_status wf_tasks_make_as(weft_city *city, const wf_actor *actor,
                             const weft_tasks_request *request, weft_tasks_reply *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// In the owner's turn: the task is given to another post, to be closed by `due`; what it
// is about stays. One that is not in their grid: WEFT_NOT_FOUND ("view.unknown"); a time
// that has passed: WEFT_BAD_INPUT ("tasks.due").
weft_status wf_task_give_again(weft_city *city, const wf_actor *actor, const char *task,
                               const char *post, weft_time due, weft_fact_reply *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// weft_tasks_propose of what they are shown; on a reader, or in the owner's turn.
weft_status wf_tasks_propose_as(const wf_asker *asker, const weft_tasks_request *request,
                                bool (*row)(void *context, const weft_tasks_share *share),
                                void *context, weft_tasks_proposal *ret,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
