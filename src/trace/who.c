#include "trace/who.h"

#include <stdlib.h>

#include "base/grow.h"

// A stay being put together from the pieces of its days.
typedef struct {
    wf_who_row row;
    int32_t first_day, last_day; // days of its first and last piece
    bool from_before, into_next; // what these say
} whole;

typedef struct {
    const wf_net *net;
    wf_place place;
    wf_arena *arena;
    wf_stay_list pieces; // of one day
    whole *wholes;
    size_t count, capacity;
} who_search;

static weft_time minute_of(weft_time day_start, uint32_t minute)
{
    return (weft_time){day_start.us + (int64_t)minute * WF_US_PER_MINUTE};
}

static whole whole_of(const who_search *search, const wf_day *day, weft_time day_start,
                      size_t at)
{
    wf_stay stay = search->pieces.rows[at];
    wf_stay_marks marks = search->pieces.marks[at];
    int32_t number = wf_day_number(day).number;
    return (whole){.row = {.person = stay.person,
                           .start = minute_of(day_start, stay.start),
                           .end = minute_of(day_start, stay.end),
                           .seat = wf_day_seat_text(day, marks.seat),
                           .end_guessed = marks.end_guessed},
                   .first_day = number,
                   .last_day = number,
                   .from_before = marks.from_before,
                   .into_next = marks.into_next};
}

static bool follows(const whole *before, const whole *after)
{
    return before->into_next && after->from_before &&
           before->row.end.us == after->row.start.us &&
           before->last_day + 1 == after->first_day &&
           wf_text_equal(before->row.seat, after->row.seat);
}

static void join(whole *before, const whole *after)
{
    before->row.end = after->row.end;
    before->row.end_guessed = after->row.end_guessed;
    before->last_day = after->last_day;
    before->into_next = after->into_next;
}

static weft_status read_pieces(who_search *search, const wf_day *day, uint32_t from,
                               uint32_t to)
{
    search->pieces.count = 0;
    return wf_day_place_stays_marked(day, search->place, from, to, &search->pieces);
}

static weft_status add_whole(who_search *search, whole made)
{
    whole *wholes =
        wf_grow(search->wholes, search->count, &search->capacity, sizeof *wholes);
    if (wholes == NULL)
        return WEFT_NO_MEMORY;
    search->wholes = wholes;
    search->wholes[search->count++] = made;
    return WEFT_OK;
}

// Minutes of the day that [from, to) touches, the end rounded up.
static void minutes_in(const wf_span *span, size_t d, weft_time from, weft_time to,
                       uint32_t *ret_from, uint32_t *ret_to)
{
    int64_t start = span->starts[d].us, end = span->starts[d + 1].us;
    int64_t first = from.us < start ? start : from.us;
    int64_t last = to.us > end ? end : to.us;
    *ret_from = (uint32_t)((first - start) / WF_US_PER_MINUTE);
    *ret_to = (uint32_t)((last - start + WF_US_PER_MINUTE - 1) / WF_US_PER_MINUTE);
}

static weft_status read_span(who_search *search, const wf_span *span, weft_time from,
                             weft_time to)
{
    for (size_t d = 0; d < span->count; d++) {
        if (span->days[d] == NULL)
            continue;
        uint32_t first, last;
        minutes_in(span, d, from, to, &first, &last);
        WF_TRY(read_pieces(search, span->days[d], first, last));
        for (size_t i = 0; i < search->pieces.count; i++) {
            whole piece = whole_of(search, span->days[d], span->starts[d], i);
            if (piece.row.start.us < to.us && piece.row.end.us > from.us)
                WF_TRY(add_whole(search, piece));
        }
    }
    return WEFT_OK;
}

static int compare_wholes(const void *left, const void *right)
{
    const whole *a = left, *b = right;
    uint32_t p = a->row.person.number, q = b->row.person.number;
    if (p != q)
        return p < q ? -1 : 1;
    if (a->row.start.us != b->row.start.us)
        return a->row.start.us < b->row.start.us ? -1 : 1;
    return (a->row.end.us > b->row.end.us) - (a->row.end.us < b->row.end.us);
}

// Joins pieces of the span: after sorting, what continues a stay stands behind it among
// the same person's.
static void join_pieces(who_search *search)
{
    size_t kept = 0;
    if (search->count == 0)
        return;
    qsort(search->wholes, search->count, sizeof *search->wholes, compare_wholes);
    for (size_t i = 0; i < search->count; i++) {
        const whole *piece = &search->wholes[i];
        size_t at = kept;
        while (at > 0 &&
               search->wholes[at - 1].row.person.number == piece->row.person.number) {
            if (follows(&search->wholes[at - 1], piece))
                break;
            at--;
        }
        bool found = at > 0 && follows(&search->wholes[at - 1], piece);
        if (found)
            join(&search->wholes[at - 1], piece);
        else
            search->wholes[kept++] = *piece;
    }
    search->count = kept;
}

// The first piece that continues a stay beyond the days read so far; before or after.
static void extend(who_search *search, const wf_day *day, weft_time start, bool before)
{
    int32_t number = wf_day_number(day).number;
    for (size_t i = 0; i < search->count; i++) {
        whole *stay = &search->wholes[i];
        if (before ? !stay->from_before || stay->first_day != number + 1
                   : !stay->into_next || stay->last_day != number - 1)
            continue;
        for (size_t p = 0; p < search->pieces.count; p++) {
            if (search->pieces.rows[p].person.number != stay->row.person.number)
                continue;
            whole piece = whole_of(search, day, start, p);
            if (before && follows(&piece, stay)) {
                stay->row.start = piece.row.start;
                stay->first_day = number;
                stay->from_before = piece.from_before;
                break;
            }
            if (!before && follows(stay, &piece)) {
                join(stay, &piece);
                break;
            }
        }
    }
}

static bool any_open(const who_search *search, int32_t edge, bool before)
{
    for (size_t i = 0; i < search->count; i++) {
        const whole *stay = &search->wholes[i];
        if (before ? stay->from_before && stay->first_day == edge
                   : stay->into_next && stay->last_day == edge)
            return true;
    }
    return false;
}

// Follows open stays day by day, until none is open or a day is not there.
static weft_status follow(who_search *search, int32_t edge, bool before,
                          weft_error *error)
{
    while (any_open(search, edge, before)) {
        weft_day next = {before ? edge - 1 : edge + 1};
        wf_day_state state;
        const wf_day *day;
        WF_TRY(wf_visits_day(search->net->visits, next, &state, &day, error));
        if (day == NULL)
            return WEFT_OK;
        weft_time start = wf_zone_day_start(search->net->zone, next);
        int64_t length_us = wf_zone_day_end(search->net->zone, next).us - start.us;
        uint32_t last = (uint32_t)(length_us / WF_US_PER_MINUTE);
        if (last == 0)
            return WEFT_OK;
        // Only what touches the midnight between both days.
        if (read_pieces(search, day, before ? last - 1 : 0, before ? last : 1) != WEFT_OK)
            return wf_fail_memory(error);
        extend(search, day, start, before);
        edge = next.number;
    }
    return WEFT_OK;
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const whole *a = left, *b = right;
    if (a->row.start.us != b->row.start.us)
        return a->row.start.us < b->row.start.us ? -1 : 1;
    int order = wf_text_compare(wf_ids_text(context, WF_ID_PERSON, a->row.person.number),
                                wf_ids_text(context, WF_ID_PERSON, b->row.person.number));
    if (order != 0)
        return order;
    return (a->row.end.us > b->row.end.us) - (a->row.end.us < b->row.end.us);
}

static weft_status search_place(who_search *search, weft_time from, weft_time to,
                                wf_who_answer *answer, weft_error *error)
{
    const wf_span *span = &answer->span;
    if (read_span(search, span, from, to) != WEFT_OK)
        return wf_fail_memory(error);
    join_pieces(search);
    if (span->count > 0) {
        WF_TRY(follow(search, span->first.number, true, error));
        WF_TRY(
            follow(search, span->first.number + (int32_t)span->count - 1, false, error));
    }
    if (search->count > 1)
        qsort_r(search->wholes, search->count, sizeof *search->wholes, compare_rows,
                wf_visits_ids(search->net->visits));
    answer->rows = wf_arena_array(search->arena, search->count + 1, sizeof *answer->rows);
    if (answer->rows == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < search->count; i++)
        answer->rows[i] = search->wholes[i].row;
    answer->count = search->count;
    return WEFT_OK;
}

weft_status wf_who(const wf_net *net, wf_place place, weft_time from, weft_time to,
                   wf_arena *arena, wf_who_answer *ret, weft_error *error)
{
    who_search search = {.net = net, .place = place, .arena = arena};
    wf_who_answer answer = {0};
    WF_TRY(wf_span_open(net, from, to, arena, &answer.span, error));
    weft_status status = search_place(&search, from, to, &answer, error);
    wf_stay_list_done(&search.pieces);
    free(search.wholes);
    if (status == WEFT_OK)
        *ret = answer;
    return status;
}
