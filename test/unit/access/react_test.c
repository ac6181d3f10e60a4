// The rule "pool": a positive tube holds its members, for a time; corrections, late
// samples and withdrawals are followed; nothing is done twice.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/fact_city.h"

static fact_city drill;

static int begin(void **state)
{
    (void)state;
    fact_city_new(&drill, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fact_city_done(&drill);
    return 0;
}

// ---- facts, all of one day ----

static weft_time at(const char *hour)
{
    char text[32];
    snprintf(text, sizeof text, "2021-12-12T%s+08:00", hour);
    return fact_city_time(&drill, text);
}

static void sample(int64_t seq, const char *hour, const char *tube, const char *person)
{
    char body[256];
    snprintf(body, sizeof body, "\"tube\":\"%s\",\"person\":\"%s\"", tube, person);
    fact_city_line(&drill, "S-1", seq, "sample.collected", at(hour), "", body);
}

static void result(int64_t seq, const char *hour, const char *tube, const char *word)
{
    char body[256];
    snprintf(body, sizeof body, "\"tube\":\"%s\",\"result\":\"%s\"", tube, word);
    fact_city_line(&drill, "L-1", seq, "tube.resulted", at(hour), "", body);
}

static void corrected(int64_t seq, const char *hour, const char *tube, const char *word)
{
    char body[256];
    snprintf(body, sizeof body, "\"tube\":\"%s\",\"result\":\"%s\"", tube, word);
    fact_city_line(&drill, "L-2", seq, "result.corrected", at(hour), "", body);
}

static void withdrawn(int64_t seq, const char *hour, const char *device, int64_t which)
{
    char body[256];
    snprintf(body, sizeof body, "\"device\":\"%s\",\"seq\":%lld", device,
             (long long)which);
    fact_city_line(&drill, "W-1", seq, "fact.withdrawn", at(hour), "", body);
}

static void come(void)
{
    weft_import_summary summary = fact_city_import(&drill);
    assert_int_equal(summary.refused, 0);
}

static void held_at(const char *hour, const char *persons)
{
    char text[4096];
    assert_string_equal(fact_city_held(&drill, at(hour), text), persons);
}

// What there is to do, and nothing more the second time.
static void reacts(uint64_t issued, uint64_t lifted)
{
    weft_reaction done = fact_city_react(&drill);
    assert_null(done.lacks);
    assert_int_equal(done.issued, issued);
    assert_int_equal(done.lifted, lifted);
    assert_int_equal(done.refused, 0);
    done = fact_city_react(&drill);
    assert_int_equal(done.issued + done.lifted + done.refused, 0);
    assert_int_equal(done.facts, 0);
}

// ---- tests ----

static void a_positive_tube_holds_its_members_for_a_time(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    sample(2, "07:01", "T1", "P-2");
    sample(3, "07:02", "T2", "P-3");
    result(1, "12:00", "T1", "positive");
    result(2, "12:00", "T2", "negative");
    come();
    held_at("13:00", "");
    reacts(1, 0);
    held_at("11:59", "");
    held_at("12:00", "P-1 P-2");
    held_at("15:59", "P-1 P-2");
    // It ends by itself.
    held_at("16:00", "");
}

static void an_order_of_the_rule_says_why_by_whom_and_until_when(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    come();
    reacts(1, 0);
    weft_view_page page = fact_city_bound(&drill, at("13:00"));
    assert_int_equal(page.rows_count, 1);
    const char *order = fact_city_cell(&page, 0, "order_id")->text;
    assert_int_equal(strlen(order), strlen("pool/T1/") + 16);
    assert_memory_equal(order, "pool/T1/", 8);
    assert_string_equal(fact_city_cell(&page, 0, "person")->text, "P-1");
    assert_string_equal(fact_city_cell(&page, 0, "kind")->text, "hold");
    assert_string_equal(fact_city_cell(&page, 0, "clause")->text, "cn-40");
    assert_true(fact_city_cell(&page, 0, "issuer")->given);
    assert_int_equal(fact_city_cell(&page, 0, "starts_at")->number, at("12:00").us);
    assert_int_equal(fact_city_cell(&page, 0, "ends_at")->number, at("16:00").us);
    // The decision repeats the name of its cause.
    wf_identity decision = {WF_TEXT("rule/pool/L-1"), 1};
    assert_int_equal(wf_senders_state(wf_store_senders(drill.city->store), decision),
                     WF_SEQ_HAD);
}

static void a_late_sample_is_a_cause_of_its_own(void **state)
{
    (void)state;
    result(1, "12:00", "T1", "positive");
    come();
    reacts(0, 0);
    sample(1, "07:00", "T1", "P-1");
    come();
    reacts(1, 0);
    held_at("13:00", "P-1");
    sample(2, "07:05", "T1", "P-2");
    sample(3, "07:06", "T1", "P-3");
    sample(4, "07:07", "T1", "P-3");
    come();
    reacts(2, 0);
    held_at("13:00", "P-1 P-2 P-3");
    held_at("16:00", "");
    wf_identity own = {WF_TEXT("rule/pool/S-1"), 2};
    assert_int_equal(wf_senders_state(wf_store_senders(drill.city->store), own),
                     WF_SEQ_HAD);
}

static void a_corrected_result_lifts_and_a_withdrawn_correction_holds_again(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    come();
    reacts(1, 0);
    sample(2, "07:05", "T1", "P-2"); // an order of its own
    come();
    reacts(1, 0);
    corrected(1, "13:00", "T1", "negative");
    come();
    reacts(0, 2);
    held_at("13:30", "");
    withdrawn(1, "14:00", "L-2", 1);
    come();
    reacts(1, 0);
    held_at("13:30", ""); // not held before somebody knew
    held_at("14:30", "P-1 P-2");
    held_at("16:00", "");
    corrected(2, "15:00", "T1", "invalid");
    come();
    reacts(0, 1);
    held_at("15:30", "");
    corrected(3, "15:30", "T1", "positive");
    come();
    reacts(1, 0);
    held_at("19:29", "P-1 P-2");
    held_at("19:30", "");
}

static void withdrawing_the_cause_sends_the_opposite(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    sample(2, "07:01", "T1", "P-2");
    result(1, "12:00", "T1", "positive");
    come();
    reacts(1, 0);
    withdrawn(1, "12:30", "L-1", 1);
    come();
    reacts(0, 1);
    held_at("13:00", "");
    withdrawn(2, "12:40", "W-1", 1);
    come();
    reacts(1, 0);
    held_at("13:00", "P-1 P-2");
    // One sample was another person's: they go free, the others stay.
    withdrawn(3, "12:50", "S-1", 2);
    come();
    reacts(1, 1);
    held_at("13:00", "P-1");
}

static void a_sample_moved_to_another_tube_takes_its_person_along(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    sample(2, "07:01", "T1", "P-2");
    sample(3, "07:02", "T2", "P-3");
    result(1, "12:00", "T1", "positive");
    result(2, "12:00", "T2", "positive");
    come();
    reacts(2, 0);
    fact_city_line(&drill, "S-1", 4, "sample.collected", at("07:01"),
                   ",\"instead_of\":{\"device\":\"S-1\",\"seq\":2}",
                   "\"tube\":\"T2\",\"person\":\"P-2\"");
    come();
    // T1's order goes and comes again without them; T2 gets one for them. Both name the
    // sample as their cause: one of the two gives another.
    reacts(2, 1);
    held_at("13:00", "P-1 P-2 P-3");
}

static void whom_somebody_has_released_stays_free(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    come();
    reacts(1, 0);
    char body[256];
    weft_view_page page = fact_city_bound(&drill, at("13:00"));
    snprintf(body, sizeof body, "\"order\":\"%s\"",
             fact_city_cell(&page, 0, "order_id")->text);
    fact_city_line(&drill, "C-1", 1, "order.lifted", at("13:00"), "", body);
    sample(2, "07:05", "T1", "P-2");
    come();
    reacts(1, 0);
    held_at("13:30", "P-2");
    withdrawn(1, "13:40", "S-1", 2);
    come();
    reacts(0, 1);
    held_at("13:45", "");
    // Another positive result is another reason.
    result(2, "14:00", "T1", "positive");
    come();
    reacts(1, 0);
    held_at("14:30", "P-1");
}

static void only_orders_of_the_rule_are_lifted(void **state)
{
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    fact_city_line(
        &drill, "C-1", 1, "order.issued", at("12:00"), "",
        "\"order\":\"pool/T1/0123456789abcdef\",\"kind\":\"hold\",\"persons\":["
        "\"P-9\"],\"clause\":\"cn-40\",\"because\":[{\"device\":\"L-1\",\"seq\":"
        "1}],\"until\":\"2021-12-12T20:00\"");
    come();
    reacts(1, 0);
    corrected(1, "13:00", "T1", "negative");
    come();
    reacts(0, 1);
    held_at("13:30", "P-9");
    // Its last reason falls: it binds nobody, though nobody lifts it.
    withdrawn(1, "14:00", "L-1", 1);
    come();
    reacts(0, 0);
    held_at("14:30", "");
}

static void a_tube_with_too_many_people_and_one_without_any_break_nothing(void **state)
{
    char person[16];
    (void)state;
    for (int64_t i = 1; i <= 25; i++) {
        snprintf(person, sizeof person, "P-%02d", (int)i);
        sample(i, "07:00", "T1", person);
    }
    result(1, "12:00", "T1", "positive");
    result(2, "12:00", "T-unknown", "positive");
    result(3, "12:00", "T1", "positive"); // the same again, as another fact
    come();
    reacts(1, 0);
    assert_int_equal(fact_city_bound(&drill, at("13:00")).rows_count, 25);
}

static void long_names_of_tubes_and_senders_are_shortened(void **state)
{
    char tube[129], device[129], body[512];
    (void)state;
    memset(tube, 't', 128);
    memset(device, 'd', 128);
    tube[128] = device[128] = '\0';
    sample(1, "07:00", tube, "P-1");
    snprintf(body, sizeof body, "\"tube\":\"%s\",\"result\":\"positive\"", tube);
    fact_city_line(&drill, device, INT64_MAX, "tube.resulted", at("12:00"), "", body);
    come();
    reacts(1, 0);
    held_at("13:00", "P-1");
    snprintf(body, sizeof body, "\"tube\":\"%s\",\"result\":\"negative\"", tube);
    fact_city_line(&drill, "L-2", 1, "result.corrected", at("12:30"), "", body);
    come();
    reacts(0, 1);
    held_at("13:00", "");
}

// More facts than a rule looks at together lie between the samples and their result.
static void a_result_far_behind_its_samples_is_one_cause(void **state)
{
    char text[16];
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    sample(2, "07:00", "T1", "P-2");
    for (int64_t i = 3; i < 2500; i++) {
        snprintf(text, sizeof text, "Q-%04d", (int)i);
        sample(i, "07:10", text, text);
    }
    result(1, "12:00", "T1", "positive");
    come();
    reacts(1, 0);
    held_at("13:00", "P-1 P-2");
}

static void a_rebuild_runs_no_rule_and_keeps_its_place(void **state)
{
    weft_error error = {0};
    (void)state;
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    come();
    fact_city_rebuild(&drill);
    held_at("13:00", "");
    reacts(1, 0);
    weft_reaction before = fact_city_react(&drill);
    fact_city_rebuild(&drill);
    weft_reaction after = fact_city_react(&drill);
    assert_int_equal(after.facts, 0);
    assert_int_equal(after.upto, before.upto);
    fact_city_reopen(&drill);
    held_at("13:00", "P-1");
    assert_int_equal(fact_city_react(&drill).facts, 0);
    // A place that is lost is found again by reading all: nothing is done twice.
    fact_city_ok(wf_records_mark(wf_store_records(drill.city->store),
                                 WF_RECORDS_KEPT "react/pool", WF_TEXT("nonsense"),
                                 &error),
                 &error);
    after = fact_city_react(&drill);
    assert_int_equal(after.facts, 2);
    assert_int_equal(after.issued + after.lifted + after.refused, 0);
    held_at("13:00", "P-1");
}

static void what_is_forgotten_is_no_cause(void **state)
{
    weft_error error = {0};
    weft_purge_summary purged;
    weft_time old = fact_city_time(&drill, "2021-01-10T08:00+08:00");
    (void)state;
    for (int tube = 1; tube <= 2; tube++) {
        char body[64];
        snprintf(body, sizeof body, "\"tube\":\"T%d\",\"person\":\"P-%d\"", tube, tube);
        fact_city_line(&drill, "S-1", tube, "sample.collected", old, "", body);
    }
    fact_city_line(&drill, "L-1", 1, "tube.resulted", old, "",
                   "\"tube\":\"T1\",\"result\":\"positive\"");
    come();
    reacts(1, 0);
    fact_city_line(&drill, "L-1", 2, "tube.resulted", old, "",
                   "\"tube\":\"T2\",\"result\":\"positive\"");
    sample(3, "07:00", "T3", "P-3"); // half a year and more later
    come();
    fact_city_ok(weft_purge(drill.city, NULL, &purged, &error), &error);
    assert_true(purged.keys_destroyed > 0);
    // T2's result is no cause any more, and T1's withdrawal lifts nothing.
    withdrawn(1, "12:00", "L-1", 1);
    come();
    reacts(0, 0);
    fact_city_ok(wf_records_mark(wf_store_records(drill.city->store),
                                 WF_RECORDS_KEPT "react/pool", WF_TEXT(""), &error),
                 &error);
    assert_int_equal(fact_city_react(&drill).issued, 0);
}

static void a_protocol_without_the_time_holds_nobody(void **state)
{
    (void)state;
    fact_city_done(&drill);
    fact_city_new(&drill, "measles");
    sample(1, "07:00", "T1", "P-1");
    result(1, "12:00", "T1", "positive");
    come();
    weft_reaction done = fact_city_react(&drill);
    assert_non_null(done.lacks);
    assert_int_equal(done.facts + done.issued, 0);
    held_at("13:00", "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_positive_tube_holds_its_members_for_a_time),
        TEST(an_order_of_the_rule_says_why_by_whom_and_until_when),
        TEST(a_late_sample_is_a_cause_of_its_own),
        TEST(a_corrected_result_lifts_and_a_withdrawn_correction_holds_again),
        TEST(withdrawing_the_cause_sends_the_opposite),
        TEST(a_sample_moved_to_another_tube_takes_its_person_along),
        TEST(whom_somebody_has_released_stays_free),
        TEST(only_orders_of_the_rule_are_lifted),
        TEST(a_tube_with_too_many_people_and_one_without_any_break_nothing),
        TEST(long_names_of_tubes_and_senders_are_shortened),
        TEST(a_result_far_behind_its_samples_is_one_cause),
        TEST(a_rebuild_runs_no_rule_and_keeps_its_place),
        TEST(what_is_forgotten_is_no_cause),
        TEST(a_protocol_without_the_time_holds_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
