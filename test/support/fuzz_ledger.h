// The ring and the kinds under which the corpus of the fuzz target of the ledger was
// made.
#ifndef TEST_SUPPORT_FUZZ_LEDGER_H
#define TEST_SUPPORT_FUZZ_LEDGER_H

#include <string.h>

#include "base/bytes.h"
#include "keys/ring.h"
#include "support/small_kinds.h"

// 2021-12-11, 08:00 UTC; the one day that has keys.
#define FUZZ_LEDGER_BEGIN INT64_C(1639209600000000)
#define FUZZ_LEDGER_DAY 18972

static const wf_kinds fuzz_ledger_kinds = {small_kind_list, 3, small_table_list, 2};

static inline void fuzz_ledger_entry(unsigned char *to, unsigned key_class, int32_t day)
{
    wf_put_u32(to, key_class);
    wf_put_u32(to + 4, (uint32_t)day);
    memset(to + 8, (int)key_class, WF_KEY_BYTES);
}

// A ring of fixed keys: the LEDGER's, and one of each keeping class. NULL: no memory.
static inline wf_keys *fuzz_ledger_keys(void)
{
    enum { head_bytes = 192, entry_bytes = 40, entries = WF_KEEP_END };
    unsigned char plain[head_bytes + entries * entry_bytes] = {2, 0, 0, 0, entries};
    for (size_t i = 64; i < head_bytes; i += 4)
        plain[i + 3] = 0x80; // nothing forgotten
    fuzz_ledger_entry(plain + head_bytes, WF_KEY_LEDGER, 0);
    for (int keep = WF_KEEP_REGISTER; keep < WF_KEEP_END; keep++)
        fuzz_ledger_entry(plain + head_bytes + keep * entry_bytes,
                          wf_key_class_of((wf_keep)keep), FUZZ_LEDGER_DAY);
    wf_keys *keys = NULL;
    weft_error error = {0};
    wf_text text = {(const char *)plain, sizeof plain};
    return wf_keys_parse(text, &keys, &error) == WEFT_OK ? keys : NULL;
}

#endif
