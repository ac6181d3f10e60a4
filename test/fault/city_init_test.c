// weft init when the n-th call that changes the disk fails, for every n.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/city/init.h"
#include "support/fault_io.h"
#include "support/scratch.h"

enum { calls_max = 200 };

typedef struct {
    wf_path base, dir, key_dir;
    weft_init_options options;
} fixture;

static void make(fixture *f)
{
    *f = (fixture){0};
    scratch_new(&f->base);
    f->dir = scratch_path(&f->base, "city");
    f->key_dir = scratch_path(&f->base, "state/weft");
    f->options = (weft_init_options){.kind = WEFT_CITY_DRILL,
                                     .clock = "2021-12-12T06:00+08:00",
                                     .keys.key_dir = f->key_dir.text};
}

static bool exists(const wf_path *path)
{
    return wf_io_exists(&wf_io_posix, path->text);
}

static void opens(fixture *f)
{
    weft_error error = {0};
    weft_city *city = NULL;
    f->options.keys.key_dir = f->key_dir.text;
    assert_int_equal(weft_city_open(f->dir.text, &f->options.keys, &city, &error),
                     WEFT_OK);
    weft_city_close(city);
}

// False when init came to its end before the call.
static bool fail_at(unsigned long at, bool had_folder)
{
    fixture f;
    fault_io fault;
    weft_error error = {0};
    make(&f);
    if (had_folder)
        assert_int_equal(mkdir(f.dir.text, 0700), 0);
    fault_io_init(&fault);
    fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
    fault.kind = FAULT_ONCE;
    fault.at = at;
    weft_status status = wf_city_init(&fault.io, f.dir.text, &f.options, &error);
    bool reached = fault.calls >= at;
    if (status == WEFT_OK) {
        opens(&f);
    } else {
        wf_path state = scratch_path(&f.base, "state");
        assert_true(reached);
        assert_false(exists(&state));
        assert_true(exists(&f.dir) == had_folder);
        assert_true(!had_folder || rmdir(f.dir.text) == 0); // it is empty
        fault.kind = FAULT_NONE;
        assert_int_equal(wf_city_init(&fault.io, f.dir.text, &f.options, &error),
                         WEFT_OK);
        opens(&f);
    }
    scratch_remove(f.base.text);
    return reached;
}

static void an_init_that_fails_anywhere_leaves_nothing(void **state)
{
    (void)state;
    for (unsigned had = 0; had < 2; had++) {
        unsigned long at = 1;
        while (at < calls_max && fail_at(at, had == 1))
            at++;
        assert_in_range(at, 10, calls_max - 1);
    }
}

static void an_init_into_a_city_leaves_the_city_alone(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    make(&f);
    assert_int_equal(weft_city_init(f.dir.text, &f.options, &error), WEFT_OK);
    assert_int_equal(weft_city_init(f.dir.text, &f.options, &error), WEFT_CONFLICT);
    opens(&f);
    wf_path elsewhere = scratch_path(&f.base, "other/keys"),
            other = scratch_path(&f.base, "other");
    f.options.keys.key_dir = elsewhere.text;
    assert_int_equal(weft_city_init(f.dir.text, &f.options, &error), WEFT_CONFLICT);
    assert_false(exists(&other));
    opens(&f);
    scratch_remove(f.base.text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_init_that_fails_anywhere_leaves_nothing),
        cmocka_unit_test(an_init_into_a_city_leaves_the_city_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
