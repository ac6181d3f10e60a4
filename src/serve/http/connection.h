// What libmicrohttpd calls: from a connection to its exchanges.
#ifndef WF_SERVE_HTTP_CONNECTION_H
#define WF_SERVE_HTTP_CONNECTION_H

#include "serve/server_inside.h"

// Starts the daemon on a listening socket, which is then its.
weft_status wf_connections_start(wf_server *server, int socket,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
