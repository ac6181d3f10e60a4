// Answers that many ask for in the same words: what every screen of an office shows. The
// bytes are kept while the rows stand as they did, for a quarter of a second at most
// (what is due moves with the clock), and given to whoever asks for the same with the
// same role and grid. Nothing is kept that shows a person, or that is somebody's own.
//
// Threads: all functions may run in parallel.
#ifndef WF_SERVE_AREAS_KEPT_H
#define WF_SERVE_AREAS_KEPT_H

#include "serve/http/exchange.h"

typedef struct wf_kept wf_kept;

weft_status wf_kept_new(wf_kept **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_kept_free(wf_kept *kept); // NULL does nothing

// What an answer is kept as, and when its rows stood; a value.
typedef struct {
    char key[160];
    uint64_t rows; // wf_shared_rows
    uint64_t at_ns;
} wf_kept_as;

// Of what is asked by this exchange, from now on: before anything is read. `asked` is
// everything that the answer depends on but its role and grid. False: it is too long to
// be kept.
bool wf_kept_ask(wf_exchange *x, const char *asked, wf_kept_as *ret);
// Appends what is kept; false: nothing is, or there is no memory for it.
bool wf_kept_give(wf_kept *kept, const wf_kept_as *as, wf_buffer *to);
// Keeps a copy; without memory, or of more than 1 MiB, nothing.
void wf_kept_put(wf_kept *kept, const wf_kept_as *as, const wf_buffer *bytes);

#endif
