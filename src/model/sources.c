// sources.yaml: what the numbers of protocols rest on, and how far it was read.
#include <string.h>

#include "model/protocol_read.h"

const wf_source_entry *wf_sources_find(const wf_sources *sources, const char *key)
{
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->entries[i].key, key) == 0)
            return &sources->entries[i];
    return NULL;
}

static weft_status read_entry(const wf_protocol_reader *in, const char *key,
                              const wf_yaml *node, wf_source_entry *ret)
{
    static const char *const keys[] = {"title", "issuer", "date", "clause",
                                       "read",  "note",   NULL};
    static const char *const reads[] = {"text",      "abstract", "database",
                                        "secondary", "none",     NULL};
    wf_source_entry entry = {.key = key};
    size_t read = 0;
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_both(in, node, "title", true, &entry.title));
    WF_TRY(wf_protocol_read_both(in, node, "issuer", true, &entry.issuer));
    WF_TRY(wf_protocol_read_text(in, node, "date", false, &entry.date));
    WF_TRY(wf_protocol_read_both(in, node, "clause", false, &entry.clause));
    WF_TRY(wf_protocol_read_both(in, node, "note", true, &entry.note));
    WF_TRY(wf_protocol_read_word(in, node, "read", reads, &read));
    entry.read = reads[read];
    *ret = entry;
    return WEFT_OK;
}

weft_status wf_sources_parse(wf_text yaml, const char *file, wf_arena *arena,
                             wf_sources *ret, weft_error *error)
{
    const wf_protocol_reader in = {.file = file, .arena = arena, .error = error};
    const wf_yaml *root = NULL;
    WF_TRY(wf_yaml_parse(yaml, file, arena, &root, error));
    if (root->kind != WF_YAML_MAP || root->count == 0)
        return wf_yaml_fail(root, file, error, "yaml.not_a_map", NULL);
    wf_source_entry *entries = wf_arena_array(arena, root->count, sizeof *entries);
    if (entries == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < root->count; i++)
        WF_TRY(read_entry(&in, root->keys[i], root->items[i], &entries[i]));
    *ret = (wf_sources){entries, root->count};
    return WEFT_OK;
}
