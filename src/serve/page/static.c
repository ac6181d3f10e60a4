// The page and its files, from memory: open to everybody, and nothing is in them.
#include "serve/page/static.h"

#include <stdio.h>
#include <string.h>

#include "serve/http/exchange.h"

enum { name_bytes_max = 120 };

// Scripts and styles are files of ours; the page talks to this service and nobody else.
// An image may stand in its own address: panels become pictures by it, and it asks nobody.
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

// ---- headers ----

// The next of a list parted by commas, without blanks; size 0 and rest.size 0: no more.
static wf_text next_of(wf_text *rest)
{
    const char *comma = rest->size > 0 ? memchr(rest->bytes, ',', rest->size) : NULL;
    size_t size = comma != NULL ? (size_t)(comma - rest->bytes) : rest->size;
    wf_text item = wf_text_trim((wf_text){rest->bytes, size});
    size += comma != NULL;
    rest->bytes += size;
    rest->size -= size;
    return item;
}

bool wf_static_has_tag(wf_text header, const char *tag)
{
    while (header.size > 0) {
        wf_text item = next_of(&header);
        // A weak tag is good enough for "not changed" (RFC 9110 §13.1.2).
        if (item.size > 2 && item.bytes[0] == 'W' && item.bytes[1] == '/')
            item = (wf_text){item.bytes + 2, item.size - 2};
        if (wf_text_equal(item, WF_TEXT("*")) || wf_text_equal(item, wf_text_of(tag)))
            return true;
    }
    return false;
}

// "gzip;q=0", "gzip; q=0.000": not this one.
static bool is_refused(wf_text parameters)
{
    wf_text text = wf_text_trim(parameters);
    double weight;
    if (text.size < 3 || (text.bytes[0] | 0x20) != 'q' || text.bytes[1] != '=')
        return text.size > 0;
    return !wf_parse_double((wf_text){text.bytes + 2, text.size - 2}, 0, 1, &weight) ||
           weight <= 0;
}

bool wf_static_takes_gzip(wf_text header)
{
    while (header.size > 0) {
        wf_text item = next_of(&header);
        const char *semicolon = item.size > 0 ? memchr(item.bytes, ';', item.size) : NULL;
        size_t size = semicolon != NULL ? (size_t)(semicolon - item.bytes) : item.size;
        wf_text name = wf_text_trim((wf_text){item.bytes, size});
        size += semicolon != NULL;
        if (name.size == 4 && strncasecmp(name.bytes, "gzip", 4) == 0)
            return !is_refused((wf_text){item.bytes + size, item.size - size});
    }
    return false;
}

// ---- files ----

static void add_headers(wf_exchange *x, const wf_static_file *file, const char *tag,
                        bool packed)
{
    // The page itself is asked for anew each time, and answered by 304: a new version
    // shows at once. What it names is kept as long as browsers like.
    const char *kept = file->lasting ? "public, max-age=31536000, immutable" : "no-cache";
    const char *const pairs[][2] = {{"ETag", tag},
                                    {"Cache-Control", kept},
                                    {"Vary", "Accept-Encoding"},
                                    {"Content-Security-Policy", policy},
                                    {"Cross-Origin-Opener-Policy", "same-origin"},
                                    {"Content-Encoding", packed ? "gzip" : NULL}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][1] != NULL)
            WF_IGNORE(!wf_exchange_add_header(x, pairs[i][0], pairs[i][1]),
                      "without memory there is no answer either");
}

static void give(wf_exchange *x, const wf_static_file *file)
{
    bool packed = wf_static_takes_gzip(wf_exchange_header(x, "Accept-Encoding"));
    const char *tag = packed ? file->packed_tag : file->tag;
    bool same = wf_static_has_tag(wf_exchange_header(x, "If-None-Match"), tag);
    add_headers(x, file, tag, packed && !same);
    if (same)
        wf_exchange_empty(x, 304);
    else
        wf_exchange_static(x, 200, file->type, packed ? file->packed : file->plain);
}

static void give_named(wf_exchange *x, wf_text name)
{
    weft_error error = {0};
    for (size_t i = 0; i < wf_static_files_count; i++)
        if (wf_text_equal(wf_text_of(wf_static_files[i].name), name)) {
            give(x, &wf_static_files[i]);
            return;
        }
    WF_IGNORE(wf_fail(&error, WEFT_NOT_FOUND, "http.not_found", NULL),
              "it becomes the answer");
    wf_exchange_fail(x, &error);
}

static void give_page(wf_exchange *x)
{
    give_named(x, WF_TEXT("index.html"));
}

static void give_file(wf_exchange *x)
{
    char name[sizeof "app/" + name_bytes_max];
    wf_text file = wf_exchange_path(x, "file");
    snprintf(name, sizeof name, "app/%.*s",
             (int)(file.size < name_bytes_max ? file.size : 0), file.bytes);
    give_named(x, wf_text_of(name));
}

static const wf_parameter file_parameters[] = {
    {.name = "file", .place = WF_IN_PATH, .required = true},
    {.name = NULL},
};

extern const wf_route wf_routes_static[];
const wf_route wf_routes_static[] = {
    {.method = "GET",
     .path = "/",
     .lane = WF_LANE_DASHBOARDS,
     .open = true,
     .fast = true,
     .hidden = true,
     .handle = give_page},
    {.method = "GET",
     .path = "/app/{file}",
     .lane = WF_LANE_DASHBOARDS,
     .open = true,
     .fast = true,
     .hidden = true,
     .parameters = file_parameters,
     .handle = give_file},
    WF_ROUTES_END,
};
