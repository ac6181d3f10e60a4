#include "cli/clock_risk.h"

#include <stdio.h>
#include <string.h>

#include "cli/view_page.h"

enum { field_bytes_max = 160, rows_max = 100000 };

static const struct {
    const char *word, *zh, *en;
} levels[] = {
    {"close", "密切接触者", "close"},
    {"secondary", "次密接", "secondary"},
    {"general", "一般接触者", "general"},
    {"unknown", "未判定类别", "level not judged"},
};

// What is missing first, as the view counts it.
static const struct {
    const char *column, *zh, *en;
} lacks[] = {
    {"not_identified", "未查明", "not identified"},
    {"not_judged", "未判定", "not judged"},
    {"not_reached", "未联系上", "not reached"},
    {"not_placed", "未管控", "not placed"},
    {"not_tested", "未采样", "not tested"},
};

enum { level_width = 20, risk_width = 24, open_width = 14 };

static const wf_cli_column columns[] = {
    {level_width, "类别", "level"},
    {risk_width, "可能已感染（人）", "may be infected"},
    {open_width, "未落实", "open"},
    {0, "其中", "of them"},
};

static const weft_view_value *value_of(const weft_view_page *page, size_t row,
                                       const char *name)
{
    const weft_view_about *about = page->about;
    size_t at = 0;
    while (at < about->columns_count && strcmp(about->columns[at].name, name) != 0)
        at++;
    WF_ASSERT(at < about->columns_count); // the view has them
    return &page->values[row * about->columns_count + at];
}

static void print_heading(wf_cli *cli, const char *outbreak)
{
    wf_cli_print(cli, "\n%s  %s\n", outbreak,
                 wf_cli_choose(cli,
                               "未了风险：未落实的接触者中可能已感染而无人知道的人数"
                               "（未含隐匿传播链）",
                               "open risk: who may be infected unseen, of contacts for "
                               "whom something is owed (hidden chains not included)"));
    bool headed = false;
    wf_cli_head(cli, &headed, columns);
}

static void print_row(wf_cli *cli, const weft_view_page *page, size_t row, size_t level)
{
    char room[96];
    wf_cli_cell(cli, wf_cli_choose(cli, levels[level].zh, levels[level].en), level_width);
    WF_IGNORE(snprintf(room, sizeof room,
                       wf_cli_choose(cli, "%lld 至 %lld", "%lld to %lld"),
                       (long long)value_of(page, row, "least")->number,
                       (long long)value_of(page, row, "most")->number) < 0,
              "two numbers fit");
    wf_cli_cell(cli, room, risk_width);
    WF_IGNORE(snprintf(room, sizeof room, "%lld",
                       (long long)value_of(page, row, "open")->number) < 0,
              "a number fits");
    wf_cli_cell(cli, room, open_width);
    const char *between = "";
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        long long count = value_of(page, row, lacks[i].column)->number;
        if (count == 0)
            continue;
        wf_cli_print(cli, "%s%lld %s", between, count,
                     wf_cli_choose(cli, lacks[i].zh, lacks[i].en));
        between = wf_cli_choose(cli, "，", ", ");
    }
    wf_cli_print(cli, "\n");
}

// From its first row on, which are sorted by the letters of their levels; the strongest
// level first.
static void print_outbreak(wf_cli *cli, const weft_view_page *page, size_t first)
{
    const char *outbreak = value_of(page, first, "outbreak")->text;
    print_heading(cli, outbreak);
    for (size_t level = 0; level < sizeof levels / sizeof *levels; level++)
        for (size_t i = first; i < page->rows_count &&
                               strcmp(value_of(page, i, "outbreak")->text, outbreak) == 0;
             i++)
            if (strcmp(value_of(page, i, "level")->text, levels[level].word) == 0)
                print_row(cli, page, i, level);
}

static void print_table(wf_cli *cli, const weft_view_page *page)
{
    const char *last = NULL;
    for (size_t i = 0; i < page->rows_count; i++) {
        const char *outbreak = value_of(page, i, "outbreak")->text;
        if (last == NULL || strcmp(last, outbreak) != 0)
            print_outbreak(cli, page, i);
        last = outbreak;
    }
    if (page->rows_count == 0)
        wf_cli_print(
            cli, "\n%s\n",
            wf_cli_choose(cli, "未了风险：还没有提出接触者，无从估计（未含隐匿传播链）",
                          "open risk: no contact was named yet, so that nothing "
                          "can be said (hidden chains not included)"));
}

weft_status wf_cli_show_open_risk(wf_cli *cli, weft_city *city, const char *outbreak,
                                  weft_error *error)
{
    char field[field_bytes_max];
    const char *fields[] = {field};
    const weft_view_question question = {.view = "tracing/open_risk",
                                         .fields = fields,
                                         .fields_count = outbreak != NULL ? 1 : 0,
                                         .grid = wf_cli_option(cli, "grid"),
                                         .limit = rows_max};
    weft_view_page page;
    if (outbreak != NULL && outbreak[0] == '\0')
        return WEFT_OK;
    if (outbreak != NULL) {
        int size = snprintf(field, sizeof field, "outbreak=%s", outbreak);
        WF_ASSERT(size > 0 && size < field_bytes_max); // an id
    }
    WF_TRY(weft_view_read(city, &question, &page, error));
    if (cli->json)
        wf_cli_print_view(cli, city, &page);
    else
        print_table(cli, &page);
    return WEFT_OK;
}
