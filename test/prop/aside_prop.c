// An import beside those who post is an import: the same rows are accepted, had and
// refused, the same facts come of it and the same rows, whatever is in the file and was
// there before.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "base/prng.h"
#include "support/beside_city.h"
#include "support/seeds.h"

enum { rows_max = 40, files_max = 6, ids = 9 };

typedef struct {
    weft_import_kind kind;
    const char *header;
} shape;

static const shape shapes[] = {
    {WEFT_IMPORT_PERSONS, "person,name,sex,birth,grid,household\n"},
    {WEFT_IMPORT_PLACES, "place,name,kind,grid,parent\n"},
    {WEFT_IMPORT_CASES, "case,person,reported,onset,classification\n"},
    {WEFT_IMPORT_CONTACTS, "case,person,outbreak,level,confirmed,reached,reached_by\n"},
    {WEFT_IMPORT_FOLLOWUPS, "person,at,outcome,outbreak\n"},
    {WEFT_IMPORT_RESULTS, "sample,person,collected,resulted,result\n"},
    {WEFT_IMPORT_VISITS, "person,place,start,end\n"},
    {WEFT_IMPORT_ENCOUNTERS, "a,b,start,end\n"}};

static const char *word(wf_prng *dice, const char *const *words, uint32_t count)
{
    return words[wf_prng_below(dice, count)];
}
#define WORD(dice, words) word((dice), (words), sizeof(words) / sizeof *(words))

static void put_row(wf_prng *dice, weft_import_kind kind, wf_buffer *to)
{
    static const char *const names[] = {"", "虚构甲", "虚构乙", "Invented"};
    static const char *const sexes[] = {"", "male", "female"};
    static const char *const days[] = {"", "1980-01-02", "1981-02-03", "1980-02-30"};
    static const char *const grids[] = {"", "990101001001", "990101001002"};
    static const char *const kinds[] = {"", "shop", "market"};
    static const char *const words[] = {"suspected", "confirmed", ""};
    static const char *const times[] = {"2021-12-09T10:00", "2021-12-10T23:50",
                                        "2021-12-11T01:00", "2021-12-11T08:00"};
    static const char *const levels[] = {"close", "secondary", "general", "none"};
    static const char *const calls[] = {"2021-12-11T10:00", "2021-12-11T12:00", ""};
    static const char *const hows[] = {"phone", "visit", ""};
    static const char *const outcomes[] = {"reached", "no_answer", "other"};
    static const char *const results[] = {"negative", "positive", ""};
    unsigned one = wf_prng_below(dice, ids), other = wf_prng_below(dice, ids);
    bool done = true;
    if (kind == WEFT_IMPORT_PERSONS)
        done = wf_buffer_printf(to, "P-%u,%s,%s,%s,%s,H-%u\n", one, WORD(dice, names),
                                WORD(dice, sexes), WORD(dice, days), WORD(dice, grids),
                                other % 3);
    else if (kind == WEFT_IMPORT_PLACES)
        done = wf_buffer_printf(to, "Q-%u,%s,%s,%s,Q-%u\n", one, WORD(dice, names),
                                WORD(dice, kinds), WORD(dice, grids), other);
    else if (kind == WEFT_IMPORT_CASES)
        done = wf_buffer_printf(to, "C-%u,P-%u,%s,%s,%s\n", one, other % 4,
                                WORD(dice, times), WORD(dice, days), WORD(dice, words));
    else if (kind == WEFT_IMPORT_CONTACTS)
        done = wf_buffer_printf(to, "C-%u,P-%u,O-1,%s,%s,%s,%s\n", one % 3, other,
                                WORD(dice, levels), WORD(dice, times), WORD(dice, calls),
                                WORD(dice, hows));
    else if (kind == WEFT_IMPORT_FOLLOWUPS)
        done = wf_buffer_printf(to, "P-%u,%s,%s,O-1\n", one, WORD(dice, times),
                                WORD(dice, outcomes));
    else if (kind == WEFT_IMPORT_RESULTS)
        done =
            wf_buffer_printf(to, "T-%u,P-%u,%s,%s,%s\n", one % 4, other,
                             WORD(dice, times), WORD(dice, calls), WORD(dice, results));
    else if (kind == WEFT_IMPORT_VISITS)
        done = wf_buffer_printf(to, "P-%u,Q-%u,%s,%s\n", one, other % 3,
                                WORD(dice, times), WORD(dice, times));
    else
        done = wf_buffer_printf(to, "P-%u,P-%u,%s,%s\n", one, other, WORD(dice, times),
                                WORD(dice, times));
    assert_true(done);
}

static uint64_t in_ledger(const made_city *city)
{
    return wf_ledger_now(wf_store_ledger(city->records)).positions;
}

// Refused rows are told one by one, at most twenty: the cities count them.
static void import(made_city *city, weft_import_kind kind, wf_text text, weft_time as_of)
{
    const weft_import_options with = {.as_of = as_of};
    if (made_import_bytes(city, kind, text, &with) != WEFT_OK)
        fail_msg("%s", city->error.code);
}

static void same_file(wf_prng *dice, made_city *plain, made_city *aside, beside *by)
{
    const shape *of = &shapes[wf_prng_below(dice, sizeof shapes / sizeof *shapes)];
    uint32_t rows = wf_prng_below(dice, rows_max);
    wf_buffer text = {0};
    // Some files are older than what is there.
    weft_time as_of = {plain->import.now.us -
                       (int64_t)wf_prng_below(dice, 4) * INT64_C(86400) * WF_US_PER_S};
    assert_true(wf_buffer_append(&text, of->header, strlen(of->header)));
    for (uint32_t i = 0; i < rows && text.size < 60000; i++)
        put_row(dice, of->kind, &text);
    uint64_t plain_before = in_ledger(plain), aside_before = in_ledger(aside);
    int64_t posted = by->posted;
    unsigned steps = by->steps, readers_out = by->readers_out;
    import(plain, of->kind, wf_buffer_text(&text), as_of);
    import(aside, of->kind, wf_buffer_text(&text), as_of);
    const weft_import_summary *a = &plain->summary, *b = &aside->summary;
    assert_int_equal(b->rows, a->rows);
    assert_int_equal(b->accepted, a->accepted);
    assert_int_equal(b->had, a->had);
    assert_int_equal(b->refused, a->refused);
    assert_int_equal(b->warned, a->warned);
    assert_int_equal(b->two_places, a->two_places);
    assert_int_equal(in_ledger(aside) - aside_before - (uint64_t)(by->posted - posted),
                     in_ledger(plain) - plain_before);
    // It begins and ends by steps; who reads is kept out where days change, only there.
    bool stays = of->kind == WEFT_IMPORT_VISITS || of->kind == WEFT_IMPORT_ENCOUNTERS;
    bool judged = of->kind == WEFT_IMPORT_CONTACTS || of->kind == WEFT_IMPORT_FOLLOWUPS ||
                  of->kind == WEFT_IMPORT_RESULTS;
    // Of a result that is no newer than what stands the ledger is asked, each in a step.
    unsigned asked = of->kind == WEFT_IMPORT_RESULTS ? (unsigned)a->rows : 0;
    assert_in_range(by->steps - steps, judged ? 3 : 2, (judged ? 3 : 2) + asked);
    assert_int_equal(by->readers_out - readers_out, stays ? 1 : 0);
    wf_buffer_done(&text);
}

static void one_case(wf_prng *dice)
{
    made_city plain, aside;
    beside by = {0}, again = {0};
    weft_error error = {0};
    made_city_new(&plain);
    made_city_new(&aside);
    beside_bind(&by, &aside);
    again.city = &plain;
    uint32_t files = 1 + wf_prng_below(dice, files_max);
    for (uint32_t i = 0; i < files; i++) {
        same_file(dice, &plain, &aside, &by);
        // The next one is judged by rows that hold this one, as the writer sees to.
        while (again.posted < by.posted)
            assert_int_equal(beside_post(&again), WEFT_OK);
        assert_int_equal(wf_store_apply(plain.records, 0, &error), WEFT_OK);
        assert_int_equal(wf_store_apply(aside.records, 0, &error), WEFT_OK);
        assert_true(
            made_digests_equal(made_city_digest(&plain), made_city_digest(&aside)));
    }
    assert_int_equal(wf_store_rebuild(aside.records, NULL, NULL, &error), WEFT_OK);
    assert_true(made_digests_equal(made_city_digest(&plain), made_city_digest(&aside)));
    made_city_done(&plain);
    made_city_done(&aside);
}

static void an_import_beside_others_is_an_import(void **state)
{
    (void)state;
    seeds_each(12, one_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_import_beside_others_is_an_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
