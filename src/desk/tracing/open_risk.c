#include "desk/tracing/open_risk.h"

#include <string.h>

#include "base/time.h"
#include "desk/asked_sql.h"
#include "desk/declare.h"
#include "epi/risk.h"
#include "model/grid.h"

// As risk_contacts.sql counts them.
enum { unknown_level, general_level, secondary_level, close_level, levels_count };
static const char *const level_names[levels_count] = {"unknown", "general", "secondary",
                                                      "close"};

// What is missing first; `nothing`: the contact is followed.
typedef enum {
    not_identified,
    not_judged,
    not_reached,
    not_placed,
    not_tested,
    lacks_count,
    nothing = lacks_count,
    became_case
} lack;

typedef struct {
    uint64_t lacks[lacks_count], followed;
    wf_risk_counts risk;
} level;

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    wf_text outbreak; // of the rows that come; none yet: no bytes
    level levels[levels_count];
} risk_job;

// Columns of the SELECT.
enum {
    at_outbreak,
    at_grid,
    at_identified,
    at_level,
    at_exposed_until,
    at_reached,
    at_placed,
    at_tested,
    at_converted
};

static bool is_done(const wf_statement *row, int column)
{
    return !wf_statement_is_null(row, column);
}

static lack lack_of(const wf_statement *row, int64_t height)
{
    if (wf_statement_i64(row, at_identified) == 0)
        return not_identified;
    if (is_done(row, at_converted))
        return became_case;
    if (height == unknown_level)
        return not_judged;
    if (!is_done(row, at_placed) && !is_done(row, at_reached) &&
        !(height == general_level && is_done(row, at_tested)))
        return not_reached;
    if (height >= secondary_level && !is_done(row, at_placed))
        return not_placed;
    if (height == close_level && !is_done(row, at_tested))
        return not_tested;
    return nothing;
}

// Of an exposure that nobody dated nothing has shown itself.
static double shown(const risk_job *job, const wf_statement *row)
{
    if (!is_done(row, at_exposed_until))
        return 0;
    int64_t age = job->call->question->now.us - wf_statement_i64(row, at_exposed_until);
    return wf_risk_shown(job->call->protocol, (double)age / (86400.0 * WF_US_PER_S));
}

static void count(risk_job *job, const wf_statement *row)
{
    int64_t height = wf_statement_i64(row, at_level);
    lack what = lack_of(row, height);
    level *of = &job->levels[height];
    double share = shown(job, row);
    if (what == became_case) {
        of->risk.cases++;
    } else if (what == nothing) {
        of->followed++;
        of->risk.clear += share;
    } else {
        of->lacks[what]++;
        of->risk.open++;
        of->risk.hidden += 1 - share;
    }
}

// ---- giving ----

static wf_value count_value(uint64_t number)
{
    return (wf_value){.given = true, .number = (int64_t)number};
}

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static weft_status give(const risk_job *job, size_t height, weft_error *error)
{
    const level *of = &job->levels[height];
    wf_risk_interval risk = wf_risk_of(&of->risk);
    const wf_value values[] = {
        {.given = true, .text = job->outbreak},
        text_value(wf_text_of(level_names[height])),
        count_value(risk.least),
        count_value(risk.most),
        count_value(of->risk.open),
        count_value(of->lacks[not_identified]),
        count_value(of->lacks[not_judged]),
        count_value(of->lacks[not_reached]),
        count_value(of->lacks[not_placed]),
        count_value(of->lacks[not_tested]),
        count_value(of->risk.cases),
        count_value(of->followed),
        {.given = true, .real = (double)of->risk.cases + of->risk.clear},
        text_value(WF_TEXT("not_included")),
        text_value(job->call->question->grid)};
    return wf_view_give(job->sink, values, error);
}

// All levels of an outbreak, also those that nobody is of; the strongest first.
static weft_status give_outbreak(risk_job *job, weft_error *error)
{
    for (size_t height = levels_count; job->outbreak.bytes != NULL && height > 0;
         height--)
        WF_TRY(give(job, height - 1, error));
    memset(job->levels, 0, sizeof job->levels);
    return WEFT_OK;
}

static weft_status take(risk_job *job, const wf_statement *row, weft_error *error)
{
    wf_text outbreak = wf_statement_text(row, at_outbreak);
    if (!wf_grid_is_inside(wf_statement_text(row, at_grid), job->call->question->grid))
        return WEFT_OK;
    if (job->outbreak.bytes == NULL || !wf_text_equal(job->outbreak, outbreak)) {
        WF_TRY(give_outbreak(job, error));
        job->outbreak = wf_arena_text(job->call->arena, outbreak);
        if (job->outbreak.bytes == NULL)
            return wf_fail_memory(error);
    }
    count(job, row);
    return WEFT_OK;
}

weft_status wf_open_risk_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                              weft_error *error)
{
    (void)context;
    risk_job job = {.call = call, .sink = sink};
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(call->db, WF_SQL_RISK_CONTACTS, &row, error));
    weft_status status = wf_statement_step(row, &found, error);
    while (status == WEFT_OK && found) {
        status = take(&job, row, error);
        if (status == WEFT_OK)
            status = wf_statement_step(row, &found, error);
    }
    wf_statement_free(row);
    if (status == WEFT_OK)
        status = give_outbreak(&job, error);
    return status;
}
