#include "desk/tracing/open_risk.h"

#include <string.h>

#include "base/time.h"
#include "desk/declare.h"
#include "desk/tracing/clock_tally.h"
#include "desk/tracing/counted.h"
#include "epi/risk.h"
#include "model/grid.h"

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
    level levels[wf_levels_count]; // of the outbreak that is counted
} risk_job;

static bool is_done(const wf_counted_contact *of, int step)
{
    return (of->steps & step) != 0;
}

static lack lack_of(const wf_counted_contact *of)
{
    uint8_t height = of->judged;
    if (of->person == wf_counted_nobody)
        return not_identified;
    if (is_done(of, WF_WAS_CONVERTED))
        return became_case;
    if (height == wf_level_unknown)
        return not_judged;
    if (!is_done(of, WF_WAS_PLACED) && !is_done(of, WF_WAS_REACHED) &&
        !(height == wf_level_general && is_done(of, WF_WAS_TESTED)))
        return not_reached;
    if (height >= wf_level_secondary && !is_done(of, WF_WAS_PLACED))
        return not_placed;
    if (height == wf_level_close && !is_done(of, WF_WAS_TESTED))
        return not_tested;
    return nothing;
}

// Of an exposure that nobody dated nothing has shown itself.
static double shown(const risk_job *job, const wf_counted_contact *of)
{
    if (of->exposed_until == wf_clock_never)
        return 0;
    int64_t age = job->call->question->now.us - of->exposed_until;
    return wf_risk_shown(job->call->protocol, (double)age / (86400.0 * WF_US_PER_S));
}

static void count(risk_job *job, const wf_counted_contact *one)
{
    lack what = lack_of(one);
    level *of = &job->levels[one->judged];
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
        text_value(wf_text_of(wf_level_words[height])),
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
    for (size_t height = wf_levels_count; height > 0; height--)
        WF_TRY(give(job, outbreak, height - 1, error));
    memset(job->levels, 0, sizeof job->levels);
    return WEFT_OK;
}

static weft_status count_all(risk_job *job, const wf_counted_contacts *contacts,
                             weft_error *error)
{
    size_t all_count;
    const wf_counted_contact *all = wf_counted_contacts_all(contacts, &all_count);
    bool any = false;
    for (size_t at = 0; at < all_count; at++) {
        if (wf_grid_is_inside(wf_counted_grid(&all[at]), job->call->question->grid)) {
            count(job, &all[at]);
            any = true;
        }
        bool last = at + 1 == all_count || all[at + 1].outbreak != all[at].outbreak;
        if (last && any)
            WF_TRY(give_outbreak(job, wf_counted_outbreak(contacts, &all[at]), error));
        any = any && !last;
    }
    return WEFT_OK;
}

weft_status wf_open_risk_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                              weft_error *error)
{
    (void)context;
    risk_job job = {.call = call, .sink = sink};
    wf_counted_contacts contacts = {0};
    weft_status status = wf_counted_contacts_read(call, &contacts, error);
    if (status == WEFT_OK)
        status = count_all(&job, &contacts, error);
    wf_counted_contacts_done(&contacts);
    return status;
}
