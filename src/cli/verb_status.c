#include "base/time.h"
#include "cli/service.h"
#include "cli/summary.h"
#include "weft/care.h"

enum { label_width = 12 };

// ---- for people ----

static void label(wf_cli *cli, const char *zh, const char *en)
{
    wf_cli_cell(cli, wf_cli_choose(cli, zh, en), label_width);
}

static void say_what_it_is(wf_cli *cli, const weft_city *city, const weft_overview *about)
{
    char now[WF_TIME_TEXT_MAX];
    bool drill = about->kind == WEFT_CITY_DRILL;
    label(cli, "城市", "city");
    wf_cli_print(cli, "%s · %s · %s %s · %s %s\n",
                 wf_cli_choose(cli, drill ? "演练" : "实战", drill ? "drill" : "real"),
                 about->zone, wf_cli_choose(cli, "防控方案", "protocol"), about->protocol,
                 wf_cli_choose(cli, "法规", "law"), about->law);
    label(cli, "时钟", "clock");
    wf_cli_print(cli, "%s\n", wf_cli_when(city, about->now, now));
    if (about->grid[0] != '\0') {
        label(cli, "网格", "grid");
        wf_cli_print(cli, "%s\n", about->grid);
    }
}

static void say_ledger(wf_cli *cli, const weft_city *city, const weft_overview *about)
{
    char received[WF_TIME_TEXT_MAX];
    label(cli, "账本", "ledger");
    wf_cli_print(cli,
                 wf_cli_choose(cli, "%llu 条事实，%llu 次提交%s%s\n",
                               "%llu facts in %llu commits%s%s\n"),
                 (unsigned long long)about->facts, (unsigned long long)about->commits,
                 about->commits > 0 ? wf_cli_choose(cli, "，最近一次 ", ", the last at ")
                                    : "",
                 wf_cli_when(city, about->received, received));
    label(cli, "链首", "head");
    wf_cli_print(cli, "%s\n", about->link);
    label(cli, "记录库", "rows");
    wf_cli_print(cli,
                 wf_cli_choose(cli, "已含至第 %llu 条事实%s\n",
                               "hold the facts up to number %llu%s\n"),
                 (unsigned long long)about->as_of,
                 about->on_server ? wf_cli_choose(cli, "（PostgreSQL）", " (PostgreSQL)")
                                  : "");
}

static void say_contents(wf_cli *cli, const weft_overview *about)
{
    char first[WF_DAY_TEXT_MAX], last[WF_DAY_TEXT_MAX];
    label(cli, "到访", "visits");
    if (about->days == 0)
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "没有", "none"));
    else
        wf_cli_print(
            cli, wf_cli_choose(cli, "%llu 天，%s 至 %s\n", "%llu days, from %s to %s\n"),
            (unsigned long long)about->days, wf_day_text(first, about->first_day),
            wf_day_text(last, about->last_day));
    label(cli, "内容", "holds");
    wf_cli_print(cli,
                 wf_cli_choose(cli, "%llu 人（登记或出现过），%llu 处场所，%llu 个病例\n",
                               "%llu people (registered or met), %llu places, "
                               "%llu cases\n"),
                 (unsigned long long)about->persons, (unsigned long long)about->places,
                 (unsigned long long)about->cases);
    label(cli, "被拒行", "refused");
    wf_cli_print(cli,
                 wf_cli_choose(cli, "%llu 次导入还有被拒行\n",
                               "%llu deliveries have refused lines left\n"),
                 (unsigned long long)about->refused_files);
}

static void say_forgotten(wf_cli *cli, const weft_overview *about)
{
    label(cli, "已清除", "forgotten");
    for (size_t i = 0; i < about->forgotten_count; i++) {
        char before[WF_DAY_TEXT_MAX];
        wf_cli_print(cli, wf_cli_choose(cli, "%s%s（%s 之前）", "%s%s before %s"),
                     i > 0 ? wf_cli_choose(cli, "，", ", ") : "",
                     about->forgotten[i].name,
                     wf_day_text(before, about->forgotten[i].before));
    }
    if (about->forgotten_count == 0)
        wf_cli_print(cli, "%s", wf_cli_choose(cli, "无", "nothing"));
    if (about->keys_due > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "；%llu 个密钥已到期，请运行 weft purge",
                                   "; %llu keys are due: run weft purge"),
                     (unsigned long long)about->keys_due);
    wf_cli_print(cli, "\n");
}

// ---- for programs ----

static json_t *day_json(weft_day day, bool known)
{
    char text[WF_DAY_TEXT_MAX];
    return known ? json_string(wf_day_text(text, day)) : json_null();
}

static json_t *forgotten_json(const weft_overview *about)
{
    json_t *all = json_object();
    for (size_t i = 0; i < about->forgotten_count; i++)
        if (json_object_set_new(all, about->forgotten[i].name,
                                day_json(about->forgotten[i].before, true)) != 0) {
            json_decref(all);
            return NULL;
        }
    return all;
}

static void print_json(wf_cli *cli, const weft_city *city, const weft_overview *about)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o, s:{s:I, s:I, s:o, s:s}, s:{s:I, s:s}, "
        "s:{s:I, s:o, s:o}, s:I, s:I, s:I, s:I, s:o, s:I}",
        "kind", about->kind == WEFT_CITY_DRILL ? "drill" : "real", "zone", about->zone,
        "protocol", about->protocol, "law", about->law, "grid", about->grid, "now",
        wf_cli_time_json(city, about->now), "ledger", "facts", (json_int_t)about->facts,
        "commits", (json_int_t)about->commits, "received",
        wf_cli_time_json(city, about->received), "link", about->link, "rows", "as_of",
        (json_int_t)about->as_of, "engine", about->on_server ? "postgresql" : "sqlite",
        "visits", "days", (json_int_t)about->days, "first",
        day_json(about->first_day, about->days > 0), "last",
        day_json(about->last_day, about->days > 0), "persons", (json_int_t)about->persons,
        "places", (json_int_t)about->places, "cases", (json_int_t)about->cases,
        "refused_files", (json_int_t)about->refused_files, "forgotten",
        forgotten_json(about), "keys_due", (json_int_t)about->keys_due);
    if (cli->guest != NULL && object != NULL &&
        json_object_set_new(object, "service", wf_service_json(cli)) != 0) {
        json_decref(object);
        object = NULL;
    }
    wf_cli_json(cli, object);
}

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_overview about;
    WF_TRY(weft_city_overview(city, &about, error));
    if (cli->json) {
        print_json(cli, city, &about);
        return WEFT_OK;
    }
    say_what_it_is(cli, city, &about);
    say_ledger(cli, city, &about);
    say_contents(cli, &about);
    say_forgotten(cli, &about);
    if (cli->guest != NULL)
        wf_service_say(cli);
    return WEFT_OK;
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_status = {
    .name = "status",
    .arguments = "DIR",
    .zh = "一眼看清城市现状",
    .en = "a city at one glance",
    .about_zh = "城市种类、时钟、方案与法规；账本的条数、提交数和链首（印在疫情报告上，"
                "代表其前的全部内容）；记录库做到第几条；到访的天数；人、场所、病例数；"
                "被拒行；已清除到哪一天；服务运行时还有其运行时间、滞后和队列。只看各处开"
                "头和计数，不打开任何一天。",
    .about_en =
        "Kind, clock, protocol and law; the ledger's facts, commits and the head of its "
        "chain, which\nis printed on situation reports and stands for everything before "
        "it; how far the rows\nare; days of visits; people, places, cases; refused rows; "
        "what is forgotten; of a running service also its time, lag and lanes. It looks "
        "at\nheads and counts, and opens no day.",
    .run = run,
    .asks = true,
};
