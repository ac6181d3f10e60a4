// One number of a protocol file, with all that must stand beside it.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/protocol_label.h"
#include "model/protocol_read.h"

// Units a named number may have, with the range that catches a slipped digit.
typedef struct {
    const char *unit;
    double min, max;
} unit_row;

static const unit_row unit_rows[] = {
    {"d", -400, 36500},      {"h", -10000, 100000}, {"min", 0, 100000},
    {"s", 0, 1e7},           {"m", 0, 100000},      {"km", 0, 40000},
    {"1", -1e6, 1e6},        {"%", 0, 100},         {"1/h", 0, 10000},
    {"%/h", 0, 100},         {"ln d", -5, 7},       {"people", 0, 1e10},
    {"people/d", 0, 1e10},   {"cases", 0, 1e9},     {"samples", 0, 1e9},
    {"samples/h", 0, 1e6},   {"tubes/d", 0, 1e8},   {"rounds", 0, 1000},
    {"times/d", 0, 100},     {"labs", 0, 10000},    {"kits", 0, 100},
    {"rooms/10000", 0, 1e4}, {"Ct", 0, 60},         {"rows", 0, 100},
};

// Words a duration may be counted from, and what its day one is.
static const char *const counted_words[] = {
    "first_exposure", "last_exposure", "last_meeting", "onset",  "rash",   "sampled",
    "isolated",       "release",       "entry",        "report", "naming", "last_case",
    "last_sample",    "died",          "symptoms_end", "order",  NULL};
static const char *const day_one_words[] = {"same_day", "next_day", NULL};

weft_status wf_protocol_read_node(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, const wf_yaml **ret)
{
    if (map->kind != WF_YAML_MAP)
        return wf_yaml_fail(map, in->file, in->error, "yaml.not_a_map", NULL);
    const wf_yaml *node = wf_yaml_get(map, key);
    if (node == NULL)
        return wf_yaml_fail(map, in->file, in->error, "protocol.missing", "key", key,
                            NULL);
    *ret = node;
    return WEFT_OK;
}

static bool is_text(const wf_yaml *node)
{
    if (node->kind != WF_YAML_SCALAR || node->scalar.size == 0)
        return false;
    for (size_t i = 0; i < node->scalar.size; i++)
        if ((unsigned char)node->scalar.bytes[i] < ' ')
            return false;
    return true;
}

weft_status wf_protocol_read_text(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, bool required, const char **ret)
{
    const wf_yaml *node = wf_yaml_get(map, key);
    if (node == NULL && !required) {
        *ret = "";
        return WEFT_OK;
    }
    WF_TRY(wf_protocol_read_node(in, map, key, &node));
    if (!is_text(node))
        return wf_yaml_fail(node, in->file, in->error, "protocol.text", "key", key, NULL);
    *ret = node->scalar.bytes;
    return WEFT_OK;
}

weft_status wf_protocol_read_both(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, bool required, wf_both *ret)
{
    static const char *const languages[] = {"zh", "en", NULL};
    const wf_yaml *node = wf_yaml_get(map, key);
    wf_both both = WF_BOTH_NONE;
    if (node == NULL || node->kind != WF_YAML_MAP) {
        WF_TRY(wf_protocol_read_text(in, map, key, required, &both.zh));
        *ret = (wf_both){both.zh, both.zh};
        return WEFT_OK;
    }
    WF_TRY(wf_yaml_only_keys(node, in->file, languages, in->error));
    for (const char *const *language = languages; *language != NULL; language++)
        if (wf_yaml_get(node, *language) == NULL)
            return wf_yaml_fail(node, in->file, in->error, "protocol.one_language", "key",
                                key, "language", *language, NULL);
    WF_TRY(wf_protocol_read_text(in, node, "zh", true, &both.zh));
    WF_TRY(wf_protocol_read_text(in, node, "en", true, &both.en));
    *ret = both;
    return WEFT_OK;
}

weft_status wf_protocol_read_word(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, const char *const *words, size_t *ret)
{
    const char *word = "";
    WF_TRY(wf_protocol_read_text(in, map, key, true, &word));
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret = i;
            return WEFT_OK;
        }
    }
    return wf_yaml_fail(wf_yaml_get(map, key), in->file, in->error, "protocol.word",
                        "word", word, "nearest", wf_yaml_nearest(word, words), NULL);
}

weft_status wf_protocol_read_double(const wf_protocol_reader *in, const wf_yaml *node,
                                    double *ret)
{
    if (node->kind != WF_YAML_SCALAR || node->quoted ||
        !wf_parse_double(node->scalar, -DBL_MAX, DBL_MAX, ret))
        return wf_yaml_fail(node, in->file, in->error, "protocol.not_a_number", "text",
                            node->kind == WF_YAML_SCALAR ? node->scalar.bytes : "", NULL);
    return WEFT_OK;
}

// ---- where it comes from ----

static weft_status read_source(const wf_protocol_reader *in, const wf_yaml *node,
                               const wf_source_entry **ret)
{
    const char *key = "";
    if (node->kind == WF_YAML_MAP && wf_yaml_get(node, "source") == NULL)
        return wf_yaml_fail(node, in->file, in->error, "protocol.no_source", NULL);
    WF_TRY(wf_protocol_read_text(in, node, "source", true, &key));
    const wf_source_entry *entry = wf_sources_find(in->sources, key);
    if (entry != NULL) {
        *ret = entry;
        return WEFT_OK;
    }
    const char **keys = wf_arena_array(in->arena, in->sources->count + 1, sizeof *keys);
    if (keys == NULL)
        return wf_fail_memory(in->error);
    for (size_t i = 0; i < in->sources->count; i++)
        keys[i] = in->sources->entries[i].key;
    return wf_yaml_fail(wf_yaml_get(node, "source"), in->file, in->error,
                        "protocol.unknown_source", "source", key, "nearest",
                        wf_yaml_nearest(key, keys), NULL);
}

weft_status wf_protocol_check_reasons(const wf_protocol_reader *in)
{
    wf_both sentence = WF_BOTH_NONE;
    if (in->reasons == NULL)
        return WEFT_OK;
    if (in->reasons->kind != WF_YAML_MAP)
        return wf_yaml_fail(in->reasons, in->file, in->error, "yaml.not_a_map", NULL);
    for (size_t i = 0; i < in->reasons->count; i++)
        WF_TRY(wf_protocol_read_both(in, in->reasons, in->reasons->keys[i], true,
                                     &sentence));
    return WEFT_OK;
}

// A plain `why` without a blank names a sentence in `reasons`; else it is the sentence.
static weft_status read_why(const wf_protocol_reader *in, const wf_yaml *node,
                            wf_both *ret)
{
    wf_both both = WF_BOTH_NONE;
    WF_TRY(wf_protocol_read_both(in, node, "why", false, &both));
    const wf_yaml *at = wf_yaml_get(node, "why");
    const char *why = both.en;
    if (at == NULL || at->kind == WF_YAML_MAP || strchr(why, ' ') != NULL ||
        (unsigned char)*why >= 0x80) {
        *ret = both;
        return WEFT_OK;
    }
    if (wf_yaml_get(in->reasons, why) == NULL)
        return wf_yaml_fail(at, in->file, in->error, "protocol.unknown_reason", "reason",
                            why, NULL);
    return wf_protocol_read_both(in, in->reasons, why, true, ret);
}

weft_status wf_protocol_read_provenance(const wf_protocol_reader *in, const wf_yaml *node,
                                        const char **ret_source, wf_sureness *ret_sure,
                                        wf_both *ret_why)
{
    static const char *const letters[] = {"A", "B", "C", "D", NULL};
    const wf_source_entry *source = NULL;
    size_t sure = 0;
    wf_both why = WF_BOTH_NONE;
    WF_TRY(read_source(in, node, &source));
    WF_TRY(wf_protocol_read_word(in, node, "sure", letters, &sure));
    WF_TRY(read_why(in, node, &why));
    if (sure == WF_SURE_D && *why.en == '\0')
        return wf_yaml_fail(node, in->file, in->error, "protocol.no_why", NULL);
    // Nothing is cited that was not read.
    bool was_read = strcmp(source->read, "none") != 0;
    if (sure != WF_SURE_D && !was_read)
        return wf_yaml_fail(node, in->file, in->error, "protocol.not_read", "source",
                            source->key, "sure", letters[sure], NULL);
    *ret_source = source->key;
    *ret_sure = (wf_sureness)sure;
    *ret_why = why;
    return WEFT_OK;
}

// ---- terms ----

static const char *const deadline_keys[] = {"from", "to", "owner", "clause", NULL};

// A plain text holds for both languages, but for words that stand in every edition.
static weft_status read_term(const wf_protocol_reader *in, const wf_yaml *node,
                             const char *key, wf_both *ret)
{
    wf_both both = WF_BOTH_NONE;
    WF_TRY(wf_protocol_read_both(in, node, key, true, &both));
    if (wf_yaml_get(node, key)->kind != WF_YAML_MAP)
        both.zh = wf_protocol_words(both.en, WF_LANGUAGE_ZH);
    *ret = both;
    return WEFT_OK;
}

static weft_status read_deadline_terms(const wf_protocol_reader *in, const wf_yaml *node,
                                       wf_number_terms *terms)
{
    WF_TRY(read_term(in, node, "from", &terms->from));
    WF_TRY(read_term(in, node, "to", &terms->to));
    WF_TRY(read_term(in, node, "owner", &terms->owner));
    return read_term(in, node, "clause", &terms->clause);
}

static weft_status read_duration_terms(const wf_protocol_reader *in, const wf_yaml *node,
                                       wf_number_terms *terms)
{
    size_t from = 0, one = 0;
    WF_TRY(wf_protocol_read_word(in, node, "counted_from", counted_words, &from));
    WF_TRY(wf_protocol_read_word(in, node, "day_one", day_one_words, &one));
    terms->counted_from = counted_words[from];
    terms->day_one = day_one_words[one];
    // Of days that somebody has to keep, such as those of tests.
    for (const char *const *key = deadline_keys; *key != NULL; key++)
        if (wf_yaml_get(node, *key) != NULL)
            return read_deadline_terms(in, node, terms);
    return WEFT_OK;
}

static weft_status read_terms(const wf_protocol_reader *in, const wf_yaml *node,
                              wf_terms_kind kind, const wf_number_terms **ret)
{
    if (kind == WF_TERMS_NONE)
        return WEFT_OK;
    wf_number_terms *terms = wf_arena_new(in->arena, sizeof *terms);
    if (terms == NULL)
        return wf_fail_memory(in->error);
    *terms = (wf_number_terms){.counted_from = "",
                               .day_one = "",
                               .from = WF_BOTH_NONE,
                               .to = WF_BOTH_NONE,
                               .owner = WF_BOTH_NONE,
                               .clause = WF_BOTH_NONE,
                               .eligible = WF_BOTH_NONE,
                               .since = WF_BOTH_NONE};
    if (kind == WF_TERMS_DURATION) {
        WF_TRY(read_duration_terms(in, node, terms));
    } else if (kind == WF_TERMS_DEADLINE) {
        WF_TRY(read_deadline_terms(in, node, terms));
    } else {
        WF_TRY(read_term(in, node, "eligible", &terms->eligible));
        WF_TRY(read_term(in, node, "since", &terms->since));
    }
    *ret = terms;
    return WEFT_OK;
}

// ---- the number ----

static weft_status check_range(const wf_protocol_reader *in, const wf_yaml *node,
                               const wf_protocol_field *rule, double value)
{
    if (value >= rule->min && value <= rule->max)
        return WEFT_OK;
    char min[32], max[32];
    WF_IGNORE(snprintf(min, sizeof min, "%g", rule->min) < 0, "32 bytes hold any %g");
    WF_IGNORE(snprintf(max, sizeof max, "%g", rule->max) < 0, "32 bytes hold any %g");
    return wf_yaml_fail(node, in->file, in->error, "protocol.range", "value",
                        node->scalar.bytes, "min", min, "max", max, "unit", rule->unit,
                        NULL);
}

static weft_status any_unit(const wf_protocol_reader *in, const wf_yaml *node,
                            wf_terms_kind terms, wf_protocol_field *ret)
{
    const char *words[sizeof unit_rows / sizeof *unit_rows + 1] = {0};
    for (size_t i = 0; i < sizeof unit_rows / sizeof *unit_rows; i++)
        words[i] = unit_rows[i].unit;
    size_t at = 0;
    WF_TRY(wf_protocol_read_word(in, node, "unit", words, &at));
    *ret = (wf_protocol_field){
        .unit = words[at], .min = unit_rows[at].min, .max = unit_rows[at].max};
    bool is_time = strcmp(words[at], "d") == 0 || strcmp(words[at], "h") == 0 ||
                   strcmp(words[at], "min") == 0;
    bool is_share = strcmp(words[at], "1") == 0 || strcmp(words[at], "%") == 0;
    if (terms == WF_TERMS_SHARE ? !is_share : terms != WF_TERMS_NONE && !is_time)
        return wf_yaml_fail(wf_yaml_get(node, "unit"), in->file, in->error,
                            "protocol.unit", "unit", words[at], "expected",
                            terms == WF_TERMS_SHARE ? "1, %" : "d, h, min", NULL);
    // A share or a length of time is never negative.
    if (terms != WF_TERMS_NONE)
        ret->min = 0;
    if (terms == WF_TERMS_SHARE && strcmp(words[at], "1") == 0)
        ret->max = 1;
    return WEFT_OK;
}

static weft_status read_rule(const wf_protocol_reader *in, const wf_yaml *node,
                             const wf_protocol_field *wanted, wf_terms_kind terms,
                             wf_protocol_field *ret)
{
    if (wanted == NULL)
        return any_unit(in, node, terms, ret);
    const char *unit = "";
    WF_TRY(wf_protocol_read_text(in, node, "unit", true, &unit));
    if (strcmp(unit, wanted->unit) != 0)
        return wf_yaml_fail(wf_yaml_get(node, "unit"), in->file, in->error,
                            "protocol.unit", "unit", unit, "expected", wanted->unit,
                            NULL);
    *ret = *wanted;
    return WEFT_OK;
}

static weft_status check_keys(const wf_protocol_reader *in, const wf_yaml *node,
                              wf_terms_kind terms, bool is_leaf)
{
    static const char *const terms_keys[][7] = {
        [WF_TERMS_NONE] = {NULL},
        [WF_TERMS_DURATION] = {"counted_from", "day_one", "from", "to", "owner", "clause",
                               NULL},
        [WF_TERMS_DEADLINE] = {"from", "to", "owner", "clause", NULL},
        [WF_TERMS_SHARE] = {"eligible", "since", NULL},
    };
    const char *keys[16] = {"value", "unit", "source", "sure", "why"};
    size_t count = 5;
    for (const char *const *key = terms_keys[terms]; *key != NULL; key++)
        keys[count++] = *key;
    if (is_leaf) {
        keys[count++] = "values";
        keys[count++] = "low";
        keys[count++] = "high";
    }
    return wf_yaml_only_keys(node, in->file, keys, in->error);
}

// Everything but the value, and the range the value must lie in.
static weft_status read_frame(const wf_protocol_reader *in, const wf_yaml *node,
                              const wf_protocol_field *wanted, wf_terms_kind terms,
                              wf_number *ret, wf_protocol_field *ret_rule)
{
    wf_number frame = {.given = true};
    WF_TRY(wf_protocol_read_provenance(in, node, &frame.source, &frame.sureness,
                                       &frame.why));
    WF_TRY(read_rule(in, node, wanted, terms, ret_rule));
    WF_TRY(read_terms(in, node, terms, &frame.terms));
    frame.unit = ret_rule->unit;
    *ret = frame;
    return WEFT_OK;
}

static weft_status read_value(const wf_protocol_reader *in, const wf_yaml *node,
                              const wf_protocol_field *rule, double *ret)
{
    double value = 0;
    WF_TRY(wf_protocol_read_double(in, node, &value));
    WF_TRY(check_range(in, node, rule, value));
    *ret = value;
    return WEFT_OK;
}

weft_status wf_protocol_read_number(const wf_protocol_reader *in, const wf_yaml *node,
                                    const wf_protocol_field *rule, wf_terms_kind terms,
                                    wf_number *ret)
{
    const wf_yaml *value = NULL;
    wf_number number = {0};
    wf_protocol_field range = {0};
    WF_TRY(check_keys(in, node, terms, false));
    WF_TRY(wf_protocol_read_node(in, node, "value", &value));
    WF_TRY(read_frame(in, node, rule, terms, &number, &range));
    WF_TRY(read_value(in, value, &range, &number.value));
    *ret = number;
    return WEFT_OK;
}

// ---- leaves of sections ----

static weft_status add_number(const wf_protocol_reader *in, wf_protocol_numbers *to,
                              const char *path, const char *suffix,
                              const wf_number *number)
{
    wf_named_number *grown =
        wf_arena_grow(in->arena, to->numbers, to->count, &to->capacity, sizeof *grown);
    if (grown == NULL)
        return wf_fail_memory(in->error);
    to->numbers = grown;
    char text[256];
    int size = snprintf(text, sizeof text, "%s%s", path, suffix);
    WF_ASSERT(size > 0 && (size_t)size < sizeof text);
    wf_text name = wf_arena_text(in->arena, (wf_text){text, (size_t)size});
    if (name.bytes == NULL)
        return wf_fail_memory(in->error);
    to->numbers[to->count++] = (wf_named_number){name.bytes, *number};
    return WEFT_OK;
}

static weft_status read_values(const wf_protocol_reader *in, const wf_yaml *node,
                               const wf_yaml *values, const wf_protocol_field *range,
                               wf_number number, wf_protocol_numbers *to)
{
    if (values->kind != WF_YAML_LIST || values->count == 0 || values->count > 400)
        return wf_yaml_fail(values, in->file, in->error, "protocol.list", NULL);
    for (size_t i = 0; i < values->count; i++) {
        char suffix[WF_NUMBER_TEXT_MAX + 2];
        double before = number.value;
        WF_TRY(read_value(in, values->items[i], range, &number.value));
        if (i > 0 && number.value <= before)
            return wf_yaml_fail(values->items[i], in->file, in->error,
                                "protocol.ascending", NULL);
        WF_IGNORE(snprintf(suffix, sizeof suffix, "[%zu]", i + 1) < 0, "it fits");
        WF_TRY(add_number(in, to, node->path, suffix, &number));
    }
    return WEFT_OK;
}

// low ≤ value ≤ high, both or neither.
static weft_status read_spread(const wf_protocol_reader *in, const wf_yaml *node,
                               const wf_protocol_field *range, wf_number number,
                               wf_protocol_numbers *to)
{
    if (wf_yaml_get(node, "low") == NULL && wf_yaml_get(node, "high") == NULL)
        return WEFT_OK;
    const wf_yaml *low = NULL, *high = NULL;
    wf_number low_number = number, high_number = number;
    WF_TRY(wf_protocol_read_node(in, node, "low", &low));
    WF_TRY(wf_protocol_read_node(in, node, "high", &high));
    WF_TRY(read_value(in, low, range, &low_number.value));
    WF_TRY(read_value(in, high, range, &high_number.value));
    if (low_number.value > number.value || number.value > high_number.value)
        return wf_yaml_fail(node, in->file, in->error, "protocol.low_high", NULL);
    WF_TRY(add_number(in, to, node->path, ".low", &low_number));
    return add_number(in, to, node->path, ".high", &high_number);
}

weft_status wf_protocol_read_leaf(const wf_protocol_reader *in, const wf_yaml *node,
                                  wf_terms_kind terms, wf_protocol_numbers *to)
{
    wf_number number = {0};
    wf_protocol_field range = {0};
    WF_TRY(check_keys(in, node, terms, true));
    WF_TRY(read_frame(in, node, NULL, terms, &number, &range));
    const wf_yaml *values = wf_yaml_get(node, "values"), *value = NULL;
    if (values != NULL) {
        static const char *const alone[] = {"value", "low", "high"};
        for (size_t i = 0; i < 3; i++)
            if (wf_yaml_get(node, alone[i]) != NULL)
                return wf_yaml_fail(node, in->file, in->error, "protocol.list", NULL);
        return read_values(in, node, values, &range, number, to);
    }
    WF_TRY(wf_protocol_read_node(in, node, "value", &value));
    WF_TRY(read_value(in, value, &range, &number.value));
    WF_TRY(add_number(in, to, node->path, "", &number));
    return read_spread(in, node, &range, number, to);
}
