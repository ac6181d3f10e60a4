// Who comes in, and by what: tokens, custody and assignments as the rows say.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <string.h>

#include "access/accounts/account_change.h"
#include "access/rights/scope.h"
#include "base/clock.h"
#include "support/open_city.h"

static open_city here;
static weft_time now; // of the machine

static int begin(void **state)
{
    (void)state;
    open_city_begin(&here);
    now = wf_clock_now();
    return 0;
}

static int end(void **state)
{
    (void)state;
    open_city_end(&here);
    return 0;
}

static void send(const char *kind, const char *fields)
{
    open_city_send(&here, "cli", NULL, kind, fields);
}

static weft_token_reply issue(const char *device, const char *role, const char *grid,
                              int64_t seconds)
{
    weft_error error = {0};
    weft_token_reply reply;
    weft_token_request request = {
        .device = device, .role = role, .grid = grid, .until = WEFT_TIME_NONE};
    if (seconds != 0)
        request.until.us = now.us + seconds * WF_US_PER_S;
    open_city_ok(weft_token_issue(here.city, &request, &reply, &error), &error);
    return reply;
}

static bool comes_in(const char *token, weft_time at, wf_actor *ret)
{
    weft_error error = {0};
    weft_status status =
        wf_accounts_bearer(here.city->accounts, wf_text_of(token), at, ret, &error);
    if (status == WEFT_OK)
        return true;
    assert_int_equal(status, WEFT_NOT_ALLOWED);
    assert_string_equal(error.code, "access.token");
    return false;
}

static void a_token_says_who_it_is(void **state)
{
    weft_token_reply token = issue("S-1", "sampler", "320282001", 0);
    wf_actor actor;
    (void)state;
    assert_true(comes_in(token.token, now, &actor));
    assert_int_equal(actor.kind, WF_ACTOR_DEVICE);
    assert_string_equal(actor.name, "S-1");
    assert_int_equal(actor.role, WF_ROLE_SAMPLER);
    assert_string_equal(actor.grid, "320282001");
    assert_true(actor.token != 0);
    assert_int_equal(actor.person_number, WF_NUMBER_NONE);
    // And after the city was closed, and after its rows were made anew.
    open_city_again(&here);
    assert_true(comes_in(token.token, now, &actor));
    weft_error error = {0};
    uint64_t facts;
    open_city_ok(weft_rebuild(here.city, NULL, NULL, &facts, &error), &error);
    assert_true(comes_in(token.token, now, &actor));
    assert_string_equal(actor.name, "S-1");
}

static void a_forged_token_is_nobodys(void **state)
{
    weft_token_reply token = issue("S-1", "sampler", "3202", 0);
    char forged[WEFT_TOKEN_BYTES + 2];
    wf_actor actor;
    (void)state;
    for (size_t i = 0; i < WEFT_TOKEN_BYTES; i++) {
        memcpy(forged, token.token, sizeof token.token);
        forged[i] = (char)(forged[i] == 'A' ? 'B' : 'A');
        assert_false(comes_in(forged, now, &actor));
    }
    memcpy(forged, token.token, sizeof token.token);
    forged[WEFT_TOKEN_BYTES - 1] = '\0';
    assert_false(comes_in(forged, now, &actor));
    assert_false(comes_in("", now, &actor));
    assert_false(comes_in(token.id, now, &actor));
    memcpy(forged, token.token, WEFT_TOKEN_BYTES);
    memcpy(forged + WEFT_TOKEN_BYTES, "=", 2);
    assert_false(comes_in(forged, now, &actor));
}

static void a_token_ends_by_the_clock(void **state)
{
    weft_token_reply token = issue("S-1", "sampler", "3202", 60);
    wf_actor actor;
    weft_error error = {0};
    (void)state;
    assert_true(comes_in(token.token, now, &actor));
    assert_true(comes_in(token.token, (weft_time){now.us + 59 * WF_US_PER_S}, &actor));
    assert_false(comes_in(token.token, (weft_time){now.us + 60 * WF_US_PER_S}, &actor));
    weft_token_request request = {.device = "S-1", .until = {now.us - 1}};
    assert_int_equal(weft_token_issue(here.city, &request, &token, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "token.over");
}

static void what_is_revoked_is_out_at_once(void **state)
{
    weft_token_reply first = issue("S-1", "sampler", "3202", 0);
    weft_token_reply second = issue("S-1", NULL, NULL, 0);
    weft_token_reply other = issue("S-2", "sampler", "3202", 0);
    wf_actor actor;
    weft_error error = {0};
    size_t count = 0;
    char start[9] = "";
    (void)state;
    memcpy(start, first.id, 8);
    open_city_ok(weft_token_revoke(here.city, start, NULL, NULL, "lost", &count, &error),
                 &error);
    assert_int_equal(count, 1);
    assert_false(comes_in(first.token, now, &actor));
    assert_true(comes_in(second.token, now, &actor));
    assert_int_equal(
        weft_token_revoke(here.city, start, NULL, NULL, NULL, &count, &error),
        WEFT_NOT_FOUND);
    // A device, with all that it has; it comes back when it is enrolled anew.
    send("device.revoked", "device=S-1");
    assert_false(comes_in(second.token, now, &actor));
    assert_true(comes_in(other.token, now, &actor));
    send("device.enrolled", "device=S-1 role=sampler grid=3202");
    assert_true(comes_in(second.token, now, &actor));
    open_city_ok(weft_token_revoke(here.city, NULL, "S-1", NULL, NULL, &count, &error),
                 &error);
    assert_int_equal(count, 1);
    assert_false(comes_in(second.token, now, &actor));
    // In this process, before its fact is there.
    wf_accounts_stop(here.city->accounts, WF_STOP_TOKEN, wf_text_of(other.id));
    assert_false(comes_in(other.token, now, &actor));
}

// What the device is allowed less by now, its tokens are, too.
static void a_token_is_never_more_than_its_device(void **state)
{
    weft_token_reply token = issue("S-1", "sampler", "320282", 0);
    wf_actor actor;
    (void)state;
    send("device.enrolled", "device=S-1 role=sampler grid=320282001");
    assert_false(comes_in(token.token, now, &actor));
    send("device.enrolled", "device=S-1 role=sampler grid=3202");
    assert_true(comes_in(token.token, now, &actor));
    assert_string_equal(actor.grid, "320282");
    send("device.enrolled", "device=S-1 role=lab grid=3202");
    assert_false(comes_in(token.token, now, &actor));
}

static void an_actor_makes_no_more_than_they_are(void **state)
{
    static const struct {
        const char *device, *role, *grid, *code; // NULL: it is made
    } rows[] = {
        {"N-1", "sampler", "320282001", NULL},
        {"N-2", "sampler", "320282", NULL},
        {"N-3", "sampler", "3202", "access.exceeds"},
        {"N-4", "sampler", NULL, "access.exceeds"},
        {"N-5", "auditor", "320282", "access.exceeds"},
        {"N-6", "commander", "320282", "access.exceeds"},
        {"FAR", NULL, NULL, "token.exceeds"},
        {"weft/x", "sampler", "320282", "device.reserved"},
    };
    weft_error error = {0};
    weft_token_reply reply, own;
    wf_actor operator_;
    (void)state;
    send("device.enrolled", "device=FAR role=sampler grid=320205");
    send("user.added", "user=op role=operator grid=320282");
    weft_token_request request = {.user = "op", .until = {now.us + 3600 * WF_US_PER_S}};
    open_city_ok(weft_token_issue(here.city, &request, &own, &error), &error);
    assert_true(comes_in(own.token, now, &operator_));
    assert_int_equal(operator_.kind, WF_ACTOR_USER);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        request = (weft_token_request){.device = rows[i].device,
                                       .role = rows[i].role,
                                       .grid = rows[i].grid,
                                       .until = {now.us + 60 * WF_US_PER_S}};
        weft_status status =
            wf_token_issue(here.city, &operator_, &request, now, &reply, &error);
        if (rows[i].code == NULL)
            open_city_ok(status, &error);
        else if (status == WEFT_OK || strcmp(error.code, rows[i].code) != 0)
            fail_msg("%s: %s", rows[i].device, status == WEFT_OK ? "made" : error.code);
    }
    // Not beyond the end of the token that makes it.
    request = (weft_token_request){.device = "N-1", .until = WEFT_TIME_NONE};
    assert_int_equal(wf_token_issue(here.city, &operator_, &request, now, &reply, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "token.exceeds");
    // Nor revokes what is not theirs to manage.
    size_t count;
    weft_token_reply far = issue("FAR", NULL, NULL, 0);
    assert_int_equal(
        wf_token_revoke(here.city, &operator_, far.id, NULL, NULL, NULL, &count, &error),
        WEFT_NOT_FOUND);
    open_city_ok(
        wf_token_revoke(here.city, &operator_, NULL, "N-1", NULL, NULL, &count, &error),
        &error);
    assert_int_equal(count, 1);
}

static void custody_and_assignments_hold_until_their_end(void **state)
{
    wf_accounts *accounts = here.city->accounts;
    const weft_time day = {INT64_C(1639267200000000)}; // 2021-12-12T00:00Z
    const weft_time later = {day.us + 24LL * 3600 * WF_US_PER_S};
    (void)state;
    send("person.registered", "person=P-0000007 grid=320282001001");
    send("case.reported", "case=C-0001 person=P-0000007 reported=2021-12-12");
    send("user.added", "user=iv role=investigator grid=320205");
    send("assignment.given", "assignment=A-1 user=iv reference=case:C-0001 "
                             "until=2021-12-12T20:00:00Z");
    send("assignment.given", "assignment=A-2 user=iv reference=task:T-1 "
                             "person=P-0000007 until=2021-12-14T00:00:00Z");
    send("custody.given", "custody=K-1 person=P-0000007 grid=320205001 "
                          "until=2021-12-12T20:00:00Z because=cli/1");
    wf_numbers numbers = *wf_store_numbers(here.city->store);
    uint32_t person =
        numbers.find(numbers.context, WF_COLUMN_PERSON, WF_TEXT("P-0000007"));
    // A custody is the word of two.
    assert_false(wf_accounts_has_custody(accounts, WF_TEXT("320205"), person, day));
    open_city_send(&here, "taker", NULL, "custody.taken", "custody=K-1");
    for (int times = 0; times < 2; times++) {
        assert_true(wf_accounts_has_custody(accounts, WF_TEXT("320205"), person, day));
        assert_true(wf_accounts_has_custody(accounts, WF_TEXT("320205001"), person, day));
        assert_false(
            wf_accounts_has_custody(accounts, WF_TEXT("320205001002"), person, day));
        assert_false(wf_accounts_has_custody(accounts, WF_TEXT("320214"), person, day));
        assert_false(wf_accounts_has_custody(accounts, WF_TEXT("320205"), person, later));
        assert_false(
            wf_accounts_has_custody(accounts, WF_TEXT("320205"), person + 1, day));
        assert_true(wf_accounts_is_assigned(accounts, WF_TEXT("iv"),
                                            WF_TEXT("case:C-0001"), WF_NUMBER_NONE, day));
        assert_false(wf_accounts_is_assigned(
            accounts, WF_TEXT("iv"), WF_TEXT("case:C-0001"), WF_NUMBER_NONE, later));
        assert_true(
            wf_accounts_is_assigned(accounts, WF_TEXT("iv"), WF_TEXT(""), person, later));
        assert_false(
            wf_accounts_is_assigned(accounts, WF_TEXT("vi"), WF_TEXT(""), person, day));
        assert_false(wf_accounts_is_assigned(accounts, WF_TEXT("iv"), WF_TEXT(""),
                                             WF_NUMBER_NONE, day));
        // What was followed is what is read anew.
        open_city_again(&here);
        accounts = here.city->accounts;
    }
    send("assignment.ended", "assignment=A-2");
    send("custody.ended", "custody=K-1");
    assert_false(
        wf_accounts_is_assigned(accounts, WF_TEXT("iv"), WF_TEXT(""), person, later));
    assert_false(wf_accounts_has_custody(accounts, WF_TEXT("320205"), person, day));
}

static void a_user_has_their_own_person_and_office(void **state)
{
    wf_actor actor;
    uint64_t before = 0, after = 0;
    (void)state;
    send("user.added", "user=li role=resident person=P-0000042 office=town");
    assert_true(wf_accounts_user(here.city->accounts, WF_TEXT("li"), &actor, &before));
    assert_string_equal(actor.person, "P-0000042");
    assert_string_equal(actor.office, "town");
    assert_true(actor.person_number != WF_NUMBER_NONE);
    send("user.changed", "user=li office=other");
    assert_true(wf_accounts_user(here.city->accounts, WF_TEXT("li"), &actor, &after));
    assert_string_equal(actor.office, "other");
    assert_true(before == after);
    send("user.removed", "user=li");
    assert_false(wf_accounts_user(here.city->accounts, WF_TEXT("li"), &actor, &after));
    send("user.added", "user=li role=resident person=P-0000042");
    assert_true(wf_accounts_user(here.city->accounts, WF_TEXT("li"), &actor, &after));
    assert_false(before == after); // sessions of before have ended
}

// ---- many at once ----

static void *ask_often(void *context)
{
    const char *token = context;
    wf_actor actor;
    weft_error error = {0};
    for (int i = 0; i < 2000; i++)
        WF_IGNORE(wf_accounts_bearer(here.city->accounts, wf_text_of(token), now, &actor,
                                     &error),
                  "it is revoked meanwhile");
    return NULL;
}

static void accounts_are_asked_while_they_change(void **state)
{
    weft_token_reply token = issue("S-1", "sampler", "3202", 0);
    weft_error error = {0};
    pthread_t threads[2];
    size_t count;
    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, token.token), 0);
    issue("S-2", "lab", "3202", 0);
    issue("S-3", "lab", "3202", 0);
    open_city_ok(weft_token_revoke(here.city, NULL, "S-1", NULL, NULL, &count, &error),
                 &error);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    wf_actor actor;
    assert_false(comes_in(token.token, now, &actor));
}

// The rows may grow, shrink and change what they hang on.
static void many_rows_come_and_go(void **state)
{
    char fields[200];
    (void)state;
    for (int i = 0; i < 70; i++) {
        snprintf(fields, sizeof fields, "device=D-%d role=guard grid=3202", i);
        send("device.enrolled", fields);
    }
    for (int i = 0; i < 70; i += 2) {
        snprintf(fields, sizeof fields, "device=cli seq=%d", i + 1);
        send("fact.withdrawn", fields);
    }
    for (int i = 0; i < 70; i++) {
        wf_account_rights rights;
        snprintf(fields, sizeof fields, "D-%d", i);
        assert_int_equal(
            wf_accounts_rights(here.city->accounts, wf_text_of(fields), false, &rights),
            i % 2 == 1);
    }
    send("device.enrolled", "device=D-0 role=lab");
    wf_account_rights rights;
    assert_true(wf_accounts_rights(here.city->accounts, WF_TEXT("D-0"), false, &rights));
    assert_int_equal(rights.role, WF_ROLE_LAB);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_token_says_who_it_is),
        TEST(a_forged_token_is_nobodys),
        TEST(a_token_ends_by_the_clock),
        TEST(what_is_revoked_is_out_at_once),
        TEST(a_token_is_never_more_than_its_device),
        TEST(an_actor_makes_no_more_than_they_are),
        TEST(custody_and_assignments_hold_until_their_end),
        TEST(a_user_has_their_own_person_and_office),
        TEST(accounts_are_asked_while_they_change),
        TEST(many_rows_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
