// The outlines that the city loaded (weft import DIR outlines), for its map: the file as
// it lies in the folder, in pieces as fast as the client takes them. They name nobody, so
// that whoever reads the wall's figures gets all of them. Asked for again they cost
// nothing: their digest is their tag.
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "access/change/outlines.h"
#include "serve/http/exchange.h"
#include "serve/page/static.h"

enum {
    piece_bytes = 128 << 10,
    gzip_window = 15 + 16, // zlib: with the head of gzip
    gzip_level = 6,
    gzip_memory = 8,
    tag_bytes_max = wf_outlines_digest_size + 16
};

// A city without outlines says so in the same form.
static const char none[] =
    "{\"digest\":\"\",\n\"type\":\"FeatureCollection\",\"datum\":null,\"loaded\":null,\n"
    "\"outlines\":0,\"places\":0,\"features\":[]}\n";

typedef struct {
    wf_exchange *x;
    const weft_city *city;
    wf_outlines_file file;
    uint64_t at; // in the file
    bool packed, packs;
    z_stream stream; // where `packs`
    char piece[piece_bytes];
} giving;

// ---- pieces ----

static void done(void *context)
{
    giving *to = context;
    if (to->packs)
        WF_IGNORE(deflateEnd(&to->stream), "only memory is freed");
    wf_city_outlines_close(to->city, &to->file);
    free(to);
}

// What came of a piece, and with `last` all that is left.
static weft_status pack(giving *to, size_t size, bool last, wf_buffer *out,
                        weft_error *error)
{
    z_stream *stream = &to->stream;
    int said = Z_OK;
    stream->next_in = (unsigned char *)to->piece;
    stream->avail_in = (unsigned)size;
    do {
        if (!wf_buffer_reserve(out, piece_bytes))
            return wf_fail_memory(error);
        stream->next_out = (unsigned char *)out->bytes + out->size;
        stream->avail_out = piece_bytes;
        said = deflate(stream, last ? Z_FINISH : Z_NO_FLUSH);
        WF_ASSERT(said == Z_OK || said == Z_STREAM_END || said == Z_BUF_ERROR);
        out->size += piece_bytes - stream->avail_out;
    } while (last ? said != Z_STREAM_END : stream->avail_out == 0);
    return WEFT_OK;
}

static weft_status give_piece(giving *to, wf_buffer *out, weft_error *error)
{
    uint64_t left = to->file.size - to->at;
    size_t size = left < piece_bytes ? (size_t)left : piece_bytes;
    WF_TRY(wf_city_outlines_read(to->city, &to->file, to->at, to->piece, size, error));
    to->at += size;
    if (to->packed)
        return pack(to, size, to->at == to->file.size, out, error);
    return wf_buffer_append(out, to->piece, size) ? WEFT_OK : wf_fail_memory(error);
}

static wf_stream_state next(void *context, wf_buffer *out)
{
    giving *to = context;
    size_t before = out->size;
    weft_error error = {0};
    // A piece may be packed into nothing that leaves yet.
    while (out->size == before && to->at < to->file.size)
        if (give_piece(to, out, &error) != WEFT_OK) {
            wf_exchange_cut(to->x, &error);
            return WF_STREAM_BROKEN;
        }
    return to->at < to->file.size ? WF_STREAM_MORE : WF_STREAM_END;
}

// ---- the answer ----

static weft_status add_headers(wf_exchange *x, const char *tag, bool packed,
                               weft_error *error)
{
    const char *const pairs[][2] = {{"ETag", tag},
                                    {"Cache-Control", "private, no-cache"},
                                    {"Vary", "Accept-Encoding"},
                                    {"Content-Encoding", packed ? "gzip" : NULL}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][1] != NULL && !wf_exchange_add_header(x, pairs[i][0], pairs[i][1]))
            return wf_fail_memory(error);
    return WEFT_OK;
}

static bool is_had(const wf_exchange *x, const char *tag)
{
    return wf_static_has_tag(wf_exchange_header(x, "If-None-Match"), tag);
}

static weft_status begin(giving *to, weft_error *error)
{
    WF_TRY(wf_exchange_may_stream(to->x, error));
    if (!to->packed)
        return WEFT_OK;
    if (deflateInit2(&to->stream, gzip_level, Z_DEFLATED, gzip_window, gzip_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return wf_fail_memory(error);
    to->packs = true;
    return WEFT_OK;
}

// Takes `to` over, unless it fails.
static weft_status give(giving *to, weft_error *error)
{
    wf_exchange *x = to->x;
    char tag[tag_bytes_max];
    to->packed = wf_static_takes_gzip(wf_exchange_header(x, "Accept-Encoding"));
    int size =
        snprintf(tag, sizeof tag, "\"%s%s\"", to->file.digest, to->packed ? "-gzip" : "");
    WF_ASSERT(size > 0 && (size_t)size < sizeof tag);
    bool same = is_had(x, tag);
    if (!same)
        WF_TRY(begin(to, error));
    WF_TRY(add_headers(x, tag, to->packed && !same, error));
    if (same) {
        done(to);
        wf_exchange_empty(x, 304);
        return WEFT_OK;
    }
    const wf_stream stream = {.next = next,
                              .done = done,
                              .context = to,
                              .size = to->packed ? 0 : (size_t)to->file.size,
                              .whole = true};
    wf_exchange_stream(x, 200, "application/json; charset=utf-8", &stream);
    return WEFT_OK;
}

static weft_status give_none(wf_exchange *x, weft_error *error)
{
    static const char tag[] = "\"none\"";
    WF_TRY(add_headers(x, tag, false, error));
    if (is_had(x, tag))
        wf_exchange_empty(x, 304);
    else
        wf_exchange_static(x, 200, "application/json; charset=utf-8",
                           (wf_text){none, sizeof none - 1});
    return WEFT_OK;
}

static void show_outlines(wf_exchange *x)
{
    weft_error error = {0};
    giving *to = calloc(1, sizeof *to);
    weft_status status = to == NULL ? wf_fail_memory(&error) : WEFT_OK;
    if (status == WEFT_OK) {
        to->x = x;
        to->city = wf_exchange_city(x);
        status = wf_city_outlines_open(to->city, &to->file, &error);
    }
    if (status != WEFT_OK) {
        free(to);
        if (status == WEFT_NOT_FOUND)
            status = give_none(x, &error);
    } else {
        status = give(to, &error);
        if (status != WEFT_OK)
            done(to);
    }
    if (status != WEFT_OK)
        wf_exchange_fail(x, &error);
}

// ---- routes ----

static const wf_schema outlines_schema = {
    "Outlines",
    "{\"type\":\"object\",\"description\":\"GeoJSON, but by the datum it "
    "says\",\"required\":[\"digest\",\"type\",\"datum\",\"loaded\",\"outlines\","
    "\"places\",\"features\"],\"properties\":{"
    "\"digest\":{\"type\":\"string\",\"description\":\"of this state; empty: the city "
    "has "
    "no outlines\"},"
    "\"type\":{\"type\":\"string\",\"enum\":[\"FeatureCollection\"]},"
    "\"datum\":{\"type\":[\"string\",\"null\"],\"enum\":[\"wgs84\",\"gcj02\",null],"
    "\"description\":\"gcj02 lies 300 to 500 m beside wgs84\"},"
    "\"loaded\":{\"type\":[\"string\",\"null\"]},"
    "\"outlines\":{\"type\":\"integer\"},\"places\":{\"type\":\"integer\"},"
    "\"features\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"type\",\"properties\",\"geometry\"],\"properties\":{\"properties\":{\"type\":"
    "\"object\",\"properties\":{\"grid\":{\"type\":\"string\"},\"name\":{\"type\":"
    "\"string\"}}},\"geometry\":{\"type\":\"object\",\"required\":[\"type\","
    "\"coordinates\"],\"properties\":{\"type\":{\"type\":\"string\",\"enum\":["
    "\"MultiPolygon\",\"Point\"]},\"coordinates\":{\"type\":\"array\"}}}}}}}}"};

static const unsigned short outlines_errors[] = {304, 0};

extern const wf_route wf_routes_outlines[];
const wf_route wf_routes_outlines[] = {
    {.method = "GET",
     .path = "/v1/outlines",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_COUNTS,
     .operation = "readOutlines",
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &outlines_schema,
                 .errors = outlines_errors},
     .zh = "本市导入的轮廓及其坐标基准；不涉及个人",
     .en = "the outlines that the city loaded, and their datum; nobody is named",
     .handle = show_outlines},
    WF_ROUTES_END,
};
