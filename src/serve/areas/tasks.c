// POST /v1/tasks: the holes of a kind in a grid become tasks, each of its own post or all
// of one; GET /v1/tasks/proposed: which posts that would be; and what a post says to a
// task. What changes something runs in the owner's turn, as accounts do: it is rare, what
// two people ask at once is one task, and the answer is in force when it is given.
#include <stdio.h>
#include <string.h>

#include "access/accounts/account_change.h"
#include "access/change/tasks.h"
#include "access/shared/shared.h"
#include "serve/areas/asking.h"
#include "serve/http/exchange_inside.h"

enum { body_bytes_max = 4096 };

static const wf_schema tasks_schema = {
    "TasksRequest",
    "{\"type\":\"object\",\"required\":[\"holes\",\"due\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"holes\":{\"type\":\"string\",\"maxLength\":63,"
    "\"description\":\"kind of hole\"},"
    "\"grid\":{\"type\":\"string\",\"maxLength\":31,"
    "\"description\":\"in it and below; left out: all of one's own\"},"
    "\"post\":{\"type\":\"string\",\"maxLength\":128,"
    "\"description\":\"work group and grid, tracing@320282003; left out: each hole's "
    "own, "
    "by the rosters\"},"
    "\"all\":{\"type\":\"boolean\","
    "\"description\":\"those that are not yet due, too\"},"
    "\"due\":{\"type\":\"string\",\"description\":\"to be closed by\"}}}"};

static const wf_schema made_schema = {
    "TasksReply",
    "{\"type\":\"object\",\"required\":[\"made\",\"had\",\"left\",\"nobody\"],"
    "\"properties\":{"
    "\"made\":{\"type\":\"integer\"},"
    "\"had\":{\"type\":\"integer\",\"description\":\"holes that had one\"},"
    "\"left\":{\"type\":\"integer\",\"description\":\"ask again for these\"},"
    "\"nobody\":{\"type\":\"integer\","
    "\"description\":\"holes that no post has: ask with one\"}}}"};

static const char *member(const json_t *body, const char *name)
{
    const char *value = json_string_value(json_object_get(body, name));
    return value != NULL ? value : "";
}

static weft_status read_due(weft_city *city, const json_t *body, weft_time *ret,
                            weft_error *error)
{
    const char *due = member(body, "due");
    if (weft_city_time_parse(city, due, ret, error) == WEFT_OK)
        return WEFT_OK;
    wf_error_at(error, NULL, 0, "due");
    return wf_fail(error, WEFT_BAD_INPUT, "usage.time", "text", due, NULL);
}

static weft_status read_request(weft_city *city, const json_t *body,
                                weft_tasks_request *ret, weft_error *error)
{
    *ret =
        (weft_tasks_request){.holes = member(body, "holes"),
                             .grid = member(body, "grid"),
                             .post = member(body, "post"),
                             .with_not_due = json_is_true(json_object_get(body, "all"))};
    return read_due(city, body, &ret->due, error);
}

static void make_tasks(wf_exchange *x)
{
    weft_error error = {0};
    weft_city *city = NULL;
    json_t *body = NULL;
    weft_tasks_request request;
    weft_tasks_reply made = {0};
    weft_status status = wf_exchange_parse(x, &body, &error);
    // In the owner's turn everybody waits: it is for those who may.
    if (status == WEFT_OK)
        status = wf_tasks_may_make(wf_exchange_actor(x), &error);
    if (status == WEFT_OK)
        status = wf_exchange_own(x, &city, &error);
    if (status == WEFT_OK) {
        status = read_request(city, body, &request, &error);
        if (status == WEFT_OK)
            status =
                wf_tasks_make_as(city, wf_exchange_actor(x), &request, &made, &error);
        wf_shared_own_end(wf_exchange_shared(x));
    }
    json_decref(body);
    if (status == WEFT_OK)
        wf_exchange_json(x, 200,
                         json_pack("{s:I, s:I, s:I, s:I}", "made", (json_int_t)made.made,
                                   "had", (json_int_t)made.had, "left",
                                   (json_int_t)made.left, "nobody",
                                   (json_int_t)made.nobody));
    else
        wf_exchange_fail(x, &error);
}

// ---- whose they would be ----

typedef struct {
    wf_asking *a;
    weft_status status;
    weft_error *error;
} proposing;

static const char *or_none(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static bool take_share(void *context, const weft_tasks_share *share)
{
    proposing *to = context;
    to->status = wf_asking_row(
        to->a,
        json_pack("{s:s?, s:s?, s:s?, s:s, s:s, s:I}", "post", or_none(share->post),
                  "holder", or_none(share->holder), "why", or_none(share->why), "group",
                  share->group, "grid", share->grid, "holes", (json_int_t)share->holes),
        to->error);
    return to->status == WEFT_OK;
}

static weft_status ask_proposed(wf_asking *a, weft_error *error)
{
    const weft_tasks_request request = {
        .holes = wf_asking_query(a, "holes"),
        .grid = wf_asking_query(a, "grid"),
        .with_not_due = wf_text_equal(wf_exchange_query(a->x, "all"), WF_TEXT("true"))};
    weft_error inner = {0};
    proposing to = {.a = a, .error = &inner};
    weft_tasks_proposal made;
    // Operators see counts alone.
    if (wf_policy_reach(a->asker.actor, WF_ACTION_HOLES) != WF_REACH_ROWS)
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    weft_status status =
        wf_tasks_propose_as(&a->asker, &request, take_share, &to, &made, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    WF_TRY(status);
    wf_asking_stand(a);
    json_t *sums = json_pack("{s:I, s:I, s:I, s:I}", "listed", (json_int_t)made.rows,
                             "holes", (json_int_t)made.holes, "had", (json_int_t)made.had,
                             "nobody", (json_int_t)made.nobody);
    bool done = sums != NULL && json_object_update(a->answer, sums) == 0;
    json_decref(sums);
    return done ? WEFT_OK : wf_fail_memory(error);
}

static void proposed(wf_exchange *x)
{
    wf_asking_answer(x, ask_proposed);
}

static const wf_schema proposed_schema = {
    "TasksProposed",
    "{\"type\":\"object\",\"required\":[\"rows\",\"listed\",\"holes\",\"had\",\"nobody\","
    "\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"post\","
    "\"holder\",\"why\",\"group\",\"grid\",\"holes\"],\"properties\":{"
    "\"post\":{\"type\":[\"string\",\"null\"]},"
    "\"holder\":{\"type\":[\"string\",\"null\"],\"description\":\"who holds it now\"},"
    "\"why\":{\"type\":[\"string\",\"null\"],"
    "\"enum\":[null,\"no_roster\",\"no_grid\",\"not_yours\"],"
    "\"description\":\"why they would not be given\"},"
    "\"group\":{\"type\":\"string\"},\"grid\":{\"type\":\"string\"},"
    "\"holes\":{\"type\":\"integer\",\"description\":\"without a task\"}}}},"
    "\"listed\":{\"type\":\"integer\",\"description\":\"rows of the list\"},"
    "\"holes\":{\"type\":\"integer\",\"description\":\"subjects: one task each\"},"
    "\"had\":{\"type\":\"integer\",\"description\":\"holes that have a task\"},"
    "\"nobody\":{\"type\":\"integer\",\"description\":\"that would not be given\"},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const wf_parameter proposed_parameters[] = {
    {.name = "holes",
     .place = WF_IN_QUERY,
     .required = true,
     .zh = "哪种漏洞，如 testing/tube_no_result",
     .en = "kind of hole, such as testing/tube_no_result"},
    {.name = "grid",
     .place = WF_IN_QUERY,
     .zh = "只看这个网格之内，须在本人范围内",
     .en = "only what lies in this grid, within your own"},
    {.name = "all",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_YESNO,
     .zh = "也算尚未到时限的",
     .en = "those that are not yet due, too"},
    {.name = NULL},
};

// ---- what a post says to a task ----

static const wf_schema said_schema = {
    "TaskAnswer",
    "{\"type\":\"object\",\"required\":[\"answer\"],\"additionalProperties\":false,"
    "\"properties\":{\"answer\":{\"type\":\"string\","
    "\"enum\":[\"accepted\",\"returned\",\"assigned\"],"
    "\"description\":\"assigned: given to another post\"},"
    "\"reason\":{\"type\":\"string\",\"description\":\"why it is returned\"},"
    "\"remark\":{\"type\":\"string\",\"maxLength\":255},"
    "\"post\":{\"type\":\"string\",\"maxLength\":128,"
    "\"description\":\"to which it is assigned\"},"
    "\"due\":{\"type\":\"string\",\"description\":\"to be closed by\"}}}"};

static const wf_schema fact_schema = {
    "TaskFact", "{\"type\":\"object\",\"required\":[\"device\",\"seq\"],\"properties\":{"
                "\"device\":{\"type\":\"string\"},\"seq\":{\"type\":\"integer\"}}}"};

enum { fields_max = 3, field_bytes_max = 320 };

typedef struct {
    char rooms[fields_max][field_bytes_max];
    const char *items[fields_max];
    size_t count;
} fields;

static void put(fields *to, const char *name, const char *value)
{
    // What is cut here is too long for every field, and refused as such.
    snprintf(to->rooms[to->count], field_bytes_max, "%s=%s", name, value);
    to->items[to->count] = to->rooms[to->count];
    to->count += value[0] != '\0';
}

static weft_status give_again(wf_exchange *x, weft_city *city, const json_t *body,
                              weft_fact_reply *ret, weft_error *error)
{
    weft_time due;
    WF_TRY(read_due(city, body, &due, error));
    return wf_task_give_again(city, wf_exchange_actor(x),
                              wf_exchange_path(x, "task").bytes, member(body, "post"),
                              due, ret, error);
}

static weft_status say(wf_exchange *x, weft_city *city, const json_t *body,
                       weft_fact_reply *ret, weft_error *error)
{
    const weft_fact_options options = {.at = WEFT_TIME_NONE};
    const char *answer = member(body, "answer");
    bool returned = strcmp(answer, "returned") == 0;
    if (strcmp(answer, "assigned") == 0)
        return give_again(x, city, body, ret, error);
    fields of = {.count = 0};
    if (!returned && strcmp(answer, "accepted") != 0) {
        wf_error_at(error, NULL, 0, "answer");
        return wf_fail(error, WEFT_BAD_INPUT, "http.parameter_wrong", "name", "answer",
                       NULL);
    }
    put(&of, "task", wf_exchange_path(x, "task").bytes);
    if (returned) {
        put(&of, "reason", member(body, "reason"));
        put(&of, "remark", member(body, "remark"));
    }
    return wf_fact_send_as(city, wf_exchange_actor(x),
                           returned ? "task.returned" : "task.accepted", of.items,
                           of.count, &options, ret, error);
}

static void answer_task(wf_exchange *x)
{
    weft_error error = {0};
    weft_city *city = NULL;
    json_t *body = NULL;
    weft_fact_reply reply;
    weft_status status = wf_exchange_parse(x, &body, &error);
    if (status == WEFT_OK)
        status = wf_tasks_may_answer(wf_exchange_actor(x), &error);
    if (status == WEFT_OK)
        status = wf_exchange_own(x, &city, &error);
    if (status == WEFT_OK) {
        status = say(x, city, body, &reply, &error);
        wf_shared_own_end(wf_exchange_shared(x));
    }
    json_decref(body);
    if (status == WEFT_OK)
        wf_exchange_json(x, 200,
                         json_pack("{s:s, s:I}", "device", reply.device, "seq",
                                   (json_int_t)reply.seq));
    else
        wf_exchange_fail(x, &error);
}

// ---- routes ----

static const wf_parameter task_path[] = {
    {.name = "task",
     .place = WF_IN_PATH,
     .bytes_max = WF_ID_BYTES_MAX,
     .zh = "任务编号",
     .en = "the task's id"},
    {.name = NULL},
};

extern const wf_route wf_routes_tasks[];
const wf_route wf_routes_tasks[] = {
    {.method = "POST",
     .path = "/v1/tasks",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_SEND_FACTS,
     .operation = "makeTasks",
     .answers = {.media = WF_MEDIA_JSON, .schema = &made_schema},
     .body = {.kind = WF_BODY_JSON, .bytes_max = body_bytes_max, .schema = &tasks_schema},
     .zh = "把一个网格里一种漏洞都交办：各交给自己的岗位，或都交给一个岗位；"
           "已有任务的不再交",
     .en =
         "makes tasks out of all holes of a kind in a grid, each of its own post or all "
         "of one; what has one gets no other",
     .handle = make_tasks},
    {.method = "GET",
     .path = "/v1/tasks/proposed",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_HOLES,
     .operation = "proposeTasks",
     .parameters = proposed_parameters,
     .answers = {.media = WF_MEDIA_JSON, .schema = &proposed_schema},
     .zh = "交办前：每处漏洞会交给哪个岗位，哪些没有岗位、为什么；不交办",
     .en =
         "before tasks are made: which post each hole would be given to, and which have "
         "none and why; makes none",
     .handle = proposed},
    {.method = "POST",
     .path = "/v1/tasks/{task}",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_SEND_FACTS,
     .operation = "answerTask",
     .parameters = task_path,
     .answers = {.media = WF_MEDIA_JSON, .schema = &fact_schema},
     .body = {.kind = WF_BODY_JSON, .bytes_max = body_bytes_max, .schema = &said_schema},
     .zh = "岗位接受或退回一项任务，或改派给另一个岗位；关闭它的只有事实",
     .en = "a post accepts a task or returns it, or it is given to another post; only "
           "facts close one",
     .handle = answer_task},
    WF_ROUTES_END,
};
