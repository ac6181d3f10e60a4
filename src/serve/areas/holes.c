// Holes and counts over HTTP. A hole's subject may be a person: such kinds are listed
// with a look only; counts name nobody, and need none.
#include <stdio.h>
#include <string.h>

#include "serve/areas/asking.h"
#include "serve/areas/rows_json.h"

enum { limit_default = 500, limit_max = 5000 };

static const char *const hole_columns[] = {
    "kind",   "subject", "grid",      "owner",      "since",      "due_at",
    "late_s", "task",    "task_post", "task_state", "task_since", NULL};
static const char *const count_columns[] = {"grid", "kind", "due", "not_yet", NULL};

typedef struct {
    wf_asking *a;
    size_t limit, given;
    bool personal, more;
    weft_error *error;
    weft_status status;
} taking;

static bool take_hole(void *context, const weft_hole *hole)
{
    taking *to = context;
    wf_asking *a = to->a;
    to->more = to->given == to->limit;
    if (to->more)
        return false;
    if (wf_answers_is_personal_hole(&a->asker, hole->kind))
        to->status = wf_look_show(&a->shown, hole->subject, to->error);
    if (to->status == WEFT_OK)
        to->status = wf_asking_write_row(a, wf_json_hole(a->asker.city, hole), to->error);
    to->given++;
    return to->status == WEFT_OK;
}

static bool is_yes(const wf_asking *a, const char *name)
{
    return wf_text_equal(wf_exchange_query(a->x, name), WF_TEXT("true"));
}

static weft_status add(wf_asking *a, const char *name, json_t *value, weft_error *error)
{
    return json_object_set_new(a->answer, name, value) == 0 ? WEFT_OK
                                                            : wf_fail_memory(error);
}

static weft_status ask_holes(wf_asking *a, weft_error *error)
{
    weft_holes_query query = {.kind = wf_asking_query(a, "kind"),
                              .grid = wf_asking_query(a, "grid"),
                              .with_not_due = is_yes(a, "all"),
                              .after = wf_asking_query(a, "after")};
    weft_error inner = {0};
    taking to = {.a = a,
                 .limit = (size_t)wf_exchange_whole(a->x, "limit", limit_default),
                 .error = &inner};
    weft_holes_summary summary;
    a->columns = hole_columns;
    to.personal =
        wf_exchange_header(a->x, "Weft-Purpose").size > 0 ||
        (query.kind != NULL && wf_answers_is_personal_hole(&a->asker, query.kind));
    // Operators see holes, but none whose subject is a person.
    if (wf_policy_reach(a->asker.actor, WF_ACTION_HOLES) != WF_REACH_ROWS ||
        (to.personal &&
         wf_policy_reach(a->asker.actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS))
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    if (to.personal) {
        WF_TRY(wf_asking_look(a, WF_LOOK_READ, "holes", error));
        to.limit = to.limit > WF_LOOK_PERSONS_MAX ? WF_LOOK_PERSONS_MAX : to.limit;
    }
    weft_status status =
        wf_answers_holes(&a->asker, &query, to.personal, take_hole, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    WF_TRY(status);
    wf_asking_stand(a);
    if (summary.next != NULL) {
        a->next = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(summary.next)).bytes;
        if (a->next == NULL)
            return wf_fail_memory(error);
    }
    WF_TRY(add(a, "more", json_boolean(to.more), error));
    return add(a, "not_asked", json_integer((json_int_t)summary.not_asked), error);
}

static void holes(wf_exchange *x)
{
    wf_asking_answer(x, ask_holes);
}

// ---- counts ----

static weft_status write_count(wf_asking *a, const weft_holes_count *count,
                               weft_error *error)
{
    wf_buffer *to;
    WF_TRY(wf_asking_write(a, &to, error));
    return wf_json_titled_count(count, to) ? WEFT_OK : wf_fail_memory(error);
}

static bool take_count(void *context, const weft_holes_count *count)
{
    taking *to = context;
    to->status = write_count(to->a, count, to->error);
    return to->status == WEFT_OK;
}

// Present, sampled, explained and missing of the grid's own level and below, as the view
// of the population has them; none where the city's register is empty.
static weft_status add_population(wf_asking *a, const char *grid, weft_error *error)
{
    enum { rows_max = 200 };
    static const char *const fields[] = {"level=town"};
    weft_view_question question = {.view = "testing/population",
                                   .fields = fields,
                                   .fields_count = 1,
                                   .grid = grid[0] != '\0' ? grid : NULL,
                                   .limit = rows_max};
    weft_view_page page;
    json_t *rows = json_array();
    weft_status status = weft_view_read(a->asker.city, &question, &page, error);
    for (size_t i = 0; status == WEFT_OK && i < page.rows_count; i++)
        if (json_array_append_new(rows, wf_json_view_row(a->asker.city, &page, i)) != 0)
            status = wf_fail_memory(error);
    if (status != WEFT_OK) {
        json_decref(rows);
        return status;
    }
    return add(a, "population", rows, error);
}

static weft_status ask_counts(wf_asking *a, weft_error *error)
{
    weft_holes_query query = {.grid = wf_asking_query(a, "grid")};
    weft_error inner = {0};
    taking to = {.a = a, .error = &inner};
    weft_holes_summary summary;
    const char *grid;
    a->columns = count_columns;
    WF_TRY(wf_answers_grid(&a->asker, query.grid, &grid, error));
    weft_status status =
        wf_answers_counts(&a->asker, &query, take_count, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    WF_TRY(status);
    wf_asking_stand(a);
    return add_population(a, grid, error);
}

static void counts(wf_exchange *x)
{
    char asked[WF_GRID_BYTES_MAX + 16] = "counts, all";
    wf_text grid = wf_exchange_query(x, "grid");
    if (grid.bytes == NULL)
        wf_asking_answer_kept(x, asked, ask_counts);
    // No grid has more bytes, or a NUL, and what is none is refused anew each time.
    else if (grid.size <= WF_GRID_BYTES_MAX && strlen(grid.bytes) == grid.size &&
             snprintf(asked, sizeof asked, "counts %s", grid.bytes) > 0)
        wf_asking_answer_kept(x, asked, ask_counts);
    else
        wf_asking_answer(x, ask_counts);
}

// ---- kinds ----

static bool take_kind(void *context, const weft_hole_kind *kind)
{
    taking *to = context;
    to->status =
        wf_asking_row(to->a,
                      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "kind",
                                kind->kind, "title_zh", kind->title_zh, "title_en",
                                kind->title_en, "about_zh", kind->about_zh, "about_en",
                                kind->about_en, "closes_zh", kind->closes_zh, "closes_en",
                                kind->closes_en, "personal", (int)kind->personal),
                      to->error);
    return to->status == WEFT_OK;
}

static weft_status ask_kinds(wf_asking *a, weft_error *error)
{
    taking to = {.a = a, .error = error};
    if (!wf_answers_hole_kinds(&a->asker, take_kind, &to))
        return to.status;
    wf_asking_stand(a);
    return WEFT_OK;
}

static void kinds(wf_exchange *x)
{
    wf_asking_answer(x, ask_kinds);
}

// ---- routes ----

#define GRID                                                                             \
    {                                                                                    \
        .name = "grid", .place = WF_IN_QUERY, .zh = "只看这个网格之内，须在本人范围内",  \
        .en = "only what lies in this grid, within your own"                             \
    }
#define FORMAT                                                                           \
    {                                                                                    \
        .name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv" \
    }

static const wf_parameter holes_parameters[] = {
    GRID,
    FORMAT,
    {.name = "kind",
     .place = WF_IN_QUERY,
     .zh = "只看一种，如 testing/tube_no_result",
     .en = "one kind, such as testing/tube_no_result"},
    {.name = "all",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_YESNO,
     .zh = "也列出尚未到时限的",
     .en = "those that are not yet due, too"},
    {.name = "limit",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 1,
     .max = limit_max,
     .zh = "最多几行（默认 500）",
     .en = "rows at most (500)"},
    {.name = "after",
     .place = WF_IN_QUERY,
     .bytes_max = 2048,
     .zh = "上一页的 next",
     .en = "`next` of the page before"},
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .bytes_max = 512,
     .zh = "事由和用途；给出时也列出对象为个人的种类",
     .en = "reference and purpose; with it kinds whose subjects are people are listed"},
    {.name = NULL},
};
static const wf_parameter counts_parameters[] = {GRID, FORMAT, {.name = NULL}};

static const wf_schema holes_schema = {
    "Holes",
    "{\"type\":\"object\",\"required\":[\"rows\",\"more\",\"as_of\",\"complete\"],"
    "\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"kind\",\"subject\",\"grid\",\"owner\",\"since\",\"due_at\","
    "\"late_s\"],\"properties\":{\"kind\":{\"type\":\"string\"},"
    "\"subject\":{\"type\":\"string\"},\"grid\":{\"type\":\"string\"},"
    "\"owner\":{\"type\":\"string\"},\"since\":{\"type\":\"string\"},"
    "\"due_at\":{\"type\":\"string\"},\"late_s\":{\"type\":\"integer\"},"
    "\"task\":{\"type\":[\"string\",\"null\"],"
    "\"description\":\"that has to close it; for who may read command/tasks\"},"
    "\"task_post\":{\"type\":[\"string\",\"null\"],"
    "\"description\":\"post that has the task now\"},"
    "\"task_state\":{\"type\":[\"string\",\"null\"]},"
    "\"task_since\":{\"type\":[\"string\",\"null\"]}}}},"
    "\"more\":{\"type\":\"boolean\"},\"next\":{\"type\":\"string\","
    "\"description\":\"token of the page that follows\"},"
    "\"not_asked\":{\"type\":\"integer\"},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const wf_schema counts_schema = {
    "Counts",
    "{\"type\":\"object\",\"required\":[\"rows\",\"population\",\"as_of\",\"complete\"],"
    "\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"grid\",\"kind\",\"due\",\"not_yet\"],\"properties\":{"
    "\"grid\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\"},"
    "\"title_zh\":{\"type\":\"string\"},\"title_en\":{\"type\":\"string\"},"
    "\"due\":{\"type\":\"integer\"},\"not_yet\":{\"type\":\"integer\"}}}},"
    "\"population\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const wf_schema kinds_schema = {
    "HoleKinds",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"kind\","
    "\"title_zh\",\"title_en\",\"about_zh\",\"about_en\",\"closes_zh\",\"closes_en\","
    "\"personal\"],\"properties\":{\"kind\":{\"type\":\"string\"},\"closes_en\":{"
    "\"type\":"
    "\"string\",\"description\":\"which facts close one\"},\"personal\":{\"type\":"
    "\"boolean\",\"description\":\"its subjects are people\"}}}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const unsigned short holes_errors[] = {409, 0};

extern const wf_route wf_routes_holes[];
const wf_route wf_routes_holes[] = {
    {.method = "GET",
     .path = "/v1/holes",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_HOLES,
     .operation = "listHoles",
     .parameters = holes_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &holes_schema,
                 .errors = holes_errors},
     .zh = "漏洞：该有而没有的，按时限先后",
     .en = "holes: what must be there and is not, the oldest first",
     .handle = holes},
    {.method = "GET",
     .path = "/v1/holes/kinds",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_COUNTS,
     .operation = "listHoleKinds",
     .answers = {.media = WF_MEDIA_JSON, .schema = &kinds_schema},
     .zh = "漏洞的种类，各由什么事实补上",
     .en = "the kinds of holes, and which facts close them",
     .handle = kinds},
    {.method = "GET",
     .path = "/v1/counts",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_COUNTS,
     .operation = "readCounts",
     .parameters = counts_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV, .schema = &counts_schema},
     .zh = "各级网格的漏洞数和应检、已检人数；不涉及个人",
     .en = "how many holes and people, by grid; nobody is named",
     .handle = counts},
    WF_ROUTES_END,
};
