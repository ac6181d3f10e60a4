// A body that is read is the very body that would be written; all others are damaged.
#include <stdlib.h>

#include "support/small_kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_text body = {(const char *)data, size};
    for (size_t i = 0; i < small_kinds.kinds_count; i++) {
        wf_arena arena;
        wf_buffer again = {0};
        weft_error error = {0};
        wf_fact fact = {.id = {WF_TEXT("S-1"), 1}};
        wf_arena_init(&arena, 1 << 20);
        if (wf_fact_decode(small_kinds.kinds[i], body, &arena, &fact, &error) ==
            WEFT_OK) {
            if (fact.kind->withdraws) {
                fact.amends = (wf_identity){fact.values[0].text, fact.values[1].number};
                fact.id.seq = fact.amends.seq == 1 ? 2 : 1;
            }
            WF_ASSERT(wf_fact_check(&fact, &error) == WEFT_OK);
            WF_ASSERT(wf_fact_encode(&fact, &again, &error) == WEFT_OK);
            WF_ASSERT(wf_text_equal(body, wf_buffer_text(&again)));
        } else {
            WF_ASSERT(error.status == WEFT_DAMAGED);
        }
        wf_buffer_done(&again);
        wf_arena_done(&arena);
    }
    return 0;
}
