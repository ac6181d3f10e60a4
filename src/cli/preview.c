#include "cli/preview.h"

#include "access/change/preview_json.h"

// ---- for people ----

static void say_columns(wf_cli *cli, const weft_preview *preview)
{
    for (size_t i = 0; i < preview->columns_count; i++) {
        const weft_preview_column *column = &preview->columns[i];
        wf_cli_print(cli, "  %s →", column->title);
        if (column->fields[0] == NULL)
            wf_cli_print(cli, " %s", wf_cli_choose(cli, "（不取）", "(left out)"));
        for (size_t f = 0; f < 4 && column->fields[f] != NULL; f++)
            wf_cli_print(cli, "%s%s", f == 0 ? " " : ", ", column->fields[f]);
        wf_cli_print(cli, "\n");
    }
    for (size_t i = 0; i < preview->fields_count; i++) {
        const weft_preview_field *field = &preview->fields[i];
        if (!field->bound)
            wf_cli_print(
                cli, "  %s → %s%s\n", wf_cli_choose(cli, "（没有）", "(none)"),
                field->name,
                field->required ? wf_cli_choose(cli, "，必需", ", which is needed") : "");
    }
}

static void say_dates(wf_cli *cli, const weft_preview *preview)
{
    for (size_t i = 0; i < preview->fields_count; i++) {
        const weft_preview_field *field = &preview->fields[i];
        if (field->asked == 0)
            continue;
        wf_cli_print(
            cli,
            wf_cli_choose(cli,
                          "%s：%llu 个日期须说明先后（--dates），其中 %llu 个只能先日，"
                          "%llu 个只能先月\n",
                          "%s: of %llu dates the order has to be said (--dates); "
                          "%llu can only have the day first, %llu the month\n"),
            field->name, (unsigned long long)field->asked,
            (unsigned long long)field->only_day_first,
            (unsigned long long)field->only_month_first);
    }
}

// What is said of a row that is refused or looks wrong.
static weft_status say_why(wf_cli *cli, const char *lead, const weft_error *why,
                           const char *field, weft_error *error)
{
    wf_buffer text = {0};
    bool made = wf_error_part_text(why, WF_PART_MESSAGE, cli->language, &text);
    if (made)
        wf_cli_print(cli, "  ← %s%s%s%.*s", lead, field, field[0] != '\0' ? ": " : "",
                     (int)text.size, text.bytes);
    wf_buffer_done(&text);
    return made ? WEFT_OK : wf_fail_memory(error);
}

static weft_status say_row(wf_cli *cli, const weft_preview *preview,
                           const weft_preview_row *row, weft_error *error)
{
    weft_error why = {.code = row->code};
    wf_cli_print(cli, "%6llu ", (unsigned long long)row->line);
    for (size_t f = 0; f < preview->fields_count; f++)
        if (row->values[f][0] != '\0')
            wf_cli_print(cli, " %s=%s", preview->fields[f].name, row->values[f]);
    if (row->code != NULL)
        WF_TRY(say_why(cli, "", &why, row->field != NULL ? row->field : "", error));
    for (size_t i = 0; i < row->warnings_count; i++)
        WF_TRY(say_why(cli, wf_cli_choose(cli, "请核对 ", "look again at "),
                       &row->warnings[i], row->warnings[i].field, error));
    wf_cli_print(cli, "\n");
    return WEFT_OK;
}

// Where the header is not where one looks first.
static void say_header(wf_cli *cli, const weft_preview *preview)
{
    if (preview->header_line > 1)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "表头取第 %llu 行（--header 可指定）\n",
                                   "the header is line %llu (--header says another)\n"),
                     (unsigned long long)preview->header_line);
}

static void say_joinable(wf_cli *cli, const weft_preview *preview)
{
    const char *zh = preview->joins
                         ? "用其他编号称呼已有病例、将归入该病例的：%llu 行\n"
                         : "用其他编号称呼已有病例的：%llu 行；照此导入各成为第二个病例，"
                           "确为同一病例的加 --join 导入\n";
    const char *en =
        preview->joins
            ? "rows that name a case by another of its numbers, and are of it: %llu\n"
            : "rows that name a case by another of its numbers: %llu; they become second "
              "cases; where they are the same ones import with --join\n";
    wf_cli_print(cli, wf_cli_choose(cli, zh, en), (unsigned long long)preview->joinable);
}

static weft_status say_to_people(wf_cli *cli, const weft_preview *preview,
                                 weft_error *error)
{
    say_header(cli, preview);
    say_columns(cli, preview);
    say_dates(cli, preview);
    for (size_t i = 0; i < preview->rows_count; i++)
        WF_TRY(say_row(cli, preview, &preview->rows[i], error));
    if (preview->problem.status == WEFT_OK)
        wf_cli_print(
            cli,
            wf_cli_choose(cli, "共 %llu 行，会拒收 %llu 行；什么都没有存下\n",
                          "rows: %llu; would be refused: %llu; nothing was stored\n"),
            (unsigned long long)preview->rows_read, (unsigned long long)preview->refused);
    if (preview->problem.status == WEFT_OK && preview->warned > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "其中会接收、但须核对的：%llu 行\n",
                                   "rows that would be taken and look wrong: %llu\n"),
                     (unsigned long long)preview->warned);
    if (preview->problem.status == WEFT_OK && preview->joinable > 0)
        say_joinable(cli, preview);
    if (preview->problem.status == WEFT_OK && preview->waiting > 0)
        wf_cli_print(
            cli,
            wf_cli_choose(cli,
                          "已按其他编号登记的接触者：%llu 人；之后再导入一次"
                          "其名单，即归入病例\n",
                          "contacts under other numbers of these cases: %llu; "
                          "import their list once more after it, and they join\n"),
            (unsigned long long)preview->waiting);
    return WEFT_OK;
}

// ---- both ----

int wf_preview_say(wf_cli *cli, const weft_preview *preview)
{
    weft_error error = {0};
    json_t *made = NULL;
    weft_status status =
        cli->json ? wf_preview_json(preview, cli->language, WF_PART_HINT, &made, &error)
                  : say_to_people(cli, preview, &error);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (cli->json)
        wf_cli_json(cli, made);
    return preview->problem.status != WEFT_OK ? wf_cli_fail(cli, &preview->problem) : 0;
}
