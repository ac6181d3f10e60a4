// The Unix socket of a city that is served (DIR/weft.sock, mode 0600): who owns the
// service, or root, runs verbs of the command line on it, and hardly notices. What a
// packet says: packet.h; what a verb sees: guest.h.
//
//   one thread      accepts, receives, sends; never waits for a guest or a verb
//   one a guest     runs its verb, by a function of the program
//
// A guest that dies is noticed at once: its verb sees an interrupt, and gives back the
// city at the next place where it looks.
#ifndef WF_SERVE_OWNER_ATTEND_H
#define WF_SERVE_OWNER_ATTEND_H

#include "serve/owner/guest.h"

typedef struct wf_attend wf_attend;

typedef struct {
    const char *city_dir; // absolute, without links; the city's lock is held
    const char *version;  // of the program; others are refused
    // Runs what argv says for the guest: its exit code. From many threads.
    int (*run)(void *context, wf_guest *guest, int argc, char **argv);
    void *context;
} wf_attend_options;

#define WF_GUESTS_MAX 32 // at a time; more find the connection closed ("remote.full")

// Takes the place of a socket that a crash left. WEFT_STORAGE ("remote.bind") when it
// cannot be made. Texts are borrowed until wf_attend_stop.
weft_status wf_attend_start(const wf_attend_options *options, wf_attend **ret,
                            weft_error *error) WEFT_MUST_CHECK;
// Accepts nobody more, interrupts who is there, waits for their verbs, removes the
// socket. NULL does nothing.
void wf_attend_stop(wf_attend *attend);

#endif
