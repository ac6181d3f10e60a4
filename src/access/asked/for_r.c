// An export for programs of statistics: tidy tables and a dictionary of their columns.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/asked/export.h"
#include "weft/lists.h"

// Which views, as which files. Names, phones, numbers of documents, and the words in
// which somebody is described whom nobody knows yet, stay here: nothing is reckoned with
// them.
static const struct {
    const char *view, *file;
} tables[] = {{"cases/cases", "linelist"},
              {"tracing/contacts", "contacts"},
              {"tracing/unidentified", "unidentified"},
              {"tracing/followups", "followups"},
              {"register/persons", "persons"}};

enum { tables_count = sizeof tables / sizeof tables[0], room_bytes = 64 };

static const char *const kept_back[] = {"name",      "phone", "id_number",
                                        "household", "needs", "description"};

static bool is_kept_back(const char *column)
{
    for (size_t i = 0; i < sizeof kept_back / sizeof kept_back[0]; i++)
        if (strcmp(kept_back[i], column) == 0)
            return true;
    return false;
}

static const char *class_of(const weft_view_column *column)
{
    switch (column->type) {
    case WEFT_COLUMN_DATE:
        return "Date";
    case WEFT_COLUMN_TIME:
        return "POSIXct";
    case WEFT_COLUMN_WHOLE:
        return "integer";
    case WEFT_COLUMN_REAL:
        return "numeric";
    case WEFT_COLUMN_YESNO:
        return "logical";
    case WEFT_COLUMN_TEXT:
        return "character";
    }
    WF_BUG("a type is one of the list");
}

static wf_cell cell_of(const weft_city *city, const weft_view_column *column,
                       const weft_view_value *value, char room[room_bytes])
{
    wf_cell cell = {.text = WF_TEXT("NA")};
    if (!value->given)
        return cell;
    switch (column->type) {
    case WEFT_COLUMN_TEXT:
        cell.text = wf_text_of(value->text);
        return cell;
    case WEFT_COLUMN_DATE:
        cell.text = wf_text_of(wf_day_text(room, (weft_day){(int32_t)value->number}));
        return cell;
    case WEFT_COLUMN_TIME:
        cell.text =
            wf_text_of(wf_time_text(room, (weft_time){value->number}, city->zone));
        return cell;
    case WEFT_COLUMN_YESNO:
        cell.text = value->number != 0 ? WF_TEXT("TRUE") : WF_TEXT("FALSE");
        return cell;
    case WEFT_COLUMN_WHOLE:
        snprintf(room, room_bytes, "%" PRId64, value->number);
        break;
    case WEFT_COLUMN_REAL:
        snprintf(room, room_bytes, "%.17g", value->real);
        break;
    }
    // A number less than zero is no formula.
    return (wf_cell){.text = wf_text_of(room), .is_number = true};
}

// ---- a table ----

typedef struct {
    weft_city *city;
    const weft_view_about *about;
    wf_export_table *to;
    uint64_t rows;
    weft_status status;
    weft_error *error;
} writing;

static weft_status put_row(writing *w, const weft_view_value *values)
{
    wf_cell cells[WEFT_VIEW_COLUMNS_MAX + 1];
    char rooms[WEFT_VIEW_COLUMNS_MAX][room_bytes];
    size_t count = 0;
    for (size_t i = 0; i < w->about->columns_count; i++)
        if (!is_kept_back(w->about->columns[i].name)) {
            cells[count] = cell_of(w->city, &w->about->columns[i], &values[i], rooms[i]);
            count++;
        }
    bool drill = w->city->kind == WEFT_CITY_DRILL;
    cells[count] = (wf_cell){.text = drill ? WF_TEXT("TRUE") : WF_TEXT("FALSE")};
    w->rows++;
    return wf_export_table_row(w->to, cells, w->error);
}

static bool take_part(void *context, const weft_view_page *part)
{
    writing *w = context;
    for (size_t i = 0; w->status == WEFT_OK && i < part->rows_count; i++)
        w->status = put_row(w, part->values + i * w->about->columns_count);
    return w->status == WEFT_OK;
}

static weft_status fill(void *context, wf_export_table *to, weft_error *error)
{
    writing *w = context;
    const weft_view_question question = {.view = w->about->name};
    weft_view_as_of as_of;
    weft_error inner = {0};
    w->to = to;
    w->error = &inner;
    weft_status status =
        weft_view_read_all(w->city, &question, take_part, w, &as_of, error);
    if (w->status != WEFT_OK)
        *error = inner;
    return w->status != WEFT_OK ? w->status : status;
}

static weft_status write_table(weft_city *city, const weft_view_about *about,
                               const char *name, const char *folder, uint64_t *ret_rows,
                               weft_error *error)
{
    wf_cell header[WEFT_VIEW_COLUMNS_MAX + 1];
    char file[64];
    wf_path path;
    size_t count = 0;
    writing w = {.city = city, .about = about};
    for (size_t i = 0; i < about->columns_count; i++)
        if (!is_kept_back(about->columns[i].name))
            header[count++] = (wf_cell){.text = wf_text_of(about->columns[i].name)};
    header[count++] = (wf_cell){.text = WF_TEXT("drill")};
    const wf_export_table_options how = {
        .header = header, .count = count, .name = name, .bare = true};
    snprintf(file, sizeof file, "%s.csv", name);
    WF_TRY(wf_path_join(folder, file, &path, error));
    WF_TRY(wf_export_table_write(city, &how, path.text, fill, &w, error));
    *ret_rows = w.rows;
    return WEFT_OK;
}

// ---- the dictionary ----

enum { dictionary_columns = 6 };

static const weft_view_about *find_view(const weft_view_about *abouts, size_t count,
                                        const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(abouts[i].name, name) == 0)
            return &abouts[i];
    WF_BUG("a view of the list is one of the desks'");
}

static weft_status put_column(wf_export_table *to, const char *file,
                              const weft_view_column *column, weft_error *error)
{
    const wf_cell cells[dictionary_columns] = {
        {.text = wf_text_of(file)},
        {.text = wf_text_of(column->name)},
        {.text = wf_text_of(class_of(column))},
        {.text = column->unit[0] != '\0' ? wf_text_of(column->unit) : WF_TEXT("NA")},
        {.text = wf_text_of(column->title_zh)},
        {.text = wf_text_of(column->title_en)}};
    return wf_export_table_row(to, cells, error);
}

static weft_status fill_dictionary(void *context, wf_export_table *to, weft_error *error)
{
    static const weft_view_column drill = {.name = "drill",
                                           .type = WEFT_COLUMN_YESNO,
                                           .unit = "",
                                           .title_zh = "演练：人是虚构的",
                                           .title_en =
                                               "a drill: the people are invented"};
    const weft_view_about *const *abouts = context;
    for (size_t t = 0; t < tables_count; t++) {
        for (size_t i = 0; i < abouts[t]->columns_count; i++)
            if (!is_kept_back(abouts[t]->columns[i].name))
                WF_TRY(put_column(to, tables[t].file, &abouts[t]->columns[i], error));
        WF_TRY(put_column(to, tables[t].file, &drill, error));
    }
    return WEFT_OK;
}

weft_status weft_export_for_r(weft_city *city, const char *folder,
                              void (*told)(void *context, const char *file,
                                           uint64_t rows),
                              void *context, weft_error *error)
{
    static const wf_cell header[dictionary_columns] = {
        {.text = {"file", 4}}, {.text = {"variable", 8}}, {.text = {"class", 5}},
        {.text = {"unit", 4}}, {.text = {"title_zh", 8}}, {.text = {"title_en", 8}}};
    const weft_view_about *all, *abouts[tables_count];
    size_t count;
    wf_path path;
    WF_TRY(weft_views_list(city, &all, &count, error));
    WF_TRY(wf_export_make_folder(city, folder, error));
    for (size_t i = 0; i < tables_count; i++) {
        uint64_t rows = 0;
        abouts[i] = find_view(all, count, tables[i].view);
        WF_TRY(write_table(city, abouts[i], tables[i].file, folder, &rows, error));
        told(context, tables[i].file, rows);
    }
    const wf_export_table_options how = {.header = header,
                                         .count = dictionary_columns,
                                         .name = "dictionary",
                                         .bare = true};
    WF_TRY(wf_path_join(folder, "dictionary.csv", &path, error));
    return wf_export_table_write(city, &how, path.text, fill_dictionary, abouts, error);
}
