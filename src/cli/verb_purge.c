#include "base/time.h"
#include "cli/cli.h"
#include "weft/care.h"

static const wf_option options[] = {
    {"before", WF_OPTION_TEXT, "DATE", "同时清除此日期之前的所有到访和接触记录",
     "also visits and encounters of all days before DATE"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static weft_status purge(wf_cli *cli, weft_city *city, weft_purge_summary *ret,
                         weft_error *error)
{
    weft_day day;
    const char *before = wf_cli_option(cli, "before");
    if (before == NULL)
        return weft_purge(city, NULL, ret, error);
    if (!wf_day_parse(wf_text_of(before), &day))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.date", "option", "before", NULL);
    return weft_purge(city, &day, ret, error);
}

static void print_summary(wf_cli *cli, const weft_purge_summary *done)
{
    if (cli->json) {
        wf_cli_json(cli,
                    json_pack("{s:I, s:I, s:I, s:I, s:I}", "keys_destroyed",
                              (json_int_t)done->keys_destroyed, "days_forgotten",
                              (json_int_t)done->days_forgotten, "files_removed",
                              (json_int_t)done->files_removed, "ids_forgotten",
                              (json_int_t)done->ids_forgotten, "refused_files_removed",
                              (json_int_t)done->refused_files_removed));
        return;
    }
    uint64_t files = done->files_removed + done->refused_files_removed;
    wf_cli_print(cli,
                 wf_cli_choose(
                     cli,
                     "已清除 %llu 天：销毁密钥 %llu 个，删除文件 %llu 个，编号 %llu 个\n",
                     "forgot %llu days: %llu keys destroyed, %llu files removed, "
                     "%llu ids\n"),
                 (unsigned long long)done->days_forgotten,
                 (unsigned long long)done->keys_destroyed, (unsigned long long)files,
                 (unsigned long long)done->ids_forgotten);
    wf_cli_print(
        cli, "%s\n",
        wf_cli_choose(
            cli,
            "文件系统不保证旧数据块已被覆盖（日志、快照、闪存磨损均衡）；密钥已销毁，"
            "残留的密文无法再打开。",
            "The file system does not promise that old blocks are gone (journals, "
            "snapshots, flash wear-levelling); their key is, so nothing left can "
            "be opened."));
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_purge_summary done = {0};
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = purge(cli, city, &done, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    print_summary(cli, &done);
    return 0;
}

const wf_verb wf_verb_purge = {
    .name = "purge",
    .arguments = "DIR",
    .zh = "清除到期数据，永不恢复",
    .en = "forget what is due, for ever",
    .about_zh =
        "按防控方案的保存天数，销毁到期各天的密钥，覆写并删除文件，清理编号词典。清除"
        "后的日期不能再导入。",
    .about_en =
        "Destroys the keys of days past the protocol's days of keeping, overwrites and "
        "removes their\nfiles, and takes unused ids out of the dictionary. A forgotten "
        "day takes nothing in again.",
    .options = options,
    .run = run,
};
