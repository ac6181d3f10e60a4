// Second ring: near contacts of close contacts, one block a visited place.
#include "epi/contacts_work.h"

#include <stdlib.h>

// A stay of a close contact.
typedef struct {
    wf_row_stop stop;
    size_t close; // index in work->close
} close_stop;

typedef struct {
    close_stop *rows;
    size_t count, capacity;
} close_stops;

bool wf_contacts_secondary_kind(const wf_place_rule *rule, wf_place_kind kind)
{
    switch (kind) {
    case WF_PLACE_MARKET:
    case WF_PLACE_HALL:
    case WF_PLACE_OPENAIR:
    case WF_PLACE_OTHER:
    case WF_PLACE_BUS:
        return false;
    default:
        return !rule->near_never && rule->near_minutes.given;
    }
}

static int by_place(const void *one, const void *other)
{
    const close_stop *a = one, *b = other;
    if (a->stop.place.number != b->stop.place.number)
        return a->stop.place.number < b->stop.place.number ? -1 : 1;
    if (a->stop.start != b->stop.start)
        return a->stop.start < b->stop.start ? -1 : 1;
    return (a->close > b->close) - (a->close < b->close);
}

static weft_status collect_stops(wf_contacts_work *work, close_stops *all)
{
    const wf_contacts_query *query = work->query;
    for (size_t c = 0; c < work->close_count; c++) {
        const wf_contacts_close *close = &work->close[c];
        work->stops.count = 0;
        WF_TRY(query->rows->person_stops(query->rows->context, close->person,
                                         close->first, query->as_of, &work->stops,
                                         work->error));
        wf_contacts_sort_stops(work->stops.rows, &work->stops.count, close->first,
                               query->as_of);
        for (size_t i = 0; i < work->stops.count; i++) {
            if (!wf_rows_room(&all->rows, all->count, &all->capacity, sizeof *all->rows))
                return wf_fail_memory(work->error);
            all->rows[all->count++] = (close_stop){work->stops.rows[i], c};
        }
    }
    if (all->count > 1)
        qsort(all->rows, all->count, sizeof *all->rows, by_place);
    return WEFT_OK;
}

static weft_status note(wf_person **list, size_t *count, size_t *capacity,
                        wf_person person, weft_error *error)
{
    if (!wf_rows_room(list, *count, capacity, sizeof **list))
        return wf_fail_memory(error);
    (*list)[(*count)++] = person;
    return WEFT_OK;
}

static bool is_taken(const wf_contacts_work *work, wf_person person)
{
    return person.number == work->query->index.number ||
           wf_contacts_find_close(work, person) != NULL;
}

// Everybody of the block against one close contact.
static weft_status with_close(wf_contacts_work *work, const wf_together_at *at,
                              wf_contacts_pair *pair, const wf_contacts_close *close)
{
    const wf_contacts_group *own = wf_contacts_group_of(work, close->person);
    if (own == NULL)
        return WEFT_OK;
    wf_together_window window = {close->first, work->query->as_of};
    for (size_t g = 0; g < work->groups_count; g++) {
        const wf_contacts_group *group = &work->groups[g];
        if (group->start >= own->end || group->end <= own->start ||
            is_taken(work, group->person))
            continue;
        const wf_together_day *days;
        size_t days_count;
        WF_TRY(wf_together(work->together, at, &window, work->stays.rows + own->from,
                           own->to - own->from, work->stays.rows + group->from,
                           group->to - group->from, &days, &days_count, &pair->near,
                           work->error));
        pair->person = group->person;
        if (pair->near)
            WF_TRY(wf_contacts_add(work, pair, close, days, days_count));
        else if (days_count > 0)
            WF_TRY(note(&work->below, &work->below_count, &work->below_capacity,
                        group->person, work->error));
    }
    return WEFT_OK;
}

// Distinct civil days of stops of one place, by start.
static uint64_t days_of(const wf_contacts_work *work, const close_stop *stops,
                        size_t count)
{
    const int64_t *starts = work->query->day_starts;
    uint64_t days = 0;
    size_t day = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = day;
        while (at + 1 < work->query->days_count && starts[at + 1] <= stops[i].stop.start)
            at++;
        days += i == 0 || at != day;
        day = at;
    }
    return days;
}

// People who were there with a close contact, where nobody becomes secondary.
static weft_status note_elsewhere(wf_contacts_work *work, const close_stop *stops,
                                  size_t count)
{
    work->answer->left[WF_LEFT_SECONDARY_KIND].place_days += days_of(work, stops, count);
    for (size_t g = 0; g < work->groups_count; g++) {
        const wf_contacts_group *group = &work->groups[g];
        bool met = false;
        if (is_taken(work, group->person))
            continue;
        for (size_t i = group->from; i < group->to && !met; i++)
            for (size_t s = 0; s < count && !met; s++)
                met = work->stays.rows[i].start < stops[s].stop.end &&
                      work->stays.rows[i].end > stops[s].stop.start;
        if (met)
            WF_TRY(note(&work->elsewhere, &work->elsewhere_count,
                        &work->elsewhere_capacity, group->person, work->error));
    }
    return WEFT_OK;
}

static weft_status block_of(wf_contacts_work *work, const close_stop *stops, size_t count)
{
    work->stops.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!wf_rows_room(&work->stops.rows, work->stops.count, &work->stops.capacity,
                          sizeof *work->stops.rows))
            return wf_fail_memory(work->error);
        work->stops.rows[work->stops.count++] = stops[i].stop;
    }
    return wf_contacts_block(work, stops[0].stop.place, 0, work->stops.rows,
                             work->stops.count);
}

static weft_status second_at_place(wf_contacts_work *work, const close_stop *stops,
                                   size_t count)
{
    const wf_rows *rows = work->query->rows;
    wf_row_place place;
    WF_TRY(rows->place(rows->context, stops[0].stop.place, &place, work->error));
    wf_together_at at = wf_contacts_at(work, &place);
    at.unit_must_be_known = true;
    WF_TRY(block_of(work, stops, count));
    if (!wf_contacts_secondary_kind(at.rule, place.kind))
        return note_elsewhere(work, stops, count);
    wf_contacts_pair pair = {.place = stops[0].stop.place,
                             .about = place,
                             .per_h = wf_hazard_of_rule(at.rule)};
    size_t below = work->below_count;
    for (size_t i = 0; i < count; i++) {
        wf_contacts_close *close = &work->close[stops[i].close];
        if (close->seen_at == stops[i].stop.place.number)
            continue;
        close->seen_at = stops[i].stop.place.number;
        pair.with = close->person;
        WF_TRY(with_close(work, &at, &pair, close));
    }
    if (work->below_count > below)
        work->answer->left[WF_LEFT_BELOW_MINUTES].place_days +=
            days_of(work, stops, count);
    return WEFT_OK;
}

static weft_status second_ring(wf_contacts_work *work, close_stops *all)
{
    WF_TRY(collect_stops(work, all));
    for (size_t from = 0, to; from < all->count; from = to) {
        for (to = from; to < all->count && all->rows[to].stop.place.number ==
                                               all->rows[from].stop.place.number;)
            to++;
        WF_TRY(second_at_place(work, all->rows + from, to - from));
    }
    for (size_t c = 0; c < work->close_count; c++)
        WF_TRY(wf_contacts_add_meetings(work, work->close[c].person, &work->close[c],
                                        work->close[c].first, work->query->as_of));
    return WEFT_OK;
}

weft_status wf_contacts_second(wf_contacts_work *work)
{
    close_stops all = {0};
    weft_status status = second_ring(work, &all);
    free(all.rows);
    return status;
}
