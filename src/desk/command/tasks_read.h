// Tasks as they stand now: what they say of themselves, and what the table of holes says
// of what they are about.
//
//   closed     the hole is not there any more: facts have closed it, and nothing else
//   can.
//              What is owed of the same subject since after the task was given is another
//              hole, which this task is not about
//   returned   the post gave it back, and nobody has assigned or accepted it since
//   overdue    it is not closed, and its time is over
//   accepted   the post took it on
//   open       it was assigned
//   unknown    its kind of hole is none of this program, or not asked by the protocol: it
//              cannot be seen whether it is closed
//
// The first that holds, "unknown" before all. Of several that closed, opened and closed
// again only the last stand counts: what is withdrawn opens a task again by itself.
//
// Whose it is: the post that it was assigned to; at its deadline the post of the same
// work group in the grid above, and one further up each time as long again has passed as
// the task had been given (an hour at least). What was returned is with the post above
// since then, also when that post accepts it.
#ifndef WF_DESK_COMMAND_TASKS_READ_H
#define WF_DESK_COMMAND_TASKS_READ_H

#include "store/query/view.h"

#define WF_TASK_NEVER INT64_MIN

typedef enum {
    WF_TASK_OPEN,
    WF_TASK_ACCEPTED,
    WF_TASK_OVERDUE,
    WF_TASK_RETURNED,
    WF_TASK_CLOSED,
    WF_TASK_UNKNOWN
} wf_task_state;
extern const char *const wf_task_state_words[];

// A kind of hole, read once a call.
typedef struct {
    bool is_asked; // its numbers are in the protocol
    wf_sql_file file;
} wf_task_hole;

typedef struct {
    const wf_task_hole *rule; // NULL: this program has none of the name
    wf_text id, hole, subject, post, instruction, reason;
    wf_text grid;          // of the hole, as it was assigned; else of the post
    int64_t person, place; // numbers; -1: none
    int64_t due, assigned, last_assigned, accepted, returned; // WF_TASK_NEVER
    bool is_there; // a row of the hole is; then it is the row of
    wf_text hole_subject;
    int64_t hole_number;
    wf_text hole_grid;
    int64_t since; // of the hole
    // As it stands at the call's now.
    wf_task_state state;
    bool is_late;  // its time is over, and it is not closed
    wf_text owner; // the post that has it now
    int64_t owner_since;
} wf_task;

// Somebody's hours at a post that are not over.
typedef struct {
    wf_text post, user;
    int64_t from, until;
} wf_holder;

// That somebody handed a post over, and left a note.
typedef struct {
    wf_text post, author;
    int64_t at;
} wf_told;

typedef struct {
    wf_buffer tasks;   // of wf_task, by id
    wf_buffer holders; // of wf_holder, by post, then beginning
    wf_buffer owed;    // of wf_text: posts that nobody may be on, in no order
    wf_buffer told;    // of wf_told, by post, then time; see wf_tasks_read_told
    wf_buffer holes;   // of const wf_task_hole *, those that tasks name
} wf_tasks;

// Reads all of them, in the call's arena; to be ended by wf_tasks_done, also when it
// fails.
weft_status wf_tasks_read(const wf_view_call *call, wf_tasks *ret,
                          weft_error *error) WEFT_MUST_CHECK;
// What was handed over within two days, too; after wf_tasks_read.
weft_status wf_tasks_read_told(const wf_view_call *call, wf_tasks *tasks,
                               weft_error *error) WEFT_MUST_CHECK;
// The same by parts: rosters and what is owed alone; then tasks of one kind of hole,
// behind those that are there, whose places may change.
weft_status wf_tasks_read_posts(const wf_view_call *call, wf_tasks *ret,
                                weft_error *error) WEFT_MUST_CHECK;
weft_status wf_tasks_add_kind(const wf_view_call *call, wf_text kind, wf_tasks *to,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_tasks_done(wf_tasks *tasks);

const wf_task *wf_tasks_all(const wf_tasks *tasks, size_t *ret_count);
const wf_holder *wf_tasks_holders(const wf_tasks *tasks, size_t *ret_count);
// Posts at which somebody is owed, whether or not a roster says who (command_posts.sql);
// one may come several times.
const wf_text *wf_tasks_owed_posts(const wf_tasks *tasks, size_t *ret_count);

// Who holds the post at `now`; of several who came first. NULL: nobody.
const wf_holder *wf_tasks_holder(const wf_tasks *tasks, wf_text post, int64_t now);
// The newest note that was left at the post; NULL: none was read.
const wf_told *wf_tasks_told(const wf_tasks *tasks, wf_text post);
// Who comes next, after `now`. NULL: nobody.
const wf_holder *wf_tasks_next_holder(const wf_tasks *tasks, wf_text post, int64_t now);

// Work on somebody or on a case that was given to who asks, or on a case of somebody who
// was: as the hole of the task is on their list (store/query/holes_list.c).
bool wf_task_is_beside(const wf_view_call *call, const wf_task *task);

#endif
