#include <string.h>

#include "cli/cli.h"
#include "cli/summary.h"
#include "weft/lists.h"

static const wf_option options[] = {
    {"all", WF_OPTION_FLAG, NULL, "全部视图，OUT 为文件夹",
     "all views; OUT is then a folder"},
    {"format", WF_OPTION_TEXT, "csv|xlsx", "文件格式（默认按 OUT 的后缀，否则 csv）",
     "what is written (by OUT's ending, else csv)"},
    {"map", WF_OPTION_TEXT, "FILE", "名单：列对照文件",
     "lists: mapping file of the columns"},
    {"profile", WF_OPTION_TEXT, "who|godata|sormas", "名单：随附的列对照",
     "lists: a mapping of columns that comes with Weft"},
    {"template", WF_OPTION_FLAG, NULL, "名单：只有表头和一行示例",
     "lists: nothing but the header and an example"},
    {"for", WF_OPTION_TEXT, "r", "供 R 使用：名单、接触者、人员、数据字典；OUT 为文件夹",
     "for R: line list, contacts, persons, data dictionary; OUT is then a folder"},
    {"sort", WF_OPTION_TEXT, "COLUMN", "排序；-COLUMN 为降序",
     "sort by it; -COLUMN: falling"},
    {"grid", WF_OPTION_TEXT, "CODE", "只要这个网格之内的行",
     "only what lies in this grid"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static weft_status read_format(const wf_cli *cli, const char *out,
                               weft_export_format *ret, weft_error *error)
{
    const char *format = wf_cli_option(cli, "format");
    *ret = ends_in(out, ".xlsx") ? WEFT_EXPORT_XLSX : WEFT_EXPORT_CSV;
    if (format == NULL)
        return WEFT_OK;
    if (strcmp(format, "csv") != 0 && strcmp(format, "xlsx") != 0)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.format", NULL);
    *ret = strcmp(format, "csv") == 0 ? WEFT_EXPORT_CSV : WEFT_EXPORT_XLSX;
    return WEFT_OK;
}

typedef struct {
    wf_cli *cli;
    const weft_city *city;
} telling;

static void tell(void *context, const weft_view_about *view,
                 const weft_export_summary *summary)
{
    const telling *to = context;
    wf_cli *cli = to->cli;
    char as_of[WF_TIME_TEXT_MAX];
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:s, s:I, s:I, s:I, s:o, s:b}", "view", view->name,
                                   "rows", (json_int_t)summary->rows, "parts",
                                   (json_int_t)summary->parts, "position",
                                   (json_int_t)summary->as_of.position, "as_of",
                                   wf_cli_time_json(to->city, summary->as_of.at),
                                   "complete", (int)summary->as_of.complete));
        return;
    }
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "%s：%llu 行；截至 %s（账本第 %llu 条）\n",
                      summary->rows == 1
                          ? "%s: %llu row; as of %s (fact %llu of the ledger)\n"
                          : "%s: %llu rows; as of %s (fact %llu of the ledger)\n"),
        view->name, (unsigned long long)summary->rows,
        wf_cli_when(to->city, summary->as_of.at, as_of),
        (unsigned long long)summary->as_of.position);
    if (!summary->as_of.complete)
        wf_cli_print(
            cli, "%s\n",
            wf_cli_choose(cli, "结果不完整：其后的事实还没有记入",
                          "the answer is incomplete: later facts are not in it"));
}

static weft_status export_all(wf_cli *cli, weft_city *city, weft_error *error)
{
    const char *out = cli->arguments[1];
    telling to = {cli, city};
    weft_export_options how = {0};
    if (cli->arguments_count > 2)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.too_many", "verb", cli->verb->name,
                       "arguments", cli->verb->arguments, NULL);
    WF_TRY(read_format(cli, out, &how.format, error));
    return weft_export_all(city, &how, out, tell, &to, error);
}

// DIR DESK/NAME [NAME=VALUE…] OUT
static weft_status export_one(wf_cli *cli, weft_city *city, weft_error *error)
{
    WF_TRY(wf_cli_arguments(cli, 3, WF_ARGUMENTS_MAX, error));
    const char *out = cli->arguments[cli->arguments_count - 1];
    weft_view_question question = {.view = cli->arguments[1],
                                   .fields = cli->arguments + 2,
                                   .fields_count = cli->arguments_count - 3,
                                   .sort = wf_cli_option(cli, "sort"),
                                   .grid = wf_cli_option(cli, "grid")};
    const weft_view_about about = {.name = cli->arguments[1]};
    weft_export_options how = {0};
    weft_export_summary summary;
    WF_TRY(read_format(cli, out, &how.format, error));
    WF_TRY(weft_export(city, &question, &how, out, &summary, error));
    tell(&(telling){cli, city}, &about, &summary);
    return WEFT_OK;
}

// What the columns of others do not carry.
typedef struct {
    wf_cli *cli;
    json_t *fields; // with --json
} missing;

static void tell_missing(void *context, const char *field, uint64_t lost,
                         uint64_t changed)
{
    missing *to = context;
    wf_cli *cli = to->cli;
    if (cli->json) {
        WF_IGNORE(json_object_set_new(to->fields, *field != '\0' ? field : "rows",
                                      json_pack("{s:I, s:I}", "lost", (json_int_t)lost,
                                                "changed", (json_int_t)changed)) != 0,
                  "without memory the object cannot be written either");
        return;
    }
    if (*field == '\0')
        wf_cli_message(cli,
                       wf_cli_choose(cli, "未写出的行（这些列说不了）：%llu",
                                     "rows left out, for these columns cannot say it: "
                                     "%llu"),
                       (unsigned long long)lost);
    if (*field != '\0' && lost > 0)
        wf_cli_message(cli,
                       wf_cli_choose(cli, "%s：在这些列里没有位置、未带出的值：%llu",
                                     "%s: values without a place in these columns, which "
                                     "stay here: %llu"),
                       field, (unsigned long long)lost);
    if (changed > 0)
        wf_cli_message(cli,
                       wf_cli_choose(cli, "%s：只能写成别的、读回后不同的值：%llu",
                                     "%s: values that these columns say otherwise, and "
                                     "come back as another: %llu"),
                       field, (unsigned long long)changed);
}

// DIR KIND OUT
static weft_status export_list(wf_cli *cli, weft_city *city, weft_import_kind kind,
                               weft_error *error)
{
    WF_TRY(wf_cli_arguments(cli, 3, 3, error));
    const char *out = cli->arguments[2];
    weft_list_options how = {.mapping = wf_cli_option(cli, "map"),
                             .profile = wf_cli_option(cli, "profile"),
                             .is_template = wf_cli_flag(cli, "template"),
                             .is_english = cli->language == WF_LANGUAGE_EN};
    uint64_t rows = 0;
    missing left = {cli, cli->json ? json_object() : NULL};
    how.not_carried = tell_missing;
    how.context = &left;
    weft_status status = read_format(cli, out, &how.format, error);
    if (status == WEFT_OK)
        status = weft_list_write(city, kind, &how, out, &rows, error);
    if (status != WEFT_OK) {
        json_decref(left.fields);
        return status;
    }
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:I, s:o}", "list", weft_import_kind_name(kind),
                                   "rows", (json_int_t)rows, "not_carried", left.fields));
    else
        wf_cli_print(cli,
                     wf_cli_choose(cli, "%s：%llu 行\n",
                                   rows == 1 ? "%s: %llu row\n" : "%s: %llu rows\n"),
                     weft_import_kind_name(kind), (unsigned long long)rows);
    return WEFT_OK;
}

static void tell_table(void *context, const char *file, uint64_t rows)
{
    wf_cli *cli = context;
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:I}", "file", file, "rows", (json_int_t)rows));
    else
        wf_cli_print(cli, wf_cli_choose(cli, "%s.csv：%llu 行\n", "%s.csv: %llu rows\n"),
                     file, (unsigned long long)rows);
}

static weft_status export_for(wf_cli *cli, weft_city *city, weft_error *error)
{
    if (strcmp(wf_cli_option(cli, "for"), "r") != 0)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.for", NULL);
    WF_TRY(wf_cli_arguments(cli, 2, 2, error));
    return weft_export_for_r(city, cli->arguments[1], tell_table, cli, error);
}

static weft_status export_what(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_import_kind kind;
    if (wf_cli_flag(cli, "all"))
        return export_all(cli, city, error);
    if (wf_cli_option(cli, "for") != NULL)
        return export_for(cli, city, error);
    if (weft_import_kind_parse(cli->arguments[1], &kind) && kind != WEFT_IMPORT_FACTS)
        return export_list(cli, city, kind, error);
    return export_one(cli, city, error);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 2, WF_ARGUMENTS_MAX, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = export_what(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_export = {
    .name = "export",
    .arguments = "DIR (DESK/NAME [NAME=VALUE…] | KIND | --for r | --all) OUT",
    .zh = "把视图的全部行写成表格文件",
    .en = "write all rows of a view for spreadsheet programs",
    .about_zh =
        "KIND 为 persons、places、cases、contacts、followups、results、tubes：名单，列同 "
        "weft "
        "import，导回即得同样的行；"
        "--profile、--map 换成别人的列，--template 写一张可填的空表。\n"
        "例：weft export DIR testing/tubes result=positive 阳性管.xlsx\n"
        "首行为中英文列名；编号一律为文字；以 = + - @ 开头的内容前加 "
        "'，不会被当作公式。\n"
        "时间为本市时区；文件不加密，只有本人可读（0600），用后请删除。",
    .about_en =
        "KIND is persons, places, cases, contacts, followups, results or tubes: a list "
        "in the "
        "columns of weft import,\nwhich takes it back as the same rows; --profile and "
        "--map give it the columns of "
        "others, --template makes an empty\nlist to be filled in.\nFor instance: weft "
        "export DIR testing/tubes result=positive positive.xlsx\n"
        "It begins with the titles in Chinese and English. Ids are text; what "
        "begins with\n= + - @ gets a ' before it, so that it is no formula. Times are "
        "local to the city.\nThe file is not sealed, and yours alone to read (0600): "
        "remove it when it has served.",
    .options = options,
    .run = run,
    .asks = true,
};
