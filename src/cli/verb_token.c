#include <string.h>

#include "cli/view_page.h"
#include "weft/accounts.h"

static const wf_option options[] = {
    {"device", WF_OPTION_TEXT, "NAME", "发给哪台设备；未登记的先登记",
     "for this device, which is enrolled if it is new"},
    {"user", WF_OPTION_TEXT, "NAME", "或发给哪名用户", "or for this user"},
    {"role", WF_OPTION_TEXT, "ROLE", "角色（默认为设备或用户的角色）",
     "its role (that of the device or user)"},
    {"grid", WF_OPTION_TEXT, "CODE", "负责的网格（默认为设备或用户的网格）",
     "the grid it works for (that of the device or user)"},
    {"office", WF_OPTION_TEXT, "NAME", "新设备的所属单位",
     "office or work group of a new device"},
    {"until", WF_OPTION_TEXT, "T", "到期时间，按本机时钟（默认到吊销为止）",
     "good until, by the machine's clock (until it is revoked)"},
    {"reason", WF_OPTION_TEXT, "TEXT", "revoke：理由", "revoke: why"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// The token alone, so that a script takes it as it is.
static weft_status issue(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_token_request request = {.device = wf_cli_option(cli, "device"),
                                  .user = wf_cli_option(cli, "user"),
                                  .role = wf_cli_option(cli, "role"),
                                  .grid = wf_cli_option(cli, "grid"),
                                  .office = wf_cli_option(cli, "office"),
                                  .until = WEFT_TIME_NONE};
    const char *until = wf_cli_option(cli, "until");
    weft_token_reply reply;
    if (until != NULL)
        WF_TRY(weft_city_time_parse(city, until, &request.until, error));
    WF_TRY(weft_token_issue(city, &request, &reply, error));
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:s}", "token", reply.token, "id", reply.id));
    else
        wf_cli_print(cli, "%s\n", reply.token);
    return WEFT_OK;
}

static weft_status revoke(wf_cli *cli, weft_city *city, weft_error *error)
{
    size_t count = 0;
    WF_TRY(weft_token_revoke(city, cli->arguments_count == 3 ? cli->arguments[2] : NULL,
                             wf_cli_option(cli, "device"), wf_cli_option(cli, "user"),
                             wf_cli_option(cli, "reason"), &count, error));
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:I}", "revoked", (json_int_t)count));
    else
        wf_cli_print(cli, wf_cli_choose(cli, "已吊销 %zu 个令牌\n", "revoked: %zu\n"),
                     count);
    return WEFT_OK;
}

// A token that is issued stands alone on standard output, in drills too.
static weft_status open_city(wf_cli *cli, weft_city **ret, weft_error *error)
{
    if (cli->arguments_count > 1)
        return wf_cli_open(cli, ret, error);
    return wf_cli_open_silently(cli, ret, error);
}

static weft_status choose(wf_cli *cli, weft_city *city, weft_error *error)
{
    const char *deed = cli->arguments_count == 1 ? "" : cli->arguments[1];
    if (deed[0] == '\0')
        return issue(cli, city, error);
    if (strcmp(deed, "revoke") == 0)
        return revoke(cli, city, error);
    if (strcmp(deed, "list") == 0 && cli->arguments_count == 2)
        return wf_cli_list_view(cli, city, "register/tokens", error);
    return wf_fail(error, WEFT_BAD_USAGE, "usage.deed", "deed", deed, NULL);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 3, &error);
    if (status == WEFT_OK)
        status = open_city(cli, &city, &error);
    if (status == WEFT_OK)
        status = choose(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_token = {
    .name = "token",
    .arguments = "DIR [revoke [ID]|list]",
    .zh = "签发、吊销和列出令牌",
    .en = "issue, revoke and list tokens",
    .about_zh =
        "例：weft token DIR --device S-03-2 --role sampler --grid 320282001\n"
        "标准输出只有令牌本身，且只显示这一次：城市只保存它的散列。吊销用编号（至少前 8 "
        "位），\n或用 --device、--user 吊销其全部令牌。",
    .about_en =
        "For instance: weft token DIR --device S-03-2 --role sampler --grid 320282001\n"
        "Standard output is the token alone, this once: the city keeps no more than a "
        "hash of it.\nRevoke it by its id (8 digits at least), or all of one --device or "
        "--user.",
    .options = options,
    .run = run,
};
