// Rings of fixed keys, under which the corpora of fuzz targets were made.
#ifndef TEST_SUPPORT_FUZZ_KEYS_H
#define TEST_SUPPORT_FUZZ_KEYS_H

#include <string.h>

#include "base/bytes.h"
#include "keys/ring.h"

typedef struct {
    uint32_t key_class;
    int32_t day;
} fuzz_key;

// A ring of these keys, of rising class and day; all bytes of a key are its class.
// At most 16. NULL: no memory.
static inline wf_keys *fuzz_keys(const fuzz_key *wanted, size_t count)
{
    enum { head_bytes = 192, entry_bytes = 40, entries_max = 16 };
    unsigned char plain[head_bytes + entries_max * entry_bytes] = {2};
    WF_ASSERT(count <= entries_max);
    wf_put_u32(plain + 4, (uint32_t)count);
    for (size_t i = 64; i < head_bytes; i += 4)
        plain[i + 3] = 0x80; // nothing forgotten
    for (size_t i = 0; i < count; i++) {
        unsigned char *to = plain + head_bytes + i * entry_bytes;
        wf_put_u32(to, wanted[i].key_class);
        wf_put_u32(to + 4, (uint32_t)wanted[i].day);
        memset(to + 8, (int)wanted[i].key_class, WF_KEY_BYTES);
    }
    wf_keys *keys = NULL;
    weft_error error = {0};
    wf_text text = {(const char *)plain, head_bytes + count * entry_bytes};
    return wf_keys_parse(text, &keys, &error) == WEFT_OK ? keys : NULL;
}

#endif
