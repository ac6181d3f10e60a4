#include "cli/cli.h"
#include "weft/backup.h"

static const wf_option options[] = {
    {"ring", WF_OPTION_TEXT, "COPY|DIR",
     "密钥环副本（weft keys export），或仍保有密钥环的城市目录",
     "copy of the ring (weft keys export), or folder of a city that still has its ring"},
    {"key", WF_OPTION_TEXT, "NAME.key", "副本收件人的私钥",
     "secret key of the copy's recipient"},
    {"passphrase-file", WF_OPTION_TEXT, "FILE", "私钥的口令文件",
     "file of the secret key's passphrase"},
    {"ring-key-dir", WF_OPTION_TEXT, "DIR", "原城市密钥所在目录（--ring 为目录时）",
     "folder of the old city key, when --ring is a folder"},
    {"without-visits", WF_OPTION_FLAG, NULL, "只恢复事实，不要到访",
     "facts alone, without visits"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static void draw(void *context, uint64_t done, uint64_t all)
{
    const wf_cli *cli = context;
    if (!wf_cli_shows_progress(cli) || all == 0)
        return;
    fprintf(cli->messages, "\r%3.0f %%  %.0f MB%s", 100.0 * (double)done / (double)all,
            (double)done / 1e6, done == all ? "\n" : "");
    fflush(cli->messages);
}

static void print_finding(void *context, const weft_error *what)
{
    wf_cli *cli = context;
    WF_IGNORE(wf_cli_fail(cli, what), "the exit code is that of all of it");
}

static void say(wf_cli *cli, const weft_restore_summary *done)
{
    const weft_backup_summary *from = &done->backup;
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:s, s:I, s:I, s:s, s:I, s:I, s:b}", "backup",
                                   from->id, "at", done->at_text, "commits",
                                   (json_int_t)from->commits, "facts",
                                   (json_int_t)from->facts, "link", from->link,
                                   "keys_left_out", (json_int_t)done->days_forgotten,
                                   "found", (json_int_t)done->found, "records_left_out",
                                   (int)done->records_were_elsewhere));
    else
        wf_cli_print(
            cli,
            wf_cli_choose(cli,
                          "已恢复到备份 %.8s（%s）：%llu 条事实；到期未带回的密钥 %llu "
                          "个\n账本链头 %llu  %s\n",
                          "restored backup %.8s of %s: %llu facts; %llu keys that were "
                          "due were left out\nchain head %llu  %s\n"),
            from->id, done->at_text, (unsigned long long)from->facts,
            (unsigned long long)done->days_forgotten, (unsigned long long)from->commits,
            from->link);
    if (done->records_were_elsewhere)
        wf_cli_message(
            cli, "%s",
            wf_cli_choose(cli,
                          "原城市的数据行在 PostgreSQL；恢复的城市把它们放在目录里，"
                          "weft.yaml 中的 records 未带回。",
                          "The rows were on PostgreSQL; here they are in the folder, and "
                          "the line records of weft.yaml was left out."));
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_restore_summary done = {0};
    weft_restore_options how = {
        .ring = wf_cli_option(cli, "ring"),
        .key = wf_cli_option(cli, "key"),
        .passphrase_file = wf_cli_option(cli, "passphrase-file"),
        .ring_keys = {wf_cli_option(cli, "ring-key-dir"), cli->keys.credential},
        .keys = cli->keys,
        .without_visits = wf_cli_flag(cli, "without-visits"),
        .threads = cli->threads,
        .progress = draw,
        .found = print_finding,
        .context = cli};
    weft_status status = wf_cli_arguments(cli, 2, 2, &error);
    if (status == WEFT_OK)
        status = weft_restore(cli->arguments[0], cli->arguments[1], &how, &done, &error);
    if (status != WEFT_OK && status != WEFT_FOUND_WRONG)
        return wf_cli_fail(cli, &error);
    say(cli, &done);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_restore = {
    .name = "restore",
    .arguments = "FILE DIR",
    .zh = "由备份和密钥环恢复城市",
    .en = "make a city from a backup and a key ring",
    .about_zh =
        "DIR 不得已存在。密钥环取自 weft keys export "
        "的副本（--ring、--key），或仍保有密钥环"
        "的城市目录。\n"
        "先销毁此刻已到期的密钥，再写入；由账本重建记录；最后核对全部内容。"
        "中断后再次运行同一条命令即可，\n在此之前城市打不开。"
        "城市编号不变，城市密钥是新的：同一编号的另一座城市要用另一个 --key-dir。",
    .about_en =
        "DIR must not exist. The ring comes from a copy made by weft keys export "
        "(--ring, "
        "--key), or\nfrom the folder of a city that still has its own. Keys that are due "
        "by now are left out before\nanything is written; the records are made from the "
        "ledger; everything is checked at the end.\nWhen it is cut off, run the same "
        "command again: until then the city does not open. The city\nkeeps its id and "
        "gets a new city key: beside another of this id give another --key-dir.",
    .options = options,
    .run = run,
    .takes_no_city = true,
};
