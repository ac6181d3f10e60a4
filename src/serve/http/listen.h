// The socket that the service listens on.
#ifndef WF_SERVE_HTTP_LISTEN_H
#define WF_SERVE_HTTP_LISTEN_H

#include "base/status.h"

// Listens at "127.0.0.1:8787" or "[::1]:8787"; `address` is set to what it is, with the
// port that it got. An address that is none: WEFT_BAD_USAGE ("serve.listen"); one that
// others reach, unless `proxied`: WEFT_NOT_ALLOWED ("serve.open_to_all"); taken or not of
// this machine: WEFT_STORAGE ("serve.bind").
weft_status wf_listen(const char *text, bool proxied, int *ret, char address[80],
                      weft_error *error) WEFT_MUST_CHECK;

#endif
