#include "epi/together.h"

#include <stdlib.h>

enum { hour_s = 3600, day_s = 86400 };

// One stored row of the one over one of the other, inside one hour and one civil day.
typedef struct {
    int64_t start, end;
    double weight;
    uint32_t day;
    uint8_t unit; // wf_unit_verdict
    bool lingering, guessed, days_only;
} piece;

struct wf_together_work {
    piece *pieces;
    size_t pieces_count, pieces_capacity;
    wf_together_day *days;
    size_t days_count, days_capacity;
    wf_interval *near; // within the finer unit, apart from another
    size_t near_count, near_capacity;
    int near_unit; // the least wf_unit_verdict that counts towards near contact
};

weft_status wf_together_work_new(wf_together_work **ret, weft_error *error)
{
    wf_together_work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return wf_fail_memory(error);
    *ret = work;
    return WEFT_OK;
}

void wf_together_work_free(wf_together_work *work)
{
    if (work == NULL)
        return;
    free(work->pieces);
    free(work->days);
    free(work->near);
    free(work);
}

int64_t wf_together_lingering_s(const wf_place_rule *rule, int ventilated)
{
    const wf_number *minutes = &rule->lingering_min;
    if (ventilated == 0 && rule->lingering_unventilated_min.given)
        minutes = &rule->lingering_unventilated_min;
    return minutes->given && minutes->value > 0 ? (int64_t)(minutes->value * 60) : 0;
}

// ---- pieces ----

// The last day that begins at or before `at`.
static uint32_t day_of(const wf_together_at *at, int64_t moment)
{
    size_t low = 0, high = at->days_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (at->day_starts[middle] <= moment)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static uint64_t people_in(const wf_hours *hours, int64_t moment)
{
    size_t hour = (size_t)(moment / hour_s);
    return moment >= 0 && hour < hours->count ? hours->people[hour] : 0;
}

static bool push_piece(wf_together_work *work, const piece *one)
{
    if (!wf_rows_room(&work->pieces, work->pieces_count, &work->pieces_capacity,
                      sizeof *work->pieces))
        return false;
    work->pieces[work->pieces_count++] = *one;
    return true;
}

// Cuts a stretch at full hours and midnights, which may not be full hours.
static bool push_cut(wf_together_work *work, const wf_together_at *at, piece whole)
{
    double nearness = whole.weight;
    int64_t end = whole.end;
    while (whole.start < end) {
        whole.day = day_of(at, whole.start);
        int64_t next_hour = (whole.start / hour_s + 1) * hour_s;
        int64_t next_day = at->day_starts[whole.day + 1];
        whole.end = next_hour < end ? next_hour : end;
        if (next_day > whole.start && next_day < whole.end)
            whole.end = next_day;
        whole.weight =
            nearness * wf_hazard_place(people_in(&at->hours, whole.start),
                                       at->place.ventilated, at->place.area_m2);
        if (!push_piece(work, &whole))
            return false;
        whole.start = whole.end;
    }
    return true;
}

static wf_unit unit_of(const wf_together_at *at)
{
    return at->place.ventilated == 1 ? at->rule->unit_ventilated : at->rule->unit;
}

// The stretch of `b` in [start, end), where `a` is or has been.
static bool push_overlap(wf_together_work *work, const wf_together_at *at,
                         const wf_row_stay *a, const wf_row_stay *b, int64_t start,
                         int64_t end, bool lingering)
{
    if (start < b->start)
        start = b->start;
    if (end > b->end)
        end = b->end;
    if (start >= end)
        return true;
    wf_nearness nearness = {
        .unit = wf_unit_judge(unit_of(at), at->rule->unit_reach.value, a->seat, b->seat),
        .adjacent = wf_unit_adjacent(a->seat, b->seat),
        .lingering = lingering,
        .guessed = a->end_guessed || b->end_guessed};
    piece whole = {.start = start,
                   .end = end,
                   .weight = wf_hazard_nearness(at->protocol, at->rule, &nearness),
                   .unit = (uint8_t)nearness.unit,
                   .lingering = lingering,
                   .guessed = nearness.guessed,
                   .days_only = a->days_only || b->days_only};
    return push_cut(work, at, whole);
}

static bool push_pair(wf_together_work *work, const wf_together_at *at,
                      const wf_together_window *window, const wf_row_stay *a,
                      const wf_row_stay *b)
{
    int64_t from = a->start > window->from ? a->start : window->from;
    int64_t to = a->end < window->to ? a->end : window->to;
    if (from >= to)
        return true;
    return push_overlap(work, at, a, b, from, to, false) &&
           push_overlap(work, at, a, b, to, to + at->lingering_s, true);
}

static int by_start(const void *one, const void *other)
{
    int64_t a = ((const piece *)one)->start, b = ((const piece *)other)->start;
    return (a > b) - (a < b);
}

// ---- laying the pieces together ----

static wf_together_day *day_at(wf_together_work *work, uint32_t day)
{
    if (work->days_count > 0 && work->days[work->days_count - 1].day == day)
        return &work->days[work->days_count - 1];
    if (!wf_rows_room(&work->days, work->days_count, &work->days_capacity,
                      sizeof *work->days))
        return NULL;
    wf_together_day *fresh = &work->days[work->days_count++];
    *fresh =
        (wf_together_day){.day = day, .start = -1, .lingering = true, .days_only = true};
    return fresh;
}

static bool add_near(wf_together_work *work, int64_t start, int64_t end)
{
    if (work->near_count > 0 && work->near[work->near_count - 1].end == start) {
        work->near[work->near_count - 1].end = end;
        return true;
    }
    if (!wf_rows_room(&work->near, work->near_count, &work->near_capacity,
                      sizeof *work->near))
        return false;
    work->near[work->near_count++] = (wf_interval){start, end};
    return true;
}

// What covers one moment: the best of each kind, from whichever row gives it.
typedef struct {
    double weight;
    int unit, unit_dated; // nearest of all, and of rows that know more than the day
    bool covered, direct, dated, guessed;
} cover;

static cover cover_of(const piece *pieces, size_t count, int64_t start, int64_t end)
{
    cover all = {.unit_dated = -1};
    bool certain = false;
    for (size_t i = 0; i < count && pieces[i].start < end; i++) {
        const piece *one = &pieces[i];
        if (one->end <= start)
            continue;
        all.covered = true;
        if (one->weight > all.weight)
            all.weight = one->weight;
        if (one->unit > all.unit)
            all.unit = one->unit;
        if (!one->days_only && one->unit > all.unit_dated)
            all.unit_dated = one->unit;
        all.direct |= !one->lingering;
        all.dated |= !one->days_only;
        certain |= !one->guessed;
    }
    all.guessed = all.covered && !certain;
    return all;
}

static bool add_segment(wf_together_work *work, uint32_t day_index, const cover *of,
                        int64_t start, int64_t end)
{
    wf_together_day *day = day_at(work, day_index);
    if (day == NULL)
        return false;
    if (day->start < 0)
        day->start = start;
    day->end = end;
    day->seconds += end - start;
    day->hours += of->weight * (double)(end - start) / hour_s;
    if (of->unit > (int)day->unit)
        day->unit = (wf_unit_verdict)of->unit;
    day->lingering &= !of->direct;
    day->days_only &= !of->dated;
    day->guessed |= of->guessed;
    return of->unit_dated < work->near_unit || add_near(work, start, end);
}

// The next moment after `at` where some piece begins or ends; pieces of one hour.
static int64_t next_edge(const piece *pieces, size_t count, int64_t at)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].start > at && pieces[i].start < next)
            next = pieces[i].start;
        if (pieces[i].end > at && pieces[i].end < next)
            next = pieces[i].end;
    }
    return next;
}

// Pieces of one hour and day, which nearly always is one piece.
static bool lay_hour(wf_together_work *work, const piece *pieces, size_t count)
{
    int64_t at = pieces[0].start;
    for (int64_t next; (next = next_edge(pieces, count, at)) != INT64_MAX; at = next) {
        cover of = cover_of(pieces, count, at, next);
        if (of.covered && !add_segment(work, pieces[0].day, &of, at, next))
            return false;
    }
    return true;
}

static bool lay(wf_together_work *work)
{
    if (work->pieces_count > 1)
        qsort(work->pieces, work->pieces_count, sizeof *work->pieces, by_start);
    for (size_t from = 0, to; from < work->pieces_count; from = to) {
        const piece *first = &work->pieces[from];
        for (to = from + 1; to < work->pieces_count; to++)
            if (work->pieces[to].start / hour_s != first->start / hour_s ||
                work->pieces[to].day != first->day)
                break;
        if (!lay_hour(work, first, to - from))
            return false;
    }
    return true;
}

int64_t wf_together_longest_24h(const wf_interval *stretches, size_t count)
{
    // The fullest 24 hours may be taken to end where a stretch ends.
    int64_t most = 0;
    for (size_t last = 0; last < count; last++) {
        int64_t from = stretches[last].end - day_s, sum = 0;
        for (size_t i = last + 1; i-- > 0 && stretches[i].end > from;)
            sum += stretches[i].end -
                   (stretches[i].start > from ? stretches[i].start : from);
        most = sum > most ? sum : most;
    }
    return most;
}

static bool is_near(const wf_together_work *work, const wf_place_rule *rule)
{
    if (rule->near_never || !rule->near_minutes.given)
        return false;
    int64_t most = wf_together_longest_24h(work->near, work->near_count);
    return most > 0 && (double)most >= rule->near_minutes.value * 60;
}

weft_status wf_together(wf_together_work *work, const wf_together_at *at,
                        const wf_together_window *window, const wf_row_stay *exposing,
                        size_t exposing_count, const wf_row_stay *exposed,
                        size_t exposed_count, const wf_together_day **ret_days,
                        size_t *ret_days_count, bool *ret_near, weft_error *error)
{
    work->pieces_count = work->days_count = work->near_count = 0;
    bool known = at->unit_must_be_known || at->rule->seat_unknown_apart;
    work->near_unit = known ? WF_UNIT_WITHIN : WF_UNIT_UNKNOWN;
    for (size_t i = 0; i < exposed_count; i++)
        for (size_t j = 0; j < exposing_count; j++) {
            if (exposing[j].start >= exposed[i].end)
                break;
            if (exposing[j].end + at->lingering_s > exposed[i].start &&
                !push_pair(work, at, window, &exposing[j], &exposed[i]))
                return wf_fail_memory(error);
        }
    if (!lay(work))
        return wf_fail_memory(error);
    *ret_days = work->days;
    *ret_days_count = work->days_count;
    *ret_near = is_near(work, at->rule);
    return WEFT_OK;
}
