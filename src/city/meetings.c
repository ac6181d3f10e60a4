#include "city/meetings.h"

#include <stdlib.h>

enum {
    office_every = 8,
    badge_workers_max = 120,
    class_every = 24,
    groups_per_part = 32,
    reach = 3, // one meets the next three of the group
    per_cent_meeting = 35,
    shortest_overlap = 10, // minutes
    longest_s = 1800,
    stream_meeting = 88
};

void wf_met_list_done(wf_met_list *list)
{
    free(list->all);
    *list = (wf_met_list){0};
}

// The group someone belongs to; false for most.
static bool group_of(const wf_town *town, const wf_resident *resident, uint32_t *ret)
{
    uint32_t office_groups =
        (town->kind_count[WF_PLACE_OFFICE] + office_every - 1) / office_every;
    wf_place_kind kind = WF_PLACE_HOUSEHOLD;
    if (!wf_pursuit_kind((wf_pursuit)resident->role, &kind))
        return false;
    if (kind == WF_PLACE_OFFICE && resident->anchor % office_every == 0 &&
        town->offices[resident->anchor].workers <= badge_workers_max) {
        *ret = resident->anchor / office_every;
        return true;
    }
    if (kind == WF_PLACE_CLASS && resident->anchor % class_every == 0) {
        *ret = office_groups + resident->anchor / class_every;
        return true;
    }
    return false;
}

weft_status wf_meetings_settle(wf_town *town, weft_error *error)
{
    uint32_t groups = town->kind_count[WF_PLACE_OFFICE] / office_every +
                      town->kind_count[WF_PLACE_CLASS] / class_every + 2;
    uint32_t *first = wf_arena_array(&town->arena, groups + 2, sizeof *first);
    if (first == NULL)
        return wf_fail_memory(error);
    uint32_t group = 0;
    size_t members_count = 0;
    // Counting sort: sizes two places up, then starts, then filling moves the starts on.
    for (uint32_t person = 0; person < town->options.people; person++)
        if (group_of(town, &town->residents[person], &group)) {
            first[group + 2]++;
            members_count++;
        }
    uint32_t *members = wf_arena_array(&town->arena, members_count + 1, sizeof *members);
    if (members == NULL)
        return wf_fail_memory(error);
    for (uint32_t i = 2; i < groups + 2; i++)
        first[i] += first[i - 1];
    for (uint32_t person = 0; person < town->options.people; person++)
        if (group_of(town, &town->residents[person], &group))
            members[first[group + 1]++] = person;
    town->group_first = first;
    town->group_members = members;
    town->groups_count = groups;
    return WEFT_OK;
}

uint32_t wf_meetings_parts(const wf_town *town)
{
    return (town->groups_count + groups_per_part - 1) / groups_per_part;
}

typedef struct {
    wf_town_stop stops[WF_PLAN_STOPS_MAX];
    size_t count;
} day_plan;

// The first time both are at work or in class together, in minutes of the day.
static bool together(const wf_town *town, uint32_t a, const day_plan *plan_a,
                     const day_plan *plan_b, int32_t *ret_from, int32_t *ret_to)
{
    const wf_resident *resident = &town->residents[a];
    wf_place_kind kind = WF_PLACE_HOUSEHOLD;
    if (!wf_pursuit_kind((wf_pursuit)resident->role, &kind))
        return false;
    for (size_t i = 0; i < plan_a->count; i++) {
        const wf_town_stop *one = &plan_a->stops[i];
        if (one->spot.kind != kind || one->spot.index != resident->anchor)
            continue;
        for (size_t k = 0; k < plan_b->count; k++) {
            const wf_town_stop *other = &plan_b->stops[k];
            if (other->spot.kind != kind || other->spot.index != resident->anchor)
                continue;
            int32_t from = one->start > other->start ? one->start : other->start;
            int32_t to = one->end < other->end ? one->end : other->end;
            if (to - from >= shortest_overlap) {
                *ret_from = from;
                *ret_to = to;
                return true;
            }
        }
    }
    return false;
}

static bool append(wf_met_list *list, wf_met met)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        wf_met *grown = realloc(list->all, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        list->all = grown;
        list->capacity = capacity;
    }
    list->all[list->count++] = met;
    return true;
}

static bool meet(const wf_town *town, uint32_t day, uint32_t a, const day_plan *plan_a,
                 uint32_t b, const day_plan *plan_b, wf_prng *dice, wf_met_list *list)
{
    int32_t from = 0;
    int32_t to = 0;
    if (wf_prng_below(dice, 100) >= per_cent_meeting ||
        !together(town, a, plan_a, plan_b, &from, &to))
        return true;
    int32_t span = (to - from) * 60;
    int32_t most = span < longest_s ? span : longest_s;
    int32_t length = 60 + (int32_t)wf_prng_below(dice, (uint32_t)(most - 60));
    int32_t start = ((int32_t)day * WF_DAY_MINUTES + from) * 60 +
                    (int32_t)wf_prng_below(dice, (uint32_t)(span - length + 1));
    wf_place_kind kind = WF_PLACE_OFFICE;
    if (!wf_pursuit_kind((wf_pursuit)town->residents[a].role, &kind))
        return true;
    return append(list, (wf_met){a, b, start, start + length, (uint8_t)kind});
}

// Members in the order of their numbers; only the plans of the next few are kept.
static bool meetings_of_group(const wf_town *town, uint32_t day, uint32_t group,
                              wf_met_list *list)
{
    const uint32_t *members = town->group_members + town->group_first[group];
    uint32_t count = town->group_first[group + 1] - town->group_first[group];
    day_plan plans[reach + 1];
    uint32_t planned = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (; planned < count && planned <= i + reach; planned++) {
            day_plan *plan = &plans[planned % (reach + 1)];
            plan->count = wf_plan_day(town, members[planned], day, plan->stops);
        }
        wf_prng dice =
            wf_prng_stream(town->options.seed, ((uint64_t)stream_meeting << 48) |
                                                   ((uint64_t)members[i] << 8) | day);
        for (uint32_t k = i + 1; k < count && k <= i + reach; k++)
            if (!meet(town, day, members[i], &plans[i % (reach + 1)], members[k],
                      &plans[k % (reach + 1)], &dice, list))
                return false;
    }
    return true;
}

bool wf_meetings_of(const wf_town *town, uint32_t day, uint32_t part, wf_met_list *ret)
{
    uint32_t from = part * groups_per_part;
    uint32_t to = from + groups_per_part;
    for (uint32_t group = from; group < to && group < town->groups_count; group++)
        if (!meetings_of_group(town, day, group, ret))
            return false;
    return true;
}
