// The small body of a request: what is read is an object that is written as one which
// reads as the same, and nests no deeper than is said.
#include <stdlib.h>

#include "serve/http/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t depth_of(const json_t *value)
{
    size_t most = 0, index;
    const char *key;
    json_t *one;
    if (json_is_array(value))
        json_array_foreach(value, index, one)
        {
            size_t depth = depth_of(one);
            most = depth > most ? depth : most;
        }
    json_object_foreach((json_t *)(uintptr_t)value, key, one)
    {
        size_t depth = depth_of(one);
        most = depth > most ? depth : most;
    }
    return most + (json_is_object(value) || json_is_array(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    weft_error error = {0};
    json_t *json = NULL, *again = NULL;
    weft_status status =
        wf_body_parse((wf_text){(const char *)data, size}, &json, &error);
    WF_ASSERT(status == WEFT_OK || (status == WEFT_BAD_INPUT && json == NULL));
    if (status != WEFT_OK)
        return 0;
    WF_ASSERT(json_is_object(json) && depth_of(json) <= 32);
    char *text = json_dumps(json, JSON_COMPACT);
    WF_ASSERT(text != NULL);
    WF_ASSERT(wf_body_parse(wf_text_of(text), &again, &error) == WEFT_OK);
    WF_ASSERT(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    free(text);
    return 0;
}
