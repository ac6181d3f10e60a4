// /v1/openapi.json: made once, when the service begins.
#include "serve/http/exchange_inside.h"
#include "serve/page/static.h"

static void describe(wf_exchange *x)
{
    const wf_server *server = x->server;
    WF_IGNORE(!wf_exchange_add_header(x, "ETag", server->description_tag),
              "without memory there is no answer either");
    WF_IGNORE(!wf_exchange_add_header(x, "Cache-Control", "no-cache"),
              "without memory there is no answer either");
    if (wf_static_has_tag(wf_exchange_header(x, "If-None-Match"),
                          server->description_tag))
        wf_exchange_empty(x, 304);
    else
        wf_exchange_static(x, 200, "application/json; charset=utf-8",
                           wf_buffer_text(&server->description));
}

static const wf_schema description_schema = {
    "Description", "{\"type\":\"object\",\"required\":[\"openapi\",\"paths\"],"
                   "\"description\":\"this document\"}"};
static const unsigned short description_errors[] = {304, 0};

extern const wf_route wf_routes_description[];
const wf_route wf_routes_description[] = {
    {.method = "GET",
     .path = "/v1/openapi.json",
     .lane = WF_LANE_DASHBOARDS,
     .open = true,
     .fast = true,
     .operation = "describe",
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &description_schema,
                 .errors = description_errors},
     .zh = "本接口的说明（OpenAPI 3.1）",
     .en = "the description of this service, OpenAPI 3.1",
     .handle = describe},
    WF_ROUTES_END,
};
