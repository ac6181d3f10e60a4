// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <unistd.h>

#include "load/outlines.h"
#include "support/bytes_source.h"
#include "support/scratch.h"

#define FILE_OF(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define AREA(properties)                                                                 \
    "{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":{\"type\":"      \
    "\"Polygon\",\"coordinates\":[[[119,31],[120,31],[120,32],[119,31]]]}}"
#define PLACE(properties)                                                                \
    "{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":{\"type\":"      \
    "\"Point\",\"coordinates\":[119.5,31.5]}}"

static wf_path base;
static wf_zone *zone;
static wf_outlines_city city;

static int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    scratch_new(&base);
    weft_status status = wf_zone_open("Asia/Shanghai", &zone, &error);
    city = (wf_outlines_city){.io = &wf_io_posix,
                              .city_dir = base.text,
                              .grid = "320282",
                              .zone = zone,
                              .now = {INT64_C(1639180800000000)}};
    return status != WEFT_OK;
}

static int end(void **state)
{
    (void)state;
    wf_zone_close(zone);
    scratch_remove(base.text);
    return 0;
}

static wf_path kept(void)
{
    return scratch_path(&base, WF_OUTLINES_NAME);
}

static weft_status load(const char *text, const weft_outlines_options *how,
                        weft_outlines_summary *ret, weft_error *error)
{
    bytes_source bytes = {.bytes = text, .size = strlen(text), .part = 7};
    const weft_import_source source = {
        .read = bytes_source_read, .context = &bytes, .name = "towns.geojson"};
    return wf_outlines_import(&city, &source, how, ret, error);
}

// ---- what is kept ----

static void what_is_kept_says_its_datum_and_its_digest(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_GCJ02};
    weft_error error = {0};
    weft_outlines_summary summary;
    wf_outlines_file file;
    size_t size;
    assert_int_equal(load(FILE_OF(AREA("\"grid\":\"320282100\"") "," PLACE(
                              "\"name\":\"x\"") "," AREA("\"grid\":\"320281\"")),
                          &how, &summary, &error),
                     WEFT_OK);
    assert_int_equal(summary.outlines, 1);
    assert_int_equal(summary.places, 1);
    assert_int_equal(summary.outside, 1);
    assert_int_equal(summary.positions, 5);
    assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error), WEFT_OK);
    assert_string_equal(file.digest, summary.digest);
    close(file.file);
    wf_path path = kept();
    char *bytes = scratch_read(&path, &size);
    assert_int_equal(size, file.size);
    bytes = realloc(bytes, size + 1);
    bytes[size] = '\0';
    assert_memory_equal(bytes + 11, summary.digest, 64);
    assert_string_equal(
        bytes + 75,
        "\",\n\"type\":\"FeatureCollection\",\"datum\":\"gcj02\",\"loaded\":"
        "\"2021-12-11T08:00:00+08:00\",\n\"outlines\":1,\"places\":1,\"features\":[\n"
        "{\"type\":\"Feature\",\"properties\":{\"grid\":\"320282100\"},\"geometry\":{"
        "\"type\":\"MultiPolygon\",\"coordinates\":[[[[119,31],[120,31],[120,32],[119,31]"
        "]]]}},\n{\"type\":\"Feature\",\"properties\":{\"name\":\"x\"},\"geometry\":{"
        "\"type\":\"Point\",\"coordinates\":[119.5,31.5]}}\n]}\n");
    free(bytes);
}

static void another_file_takes_the_place_of_the_first(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84,
                                              .property = "adcode"},
                                       look = {.datum = WEFT_DATUM_WGS84,
                                               .only_look = true};
    weft_error error = {0};
    weft_outlines_summary first, second, looked;
    wf_outlines_file file, later;
    assert_int_equal(load(FILE_OF(AREA("\"adcode\":320282100")), &how, &first, &error),
                     WEFT_OK);
    assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error), WEFT_OK);
    assert_int_equal(load(FILE_OF(AREA("\"adcode\":320282101")), &how, &second, &error),
                     WEFT_OK);
    assert_string_not_equal(first.digest, second.digest);
    // Who reads the first one reads it to its end.
    assert_string_equal(file.digest, first.digest);
    char byte;
    assert_int_equal(pread(file.file, &byte, 1, (off_t)file.size - 1), 1);
    close(file.file);
    assert_int_equal(
        load(FILE_OF(AREA("\"grid\":\"320282102\"")), &look, &looked, &error), WEFT_OK);
    assert_string_equal(looked.digest, "");
    assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &later, &error), WEFT_OK);
    assert_string_equal(later.digest, second.digest);
    close(later.file);
}

// ---- what is refused ----

static const struct {
    const char *code, *text;
} refused[] = {
    {"outlines.no_grid", FILE_OF(AREA("\"name\":\"x\""))},
    {"outlines.no_grid", FILE_OF(AREA("\"grid\":null"))},
    {"outlines.grid", FILE_OF(AREA("\"grid\":\"32028210\""))},
    {"outlines.grid", FILE_OF(AREA("\"grid\":\"32028210x\""))},
    {"outlines.grid", FILE_OF(AREA("\"grid\":\"宜城街\""))},
    {"outlines.grid", FILE_OF(PLACE("\"name\":\"x\",\"grid\":\"1\""))},
    {"outlines.place", FILE_OF(AREA("\"grid\":\"320282100\"") "," PLACE(""))},
    {"outlines.twice", FILE_OF(AREA("\"grid\":\"320282100\"") "," AREA(
                           "\"grid\":\"320282101\"") "," AREA("\"grid\":320282100"))},
    {"outlines.nothing", FILE_OF(AREA("\"grid\":\"320281100\""))},
    {"outlines.nothing", FILE_OF(PLACE("\"name\":\"x\""))},
    {"geojson.json", "none"},
};

static void what_is_refused_leaves_what_was_there(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84};
    weft_error error = {0};
    weft_outlines_summary summary;
    wf_outlines_file file;
    assert_int_equal(
        load(FILE_OF(AREA("\"grid\":\"320282100\"")), &how, &summary, &error), WEFT_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        weft_outlines_summary none = {.outlines = 7};
        weft_status status = load(refused[i].text, &how, &none, &error);
        if (status != WEFT_BAD_INPUT || strcmp(error.code, refused[i].code) != 0)
            fail_msg("%s: %s", refused[i].text, status == WEFT_OK ? "taken" : error.code);
        assert_string_equal(error.file, "towns.geojson");
        assert_int_equal(none.outlines, 7);
        assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error),
                         WEFT_OK);
        assert_string_equal(file.digest, summary.digest);
        close(file.file);
        wf_error_clear(&error);
    }
}

static void the_datum_is_asked_for(void **state)
{
    (void)state;
    static const weft_outlines_options how = {0};
    weft_error error = {0};
    weft_outlines_summary summary;
    weft_datum datum = WEFT_DATUM_ASK;
    assert_int_equal(
        load(FILE_OF(AREA("\"grid\":\"320282100\"")), &how, &summary, &error),
        WEFT_BAD_USAGE);
    assert_string_equal(error.code, "outlines.datum");
    assert_false(weft_datum_parse("", &datum));
    assert_false(weft_datum_parse("WGS84", &datum));
    assert_false(weft_datum_parse("bd09", &datum));
    assert_true(weft_datum_parse("gcj02", &datum));
    assert_int_equal(datum, WEFT_DATUM_GCJ02);
}

static void a_source_that_fails_is_said(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84};
    bytes_source bytes = {.bytes = "{}{}", .size = 4, .part = 2, .fails_at = 2};
    const weft_import_source source = {
        .read = bytes_source_read, .context = &bytes, .name = "towns.geojson"};
    weft_outlines_summary summary;
    weft_error error = {0};
    assert_int_equal(wf_outlines_import(&city, &source, &how, &summary, &error),
                     WEFT_STORAGE);
    assert_string_equal(error.code, "io.read");
}

// ---- damage ----

static void a_byte_that_is_another_is_noticed(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84};
    weft_error error = {0};
    weft_outlines_summary summary;
    wf_outlines_file file;
    size_t size;
    assert_int_equal(
        load(FILE_OF(AREA("\"grid\":\"320282100\"")), &how, &summary, &error), WEFT_OK);
    wf_path path = kept();
    char *bytes = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 1;
        scratch_write(&path, bytes, size);
        assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error),
                         WEFT_DAMAGED);
        assert_string_equal(error.code, "outlines.damaged");
        bytes[at] ^= 1;
        scratch_write(&path, bytes, at);
        assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error),
                         WEFT_DAMAGED);
    }
    free(bytes);
    assert_int_equal(unlink(path.text), 0);
    assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error),
                     WEFT_NOT_FOUND);
    assert_string_equal(error.code, "outlines.none");
}

// ---- away with them ----

static void they_are_taken_away_damaged_or_not(void **state)
{
    (void)state;
    static const weft_outlines_options how = {.datum = WEFT_DATUM_WGS84};
    weft_error error = {0};
    weft_outlines_summary summary;
    wf_outlines_file file;
    wf_path path = kept();
    for (int turn = 0; turn < 2; turn++) {
        bool had = false;
        assert_int_equal(
            load(FILE_OF(AREA("\"grid\":\"320282100\"")), &how, &summary, &error),
            WEFT_OK);
        if (turn == 1)
            scratch_write(&path, "{", 1);
        assert_int_equal(wf_outlines_remove(&wf_io_posix, base.text, &had, &error),
                         WEFT_OK);
        assert_true(had);
        assert_int_equal(wf_outlines_open(&wf_io_posix, base.text, &file, &error),
                         WEFT_NOT_FOUND);
        assert_int_equal(wf_outlines_remove(&wf_io_posix, base.text, &had, &error),
                         WEFT_OK);
        assert_false(had);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_says_its_datum_and_its_digest),
        cmocka_unit_test(another_file_takes_the_place_of_the_first),
        cmocka_unit_test(what_is_refused_leaves_what_was_there),
        cmocka_unit_test(the_datum_is_asked_for),
        cmocka_unit_test(a_source_that_fails_is_said),
        cmocka_unit_test(a_byte_that_is_another_is_noticed),
        cmocka_unit_test(they_are_taken_away_damaged_or_not),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
