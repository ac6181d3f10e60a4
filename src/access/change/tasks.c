#include "access/change/tasks.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/numbers.h"
#include "access/rights/answers.h"
#include "access/rights/named.h"
#include "access/rights/policy.h"
#include "access/rights/scope.h"
#include "desk/command/kinds.h"
#include "desk/command/post.h"
#include "desk/command/tasks_held.h"
#include "model/grid.h"
#include "weft/holes.h"
#include "wire/facts.h"

enum { arena_bytes_max = 64 << 20, id_bytes = 9, town_digits = 9 };

// A hole that is listed: of the rows of a subject the first stands for all.
typedef struct {
    wf_text subject, grid, group;
    weft_time since; // of the first row that began
    bool has_task, is_again;
    size_t place;    // in the list
    wf_text post;    // that has to close it; size 0: none
    const char *why; // "": it may be given to that post
} hole;

typedef struct {
    const wf_asker *asker;
    const weft_tasks_request *asked;
    wf_column_type type; // of the subjects
    wf_arena arena;
    wf_buffer holes; // of `hole`, those that are due first come first
    bool no_memory;
} making;

static hole *all_holes(const making *of, size_t *ret_count)
{
    *ret_count = of->holes.size / sizeof(hole);
    return (hole *)(void *)of->holes.bytes;
}

// ---- what there is ----

static wf_text kept(making *of, const char *text)
{
    wf_text made = wf_arena_text(&of->arena, wf_text_of(text));
    of->no_memory = of->no_memory || made.bytes == NULL;
    return made;
}

static bool take_hole(void *context, const weft_hole *row)
{
    making *of = context;
    hole made = {.subject = kept(of, row->subject),
                 .grid = kept(of, row->grid),
                 .group = kept(of, row->owner),
                 .since = row->since,
                 .has_task = row->task[0] != '\0',
                 .place = of->holes.size / sizeof made,
                 .why = ""};
    of->no_memory = of->no_memory || !wf_buffer_append(&of->holes, &made, sizeof made);
    return !of->no_memory;
}

static int by_subject(const void *a, const void *b)
{
    const hole *one = a, *other = b;
    int order = wf_text_compare(one->subject, other->subject);
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

static int by_place(const void *a, const void *b)
{
    const hole *one = a, *other = b;
    return (one->place > other->place) - (one->place < other->place);
}

static void join_rows(hole *all, size_t count)
{
    hole *first = all;
    if (count == 0)
        return;
    qsort(all, count, sizeof *all, by_subject);
    for (size_t i = 1; i < count; i++) {
        if (!wf_text_equal(all[i].subject, first->subject)) {
            first = &all[i];
            continue;
        }
        all[i].is_again = true;
        first->has_task = first->has_task || all[i].has_task;
        if (all[i].since.us < first->since.us)
            first->since = all[i].since;
    }
    qsort(all, count, sizeof *all, by_place);
}

// The very rows that the asker is shown.
static weft_status read_holes(making *of, weft_error *error)
{
    const weft_city *city = of->asker->city;
    const char *grid = of->asked->grid;
    const weft_holes_query query = {.kind = of->asked->holes,
                                    .grid = grid != NULL && grid[0] != '\0' ? grid : NULL,
                                    .with_not_due = of->asked->with_not_due,
                                    .with_tasks = true};
    weft_holes_summary summary;
    size_t count;
    WF_TRY(wf_answers_holes(of->asker, &query, true, take_hole, of, &summary, error));
    if (of->no_memory)
        return wf_fail_memory(error);
    size_t rule = wf_holes_find(city->holes, of->asked->holes);
    of->type = wf_holes_rule(city->holes, rule)->columns[0].about->type;
    hole *all = all_holes(of, &count);
    join_rows(all, count);
    return WEFT_OK;
}

// ---- whose each is ----

static bool is_theirs(const wf_actor *actor, wf_text post)
{
    return actor->kind == WF_ACTOR_OWNER || actor->grid[0] == '\0' ||
           wf_grid_is_inside(wf_post_grid(post), wf_text_of(actor->grid));
}

static weft_status place_hole(making *of, wf_tasks_held *held, hole *to,
                              weft_error *error)
{
    static const char *const words[] = {[WF_POST_FOUND] = "",
                                        [WF_POST_NO_ROSTER] = "no_roster",
                                        [WF_POST_NO_GRID] = "no_grid"};
    wf_post_why why;
    WF_TRY(wf_tasks_held_post(held, to->group, to->grid, &to->post, &why, error));
    to->why = words[why];
    if (why == WF_POST_FOUND && !is_theirs(of->asker->actor, to->post))
        to->why = "not_yours";
    return WEFT_OK;
}

static weft_status place_holes(making *of, wf_tasks_held *held, weft_error *error)
{
    size_t count;
    hole *all = all_holes(of, &count);
    for (size_t i = 0; i < count; i++)
        if (!all[i].is_again && !all[i].has_task)
            WF_TRY(place_hole(of, held, &all[i], error));
    return WEFT_OK;
}

// `then` is done while the rosters are open.
static weft_status with_rosters(making *of,
                                weft_status (*then)(making *of, wf_tasks_held *held,
                                                    void *context, weft_error *error),
                                void *context, weft_error *error)
{
    weft_city *city = of->asker->city;
    wf_database *db = NULL;
    wf_tasks_held held;
    WF_TRY(wf_city_rows(city, &db, error));
    const wf_view_question question = {.now = weft_city_now(city)};
    const wf_view_call call = {.question = &question,
                               .store = city->store,
                               .db = db,
                               .numbers = wf_numbers_of(city->visits),
                               .protocol = city->protocol,
                               .zone = city->zone,
                               .arena = &of->arena};
    wf_tasks_held_init(&call, &held);
    weft_status status = place_holes(of, &held, error);
    if (status == WEFT_OK && then != NULL)
        status = then(of, &held, context, error);
    wf_tasks_held_done(&held);
    return status;
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

static weft_status fill(making *of, const hole *about, wf_fact *fact, weft_error *error)
{
    unsigned char drawn[id_bytes];
    char id[2 + 2 * id_bytes + 1] = "K-";
    randombytes_buf(drawn, sizeof drawn); // tells nothing of whom it is about
    sodium_bin2hex(id + 2, sizeof id - 2, drawn, sizeof drawn);
    WF_TRY(put(of, fact, "task", wf_text_of(id), error));
    WF_TRY(put(of, fact, "hole", wf_text_of(of->asked->holes), error));
    WF_TRY(put(of, fact, "post", about->post, error));
    if (of->type == WF_COLUMN_PERSON)
        WF_TRY(put(of, fact, "person", about->subject, error));
    else
        WF_TRY(put(of, fact, "subject", about->subject, error));
    if (of->type == WF_COLUMN_PLACE)
        WF_TRY(put(of, fact, "place", about->subject, error));
    size_t due = wf_kind_field(fact->kind, WF_TEXT("due"));
    fact->values[due] = (wf_value){.given = true, .number = of->asked->due.us};
    size_t since = wf_kind_field(fact->kind, WF_TEXT("since"));
    fact->values[since] = (wf_value){.given = true, .number = about->since.us};
    return wf_facts_finish(fact, error);
}

static weft_status judge(making *of, const wf_fact *fact, weft_error *error)
{
    wf_named_last last = {.standing = 0};
    const wf_named_by by = {.city = of->asker->city,
                            .accounts = of->asker->city->accounts,
                            .actor = of->asker->actor,
                            .sender = fact->id.device,
                            .now = weft_city_now(of->asker->city),
                            .last = &last};
    WF_TRY(wf_scope_may_send(of->asker->city->accounts, of->asker->actor, fact, error));
    return wf_named_needs(of->asker->actor, fact->kind) ? wf_named_judge(&by, fact, error)
                                                        : WEFT_OK;
}

static weft_status make_fact(making *of, const hole *about, wf_identity id, wf_fact *ret,
                             weft_error *error)
{
    wf_text own = wf_text_of(of->asker->actor->grid);
    bool is_inside = about->grid.size > 0 && wf_grid_is_inside(about->grid, own);
    *ret = (wf_fact){.id = id,
                     .kind = &wf_kind_task_assigned,
                     .at = weft_city_now(of->asker->city),
                     .grid = is_inside ? about->grid : own};
    WF_TRY(fill(of, about, ret, error));
    return judge(of, ret, error);
}

static weft_status make_facts(making *of, wf_text sender, wf_fact *facts, size_t *count,
                              weft_tasks_reply *ret, weft_error *error)
{
    size_t holes_count;
    const hole *all = all_holes(of, &holes_count);
    int64_t seq = wf_senders_next(wf_store_senders(of->asker->city->store), sender);
    for (size_t i = 0; i < holes_count; i++) {
        if (all[i].is_again)
            continue;
        if (all[i].has_task) {
            ret->had++;
        } else if (all[i].why[0] != '\0') {
            ret->nobody++;
        } else if (*count == WEFT_TASKS_MAX) {
            ret->left++;
        } else {
            WF_TRY(make_fact(of, &all[i], (wf_identity){sender, seq + (int64_t)*count},
                             &facts[*count], error));
            (*count)++;
        }
    }
    return WEFT_OK;
}

static weft_status send_facts(making *of, const wf_fact *facts, size_t count,
                              weft_tasks_reply *ret, weft_error *error)
{
    bool clocked = of->asker->city->kind == WEFT_CITY_REAL ||
                   !weft_time_is_none(of->asker->city->kept_clock);
    weft_time now = clocked ? weft_city_now(of->asker->city) : WF_TIME_NONE;
    wf_verdict *verdicts = wf_arena_array(&of->arena, count + 1, sizeof *verdicts);
    if (verdicts == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_store_send(of->asker->city->store, facts, count, now, verdicts, error));
    WF_TRY(wf_store_apply(of->asker->city->store, 0, error));
    WF_TRY(wf_city_reread(of->asker->city, error));
    for (size_t i = 0; i < count; i++) {
        if (verdicts[i].sent != WF_SENT_ACCEPTED) {
            *error = verdicts[i].why;
            return WEFT_BAD_INPUT;
        }
        ret->made++;
    }
    return WEFT_OK;
}

// All of them to the post that is asked for, or each to its own.
static weft_status choose_posts(making *of, weft_error *error)
{
    const char *post = of->asked->post;
    size_t count;
    if (post == NULL || post[0] == '\0')
        return with_rosters(of, NULL, NULL, error);
    hole *all = all_holes(of, &count);
    for (size_t i = 0; i < count; i++)
        all[i].post = wf_text_of(post);
    return WEFT_OK;
}

static weft_status make_all(making *of, weft_tasks_reply *ret, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    size_t count = 0;
    WF_TRY(read_holes(of, error));
    WF_TRY(choose_posts(of, error));
    wf_fact *facts = wf_arena_array(&of->arena, WEFT_TASKS_MAX, sizeof *facts);
    if (facts == NULL)
        return wf_fail_memory(error);
    wf_text sender = wf_actor_sender(of->asker->actor, room);
    WF_TRY(make_facts(of, sender, facts, &count, ret, error));
    return count > 0 ? send_facts(of, facts, count, ret, error) : WEFT_OK;
}

// ---- what would be made ----

typedef struct {
    bool (*row)(void *context, const weft_tasks_share *share);
    void *context;
} telling;

static wf_text town_of(const hole *of)
{
    return (wf_text){of->grid.bytes,
                     of->grid.size < town_digits ? of->grid.size : (size_t)town_digits};
}

// Those that are given first, then by post, group and town.
static int by_share(const void *a, const void *b)
{
    const hole *one = a, *other = b;
    int order = (one->why[0] != '\0') - (other->why[0] != '\0');
    if (order == 0)
        order = strcmp(one->why, other->why);
    if (order == 0)
        order = wf_text_compare(one->post, other->post);
    if (order == 0)
        order = wf_text_compare(one->group, other->group);
    if (order == 0 && one->post.size == 0)
        order = wf_text_compare(town_of(one), town_of(other));
    return order;
}

static weft_status give_share(making *of, wf_tasks_held *held, const hole *first,
                              size_t count, const telling *to, bool *ret_more,
                              weft_error *error)
{
    const wf_holder *holder =
        first->post.size == 0
            ? NULL
            : wf_tasks_holder(&held->tasks, first->post, of->asker->now.us);
    wf_text grid = first->post.size > 0 ? wf_post_grid(first->post) : town_of(first);
    const char *texts[4];
    const wf_text all[4] = {first->post, holder != NULL ? holder->user : WF_TEXT(""),
                            first->group, grid};
    for (size_t i = 0; i < 4; i++) {
        texts[i] = wf_arena_text(&of->arena, all[i]).bytes; // ended by NUL
        if (texts[i] == NULL)
            return wf_fail_memory(error);
    }
    const weft_tasks_share share = {.post = texts[0],
                                    .holder = texts[1],
                                    .why = first->why,
                                    .group = texts[2],
                                    .grid = texts[3],
                                    .holes = count};
    *ret_more = to->row(to->context, &share);
    return WEFT_OK;
}

static weft_status give_shares(making *of, wf_tasks_held *held, void *context,
                               weft_error *error)
{
    const telling *to = context;
    size_t count, open = 0;
    bool more = true;
    hole *all = all_holes(of, &count);
    for (size_t i = 0; i < count; i++)
        if (!all[i].is_again && !all[i].has_task)
            all[open++] = all[i];
    if (open > 0)
        qsort(all, open, sizeof *all, by_share);
    for (size_t from = 0, upto = 0; more && from < open; from = upto) {
        while (upto < open && by_share(&all[from], &all[upto]) == 0)
            upto++;
        WF_TRY(give_share(of, held, &all[from], upto - from, to, &more, error));
    }
    return WEFT_OK;
}

static void count_holes(const making *of, weft_tasks_proposal *ret)
{
    size_t count;
    const hole *all = all_holes(of, &count);
    ret->rows = count;
    for (size_t i = 0; i < count; i++) {
        ret->holes += !all[i].is_again;
        ret->had += !all[i].is_again && all[i].has_task;
    }
}

typedef struct {
    telling to;
    weft_tasks_proposal made;
} proposing;

static weft_status count_and_give(making *of, wf_tasks_held *held, void *context,
                                  weft_error *error)
{
    proposing *to = context;
    size_t count;
    const hole *all = all_holes(of, &count);
    count_holes(of, &to->made);
    for (size_t i = 0; i < count; i++)
        to->made.nobody += !all[i].is_again && !all[i].has_task && all[i].why[0] != '\0';
    return give_shares(of, held, &to->to, error);
}

weft_status wf_tasks_propose_as(const wf_asker *asker, const weft_tasks_request *request,
                                bool (*row)(void *context, const weft_tasks_share *share),
                                void *context, weft_tasks_proposal *ret,
                                weft_error *error)
{
    making of = {.asker = asker, .asked = request};
    proposing to = {.to = {row, context}};
    wf_arena_init(&of.arena, arena_bytes_max);
    weft_status status = read_holes(&of, error);
    if (status == WEFT_OK)
        status = with_rosters(&of, count_and_give, &to, error);
    wf_buffer_done(&of.holes);
    wf_arena_done(&of.arena);
    if (status == WEFT_OK)
        *ret = to.made;
    return status;
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
    const wf_asker asker = {.city = city,
                            .accounts = city->accounts,
                            .actor = actor,
                            .now = weft_city_now(city)};
    making of = {.asker = &asker, .asked = request};
    weft_tasks_reply made = {0};
    WF_TRY(check(city, actor, request, error));
    wf_arena_init(&of.arena, arena_bytes_max);
    weft_status status = make_all(&of, &made, error);
    wf_buffer_done(&of.holes);
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

weft_status weft_tasks_propose(weft_city *city, const weft_tasks_request *request,
                               bool (*row)(void *context, const weft_tasks_share *share),
                               void *context, weft_tasks_proposal *ret, weft_error *error)
{
    wf_actor owner = wf_actor_owner();
    const wf_asker asker = {.city = city,
                            .accounts = city->accounts,
                            .actor = &owner,
                            .now = weft_city_now(city)};
    return wf_tasks_propose_as(&asker, request, row, context, ret, error);
}
