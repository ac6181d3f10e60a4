// Holding the ledger as it stands, for a copy of it.
#include <stdio.h>

#include "store/ledger/inside.h"

weft_status wf_ledger_pin(wf_ledger *ledger, wf_pinned_files *files, weft_error *error)
{
    for (size_t i = 0; i < ledger->files_count; i++) {
        char name[40];
        int size = snprintf(name, sizeof name, "ledger/%010llu.facts",
                            (unsigned long long)i + 1);
        WF_ASSERT(size > 0 && (size_t)size < sizeof name);
        // Committed bytes never change: what is appended meanwhile lies behind them.
        WF_TRY(wf_pin_file(files, ledger->options.city_dir, name, 0, ledger->files[i].end,
                           error));
    }
    return WEFT_OK;
}
