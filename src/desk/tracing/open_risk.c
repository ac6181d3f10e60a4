#include "desk/tracing/open_risk.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "desk/asked_sql.h"
#include "desk/declare.h"
#include "desk/tracing/clock_tally.h"
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

// A contact, in one row for each of their cases as it is read, in one as it is counted.
enum { was_reached = 1, was_placed = 2, was_tested = 4, was_converted = 8 };
enum { nobody = UINT32_MAX, grid_bytes = 12 };
typedef struct {
    uint32_t outbreak; // of those of the answer
    uint32_t person;   // nobody: not identified
    int64_t exposed_until;
    uint8_t height, steps, grid_size;
    char grid[grid_bytes];
} contact;

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    wf_buffer contacts, outbreaks; // contact; wf_text, in the arena
    level levels[levels_count];    // of the outbreak that is counted
} risk_job;

// Columns of the SELECT.
enum {
    at_outbreak,
    at_person,
    at_grid,
    at_level,
    at_exposed_until,
    at_reached // and the other steps
};

static bool is_done(const contact *of, int step)
{
    return (of->steps & step) != 0;
}

static lack lack_of(const contact *of)
{
    uint8_t height = of->height;
    if (of->person == nobody)
        return not_identified;
    if (is_done(of, was_converted))
        return became_case;
    if (height == unknown_level)
        return not_judged;
    if (!is_done(of, was_placed) && !is_done(of, was_reached) &&
        !(height == general_level && is_done(of, was_tested)))
        return not_reached;
    if (height >= secondary_level && !is_done(of, was_placed))
        return not_placed;
    if (height == close_level && !is_done(of, was_tested))
        return not_tested;
    return nothing;
}

// Of an exposure that nobody dated nothing has shown itself.
static double shown(const risk_job *job, const contact *of)
{
    if (of->exposed_until == wf_clock_never)
        return 0;
    int64_t age = job->call->question->now.us - of->exposed_until;
    return wf_risk_shown(job->call->protocol, (double)age / (86400.0 * WF_US_PER_S));
}

static void count(risk_job *job, const contact *one)
{
    lack what = lack_of(one);
    level *of = &job->levels[one->height];
    double share = shown(job, one);
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

static weft_status give(const risk_job *job, wf_text outbreak, size_t height,
                        weft_error *error)
{
    const level *of = &job->levels[height];
    wf_risk_interval risk = wf_risk_of(&of->risk);
    const wf_value values[] = {
        {.given = true, .text = outbreak},
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
static weft_status give_outbreak(risk_job *job, wf_text outbreak, weft_error *error)
{
    for (size_t height = levels_count; height > 0; height--)
        WF_TRY(give(job, outbreak, height - 1, error));
    memset(job->levels, 0, sizeof job->levels);
    return WEFT_OK;
}

// ---- reading ----

// Outbreaks are few. False: no memory.
static bool number_of(risk_job *job, wf_text outbreak, uint32_t *ret)
{
    const wf_text *all = (const wf_text *)(const void *)job->outbreaks.bytes;
    size_t count = job->outbreaks.size / sizeof *all;
    for (*ret = 0; *ret < count; ++*ret)
        if (wf_text_equal(all[*ret], outbreak))
            return true;
    wf_text kept = wf_arena_text(job->call->arena, outbreak);
    return kept.bytes != NULL && wf_buffer_append(&job->outbreaks, &kept, sizeof kept);
}

static weft_status take(risk_job *job, const wf_statement *row, weft_error *error)
{
    wf_text grid = wf_statement_text(row, at_grid);
    contact one = {.person = nobody,
                   .exposed_until = wf_clock_never,
                   .height = (uint8_t)wf_statement_i64(row, at_level),
                   .grid_size =
                       (uint8_t)(grid.size < grid_bytes ? grid.size : grid_bytes)};
    if (one.grid_size > 0)
        memcpy(one.grid, grid.bytes, one.grid_size);
    if (!wf_statement_is_null(row, at_person))
        one.person = (uint32_t)wf_statement_i64(row, at_person);
    if (!wf_statement_is_null(row, at_exposed_until))
        one.exposed_until = wf_statement_i64(row, at_exposed_until);
    for (int step = 0; step < 4; step++)
        if (!wf_statement_is_null(row, at_reached + step))
            one.steps |= (uint8_t)(1 << step);
    if (!number_of(job, wf_statement_text(row, at_outbreak), &one.outbreak) ||
        !wf_buffer_append(&job->contacts, &one, sizeof one))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status read_contacts(risk_job *job, weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(job->call->db, WF_SQL_RISK_CONTACTS, &row, error));
    weft_status status = wf_statement_step(row, &found, error);
    while (status == WEFT_OK && found) {
        status = take(job, row, error);
        if (status == WEFT_OK)
            status = wf_statement_step(row, &found, error);
    }
    wf_statement_free(row);
    return status;
}

// ---- one person, one contact ----

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

// Those who are not identified stand by what is summed of them, so that a sum has one
// value, whatever the database reads first.
static int by_person(const void *left, const void *right)
{
    const contact *a = left, *b = right;
    int order = compare(a->outbreak, b->outbreak);
    order = order != 0 ? order : compare(a->person, b->person);
    order = order != 0 ? order : compare(a->height, b->height);
    return order != 0 ? order : compare(a->exposed_until, b->exposed_until);
}

static bool is_same(const contact *a, const contact *b)
{
    return a->person != nobody && a->person == b->person && a->outbreak == b->outbreak;
}

// By the highest level that was judged and the latest exposure; lies where the greatest
// of the codes says.
static void join(contact *to, const contact *more)
{
    wf_text one = {to->grid, to->grid_size}, other = {more->grid, more->grid_size};
    if (wf_text_compare(other, one) > 0) {
        memcpy(to->grid, more->grid, sizeof to->grid);
        to->grid_size = more->grid_size;
    }
    to->height = more->height > to->height ? more->height : to->height;
    to->exposed_until = wf_clock_later(to->exposed_until, more->exposed_until);
    to->steps |= more->steps;
}

static weft_status count_all(risk_job *job, weft_error *error)
{
    contact *all = (contact *)(void *)job->contacts.bytes;
    const wf_text *outbreaks = (const wf_text *)(const void *)job->outbreaks.bytes;
    size_t count_of = job->contacts.size / sizeof *all;
    if (count_of > 0)
        qsort(all, count_of, sizeof *all, by_person);
    bool any = false;
    for (size_t at = 0, next; at < count_of; at = next) {
        contact one = all[at];
        for (next = at + 1; next < count_of && is_same(&one, &all[next]); next++)
            join(&one, &all[next]);
        if (wf_grid_is_inside((wf_text){one.grid, one.grid_size},
                              job->call->question->grid)) {
            count(job, &one);
            any = true;
        }
        bool last = next == count_of || all[next].outbreak != one.outbreak;
        if (last && any)
            WF_TRY(give_outbreak(job, outbreaks[one.outbreak], error));
        any = any && !last;
    }
    return WEFT_OK;
}

weft_status wf_open_risk_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                              weft_error *error)
{
    (void)context;
    risk_job job = {.call = call, .sink = sink};
    weft_status status = read_contacts(&job, error);
    if (status == WEFT_OK)
        status = count_all(&job, error);
    wf_buffer_done(&job.contacts);
    wf_buffer_done(&job.outbreaks);
    return status;
}
