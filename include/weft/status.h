// weft_status: what every fallible function of libweft returns.
//
// One table gives the enum, the exit code of the command line, the HTTP status
// of the service and a name; nothing else in the project maps between them.
// A status says what kind of end it was; the error (weft/error.h) says why.
#ifndef WEFT_STATUS_H
#define WEFT_STATUS_H

// X(name, exit code, HTTP status, wire name)
#define WEFT_STATUS_TABLE(X)                                                             \
    X(WEFT_OK, 0, 200, "ok")                                                             \
    X(WEFT_FOUND_WRONG, 1, 409, "found_wrong")                                           \
    X(WEFT_BAD_INPUT, 2, 400, "bad_input")                                               \
    X(WEFT_BAD_USAGE, 2, 400, "bad_usage")                                               \
    X(WEFT_CONFLICT, 2, 409, "conflict")                                                 \
    X(WEFT_TOO_LARGE, 2, 413, "too_large")                                               \
    X(WEFT_NOT_ALLOWED, 3, 403, "not_allowed")                                           \
    X(WEFT_NOT_FOUND, 4, 404, "not_found")                                               \
    X(WEFT_STORAGE, 5, 500, "storage")                                                   \
    X(WEFT_DISK_FULL, 5, 507, "disk_full")                                               \
    X(WEFT_NO_MEMORY, 5, 503, "no_memory")                                               \
    X(WEFT_DAMAGED, 5, 500, "damaged")                                                   \
    X(WEFT_KEYLESS, 5, 500, "keyless")                                                   \
    X(WEFT_FORGOTTEN, 5, 410, "forgotten")                                               \
    X(WEFT_BUSY, 5, 503, "busy")                                                         \
    X(WEFT_INTERRUPTED, 130, 503, "interrupted")

typedef enum {
#define X(name, exit_code, http, text) name,
    WEFT_STATUS_TABLE(X)
#undef X
        WEFT_STATUS_COUNT
} weft_status;

// Marks a result that must not be ignored; see WF_IGNORE in base/status.h for
// the one deliberate way to do so.
#define WEFT_MUST_CHECK __attribute__((warn_unused_result))

// The exit code of the command line for a status: 0 to 5, or 130.
int weft_status_exit_code(weft_status status);

// The HTTP status for a status.
int weft_status_http(weft_status status);

// A stable lower-case name ("bad_input"); static storage, never NULL.
const char *weft_status_name(weft_status status);

#endif
