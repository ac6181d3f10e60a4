// A guest: a program of the owner that has asked for a verb over weft.sock, as that verb
// sees it. What the verb prints goes to the guest through a spool in memory, so that a
// reader who has stopped to read (less) holds nobody up; the files that its arguments
// name are opened by the guest, in its folder and with its rights, and come back as
// descriptors: the server itself can reach its own folders only (sandbox.h).
//
// Threads: all functions from the verb's thread; files (wf_guest_io) and
// wf_guest_interrupted from any.
#ifndef WF_SERVE_OWNER_GUEST_H
#define WF_SERVE_OWNER_GUEST_H

#include "base/io.h"
#include "model/catalogue.h"

typedef struct wf_guest wf_guest;

wf_language wf_guest_language(const wf_guest *guest);
bool wf_guest_on_terminal(const wf_guest *guest); // its standard error is one
int wf_guest_input(const wf_guest *guest);        // its standard input; −1: none

// Files: paths inside the city's folder are the server's own, all others the guest's. A
// guest that has gone, or answers nothing for 30 s, fails with ECANCELED or ETIMEDOUT.
const wf_io *wf_guest_io(wf_guest *guest);

typedef enum { WF_GUEST_OUT, WF_GUEST_MESSAGES } wf_guest_stream;
// Puts bytes into the spool. −1 and errno: EPIPE when the guest has gone or its standard
// output is closed, what it said of a write that failed, ETIMEDOUT when 32 MiB wait and
// nothing of it is taken for 10 s, or when the verb has waited for room for 30 s in all.
ssize_t wf_guest_say(wf_guest *guest, wf_guest_stream stream, const char *bytes,
                     size_t size);

// The verb ends by itself after an interrupt; else the guest is let go at once, and what
// the verb still does is done without it.
void wf_guest_mind(wf_guest *guest);
bool wf_guest_interrupted(const wf_guest *guest); // Ctrl-C, or it has gone

#endif
