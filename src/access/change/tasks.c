#include "access/change/tasks.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "access/rights/named.h"
#include "access/rights/policy.h"
#include "access/rights/scope.h"
#include "desk/command/kinds.h"
#include "model/grid.h"
#include "weft/holes.h"
#include "weft/views.h"
#include "wire/facts.h"

enum { arena_bytes_max = 64 << 20, id_bytes = 9, kind_field_max = 128 };

// A hole, or the subject of a task.
typedef struct {
    wf_text subject, grid;
} subject;

typedef struct {
    weft_city *city;
    const wf_actor *actor;
    const weft_tasks_request *asked;
    wf_column_type type; // of the subjects
    wf_arena arena;
    wf_buffer holes, tasked; // of `subject`
    bool no_memory;
} making;

static int by_subject(const void *a, const void *b)
{
    return wf_text_compare(((const subject *)a)->subject, ((const subject *)b)->subject);
}

static subject *all_of(const wf_buffer *of, size_t *ret_count)
{
    *ret_count = of->size / sizeof(subject);
    return (subject *)(void *)of->bytes;
}

static bool note(making *of, wf_buffer *to, const char *id, const char *grid)
{
    subject made = {wf_arena_text(&of->arena, wf_text_of(id)),
                    wf_arena_text(&of->arena, wf_text_of(grid))};
    of->no_memory = of->no_memory || made.subject.bytes == NULL ||
                    made.grid.bytes == NULL || !wf_buffer_append(to, &made, sizeof made);
    return !of->no_memory;
}

// ---- what there is ----

static bool take_hole(void *context, const weft_hole *hole)
{
    making *of = context;
    return note(of, &of->holes, hole->subject, hole->grid);
}

static size_t column_of(const weft_view_about *about, const char *name)
{
    for (size_t i = 0; i < about->columns_count; i++)
        if (strcmp(about->columns[i].name, name) == 0)
            return i;
    WF_BUG("the view has this column");
}

static bool take_tasks(void *context, const weft_view_page *part)
{
    making *of = context;
    bool done = true;
    size_t at =
        column_of(part->about, of->type == WF_COLUMN_PERSON ? "person" : "subject");
    for (size_t i = 0; done && i < part->rows_count; i++)
        done = note(of, &of->tasked,
                    part->values[i * part->about->columns_count + at].text, "");
    return done;
}

// A hole that is there keeps the task that it has: it is not closed.
static weft_status read_tasked(making *of, weft_error *error)
{
    char kind[kind_field_max];
    const char *const fields[] = {kind};
    const weft_view_question question = {
        .view = of->type == WF_COLUMN_PERSON ? "command/task_persons" : "command/tasks",
        .fields = fields,
        .fields_count = 1};
    weft_view_as_of as_of;
    snprintf(kind, sizeof kind, "hole=%s", of->asked->holes);
    weft_status status =
        weft_view_read_all(of->city, &question, take_tasks, of, &as_of, error);
    return of->no_memory ? wf_fail_memory(error) : status;
}

static weft_status read_holes(making *of, weft_error *error)
{
    const char *grid = of->asked->grid;
    const weft_holes_query query = {
        .kind = of->asked->holes,
        .grid = grid != NULL && grid[0] != '\0' ? grid : of->actor->grid};
    weft_holes_summary summary;
    WF_TRY(weft_holes(of->city, &query, take_hole, of, &summary, error));
    if (of->no_memory)
        return wf_fail_memory(error);
    size_t rule = wf_holes_find(of->city->holes, of->asked->holes);
    of->type = wf_holes_rule(of->city->holes, rule)->columns[0].about->type;
    return WEFT_OK;
}

// ---- the facts ----

static weft_status put(making *of, wf_fact *fact, const char *name, wf_text value,
                       weft_error *error)
{
    size_t field = wf_kind_field(fact->kind, wf_text_of(name));
    fact->values[field] =
        (wf_value){.given = true, .text = wf_arena_text(&of->arena, value)};
    return fact->values[field].text.bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status fill(making *of, const subject *hole, wf_fact *fact, weft_error *error)
{
    unsigned char drawn[id_bytes];
    char id[2 + 2 * id_bytes + 1] = "K-";
    randombytes_buf(drawn, sizeof drawn); // tells nothing of whom it is about
    sodium_bin2hex(id + 2, sizeof id - 2, drawn, sizeof drawn);
    WF_TRY(put(of, fact, "task", wf_text_of(id), error));
    WF_TRY(put(of, fact, "hole", wf_text_of(of->asked->holes), error));
    WF_TRY(put(of, fact, "post", wf_text_of(of->asked->post), error));
    if (of->type == WF_COLUMN_PERSON)
        WF_TRY(put(of, fact, "person", hole->subject, error));
    else
        WF_TRY(put(of, fact, "subject", hole->subject, error));
    if (of->type == WF_COLUMN_PLACE)
        WF_TRY(put(of, fact, "place", hole->subject, error));
    size_t due = wf_kind_field(fact->kind, WF_TEXT("due"));
    fact->values[due] = (wf_value){.given = true, .number = of->asked->due.us};
    return wf_facts_finish(fact, error);
}

static weft_status judge(making *of, const wf_fact *fact, weft_error *error)
{
    wf_named_last last = {.standing = 0};
    const wf_named_by by = {.city = of->city,
                            .accounts = of->city->accounts,
                            .actor = of->actor,
                            .sender = fact->id.device,
                            .now = weft_city_now(of->city),
                            .last = &last};
    WF_TRY(wf_scope_may_send(of->city->accounts, of->actor, fact, error));
    return wf_named_needs(of->actor, fact->kind) ? wf_named_judge(&by, fact, error)
                                                 : WEFT_OK;
}

static weft_status make_facts(making *of, wf_text sender, wf_fact *facts, size_t *count,
                              weft_tasks_reply *ret, weft_error *error)
{
    size_t holes_count, tasked_count;
    subject *holes = all_of(&of->holes, &holes_count);
    subject *tasked = all_of(&of->tasked, &tasked_count);
    int64_t seq = wf_senders_next(wf_store_senders(of->city->store), sender);
    if (holes_count > 0)
        qsort(holes, holes_count, sizeof *holes, by_subject);
    if (tasked_count > 0)
        qsort(tasked, tasked_count, sizeof *tasked, by_subject);
    for (size_t i = 0; i < holes_count; i++) {
        if (i > 0 && by_subject(&holes[i], &holes[i - 1]) == 0)
            continue; // a subject may have several rows
        if (tasked_count > 0 && bsearch(&holes[i], tasked, tasked_count, sizeof *tasked,
                                        by_subject) != NULL) {
            ret->had++;
            continue;
        }
        if (*count == WEFT_TASKS_MAX) {
            ret->left++;
            continue;
        }
        wf_fact *fact = &facts[*count];
        *fact = (wf_fact){.id = {sender, seq + (int64_t)*count},
                          .kind = &wf_kind_task_assigned,
                          .at = weft_city_now(of->city),
                          .grid = holes[i].grid.size > 0 ? holes[i].grid
                                                         : wf_text_of(of->actor->grid)};
        WF_TRY(fill(of, &holes[i], fact, error));
        WF_TRY(judge(of, fact, error));
        (*count)++;
    }
    return WEFT_OK;
}

static weft_status send_facts(making *of, const wf_fact *facts, size_t count,
                              weft_tasks_reply *ret, weft_error *error)
{
    bool clocked =
        of->city->kind == WEFT_CITY_REAL || !weft_time_is_none(of->city->kept_clock);
    weft_time now = clocked ? weft_city_now(of->city) : WF_TIME_NONE;
    wf_verdict *verdicts = wf_arena_array(&of->arena, count + 1, sizeof *verdicts);
    if (verdicts == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_store_send(of->city->store, facts, count, now, verdicts, error));
    WF_TRY(wf_store_apply(of->city->store, 0, error));
    WF_TRY(wf_city_reread(of->city, error));
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].sent != WF_SENT_ACCEPTED) {
            *error = verdicts[i].why;
            return WEFT_BAD_INPUT;
        }
        ret->made++;
    }
    return WEFT_OK;
}

static weft_status make_all(making *of, weft_tasks_reply *ret, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    size_t count = 0;
    WF_TRY(read_holes(of, error));
    WF_TRY(read_tasked(of, error));
    wf_fact *facts = wf_arena_array(&of->arena, WEFT_TASKS_MAX, sizeof *facts);
    if (facts == NULL)
        return wf_fail_memory(error);
    wf_text sender = wf_actor_sender(of->actor, room);
    WF_TRY(make_facts(of, sender, facts, &count, ret, error));
    return count > 0 ? send_facts(of, facts, count, ret, error) : WEFT_OK;
}

// ---- what is asked ----

static weft_status may_send(const wf_actor *actor, const wf_kind *kind, weft_error *error)
{
    return wf_policy_allows(actor, WF_ACTION_SEND_FACTS, kind)
               ? WEFT_OK
               : wf_fail(error, WEFT_BAD_INPUT, "access.kind", NULL);
}

weft_status wf_tasks_may_make(const wf_actor *actor, weft_error *error)
{
    return may_send(actor, &wf_kind_task_assigned, error);
}

weft_status wf_tasks_may_answer(const wf_actor *actor, weft_error *error)
{
    return may_send(actor, &wf_kind_task_accepted, error);
}

static weft_status check(weft_city *city, const wf_actor *actor,
                         const weft_tasks_request *asked, weft_error *error)
{
    wf_text grid = wf_text_of(asked->grid != NULL ? asked->grid : "");
    WF_TRY(wf_tasks_may_make(actor, error));
    if (grid.size > 0 && !wf_grid_is_inside(grid, wf_text_of(actor->grid))) {
        wf_error_at(error, NULL, 0, "grid");
        return wf_fail(error, WEFT_BAD_INPUT, "access.grid", NULL);
    }
    if (wf_holes_find(city->holes, asked->holes) == SIZE_MAX)
        return wf_fail(error, WEFT_NOT_FOUND, "holes.kind", "kind", asked->holes, NULL);
    if (weft_time_is_none(asked->due) || asked->due.us <= weft_city_now(city).us) {
        wf_error_at(error, NULL, 0, "due");
        return wf_fail(error, WEFT_BAD_INPUT, "tasks.due", NULL);
    }
    return WEFT_OK;
}

weft_status wf_tasks_make_as(weft_city *city, const wf_actor *actor,
                             const weft_tasks_request *request, weft_tasks_reply *ret,
                             weft_error *error)
{
    making of = {.city = city, .actor = actor, .asked = request};
    weft_tasks_reply made = {0};
    WF_TRY(check(city, actor, request, error));
    wf_arena_init(&of.arena, arena_bytes_max);
    weft_status status = make_all(&of, &made, error);
    wf_buffer_done(&of.holes);
    wf_buffer_done(&of.tasked);
    wf_arena_done(&of.arena);
    if (status == WEFT_OK)
        *ret = made;
    return status;
}

weft_status weft_tasks_make(weft_city *city, const weft_tasks_request *request,
                            weft_tasks_reply *ret, weft_error *error)
{
    wf_actor owner = wf_actor_owner();
    return wf_tasks_make_as(city, &owner, request, ret, error);
}
