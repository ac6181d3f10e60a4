#include "desk/command/tasks_read.h"

#include <string.h>

#include "desk/asked_sql.h"
#include "desk/command/post.h"
#include "desk/kinds.h"
#include "desk/queries.h"
#include "store/query/sql_number.h"

const char *const wf_task_state_words[] = {"open",   "accepted", "overdue", "returned",
                                           "closed", "unknown",  NULL};

// ---- how one stands ----

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

// As long as the task was given, and an hour at least: each time it has passed again, the
// task goes on up.
static int64_t given_of(const wf_task *task)
{
    const int64_t least = 3600 * WF_US_PER_S;
    return task->last_assigned == WF_TASK_NEVER
               ? least
               : later(task->due - task->last_assigned, least);
}

// How many levels up it would be, at its deadline one.
static size_t steps_up(const wf_task *task, int64_t now)
{
    int64_t more = (now - task->due) / given_of(task);
    const int64_t most = 8; // more than there are levels
    return 1 + (size_t)(more < most ? more : most);
}

// Given back, and not assigned since.
static bool went_back(const wf_task *task)
{
    return task->returned != WF_TASK_NEVER && task->returned >= task->last_assigned;
}

static bool was_returned(const wf_task *task)
{
    return went_back(task) && task->returned >= task->accepted;
}

// What began later is owed anew: the task was given for something else of the subject.
// One that does not say since when its hole was is about what begins within its time.
static bool is_about(const wf_task *task, int64_t said_since)
{
    int64_t until =
        later(said_since != WF_TASK_NEVER ? said_since : task->due, task->last_assigned);
    return task->since != WF_TASK_NEVER && task->since <= until;
}

static wf_task_state state_of(const wf_task *task, bool is_known)
{
    bool accepted =
        task->accepted != WF_TASK_NEVER && task->accepted >= task->last_assigned;
    return !is_known            ? WF_TASK_UNKNOWN
           : !task->is_there    ? WF_TASK_CLOSED
           : was_returned(task) ? WF_TASK_RETURNED
           : task->is_late      ? WF_TASK_OVERDUE
           : accepted           ? WF_TASK_ACCEPTED
                                : WF_TASK_OPEN;
}

// ---- reading ----

static int64_t time_of(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? WF_TASK_NEVER
                                             : wf_statement_i64(row, column);
}

static int64_t number_of(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? -1 : wf_statement_i64(row, column);
}

typedef struct {
    const wf_view_call *call;
    wf_tasks *to;
    wf_text from, upto; // names of kinds of holes, both inclusive
    bool has_city_post; // a roster names one of the whole city
    bool no_memory;
} reading;

// Where no roster knows a post of the city's level the county is the city: a task that
// goes on up from there is with nobody.
static void note_post(reading *in, wf_text post)
{
    if (wf_post_grid(post).size == WF_POST_CITY_DIGITS)
        in->has_city_post = true;
}

static wf_text text_of(reading *in, const wf_statement *row, int column)
{
    wf_text text = wf_arena_text(in->call->arena, wf_statement_text(row, column));
    in->no_memory = in->no_memory || text.bytes == NULL;
    return text;
}

static wf_task task_of(reading *in, const wf_statement *row)
{
    wf_task task = {.id = text_of(in, row, 0),
                    .hole = text_of(in, row, 1),
                    .subject = text_of(in, row, 2),
                    .person = number_of(row, 3),
                    .place = number_of(row, 4),
                    .post = text_of(in, row, 5),
                    .due = time_of(row, 6),
                    .instruction = text_of(in, row, 7),
                    .grid = text_of(in, row, 8),
                    .assigned = time_of(row, 9),
                    .last_assigned = time_of(row, 10),
                    .accepted = time_of(row, 11),
                    .returned = time_of(row, 12),
                    .reason = text_of(in, row, 13),
                    .hole_grid = text_of(in, row, 14),
                    .since = time_of(row, 15),
                    .hole_subject = text_of(in, row, 16),
                    .hole_number = number_of(row, 17)};
    task.is_there = is_about(&task, time_of(row, 18));
    if (!task.is_there)
        task.since = WF_TASK_NEVER;
    if (task.grid.size == 0)
        task.grid = wf_post_grid(task.post);
    return task;
}

// ---- its kind of hole ----

static weft_status read_hole(const wf_view_call *call, const wf_sql_text *text,
                             const wf_task_hole **ret, weft_error *error)
{
    wf_sql_number numbers[WF_SQL_LIST_MAX];
    char why[WF_SQL_WHY_MAX];
    wf_task_hole *made = wf_arena_new(call->arena, sizeof *made);
    if (made == NULL ||
        !wf_sql_file_read(text, wf_desk_kinds(), call->arena, &made->file, why))
        return wf_fail_memory(error); // the files are sound: a test reads them
    made->is_asked = true;
    wf_sql_numbers_of(&made->file, call->protocol, numbers);
    for (size_t i = 0; i < made->file.numbers_count; i++)
        made->is_asked = made->is_asked && numbers[i].given;
    *ret = made;
    return WEFT_OK;
}

// Whose the task is *steps levels up; *steps is then how many of them there were.
static weft_status go_up(const reading *in, wf_task *task, size_t *steps,
                         weft_error *error)
{
    size_t top = in->has_city_post ? WF_POST_CITY_DIGITS : WF_POST_COUNTY_DIGITS;
    task->owner = wf_post_above(task->post, *steps, top, in->call->arena);
    if (task->owner.bytes == NULL)
        return wf_fail_memory(error);
    while (*steps > 0) {
        wf_text below = wf_post_above(task->post, *steps - 1, top, in->call->arena);
        if (below.bytes == NULL)
            return wf_fail_memory(error);
        if (!wf_text_equal(below, task->owner))
            break;
        (*steps)--;
    }
    return WEFT_OK;
}

static weft_status find_hole(reading *in, wf_text name, const wf_task_hole **ret,
                             weft_error *error)
{
    const wf_task_hole *const *known =
        (const wf_task_hole *const *)(const void *)in->to->holes.bytes;
    size_t known_count = in->to->holes.size / sizeof(const wf_task_hole *), count;
    const wf_sql_text *texts = wf_desk_holes(&count);
    *ret = NULL;
    for (size_t i = 0; i < known_count; i++)
        if (wf_text_equal(wf_text_of(known[i]->file.name), name)) {
            *ret = known[i];
            return WEFT_OK;
        }
    for (size_t i = 0; i < count && *ret == NULL; i++)
        if (wf_text_equal(wf_text_of(texts[i].name), name))
            WF_TRY(read_hole(in->call, &texts[i], ret, error));
    if (*ret == NULL)
        return WEFT_OK;
    return wf_buffer_append(&in->to->holes, (const void *)ret, sizeof(*ret))
               ? WEFT_OK
               : wf_fail_memory(error);
}

static weft_status stand(reading *in, wf_task *task, weft_error *error)
{
    int64_t now = in->call->question->now.us;
    size_t steps = 0;
    WF_TRY(find_hole(in, task->hole, &task->rule, error));
    bool is_known = task->rule != NULL && task->rule->is_asked;
    task->is_late = (task->is_there || !is_known) && task->due <= now;
    task->state = state_of(task, is_known);
    task->owner_since =
        task->last_assigned != WF_TASK_NEVER ? task->last_assigned : task->assigned;
    if (task->is_late)
        steps = steps_up(task, now);
    bool is_open = task->state != WF_TASK_CLOSED && task->state != WF_TASK_UNKNOWN;
    bool is_back = is_open && went_back(task) && steps <= 1;
    if (is_back)
        steps = 1;
    WF_TRY(go_up(in, task, &steps, error));
    // Who stands highest has had it since they got it, however late it is.
    if (is_back)
        task->owner_since = task->returned;
    else if (steps > 0)
        task->owner_since = task->due + (int64_t)(steps - 1) * given_of(task);
    return WEFT_OK;
}

// ---- the rows ----

// A subject may have several rows: since the first of them.
static weft_status take_task(reading *in, const wf_statement *row, weft_error *error)
{
    size_t count;
    const wf_task *all = wf_tasks_all(in->to, &count);
    if (count > 0 && wf_text_equal(all[count - 1].id, wf_statement_text(row, 0)))
        return WEFT_OK;
    wf_task task = task_of(in, row);
    if (in->no_memory)
        return wf_fail_memory(error);
    WF_TRY(stand(in, &task, error));
    return wf_buffer_append(&in->to->tasks, &task, sizeof task) ? WEFT_OK
                                                                : wf_fail_memory(error);
}

static weft_status take_holder(reading *in, const wf_statement *row, weft_error *error)
{
    wf_holder holder = {text_of(in, row, 0), text_of(in, row, 1), time_of(row, 2),
                        time_of(row, 3)};
    bool done =
        !in->no_memory && wf_buffer_append(&in->to->holders, &holder, sizeof holder);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status take_post(reading *in, const wf_statement *row, weft_error *error)
{
    wf_text post = text_of(in, row, 0);
    bool done = !in->no_memory && wf_buffer_append(&in->to->owed, &post, sizeof post);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status take_told(reading *in, const wf_statement *row, weft_error *error)
{
    wf_told told = {text_of(in, row, 0), text_of(in, row, 1), time_of(row, 2)};
    bool done = !in->no_memory && wf_buffer_append(&in->to->told, &told, sizeof told);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_rows(reading *in, const char *sql,
                             weft_status (*take)(reading *, const wf_statement *,
                                                 weft_error *),
                             weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(in->call->db, sql, &row, error));
    int now = wf_statement_parameter(row, "now");
    if (now >= 0)
        wf_statement_bind_i64(row, now, in->call->question->now.us);
    int from = wf_statement_parameter(row, "from");
    if (from >= 0) {
        wf_statement_bind_text(row, from, in->from);
        wf_statement_bind_text(row, wf_statement_parameter(row, "upto"), in->upto);
    }
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) {
        status = wf_statement_step(row, &found, error);
        if (status != WEFT_OK || !found)
            break;
        status = take(in, row, error);
    }
    wf_statement_free(row);
    return status;
}

weft_status wf_tasks_read_posts(const wf_view_call *call, wf_tasks *ret,
                                weft_error *error)
{
    *ret = (wf_tasks){0};
    reading in = {.call = call, .to = ret};
    WF_TRY(read_rows(&in, WF_SQL_COMMAND_HOLDERS, take_holder, error));
    return read_rows(&in, WF_SQL_COMMAND_POSTS, take_post, error);
}

static weft_status read_tasks(const wf_view_call *call, wf_text from, wf_text upto,
                              wf_tasks *to, weft_error *error)
{
    reading in = {.call = call, .to = to, .from = from, .upto = upto};
    size_t holders_count, owed_count;
    const wf_holder *holders = wf_tasks_holders(to, &holders_count);
    const wf_text *owed = wf_tasks_owed_posts(to, &owed_count);
    for (size_t i = 0; i < holders_count; i++)
        note_post(&in, holders[i].post);
    for (size_t i = 0; i < owed_count; i++)
        note_post(&in, owed[i]);
    return read_rows(&in, WF_SQL_COMMAND_TASKS, take_task, error);
}

weft_status wf_tasks_read_told(const wf_view_call *call, wf_tasks *tasks,
                               weft_error *error)
{
    reading in = {.call = call, .to = tasks};
    return read_rows(&in, WF_SQL_COMMAND_TOLD, take_told, error);
}

weft_status wf_tasks_add_kind(const wf_view_call *call, wf_text kind, wf_tasks *to,
                              weft_error *error)
{
    return read_tasks(call, kind, kind, to, error);
}

weft_status wf_tasks_read(const wf_view_call *call, wf_tasks *ret, weft_error *error)
{
    // No name of a kind is greater.
    static const char past_all[] = "\xF4\x8F\xBF\xBF";
    WF_TRY(wf_tasks_read_posts(call, ret, error));
    return read_tasks(call, WF_TEXT(""), wf_text_of(past_all), ret, error);
}

void wf_tasks_done(wf_tasks *tasks)
{
    wf_buffer_done(&tasks->told);
    wf_buffer_done(&tasks->tasks);
    wf_buffer_done(&tasks->holders);
    wf_buffer_done(&tasks->owed);
    wf_buffer_done(&tasks->holes);
}

const wf_task *wf_tasks_all(const wf_tasks *tasks, size_t *ret_count)
{
    *ret_count = tasks->tasks.size / sizeof(wf_task);
    return (const wf_task *)(const void *)tasks->tasks.bytes;
}

const wf_holder *wf_tasks_holders(const wf_tasks *tasks, size_t *ret_count)
{
    *ret_count = tasks->holders.size / sizeof(wf_holder);
    return (const wf_holder *)(const void *)tasks->holders.bytes;
}

const wf_text *wf_tasks_owed_posts(const wf_tasks *tasks, size_t *ret_count)
{
    *ret_count = tasks->owed.size / sizeof(wf_text);
    return (const wf_text *)(const void *)tasks->owed.bytes;
}

// Rosters hold some hundred hours to come: they are gone through.
const wf_holder *wf_tasks_holder(const wf_tasks *tasks, wf_text post, int64_t now)
{
    size_t count;
    const wf_holder *all = wf_tasks_holders(tasks, &count);
    for (size_t i = 0; i < count; i++)
        if (all[i].from <= now && wf_text_equal(all[i].post, post))
            return &all[i];
    return NULL;
}

const wf_holder *wf_tasks_next_holder(const wf_tasks *tasks, wf_text post, int64_t now)
{
    size_t count;
    const wf_holder *all = wf_tasks_holders(tasks, &count);
    for (size_t i = 0; i < count; i++)
        if (all[i].from > now && wf_text_equal(all[i].post, post))
            return &all[i];
    return NULL;
}

const wf_told *wf_tasks_told(const wf_tasks *tasks, wf_text post)
{
    const wf_told *all = (const wf_told *)(const void *)tasks->told.bytes, *last = NULL;
    for (size_t i = 0; i < tasks->told.size / sizeof *all; i++)
        if (wf_text_equal(all[i].post, post))
            last = &all[i];
    return last;
}

bool wf_task_is_beside(const wf_view_call *call, const wf_task *task)
{
    if (wf_view_is_beside(call, task->person))
        return true;
    bool is_case = task->rule != NULL &&
                   strcmp(task->rule->file.columns[0].about->name, "case_id") == 0;
    for (size_t i = 0; is_case && i < call->cases_count; i++)
        if (wf_text_equal(task->subject, call->cases[i]))
            return true;
    return false;
}
