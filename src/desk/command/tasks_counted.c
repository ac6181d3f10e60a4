#include <stdlib.h>

#include "desk/command/tasks.h"
#include "desk/command/tasks_read.h"
#include "model/grid.h"

// In the order of the file's columns; the states in the order of wf_task_state_words.
enum {
    column_hole,
    column_title_zh,
    column_title_en,
    column_tasks,
    column_open,
    column_accepted,
    column_overdue,
    column_returned,
    column_closed,
    column_unknown,
    column_owner,
    column_grid,
    columns_count
};

enum { states_count = WF_TASK_UNKNOWN + 1 };

static int by_hole(const void *a, const void *b)
{
    const wf_task *const *left = a, *const *right = b;
    return wf_text_compare((*left)->hole, (*right)->hole);
}

// The owner that is asked for; size 0: every post.
static wf_text asked_owner(const wf_view_call *call)
{
    for (size_t i = 0; i < call->file->filters_count; i++)
        if (call->file->filters[i] == column_owner && call->question->filters[i].given)
            return call->question->filters[i].text;
    return WF_TEXT("");
}

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static wf_value count_value(int64_t number)
{
    return (wf_value){.given = true, .number = number};
}

// All of one kind of hole. The row lies in the grid that was asked for, as all that is
// counted in it does, or is beside it.
static weft_status give_kind(const wf_view_call *call, wf_text owner,
                             const wf_task *const *tasks, size_t count,
                             wf_view_sink *sink, weft_error *error)
{
    int64_t states[states_count] = {0};
    for (size_t i = 0; i < count; i++)
        states[tasks[i]->state]++;
    wf_value row[columns_count] = {
        [column_hole] = text_value(tasks[0]->hole),
        [column_tasks] = count_value((int64_t)count),
        [column_open] = count_value(states[WF_TASK_OPEN]),
        [column_accepted] = count_value(states[WF_TASK_ACCEPTED]),
        [column_overdue] = count_value(states[WF_TASK_OVERDUE]),
        [column_returned] = count_value(states[WF_TASK_RETURNED]),
        [column_closed] = count_value(states[WF_TASK_CLOSED]),
        [column_unknown] = count_value(states[WF_TASK_UNKNOWN]),
        [column_owner] = text_value(owner),
        [column_grid] = text_value(call->question->grid)};
    if (tasks[0]->rule != NULL) {
        row[column_title_zh] = text_value(wf_text_of(tasks[0]->rule->file.title_zh));
        row[column_title_en] = text_value(wf_text_of(tasks[0]->rule->file.title_en));
    }
    return wf_view_give(sink, row, error);
}

static weft_status give_kinds(const wf_view_call *call, const wf_tasks *tasks,
                              wf_view_sink *sink, weft_error *error)
{
    size_t all_count, count = 0;
    const wf_task *all = wf_tasks_all(tasks, &all_count);
    const wf_text owner = asked_owner(call);
    const wf_task **seen = wf_arena_array(call->arena, all_count + 1, sizeof *seen);
    if (seen == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < all_count; i++) {
        bool is_theirs = owner.size == 0 || wf_text_equal(all[i].owner, owner);
        if (is_theirs && (wf_grid_is_inside(all[i].grid, call->question->grid) ||
                          wf_task_is_beside(call, &all[i])))
            seen[count++] = &all[i];
    }
    if (count > 0)
        qsort(seen, count, sizeof(*seen), by_hole);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && by_hole(&seen[from], &seen[to]) == 0; to++)
            ;
        WF_TRY(give_kind(call, owner, seen + from, to - from, sink, error));
    }
    return WEFT_OK;
}

weft_status wf_tasks_counted_rows(void *context, const wf_view_call *call,
                                  wf_view_sink *sink, weft_error *error)
{
    wf_tasks tasks;
    (void)context;
    WF_ASSERT(call->file->columns_count == columns_count);
    weft_status status = wf_tasks_read(call, &tasks, error);
    if (status == WEFT_OK)
        status = give_kinds(call, &tasks, sink, error);
    wf_tasks_done(&tasks);
    return status;
}
