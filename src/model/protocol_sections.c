// Sections of a protocol file whose numbers have no field of their own.
#include <stdlib.h>
#include <string.h>

#include "model/protocol_read.h"

enum { path_max_bytes = 120 };

typedef struct {
    wf_named_text *texts;
    size_t count, capacity;
} named_texts;

// Names are parts of dotted names and of addresses: small letters, digits, "_". Long
// paths are refused because the tree cuts them, and cut names could be equal.
static weft_status check_name(const wf_protocol_reader *in, const wf_yaml *node,
                              const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t size = strlen(name);
    bool fits = size > 0 && size <= 40 && strlen(node->path) <= path_max_bytes;
    if (fits && strspn(name, allowed) == size)
        return WEFT_OK;
    return wf_yaml_fail(node, in->file, in->error, "protocol.name", "name", name, NULL);
}

static bool has_one_of(const wf_yaml *node, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (wf_yaml_get(node, *keys) != NULL)
            return true;
    return false;
}

// Groups may nest; what has a value or says where it comes from is a number.
static weft_status read_group(const wf_protocol_reader *in, const wf_yaml *node,
                              wf_terms_kind terms, wf_protocol_numbers *to)
{
    static const char *const leaf_keys[] = {"value", "values", "source", "sure", NULL};
    if (node->kind != WF_YAML_MAP || node->count == 0)
        return wf_yaml_fail(node, in->file, in->error, "yaml.not_a_map", NULL);
    if (has_one_of(node, leaf_keys))
        return wf_protocol_read_leaf(in, node, terms, to);
    for (size_t i = 0; i < node->count; i++) {
        WF_TRY(check_name(in, node->items[i], node->keys[i]));
        WF_TRY(read_group(in, node->items[i], terms, to));
    }
    return WEFT_OK;
}

// A measure is days in a place of isolation, days at home, and tests on days of each.
static weft_status check_measures(const wf_protocol_reader *in, const wf_yaml *measures)
{
    static const char *const keys[] = {"central_d", "home_d", "tests_central_d",
                                       "tests_home_d", NULL};
    for (size_t i = 0; i < measures->count; i++) {
        const wf_yaml *measure = measures->items[i];
        WF_TRY(wf_yaml_only_keys(measure, in->file, keys, in->error));
        if (wf_yaml_get(measure, "central_d") == NULL &&
            wf_yaml_get(measure, "home_d") == NULL)
            return wf_yaml_fail(measure, in->file, in->error, "protocol.missing", "key",
                                "central_d", NULL);
    }
    return WEFT_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    const wf_named_number *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static int compare_texts(const void *a, const void *b)
{
    const wf_named_text *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static weft_status read_numbers(const wf_protocol_reader *in, const wf_yaml *root,
                                wf_protocol_numbers *to)
{
    static const struct {
        const char *key;
        wf_terms_kind terms;
    } sections[] = {{"measures", WF_TERMS_DURATION},
                    {"durations", WF_TERMS_DURATION},
                    {"deadlines", WF_TERMS_DEADLINE},
                    {"shares", WF_TERMS_SHARE},
                    {"numbers", WF_TERMS_NONE}};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const wf_yaml *section = wf_yaml_get(root, sections[i].key);
        if (section != NULL)
            WF_TRY(read_group(in, section, sections[i].terms, to));
    }
    const wf_yaml *measures = wf_yaml_get(root, "measures");
    return measures == NULL ? WEFT_OK : check_measures(in, measures);
}

// ---- sentences ----

static weft_status add_text(const wf_protocol_reader *in, named_texts *to,
                            const wf_named_text *text)
{
    wf_named_text *grown =
        wf_arena_grow(in->arena, to->texts, to->count, &to->capacity, sizeof *grown);
    if (grown == NULL)
        return wf_fail_memory(in->error);
    to->texts = grown;
    to->texts[to->count++] = *text;
    return WEFT_OK;
}

static weft_status read_sentence(const wf_protocol_reader *in, const wf_yaml *node,
                                 named_texts *to)
{
    static const char *const keys[] = {"zh", "en", "source", "sure", "why", NULL};
    wf_named_text text = {.name = node->path};
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_text(in, node, "zh", true, &text.zh));
    WF_TRY(wf_protocol_read_text(in, node, "en", true, &text.en));
    WF_TRY(
        wf_protocol_read_provenance(in, node, &text.source, &text.sureness, &text.why));
    return add_text(in, to, &text);
}

static weft_status read_texts(const wf_protocol_reader *in, const wf_yaml *root,
                              named_texts *to)
{
    const wf_yaml *texts = wf_yaml_get(root, "texts");
    if (texts == NULL)
        return WEFT_OK;
    if (texts->kind != WF_YAML_MAP)
        return wf_yaml_fail(texts, in->file, in->error, "yaml.not_a_map", NULL);
    for (size_t i = 0; i < texts->count; i++) {
        WF_TRY(check_name(in, texts->items[i], texts->keys[i]));
        WF_TRY(read_sentence(in, texts->items[i], to));
    }
    return WEFT_OK;
}

weft_status wf_protocol_read_sections(const wf_protocol_reader *in, const wf_yaml *root,
                                      wf_protocol *to)
{
    wf_protocol_numbers numbers = {0};
    named_texts texts = {0};
    WF_TRY(read_numbers(in, root, &numbers));
    WF_TRY(read_texts(in, root, &texts));
    if (numbers.count > 1)
        qsort(numbers.numbers, numbers.count, sizeof *numbers.numbers, compare_numbers);
    if (texts.count > 1)
        qsort(texts.texts, texts.count, sizeof *texts.texts, compare_texts);
    to->others = numbers.numbers;
    to->others_count = numbers.count;
    to->texts = texts.texts;
    to->texts_count = texts.count;
    return WEFT_OK;
}
