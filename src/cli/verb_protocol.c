// weft protocol: which editions there are, their numbers, and what changes between two.
#include <string.h>

#include "cli/cli.h"
#include "weft/protocol.h"

enum {
    label_columns = 56,
    value_columns = 16,
    edition_columns = 18,
    pathogen_columns = 24,
    in_force_columns = 13
};

static const wf_option options[] = {
    {"why", WF_OPTION_FLAG, NULL, "show 时写出每个取值的理由",
     "with show: say why each value is as it is"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    uint64_t rows;
} printer;

static const char *label_of(const wf_cli *cli, const weft_protocol_row *row)
{
    return wf_cli_choose(cli, row->label_zh, row->label_en);
}

static const char *text_of(const wf_cli *cli, const weft_protocol_row *row)
{
    return wf_cli_choose(cli, row->text_zh, row->text_en);
}

// A cell and at least two blanks after it.
static void cell(wf_cli *cli, const char *text, size_t width)
{
    wf_cli_cell(cli, text, width);
    wf_cli_print(cli, "  ");
}

// ---- list ----

static bool list_row(void *context, const weft_edition *edition)
{
    wf_cli *cli = ((printer *)context)->cli;
    const char *in_force = *edition->in_force != '\0' ? edition->in_force : NULL;
    if (cli->json) {
        const size_t *by = edition->by_sureness;
        wf_cli_json(
            cli,
            json_pack("{s:s,s:s,s:s,s:s?,s:I,s:{s:I,s:I,s:I,s:I}}", "name", edition->name,
                      "title", wf_cli_choose(cli, edition->title_zh, edition->title_en),
                      "pathogen", edition->pathogen, "in_force", in_force, "numbers",
                      (json_int_t)edition->numbers, "sure", "A", (json_int_t)by[0], "B",
                      (json_int_t)by[1], "C", (json_int_t)by[2], "D", (json_int_t)by[3]));
        return !cli->out_failed;
    }
    cell(cli, edition->name, edition_columns);
    cell(cli, wf_cli_choose(cli, edition->pathogen_zh, edition->pathogen),
         pathogen_columns);
    cell(cli,
         in_force != NULL ? in_force : wf_cli_choose(cli, "日期未查到", "date not read"),
         in_force_columns);
    wf_cli_print(cli, "%s\n", wf_cli_choose(cli, edition->title_zh, edition->title_en));
    return !cli->out_failed;
}

// ---- show ----

static void set_text(json_t *object, const char *key, const char *text)
{
    if (*text != '\0' && json_object_set_new(object, key, json_string(text)) != 0)
        json_object_clear(object);
}

static json_t *terms_of(const wf_cli *cli, const weft_protocol_row *row)
{
    json_t *terms = json_object();
    set_text(terms, "counted_from", row->counted_from);
    set_text(terms, "day_one", row->day_one);
    set_text(terms, "from", wf_cli_choose(cli, row->from_zh, row->from_en));
    set_text(terms, "to", wf_cli_choose(cli, row->to_zh, row->to_en));
    set_text(terms, "owner", wf_cli_choose(cli, row->owner_zh, row->owner_en));
    set_text(terms, "clause", wf_cli_choose(cli, row->clause_zh, row->clause_en));
    set_text(terms, "eligible", wf_cli_choose(cli, row->eligible_zh, row->eligible_en));
    set_text(terms, "since", wf_cli_choose(cli, row->since_zh, row->since_en));
    return terms;
}

// Whole numbers without ".0".
static json_t *number_of(double value)
{
    bool whole = value == (double)(json_int_t)value;
    return whole ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *value_of(const wf_cli *cli, const weft_protocol_row *row)
{
    if (row == NULL)
        return json_null();
    if (!row->is_text)
        return number_of(row->value);
    // Words of the file are for programs and do not change with the language.
    bool sentence = row->sureness != ' ' || strcmp(row->name, "title") == 0;
    return json_string(sentence ? text_of(cli, row) : row->text_en);
}

static void show_json(wf_cli *cli, const weft_protocol_row *row)
{
    json_t *object =
        json_pack("{s:s,s:s,s:o}", "name", row->name, "label", label_of(cli, row),
                  row->is_text ? "text" : "value", value_of(cli, row));
    set_text(object, "unit", row->unit);
    set_text(object, "source", row->source);
    set_text(object, "source_title",
             wf_cli_choose(cli, row->source_title_zh, row->source_title_en));
    if (row->sureness != ' ')
        set_text(object, "sure", (const char[]){row->sureness, '\0'});
    set_text(object, "why", wf_cli_choose(cli, row->why_zh, row->why_en));
    json_t *terms = terms_of(cli, row);
    if (object == NULL || json_object_update(object, terms) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(terms);
    wf_cli_json(cli, object);
}

static void print_terms(wf_cli *cli, const weft_protocol_row *row)
{
    const char *terms = wf_cli_choose(cli, row->terms_zh, row->terms_en);
    wf_cli_print(cli, "%s%s", *terms != '\0' ? "  " : "", terms);
}

static void value_text(const wf_cli *cli, char *buffer, size_t size,
                       const weft_protocol_row *row)
{
    const char *unit = wf_cli_choose(cli, row->unit_zh, row->unit_en);
    unit = strcmp(unit, "1") == 0 ? "" : unit;
    WF_IGNORE(snprintf(buffer, size, "%.10g%s%s", row->value, *unit != '\0' ? " " : "",
                       unit) < 0,
              "a cut number could not be read, but 64 bytes hold every one");
}

static bool show_row(void *context, const weft_protocol_row *row)
{
    wf_cli *cli = ((printer *)context)->cli;
    if (cli->json) {
        show_json(cli, row);
        return !cli->out_failed;
    }
    char value[64];
    cell(cli, label_of(cli, row), label_columns);
    if (row->is_text) {
        wf_cli_print(cli, "%s", text_of(cli, row));
    } else {
        value_text(cli, value, sizeof value, row);
        wf_cli_cell(cli, value, value_columns);
    }
    if (row->sureness != ' ')
        wf_cli_print(cli, "  %c  %s", row->sureness, row->source);
    print_terms(cli, row);
    wf_cli_print(cli, "\n");
    const char *why = wf_cli_choose(cli, row->why_zh, row->why_en);
    if (wf_cli_flag(cli, "why") && *why != '\0')
        wf_cli_print(cli, "    %s\n", why);
    return !cli->out_failed;
}

static bool show_head(void *context, const weft_edition *edition)
{
    wf_cli *cli = ((printer *)context)->cli;
    if (cli->json)
        return list_row(context, edition);
    const size_t *by = edition->by_sureness;
    wf_cli_print(cli, "%s  %s\n", edition->name,
                 wf_cli_choose(cli, edition->title_zh, edition->title_en));
    wf_cli_print(
        cli,
        wf_cli_choose(cli,
                      "数值 %zu 个：A 原文 %zu，B 多方转引 %zu，C 单一来源 %zu，D "
                      "未证实、由城市设定 %zu\n\n",
                      "%zu numbers: A read in the text %zu, B several secondary "
                      "texts %zu, C one weak source %zu, D not confirmed, the "
                      "city sets it %zu\n\n"),
        edition->numbers, by[0], by[1], by[2], by[3]);
    return !cli->out_failed;
}

// ---- diff ----

static void diff_json(wf_cli *cli, const weft_protocol_row *old,
                      const weft_protocol_row *now)
{
    const weft_protocol_row *known = now != NULL ? now : old;
    json_t *object =
        json_pack("{s:s,s:s,s:o,s:o}", "name", known->name, "label", label_of(cli, known),
                  "old", value_of(cli, old), "new", value_of(cli, now));
    set_text(object, "unit", known->unit);
    bool both = old != NULL && now != NULL;
    if (both && strcmp(old->unit, now->unit) != 0)
        set_text(object, "old_unit", old->unit);
    json_t *before = both ? terms_of(cli, old) : NULL;
    json_t *after = both ? terms_of(cli, now) : NULL;
    if (both && json_equal(before, after) == 0 &&
        (json_object_set(object, "old_terms", before) != 0 ||
         json_object_set(object, "new_terms", after) != 0))
        json_object_clear(object);
    json_decref(before);
    json_decref(after);
    wf_cli_json(cli, object);
}

static const char *side(const wf_cli *cli, const weft_protocol_row *row, char value[64])
{
    if (row == NULL)
        return wf_cli_choose(cli, "（无）", "(none)");
    if (row->is_text)
        return text_of(cli, row);
    value_text(cli, value, 64, row);
    return value;
}

static bool diff_row(void *context, const weft_protocol_row *old,
                     const weft_protocol_row *now)
{
    printer *to = context;
    to->rows++;
    if (to->cli->json) {
        diff_json(to->cli, old, now);
        return !to->cli->out_failed;
    }
    const weft_protocol_row *known = now != NULL ? now : old;
    cell(to->cli, label_of(to->cli, known), label_columns);
    char before[64], after[64];
    cell(to->cli, side(to->cli, old, before), value_columns);
    wf_cli_print(to->cli, "→ ");
    // Nothing follows where there are no terms: no blanks at the end of a line.
    bool last = *wf_cli_choose(to->cli, known->terms_zh, known->terms_en) == '\0';
    wf_cli_cell(to->cli, side(to->cli, now, after), last ? 0 : value_columns);
    print_terms(to->cli, known);
    wf_cli_print(to->cli, "\n");
    return !to->cli->out_failed;
}

// ---- the verb ----

static weft_status run_diff(wf_cli *cli, weft_error *error)
{
    printer to = {.cli = cli};
    WF_TRY(wf_cli_arguments(cli, 3, 3, error));
    WF_TRY(
        weft_protocol_diff(cli->arguments[1], cli->arguments[2], diff_row, &to, error));
    if (!cli->json && to.rows == 0)
        wf_cli_print(
            cli, "%s\n",
            wf_cli_choose(cli, "两个版本没有差别", "the two editions are the same"));
    else if (!cli->json)
        wf_cli_print(cli, wf_cli_choose(cli, "\n%zu 处不同\n", "\n%zu differences\n"),
                     (size_t)to.rows);
    return WEFT_OK;
}

static weft_status run_named(wf_cli *cli, weft_error *error)
{
    printer to = {.cli = cli};
    const char *what = cli->arguments[0];
    if (strcmp(what, "list") == 0) {
        WF_TRY(wf_cli_arguments(cli, 1, 1, error));
        return weft_protocol_list(list_row, &to, error);
    }
    if (strcmp(what, "show") == 0) {
        WF_TRY(wf_cli_arguments(cli, 2, 2, error));
        return weft_protocol_show(cli->arguments[1], show_head, show_row, &to, error);
    }
    if (strcmp(what, "diff") == 0)
        return run_diff(cli, error);
    return wf_fail(error, WEFT_BAD_USAGE, "protocol.verb", NULL);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_status status = wf_cli_arguments(cli, 1, 3, &error);
    if (status == WEFT_OK)
        status = run_named(cli, &error);
    // Nobody reads on: wf_cli_end knows whether that was a failure.
    if (status == WEFT_INTERRUPTED && cli->out_failed)
        return 0;
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_protocol = {
    .name = "protocol",
    .arguments = "list | show NAME | diff A B",
    .zh = "防控方案：列出、查看、比较版本",
    .en = "protocols: list, show and compare editions",
    .about_zh = "list 列出所有版本；show 列出一个版本的全部数值及其出处和可靠程度；\n"
                "diff 列出两个版本的不同之处（今晚换版会改变什么）。\n"
                "方案文件在 $WEFT_DATA_DIR/protocol、安装目录或源码目录中。",
    .about_en = "list names all editions; show gives every number of one with its source "
                "and how sure it is;\ndiff says what changes between two, as when a city "
                "switches tonight.\nThe files are in $WEFT_DATA_DIR/protocol, in the "
                "installed data, or beside the sources.",
    .options = options,
    .run = run,
    .takes_no_city = true,
};
