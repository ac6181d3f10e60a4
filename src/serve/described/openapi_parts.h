// Pieces of the description, shared by its files. Out of memory a piece is NULL, and so
// is then the whole.
#ifndef WF_SERVE_DESCRIBED_OPENAPI_PARTS_H
#define WF_SERVE_DESCRIBED_OPENAPI_PARTS_H

#include <jansson.h>

#include "serve/described/openapi.h"
#include "serve/http/lane.h"

json_t *wf_openapi_ref(const char *schema); // {"$ref":"#/components/schemas/…"}
json_t *wf_openapi_words(const char *const *words);
// The content of an answer of success; NULL: none.
json_t *wf_openapi_content(const wf_answers *answers);
// The headers that answers carry, by name; and a reference to one of them.
json_t *wf_openapi_headers(void);
void wf_openapi_add_header(json_t *to, const char *name);
// Error, AsOf; those of the routes; a fact of each kind; a row of each view.
void wf_openapi_add_schemas(const wf_openapi_of *of, json_t *to);

#endif
