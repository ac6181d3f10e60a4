// A senders' book, as hostile bytes: read, then used, then written again: the same bytes.
#include <string.h>

#include "store/senders.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    wf_senders *senders;
    size_t left;
} looker;

// What a gap says must agree with what the book says of its numbers.
static bool look_at_gap(void *context, const wf_seq_gap *gap)
{
    looker *f = context;
    WF_ASSERT(gap->from >= 1 && gap->from <= gap->upto);
    WF_ASSERT(wf_senders_state(f->senders, (wf_identity){gap->device, gap->from}) ==
              WF_SEQ_NEW);
    WF_ASSERT(wf_senders_next(f->senders, gap->device) > gap->upto);
    return --f->left > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_senders *senders = NULL;
    weft_error error = {0};
    weft_status status =
        wf_senders_load((wf_text){(const char *)data, size}, &senders, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_NO_MEMORY);
    if (status != WEFT_OK)
        return 0;
    looker f = {senders, 1000};
    wf_senders_gaps(senders, look_at_gap, &f);
    wf_senders_mark(senders);
    for (int64_t seq = 1; seq < 64; seq += 3)
        if (wf_senders_note(senders, (wf_identity){WF_TEXT("S"), seq}, WF_SEQ_HAD,
                            &error) != WEFT_OK)
            break;
    wf_senders_back(senders);
    wf_buffer saved = {0};
    if (wf_senders_save(senders, &saved, &error) == WEFT_OK)
        WF_ASSERT(saved.size == size && memcmp(saved.bytes, data, size) == 0);
    wf_buffer_done(&saved);
    wf_senders_free(senders);
    return 0;
}
