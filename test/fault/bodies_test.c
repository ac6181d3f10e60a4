// What is stated stands in two books: killed at any call, or refused one, the visit store
// has the rows of what the ledger has, no more and no less.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/fault_io.h"
#include "support/made_city.h"
#include "wire/facts.h"

// ---- three sends ----

static const char *const lines[] = {
    // Two days, one of them run over from; and an encounter.
    "{\"device\":\"S-1\",\"seq\":1,\"kind\":\"visit.stated\",\"at\":\"2021-12-11T08:00\","
    "\"body\":{\"person\":\"P-0000001\",\"place\":\"R-1\",\"start\":\"2021-12-08T23:00\","
    "\"end\":\"2021-12-09T01:00\"}}",
    "{\"device\":\"S-1\",\"seq\":2,\"kind\":\"visit.stated\",\"at\":\"2021-12-11T08:00\","
    "\"body\":{\"person\":\"P-0000002\",\"place\":\"R-1\",\"start\":\"2021-12-09T08:00\","
    "\"seat\":\"A\"}}",
    "{\"device\":\"S-1\",\"seq\":3,\"kind\":\"encounter.named\",\"at\":\"2021-12-11T08:"
    "00\","
    "\"body\":{\"a\":\"P-0000002\",\"b\":\"P-0000001\",\"start\":\"2021-12-10T08:00\","
    "\"end\":\"2021-12-10T08:01\"}}",
    // The first is withdrawn; the second was on another day.
    "{\"device\":\"S-1\",\"seq\":4,\"kind\":\"fact.withdrawn\",\"at\":\"2021-12-11T09:"
    "00\","
    "\"body\":{\"device\":\"S-1\",\"seq\":1,\"reason\":\"mistake\"}}",
    "{\"device\":\"S-1\",\"seq\":5,\"kind\":\"visit.stated\",\"at\":\"2021-12-11T10:00\","
    "\"instead_of\":{\"device\":\"S-1\",\"seq\":2},"
    "\"body\":{\"person\":\"P-0000002\",\"place\":\"R-1\",\"start\":\"2021-12-10T08:00\"}"
    "}",
};
enum { lines_count = sizeof lines / sizeof *lines, sends_count = 3 };
static const size_t begins[sends_count + 1] = {0, 3, 4, 5};

static weft_status send(made_city *city, size_t which, weft_error *error)
{
    wf_fact facts[lines_count] = {0};
    wf_verdict verdicts[lines_count];
    wf_arena arena = {0};
    bool known;
    size_t count = begins[which + 1] - begins[which];
    for (size_t i = 0; i < count; i++)
        if (wf_facts_read(wf_desk_kinds(), city->store.zone,
                          wf_text_of(lines[begins[which] + i]), &arena, &facts[i], &known,
                          error) != WEFT_OK)
            fail_msg("%s (%s)", error->code, error->field);
    weft_status status =
        wf_store_send(city->records, facts, count, WF_TIME_NONE, verdicts, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        assert_true(verdicts[i].sent == WF_SENT_ACCEPTED ||
                    verdicts[i].sent == WF_SENT_HAD);
    wf_arena_done(&arena);
    return status == WEFT_OK ? wf_store_apply(city->records, 0, error) : status;
}

// As far as it comes: the number of sends that were acknowledged.
static size_t send_all(made_city *city)
{
    weft_error error = {0};
    size_t done = 0;
    while (done < sends_count && send(city, done, &error) == WEFT_OK)
        done++;
    return done;
}

// ---- what stands there ----

static uint64_t positions_of(made_city *city)
{
    return wf_ledger_now(wf_store_ledger(city->records)).positions;
}

static wf_digest expected[lines_count + 1]; // of visits, by positions of the ledger

static int expect(void **state)
{
    (void)state;
    made_city city;
    weft_error error = {0};
    made_city_new(&city);
    for (size_t i = 0; i < sends_count; i++) {
        assert_int_equal(send(&city, i, &error), WEFT_OK);
        expected[positions_of(&city)] = made_digest(city.store.visits);
        for (size_t k = 0; k <= i; k++) // every send is seen
            assert_false(
                made_digests_equal(expected[begins[k]], expected[begins[i + 1]]));
    }
    assert_int_equal(positions_of(&city), lines_count);
    made_city_done(&city);
    return 0;
}

static void check(made_city *city, size_t acknowledged)
{
    weft_error error = {0};
    uint64_t positions = positions_of(city);
    assert_true(positions >= begins[acknowledged]);
    assert_true(made_digests_equal(made_digest(city->store.visits), expected[positions]));
    assert_int_equal(wf_ledger_verify(wf_store_ledger(city->records), NULL, NULL, &error),
                     WEFT_OK);
}

static void check_again(made_city *city)
{
    assert_int_equal(send_all(city), sends_count);
    check(city, sends_count);
}

// ---- tests ----

static void a_crash_leaves_both_books_or_neither(void **state)
{
    (void)state;
    bool died = true;
    size_t lost = 0, whole = 0;
    for (unsigned long at = 1; died; at++) {
        made_city city;
        fault_io fault;
        made_city_new(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        made_city_open(&city, &fault.io);
        fault.kind = FAULT_KILL;
        fault.at = fault.calls + at;
        fault.errno_value = EIO;
        size_t done = send_all(&city);
        died = fault.dead;
        made_city_close(&city);
        made_city_open(&city, &city.store.quick);
        check(&city, done);
        lost += positions_of(&city) == 0;
        whole += positions_of(&city) == lines_count;
        check_again(&city);
        made_city_done(&city);
    }
    assert_true(lost > 3 && whole > 0);
}

// The same process goes on where it can, and what it then says is true at once.
static void a_refused_call_leaves_both_books_or_neither(void **state)
{
    (void)state;
    bool hit = true;
    for (unsigned long at = 1; hit; at += 3) {
        made_city city;
        fault_io fault;
        made_city_new(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        made_city_open(&city, &fault.io);
        fault.kind = FAULT_ONCE;
        fault.at = fault.calls + at;
        fault.errno_value = at % 2 == 0 ? ENOSPC : EIO;
        size_t done = send_all(&city);
        hit = fault.calls >= fault.at;
        fault.kind = FAULT_NONE;
        weft_error error = {0};
        if (wf_store_apply(city.records, 0, &error) == WEFT_OK &&
            !wf_ledger_is_stopped(wf_store_ledger(city.records)))
            check(&city, done);
        made_city_close(&city);
        made_city_open(&city, &city.store.quick);
        check(&city, done);
        check_again(&city);
        made_city_done(&city);
    }
}

// Killed while it is opened, after a crash, it is opened all the same the next time.
static void a_crash_of_the_opening_is_mended_by_the_next(void **state)
{
    (void)state;
    bool died = true;
    for (unsigned long at = 1; died; at += 2) {
        made_city city;
        fault_io fault;
        weft_error error = {0};
        made_city_new(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        made_city_open(&city, &fault.io);
        fault.kind = FAULT_KILL;
        fault.errno_value = EIO;
        fault.at = fault.calls + 12; // behind the commit of the bodies
        size_t done = send_all(&city);
        made_city_close(&city);
        fault_io_init(&fault);
        fault.kind = FAULT_KILL;
        fault.at = at;
        fault.errno_value = EIO;
        died = made_store_open(&city.store, &fault.io, &error) != WEFT_OK;
        if (!died) {
            wf_store_options options = made_city_options(&city);
            died = wf_store_open(&options, &city.records, &error) != WEFT_OK;
            wf_store_close(died ? NULL : city.records);
            wf_stated_bodies_free(city.stated);
            city.records = NULL;
        }
        died = died || fault.dead;
        made_store_close(&city.store);
        made_city_open(&city, &city.store.quick);
        check(&city, done);
        check_again(&city);
        made_city_done(&city);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_leaves_both_books_or_neither),
        cmocka_unit_test(a_refused_call_leaves_both_books_or_neither),
        cmocka_unit_test(a_crash_of_the_opening_is_mended_by_the_next),
    };
    return cmocka_run_group_tests(tests, expect, NULL);
}
