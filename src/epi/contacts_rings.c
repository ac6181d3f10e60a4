// First and second ring: pairs of people at the places of the exposing one.
#include "epi/contacts_work.h"

#include <math.h>
#include <stdlib.h>

enum { hour_s = 3600, day_s = 86400 };

// ---- exposures ----

// Infectiousness of a close contact at `moment`, and P that they were infected early
// enough: only exposures a latent period before `moment` can have made them infectious,
// so that who is infected at 9:00 does not infect at 11:00.
typedef struct {
    wf_range infected;
    double infectiousness;
} source_state;

static source_state state_of_close(const wf_contacts_work *work,
                                   const wf_contacts_close *close, int64_t moment)
{
    source_state state = {0};
    const wf_number *latent = &work->query->protocol->latent_d;
    int64_t latent_s = latent->given ? (int64_t)(latent->value * day_s) : 0;
    double hazards = 0;
    for (size_t i = close->from; i < close->to; i++) {
        const wf_exposure *one = &work->answer->exposures[i];
        if (one->day.start + latent_s >= moment)
            continue;
        int64_t days = (moment - one->day.start) / day_s;
        double hazard = -log1p(-one->probability.mid);
        state.infected = wf_hazard_either(state.infected, one->probability);
        if (days < WF_HAZARD_COURSE_DAYS)
            state.infectiousness += hazard * work->course.infectiousness[days];
        hazards += hazard;
    }
    state.infectiousness = hazards > 0 ? state.infectiousness / hazards : 0;
    return state;
}

static wf_range probability_of(const wf_contacts_work *work, const wf_contacts_pair *pair,
                               const wf_contacts_close *close, const wf_together_day *day)
{
    if (close == NULL)
        return wf_hazard_probability(pair->per_h,
                                     day->hours * work->query->infectiousness[day->day]);
    source_state state = state_of_close(work, close, day->end);
    wf_range one = wf_hazard_probability(pair->per_h, day->hours * state.infectiousness);
    return (wf_range){one.mid * state.infected.mid, one.low * state.infected.low,
                      one.high * state.infected.high};
}

// True when every hour from start to end had more people than the edition's crowd.
static bool is_crowded(const wf_contacts_work *work, const wf_contacts_pair *pair,
                       const wf_together_day *day)
{
    const wf_number *crowd = &work->query->protocol->crowd_people_per_hour;
    if (pair->place.number == WF_NUMBER_NONE || !crowd->given)
        return false;
    for (int64_t hour = day->start / hour_s; hour <= (day->end - 1) / hour_s; hour++)
        if ((size_t)hour >= work->hours_count ||
            (double)work->hours[hour] + 1 <= crowd->value)
            return false;
    return true;
}

weft_status wf_contacts_add(wf_contacts_work *work, const wf_contacts_pair *pair,
                            const wf_contacts_close *with_close,
                            const wf_together_day *days, size_t count)
{
    wf_contacts *answer = work->answer;
    for (size_t i = 0; i < count; i++) {
        if (!wf_rows_room(&answer->exposures, answer->exposures_count,
                          &answer->exposures_capacity, sizeof *answer->exposures))
            return wf_fail_memory(work->error);
        answer->exposures[answer->exposures_count++] = (wf_exposure){
            .person = pair->person,
            .with = pair->with,
            .place = pair->place,
            .kind = pair->about.kind,
            .ventilated = pair->about.ventilated,
            .near = pair->near,
            .crowded = !pair->near && is_crowded(work, pair, &days[i]),
            .day = days[i],
            .probability = probability_of(work, pair, with_close, &days[i])};
    }
    return WEFT_OK;
}

// ---- encounters ----

static int meeting_order(const void *one, const void *other)
{
    const wf_row_meeting *a = one, *b = other;
    if (a->other.number != b->other.number)
        return a->other.number < b->other.number ? -1 : 1;
    return (a->start > b->start) - (a->start < b->start);
}

// The union of a pair's meetings, clipped, into work->ranges.
static bool join_meetings(wf_contacts_work *work, const wf_row_meeting *meetings,
                          size_t count, int64_t from, int64_t to)
{
    work->ranges_count = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t start = meetings[i].start > from ? meetings[i].start : from;
        int64_t end = meetings[i].end < to ? meetings[i].end : to;
        wf_interval *last =
            work->ranges_count > 0 ? &work->ranges[work->ranges_count - 1] : NULL;
        if (start >= end)
            continue;
        if (last != NULL && start <= last->end) {
            last->end = end > last->end ? end : last->end;
            continue;
        }
        if (!wf_rows_room(&work->ranges, work->ranges_count, &work->ranges_capacity,
                          sizeof *work->ranges))
            return false;
        work->ranges[work->ranges_count++] = (wf_interval){start, end};
    }
    return true;
}

// The part of the joined meetings on one civil day; seconds 0: none.
static wf_together_day meetings_of_day(const wf_contacts_work *work, size_t day)
{
    const int64_t *starts = work->query->day_starts;
    wf_together_day ret = {.day = (uint32_t)day, .unit = WF_UNIT_WITHIN};
    for (size_t i = 0; i < work->ranges_count; i++) {
        wf_interval one = work->ranges[i];
        one.start = one.start > starts[day] ? one.start : starts[day];
        one.end = one.end < starts[day + 1] ? one.end : starts[day + 1];
        if (one.start >= one.end)
            continue;
        if (ret.seconds == 0)
            ret.start = one.start;
        ret.end = one.end;
        ret.seconds += one.end - one.start;
    }
    ret.hours = (double)ret.seconds / hour_s;
    return ret;
}

static weft_status add_pair_meetings(wf_contacts_work *work, wf_person with,
                                     const wf_contacts_close *with_close, wf_person other)
{
    const wf_protocol *protocol = work->query->protocol;
    const wf_number *minutes = &protocol->encounter_near_minutes;
    int64_t most = wf_together_longest_24h(work->ranges, work->ranges_count);
    bool near = most > 0 && (!minutes->given || (double)most >= minutes->value * 60);
    if (with_close != NULL && !near && most > 0) {
        if (!wf_rows_room(&work->below, work->below_count, &work->below_capacity,
                          sizeof *work->below))
            return wf_fail_memory(work->error);
        work->below[work->below_count++] = other;
        return WEFT_OK;
    }
    wf_contacts_pair pair = {.person = other,
                             .with = with,
                             .place = {WF_NUMBER_NONE},
                             .about = {.kind = WF_PLACE_OTHER, .ventilated = -1},
                             .near = near,
                             .per_h = wf_hazard_of_encounter(protocol)};
    for (size_t day = 0; day < work->query->days_count; day++) {
        wf_together_day one = meetings_of_day(work, day);
        if (one.seconds > 0)
            WF_TRY(wf_contacts_add(work, &pair, with_close, &one, 1));
    }
    return WEFT_OK;
}

weft_status wf_contacts_add_meetings(wf_contacts_work *work, wf_person with,
                                     const wf_contacts_close *with_close, int64_t from,
                                     int64_t to)
{
    const wf_rows *rows = work->query->rows;
    work->meetings.count = 0;
    WF_TRY(rows->person_meetings(rows->context, with, from, to, &work->meetings,
                                 work->error));
    wf_row_meeting *all = work->meetings.rows;
    size_t count = work->meetings.count;
    if (count > 1)
        qsort(all, count, sizeof *all, meeting_order);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first;
             end < count && all[end].other.number == all[first].other.number;)
            end++;
        wf_person other = all[first].other;
        bool taken = with_close != NULL && (other.number == work->query->index.number ||
                                            wf_contacts_find_close(work, other) != NULL);
        if (taken || other.number == with.number)
            continue;
        if (!join_meetings(work, all + first, end - first, from, to))
            return wf_fail_memory(work->error);
        WF_TRY(add_pair_meetings(work, with, with_close, other));
    }
    return WEFT_OK;
}

// ---- first ring ----

static weft_status first_at_place(wf_contacts_work *work, const wf_row_stop *stops,
                                  size_t count)
{
    const wf_contacts_query *query = work->query;
    wf_row_place place;
    WF_TRY(query->rows->place(query->rows->context, stops[0].place, &place, work->error));
    wf_together_at at = wf_contacts_at(work, &place);
    int64_t lingering = wf_together_lingering_s(at.rule, place.ventilated);
    at.lingering_s = lingering;
    WF_TRY(wf_contacts_block(work, stops[0].place, lingering, stops, count));
    const wf_contacts_group *index = wf_contacts_group_of(work, query->index);
    if (index == NULL)
        return WEFT_OK;
    wf_together_window window = {query->from, query->to};
    wf_contacts_pair pair = {.with = query->index,
                             .place = stops[0].place,
                             .about = place,
                             .per_h = wf_hazard_of_rule(at.rule)};
    for (size_t g = 0; g < work->groups_count; g++) {
        const wf_contacts_group *group = &work->groups[g];
        if (group == index || group->start >= index->end + lingering ||
            group->end <= index->start)
            continue;
        const wf_together_day *days;
        size_t days_count;
        WF_TRY(wf_together(work->together, &at, &window, work->stays.rows + index->from,
                           index->to - index->from, work->stays.rows + group->from,
                           group->to - group->from, &days, &days_count, &pair.near,
                           work->error));
        pair.person = group->person;
        WF_TRY(wf_contacts_add(work, &pair, NULL, days, days_count));
    }
    return WEFT_OK;
}

weft_status wf_contacts_first(wf_contacts_work *work)
{
    const wf_contacts_query *query = work->query;
    work->stops.count = 0;
    WF_TRY(query->rows->person_stops(query->rows->context, query->index, query->from,
                                     query->to, &work->stops, work->error));
    wf_row_stop *stops = work->stops.rows;
    wf_contacts_sort_stops(stops, &work->stops.count, query->from, query->to);
    for (size_t from = 0, to; from < work->stops.count; from = to) {
        for (to = from; to < work->stops.count &&
                        stops[to].place.number == stops[from].place.number;)
            to++;
        WF_TRY(first_at_place(work, stops + from, to - from));
    }
    return wf_contacts_add_meetings(work, query->index, NULL, query->from, query->to);
}
