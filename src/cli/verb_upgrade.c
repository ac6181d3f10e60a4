#include "cli/cli.h"
#include "weft/upgrade.h"

static const wf_option options[] = {
    {"leave-refused", WF_OPTION_FLAG, NULL, "舍弃旧记录库中无法读出的行",
     "give up rows of the older records that cannot be read"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

enum { name_width = 10 };

static void print_table(wf_cli *cli, const weft_upgrade_table *table)
{
    wf_cli_cell(cli, table->name, name_width);
    wf_cli_print(cli,
                 wf_cli_choose(cli, "%llu 行：%llu 接收，%llu 已有，%llu 拒收\n",
                               "%llu rows: %llu accepted, %llu had, %llu refused\n"),
                 (unsigned long long)table->rows, (unsigned long long)table->accepted,
                 (unsigned long long)table->had, (unsigned long long)table->refused);
}

static void print_json(wf_cli *cli, const weft_upgrade_summary *done)
{
    for (size_t i = 0; done->needed && i < WEFT_UPGRADE_TABLES; i++) {
        const weft_upgrade_table *table = &done->tables[i];
        wf_cli_json(cli,
                    json_pack("{s:s, s:I, s:I, s:I, s:I}", "table", table->name, "rows",
                              (json_int_t)table->rows, "accepted",
                              (json_int_t)table->accepted, "had", (json_int_t)table->had,
                              "refused", (json_int_t)table->refused));
    }
    wf_cli_json(cli, json_pack("{s:{s:b}}", "summary", "needed", (int)done->needed));
}

static void print_summary(wf_cli *cli, const weft_upgrade_summary *done)
{
    if (cli->json) {
        print_json(cli, done);
        return;
    }
    for (size_t i = 0; done->needed && i < WEFT_UPGRADE_TABLES; i++)
        print_table(cli, &done->tables[i]);
    wf_cli_print(
        cli, "%s\n",
        done->needed
            ? wf_cli_choose(cli, "已升级；旧记录库已覆写并删除",
                            "upgraded; the older records are overwritten and gone")
            : wf_cli_choose(cli, "已是本版本，无需升级",
                            "it is of this version, there is nothing to do"));
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_upgrade_summary done = {0};
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = weft_upgrade(cli->arguments[0], &cli->keys,
                              wf_cli_flag(cli, "leave-refused"), &done, &error);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    print_summary(cli, &done);
    return 0;
}

const wf_verb wf_verb_upgrade = {
    .name = "upgrade",
    .arguments = "DIR",
    .zh = "升级旧版本的城市目录",
    .en = "bring a folder of an older version up to this one",
    .about_zh =
        "没有账本的旧版本写成的目录：其中的人员、场所和病例逐行变为账本中的事实（设备 "
        "import/…，各带其时点），到访数据不变，然后覆写并删除旧记录库。可随时中断，再次"
        "运行即可；完成之前城市不能作他用。请先备份目录与密钥。",
    .about_en =
        "For a folder that a version without a ledger wrote: its persons, places and "
        "cases become\nfacts of the devices import/…, each value with its as-of; visits "
        "stay as they are; then the\nolder records are overwritten and removed. It may "
        "be "
        "cut off anywhere: run it again. Until it\nis done the city opens for nothing "
        "else. Make a copy of the folder and its key before.",
    .options = options,
    .run = run,
    .alone = true,
};
