#include "trace/source.h"

#include <stdlib.h>

#include "epi/window.h"
#include "trace/rows.h"

// A corrected p value up to which a place is shown.
static const double shown_at_most = 0.05;

void wf_trace_source_done(wf_trace_source *source)
{
    wf_source_done(&source->found);
}

// ---- calls of epi ----

// What the calls of epi work on: rows, and the towns of the cases.
typedef struct {
    wf_trace_rows *rows;
    wf_register *reg;
    uint32_t *class_of; // by town: classes are the towns of the cases; 0: another town
    uint32_t towns_end; // those from here on are other towns
    uint64_t *people;   // by class; 0: everybody
    uint32_t classes_count;
} background;

static weft_status visitors(void *context, wf_place place, uint32_t day,
                            wf_person **people, size_t *count, size_t *capacity,
                            weft_error *error)
{
    background *of = context;
    return wf_trace_rows_visitors(of->rows, place, day, people, count, capacity, error);
}

static weft_status grid_of(void *context, wf_person person, uint32_t *ret,
                           weft_error *error)
{
    const background *of = context;
    uint32_t town = 0;
    WF_TRY(wf_register_town(of->reg, person, &town, error));
    *ret = town < of->towns_end ? of->class_of[town] : 0;
    return WEFT_OK;
}

static uint32_t parent(void *context, wf_place place)
{
    weft_error unread = {0};
    wf_place_brief about = {.parent = WF_NUMBER_NONE};
    background *of = context;
    WF_IGNORE(wf_trace_rows_place(of->rows, place, &about, &unread),
              "a place that cannot be read is shown beside the one that contains it");
    return about.parent;
}

static weft_status ask_towns(wf_register *reg, const wf_source_case *cases, size_t count,
                             uint32_t *ret_towns, uint32_t *ret_end, weft_error *error)
{
    uint32_t end = 1;
    for (size_t i = 0; i < count; i++) {
        WF_TRY(wf_register_town(reg, cases[i].person, &ret_towns[i], error));
        end = ret_towns[i] >= end ? ret_towns[i] + 1 : end;
    }
    *ret_end = end;
    return WEFT_OK;
}

// Gives each case its class and counts the people of each.
static weft_status fill_background(const wf_net *net, wf_source_case *cases, size_t count,
                                   uint32_t people, wf_arena *arena, background *ret,
                                   weft_error *error)
{
    background of = {.reg = net->reg, .classes_count = 1};
    uint32_t *towns = wf_arena_array(arena, count + 1, sizeof *towns);
    of.people = wf_arena_array(arena, count + 1, sizeof *of.people);
    if (towns == NULL || of.people == NULL)
        return wf_fail_memory(error);
    WF_TRY(ask_towns(net->reg, cases, count, towns, &of.towns_end, error));
    of.class_of = wf_arena_array(arena, of.towns_end, sizeof *of.class_of);
    if (of.class_of == NULL)
        return wf_fail_memory(error);
    of.people[0] = people;
    for (size_t i = 0; i < count; i++) {
        uint32_t town = towns[i];
        if (town != 0 && of.class_of[town] == 0) {
            WF_TRY(wf_register_residents(net->reg, town, &of.people[of.classes_count],
                                         error));
            of.class_of[town] = of.classes_count++;
        }
        cases[i].grid = of.class_of[town];
    }
    *ret = of;
    return WEFT_OK;
}

// ---- windows of the cases ----

typedef struct {
    wf_window *windows;
    uint32_t *case_of;
    size_t count;
    weft_time from, to;
} windows;

static weft_status make_windows(const wf_net *net, const wf_trace_source_query *query,
                                wf_arena *arena, windows *ret, weft_error *error)
{
    windows all = {.from = {INT64_MAX}, .to = {INT64_MIN}};
    all.windows = wf_arena_array(arena, query->cases_count + 1, sizeof *all.windows);
    all.case_of = wf_arena_array(arena, query->cases_count + 1, sizeof *all.case_of);
    if (all.windows == NULL || all.case_of == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < query->cases_count; i++) {
        wf_window *window = &all.windows[all.count];
        weft_status status = wf_window_source(
            net->protocol, net->zone, &query->cases[i].about, net->now, window, error);
        if (status == WEFT_BAD_INPUT && query->skip_windowless) {
            wf_error_clear(error);
            continue;
        }
        WF_TRY(status);
        all.case_of[all.count++] = (uint32_t)i;
        all.from = window->from.us < all.from.us ? window->from : all.from;
        all.to = window->to.us > all.to.us ? window->to : all.to;
    }
    if (all.count == 0)
        all.from = all.to = net->now;
    *ret = all;
    return WEFT_OK;
}

// The last day of the span that begins before `second`.
static uint32_t day_before(const wf_span *span, int64_t second)
{
    uint32_t day = 0;
    while (day + 1 < span->count &&
           wf_trace_rows_second(span, span->starts[day + 1]) < second)
        day++;
    return day;
}

static weft_status make_cases(const wf_net *net, const wf_trace_source_query *query,
                              const windows *all, const wf_span *span, wf_arena *arena,
                              wf_source_case **ret, weft_error *error)
{
    wf_source_case *cases = wf_arena_array(arena, all->count + 1, sizeof *cases);
    if (cases == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < all->count; i++) {
        wf_person person = query->cases[all->case_of[i]].about.person;
        wf_person_about about = {0};
        if (person.number != WF_NUMBER_NONE)
            WF_TRY(wf_register_person(net->reg, person, &about, error));
        int64_t from = wf_trace_rows_second(span, all->windows[i].from);
        int64_t to = wf_trace_rows_second(span, all->windows[i].to);
        cases[i] = (wf_source_case){.person = person,
                                    .household = about.household,
                                    .from = from,
                                    .to = to,
                                    .first_day = day_before(span, from + 1),
                                    .last_day = day_before(span, to)};
    }
    *ret = cases;
    return WEFT_OK;
}

// ---- the whole ----

static weft_status find(const wf_net *net, const wf_source_case *cases, background *of,
                        wf_trace_source *answer, weft_error *error)
{
    WF_TRY(wf_trace_rows_new(net, &answer->span, &of->rows, error));
    wf_source_query query = {.rows = wf_trace_rows_of(of->rows),
                             .context = of,
                             .visitors = visitors,
                             .grid_of = grid_of,
                             .parent = parent,
                             .cases = cases,
                             .cases_count = answer->cases_count,
                             .grid_people = of->people,
                             .grids_count = of->classes_count,
                             .days_count = (uint32_t)answer->span.count,
                             .places_could = answer->places_could,
                             .at_most = shown_at_most};
    weft_status status = wf_source_find(&query, &answer->found, error);
    wf_trace_rows_free(of->rows);
    return status;
}

weft_status wf_trace_source_find(const wf_net *net, const wf_trace_source_query *query,
                                 wf_arena *arena, wf_trace_source *ret, weft_error *error)
{
    windows all = {0};
    wf_source_case *cases = NULL;
    wf_trace_source answer = {0};
    WF_TRY(make_windows(net, query, arena, &all, error));
    answer.case_of = all.case_of;
    answer.cases_count = all.count;
    answer.from = all.from;
    answer.to = all.to;
    answer.places_could = wf_ids_count(wf_visits_ids(net->visits), WF_ID_PLACE);
    WF_TRY(wf_span_open(net, all.from, all.to, arena, &answer.span, error));
    if (answer.span.count > 0) {
        WF_TRY(make_cases(net, query, &all, &answer.span, arena, &cases, error));
        uint32_t people = wf_ids_count(wf_visits_ids(net->visits), WF_ID_PERSON);
        background of = {0};
        WF_TRY(
            fill_background(net, cases, answer.cases_count, people, arena, &of, error));
        WF_TRY(find(net, cases, &of, &answer, error));
    }
    *ret = answer;
    return WEFT_OK;
}
