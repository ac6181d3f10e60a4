#include "desk/command/tasks.h"

#include <stdlib.h>

#include "desk/command/post.h"
#include "desk/command/tasks_closed.h"
#include "desk/command/tasks_read.h"

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static wf_value key_value(wf_text text)
{
    return (wf_value){.given = true, .text = text};
}

static wf_value time_value(int64_t at)
{
    return at == WF_TASK_NEVER ? (wf_value){0} : (wf_value){.given = true, .number = at};
}

static wf_value number_value(int64_t number)
{
    return (wf_value){.given = true, .number = number};
}

// ---- tasks ----

// In the order of the files' columns.
enum {
    column_task,
    column_hole,
    column_title_zh,
    column_title_en,
    column_closes_zh,
    column_closes_en,
    column_state,
    column_turn,
    column_since,
    column_assigned,
    column_due,
    column_accepted,
    column_returned,
    column_reason,
    column_closed,
    column_closed_kind,
    column_closed_by,
    column_post,
    column_owner,
    column_owner_since,
    column_holder,
    column_subject,
    column_place,
    column_instruction,
    column_grid,
    tasks_columns
};

static void put_rule(const wf_task_hole *rule, wf_value *row)
{
    if (rule == NULL)
        return;
    row[column_title_zh] = text_value(wf_text_of(rule->file.title_zh));
    row[column_title_en] = text_value(wf_text_of(rule->file.title_en));
    row[column_closes_zh] = text_value(wf_text_of(rule->file.closes_zh));
    row[column_closes_en] = text_value(wf_text_of(rule->file.closes_en));
}

static weft_status put_closing(const wf_view_call *call, const wf_task *task,
                               wf_value *row, weft_error *error)
{
    wf_task_closing by;
    WF_TRY(wf_task_closing_find(call, task, &by, error));
    if (by.at == WF_TASK_NEVER)
        return WEFT_OK;
    row[column_closed] = time_value(by.at);
    row[column_closed_kind] = text_value(wf_text_of(by.kind->name));
    row[column_closed_by] = text_value(by.fact);
    return WEFT_OK;
}

static wf_value place_value(const wf_view_call *call, int64_t place)
{
    if (place < 0)
        return (wf_value){0};
    return (wf_value){.given = true,
                      .number = place,
                      .text = call->numbers.text_of(call->numbers.context,
                                                    WF_COLUMN_PLACE, (uint32_t)place)};
}

static weft_status give_task(const wf_view_call *call, const wf_tasks *tasks,
                             const wf_task *task, wf_view_sink *sink, weft_error *error)
{
    const wf_holder *holder = wf_tasks_holder(tasks, task->owner, call->question->now.us);
    bool is_over = task->state == WF_TASK_CLOSED;
    wf_value row[tasks_columns] = {
        [column_task] = text_value(task->id),
        [column_hole] = text_value(task->hole),
        [column_state] = text_value(wf_text_of(wf_task_state_words[task->state])),
        [column_turn] = time_value(is_over ? WF_TASK_NEVER : task->due),
        [column_since] = time_value(task->since),
        [column_assigned] = time_value(task->assigned),
        [column_due] = time_value(task->due),
        [column_accepted] = time_value(task->accepted),
        [column_returned] = time_value(task->returned),
        [column_reason] = text_value(task->reason),
        [column_post] = text_value(task->post),
        [column_owner] = text_value(task->owner),
        [column_owner_since] = time_value(task->owner_since),
        [column_holder] = holder != NULL ? text_value(holder->user) : (wf_value){0},
        [column_subject] = text_value(task->subject),
        [column_place] = place_value(call, task->place),
        [column_instruction] = text_value(task->instruction),
        [column_grid] = text_value(task->grid)};
    put_rule(task->rule, row);
    if (is_over)
        WF_TRY(put_closing(call, task, row, error));
    return wf_task_is_beside(call, task) ? wf_view_give_beside(sink, row, error)
                                         : wf_view_give(sink, row, error);
}

static weft_status give_tasks(const wf_view_call *call, wf_view_sink *sink,
                              bool only_late, weft_error *error)
{
    wf_tasks tasks;
    size_t count;
    WF_ASSERT(call->file->columns_count == tasks_columns);
    weft_status status = wf_tasks_read(call, &tasks, error);
    const wf_task *all = wf_tasks_all(&tasks, &count);
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        if (all[i].is_late || !only_late)
            status = give_task(call, &tasks, &all[i], sink, error);
    wf_tasks_done(&tasks);
    return status;
}

weft_status wf_tasks_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error)
{
    (void)context;
    return give_tasks(call, sink, false, error);
}

weft_status wf_tasks_overdue_rows(void *context, const wf_view_call *call,
                                  wf_view_sink *sink, weft_error *error)
{
    (void)context;
    return give_tasks(call, sink, true, error);
}

// ---- posts ----

enum {
    column_of_post,
    column_holds,
    column_from,
    column_until,
    column_next,
    column_next_from,
    column_open,
    column_overdue,
    column_post_grid,
    column_bare_from,
    column_bare_until,
    column_told_at,
    column_told_by,
    posts_columns
};

static int by_text(const void *a, const void *b)
{
    return wf_text_compare(*(const wf_text *)a, *(const wf_text *)b);
}

// The posts of the rosters, those that have a task, and those that nobody holds any more;
// each as often as it comes, in order.
static bool collect(const wf_tasks *tasks, wf_buffer *posts)
{
    size_t tasks_count, holders_count, owed_count;
    const wf_task *all = wf_tasks_all(tasks, &tasks_count);
    const wf_holder *holders = wf_tasks_holders(tasks, &holders_count);
    bool done = true;
    for (size_t i = 0; done && i < tasks_count; i++)
        if (all[i].state != WF_TASK_CLOSED)
            done = wf_buffer_append(posts, &all[i].owner, sizeof(wf_text));
    for (size_t i = 0; done && i < holders_count; i++)
        done = wf_buffer_append(posts, &holders[i].post, sizeof(wf_text));
    const wf_text *owed = wf_tasks_owed_posts(tasks, &owed_count);
    for (size_t i = 0; done && i < owed_count; i++)
        done = wf_buffer_append(posts, &owed[i], sizeof(wf_text));
    if (done && posts->size > 0)
        qsort(posts->bytes, posts->size / sizeof(wf_text), sizeof(wf_text), by_text);
    return done;
}

static void count_tasks(const wf_tasks *tasks, wf_text post, wf_value *row)
{
    size_t count;
    int64_t open = 0, late = 0;
    const wf_task *all = wf_tasks_all(tasks, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_theirs =
            all[i].state != WF_TASK_CLOSED && wf_text_equal(all[i].owner, post);
        open += is_theirs;
        late += is_theirs && all[i].is_late;
    }
    row[column_open] = number_value(open);
    row[column_overdue] = number_value(late);
}

// The first time within a day from now at which nobody holds the post, and when somebody
// does again; nothing where it is held all the day.
static void find_bare(const wf_tasks *tasks, wf_text post, int64_t now, wf_value *row)
{
    const int64_t day = 24 * 60 * WF_US_PER_MINUTE;
    size_t count;
    const wf_holder *all = wf_tasks_holders(tasks, &count);
    int64_t held = now;
    const wf_holder *then = NULL;
    for (size_t i = 0; then == NULL && i < count; i++) {
        if (!wf_text_equal(all[i].post, post))
            continue;
        if (all[i].from > held)
            then = &all[i];
        else if (all[i].until > held)
            held = all[i].until;
    }
    if (held - now >= day)
        return;
    row[column_bare_from] = time_value(held);
    if (then != NULL)
        row[column_bare_until] = time_value(then->from);
}

static void put_told(const wf_told *told, wf_value *row)
{
    if (told == NULL)
        return;
    row[column_told_at] = time_value(told->at);
    row[column_told_by] = text_value(told->author);
}

static weft_status give_post(const wf_view_call *call, const wf_tasks *tasks,
                             wf_text post, wf_view_sink *sink, weft_error *error)
{
    int64_t now = call->question->now.us;
    const wf_holder *next = wf_tasks_next_holder(tasks, post, now);
    size_t count, given = 0;
    const wf_holder *all = wf_tasks_holders(tasks, &count);
    wf_value row[posts_columns] = {[column_of_post] = key_value(post),
                                   [column_holds] = key_value(WF_TEXT("")),
                                   [column_post_grid] = text_value(wf_post_grid(post))};
    if (next != NULL) {
        row[column_next] = text_value(next->user);
        row[column_next_from] = time_value(next->from);
    }
    count_tasks(tasks, post, row);
    find_bare(tasks, post, now, row);
    put_told(wf_tasks_told(tasks, post), row);
    for (size_t i = 0; i < count; i++) {
        if (all[i].from > now || !wf_text_equal(all[i].post, post) ||
            (given > 0 && wf_text_equal(all[i].user, row[column_holds].text)))
            continue;
        row[column_holds] = key_value(all[i].user);
        row[column_from] = time_value(all[i].from);
        row[column_until] = time_value(all[i].until);
        WF_TRY(wf_view_give(sink, row, error));
        given++;
    }
    return given > 0 ? WEFT_OK : wf_view_give(sink, row, error);
}

weft_status wf_posts_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error)
{
    wf_tasks tasks;
    wf_buffer posts = {0};
    (void)context;
    WF_ASSERT(call->file->columns_count == posts_columns);
    weft_status status = wf_tasks_read(call, &tasks, error);
    if (status == WEFT_OK)
        status = wf_tasks_read_told(call, &tasks, error);
    if (status == WEFT_OK && !collect(&tasks, &posts))
        status = wf_fail_memory(error);
    const wf_text *all = (const wf_text *)(const void *)posts.bytes;
    size_t count = posts.size / sizeof *all;
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        if (i == 0 || !wf_text_equal(all[i], all[i - 1]))
            status = give_post(call, &tasks, all[i], sink, error);
    wf_buffer_done(&posts);
    wf_tasks_done(&tasks);
    return status;
}

// ---- shifts ----

weft_status wf_shifts_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                           weft_error *error)
{
    wf_tasks tasks;
    size_t count;
    (void)context;
    weft_status status = wf_tasks_read(call, &tasks, error);
    const wf_holder *all = wf_tasks_holders(&tasks, &count);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        const wf_value row[] = {key_value(all[i].post), key_value(all[i].user),
                                time_value(all[i].from), time_value(all[i].until),
                                text_value(wf_post_grid(all[i].post))};
        WF_ASSERT(call->file->columns_count == sizeof row / sizeof *row);
        status = wf_view_give(sink, row, error);
    }
    wf_tasks_done(&tasks);
    return status;
}
