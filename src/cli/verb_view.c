#include <stdlib.h>
#include <string.h>

#include "cli/summary.h"
#include "cli/view_cell.h"
#include "cli/view_page.h"
#include "serve/areas/rows_json.h"

static const wf_option options[] = {
    {"sort", WF_OPTION_TEXT, "COLUMN", "排序；-COLUMN 为降序",
     "sort by it; -COLUMN: falling"},
    {"limit", WF_OPTION_TEXT, "N", "一页的行数（默认 100）", "rows of a page (100)"},
    {"after", WF_OPTION_TEXT, "TOKEN", "接着上一页", "go on after the page before"},
    {"grid", WF_OPTION_TEXT, "CODE", "只看这个网格之内", "only what lies in this grid"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// ---- which views there are ----

static weft_status list(wf_cli *cli, weft_city *city, weft_error *error)
{
    enum { name_width = 26 };
    const weft_view_about *abouts;
    size_t count;
    WF_TRY(weft_views_list(city, &abouts, &count, error));
    for (size_t i = 0; i < count; i++) {
        if (cli->json) {
            wf_cli_json(cli, wf_json_view(&abouts[i]));
            continue;
        }
        wf_cli_cell(cli, abouts[i].name, name_width);
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, abouts[i].title_zh, abouts[i].title_en));
    }
    if (!cli->json)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "weft help views 名称：列、筛选项和排序",
                                   "weft help views NAME: columns, filters and sorts"));
    return WEFT_OK;
}

// ---- one page ----

static void rows_json(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    for (size_t i = 0; i < page->rows_count; i++)
        wf_cli_json(cli, wf_json_view_row(city, page, i));
}

static const char *title_of(const wf_cli *cli, const weft_view_column *column)
{
    // English titles are half sentences: a table of them fits no screen.
    return wf_cli_choose(cli, column->title_zh, column->name);
}

static void measure(const wf_cli *cli, const weft_city *city, const weft_view_page *page,
                    size_t widths[WEFT_VIEW_COLUMNS_MAX])
{
    const weft_view_about *about = page->about;
    char room[WF_CLI_CELL_MAX];
    for (size_t c = 0; c < about->columns_count; c++) {
        widths[c] = wf_cli_width(title_of(cli, &about->columns[c]));
        for (size_t i = 0; i < page->rows_count; i++) {
            size_t width = wf_cli_width(
                wf_cli_view_cell(cli, city, &about->columns[c],
                                 &page->values[i * about->columns_count + c], room));
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
}

// The last column is not padded.
static void print_cell(wf_cli *cli, const weft_view_about *about, size_t column,
                       const char *text, const size_t widths[WEFT_VIEW_COLUMNS_MAX])
{
    if (column + 1 == about->columns_count)
        wf_cli_print(cli, "%s\n", text);
    else
        wf_cli_cell(cli, text, widths[column] + 2);
}

static void rows_text(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    const weft_view_about *about = page->about;
    size_t widths[WEFT_VIEW_COLUMNS_MAX];
    char room[WF_CLI_CELL_MAX];
    measure(cli, city, page, widths);
    for (size_t c = 0; c < about->columns_count; c++)
        print_cell(cli, about, c, title_of(cli, &about->columns[c]), widths);
    for (size_t i = 0; i < page->rows_count; i++)
        for (size_t c = 0; c < about->columns_count; c++)
            print_cell(cli, about, c,
                       wf_cli_view_cell(cli, city, &about->columns[c],
                                        &page->values[i * about->columns_count + c],
                                        room),
                       widths);
}

static void summary_json(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    json_t *next = page->next != NULL ? json_string(page->next) : json_null();
    wf_cli_json(cli, json_pack("{s:{s:s, s:I, s:I, s:o, s:b, s:o}}", "summary", "view",
                               page->about->name, "rows", (json_int_t)page->rows_count,
                               "position", (json_int_t)page->as_of.position, "as_of",
                               wf_cli_time_json(city, page->as_of.at), "complete",
                               (int)page->as_of.complete, "next", next));
}

static void summary_text(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    char as_of[WF_TIME_TEXT_MAX];
    wf_cli_print(cli,
                 wf_cli_choose(cli, "%zu 行；截至账本第 %llu 条",
                               page->rows_count == 1
                                   ? "%zu row; as of fact %llu of the ledger"
                                   : "%zu rows; as of fact %llu of the ledger"),
                 page->rows_count, (unsigned long long)page->as_of.position);
    // A city that was given no clock does not know when.
    if (!weft_time_is_none(page->as_of.at))
        wf_cli_print(cli, wf_cli_choose(cli, "（%s 收到）", ", received %s"),
                     wf_cli_when(city, page->as_of.at, as_of));
    wf_cli_print(cli, "\n");
    if (!page->as_of.complete)
        wf_cli_print(
            cli, "%s\n",
            wf_cli_choose(cli, "结果不完整：其后的事实还没有记入",
                          "the answer is incomplete: later facts are not in it"));
    if (page->next != NULL)
        wf_cli_print(
            cli,
            wf_cli_choose(cli, "下一页：--after %s\n", "the next page: --after %s\n"),
            page->next);
}

void wf_cli_print_view(wf_cli *cli, const weft_city *city, const weft_view_page *page)
{
    if (cli->json) {
        rows_json(cli, city, page);
        summary_json(cli, city, page);
    } else {
        rows_text(cli, city, page);
        summary_text(cli, city, page);
    }
}

weft_status wf_cli_show_view(wf_cli *cli, weft_city *city,
                             const weft_view_question *question, weft_error *error)
{
    weft_view_page page;
    WF_TRY(weft_view_read(city, question, &page, error));
    wf_cli_print_view(cli, city, &page);
    return WEFT_OK;
}

weft_status wf_cli_list_view(wf_cli *cli, weft_city *city, const char *view,
                             weft_error *error)
{
    weft_view_question question = {
        .view = view, .grid = wf_cli_option(cli, "grid"), .limit = 100000};
    return wf_cli_show_view(cli, city, &question, error);
}

static weft_status show(wf_cli *cli, weft_city *city, weft_error *error)
{
    uint64_t limit = 100;
    WF_TRY(wf_cli_number(cli, "limit", 1, 100000, &limit, error));
    weft_view_question question = {.view = cli->arguments[1],
                                   .fields = cli->arguments + 2,
                                   .fields_count = cli->arguments_count - 2,
                                   .sort = wf_cli_option(cli, "sort"),
                                   .grid = wf_cli_option(cli, "grid"),
                                   .after = wf_cli_option(cli, "after"),
                                   .limit = (size_t)limit};
    return wf_cli_show_view(cli, city, &question, error);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, WF_ARGUMENTS_MAX, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status =
            cli->arguments_count == 1 ? list(cli, city, &error) : show(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_view = {
    .name = "view",
    .arguments = "DIR [DESK/NAME [NAME=VALUE…]]",
    .zh = "列出一个视图的行",
    .en = "show the rows of a view",
    .about_zh =
        "例：weft view DIR testing/tubes result=positive --sort tube_id\n"
        "不写名称时列出所有视图；weft help views 说明每个视图的列、筛选项和排序。\n"
        "名称=值 是视图的参数或筛选项。没有排序值的行排在最后；--grid 之下没有网格的行"
        "不出现。",
    .about_en =
        "For instance: weft view DIR testing/tubes result=positive --sort tube_id\n"
        "Without a name it lists the views; weft help views explains the columns, "
        "filters\nand sorts of each. NAME=VALUE is a parameter or filter of the "
        "view. Rows without a\nsort value come last; with --grid rows without a grid "
        "are not seen.",
    .options = options,
    .run = run,
    .asks = true,
};
