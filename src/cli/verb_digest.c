#include "cli/cli.h"
#include "weft/care.h"

static void print_line(void *context, const weft_digest_line *line)
{
    wf_cli *cli = context;
    bool noted = line->note[0] != '\0';
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:s, s:s?}", "name", line->name, "hex",
                                   line->hex, "note", noted ? line->note : NULL));
    else
        wf_cli_print(cli, "%s %s%s%s\n", line->name, line->hex, noted ? " " : "",
                     line->note);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    // Not wf_cli_open: the first line is the total and nothing else, in drills too.
    if (status == WEFT_OK)
        status = wf_cli_open_silently(cli, &city, &error);
    if (status == WEFT_OK)
        status = weft_digest(city, print_line, cli, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_digest = {
    .name = "digest",
    .arguments = "DIR",
    .zh = "数据指纹",
    .en = "a digest of what the city holds",
    .about_zh = "第一行是总指纹，其后每个登记表、每天各一行。内容相同则指纹相同，与到达顺"
                "序、密钥无关。",
    .about_en =
        "The first line is the total, then one a register and day. Equal contents give "
        "equal\ndigests, whatever the order of arrival or the keys.",
    .run = run,
    .asks = true,
};
