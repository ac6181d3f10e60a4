// The content of a key ring, as hostile bytes: read, then used.
#include <stdint.h>

#include "keys/ring.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_keys *keys = NULL;
    weft_error error = {0};
    if (wf_keys_parse((wf_text){(const char *)data, size}, &keys, &error) != WEFT_OK)
        return 0;
    wf_arena arena;
    wf_arena_init(&arena, 64 << 20);
    for (int key_class = WF_KEY_VISITS; key_class < WF_KEY_CLASS_COUNT; key_class++) {
        weft_day *days = NULL;
        size_t count = 0;
        const wf_key *key = NULL;
        if (wf_keys_days(keys, (wf_key_class)key_class, &arena, &days, &count, &error) !=
            WEFT_OK)
            continue;
        for (size_t i = 0; i < count; i++) {
            weft_status status =
                wf_keys_find(keys, (wf_key_class)key_class, days[i], &key, &error);
            // A day that the ring lists must be there, unless its whole past is
            // forgotten.
            WF_ASSERT(status == WEFT_OK || status == WEFT_FORGOTTEN);
        }
    }
    wf_arena_done(&arena);
    wf_keys_close(keys);
    return 0;
}
