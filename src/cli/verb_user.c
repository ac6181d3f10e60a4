#include "cli/account.h"
#include "cli/view_page.h"
#include "weft/accounts.h"

static const wf_option options[] = {
    {"role", WF_OPTION_TEXT, "ROLE", "add、change：角色", "add, change: their role"},
    {"grid", WF_OPTION_TEXT, "CODE",
     "add、change：负责的网格（默认全市）；list：只看其中",
     "add, change: the grid they work for (the whole city); list: only what lies in it"},
    {"name", WF_OPTION_TEXT, "TEXT", "add、change：姓名", "add, change: their name"},
    {"office", WF_OPTION_TEXT, "NAME", "add、change：所属单位或专班",
     "add, change: office or work group"},
    {"person", WF_OPTION_TEXT, "ID", "add、change：本人的人员编号",
     "add, change: their own id as a person"},
    {"reason", WF_OPTION_TEXT, "TEXT", "remove：理由", "remove: why"},
    {"password-file", WF_OPTION_TEXT, "FILE", "secret：口令文件（第一行）；默认随机生成",
     "secret: file whose first line is the password (one is made)"},
    {"codes", WF_OPTION_FLAG, NULL, "secret：另发动态口令的密钥（居民也可）",
     "secret: a new secret of one-time codes (for a resident, too)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static const wf_cli_field about[] = {{"role", "role"},
                                     {"grid", "grid"},
                                     {"name", "name"},
                                     {"office", "office"},
                                     {"person", "person"}};
enum { about_count = sizeof about / sizeof *about };

static weft_status add(wf_cli *cli, weft_city *city, weft_error *error)
{
    return wf_cli_send_account(cli, city, "user.added", "user", cli->arguments[2], about,
                               about_count, error);
}

static weft_status change(wf_cli *cli, weft_city *city, weft_error *error)
{
    return wf_cli_send_account(cli, city, "user.changed", "user", cli->arguments[2],
                               about, about_count, error);
}

static weft_status remove_user(wf_cli *cli, weft_city *city, weft_error *error)
{
    static const wf_cli_field fields[] = {{"reason", "reason"}};
    return wf_cli_send_account(cli, city, "user.removed", "user", cli->arguments[2],
                               fields, 1, error);
}

static weft_status list(wf_cli *cli, weft_city *city, weft_error *error)
{
    return wf_cli_list_view(cli, city, "register/users", error);
}

// Both are shown this once: nothing keeps the password, and the other is sealed.
static weft_status secret(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_secret_reply made;
    const char *user = cli->arguments[2];
    WF_TRY(weft_user_secret(city, user, wf_cli_option(cli, "password-file"),
                            wf_cli_flag(cli, "codes"), &made, error));
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:s, s:s*, s:s*}", "user", user, "password",
                                   made.password[0] != '\0' ? made.password : NULL,
                                   "totp", made.totp[0] != '\0' ? made.totp : NULL));
        return WEFT_OK;
    }
    if (made.password[0] != '\0')
        wf_cli_print(cli, "%s  %s\n", wf_cli_choose(cli, "口令", "password"),
                     made.password);
    if (made.totp[0] != '\0')
        wf_cli_print(cli, "otpauth://totp/Weft:%s?secret=%s&issuer=Weft\n", user,
                     made.totp);
    wf_cli_message(cli, "%s",
                   wf_cli_choose(cli, "只显示这一次；该用户已有的登录已全部结束。",
                                 "Shown this once. All sessions of this user have "
                                 "ended."));
    return WEFT_OK;
}

static int run(wf_cli *cli)
{
    static const wf_cli_deed deeds[] = {
        {"add", 1, 1, add},   {"change", 1, 1, change}, {"remove", 1, 1, remove_user},
        {"list", 0, 0, list}, {"secret", 1, 1, secret},
    };
    return wf_cli_run_deed(cli, deeds, sizeof deeds / sizeof *deeds);
}

const wf_verb wf_verb_user = {
    .name = "user",
    .arguments = "DIR add|change|remove|secret|list [NAME]",
    .zh = "加入、修改、移除用户，设置口令",
    .en = "add, change and remove users, set their passwords",
    .about_zh =
        "例：weft user DIR add zhang --role investigator --grid 320282\n"
        "secret 设置口令；工作人员同时得到动态口令的密钥（otpauth，放入手机验证器）。\n"
        "角色：commander lead investigator grid_worker guard sampler lab medic regulator "
        "auditor\noperator resident。",
    .about_en =
        "For instance: weft user DIR add zhang --role investigator --grid 320282\n"
        "secret sets a password; staff get the secret of their one-time codes with it "
        "(otpauth,\nfor the authenticator of their phone).\n"
        "Roles: commander lead investigator grid_worker guard sampler lab medic "
        "regulator auditor\noperator resident.",
    .options = options,
    .run = run,
};
