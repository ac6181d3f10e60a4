#include "cli/preview.h"

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

static void say_row(wf_cli *cli, const weft_preview *preview, const weft_preview_row *row)
{
    wf_buffer text = {0};
    wf_cli_print(cli, "%6llu ", (unsigned long long)row->line);
    for (size_t f = 0; f < preview->fields_count; f++)
        if (row->values[f][0] != '\0')
            wf_cli_print(cli, " %s=%s", preview->fields[f].name, row->values[f]);
    weft_error why = {.code = row->code};
    if (row->code != NULL &&
        wf_error_part_text(&why, WF_PART_MESSAGE, cli->language, &text))
        wf_cli_print(cli, "  ← %s%s%.*s", row->field != NULL ? row->field : "",
                     row->field != NULL ? ": " : "", (int)text.size, text.bytes);
    wf_buffer_done(&text);
    wf_cli_print(cli, "\n");
}

static void say_to_people(wf_cli *cli, const weft_preview *preview)
{
    say_columns(cli, preview);
    say_dates(cli, preview);
    for (size_t i = 0; i < preview->rows_count; i++)
        say_row(cli, preview, &preview->rows[i]);
    if (preview->problem.status == WEFT_OK)
        wf_cli_print(
            cli,
            wf_cli_choose(cli, "共 %llu 行，按本行就会拒收 %llu 行；什么都没有存下\n",
                          "rows: %llu; refused by their own line: %llu; nothing was "
                          "stored\n"),
            (unsigned long long)preview->rows_read, (unsigned long long)preview->refused);
}

// ---- for programs ----

static json_t *names_json(const char *const *names, size_t most)
{
    json_t *list = json_array();
    for (size_t i = 0; i < most && names[i] != NULL; i++)
        if (json_array_append_new(list, json_string(names[i])) != 0)
            break;
    return list;
}

static json_t *columns_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->columns_count; i++)
        if (json_array_append_new(
                list, json_pack("{s:s, s:o}", "title", preview->columns[i].title,
                                "fields", names_json(preview->columns[i].fields, 4))) !=
            0)
            break;
    return list;
}

static json_t *fields_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->fields_count; i++) {
        const weft_preview_field *field = &preview->fields[i];
        if (json_array_append_new(
                list,
                json_pack("{s:s, s:b, s:b, s:I, s:I, s:I}", "field", field->name,
                          "required", (int)field->required, "bound", (int)field->bound,
                          "dates_asked", (json_int_t)field->asked, "only_day_first",
                          (json_int_t)field->only_day_first, "only_month_first",
                          (json_int_t)field->only_month_first)) != 0)
            break;
    }
    return list;
}

static json_t *rows_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->rows_count; i++) {
        const weft_preview_row *row = &preview->rows[i];
        json_t *values = json_object();
        for (size_t f = 0; f < preview->fields_count; f++)
            if (row->values[f][0] != '\0' &&
                json_object_set_new(values, preview->fields[f].name,
                                    json_string(row->values[f])) != 0)
                break;
        if (json_array_append_new(list,
                                  json_pack("{s:I, s:s?, s:s?, s:o}", "line",
                                            (json_int_t)row->line, "code", row->code,
                                            "field", row->field, "values", values)) != 0)
            break;
    }
    return list;
}

int wf_preview_say(wf_cli *cli, const weft_preview *preview)
{
    bool wrong = preview->problem.status != WEFT_OK;
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:o, s:o, s:o, s:I, s:I, s:s?}", "columns",
                                   columns_json(preview), "fields", fields_json(preview),
                                   "rows", rows_json(preview), "rows_read",
                                   (json_int_t)preview->rows_read, "refused",
                                   (json_int_t)preview->refused, "problem",
                                   wrong ? preview->problem.code : NULL));
    else
        say_to_people(cli, preview);
    return wrong ? wf_cli_fail(cli, &preview->problem) : 0;
}
