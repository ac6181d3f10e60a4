#include "model/law.h"

#include <math.h>
#include <string.h>

#include "model/protocol_read.h"

enum { clauses_max = 200, clause_bytes_max = 63 };

static const wf_protocol_field days = {.unit = "d", .min = 1, .max = 36500};

// ---- clauses ----

// It stands in facts and is typed by people.
static bool is_key(const char *key)
{
    size_t size = strlen(key);
    return size >= 1 && size <= clause_bytes_max &&
           strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

static weft_status read_two(const wf_protocol_reader *in, const wf_yaml *map,
                            const char *key, const char **ret_zh, const char **ret_en)
{
    static const char *const keys[] = {"zh", "en", NULL};
    const wf_yaml *node = NULL;
    WF_TRY(wf_protocol_read_node(in, map, key, &node));
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_text(in, node, "zh", true, ret_zh));
    return wf_protocol_read_text(in, node, "en", true, ret_en);
}

static weft_status read_order(const wf_protocol_reader *in, const wf_yaml *node,
                              uint32_t *orders)
{
    const char *word = node->kind == WF_YAML_SCALAR ? node->scalar.bytes : "";
    for (unsigned kind = 0; kind < WF_ORDER_KIND_COUNT; kind++) {
        if (strcmp(wf_order_kind_words[kind], word) != 0)
            continue;
        uint32_t bit = UINT32_C(1) << kind;
        if ((*orders & bit) != 0)
            return wf_yaml_fail(node, in->file, in->error, "law.order_twice", NULL);
        *orders |= bit;
        return WEFT_OK;
    }
    return wf_yaml_fail(node, in->file, in->error, "law.order", "word", word, "nearest",
                        wf_yaml_nearest(word, wf_order_kind_words), NULL);
}

static weft_status read_orders(const wf_protocol_reader *in, const wf_yaml *map,
                               uint32_t *ret)
{
    const wf_yaml *list = NULL;
    uint32_t orders = 0;
    WF_TRY(wf_protocol_read_node(in, map, "orders", &list));
    if (list->kind != WF_YAML_LIST)
        return wf_yaml_fail(list, in->file, in->error, "law.orders", NULL);
    for (size_t i = 0; i < list->count; i++)
        WF_TRY(read_order(in, list->items[i], &orders));
    *ret = orders;
    return WEFT_OK;
}

static weft_status read_days(const wf_protocol_reader *in, const wf_yaml *map,
                             const char *key, wf_number *ret)
{
    const wf_yaml *node = NULL;
    wf_number number = {0};
    WF_TRY(wf_protocol_read_node(in, map, key, &node));
    WF_TRY(wf_protocol_read_number(in, node, &days, WF_TERMS_NONE, &number));
    if (number.value != floor(number.value))
        return wf_yaml_fail(node, in->file, in->error, "law.whole_days", NULL);
    *ret = number;
    return WEFT_OK;
}

static weft_status read_clause(const wf_protocol_reader *in, const char *key,
                               const wf_yaml *node, wf_law_clause *ret)
{
    static const char *const keys[] = {"cite",       "text",     "orders",
                                       "decided_by", "max_days", "source",
                                       "sure",       "why",      NULL};
    wf_law_clause clause = {
        .key = key, .max_days = {.unit = days.unit, .source = "", .why = WF_BOTH_NONE}};
    if (!is_key(key))
        return wf_yaml_fail(node, in->file, in->error, "law.key", NULL);
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_both(in, node, "cite", true, &clause.cite));
    WF_TRY(read_two(in, node, "text", &clause.zh, &clause.en));
    WF_TRY(read_two(in, node, "decided_by", &clause.by_zh, &clause.by_en));
    WF_TRY(read_orders(in, node, &clause.orders));
    if (wf_yaml_get(node, "max_days") != NULL)
        WF_TRY(read_days(in, node, "max_days", &clause.max_days));
    WF_TRY(wf_protocol_read_provenance(in, node, &clause.source, &clause.sureness,
                                       &clause.why));
    *ret = clause;
    return WEFT_OK;
}

static weft_status read_clauses(const wf_protocol_reader *in, const wf_yaml *root,
                                wf_law *to)
{
    const wf_yaml *map = NULL;
    WF_TRY(wf_protocol_read_node(in, root, "clauses", &map));
    if (map->kind != WF_YAML_MAP)
        return wf_yaml_fail(map, in->file, in->error, "yaml.not_a_map", NULL);
    if (map->count == 0 || map->count > clauses_max)
        return wf_yaml_fail(map, in->file, in->error, "law.clauses", NULL);
    wf_law_clause *clauses = wf_arena_array(in->arena, map->count, sizeof *clauses);
    if (clauses == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < map->count; i++)
        WF_TRY(read_clause(in, map->keys[i], map->items[i], &clauses[i]));
    to->clauses = clauses;
    to->clauses_count = map->count;
    return WEFT_OK;
}

// ---- reactions ----

static weft_status read_reaction(const wf_protocol_reader *in, const wf_yaml *node,
                                 const wf_law *law, wf_order_kind kind,
                                 wf_law_reaction *ret)
{
    static const char *const keys[] = {"clause", "source", "sure", "why", NULL};
    wf_law_reaction reaction = {0};
    const char *key = "";
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(wf_protocol_read_text(in, node, "clause", true, &key));
    WF_TRY(wf_protocol_read_provenance(in, node, &reaction.source, &reaction.sureness,
                                       &reaction.why));
    reaction.clause = wf_law_find(law, wf_text_of(key));
    if (reaction.clause == NULL || !wf_law_founds(reaction.clause, kind))
        return wf_yaml_fail(wf_yaml_get(node, "clause"), in->file, in->error,
                            "law.reaction", "order", wf_order_kind_words[kind], NULL);
    *ret = reaction;
    return WEFT_OK;
}

// Profiles may leave them out: then the city does nothing by itself.
static weft_status read_reactions(const wf_protocol_reader *in, const wf_yaml *root,
                                  wf_law *to)
{
    static const char *const keys[] = {"pool_hold", NULL};
    const wf_yaml *map = wf_yaml_get(root, "reactions");
    to->pool_hold = (wf_law_reaction){.source = "", .why = WF_BOTH_NONE};
    if (map == NULL)
        return WEFT_OK;
    WF_TRY(wf_yaml_only_keys(map, in->file, keys, in->error));
    const wf_yaml *pool = wf_yaml_get(map, "pool_hold");
    return pool == NULL ? WEFT_OK
                        : read_reaction(in, pool, to, WF_ORDER_HOLD, &to->pool_hold);
}

// ---- appeal and keeping ----

static weft_status read_appeal(const wf_protocol_reader *in, const wf_yaml *root,
                               wf_law *to)
{
    static const char *const keys[] = {"days", "to", NULL};
    const wf_yaml *node = NULL;
    WF_TRY(wf_protocol_read_node(in, root, "appeal", &node));
    WF_TRY(wf_yaml_only_keys(node, in->file, keys, in->error));
    WF_TRY(read_days(in, node, "days", &to->appeal_days));
    return read_two(in, node, "to", &to->appeal_zh, &to->appeal_en);
}

static weft_status read_keeping(const wf_protocol_reader *in, const wf_yaml *root,
                                wf_law *to)
{
    static const wf_keep classes[] = {WF_KEEP_CASE, WF_KEEP_TESTING, WF_KEEP_ORDER,
                                      WF_KEEP_ACCOUNT};
    enum { classes_count = sizeof classes / sizeof *classes };
    const char *keys[classes_count + 1] = {0};
    const wf_yaml *map = NULL;
    for (size_t i = 0; i < classes_count; i++)
        keys[i] = wf_keep_word(classes[i]);
    WF_TRY(wf_protocol_read_node(in, root, "keeping", &map));
    WF_TRY(wf_yaml_only_keys(map, in->file, keys, in->error));
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        to->keeping_days[keep] =
            (wf_number){.unit = days.unit, .source = "", .why = WF_BOTH_NONE};
    for (size_t i = 0; i < classes_count; i++)
        WF_TRY(read_days(in, map, keys[i], &to->keeping_days[classes[i]]));
    // Whoever appeals on the last day must still find what the order rested on.
    if (to->keeping_days[WF_KEEP_ORDER].value <= to->appeal_days.value)
        return wf_yaml_fail(wf_yaml_get(map, wf_keep_word(WF_KEEP_ORDER)), in->file,
                            in->error, "law.kept", NULL);
    return WEFT_OK;
}

// ---- the whole ----

static weft_status read_all(const wf_protocol_reader *in, const wf_yaml *root, wf_law *to)
{
    static const char *const keys[] = {"name",    "title",   "wording",
                                       "reasons", "clauses", "reactions",
                                       "appeal",  "keeping", NULL};
    WF_TRY(wf_yaml_only_keys(root, in->file, keys, in->error));
    WF_TRY(wf_protocol_check_reasons(in));
    WF_TRY(wf_protocol_read_text(in, root, "name", true, &to->name));
    WF_TRY(read_two(in, root, "title", &to->title_zh, &to->title_en));
    WF_TRY(wf_protocol_read_text(in, root, "wording", true, &to->wording));
    WF_TRY(read_clauses(in, root, to));
    WF_TRY(read_reactions(in, root, to));
    WF_TRY(read_appeal(in, root, to));
    return read_keeping(in, root, to);
}

weft_status wf_law_parse(wf_text yaml, const char *file, const wf_sources *sources,
                         wf_arena *arena, const wf_law **ret, weft_error *error)
{
    const wf_yaml *root = NULL;
    WF_TRY(wf_yaml_parse(yaml, file, arena, &root, error));
    if (root->kind != WF_YAML_MAP)
        return wf_yaml_fail(root, file, error, "yaml.not_a_map", NULL);
    const wf_protocol_reader in = {.file = file,
                                   .sources = sources,
                                   .reasons = wf_yaml_get(root, "reasons"),
                                   .arena = arena,
                                   .error = error};
    wf_law *law = wf_arena_new(arena, sizeof *law);
    if (law == NULL)
        return wf_fail_memory(error);
    WF_TRY(read_all(&in, root, law));
    *ret = law;
    return WEFT_OK;
}

const wf_law_clause *wf_law_find(const wf_law *law, wf_text key)
{
    for (size_t i = 0; i < law->clauses_count; i++)
        if (wf_text_equal(wf_text_of(law->clauses[i].key), key))
            return &law->clauses[i];
    return NULL;
}

bool wf_law_founds(const wf_law_clause *clause, wf_order_kind kind)
{
    WF_ASSERT((unsigned)kind < WF_ORDER_KIND_COUNT);
    return (clause->orders >> kind & 1) != 0;
}
