// The law: `--plain` equals the definition, on every random city.
//
// The oracle knows nothing of days, blocks, rings or sweeps. It cuts time at every
// instant at which anything begins or ends, asks of each slice who was where and who
// had met whom, and adds up lengths: O(slices × n²), from the stays as they were before
// they were cut at midnight. WEFT_PROP_CASES says how many cities (1,000 unless told),
// WEFT_PROP_SEED where to begin.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "trace/plain.h"
#include "visits/segment.h"

enum {
    people_max = 160,
    places_max = 12,
    stays_max = 700,
    meetings_max = 60,
    days_max = 7, // of the city; one more on both sides
    span_max = days_max + 4,
    slices_max = 2 * (stays_max + meetings_max) + span_max + 4
};

// Seconds since the first instant of the span.
typedef struct {
    uint32_t person, place, seat;
    int64_t start, end;
} stay;
typedef struct {
    uint32_t a, b;
    int64_t start, end;
} meeting;

typedef struct {
    uint64_t seed;
    wf_zone *zone;
    weft_day first_day;
    size_t days;
    int64_t starts[span_max + 1]; // of days
    uint32_t people, places;
    stay stays[stays_max];
    size_t stays_count;
    meeting meetings[meetings_max];
    size_t meetings_count;
    wf_plain_query query;
    int64_t from, to;
    uint64_t shuffle; // of rows and segments
} city;

typedef struct {
    unsigned generation; // 0: not in the answer
    int64_t seconds, first, last;
    uint32_t via;
    int64_t via_seconds;
} result;
typedef result results[people_max];

static void ok(weft_status status)
{
    assert_int_equal(status, WEFT_OK);
}

// "k7-0012": ids whose order is not that of the numbers.
static wf_text id_of(uint32_t person, char buffer[16])
{
    int size = snprintf(buffer, 16, "%c%u-%04u", 'a' + (int)(person * 7 % 23),
                        person * 5 % 11, person);
    return (wf_text){buffer, (size_t)size};
}

static bool id_less(uint32_t a, uint32_t b)
{
    char left[16], right[16];
    return wf_text_compare(id_of(a, left), id_of(b, right)) < 0;
}

// ---- random cities ----

static int64_t instant_of(const city *c, size_t day)
{
    weft_day d = {c->first_day.number + (int32_t)day};
    return wf_zone_day_start(c->zone, d).us / WF_US_PER_S;
}

typedef struct {
    const char *zone;
    int32_t year, month, day; // near a change of clocks, where there is one
} moment_of_change;

static void choose_days(city *c, wf_prng *prng)
{
    static const moment_of_change changes[] = {
        {"Asia/Shanghai", 2021, 12, 8},      {"America/New_York", 2021, 3, 12},
        {"America/New_York", 2021, 11, 5},   {"Europe/Berlin", 2021, 10, 29},
        {"Australia/Lord_Howe", 2021, 4, 2}, {"America/Havana", 2021, 11, 5},
        {"Asia/Kathmandu", 1985, 12, 30},
    };
    const moment_of_change *change =
        &changes[wf_prng_below(prng, sizeof changes / sizeof *changes)];
    weft_error error = {0};
    ok(wf_zone_open(change->zone, &c->zone, &error));
    assert_true(
        wf_day_from_date(change->year, change->month, change->day, &c->first_day));
    c->days = 1 + wf_prng_below(prng, days_max);
    for (size_t i = 0; i <= c->days; i++)
        c->starts[i] = instant_of(c, i) - instant_of(c, 0);
}

static int64_t whole_minutes(wf_prng *prng, int64_t below_s)
{
    static const uint32_t steps[] = {1, 15, 30, 60};
    uint32_t step = steps[wf_prng_below(prng, 4)] * 60;
    return (int64_t)wf_prng_below(prng, (uint32_t)(below_s / step) + 1) * step;
}

static stay random_stay(const city *c, wf_prng *prng)
{
    static const int64_t lengths[] = {300, 3600, 4 * 3600, 12 * 3600, 40 * 3600};
    int64_t all = c->starts[c->days];
    stay s = {.person = wf_prng_below(prng, c->people),
              .place = wf_prng_below(prng, c->places),
              .seat = wf_prng_below(prng, 4) == 0 ? 1 + wf_prng_below(prng, 2) : 0};
    s.start = whole_minutes(prng, all - 60);
    s.start = s.start > all - 60 ? all - 60 : s.start;
    s.end = s.start + 60 + whole_minutes(prng, lengths[wf_prng_below(prng, 5)]);
    s.end = s.end > all ? all : s.end;
    return s;
}

static void add_stays(city *c, wf_prng *prng, size_t count)
{
    for (size_t i = 0; i < count && i < stays_max; i++) {
        stay s = random_stay(c, prng);
        // Doubled, touching and overlapping stays of one person at one place.
        if (i > 0 && wf_prng_below(prng, 5) == 0) {
            stay old = c->stays[wf_prng_below(prng, (uint32_t)i)];
            s.person = old.person;
            s.place = old.place;
            if (wf_prng_below(prng, 2) == 0)
                s = old;
            else if (old.end < c->starts[c->days])
                s = (stay){old.person, old.place, s.seat, old.end,
                           old.end + 60 < c->starts[c->days] ? old.end + 60
                                                             : c->starts[c->days]};
        }
        c->stays[c->stays_count++] = s;
    }
}

static void add_meetings(city *c, wf_prng *prng, size_t count)
{
    for (size_t i = 0; i < count && c->people > 1; i++) {
        meeting m = {.a = wf_prng_below(prng, c->people - 1)};
        m.b = m.a + 1 + wf_prng_below(prng, c->people - 1 - m.a);
        uint32_t all = (uint32_t)c->starts[c->days];
        m.start = wf_prng_below(prng, all);
        m.end = m.start + 1 + wf_prng_below(prng, i % 3 == 0 ? 100000 : 900);
        m.end = m.end > all ? all : m.end;
        if (i > 0 && wf_prng_below(prng, 4) == 0)
            m = (meeting){c->meetings[i - 1].a, c->meetings[i - 1].b, m.start, m.end};
        c->meetings[c->meetings_count++] = m;
    }
}

static void make_city(city *c, uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    *c = (city){.seed = seed, .shuffle = wf_prng_u64(&prng)};
    choose_days(c, &prng);
    bool big = wf_prng_below(&prng, 12) == 0; // hubs, first rings of more than 32
    c->people =
        big ? 100 + wf_prng_below(&prng, people_max - 100) : 2 + wf_prng_below(&prng, 13);
    c->places = big ? 1 + wf_prng_below(&prng, 5) : 1 + wf_prng_below(&prng, places_max);
    add_stays(c, &prng,
              big ? 200 + wf_prng_below(&prng, stays_max - 200)
                  : wf_prng_below(&prng, 60));
    if (wf_prng_below(&prng, 3) != 0)
        add_meetings(c, &prng, wf_prng_below(&prng, big ? meetings_max : 15));
    uint32_t all = (uint32_t)c->starts[c->days];
    c->from = wf_prng_below(&prng, 2) == 0 ? 0 : wf_prng_below(&prng, all);
    c->to = wf_prng_below(&prng, 2) == 0 ? all : c->from + wf_prng_below(&prng, all);
    c->query =
        (wf_plain_query){.index = {wf_prng_below(&prng, c->people)}, .generations = 2};
    if (wf_prng_below(&prng, 3) == 0)
        c->query.min_seconds = 60u * wf_prng_below(&prng, 240);
    if (wf_prng_below(&prng, 3) == 0)
        c->query.crowd = 1 + wf_prng_below(&prng, big ? 150 : 8);
}

// ---- the oracle ----

typedef struct {
    int64_t cuts[slices_max];
    size_t count;                        // slices are [cuts[i], cuts[i + 1])
    uint32_t at[slices_max][people_max]; // a bit a place
    bool met[slices_max][people_max][people_max];
} timeline;

static int compare_i64(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void cut_time(const city *c, timeline *t)
{
    size_t count = 0;
    t->cuts[count++] = c->from;
    t->cuts[count++] = c->to;
    for (size_t i = 0; i <= c->days; i++)
        t->cuts[count++] = c->starts[i];
    for (size_t i = 0; i < c->stays_count; i++) {
        t->cuts[count++] = c->stays[i].start;
        t->cuts[count++] = c->stays[i].end;
    }
    for (size_t i = 0; i < c->meetings_count; i++) {
        t->cuts[count++] = c->meetings[i].start;
        t->cuts[count++] = c->meetings[i].end;
    }
    qsort(t->cuts, count, sizeof *t->cuts, compare_i64);
    size_t kept = 0;
    for (size_t i = 1; i < count; i++)
        if (t->cuts[i] != t->cuts[kept])
            t->cuts[++kept] = t->cuts[i];
    t->count = kept;
}

// What is left of a stay on a day; start ≥ end: nothing.
static stay part_of(const city *c, const stay *of, size_t day)
{
    stay part = *of;
    part.start = part.start < c->starts[day] ? c->starts[day] : part.start;
    part.end = part.end > c->starts[day + 1] ? c->starts[day + 1] : part.end;
    return part;
}

// True when an earlier stay left the same on that day: it is stored once.
static bool is_repeat(const city *c, size_t at, size_t day)
{
    stay part = part_of(c, &c->stays[at], day);
    for (size_t i = 0; i < at; i++) {
        stay other = part_of(c, &c->stays[i], day);
        if (other.person == part.person && other.place == part.place &&
            other.seat == part.seat && other.start == part.start && other.end == part.end)
            return true;
    }
    return false;
}

// Visits stored of a place on the day of an instant.
static size_t visits_of_day(const city *c, uint32_t place, int64_t instant)
{
    size_t day = 0, count = 0;
    while (day + 1 < c->days && c->starts[day + 1] <= instant)
        day++;
    for (size_t i = 0; i < c->stays_count; i++) {
        stay part = part_of(c, &c->stays[i], day);
        count += part.place == place && part.start < part.end && !is_repeat(c, i, day);
    }
    return count;
}

static void fill_time(const city *c, timeline *t)
{
    memset(t->at, 0, sizeof t->at);
    for (size_t s = 0; s < t->count; s++)
        memset(t->met[s], 0, sizeof t->met[s]);
    for (size_t s = 0; s < t->count; s++) {
        uint32_t crowded = 0;
        for (uint32_t p = 0; p < c->places && c->query.crowd > 0; p++)
            if (visits_of_day(c, p, t->cuts[s]) > c->query.crowd)
                crowded |= 1u << p;
        for (size_t i = 0; i < c->stays_count; i++)
            if (c->stays[i].start <= t->cuts[s] && t->cuts[s] < c->stays[i].end)
                t->at[s][c->stays[i].person] |= 1u << c->stays[i].place & ~crowded;
        for (size_t i = 0; i < c->meetings_count; i++) {
            const meeting *m = &c->meetings[i];
            if (m->start <= t->cuts[s] && t->cuts[s] < m->end)
                t->met[s][m->a][m->b] = t->met[s][m->b][m->a] = true;
        }
    }
}

static bool together(const timeline *t, size_t s, uint32_t a, uint32_t b)
{
    return (t->at[s][a] & t->at[s][b]) != 0 || t->met[s][a][b];
}

static void add_slice(result *row, const timeline *t, size_t s)
{
    if (row->seconds == 0)
        row->first = t->cuts[s];
    row->seconds += t->cuts[s + 1] - t->cuts[s];
    row->last = t->cuts[s + 1];
}

// The longest run of slices in [first, end) in which both were at `place`, or (place
// ≥ 32) had met.
static int64_t longest_run(const timeline *t, uint32_t a, uint32_t b, uint32_t place,
                           int64_t first, int64_t end)
{
    int64_t best = 0, run = 0;
    for (size_t s = 0; s < t->count; s++) {
        bool in = t->cuts[s] >= first && t->cuts[s] < end &&
                  (place < 32 ? (t->at[s][a] & t->at[s][b] & 1u << place) != 0
                              : t->met[s][a][b]);
        run = in ? run + t->cuts[s + 1] - t->cuts[s] : 0;
        best = run > best ? run : best;
    }
    return best;
}

static void find_via(const city *c, const timeline *t, const result *rows, uint32_t p,
                     result *row)
{
    row->via_seconds = 0;
    for (uint32_t q = 0; q < c->people; q++) {
        if (rows[q].generation != 1)
            continue;
        int64_t best = longest_run(t, p, q, 32, rows[q].first, c->to);
        for (uint32_t place = 0; place < c->places; place++) {
            int64_t run = longest_run(t, p, q, place, rows[q].first, c->to);
            best = run > best ? run : best;
        }
        if (best > row->via_seconds ||
            (best == row->via_seconds && best > 0 && id_less(q, row->via))) {
            row->via = q;
            row->via_seconds = best;
        }
    }
}

static void oracle(const city *c, results rows)
{
    static timeline t;
    uint32_t index = c->query.index.number;
    cut_time(c, &t);
    fill_time(c, &t);
    memset(rows, 0, sizeof(results));
    for (size_t s = 0; s < t.count; s++)
        for (uint32_t p = 0; p < c->people; p++)
            if (p != index && t.cuts[s] >= c->from && t.cuts[s] < c->to &&
                together(&t, s, index, p))
                add_slice(&rows[p], &t, s);
    for (uint32_t p = 0; p < c->people; p++) {
        bool in =
            rows[p].seconds > 0 && (uint64_t)rows[p].seconds >= c->query.min_seconds;
        rows[p] = in ? rows[p] : (result){0};
        rows[p].generation = in ? 1 : 0;
    }
    for (uint32_t p = 0; p < c->people; p++) {
        if (p == index || rows[p].generation == 1)
            continue;
        for (size_t s = 0; s < t.count; s++) {
            bool any = false;
            for (uint32_t q = 0; q < c->people && !any; q++)
                any = rows[q].generation == 1 && t.cuts[s] >= rows[q].first &&
                      t.cuts[s] < c->to && together(&t, s, p, q);
            if (any)
                add_slice(&rows[p], &t, s);
        }
        bool in =
            rows[p].seconds > 0 && (uint64_t)rows[p].seconds >= c->query.min_seconds;
        rows[p].generation = in ? 2 : 0;
        if (in)
            find_via(c, &t, rows, p, &rows[p]);
    }
}

// ---- the city as days ----

typedef struct {
    wf_span span;
    const wf_day *days[span_max];
    wf_day *opened[span_max];
    weft_time starts[span_max + 1];
    wf_day_state states[span_max];
    wf_ids *ids;
} stored;

static void shuffle(void *rows, size_t count, size_t size, wf_prng *prng)
{
    unsigned char moved[64];
    unsigned char *bytes = rows;
    for (size_t i = count; i > 1; i--) {
        size_t other = wf_prng_below(prng, (uint32_t)i);
        memcpy(moved, bytes + (i - 1) * size, size);
        memmove(bytes + (i - 1) * size, bytes + other * size, size);
        memcpy(bytes + other * size, moved, size);
    }
}

static size_t visits_on(const city *c, size_t day, wf_visit_row *rows)
{
    size_t count = 0;
    int64_t start = c->starts[day], end = c->starts[day + 1];
    for (size_t i = 0; i < c->stays_count; i++) {
        const stay *s = &c->stays[i];
        stay part = part_of(c, s, day);
        if (part.start >= part.end || is_repeat(c, i, day))
            continue;
        rows[count++] = (wf_visit_row){
            .person = s->person,
            .place = s->place,
            .start = (uint16_t)((part.start - start) / 60),
            .end = (uint16_t)((part.end - start) / 60),
            .seat = s->seat,
            .ordinal = (uint32_t)i,
            .marks = (uint8_t)((s->start < start ? WF_MARK_FROM_BEFORE : 0) |
                               (s->end > end ? WF_MARK_INTO_NEXT : 0))};
    }
    return count;
}

static size_t meetings_on(const city *c, size_t day, wf_encounter_row *rows)
{
    size_t count = 0;
    int64_t start = c->starts[day], end = c->starts[day + 1];
    for (size_t i = 0; i < c->meetings_count; i++) {
        const meeting *m = &c->meetings[i];
        if (m->start >= end || m->end <= start)
            continue;
        int64_t first = m->start < start ? start : m->start;
        int64_t last = m->end > end ? end : m->end;
        rows[count++] = (wf_encounter_row){
            .a = m->a,
            .b = m->b,
            .start = (uint32_t)(first - start),
            .end = (uint32_t)(last - start),
            .ordinal = (uint32_t)i,
            .marks = (uint8_t)((m->start < start ? WF_MARK_FROM_BEFORE : 0) |
                               (m->end > end ? WF_MARK_INTO_NEXT : 0))};
    }
    return count;
}

static wf_segment *pack(weft_day day, wf_visit_row *visits, size_t visits_count,
                        wf_encounter_row *encounters, size_t encounters_count)
{
    static const wf_text seats[] = {{"", 0}, {"3A", 2}, {"3B", 2}};
    static const wf_text settings[] = {{"", 0}};
    wf_segment_rows rows = {.day = day,
                            .visits = visits,
                            .visits_count = visits_count,
                            .encounters = encounters,
                            .encounters_count = encounters_count,
                            .seats = seats,
                            .seats_count = 3,
                            .settings = settings,
                            .settings_count = 1};
    wf_segment_bytes bytes = {0};
    wf_segment *segment = NULL;
    weft_error error = {0};
    ok(wf_segment_pack(&rows, 1, &bytes, &error));
    ok(wf_segment_open(&bytes, &segment, &error));
    return segment;
}

// A day of one to three segments, or NULL when nothing was there.
static wf_day *store_day(const city *c, size_t day, wf_prng *prng)
{
    static wf_visit_row visits[stays_max];
    static wf_encounter_row encounters[meetings_max];
    size_t visits_count = visits_on(c, day, visits);
    size_t encounters_count = meetings_on(c, day, encounters);
    if (visits_count + encounters_count == 0)
        return NULL;
    shuffle(visits, visits_count, sizeof *visits, prng);
    shuffle(encounters, encounters_count, sizeof *encounters, prng);
    size_t parts = 1 + wf_prng_below(prng, 3);
    wf_segment *segments[3];
    weft_day number = {c->first_day.number + (int32_t)day};
    for (size_t i = 0; i < parts; i++) {
        size_t v = visits_count * i / parts, v_end = visits_count * (i + 1) / parts;
        size_t e = encounters_count * i / parts;
        size_t e_end = encounters_count * (i + 1) / parts;
        segments[i] = pack(number, visits + v, v_end - v, encounters + e, e_end - e);
    }
    wf_day *opened = NULL;
    weft_error error = {0};
    ok(wf_day_open(segments, parts, &opened, &error));
    return opened;
}

static void store(const city *c, stored *ret)
{
    wf_prng prng = wf_prng_new(c->shuffle);
    weft_error error = {0};
    memset(ret, 0, sizeof *ret);
    for (size_t d = 0; d < c->days; d++) {
        ret->opened[d] = store_day(c, d, &prng);
        ret->days[d] = ret->opened[d];
        ret->states[d] = ret->opened[d] != NULL ? WF_DAY_PRESENT : WF_DAY_EMPTY;
    }
    for (size_t d = 0; d <= c->days; d++)
        ret->starts[d].us = instant_of(c, d) * WF_US_PER_S;
    ret->span = (wf_span){.first = c->first_day,
                          .count = c->days,
                          .days = ret->days,
                          .starts = ret->starts,
                          .states = ret->states};
    ok(wf_ids_new(&ret->ids, &error));
    for (uint32_t p = 0; p < c->people; p++) {
        char buffer[16];
        uint32_t number;
        ok(wf_ids_intern(ret->ids, WF_ID_PERSON, id_of(p, buffer), &number, &error));
        assert_int_equal(number, p);
    }
}

static void stored_done(stored *s)
{
    for (size_t d = 0; d < span_max; d++)
        wf_day_close(s->opened[d]);
    wf_ids_free(s->ids);
}

// ---- asking ----

static weft_time time_of(const city *c, int64_t seconds)
{
    return (weft_time){(instant_of(c, 0) + seconds) * WF_US_PER_S};
}

// Rows of one generation, checked for their order.
static void take_rows(const stored *s, wf_plain_scratch *scratch,
                      const wf_plain_query *query, const wf_plain_answer *answer,
                      unsigned generation, results rows)
{
    const wf_ring_row *ordered;
    size_t count;
    weft_error error = {0};
    ok(wf_plain_ordered(scratch, answer, s->ids, generation, 0, &ordered, &count,
                        &error));
    for (size_t i = 0; i < count; i++) {
        result *row = &rows[ordered[i].person.number];
        assert_int_equal(row->generation, 0); // nobody comes twice
        *row = (result){.generation = generation,
                        .seconds = ordered[i].seconds,
                        .first = ordered[i].first,
                        .last = ordered[i].last};
        if (i > 0) {
            assert_true(ordered[i - 1].seconds >= ordered[i].seconds);
            if (ordered[i - 1].seconds == ordered[i].seconds)
                assert_true(
                    id_less(ordered[i - 1].person.number, ordered[i].person.number));
        }
    }
    for (uint32_t p = 0; p < people_max && generation == 2; p++) {
        if (rows[p].generation != 2)
            continue;
        wf_person via;
        uint32_t via_seconds;
        ok(wf_plain_via(scratch, query, answer, s->ids, (wf_person){p}, &via,
                        &via_seconds, &error));
        rows[p].via = via.number;
        rows[p].via_seconds = via_seconds;
    }
}

static void ask(const city *c, wf_plain_scratch *scratch, results rows)
{
    stored s;
    weft_error error = {0};
    wf_plain_answer answer;
    wf_plain_query query = c->query;
    query.from = time_of(c, c->from);
    query.to = time_of(c, c->to);
    query.to.us += WF_US_PER_S - 1; // rounded down
    memset(rows, 0, sizeof(results));
    store(c, &s);
    ok(wf_plain_contacts_in(&s.span, scratch, &query, &answer, &error));
    take_rows(&s, scratch, &query, &answer, 1, rows);
    take_rows(&s, scratch, &query, &answer, 2, rows);
    // The batch gives the same first ring.
    wf_plain_case of = {query.index, query.from, query.to};
    wf_plain_sum sum = {0}, expected = {0};
    ok(wf_plain_many_in(&s.span, scratch, &of, 1, query.min_seconds, query.crowd, &sum,
                        &error));
    for (uint32_t p = 0; p < people_max; p++)
        if (rows[p].generation == 1) {
            expected.people++;
            expected.seconds += (uint64_t)rows[p].seconds;
        }
    assert_int_equal(sum.people, expected.people);
    assert_int_equal(sum.seconds, expected.seconds);
    stored_done(&s);
}

static bool same(const result *a, const result *b)
{
    return a->generation == b->generation && a->seconds == b->seconds &&
           a->first == b->first && a->last == b->last &&
           (a->generation != 2 || (a->via == b->via && a->via_seconds == b->via_seconds));
}

// The first person about whom both differ, or people_max.
static uint32_t difference(const city *c, wf_plain_scratch *scratch, results expected,
                           results given)
{
    oracle(c, expected);
    ask(c, scratch, given);
    for (uint32_t p = 0; p < c->people; p++)
        if ((expected[p].generation != 0 || given[p].generation != 0) &&
            !same(&expected[p], &given[p]))
            return p;
    return people_max;
}

// ---- a failing city is made small and printed ----

static void shrink(city *c, wf_plain_scratch *scratch)
{
    static results expected, given;
    static city less;
    for (size_t i = c->stays_count; i-- > 0;) {
        less = *c;
        less.stays[i] = less.stays[--less.stays_count];
        if (difference(&less, scratch, expected, given) < people_max)
            *c = less;
    }
    for (size_t i = c->meetings_count; i-- > 0;) {
        less = *c;
        less.meetings[i] = less.meetings[--less.meetings_count];
        if (difference(&less, scratch, expected, given) < people_max)
            *c = less;
    }
}

static void print_result(const char *name, const result *row)
{
    print_error("# %s: generation %u, %lld s, [%lld, %lld), via %u for %lld s\n", name,
                row->generation, (long long)row->seconds, (long long)row->first,
                (long long)row->last, row->via, (long long)row->via_seconds);
}

static void print_city(const city *c, uint32_t person, const result *expected,
                       const result *given)
{
    print_error("# seed %llu, %s, index %u, [%lld, %lld), min %llu, crowd %llu\n",
                (unsigned long long)c->seed, wf_zone_name(c->zone), c->query.index.number,
                (long long)c->from, (long long)c->to,
                (unsigned long long)c->query.min_seconds,
                (unsigned long long)c->query.crowd);
    for (size_t i = 0; i < c->days; i++)
        print_error("# day from %lld\n", (long long)c->starts[i]);
    for (size_t i = 0; i < c->stays_count; i++)
        print_error("# person %u at %u: [%lld, %lld)\n", c->stays[i].person,
                    c->stays[i].place, (long long)c->stays[i].start,
                    (long long)c->stays[i].end);
    for (size_t i = 0; i < c->meetings_count; i++)
        print_error("# %u met %u: [%lld, %lld)\n", c->meetings[i].a, c->meetings[i].b,
                    (long long)c->meetings[i].start, (long long)c->meetings[i].end);
    print_error("# about person %u\n", person);
    print_result("expected", expected);
    print_result("given", given);
}

// ---- the laws ----

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text != NULL && wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return (uint64_t)number;
    return otherwise;
}

static wf_plain_scratch *scratch_of(unsigned threads)
{
    wf_plain_scratch *scratch = NULL;
    weft_error error = {0};
    ok(wf_plain_scratch_new(threads, &scratch, &error));
    return scratch;
}

static void each_city(void (*law)(city *c, wf_plain_scratch *scratch, wf_prng *prng),
                      uint64_t divisor)
{
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    uint64_t cases = number_from("WEFT_PROP_CASES", 1000) / divisor;
    wf_plain_scratch *scratch = scratch_of(2);
    city *c = malloc(sizeof *c);
    print_message("# seeds %llu to %llu\n", (unsigned long long)seed,
                  (unsigned long long)(seed + cases));
    for (uint64_t i = 0; i < cases; i++) {
        wf_prng prng = wf_prng_stream(seed + i, 1);
        make_city(c, seed + i);
        law(c, scratch, &prng);
        wf_zone_close(c->zone);
    }
    free(c);
    wf_plain_scratch_free(scratch);
}

static void equal_to_the_oracle(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    (void)prng;
    static results expected, given;
    if (difference(c, scratch, expected, given) == people_max)
        return;
    shrink(c, scratch);
    uint32_t person = difference(c, scratch, expected, given);
    print_city(c, person, &expected[person], &given[person]);
    fail();
}

static void plain_equals_the_definition_on_every_random_city(void **state)
{
    (void)state;
    each_city(equal_to_the_oracle, 1);
}

static void the_same_shuffled(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    static results before, after;
    ask(c, scratch, before);
    c->shuffle = wf_prng_u64(prng);
    shuffle(c->stays, c->stays_count, sizeof *c->stays, prng);
    shuffle(c->meetings, c->meetings_count, sizeof *c->meetings, prng);
    ask(c, scratch, after);
    for (uint32_t p = 0; p < c->people; p++)
        assert_true(same(&before[p], &after[p]));
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    each_city(the_same_shuffled, 4);
}

static void equal_both_ways(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    static results one, other;
    uint32_t a = c->query.index.number, b = wf_prng_below(prng, c->people);
    ask(c, scratch, one);
    c->query.index.number = b;
    ask(c, scratch, other);
    bool there = a != b && one[b].generation == 1,
         back = a != b && other[a].generation == 1;
    assert_int_equal(there, back);
    if (there)
        assert_true(same(&one[b], &other[a]));
}

static void overlap_is_symmetric(void **state)
{
    (void)state;
    each_city(equal_both_ways, 4);
}

static void nobody_lost(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    static results before, after;
    if (c->stays_count == 0)
        return;
    c->query.crowd = 0; // a longer stay can make a crowd of the next day
    ask(c, scratch, before);
    stay *s = &c->stays[wf_prng_below(prng, (uint32_t)c->stays_count)];
    int64_t all = c->starts[c->days], end = s->end + 60 * (1 + wf_prng_below(prng, 900));
    s->end = end > all ? all : end;
    ask(c, scratch, after);
    for (uint32_t p = 0; p < c->people; p++) {
        if (before[p].generation != 0)
            assert_true(after[p].generation != 0);
        if (before[p].generation == 1)
            assert_true(after[p].generation == 1 &&
                        after[p].seconds >= before[p].seconds);
    }
}

static void a_longer_stay_never_loses_a_contact(void **state)
{
    (void)state;
    each_city(nobody_lost, 4);
}

// Twice: the second time stands on what the first left behind.
static void everyone_as_one(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    static wf_plain_case cases[people_max];
    static wf_plain_sum sums[people_max];
    stored s;
    weft_error error = {0};
    uint64_t crowds[] = {1 + wf_prng_below(prng, 8), 1 + wf_prng_below(prng, 300), 1000};
    uint64_t crowd = crowds[wf_prng_below(prng, 3)], least = wf_prng_below(prng, 2);
    store(c, &s);
    for (uint32_t p = 0; p < c->people; p++)
        cases[p] =
            (wf_plain_case){{c->people - 1 - p}, time_of(c, c->from), time_of(c, c->to)};
    for (int turn = 0; turn < 2; turn++)
        ok(wf_plain_many_in(&s.span, scratch, cases, c->people, least, crowd, sums,
                            &error));
    for (uint32_t p = 0; p < c->people; p++) {
        wf_plain_answer answer;
        wf_plain_query query = {.index = cases[p].index,
                                .from = cases[p].from,
                                .to = cases[p].to,
                                .generations = 1,
                                .min_seconds = least,
                                .crowd = crowd};
        uint64_t seconds = 0;
        ok(wf_plain_contacts_in(&s.span, scratch, &query, &answer, &error));
        for (size_t i = 0; i < answer.first.count; i++)
            seconds += answer.first.rows[i].seconds;
        assert_int_equal(sums[p].people, answer.first.count);
        assert_int_equal(sums[p].seconds, seconds);
    }
    stored_done(&s);
}

static void all_at_once_are_counted_as_one_by_one(void **state)
{
    (void)state;
    each_city(everyone_as_one, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_equals_the_definition_on_every_random_city),
        cmocka_unit_test(all_at_once_are_counted_as_one_by_one),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(overlap_is_symmetric),
        cmocka_unit_test(a_longer_stay_never_loses_a_contact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
