#include <string.h>

#include "base/time.h"
#include "cli/cli.h"
#include "cli/summary.h"
#include "weft/backup.h"
#include "weft/keys.h"

static const wf_option options[] = {
    {"to", WF_OPTION_TEXT, "NAME.pub", "export：收件人公钥",
     "export: public key of the recipient"},
    {"until", WF_OPTION_TEXT, "DATE", "export：副本必须在此日期前销毁",
     "export: day by which the copy must be destroyed"},
    {"passphrase-file", WF_OPTION_TEXT, "FILE", "new：口令文件（第一行）",
     "new: file whose first line is the passphrase"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// ---- new ----

static weft_status make_recipient(wf_cli *cli, weft_error *error)
{
    weft_recipient made;
    const char *path = cli->arguments[0];
    const char *passphrase = wf_cli_option(cli, "passphrase-file");
    WF_TRY(weft_recipient_new(path, passphrase, &made, error));
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:s, s:s, s:b}", "name", made.name, "key", made.key,
                                   "passphrase", (int)(passphrase != NULL)));
        return WEFT_OK;
    }
    wf_cli_print(cli, "%s.pub  %s\n%s.key\n", path, made.key, path);
    if (passphrase == NULL)
        wf_cli_message(
            cli, "%s",
            wf_cli_choose(
                cli,
                "注意：私钥没有口令，谁读到这个 .key 文件，谁就能打开密封给它的副本。",
                "Mind: the secret key has no passphrase. Whoever reads the .key file "
                "opens every copy sealed for it."));
    wf_cli_message(cli, "%s",
                   wf_cli_choose(cli, ".key 须离线保管，不得与备份放在一起。",
                                 "Keep the .key offline, never beside backups."));
    return WEFT_OK;
}

// ---- list ----

typedef struct {
    wf_cli *cli;
    weft_city *city;
} listing;

static json_t *day_json(bool given, weft_day day)
{
    char text[WF_DAY_TEXT_MAX];
    return given ? json_string(wf_day_text(text, day)) : json_null();
}

static void list_class(void *context, const weft_key_class *one)
{
    const listing *to = context;
    bool dated = one->dated && one->keys > 0;
    bool forgot = one->dated && one->forgotten_before.number != INT32_MIN;
    char first[WF_DAY_TEXT_MAX], last[WF_DAY_TEXT_MAX], before[WF_DAY_TEXT_MAX];
    if (to->cli->json) {
        wf_cli_json(to->cli,
                    json_pack("{s:s, s:I, s:o, s:o, s:o}", "class", one->name, "keys",
                              (json_int_t)one->keys, "first", day_json(dated, one->first),
                              "last", day_json(dated, one->last), "forgotten_before",
                              day_json(forgot, one->forgotten_before)));
        return;
    }
    wf_cli_cell(to->cli, one->name, 16);
    wf_cli_print(to->cli, "%6llu", (unsigned long long)one->keys);
    if (dated)
        wf_cli_print(to->cli, "  %s … %s", wf_day_text(first, one->first),
                     wf_day_text(last, one->last));
    if (forgot)
        wf_cli_print(to->cli,
                     wf_cli_choose(to->cli, "  已清除 %s 之前", "  forgotten before %s"),
                     wf_day_text(before, one->forgotten_before));
    wf_cli_print(to->cli, "\n");
}

static const char *end_word(const wf_cli *cli, const weft_key_copy *one)
{
    if (one->end == WEFT_COPY_RETURNED)
        return wf_cli_choose(cli, "已交回", "returned");
    if (one->end == WEFT_COPY_DESTROYED)
        return wf_cli_choose(cli, "已销毁", "destroyed");
    return one->overdue ? wf_cli_choose(cli, "逾期未销毁", "OVERDUE")
                        : wf_cli_choose(cli, "在外", "out");
}

static json_t *copy_json(const weft_city *city, const weft_key_copy *one)
{
    static const char *const ends[] = {"out", "returned", "destroyed"};
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:b}", "copy", one->id, "for",
                     one->recipient, "key", one->key, "made",
                     wf_cli_time_json(city, one->made), "until",
                     day_json(true, one->until), "end", ends[one->end], "ended",
                     wf_cli_time_json(city, one->ended), "overdue", (int)one->overdue);
}

static void list_copy(void *context, const weft_key_copy *one)
{
    const listing *to = context;
    wf_cli *cli = to->cli;
    char made[WF_TIME_TEXT_MAX], until[WF_DAY_TEXT_MAX];
    if (cli->json) {
        wf_cli_json(cli, copy_json(to->city, one));
        return;
    }
    wf_cli_print(cli, wf_cli_choose(cli, "副本 %.8s  ", "copy %.8s  "), one->id);
    wf_cli_cell(cli, one->recipient, 20);
    wf_cli_print(cli,
                 wf_cli_choose(cli, "  %s 制作，%s 前销毁  %s\n",
                               "  made %s, to be destroyed by %s  %s\n"),
                 wf_cli_when(to->city, one->made, made), wf_day_text(until, one->until),
                 end_word(cli, one));
}

static weft_status list(wf_cli *cli, weft_city *city, weft_error *error)
{
    listing to = {cli, city};
    WF_TRY(weft_keys_classes(city, list_class, &to, error));
    weft_keys_copies(city, list_copy, &to);
    return WEFT_OK;
}

// ---- export and its end ----

static void warn(wf_cli *cli)
{
    wf_cli_message(
        cli, "%s",
        wf_cli_choose(
            cli,
            "只要这份副本还在，谁同时持有它、收件人私钥和一份备份，谁就仍能读到此后清除的"
            "内容。\n到期请销毁，并用 weft keys destroyed 登记。",
            "As long as this copy exists, what is forgotten from now on is not forgotten "
            "for whoever\nholds it, the recipient's secret key and a backup. Destroy it "
            "by its day, and say so with\nweft keys destroyed."));
}

static weft_status export_copy(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_day until;
    weft_key_copy made;
    const char *to = wf_cli_option(cli, "to"), *day = wf_cli_option(cli, "until");
    if (to == NULL || day == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.missing", "verb", "keys export",
                       "arguments", "DIR --to NAME.pub --until DATE FILE", NULL);
    if (!wf_day_parse(wf_text_of(day), &until))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.date", "option", "until", NULL);
    WF_TRY(weft_keys_export(city, to, until, cli->arguments[1], &made, error));
    listing shown = {cli, city};
    list_copy(&shown, &made);
    if (!cli->json)
        warn(cli);
    return WEFT_OK;
}

static weft_status end_copy(wf_cli *cli, weft_city *city, weft_copy_end end,
                            weft_error *error)
{
    weft_key_copy copy;
    WF_TRY(weft_keys_copy_ended(city, cli->arguments[1], end, &copy, error));
    listing shown = {cli, city};
    list_copy(&shown, &copy);
    return WEFT_OK;
}

// ---- which ----

typedef enum { NEW, LIST, EXPORT, RETURNED, DESTROYED, ACTIONS } action;

static const struct {
    const char *word;
    size_t arguments; // behind the word
} actions[ACTIONS] = {
    [NEW] = {"new", 1},
    [LIST] = {"list", 1},
    [EXPORT] = {"export", 2},
    [RETURNED] = {"returned", 2},
    [DESTROYED] = {"destroyed", 2},
};

// Takes the word away, so that the city comes first as in other verbs.
static weft_status take_action(wf_cli *cli, action *ret, weft_error *error)
{
    WF_TRY(wf_cli_arguments(cli, 1, 3, error));
    const char *word = cli->arguments[0];
    size_t which = 0;
    while (which < ACTIONS && strcmp(actions[which].word, word) != 0)
        which++;
    if (which == ACTIONS)
        return wf_fail(error, WEFT_BAD_USAGE, "keys.action", "word", word, NULL);
    size_t wanted = actions[which].arguments + 1;
    WF_TRY(wf_cli_arguments(cli, wanted, wanted, error));
    for (size_t i = 1; i < cli->arguments_count; i++)
        cli->arguments[i - 1] = cli->arguments[i];
    cli->arguments_count--;
    *ret = (action)which;
    return WEFT_OK;
}

static weft_status act(wf_cli *cli, weft_city *city, action which, weft_error *error)
{
    if (which == LIST)
        return list(cli, city, error);
    if (which == EXPORT)
        return export_copy(cli, city, error);
    return end_copy(cli, city,
                    which == RETURNED ? WEFT_COPY_RETURNED : WEFT_COPY_DESTROYED, error);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    action which = NEW;
    weft_status status = take_action(cli, &which, &error);
    if (status == WEFT_OK && which == NEW)
        status = make_recipient(cli, &error);
    if (status == WEFT_OK && which != NEW)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK && which != NEW)
        status = act(cli, city, which, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_keys = {
    .name = "keys",
    .arguments = "new NAME | list DIR | export DIR FILE | returned DIR ID | "
                 "destroyed DIR ID",
    .zh = "密钥：列出、给出副本、登记副本的销毁",
    .en = "keys: list them, give out copies, note their end",
    .about_zh =
        "new 生成收件人密钥对：NAME.pub 交给城市，NAME.key 离线保管。list "
        "列出各类密钥的数量和日期、\n给出的副本（不显示任何密钥）。export "
        "把密钥环密封给收件人（--to、--until 必填），\n每份都登记在城市里。returned、"
        "destroyed 登记副本已交回、已销毁。\n"
        "只要副本还在，持有副本、收件人私钥和备份的人仍能读到此后清除的内容。",
    .about_en =
        "new draws a recipient's pair: NAME.pub for cities, NAME.key to be kept offline. "
        "list shows\nhow many keys of each class there are, of which days, and the "
        "copies "
        "that were given out;\nno secret. export seals a copy of the ring for a "
        "recipient "
        "(--to and --until are needed) and\nrecords it in the city; returned and "
        "destroyed note its end. As long as a copy exists, what\nis forgotten meanwhile "
        "is not forgotten for whoever holds it, the recipient's secret key\nand a "
        "backup.",
    .options = options,
    .run = run,
    .city_at = 1,
};
