#include "trace/rows.h"

#include <stdlib.h>

struct wf_trace_rows {
    const wf_net *net;
    const wf_span *span;
    wf_rows rows;
    wf_stay_list stays;
    wf_stop_list stops;
    wf_meeting_list meetings;
    uint32_t *places;
    size_t places_count, places_capacity;
    int64_t day_starts[]; // of each day of the span, and of the one after the last
};

enum { minute_s = 60, minutes_max = 1500 };

// ---- time ----

weft_time wf_trace_rows_time(const wf_span *span, int64_t second)
{
    return (weft_time){span->starts[0].us + second * WF_US_PER_S};
}

int64_t wf_trace_rows_second(const wf_span *span, weft_time at)
{
    return (at.us - span->starts[0].us) / WF_US_PER_S;
}

static int64_t day_start(const wf_trace_rows *rows, size_t day)
{
    return rows->day_starts[day];
}

// The days that [from, to) touches: first, and one after the last.
typedef struct {
    size_t first, end;
} day_range;

static day_range days_of(const wf_trace_rows *rows, int64_t from, int64_t to)
{
    day_range range = {0, rows->span->count};
    while (range.first < range.end && day_start(rows, range.first + 1) <= from)
        range.first++;
    while (range.end > range.first && day_start(rows, range.end - 1) >= to)
        range.end--;
    return range;
}

// Minutes of a day, the end rounded up.
static uint32_t minute_of(int64_t second, bool up)
{
    int64_t minute = (second + (up ? minute_s - 1 : 0)) / minute_s;
    return minute < 0 ? 0 : minute > minutes_max ? minutes_max : (uint32_t)minute;
}

// ---- ids that are one person ----

static wf_person own_of(const wf_trace_rows *rows, wf_person person)
{
    const wf_own_ids *own = &rows->net->own;
    for (size_t i = 0; i < own->count; i++)
        if (own->others[i].number == person.number)
            return own->as;
    return person;
}

// How many other ids' rows are the person's, too.
static size_t others_of(const wf_trace_rows *rows, wf_person person)
{
    const wf_own_ids *own = &rows->net->own;
    return own->count > 0 && own->as.number == person.number ? own->count : 0;
}

// ---- places of the register ----

weft_status wf_trace_rows_place(wf_trace_rows *rows, wf_place place, wf_place_brief *ret,
                                weft_error *error)
{
    return wf_register_place_brief(rows->net->reg, place, ret, error);
}

static weft_status ask_place(void *context, wf_place place, wf_row_place *ret,
                             weft_error *error)
{
    wf_place_brief about;
    WF_TRY(wf_trace_rows_place(context, place, &about, error));
    *ret = (wf_row_place){about.kind, about.ventilated, about.area_m2};
    return WEFT_OK;
}

// ---- stays at a place ----

static bool knows_only_the_day(const wf_stay *stay, const wf_stay_marks *marks,
                               int64_t day_s)
{
    return marks->end_guessed && stay->start == 0 &&
           (int64_t)stay->end * minute_s >= day_s;
}

static weft_status take_stays(const wf_trace_rows *rows, size_t day, wf_row_stays *list,
                              weft_error *error)
{
    const wf_stay_list *from = &rows->stays;
    int64_t start = day_start(rows, day), day_s = day_start(rows, day + 1) - start;
    for (size_t i = 0; i < from->count; i++) {
        const wf_stay *stay = &from->rows[i];
        const wf_stay_marks *marks = &from->marks[i];
        if (!wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows))
            return wf_fail_memory(error);
        list->rows[list->count++] =
            (wf_row_stay){.person = own_of(rows, stay->person),
                          .end_guessed = marks->end_guessed,
                          .days_only = knows_only_the_day(stay, marks, day_s),
                          .start = start + stay->start * minute_s,
                          .end = start + stay->end * minute_s,
                          .seat = wf_day_seat_text(rows->span->days[day], marks->seat)};
    }
    return WEFT_OK;
}

static weft_status ask_place_stays(void *context, wf_place place, int64_t from,
                                   int64_t to, wf_row_stays *list, weft_error *error)
{
    wf_trace_rows *rows = context;
    day_range days = days_of(rows, from, to);
    for (size_t day = days.first; day < days.end; day++) {
        if (rows->span->days[day] == NULL)
            continue;
        int64_t start = day_start(rows, day);
        rows->stays.count = 0;
        if (wf_day_place_stays_marked(
                rows->span->days[day], place, minute_of(from - start, false),
                minute_of(to - start, true), &rows->stays) != WEFT_OK)
            return wf_fail_memory(error);
        WF_TRY(take_stays(rows, day, list, error));
    }
    return WEFT_OK;
}

weft_status wf_trace_rows_visitors(wf_trace_rows *rows, wf_place place, uint32_t day,
                                   wf_person **people, size_t *count, size_t *capacity,
                                   weft_error *error)
{
    const wf_day *of = rows->span->days[day];
    if (of == NULL)
        return WEFT_OK;
    uint32_t visits = 0;
    rows->stays.count = 0;
    if (wf_day_place_whole(of, place, UINT64_MAX, &rows->stays, &visits) != WEFT_OK)
        return wf_fail_memory(error);
    for (size_t i = 0; i < rows->stays.count; i++) {
        if (!wf_rows_room(people, *count, capacity, sizeof **people))
            return wf_fail_memory(error);
        (*people)[(*count)++] = own_of(rows, rows->stays.rows[i].person);
    }
    return WEFT_OK;
}

// ---- a person ----

static weft_status add_stop(wf_row_stops *list, wf_row_stop stop, weft_error *error)
{
    if (!wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows))
        return wf_fail_memory(error);
    list->rows[list->count++] = stop;
    return WEFT_OK;
}

static weft_status stops_of(wf_trace_rows *rows, wf_person person, int64_t from,
                            int64_t to, wf_row_stops *list, weft_error *error)
{
    day_range days = days_of(rows, from, to);
    for (size_t day = days.first; day < days.end; day++) {
        int64_t start = day_start(rows, day);
        if (rows->span->days[day] == NULL)
            continue;
        rows->stops.count = 0;
        if (wf_day_person_stops(rows->span->days[day], person, &rows->stops) != WEFT_OK)
            return wf_fail_memory(error);
        for (size_t i = 0; i < rows->stops.count; i++) {
            wf_row_stop stop = {rows->stops.rows[i].place,
                                start + rows->stops.rows[i].start * minute_s,
                                start + rows->stops.rows[i].end * minute_s};
            if (stop.start < to && stop.end > from)
                WF_TRY(add_stop(list, stop, error));
        }
    }
    return WEFT_OK;
}

static weft_status ask_person_stops(void *context, wf_person person, int64_t from,
                                    int64_t to, wf_row_stops *list, weft_error *error)
{
    wf_trace_rows *rows = context;
    WF_TRY(stops_of(rows, person, from, to, list, error));
    for (size_t i = 0; i < others_of(rows, person); i++)
        WF_TRY(stops_of(rows, rows->net->own.others[i], from, to, list, error));
    return WEFT_OK;
}

static weft_status places_of(wf_trace_rows *rows, wf_person person, int64_t from,
                             int64_t to, wf_row_stops *list, weft_error *error)
{
    day_range days = days_of(rows, from, to);
    for (size_t day = days.first; day < days.end; day++) {
        if (rows->span->days[day] == NULL)
            continue;
        rows->places_count = 0;
        if (wf_day_person_places(rows->span->days[day], person, &rows->places,
                                 &rows->places_count, &rows->places_capacity) != WEFT_OK)
            return wf_fail_memory(error);
        for (size_t i = 0; i < rows->places_count; i++)
            WF_TRY(add_stop(list,
                            (wf_row_stop){{rows->places[i]},
                                          day_start(rows, day),
                                          day_start(rows, day + 1)},
                            error));
    }
    return WEFT_OK;
}

static weft_status ask_person_places(void *context, wf_person person, int64_t from,
                                     int64_t to, wf_row_stops *list, weft_error *error)
{
    wf_trace_rows *rows = context;
    WF_TRY(places_of(rows, person, from, to, list, error));
    for (size_t i = 0; i < others_of(rows, person); i++)
        WF_TRY(places_of(rows, rows->net->own.others[i], from, to, list, error));
    return WEFT_OK;
}

static void expect_places(void *context, const wf_person *people, size_t count,
                          int64_t from, int64_t to)
{
    const wf_trace_rows *rows = context;
    day_range days = days_of(rows, from, to);
    for (size_t day = days.first; day < days.end; day++)
        if (rows->span->days[day] != NULL)
            wf_day_expect_people(rows->span->days[day], people, count);
}

static weft_status meetings_of(wf_trace_rows *rows, wf_person person, int64_t from,
                               int64_t to, wf_row_meetings *list, weft_error *error)
{
    day_range days = days_of(rows, from, to);
    for (size_t day = days.first; day < days.end; day++) {
        int64_t start = day_start(rows, day);
        if (rows->span->days[day] == NULL)
            continue;
        rows->meetings.count = 0;
        if (wf_day_person_meetings(rows->span->days[day], person, &rows->meetings) !=
            WEFT_OK)
            return wf_fail_memory(error);
        for (size_t i = 0; i < rows->meetings.count; i++) {
            const wf_meeting *one = &rows->meetings.rows[i];
            // Two ids of one person have not met each other.
            wf_person other = own_of(rows, one->other);
            if (start + one->start >= to || start + one->end <= from ||
                other.number == own_of(rows, person).number)
                continue;
            if (!wf_rows_room(&list->rows, list->count, &list->capacity,
                              sizeof *list->rows))
                return wf_fail_memory(error);
            list->rows[list->count++] =
                (wf_row_meeting){other, start + one->start, start + one->end};
        }
    }
    return WEFT_OK;
}

static weft_status ask_person_meetings(void *context, wf_person person, int64_t from,
                                       int64_t to, wf_row_meetings *list,
                                       weft_error *error)
{
    wf_trace_rows *rows = context;
    WF_TRY(meetings_of(rows, person, from, to, list, error));
    for (size_t i = 0; i < others_of(rows, person); i++)
        WF_TRY(meetings_of(rows, rows->net->own.others[i], from, to, list, error));
    return WEFT_OK;
}

// ---- ids ----

static wf_text person_id(void *context, wf_person person)
{
    const wf_trace_rows *rows = context;
    return wf_ids_text(wf_visits_ids(rows->net->visits), WF_ID_PERSON, person.number);
}

static wf_text place_id(void *context, wf_place place)
{
    const wf_trace_rows *rows = context;
    return wf_ids_text(wf_visits_ids(rows->net->visits), WF_ID_PLACE, place.number);
}

// ---- life ----

weft_status wf_trace_rows_new(const wf_net *net, const wf_span *span, wf_trace_rows **ret,
                              weft_error *error)
{
    wf_trace_rows *rows =
        calloc(1, sizeof *rows + (span->count + 1) * sizeof *rows->day_starts);
    if (rows == NULL)
        return wf_fail_memory(error);
    rows->net = net;
    rows->span = span;
    for (size_t i = 0; i <= span->count; i++)
        rows->day_starts[i] = wf_trace_rows_second(span, span->starts[i]);
    rows->rows = (wf_rows){.context = rows,
                           .place_stays = ask_place_stays,
                           .person_stops = ask_person_stops,
                           .person_meetings = ask_person_meetings,
                           .person_places = ask_person_places,
                           .expect_places = expect_places,
                           .place = ask_place,
                           .person_id = person_id,
                           .place_id = place_id};
    *ret = rows;
    return WEFT_OK;
}

void wf_trace_rows_free(wf_trace_rows *rows)
{
    if (rows == NULL)
        return;
    wf_stay_list_done(&rows->stays);
    wf_stop_list_done(&rows->stops);
    wf_meeting_list_done(&rows->meetings);
    free(rows->places);
    free(rows);
}

const wf_rows *wf_trace_rows_of(const wf_trace_rows *rows)
{
    return &rows->rows;
}

const int64_t *wf_trace_rows_day_starts(const wf_trace_rows *rows)
{
    return rows->day_starts;
}
