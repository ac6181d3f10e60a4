// Tasks out of holes (include/weft/tasks.h) with the rights of an actor.
#ifndef WF_ACCESS_CHANGE_TASKS_H
#define WF_ACCESS_CHANGE_TASKS_H

#include "access/accounts/actor.h"
#include "access/city/city.h"
#include "weft/tasks.h"

// Whether their role gives tasks, or answers them: asked before the owner's turn. Else
// WEFT_BAD_INPUT ("access.kind").
weft_status wf_tasks_may_make(const wf_actor *actor, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_tasks_may_answer(const wf_actor *actor, weft_error *error) WEFT_MUST_CHECK;

// In the owner's turn (access/shared/shared.h). Each task is judged as if the actor had
// sent it: the holes and the post lie in their grid. A grid that is not: WEFT_BAD_INPUT
// ("access.grid"); a role that gives no tasks: ("access.kind").
weft_status wf_tasks_make_as(weft_city *city, const wf_actor *actor,
                             const weft_tasks_request *request, weft_tasks_reply *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
