// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "model/catalogue.h"
#include "wire/geojson.h"

#define COLLECTION(features)                                                             \
    "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FEATURE(properties, type, coordinates)                                           \
    "{\"type\":\"Feature\",\"properties\":{" properties                                  \
    "},\"geometry\":{\"type\":\"" type "\",\"coordinates\":" coordinates "}}"
#define SQUARE "[[1,1],[2,1],[2,2],[1,2],[1,1]]"
#define GOOD FEATURE("\"grid\":\"3202\"", "Polygon", "[" SQUARE "]")

static weft_status read(const char *text, size_t size, wf_arena *arena, wf_geojson *ret,
                        weft_error *error)
{
    return wf_geojson_read((wf_text){text, size}, "grid", arena, ret, error);
}

// ---- what is taken ----

static const struct {
    const char *what, *text, *written;
} taken[] = {
    {"a polygon", COLLECTION(GOOD),
     FEATURE("\"grid\":\"3202\"", "MultiPolygon", "[[" SQUARE "]]")},
    {"a mark of the order of bytes first", "\xef\xbb\xbf" COLLECTION(GOOD),
     FEATURE("\"grid\":\"3202\"", "MultiPolygon", "[[" SQUARE "]]")},
    {"a code that is a number, a name, more properties, a height",
     COLLECTION(FEATURE("\"grid\":320282100,\"name\":\" 宜城 \",\"adcode\":[1,{}]",
                        "Polygon", "[[[1,1,7],[2,1],[2,2,0.5],[1,1]]]")),
     FEATURE("\"grid\":\"320282100\",\"name\":\"宜城\"", "MultiPolygon",
             "[[[[1,1],[2,1],[2,2],[1,1]]]]")},
    {"parts, one of them with a hole, and as few digits as say it",
     COLLECTION(FEATURE("\"grid\":\"3202\"", "MultiPolygon",
                        "[[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],"
                        "[[[-179.99999994,-89.5],[-100,-80.0000001],[-90,-85.25],"
                        "[-179.99999994,-89.5]]]]")),
     FEATURE("\"grid\":\"3202\"", "MultiPolygon",
             "[[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],"
             "[[[-179.9999999,-89.5],[-100,-80.0000001],[-90,-85.25],"
             "[-179.9999999,-89.5]]]]")},
    {"a named place, quotes in its name",
     COLLECTION(FEATURE("\"name\":\"a \\\"b\\\"\"", "Point", "[119.8,-0.0000001]")),
     FEATURE("\"name\":\"a \\\"b\\\"\"", "Point", "[119.8,-0.0000001]")},
    {"no properties at all",
     COLLECTION("{\"type\":\"Feature\",\"properties\":null,\"geometry\":{\"type\":"
                "\"Point\",\"coordinates\":[1e1,-9E+1]}}"),
     FEATURE("", "Point", "[10,-90]")},
    {"a system of coordinates that is degrees",
     "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{"
     "\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},\"features\":[" GOOD "]}",
     FEATURE("\"grid\":\"3202\"", "MultiPolygon", "[[" SQUARE "]]")},
};

static void good_features_are_read_and_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        wf_arena arena;
        wf_geojson all;
        weft_error error = {0};
        wf_buffer line = {0};
        wf_arena_init(&arena, 0);
        weft_status status =
            read(taken[i].text, strlen(taken[i].text), &arena, &all, &error);
        if (status != WEFT_OK)
            fail_msg("%s: %s", taken[i].what, error.code);
        assert_int_equal(all.features_count, 1);
        assert_true(wf_geojson_write(&all, &all.features[0], &line));
        assert_true(wf_buffer_append(&line, "", 1));
        assert_string_equal(line.bytes, taken[i].written);
        wf_buffer_done(&line);
        wf_arena_done(&arena);
    }
}

// ---- what is refused ----

static const struct {
    const char *code, *text, *feature; // its number; NULL: no one's fault
} refused[] = {
    {"geojson.json", "", NULL},
    {"geojson.json", "{\"type\":\"FeatureCollection\",", NULL},
    {"geojson.json", COLLECTION(GOOD) "x", NULL},
    {"geojson.json", COLLECTION("\"\xff\""), NULL},
    {"geojson.json", COLLECTION("\"\\u0000\""), NULL},
    {"geojson.json", COLLECTION(FEATURE("", "Point", "[NaN,1]")), NULL},
    {"geojson.json", COLLECTION(FEATURE("", "Point", "[Infinity,1]")), NULL},
    {"geojson.number", COLLECTION(FEATURE("", "Point", "[1e400,1]")), NULL},
    {"geojson.number",
     COLLECTION(FEATURE("\"grid\":99999999999999999999", "Point", "[1,1]")), NULL},
    {"geojson.key_twice", COLLECTION(FEATURE("\"grid\":1,\"grid\":2", "Point", "[1,1]")),
     NULL},
    {"geojson.deep", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", NULL},
    {"geojson.collection", "[1,2]", NULL},
    {"geojson.collection", GOOD, NULL},
    {"geojson.collection", "{\"type\":\"FeatureCollection\"}", NULL},
    {"geojson.collection", "{\"type\":\"FeatureCollection\",\"features\":{}}", NULL},
    {"geojson.collection", "{\"type\":\"Topology\",\"features\":[" GOOD "]}", NULL},
    {"geojson.crs",
     "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{"
     "\"name\":\"urn:ogc:def:crs:EPSG::3857\"}},\"features\":[" GOOD "]}",
     NULL},
    {"geojson.crs",
     "{\"type\":\"FeatureCollection\",\"crs\":4326,\"features\":[" GOOD "]}", NULL},
    {"geojson.empty", COLLECTION(""), NULL},
    {"geojson.feature", COLLECTION(GOOD ",7"), "2"},
    {"geojson.feature", COLLECTION("{\"type\":\"Point\",\"coordinates\":[1,1]}"), "1"},
    {"geojson.code", COLLECTION(FEATURE("\"grid\":[1]", "Point", "[1,1]")), "1"},
    {"geojson.code", COLLECTION(FEATURE("\"grid\":1.5", "Point", "[1,1]")), "1"},
    {"geojson.code", COLLECTION(FEATURE("\"grid\":-1", "Point", "[1,1]")), "1"},
    {"geojson.code", COLLECTION(FEATURE("\"grid\":\"1\\u0007\"", "Point", "[1,1]")), "1"},
    {"geojson.name", COLLECTION(GOOD "," FEATURE("\"name\":{}", "Point", "[1,1]")), "2"},
    {"geojson.name", COLLECTION(FEATURE("\"name\":\"a\\nb\"", "Point", "[1,1]")), "1"},
    {"geojson.geometry", COLLECTION(FEATURE("", "LineString", "[[1,1],[2,2]]")), "1"},
    {"geojson.geometry",
     COLLECTION("{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}"), "1"},
    {"geojson.geometry",
     COLLECTION("{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":"
                "\"GeometryCollection\",\"geometries\":[]}}"),
     "1"},
    {"geojson.polygon", COLLECTION(FEATURE("", "Polygon", "[]")), "1"},
    {"geojson.polygon", COLLECTION(FEATURE("", "Polygon", "7")), "1"},
    {"geojson.polygon", COLLECTION(FEATURE("", "MultiPolygon", "[]")), "1"},
    {"geojson.polygon", COLLECTION(FEATURE("", "MultiPolygon", "[[]]")), "1"},
    {"geojson.position", COLLECTION(FEATURE("", "Point", "[1]")), "1"},
    {"geojson.position", COLLECTION(FEATURE("", "Point", "[\"1\",\"1\"]")), "1"},
    {"geojson.position", COLLECTION(FEATURE("", "Point", "[1,2,3,4]")), "1"},
    {"geojson.position", COLLECTION(FEATURE("", "Point", "{}")), "1"},
    {"geojson.position", COLLECTION(FEATURE("", "Polygon", "[[1,2,3,4]]")), "1"},
    {"geojson.range", COLLECTION(FEATURE("", "Point", "[31.4,119.8]")), "1"},
    {"geojson.range", COLLECTION(FEATURE("", "Point", "[180.0000001,0]")), "1"},
    {"geojson.range", COLLECTION(FEATURE("", "Point", "[13358000,3697000]")), "1"},
    {"geojson.ring_short", COLLECTION(FEATURE("", "Polygon", "[[[1,1],[2,2],[1,1]]]")),
     "1"},
    {"geojson.ring_short", COLLECTION(FEATURE("", "Polygon", "[7]")), "1"},
    {"geojson.ring_open",
     COLLECTION(FEATURE("", "Polygon", "[[[1,1],[2,1],[2,2],[1,2]]]")), "1"},
    {"geojson.ring_flat",
     COLLECTION(GOOD "," FEATURE("", "Polygon", "[[[1,1],[2,2],[3,3],[1,1]]]")), "2"},
    {"geojson.ring_flat",
     COLLECTION(FEATURE("", "Polygon", "[" SQUARE ",[[1,1],[1,1],[1,1],[1,1]]]")), "1"},
};

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        wf_arena arena;
        wf_geojson all = {0};
        weft_error error = {0};
        wf_buffer said = {0};
        wf_arena_init(&arena, 0);
        weft_status status =
            read(refused[i].text, strlen(refused[i].text), &arena, &all, &error);
        if (status != WEFT_BAD_INPUT || strcmp(error.code, refused[i].code) != 0)
            fail_msg("%s: %s", refused[i].text, status == WEFT_OK ? "taken" : error.code);
        assert_null(all.features);
        if (refused[i].feature != NULL) {
            assert_string_equal(error.params[0].name, "feature");
            assert_string_equal(error.params[0].value, refused[i].feature);
        }
        assert_true(wf_error_part_text(&error, WF_PART_HINT, WF_LANGUAGE_EN, &said));
        assert_true(said.size > 0);
        wf_buffer_done(&said);
        wf_arena_done(&arena);
    }
}

static void the_line_of_what_is_no_json_is_said(void **state)
{
    (void)state;
    static const char text[] = "{\"type\":\n\"FeatureCollection\",\n oops";
    wf_arena arena;
    wf_geojson all;
    weft_error error = {0};
    wf_arena_init(&arena, 0);
    assert_int_equal(read(text, sizeof text - 1, &arena, &all, &error), WEFT_BAD_INPUT);
    assert_int_equal(error.line, 3);
    wf_arena_done(&arena);
}

// ---- limits ----

static void repeat(wf_buffer *to, const char *part, size_t times)
{
    for (size_t i = 0; i < times; i++)
        assert_true(wf_buffer_append(to, part, strlen(part)));
}

static void is_too_large(wf_buffer *text, const char *code)
{
    wf_arena arena;
    wf_geojson all;
    weft_error error = {0};
    wf_arena_init(&arena, 0);
    assert_int_equal(read(text->bytes, text->size, &arena, &all, &error), WEFT_TOO_LARGE);
    assert_string_equal(error.code, code);
    wf_arena_done(&arena);
    wf_buffer_done(text);
}

static void a_file_has_its_limits(void **state)
{
    (void)state;
    static const char begin[] = "{\"type\":\"FeatureCollection\",\"features\":[";
    wf_buffer text = {0};
    repeat(&text, " ", wf_geojson_bytes_max + 1);
    is_too_large(&text, "geojson.too_large");
    repeat(&text, "[],", 700000); // would be a hundred megabytes of arrays
    is_too_large(&text, "geojson.too_many");
    repeat(&text, "{},", 100000);
    is_too_large(&text, "geojson.too_many");
    repeat(&text, "1,", 4000000);
    is_too_large(&text, "geojson.too_many");
    repeat(&text, begin, 1);
    repeat(&text, GOOD ",", wf_geojson_features_max);
    repeat(&text, GOOD "]}", 1);
    is_too_large(&text, "geojson.too_many");
    repeat(&text, begin, 1);
    repeat(&text,
           "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[["
           "1,1],[2,1]",
           1);
    repeat(&text, ",[2,2]", wf_geojson_positions_max);
    repeat(&text, ",[1,1]]]}}]}", 1);
    is_too_large(&text, "geojson.too_many");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_features_are_read_and_written),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(the_line_of_what_is_no_json_is_said),
        cmocka_unit_test(a_file_has_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
