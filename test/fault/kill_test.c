// Law "Death" (DESIGN §3) with a real process: it sends, applies, delivers, makes anew
// and forgets on the real disk, says after each step that it is done, and is killed
// (SIGKILL) at a random moment. Whoever opens the folder next finds what was acknowledged
// once, and goes on to the same end.
//
// The seed is printed; WEFT_PROP_CASES sets how often.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/prng.h"
#include "support/store_script.h"

enum { cases_default = 12, rounds_max = 400 };

// Never returns. Says a byte when the city is open, and one after each step.
static void live_and_say(made_city *city, const script *s, int said)
{
    weft_error error = {0};
    if (open_city(city, &wf_io_posix, &error) != WEFT_OK || write(said, "o", 1) != 1)
        _exit(1);
    for (size_t i = 0; i < s->count; i++)
        if (do_step(city, s, i, &error) != WEFT_OK || write(said, "s", 1) != 1)
            _exit(2);
    _exit(0);
}

// Bytes that were said until the other end was closed by its death.
static size_t count_said(int hears)
{
    size_t count = 0;
    char byte;
    while (read(hears, &byte, 1) == 1)
        count++;
    return count;
}

// Kills after a while, in microseconds. The steps that were acknowledged; true in
// *ret_whole when it had ended by itself.
static size_t live_for(made_city *city, const script *s, uint32_t while_us,
                       bool *ret_whole)
{
    int pipes[2], how;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        assert_int_equal(close(pipes[0]), 0);
        live_and_say(city, s, pipes[1]);
    }
    assert_int_equal(close(pipes[1]), 0);
    struct timespec wait = {while_us / 1000000, (long)(while_us % 1000000) * 1000};
    nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    size_t said = count_said(pipes[0]);
    assert_int_equal(close(pipes[0]), 0);
    assert_true(WIFSIGNALED(how) || (WIFEXITED(how) && WEXITSTATUS(how) == 0));
    *ret_whole = WIFEXITED(how);
    return said > 0 ? said - 1 : 0;
}

static void what_was_acknowledged_outlives_a_kill_at_any_moment(void **state)
{
    (void)state;
    const char *told = getenv("WEFT_PROP_CASES");
    int64_t cases = cases_default, seed = 20211212;
    if (told != NULL)
        assert_true(wf_parse_i64(wf_text_of(told), 1, 1000000, &cases));
    told = getenv("WEFT_PROP_SEED");
    if (told != NULL)
        assert_true(wf_parse_i64(wf_text_of(told), 0, INT64_MAX, &seed));
    print_message("# seed %lld\n", (long long)seed);
    wf_prng dice = wf_prng_new((uint64_t)seed);
    script s;
    script_new(&s);
    // Lives become longer until one ends by itself: all moments of a life are met,
    // however fast the machine.
    uint32_t longest_us = 20000;
    size_t killed = 0;
    for (int round = 0; (int64_t)killed < cases && round < rounds_max; round++) {
        made_city city;
        bool whole = false;
        new_city(&city);
        size_t at = live_for(&city, &s, 1000 + wf_prng_below(&dice, longest_us), &whole);
        killed += !whole;
        if (whole)
            longest_us -= longest_us / 2;
        else if (at < s.count / 2)
            longest_us += longest_us / 4;
        check_after(&city, &s, at);
        made_city_done(&city);
    }
    assert_int_equal(killed, cases);
    history_done(&s.h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_outlives_a_kill_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
