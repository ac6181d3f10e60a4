// The law of two books: whatever part of a random city is delivered, stated or both, in
// any order, and whatever else was stated and taken back, rolled back or lost on the way,
// `--plain` over the store's days equals the definition (plain_oracle.h); and so it does
// after opening the store again.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/prng.h"
#include "support/made_stated.h"
// After all others: its short names are types.
#include "prop/plain_oracle.h"

enum { cases_default = 12, plenty = 1 << 30, pieces_max = span_max };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

typedef struct {
    city c;
    made_store store;
    wf_prng dice;
    int64_t next_seq;
} world;

static weft_day day_of(const city *c, size_t day)
{
    return (weft_day){c->first_day.number + (int32_t)day};
}

// ---- rows ----

static const char *const seats[] = {"", "3A", "3B"};

// The pieces of a stay; gives how many.
static size_t pieces_of(const city *c, const stay *s, wf_stated_visit *to)
{
    size_t count = 0;
    for (size_t d = 0; d < c->days; d++) {
        int64_t start = c->starts[d], end = c->starts[d + 1];
        stay part = plain_part_of(c, s, d);
        if (part.start >= part.end)
            continue;
        unsigned marks = (s->start < start ? WF_MARK_FROM_BEFORE : 0) |
                         (s->end > end ? WF_MARK_INTO_NEXT : 0);
        to[count++] = (wf_stated_visit){day_of(c, d),
                                        {.person = s->person,
                                         .place = s->place,
                                         .start = (uint16_t)((part.start - start) / 60),
                                         .end = (uint16_t)((part.end - start) / 60),
                                         .marks = (uint8_t)marks}};
    }
    return count;
}

static size_t meeting_pieces_of(const city *c, const meeting *m, wf_stated_encounter *to)
{
    size_t count = 0;
    for (size_t d = 0; d < c->days; d++) {
        int64_t start = c->starts[d], end = c->starts[d + 1];
        if (m->start >= end || m->end <= start)
            continue;
        int64_t first = m->start < start ? start : m->start;
        int64_t last = m->end > end ? end : m->end;
        unsigned marks = (m->start < start ? WF_MARK_FROM_BEFORE : 0) |
                         (m->end > end ? WF_MARK_INTO_NEXT : 0);
        to[count++] = (wf_stated_encounter){day_of(c, d),
                                            {.a = m->a,
                                             .b = m->b,
                                             .start = (uint32_t)(first - start),
                                             .end = (uint32_t)(last - start),
                                             .marks = (uint8_t)marks}};
    }
    return count;
}

// ---- ways in ----

// Puts a stay or a meeting; gives its name, and the day in *ret_day.
static wf_identity put(world *w, const stay *s, const meeting *m, weft_day *ret_day)
{
    wf_stated_visit stays[pieces_max];
    wf_stated_encounter met[pieces_max];
    weft_error error = {0};
    wf_stated entry = {.id = {WF_TEXT("S-1"), ++w->next_seq},
                       .kind = 41,
                       .body = WF_TEXT("body"),
                       .visits = stays,
                       .encounters = met};
    if (s != NULL) {
        entry.seat = wf_text_of(seats[s->seat]);
        entry.visits_count = pieces_of(&w->c, s, stays);
    } else {
        entry.encounters_count = meeting_pieces_of(&w->c, m, met);
    }
    entry.day = s != NULL ? stays[0].day : met[0].day;
    ok(wf_stated_put(w->store.visits, &entry, &error), &error);
    *ret_day = entry.day;
    return entry.id;
}

static void deliver(world *w, const stay *s, const meeting *m)
{
    wf_visits_batch *batch;
    wf_visits_batch_count count;
    wf_stated_visit stays[pieces_max];
    wf_stated_encounter met[pieces_max];
    weft_error error = {0};
    uint32_t seat = 0;
    size_t pieces = 0, meetings = 0;
    ok(wf_visits_batch_begin(w->store.visits, plenty, &batch, &error), &error);
    if (s != NULL) {
        ok(wf_visits_batch_seat(batch, wf_text_of(seats[s->seat]), &seat, &error),
           &error);
        pieces = pieces_of(&w->c, s, stays);
    } else {
        meetings = meeting_pieces_of(&w->c, m, met);
    }
    for (size_t i = 0; i < pieces; i++) {
        stays[i].row.seat = seat;
        ok(wf_visits_batch_add(batch, stays[i].day, &stays[i].row, 1, &error), &error);
    }
    for (size_t i = 0; i < meetings; i++)
        ok(wf_visits_batch_add_encounters(batch, met[i].day, &met[i].row, 1, &error),
           &error);
    ok(wf_visits_batch_commit(batch, NULL, NULL, &count, &error), &error);
}

static void commit(world *w)
{
    weft_error error = {0};
    ok(wf_stated_commit(w->store.visits, &error), &error);
}

static void set_dead(world *w, weft_day day, wf_identity id, bool dead)
{
    weft_error error = {0};
    ok(wf_stated_set_dead(w->store.visits, day, id, dead, &error), &error);
    ok(wf_stated_write_life(w->store.visits, 1, &error), &error);
}

static weft_status drop(void *context, const wf_stated *entry, bool counted,
                        weft_error *error)
{
    assert_false(counted);
    return wf_stated_drop(context, entry->day, entry->id, error);
}

// Opens the store as after a death; what was not counted is dropped.
static void reopen(world *w)
{
    weft_error error = {0};
    made_store_reopen(&w->store);
    ok(wf_stated_each(w->store.visits, (weft_day){0}, (weft_day){INT32_MAX}, true, drop,
                      w->store.visits, NULL, &error),
       &error);
    commit(w);
    wf_stated_count(w->store.visits);
}

static void state_it(world *w, const stay *s, const meeting *m)
{
    weft_day day;
    wf_identity id = put(w, s, m, &day);
    commit(w);
    wf_stated_count(w->store.visits);
    if (wf_prng_below(&w->dice, 4) != 0)
        return;
    set_dead(w, day, id, true);
    set_dead(w, day, id, false);
}

// Says what does not hold, and takes it back in one of the ways that there are.
static void state_in_vain(world *w)
{
    city *c = &w->c;
    weft_day day;
    uint32_t all = (uint32_t)c->starts[c->days] / 60;
    stay lie = {.person = wf_prng_below(&w->dice, c->people),
                .place = wf_prng_below(&w->dice, c->places)};
    lie.start = 60 * (int64_t)wf_prng_below(&w->dice, all);
    lie.end = 60 * (int64_t)all;
    wf_identity id = put(w, &lie, NULL, &day);
    uint32_t way = wf_prng_below(&w->dice, 4);
    if (way > 0)
        commit(w);
    if (way == 1)
        reopen(w);
    else if (way == 2)
        wf_stated_count(w->store.visits);
    else
        wf_stated_rollback(w->store.visits, false);
    if (way == 2)
        set_dead(w, day, id, true);
}

// Days that are open meanwhile must follow.
static void open_some_day(world *w)
{
    weft_day day = day_of(&w->c, wf_prng_below(&w->dice, (uint32_t)w->c.days));
    WF_IGNORE(made_state(w->store.visits, day), "it stays open");
}

static void fill(world *w)
{
    const city *c = &w->c;
    size_t all = c->stays_count + c->meetings_count;
    for (size_t i = 0; i < all; i++) {
        const stay *s = i < c->stays_count ? &c->stays[i] : NULL;
        const meeting *m = s == NULL ? &c->meetings[i - c->stays_count] : NULL;
        uint32_t way = wf_prng_below(&w->dice, 6);
        open_some_day(w);
        if (way < 3 || way == 5)
            state_it(w, s, m);
        if (way >= 3)
            deliver(w, s, m);
        if (wf_prng_below(&w->dice, 4) == 0)
            state_in_vain(w);
    }
}

static void intern_all(world *w)
{
    for (uint32_t p = 0; p < w->c.people; p++) {
        char id[17] = {0};
        wf_text text = plain_id_of(p, id);
        id[text.size] = '\0';
        assert_int_equal(made_id(w->store.visits, WF_ID_PERSON, id), p);
    }
    for (uint32_t p = 0; p < w->c.places; p++) {
        char id[16];
        assert_true(snprintf(id, sizeof id, "L-%u", p) > 0);
        assert_int_equal(made_id(w->store.visits, WF_ID_PLACE, id), p);
    }
}

// ---- asking ----

static void take_rows(world *w, wf_plain_scratch *scratch, const wf_plain_answer *answer,
                      unsigned generation, results rows)
{
    const wf_ring_row *ordered;
    size_t count;
    weft_error error = {0};
    ok(wf_plain_ordered(scratch, answer, wf_visits_ids(w->store.visits), generation, 0,
                        &ordered, &count, &error),
       &error);
    for (size_t i = 0; i < count; i++)
        rows[ordered[i].person.number] = (result){.generation = generation,
                                                  .seconds = ordered[i].seconds,
                                                  .first = ordered[i].first,
                                                  .last = ordered[i].last};
}

static void ask(world *w, wf_plain_scratch *scratch, results rows)
{
    const city *c = &w->c;
    const wf_day *days[span_max];
    weft_time starts[span_max + 1];
    wf_day_state states[span_max];
    weft_error error = {0};
    wf_plain_answer answer;
    for (size_t d = 0; d < c->days; d++)
        ok(wf_visits_day(w->store.visits, day_of(c, d), &states[d], &days[d], &error),
           &error);
    for (size_t d = 0; d <= c->days; d++)
        starts[d].us = plain_instant_of(c, d) * WF_US_PER_S;
    wf_span span = {.first = c->first_day,
                    .count = c->days,
                    .days = days,
                    .starts = starts,
                    .states = states};
    wf_plain_query query = c->query;
    query.from.us = starts[0].us + c->from * WF_US_PER_S;
    query.to.us = starts[0].us + c->to * WF_US_PER_S;
    memset(rows, 0, sizeof(results));
    ok(wf_plain_contacts_in(&span, scratch, &query, &answer, &error), &error);
    take_rows(w, scratch, &answer, 1, rows);
    take_rows(w, scratch, &answer, 2, rows);
}

static void expect_definition(world *w, wf_plain_scratch *scratch, const results expected)
{
    results given;
    ask(w, scratch, given);
    for (uint32_t p = 0; p < w->c.people; p++) {
        if (expected[p].generation == 0 && given[p].generation == 0)
            continue;
        bool same = expected[p].generation == given[p].generation &&
                    expected[p].seconds == given[p].seconds &&
                    expected[p].first == given[p].first &&
                    expected[p].last == given[p].last;
        if (!same)
            print_error("# seed %llu, person %u: ring %u for %lld s of [%lld, %lld), "
                        "given %u for %lld s of [%lld, %lld)\n",
                        (unsigned long long)w->c.seed, p, expected[p].generation,
                        (long long)expected[p].seconds, (long long)expected[p].first,
                        (long long)expected[p].last, given[p].generation,
                        (long long)given[p].seconds, (long long)given[p].first,
                        (long long)given[p].last);
        assert_true(same);
    }
}

static void check_city(uint64_t seed, wf_plain_scratch *scratch)
{
    static world w;
    static results expected;
    weft_error error = {0};
    w = (world){.dice = wf_prng_new(seed ^ 0x57a7ed)};
    plain_make_city(&w.c, seed);
    if (w.c.stays_count + w.c.meetings_count > 80) // every one is a commit
        w.c.stays_count = w.c.stays_count < 60 ? w.c.stays_count : 60;
    w.c.query.crowd = 0; // a stay that is in both books is stored twice
    made_store_new(&w.store);
    wf_zone_close(w.store.zone);
    w.store.zone = w.c.zone;
    made_store_reopen(&w.store);
    intern_all(&w);
    fill(&w);
    plain_oracle(&w.c, expected);
    expect_definition(&w, scratch, expected);
    wf_digest before = made_digest(w.store.visits);
    made_store_reopen(&w.store);
    wf_stated_count(w.store.visits);
    expect_definition(&w, scratch, expected);
    wf_digest after = made_digest(w.store.visits);
    assert_memory_equal(before.bytes, after.bytes, sizeof after.bytes);
    wf_visits_findings nowhere = {0};
    ok(wf_visits_verify(w.store.visits, &nowhere, &error), &error);
    made_store_done(&w.store);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number;
    if (text != NULL && wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &number))
        return (uint64_t)number;
    return otherwise;
}

static void two_books_answer_as_the_definition(void **state)
{
    (void)state;
    uint64_t cases = number_from("WEFT_PROP_CASES", cases_default);
    uint64_t seed = number_from("WEFT_PROP_SEED", 1);
    wf_plain_scratch *scratch = NULL;
    weft_error error = {0};
    ok(wf_plain_scratch_new(2, &scratch, &error), &error);
    print_message("# seeds from %llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < cases; i++)
        check_city(seed + i, scratch);
    wf_plain_scratch_free(scratch);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_books_answer_as_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
