// The log: one line of logfmt an event.
//
//   time=2021-12-12T07:41:05.118Z event=request method=GET route=/v1/views/{desk}/{name}
//   status=200 ms=3.1 lane=dashboards id=5f0c… actor=user role=lead
//
// Never a person's name or id, a device's name, a token, an address, a query or a URL:
// the route's pattern stands for the URL. Lines are kept in memory and written by a
// thread of the log, so that a reader that has stopped (a full pipe, a hung journal)
// never stops the service: what does not fit is counted, and one line says how many.
// Threads: any.
#ifndef WF_SERVE_PROCESS_LOG_H
#define WF_SERVE_PROCESS_LOG_H

#include "base/io.h"

typedef struct wf_log wf_log;

// Writes to `file`, which stays the caller's, by io.
weft_status wf_log_open(const wf_io *io, int file, wf_log **ret,
                        weft_error *error) WEFT_MUST_CHECK;
// Writes what is left. NULL does nothing.
void wf_log_close(wf_log *log);

// `rest` is what follows "event=NAME": "key=value" parted by blanks, of known words and
// numbers only. NULL log: nothing.
void wf_log_event(wf_log *log, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// As wf_log_event for what comes with each request: after 1,000 a second the rest of that
// second is counted only.
void wf_log_often(wf_log *log, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
