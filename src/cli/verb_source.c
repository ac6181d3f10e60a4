#include <stdlib.h>
#include <string.h>

#include "cli/summary.h"
#include "serve/areas/rows_json.h"

enum { cases_max = 4096 };

static const wf_option options[] = {
    {"cases", WF_OPTION_TEXT, "A,B,…", "病例编号，逗号分隔；演练城市默认全部病例",
     "ids of cases, separated by commas (in drill cities by default all)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    const weft_city *city;
} printing;

static void print_place(const printing *to, const weft_shared_place *row)
{
    char from[WF_TIME_TEXT_MAX], end[WF_TIME_TEXT_MAX];
    wf_cli_print(to->cli, "%s  %s – %s\n  %s\n ", row->place,
                 wf_cli_when(to->city, row->from, from),
                 wf_cli_when(to->city, row->to, end),
                 wf_cli_choose(to->cli, row->text_zh, row->text_en));
    for (size_t i = 0; i < row->cases_count; i++)
        wf_cli_print(to->cli, " %s", row->cases[i]);
    wf_cli_print(to->cli, "\n");
}

static bool give(void *context, const weft_shared_place *row)
{
    printing *to = context;
    if (to->cli->json)
        wf_cli_json(to->cli, wf_json_shared_place(to->city, row));
    else
        print_place(to, row);
    return !to->cli->out_failed;
}

static void summary_text(const printing *to, const weft_source_summary *summary)
{
    wf_cli *cli = to->cli;
    if (summary->cases == 0) {
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "本市没有病例：先导入病例",
                                   "this city has no cases: import them first"));
        return;
    }
    if (summary->base.rows == 0)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "未发现多于偶然的共同场所（这是正常结果）",
                                   "no shared place found beyond chance (a normal "
                                   "answer)"));
    wf_cli_print(cli,
                 wf_cli_choose(cli, "病例 %llu 例，分属 %llu 户；按 %llu 个场所校正\n",
                               "cases: %llu, of %llu households; corrected for %llu "
                               "places\n"),
                 (unsigned long long)summary->cases,
                 (unsigned long long)summary->independent,
                 (unsigned long long)summary->places_tested);
    wf_cli_summary(cli, to->city, &summary->base);
}

// Cuts "A,B" into ids; *ret_count 0 when there is an empty one or too many.
static void split(char *text, const char **ids, size_t *ret_count)
{
    size_t count = 0;
    *ret_count = 0;
    for (char *at = text; at != NULL; count++) {
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma = '\0';
        if (*at == '\0' || count == cases_max)
            return;
        ids[count] = at;
        at = comma == NULL ? NULL : comma + 1;
    }
    *ret_count = count;
}

static weft_status ask_with(wf_cli *cli, weft_city *city, const char *const *ids,
                            size_t count, weft_error *error)
{
    printing to = {cli, city};
    weft_source_summary summary = {0};
    weft_status status = weft_source(city, ids, count, give, &to, &summary, error);
    if (summary.base.missing == NULL) // nothing was found out
        return status;
    if (cli->json)
        wf_cli_summary_with(cli, wf_cli_summary_json(city, &summary.base),
                            wf_json_source_more(&summary));
    else
        summary_text(&to, &summary);
    return status;
}

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    const char *text = wf_cli_option(cli, "cases");
    if (text == NULL)
        return ask_with(cli, city, NULL, 0, error);
    char *copy = strdup(text);
    const char **ids = calloc(cases_max, sizeof *ids);
    size_t count = 0;
    weft_status status;
    if (copy != NULL && ids != NULL)
        split(copy, ids, &count);
    if (copy == NULL || ids == NULL)
        status = wf_fail_memory(error);
    else if (count == 0)
        status = wf_fail(error, WEFT_BAD_USAGE, "source.cases", NULL);
    else
        status = ask_with(cli, city, ids, count, error);
    free(ids);
    free(copy);
    return status;
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_source = {
    .name = "source",
    .arguments = "DIR [--cases A,B,…]",
    .zh = "溯源：多例病例共同到过、多于偶然的场所",
    .en = "places that cases share beyond chance",
    .about_zh = "同户病例只算一次；精确尾概率，按全部场所校正（Holm）。\n"
                "结果只说明与共同暴露相符，不能证明来源；找不到是正常结果。",
    .about_en =
        "Cases of one household count once; exact tail probability, corrected for "
        "every\nplace (Holm). A row is consistent with a common exposure and no "
        "proof of a source;\nto find none is a normal answer.",
    .options = options,
    .run = run,
    .asks = true,
};
