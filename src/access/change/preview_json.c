#include "access/change/preview_json.h"

// ---- words of an answer ----

static json_t *part(const weft_error *why, wf_error_part which, wf_language language)
{
    wf_buffer text = {0};
    json_t *made = NULL;
    if (wf_error_part_text(why, which, language, &text))
        made = json_stringn(text.bytes != NULL ? text.bytes : "", text.size);
    wf_buffer_done(&text);
    return made;
}

json_t *wf_preview_why_json(const weft_error *why, wf_language language,
                            wf_error_part hint)
{
    return json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:o}", "line", (json_int_t)why->line, "code",
        why->code, "field", why->field, "reason", part(why, WF_PART_MESSAGE, language),
        "detail", part(why, WF_PART_DETAIL, language), "hint", part(why, hint, language));
}

// Takes `one` over; false without memory.
static bool put(json_t *list, json_t *one)
{
    return json_array_append_new(list, one) == 0;
}

// What lacks something is not given at all: an answer is whole, or it is an error.
static json_t *none_of(json_t *part)
{
    json_decref(part);
    return NULL;
}

// ---- its parts ----

static json_t *top_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->top_count; i++)
        if (!put(list, json_pack("{s:I, s:s}", "line", (json_int_t)preview->top[i].line,
                                 "text", preview->top[i].text)))
            return none_of(list);
    return list;
}

static json_t *columns_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->columns_count; i++) {
        const weft_preview_column *column = &preview->columns[i];
        json_t *fields = json_array();
        for (size_t f = 0; f < 4 && column->fields[f] != NULL; f++)
            if (!put(fields, json_string(column->fields[f]))) {
                json_decref(fields);
                return none_of(list);
            }
        if (!put(list, json_pack("{s:s, s:o}", "title", column->title, "fields", fields)))
            return none_of(list);
    }
    return list;
}

static json_t *fields_json(const weft_preview *preview)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->fields_count; i++) {
        const weft_preview_field *field = &preview->fields[i];
        if (!put(list,
                 json_pack("{s:s, s:b, s:b, s:I, s:I, s:I}", "field", field->name,
                           "required", (int)field->required, "bound", (int)field->bound,
                           "dates_asked", (json_int_t)field->asked, "only_day_first",
                           (json_int_t)field->only_day_first, "only_month_first",
                           (json_int_t)field->only_month_first)))
            return none_of(list);
    }
    return list;
}

static json_t *warnings_json(const weft_preview_row *row, wf_language language,
                             wf_error_part hint)
{
    json_t *list = json_array();
    for (size_t i = 0; i < row->warnings_count; i++)
        if (!put(list, wf_preview_why_json(&row->warnings[i], language, hint)))
            return none_of(list);
    return list;
}

static json_t *row_json(const weft_preview *preview, const weft_preview_row *row,
                        wf_language language, wf_error_part hint)
{
    json_t *values = json_object();
    weft_error why = {.code = row->code, .line = row->line};
    if (row->field != NULL)
        wf_error_at(&why, NULL, row->line, row->field);
    for (size_t f = 0; f < preview->fields_count; f++)
        if (row->values[f][0] != '\0' &&
            json_object_set_new(values, preview->fields[f].name,
                                json_string(row->values[f])) != 0)
            return none_of(values);
    return json_pack("{s:I, s:o, s:o, s:o}", "line", (json_int_t)row->line, "values",
                     values, "refused",
                     row->code != NULL ? wf_preview_why_json(&why, language, hint)
                                       : json_null(),
                     "warnings", warnings_json(row, language, hint));
}

static json_t *rows_json(const weft_preview *preview, wf_language language,
                         wf_error_part hint)
{
    json_t *list = json_array();
    for (size_t i = 0; i < preview->rows_count; i++)
        if (!put(list, row_json(preview, &preview->rows[i], language, hint)))
            return none_of(list);
    return list;
}

// ---- the whole ----

weft_status wf_preview_json(const weft_preview *preview, wf_language language,
                            wf_error_part hint, json_t **ret, weft_error *error)
{
    bool wrong = preview->problem.status != WEFT_OK, has = preview->header_line > 0;
    json_t *made = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:b, s:I, s:o}", "header",
        has ? json_integer((json_int_t)preview->header_line) : json_null(), "top",
        top_json(preview), "columns", columns_json(preview), "fields",
        fields_json(preview), "rows", rows_json(preview, language, hint), "rows_read",
        (json_int_t)preview->rows_read, "refused", (json_int_t)preview->refused, "warned",
        (json_int_t)preview->warned, "joinable", (json_int_t)preview->joinable, "joins",
        (int)preview->joins, "waiting", (json_int_t)preview->waiting, "problem",
        wrong ? wf_preview_why_json(&preview->problem, language, hint) : json_null());
    if (made == NULL)
        return wf_fail_memory(error);
    *ret = made;
    return WEFT_OK;
}
