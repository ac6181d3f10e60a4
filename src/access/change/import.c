// Import and refused rows, as the API gives them: thin, the work is in src/load.
#include "weft/import.h"

#include <string.h>

#include "access/asked/case_number.h"
#include "access/asked/views.h"
#include "access/change/are_one.h"
#include "access/city/city.h"
#include "access/city/data_dir.h"
#include "access/city/numbers.h"
#include "desk/kinds.h"
#include "desk/tracing/check.h"
#include "load/import.h"
#include "load/refused.h"

static const char *const kind_names[WEFT_IMPORT_KIND_COUNT] = {
    [WEFT_IMPORT_PERSONS] = "persons",   [WEFT_IMPORT_PLACES] = "places",
    [WEFT_IMPORT_VISITS] = "visits",     [WEFT_IMPORT_ENCOUNTERS] = "encounters",
    [WEFT_IMPORT_CASES] = "cases",       [WEFT_IMPORT_FACTS] = "facts",
    [WEFT_IMPORT_CONTACTS] = "contacts", [WEFT_IMPORT_FOLLOWUPS] = "followups",
    [WEFT_IMPORT_RESULTS] = "results",   [WEFT_IMPORT_TUBES] = "tubes",
};

bool weft_import_kind_parse(const char *word, weft_import_kind *ret)
{
    for (size_t i = 0; i < WEFT_IMPORT_KIND_COUNT; i++) {
        if (strcmp(word, kind_names[i]) == 0) {
            *ret = (weft_import_kind)i;
            return true;
        }
    }
    return false;
}

const char *weft_import_kind_name(weft_import_kind kind)
{
    return kind_names[kind];
}

wf_import_city wf_city_import(const weft_city *city)
{
    bool real = city->kind == WEFT_CITY_REAL;
    wf_path profiles = {""};
    weft_error error = {0};
    WF_IGNORE(wf_data_dir(city->io, "mappings", &profiles, &error),
              "no profile is found then");
    return (wf_import_city){.profiles = profiles,
                            .io = city->io,
                            .outside = city->outside,
                            .city_dir = city->dir.text,
                            .zone = city->zone,
                            .keys = city->keys,
                            .visits = city->visits,
                            .store = city->store,
                            .kinds = wf_desk_kinds(),
                            .protocol = city->protocol,
                            .now = weft_city_now(city),
                            // The newest of its rows is no clock to judge others by.
                            .clocked = real || !weft_time_is_none(city->kept_clock),
                            .real = real,
                            .threads = city->threads};
}

static weft_status judge_names(void *context, const wf_fact *fact, weft_error *error)
{
    return wf_case_number_judge(context, fact, NULL, NULL, error);
}

static weft_status ask_numbers(void *context, const wf_fact *fact, weft_error *ret,
                               weft_error *error)
{
    return wf_case_number_warn(context, fact, NULL, NULL, ret, error);
}

// Of the owner, whose files name any case.
static wf_import_city named_import(weft_city *city)
{
    wf_import_city into = wf_city_import(city);
    into.names = judge_names;
    into.names_context = city;
    into.numbers = ask_numbers;
    into.numbers_context = city;
    return into;
}

weft_status weft_import(weft_city *city, weft_import_kind kind,
                        const weft_import_source *sources, size_t sources_count,
                        const weft_import_options *options, weft_import_summary *ret,
                        weft_error *error)
{
    wf_import_city into = named_import(city);
    wf_are_one ones = {.city = city};
    wf_are_one_use(&ones, &into);
    wf_register_refresh(city->reg);
    weft_status status =
        wf_import(&into, kind, sources, sources_count, options, ret, error);
    wf_are_one_done(&ones);
    return status;
}

weft_status weft_refused_retry(weft_city *city, const char *name,
                               const weft_import_options *options,
                               weft_import_summary *ret, weft_error *error)
{
    wf_import_city into = named_import(city);
    wf_are_one ones = {.city = city};
    wf_are_one_use(&ones, &into);
    wf_register_refresh(city->reg);
    weft_status status = wf_import_retry(&into, name, options, ret, error);
    wf_are_one_done(&ones);
    return status;
}

// ---- list ----

typedef __typeof__(((weft_refused_file *)NULL)->reasons[0]) counted;

static void note_params(counted *to, const wf_refused_row *row)
{
    for (size_t i = 0; i < row->params_count; i++)
        to->params[i] = row->params[i];
    to->params_count = row->params_count;
}

// What its rows do not share is no longer told.
static void join_params(counted *to, const wf_refused_row *row)
{
    for (size_t i = 0; i < to->params_count; i++) {
        weft_error_param *param = &to->params[i];
        bool same = i < row->params_count &&
                    strcmp(param->name, row->params[i].name) == 0 &&
                    strcmp(param->value, row->params[i].value) == 0;
        if (!same)
            memcpy(param->value, "…", sizeof "…");
    }
}

static void count_reason(weft_refused_file *file, const wf_refused_row *row)
{
    size_t i = 0;
    while (i < file->reasons_count &&
           !wf_text_equal(wf_text_of(file->reasons[i].code), row->code))
        i++;
    if (i == file->reasons_count) {
        if (i == WEFT_REFUSED_REASONS_MAX ||
            row->code.size >= sizeof file->reasons[i].code)
            return;
        memcpy(file->reasons[i].code, row->code.bytes, row->code.size);
        note_params(&file->reasons[i], row);
        file->reasons_count++;
    }
    join_params(&file->reasons[i], row);
    file->reasons[i].rows++;
    // Kept in order: a reason that has overtaken the one before it changes places.
    while (i > 0 && file->reasons[i].rows > file->reasons[i - 1].rows) {
        counted swap = file->reasons[i];
        file->reasons[i] = file->reasons[i - 1];
        file->reasons[--i] = swap;
    }
}

static weft_status about_file(const wf_refused_folder *folder, const char *name,
                              weft_refused_file *ret, weft_error *error)
{
    wf_refused_reader *reader = NULL;
    wf_refused_item item = {0};
    weft_refused_file file = {0};
    weft_status status = WEFT_OK;
    WF_TRY(wf_refused_reader_open(folder, name, &reader, error));
    do {
        status = wf_refused_next(reader, &item, error);
        if (status == WEFT_OK && item.what == WF_REFUSED_ROW)
            count_reason(&file, &item.row);
    } while (status == WEFT_OK && item.what != WF_REFUSED_END);
    const wf_refused_about *about = wf_refused_reader_about(reader);
    file.damaged = status == WEFT_DAMAGED;
    memcpy(file.name, about->name, sizeof file.name);
    file.received = about->received;
    file.kind = about->kind;
    file.rows = about->rows;
    file.unreadable = about->unreadable;
    wf_refused_reader_close(reader);
    if (status != WEFT_OK && status != WEFT_DAMAGED)
        return status;
    *ret = file;
    return WEFT_OK;
}

// By rows of whoever asks, which no import holds up.
static weft_status refuses(void *context, const wf_fact *fact, weft_error *error)
{
    weft_city *city = context;
    wf_references *references;
    WF_TRY(wf_city_references(city, &references, error));
    return wf_tracing_refuses(wf_numbers_of(city->visits), wf_references_rows(references),
                              fact, error);
}

weft_status wf_city_preview(weft_city *city, weft_import_kind kind,
                            const weft_import_source *source,
                            const weft_import_options *options,
                            const wf_import_scope *scope, weft_preview *ret,
                            weft_error *error)
{
    wf_import_city into = wf_city_import(city);
    into.refuses = refuses;
    into.refuses_context = city;
    into.scope = scope;
    wf_are_one ones = {.city = city};
    wf_are_one_use(&ones, &into);
    weft_status status = wf_import_preview(&into, kind, source, options,
                                           wf_city_new_answer(city), ret, error);
    wf_are_one_done(&ones);
    return status;
}

weft_status weft_import_preview(weft_city *city, weft_import_kind kind,
                                const weft_import_source *source,
                                const weft_import_options *options, weft_preview *ret,
                                weft_error *error)
{
    return wf_city_preview(city, kind, source, options, NULL, ret, error);
}

weft_status weft_refused_names(weft_city *city, const char *after,
                               char (*ret)[WEFT_REFUSED_NAME_MAX], size_t max,
                               size_t *ret_count, weft_error *error)
{
    _Static_assert((int)WEFT_REFUSED_NAME_MAX == (int)WF_REFUSED_NAME_MAX, "one size");
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    return wf_refused_names(&folder, after, ret, max, ret_count, error);
}

weft_status weft_refused_list(weft_city *city,
                              bool (*each)(void *context, const weft_refused_file *file),
                              void *context, weft_error *error)
{
    enum { together = 256 };
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    size_t count = 0;
    do {
        WF_TRY(wf_refused_names(&folder, after, names, together, &count, error));
        for (size_t i = 0; i < count; i++) {
            weft_refused_file file;
            WF_TRY(about_file(&folder, names[i], &file, error));
            if (!each(context, &file))
                return WEFT_OK;
        }
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count > 0);
    return WEFT_OK;
}

// ---- export ----

typedef struct {
    bool (*each)(void *context, const weft_refused_row *row);
    void *context;
    wf_buffer source, header; // of the rows that follow; the name is ended by NUL
} exporting;

static weft_status note_source(exporting *to, const wf_refused_item *item,
                               weft_error *error)
{
    wf_buffer_clear(&to->source);
    wf_buffer_clear(&to->header);
    if (!wf_buffer_append(&to->source, item->name.bytes, item->name.size) ||
        !wf_buffer_append(&to->source, "", 1) ||
        !wf_buffer_append(&to->header, item->header.bytes, item->header.size))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static bool give_row(const exporting *to, const wf_refused_row *row)
{
    char code[64] = "", field[64] = "";
    if (row->code.size < sizeof code)
        memcpy(code, row->code.bytes, row->code.size);
    if (row->field.size < sizeof field)
        memcpy(field, row->field.bytes, row->field.size);
    weft_refused_row given = {.source = to->source.size > 0 ? to->source.bytes : "",
                              .line = row->line,
                              .code = code,
                              .field = field,
                              .params = row->params,
                              .params_count = row->params_count,
                              .header = to->header.bytes,
                              .header_size = to->header.size,
                              .row = row->raw.bytes,
                              .row_size = row->raw.size};
    return to->each(to->context, &given);
}

static weft_status export_rows(wf_refused_reader *reader, exporting *to,
                               weft_error *error)
{
    wf_refused_item item;
    do {
        WF_TRY(wf_refused_next(reader, &item, error));
        if (item.what == WF_REFUSED_SOURCE)
            WF_TRY(note_source(to, &item, error));
        if (item.what == WF_REFUSED_ROW && !give_row(to, &item.row))
            return WEFT_OK;
    } while (item.what != WF_REFUSED_END);
    return WEFT_OK;
}

weft_status weft_refused_export(weft_city *city, const char *name,
                                bool (*each)(void *context, const weft_refused_row *row),
                                void *context, weft_error *error)
{
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    wf_refused_reader *reader = NULL;
    exporting to = {.each = each, .context = context};
    WF_TRY(wf_refused_reader_open(&folder, name, &reader, error));
    weft_status status = export_rows(reader, &to, error);
    wf_refused_reader_close(reader);
    wf_buffer_done(&to.source);
    wf_buffer_wipe(&to.header);
    return status;
}
