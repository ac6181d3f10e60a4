#include <stdio.h>
#include <string.h>

#include "cli/clock_risk.h"
#include "cli/summary.h"
#include "cli/view_cell.h"
#include "cli/view_page.h"
#include "model/protocol_label.h"
#include "weft/lookup.h"

enum { field_bytes_max = 160, rows_max = 100000, fields_max = 2 };

static const wf_option options[] = {
    {"case", WF_OPTION_TEXT, "C", "只看一个病例", "one case"},
    {"outbreak", WF_OPTION_TEXT, "O", "只看一起疫情", "one outbreak"},
    {"grid", WF_OPTION_TEXT, "CODE", "只看该网格及其下级的病例",
     "cases in this grid and below it"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// ---- words ----

static const struct {
    const char *word, *zh, *en;
} words[] = {
    {"onset", "发病", "onset"},
    {"first_care", "首次就诊", "first care"},
    {"sampled", "采样", "swab"},
    {"resulted", "出结果", "result"},
    {"reported", "报告", "report"},
    {"first_facts", "首次核实", "first facts"},
    {"core_report", "核心信息报告", "core report"},
    {"contacts_listed", "密接名单", "contacts listed"},
    {"full_report", "完整报告", "full report"},
    {"interviewed", "病例访谈", "interviewed"},
    {"isolated", "隔离", "isolated"},
    {"treated", "救治决定", "treated"},
    {"contacts_reached", "接触者联系上", "contacts reached"},
    {"contacts_placed", "接触者管控", "contacts placed"},
    {"contacts_tested", "接触者采样", "contacts tested"},
    {"named", "被指认", "being named"},
    {"confirmed", "判定", "being judged"},
    {"placed", "到达隔离点", "being placed"},
    {"emergence", "疫情出现", "emergence"},
    {"detected_7", "7天内发现", "detected in 7 days"},
    {"notified_1", "1天内报告", "notified in 1 day"},
    {"responded_7", "7天内响应", "responded in 7 days"},
    {"unknown", "起算不明", "unknown"},
    {"no_deadline", "无时限", "no deadline"},
    {"pending", "未到时限", "pending"},
    {"met", "按时", "in time"},
    {"late", "迟到", "late"},
    {"overdue", "逾期未完成", "overdue"},
};

static const char *word_of(const wf_cli *cli, const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return wf_cli_choose(cli, words[i].zh, words[i].en);
    return word;
}

// ---- the table ----

typedef struct {
    wf_cli *cli;
    const weft_city *city;
    const weft_view_page *page;
} printing;

static size_t column_of(const printing *to, const char *name)
{
    const weft_view_about *about = to->page->about;
    size_t at = 0;
    while (at < about->columns_count && strcmp(about->columns[at].name, name) != 0)
        at++;
    WF_ASSERT(at < about->columns_count); // the view has them
    return at;
}

static const weft_view_value *value_of(const printing *to, size_t row, const char *name)
{
    return &to->page->values[row * to->page->about->columns_count + column_of(to, name)];
}

static void cell(const printing *to, size_t row, const char *name, size_t width)
{
    char room[WF_CLI_CELL_MAX];
    wf_cli_cell(to->cli,
                wf_cli_view_cell(to->cli, to->city,
                                 &to->page->about->columns[column_of(to, name)],
                                 value_of(to, row, name), room),
                width);
}

// "3/4 +1": in time of what is due, and what is not yet due.
static void print_share(const printing *to, size_t row, size_t width)
{
    long long in_time = value_of(to, row, "in_time")->number;
    long long due = in_time + value_of(to, row, "late")->number +
                    value_of(to, row, "overdue")->number;
    long long pending = value_of(to, row, "pending")->number;
    char room[96] = "";
    int size = due > 0 ? snprintf(room, sizeof room, "%lld/%lld", in_time, due) : 0;
    if (pending > 0 && size >= 0 && (size_t)size < sizeof room)
        WF_IGNORE(snprintf(room + size, sizeof room - (size_t)size, "%s+%lld",
                           due > 0 ? " " : "", pending) < 0,
                  "three numbers fit");
    wf_cli_cell(to->cli, room, width);
}

enum { step_width = 20, time_width = 18, state_width = 14, share_width = 12 };

static const wf_cli_column step_columns[] = {
    {step_width, "节点", "step"},          {time_width, "完成", "done"},
    {time_width, "时限", "due"},           {state_width, "状态", "state"},
    {share_width, "按时/已到", "in time"}, {0, "用时", "took"},
};

// A line before each case, and before the cases of an outbreak together.
static void print_heading(const printing *to, size_t row)
{
    wf_cli *cli = to->cli;
    const char *case_id = value_of(to, row, "case_id")->text;
    const char *outbreak = value_of(to, row, "outbreak")->text;
    if (value_of(to, row, "place")->number != 0)
        return;
    wf_cli_print(cli, "%s%s%s  %s\n", row > 0 ? "\n" : "", outbreak,
                 case_id[0] != '\0' ? "" : wf_cli_choose(cli, " 全部病例", " all cases"),
                 case_id);
    bool headed = false;
    wf_cli_head(cli, &headed, step_columns);
}

static void print_row(const printing *to, size_t row)
{
    print_heading(to, row);
    wf_cli_cell(to->cli, word_of(to->cli, value_of(to, row, "step")->text), step_width);
    cell(to, row, "done_at", time_width);
    cell(to, row, "due_at", time_width);
    wf_cli_cell(to->cli, word_of(to->cli, value_of(to, row, "state")->text), state_width);
    print_share(to, row, share_width);
    cell(to, row, "took_us", 0);
    wf_cli_print(to->cli, "\n");
}

// ---- the deadlines ----

enum { from_width = 20, within_width = 14, owner_width = 24, deadlines_max = 64 };

static const wf_cli_column deadline_columns[] = {
    {step_width, "节点", "step"},
    {from_width, "起算", "counted from"},
    {within_width, "时限", "within"},
    {owner_width, "责任方", "owner"},
    {0, "条款", "clause"},
};

static void print_words(const printing *to, size_t row, const char *zh, const char *en,
                        size_t width)
{
    const char *text = value_of(to, row, en)->text;
    bool said = text[0] != '\0' && strcmp(text, "none") != 0;
    const char *name = wf_cli_choose(to->cli, zh, en);
    wf_cli_cell(to->cli, said ? value_of(to, row, name)->text : "-", width);
}

static bool same_deadline(const printing *to, size_t a, size_t b)
{
    return strcmp(value_of(to, a, "step")->text, value_of(to, b, "step")->text) == 0 &&
           value_of(to, a, "deadline_us")->number ==
               value_of(to, b, "deadline_us")->number;
}

static void print_deadline(const printing *to, size_t row)
{
    wf_cli *cli = to->cli;
    wf_cli_cell(cli, word_of(cli, value_of(to, row, "step")->text), step_width);
    wf_cli_cell(cli, word_of(cli, value_of(to, row, "counted_from")->text), from_width);
    cell(to, row, "deadline_us", within_width);
    print_words(to, row, "owner_zh", "owner_en", owner_width);
    print_words(to, row, "clause_zh", "clause_en", 0);
    wf_cli_print(cli, "\n");
}

// From when, until when, whose and by which clause: the same for all cases but those of a
// clinic, so that they stand once and below.
static void print_deadlines(const printing *to)
{
    size_t shown[deadlines_max], count = 0;
    bool headed = false;
    for (size_t i = 0; i < to->page->rows_count && count < deadlines_max; i++) {
        bool known = !value_of(to, i, "deadline_us")->given;
        for (size_t k = 0; k < count && !known; k++)
            known = same_deadline(to, shown[k], i);
        if (known)
            continue;
        if (!headed)
            wf_cli_print(to->cli, "\n%s\n",
                         wf_cli_choose(to->cli, "时限与责任方", "deadlines and owners"));
        wf_cli_head(to->cli, &headed, deadline_columns);
        print_deadline(to, i);
        shown[count++] = i;
    }
}

static void print_clock(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    if (cli->json) {
        wf_cli_print_view(cli, city, page);
        return;
    }
    for (size_t i = 0; i < page->rows_count; i++)
        print_row(&(printing){cli, city, page}, i);
    print_deadlines(&(printing){cli, city, page});
    if (page->rows_count == 0)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "没有这样的病例", "there are no such cases"));
}

// Of one case the open risk is that of its outbreak: whom else it left unfound is not to
// be told of one case alone.
static weft_status show(wf_cli *cli, weft_city *city, const weft_view_question *question,
                        weft_error *error)
{
    char outbreak[field_bytes_max] = "";
    const char *asked = wf_cli_option(cli, "outbreak");
    weft_view_page page;
    WF_TRY(weft_view_read(city, question, &page, error));
    print_clock(cli, city, &page);
    if (page.rows_count == 0)
        return WEFT_OK;
    if (wf_cli_option(cli, "case") != NULL) {
        const char *of = value_of(&(printing){cli, city, &page}, 0, "outbreak")->text;
        size_t size = strlen(of);
        WF_ASSERT(size < sizeof outbreak);
        memcpy(outbreak, of, size + 1); // the page lives until the next question
        asked = outbreak;
    }
    return wf_cli_show_open_risk(cli, city, asked, error);
}

// ---- the verb ----

static weft_status ask(wf_cli *cli, weft_city *city, weft_error *error)
{
    static const struct {
        const char *option, *column;
    } asked[fields_max] = {{"case", "case_id"}, {"outbreak", "outbreak"}};
    char texts[fields_max][field_bytes_max];
    const char *fields[fields_max];
    size_t count = 0;
    for (size_t i = 0; i < fields_max; i++) {
        const char *given = wf_cli_option(cli, asked[i].option);
        if (given == NULL)
            continue;
        // A case by any of its numbers; one that is none is in no row.
        if (strcmp(asked[i].option, "case") == 0) {
            weft_status status = weft_case_find(city, given, &given, error);
            if (status != WEFT_OK && status != WEFT_NOT_FOUND)
                return status;
            wf_error_clear(error);
        }
        int size =
            snprintf(texts[count], field_bytes_max, "%s=%s", asked[i].column, given);
        if (size < 0 || size >= field_bytes_max)
            return wf_fail(error, WEFT_BAD_USAGE, "usage.clock", NULL);
        fields[count] = texts[count];
        count++;
    }
    const weft_view_question question = {.view = "tracing/clock",
                                         .fields = fields,
                                         .fields_count = count,
                                         .grid = wf_cli_option(cli, "grid"),
                                         .limit = rows_max};
    return show(cli, city, &question, error);
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, ask);
}

const wf_verb wf_verb_clock = {
    .name = "clock",
    .arguments = "DIR",
    .zh = "时钟：从发病到接触者管控，哪些按时，时间用在哪里；未了风险",
    .en = "the clock: from onset to contacts in isolation, what was in time; open risk",
    .about_zh = "每个病例、每起疫情的各个节点，对照方案时限；只有时限已过的才计入比例，\n"
                "“+”后是时限未到的。口径见 docs/methods/clock.md。\n"
                "其后列出各时限的起算、责任方与条款。\n"
                "其下是未了风险：按类别的区间，不给单一数字或百分比，未含隐匿传播链。\n"
                "口径见 docs/methods/open-risk.md。",
    .about_en =
        "Milestones of each case and outbreak against the protocol's deadlines.\n"
        "Shares count what is due; behind \"+\" is what is not yet due.\n"
        "Definitions: docs/methods/clock.md.\n"
        "Then each deadline: what it is counted from, whose it is, its clause.\n"
        "Below it stands the open risk: an interval a level of contacts, never one\n"
        "figure or a percentage, hidden chains not included\n"
        "(docs/methods/open-risk.md).",
    .options = options,
    .run = run,
    .asks = true,
};
