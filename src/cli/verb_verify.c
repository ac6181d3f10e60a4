#include "cli/cli.h"
#include "weft/care.h"

static void print_finding(void *context, const weft_error *what)
{
    wf_cli *cli = context;
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

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = weft_verify(city, print_finding, cli, &error);
    weft_city_close(city);
    if (status == WEFT_FOUND_WRONG)
        return weft_status_exit_code(status); // each finding was said
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (!cli->json)
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "完好", "all is whole"));
    return 0;
}

const wf_verb wf_verb_verify = {
    .name = "verify",
    .arguments = "DIR",
    .zh = "检查城市数据是否完好",
    .en = "read everything and name what is damaged",
    .about_zh = "逐一读取并核对所有密封文件、编号词典和登记表；有问题时逐条列出，退出码为"
                " 1。不改动任何文件。",
    .about_en =
        "Reads and checks every sealed file, the dictionary and the register. What is "
        "damaged,\nstale, swapped, keyless or stray is named, once each; the exit code "
        "is then 1. No file is\nchanged.",
    .run = run,
};
