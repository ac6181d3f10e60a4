// The header of a look: what is read is a reference of the closed list with an id that
// may be one, and a purpose of the list.
#include "access/looks/look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const wf_column id = {.type = WF_COLUMN_ID, .bytes_max = WF_ID_BYTES_MAX};
    wf_look_why why;
    weft_error error = {0};
    if (wf_look_parse((wf_text){(const char *)data, size}, &why, &error) != WEFT_OK) {
        WF_ASSERT(error.code != NULL);
        return 0;
    }
    WF_ASSERT(why.kind < WF_REFERENCE_COUNT && why.purpose < WF_PURPOSE_COUNT);
    WF_ASSERT(wf_column_takes_text(&id, wf_text_of(why.reference)));
    return 0;
}
