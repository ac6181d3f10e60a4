// An upgrade that is cut off at any call that changes the disk, or at which one fails:
// the next one brings it to its end, and until then the folder opens for nothing else.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/change/upgrade.h"
#include "support/fault_io.h"
#include "support/older_city.h"
#include "weft/care.h"

enum { calls_max = 1000 };

static void keep_total(void *context, const weft_digest_line *line)
{
    char(*total)[65] = context;
    if (strcmp(line->name, "total") == 0)
        memcpy(*total, line->hex, sizeof *total);
}

static void total_of(const older_city *city, char ret[65])
{
    weft_error error = {0};
    weft_city *open = NULL;
    char total[65] = "";
    assert_int_equal(weft_city_open(city->dir.text, &city->options, &open, &error),
                     WEFT_OK);
    assert_int_equal(weft_digest(open, keep_total, &total, &error), WEFT_OK);
    weft_city_close(open);
    memcpy(ret, total, sizeof total);
}

static bool is_upgraded(const older_city *city)
{
    static const char *const names[] = {"records.db", "records.older"};
    wf_path older = scratch_path(&city->dir, names[1]);
    wf_path path = scratch_path(&city->dir, names[0]);
    char head[16] = "";
    FILE *file = fopen(path.text, "rb");
    if (file != NULL) {
        assert_true(fread(head, 1, sizeof head, file) <= sizeof head);
        assert_int_equal(fclose(file), 0);
    }
    return memcmp(head, "SQLite format 3", sizeof head) != 0 &&
           !wf_io_exists(&wf_io_posix, older.text);
}

// True when the upgrade came to its end before the call.
static bool cut_at(fault_kind kind, unsigned long at, const char wanted[65])
{
    older_city city;
    fault_io fault;
    weft_error error = {0};
    weft_upgrade_summary done;
    char total[65];
    older_city_new(&city);
    fault_io_init(&fault);
    fault.kind = kind;
    fault.at = at;
    fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
    weft_status status =
        wf_upgrade(&fault.io, city.dir.text, &city.options, false, &done, &error);
    bool ended = fault.calls < at;
    if (ended)
        assert_int_equal(status, WEFT_OK);
    if (!is_upgraded(&city)) {
        weft_city *open = NULL;
        assert_int_not_equal(status, WEFT_OK);
        assert_int_equal(weft_city_open(city.dir.text, &city.options, &open, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, "records.older");
        wf_error_clear(&error);
        status = weft_upgrade(city.dir.text, &city.options, false, &done, &error);
        if (status != WEFT_OK)
            fail_msg("kind %d, call %lu: %s", (int)kind, at, error.code);
        for (size_t i = 0; i < WEFT_UPGRADE_TABLES; i++)
            assert_int_equal(done.tables[i].accepted + done.tables[i].had,
                             done.tables[i].rows);
    }
    total_of(&city, total);
    assert_string_equal(total, wanted);
    older_city_done(&city);
    return ended;
}

static void an_upgrade_that_was_cut_off_is_brought_to_its_end(void **state)
{
    (void)state;
    older_city city;
    weft_error error = {0};
    weft_upgrade_summary done;
    char wanted[65];
    older_city_new(&city);
    assert_int_equal(weft_upgrade(city.dir.text, &city.options, false, &done, &error),
                     WEFT_OK);
    total_of(&city, wanted);
    older_city_done(&city);
    static const fault_kind kinds[] = {FAULT_ONCE, FAULT_KILL};
    // Every call with WEFT_LONG, else every third, others for each kind.
    unsigned long step = getenv("WEFT_LONG") != NULL ? 1 : 3;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        unsigned long at = 1 + i;
        while (!cut_at(kinds[i], at, wanted)) {
            at += step;
            assert_true(at < calls_max);
        }
        assert_true(at > 20); // it did change the disk
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upgrade_that_was_cut_off_is_brought_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
