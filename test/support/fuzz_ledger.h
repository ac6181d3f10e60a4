// The ring and the kinds under which the corpus of the fuzz target of the ledger was
// made.
#ifndef TEST_SUPPORT_FUZZ_LEDGER_H
#define TEST_SUPPORT_FUZZ_LEDGER_H

#include "support/fuzz_keys.h"
#include "support/small_kinds.h"

// 2021-12-11, 08:00 UTC; the one day that has keys.
#define FUZZ_LEDGER_BEGIN INT64_C(1639209600000000)
#define FUZZ_LEDGER_DAY 18972

static const wf_kinds fuzz_ledger_kinds = {small_kind_list, 3, small_table_list, 2};

// A ring of fixed keys: the LEDGER's, and one of each keeping class. NULL: no memory.
static inline wf_keys *fuzz_ledger_keys(void)
{
    fuzz_key wanted[WF_KEEP_END] = {{WF_KEY_LEDGER, 0}};
    for (int keep = WF_KEEP_REGISTER; keep < WF_KEEP_END; keep++)
        wanted[keep] = (fuzz_key){wf_key_class_of((wf_keep)keep), FUZZ_LEDGER_DAY};
    return fuzz_keys(wanted, WF_KEEP_END);
}

#endif
