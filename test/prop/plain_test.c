// The law: `--plain` equals the definition (plain_oracle.h), on every random city.
// WEFT_PROP_CASES says how many cities (1,000 unless told), WEFT_PROP_SEED where to
// begin.
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
#include "prop/plain_oracle.h"
#include "visits/segment.h"

static void ok(weft_status status)
{
    assert_int_equal(status, WEFT_OK);
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
        stay part = plain_part_of(c, s, day);
        if (part.start >= part.end || plain_is_repeat(c, i, day))
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
    ok(wf_segment_open(&bytes, 2, &segment, &error));
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
        ret->starts[d].us = plain_instant_of(c, d) * WF_US_PER_S;
    ret->span = (wf_span){.first = c->first_day,
                          .count = c->days,
                          .days = ret->days,
                          .starts = ret->starts,
                          .states = ret->states};
    ok(wf_ids_new(&ret->ids, &error));
    for (uint32_t p = 0; p < c->people; p++) {
        char buffer[16];
        uint32_t number;
        wf_text id = plain_id_of(p, buffer);
        ok(wf_ids_intern_many(ret->ids, WF_ID_PERSON, &id, 1, &number, &error));
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
    return (weft_time){(plain_instant_of(c, 0) + seconds) * WF_US_PER_S};
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
                assert_true(plain_id_less(ordered[i - 1].person.number,
                                          ordered[i].person.number));
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
    plain_oracle(c, expected);
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
    print_error("# seed %llu, index %u, [%lld, %lld), min %llu, crowd %llu\n",
                (unsigned long long)c->seed, c->query.index.number, (long long)c->from,
                (long long)c->to, (unsigned long long)c->query.min_seconds,
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
        plain_make_city(c, seed + i);
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

// Most people to one place at a time: a stay that runs into the person's next one ends
// there, if a minute of it is left.
static void settle(city *c)
{
    for (size_t i = 0; i < c->stays_count; i++)
        for (size_t k = 0; k < c->stays_count; k++) {
            stay *s = &c->stays[i];
            const stay *next = &c->stays[k];
            bool runs_in = next->person == s->person && next->place != s->place &&
                           next->start >= s->start + 60 && next->start < s->end;
            if (runs_in && s->person % 4 != 0)
                s->end = next->start;
        }
}

// Twice: the second time stands on what the first left behind.
static void everyone_as_one(city *c, wf_plain_scratch *scratch, wf_prng *prng)
{
    static wf_plain_case cases[people_max];
    static wf_plain_sum sums[people_max];
    stored s;
    weft_error error = {0};
    uint64_t crowds[] = {1 + wf_prng_below(prng, 8), 1 + wf_prng_below(prng, 300), 1000,
                         0};
    uint64_t leasts[] = {0, 1, 60u * wf_prng_below(prng, 240)};
    uint64_t crowd = crowds[wf_prng_below(prng, 4)],
             least = leasts[wf_prng_below(prng, 3)];
    if (wf_prng_below(prng, 2) == 0)
        settle(c);
    if (wf_prng_below(prng, 3) == 0)
        c->meetings_count = 0;
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
