// Views over HTTP: which there are, and a page of one. Who asks for a person by name does
// it in a body (POST …/query): what stands in an address stands in logs and histories.
#include <stdlib.h>
#include <string.h>

#include "serve/areas/asking.h"
#include "serve/areas/rows_json.h"

enum {
    limit_default = 100,
    limit_max = 10000, // of a view that names nobody
    fields_max = 16,
    name_bytes_max = 128,
    query_bytes_max = 64 << 10
};

// ---- which there are ----

static weft_status ask_list(wf_asking *a, weft_error *error)
{
    const weft_view_about *abouts;
    size_t count;
    WF_TRY(weft_views_list(a->asker.city, &abouts, &count, error));
    for (size_t i = 0; i < count; i++)
        if (wf_answers_may_read(&a->asker, &abouts[i]))
            WF_TRY(wf_asking_row(a, wf_json_view(&abouts[i]), error));
    wf_asking_stand(a);
    return WEFT_OK;
}

static void list(wf_exchange *x)
{
    wf_asking_answer(x, ask_list);
}

// ---- a page ----

// A question as it is put together; texts in the exchange's arena.
typedef struct {
    weft_view_question question;
    const char *fields[fields_max];
} putting;

static weft_status add_field(wf_asking *a, putting *to, wf_text name, wf_text value,
                             weft_error *error)
{
    wf_buffer text = {0};
    if (to->question.fields_count == fields_max)
        return wf_fail(error, WEFT_BAD_INPUT, "view.fields", NULL);
    bool done = wf_buffer_append(&text, name.bytes, name.size) &&
                wf_buffer_append(&text, "=", 1) &&
                wf_buffer_append(&text, value.bytes, value.size);
    wf_text kept = {NULL, 0};
    if (done)
        kept = wf_arena_text(wf_exchange_arena(a->x), wf_buffer_text(&text));
    wf_buffer_wipe(&text);
    if (kept.bytes == NULL)
        return wf_fail_memory(error);
    to->fields[to->question.fields_count++] = kept.bytes;
    return WEFT_OK;
}

static bool names_a_person(const weft_view_about *about, wf_text name)
{
    for (size_t i = 0; i < about->parameters_count; i++)
        if (wf_text_equal(wf_text_of(about->parameters[i].name), name))
            return about->parameters[i].is_person;
    for (size_t i = 0; i < about->columns_count; i++)
        if (wf_text_equal(wf_text_of(about->columns[i].name), name))
            return about->columns[i].is_person;
    return false;
}

// What is asked in the address: nobody's name.
static weft_status read_query(wf_asking *a, const weft_view_about *about, putting *to,
                              weft_error *error)
{
    static const char *const own[] = {"sort", "limit", "after", "grid", "format", "lang"};
    for (size_t i = 0; i < wf_exchange_query_count(a->x); i++) {
        wf_text name, value;
        bool is_own = false;
        wf_exchange_query_at(a->x, i, &name, &value);
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            is_own = is_own || wf_text_equal(wf_text_of(own[k]), name);
        if (is_own)
            continue;
        if (names_a_person(about, name))
            return wf_fail(error, WEFT_BAD_INPUT, "http.person_in_address", NULL);
        WF_TRY(add_field(a, to, name, value, error));
    }
    to->question.sort = wf_asking_query(a, "sort");
    to->question.after = wf_asking_query(a, "after");
    to->question.grid = wf_asking_query(a, "grid");
    to->question.limit = (size_t)wf_exchange_whole(a->x, "limit", limit_default);
    return WEFT_OK;
}

static const char *text_of(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

static weft_status read_fields(wf_asking *a, const json_t *fields, putting *to,
                               weft_error *error)
{
    const char *name;
    json_t *value;
    // Iterating changes nothing.
    json_object_foreach((json_t *)(uintptr_t)fields, name, value)
    {
        if (!json_is_string(value)) {
            wf_error_at(error, NULL, 0, "fields");
            return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
        }
        WF_TRY(add_field(a, to, wf_text_of(name),
                         (wf_text){json_string_value(value), json_string_length(value)},
                         error));
    }
    return WEFT_OK;
}

// {"fields":{"person":"P-0000007"},"sort":…,"grid":…,"after":…,"limit":…}
static weft_status read_body(wf_asking *a, const json_t *body, putting *to,
                             weft_error *error)
{
    static const char *const texts[] = {"sort", "grid", "after"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)body, name, value)
    {
        bool fits =
            (strcmp(name, "fields") == 0 && json_is_object(value)) ||
            (strcmp(name, "limit") == 0 && json_is_integer(value) &&
             json_integer_value(value) > 0 && json_integer_value(value) <= limit_max);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            fits = fits || (strcmp(name, texts[i]) == 0 && json_is_string(value));
        if (!fits) {
            wf_error_at(error, NULL, 0, name);
            return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
        }
    }
    const json_t *limit = json_object_get(body, "limit");
    wf_arena *arena = wf_exchange_arena(a->x);
    const char **into[] = {&to->question.sort, &to->question.grid, &to->question.after};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = text_of(body, texts[i]);
        *into[i] = text == NULL ? NULL : wf_arena_text(arena, wf_text_of(text)).bytes;
        if (text != NULL && *into[i] == NULL)
            return wf_fail_memory(error);
    }
    to->question.limit =
        limit != NULL ? (size_t)json_integer_value(limit) : limit_default;
    return read_fields(a, json_object_get(body, "fields"), to, error);
}

static weft_status columns_of(wf_asking *a, const weft_view_about *about,
                              weft_error *error)
{
    const char **columns = wf_arena_array(wf_exchange_arena(a->x),
                                          about->columns_count + 1, sizeof *columns);
    if (columns == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < about->columns_count; i++)
        columns[i] = about->columns[i].name;
    a->columns = columns;
    return WEFT_OK;
}

static weft_status take_page(wf_asking *a, const weft_view_page *page, weft_error *error)
{
    for (size_t i = 0; i < page->rows_count; i++)
        WF_TRY(wf_asking_write_row(a, wf_json_view_row(a->asker.city, page, i), error));
    wf_asking_as_of(a, &page->as_of);
    if (page->next != NULL) {
        a->next = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(page->next)).bytes;
        if (a->next == NULL)
            return wf_fail_memory(error);
    }
    return json_object_set_new(a->answer, "view", json_string(page->about->name)) == 0
               ? WEFT_OK
               : wf_fail_memory(error);
}

// The clock is a look-up of a case: it is asked for by any of its numbers. Filters of
// other views are what their columns say.
static weft_status name_case(wf_asking *a, const weft_view_about *about, putting *to,
                             weft_error *error)
{
    static const char field[] = "case_id=";
    const size_t size = sizeof field - 1;
    for (size_t i = 0; i < to->question.fields_count; i++) {
        if (strcmp(about->name, "tracing/clock") != 0 ||
            strncmp(to->fields[i], field, size) != 0)
            continue;
        wf_arena *arena = wf_exchange_arena(a->x);
        const char *id = to->fields[i] + size;
        WF_TRY(wf_answers_case(&a->asker, arena, &id, error));
        char *made = wf_arena_new(arena, size + strlen(id) + 1);
        if (made == NULL)
            return wf_fail_memory(error);
        memcpy(made, field, size);
        memcpy(made + size, id, strlen(id) + 1);
        to->fields[i] = made;
    }
    return WEFT_OK;
}

static weft_status ask_page(wf_asking *a, const weft_view_about *about, putting *to,
                            weft_error *error)
{
    weft_view_page page;
    weft_beside beside;
    size_t most = about->personal ? WF_LOOK_PERSONS_MAX : limit_max;
    if (to->question.limit > most)
        to->question.limit = most;
    to->question.view = about->name;
    to->question.fields = to->fields;
    if (about->personal)
        WF_TRY(wf_asking_look(a, WF_LOOK_READ, about->name, error));
    WF_TRY(name_case(a, about, to, error));
    WF_TRY(wf_answers_bind(&a->asker, about, &to->question, &beside, error));
    WF_TRY(weft_view_read(a->asker.city, &to->question, &page, error));
    if (about->personal)
        WF_TRY(wf_answers_show_page(&a->asker, &to->question, &page, &a->shown, error));
    WF_TRY(columns_of(a, about, error));
    return take_page(a, &page, error);
}

static weft_status find(wf_asking *a, const weft_view_about **ret, weft_error *error)
{
    wf_text desk = wf_exchange_path(a->x, "desk"), name = wf_exchange_path(a->x, "name");
    char whole[2 * name_bytes_max + 2];
    if (desk.size > name_bytes_max || name.size > name_bytes_max)
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    snprintf(whole, sizeof whole, "%.*s/%.*s", (int)desk.size, desk.bytes, (int)name.size,
             name.bytes);
    return wf_answers_view(&a->asker, whole, ret, error);
}

static weft_status ask_by_address(wf_asking *a, weft_error *error)
{
    const weft_view_about *about;
    putting to = {0};
    WF_TRY(find(a, &about, error));
    WF_TRY(read_query(a, about, &to, error));
    return ask_page(a, about, &to, error);
}

static void read_view(wf_exchange *x)
{
    wf_asking_answer(x, ask_by_address);
}

// The clock has an address of its own; its rows and rights are those of its view.
static weft_status ask_clock(wf_asking *a, weft_error *error)
{
    const weft_view_about *about;
    putting to = {0};
    WF_TRY(wf_answers_view(&a->asker, "tracing/clock", &about, error));
    WF_TRY(read_query(a, about, &to, error));
    return ask_page(a, about, &to, error);
}

static void read_clock(wf_exchange *x)
{
    wf_asking_answer(x, ask_clock);
}

static weft_status ask_by_body(wf_asking *a, weft_error *error)
{
    const weft_view_about *about;
    json_t *body;
    putting to = {0};
    WF_TRY(find(a, &about, error));
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    weft_status status = read_body(a, body, &to, error);
    json_decref(body);
    WF_TRY(status);
    return ask_page(a, about, &to, error);
}

static void query_view(wf_exchange *x)
{
    wf_asking_answer(x, ask_by_body);
}

// ---- routes ----

#define DESK_AND_NAME                                                                    \
    {.name = "desk",                                                                     \
     .place = WF_IN_PATH,                                                                \
     .required = true,                                                                   \
     .zh = "业务席位，如 testing",                                                       \
     .en = "desk, such as testing"},                                                     \
    {                                                                                    \
        .name = "name", .place = WF_IN_PATH, .required = true,                           \
        .zh = "视图名称，如 tubes", .en = "view, such as tubes"                          \
    }

#define PURPOSE                                                                          \
    {                                                                                    \
        .name = "Weft-Purpose", .place = WF_IN_HEADER, .bytes_max = 512,                 \
        .zh = "事由和用途；读取涉及个人的视图时必须给出",                                \
        .en = "reference and purpose; needed for views that name people"                 \
    }

#define PAGE_PARAMETERS                                                                  \
    {.name = "sort",                                                                     \
     .place = WF_IN_QUERY,                                                               \
     .zh = "排序列；-列 为降序",                                                         \
     .en = "column to sort by; -column: falling"},                                       \
        {.name = "grid",                                                                 \
         .place = WF_IN_QUERY,                                                           \
         .zh = "只看这个网格之内，须在本人范围内",                                       \
         .en = "only what lies in this grid, within your own"},                          \
        {.name = "after",                                                                \
         .place = WF_IN_QUERY,                                                           \
         .bytes_max = 1024,                                                              \
         .zh = "上一页的 next",                                                          \
         .en = "`next` of the page before"},                                             \
        {.name = "limit",                                                                \
         .place = WF_IN_QUERY,                                                           \
         .type = WF_PARAMETER_WHOLE,                                                     \
         .min = 1,                                                                       \
         .max = limit_max,                                                               \
         .zh = "一页的行数（默认 100；涉及个人的最多 500）",                             \
         .en = "rows of a page (100; at most 500 of views that name people)"},           \
    {                                                                                    \
        .name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv" \
    }

static const wf_parameter page_parameters[] = {
    DESK_AND_NAME,
    PURPOSE,
    PAGE_PARAMETERS,
    {.name = NULL},
};
static const wf_parameter clock_parameters[] = {
    {.name = "case_id",
     .place = WF_IN_QUERY,
     .zh = "只看一个病例（编号或其他编号）",
     .en = "one case, by any of its numbers"},
    {.name = "outbreak",
     .place = WF_IN_QUERY,
     .zh = "只看一起疫情",
     .en = "one outbreak"},
    {.name = "step", .place = WF_IN_QUERY, .zh = "只看一个节点", .en = "one milestone"},
    {.name = "state", .place = WF_IN_QUERY, .zh = "只看一种状态", .en = "one state"},
    PAGE_PARAMETERS,
    {.name = NULL},
};
static const wf_parameter query_parameters[] = {DESK_AND_NAME, PURPOSE, {.name = NULL}};

static const wf_schema list_schema = {
    "Views",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"view\","
    "\"title_zh\",\"title_en\",\"personal\",\"grid\",\"columns\",\"parameters\","
    "\"filters\",\"sorts\"],\"properties\":{\"view\":{\"type\":\"string\"},"
    "\"title_zh\":{\"type\":\"string\"},\"title_en\":{\"type\":\"string\"},"
    "\"about_zh\":{\"type\":\"string\"},\"about_en\":{\"type\":\"string\"},"
    "\"personal\":{\"type\":\"boolean\"},\"grid\":{\"type\":\"boolean\"},"
    "\"columns\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"parameters\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"filters\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
    "\"sorts\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const wf_schema page_schema = {
    "ViewPage",
    "{\"type\":\"object\",\"required\":[\"view\",\"rows\",\"as_of\",\"complete\"],"
    "\"properties\":{\"view\":{\"type\":\"string\"},"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"description\":\"a value a column, by the columns' names\"}},"
    "\"next\":{\"type\":\"string\",\"description\":\"token of the page that follows\"},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const wf_schema query_schema = {
    "ViewQuery",
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
    "\"fields\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"},"
    "\"description\":\"parameters and filters, ids of people among them\"},"
    "\"sort\":{\"type\":\"string\"},\"grid\":{\"type\":\"string\"},"
    "\"after\":{\"type\":\"string\"},\"limit\":{\"type\":\"integer\",\"minimum\":1}}}"};

static const unsigned short page_errors[] = {409, 0};

extern const wf_route wf_routes_views[];
const wf_route wf_routes_views[] = {
    {.method = "GET",
     .path = "/v1/views",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_READ_VIEW,
     .operation = "listViews",
     .answers = {.media = WF_MEDIA_JSON, .schema = &list_schema},
     .zh = "列出本人可读取的视图",
     .en = "the views that are yours to read",
     .handle = list},
    {.method = "GET",
     .path = "/v1/views/{desk}/{name}",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_READ_VIEW,
     .operation = "readView",
     .parameters = page_parameters,
     .any_query = true,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &page_schema,
                 .errors = page_errors},
     .zh = "读取视图的一页；筛选项写在地址里，人员编号不可",
     .en = "a page of a view; filters stand in the address, ids of people may not",
     .handle = read_view},
    {.method = "GET",
     .path = "/v1/clock",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_CLOCK,
     .operation = "readClock",
     .parameters = clock_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &page_schema,
                 .errors = page_errors},
     .zh = "时钟：各病例、各疫情的节点对照方案时限（视图 tracing/clock）",
     .en = "the clock: milestones of cases and outbreaks against the protocol's "
           "deadlines (the view tracing/clock)",
     .handle = read_clock},
    {.method = "POST",
     .path = "/v1/views/{desk}/{name}/query",
     .lane = WF_LANE_LOOKUPS,
     .action = WF_ACTION_READ_VIEW,
     .operation = "queryView",
     .parameters = query_parameters,
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = query_bytes_max,
              .schema = &query_schema},
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &page_schema,
                 .errors = page_errors},
     .zh = "读取视图的一页；参数和筛选项（含人员编号）写在请求正文里",
     .en =
         "a page of a view; parameters and filters stand in the body, ids of people too",
     .handle = query_view},
    WF_ROUTES_END,
};
