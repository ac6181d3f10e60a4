// The block of a place: rows around the stays in question, grouped by person.
#include "epi/contacts_work.h"

#include <stdlib.h>
#include <string.h>

enum { hour_s = 3600, stops_few = 24 };

static int stop_by_place(const void *one, const void *other)
{
    const wf_row_stop *a = one, *b = other;
    if (a->place.number != b->place.number)
        return a->place.number < b->place.number ? -1 : 1;
    return (a->start > b->start) - (a->start < b->start);
}

// A person's places of some days, asked for hundreds of people an answer: a sort that
// takes memory costs more than their order.
static void sort_few_stops(wf_row_stop *stops, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        wf_row_stop stop = stops[i];
        size_t at = i;
        for (; at > 0 && stop_by_place(&stops[at - 1], &stop) > 0; at--)
            stops[at] = stops[at - 1];
        stops[at] = stop;
    }
}

void wf_contacts_sort_stops(wf_row_stop *stops, size_t *count, int64_t from, int64_t to)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        wf_row_stop stop = stops[i];
        stop.start = stop.start > from ? stop.start : from;
        stop.end = stop.end < to ? stop.end : to;
        if (stop.start < stop.end)
            stops[kept++] = stop;
    }
    if (kept <= stops_few)
        sort_few_stops(stops, kept);
    else
        qsort(stops, kept, sizeof *stops, stop_by_place);
    *count = kept;
}

// Full hours around the stops, those that touch made one.
static bool make_ranges(wf_contacts_work *work, int64_t lingering_s,
                        const wf_row_stop *stops, size_t count)
{
    work->ranges_count = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t from = stops[i].start / hour_s * hour_s;
        int64_t to = (stops[i].end + lingering_s + hour_s - 1) / hour_s * hour_s;
        wf_interval *last =
            work->ranges_count > 0 ? &work->ranges[work->ranges_count - 1] : NULL;
        if (last != NULL && from <= last->end) {
            last->end = to > last->end ? to : last->end;
            continue;
        }
        if (!wf_rows_room(&work->ranges, work->ranges_count, &work->ranges_capacity,
                          sizeof *work->ranges))
            return false;
        work->ranges[work->ranges_count++] = (wf_interval){from, to};
    }
    return true;
}

static int stay_order(const void *one, const void *other)
{
    const wf_row_stay *a = one, *b = other;
    if (a->person.number != b->person.number)
        return a->person.number < b->person.number ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    if (a->end_guessed != b->end_guessed)
        return a->end_guessed ? 1 : -1;
    return wf_text_compare(a->seat, b->seat);
}

// The stays of each person, of which there are few.
static void sort_person(wf_row_stay *stays, size_t count)
{
    if (count > stops_few) {
        qsort(stays, count, sizeof *stays, stay_order);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        wf_row_stay stay = stays[i];
        size_t at = i;
        for (; at > 0 && stay_order(&stays[at - 1], &stay) > 0; at--)
            stays[at] = stays[at - 1];
        stays[at] = stay;
    }
}

// By person into memory of their own, which then becomes the list's.
static bool group_stays(wf_contacts_work *work)
{
    wf_row_stays *stays = &work->stays;
    size_t count = stays->count;
    wf_contacts_key *keys = wf_contacts_keys(work, count);
    while (work->grouped.capacity < count)
        if (!wf_rows_room(&work->grouped.rows, work->grouped.capacity,
                          &work->grouped.capacity, sizeof *work->grouped.rows))
            return false;
    if (keys == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        keys[i] = (wf_contacts_key){stays->rows[i].person.number, (uint32_t)i};
    keys = wf_contacts_sort_keys(keys, count);
    for (size_t i = 0; i < count; i++)
        work->grouped.rows[i] = stays->rows[keys[i].row];
    wf_row_stays other = *stays;
    *stays = work->grouped;
    stays->count = count;
    work->grouped = other;
    return true;
}

// A stay that reaches into two ranges was given twice.
static bool sort_stays(wf_contacts_work *work)
{
    wf_row_stays *stays = &work->stays;
    if (stays->count < 2)
        return true;
    if (!group_stays(work))
        return false;
    for (size_t from = 0, to; from < stays->count; from = to) {
        for (to = from + 1; to < stays->count && stays->rows[to].person.number ==
                                                     stays->rows[from].person.number;)
            to++;
        sort_person(stays->rows + from, to - from);
    }
    size_t kept = 1;
    for (size_t i = 1; i < stays->count; i++)
        if (stay_order(&stays->rows[kept - 1], &stays->rows[i]) != 0)
            stays->rows[kept++] = stays->rows[i];
    stays->count = kept;
    return true;
}

static bool make_groups(wf_contacts_work *work)
{
    const wf_row_stays *stays = &work->stays;
    work->groups_count = 0;
    for (size_t from = 0, to; from < stays->count; from = to) {
        wf_contacts_group group = {stays->rows[from].person, from, 0,
                                   stays->rows[from].start, stays->rows[from].end};
        for (to = from;
             to < stays->count && stays->rows[to].person.number == group.person.number;
             to++)
            if (stays->rows[to].end > group.end)
                group.end = stays->rows[to].end;
        group.to = to;
        if (!wf_rows_room(&work->groups, work->groups_count, &work->groups_capacity,
                          sizeof *work->groups))
            return false;
        work->groups[work->groups_count++] = group;
    }
    return true;
}

// Each person once an hour, the index not at all.
static void count_hours(wf_contacts_work *work)
{
    memset(work->hours, 0, work->hours_count * sizeof *work->hours);
    for (size_t g = 0; g < work->groups_count; g++) {
        const wf_contacts_group *group = &work->groups[g];
        if (group->person.number == work->query->index.number)
            continue;
        int64_t next = 0;
        for (size_t i = group->from; i < group->to; i++) {
            int64_t hour = work->stays.rows[i].start / hour_s;
            int64_t last = (work->stays.rows[i].end - 1) / hour_s;
            for (hour = hour > next ? hour : next;
                 hour <= last && (size_t)hour < work->hours_count; hour++)
                work->hours[hour]++;
            next = last + 1 > next ? last + 1 : next;
        }
    }
}

weft_status wf_contacts_block(wf_contacts_work *work, wf_place place, int64_t lingering_s,
                              const wf_row_stop *stops, size_t count)
{
    const wf_rows *rows = work->query->rows;
    if (!make_ranges(work, lingering_s, stops, count))
        return wf_fail_memory(work->error);
    work->stays.count = 0;
    for (size_t i = 0; i < work->ranges_count; i++)
        WF_TRY(rows->place_stays(rows->context, place, work->ranges[i].start,
                                 work->ranges[i].end, &work->stays, work->error));
    if (!sort_stays(work) || !make_groups(work))
        return wf_fail_memory(work->error);
    count_hours(work);
    return WEFT_OK;
}

const wf_contacts_group *wf_contacts_group_of(const wf_contacts_work *work,
                                              wf_person person)
{
    size_t low = 0, high = work->groups_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (work->groups[middle].person.number < person.number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low < work->groups_count && work->groups[low].person.number == person.number;
    return found ? &work->groups[low] : NULL;
}

wf_together_at wf_contacts_at(const wf_contacts_work *work, const wf_row_place *place)
{
    return (wf_together_at){.protocol = work->query->protocol,
                            .rule = &work->query->protocol->kinds[place->kind],
                            .place = *place,
                            .hours = {work->hours, work->hours_count},
                            .day_starts = work->query->day_starts,
                            .days_count = work->query->days_count};
}
