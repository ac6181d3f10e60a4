// Where a case was, over HTTP: for the case page, whose investigator asks about what lies
// between (serve/areas/lookups.c).
#include <stdio.h>

#include "access/asked/said.h"
#include "access/rights/scope.h"
#include "serve/areas/lookups.h"
#include "serve/areas/rows_json.h"

enum { body_bytes_max = 16 << 10 };

typedef struct {
    wf_asking *a;
    weft_error *error;
    weft_status status;
} taking;

static json_t *told_by_json(const weft_case_stay *row)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < row->told_by_count; i++)
        if (json_array_append_new(list, json_string(row->told_by[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *names_json(const weft_stay_fact *facts, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < count; i++)
        if (json_array_append_new(list, json_pack("{s:s, s:I}", "device", facts[i].device,
                                                  "seq", (json_int_t)facts[i].seq)) !=
            0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

// What said so, and whether who asks may put another in its place.
static json_t *fact_json(const wf_asking *a, const weft_stay_fact *fact)
{
    bool amends =
        wf_scope_restates(a->asker.accounts, a->asker.actor, wf_text_of(fact->device));
    return json_pack("{s:s, s:I, s:b, s:o, s:o}", "device", fact->device, "seq",
                     (json_int_t)fact->seq, "may_amend", (int)amends, "said",
                     json_loads(fact->said, 0, NULL), "instead_of",
                     names_json(fact->instead_of, fact->instead_of_count));
}

static json_t *facts_json(const wf_asking *a, const weft_case_stay *row)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < row->facts_count; i++)
        if (json_array_append_new(list, fact_json(a, &row->facts[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static bool take_stay(void *context, const weft_case_stay *row)
{
    taking *to = context;
    json_t *made = json_pack(
        "{s:s, s:s, s:o, s:o, s:b, s:o, s:o}", "place", row->place, "place_kind",
        row->place_kind, "start", wf_json_time(to->a->asker.city, row->start), "end",
        wf_json_time(to->a->asker.city, row->end), "stated", (int)row->stated, "told_by",
        told_by_json(row), "facts", facts_json(to->a, row));
    to->status =
        made != NULL ? wf_asking_row(to->a, made, to->error) : wf_fail_memory(to->error);
    return to->status == WEFT_OK;
}

static weft_status find_stays(wf_asking *a, const char *case_id, weft_error *error)
{
    weft_error inner = {0};
    taking to = {.a = a, .error = &inner};
    weft_stays_summary summary = {0};
    weft_status status =
        weft_case_stays(a->asker.city, case_id, take_stay, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    if (summary.base.missing == NULL)
        return status;
    wf_error_clear(error);
    return wf_lookups_end(a, &summary.base,
                          json_pack("{s:o, s:o}", "infectious_from",
                                    wf_json_time(a->asker.city, summary.infectious_from),
                                    "infectious_to",
                                    wf_json_time(a->asker.city, summary.infectious_to)),
                          error);
}

static weft_status ask_stays(wf_asking *a, weft_error *error)
{
    static const char *const columns[] = {"place",  "place_kind", "start", "end",
                                          "stated", "told_by",    NULL};
    const char *case_id = wf_asking_query(a, "case"), *person = NULL;
    WF_TRY(wf_lookups_begin(a, &case_id, "stays", error));
    WF_TRY(wf_answers_case_person(&a->asker, case_id, &person, error));
    if (person != NULL)
        WF_TRY(wf_look_show(&a->shown, person, error));
    a->columns = columns;
    return find_stays(a, case_id, error);
}

static void stays(wf_exchange *x)
{
    wf_asking_answer(x, ask_stays);
}

// ---- what people say ----

// Local, as forms and facts have it: "2021-12-09T10:00"; null where it is asked.
static json_t *moment_json(const wf_stay_said *said, int minute)
{
    enum { minutes_of_day = 1440 };
    const unsigned open = WF_STAY_ASK_DAY | WF_STAY_ASK_NO_SUCH_DAY |
                          WF_STAY_ASK_DAY_ORDER | WF_STAY_ASK_HALF_DAY;
    char day[WF_DAY_TEXT_MAX], text[WF_DAY_TEXT_MAX + 16];
    if (minute < 0 || (said->asks & open) != 0)
        return json_null();
    weft_day of = {said->day.number + minute / minutes_of_day};
    minute %= minutes_of_day;
    (void)snprintf(text, sizeof text, "%sT%02d:%02d", wf_day_text(day, of), minute / 60,
                   minute % 60);
    return json_string(text);
}

static json_t *minute_json(int minute)
{
    return minute < 0 ? json_null() : json_integer(minute);
}

static json_t *day_json(bool given, weft_day day)
{
    char text[WF_DAY_TEXT_MAX];
    return given ? json_string(wf_day_text(text, day)) : json_null();
}

static json_t *asks_json(unsigned asks)
{
    static const char *const words[] = {"day", "day_order", "start",      "half_day",
                                        "end", "place",     "no_such_day"};
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < sizeof words / sizeof *words; i++)
        if ((asks >> i & 1) != 0 &&
            json_array_append_new(list, json_string(words[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *readings_json(const wf_stay_said *said)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < said->readings_count; i++) {
        json_t *one =
            json_pack("{s:o, s:o}", "start_minute", minute_json(said->readings[i].start),
                      "end_minute", minute_json(said->readings[i].end));
        if (one == NULL || json_array_append_new(list, one) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *said_json(const wf_stay_said *said)
{
    bool order = (said->asks & WF_STAY_ASK_DAY_ORDER) != 0;
    return json_pack(
        "{s:s%, s:s%, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "text",
        said->text.bytes, said->text.size, "place",
        said->place.size > 0 ? said->place.bytes : "", said->place.size, "day",
        day_json(said->has_day, said->day), "other_day", day_json(order, said->other_day),
        "day_carried", (int)said->day_carried, "start_minute", minute_json(said->start),
        "end_minute", minute_json(said->end), "start", moment_json(said, said->start),
        "end", moment_json(said, said->end), "about", (int)said->about, "asks",
        asks_json(said->asks), "readings", readings_json(said));
}

static weft_status wrong(const char *field, weft_error *error)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
}

static weft_status give_said(wf_asking *a, const json_t *body, weft_error *error)
{
    const json_t *text = json_object_get(body, "text");
    const json_t *today = json_object_get(body, "today");
    wf_stay_said said[wf_stay_text_stays_max];
    size_t count;
    if (!json_is_string(text) || json_string_length(text) > wf_stay_text_bytes_max ||
        json_object_size(body) != 1u + (today != NULL))
        return wrong("text", error);
    if ((today != NULL && !json_is_string(today)) ||
        !wf_said_read(a->asker.city, json_string_value(text), json_string_value(today),
                      said, &count))
        return wrong("today", error);
    for (size_t i = 0; i < count; i++) {
        json_t *row = said_json(&said[i]);
        if (row == NULL)
            return wf_fail_memory(error);
        WF_TRY(wf_asking_row(a, row, error));
    }
    wf_asking_stand(a);
    return WEFT_OK;
}

// Reads nothing of the city and stores nothing: no look.
static weft_status ask_said(wf_asking *a, weft_error *error)
{
    json_t *body;
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    weft_status status = give_said(a, body, error);
    json_decref(body);
    return status;
}

static void parse(wf_exchange *x)
{
    wf_asking_answer(x, ask_said);
}

// ---- routes ----

static const wf_parameter stays_parameters[] = {
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .required = true,
     .bytes_max = 512,
     .zh = "事由（该病例）和用途",
     .en = "reference, which is the case, and purpose"},
    {.name = "case",
     .place = WF_IN_QUERY,
     .required = true,
     .zh = "病例编号，或其他编号",
     .en = "the case, by any of its numbers"},
    {.name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv"},
    {.name = NULL},
};

static const wf_schema stays_schema = {
    "CaseStays",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\",\"missing\","
    "\"case\",\"from\",\"to\",\"infectious_from\",\"infectious_to\"],\"properties\":{"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"},"
    "\"case\":{\"type\":\"string\",\"description\":\"own id of the case, by whichever of "
    "its numbers it was asked for\"},"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"place\",\"place_kind\",\"start\",\"end\",\"stated\",\"told_by\",\"facts\"],"
    "\"properties\":{\"told_by\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"string\"}},\"facts\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"device\",\"seq\",\"may_amend\",\"said\","
    "\"instead_of\"],"
    "\"properties\":{\"device\":{\"type\":\"string\"},\"seq\":{\"type\":\"integer\"},"
    "\"may_amend\":{\"type\":\"boolean\"},\"said\":{\"type\":\"object\"},\"instead_of\":{"
    "\"type\":\"array\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"device\",\"seq\"]}}}}}}}}}}"};

static const wf_schema said_schema = {
    "StaysSaid",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"},"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"text\",\"place\",\"day\",\"other_day\",\"day_carried\",\"start_minute\","
    "\"end_minute\",\"start\",\"end\",\"about\",\"asks\","
    "\"readings\"]}}}}"};
static const wf_schema said_body_schema = {
    "StaysText", "{\"type\":\"object\",\"required\":[\"text\"],"
                 "\"additionalProperties\":false,\"properties\":{"
                 "\"text\":{\"type\":\"string\",\"maxLength\":4096},"
                 "\"today\":{\"type\":\"string\",\"format\":\"date\"}}}"};

static const unsigned short stays_errors[] = {409, 0};

extern const wf_route wf_routes_stays[];
const wf_route wf_routes_stays[] = {
    {.method = "GET",
     .path = "/v1/stays",
     .lane = WF_LANE_LOOKUPS,
     .action = WF_ACTION_WHO,
     .operation = "findStays",
     .parameters = stays_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &stays_schema,
                 .errors = stays_errors},
     .zh = "一个病例本人到过哪里：有记录的和口述的",
     .en = "where a case was itself, as records have it and as it was said",
     .handle = stays},
    {.method = "POST",
     .path = "/v1/stays/parse",
     .lane = WF_LANE_LOOKUPS,
     .action = WF_ACTION_WHO,
     .operation = "parseStays",
     .answers = {.media = WF_MEDIA_JSON, .schema = &said_schema},
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = body_bytes_max,
              .schema = &said_body_schema},
     .zh = "把口述的到访读成待确认的时间、地点；不保存，有歧义的写明要问什么",
     .en = "reads stays in people's own words, to be confirmed; stores nothing, and says "
           "what has to be asked",
     .handle = parse},
    WF_ROUTES_END,
};
