#include "desk/testing/counted.h"

#include "model/grid.h"
#include "model/ids.h"

// ---- what both are asked ----

enum { filter_round, filter_since, filter_level, filters_max };

// A round, the answer's population under the counter's lock, and its buildings in the
// area that is asked for: sorted[from] … sorted[upto − 1].
typedef struct {
    wf_counter *counter;
    wf_population *population;
    unsigned round;
    const uint32_t *sorted;
    size_t from, upto;
    wf_value filters[filters_max];
} asked;

static weft_status find_area(asked *ask, wf_text grid, weft_error *error)
{
    wf_buildings *buildings = wf_population_buildings(ask->population);
    wf_grid_area area;
    ask->sorted = wf_buildings_sorted(buildings);
    if (ask->sorted == NULL)
        return wf_fail_memory(error);
    ask->upto = wf_buildings_count(buildings) - 1;
    if (grid.size > 0 && wf_grid_area_of(grid, &area)) {
        ask->from = wf_buildings_before(buildings, area.from);
        ask->upto = wf_buildings_before(buildings, (wf_text){area.to, area.to_size});
    }
    return WEFT_OK;
}

// *ret_any false: nobody can have been sampled in such a round. Else until end_asking.
static weft_status begin_asking(wf_counter *counter, const wf_view_call *call, asked *ask,
                                bool *ret_any, weft_error *error)
{
    *ask = (asked){.counter = counter};
    WF_ASSERT(call->file->filters_count <= filters_max);
    for (size_t i = 0; i < call->file->filters_count; i++)
        ask->filters[i] = call->question->filters[i];
    const wf_value *round = &ask->filters[filter_round];
    const wf_value *since = &ask->filters[filter_since];
    wf_counter_question question = {.round = round->given ? round->text : WF_TEXT(""),
                                    .since = WF_TIME_NONE};
    if (since->given)
        question.since.us = since->number;
    *ret_any = question.round.size <= WF_ID_BYTES_MAX;
    if (!*ret_any)
        return WEFT_OK;
    WF_TRY(wf_counter_ask(counter, call->store, &question, &ask->population, &ask->round,
                          error));
    weft_status status = find_area(ask, call->question->grid, error);
    if (status != WEFT_OK)
        wf_counter_release(counter);
    return status;
}

static void end_asking(const asked *ask)
{
    wf_counter_release(ask->counter);
}

static wf_text code_at(const asked *ask, size_t place)
{
    return wf_buildings_code(wf_population_buildings(ask->population),
                             ask->sorted[place]);
}

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = true, .text = text};
}

static wf_value number_value(uint64_t number)
{
    return (wf_value){.given = true, .number = (int64_t)number};
}

// ---- counts ----

// Widths of grid codes (DESIGN §3).
static const struct {
    const char *name;
    size_t bytes;
} levels[] = {{"building", WF_BUILDING_BYTES},
              {"compound", 15},
              {"village", 12},
              {"town", 9},
              {"county", 6},
              {"city", 4}};

enum { levels_count = sizeof levels / sizeof *levels };

// The place in `levels` that is asked for, buildings unless another is; levels_count:
// none of that name.
static size_t find_level(const wf_value *asked_for)
{
    size_t level = 0;
    while (asked_for->given && level < levels_count &&
           !wf_text_equal(asked_for->text, wf_text_of(levels[level].name)))
        level++;
    return level;
}

static weft_status give_heads(const asked *ask, size_t level, wf_text grid,
                              const wf_heads *heads, wf_view_sink *sink,
                              weft_error *error)
{
    // Of those who are in no register nobody knows where they live.
    uint64_t strangers =
        grid.size == 0 ? wf_population_strangers(ask->population, ask->round) : 0;
    if (heads->registered == 0 && strangers == 0)
        return WEFT_OK;
    const wf_value values[] = {text_value(grid),
                               text_value(wf_text_of(levels[level].name)),
                               ask->filters[filter_round],
                               ask->filters[filter_since],
                               number_value(heads->registered),
                               number_value(heads->present),
                               number_value(heads->sampled),
                               number_value(heads->explained),
                               number_value(heads->missing),
                               number_value(strangers)};
    return wf_view_give(sink, values, error);
}

// Buildings of one wider grid follow one another.
static weft_status give_counts(const asked *ask, size_t level, wf_view_sink *sink,
                               weft_error *error)
{
    size_t width = levels[level].bytes;
    for (size_t i = ask->from, next; i < ask->upto; i = next) {
        wf_heads sum = {0};
        wf_text grid = wf_building_prefix(code_at(ask, i), width);
        for (next = i; next < ask->upto &&
                       wf_text_equal(wf_building_prefix(code_at(ask, next), width), grid);
             next++) {
            wf_heads heads =
                wf_population_heads(ask->population, ask->round, ask->sorted[next]);
            wf_heads_add(&sum, &heads);
        }
        WF_TRY(give_heads(ask, level, grid, &sum, sink, error));
    }
    return WEFT_OK;
}

static weft_status population_rows(void *context, const wf_view_call *call,
                                   wf_view_sink *sink, weft_error *error)
{
    asked ask;
    bool any;
    size_t level = find_level(&call->question->filters[filter_level]);
    if (level == levels_count)
        return WEFT_OK;
    WF_TRY(begin_asking(context, call, &ask, &any, error));
    if (!any)
        return WEFT_OK;
    weft_status status = give_counts(&ask, level, sink, error);
    end_asking(&ask);
    return status;
}

// ---- persons ----

// `counts` is the id of theirs that says where they are.
static weft_status give_person(const asked *ask, uint32_t person, uint32_t counts,
                               wf_text grid, wf_view_sink *sink, weft_error *error)
{
    wf_value present = {0};
    if (wf_population_said_here(ask->population, counts))
        present = number_value(1);
    const wf_value values[] = {number_value(person), text_value(grid), present,
                               ask->filters[filter_round], ask->filters[filter_since]};
    return wf_view_give(sink, values, error);
}

static weft_status give_persons(const asked *ask, size_t place, const wf_buffer *persons,
                                wf_view_sink *sink, weft_error *error)
{
    const uint32_t *numbers = (const uint32_t *)(const void *)persons->bytes;
    for (size_t i = 0; i < persons->size / sizeof *numbers; i++)
        WF_TRY(
            give_person(ask, numbers[i], numbers[i], code_at(ask, place), sink, error));
    return WEFT_OK;
}

static weft_status give_missing(const asked *ask, wf_view_sink *sink, weft_error *error)
{
    wf_buffer persons = {0};
    weft_status status = WEFT_OK;
    for (size_t i = ask->from; i < ask->upto && status == WEFT_OK; i++) {
        uint32_t building = ask->sorted[i];
        if (wf_population_heads(ask->population, ask->round, building).missing == 0)
            continue;
        wf_buffer_clear(&persons);
        status = wf_population_missing(ask->population, ask->round, building, &persons)
                     ? give_persons(ask, i, &persons, sink, error)
                     : wf_fail_memory(error);
    }
    wf_buffer_done(&persons);
    return status;
}

// Who was handed over or assigned and is missing elsewhere; under another id that counts
// they are listed already where that one is.
static weft_status give_beside(const asked *ask, const wf_view_call *call,
                               wf_view_sink *sink, weft_error *error)
{
    wf_buildings *buildings = wf_population_buildings(ask->population);
    wf_text within = call->question->grid;
    for (size_t i = 0; i < call->beside_count; i++) {
        uint32_t person = (uint32_t)call->beside[i], counts;
        if (!wf_population_is_missing(ask->population, ask->round, person, &counts))
            continue;
        wf_text grid =
            wf_buildings_code(buildings, wf_population_lives_in(ask->population, counts));
        if (wf_grid_is_inside(grid, within) ||
            (counts != person && wf_view_is_beside(call, counts)))
            continue;
        WF_TRY(give_person(ask, person, counts, grid, sink, error));
    }
    return WEFT_OK;
}

static weft_status missing_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error)
{
    asked ask;
    bool any;
    WF_TRY(begin_asking(context, call, &ask, &any, error));
    if (!any)
        return WEFT_OK;
    weft_status status = give_missing(&ask, sink, error);
    if (status == WEFT_OK)
        status = give_beside(&ask, call, sink, error);
    end_asking(&ask);
    return status;
}

void wf_counted_views(wf_counter *counter, wf_view_computed ret[WF_COUNTED_VIEWS])
{
    ret[0] = (wf_view_computed){"testing/population", population_rows, counter};
    ret[1] = (wf_view_computed){"testing/missing", missing_rows, counter};
}
