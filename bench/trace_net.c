#include "trace_net.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "city/plan.h"
#include "visits/segment.h"

enum { people_in_part = 4096 };

static void add_figures(bench_net *net)
{
    for (size_t i = 0; i < net->span.count; i++) {
        const wf_day *day = net->span.days[i];
        if (day == NULL)
            continue;
        net->visits += wf_day_visits(day);
        net->encounters += wf_day_encounters(day);
        net->bytes += wf_day_bytes(day);
    }
}

// ---- a folder ----

weft_status bench_net_open(const char *dir, uint32_t days, unsigned threads,
                           bench_net *ret, weft_error *error)
{
    bench_net net = {0};
    uint64_t began = wf_clock_monotonic_ns();
    WF_TRY(weft_city_open(dir, NULL, &net.city, error));
    weft_city_threads(net.city, threads);
    wf_net of = wf_city_net(net.city);
    weft_day *known;
    size_t known_count;
    weft_status status =
        wf_visits_days(of.visits, &net.arena, &known, &known_count, error);
    if (status == WEFT_OK && known_count == 0)
        status = wf_fail(error, WEFT_NOT_FOUND, "bench.no_days", NULL);
    if (status == WEFT_OK) {
        weft_day last = known[known_count - 1];
        weft_day first = {last.number - (int32_t)days + 1};
        first = first.number < known[0].number ? known[0] : first;
        status =
            wf_span_open(&of, wf_zone_day_start(of.zone, first),
                         wf_zone_day_end(of.zone, last), &net.arena, &net.span, error);
    }
    net.open_ns = wf_clock_monotonic_ns() - began;
    add_figures(&net);
    if (status != WEFT_OK)
        bench_net_close(&net);
    else
        *ret = net;
    return status;
}

// ---- in memory ----

typedef struct {
    wf_visit_row *rows;
} day_rows;

typedef struct {
    const wf_town *town;
    uint32_t day;
    day_rows today, tomorrow; // rows that begin today, and what goes past midnight
    size_t today_next, tomorrow_next;
} plan_job;

static void put_row(day_rows *rows, size_t *next, wf_visit_row row)
{
    size_t at = __atomic_fetch_add(next, 1, __ATOMIC_RELAXED);
    rows->rows[at] = row;
}

// A piece that goes on for `more` minutes after midnight leaves the rest to tomorrow,
// which keeps in `ordinal` what goes on again after that.
static void put_rest(plan_job *job, wf_visit_row row, uint32_t more)
{
    uint32_t end = more > WF_DAY_MINUTES ? WF_DAY_MINUTES : more;
    row.start = 0;
    row.end = (uint16_t)end;
    row.ordinal = more - end;
    row.marks = (uint8_t)(WF_MARK_FROM_BEFORE | (more > end ? WF_MARK_INTO_NEXT : 0));
    put_row(&job->tomorrow, &job->tomorrow_next, row);
}

static void plan_part(void *context, unsigned thread, size_t part)
{
    plan_job *job = context;
    (void)thread;
    uint32_t from = (uint32_t)part * people_in_part, to = from + people_in_part;
    if (to > job->town->options.people)
        to = job->town->options.people;
    for (uint32_t person = from; person < to; person++) {
        wf_town_stop stops[WF_PLAN_STOPS_MAX];
        size_t count = wf_plan_day(job->town, person, job->day, stops);
        for (size_t i = 0; i < count; i++) {
            bool over = stops[i].end > WF_DAY_MINUTES;
            wf_visit_row row = {.person = person,
                                .place = wf_spot_number(job->town, stops[i].spot),
                                .start = (uint16_t)stops[i].start,
                                .end = (uint16_t)(over ? WF_DAY_MINUTES : stops[i].end),
                                .marks = over ? WF_MARK_INTO_NEXT : 0};
            put_row(&job->today, &job->today_next, row);
            if (over)
                put_rest(job, row, (uint32_t)(stops[i].end - WF_DAY_MINUTES));
        }
    }
}

// What came from yesterday and goes on beyond today.
static void carry_on(plan_job *job, size_t carried)
{
    for (size_t i = 0; i < carried; i++)
        if (job->today.rows[i].ordinal > 0)
            put_rest(job, job->today.rows[i], job->today.rows[i].ordinal);
}

static weft_status pack_day(weft_day number, day_rows *rows, size_t count,
                            unsigned threads, wf_day **ret, weft_error *error)
{
    static const wf_text none[] = {{"", 0}};
    wf_segment_rows of = {.day = number,
                          .visits = rows->rows,
                          .visits_count = count,
                          .seats = none,
                          .seats_count = 1,
                          .settings = none,
                          .settings_count = 1};
    wf_segment_bytes bytes = {0};
    wf_segment *segment = NULL;
    WF_TRY(wf_segment_pack(&of, threads, &bytes, error));
    WF_TRY(wf_segment_open(&bytes, 1, &segment, error));
    return wf_day_open(&segment, 1, ret, error);
}

static weft_status make_days(const wf_town *town, unsigned threads, bench_net *net,
                             weft_error *error)
{
    uint32_t days = town->options.days;
    size_t room = (size_t)town->options.people * WF_PLAN_STOPS_MAX * sizeof(wf_visit_row);
    plan_job job = {.town = town};
    job.today = (day_rows){wf_pages_new(room)};
    job.tomorrow = (day_rows){wf_pages_new(room)};
    if (job.today.rows == NULL || job.tomorrow.rows == NULL)
        return wf_fail_memory(error);
    for (uint32_t d = 0; d < days; d++) {
        job.day = d;
        job.tomorrow_next = 0;
        carry_on(&job, job.today_next);
        wf_parallel_for(threads,
                        (town->options.people + people_in_part - 1) / people_in_part,
                        plan_part, &job);
        weft_day number = {net->span.first.number + (int32_t)d};
        WF_TRY(
            pack_day(number, &job.today, job.today_next, threads, &net->made[d], error));
        day_rows used = job.today;
        job.today = job.tomorrow;
        job.today_next = job.tomorrow_next;
        job.tomorrow = used;
    }
    wf_pages_free(job.today.rows, room);
    wf_pages_free(job.tomorrow.rows, room);
    return WEFT_OK;
}

static weft_status lay_span(bench_net *net, const wf_town *town, weft_error *error)
{
    uint32_t days = town->options.days;
    WF_TRY(wf_zone_open("Asia/Shanghai", &net->zone, error));
    net->made = wf_arena_array(&net->arena, days, sizeof *net->made);
    net->span.first = town->options.start;
    net->span.count = days;
    net->span.days = wf_arena_array(&net->arena, days, sizeof *net->span.days);
    net->span.starts = wf_arena_array(&net->arena, days + 1, sizeof *net->span.starts);
    net->span.states = wf_arena_array(&net->arena, days, sizeof *net->span.states);
    if (net->made == NULL || net->span.days == NULL || net->span.starts == NULL ||
        net->span.states == NULL)
        return wf_fail_memory(error);
    for (uint32_t d = 0; d <= days; d++)
        net->span.starts[d] = wf_zone_day_start(
            net->zone, (weft_day){town->options.start.number + (int32_t)d});
    return WEFT_OK;
}

weft_status bench_net_make(uint32_t people, uint32_t days, uint64_t seed,
                           unsigned threads, bench_net *ret, weft_error *error)
{
    bench_net net = {0};
    wf_town *town = NULL;
    wf_town_options options = {.people = people, .days = days, .seed = seed};
    if (!wf_day_from_date(2021, 11, 28, &options.start))
        WF_BUG("28 November is a date");
    WF_TRY(wf_town_new(&options, &town, error));
    uint64_t began = wf_clock_monotonic_ns();
    weft_status status = lay_span(&net, town, error);
    if (status == WEFT_OK)
        status = make_days(town, threads, &net, error);
    net.open_ns = wf_clock_monotonic_ns() - began;
    wf_town_free(town);
    for (uint32_t d = 0; d < days && status == WEFT_OK; d++) {
        net.span.days[d] = net.made[d];
        net.span.states[d] = WF_DAY_PRESENT;
    }
    add_figures(&net);
    if (status != WEFT_OK)
        bench_net_close(&net);
    else
        *ret = net;
    return status;
}

void bench_net_close(bench_net *net)
{
    for (size_t d = 0; net->made != NULL && d < net->span.count; d++)
        wf_day_close(net->made[d]);
    weft_city_close(net->city);
    wf_zone_close(net->zone);
    wf_arena_done(&net->arena);
}
