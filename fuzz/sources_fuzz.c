// The list of sources beside protocols and laws: it is refused, or each entry is found
// by its key and says how far it was read.
#include <string.h>

#include "model/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const wf_sources *sources)
{
    static const char *const words[] = {"text", "abstract", "database", "secondary",
                                        "none"};
    for (size_t i = 0; i < sources->count; i++) {
        const wf_source_entry *entry = &sources->entries[i];
        bool known = false;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            known = known || strcmp(entry->read, words[w]) == 0;
        WF_ASSERT(known && *entry->key != '\0' && *entry->title.zh != '\0' &&
                  *entry->title.en != '\0');
        WF_ASSERT(wf_sources_find(sources, entry->key) == entry);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_arena arena;
    wf_sources sources = {0};
    weft_error error = {0};
    wf_arena_init(&arena, (size_t)64 << 20);
    weft_status status = wf_sources_parse((wf_text){(const char *)data, size}, "fuzz",
                                          &arena, &sources, &error);
    if (status == WEFT_OK)
        use(&sources);
    else
        WF_ASSERT(error.code != NULL);
    wf_arena_done(&arena);
    return 0;
}
