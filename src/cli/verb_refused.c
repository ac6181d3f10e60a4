#include <string.h>

#include "cli/import_run.h"
#include "cli/summary.h"

static const wf_option options[] = {
    {"map", WF_OPTION_TEXT, "FILE", "retry：改用另一个列对照文件",
     "retry: with another mapping file"},
    {"out", WF_OPTION_TEXT, "FILE", "export：写成一个 .csv 或 .xlsx 文件，每行附原因",
     "export: into a .csv or .xlsx file, each row with the reason beside it"},
    {"strict", WF_OPTION_FLAG, NULL, "retry：仍有拒收的行时以 1 退出",
     "retry: exit 1 when rows were refused again"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// ---- list ----

typedef struct {
    wf_cli *cli;
    weft_city *city;
    uint64_t files;
} listing;

static json_t *reasons_of(const weft_refused_file *file)
{
    json_t *reasons = json_object();
    for (size_t i = 0; i < file->reasons_count; i++)
        if (json_object_set_new(reasons, file->reasons[i].code,
                                json_integer((json_int_t)file->reasons[i].rows)) != 0) {
            json_decref(reasons);
            return NULL;
        }
    return reasons;
}

static void list_json(wf_cli *cli, const weft_refused_file *file, const char *received)
{
    wf_cli_json(cli,
                json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:o}", "file", file->name,
                          "received", received, "kind", weft_import_kind_name(file->kind),
                          "rows", (json_int_t)file->rows, "unreadable",
                          (json_int_t)file->unreadable, "damaged", (int)file->damaged,
                          "reasons", reasons_of(file)));
}

static bool list_one(void *context, const weft_refused_file *file)
{
    listing *to = context;
    wf_cli *cli = to->cli;
    char received[WF_TIME_TEXT_MAX];
    to->files++;
    if (cli->json) {
        list_json(cli, file, weft_city_time_text(to->city, file->received, received));
        return !cli->out_failed;
    }
    wf_cli_print(cli, "%s  %s  %s  %llu %s\n", file->name,
                 wf_cli_when(to->city, file->received, received),
                 weft_import_kind_name(file->kind), (unsigned long long)file->rows,
                 wf_cli_choose(cli, "行", file->rows == 1 ? "row" : "rows"));
    for (size_t i = 0; i < file->reasons_count; i++) {
        weft_error why = {.code = file->reasons[i].code};
        wf_buffer text = {0};
        wf_error_params(&why, file->reasons[i].params, file->reasons[i].params_count);
        if (wf_error_part_text(&why, WF_PART_MESSAGE, cli->language, &text))
            wf_cli_print(cli, "  %10llu  %.*s\n",
                         (unsigned long long)file->reasons[i].rows, (int)text.size,
                         text.bytes);
        wf_buffer_done(&text);
    }
    if (file->unreadable > 0)
        wf_cli_print(cli, "  %10llu  %s\n", (unsigned long long)file->unreadable,
                     wf_cli_choose(cli, "已依规清除或损坏，不能再读",
                                   "forgotten or damaged, not readable any more"));
    return !cli->out_failed;
}

static weft_status list(wf_cli *cli, weft_city *city, weft_error *error)
{
    listing to = {cli, city, 0};
    WF_TRY(weft_refused_list(city, list_one, &to, error));
    if (to.files == 0 && !cli->json)
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, "没有拒收的行", "no refused rows"));
    return WEFT_OK;
}

// ---- export ----

// What is kept from one file of refused rows to the next.
typedef struct {
    int exit_code;
    wf_buffer header; // the last one printed
} keeping;

typedef struct {
    wf_cli *cli;
    wf_buffer *header;
} exporting;

// NULL without memory, which ends the object it would stand in.
static json_t *params_of(const weft_refused_row *row)
{
    json_t *params = json_object();
    for (size_t i = 0; i < row->params_count; i++)
        if (json_object_set_new(params, row->params[i].name,
                                json_string(row->params[i].value)) != 0) {
            json_decref(params);
            return NULL;
        }
    return params;
}

static bool export_row(void *context, const weft_refused_row *row)
{
    exporting *to = context;
    if (to->cli->json) {
        json_t *text = json_stringn(row->row, row->row_size);
        if (text == NULL) // bytes that are not UTF-8
            text = json_null();
        wf_cli_json(to->cli,
                    json_pack("{s:s, s:I, s:s, s:s, s:o, s:o}", "source", row->source,
                              "line", (json_int_t)row->line, "code", row->code, "field",
                              row->field, "params", params_of(row), "row", text));
        return !to->cli->out_failed;
    }
    if (row->row_size == 0) // it was printed with its first part
        return true;
    wf_text header = {row->header, row->header_size};
    if (!wf_text_equal(header, wf_buffer_text(to->header))) {
        wf_buffer_clear(to->header);
        if (!wf_buffer_append(to->header, header.bytes, header.size))
            return false;
        wf_cli_text(to->cli, header);
        wf_cli_text(to->cli, WF_TEXT("\n"));
    }
    wf_cli_text(to->cli, (wf_text){row->row, row->row_size});
    wf_cli_text(to->cli, WF_TEXT("\n"));
    return !to->cli->out_failed;
}

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size > end_size && strcmp(text + size - end_size, end) == 0;
}

// One table to be mended; of one file of refused rows.
static weft_status export_table(wf_cli *cli, weft_city *city, const char *out,
                                weft_error *error)
{
    bool is_book = ends_in(out, ".xlsx");
    if (cli->arguments_count != 3 || (!is_book && !ends_in(out, ".csv")))
        return wf_fail(error, WEFT_BAD_USAGE, "refused.out", NULL);
    return weft_refused_write(city, cli->arguments[2], is_book,
                              cli->language == WF_LANGUAGE_EN, out, error);
}

static weft_status export_one(wf_cli *cli, weft_city *city, const char *name,
                              keeping *kept, weft_error *error)
{
    exporting to = {cli, &kept->header};
    return weft_refused_export(city, name, export_row, &to, error);
}

// ---- retry ----

static weft_status retry_one(wf_cli *cli, weft_city *city, const char *name,
                             keeping *kept, weft_error *error)
{
    weft_import_summary summary = {0};
    weft_import_options how = {.mapping = wf_cli_option(cli, "map"),
                               .as_of = WEFT_TIME_NONE};
    wf_import_run_view view;
    wf_import_view_begin(&view, cli, &how);
    weft_status status = weft_refused_retry(city, name, &how, &summary, error);
    wf_import_view_end(&view);
    WF_TRY(status);
    int code = wf_import_say(cli, &summary, wf_cli_flag(cli, "strict"));
    kept->exit_code = code != 0 ? code : kept->exit_code;
    return WEFT_OK;
}

// ---- all files, when none is named ----

typedef weft_status each_file(wf_cli *cli, weft_city *city, const char *name,
                              keeping *kept, weft_error *error);

// A file that is damaged or partly forgotten is said and must not keep the others back.
static weft_status do_one_of_many(wf_cli *cli, weft_city *city, each_file *each,
                                  const char *name, keeping *kept, weft_error *error)
{
    weft_error why = {0};
    weft_status status = each(cli, city, name, kept, &why);
    if (status == WEFT_DAMAGED || status == WEFT_FORGOTTEN) {
        kept->exit_code = wf_cli_fail(cli, &why);
        return WEFT_OK;
    }
    if (status != WEFT_OK)
        *error = why;
    return status;
}

static weft_status do_files(wf_cli *cli, weft_city *city, each_file *each, keeping *kept,
                            weft_error *error)
{
    enum { together = 256 };
    char names[together][WEFT_REFUSED_NAME_MAX], after[WEFT_REFUSED_NAME_MAX] = "";
    size_t count = 0;
    if (cli->arguments_count == 3)
        return each(cli, city, cli->arguments[2], kept, error);
    do {
        WF_TRY(weft_refused_names(city, after, names, together, &count, error));
        for (size_t i = 0; i < count; i++)
            WF_TRY(do_one_of_many(cli, city, each, names[i], kept, error));
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count > 0);
    return WEFT_OK;
}

static weft_status act(wf_cli *cli, weft_city *city, keeping *kept, weft_error *error)
{
    const char *action = cli->arguments[1];
    if (strcmp(action, "list") == 0 && cli->arguments_count == 2)
        return list(cli, city, error);
    const char *out = wf_cli_option(cli, "out");
    if (strcmp(action, "export") == 0 && out != NULL)
        return export_table(cli, city, out, error);
    if (strcmp(action, "export") == 0)
        return do_files(cli, city, export_one, kept, error);
    if (strcmp(action, "retry") == 0)
        return do_files(cli, city, retry_one, kept, error);
    return wf_fail(error, WEFT_BAD_USAGE, "refused.action", "word", action, NULL);
}

// What export prints is a file: the drill's banner goes beside it, to the messages.
static weft_status open_city(wf_cli *cli, weft_city **ret, weft_error *error)
{
    if (strcmp(cli->arguments[1], "export") != 0)
        return wf_cli_open(cli, ret, error);
    WF_TRY(wf_cli_open_silently(cli, ret, error));
    if (!cli->json && weft_city_kind_of(*ret) == WEFT_CITY_DRILL)
        wf_cli_message(cli, "演练 DRILL");
    return WEFT_OK;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    keeping kept = {0};
    weft_status status = wf_cli_arguments(cli, 2, 3, &error);
    if (status == WEFT_OK)
        status = open_city(cli, &city, &error);
    if (status == WEFT_OK)
        status = act(cli, city, &kept, &error);
    wf_cli_close(cli, city);
    wf_buffer_done(&kept.header);
    return status == WEFT_OK ? kept.exit_code : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_refused = {
    .name = "refused",
    .arguments = "DIR list | DIR export [FILE] | DIR retry [FILE]",
    .zh = "拒收的行：列出、取出、重试",
    .en = "refused rows: list, take out, try again",
    .about_zh =
        "list 列出每次导入的拒收文件和原因；export "
        "原样输出行（带表头），修改后可再导入（--out "
        "写成表格，附行号和原因，再导入时这几列不取）；\n"
        "retry "
        "原样再导入一次（例如补上密钥、换了列对照文件之后），成功的行离开拒收文件。\n"
        "拒收的行密封保存，到期随当日数据一起清除。",
    .about_en =
        "list shows the files of refused rows and why; export prints the rows as they "
        "came, with\ntheir header, to be mended and imported (--out: as a table, with "
        "line and reason "
        "beside\neach row, which an import leaves out); retry imports them again "
        "as "
        "they are (after a\nkey was restored, or with another mapping). Rows are sealed "
        "and end with their day.",
    .options = options,
    .run = run,
};
