#include <string.h>

#include "cli/cli.h"

static const wf_option options[] = {
    {"kind", WF_OPTION_TEXT, "real|drill", "真实或演练（默认 real）",
     "real or a drill (default real)"},
    {"clock", WF_OPTION_TEXT, "TIME", "演练时钟的起点", "where a drill's clock starts"},
    {"protocol", WF_OPTION_TEXT, "NAME", "方案版本（默认 nhc-covid-8）",
     "edition of the protocol (default nhc-covid-8)"},
    {"grid", WF_OPTION_TEXT, "CODE", "所辖网格代码", "grid code that everything lies in"},
    {"zone", WF_OPTION_TEXT, "ZONE", "时区（默认 Asia/Shanghai）",
     "time zone (default Asia/Shanghai)"},
    {"law", WF_OPTION_TEXT, "NAME", "法律依据（默认 cn）", "law profile (default cn)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static weft_status make(wf_cli *cli, weft_error *error)
{
    weft_init_options init = {.clock = wf_cli_option(cli, "clock"),
                              .protocol = wf_cli_option(cli, "protocol"),
                              .grid = wf_cli_option(cli, "grid"),
                              .zone = wf_cli_option(cli, "zone"),
                              .law = wf_cli_option(cli, "law"),
                              .keys = cli->keys};
    const char *kind = wf_cli_option(cli, "kind");
    WF_TRY(wf_cli_arguments(cli, 1, 1, error));
    if (kind != NULL && strcmp(kind, "drill") == 0)
        init.kind = WEFT_CITY_DRILL;
    else if (kind != NULL && strcmp(kind, "real") != 0)
        return wf_fail(error, WEFT_BAD_USAGE, "city.kind", NULL);
    return weft_city_init(cli->arguments[0], &init, error);
}

// What a newcomer must know now: which kind it is, and that the key lies elsewhere.
static void say(wf_cli *cli)
{
    const char *kind = wf_cli_option(cli, "kind");
    bool drill = kind != NULL && strcmp(kind, "drill") == 0;
    wf_cli_print(
        cli,
        drill ? wf_cli_choose(cli, "已新建演练城市 %s\n", "made the drill city %s\n")
              : wf_cli_choose(cli, "已新建真实城市 %s\n", "made the real city %s\n"),
        cli->arguments[0]);
    wf_cli_print(cli, "%s\n",
                 wf_cli_choose(cli, "城市密钥在密钥目录中，不在城市目录里：请另行备份。",
                               "Its key lies in the key folder, not in the city's: keep "
                               "a copy elsewhere."));
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    if (make(cli, &error) != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (!cli->json)
        say(cli);
    return 0;
}

const wf_verb wf_verb_init = {
    .name = "init",
    .arguments = "DIR",
    .zh = "新建一个城市",
    .en = "make a new city",
    .about_zh =
        "真实城市用机器的时钟；演练城市处处标明“演练 DRILL”，永远不能变成真实城市。\n"
        "城市密钥写在密钥目录中（--key-dir、WEFT_KEY_DIR、~/.local/state/"
        "weft）：请另行备份，"
        "没有它数据打不开。\n"
        "数据行可存于 PostgreSQL：在 weft.yaml 中加一行 records: postgres://…"
        "（docs/reference/city-file.md）。",
    .about_en =
        "A real city lives by the machine's clock. A drill city says DRILL everywhere "
        "and can\nnever become a real one. The city's key is written to the key folder "
        "(--key-dir,\nWEFT_KEY_DIR, ~/.local/state/weft): keep a copy elsewhere; without "
        "it nothing can be opened.\n"
        "The rows may be kept by PostgreSQL: a line records: postgres://… in weft.yaml\n"
        "(docs/reference/city-file.md).",
    .options = options,
    .run = run,
    .alone = true,
};
