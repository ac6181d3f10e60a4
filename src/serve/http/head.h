// Whether all of a request's head was read.
//
// libmicrohttpd 0.9.75 reads lines up to a NUL: "Content-Length: 2<NUL>0" is 2 to it and
// perhaps 20 to a proxy. It also joins folded lines, which RFC 9112 §5.2 forbids. Its
// texts lie where they came in, so that what lies between them says what it passed over:
// ends of lines and blanks only. Versions after it refuse both by themselves and may keep
// texts elsewhere: for them nothing is looked at.
#ifndef WF_SERVE_HTTP_HEAD_H
#define WF_SERVE_HTTP_HEAD_H

#include <microhttpd.h>

#include "serve/http/headers.h"

// `method`, `target` and `version` as libmicrohttpd gave them.
bool wf_head_is_whole(struct MHD_Connection *connection, const char *method,
                      const char *target, size_t target_size, const char *version,
                      const wf_headers *headers);

#endif
