#include "cli/summary.h"

#include <string.h>

#include "serve/areas/rows_json.h"

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
    return wf_json_time(city, at);
}

json_t *wf_cli_summary_json(const weft_city *city, const weft_lookup_summary *summary)
{
    json_t *made = json_pack(
        "{s:o, s:o, s:o, s:I, s:b, s:o}", "as_of", wf_json_time(city, summary->as_of),
        "from", wf_json_time(city, summary->from), "to", wf_json_time(city, summary->to),
        "rows", (json_int_t)summary->rows, "complete", (int)summary->complete, "missing",
        wf_json_missing(summary));
    if (summary->case_id == NULL ||
        json_object_set_new(made, "case", json_string(summary->case_id)) == 0)
        return made;
    json_decref(made);
    return NULL;
}

const char *wf_cli_when(const weft_city *city, weft_time at,
                        char buffer[WF_TIME_TEXT_MAX])
{
    static const char minute[] = "2021-12-11T07:41", second[] = "2021-12-11T07:41:05";
    weft_city_time_text(city, at, buffer);
    if (strlen(buffer) < sizeof second - 1)
        return buffer;
    buffer[strcspn(buffer, "T")] = ' ';
    bool whole = memcmp(buffer + sizeof minute - 1, ":00", 3) == 0;
    buffer[(whole ? sizeof minute : sizeof second) - 1] = '\0';
    return buffer;
}

void wf_cli_not_a_case(wf_cli *cli, bool not_a_case)
{
    if (not_a_case)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli,
                                   "注意：该病例已排除，所列的人不欠任何措施，不必联系",
                                   "mind: this case was found to be none; who is listed "
                                   "owes nothing and need not be called"));
}

void wf_cli_own_case(wf_cli *cli, const weft_lookup_summary *summary)
{
    if (summary->case_id == NULL ||
        strcmp(summary->case_id, wf_cli_option(cli, "case")) == 0)
        return;
    wf_cli_print(cli,
                 wf_cli_choose(cli, "病例 %s，也称 %s\n", "case %s, also known as %s\n"),
                 summary->case_id, wf_cli_option(cli, "case"));
}

void wf_cli_missing(wf_cli *cli, const weft_lookup_summary *summary)
{
    for (size_t i = 0; i < summary->missing_count; i++) {
        char day[WF_DAY_TEXT_MAX];
        wf_cli_print(cli,
                     wf_cli_choose(cli, "结果不完整：%s %s\n",
                                   "the answer is incomplete: %s is %s\n"),
                     wf_day_text(day, summary->missing[i].day),
                     why_text(cli, summary->missing[i].why));
    }
}

void wf_cli_summary_with(wf_cli *cli, json_t *summary, json_t *more)
{
    bool joined =
        summary != NULL && more != NULL && json_object_update(summary, more) == 0;
    json_decref(more);
    if (!joined)
        json_decref(summary);
    wf_cli_json(cli, joined ? json_pack("{s:o}", "summary", summary) : NULL);
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
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "共 %llu 行；%s 至 %s；截至 %s（%s）\n",
                      summary->rows == 1 ? "%llu row; %s to %s; as of %s (%s)\n"
                                         : "%llu rows; %s to %s; as of %s (%s)\n"),
        (unsigned long long)summary->rows, wf_cli_when(city, summary->from, from),
        wf_cli_when(city, summary->to, to), wf_cli_when(city, summary->as_of, as_of),
        weft_city_zone(city));
    wf_cli_own_case(cli, summary);
    wf_cli_missing(cli, summary);
}
