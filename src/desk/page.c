#include "desk/page.h"

#include <string.h>

static const char *choose(wf_language language, const char *zh, const char *en)
{
    return language == WF_LANGUAGE_ZH ? zh : en;
}

// ---- words ----

static const char *type_of(wf_column_type type, wf_language language)
{
    switch (type) {
    case WF_COLUMN_ID:
        return choose(language, "编号", "id");
    case WF_COLUMN_PERSON:
        return choose(language, "人员编号", "id of a person");
    case WF_COLUMN_PLACE:
        return choose(language, "场所编号", "id of a place");
    case WF_COLUMN_TEXT:
        return choose(language, "文字", "text");
    case WF_COLUMN_DATE:
        return choose(language, "日期", "date");
    case WF_COLUMN_TIME:
        return choose(language, "时间", "time");
    case WF_COLUMN_NUMBER:
        return choose(language, "数", "number");
    case WF_COLUMN_YESNO:
        return choose(language, "是/否", "true or false");
    case WF_COLUMN_WORD:
        return choose(language, "词", "word");
    case WF_COLUMN_INTEGER:
        return choose(language, "整数", "whole number");
    case WF_COLUMN_FACT:
        return choose(language, "事实 {device, seq}", "fact {device, seq}");
    }
    WF_BUG("a type is one of the list");
}

static bool put_parts(wf_buffer *to, const char *const *parts)
{
    bool done = true;
    for (; done && *parts != NULL; parts++)
        done = wf_buffer_append(to, *parts, strlen(*parts));
    return done;
}
#define PUT(to, ...) put_parts(to, (const char *const[]){__VA_ARGS__, NULL})

static bool put_range(const wf_column *field, wf_buffer *to)
{
    if (field->type == WF_COLUMN_NUMBER)
        return wf_buffer_printf(to, " %g–%g", field->min, field->max);
    char least[WF_NUMBER_TEXT_MAX], greatest[WF_NUMBER_TEXT_MAX];
    int64_t min, max;
    wf_column_range(field, &min, &max);
    wf_number_text(least, min);
    return max == INT64_MAX ? PUT(to, " ≥ ", least)
                            : PUT(to, " ", least, "–", wf_number_text(greatest, max));
}

static bool put_words(const wf_column *field, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && field->words[i] != NULL; i++)
        done = PUT(to, i == 0 ? ": " : " ", field->words[i]);
    return done;
}

static bool put_type(const wf_column *field, wf_language language, wf_buffer *to)
{
    char limit[WF_NUMBER_TEXT_MAX];
    bool done = PUT(to, type_of(field->type, language));
    if (field->type == WF_COLUMN_INTEGER || field->type == WF_COLUMN_NUMBER)
        done = done && put_range(field, to);
    if (field->words != NULL)
        done = done && put_words(field, to);
    if (field->bytes_max > 0)
        done = done && PUT(to, choose(language, "，至多 ", ", at most "),
                           wf_number_text(limit, (int64_t)field->bytes_max),
                           choose(language, " 字节", " bytes"));
    if (field->list)
        done = done && PUT(to, choose(language, "；列表，至多 ", "; a list of at most "),
                           wf_number_text(limit, (int64_t)field->items_max),
                           choose(language, " 项", ""));
    return done;
}

static bool put_roles(const wf_kind *kind, wf_language language, wf_buffer *to)
{
    static const struct {
        const char *zh, *en;
    } roles[] = {
#define X(name, word, chinese, english) {chinese, english},
        WF_ROLE_TABLE(X)
#undef X
    };
    const char *before = "";
    bool done = true;
    if (kind->roles == 0)
        return PUT(to, choose(language, "系统自身", "the city itself"));
    for (size_t i = 0; done && i < WF_ROLE_COUNT; i++) {
        if ((kind->roles >> i & 1) == 0)
            continue;
        done = PUT(to, before, choose(language, roles[i].zh, roles[i].en));
        before = choose(language, "、", ", ");
    }
    return done;
}

static const char *keep_of(wf_keep keep, wf_language language)
{
    switch (keep) {
#define X(name, number, word, zh, en)                                                    \
    case name:                                                                           \
        return choose(language, zh, en);
        WF_KEEP_TABLE(X)
#undef X
    case WF_KEEP_END:
        break;
    }
    WF_BUG("a keeping class is one of the table");
}

static const char *class_of(const wf_kind *kind, wf_language language)
{
    return kind->kind_class == WF_DECISION ? choose(language, "决定", "decision")
                                           : choose(language, "观察记录", "observation");
}

static bool put_rule(const wf_rule *rule, wf_language language, wf_buffer *to)
{
    const char *first = rule->first, *second = rule->second;
    bool zh = language == WF_LANGUAGE_ZH;
    switch (rule->kind) {
    case WF_RULE_PAIR:
        return zh ? PUT(to, first, " 与 ", second, " 不同，先后不分")
                  : PUT(to, first, " and ", second, " differ; their order says nothing");
    case WF_RULE_RISE:
        return zh ? PUT(to, second, " 不早于 ", first)
                  : PUT(to, second, " is not before ", first);
    case WF_RULE_ONE_OF:
        return zh ? PUT(to, first, " 与 ", second, " 至少填一项")
                  : PUT(to, "one of ", first, " and ", second, " is needed");
    }
    WF_BUG("a rule is one of the list");
}

// ---- an example ----

static bool has_rule(const wf_kind *kind, wf_rule_kind of, const char *second)
{
    for (size_t i = 0; i < kind->rules_count; i++)
        if (kind->rules[i].kind == of && strcmp(kind->rules[i].second, second) == 0)
            return true;
    return false;
}

static bool is_in_example(const wf_kind *kind, const wf_column *field)
{
    bool needed = field->required;
    for (size_t i = 0; i < kind->rules_count; i++)
        needed = needed || (kind->rules[i].kind == WF_RULE_ONE_OF &&
                            strcmp(kind->rules[i].first, field->name) == 0);
    return needed;
}

// Invented; what is the later of two comes later, what has to differ differs.
static const char *sample_of(const wf_kind *kind, const wf_column *field)
{
    switch (field->type) {
    case WF_COLUMN_PERSON:
        return has_rule(kind, WF_RULE_PAIR, field->name) ? "\"P-0000008\""
                                                         : "\"P-0000007\"";
    case WF_COLUMN_PLACE:
        return "\"PL-0042\"";
    case WF_COLUMN_DATE:
        return "\"2021-12-12\"";
    case WF_COLUMN_TIME:
        return has_rule(kind, WF_RULE_RISE, field->name)
                   ? "\"2021-12-12T19:30:00+08:00\""
                   : "\"2021-12-12T07:30:00+08:00\"";
    case WF_COLUMN_NUMBER:
    case WF_COLUMN_INTEGER:
        return "1";
    case WF_COLUMN_YESNO:
        return "true";
    case WF_COLUMN_FACT:
        return "{\"device\":\"L-1\",\"seq\":5}";
    default:
        return NULL;
    }
}

static bool put_sample(const wf_kind *kind, const wf_column *field, wf_buffer *to)
{
    const char *sample = sample_of(kind, field);
    if (sample != NULL)
        return PUT(to, sample);
    if (field->type == WF_COLUMN_WORD)
        return PUT(to, "\"", field->words[0], "\"");
    return PUT(to, "\"", field->name, field->type == WF_COLUMN_ID ? "-1\"" : "\"");
}

bool wf_page_example(const wf_kind *kind, wf_buffer *to)
{
    const char *before = "";
    bool done = PUT(to, "{\"device\":\"S-03-2\",\"seq\":118,\"kind\":\"", kind->name,
                    "\",\"at\":\"2021-12-12T07:41:05+08:00\",\"body\":{");
    for (size_t i = 0; done && i < kind->fields_count; i++) {
        const wf_column *field = &kind->fields[i];
        if (!is_in_example(kind, field))
            continue;
        done = PUT(to, before, "\"", field->name, "\":", field->list ? "[" : "") &&
               put_sample(kind, field, to) && PUT(to, field->list ? "]" : "");
        before = ",";
    }
    return done && PUT(to, "}}");
}

// ---- the help ----

bool wf_page_kinds(const wf_kinds *kinds, wf_language language, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < kinds->kinds_count; i++)
        done =
            wf_buffer_printf(to, "  %-20s %s\n", kinds->kinds[i]->name,
                             choose(language, kinds->kinds[i]->zh, kinds->kinds[i]->en));
    return done;
}

static bool put_head(const wf_kind *kind, wf_language language, wf_buffer *to)
{
    return PUT(to, class_of(kind, language),
               choose(language, "；保存类别：", "; kept as: "),
               keep_of(kind->keep, language),
               choose(language, "；发送者：", "; sent by: ")) &&
           put_roles(kind, language, to);
}

static bool put_field(const wf_column *field, wf_language language, wf_buffer *to)
{
    return wf_buffer_printf(to, "  %-15s ", field->name) &&
           PUT(to, choose(language, field->zh, field->en), " (") &&
           put_type(field, language, to) && PUT(to, ")") &&
           PUT(to, field->required ? choose(language, "，必填", ", required") : "", "\n");
}

bool wf_page_kind(const wf_kind *kind, wf_language language, wf_buffer *to)
{
    bool done = PUT(to, kind->name, ": ", choose(language, kind->zh, kind->en), "\n") &&
                put_head(kind, language, to) && PUT(to, "\n\n");
    for (size_t i = 0; done && i < kind->fields_count; i++)
        done = put_field(&kind->fields[i], language, to);
    for (size_t i = 0; done && i < kind->rules_count; i++)
        done = PUT(to, "  ") && put_rule(&kind->rules[i], language, to) && PUT(to, "\n");
    return done && PUT(to, "\n") && wf_page_example(kind, to) && PUT(to, "\n");
}

// ---- the reference page ----

static bool put_section(const wf_kind *kind, wf_buffer *to)
{
    bool done = PUT(to, "\n## ", kind->name, "\n", kind->en, " · ", kind->zh, "  \n") &&
                put_head(kind, WF_LANGUAGE_EN, to) &&
                PUT(to, "\n\n| field | what | | takes |\n|---|---|---|---|\n");
    for (size_t i = 0; done && i < kind->fields_count; i++) {
        const wf_column *field = &kind->fields[i];
        done = PUT(to, "| `", field->name, "` | ", field->en, " · ", field->zh, " | ",
                   field->required ? "required" : "", " | ") &&
               put_type(field, WF_LANGUAGE_EN, to) && PUT(to, " |\n");
    }
    for (size_t i = 0; done && i < kind->rules_count; i++)
        done = PUT(to, i == 0 ? "\n" : "", "- ") &&
               put_rule(&kind->rules[i], WF_LANGUAGE_EN, to) && PUT(to, "\n");
    return done && PUT(to, "\n```json\n") && wf_page_example(kind, to) &&
           PUT(to, "\n```\n");
}

static const char introduction[] =
    "# Facts\n\n"
    "<!-- Made from the declarations in src/desk/*/kinds.c; a test compares. -->\n"
    "A fact is one line of JSON: who says it (`device`), its number in the sender's book "
    "(`seq`, from 1), what it is (`kind`),\n"
    "when it happened (`at`), and its `body`. Beside them, if need be, `grid` (where it "
    "lies) and `instead_of: {device, seq}`\n"
    "(the fact that this one corrects). The same line twice is one fact; the same device "
    "and seq with another body is refused.\n\n"
    "Observations are judged by their own line only. Decisions are judged once, against "
    "what is known, when they are made.\n"
    "A case is named by its own id: a fact that names it by another of its numbers is "
    "refused, and told the id to write\n"
    "(`case.number_other`). A number that no case goes by yet is taken, for facts come "
    "in any order; when its case comes\n"
    "the hole `cases/contacts_wait` says so. `case.reported` makes cases, and "
    "`contact.dismissed` takes any number.\n"
    "Times carry an offset or are local to the city; a date alone is the whole local "
    "day: "
    "its start, or as an end its end.\n"
    "Lists are sets, in any order. `null`, `\"\"` and `[]` say nothing, and nothing that "
    "was said is erased by them.\n"
    "On the command line: `weft help facts KIND`.\n";

bool wf_page_reference(const wf_kinds *kinds, wf_buffer *to)
{
    bool done = PUT(to, introduction);
    for (size_t i = 0; done && i < kinds->kinds_count; i++)
        done = put_section(kinds->kinds[i], to);
    return done;
}
