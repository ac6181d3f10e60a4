// One's own: who am I, who looked at me, how do I stand; whether somebody may pass; and
// the closed list of purposes. None of these is a look (DESIGN §5).
#include <string.h>

#include "model/look.h"
#include "serve/areas/asking.h"
#include "serve/areas/at_once.h"
#include "serve/areas/rows_json.h"

enum { rows_max = 100, body_bytes_max = 4 << 10 };

static weft_status add(wf_asking *a, const char *name, json_t *value, weft_error *error)
{
    return json_object_set_new(a->answer, name, value) == 0 ? WEFT_OK
                                                            : wf_fail_memory(error);
}

static json_t *text_or_null(const char *text)
{
    return text[0] != '\0' ? json_string(text) : json_null();
}

static void me(wf_exchange *x)
{
    static const char *const kinds[] = {[WF_ACTOR_NOBODY] = "nobody",
                                        [WF_ACTOR_OWNER] = "owner",
                                        [WF_ACTOR_DEVICE] = "device",
                                        [WF_ACTOR_USER] = "user"};
    const wf_actor *actor = wf_exchange_actor(x);
    bool has_role = actor->kind == WF_ACTOR_DEVICE || actor->kind == WF_ACTOR_USER;
    wf_exchange_json(
        x, 200,
        json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:b, s:o}", "kind", kinds[actor->kind], "name",
            text_or_null(actor->name), "role",
            has_role ? json_string(wf_role_words[actor->role]) : json_null(), "grid",
            text_or_null(actor->grid), "office", text_or_null(actor->office), "is_person",
            (int)(actor->person[0] != '\0'), "person", text_or_null(actor->person)));
}

// ---- views of one's own ----

// These columns of a row alone; NULL: no memory.
static json_t *cut_of(const json_t *row, const char *const *columns)
{
    json_t *cut = json_object();
    for (size_t c = 0; cut != NULL && columns[c] != NULL; c++)
        if (json_object_set(cut, columns[c], json_object_get(row, columns[c])) != 0) {
            json_decref(cut);
            cut = NULL;
        }
    return cut;
}

// At most `limit` rows of a view about one's own id, without what names others; whether
// there are more.
static weft_status own_rows(wf_asking *a, const char *view, const char *const *columns,
                            size_t limit, json_t *to, bool *ret_more, weft_error *error)
{
    char field[sizeof "person=" + WF_ID_BYTES_MAX];
    const char *fields[] = {field};
    weft_view_question question = {
        .view = view, .fields = fields, .fields_count = 1, .limit = limit};
    weft_view_page page;
    const char *own = a->asker.actor->person;
    if (own[0] == '\0')
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    memcpy(field, "person=", sizeof "person=" - 1);
    memcpy(field + sizeof "person=" - 1, own, strlen(own) + 1);
    WF_TRY(weft_view_read(a->asker.city, &question, &page, error));
    for (size_t i = 0; i < page.rows_count; i++) {
        json_t *row = wf_json_view_row(a->asker.city, &page, i);
        json_t *cut = cut_of(row, columns);
        json_decref(row);
        if (json_array_append_new(to, cut) != 0)
            return wf_fail_memory(error);
    }
    wf_asking_as_of(a, &page.as_of);
    *ret_more = page.next != NULL;
    return WEFT_OK;
}

static weft_status ask_own_looks(wf_asking *a, weft_error *error)
{
    bool more;
    static const char *const columns[] = {
        "looked_at", "office", "office_name", "purpose", "reference_kind", "grid", NULL};
    a->columns = columns;
    return own_rows(a, "register/looks_at_person", columns, rows_max, a->rows, &more,
                    error);
}

static void own_looks(wf_exchange *x)
{
    wf_asking_answer(x, ask_own_looks);
}

static weft_status ask_own_status(wf_asking *a, weft_error *error)
{
    static const char *const orders[] = {"order_id", "kind",      "clause",  "issuer",
                                         "place",    "starts_at", "ends_at", NULL};
    static const char *const samples[] = {"tube_id", "collected_at", "result",
                                          "result_at", NULL};
    json_t *of_samples = json_array();
    bool more = false;
    if (of_samples == NULL)
        return wf_fail_memory(error);
    WF_TRY(add(a, "samples", of_samples, error));
    WF_TRY(own_rows(a, "testing/samples_of_person", samples,
                    (size_t)wf_exchange_whole(a->x, "samples", wf_own_samples),
                    of_samples, &more, error));
    WF_TRY(add(a, "more_samples", json_boolean(more), error));
    return own_rows(a, "order/bound_persons", orders, rows_max, a->rows, &more, error);
}

static void own_status(wf_exchange *x)
{
    wf_asking_answer(x, ask_own_status);
}

static weft_status ask_own_reports(wf_asking *a, weft_error *error)
{
    bool more;
    static const char *const columns[] = {"report_id",   "about",    "place",
                                          "happened_at", "until_at", "reported_at",
                                          "answered_at", "answer",   NULL};
    return own_rows(a, "cases/self_reports", columns, rows_max, a->rows, &more, error);
}

static void own_reports(wf_exchange *x)
{
    wf_asking_answer(x, ask_own_reports);
}

// ---- what was published ----

// A home that somebody published by mistake is shown to those who can withdraw it, and to
// nobody else (R7).
static bool is_for_everybody(json_t *row)
{
    const char *kind = json_string_value(json_object_get(row, "place_kind"));
    bool is_home =
        kind != NULL && (strcmp(kind, "household") == 0 || strcmp(kind, "room") == 0);
    return !is_home && json_is_true(json_object_get(row, "goes_on"));
}

static weft_status ask_notices(wf_asking *a, weft_error *error)
{
    static const char *const columns[] = {"notice_id",    "place",    "place_name",
                                          "from_at",      "until_at", "advice",
                                          "published_at", NULL};
    weft_view_question question = {
        .view = "cases/notices", .sort = "-published_at", .limit = rows_max};
    weft_view_page page;
    WF_TRY(weft_view_read(a->asker.city, &question, &page, error));
    for (size_t i = 0; i < page.rows_count; i++) {
        json_t *row = wf_json_view_row(a->asker.city, &page, i), *cut = NULL;
        if (row != NULL && !is_for_everybody(row)) {
            json_decref(row);
            continue;
        }
        cut = cut_of(row, columns);
        json_decref(row);
        if (json_array_append_new(a->rows, cut) != 0)
            return wf_fail_memory(error);
    }
    wf_asking_as_of(a, &page.as_of);
    return WEFT_OK;
}

static void notices(wf_exchange *x)
{
    wf_asking_answer(x, ask_notices);
}

// ---- at a gate ----

// Whether somebody is bound now by an order to stay where they are.
static weft_status is_bound(wf_asking *a, const char *person, bool *ret,
                            weft_error *error)
{
    char field[sizeof "person=" + WF_ID_BYTES_MAX];
    const char *fields[] = {field};
    weft_view_question question = {.view = "order/bound_persons",
                                   .fields = fields,
                                   .fields_count = 1,
                                   .limit = rows_max};
    weft_view_page page;
    *ret = false;
    if (strlen(person) > WF_ID_BYTES_MAX)
        return WEFT_OK;
    memcpy(field, "person=", sizeof "person=" - 1);
    memcpy(field + sizeof "person=" - 1, person, strlen(person) + 1);
    WF_TRY(weft_view_read(a->asker.city, &question, &page, error));
    size_t kind = 0;
    while (strcmp(page.about->columns[kind].name, "kind") != 0)
        kind++;
    for (size_t i = 0; i < page.rows_count; i++)
        *ret = *ret || wf_order_keeps_in(wf_text_of(
                           page.values[i * page.about->columns_count + kind].text));
    wf_asking_as_of(a, &page.as_of);
    return WEFT_OK;
}

static weft_status ask_valid(wf_asking *a, weft_error *error)
{
    json_t *body;
    bool bound = false, known = false;
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    const char *person = json_string_value(json_object_get(body, "person"));
    weft_status status;
    if (person == NULL || json_object_size(body) != 1) {
        wf_error_at(error, NULL, 0, "person");
        status = wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
    } else {
        status = is_bound(a, person, &bound, error);
        if (status == WEFT_OK)
            status = wf_answers_is_registered(&a->asker, person, &known, error);
    }
    json_decref(body);
    WF_TRY(status);
    return add(a, "valid", json_boolean(known && !bound), error);
}

static void valid(wf_exchange *x)
{
    wf_asking_answer(x, ask_valid);
}

// ---- purposes ----

static json_t *references_json(wf_purpose purpose, uint32_t *ret_uses)
{
    json_t *words = json_array();
    *ret_uses = 0;
    for (unsigned kind = 0; kind < WF_REFERENCE_COUNT; kind++) {
        uint32_t uses = 0;
        for (unsigned use = 0; use < WF_LOOK_USES; use++)
            uses |= (uint32_t)wf_purpose_fits(purpose, (wf_reference_kind)kind,
                                              (wf_look_use)use)
                    << use;
        *ret_uses |= uses;
        if (uses != 0 &&
            json_array_append_new(words, json_string(wf_reference_words[kind])) != 0) {
            json_decref(words);
            return NULL;
        }
    }
    return words;
}

static json_t *purpose_json(wf_purpose purpose)
{
    uint32_t uses;
    json_t *references = references_json(purpose, &uses);
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:b, s:b, s:b}", "purpose", wf_purpose_words[purpose], "zh",
        wf_purpose_zh(purpose), "en", wf_purpose_en(purpose), "references", references,
        "reads", (int)(uses >> WF_LOOK_READ & 1), "traces",
        (int)(uses >> WF_LOOK_TRACE & 1), "exports", (int)(uses >> WF_LOOK_EXPORT & 1));
}

static json_t *words_json(const char *const *words, const char *(*zh)(unsigned),
                          const char *(*en)(unsigned))
{
    json_t *list = json_array();
    for (unsigned i = 0; list != NULL && words[i] != NULL; i++)
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "word", words[i],
                                                  "zh", zh(i), "en", en(i))) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static void purposes(wf_exchange *x)
{
    json_t *list = json_array();
    for (unsigned i = 0; list != NULL && i < WF_PURPOSE_COUNT; i++)
        if (json_array_append_new(list, purpose_json((wf_purpose)i)) != 0) {
            json_decref(list);
            list = NULL;
        }
    wf_exchange_json(
        x, 200,
        json_pack("{s:o, s:o, s:o}", "purposes", list, "references",
                  words_json(wf_reference_words, wf_reference_zh, wf_reference_en),
                  "offices", words_json(wf_office_words, wf_office_zh, wf_office_en)));
}

// ---- routes ----

static const wf_schema me_schema = {
    "Me",
    "{\"type\":\"object\",\"required\":[\"kind\",\"name\",\"role\",\"grid\",\"office\","
    "\"is_person\",\"person\"],\"properties\":{\"kind\":{\"type\":\"string\"},"
    "\"name\":{\"type\":[\"string\",\"null\"]},\"role\":{\"type\":[\"string\",\"null\"]},"
    "\"grid\":{\"type\":[\"string\",\"null\"]},"
    "\"office\":{\"type\":[\"string\",\"null\"]},\"is_person\":{\"type\":\"boolean\","
    "\"description\":\"the account says which person it is\"},"
    "\"person\":{\"type\":[\"string\",\"null\"],\"description\":\"one's own id, for "
    "what one reports of oneself\"}}}"};
static const wf_schema looks_schema = {
    "OwnLooks",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"looked_at\",\"office\",\"office_name\",\"purpose\",\"reference_kind\",\"grid\"]}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};
static const wf_schema reports_schema = {
    "OwnReports",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"report_id\",\"about\",\"place\",\"happened_at\",\"until_at\",\"reported_at\","
    "\"answered_at\",\"answer\"]}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};
static const wf_schema notices_schema = {
    "Notices",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"notice_id\",\"place\",\"place_name\",\"from_at\",\"until_at\",\"advice\","
    "\"published_at\"]}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};
static const wf_schema status_schema = {
    "OwnStatus",
    "{\"type\":\"object\",\"required\":[\"rows\",\"samples\",\"more_samples\",\"as_of\","
    "\"complete\"],\"properties\":{\"more_samples\":{\"type\":\"boolean\","
    "\"description\":\"there are older "
    "ones\"},\"rows\":{\"type\":\"array\",\"description\":\"orders that bind\","
    "\"items\":{\"type\":\"object\"}},\"samples\":{\"type\":\"array\",\"items\":{"
    "\"type\":\"object\"}},\"as_of\":{\"type\":\"object\"},"
    "\"complete\":{\"type\":\"boolean\"}}}"};
static const wf_schema valid_schema = {
    "Valid",
    "{\"type\":\"object\",\"required\":[\"valid\",\"as_of\",\"complete\"],"
    "\"properties\":{\"valid\":{\"type\":\"boolean\",\"description\":\"no order binds "
    "the "
    "person to stay where they are; whatever it says, the way to medical help is open\"},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};
static const wf_schema valid_body_schema = {
    "ValidQuery",
    "{\"type\":\"object\",\"required\":[\"person\"],\"additionalProperties\":false,"
    "\"properties\":{\"person\":{\"type\":\"string\"}}}"};
static const wf_schema purposes_schema = {
    "Purposes",
    "{\"type\":\"object\",\"required\":[\"purposes\",\"references\",\"offices\"],"
    "\"properties\":{\"purposes\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"references\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"offices\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"};

static const wf_parameter status_parameters[] = {
    {.name = "samples",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 1,
     .max = rows_max,
     .zh = "最多列出几个最近的样本；不给时为 8 个",
     .en = "how many of the newest samples at most; 8 when not given"},
    {.name = NULL}};

extern const wf_route wf_routes_me[];
const wf_route wf_routes_me[] = {
    {.method = "GET",
     .path = "/v1/me",
     .lane = WF_LANE_FIELD,
     .field = true,
     .fast = true,
     .action = WF_ACTION_ME,
     .operation = "readMe",
     .answers = {.media = WF_MEDIA_JSON, .schema = &me_schema},
     .zh = "我是谁：账户、角色、负责的网格",
     .en = "who am I: account, role, grid",
     .handle = me},
    {.method = "GET",
     .path = "/v1/me/looks",
     .lane = WF_LANE_FIELD,
     .action = WF_ACTION_OWN_LOOKS,
     .operation = "readOwnLooks",
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV, .schema = &looks_schema},
     .zh = "谁查看过我的资料：专班、用途、时间；查看满 24 小时后列出",
     .en = "who looked at me: work group, purpose and time, 24 hours after the look",
     .handle = own_looks},
    {.method = "GET",
     .path = "/v1/me/status",
     .lane = WF_LANE_ORDERS,
     .action = WF_ACTION_OWN_STATUS,
     .operation = "readOwnStatus",
     .parameters = status_parameters,
     .answers = {.media = WF_MEDIA_JSON, .schema = &status_schema},
     .zh = "我的管控措施和检测结果",
     .en = "the orders that bind me, my samples and results",
     .at_once = wf_own_status_at_once,
     .handle = own_status},
    {.method = "GET",
     .path = "/v1/me/reports",
     .lane = WF_LANE_ORDERS,
     .action = WF_ACTION_OWN_STATUS,
     .operation = "readOwnReports",
     .answers = {.media = WF_MEDIA_JSON, .schema = &reports_schema},
     .zh = "我的主动报备和答复",
     .en = "what I reported of myself, and what I was answered",
     .handle = own_reports},
    {.method = "GET",
     .path = "/v1/notices",
     .lane = WF_LANE_ORDERS,
     .action = WF_ACTION_ME,
     .operation = "listNotices",
     .answers = {.media = WF_MEDIA_JSON, .schema = &notices_schema},
     .zh = "已发布的风险场所和时间：请当时在场的人报备、采样；从不写明病例，最新 100 条",
     .en = "places and times that were published, so that people come forward; never a "
           "case; "
           "the newest 100",
     .handle = notices},
    {.method = "POST",
     .path = "/v1/valid",
     .lane = WF_LANE_FIELD,
     .field = true,
     .action = WF_ACTION_VALID,
     .operation = "checkValid",
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = body_bytes_max,
              .schema = &valid_body_schema},
     .answers = {.media = WF_MEDIA_JSON, .schema = &valid_schema},
     .zh = "某人此刻可否通行；只回答可或否，就医通道始终开放",
     .en = "whether somebody may pass now: yes or no, nothing else",
     .at_once = wf_valid_at_once,
     .handle = valid},
    {.method = "GET",
     .path = "/v1/purposes",
     .lane = WF_LANE_FIELD,
     .fast = true,
     .action = WF_ACTION_ME,
     .operation = "listPurposes",
     .answers = {.media = WF_MEDIA_JSON, .schema = &purposes_schema},
     .zh = "查询个人数据可用的事由和用途",
     .en = "the references and purposes by which people's data are read",
     .handle = purposes},
    WF_ROUTES_END,
};
