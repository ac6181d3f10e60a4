#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "weft/facts.h"

static const wf_option options[] = {
    {"device", WF_OPTION_TEXT, "NAME", "发送方（默认 cli）", "who sends it (cli)"},
    {"seq", WF_OPTION_TEXT, "N", "发送方的序号（默认取下一个）",
     "its number in the sender's book (the next one)"},
    {"at", WF_OPTION_TEXT, "T", "发生时间（默认本市此刻）",
     "when it happened (the city's now)"},
    {"grid", WF_OPTION_TEXT, "CODE", "所在网格", "the grid it lies in"},
    {"instead-of", WF_OPTION_TEXT, "DEVICE/SEQ", "更正哪一条事实",
     "the fact that it stands instead of"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// "S-03-2/118": the last slash parts them, because devices may have some of their own.
static weft_status read_amended(char *text, weft_fact_options *ret, weft_error *error)
{
    char *slash = strrchr(text, '/');
    if (slash == NULL ||
        !wf_parse_i64(wf_text_of(slash + 1), 1, INT64_MAX, &ret->amends_seq))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.fact", "option", "instead-of", NULL);
    *slash = '\0';
    ret->amends_device = text;
    return WEFT_OK;
}

static weft_status read_options(wf_cli *cli, const weft_city *city, char *amended,
                                size_t amended_size, weft_fact_options *ret,
                                weft_error *error)
{
    const char *seq = wf_cli_option(cli, "seq"), *at = wf_cli_option(cli, "at");
    const char *instead = wf_cli_option(cli, "instead-of");
    *ret = (weft_fact_options){.device = wf_cli_option(cli, "device"),
                               .grid = wf_cli_option(cli, "grid"),
                               .at = WEFT_TIME_NONE};
    if (seq != NULL && !wf_parse_i64(wf_text_of(seq), 1, INT64_MAX, &ret->seq))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.number", "option", "seq", "min", "1",
                       "max", "9223372036854775807", NULL);
    if (at != NULL)
        WF_TRY(weft_city_time_parse(city, at, &ret->at, error));
    if (instead == NULL)
        return WEFT_OK;
    if (strlen(instead) >= amended_size)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.fact", "option", "instead-of", NULL);
    memcpy(amended, instead, strlen(instead) + 1);
    return read_amended(amended, ret, error);
}

static void print_reply(wf_cli *cli, const weft_fact_reply *reply)
{
    bool had = reply->result == WEFT_FACT_HAD;
    if (cli->json)
        wf_cli_json(cli,
                    json_pack("{s:s, s:I, s:s, s:s*}", "device", reply->device, "seq",
                              (json_int_t)reply->seq, "result", had ? "had" : "accepted",
                              "warning", reply->warning.code));
    else
        wf_cli_print(cli, "%s/%lld  %s\n", reply->device, (long long)reply->seq,
                     had ? wf_cli_choose(cli, "已有", "had")
                         : wf_cli_choose(cli, "已接收", "accepted"));
    if (reply->warning.code != NULL)
        wf_cli_warn(cli, &reply->warning);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_fact_options how;
    weft_fact_reply reply;
    char amended[160];
    weft_status status = wf_cli_arguments(cli, 2, WF_ARGUMENTS_MAX, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = read_options(cli, city, amended, sizeof amended, &how, &error);
    if (status == WEFT_OK)
        status = weft_fact_send(city, cli->arguments[1],
                                (const char *const *)cli->arguments + 2,
                                cli->arguments_count - 2, &how, &reply, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    print_reply(cli, &reply);
    return 0;
}

const wf_verb wf_verb_fact = {
    .name = "fact",
    .arguments = "DIR KIND FIELD=VALUE…",
    .zh = "记一条事实",
    .en = "send one fact",
    .about_zh =
        "例：weft fact DIR tube.sealed tube=T0031877 count=10\n"
        "列表用逗号分隔。有哪些事实、各有哪些字段：weft help facts。\n"
        "账本只增不改：写错了用 --instead-of 更正，或记一条 fact.withdrawn 撤回。",
    .about_en =
        "For instance: weft fact DIR tube.sealed tube=T0031877 count=10\n"
        "Lists have commas. Which kinds there are, and their fields: weft help facts.\n"
        "The ledger only grows: correct a fact with --instead-of, or withdraw it by "
        "fact.withdrawn.",
    .options = options,
    .run = run,
};
