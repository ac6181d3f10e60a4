// The description of the service: OpenAPI 3.1, made from the table of routes, the kinds
// of facts and the views, so that it says what the program does.
#ifndef WF_SERVE_DESCRIBED_OPENAPI_H
#define WF_SERVE_DESCRIBED_OPENAPI_H

#include "model/kind.h"
#include "serve/http/route.h"
#include "weft/views.h"

typedef struct {
    const char *version;
    const wf_route_table *routes;
    const wf_kinds *kinds;
    const weft_view_about *views;
    size_t views_count;
} wf_openapi_of;

// Appends it as JSON. What contradicts itself (a schema of a route that is no JSON) is a
// bug.
weft_status wf_openapi_write(const wf_openapi_of *of, wf_buffer *to,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
