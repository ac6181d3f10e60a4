#include "access/asked/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/numbers.h"
#include "desk/kinds.h"
#include "desk/queries.h"
#include "desk/testing/counted.h"
#include "wire/facts.h"

enum { limit_default = 100 };

// ---- what a view is ----

static weft_column_type type_of(wf_column_type type)
{
    switch (type) {
    case WF_COLUMN_DATE:
        return WEFT_COLUMN_DATE;
    case WF_COLUMN_TIME:
        return WEFT_COLUMN_TIME;
    case WF_COLUMN_NUMBER:
        return WEFT_COLUMN_REAL;
    case WF_COLUMN_YESNO:
        return WEFT_COLUMN_YESNO;
    case WF_COLUMN_INTEGER:
        return WEFT_COLUMN_WHOLE;
    default:
        return WEFT_COLUMN_TEXT;
    }
}

static weft_view_column column_of(const char *name, const wf_column *about)
{
    return (weft_view_column){.name = name,
                              .type = type_of(about->type),
                              .unit = about->unit,
                              .title_zh = about->zh,
                              .title_en = about->en,
                              .is_person = about->personal};
}

// "-sealed_at" is made where it falls.
static const char *sort_name(const wf_sql_file *file, size_t sort, wf_arena *arena)
{
    const char *name = file->columns[file->sorts[sort].column].name;
    if (!file->sorts[sort].falls)
        return name;
    size_t size = strlen(name) + 2;
    char *made = wf_arena_new(arena, size);
    if (made != NULL)
        WF_ASSERT(snprintf(made, size, "-%s", name) == (int)size - 1);
    return made;
}

static bool describe(const wf_sql_file *file, wf_arena *arena, weft_view_about *ret)
{
    _Static_assert(WEFT_VIEW_COLUMNS_MAX == WF_SQL_COLUMNS_MAX &&
                       WEFT_VIEW_LIST_MAX == WF_SQL_LIST_MAX,
                   "a view has room");
    *ret = (weft_view_about){.name = file->name,
                             .title_zh = file->title_zh,
                             .title_en = file->title_en,
                             .about_zh = file->about_zh,
                             .about_en = file->about_en,
                             .personal = file->personal,
                             .has_grid = file->scope != SIZE_MAX,
                             .columns_count = file->columns_count,
                             .parameters_count = file->parameters_count,
                             .filters_count = file->filters_count,
                             .sorts_count = file->sorts_count};
    for (size_t i = 0; i < file->columns_count; i++)
        ret->columns[i] = column_of(file->columns[i].name, file->columns[i].about);
    for (size_t i = 0; i < file->parameters_count; i++)
        ret->parameters[i] =
            column_of(file->parameters[i].name, file->parameters[i].about);
    for (size_t i = 0; i < file->filters_count; i++)
        ret->filters[i] = file->columns[file->filters[i]].name;
    bool done = true;
    for (size_t i = 0; done && i < file->sorts_count; i++) {
        ret->sorts[i] = sort_name(file, i, arena);
        done = ret->sorts[i] != NULL;
    }
    return done;
}

// ---- opening ----

void wf_city_views_close(wf_city_views *views)
{
    if (views == NULL)
        return;
    wf_references_close(views->references);
    wf_views_close(views->views);
    wf_arena_done(&views->arena);
    free(views->abouts);
    free(views->computed);
    free(views);
}

// The functions of the desks, and those that ask what follows the rows of this city.
static weft_status find_computed(const weft_city *city, wf_city_views *views,
                                 size_t *ret_count, weft_error *error)
{
    size_t count;
    const wf_view_computed *of_desks = wf_desk_computed(&count);
    views->computed = calloc(count + WF_COUNTED_VIEWS + 1, sizeof *views->computed);
    if (views->computed == NULL)
        return wf_fail_memory(error);
    memcpy(views->computed, of_desks, count * sizeof *of_desks);
    wf_counted_views(city->counter, views->computed + count);
    views->computed[count + WF_COUNTED_VIEWS] = wf_place_names_view(city->place_names);
    *ret_count = count + WF_COUNTED_VIEWS + 1;
    return WEFT_OK;
}

static weft_status open_in(weft_city *city, wf_city_views *views, weft_error *error)
{
    wf_views_options options = {.store = city->store,
                                .keys = city->keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(city->visits),
                                .protocol = city->protocol,
                                .zone = city->zone};
    options.beside = wf_desk_beside();
    options.same_person = wf_desk_same_person();
    options.texts = wf_desk_views(&options.texts_count);
    WF_TRY(find_computed(city, views, &options.computed_count, error));
    options.computed = views->computed;
    WF_TRY(wf_views_open(&options, &views->views, error));
    size_t count = wf_views_count(views->views);
    views->abouts = calloc(count + 1, sizeof *views->abouts);
    if (views->abouts == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        if (!describe(wf_view_file(wf_views_at(views->views, i)), &views->arena,
                      &views->abouts[i]))
            return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status open_views(weft_city *city, weft_error *error)
{
    if (city->views != NULL)
        return WEFT_OK;
    wf_city_views *views = calloc(1, sizeof *views);
    if (views == NULL)
        return wf_fail_memory(error);
    weft_status status = open_in(city, views, error);
    if (status != WEFT_OK) {
        wf_city_views_close(views);
        return status;
    }
    city->views = views;
    return WEFT_OK;
}

weft_status wf_city_references(weft_city *city, wf_references **ret, weft_error *error)
{
    WF_TRY(open_views(city, error));
    if (city->views->references == NULL)
        WF_TRY(wf_references_open(city->store, wf_numbers_of(city->visits),
                                  &city->views->references, error));
    *ret = city->views->references;
    return WEFT_OK;
}

weft_status weft_views_list(weft_city *city, const weft_view_about **ret,
                            size_t *ret_count, weft_error *error)
{
    WF_TRY(open_views(city, error));
    *ret = city->views->abouts;
    *ret_count = wf_views_count(city->views->views);
    return WEFT_OK;
}

// ---- what is asked ----

// A person without a number is in no row, and a grid that is no code holds nothing.
bool wf_city_beside(const weft_city *city, const weft_beside *from, wf_beside *ret)
{
    const wf_ids *ids = wf_visits_ids(city->visits);
    wf_text person = wf_text_of(from->person != NULL ? from->person : "");
    wf_grid_area area;
    *ret = (wf_beside){.grid = wf_text_of(from->grid),
                       .user = wf_text_of(from->user != NULL ? from->user : ""),
                       .person = WF_NUMBER_NONE};
    if (person.size > 0 && person.size <= WF_ID_BYTES_MAX)
        ret->person = wf_ids_find(ids, WF_ID_PERSON, person);
    return wf_grid_area_of(ret->grid, &area);
}

// Parameters and filters as the fields of a kind, so that they are read as fields are.
typedef struct {
    wf_column fields[2 * WF_SQL_LIST_MAX];
    wf_kind kind;
    wf_value values[WF_FIELDS_MAX];
} asked;

static void add_field(asked *to, const char *name, const wf_column *about)
{
    wf_column *field = &to->fields[to->kind.fields_count++];
    *field = *about;
    field->name = name;
    field->list = false;
    field->required = false;
}

static void expect(const wf_sql_file *file, asked *ret)
{
    _Static_assert(2 * WF_SQL_LIST_MAX <= WF_FIELDS_MAX, "there is room");
    *ret = (asked){.kind = {.name = file->name}};
    for (size_t i = 0; i < file->parameters_count; i++)
        add_field(ret, file->parameters[i].name, file->parameters[i].about);
    for (size_t i = 0; i < file->filters_count; i++)
        add_field(ret, file->columns[file->filters[i]].name,
                  file->columns[file->filters[i]].about);
    ret->kind.fields = ret->fields;
}

// Rows have facts as texts.
static bool name_fact(wf_arena *arena, wf_value *value)
{
    char text[WF_FACT_TEXT_MAX + 2];
    int size = snprintf(text, sizeof text, "%.*s/%lld", (int)value->fact.device.size,
                        value->fact.device.bytes, (long long)value->fact.seq);
    WF_ASSERT(size > 0 && (size_t)size < sizeof text);
    value->text = wf_arena_text(arena, (wf_text){text, (size_t)size});
    return value->text.bytes != NULL;
}

static weft_status read_field(const weft_city *city, const char *text, wf_arena *arena,
                              asked *to, weft_error *error)
{
    wf_text name = {text, strcspn(text, "=")};
    if (wf_kind_field(&to->kind, name) == SIZE_MAX)
        return wf_fail(error, WEFT_BAD_INPUT, "view.field", "view", to->kind.name, NULL);
    return wf_facts_field(&to->kind, city->zone, wf_text_of(text), arena, to->values,
                          error);
}

// A word that is none of the list would find nothing, and nobody would know why.
static weft_status settle_field(const wf_column *field, wf_value *value, wf_arena *arena,
                                weft_error *error)
{
    if (!value->given)
        return WEFT_OK;
    if (field->type == WF_COLUMN_WORD && !wf_column_takes_text(field, value->text)) {
        wf_error_at(error, NULL, 0, field->name);
        return wf_fail(error, WEFT_BAD_INPUT, "view.word", NULL);
    }
    return field->type != WF_COLUMN_FACT || name_fact(arena, value)
               ? WEFT_OK
               : wf_fail_memory(error);
}

static weft_status read_fields(const weft_city *city, const weft_view_question *question,
                               const wf_sql_file *file, wf_arena *arena, asked *to,
                               weft_error *error)
{
    for (size_t i = 0; i < question->fields_count; i++)
        WF_TRY(read_field(city, question->fields[i], arena, to, error));
    for (size_t i = 0; i < file->parameters_count; i++)
        if (!to->values[i].given) {
            wf_error_at(error, NULL, 0, file->parameters[i].name);
            return wf_fail(error, WEFT_BAD_INPUT, "view.parameter", "view", file->name,
                           "name", file->parameters[i].name, NULL);
        }
    for (size_t i = 0; i < to->kind.fields_count; i++)
        WF_TRY(settle_field(&to->fields[i], &to->values[i], arena, error));
    return WEFT_OK;
}

static weft_status find_sort(const weft_view_about *about, const char *sort, size_t *ret,
                             weft_error *error)
{
    size_t at = 0;
    while (sort != NULL && at < about->sorts_count && strcmp(sort, about->sorts[at]) != 0)
        at++;
    if (at == about->sorts_count)
        return wf_fail(error, WEFT_BAD_INPUT, "view.sort", "view", about->name, NULL);
    *ret = at;
    return WEFT_OK;
}

// A question, as the runner of views has it.
typedef struct {
    wf_view *view;
    const weft_view_about *about;
    asked fields;
    wf_beside beside;
    wf_view_question question;
} reading;

static weft_status find_view(weft_city *city, const char *name, reading *ret,
                             weft_error *error)
{
    WF_TRY(open_views(city, error));
    const wf_views *views = city->views->views;
    ret->view = wf_views_find(views, wf_text_of(name));
    if (ret->view == NULL)
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    for (size_t i = 0; i < wf_views_count(views); i++)
        if (wf_views_at(views, i) == ret->view)
            ret->about = &city->views->abouts[i];
    return WEFT_OK;
}

static weft_status make_ready(weft_city *city, const weft_view_question *question,
                              wf_arena *arena, reading *ret, weft_error *error)
{
    size_t sort = 0;
    WF_TRY(find_view(city, question->view, ret, error));
    const wf_sql_file *file = wf_view_file(ret->view);
    expect(file, &ret->fields);
    WF_TRY(read_fields(city, question, file, arena, &ret->fields, error));
    WF_TRY(find_sort(ret->about, question->sort, &sort, error));
    if (question->limit > WF_VIEW_LIMIT_MAX)
        return wf_fail(error, WEFT_BAD_INPUT, "view.limit", NULL);
    ret->question = (wf_view_question){
        .sort = sort,
        .grid = wf_text_of(question->grid != NULL ? question->grid : ""),
        .parameters = ret->fields.values,
        .filters = ret->fields.values + file->parameters_count,
        .after = wf_text_of(question->after != NULL ? question->after : ""),
        .limit = question->limit == 0 ? limit_default : question->limit,
        .now = weft_city_now(city)};
    if (question->beside != NULL && wf_city_beside(city, question->beside, &ret->beside))
        ret->question.beside = &ret->beside;
    return WEFT_OK;
}

// ---- what comes of it ----

// Texts of pages are ended by NUL, for they are copies in an arena.
static weft_status convert(const reading *from, const wf_view_page *page, wf_arena *arena,
                           weft_view_page *ret, weft_error *error)
{
    size_t count = page->rows_count * page->columns_count;
    weft_view_value *values = wf_arena_array(arena, count + 1, sizeof *values);
    if (values == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const wf_value *value = &page->values[i];
        values[i] =
            (weft_view_value){.given = value->given,
                              .text = value->text.size > 0 ? value->text.bytes : "",
                              .number = value->number,
                              .real = value->real};
    }
    *ret = (weft_view_page){
        .about = from->about,
        .values = values,
        .rows_count = page->rows_count,
        .next = page->next.size > 0 ? page->next.bytes : NULL,
        .as_of = {page->as_of.position, page->as_of.at, page->as_of.complete}};
    return WEFT_OK;
}

weft_status weft_view_read(weft_city *city, const weft_view_question *question,
                           weft_view_page *ret, weft_error *error)
{
    wf_arena *arena = wf_city_new_answer(city);
    reading asking = {0};
    wf_view_page page;
    WF_TRY(make_ready(city, question, arena, &asking, error));
    WF_TRY(wf_view_ask(asking.view, &asking.question, arena, &page, error));
    return convert(&asking, &page, arena, ret, error);
}

typedef struct {
    const reading *asking;
    bool (*each)(void *context, const weft_view_page *part);
    void *context;
} receiver;

static weft_status hand_on(void *context, const wf_view_page *page, weft_error *error)
{
    const receiver *to = context;
    wf_arena arena = {0};
    weft_view_page part;
    weft_status status = convert(to->asking, page, &arena, &part, error);
    if (status == WEFT_OK && !to->each(to->context, &part))
        status = wf_fail(error, WEFT_INTERRUPTED, "view.stopped", NULL);
    wf_arena_done(&arena);
    return status;
}

weft_status wf_city_view_all(weft_city *city, const weft_view_question *question,
                             bool (*each)(void *context, const weft_view_page *part),
                             void *context, wf_arena *arena, weft_view_as_of *ret,
                             weft_error *error)
{
    reading asking = {0};
    receiver to = {.asking = &asking, .each = each, .context = context};
    wf_view_as_of as_of = {0};
    WF_TRY(make_ready(city, question, arena, &asking, error));
    WF_TRY(wf_view_all(asking.view, &asking.question, hand_on, &to, &as_of, error));
    *ret = (weft_view_as_of){as_of.position, as_of.at, as_of.complete};
    return WEFT_OK;
}

weft_status weft_view_read_all(weft_city *city, const weft_view_question *question,
                               bool (*each)(void *context, const weft_view_page *part),
                               void *context, weft_view_as_of *ret, weft_error *error)
{
    return wf_city_view_all(city, question, each, context, wf_city_new_answer(city), ret,
                            error);
}
