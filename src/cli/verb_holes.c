#include <string.h>

#include "cli/summary.h"
#include "cli/view_cell.h"
#include "serve/areas/rows_json.h"
#include "weft/holes.h"

enum {
    time_width = 18,
    late_width = 12,
    kind_width = 34,
    subject_width = 22,
    grid_width = 14
};

static const wf_option options[] = {
    {"grid", WF_OPTION_TEXT, "CODE", "只看该网格及其下级",
     "only in this grid and below it"},
    {"kind", WF_OPTION_TEXT, "NAME", "只看一种，如 testing/tube_no_result",
     "one kind, such as testing/tube_no_result"},
    {"all", WF_OPTION_FLAG, NULL, "也列出尚未到时限的",
     "those that are not yet due, too"},
    {"counts", WF_OPTION_FLAG, NULL, "按各级网格和种类计数",
     "how many, by level of grid and kind"},
    {"check", WF_OPTION_FLAG, NULL, "从头核算并与所存对照；不符则以 1 退出",
     "evaluate from scratch and compare; exit 1 when something differs"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    const weft_city *city;
    bool headed; // the table's head is out
} printing;

// ---- the list ----

static const wf_cli_column columns[] = {
    {time_width, "时限", "due"},   {late_width, "已迟", "late"},
    {kind_width, "漏洞", "hole"},  {subject_width, "对象", "subject"},
    {grid_width, "网格", "grid"},  {grid_width, "责任", "owner"},
    {time_width, "起于", "since"}, {0, "任务", "task"},
};

// What is not yet due is in brackets.
static const char *lateness(const wf_cli *cli, int64_t late_s,
                            char room[WF_CLI_CELL_MAX + 2])
{
    char span[WF_CLI_CELL_MAX];
    wf_cli_span(cli, (late_s < 0 ? -late_s : late_s) * WF_US_PER_S, span);
    snprintf(room, WF_CLI_CELL_MAX + 2, late_s < 0 ? "(%s)" : "%s", span);
    return room;
}

static const char *state_text(const wf_cli *cli, const char *state)
{
    static const struct {
        const char *state, *zh, *en;
    } all[] = {{"open", "已交办", "assigned"},
               {"accepted", "已接受", "accepted"},
               {"overdue", "已逾期", "overdue"},
               {"returned", "已退回", "returned"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(state, all[i].state) == 0)
            return wf_cli_choose(cli, all[i].zh, all[i].en);
    return wf_cli_choose(cli, "不明", "unknown");
}

// "K-… assigned tracing@320282003 12-12 08:00"; a check asks for none.
static void print_task(printing *to, const weft_hole *hole)
{
    wf_cli *cli = to->cli;
    char since[WF_TIME_TEXT_MAX];
    if (hole->task == NULL || hole->task[0] == '\0')
        wf_cli_print(cli, "%s\n", hole->task != NULL ? "-" : "");
    else
        wf_cli_print(cli, "%s %s %s %s\n", hole->task, state_text(cli, hole->task_state),
                     hole->task_post, wf_cli_when(to->city, hole->task_since, since));
}

static void print_cells(printing *to, const weft_hole *hole)
{
    wf_cli *cli = to->cli;
    char since[WF_TIME_TEXT_MAX], due[WF_TIME_TEXT_MAX], late[WF_CLI_CELL_MAX + 2];
    wf_cli_cell(cli, wf_cli_when(to->city, hole->due_at, due), time_width);
    wf_cli_cell(cli, lateness(cli, hole->late_s, late), late_width);
    wf_cli_cell(cli, wf_cli_choose(cli, hole->title_zh, hole->title_en), kind_width);
    wf_cli_cell(cli, hole->subject, subject_width);
    wf_cli_cell(cli, hole->grid, grid_width);
    wf_cli_cell(cli, hole->owner, grid_width);
    wf_cli_cell(cli, wf_cli_when(to->city, hole->since, since), time_width);
    print_task(to, hole);
}

static bool print_hole(void *context, const weft_hole *hole)
{
    printing *to = context;
    if (to->cli->json) {
        wf_cli_json(to->cli, wf_json_hole(to->city, hole));
    } else {
        wf_cli_head(to->cli, &to->headed, columns);
        print_cells(to, hole);
    }
    return !to->cli->out_failed;
}

// ---- counts ----

static const wf_cli_column count_columns[] = {
    {grid_width, "网格", "grid"},
    {kind_width, "漏洞", "hole"},
    {late_width, "已到时限", "due"},
    {0, "未到时限", "not yet"},
};

static bool print_count(void *context, const weft_holes_count *count)
{
    printing *to = context;
    wf_cli *cli = to->cli;
    if (cli->json) {
        wf_cli_json(cli, wf_json_holes_count(count));
        return !cli->out_failed;
    }
    wf_cli_head(cli, &to->headed, count_columns);
    wf_cli_cell(cli,
                count->grid[0] != '\0' ? count->grid : wf_cli_choose(cli, "全市", "all"),
                grid_width);
    wf_cli_cell(cli, wf_cli_choose(cli, count->title_zh, count->title_en), kind_width);
    char due[24];
    snprintf(due, sizeof due, "%llu", (unsigned long long)count->due);
    wf_cli_cell(cli, due, late_width);
    wf_cli_print(cli, "%llu\n", (unsigned long long)count->not_yet);
    return !cli->out_failed;
}

// ---- the check ----

static bool print_difference(void *context, bool missing, const weft_hole *hole)
{
    printing *to = context;
    wf_cli *cli = to->cli;
    if (cli->json) {
        json_t *object = wf_json_hole(to->city, hole);
        if (object != NULL &&
            json_object_set_new(object, "difference",
                                json_string(missing ? "missing" : "extra")) != 0) {
            json_decref(object);
            object = NULL;
        }
        wf_cli_json(cli, object);
    } else {
        wf_cli_cell(cli,
                    missing ? wf_cli_choose(cli, "缺", "missing")
                            : wf_cli_choose(cli, "多", "extra"),
                    late_width);
        print_cells(to, hole);
    }
    return !cli->out_failed;
}

// ---- the verb ----

static void print_summary(wf_cli *cli, const weft_holes_summary *summary, bool check)
{
    if (cli->json) {
        wf_cli_json(cli,
                    json_pack("{s:{s:I, s:I, s:I}}", "summary",
                              check ? "differences" : "rows", (json_int_t)summary->rows,
                              "as_of", (json_int_t)summary->as_of, "not_asked",
                              (json_int_t)summary->not_asked));
        return;
    }
    if (check)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "所存漏洞与全面核算一致",
                                   "the kept holes equal the full "
                                   "evaluation"));
    else if (summary->rows == 0)
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "没有漏洞", "no holes"));
    if (summary->not_asked > 0)
        wf_cli_message(cli,
                       wf_cli_choose(cli, "本市方案未定时限、因而不查的有 %llu 种",
                                     "the city's protocol sets no time for %llu kinds, "
                                     "which are not asked"),
                       (unsigned long long)summary->not_asked);
}

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_holes_query query = {.kind = wf_cli_option(cli, "kind"),
                              .grid = wf_cli_option(cli, "grid"),
                              .with_not_due = wf_cli_flag(cli, "all"),
                              .with_tasks = true};
    weft_holes_summary summary = {0};
    printing to = {cli, city, false};
    bool check = wf_cli_flag(cli, "check"), counts = wf_cli_flag(cli, "counts");
    if (check && counts)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.holes", NULL);
    weft_status status =
        check    ? weft_holes_check(city, &query, print_difference, &to, &summary, error)
        : counts ? weft_holes_counts(city, &query, print_count, &to, &summary, error)
                 : weft_holes(city, &query, print_hole, &to, &summary, error);
    if (status == WEFT_OK || (status == WEFT_FOUND_WRONG && cli->json))
        print_summary(cli, &summary, check);
    return status;
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_holes = {
    .name = "holes",
    .arguments = "DIR",
    .zh = "漏洞：该有而没有的，谁负责，何时到期",
    .en = "holes: what must be there and is not, whose, and since when",
    .about_zh = "按时限先后列出已到时限的漏洞；只有事实记录能使其关闭。\n"
                "weft help holes all 说明每一种漏洞：何时算、由谁负责、怎样关闭。",
    .about_en = "Lists the holes that are due, the oldest first; only facts close them.\n"
                "weft help holes all explains each kind: when it is one, whose it is, "
                "what closes it.",
    .options = options,
    .run = run,
    .asks = true,
};
