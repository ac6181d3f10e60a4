// The outlines that a city loaded, in <city>/outlines.geojson: plain, since they say
// nothing of anybody.
//
//   {"digest":"…64 hex digits…",
//   "type":"FeatureCollection","datum":"gcj02","loaded":"2021-12-11T08:00:00+08:00",
//   "outlines":21,"places":1,"features":[
//   {"type":"Feature","properties":{"grid":"320282100","name":"…"},"geometry":{…}},
//   …
//   ]}
//
// One object of JSON, as the service gives it (GET /v1/outlines). The digest is the
// BLAKE2b-256 of all bytes after its line, and the name of this state of the file.
#ifndef WF_LOAD_OUTLINES_H
#define WF_LOAD_OUTLINES_H

#include "base/io.h"
#include "base/time.h"
#include "weft/outlines.h"

#define WF_OUTLINES_NAME "outlines.geojson"
enum { wf_outlines_digest_size = 64 };

typedef struct {
    const wf_io *io;
    const char *city_dir;
    const char *grid; // the city's; "": everything lies in it
    const wf_zone *zone;
    weft_time now;
} wf_outlines_city;

// As weft_outlines_import.
weft_status wf_outlines_import(const wf_outlines_city *city,
                               const weft_import_source *source,
                               const weft_outlines_options *options,
                               weft_outlines_summary *ret,
                               weft_error *error) WEFT_MUST_CHECK;

// As weft_outlines_remove.
weft_status wf_outlines_remove(const wf_io *io, const char *city_dir, bool *ret_had,
                               weft_error *error) WEFT_MUST_CHECK;

// The file, open and looked through: it stays as it is when another takes its place.
typedef struct {
    int file;
    uint64_t size;
    char digest[wf_outlines_digest_size + 1];
} wf_outlines_file;

// None: WEFT_NOT_FOUND ("outlines.none"). Not what was written: WEFT_DAMAGED
// ("outlines.damaged"). The caller closes the file. Cost: reads it once.
weft_status wf_outlines_open(const wf_io *io, const char *city_dir, wf_outlines_file *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
