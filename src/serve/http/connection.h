// What libmicrohttpd calls: from a connection to its exchanges.
#ifndef WF_SERVE_HTTP_CONNECTION_H
#define WF_SERVE_HTTP_CONNECTION_H

#include "serve/server_inside.h"

// Starts the daemon of a door on its socket, which is then the daemon's.
weft_status wf_door_open(wf_door *door, weft_error *error) WEFT_MUST_CHECK;

#endif
