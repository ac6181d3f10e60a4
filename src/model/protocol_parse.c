// Reading an edition: names, the numbers with fields, the kinds of place.
#include <string.h>

#include "base/time.h"
#include "model/protocol_read.h"

enum { keys_max = 64 };

static wf_number *field_in(void *whole, const wf_protocol_field *field)
{
    return (wf_number *)((char *)whole + field->offset);
}

// A field that is not there stays "not given", with empty words in place of NULL.
static weft_status read_fields(const wf_protocol_reader *in, const wf_yaml *map,
                               const wf_protocol_field *fields, void *whole)
{
    for (const wf_protocol_field *field = fields; field->name != NULL; field++) {
        wf_number *number = field_in(whole, field);
        const wf_yaml *node = wf_yaml_get(map, field->name);
        *number = (wf_number){.unit = field->unit, .source = "", .why = WF_BOTH_NONE};
        if (node == NULL && !field->required)
            continue;
        WF_TRY(wf_protocol_read_node(in, map, field->name, &node));
        WF_TRY(wf_protocol_read_number(in, node, field, WF_TERMS_NONE, number));
    }
    return WEFT_OK;
}

static weft_status only_keys_and_fields(const wf_protocol_reader *in, const wf_yaml *map,
                                        const char *const *words,
                                        const wf_protocol_field *fields)
{
    const char *keys[keys_max] = {0};
    size_t count = 0;
    for (; *words != NULL; words++)
        keys[count++] = *words;
    for (; fields->name != NULL; fields++)
        keys[count++] = fields->name;
    WF_ASSERT(count < keys_max);
    return wf_yaml_only_keys(map, in->file, keys, in->error);
}

// ---- kinds of place ----

static const char *const unit_words[] = {[WF_UNIT_WHOLE] = "whole",
                                         [WF_UNIT_SEAT] = "seat",
                                         [WF_UNIT_ROWS] = "rows",
                                         [WF_UNIT_CARRIAGE] = "carriage",
                                         NULL};

const char *wf_unit_word(wf_unit unit)
{
    WF_ASSERT((unsigned)unit <= WF_UNIT_CARRIAGE);
    return unit_words[unit];
}

static weft_status read_units(const wf_protocol_reader *in, const wf_yaml *node,
                              wf_place_rule *rule)
{
    size_t unit = 0, ventilated = 0;
    WF_TRY(wf_protocol_read_word(in, node, "finer_unit", unit_words, &unit));
    ventilated = unit;
    if (wf_yaml_get(node, "finer_unit_ventilated") != NULL)
        WF_TRY(wf_protocol_read_word(in, node, "finer_unit_ventilated", unit_words,
                                     &ventilated));
    rule->unit = (wf_unit)unit;
    rule->unit_ventilated = (wf_unit)ventilated;
    return WEFT_OK;
}

// Where seats are seldom written down a seat not known says nothing of who was near:
// a hall full of close contacts is a list that nobody can call.
static weft_status read_seat_unknown(const wf_protocol_reader *in, const wf_yaml *node,
                                     wf_place_rule *rule)
{
    static const char *const words[] = {"near", "apart", NULL};
    size_t at = 0;
    if (wf_yaml_get(node, "seat_unknown") != NULL)
        WF_TRY(wf_protocol_read_word(in, node, "seat_unknown", words, &at));
    rule->seat_unknown_apart = at == 1;
    return WEFT_OK;
}

// near_minutes is a number, or the word "never" where no stay makes a near contact.
static weft_status read_near(const wf_protocol_reader *in, const wf_yaml *node,
                             wf_place_rule *rule)
{
    static const wf_protocol_field field = {.unit = "min", .min = 0, .max = 1440};
    const wf_yaml *near = NULL;
    WF_TRY(wf_protocol_read_node(in, node, "near_minutes", &near));
    if (near->kind == WF_YAML_SCALAR && wf_text_equal(near->scalar, WF_TEXT("never"))) {
        rule->near_never = true;
        rule->near_minutes =
            (wf_number){.unit = "min", .source = "", .why = WF_BOTH_NONE};
        return WEFT_OK;
    }
    return wf_protocol_read_number(in, near, &field, WF_TERMS_NONE, &rule->near_minutes);
}

static weft_status read_kind(const wf_protocol_reader *in, const wf_yaml *node,
                             wf_place_rule *rule)
{
    static const char *const words[] = {"finer_unit", "finer_unit_ventilated",
                                        "seat_unknown", "near_minutes", NULL};
    WF_TRY(only_keys_and_fields(in, node, words, wf_protocol_place_fields));
    WF_TRY(read_near(in, node, rule));
    WF_TRY(read_units(in, node, rule));
    WF_TRY(read_seat_unknown(in, node, rule));
    return read_fields(in, node, wf_protocol_place_fields, rule);
}

static weft_status read_kinds(const wf_protocol_reader *in, const wf_yaml *root,
                              wf_protocol *to)
{
    const char *words[WF_PLACE_KIND_COUNT + 1] = {0};
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++)
        words[kind] = wf_place_kind_word((wf_place_kind)kind);
    const wf_yaml *kinds = NULL;
    WF_TRY(wf_protocol_read_node(in, root, "kinds", &kinds));
    WF_TRY(wf_yaml_only_keys(kinds, in->file, words, in->error));
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        const wf_yaml *node = NULL;
        WF_TRY(wf_protocol_read_node(in, kinds, words[kind], &node));
        WF_TRY(read_kind(in, node, &to->kinds[kind]));
    }
    return WEFT_OK;
}

// ---- the head ----

static weft_status read_head(const wf_protocol_reader *in, const wf_yaml *root,
                             wf_protocol *to)
{
    static const char *const title_keys[] = {"zh", "en", NULL};
    static const char *const yes_no[] = {"false", "true", NULL};
    const wf_yaml *title = NULL;
    size_t lists = 0;
    weft_day day;
    WF_TRY(wf_protocol_read_text(in, root, "name", true, &to->name));
    WF_TRY(wf_protocol_read_node(in, root, "title", &title));
    WF_TRY(wf_yaml_only_keys(title, in->file, title_keys, in->error));
    WF_TRY(wf_protocol_read_text(in, title, "zh", true, &to->title_zh));
    WF_TRY(wf_protocol_read_text(in, title, "en", true, &to->title_en));
    WF_TRY(wf_protocol_read_text(in, root, "pathogen", true, &to->pathogen));
    WF_TRY(wf_protocol_read_text(in, root, "in_force", false, &to->in_force));
    if (*to->in_force != '\0' && !wf_day_parse(wf_text_of(to->in_force), &day))
        return wf_yaml_fail(wf_yaml_get(root, "in_force"), in->file, in->error,
                            "protocol.date", "text", to->in_force, NULL);
    WF_TRY(wf_protocol_read_word(in, root, "lists_secondary", yes_no, &lists));
    to->lists_secondary = lists == 1;
    return WEFT_OK;
}

static weft_status read_all(const wf_protocol_reader *in, const wf_yaml *root,
                            wf_protocol *to)
{
    static const char *const words[] = {
        "name",   "title",   "pathogen", "in_force",  "lists_secondary", "reasons",
        "window", "kinds",   "measures", "durations", "deadlines",       "infectiousness",
        "shares", "numbers", "texts",    NULL};
    WF_TRY(only_keys_and_fields(in, root, words, wf_protocol_fields));
    WF_TRY(wf_protocol_check_reasons(in));
    WF_TRY(read_head(in, root, to));
    WF_TRY(read_fields(in, root, wf_protocol_fields, to));
    WF_TRY(wf_protocol_read_window(in, root, to));
    WF_TRY(read_kinds(in, root, to));
    WF_TRY(wf_protocol_read_sections(in, root, to));
    return wf_protocol_check(in, root, to);
}

weft_status wf_protocol_parse(wf_text yaml, const char *file, const wf_sources *sources,
                              wf_arena *arena, const wf_protocol **ret, weft_error *error)
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
    wf_protocol *protocol = wf_arena_new(arena, sizeof *protocol);
    if (protocol == NULL)
        return wf_fail_memory(error);
    WF_TRY(read_all(&in, root, protocol));
    *ret = protocol;
    return WEFT_OK;
}
