#include "base/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum {
    size_max_bytes = 1 << 20,
    depth_max = 16,
    path_max_bytes = 200, // longer paths are cut: they only serve messages
    nearest_max_bytes = 63
};

typedef struct {
    yaml_parser_t parser;
    const char *file;
    wf_arena *arena;
    weft_error *error;
} reader;

// Children of a node while their number is not yet known.
typedef struct {
    wf_yaml **items;
    const char **keys;
    size_t count, capacity;
} children;

static uint64_t line_of(const yaml_mark_t *mark)
{
    return (uint64_t)mark->line + 1;
}

static weft_status fail_at(reader *in, uint64_t line, const char *path, const char *code)
{
    wf_error_at(in->error, in->file, line, path);
    return wf_fail(in->error, WEFT_BAD_INPUT, code, NULL);
}

static weft_status fail_syntax(reader *in)
{
    const yaml_parser_t *parser = &in->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return wf_fail_memory(in->error);
    wf_error_at(in->error, in->file, line_of(&parser->problem_mark), NULL);
    return wf_fail(in->error, WEFT_BAD_INPUT, "yaml.syntax", "problem",
                   parser->problem != NULL ? parser->problem : "", NULL);
}

// The caller deletes the event on WEFT_OK.
static weft_status next_event(reader *in, yaml_event_t *ret)
{
    return yaml_parser_parse(&in->parser, ret) == 1 ? WEFT_OK : fail_syntax(in);
}

// ---- paths ----

// parent + part, cut where it would grow too long; NULL when memory ends.
static const char *join_path(wf_arena *arena, const char *parent, const char *before,
                             const char *part, const char *after)
{
    const char *parts[] = {parent, *parent != '\0' ? before : "", part, after};
    char text[path_max_bytes + 1];
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t room = path_max_bytes - size, length = strlen(parts[i]);
        if (length > room) {
            length = room;
            while (length > 0 && ((unsigned char)parts[i][length] & 0xC0) == 0x80)
                length--;
        }
        memcpy(text + size, parts[i], length);
        size += length;
    }
    return wf_arena_text(arena, (wf_text){text, size}).bytes;
}

static const char *item_path(wf_arena *arena, const char *parent, size_t index)
{
    char number[WF_NUMBER_TEXT_MAX];
    wf_number_text(number, (int64_t)index + 1);
    const char *open = join_path(arena, parent, "", "[", "");
    return open == NULL ? NULL : join_path(arena, open, "", number, "]");
}

// ---- the tree ----

static weft_status add_child(reader *in, children *to, const char *key, wf_yaml *item)
{
    if (to->count == to->capacity) {
        size_t capacity = to->capacity == 0 ? 8 : to->capacity * 2;
        wf_yaml **items = wf_arena_array(in->arena, capacity, sizeof *items);
        const char **keys = wf_arena_array(in->arena, capacity, sizeof *keys);
        if (items == NULL || keys == NULL)
            return wf_fail_memory(in->error);
        if (to->count > 0) {
            memcpy(items, to->items, to->count * sizeof *items);
            memcpy(keys, to->keys, to->count * sizeof *keys);
        }
        *to = (children){items, keys, to->count, capacity};
    }
    to->items[to->count] = item;
    to->keys[to->count++] = key;
    return WEFT_OK;
}

// Refuses what would let a text mean something that is not written where it stands.
static weft_status check_plain(reader *in, const yaml_event_t *event, const char *path)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    }
    uint64_t line = line_of(&event->start_mark);
    if (anchor != NULL || event->type == YAML_ALIAS_EVENT)
        return fail_at(in, line, path, "yaml.anchor");
    return tag != NULL ? fail_at(in, line, path, "yaml.tag") : WEFT_OK;
}

static weft_status read_node(reader *in, const yaml_event_t *event, const char *path,
                             unsigned depth, wf_yaml **ret);

static weft_status copy_scalar(reader *in, const yaml_event_t *event, wf_text *ret)
{
    wf_text text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    wf_text copy = wf_arena_text(in->arena, text);
    if (copy.bytes == NULL)
        return wf_fail_memory(in->error);
    *ret = copy;
    return WEFT_OK;
}

static weft_status read_key(reader *in, const yaml_event_t *event, const char *path,
                            const char **ret)
{
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(in, line_of(&event->start_mark), path, "yaml.key");
    WF_TRY(check_plain(in, event, path));
    wf_text key = {0};
    WF_TRY(copy_scalar(in, event, &key));
    // A NUL ("\0" in quotes) would hide the rest of the key from every C string.
    if (key.size == 0 || memchr(key.bytes, '\0', key.size) != NULL)
        return fail_at(in, line_of(&event->start_mark), path, "yaml.key");
    *ret = key.bytes;
    return WEFT_OK;
}

// The value that follows a key or stands in a list.
static weft_status read_child(reader *in, const yaml_event_t *event, const char *key,
                              const char *path, unsigned depth, children *to)
{
    if (path == NULL)
        return wf_fail_memory(in->error);
    wf_yaml *item = NULL;
    WF_TRY(read_node(in, event, path, depth + 1, &item));
    return add_child(in, to, key, item);
}

static weft_status read_pair(reader *in, const yaml_event_t *key_event, const char *path,
                             unsigned depth, children *to)
{
    const char *key = NULL;
    WF_TRY(read_key(in, key_event, path, &key));
    yaml_event_t event;
    WF_TRY(next_event(in, &event));
    weft_status status =
        read_child(in, &event, key, join_path(in->arena, path, ".", key, ""), depth, to);
    yaml_event_delete(&event);
    // People look for the key; a group begins only on the line after it.
    if (status == WEFT_OK && to->items[to->count - 1]->kind != WF_YAML_SCALAR)
        to->items[to->count - 1]->line = line_of(&key_event->start_mark);
    return status;
}

static weft_status read_children(reader *in, bool is_map, const char *path,
                                 unsigned depth, children *ret)
{
    yaml_event_type_t end = is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        yaml_event_t event;
        WF_TRY(next_event(in, &event));
        bool ended = event.type == end;
        weft_status status = WEFT_OK;
        if (!ended)
            status = is_map
                         ? read_pair(in, &event, path, depth, ret)
                         : read_child(in, &event, NULL,
                                      item_path(in->arena, path, ret->count), depth, ret);
        yaml_event_delete(&event);
        if (ended || status != WEFT_OK)
            return status;
    }
}

typedef struct {
    const char *key;
    size_t index;
} key_place;

static int compare_key_places(const void *a, const void *b)
{
    const key_place *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    if (order != 0)
        return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

// Sorted, because a hostile file may have a hundred thousand keys in one map.
static weft_status check_no_duplicate(reader *in, const children *of)
{
    key_place *places = wf_arena_array(in->arena, of->count, sizeof *places);
    if (places == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < of->count; i++)
        places[i] = (key_place){of->keys[i], i};
    qsort(places, of->count, sizeof *places, compare_key_places);
    for (size_t i = 1; i < of->count; i++) {
        if (strcmp(places[i - 1].key, places[i].key) != 0)
            continue;
        const wf_yaml *again = of->items[places[i].index];
        return wf_yaml_fail(again, in->file, in->error, "yaml.duplicate_key", "key",
                            places[i].key, NULL);
    }
    return WEFT_OK;
}

static weft_status fill_node(reader *in, const yaml_event_t *event, unsigned depth,
                             wf_yaml *node)
{
    if (event->type == YAML_SCALAR_EVENT) {
        node->kind = WF_YAML_SCALAR;
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        return copy_scalar(in, event, &node->scalar);
    }
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    children found = {0};
    WF_TRY(read_children(in, is_map, node->path, depth, &found));
    if (is_map && found.count > 0)
        WF_TRY(check_no_duplicate(in, &found));
    node->kind = is_map ? WF_YAML_MAP : WF_YAML_LIST;
    node->items = found.items;
    node->keys = is_map ? found.keys : NULL;
    node->count = found.count;
    return WEFT_OK;
}

static weft_status read_node(reader *in, const yaml_event_t *event, const char *path,
                             unsigned depth, wf_yaml **ret)
{
    WF_TRY(check_plain(in, event, path));
    if (depth > depth_max)
        return fail_at(in, line_of(&event->start_mark), path, "yaml.deep");
    wf_yaml *node = wf_arena_new(in->arena, sizeof *node);
    if (node == NULL)
        return wf_fail_memory(in->error);
    node->line = line_of(&event->start_mark);
    node->path = path;
    WF_TRY(fill_node(in, event, depth, node));
    *ret = node;
    return WEFT_OK;
}

// ---- documents ----

static weft_status expect_event(reader *in, yaml_event_type_t type, const char *code)
{
    yaml_event_t event;
    WF_TRY(next_event(in, &event));
    weft_status status = WEFT_OK;
    if (event.type != type)
        status = fail_at(in, line_of(&event.start_mark), NULL, code);
    yaml_event_delete(&event);
    return status;
}

static weft_status read_root(reader *in, wf_yaml **ret)
{
    yaml_event_t event;
    WF_TRY(next_event(in, &event));
    weft_status status = read_node(in, &event, "", 1, ret);
    yaml_event_delete(&event);
    return status;
}

static weft_status read_document(reader *in, const wf_yaml **ret)
{
    WF_TRY(expect_event(in, YAML_STREAM_START_EVENT, "yaml.empty"));
    WF_TRY(expect_event(in, YAML_DOCUMENT_START_EVENT, "yaml.empty"));
    wf_yaml *root = NULL;
    WF_TRY(read_root(in, &root));
    WF_TRY(expect_event(in, YAML_DOCUMENT_END_EVENT, "yaml.documents"));
    WF_TRY(expect_event(in, YAML_STREAM_END_EVENT, "yaml.documents"));
    *ret = root;
    return WEFT_OK;
}

weft_status wf_yaml_parse(wf_text text, const char *file, wf_arena *arena,
                          const wf_yaml **ret, weft_error *error)
{
    reader in = {.file = file, .arena = arena, .error = error};
    if (text.size > size_max_bytes) {
        wf_error_at(error, file, 0, NULL);
        return wf_fail(error, WEFT_TOO_LARGE, "yaml.too_large", NULL);
    }
    if (!wf_text_is_utf8(text))
        return fail_at(&in, 0, NULL, "yaml.utf8");
    if (yaml_parser_initialize(&in.parser) != 1)
        return wf_fail_memory(error);
    yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)text.bytes,
                                 text.size);
    weft_status status = read_document(&in, ret);
    yaml_parser_delete(&in.parser);
    return status;
}

// ---- asking and complaining ----

const wf_yaml *wf_yaml_get(const wf_yaml *map, const char *key)
{
    if (map == NULL || map->kind != WF_YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i];
    return NULL;
}

weft_status wf_yaml_fail(const wf_yaml *node, const char *file, weft_error *error,
                         const char *code, ...)
{
    wf_error_at(error, file, node->line, node->path);
    va_list params;
    va_start(params, code);
    weft_status status = wf_fail_list(error, WEFT_BAD_INPUT, code, params);
    va_end(params);
    return status;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

// Edits between two words (Levenshtein), over at most the first 63 bytes of each.
static size_t edits_between(const char *a, const char *b)
{
    size_t a_size = strnlen(a, nearest_max_bytes), b_size = strnlen(b, nearest_max_bytes);
    size_t row[nearest_max_bytes + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_size];
}

const char *wf_yaml_nearest(const char *word, const char *const *words)
{
    const char *best = "";
    size_t fewest = SIZE_MAX;
    for (; *words != NULL; words++) {
        size_t edits = edits_between(word, *words);
        if (edits < fewest) {
            fewest = edits;
            best = *words;
        }
    }
    return best;
}

weft_status wf_yaml_only_keys(const wf_yaml *map, const char *file,
                              const char *const *keys, weft_error *error)
{
    if (map->kind != WF_YAML_MAP)
        return wf_yaml_fail(map, file, error, "yaml.not_a_map", NULL);
    for (size_t i = 0; i < map->count; i++) {
        bool known = false;
        for (const char *const *key = keys; *key != NULL && !known; key++)
            known = strcmp(*key, map->keys[i]) == 0;
        if (!known)
            return wf_yaml_fail(map->items[i], file, error, "yaml.unknown_key", "key",
                                map->keys[i], "nearest",
                                wf_yaml_nearest(map->keys[i], keys), NULL);
    }
    return WEFT_OK;
}
