// The connections that are open, and what each may cost.
//
// libmicrohttpd's own time limit starts anew with each byte, so that a client that sends
// one a minute stays for ever. Here each phase of a connection has an end: headers 10 s,
// a body 20 s and a second for each 32 KiB that has come, between two requests 75 s, an
// answer or a piece of it 30 s and a second for each 8 KiB until it has left; while it is
// made there is none. What a body announces buys no time: whoever announces much, or
// begins one without an end (chunked), and then sends nothing or a byte now and then,
// goes as soon as who announced little. When nine of ten places are taken headers have 3
// s, a body 5 s, what is between two requests 5 s, what leaves 10 s, so that those who
// hold places without using them lose them; when bodies take half of their memory
// (intake.h) a body has 5 s and a second for each 256 KiB. A connection that is over its
// time is shut down; its thread then finds it closed.
//
// A body of 16 MiB that really comes at 32 KiB a second may so hold its place for 532 s,
// and few can: what has come of all of them stays in memory (intake.h), and from 256 MiB
// on they have less time. N such connections last 8,192 s / N: sixteen have their 532 s,
// 1,000 were gone after 10 s, 3,000 after 7. What they cost is memory, which is bounded.
// Measured on 2 processors that also had the generator and other work, posts of 10 facts,
// one after the other, for 15 s from 5 s after they began (so of 1,000 and 3,000 mostly
// when they were cut off):
//
//   slow bodies      none      100       1,000    3,000
//   median           2.6 ms    2.6 ms    0.7 ms   0.8 ms
//   99th percentile  13 ms     16 ms     8 ms     25 ms
//   slowest          34 ms     58 ms     39 ms    118 ms
//
// While 1,000 of them last, seven seconds, 256 samplers who send 500 posts of 10 facts a
// second wait 2.8 ms in the median and 17 ms in the 99th percentile at the field's door
// (2.8 and 14 ms with no slow body), 2.4 and 20 ms at the first one (2.3 and 16).
#ifndef WF_SERVE_HTTP_GUARD_H
#define WF_SERVE_HTTP_GUARD_H

#include <sys/socket.h>

#include "base/status.h"
#include "base/text.h"

typedef struct wf_guard wf_guard;
typedef struct wf_guarded wf_guarded; // one connection

typedef struct {
    size_t connections;    // places
    size_t per_address;    // of one address that is not loopback
    const char *only_from; // the proxy's address, if only it may connect; NULL: anybody
    unsigned headers_s, body_s, between_s, send_s; // 0: those above
} wf_guard_options;

weft_status wf_guard_new(const wf_guard_options *options, wf_guard **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_guard_free(wf_guard *guard); // NULL does nothing; no connection may be left

// Whether a connection from there is taken. Any thread.
bool wf_guard_admits(wf_guard *guard, const struct sockaddr *address);

// A connection has begun; NULL without memory (it then has no end but libmicrohttpd's).
wf_guarded *wf_guard_add(wf_guard *guard, int socket, const struct sockaddr *address);
// It ends; its socket is still open. NULL does nothing.
void wf_guard_remove(wf_guard *guard, wf_guarded *one);
// Its address as text, "" when it has none.
const char *wf_guarded_address(const wf_guarded *one);

typedef enum {
    WF_PHASE_HEADERS,
    WF_PHASE_BODY,
    WF_PHASE_ANSWER, // it is made, or is a stream that waits for what happens
    WF_PHASE_SEND,   // it leaves
    WF_PHASE_BETWEEN
} wf_phase;
// A phase begins. `bytes` that are to leave in it: 0 in all but WF_PHASE_SEND. NULL does
// nothing.
void wf_guarded_phase(wf_guarded *one, wf_phase phase, uint64_t bytes);
// A part of a body has come, in WF_PHASE_BODY. NULL does nothing. Its thread alone.
void wf_guarded_came(wf_guarded *one, size_t bytes);

// Shuts down what is over its time; how many. `bodies_crowded`: bodies take much memory.
size_t wf_guard_tick(wf_guard *guard, bool bodies_crowded);
// Shuts down what is between two requests: nothing more is to come. How many.
size_t wf_guard_end_idle(wf_guard *guard);

#endif
