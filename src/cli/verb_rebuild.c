#include "cli/cli.h"
#include "weft/facts.h"

static void print_progress(void *context, uint64_t done, uint64_t all)
{
    wf_cli *cli = context;
    if (wf_cli_shows_progress(cli) && all > 0)
        wf_cli_message(cli,
                       wf_cli_choose(cli, "%llu%%（%llu 条）", "%llu %% (%llu facts)"),
                       (unsigned long long)(done * 100 / all), (unsigned long long)done);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    uint64_t facts = 0;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = weft_rebuild(city, print_progress, cli, &facts, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:I}", "facts", (json_int_t)facts));
    else
        wf_cli_print(cli,
                     wf_cli_choose(cli, "已由账本的 %llu 条事实重建记录库\n",
                                   "the records are made anew from %llu facts\n"),
                     (unsigned long long)facts);
    return 0;
}

const wf_verb wf_verb_rebuild = {
    .name = "rebuild",
    .arguments = "DIR",
    .zh = "由账本重建记录库",
    .en = "make the records anew from the ledger",
    .about_zh = "记录库 records.db 由账本做成，可随时重建：先在旁边做好，再替换。"
                "账本和到访数据不变。",
    .about_en = "records.db is made from the ledger and can be made again at any time: "
                "beside the old one,\nthen in its place. Ledger and visits stay as they "
                "are.",
    .run = run,
};
