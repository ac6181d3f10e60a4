// The outlines of a city's areas, for its map: a file of GeoJSON that the city gives
// itself. They are no facts and name nobody; each import takes the place of the one
// before.
#ifndef WEFT_OUTLINES_H
#define WEFT_OUTLINES_H

#include "weft/import.h"

// What positions are measured by. A file never says it truly: GeoJSON is WGS-84 by its
// rule, and files of Chinese map services are GCJ-02 all the same, 300 to 500 m beside
// it.
typedef enum {
    WEFT_DATUM_ASK, // nobody has said: WEFT_BAD_USAGE ("outlines.datum")
    WEFT_DATUM_WGS84,
    WEFT_DATUM_GCJ02
} weft_datum;

typedef struct {
    weft_datum datum;
    const char *property; // which property of a feature is its grid's code; NULL: "grid"
    bool only_look;       // judges the file, and stores nothing
} weft_outlines_options;

typedef struct {
    uint64_t outlines, places; // areas; points with a name
    uint64_t outside;          // left out: not in the city's grid
    uint64_t positions;        // of those that were taken
    char digest[65];           // of the file that is kept; "" when it was only looked at
} weft_outlines_summary;

// "wgs84" → WEFT_DATUM_WGS84; false for any other word.
bool weft_datum_parse(const char *word, weft_datum *ret);
const char *weft_datum_name(weft_datum datum); // "wgs84"

// Reads a file of GeoJSON (wire/geojson.h has its limits) and keeps it as
// <city>/outlines.geojson, in the place of the one before, whole or not at all. The whole
// file is judged: one feature that is wrong refuses it. WEFT_BAD_INPUT, WEFT_TOO_LARGE
// (geojson.…, outlines.…), WEFT_INTERRUPTED.
weft_status weft_outlines_import(weft_city *city, const weft_import_source *source,
                                 const weft_outlines_options *options,
                                 weft_outlines_summary *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// Takes the city's outlines away, damaged ones too; *ret_had: whether there were any.
// Without any it changes nothing. WEFT_STORAGE: they are still there, or gone but for a
// power cut.
weft_status weft_outlines_remove(weft_city *city, bool *ret_had,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
