// YAML as a tree with line numbers, so that every complaint can name its line.
//
// For our own small files (weft.yaml, protocols, mappings), which people edit by hand.
// libyaml does the parsing. Refused, with file and line: anchors, aliases, tags,
// duplicate keys, keys that are not scalars, more than one document, depth over 16,
// files over 1 MiB, text that is not UTF-8. A fuzz target.
#ifndef WF_BASE_YAML_H
#define WF_BASE_YAML_H

#include "base/arena.h"
#include "base/text.h"

typedef enum { WF_YAML_SCALAR, WF_YAML_MAP, WF_YAML_LIST } wf_yaml_kind;

typedef struct wf_yaml {
    wf_yaml_kind kind;
    uint64_t line;          // 1-based; of a map or list that has a key, the key's
    wf_text scalar;         // SCALAR
    bool quoted;            // SCALAR in quotes: a text even if it looks like a number
    const char *path;       // "kinds.bus.near_minutes", for error.field
    struct wf_yaml **items; // MAP, LIST
    const char **keys;      // MAP: parallel to items
    size_t count;
} wf_yaml;

// Everything in the arena. `file` is for messages and must outlive the tree.
weft_status wf_yaml_parse(wf_text text, const char *file, wf_arena *arena,
                          const wf_yaml **ret, weft_error *error) WEFT_MUST_CHECK;

// The value of a key, NULL when the map has none.
const wf_yaml *wf_yaml_get(const wf_yaml *map, const char *key);

// The word of the list (ended by NULL) that takes the fewest edits to reach; "" when the
// list is empty. For hints.
const char *wf_yaml_nearest(const char *word, const char *const *words);

// Fails with WEFT_BAD_INPUT and `code` at the node's file, line and path: the one way to
// complain. Parameters as for wf_fail.
weft_status wf_yaml_fail(const wf_yaml *node, const char *file, weft_error *error,
                         const char *code, ...) __attribute__((sentinel));

// "yaml.unknown_key" for the first key of the map that is not in `keys` (ended by
// NULL), naming the key nearest in spelling in its hint; "yaml.not_a_map" for another
// node.
weft_status wf_yaml_only_keys(const wf_yaml *map, const char *file,
                              const char *const *keys, weft_error *error) WEFT_MUST_CHECK;

#endif
