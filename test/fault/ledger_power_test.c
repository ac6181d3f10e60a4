// A ledger after a power cut at any call, as the disk may be then: all that was
// acknowledged is there, the commit under way not at all or whole, and it goes on.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/made_ledger.h"
#include "support/power_io.h"

enum { commits_count = 7, big_commit = 2, given_up = 4 };

static unsigned size_of(unsigned commit)
{
    return commit == big_commit ? 60 : 1 + 4 * commit;
}

static unsigned facts_upto(unsigned commits)
{
    unsigned facts = 0;
    for (unsigned i = 0; i < commits; i++)
        facts += size_of(i);
    return facts;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// Writes records of a commit and gives it up, so that they are cut off again.
static void begin_and_give_up(made_ledger *made, unsigned first)
{
    weft_error error = {0};
    for (unsigned n = first; n < first + 40; n++) {
        made_fact_texts texts;
        wf_fact fact = made_fact(n, &texts);
        uint64_t position;
        ok(wf_ledger_add(made->ledger, &fact, &position, &error), &error);
    }
    wf_ledger_abandon(made->ledger);
}

typedef struct {
    made_ledger made;
    power_io power;
    size_t begin;                       // calls of the making of the city
    size_t acknowledged[commits_count]; // calls when the commit had returned
} workload;

static void run_workload(workload *w, uint64_t ahead_bytes)
{
    weft_error error = {0};
    made_ledger_new(&w->made);
    w->made.file_bytes = 3000;
    w->made.record_bytes = 500;
    w->made.ahead_bytes = ahead_bytes;
    // The ring comes again, through the log.
    wf_path keys = scratch_path(&w->made.city, "keys");
    scratch_remove(keys.text);
    scratch_remove(w->made.key_dir.text);
    power_io_init(&w->power);
    wf_keys_options options = {.io = &w->power.io,
                               .city_dir = w->made.city.text,
                               .key_dir = w->made.key_dir.text};
    ok(wf_keys_create(&options, MADE_LEDGER_CITY, &error), &error);
    w->begin = w->power.count;
    ok(made_ledger_open(&w->made, &w->power.io, &error), &error);
    for (unsigned i = 0; i < commits_count; i++) {
        if (i == given_up)
            begin_and_give_up(&w->made, 1 + facts_upto(i));
        ok(made_commit(w->made.ledger, 1 + facts_upto(i), size_of(i), i, &error), &error);
        w->acknowledged[i] = w->power.count;
        if (i % 3 == 1) {
            wf_ledger_mark(w->made.ledger);
            ok(wf_keys_commit(w->made.keys, &error), &error);
        }
    }
    made_ledger_close(&w->made);
}

static void check_image(workload *w, size_t cut, unsigned *ret_more)
{
    weft_error error = {0};
    unsigned acknowledged = 0;
    while (acknowledged < commits_count && w->acknowledged[acknowledged] <= cut)
        acknowledged++;
    ok(made_ledger_open(&w->made, &w->made.quick, &error), &error);
    unsigned commits = (unsigned)wf_ledger_now(w->made.ledger).commits;
    assert_true(commits == acknowledged || commits == acknowledged + 1);
    assert_int_equal(made_count(w->made.ledger), facts_upto(commits));
    ok(wf_ledger_verify(w->made.ledger, NULL, NULL, &error), &error);
    ok(made_commit(w->made.ledger, 1 + facts_upto(commits), 3, commits, &error), &error);
    made_ledger_close(&w->made);
    ok(made_ledger_open(&w->made, &w->made.quick, &error), &error);
    assert_int_equal(made_count(w->made.ledger), facts_upto(commits) + 3);
    made_ledger_close(&w->made);
    *ret_more += commits - acknowledged;
}

// Also what the last image was given to go on with.
static void clear_ledger(const workload *w)
{
    wf_path folder = scratch_path(&w->made.city, "ledger");
    if (wf_io_exists(&wf_io_posix, folder.text))
        scratch_remove(folder.text);
    assert_int_equal(mkdir(folder.text, 0700), 0);
}

static void cut_anywhere(uint64_t ahead_bytes)
{
    workload *w = calloc(1, sizeof *w);
    assert_non_null(w);
    run_workload(w, ahead_bytes);
    wf_prng prng = wf_prng_new(20211211);
    unsigned more[POWER_RANDOM + 1] = {0};
    for (size_t cut = w->begin; cut <= w->power.count; cut++)
        for (power_mode mode = POWER_ALL; mode <= POWER_RANDOM; mode++)
            for (int turn = 0; turn < (mode == POWER_RANDOM ? 4 : 1); turn++) {
                clear_ledger(w);
                power_cut(&w->power, cut, mode, &prng);
                check_image(w, cut, &more[mode]);
            }
    // With all of it on the disk an unacknowledged commit is there at times.
    assert_true(more[POWER_ALL] > 0);
    assert_int_equal(more[POWER_NONE], 0);
    power_io_done(&w->power);
    made_ledger_done(&w->made);
    free(w);
}

static void a_power_cut_anywhere_loses_nothing_acknowledged(void **state)
{
    (void)state;
    cut_anywhere(0);
}

// Some commits go into them, some beyond, and files end with some left.
static void nor_does_one_where_zeroes_are_written_ahead(void **state)
{
    (void)state;
    cut_anywhere(1700);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_anywhere_loses_nothing_acknowledged),
        cmocka_unit_test(nor_does_one_where_zeroes_are_written_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
