// The headers of a request, and whether they say one thing only.
//
// Requests whose end two programs may see at different places are how others' requests
// are smuggled past a proxy (RFC 9112 §11.2). libmicrohttpd 0.9.75 answers many of them,
// so everything that says where a body ends is judged here, before anything else.
#ifndef WF_SERVE_HTTP_HEADERS_H
#define WF_SERVE_HTTP_HEADERS_H

#include "base/text.h"

// libmicrohttpd reads a head into a pool that each connection has from its beginning.
// When the pool is full it answers 431 or 414 with a page of its own, before it calls
// anybody but who hears of the first line, and offers no way to say something else. A
// larger pool would only move that, and costs its size at every request of every
// connection, for all that is not kept is set to zero between two. So it is a small one,
// and nginx in front takes less, and answers as the service does (operating/nginx.conf).
enum {
    wf_headers_max = 64,              // more is 431
    wf_header_value_bytes_max = 8192, // longer is 431
    wf_header_memory_bytes = 24576    // of a connection: request line and headers, too
};

typedef struct {
    wf_text name, value; // borrowed
} wf_header;

// What lies behind the count means nothing.
typedef struct {
    size_t count;
    bool too_many, malformed;
    wf_header items[wf_headers_max];
} wf_headers;

// Adds one header as it came.
void wf_headers_add(wf_headers *headers, wf_text name, wf_text value);

typedef struct {
    bool has_body;
    bool chunked;
    uint64_t length; // of a body that is not chunked
} wf_framing;

// `minor` is that of HTTP/1.x. WEFT_TOO_LARGE ("http.headers_too_large"): 431.
// WEFT_BAD_INPUT: 400, and the connection is closed, because where the next request
// begins is not known: "http.header_malformed", "http.length" (no number, twice, beside
// chunks), "http.transfer" (unknown, twice, of HTTP/1.0), "http.host" (missing, twice),
// "http.header_twice".
weft_status wf_headers_judge(const wf_headers *headers, int minor, wf_framing *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// The last of that name, any case; .bytes NULL: none.
wf_text wf_headers_get(const wf_headers *headers, const char *name);

// The value of a cookie in a Cookie header; .bytes NULL: none.
wf_text wf_cookie_get(wf_text header, wf_text name);

#endif
