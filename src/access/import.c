// Import and refused rows, as the API gives them: thin, the work is in src/load.
#include "weft/import.h"

#include <string.h>

#include "access/city.h"
#include "desk/kinds.h"
#include "load/import.h"
#include "load/refused.h"

static const char *const kind_names[WEFT_IMPORT_KIND_COUNT] = {
    [WEFT_IMPORT_PERSONS] = "persons", [WEFT_IMPORT_PLACES] = "places",
    [WEFT_IMPORT_VISITS] = "visits",   [WEFT_IMPORT_ENCOUNTERS] = "encounters",
    [WEFT_IMPORT_CASES] = "cases",
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

static wf_import_city city_of(const weft_city *city)
{
    bool real = city->kind == WEFT_CITY_REAL;
    return (wf_import_city){.io = city->io,
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

weft_status weft_import(weft_city *city, weft_import_kind kind,
                        const weft_import_source *sources, size_t sources_count,
                        const weft_import_options *options, weft_import_summary *ret,
                        weft_error *error)
{
    wf_import_city into = city_of(city);
    wf_register_refresh(city->reg);
    return wf_import(&into, kind, sources, sources_count, options, ret, error);
}

weft_status weft_refused_retry(weft_city *city, const char *name,
                               const weft_import_options *options,
                               weft_import_summary *ret, weft_error *error)
{
    wf_import_city into = city_of(city);
    wf_register_refresh(city->reg);
    return wf_import_retry(&into, name, options, ret, error);
}

// ---- list ----

static bool count_reason(void *context, const wf_refused_row *row)
{
    weft_refused_file *file = context;
    size_t i = 0;
    while (i < file->reasons_count &&
           !wf_text_equal(wf_text_of(file->reasons[i].code), row->code))
        i++;
    if (i == file->reasons_count) {
        if (i == WEFT_REFUSED_REASONS_MAX ||
            row->code.size >= sizeof file->reasons[i].code)
            return true;
        memcpy(file->reasons[i].code, row->code.bytes, row->code.size);
        file->reasons_count++;
    }
    file->reasons[i].rows++;
    // Kept in order: a reason that has overtaken the one before it changes places.
    while (i > 0 && file->reasons[i].rows > file->reasons[i - 1].rows) {
        __typeof__(file->reasons[0]) swap = file->reasons[i];
        file->reasons[i] = file->reasons[i - 1];
        file->reasons[--i] = swap;
    }
    return true;
}

static weft_status about_file(const wf_refused_folder *folder, const char *name,
                              weft_refused_file *ret, weft_error *error)
{
    wf_refused_about about;
    weft_refused_file file = {0};
    wf_refused_visitor visitor = {.row = count_reason, .context = &file};
    weft_status status = wf_refused_read(folder, name, &visitor, &about, error);
    if (status != WEFT_OK && status != WEFT_DAMAGED)
        return status;
    file.damaged = status == WEFT_DAMAGED;
    memcpy(file.name, about.name, sizeof file.name);
    file.received = about.received;
    file.kind = about.kind;
    file.rows = about.rows;
    file.unreadable = about.unreadable;
    *ret = file;
    return WEFT_OK;
}

weft_status weft_refused_list(weft_city *city,
                              bool (*each)(void *context, const weft_refused_file *file),
                              void *context, weft_error *error)
{
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    const char **names = NULL;
    size_t count = 0;
    WF_TRY(wf_refused_names(&folder, wf_city_new_answer(city), &names, &count, error));
    for (size_t i = 0; i < count; i++) {
        weft_refused_file file;
        WF_TRY(about_file(&folder, names[i], &file, error));
        if (!each(context, &file))
            break;
    }
    return WEFT_OK;
}

// ---- export ----

typedef struct {
    bool (*each)(void *context, const weft_refused_row *row);
    void *context;
    wf_arena *arena;
    // Of the source whose rows come: its rows follow it in the file.
    wf_text source, header;
} exporting;

static void note_source(void *context, size_t number, wf_text name, wf_text header)
{
    exporting *to = context;
    (void)number;
    to->source = wf_arena_text(to->arena, name);
    to->header = wf_arena_text(to->arena, header);
}

static bool give_row(void *context, const wf_refused_row *row)
{
    exporting *to = context;
    char code[64] = "", field[64] = "";
    if (row->code.size < sizeof code)
        memcpy(code, row->code.bytes, row->code.size);
    if (row->field.size < sizeof field)
        memcpy(field, row->field.bytes, row->field.size);
    weft_refused_row given = {.source = to->source.bytes != NULL ? to->source.bytes : "",
                              .line = row->line,
                              .code = code,
                              .field = field,
                              .header = to->header.bytes,
                              .header_size =
                                  to->header.bytes != NULL ? to->header.size : 0,
                              .row = row->raw.bytes,
                              .row_size = row->raw.size};
    return to->each(to->context, &given);
}

weft_status weft_refused_export(weft_city *city, const char *name,
                                bool (*each)(void *context, const weft_refused_row *row),
                                void *context, weft_error *error)
{
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    wf_refused_about about;
    exporting to = {.each = each, .context = context, .arena = wf_city_new_answer(city)};
    wf_refused_visitor visitor = {.source = note_source, .row = give_row, .context = &to};
    return wf_refused_read(&folder, name, &visitor, &about, error);
}
