// Outlines as GeoJSON (RFC 7946): a collection of features, each a Polygon, MultiPolygon
// or Point. Read whole and judged by its form; what the codes and names in it mean is the
// caller's. Positions are kept to a ten-millionth of a degree (a centimetre), so that
// what was written reads as the same.
//
// GeoJSON says that positions are WGS-84. Files of Chinese map services are GCJ-02 and do
// not say so: nothing here knows which a file is in.
//
// Threads: none of it is shared.
#ifndef WF_WIRE_GEOJSON_H
#define WF_WIRE_GEOJSON_H

#include "base/arena.h"
#include "base/text.h"

enum {
    wf_geojson_bytes_max = 32 << 20,
    wf_geojson_features_max = 10000,
    wf_geojson_positions_max = 500000,
    wf_geojson_text_max = 200,    // bytes of a code or a name
    wf_geojson_degree = 10000000, // a degree in the units of a position
};

// In units of 1/wf_geojson_degree: within ±180 and ±90 degrees.
typedef struct {
    int32_t lon, lat;
} wf_geo_position;

// Closed: the last position is the first.
typedef struct {
    size_t first, count; // of positions
    bool is_outer;       // begins a polygon; the others are holes in the one before
} wf_geo_ring;

typedef struct {
    size_t number; // of the feature in its file, from 1
    // The value of the property asked for, and of `name`: as they came, a whole number as
    // its digits; size 0 where there is none.
    wf_text code, name;
    bool is_point; // at `first`, a position; else rings from `first`
    size_t first, count;
} wf_geo_feature;

typedef struct {
    const wf_geo_feature *features;
    size_t features_count;
    const wf_geo_ring *rings;
    size_t rings_count;
    const wf_geo_position *positions;
    size_t positions_count;
} wf_geojson;

// Reads a file. `property`: which property is the code, "grid" as a rule. Everything in
// the arena. WEFT_BAD_INPUT with one of geojson.…, the feature's number as its parameter
// where it is one feature's fault, the line where it is no JSON; WEFT_TOO_LARGE
// ("geojson.too_large", "geojson.too_many"); WEFT_NO_MEMORY.
// Cost: jansson's tree, at most about 300 MiB for the largest file that is taken.
weft_status wf_geojson_read(wf_text text, const char *property, wf_arena *arena,
                            wf_geojson *ret, weft_error *error) WEFT_MUST_CHECK;

// Appends a feature as one line without its end: Point or MultiPolygon, with the
// properties `grid` and `name` where it has them. False: no memory, or the buffer's
// limit.
bool wf_geojson_write(const wf_geojson *of, const wf_geo_feature *feature,
                      wf_buffer *to) WEFT_MUST_CHECK;

#endif
