// The net over HTTP: what a picture of the whole city is drawn of, in one answer. For
// each town, or each village of one: how many are present and sampled, how far its
// contacts are, and which holes are open there, since when and until when. It names
// nobody, goes no finer than villages, and reads what is kept: the table of holes, the
// counters of the population, the funnel of contacts.
#include <stdio.h>
#include <string.h>

#include "serve/areas/asking.h"
#include "serve/areas/json_out.h"
#include "serve/areas/rows_json.h"

enum { town_digits = 9, village_digits = 12, population_rows_max = 5000 };

static const char *const span_columns[] = {"grid",   "kind",  "owner", "since",
                                           "due_at", "count", NULL};

// The level that stands below a grid: of a town its villages, of all wider ones towns.
static size_t digits_below(const char *grid)
{
    return strlen(grid) < town_digits ? town_digits : village_digits;
}

static weft_status add(wf_asking *a, const char *name, json_t *value, weft_error *error)
{
    return json_object_set_new(a->answer, name, value) == 0 ? WEFT_OK
                                                            : wf_fail_memory(error);
}

// ---- holes ----

// A table has a row for each span.
static bool is_together(const wf_asking *a)
{
    return wf_text_equal(wf_exchange_query(a->x, "together"), WF_TEXT("true")) &&
           !wf_exchange_wants_csv(a->x);
}

typedef struct {
    wf_asking *a;
    weft_error *error;
    weft_status status;
} taking;

static bool take_span(void *context, const weft_holes_span *span)
{
    taking *to = context;
    const weft_city *city = to->a->asker.city;
    json_t *row = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:I}", "grid", span->grid, "kind", span->kind, "owner",
        span->owner, "since", wf_json_time(city, span->since), "due_at",
        wf_json_time(city, span->due_at), "count", (json_int_t)span->count);
    to->status = wf_asking_row(to->a, row, to->error);
    return to->status == WEFT_OK;
}

// Spans of one grid, kind and owner come behind each other, and are one row together: a
// seventh of the bytes, which a picture that is drawn anew each second is glad of.
typedef struct {
    taking of;
    wf_json_out out;
    const weft_holes_span *last; // of the row that is open; NULL: none is
    int64_t from_s;
} gathering;

static bool is_same_row(const weft_holes_span *a, const weft_holes_span *b)
{
    return strcmp(a->grid, b->grid) == 0 && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->owner, b->owner) == 0;
}

static weft_status close_row(gathering *to)
{
    if (to->last == NULL)
        return WEFT_OK;
    wf_json_out_close(&to->out, ']');
    wf_json_out_close(&to->out, '}');
    to->last = NULL;
    return wf_json_out_done(&to->out) ? WEFT_OK : wf_fail_memory(to->of.error);
}

static weft_status open_row(gathering *to, const weft_holes_span *span)
{
    wf_buffer *bytes;
    WF_TRY(wf_asking_write(to->of.a, &bytes, to->of.error));
    to->out = (wf_json_out){.to = bytes};
    wf_json_out_open(&to->out, '{');
    wf_json_out_name(&to->out, WF_JSON_NAME("grid"));
    wf_json_out_text(&to->out, span->grid);
    wf_json_out_name(&to->out, WF_JSON_NAME("kind"));
    wf_json_out_text(&to->out, span->kind);
    wf_json_out_name(&to->out, WF_JSON_NAME("owner"));
    wf_json_out_text(&to->out, span->owner);
    wf_json_out_name(&to->out, WF_JSON_NAME("spans"));
    wf_json_out_open(&to->out, '[');
    return WEFT_OK;
}

// The spans that are given stay until the last one was (weft_holes_spans gathers them).
static bool gather_span(void *context, const weft_holes_span *span)
{
    gathering *to = context;
    if (to->last == NULL || !is_same_row(to->last, span)) {
        to->of.status = close_row(to);
        if (to->of.status == WEFT_OK)
            to->of.status = open_row(to, span);
    }
    to->last = span;
    wf_json_out_whole(&to->out, span->since.us / WF_US_PER_S - to->from_s);
    wf_json_out_whole(&to->out, span->due_at.us / WF_US_PER_S - to->from_s);
    wf_json_out_whole(&to->out, (int64_t)span->count);
    return to->of.status == WEFT_OK;
}

// Seconds are counted from a moment that stays for a day, so that what has not changed
// reads the same in the next answer, and their numbers are small.
static weft_time day_of(weft_time now)
{
    const int64_t day_us = 24 * 3600 * WF_US_PER_S;
    return (weft_time){now.us - now.us % day_us};
}

static weft_status add_spans(wf_asking *a, const char *grid, weft_error *error)
{
    const weft_holes_query query = {.grid = grid};
    const weft_time from = day_of(a->asker.now);
    bool together = is_together(a);
    weft_error inner = {0};
    gathering to = {.of = {.a = a, .error = &inner}, .from_s = from.us / WF_US_PER_S};
    weft_holes_summary summary;
    int64_t step_s;
    weft_status status = wf_answers_spans(&a->asker, &query, digits_below(grid),
                                          together ? gather_span : take_span, &to,
                                          &step_s, &summary, error);
    if (to.of.status == WEFT_OK)
        to.of.status = close_row(&to);
    if (to.of.status != WEFT_OK) {
        *error = inner;
        return to.of.status;
    }
    WF_TRY(status);
    if (together)
        WF_TRY(add(a, "from", wf_json_time(a->asker.city, from), error));
    else
        a->columns = span_columns;
    WF_TRY(add(a, "step_s", json_integer((json_int_t)step_s), error));
    return add(a, "not_asked", json_integer((json_int_t)summary.not_asked), error);
}

// ---- people ----

// Present, sampled, explained and missing, as /v1/counts has them.
static weft_status add_population(wf_asking *a, const char *grid, weft_error *error)
{
    static const char *const towns[] = {"level=town"}, *const villages[] = {
                                                           "level=village"};
    const weft_view_question question = {
        .view = "testing/population",
        .fields = digits_below(grid) == town_digits ? towns : villages,
        .fields_count = 1,
        .grid = grid[0] != '\0' ? grid : NULL,
        .limit = population_rows_max};
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

// ---- contacts ----

static const char *const steps[] = {"named",  "confirmed", "reached",
                                    "placed", "tested",    "converted"};
enum { steps_count = sizeof steps / sizeof *steps };

typedef struct {
    char grid[village_digits + 1];
    const char *level;
    int64_t sums[steps_count];
} funnel;

typedef struct {
    wf_arena *arena; // of the exchange
    funnel *rows;
    size_t count, room, last, digits;
    bool no_memory;
} funneling;

static size_t column_of(const weft_view_about *about, const char *name)
{
    size_t i = 0;
    while (i < about->columns_count && strcmp(about->columns[i].name, name) != 0)
        i++;
    WF_ASSERT(i < about->columns_count);
    return i;
}

// The sums of a grid and level: the row before, as a rule, for rows come by grid.
static funnel *funnel_of(funneling *to, const char *grid, const char *level)
{
    char cut[village_digits + 1] = "";
    memcpy(cut, grid, strnlen(grid, to->digits));
    for (size_t tried = 0; tried < to->count; tried++) {
        size_t i = (to->last + tried) % to->count;
        to->last = i;
        if (strcmp(to->rows[i].grid, cut) == 0 && strcmp(to->rows[i].level, level) == 0)
            return &to->rows[i];
    }
    funnel *rows =
        wf_arena_grow(to->arena, to->rows, to->count, &to->room, sizeof *to->rows);
    const char *kept = wf_arena_text(to->arena, wf_text_of(level)).bytes;
    to->no_memory = rows == NULL || kept == NULL;
    if (to->no_memory)
        return NULL;
    to->rows = rows;
    to->last = to->count++;
    rows[to->last] = (funnel){.level = kept};
    memcpy(rows[to->last].grid, cut, sizeof cut);
    return &rows[to->last];
}

static bool add_part(void *context, const weft_view_page *part)
{
    funneling *to = context;
    const weft_view_about *about = part->about;
    size_t grid = column_of(about, "grid"), level = column_of(about, "level");
    for (size_t i = 0; i < part->rows_count; i++) {
        const weft_view_value *row = &part->values[i * about->columns_count];
        funnel *sum =
            funnel_of(to, row[grid].given ? row[grid].text : "", row[level].text);
        if (sum == NULL)
            return false;
        for (size_t k = 0; k < steps_count; k++)
            sum->sums[k] += row[column_of(about, steps[k])].number;
    }
    return true;
}

static json_t *funnel_json(const funnel *row)
{
    json_t *json = json_pack("{s:s, s:s}", "grid", row->grid, "level", row->level);
    for (size_t k = 0; json != NULL && k < steps_count; k++)
        if (json_object_set_new(json, steps[k], json_integer(row->sums[k])) != 0) {
            json_decref(json);
            return NULL;
        }
    return json;
}

// The funnel of contacts (the view tracing/funnel), for those whose view it is; the
// others' answer has none.
static weft_status add_contacts(wf_asking *a, const char *grid, weft_error *error)
{
    const weft_view_question question = {.view = "tracing/funnel",
                                         .grid = grid[0] != '\0' ? grid : NULL};
    funneling to = {.arena = wf_exchange_arena(a->x), .digits = digits_below(grid)};
    const weft_view_about *about;
    weft_view_as_of as_of;
    weft_error not_theirs = {0};
    if (wf_answers_view(&a->asker, question.view, &about, &not_theirs) != WEFT_OK)
        return WEFT_OK;
    weft_status status =
        weft_view_read_all(a->asker.city, &question, add_part, &to, &as_of, error);
    if (to.no_memory)
        return wf_fail_memory(error);
    WF_TRY(status);
    json_t *rows = json_array();
    for (size_t i = 0; i < to.count; i++)
        if (json_array_append_new(rows, funnel_json(&to.rows[i])) != 0) {
            json_decref(rows);
            return wf_fail_memory(error);
        }
    return add(a, "contacts", rows, error);
}

// ---- the answer ----

static weft_status ask_net(wf_asking *a, weft_error *error)
{
    const char *grid;
    WF_TRY(wf_answers_grid(&a->asker, wf_asking_query(a, "grid"), &grid, error));
    WF_TRY(add(a, "grid", json_string(grid), error));
    WF_TRY(add(a, "level",
               json_string(digits_below(grid) == town_digits ? "town" : "village"),
               error));
    wf_asking_stand(a);
    WF_TRY(add_spans(a, grid, error));
    WF_TRY(add_population(a, grid, error));
    return add_contacts(a, grid, error);
}

static void net(wf_exchange *x)
{
    char asked[WF_GRID_BYTES_MAX + 32];
    wf_text grid = wf_exchange_query(x, "grid"),
            together = wf_exchange_query(x, "together");
    // No grid has more bytes, or a NUL, and what is none is refused anew each time.
    bool can_be_grid = grid.bytes == NULL || (grid.size <= WF_GRID_BYTES_MAX &&
                                              strlen(grid.bytes) == grid.size);
    int size = can_be_grid
                   ? snprintf(asked, sizeof asked, "net %s of %s",
                              wf_text_equal(together, WF_TEXT("true")) ? "rows" : "spans",
                              grid.bytes == NULL ? "all" : grid.bytes)
                   : -1;
    if (size > 0)
        wf_asking_answer_kept(x, asked, ask_net);
    else
        wf_asking_answer(x, ask_net);
}

// ---- routes ----

static const wf_parameter net_parameters[] = {
    {.name = "grid",
     .place = WF_IN_QUERY,
     .zh = "只看这个网格之内，须在本人范围内；镇、街道则分到村、社区",
     .en = "only what lies in this grid, within your own; of a town its villages"},
    {.name = "together",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_YESNO,
     .zh = "true：同一网格、同类、同一工作组的漏洞合为一行，时刻为 from 之后的秒数",
     .en = "true: holes of one grid, kind and owner in one row, moments in seconds after "
           "\"from\""},
    {.name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv"},
    {.name = NULL},
};

static const wf_schema net_schema = {
    "Net",
    "{\"type\":\"object\",\"required\":[\"rows\",\"grid\",\"level\",\"step_s\","
    "\"population\",\"as_of\",\"complete\"],\"properties\":{"
    "\"rows\":{\"type\":\"array\",\"description\":\"holes of one kind and owner in one "
    "grid that opened and are due within the same step of time; due or not, never "
    "both\",\"items\":{\"type\":\"object\",\"required\":[\"grid\",\"kind\","
    "\"owner\"],\"properties\":{\"grid\":{\"type\":\"string\"},"
    "\"kind\":{\"type\":\"string\"},\"owner\":{\"type\":\"string\"},"
    "\"since\":{\"type\":\"string\",\"description\":\"the earliest\"},"
    "\"due_at\":{\"type\":\"string\",\"description\":\"the earliest\"},"
    "\"count\":{\"type\":\"integer\"},"
    "\"spans\":{\"type\":\"array\",\"description\":\"with together, instead of the "
    "three: since, due and count of one, then of the next; seconds after from\","
    "\"items\":{\"type\":\"integer\"}}}}},"
    "\"from\":{\"type\":\"string\",\"description\":\"with together\"},"
    "\"grid\":{\"type\":\"string\"},\"level\":{\"type\":\"string\",\"enum\":[\"town\","
    "\"village\"]},\"step_s\":{\"type\":\"integer\",\"description\":\"of the rows; 0: "
    "all times are one step\"},\"not_asked\":{\"type\":\"integer\",\"description\":"
    "\"kinds for which the protocol sets no time\"},"
    "\"population\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"contacts\":{\"type\":\"array\",\"description\":\"only for those whose view "
    "tracing/funnel is\",\"items\":{\"type\":\"object\",\"required\":[\"grid\","
    "\"level\",\"named\",\"confirmed\",\"reached\",\"placed\",\"tested\","
    "\"converted\"]}},"
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"}}}"};

static const unsigned short net_errors[] = {409, 0};

extern const wf_route wf_routes_net[];
const wf_route wf_routes_net[] = {
    {.method = "GET",
     .path = "/v1/net",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_COUNTS,
     .operation = "readNet",
     .parameters = net_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &net_schema,
                 .errors = net_errors},
     .zh = "防控网：各镇（或一镇各村）的人口、采样、接触者和未补的漏洞；不涉及个人",
     .en = "the net: people, sampling, contacts and open holes by town, or by village of "
           "a town; nobody is named",
     .handle = net},
    WF_ROUTES_END,
};
