// A preview as programs read it: of the service and of the command line alike.
#ifndef WF_ACCESS_CHANGE_PREVIEW_JSON_H
#define WF_ACCESS_CHANGE_PREVIEW_JSON_H

#include <jansson.h>

#include "model/catalogue.h"
#include "weft/import.h"

// {"header":…,"top":[…],"columns":[…],"fields":[…],"rows":[…],"rows_read":…,"refused":…,
// "problem":…}, sentences in one language. `hint` says which hint: WF_PART_HINT, or that
// for those who ask over HTTP. It is whole: where memory runs out there is none. *ret is
// the caller's.
weft_status wf_preview_json(const weft_preview *preview, wf_language language,
                            wf_error_part hint, json_t **ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Why a row is refused: {"line":…,"code":…,"field":…,"reason":…,"detail":…,"hint":…};
// NULL without memory.
json_t *wf_preview_why_json(const weft_error *why, wf_language language,
                            wf_error_part hint);

#endif
