// The store: what becomes of an identity that comes again.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/made_city.h"

static wf_fact present(const made_city *city, const char *person, const char *at)
{
    wf_fact fact = {.id = {WF_TEXT("S-01"), 1},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("person.present")),
                    .at = made_time(&city->store, at)};
    fact.values[wf_kind_field(fact.kind, WF_TEXT("person"))] =
        (wf_value){.given = true, .text = wf_text_of(person)};
    weft_error error = {0};
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
    return fact;
}

// What the second of two facts comes to: of one send, or of two.
static wf_sent second_of(made_city *city, const wf_fact *first, const wf_fact *second,
                         bool together)
{
    wf_fact both[2] = {*first, *second};
    wf_verdict verdicts[2];
    weft_error error = {0};
    if (together) {
        assert_int_equal(
            wf_store_send(city->records, both, 2, WF_TIME_NONE, verdicts, &error),
            WEFT_OK);
    } else {
        for (int i = 0; i < 2; i++)
            assert_int_equal(wf_store_send(city->records, &both[i], 1, WF_TIME_NONE,
                                           &verdicts[i], &error),
                             WEFT_OK);
    }
    assert_int_equal(verdicts[0].sent, WF_SENT_ACCEPTED);
    return verdicts[1].sent;
}

static void an_identity_is_judged_alike_in_one_send_and_in_two(void **state)
{
    (void)state;
    static const struct {
        const char *person, *at, *grid;
        int64_t amends;
        wf_sent expected;
    } cases[] = {
        {"P-0000001", "2021-12-03 08:00", "", 0, WF_SENT_HAD},
        {"P-0000002", "2021-12-03 08:00", "", 0, WF_SENT_CONFLICT},
        {"P-0000001", "2021-12-03 08:01", "", 0, WF_SENT_CONFLICT},
        {"P-0000001", "2021-12-04 08:00", "", 0, WF_SENT_CONFLICT},
        {"P-0000001", "2021-12-03 08:00", "320214", 0, WF_SENT_CONFLICT},
        {"P-0000001", "2021-12-03 08:00", "", 7, WF_SENT_CONFLICT},
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        made_city city;
        made_city_new(&city);
        wf_fact first = present(&city, "P-0000001", "2021-12-03 08:00");
        wf_fact second = present(&city, cases[i / 2].person, cases[i / 2].at);
        second.grid = wf_text_of(cases[i / 2].grid);
        if (cases[i / 2].amends != 0)
            second.amends = (wf_identity){WF_TEXT("S-02"), cases[i / 2].amends};
        assert_int_equal(second_of(&city, &first, &second, i % 2 == 0),
                         cases[i / 2].expected);
        made_city_done(&city);
    }
}

static weft_status purge_registers(made_city *city, const char *before_day)
{
    weft_day before[WF_KEEP_END];
    uint64_t destroyed;
    weft_error error = {0};
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep].number = INT32_MIN;
    before[WF_KEEP_REGISTER] =
        wf_zone_day_of(city->store.zone, made_time(&city->store, before_day));
    before[WF_KEEP_ACCOUNT] = before[WF_KEEP_REGISTER];
    return wf_store_purge(city->records, before, &destroyed, &error);
}

static void a_repeat_that_moved_to_a_forgotten_day_harms_no_send(void **state)
{
    (void)state;
    made_city city;
    made_city_new(&city);
    wf_register_close(city.reg);
    city.reg = NULL;
    assert_int_equal(purge_registers(&city, "2021-12-02 12:00"), WEFT_OK);
    wf_fact first = present(&city, "P-0000001", "2021-12-03 08:00");
    wf_fact second = present(&city, "P-0000001", "2021-12-01 08:00");
    assert_int_equal(second_of(&city, &first, &second, true), WF_SENT_CONFLICT);
    made_city_done(&city);
}

// ---- what is said later of a day is forgotten with that day ----

static wf_fact stated(const made_city *city, int64_t seq, const char *start)
{
    static const char *const ids[] = {"person", "place"};
    static const char *const names[] = {"P-0000001", "R-1"};
    wf_fact fact = {.id = {WF_TEXT("S-01"), seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("visit.stated")),
                    .at = made_time(&city->store, "2021-12-10 09:00")};
    for (size_t i = 0; i < 2; i++)
        fact.values[wf_kind_field(fact.kind, wf_text_of(ids[i]))] =
            (wf_value){.given = true, .text = wf_text_of(names[i])};
    fact.values[wf_kind_field(fact.kind, WF_TEXT("start"))] =
        (wf_value){.given = true, .number = made_time(&city->store, start).us};
    weft_error error = {0};
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
    return fact;
}

static wf_verdict sent(made_city *city, wf_fact fact)
{
    wf_verdict verdict;
    weft_error error = {0};
    assert_int_equal(
        wf_store_send(city->records, &fact, 1, WF_TIME_NONE, &verdict, &error), WEFT_OK);
    return verdict;
}

static void forget_visits_before(made_city *city, const char *day)
{
    weft_day before[WF_KEEP_END];
    uint64_t destroyed;
    weft_error error = {0};
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep].number = INT32_MIN;
    before[WF_KEEP_VISIT] =
        wf_zone_day_of(city->store.zone, made_time(&city->store, day));
    wf_register_close(city->reg);
    city->reg = NULL;
    assert_int_equal(wf_store_purge(city->records, before, &destroyed, &error), WEFT_OK);
    assert_int_equal(destroyed, 1);
}

static bool is_forgotten(made_city *city, uint64_t position)
{
    wf_arena arena;
    wf_entry entry;
    weft_error error = {0};
    wf_arena_init(&arena, 0);
    assert_int_equal(
        wf_ledger_read(wf_store_ledger(city->records), position, &arena, &entry, &error),
        WEFT_OK);
    wf_arena_done(&arena);
    return entry.forgotten;
}

static void a_stated_visit_is_forgotten_with_its_own_day(void **state)
{
    (void)state;
    made_city city;
    made_city_new(&city);
    assert_int_equal(sent(&city, stated(&city, 1, "2021-12-03 08:00")).sent,
                     WF_SENT_ACCEPTED);
    assert_int_equal(sent(&city, stated(&city, 2, "2021-12-08 08:00")).sent,
                     WF_SENT_ACCEPTED);
    forget_visits_before(&city, "2021-12-05 12:00");
    assert_true(is_forgotten(&city, 1));
    assert_false(is_forgotten(&city, 2));
    // Again: had, whatever it says now. Of a day that is kept with another body, also one
    // of a forgotten day: a conflict.
    assert_int_equal(sent(&city, stated(&city, 1, "2021-12-03 08:00")).sent, WF_SENT_HAD);
    assert_int_equal(sent(&city, stated(&city, 2, "2021-12-08 08:00")).sent, WF_SENT_HAD);
    assert_int_equal(sent(&city, stated(&city, 2, "2021-12-08 08:01")).sent,
                     WF_SENT_CONFLICT);
    assert_int_equal(sent(&city, stated(&city, 2, "2021-12-04 08:00")).sent,
                     WF_SENT_CONFLICT);
    wf_verdict late = sent(&city, stated(&city, 3, "2021-12-04 08:00"));
    assert_int_equal(late.sent, WF_SENT_REFUSED);
    assert_int_equal(late.why.status, WEFT_FORGOTTEN);
    made_city_done(&city);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identity_is_judged_alike_in_one_send_and_in_two),
        cmocka_unit_test(a_repeat_that_moved_to_a_forgotten_day_harms_no_send),
        cmocka_unit_test(a_stated_visit_is_forgotten_with_its_own_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
