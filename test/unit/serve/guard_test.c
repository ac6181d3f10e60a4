// Which connections are taken.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/http/guard.h"

static struct sockaddr_in four(const char *text)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    assert_int_equal(inet_pton(AF_INET, text, &at.sin_addr), 1);
    return at;
}

static wf_guard *make(size_t per_address, const char *only_from)
{
    wf_guard *guard = NULL;
    weft_error error = {0};
    const wf_guard_options options = {
        .connections = 10, .per_address = per_address, .only_from = only_from};
    assert_int_equal(wf_guard_new(&options, &guard, &error), WEFT_OK);
    return guard;
}

static bool admits(wf_guard *guard, const char *text)
{
    struct sockaddr_in at = four(text);
    return wf_guard_admits(guard, (const struct sockaddr *)&at);
}

static void one_address_has_its_share_and_this_machine_more(void **state)
{
    wf_guard *guard = make(2, NULL);
    wf_guarded *taken[4];
    struct sockaddr_in other = four("192.0.2.1"), own = four("127.0.0.1");
    (void)state;
    for (int i = 0; i < 4; i++) {
        const struct sockaddr_in *from = i < 2 ? &other : &own;
        assert_true(admits(guard, i < 2 ? "192.0.2.1" : "127.0.0.1"));
        taken[i] = wf_guard_add(guard, -1, (const struct sockaddr *)from);
        assert_non_null(taken[i]);
    }
    assert_string_equal(wf_guarded_address(taken[0]), "192.0.2.1");
    assert_false(admits(guard, "192.0.2.1"));
    assert_true(admits(guard, "192.0.2.2"));
    assert_true(admits(guard, "127.0.0.1"));
    assert_true(admits(guard, "127.9.9.9"));
    wf_guard_remove(guard, taken[1]);
    assert_true(admits(guard, "192.0.2.1"));
    wf_guard_remove(guard, taken[0]);
    wf_guard_remove(guard, taken[2]);
    wf_guard_remove(guard, taken[3]);
    wf_guard_free(guard);
}

static void where_a_proxy_is_named_others_are_turned_away(void **state)
{
    wf_guard *guard = make(1, "10.0.0.5");
    struct sockaddr_in proxy = four("10.0.0.5");
    (void)state;
    assert_true(admits(guard, "10.0.0.5"));
    assert_true(admits(guard, "127.0.0.1"));
    assert_false(admits(guard, "10.0.0.50"));
    assert_false(admits(guard, "10.0.0.4"));
    // It brings everybody: it has no share.
    wf_guarded *one = wf_guard_add(guard, -1, (const struct sockaddr *)&proxy);
    assert_true(admits(guard, "10.0.0.5"));
    wf_guard_remove(guard, one);
    wf_guard_free(guard);
}

static void an_address_of_four_bytes_is_one_on_every_socket(void **state)
{
    wf_guard *guard = make(1, "10.0.0.5");
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    (void)state;
    assert_int_equal(inet_pton(AF_INET6, "::ffff:10.0.0.5", &six.sin6_addr), 1);
    assert_true(wf_guard_admits(guard, (const struct sockaddr *)&six));
    assert_int_equal(inet_pton(AF_INET6, "::ffff:127.0.0.1", &six.sin6_addr), 1);
    assert_true(wf_guard_admits(guard, (const struct sockaddr *)&six));
    assert_int_equal(inet_pton(AF_INET6, "::ffff:10.0.0.6", &six.sin6_addr), 1);
    assert_false(wf_guard_admits(guard, (const struct sockaddr *)&six));
    assert_int_equal(inet_pton(AF_INET6, "::1", &six.sin6_addr), 1);
    assert_true(wf_guard_admits(guard, (const struct sockaddr *)&six));
    wf_guard_free(guard);
}

static void at_the_end_only_those_that_ask_nothing_are_shut(void **state)
{
    wf_guard *guard = make(0, NULL);
    struct sockaddr_in own = four("127.0.0.1");
    int pairs[2][2];
    wf_guarded *taken[2];
    char byte;
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        taken[i] = wf_guard_add(guard, pairs[i][0], (const struct sockaddr *)&own);
    }
    wf_guarded_phase(taken[0], WF_PHASE_ANSWER, 0);
    wf_guarded_phase(taken[1], WF_PHASE_BETWEEN, 0);
    assert_int_equal(wf_guard_end_idle(guard), 1);
    assert_int_equal(wf_guard_end_idle(guard), 0);
    assert_int_equal(recv(pairs[1][1], &byte, 1, 0), 0);
    assert_int_equal(recv(pairs[0][1], &byte, 1, MSG_DONTWAIT), -1);
    for (int i = 0; i < 2; i++) {
        wf_guard_remove(guard, taken[i]);
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    wf_guard_free(guard);
}

// What is read slowly has its time by its size; what is made, and a listener, has none.
static void an_answer_that_does_not_leave_in_its_time_is_cut(void **state)
{
    enum { made, small, large, count };
    static const struct {
        wf_phase phase;
        uint64_t bytes;
    } cases[count] = {[made] = {WF_PHASE_ANSWER, 0},
                      [small] = {WF_PHASE_SEND, 100},
                      [large] = {WF_PHASE_SEND, 1 << 20}};
    weft_error error = {0};
    wf_guard *guard = NULL;
    const wf_guard_options options = {.connections = 10, .send_s = 1};
    struct sockaddr_in own = four("127.0.0.1");
    int pairs[count][2];
    wf_guarded *taken[count];
    char byte;
    (void)state;
    assert_int_equal(wf_guard_new(&options, &guard, &error), WEFT_OK);
    for (int i = 0; i < count; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        taken[i] = wf_guard_add(guard, pairs[i][0], (const struct sockaddr *)&own);
        wf_guarded_phase(taken[i], cases[i].phase, cases[i].bytes);
    }
    assert_int_equal(wf_guard_tick(guard, false), 0);
    while (wf_guard_tick(guard, false) == 0)
        usleep(20000);
    assert_int_equal(recv(pairs[small][1], &byte, 1, 0), 0);
    assert_int_equal(recv(pairs[made][1], &byte, 1, MSG_DONTWAIT), -1);
    assert_int_equal(recv(pairs[large][1], &byte, 1, MSG_DONTWAIT), -1);
    for (int i = 0; i < count; i++) {
        wf_guard_remove(guard, taken[i]);
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    wf_guard_free(guard);
}

// What has come of a body buys it time, and nothing else does.
static void a_body_that_stands_still_or_drips_is_cut(void **state)
{
    enum { silent, dripping, coming, count };
    weft_error error = {0};
    wf_guard *guard = NULL;
    const wf_guard_options options = {.connections = 10, .body_s = 1};
    struct sockaddr_in own = four("127.0.0.1");
    int pairs[count][2];
    wf_guarded *taken[count];
    char byte;
    size_t cut = 0;
    (void)state;
    assert_int_equal(wf_guard_new(&options, &guard, &error), WEFT_OK);
    for (int i = 0; i < count; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        taken[i] = wf_guard_add(guard, pairs[i][0], (const struct sockaddr *)&own);
        wf_guarded_phase(taken[i], WF_PHASE_BODY, 0);
    }
    // Not a whole second's worth at once: pieces count, too.
    for (int i = 0; i < 1024; i++)
        wf_guarded_came(taken[coming], 1024);
    wf_guarded_came(taken[dripping], 1);
    while (cut < 2) {
        cut += wf_guard_tick(guard, false);
        usleep(20000);
    }
    assert_int_equal(recv(pairs[silent][1], &byte, 1, 0), 0);
    assert_int_equal(recv(pairs[dripping][1], &byte, 1, 0), 0);
    assert_int_equal(recv(pairs[coming][1], &byte, 1, MSG_DONTWAIT), -1);
    for (int i = 0; i < count; i++) {
        wf_guard_remove(guard, taken[i]);
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    wf_guard_free(guard);
}

// Where bodies take much memory one has less time, and where places are scarce, too.
static void a_body_has_less_time_while_many_are_held(void **state)
{
    enum { alone, first_of_crowd, count = 11 };
    weft_error error = {0};
    wf_guard *roomy = NULL, *crowded = NULL;
    const wf_guard_options options = {.connections = 10, .body_s = 3600};
    struct sockaddr_in own = four("127.0.0.1");
    int pairs[count][2];
    wf_guarded *taken[count];
    char byte;
    size_t cut = 0;
    (void)state;
    assert_int_equal(wf_guard_new(&options, &roomy, &error), WEFT_OK);
    assert_int_equal(wf_guard_new(&options, &crowded, &error), WEFT_OK);
    for (int i = 0; i < count; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        taken[i] = wf_guard_add(i == alone ? roomy : crowded, pairs[i][0],
                                (const struct sockaddr *)&own);
        wf_guarded_phase(taken[i], WF_PHASE_BODY, 0);
    }
    wf_guarded_came(taken[first_of_crowd], 1 << 20);
    while (wf_guard_tick(roomy, true) == 0) {
        assert_int_equal(wf_guard_tick(roomy, false), 0);
        usleep(20000);
    }
    assert_int_equal(recv(pairs[alone][1], &byte, 1, 0), 0);
    while (cut < count - 2) {
        cut += wf_guard_tick(crowded, false);
        usleep(20000);
    }
    assert_int_equal(recv(pairs[first_of_crowd][1], &byte, 1, MSG_DONTWAIT), -1);
    for (int i = 0; i < count; i++) {
        wf_guard_remove(i == alone ? roomy : crowded, taken[i]);
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    wf_guard_free(roomy);
    wf_guard_free(crowded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_has_its_share_and_this_machine_more),
        cmocka_unit_test(where_a_proxy_is_named_others_are_turned_away),
        cmocka_unit_test(an_address_of_four_bytes_is_one_on_every_socket),
        cmocka_unit_test(at_the_end_only_those_that_ask_nothing_are_shut),
        cmocka_unit_test(an_answer_that_does_not_leave_in_its_time_is_cut),
        cmocka_unit_test(a_body_that_stands_still_or_drips_is_cut),
        cmocka_unit_test(a_body_has_less_time_while_many_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
