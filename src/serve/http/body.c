#include "serve/http/body.h"

#include "serve/http/exchange_inside.h"

enum { depth_max = 32 };

// How deep brackets nest outside texts; jansson alone would follow them to the end of the
// stack.
static bool is_shallow(wf_text text)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.bytes[i];
        if (letter == '"')
            in_text = !in_text;
        else if (in_text && letter == '\\')
            i++;
        else if (!in_text && (letter == '{' || letter == '['))
            depth++;
        else if (!in_text && (letter == '}' || letter == ']') && depth > 0)
            depth--;
        if (depth > depth_max)
            return false;
    }
    return true;
}

weft_status wf_body_parse(wf_text body, json_t **ret, weft_error *error)
{
    json_error_t reason = {0};
    if (!is_shallow(body))
        return wf_fail(error, WEFT_BAD_INPUT, "http.json", "reason", "depth > 32", NULL);
    // NUL in a text is refused unless it is asked for; its message may quote the body.
    json_t *json = json_loadb(body.size > 0 ? body.bytes : "", body.size,
                              JSON_REJECT_DUPLICATES, &reason);
    if (json_is_object(json)) {
        *ret = json;
        return WEFT_OK;
    }
    json_decref(json);
    if (json_error_code(&reason) == json_error_out_of_memory)
        return wf_fail_memory(error);
    wf_error_at(error, NULL, reason.line > 0 ? (uint64_t)reason.line : 0, NULL);
    return wf_fail(error, WEFT_BAD_INPUT, "http.json", "reason",
                   json == NULL ? "syntax" : "object", NULL);
}

weft_status wf_exchange_parse(const wf_exchange *x, json_t **ret, weft_error *error)
{
    return wf_body_parse(wf_exchange_body(x), ret, error);
}
