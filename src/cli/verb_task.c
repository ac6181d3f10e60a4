#include <string.h>

#include "cli/cli.h"
#include "cli/view_cell.h"
#include "weft/tasks.h"

static const wf_option options[] = {
    {"holes", WF_OPTION_TEXT, "KIND", "哪种漏洞，如 testing/tube_no_result",
     "which kind of hole, such as testing/tube_no_result"},
    {"grid", WF_OPTION_TEXT, "CODE", "只交办该网格及其下级（默认全市）",
     "only in this grid and below it (everywhere)"},
    {"post", WF_OPTION_TEXT, "POST",
     "责任岗位，专班@网格，如 tracing@320282003（默认按排班各交给自己的岗位）",
     "post that has to close them, group@grid, such as tracing@320282003 (each hole's "
     "own, by the rosters)"},
    {"all", WF_OPTION_FLAG, NULL, "也交办尚未到时限的",
     "those that are not yet due, too"},
    {"propose", WF_OPTION_FLAG, NULL, "只说会交给哪些岗位，不交办",
     "only say which posts they would be given to"},
    {"due", WF_OPTION_TEXT, "T", "要求关闭的时间", "to be closed by"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static weft_status read_request(const wf_cli *cli, const weft_city *city,
                                weft_tasks_request *ret, weft_error *error)
{
    const char *due = wf_cli_option(cli, "due");
    *ret = (weft_tasks_request){.holes = wf_cli_option(cli, "holes"),
                                .grid = wf_cli_option(cli, "grid"),
                                .post = wf_cli_option(cli, "post"),
                                .with_not_due = wf_cli_flag(cli, "all")};
    bool proposes = wf_cli_flag(cli, "propose");
    if (ret->holes == NULL || (due == NULL) != proposes ||
        (proposes && ret->post != NULL))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.task", NULL);
    if (proposes)
        return WEFT_OK;
    return weft_city_time_parse(city, due, &ret->due, error);
}

static void print_reply(wf_cli *cli, const weft_tasks_reply *made)
{
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:I, s:I, s:I, s:I}", "made", (json_int_t)made->made,
                                   "had", (json_int_t)made->had, "left",
                                   (json_int_t)made->left, "nobody",
                                   (json_int_t)made->nobody));
        return;
    }
    wf_cli_print(cli,
                 wf_cli_choose(cli, "交办 %llu 项，已有任务 %llu 处\n",
                               "%llu tasks were made, %llu holes had one\n"),
                 (unsigned long long)made->made, (unsigned long long)made->had);
    if (made->left > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "还有 %llu 处未交办：再运行一次\n",
                                   "%llu holes are left: run it again\n"),
                     (unsigned long long)made->left);
    if (made->nobody > 0)
        wf_cli_print(
            cli,
            wf_cli_choose(cli,
                          "没有岗位、未交办 %llu 处：用 --propose 看原因，用 "
                          "--post 指定岗位\n",
                          "%llu holes have no post and were not given: --propose "
                          "says why, --post gives them to one\n"),
            (unsigned long long)made->nobody);
}

// ---- what would be made ----

enum { post_width = 26, holder_width = 16, holes_width = 8 };

static const wf_cli_column columns[] = {
    {post_width, "岗位", "post"},
    {holder_width, "现在值守", "held now by"},
    {holes_width, "漏洞", "holes"},
    {0, "不交办的原因", "why not"},
};

typedef struct {
    wf_cli *cli;
    bool headed;
} printing;

static const char *why_text(const wf_cli *cli, const char *why)
{
    return strcmp(why, "no_roster") == 0
               ? wf_cli_choose(cli, "排班表里没有该组在此处或其上级的岗位",
                               "no roster names a post of the group here or above")
           : strcmp(why, "no_grid") == 0
               ? wf_cli_choose(cli, "漏洞没有网格，该组也没有唯一的最高岗位",
                               "the holes lie nowhere, and the group has no one highest "
                               "post")
               : "";
}

static bool print_share(void *context, const weft_tasks_share *share)
{
    printing *to = context;
    wf_cli *cli = to->cli;
    char holes[24], post[WF_CLI_CELL_MAX];
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "post", share->post,
                                   "holder", share->holder, "why", share->why, "group",
                                   share->group, "grid", share->grid, "holes",
                                   (json_int_t)share->holes));
        return !cli->out_failed;
    }
    wf_cli_head(cli, &to->headed, columns);
    snprintf(holes, sizeof holes, "%llu", (unsigned long long)share->holes);
    snprintf(post, sizeof post, "(%s@%s)", share->group, share->grid);
    wf_cli_cell(cli, share->post[0] != '\0' ? share->post : post, post_width);
    wf_cli_cell(cli, share->holder[0] != '\0' ? share->holder : "-", holder_width);
    wf_cli_cell(cli, holes, holes_width);
    wf_cli_print(cli, "%s\n", why_text(cli, share->why));
    return !cli->out_failed;
}

static weft_status propose(wf_cli *cli, weft_city *city,
                           const weft_tasks_request *request, weft_error *error)
{
    printing to = {cli, false};
    weft_tasks_proposal made;
    WF_TRY(weft_tasks_propose(city, request, print_share, &to, &made, error));
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:{s:I, s:I, s:I, s:I}}", "summary", "listed",
                                   (json_int_t)made.rows, "holes", (json_int_t)made.holes,
                                   "had", (json_int_t)made.had, "nobody",
                                   (json_int_t)made.nobody));
    else
        wf_cli_print(
            cli,
            wf_cli_choose(cli,
                          "列出 %llu 行，%llu 处漏洞，其中已有任务 %llu 处，"
                          "没有岗位 %llu 处\n",
                          "%llu rows are listed, of %llu holes; %llu of them have "
                          "a task, %llu have no post\n"),
            (unsigned long long)made.rows, (unsigned long long)made.holes,
            (unsigned long long)made.had, (unsigned long long)made.nobody);
    return WEFT_OK;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_tasks_request request;
    weft_tasks_reply made = {0};
    bool proposes = wf_cli_flag(cli, "propose");
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = read_request(cli, city, &request, &error);
    if (status == WEFT_OK)
        status = proposes ? propose(cli, city, &request, &error)
                          : weft_tasks_make(city, &request, &made, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (!proposes)
        print_reply(cli, &made);
    return 0;
}

const wf_verb wf_verb_task = {
    .name = "task",
    .arguments = "DIR",
    .zh = "把一种漏洞都交办给各自的岗位，或都交给一个岗位",
    .en = "make tasks out of all holes of a kind, each of its own post or all of one",
    .about_zh =
        "例：weft task DIR --holes tracing/contact_not_reached --grid 320282003 "
        "--due 2021-12-12T18:00\n"
        "不写 --post：按排班，每处漏洞交给其责任组在其网格上最近的岗位。--propose "
        "先看会交给谁。\n"
        "已有任务的漏洞不再交办。任务没有“完成”：事实关闭了漏洞，任务才结束。\n"
        "任务清单：weft view DIR command/tasks。",
    .about_en = "For instance: weft task DIR --holes tracing/contact_not_reached --grid "
                "320282003 --due 2021-12-12T18:00\n"
                "Without --post each hole goes to the post of its work group nearest "
                "above it, by the rosters. --propose says whose they would be.\n"
                "A hole that has a task gets no other. A task is never ticked off: it is "
                "over when facts have closed its hole.\n"
                "The list of tasks: weft view DIR command/tasks.",
    .options = options,
    .run = run,
};
