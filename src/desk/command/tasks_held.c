#include "desk/command/tasks_held.h"

#include <stdlib.h>
#include <string.h>

#include "desk/command/post.h"

// Tasks of one kind: those whose hole is there, in the order of their holes.
typedef struct {
    const wf_sql_file *rule;
    size_t from, count;
} kind_tasks;

void wf_tasks_held_init(const wf_view_call *call, wf_tasks_held *ret)
{
    *ret = (wf_tasks_held){.call = call};
}

void wf_tasks_held_done(wf_tasks_held *held)
{
    wf_tasks_done(&held->tasks);
    wf_buffer_done(&held->kinds);
}

static weft_status read_posts(wf_tasks_held *held, weft_error *error)
{
    if (held->is_read)
        return WEFT_OK;
    held->is_read = true;
    return wf_tasks_read_posts(held->call, &held->tasks, error);
}

// ---- tasks ----

static int by_hole(wf_text subject, int64_t number, const wf_task *task)
{
    int order = wf_text_compare(subject, task->hole_subject);
    return order != 0 ? order
                      : (number > task->hole_number) - (number < task->hole_number);
}

// Those that are there first; of a hole what was assigned last comes first.
static int by_place(const void *a, const void *b)
{
    const wf_task *one = a, *other = b;
    if (one->is_there != other->is_there)
        return one->is_there ? -1 : 1;
    int order = by_hole(one->hole_subject, one->hole_number, other);
    if (order != 0)
        return order;
    if (one->last_assigned != other->last_assigned)
        return one->last_assigned > other->last_assigned ? -1 : 1;
    return wf_text_compare(one->id, other->id);
}

static weft_status read_kind(wf_tasks_held *held, const wf_sql_file *rule,
                             kind_tasks *ret, weft_error *error)
{
    size_t from, upto, there = 0;
    WF_TRY(read_posts(held, error));
    (void)wf_tasks_all(&held->tasks, &from);
    WF_TRY(wf_tasks_add_kind(held->call, wf_text_of(rule->name), &held->tasks, error));
    (void)wf_tasks_all(&held->tasks, &upto);
    wf_task *all = (wf_task *)(void *)held->tasks.tasks.bytes;
    if (upto > from)
        qsort(all + from, upto - from, sizeof *all, by_place);
    while (from + there < upto && all[from + there].is_there)
        there++;
    *ret = (kind_tasks){rule, from, there};
    return wf_buffer_append(&held->kinds, ret, sizeof *ret) ? WEFT_OK
                                                            : wf_fail_memory(error);
}

static weft_status find_kind(wf_tasks_held *held, const wf_sql_file *rule,
                             kind_tasks *ret, weft_error *error)
{
    const kind_tasks *kinds = (const kind_tasks *)(const void *)held->kinds.bytes;
    for (size_t i = 0; i < held->kinds.size / sizeof *kinds; i++)
        if (kinds[i].rule == rule) {
            *ret = kinds[i];
            return WEFT_OK;
        }
    return read_kind(held, rule, ret, error);
}

weft_status wf_tasks_held_find(wf_tasks_held *held, const wf_hole *hole,
                               const wf_task **ret, weft_error *error)
{
    kind_tasks kind;
    size_t count;
    WF_TRY(find_kind(held, hole->rule, &kind, error));
    const wf_task *all = wf_tasks_all(&held->tasks, &count);
    size_t low = kind.from, high = kind.from + kind.count;
    while (low < high) {
        size_t at = low + (high - low) / 2;
        if (by_hole(hole->subject, hole->number, &all[at]) > 0)
            low = at + 1;
        else
            high = at;
    }
    bool found = low < kind.from + kind.count &&
                 by_hole(hole->subject, hole->number, &all[low]) == 0;
    *ret = found ? &all[low] : NULL;
    return WEFT_OK;
}

// ---- posts ----

typedef struct {
    wf_text group, grid;
    wf_text best;
    size_t highest; // posts of the group that are not wider than `best`, where no grid is
} choosing;

static bool is_of_group(wf_text post, wf_text group)
{
    return post.size > group.size && post.bytes[group.size] == '@' &&
           memcmp(post.bytes, group.bytes, group.size) == 0;
}

static void consider(choosing *in, wf_text post)
{
    if (!is_of_group(post, in->group) || wf_text_equal(post, in->best))
        return;
    wf_text around = wf_post_grid(post);
    if (in->grid.size > 0) {
        bool holds = around.size <= in->grid.size &&
                     memcmp(around.bytes, in->grid.bytes, around.size) == 0;
        if (holds && (in->best.size == 0 || around.size > wf_post_grid(in->best).size))
            in->best = post;
        return;
    }
    if (in->best.size == 0 || around.size < wf_post_grid(in->best).size) {
        in->best = post;
        in->highest = 1;
    } else if (around.size == wf_post_grid(in->best).size) {
        in->highest++;
    }
}

weft_status wf_tasks_held_post(wf_tasks_held *held, wf_text group, wf_text grid,
                               wf_text *ret_post, wf_post_why *ret, weft_error *error)
{
    choosing in = {.group = group, .grid = grid};
    size_t holders_count, owed_count;
    WF_TRY(read_posts(held, error));
    const wf_holder *holders = wf_tasks_holders(&held->tasks, &holders_count);
    const wf_text *owed = wf_tasks_owed_posts(&held->tasks, &owed_count);
    for (size_t i = 0; i < holders_count; i++)
        consider(&in, holders[i].post);
    for (size_t i = 0; i < owed_count; i++)
        consider(&in, owed[i]);
    bool is_none = in.best.size == 0, is_unsure = grid.size == 0 && in.highest > 1;
    *ret_post = is_none || is_unsure ? WF_TEXT("") : in.best;
    *ret = is_none ? WF_POST_NO_ROSTER : is_unsure ? WF_POST_NO_GRID : WF_POST_FOUND;
    return WEFT_OK;
}
