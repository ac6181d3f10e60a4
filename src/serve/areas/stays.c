// Where a case was, over HTTP: for the case page, whose investigator asks about what lies
// between (serve/areas/lookups.c).
#include "serve/areas/lookups.h"
#include "serve/areas/rows_json.h"

typedef struct {
    wf_asking *a;
    weft_error *error;
    weft_status status;
} taking;

static bool take_stay(void *context, const weft_case_stay *row)
{
    taking *to = context;
    json_t *made = json_pack(
        "{s:s, s:s, s:o, s:o, s:b}", "place", row->place, "place_kind", row->place_kind,
        "start", wf_json_time(to->a->asker.city, row->start), "end",
        wf_json_time(to->a->asker.city, row->end), "stated", (int)row->stated);
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
    static const char *const columns[] = {"place", "place_kind", "start",
                                          "end",   "stated",     NULL};
    const char *case_id = wf_asking_query(a, "case"), *person = NULL;
    WF_TRY(wf_lookups_begin(a, case_id, "stays", error));
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
     .zh = "病例编号",
     .en = "the case"},
    {.name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv"},
    {.name = NULL},
};

static const wf_schema stays_schema = {
    "CaseStays",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\",\"missing\","
    "\"from\",\"to\",\"infectious_from\",\"infectious_to\"],\"properties\":{"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"},"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"place\",\"place_kind\",\"start\",\"end\",\"stated\"]}}}}"};

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
    WF_ROUTES_END,
};
