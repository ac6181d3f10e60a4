#include "wire/geojson.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    depth_max = 16, // a MultiPolygon in a collection goes down to 9
    ring_positions_min = 4,
    // What jansson may be made to hold, whatever the file is: an array of two numbers a
    // position, and a feature's three objects; with room for rings and properties.
    arrays_max = wf_geojson_positions_max + 100000,
    objects_max = 4 * wf_geojson_features_max,
    commas_max = 4 * wf_geojson_positions_max
};

typedef struct {
    const char *property;
    wf_arena *arena;
    weft_error *error;
    size_t number; // of the feature
    wf_geo_feature *features;
    size_t features_count;
    wf_geo_ring *rings;
    size_t rings_count, rings_room;
    wf_geo_position *positions;
    size_t positions_count, positions_room;
} reader;

// ---- the text of the file ----

typedef struct {
    size_t depth, deepest, arrays, objects, commas;
} tally;

// jansson goes down a call a level and takes a hundred bytes a bracket: counted before it
// sees the file.
static tally count(wf_text text)
{
    tally all = {0};
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.bytes[i];
        if (quoted && byte == '\\')
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == '{' || byte == '[')) {
            all.arrays += byte == '[';
            all.objects += byte == '{';
            all.depth++;
        } else if (!quoted && (byte == '}' || byte == ']') && all.depth > 0)
            all.depth--;
        else if (!quoted && byte == ',')
            all.commas++;
        all.deepest = all.depth > all.deepest ? all.depth : all.deepest;
    }
    return all;
}

static weft_status check_size(wf_text text, weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX], positions[WF_NUMBER_TEXT_MAX];
    if (text.size > wf_geojson_bytes_max)
        return wf_fail(error, WEFT_TOO_LARGE, "geojson.too_large", "limit",
                       wf_number_text(limit, wf_geojson_bytes_max >> 20), NULL);
    tally all = count(text);
    if (all.deepest > depth_max)
        return wf_fail(error, WEFT_BAD_INPUT, "geojson.deep", "limit",
                       wf_number_text(limit, depth_max), NULL);
    if (all.arrays > arrays_max || all.objects > objects_max || all.commas > commas_max)
        return wf_fail(error, WEFT_TOO_LARGE, "geojson.too_many", "limit",
                       wf_number_text(limit, wf_geojson_features_max), "positions",
                       wf_number_text(positions, wf_geojson_positions_max), NULL);
    return WEFT_OK;
}

static weft_status wrong_json(weft_error *error, const json_error_t *why)
{
    char column[WF_NUMBER_TEXT_MAX];
    if (why->text[0] == '\0') // where memory ended jansson mostly says nothing
        return wf_fail_memory(error);
    if (why->line > 0)
        wf_error_at(error, NULL, (uint64_t)why->line, NULL);
    switch (json_error_code(why)) {
    case json_error_out_of_memory:
        return wf_fail_memory(error);
    case json_error_duplicate_key:
        return wf_fail(error, WEFT_BAD_INPUT, "geojson.key_twice", NULL);
    case json_error_numeric_overflow:
        return wf_fail(error, WEFT_BAD_INPUT, "geojson.number", NULL);
    default:
        return wf_fail(error, WEFT_BAD_INPUT, "geojson.json", "column",
                       wf_number_text(column, why->column), NULL);
    }
}

static weft_status load(wf_text text, json_t **ret, weft_error *error)
{
    static const char mark[] = "\xef\xbb\xbf"; // that some programs put first
    json_error_t why = {0};
    WF_TRY(check_size(text, error));
    if (text.size >= 3 && memcmp(text.bytes, mark, 3) == 0)
        text = (wf_text){text.bytes + 3, text.size - 3};
    json_t *root = json_loadb(text.size > 0 ? text.bytes : "", text.size,
                              JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        return wrong_json(error, &why);
    *ret = root;
    return WEFT_OK;
}

// ---- features ----

static weft_status wrong(const reader *in, const char *code)
{
    char number[WF_NUMBER_TEXT_MAX];
    return wf_fail(in->error, WEFT_BAD_INPUT, code, "feature",
                   wf_number_text(number, (int64_t)in->number), NULL);
}

static bool is(const json_t *value, const char *word)
{
    return json_is_string(value) && strcmp(json_string_value(value), word) == 0;
}

static weft_status read_text(const reader *in, const json_t *from, const char *code,
                             wf_text *ret)
{
    char digits[WF_NUMBER_TEXT_MAX];
    wf_text text = WF_TEXT("");
    if (json_is_string(from))
        text = (wf_text){json_string_value(from), json_string_length(from)};
    else if (json_is_integer(from) && json_integer_value(from) >= 0)
        text = wf_text_of(wf_number_text(digits, json_integer_value(from)));
    else if (from != NULL && !json_is_null(from))
        return wrong(in, code);
    text = wf_text_trim(text);
    if (text.size > wf_geojson_text_max)
        return wrong(in, code);
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
            return wrong(in, code);
    text = wf_arena_text(in->arena, text);
    if (text.bytes == NULL)
        return wf_fail_memory(in->error);
    *ret = text;
    return WEFT_OK;
}

// Rounded to what is kept; JSON has no number that is not finite.
static int32_t unit_of(const json_t *degrees)
{
    return (int32_t)lround(json_number_value(degrees) * wf_geojson_degree);
}

static weft_status read_position(reader *in, const json_t *from)
{
    const json_t *lon = json_array_get(from, 0), *lat = json_array_get(from, 1);
    // A height may follow; it is left out.
    if (!json_is_array(from) || json_array_size(from) > 3 || !json_is_number(lon) ||
        !json_is_number(lat))
        return wrong(in, "geojson.position");
    if (fabs(json_number_value(lon)) > 180 || fabs(json_number_value(lat)) > 90)
        return wrong(in, "geojson.range");
    if (in->positions_count == wf_geojson_positions_max) {
        char limit[WF_NUMBER_TEXT_MAX], positions[WF_NUMBER_TEXT_MAX];
        return wf_fail(in->error, WEFT_TOO_LARGE, "geojson.too_many", "limit",
                       wf_number_text(limit, wf_geojson_features_max), "positions",
                       wf_number_text(positions, wf_geojson_positions_max), NULL);
    }
    wf_geo_position *grown = wf_arena_grow(in->arena, in->positions, in->positions_count,
                                           &in->positions_room, sizeof *in->positions);
    if (grown == NULL)
        return wf_fail_memory(in->error);
    in->positions = grown;
    in->positions[in->positions_count++] = (wf_geo_position){unit_of(lon), unit_of(lat)};
    return WEFT_OK;
}

// Twice the area, from the first position on: what is flat has none.
static bool is_flat(const wf_geo_position *ring, size_t count)
{
    __extension__ __int128 twice = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        int64_t ax = (int64_t)ring[i].lon - ring[0].lon,
                ay = (int64_t)ring[i].lat - ring[0].lat;
        int64_t bx = (int64_t)ring[i + 1].lon - ring[0].lon,
                by = (int64_t)ring[i + 1].lat - ring[0].lat;
        twice += ax * by;
        twice -= bx * ay;
    }
    return twice == 0;
}

static weft_status read_ring(reader *in, const json_t *from, bool is_outer)
{
    size_t count = json_array_size(from), first = in->positions_count;
    if (!json_is_array(from) || count < ring_positions_min)
        return wrong(in, "geojson.ring_short");
    for (size_t i = 0; i < count; i++)
        WF_TRY(read_position(in, json_array_get(from, i)));
    const wf_geo_position *ring = in->positions + first;
    if (ring[0].lon != ring[count - 1].lon || ring[0].lat != ring[count - 1].lat)
        return wrong(in, "geojson.ring_open");
    if (is_flat(ring, count))
        return wrong(in, "geojson.ring_flat");
    wf_geo_ring *grown = wf_arena_grow(in->arena, in->rings, in->rings_count,
                                       &in->rings_room, sizeof *in->rings);
    if (grown == NULL)
        return wf_fail_memory(in->error);
    in->rings = grown;
    in->rings[in->rings_count++] = (wf_geo_ring){first, count, is_outer};
    return WEFT_OK;
}

static weft_status read_polygon(reader *in, const json_t *from)
{
    if (json_array_size(from) == 0) // or no array
        return wrong(in, "geojson.polygon");
    for (size_t i = 0; i < json_array_size(from); i++)
        WF_TRY(read_ring(in, json_array_get(from, i), i == 0));
    return WEFT_OK;
}

static weft_status read_geometry(reader *in, const json_t *from, wf_geo_feature *to)
{
    const json_t *type = json_object_get(from, "type"),
                 *coordinates = json_object_get(from, "coordinates");
    to->is_point = is(type, "Point");
    to->first = to->is_point ? in->positions_count : in->rings_count;
    if (to->is_point) {
        to->count = 1;
        return read_position(in, coordinates);
    }
    if (is(type, "Polygon")) {
        WF_TRY(read_polygon(in, coordinates));
    } else if (is(type, "MultiPolygon")) {
        if (json_array_size(coordinates) == 0)
            return wrong(in, "geojson.polygon");
        for (size_t i = 0; i < json_array_size(coordinates); i++)
            WF_TRY(read_polygon(in, json_array_get(coordinates, i)));
    } else {
        return wrong(in, "geojson.geometry");
    }
    to->count = in->rings_count - to->first;
    return WEFT_OK;
}

static weft_status read_feature(reader *in, const json_t *from)
{
    wf_geo_feature feature = {.number = in->number};
    const json_t *properties = json_object_get(from, "properties");
    if (!is(json_object_get(from, "type"), "Feature"))
        return wrong(in, "geojson.feature");
    WF_TRY(read_text(in, json_object_get(properties, in->property), "geojson.code",
                     &feature.code));
    WF_TRY(read_text(in, json_object_get(properties, "name"), "geojson.name",
                     &feature.name));
    WF_TRY(read_geometry(in, json_object_get(from, "geometry"), &feature));
    in->features[in->features_count++] = feature;
    return WEFT_OK;
}

// ---- the collection ----

// Files of before RFC 7946 may name another system; those that are degrees of WGS-84, or
// within centimetres of it (CGCS2000), are taken.
static bool is_known_system(const json_t *crs)
{
    static const char *const known[] = {
        "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:EPSG::4326",    "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4490",    "EPSG:4490"};
    if (crs == NULL || json_is_null(crs))
        return true;
    const json_t *name = json_object_get(json_object_get(crs, "properties"), "name");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is(name, known[i]))
            return true;
    return false;
}

static weft_status read_collection(reader *in, const json_t *root)
{
    const json_t *features = json_object_get(root, "features");
    char limit[WF_NUMBER_TEXT_MAX], positions[WF_NUMBER_TEXT_MAX];
    size_t count = json_array_size(features);
    if (!is(json_object_get(root, "type"), "FeatureCollection") ||
        !json_is_array(features))
        return wf_fail(in->error, WEFT_BAD_INPUT, "geojson.collection", NULL);
    if (!is_known_system(json_object_get(root, "crs")))
        return wf_fail(in->error, WEFT_BAD_INPUT, "geojson.crs", NULL);
    if (count == 0)
        return wf_fail(in->error, WEFT_BAD_INPUT, "geojson.empty", NULL);
    if (count > wf_geojson_features_max)
        return wf_fail(in->error, WEFT_TOO_LARGE, "geojson.too_many", "limit",
                       wf_number_text(limit, wf_geojson_features_max), "positions",
                       wf_number_text(positions, wf_geojson_positions_max), NULL);
    in->features = wf_arena_array(in->arena, count, sizeof *in->features);
    if (in->features == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < count; i++) {
        in->number = i + 1;
        WF_TRY(read_feature(in, json_array_get(features, i)));
    }
    return WEFT_OK;
}

weft_status wf_geojson_read(wf_text text, const char *property, wf_arena *arena,
                            wf_geojson *ret, weft_error *error)
{
    reader in = {.property = property, .arena = arena, .error = error};
    json_t *root = NULL;
    WF_TRY(load(text, &root, error));
    weft_status status = read_collection(&in, root);
    json_decref(root);
    if (status != WEFT_OK)
        return status;
    *ret = (wf_geojson){in.features,    in.features_count, in.rings,
                        in.rings_count, in.positions,      in.positions_count};
    return WEFT_OK;
}

// ---- writing ----

// "120.5", "-0.0000001": as few digits as say it.
static bool write_degrees(int32_t units, wf_buffer *to)
{
    uint32_t size = units < 0 ? -(uint32_t)units : (uint32_t)units;
    unsigned rest = size % wf_geojson_degree;
    int digits = 7;
    for (; digits > 0 && rest % 10 == 0; digits--)
        rest /= 10;
    const char *sign = units < 0 ? "-" : "";
    return digits == 0 ? wf_buffer_printf(to, "%s%u", sign, size / wf_geojson_degree)
                       : wf_buffer_printf(to, "%s%u.%0*u", sign, size / wf_geojson_degree,
                                          digits, rest);
}

static bool write_position(const wf_geo_position *at, wf_buffer *to)
{
    return wf_buffer_append(to, "[", 1) && write_degrees(at->lon, to) &&
           wf_buffer_append(to, ",", 1) && write_degrees(at->lat, to) &&
           wf_buffer_append(to, "]", 1);
}

static bool write_text(const char *name, wf_text text, wf_buffer *to)
{
    json_t *value = json_stringn(text.bytes, text.size);
    char *line = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    bool done = line != NULL && wf_buffer_printf(to, "\"%s\":%s", name, line);
    free(line);
    json_decref(value);
    return done;
}

static bool write_properties(const wf_geo_feature *feature, wf_buffer *to)
{
    bool both = feature->code.size > 0 && feature->name.size > 0;
    return wf_buffer_append(to, "{", 1) &&
           (feature->code.size == 0 || write_text("grid", feature->code, to)) &&
           (!both || wf_buffer_append(to, ",", 1)) &&
           (feature->name.size == 0 || write_text("name", feature->name, to)) &&
           wf_buffer_append(to, "}", 1);
}

static bool write_ring(const wf_geojson *of, const wf_geo_ring *ring, wf_buffer *to)
{
    bool done = wf_buffer_append(to, "[", 1);
    for (size_t i = 0; done && i < ring->count; i++)
        done = (i == 0 || wf_buffer_append(to, ",", 1)) &&
               write_position(&of->positions[ring->first + i], to);
    return done && wf_buffer_append(to, "]", 1);
}

static bool write_rings(const wf_geojson *of, const wf_geo_feature *feature,
                        wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < feature->count; i++) {
        const wf_geo_ring *ring = &of->rings[feature->first + i];
        const char *between = i == 0 ? "[" : ring->is_outer ? "],[" : ",";
        done = wf_buffer_append(to, between, strlen(between)) && write_ring(of, ring, to);
    }
    return done && wf_buffer_append(to, "]", 1);
}

bool wf_geojson_write(const wf_geojson *of, const wf_geo_feature *feature, wf_buffer *to)
{
    static const char head[] = "{\"type\":\"Feature\",\"properties\":",
                      point[] = ",\"geometry\":{\"type\":\"Point\",\"coordinates\":",
                      polygons[] = ",\"geometry\":{\"type\":\"MultiPolygon\","
                                   "\"coordinates\":[";
    if (!wf_buffer_append(to, head, sizeof head - 1) || !write_properties(feature, to))
        return false;
    if (feature->is_point)
        return wf_buffer_append(to, point, sizeof point - 1) &&
               write_position(&of->positions[feature->first], to) &&
               wf_buffer_append(to, "}}", 2);
    return wf_buffer_append(to, polygons, sizeof polygons - 1) &&
           write_rings(of, feature, to) && wf_buffer_append(to, "]}}", 3);
}
