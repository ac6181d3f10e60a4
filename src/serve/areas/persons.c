// One person: all that there is of them, in one answer, by one look. A part is what the
// route of its view would answer to the same question, to the same person, with the same
// rights; parts whose view is not theirs to read are not there. Whom it is about stands
// in the body.
#include <stdio.h>
#include <string.h>

#include "serve/areas/asking.h"
#include "serve/areas/rows_json.h"

enum { body_bytes_max = 1 << 10 };

static const struct {
    const char *view, *sort; // sort NULL: the view's first
    size_t limit;
} parts[] = {
    {"register/persons", NULL, 100},
    {"cases/cases", NULL, 100},
    {"tracing/contacts", "-exposed_until", 100},
    {"order/bound_persons", NULL, 100},
    {"order/orders_of_person", NULL, 100},
    {"testing/samples_of_person", "-collected_at", 100},
    {"command/task_persons", NULL, 100},
    {"cases/exposures", NULL, 100},
    {"register/person_file", "-at", 500},
    {"register/looks_at_person", NULL, 100},
};

static weft_status read_person(wf_asking *a, const char **ret, weft_error *error)
{
    json_t *body;
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    const json_t *person = json_object_get(body, "person");
    const char *text = json_string_value(person);
    wf_text field = {NULL, 0};
    bool good = text != NULL && text[0] != '\0' && json_object_size(body) == 1;
    if (good) {
        size_t size = strlen(text) + sizeof "person=";
        char *made = wf_arena_new(wf_exchange_arena(a->x), size);
        if (made != NULL) {
            snprintf(made, size, "person=%s", text);
            field = wf_text_of(made);
        }
    }
    json_decref(body);
    if (!good) {
        wf_error_at(error, NULL, 0, "person");
        return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
    }
    if (field.bytes == NULL)
        return wf_fail_memory(error);
    *ret = field.bytes;
    return WEFT_OK;
}

static json_t *rows_of(const wf_asking *a, const weft_view_page *page)
{
    json_t *rows = json_array();
    for (size_t i = 0; rows != NULL && i < page->rows_count; i++)
        if (json_array_append_new(rows, wf_json_view_row(a->asker.city, page, i)) != 0) {
            json_decref(rows);
            return NULL;
        }
    return rows;
}

static weft_status take(wf_asking *a, const weft_view_page *page, weft_error *error)
{
    json_t *part = json_pack("{s:s, s:o, s:s*}", "view", page->about->name, "rows",
                             rows_of(a, page), "next", page->next);
    bool complete = wf_asking_is_complete(a->x, &page->as_of);
    if (part == NULL || !wf_exchange_mark(a->x, part, &page->as_of, complete, NULL)) {
        json_decref(part);
        return wf_fail_memory(error);
    }
    return wf_asking_row(a, part, error);
}

// Why a part has no rows: as its own route would say it.
static weft_status take_refusal(wf_asking *a, const char *view, const weft_error *why,
                                weft_error *error)
{
    const char *code = why->status == WEFT_NOT_FOUND || why->status == WEFT_NOT_ALLOWED
                           ? "http.not_found"
                           : why->code;
    json_t *part = json_pack("{s:s, s:s}", "view", view, "refused", code);
    return part != NULL ? wf_asking_row(a, part, error) : wf_fail_memory(error);
}

static weft_status read_part(wf_asking *a, const weft_view_about *about,
                             weft_view_question *question, weft_error *error)
{
    weft_view_page page;
    weft_beside beside;
    WF_TRY(wf_answers_bind(&a->asker, about, question, &beside, error));
    WF_TRY(weft_view_read(a->asker.city, question, &page, error));
    if (about->personal)
        WF_TRY(wf_answers_show_page(&a->asker, question, &page, &a->shown, error));
    return take(a, &page, error);
}

static weft_status ask_part(wf_asking *a, size_t part, const char *person,
                            weft_error *error)
{
    const weft_view_about *about;
    weft_error why = {0};
    weft_view_question question = {.view = parts[part].view,
                                   .fields = &person,
                                   .fields_count = 1,
                                   .sort = parts[part].sort,
                                   .limit = parts[part].limit};
    if (wf_answers_view(&a->asker, parts[part].view, &about, &why) != WEFT_OK)
        return WEFT_OK;
    question.view = about->name;
    weft_status status = read_part(a, about, &question, &why);
    if (status == WEFT_NOT_FOUND || status == WEFT_NOT_ALLOWED ||
        status == WEFT_TOO_LARGE)
        return take_refusal(a, about->name, &why, error);
    if (status != WEFT_OK)
        *error = why;
    return status;
}

static weft_status ask_person(wf_asking *a, weft_error *error)
{
    const char *person = NULL;
    // Who sees counts alone sees nobody.
    if (wf_policy_reach(a->asker.actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS)
        return wf_fail(error, WEFT_NOT_FOUND, "http.not_found", NULL);
    WF_TRY(read_person(a, &person, error));
    WF_TRY(wf_asking_look(a, WF_LOOK_READ, "person", error));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        WF_TRY(ask_part(a, i, person, error));
    wf_asking_stand(a);
    return WEFT_OK;
}

static void show_person(wf_exchange *x)
{
    wf_asking_answer(x, ask_person);
}

static const wf_parameter parameters[] = {
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .bytes_max = 512,
     .zh = "事由和用途",
     .en = "reference and purpose"},
    {.name = NULL},
};
static const wf_schema query_schema = {
    "PersonQuery", "{\"type\":\"object\",\"required\":[\"person\"],"
                   "\"additionalProperties\":false,\"properties\":{\"person\":{"
                   "\"type\":\"string\",\"minLength\":1}}}"};
static const wf_schema person_schema = {
    "Person",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"view\"],"
    "\"properties\":{\"view\":{\"type\":\"string\"},\"rows\":{\"type\":\"array\"},"
    "\"next\":{\"type\":\"string\"},\"as_of\":{\"type\":\"object\"},\"complete\":{"
    "\"type\":\"boolean\"},\"refused\":{\"type\":\"string\",\"description\":\"the code "
    "that the view's own route would answer\"}}}}}}"};
static const unsigned short errors[] = {409, 0};

extern const wf_route wf_routes_persons[];
const wf_route wf_routes_persons[] = {
    {.method = "POST",
     .path = "/v1/person",
     .lane = WF_LANE_LOOKUPS,
     .action = WF_ACTION_READ_PERSONAL_VIEW,
     .operation = "readPerson",
     .parameters = parameters,
     .body = {.kind = WF_BODY_JSON, .bytes_max = body_bytes_max, .schema = &query_schema},
     .answers = {.media = WF_MEDIA_JSON, .schema = &person_schema, .errors = errors},
     .zh = "一个人的全部资料，一次查看；各部分与其视图单独读取时相同",
     .en = "all there is of one person, by one look; each part is what its view answers",
     .handle = show_person},
    WF_ROUTES_END,
};
