// The doors: the addresses at which the service listens. The first has every route. Those
// who sample, test and stand at gates may have one of their own: it has only what they
// need (`field` of a route), and connections, threads and limits of its own, so that a
// flood at the other costs them processor time and nothing else.
#ifndef WF_SERVE_HTTP_DOORS_H
#define WF_SERVE_HTTP_DOORS_H

#include "serve/server_inside.h"

// How many connections and threads each has, of the options; makes the guards. Nothing
// listens yet.
weft_status wf_doors_prepare(wf_server *server, weft_error *error) WEFT_MUST_CHECK;
// Listens at all of them, then answers: either all are open, or none is. Errors of
// wf_listen.
weft_status wf_doors_open(wf_server *server, weft_error *error) WEFT_MUST_CHECK;
// Nobody new comes in.
void wf_doors_shut(wf_server *server);
// Shuts down connections that are over their time; how many.
size_t wf_doors_tick(wf_server *server);
// Shuts down connections that are between two requests.
void wf_doors_end_idle(wf_server *server);
// Ends the threads: nothing may be under way any more.
void wf_doors_close(wf_server *server);
// Lets go of what is left; of a server that was not prepared, too.
void wf_doors_free(wf_server *server);

#endif
