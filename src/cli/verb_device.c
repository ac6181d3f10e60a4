#include "cli/account.h"
#include "cli/view_page.h"

static const wf_option options[] = {
    {"role", WF_OPTION_TEXT, "ROLE", "enroll：角色", "enroll: its role"},
    {"grid", WF_OPTION_TEXT, "CODE", "enroll：负责的网格（默认全市）；list：只看其中",
     "enroll: the grid it works for (the whole city); list: only what lies in it"},
    {"office", WF_OPTION_TEXT, "NAME", "enroll：所属单位或专班",
     "enroll: office or work group"},
    {"reason", WF_OPTION_TEXT, "TEXT", "revoke：理由", "revoke: why"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static weft_status enroll(wf_cli *cli, weft_city *city, weft_error *error)
{
    static const wf_cli_field fields[] = {
        {"role", "role"}, {"grid", "grid"}, {"office", "office"}};
    return wf_cli_send_account(cli, city, "device.enrolled", "device", cli->arguments[2],
                               fields, sizeof fields / sizeof *fields, error);
}

static weft_status revoke(wf_cli *cli, weft_city *city, weft_error *error)
{
    static const wf_cli_field fields[] = {{"reason", "reason"}};
    return wf_cli_send_account(cli, city, "device.revoked", "device", cli->arguments[2],
                               fields, 1, error);
}

static weft_status list(wf_cli *cli, weft_city *city, weft_error *error)
{
    return wf_cli_list_view(cli, city, "register/devices", error);
}

static int run(wf_cli *cli)
{
    static const wf_cli_deed deeds[] = {
        {"enroll", 1, 1, enroll}, {"revoke", 1, 1, revoke}, {"list", 0, 0, list}};
    return wf_cli_run_deed(cli, deeds, sizeof deeds / sizeof *deeds);
}

const wf_verb wf_verb_device = {
    .name = "device",
    .arguments = "DIR enroll|revoke|list [NAME]",
    .zh = "登记、停用和列出设备",
    .en = "enroll, revoke and list devices",
    .about_zh =
        "例：weft device DIR enroll S-03-2 --role sampler --grid 320282001\n"
        "再次登记会更改角色和网格。停用后，该设备的所有令牌立即失效。令牌见 weft token。",
    .about_en =
        "For instance: weft device DIR enroll S-03-2 --role sampler --grid 320282001\n"
        "Enrolled again, its role and grid change. Once it is revoked none of its tokens "
        "is good.\nTokens: weft token.",
    .options = options,
    .run = run,
};
