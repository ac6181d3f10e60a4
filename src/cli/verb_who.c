#include "cli/summary.h"

static const wf_option options[] = {
    {"place", WF_OPTION_TEXT, "P", "场所编号", "id of the place"},
    {"from", WF_OPTION_TEXT, "TIME", "从何时", "from when"},
    {"to", WF_OPTION_TEXT, "TIME", "到何时（不含）", "to when (exclusive)"},
    {"case", WF_OPTION_TEXT, "C", "所属病例：真实城市必填，时间不超出其传染期",
     "the case it is for: real cities need it; times stay within its infectious window"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    const weft_city *city;
} printing;

static bool print_row(void *context, const weft_stay *row)
{
    printing *to = context;
    bool has_seat = row->seat[0] != '\0';
    if (to->cli->json) {
        wf_cli_json(to->cli,
                    json_pack("{s:s, s:o, s:o, s:s?, s:b}", "person", row->person,
                              "start", wf_cli_time_json(to->city, row->start), "end",
                              wf_cli_time_json(to->city, row->end), "seat",
                              has_seat ? row->seat : NULL, "guessed",
                              (int)row->end_guessed));
    } else {
        char start[40], end[40];
        wf_cli_cell(to->cli, weft_city_time_text(to->city, row->start, start), 27);
        wf_cli_cell(to->cli, weft_city_time_text(to->city, row->end, end), 27);
        wf_cli_print(to->cli, "%s%s%s%s\n", row->person, has_seat ? "  " : "", row->seat,
                     row->end_guessed ? wf_cli_choose(to->cli, "  （离开时间为推测）",
                                                      "  (end of stay guessed)")
                                      : "");
    }
    return !to->cli->out_failed;
}

static weft_status read_time(const wf_cli *cli, const weft_city *city, const char *name,
                             weft_time *ret, weft_error *error)
{
    const char *text = wf_cli_option(cli, name);
    if (text == NULL)
        return WEFT_OK;
    return weft_city_time_parse(city, text, ret, error);
}

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_who_query query = {.place = wf_cli_option(cli, "place"),
                            .case_id = wf_cli_option(cli, "case"),
                            .from = WEFT_TIME_NONE,
                            .to = WEFT_TIME_NONE};
    weft_lookup_summary summary = {0};
    printing to = {cli, city};
    if (query.place == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.window", NULL);
    WF_TRY(read_time(cli, city, "from", &query.from, error));
    WF_TRY(read_time(cli, city, "to", &query.to, error));
    if (!cli->json) {
        wf_cli_cell(cli, wf_cli_choose(cli, "到", "from"), 27);
        wf_cli_cell(cli, wf_cli_choose(cli, "离", "to"), 27);
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "人员", "person"));
    }
    weft_status status = weft_who(city, &query, print_row, &to, &summary, error);
    if (summary.missing != NULL) // set with every answer, also a partial one
        wf_cli_summary(cli, city, &summary);
    return status;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = ask(cli, city, &error);
    weft_city_close(city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_who = {
    .name = "who",
    .arguments = "DIR",
    .zh = "某个场所里有谁",
    .en = "who was at a place",
    .about_zh = "列出与该时间段重叠的停留，先后为序；跨午夜的停留合为一次。",
    .about_en = "Lists the stays that overlap the time, by their start; a stay over "
                "midnight is one stay.",
    .options = options,
    .run = run,
};
