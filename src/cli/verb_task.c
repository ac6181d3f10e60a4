#include "cli/cli.h"
#include "weft/tasks.h"

static const wf_option options[] = {
    {"holes", WF_OPTION_TEXT, "KIND", "哪种漏洞，如 testing/tube_no_result",
     "which kind of hole, such as testing/tube_no_result"},
    {"grid", WF_OPTION_TEXT, "CODE", "只交办该网格及其下级（默认全市）",
     "only in this grid and below it (everywhere)"},
    {"post", WF_OPTION_TEXT, "POST", "责任岗位，专班@网格，如 tracing@320282003",
     "post that has to close them, group@grid, such as tracing@320282003"},
    {"due", WF_OPTION_TEXT, "T", "要求关闭的时间", "to be closed by"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static weft_status read_request(const wf_cli *cli, const weft_city *city,
                                weft_tasks_request *ret, weft_error *error)
{
    const char *due = wf_cli_option(cli, "due");
    *ret = (weft_tasks_request){.holes = wf_cli_option(cli, "holes"),
                                .grid = wf_cli_option(cli, "grid"),
                                .post = wf_cli_option(cli, "post")};
    if (ret->holes == NULL || ret->post == NULL || due == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.task", NULL);
    return weft_city_time_parse(city, due, &ret->due, error);
}

static void print_reply(wf_cli *cli, const weft_tasks_reply *made)
{
    if (cli->json) {
        wf_cli_json(cli,
                    json_pack("{s:I, s:I, s:I}", "made", (json_int_t)made->made, "had",
                              (json_int_t)made->had, "left", (json_int_t)made->left));
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
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_tasks_request request;
    weft_tasks_reply made;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = read_request(cli, city, &request, &error);
    if (status == WEFT_OK)
        status = weft_tasks_make(city, &request, &made, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    print_reply(cli, &made);
    return 0;
}

const wf_verb wf_verb_task = {
    .name = "task",
    .arguments = "DIR",
    .zh = "把一种漏洞都交给一个岗位",
    .en = "make tasks of a post out of all holes of a kind",
    .about_zh = "例：weft task DIR --holes tracing/contact_not_reached --grid 320282003 "
                "--post tracing@320282003 --due 2021-12-12T18:00\n"
                "已有任务的漏洞不再交办。任务没有“完成”：事实关闭了漏洞，任务才结束。\n"
                "任务清单：weft view DIR command/tasks。",
    .about_en = "For instance: weft task DIR --holes tracing/contact_not_reached --grid "
                "320282003 --post tracing@320282003 --due 2021-12-12T18:00\n"
                "A hole that has a task gets no other. A task is never ticked off: it is "
                "over when facts have closed its hole.\n"
                "The list of tasks: weft view DIR command/tasks.",
    .options = options,
    .run = run,
};
