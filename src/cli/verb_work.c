#include <string.h>

#include "cli/contact_cells.h"
#include "serve/areas/rows_json.h"

static const wf_option options[] = {
    {"case", WF_OPTION_TEXT, "C", "病例编号", "id of the case"},
    {"generations", WF_OPTION_TEXT, "N", "1 或 2 代；默认按方案是否列次密接",
     "1 or 2; by default what the protocol lists"},
    {"limit", WF_OPTION_TEXT, "N", "只列前几行", "so many rows from the top"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    const weft_city *city;
    bool headed; // the table's head is out
} printing;

// ---- words ----

static const struct {
    const char *word, *zh, *en;
} words[] = {
    {"unidentified", "待核实", "unidentified"},
    {"suggested", "系统建议", "suggested"},
    {"named", "待判定", "named"},
    {"confirmed", "已判定", "confirmed"},
    {"reached", "已联系", "reached"},
    {"placed", "已管控", "placed"},
    {"tested", "已采样", "tested"},
    {"converted", "转为病例", "a case now"},
    {"dismissed", "已排除", "dismissed"},
    {"same", "", ""},
    {"new", "新增", "new"},
    {"up", "提前", "up"},
    {"down", "推后", "down"},
    {"done", "已办", "done"},
};

static const char *word_of(const wf_cli *cli, const char *word)
{
    for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return wf_cli_choose(cli, words[i].zh, words[i].en);
    return "";
}

// ---- the table ----

enum {
    order_width = 6,
    level_width = 11,
    state_width = 14,
    person_width = 18,
    last_width = 18,
    change_width = 8,
    chance_width = 22
};

static const wf_cli_column columns[] = {
    {order_width, "次序", "order"},
    {level_width, "级别", "level"},
    {state_width, "进展", "state"},
    {person_width, "人员", "person"},
    {last_width, "末次接触", "last met"},
    {change_width, "变化", "change"},
    {chance_width, "感染概率（估计）", "chance (estimate)"},
    {0, "理由", "why"},
};

// Whoever calls is warned, in the line that they call from.
static void print_telling(wf_cli *cli, const weft_telling *telling)
{
    if (telling->guessable)
        wf_cli_print(cli, "%s",
                     wf_cli_choose(cli, "【可能猜到病例：告知时只说日期】",
                                   " [may guess the case: tell the day alone]"));
}

static void print_why(wf_cli *cli, const weft_work_row *row)
{
    if (row->found != NULL) {
        wf_cli_print_reason(cli, row->found);
        return;
    }
    wf_cli_print(cli, "%s", wf_cli_choose(cli, "由他人提出", "named by somebody"));
    if (row->description == NULL)
        return;
    wf_cli_print(cli, "%s", wf_cli_choose(cli, "；特征：", "; looks like: "));
    wf_cli_print_words(cli, row->description);
}

static void print_work(printing *to, const weft_work_row *row)
{
    wf_cli *cli = to->cli;
    char order[WF_NUMBER_TEXT_MAX] = "", last[WF_TIME_TEXT_MAX];
    char chance[wf_cli_chance_max] = "";
    weft_time met = row->found != NULL ? row->found->last_exposure : row->exposed_until;
    wf_cli_head(cli, &to->headed, columns);
    if (row->place > 0)
        wf_number_text(order, (int64_t)row->place);
    if (row->found != NULL)
        wf_cli_chance(row->found, chance);
    wf_cli_cell(cli, order, order_width);
    wf_cli_cell(cli, wf_cli_level(cli, row->level), level_width);
    wf_cli_cell(cli, word_of(cli, row->state), state_width);
    wf_cli_cell(cli, row->person != NULL ? row->person : row->contact, person_width);
    wf_cli_cell(cli, wf_cli_minute(to->city, met, last), last_width);
    wf_cli_cell(cli, word_of(cli, row->change), change_width);
    wf_cli_cell(cli, chance, chance_width);
    print_why(cli, row);
    if (row->place > 0)
        print_telling(cli, &row->telling);
    wf_cli_print(cli, "\n");
}

static bool give_row(void *context, const weft_work_row *row)
{
    printing *to = context;
    if (to->cli->json) {
        wf_buffer line = {0};
        bool made = wf_json_work_row(to->city, row, &line);
        wf_cli_json_line(to->cli, made, &line);
    } else {
        print_work(to, row);
    }
    return !to->cli->out_failed;
}

// ---- below it ----

static void print_states(const printing *to, const weft_work_summary *summary)
{
    wf_cli *cli = to->cli;
    wf_cli_print(cli,
                 cli->language == WF_LANGUAGE_ZH ? "待联系 %llu 人，共 %llu 行"
                                                 : "%llu to call, of %llu rows",
                 (unsigned long long)summary->to_call, (unsigned long long)summary->rows);
    for (size_t i = 0; i < WEFT_WORK_STATES; i++)
        if (summary->by_state[i] > 0)
            wf_cli_print(cli, cli->language == WF_LANGUAGE_ZH ? "；%s %llu" : "; %s %llu",
                         word_of(cli, summary->states[i]),
                         (unsigned long long)summary->by_state[i]);
    wf_cli_print(cli, "\n");
}

static void print_summary(const printing *to, const weft_work_summary *summary)
{
    wf_cli *cli = to->cli;
    char at[WF_TIME_TEXT_MAX];
    if (to->headed)
        wf_cli_print(cli, "\n");
    wf_cli_not_a_case(cli, summary->contacts.not_a_case);
    print_states(to, summary);
    if (!weft_time_is_none(summary->reviewed_at))
        wf_cli_print(cli,
                     wf_cli_choose(cli, "变化自 %s 有人逐行看过起\n",
                                   "changes since somebody went through it, %s\n"),
                     wf_cli_when(to->city, summary->reviewed_at, at));
    if (summary->gone_count > 0)
        wf_cli_print(cli,
                     cli->language == WF_LANGUAGE_ZH ? "另有 %zu 人已不在名单\n"
                                                     : "%zu more stand in it no more\n",
                     summary->gone_count);
    if (!summary->computed)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "病例没有可起算的事件，只列由人提出的",
                                   "no event opens the window of the case: only whom "
                                   "people named"));
    else
        wf_cli_print(
            cli, "%s\n",
            wf_cli_choose(cli, summary->contacts.note_zh, summary->contacts.note_en));
    wf_cli_own_case(cli, &summary->contacts.base);
    wf_cli_missing(cli, &summary->contacts.base);
}

// ---- the verb ----

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    uint64_t generations = 2;
    weft_work_query query = {.case_id = wf_cli_option(cli, "case")};
    weft_work_summary summary = {0};
    printing to = {cli, city, false};
    if (query.case_id == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.missing", NULL);
    WF_TRY(wf_cli_number(cli, "generations", 1, 2, &generations, error));
    WF_TRY(wf_cli_number(cli, "limit", 0, INT64_MAX, &query.most, error));
    query.generations = (unsigned)generations;
    query.texts = cli->json                         ? WEFT_TEXTS_BOTH
                  : cli->language == WF_LANGUAGE_ZH ? WEFT_TEXTS_ZH
                                                    : WEFT_TEXTS_EN;
    weft_status status = weft_work(city, &query, give_row, &to, &summary, error);
    if (summary.contacts.base.missing == NULL) // nothing was found out
        return status;
    if (cli->json)
        wf_cli_summary_with(cli, wf_cli_summary_json(city, &summary.contacts.base),
                            wf_json_work_more(city, &summary));
    else
        print_summary(&to, &summary);
    return status;
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_work = {
    .name = "work",
    .arguments = "DIR --case C",
    .zh = "一个病例的工作清单：先联系谁、各人进展、有何变化",
    .en = "a case's work list: whom to call next, how far each is, what changed",
    .about_zh =
        "系统按方案建议的、有人提出和判定的、尚不知是谁的，合为一份清单，自上而下联系；\n"
        "已联系、已管控、已排除的没有次序，列在其后。口径见 docs/methods/work-list.md。\n"
        "可能猜到病例的接触者有提示。电话见 weft view DIR register/persons person=P。",
    .about_en =
        "Whom the protocol suggests, whom people named and judged, and who is not yet\n"
        "identified, in one list, to be called from the top; who was reached, placed\n"
        "or dismissed has no place in the order and stands behind. Definitions:\n"
        "docs/methods/work-list.md. Contacts who may guess the case are marked.\n"
        "Telephone numbers: weft view DIR register/persons person=P.",
    .options = options,
    .run = run,
    .asks = true,
};
