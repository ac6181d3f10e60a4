// The YAML reader on any bytes: it refuses or gives a tree that can be walked whole.
#include <stdlib.h>

#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Counts bytes so that every text of the tree is read.
static size_t walk(const wf_yaml *node)
{
    size_t sum = node->line != 0 && node->path != NULL ? 1 : 0;
    for (size_t i = 0; i < node->scalar.size; i++)
        sum += (unsigned char)node->scalar.bytes[i];
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == WF_YAML_MAP &&
            wf_yaml_get(node, node->keys[i]) != node->items[i])
            abort();
        sum += walk(node->items[i]);
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // wf_yaml_get is linear: larger maps would only measure that.
    if (size > 64 * 1024)
        return 0;
    wf_arena arena;
    wf_arena_init(&arena, (size_t)64 << 20);
    weft_error error = {0};
    const wf_yaml *root = NULL;
    weft_status status =
        wf_yaml_parse((wf_text){(const char *)data, size}, "fuzz", &arena, &root, &error);
    if ((status == WEFT_OK) != (root != NULL) || (root != NULL && walk(root) == 0))
        abort();
    wf_arena_done(&arena);
    return 0;
}
