#include "cli/summary.h"

#include "base/time.h"

static const char *why_word(weft_missing_why why)
{
    switch (why) {
    case WEFT_DAY_FORGOTTEN:
        return "forgotten";
    case WEFT_DAY_DAMAGED:
        return "damaged";
    case WEFT_DAY_KEYLESS:
        return "keyless";
    }
    WF_BUG("a day is missing for one of the three reasons");
}

static const char *why_text(const wf_cli *cli, weft_missing_why why)
{
    switch (why) {
    case WEFT_DAY_FORGOTTEN:
        return wf_cli_choose(cli, "已销毁", "forgotten");
    case WEFT_DAY_DAMAGED:
        return wf_cli_choose(cli, "文件损坏", "damaged");
    case WEFT_DAY_KEYLESS:
        return wf_cli_choose(cli, "缺少密钥", "without its key");
    }
    WF_BUG("a day is missing for one of the three reasons");
}

json_t *wf_cli_time_json(const weft_city *city, weft_time at)
{
    char text[WF_TIME_TEXT_MAX];
    if (weft_time_is_none(at))
        return json_null();
    return json_string(weft_city_time_text(city, at, text));
}

json_t *wf_cli_summary_json(const weft_city *city, const weft_lookup_summary *summary)
{
    json_t *missing = json_array();
    for (size_t i = 0; i < summary->missing_count; i++) {
        char day[WF_DAY_TEXT_MAX];
        json_t *one =
            json_pack("{s:s, s:s}", "day", wf_day_text(day, summary->missing[i].day),
                      "why", why_word(summary->missing[i].why));
        if (json_array_append_new(missing, one) != 0) {
            json_decref(missing);
            return NULL;
        }
    }
    return json_pack(
        "{s:o, s:o, s:o, s:I, s:b, s:o}", "as_of", wf_cli_time_json(city, summary->as_of),
        "from", wf_cli_time_json(city, summary->from), "to",
        wf_cli_time_json(city, summary->to), "rows", (json_int_t)summary->rows,
        "complete", (int)summary->complete, "missing", missing);
}

void wf_cli_summary(wf_cli *cli, const weft_city *city,
                    const weft_lookup_summary *summary)
{
    if (cli->json) {
        wf_cli_json(cli,
                    json_pack("{s:o}", "summary", wf_cli_summary_json(city, summary)));
        return;
    }
    char as_of[WF_TIME_TEXT_MAX], from[WF_TIME_TEXT_MAX], to[WF_TIME_TEXT_MAX];
    wf_cli_print(cli,
                 wf_cli_choose(cli, "共 %llu 行；%s 至 %s；截至 %s\n",
                               "%llu rows; %s to %s; as of %s\n"),
                 (unsigned long long)summary->rows,
                 weft_city_time_text(city, summary->from, from),
                 weft_city_time_text(city, summary->to, to),
                 weft_city_time_text(city, summary->as_of, as_of));
    for (size_t i = 0; i < summary->missing_count; i++) {
        char day[WF_DAY_TEXT_MAX];
        wf_cli_print(cli,
                     wf_cli_choose(cli, "结果不完整：%s %s\n",
                                   "the answer is incomplete: %s is %s\n"),
                     wf_day_text(day, summary->missing[i].day),
                     why_text(cli, summary->missing[i].why));
    }
}
