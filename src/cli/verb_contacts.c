#include <limits.h>
#include <string.h>

#include "base/time.h"
#include "cli/contact_cells.h"
#include "model/protocol_label.h"
#include "serve/areas/rows_json.h"

static const wf_option options[] = {
    {"case", WF_OPTION_TEXT, "C", "病例编号", "id of the case"},
    {"person", WF_OPTION_TEXT, "P", "个人编号（仅演练城市）",
     "id of a person (drill cities only)"},
    {"from", WF_OPTION_TEXT, "TIME", "从何时（与 --person 同用）",
     "from when (with --person)"},
    {"to", WF_OPTION_TEXT, "TIME", "到何时，不含（与 --person 同用）",
     "to when, exclusive (with --person)"},
    {"generations", WF_OPTION_TEXT, "N",
     "1 或 2 代；默认按方案是否列次密接，--plain 默认 1",
     "1 or 2; by default what the protocol lists, with --plain 1"},
    {"limit", WF_OPTION_TEXT, "N", "最多列出几人；密接不受限",
     "rows at most; close contacts are never cut"},
    {"count", WF_OPTION_FLAG, NULL, "只给人数", "only the counts"},
    {"plain", WF_OPTION_FLAG, NULL, "不按方案，只算共处时间（核对用）",
     "no rules, only time together (for checking)"},
    {"min-minutes", WF_OPTION_TEXT, "N", "最少共处分钟（仅 --plain）",
     "minutes together at least (--plain only)"},
    {"crowd", WF_OPTION_TEXT, "N", "略去到访超过 N 次的场所日（仅 --plain）",
     "leave out place-days with more visits (--plain only)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    const weft_city *city;
    bool headed; // the table's head is out
} printing;

// ---- by the protocol ----

enum { level_width = 11, chance_width = 22, person_width = 18, last_width = 18 };

static const wf_cli_column columns[] = {
    {level_width, "级别", "level"},
    {person_width, "人员", "person"},
    {last_width, "末次接触", "last met"},
    {chance_width, "感染概率（估计）", "chance (estimate)"},
    {0, "理由", "why"},
};

static void print_contact(printing *to, const weft_contact *row)
{
    wf_cli *cli = to->cli;
    char chance[wf_cli_chance_max], last[WF_TIME_TEXT_MAX];
    wf_cli_head(to->cli, &to->headed, columns);
    wf_cli_cell(cli, wf_cli_level(cli, row->level), level_width);
    wf_cli_cell(cli, row->person, person_width);
    wf_cli_cell(cli, wf_cli_minute(to->city, row->last_exposure, last), last_width);
    wf_cli_cell(cli, wf_cli_chance(row, chance), chance_width);
    wf_cli_print_reason(cli, row);
    wf_cli_print(cli, "\n");
}

static bool give_contact(void *context, const weft_contact *row)
{
    printing *to = context;
    if (to->cli->json) {
        wf_buffer line = {0};
        bool made = wf_json_contact(to->city, row, &line);
        wf_cli_json_line(to->cli, made, &line);
    } else {
        print_contact(to, row);
    }
    return !to->cli->out_failed;
}

static bool give_notice(void *context, const weft_crowd_notice *notice)
{
    printing *to = context;
    if (to->cli->json)
        wf_cli_json(to->cli,
                    json_pack("{s:o}", "notice", wf_json_notice(to->city, notice)));
    else
        wf_cli_print(to->cli, "%s  %s: %s\n",
                     wf_cli_choose(to->cli, "人群密集提示", "crowd notice"),
                     notice->place,
                     wf_cli_choose(to->cli, notice->text_zh, notice->text_en));
    return !to->cli->out_failed;
}

// The event that opened or closed the window.
static const char *event_text(const wf_cli *cli, const char *word)
{
    if (strcmp(word, "asked") == 0)
        return wf_cli_choose(cli, "按所给时间", "as asked");
    if (strcmp(word, "as_of") == 0)
        return wf_cli_choose(cli, "尚未结束", "still open");
    if (cli->language == WF_LANGUAGE_EN && strcmp(word, "sampled") == 0)
        return "first positive sample";
    return wf_protocol_words(word, cli->language);
}

static void window_text(const printing *to, const weft_contacts_summary *summary)
{
    wf_cli *cli = to->cli;
    char from[WF_TIME_TEXT_MAX], end[WF_TIME_TEXT_MAX], as_of[WF_TIME_TEXT_MAX];
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "方案 %s；判定时限 %s（%s）至 %s（%s）；截至 %s（%s）\n",
                      "protocol %s; infectious window %s (%s) to %s (%s); as of "
                      "%s (%s)\n"),
        summary->protocol, wf_cli_when(to->city, summary->base.from, from),
        event_text(cli, summary->opened_by), wf_cli_when(to->city, summary->base.to, end),
        event_text(cli, summary->closed_by),
        wf_cli_when(to->city, summary->base.as_of, as_of), weft_city_zone(to->city));
}

static void summary_text(const printing *to, const weft_contacts_summary *summary)
{
    wf_cli *cli = to->cli;
    if (to->headed)
        wf_cli_print(cli, "\n");
    const char *format = cli->language == WF_LANGUAGE_ZH
                             ? "密接 %llu 人，次密接 %llu 人，一般接触者 %llu 人\n"
                             : "%llu close, %llu secondary, %llu general contacts\n";
    wf_cli_print(cli, format, (unsigned long long)summary->close,
                 (unsigned long long)summary->secondary,
                 (unsigned long long)summary->general);
    wf_cli_not_a_case(cli, summary->not_a_case);
    window_text(to, summary);
    for (size_t i = 0; i < summary->left_out_count; i++)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, summary->left_out[i].text_zh,
                                   summary->left_out[i].text_en));
    if (to->headed)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli,
                                   "同级之内自上而下联系：感染概率 × 今后传染性 × "
                                   "所回场所的权重；级别决定措施，次序不限制任何人",
                                   "call from the top within a level: chance × "
                                   "infectiousness still ahead × setting they return to; "
                                   "the level decides the duty, the order restricts "
                                   "nobody"));
    wf_cli_print(cli, "%s\n", wf_cli_choose(cli, summary->note_zh, summary->note_en));
    wf_cli_own_case(cli, &summary->base);
    wf_cli_missing(cli, &summary->base);
}

static weft_status by_protocol(wf_cli *cli, weft_city *city, weft_contacts_query *query,
                               weft_error *error)
{
    printing to = {cli, city, false};
    weft_contacts_rows rows = {give_contact, give_notice, &to};
    weft_contacts_summary summary = {0};
    uint64_t generations = 2;
    WF_TRY(wf_cli_number(cli, "generations", 1, 2, &generations, error));
    query->generations = (unsigned)generations;
    query->telling = cli->json;
    query->texts = cli->json                         ? WEFT_TEXTS_BOTH
                   : cli->language == WF_LANGUAGE_ZH ? WEFT_TEXTS_ZH
                                                     : WEFT_TEXTS_EN;
    weft_status status = weft_contacts(city, query, &rows, &summary, error);
    if (summary.base.missing == NULL) // nothing was found out
        return status;
    if (cli->json)
        wf_cli_summary_with(cli, wf_cli_summary_json(city, &summary.base),
                            wf_json_contacts_more(&summary));
    else
        summary_text(&to, &summary);
    return status;
}

// ---- plain ----

enum { plain_width = 21 };

static const wf_cli_column plain_columns[] = {
    {person_width, "人员", "person"},
    {5, "代", "gen"},
    {10, "秒", "seconds"},
    {plain_width, "首次", "first"},
    {plain_width, "末次", "last"},
    {0, "经由", "via"},
};

static void print_plain(printing *to, const weft_plain_contact *row)
{
    wf_cli *cli = to->cli;
    char first[WF_TIME_TEXT_MAX], last[WF_TIME_TEXT_MAX], number[WF_NUMBER_TEXT_MAX];
    wf_cli_head(cli, &to->headed, plain_columns);
    wf_cli_cell(cli, row->person, person_width);
    wf_cli_cell(cli, row->generation == 1 ? "1" : "2", 5);
    wf_cli_cell(cli, wf_number_text(number, row->seconds), 10);
    wf_cli_cell(cli, wf_cli_when(to->city, row->first, first), plain_width);
    wf_cli_cell(cli, wf_cli_when(to->city, row->last, last),
                row->via != NULL ? plain_width : 0);
    if (row->via != NULL)
        wf_cli_print(cli, "%s (%s)", row->via, wf_number_text(number, row->via_seconds));
    wf_cli_print(cli, "\n");
}

static bool give_plain(void *context, const weft_plain_contact *row)
{
    printing *to = context;
    if (!to->cli->json) {
        print_plain(to, row);
        return !to->cli->out_failed;
    }
    wf_cli_json(
        to->cli,
        json_pack("{s:s, s:I, s:I, s:o, s:o, s:s?, s:o}", "person", row->person,
                  "generation", (json_int_t)row->generation, "seconds",
                  (json_int_t)row->seconds, "first",
                  wf_cli_time_json(to->city, row->first), "last",
                  wf_cli_time_json(to->city, row->last), "via", row->via, "via_seconds",
                  row->via == NULL ? json_null() : json_integer(row->via_seconds)));
    return !to->cli->out_failed;
}

static weft_status plain(wf_cli *cli, weft_city *city, const weft_contacts_query *asked,
                         weft_error *error)
{
    uint64_t minutes = 0, generations = 1;
    weft_plain_query query = {.case_id = asked->case_id,
                              .person = asked->person,
                              .from = asked->from,
                              .to = asked->to,
                              .limit = asked->limit,
                              .count_only = asked->count_only};
    printing to = {cli, city, false};
    weft_lookup_summary summary = {0};
    WF_TRY(wf_cli_number(cli, "generations", 1, 2, &generations, error));
    WF_TRY(wf_cli_number(cli, "min-minutes", 0, UINT32_MAX, &minutes, error));
    WF_TRY(wf_cli_number(cli, "crowd", 0, UINT32_MAX, &query.crowd, error));
    query.generations = (unsigned)generations;
    query.min_seconds = minutes * 60;
    weft_status status =
        weft_contacts_plain(city, &query, give_plain, &to, &summary, error);
    if (summary.missing != NULL) // set with every answer, also a partial one
        wf_cli_summary(cli, city, &summary);
    return status;
}

// ---- the verb ----

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_contacts_query query = {.case_id = wf_cli_option(cli, "case"),
                                 .person = wf_cli_option(cli, "person"),
                                 .from = WEFT_TIME_NONE,
                                 .to = WEFT_TIME_NONE,
                                 .count_only = wf_cli_flag(cli, "count")};
    bool is_plain = wf_cli_flag(cli, "plain");
    if ((query.case_id != NULL) == (query.person != NULL))
        return wf_fail(error, WEFT_BAD_USAGE, "contacts.whose", NULL);
    if (!is_plain && (wf_cli_option(cli, "min-minutes") != NULL ||
                      wf_cli_option(cli, "crowd") != NULL))
        return wf_fail(error, WEFT_BAD_USAGE, "contacts.only_plain", NULL);
    WF_TRY(wf_cli_times(cli, city, &query.from, &query.to, error));
    WF_TRY(wf_cli_number(cli, "limit", 0, INT64_MAX, &query.limit, error));
    return is_plain ? plain(cli, city, &query, error)
                    : by_protocol(cli, city, &query, error);
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_contacts = {
    .name = "contacts",
    .arguments = "DIR --case C | DIR --person P --from TIME --to TIME",
    .zh = "病例的接触者：级别、联系次序和理由",
    .en = "whom a case met: levels, order of calls and reasons",
    .about_zh =
        "按本市所用方案判定密接、次密接和一般接触者，每行写明理由。级别决定措施；\n"
        "次序只说明先联系谁，不限制任何人。概率未经校准。接触者的行里不写病例姓名。",
    .about_en =
        "Close, secondary and general contacts by the city's protocol, each with its\n"
        "reasons. The level decides the duty; the order says whom to call first and\n"
        "restricts nobody. Probabilities are uncalibrated. The case is never named.",
    .options = options,
    .run = run,
    .asks = true,
};
