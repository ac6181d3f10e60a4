// weft export when the n-th call that changes the disk fails, for every n: the file is
// the old one or the new one, whole, and nothing lies beside it.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/city/city.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "weft/export.h"
#include "weft/facts.h"

enum { calls_max = 60 };

static wf_path base;
static weft_city *city;
static const wf_io *real_io;

static int make_city(void **state)
{
    (void)state;
    weft_error error = {0};
    weft_fact_options how = {.at = WEFT_TIME_NONE};
    weft_fact_reply reply;
    static const char *const fields[] = {"tube=T-1", "count=3"};
    scratch_new(&base);
    wf_path dir = scratch_path(&base, "city"), keys = scratch_path(&base, "keys");
    weft_init_options options = {.kind = WEFT_CITY_DRILL,
                                 .clock = "2021-12-12T06:00+08:00",
                                 .keys.key_dir = keys.text};
    if (weft_city_init(dir.text, &options, &error) != WEFT_OK ||
        weft_city_open(dir.text, &options.keys, &city, &error) != WEFT_OK ||
        weft_fact_send(city, "tube.sealed", fields, 2, &how, &reply, &error) != WEFT_OK)
        return -1;
    real_io = city->io;
    return 0;
}

static int remove_city(void **state)
{
    (void)state;
    weft_city_close(city);
    scratch_remove(base.text);
    return 0;
}

static bool is_old(const wf_path *path)
{
    size_t size;
    char *bytes = scratch_read(path, &size);
    bool old = size == 3 && memcmp(bytes, "old", 3) == 0;
    free(bytes);
    return old;
}

static bool is_there(const char *name)
{
    wf_path path = scratch_path(&base, name);
    return wf_io_exists(&wf_io_posix, path.text);
}

// False when the export came to its end before the call.
static bool fail_at(weft_export_format format, unsigned long at)
{
    fault_io fault;
    weft_error error = {0};
    weft_view_question question = {.view = "testing/tubes"};
    weft_export_options how = {.format = format};
    weft_export_summary summary = {0};
    wf_path path = scratch_path(&base, "out");
    scratch_write(&path, "old", 3);
    fault_io_init(&fault);
    fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
    fault.kind = FAULT_ONCE;
    fault.at = at;
    city->io = city->outside = &fault.io;
    weft_status status = weft_export(city, &question, &how, path.text, &summary, &error);
    city->io = city->outside = real_io;
    if (status == WEFT_OK) {
        assert_int_equal(summary.rows, 1);
        assert_false(is_old(&path));
    } else {
        assert_true(status == WEFT_STORAGE || status == WEFT_DISK_FULL);
        // Only when the folder's sync fails does the new file stand there already.
        assert_true(is_old(&path) || strcmp(error.code, "io.sync") == 0 ||
                    status == WEFT_DISK_FULL);
    }
    assert_true(!is_there("out.next") || fault.calls == at);
    return fault.calls >= at;
}

static void a_failed_export_leaves_the_old_file_or_the_new(void **state)
{
    (void)state;
    static const weft_export_format formats[] = {WEFT_EXPORT_CSV, WEFT_EXPORT_XLSX};
    for (size_t i = 0; i < 2; i++) {
        unsigned long at = 1;
        while (at < calls_max && fail_at(formats[i], at))
            at++;
        assert_in_range(at, 5, calls_max - 1);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_export_leaves_the_old_file_or_the_new),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
