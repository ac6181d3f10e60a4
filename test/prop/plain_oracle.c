#include "prop/plain_oracle.h"

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

static void ok(weft_status status)
{
    assert_int_equal(status, WEFT_OK);
}

wf_text plain_id_of(uint32_t person, char buffer[16])
{
    int size = snprintf(buffer, 16, "%c%u-%04u", 'a' + (int)(person * 7 % 23),
                        person * 5 % 11, person);
    return (wf_text){buffer, (size_t)size};
}

bool plain_id_less(uint32_t a, uint32_t b)
{
    char left[16], right[16];
    return wf_text_compare(plain_id_of(a, left), plain_id_of(b, right)) < 0;
}

// ---- random cities ----

int64_t plain_instant_of(const city *c, size_t day)
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
        c->starts[i] = plain_instant_of(c, i) - plain_instant_of(c, 0);
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

void plain_make_city(city *c, uint64_t seed)
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

stay plain_part_of(const city *c, const stay *of, size_t day)
{
    stay part = *of;
    part.start = part.start < c->starts[day] ? c->starts[day] : part.start;
    part.end = part.end > c->starts[day + 1] ? c->starts[day + 1] : part.end;
    return part;
}

bool plain_is_repeat(const city *c, size_t at, size_t day)
{
    stay part = plain_part_of(c, &c->stays[at], day);
    for (size_t i = 0; i < at; i++) {
        stay other = plain_part_of(c, &c->stays[i], day);
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
        stay part = plain_part_of(c, &c->stays[i], day);
        count +=
            part.place == place && part.start < part.end && !plain_is_repeat(c, i, day);
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
            (best == row->via_seconds && best > 0 && plain_id_less(q, row->via))) {
            row->via = q;
            row->via_seconds = best;
        }
    }
}

void plain_oracle(const city *c, results rows)
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
