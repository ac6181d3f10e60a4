// The outlines of a city when the n-th call that changes the disk fails, or the power
// goes after any of them: there are the old ones or the new ones, whole.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "load/outlines.h"
#include "support/bytes_source.h"
#include "support/fault_io.h"
#include "support/power_io.h"

enum { calls_max = 30 };

#define FILE_OF(grid)                                                                    \
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\"" \
    ":{\"grid\":\"" grid "\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[["    \
    "119,31],[120,31],[120,32],[119,31]]]}}]}"

static wf_path base;
static wf_zone *zone;

static int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    scratch_new(&base);
    return wf_zone_open("Asia/Shanghai", &zone, &error) != WEFT_OK;
}

static int end(void **state)
{
    (void)state;
    wf_zone_close(zone);
    scratch_remove(base.text);
    return 0;
}

static weft_status load(const wf_io *io, const char *text, char digest[65],
                        weft_error *error)
{
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84};
    const wf_outlines_city city = {.io = io,
                                   .city_dir = base.text,
                                   .grid = "",
                                   .zone = zone,
                                   .now = {INT64_C(1639180800000000)}};
    bytes_source bytes = {.bytes = text, .size = strlen(text)};
    const weft_import_source source = {
        .read = bytes_source_read, .context = &bytes, .name = "towns.geojson"};
    weft_outlines_summary summary;
    weft_status status = wf_outlines_import(&city, &source, &how, &summary, error);
    if (status == WEFT_OK)
        memcpy(digest, summary.digest, sizeof summary.digest);
    return status;
}

// Of what is there now; "" when nothing is.
static void look(char digest[65])
{
    weft_error error = {0};
    wf_outlines_file file;
    weft_status status = wf_outlines_open(&wf_io_posix, base.text, &file, &error);
    digest[0] = '\0';
    if (status == WEFT_NOT_FOUND)
        return;
    assert_int_equal(status, WEFT_OK);
    memcpy(digest, file.digest, sizeof file.digest);
    assert_int_equal(wf_io_posix.close(&wf_io_posix, file.file), 0);
}

static void a_failed_import_leaves_the_old_ones_or_the_new(void **state)
{
    (void)state;
    weft_error error = {0};
    char old[65], new[65], found[65];
    unsigned long at = 1, failed = 0;
    assert_int_equal(load(&wf_io_posix, FILE_OF("320282101"), new, &error), WEFT_OK);
    for (bool ended = false; !ended && at < calls_max; at++) {
        fault_io fault;
        assert_int_equal(load(&wf_io_posix, FILE_OF("320282100"), old, &error), WEFT_OK);
        fault_io_init(&fault);
        fault.errno_value = at % 2 == 0 ? EIO : ENOSPC;
        fault.at = at;
        fault.kind = FAULT_ONCE;
        weft_status status = load(&fault.io, FILE_OF("320282101"), found, &error);
        ended = fault.calls < at;
        look(found);
        failed += status != WEFT_OK;
        assert_true(status == WEFT_OK || status == WEFT_STORAGE ||
                    status == WEFT_DISK_FULL);
        // Only when the folder's sync fails do the new ones stand there already.
        assert_string_equal(found, status == WEFT_OK || at == 6 ? new : old);
        wf_path beside = scratch_path(&base, WF_OUTLINES_NAME ".next");
        assert_false(wf_io_exists(&wf_io_posix, beside.text));
    }
    // Making, writing, syncing and renaming it, and the folder. What is removed before
    // may be missing.
    assert_int_equal(failed, 5);
    assert_in_range(at, 7, calls_max - 1);
}

static void a_power_cut_anywhere_leaves_the_old_ones_or_the_new(void **state)
{
    (void)state;
    static power_io power;
    weft_error error = {0};
    char first[65], second[65], found[65];
    wf_prng prng = wf_prng_new(11);
    wf_path path = scratch_path(&base, WF_OUTLINES_NAME);

    assert_int_equal(unlink(path.text), 0);
    power_io_init(&power);
    assert_int_equal(load(&power.io, FILE_OF("320282100"), first, &error), WEFT_OK);
    size_t after_first = power.count;
    assert_int_equal(load(&power.io, FILE_OF("320282101"), second, &error), WEFT_OK);
    for (size_t cut = 0; cut <= power.count; cut++)
        for (power_mode mode = POWER_ALL; mode <= POWER_RANDOM; mode++)
            for (int turn = 0; turn < (mode == POWER_RANDOM ? 20 : 1); turn++) {
                power_cut(&power, cut, mode, &prng);
                look(found);
                bool is_second = strcmp(found, second) == 0;
                if (cut < after_first) // none yet, or the first
                    assert_true(found[0] == '\0' || strcmp(found, first) == 0);
                else if (cut < power.count)
                    assert_true(is_second || strcmp(found, first) == 0);
                else
                    assert_true(is_second);
            }
    power_io_done(&power);
}

static void a_removal_that_fails_says_so_and_can_be_done_again(void **state)
{
    (void)state;
    weft_error error = {0};
    char old[65], found[65];
    for (unsigned long at = 1; at <= 2; at++) { // unlink, then the folder's sync
        fault_io fault;
        bool had = false;
        assert_int_equal(load(&wf_io_posix, FILE_OF("320282100"), old, &error), WEFT_OK);
        fault_io_init(&fault);
        fault.errno_value = EIO;
        fault.at = at;
        fault.kind = FAULT_ONCE;
        assert_int_equal(wf_outlines_remove(&fault.io, base.text, &had, &error),
                         WEFT_STORAGE);
        assert_false(had);
        look(found);
        assert_string_equal(found, at == 1 ? old : "");
        assert_int_equal(wf_outlines_remove(&fault.io, base.text, &had, &error), WEFT_OK);
        assert_true(had == (at == 1));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_import_leaves_the_old_ones_or_the_new),
        cmocka_unit_test(a_power_cut_anywhere_leaves_the_old_ones_or_the_new),
        cmocka_unit_test(a_removal_that_fails_says_so_and_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
