// Bodies that are one small object of JSON: log-ins, tokens, settings, questions.
#ifndef WF_SERVE_HTTP_BODY_H
#define WF_SERVE_HTTP_BODY_H

#include <jansson.h>

#include "base/text.h"

// The bytes as an object of JSON: no key twice, no NUL, depth ≤ 32 (counted before they
// are parsed), nothing behind it; else WEFT_BAD_INPUT ("http.json"), which quotes nothing
// of them. The caller lets go of *ret. Threads: any.
weft_status wf_body_parse(wf_text body, json_t **ret, weft_error *error) WEFT_MUST_CHECK;

#endif
