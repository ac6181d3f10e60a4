// Requests that a service must not take for what they may be: of which two programs may
// see the end in different places, or that are none. With what is answered; the
// connection ends with it.
#ifndef TEST_SUPPORT_HOSTILE_REQUESTS_H
#define TEST_SUPPORT_HOSTILE_REQUESTS_H

#include <stddef.h>

typedef struct {
    const char *what;
    const char *bytes;
    size_t size;
    unsigned status;
} hostile_request;

#define REQUEST(text) (text), sizeof(text) - 1
#define NEXT "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"

static const hostile_request hostile_requests[] = {
    // ---- two ends ----
    {"two lengths",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
             "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" NEXT),
     400},
    {"the same length twice",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
             "Content-Length: 2\r\n\r\n{}"),
     400},
    {"lengths in a list",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2, 2\r\n\r\n{}"), 400},
    {"a signed length",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\n{}"), 400},
    {"a negative length",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: -2\r\n\r\n{}"), 400},
    {"a length in base 16",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0x2\r\n\r\n{}"), 400},
    {"no length", REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n{}"),
     400},
    {"a length and chunks",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
     400},
    {"chunks and a length",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
             "Content-Length: 5\r\n\r\n0\r\n\r\n" NEXT),
     400},
    {"chunks twice",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"chunks and identity",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
             "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
     400},
    {"chunks in a list",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\n"
             "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
     400},
    {"an encoding that is nearly chunked",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n"
             "0\r\n\r\n"),
     400},
    {"chunked with a control character",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \vchunked\r\n\r\n"
             "0\r\n\r\n"),
     400},
    {"a blank before the colon",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n"
             "Content-Length: 5\r\n\r\n0\r\n\r\n"),
     400},
    {"chunks of HTTP/1.0",
     REQUEST("POST /echo HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
             "0\r\n\r\n"),
     400},
    {"a chunk without a size",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
             "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
     400},
    {"a chunk of more than there can be",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
             "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
     413},
    {"a body where none is taken",
     REQUEST("GET /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 38\r\n\r\n" NEXT), 400},

    // ---- whose request ----
    {"no host", REQUEST("GET /healthz HTTP/1.1\r\n\r\n"), 400},
    {"two hosts", REQUEST("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400},
    {"a host with a path", REQUEST("GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
    {"two tokens",
     REQUEST("GET /healthz HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer a\r\n"
             "Authorization: Bearer b\r\n\r\n"),
     400},
    {"NUL in a length",
     REQUEST("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
             "Content-Length: 2\0"
             "0\r\n\r\n{}"),
     400},
    {"NUL in the request line", REQUEST("GET /health\0z HTTP/1.1\r\nHost: h\r\n\r\n"),
     400},
    {"NUL at the end of the last header",
     REQUEST("GET /healthz HTTP/1.1\r\nHost: h\0\0\r\n\r\n"), 400},
    {"NUL in a name", REQUEST("GET /healthz HTTP/1.1\r\nHost: h\r\nX\0y: z\r\n\r\n"),
     400},
    {"a folded line",
     REQUEST("GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\r\n Content-Length: 9\r\n\r\n"),
     400},
    {"two blanks in the request line",
     REQUEST("GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n"), 400},

    // ---- targets ----
    {"NUL escaped", REQUEST("GET /health%00z HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"NUL in the query", REQUEST("GET /healthz?a=%00 HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"a line end escaped",
     REQUEST("GET /healthz?a=%0d%0aX:%20y HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"an escape cut short", REQUEST("GET /healthz%4 HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"an escape of no digits", REQUEST("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"upwards", REQUEST("GET /../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"upwards, escaped", REQUEST("GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n"),
     400},
    {"an escaped slash", REQUEST("GET /v1%2fviews HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"a backslash", REQUEST("GET /v1\\views HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"an empty segment", REQUEST("GET //healthz HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"UTF-8 that is too long", REQUEST("GET /%c0%af HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"a user in an absolute target",
     REQUEST("GET http://u@h/healthz HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"another scheme", REQUEST("GET ftp://h/healthz HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"an asterisk", REQUEST("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 400},
    {"a tunnel", REQUEST("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 400},

    // ---- no requests ----
    {"HTTP/2 without asking", REQUEST("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"HTTP/1.2", REQUEST("GET /healthz HTTP/1.2\r\nHost: h\r\n\r\n"), 505},
};

enum { hostile_requests_count = sizeof hostile_requests / sizeof *hostile_requests };

#undef REQUEST
#undef NEXT

#endif
