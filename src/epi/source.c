#include "epi/source.h"

#include <stdlib.h>
#include <string.h>

#include "epi/headcount.h"
#include "epi/tail.h"

// A stay of a case inside its window.
typedef struct {
    wf_row_stop stop;
    uint32_t case_index;
} case_stop;

// A civil day and in how many cases' windows it is.
typedef struct {
    uint32_t day;
    size_t cases;
} wide_day;

typedef struct {
    const wf_source_query *query;
    case_stop *stops; // by place, start
    size_t stops_count, stops_capacity;
    wf_row_stops read;
    uint64_t *marks; // by case: the count that saw it last
    uint64_t mark;
    uint32_t *unit; // by case: the first case of its household
    wf_headcount headcount;
    wf_person *people; // visitors at hand
    size_t people_count, people_capacity;
    double *none;    // by case that is the first of its unit
    double *chances; // by unit of a place
    double *convolution;
    wide_day *days; // those in the windows of the most cases first
    uint64_t tests; // the family
    double p_most;  // above, a place is not shown whatever the others are
    wf_source_place *places;
    size_t places_count, places_capacity;
    uint32_t *list;
    size_t list_count, list_capacity;
    weft_error *error;
} source_work;

void wf_source_done(wf_source_answer *answer)
{
    free(answer->places);
    free(answer->case_list);
    *answer = (wf_source_answer){0};
}

// ---- stays of the cases ----

static int stop_order(const void *one, const void *other)
{
    const case_stop *a = one, *b = other;
    if (a->stop.place.number != b->stop.place.number)
        return a->stop.place.number < b->stop.place.number ? -1 : 1;
    if (a->stop.start != b->stop.start)
        return a->stop.start < b->stop.start ? -1 : 1;
    return (a->case_index > b->case_index) - (a->case_index < b->case_index);
}

static weft_status read_case(source_work *work, uint32_t index)
{
    const wf_source_case *of = &work->query->cases[index];
    const wf_rows *rows = work->query->rows;
    work->read.count = 0;
    WF_TRY(rows->person_stops(rows->context, of->person, of->from, of->to, &work->read,
                              work->error));
    for (size_t i = 0; i < work->read.count; i++) {
        wf_row_stop stop = work->read.rows[i];
        stop.start = stop.start > of->from ? stop.start : of->from;
        stop.end = stop.end < of->to ? stop.end : of->to;
        if (stop.start >= stop.end)
            continue;
        if (!wf_rows_room(&work->stops, work->stops_count, &work->stops_capacity,
                          sizeof *work->stops))
            return wf_fail_memory(work->error);
        work->stops[work->stops_count++] = (case_stop){stop, index};
    }
    return WEFT_OK;
}

static weft_status read_cases(source_work *work)
{
    for (uint32_t i = 0; i < work->query->cases_count; i++)
        WF_TRY(read_case(work, i));
    if (work->stops_count > 1)
        qsort(work->stops, work->stops_count, sizeof *work->stops, stop_order);
    return WEFT_OK;
}

static size_t place_end(const source_work *work, size_t from)
{
    size_t to = from;
    while (to < work->stops_count &&
           work->stops[to].stop.place.number == work->stops[from].stop.place.number)
        to++;
    return to;
}

// ---- independent units ----

static uint32_t unit_of(const source_work *work, uint32_t of)
{
    while (work->unit[of] != of)
        of = work->unit[of];
    return of;
}

static void join(source_work *work, uint32_t a, uint32_t b)
{
    a = unit_of(work, a);
    b = unit_of(work, b);
    if (a < b)
        work->unit[b] = a;
    else
        work->unit[a] = b;
}

// Joins the cases of one place if it is a household. What a place is costs a question to
// the register: asked only where two units were.
static weft_status join_at_place(source_work *work, size_t from, size_t to)
{
    const wf_rows *rows = work->query->rows;
    uint32_t first = work->stops[from].case_index;
    size_t other = from + 1;
    while (other < to &&
           unit_of(work, work->stops[other].case_index) == unit_of(work, first))
        other++;
    if (other == to)
        return WEFT_OK;
    wf_row_place place;
    WF_TRY(rows->place(rows->context, work->stops[from].stop.place, &place, work->error));
    for (; place.kind == WF_PLACE_HOUSEHOLD && other < to; other++)
        join(work, first, work->stops[other].case_index);
    return WEFT_OK;
}

static weft_status join_households(source_work *work)
{
    const wf_source_query *query = work->query;
    for (uint32_t i = 0; i < query->cases_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            const wf_source_case *a = &query->cases[i], *b = &query->cases[j];
            if (a->person.number == b->person.number ||
                (a->household != 0 && a->household == b->household))
                join(work, i, j);
        }
    for (size_t from = 0, to; from < work->stops_count; from = to) {
        to = place_end(work, from);
        WF_TRY(join_at_place(work, from, to));
    }
    for (uint32_t i = 0; i < query->cases_count; i++)
        work->unit[i] = unit_of(work, i);
    return WEFT_OK;
}

// ---- background ----

static double chance_of(const source_work *work, size_t of)
{
    uint64_t people = work->query->grid_people[work->query->cases[of].grid];
    uint64_t visitors = work->headcount.in_window[of];
    return visitors < people ? (double)visitors / (double)people : 1.0;
}

// Chances by unit that a person like any of its cases was there, from the visitors
// counted so far; how many units.
static size_t chances_of_units(source_work *work)
{
    size_t cases = work->query->cases_count, units = 0;
    for (size_t i = 0; i < cases; i++)
        work->none[i] = 1;
    for (size_t i = 0; i < cases; i++)
        work->none[work->unit[i]] *= 1 - chance_of(work, i);
    for (size_t i = 0; i < cases; i++)
        if (work->unit[i] == i)
            work->chances[units++] = 1 - work->none[i];
    return units;
}

// More visitors mean greater chances and a greater p: false as soon as those counted so
// far are too many for the place to be shown.
static bool can_be_shown(source_work *work, const wf_source_place *place)
{
    size_t units = chances_of_units(work);
    return wf_tail_at_least(work->chances, units, place->independent,
                            work->convolution) <= work->p_most;
}

static weft_status read_visitors(source_work *work, wf_place place, uint32_t day)
{
    const wf_source_query *query = work->query;
    work->people_count = 0;
    return query->visitors(query->context, place, day, &work->people, &work->people_count,
                           &work->people_capacity, work->error);
}

enum { part_first = 8, part_growth = 2 };

// The visitors of the widest day that has any.
static weft_status read_widest(source_work *work, wf_place place, uint32_t *ret_day)
{
    for (size_t i = 0; i < work->query->days_count; i++) {
        WF_TRY(read_visitors(work, place, work->days[i].day));
        *ret_day = work->days[i].day;
        if (work->people_count > 0)
            break;
    }
    return WEFT_OK;
}

// One day, in growing parts: nearly all places are explained by a few of its visitors.
static weft_status glance(source_work *work, const wf_source_place *place,
                          bool *ret_can_be_shown)
{
    uint32_t day = 0;
    bool can = true;
    size_t done = 0;
    WF_TRY(read_widest(work, place->place, &day));
    wf_headcount_begin(&work->headcount);
    for (size_t part = part_first; can && done < work->people_count;
         part *= part_growth) {
        size_t left = work->people_count - done;
        size_t count = part < left ? part : left;
        WF_TRY(wf_headcount_add(&work->headcount, day, work->people + done, count,
                                work->error));
        done += count;
        can = can_be_shown(work, place);
    }
    *ret_can_be_shown = can;
    return WEFT_OK;
}

static weft_status count_all(source_work *work, const wf_source_place *place,
                             bool *ret_can_be_shown)
{
    bool can = true;
    wf_headcount_begin(&work->headcount);
    for (uint32_t day = 0; can && day < work->query->days_count; day++) {
        WF_TRY(read_visitors(work, place->place, day));
        WF_TRY(wf_headcount_add(&work->headcount, day, work->people, work->people_count,
                                work->error));
        can = can_be_shown(work, place);
    }
    *ret_can_be_shown = can;
    return WEFT_OK;
}

// ---- one place ----

// Begins a new count of distinct cases or units.
static void begin_count(source_work *work)
{
    work->mark++;
}

// True the first time since begin_count; `index` a case or the unit of one.
static bool is_new(source_work *work, uint32_t index)
{
    bool fresh = work->marks[index] != work->mark;
    work->marks[index] = work->mark;
    return fresh;
}

static size_t distinct_units(source_work *work, size_t from, size_t to)
{
    size_t count = 0;
    begin_count(work);
    for (size_t i = from; i < to; i++)
        count += is_new(work, work->unit[work->stops[i].case_index]);
    return count;
}

// The shortest span that begins with a stay and holds one of every unit.
static void closest_span(source_work *work, size_t from, size_t to,
                         wf_source_place *place)
{
    int64_t best = INT64_MAX;
    for (size_t first = from; first < to; first++) {
        int64_t end = INT64_MIN;
        size_t units = 0;
        begin_count(work);
        for (size_t i = first; i < to && units < place->independent; i++) {
            if (!is_new(work, work->unit[work->stops[i].case_index]))
                continue;
            units++;
            end = work->stops[i].stop.end > end ? work->stops[i].stop.end : end;
        }
        if (units < place->independent || end - work->stops[first].stop.start >= best)
            continue;
        best = end - work->stops[first].stop.start;
        place->from = work->stops[first].stop.start;
        place->to = end;
    }
}

static int index_order(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

static bool list_cases(source_work *work, size_t from, size_t to, wf_source_place *place)
{
    place->cases_from = work->list_count;
    begin_count(work);
    for (size_t i = from; i < to; i++) {
        if (!is_new(work, work->stops[i].case_index))
            continue;
        if (!wf_rows_room(&work->list, work->list_count, &work->list_capacity,
                          sizeof *work->list))
            return false;
        work->list[work->list_count++] = work->stops[i].case_index;
    }
    place->cases_count = work->list_count - place->cases_from;
    qsort(work->list + place->cases_from, place->cases_count, sizeof *work->list,
          index_order);
    return true;
}

static weft_status keep_place(source_work *work, size_t from, size_t to,
                              wf_source_place *place)
{
    const wf_source_query *query = work->query;
    wf_row_place about;
    WF_TRY(query->rows->place(query->rows->context, place->place, &about, work->error));
    place->kind = about.kind;
    size_t units = chances_of_units(work);
    place->expected = 0;
    for (size_t i = 0; i < units; i++)
        place->expected += work->chances[i];
    place->p_value = wf_tail_poisson_binomial(work->chances, units, place->independent,
                                              work->convolution);
    place->visitors = work->headcount.visitors;
    closest_span(work, from, to, place);
    if (!list_cases(work, from, to, place) ||
        !wf_rows_room(&work->places, work->places_count, &work->places_capacity,
                      sizeof *work->places))
        return wf_fail_memory(work->error);
    work->places[work->places_count++] = *place;
    return WEFT_OK;
}

static weft_status try_place(source_work *work, size_t from, size_t to)
{
    bool can_be_shown = false;
    wf_source_place place = {.place = work->stops[from].stop.place,
                             .independent = distinct_units(work, from, to)};
    if (place.independent < 2)
        return WEFT_OK;
    WF_TRY(glance(work, &place, &can_be_shown));
    if (can_be_shown)
        WF_TRY(count_all(work, &place, &can_be_shown));
    return can_be_shown ? keep_place(work, from, to, &place) : WEFT_OK;
}

// The p value above which no place is shown. Holm multiplies it by the tests less the
// places of smaller p, of which there are fewer than shared ones. Leaving such places
// out changes the rank of none that is shown.
static void set_screen(source_work *work)
{
    uint64_t shared = 0;
    for (size_t from = 0, to; from < work->stops_count; from = to) {
        to = place_end(work, from);
        shared += distinct_units(work, from, to) >= 2;
    }
    work->tests = work->query->places_could > shared ? work->query->places_could : shared;
    // A little more, as sums that are equal on paper differ in their last digits.
    const double slack = 1 + 1e-9;
    work->p_most = work->query->at_most / (double)(work->tests - shared + 1) * slack;
}

// ---- all places ----

static int place_order(const void *one, const void *other, void *context)
{
    const wf_rows *rows = context;
    const wf_source_place *a = one, *b = other;
    if (a->p_value != b->p_value)
        return a->p_value < b->p_value ? -1 : 1;
    if (a->independent != b->independent)
        return a->independent > b->independent ? -1 : 1;
    return wf_text_compare(rows->place_id(rows->context, a->place),
                           rows->place_id(rows->context, b->place));
}

static weft_status correct(source_work *work)
{
    size_t count = work->places_count;
    double *values = calloc(2 * count + 1, sizeof *values);
    if (values == NULL)
        return wf_fail_memory(work->error);
    for (size_t i = 0; i < count; i++)
        values[i] = work->places[i].p_value;
    wf_tail_holm(values, count, work->tests, values + count);
    for (size_t i = 0; i < count; i++)
        work->places[i].p_corrected = values[count + i];
    free(values);
    return WEFT_OK;
}

static bool is_inside(const source_work *work, wf_place inner, wf_place outer)
{
    // A place has few that contain it; a ring of parents in the register must end.
    for (int depth = 0; depth < 16; depth++) {
        uint32_t parent = work->query->parent(work->query->context, inner);
        if (parent == WF_NUMBER_NONE)
            return false;
        if (parent == outer.number)
            return true;
        inner.number = parent;
    }
    return false;
}

// Every case of `outer` was also in `inner`.
static bool has_all(const source_work *work, const wf_source_place *inner,
                    const wf_source_place *outer)
{
    size_t at = 0;
    for (size_t i = 0; i < outer->cases_count; i++) {
        uint32_t wanted = work->list[outer->cases_from + i];
        while (at < inner->cases_count && work->list[inner->cases_from + at] < wanted)
            at++;
        if (at == inner->cases_count || work->list[inner->cases_from + at] != wanted)
            return false;
    }
    return true;
}

// Keeps the shown places; of nested ones with the same cases the finest.
static void keep_shown(source_work *work)
{
    size_t shown = 0, kept = 0;
    while (shown < work->places_count &&
           work->places[shown].p_corrected <= work->query->at_most)
        shown++;
    for (size_t i = 0; i < shown; i++) {
        bool finer = false;
        for (size_t j = 0; j < shown && !finer; j++)
            finer = j != i &&
                    is_inside(work, work->places[j].place, work->places[i].place) &&
                    has_all(work, &work->places[j], &work->places[i]);
        // Marked first: a place kept too early would overwrite one still compared.
        work->places[i].p_corrected = finer ? 2 : work->places[i].p_corrected;
    }
    for (size_t i = 0; i < shown; i++)
        if (work->places[i].p_corrected <= 1)
            work->places[kept++] = work->places[i];
    work->places_count = kept;
}

static weft_status find(source_work *work)
{
    WF_TRY(read_cases(work));
    WF_TRY(join_households(work));
    set_screen(work);
    for (size_t from = 0, to; from < work->stops_count; from = to) {
        to = place_end(work, from);
        WF_TRY(try_place(work, from, to));
    }
    if (work->places_count > 1)
        qsort_r(work->places, work->places_count, sizeof *work->places, place_order,
                (void *)(uintptr_t)work->query->rows);
    WF_TRY(correct(work));
    keep_shown(work);
    return WEFT_OK;
}

static int wide_order(const void *one, const void *other)
{
    const wide_day *a = one, *b = other;
    if (a->cases != b->cases)
        return a->cases > b->cases ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

static bool make_days(source_work *work)
{
    const wf_source_query *query = work->query;
    work->days = calloc((size_t)query->days_count + 1, sizeof *work->days);
    if (work->days == NULL)
        return false;
    for (uint32_t day = 0; day < query->days_count; day++) {
        work->days[day].day = day;
        for (size_t i = 0; i < query->cases_count; i++)
            work->days[day].cases +=
                query->cases[i].first_day <= day && day <= query->cases[i].last_day;
    }
    qsort(work->days, query->days_count, sizeof *work->days, wide_order);
    return true;
}

static weft_status work_init(source_work *work)
{
    const wf_source_query *query = work->query;
    WF_TRY(wf_headcount_init(&work->headcount, query, work->error));
    work->unit = calloc(query->cases_count + 1, sizeof *work->unit);
    work->marks = calloc(query->cases_count + 1, sizeof *work->marks);
    work->none = calloc(query->cases_count + 1, sizeof *work->none);
    work->chances = calloc(query->cases_count + 1, sizeof *work->chances);
    work->convolution = calloc(query->cases_count + 2, sizeof *work->convolution);
    if (work->unit == NULL || work->marks == NULL || work->none == NULL ||
        work->chances == NULL || work->convolution == NULL || !make_days(work))
        return wf_fail_memory(work->error);
    for (uint32_t i = 0; i < query->cases_count; i++)
        work->unit[i] = i;
    return WEFT_OK;
}

static void work_done(source_work *work)
{
    free(work->days);
    free(work->stops);
    free(work->read.rows);
    free(work->unit);
    free(work->marks);
    wf_headcount_done(&work->headcount);
    free(work->people);
    free(work->none);
    free(work->chances);
    free(work->convolution);
}

weft_status wf_source_find(const wf_source_query *query, wf_source_answer *ret,
                           weft_error *error)
{
    source_work work = {.query = query, .error = error};
    weft_status status = work_init(&work);
    if (status == WEFT_OK)
        status = find(&work);
    size_t independent = 0;
    for (uint32_t i = 0; status == WEFT_OK && i < query->cases_count; i++)
        independent += work.unit[i] == i;
    work_done(&work);
    wf_source_answer answer = {work.places, work.places_count, work.list, independent};
    if (status == WEFT_OK)
        *ret = answer;
    else
        wf_source_done(&answer);
    return status;
}
