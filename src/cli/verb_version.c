#include "cli/cli.h"

static int run(wf_cli *cli)
{
    weft_error error = {0};
    if (wf_cli_arguments(cli, 0, 0, &error) != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s}", "version", WEFT_VERSION));
    else
        wf_cli_print(cli, "weft %s\n", WEFT_VERSION);
    return 0;
}

const wf_verb wf_verb_version = {
    .name = "version",
    .arguments = "",
    .zh = "显示版本",
    .en = "show the version",
    .about_zh = "",
    .about_en = "",
    .run = run,
    .takes_no_city = true,
};
