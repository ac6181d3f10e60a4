#include "cli/summary.h"
#include "serve/areas/rows_json.h"

enum { time_width = 18 };

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
    bool headed; // the table's head is out
} printing;

static const wf_cli_column columns[] = {
    {time_width, "到", "from"},
    {time_width, "离", "to"},
    {0, "人员和座位", "person and seat"},
};

static bool print_row(void *context, const weft_stay *row)
{
    printing *to = context;
    bool has_seat = row->seat[0] != '\0';
    if (to->cli->json) {
        wf_buffer line = {0};
        bool made = wf_json_stay(to->city, row, &line);
        wf_cli_json_line(to->cli, made, &line);
    } else {
        char start[WF_TIME_TEXT_MAX], end[WF_TIME_TEXT_MAX];
        wf_cli_head(to->cli, &to->headed, columns);
        wf_cli_cell(to->cli, wf_cli_when(to->city, row->start, start), time_width);
        wf_cli_cell(to->cli, wf_cli_when(to->city, row->end, end), time_width);
        wf_cli_print(to->cli, "%s%s%s%s\n", row->person, has_seat ? "  " : "", row->seat,
                     row->end_guessed ? wf_cli_choose(to->cli, "  （离开时间为推定）",
                                                      "  (end of stay guessed)")
                                      : "");
    }
    return !to->cli->out_failed;
}

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_who_query query = {.place = wf_cli_option(cli, "place"),
                            .case_id = wf_cli_option(cli, "case"),
                            .from = WEFT_TIME_NONE,
                            .to = WEFT_TIME_NONE};
    weft_lookup_summary summary = {0};
    printing to = {cli, city, false};
    if (query.place == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.window", NULL);
    WF_TRY(wf_cli_times(cli, city, &query.from, &query.to, error));
    weft_status status = weft_who(city, &query, print_row, &to, &summary, error);
    if (summary.missing != NULL) // set with every answer, also a partial one
        wf_cli_summary(cli, city, &summary);
    return status;
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_who = {
    .name = "who",
    .arguments = "DIR --place P --from TIME --to TIME",
    .zh = "某时段在某场所的人员",
    .en = "who was at a place",
    .about_zh = "按到达先后列出与该时段重叠的到访；跨午夜的到访算一次。",
    .about_en =
        "Lists the stays that overlap the time, by their start; a stay over midnight\n"
        "is one stay.",
    .options = options,
    .run = run,
    .asks = true,
};
