// Outlines when the n-th allocation fails, for every n, jansson's among them: nothing
// leaks, and there are the old ones or the new ones, whole.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>

#include "load/outlines.h"
#include "support/bytes_source.h"
#include "support/failing_memory.h"
#include "support/scratch.h"

enum { allocations_max = 5000 };

#define FILE_OF(grid)                                                                    \
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\"" \
    ":{\"grid\":\"" grid "\",\"name\":\"甲 \\\"乙\\\"\"},\"geometry\":{\"type\":"      \
    "\"Polygon\",\"coordinates\":[[[119,31],[120,31],[120,32],[119,31]]]}},{\"type\":"   \
    "\"Feature\",\"properties\":{\"name\":\"x\"},\"geometry\":{\"type\":\"Point\","      \
    "\"coordinates\":[119.5,31.5]}}]}"

static wf_path base;
static wf_zone *zone;

static int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    scratch_new(&base);
    json_set_alloc_funcs(__wrap_malloc, __wrap_free);
    return wf_zone_open("Asia/Shanghai", &zone, &error) != WEFT_OK;
}

static int end(void **state)
{
    (void)state;
    wf_zone_close(zone);
    scratch_remove(base.text);
    return 0;
}

static weft_status load(const char *text, weft_error *error)
{
    static const weft_outlines_options how = {.datum = WEFT_DATUM_GCJ02};
    const wf_outlines_city city = {.io = &wf_io_posix,
                                   .city_dir = base.text,
                                   .grid = "",
                                   .zone = zone,
                                   .now = {INT64_C(1639180800000000)}};
    bytes_source bytes = {.bytes = text, .size = strlen(text)};
    const weft_import_source source = {
        .read = bytes_source_read, .context = &bytes, .name = "towns.geojson"};
    weft_outlines_summary summary;
    return wf_outlines_import(&city, &source, &how, &summary, error);
}

static weft_status look(char digest[65], weft_error *error)
{
    wf_outlines_file file;
    weft_status status = wf_outlines_open(&wf_io_posix, base.text, &file, error);
    if (status != WEFT_OK)
        return status;
    memcpy(digest, file.digest, sizeof file.digest);
    assert_int_equal(wf_io_posix.close(&wf_io_posix, file.file), 0);
    return WEFT_OK;
}

static void an_allocation_that_fails_leaves_the_old_ones_or_the_new(void **state)
{
    (void)state;
    char old[65], new[65], found[65];
    weft_error error = {0};
    unsigned long at = 1, failed = 0, unclear = 0;
    assert_int_equal(load(FILE_OF("320282101"), &error), WEFT_OK);
    assert_int_equal(look(new, &error), WEFT_OK);
    for (bool ended = false; !ended && at < allocations_max; at++) {
        assert_int_equal(load(FILE_OF("320282100"), &error), WEFT_OK);
        assert_int_equal(look(old, &error), WEFT_OK);
        long before = failing.living;
        arm(at);
        weft_status status = load(FILE_OF("320282101"), &error);
        disarm();
        ended = failing.calls < at;
        failed += status != WEFT_OK;
        // jansson cuts a text for which it has no memory, and then mostly finds it wrong:
        // nothing is stored then, either.
        assert_true(status == WEFT_OK || status == WEFT_NO_MEMORY ||
                    status == WEFT_BAD_INPUT);
        unclear += status == WEFT_BAD_INPUT;
        wf_error_clear(&error);
        assert_int_equal(failing.living, before);
        assert_int_equal(look(found, &error), WEFT_OK);
        assert_string_equal(found, status == WEFT_OK ? new : old);
    }
    assert_in_range(failed, 10, allocations_max - 2);
    assert_true(unclear < failed / 2);
    assert_true(at < allocations_max);
}

static void a_look_without_memory_says_so(void **state)
{
    (void)state;
    char found[65];
    weft_error error = {0};
    assert_int_equal(load(FILE_OF("320282101"), &error), WEFT_OK);
    long before = failing.living;
    arm(1);
    weft_status status = look(found, &error);
    disarm();
    assert_int_equal(status, WEFT_NO_MEMORY);
    assert_int_equal(failing.living, before);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_leaves_the_old_ones_or_the_new),
        cmocka_unit_test(a_look_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
