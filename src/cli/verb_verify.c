#include "cli/cli.h"
#include "cli/summary.h"
#include "weft/backup.h"
#include "weft/care.h"

typedef struct {
    wf_cli *cli;
    uint64_t count;
} findings;

static void print_finding(void *context, const weft_error *what)
{
    findings *found = context;
    wf_cli *cli = found->cli;
    found->count++;
    wf_buffer text = {0};
    bool done = cli->json
                    ? wf_error_part_text(what, WF_PART_MESSAGE, cli->language, &text)
                    : wf_error_text(what, cli->language, &text);
    if (!done || !cli->json)
        wf_cli_text(cli, done ? wf_buffer_text(&text) : wf_text_of(what->code));
    else
        wf_cli_json(cli, json_pack("{s:s, s:s%}", "code", what->code, "message",
                                   text.bytes, text.size));
    wf_buffer_done(&text);
}

// The last line, so that a program can tell "whole" from "was cut off".
static void print_summary(wf_cli *cli, uint64_t found)
{
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:{s:b, s:I}}", "summary", "whole",
                                   (int)(found == 0), "found", (json_int_t)found));
    else if (found == 0)
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "完好", "all is whole"));
}

typedef struct {
    wf_cli *cli;
    weft_city *city;
} telling;

// That facts which once were there are not there any more is said each time.
static void print_restored(void *context, const weft_restoration *one)
{
    const telling *to = context;
    wf_cli *cli = to->cli;
    char at[WF_TIME_TEXT_MAX], backed_up[WF_TIME_TEXT_MAX];
    if (cli->json)
        wf_cli_json(cli,
                    json_pack("{s:{s:s, s:o, s:o, s:I, s:s, s:I, s:s}}", "restored",
                              "backup", one->backup, "at",
                              wf_cli_time_json(to->city, one->at), "backed_up",
                              wf_cli_time_json(to->city, one->backed_up), "old_commits",
                              (json_int_t)one->old_commits, "old_link", one->old_link,
                              "new_commits", (json_int_t)one->new_commits, "new_link",
                              one->new_link));
    else
        wf_cli_print(cli,
                     wf_cli_choose(cli,
                                   "%s 由备份 %.8s（%s）恢复，账本链头：\n"
                                   "  此前 %llu  %s\n  此后 %llu  %s\n",
                                   "restored %s from backup %.8s of %s; chain head:\n"
                                   "  until then %llu  %s\n  since then %llu  %s\n"),
                     wf_cli_when(to->city, one->at, at), one->backup,
                     wf_cli_when(to->city, one->backed_up, backed_up),
                     (unsigned long long)one->old_commits, one->old_link,
                     (unsigned long long)one->new_commits, one->new_link);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    findings found = {cli, 0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = weft_verify(city, print_finding, &found, &error);
    if (status == WEFT_OK || status == WEFT_FOUND_WRONG)
        weft_restorations(city, print_restored, &(telling){cli, city});
    wf_cli_close(cli, city);
    if (status != WEFT_OK && status != WEFT_FOUND_WRONG)
        return wf_cli_fail(cli, &error);
    print_summary(cli, found.count);
    return weft_status_exit_code(status);
}

const wf_verb wf_verb_verify = {
    .name = "verify",
    .arguments = "DIR",
    .zh = "检查城市数据是否完好",
    .en = "read everything and name what is damaged",
    .about_zh = "逐一读取并核对所有密封文件、编号词典和登记表；有问题时逐条列出，退出码为"
                " 1。不改动任何文件。\n"
                "恢复而成的城市每次都说明：何时、由哪份备份、此前此后的账本链头。\n"
                "--json 每个问题一行，最后一行总是 "
                "{\"summary\":{\"whole\":…,\"found\":N}}。",
    .about_en =
        "Reads and checks every sealed file, the dictionary and the register. What is "
        "damaged,\nstale, swapped, keyless or stray is named, once each; the exit code "
        "is then 1. No file is\nchanged. A city that was restored says so each time: "
        "when, from which backup, the chain's\nhead until then and since then. With "
        "--json each "
        "finding is a line, and the last line is always\n"
        "{\"summary\":{\"whole\":…,\"found\":N}}.",
    .run = run,
};
