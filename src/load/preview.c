// What a file would become: read as an import reads it, and nothing stored.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "load/contradict.h"
#include "load/doubt.h"
#include "load/fact_rows.h"
#include "load/header.h"
#include "load/import.h"
#include "load/oneself.h"

typedef struct {
    const wf_import_city *city;
    weft_import_kind kind;
    const weft_import_options *options;
    wf_arena *arena;
    weft_preview *ret;
    wf_load_kinds kinds;
    const wf_mapping *mapping;
    const wf_mapping_kind *target;
    wf_csv *csv;
    wf_csv_block block;
    wf_binding binding;
    wf_calendar calendar;
    wf_load_rules rules;
    wf_case_numbers *cases; // of lists of cases, and that name cases
    wf_rows_said said;      // by the place of a row; the first are shown
    uint64_t text_bytes;    // of rows so far, whatever they were packed in
} preview;

static const char *copied(preview *on, wf_text text)
{
    char *copy = wf_arena_new(on->arena, text.size + 1);
    if (copy == NULL)
        return NULL;
    if (text.size > 0)
        memcpy(copy, text.bytes, text.size);
    copy[text.size] = '\0';
    return copy;
}

// ---- the first rows ----

// The beginning of a text that is too long; a letter is not cut.
static wf_text cut(wf_text text, size_t room)
{
    if (text.size <= room)
        return text;
    text.size = room;
    while (text.size > 0 && ((unsigned char)text.bytes[text.size] & 0xc0) == 0x80)
        text.size--;
    return text;
}

// Its cells in a row, as many as there is room for.
static wf_text cells_text(const preview *on, const wf_csv_row *row, char *to, size_t room)
{
    size_t size = 0;
    for (size_t i = 0; row->bad == NULL && i < row->fields_count; i++) {
        wf_text cell = wf_text_trim(on->block.fields[row->first_field + i]);
        size_t gap = size > 0 ? 3 : 0;
        if (cell.size == 0)
            continue;
        if (size + gap >= room)
            break;
        cell = cut(cell, room - size - gap);
        memcpy(to + size, " | ", gap);
        memcpy(to + size + gap, cell.bytes, cell.size);
        size += gap + cell.size;
    }
    return (wf_text){to, size};
}

static weft_status show_top(preview *on, weft_error *error)
{
    weft_preview *ret = on->ret;
    char room[240];
    for (size_t i = 0; i < on->block.rows_count && i < WEFT_PREVIEW_TOP; i++) {
        const wf_csv_row *row = &on->block.rows[i];
        const char *text = copied(on, cells_text(on, row, room, sizeof room));
        if (text == NULL)
            return wf_fail_memory(error);
        ret->top[ret->top_count++] = (weft_preview_top){row->line, text};
    }
    return WEFT_OK;
}

// ---- columns ----

// True if a field takes something of the column of this title.
static bool takes(const preview *on, size_t field, wf_text title)
{
    if (on->mapping == NULL || on->mapping->plain)
        return wf_text_equal(wf_text_of(on->target->fields[field].name), title);
    const wf_mapping_field *how = &on->mapping->fields[field];
    for (size_t i = 0; how->name != NULL && i < how->columns_count; i++)
        if (wf_text_equal(how->columns[i].name, title))
            return true;
    return false;
}

static weft_status show_columns(preview *on, size_t header, weft_error *error)
{
    const wf_csv_row *row = &on->block.rows[header];
    on->ret->header_line = row->line;
    weft_preview_column *columns =
        wf_arena_array(on->arena, row->fields_count + 1, sizeof *columns);
    if (columns == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < row->fields_count; i++) {
        wf_text title = wf_text_trim(on->block.fields[row->first_field + i]);
        size_t count = 0;
        columns[i] = (weft_preview_column){.title = copied(on, title)};
        if (columns[i].title == NULL)
            return wf_fail_memory(error);
        for (size_t f = 0; on->target->fields[f].name != NULL; f++) {
            if (title.size == 0 || count == 4 || !takes(on, f, title))
                continue;
            columns[i].fields[count++] = on->target->fields[f].name;
            on->ret->fields[f].bound = true;
        }
    }
    on->ret->columns = columns;
    on->ret->columns_count = row->fields_count;
    return WEFT_OK;
}

static void show_fields(preview *on)
{
    weft_preview *ret = on->ret;
    for (size_t f = 0; on->target->fields[f].name != NULL; f++) {
        ret->fields[f].name = on->target->fields[f].name;
        ret->fields[f].required = on->target->fields[f].required;
        ret->fields_count = f + 1;
        // Constants, and columns that go by number.
        if (on->mapping != NULL && !on->mapping->plain &&
            on->mapping->fields[f].name != NULL &&
            (on->mapping->fields[f].columns_count == 0 || !on->mapping->header))
            ret->fields[f].bound = true;
    }
}

// ---- dates ----

// Which orders a date that is asked for may have.
static void count_order(preview *on, size_t field, wf_text text)
{
    weft_preview_field *of = &on->ret->fields[field];
    wf_binding binding = on->binding;
    weft_time at;
    wf_iso_kind kind;
    // Where the order was said, none is asked for.
    if (wf_binding_date(&binding, text, &at, &kind) != WF_DATE_ASKED)
        return;
    of->asked++;
    binding.dates = WF_DATES_DAY_FIRST;
    bool day_first = wf_binding_date(&binding, text, &at, &kind) == WF_DATE_READ;
    binding.dates = WF_DATES_MONTH_FIRST;
    bool month_first = wf_binding_date(&binding, text, &at, &kind) == WF_DATE_READ;
    of->only_day_first += day_first && !month_first;
    of->only_month_first += month_first && !day_first;
}

// ---- rows ----

static wf_text shown(preview *on, size_t field, wf_text text, char room[WF_TIME_TEXT_MAX])
{
    weft_time at;
    wf_iso_kind kind;
    if (!on->target->fields[field].time || wf_text_trim(text).size == 0 ||
        wf_record_time(&on->rules, field, text, &at, &kind) != NULL)
        return text;
    if (kind == WF_ISO_DATE)
        return wf_text_of(wf_day_text(room, wf_zone_day_of(on->city->zone, at)));
    return wf_text_of(wf_time_text(room, at, on->city->zone));
}

static weft_status show_row(preview *on, uint64_t line, const wf_text *texts,
                            const wf_load_record *record, weft_error *error)
{
    weft_preview *ret = on->ret;
    if (ret->rows_count == WEFT_PREVIEW_ROWS)
        return WEFT_OK;
    weft_preview_row *row = &ret->rows[ret->rows_count++];
    *row =
        (weft_preview_row){.line = line, .code = record->refused, .field = record->field};
    for (size_t f = 0; f < ret->fields_count; f++) {
        char room[WF_TIME_TEXT_MAX];
        row->values[f] =
            copied(on, texts == NULL ? (wf_text){"", 0} : shown(on, f, texts[f], room));
        if (row->values[f] == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// What the list asks about a row, and its dates, as the import does: how many there are.
static weft_status doubts_row(const preview *on, const wf_value *values,
                              weft_error ret[WEFT_PREVIEW_WARNINGS], size_t *ret_count,
                              weft_error *error)
{
    size_t count = 0;
    weft_time as_of = on->options->as_of;
    weft_time at = weft_time_is_none(as_of) ? on->city->now : as_of;
    const wf_fact_list *list = wf_fact_list_of(on->kind);
    wf_row_facts row_facts = {.count = 0};
    const char *field = NULL, *code = NULL;
    if (list == NULL) {
        wf_fact *fact = wf_fact_row_add(&row_facts, on->city->kinds, "case.reported", at);
        wf_fact_row_of_register(wf_load_table_of(on->kind), values, fact);
        on->ret->waiting += wf_case_numbers_waiting(on->cases, fact);
        WF_TRY(wf_case_numbers_note(on->cases, fact, &code, &field, error));
    } else {
        wf_text of;
        if (list->names_case)
            code =
                wf_case_named_doubt(wf_case_numbers_find(on->cases, values[0].text, &of));
        field = list->table->columns[0].name;
        list->facts(NULL, on->city->kinds, values, at, &row_facts);
    }
    if (code != NULL) {
        weft_error *asked = &ret[count++];
        *asked = (weft_error){0};
        wf_error_at(asked, NULL, 0, field);
        WF_IGNORE(wf_fail(asked, WEFT_BAD_INPUT, code, NULL), "it is a warning");
    }
    *ret_count = count + wf_doubt_of(&row_facts.facts[0], on->city->zone, &ret[count]);
    return WEFT_OK;
}

// A row of cases that names one that is there by another of its numbers: how many there
// are, before one of them is stored.
static void note_joinable(preview *on, wf_value *values)
{
    wf_value row[WF_COLUMNS_MAX], *person = NULL;
    if (on->kind != WEFT_IMPORT_CASES)
        return;
    const wf_register_table *table = wf_load_table_of(on->kind);
    memcpy(row, values, table->columns_count * sizeof *row);
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, "person") == 0)
            person = &row[i];
    WF_ASSERT(person != NULL);
    if (!wf_case_numbers_join(on->cases, &row[0], person))
        return;
    on->ret->joinable++;
    if (on->options->join_cases)
        memcpy(values, row, table->columns_count * sizeof *row);
}

// Of a row that would be taken and looks wrong: as the import says it.
static weft_status show_doubt(preview *on, uint64_t line, const wf_load_record *record,
                              const wf_value *values, weft_error *error)
{
    weft_preview *ret = on->ret;
    weft_error said[WEFT_PREVIEW_WARNINGS];
    size_t count = 0;
    if (on->kind == WEFT_IMPORT_ENCOUNTERS) {
        WF_TRY(wf_oneself_ask_ids(on->city, record->who, record->where, said, error));
        count = said[0].code != NULL;
    } else {
        WF_TRY(doubts_row(on, values, said, &count, error));
    }
    if (count == 0)
        return WEFT_OK;
    ret->warned++;
    weft_preview_row *row = &ret->rows[ret->rows_count - 1];
    if (row->line != line || row->warnings_count > 0)
        return WEFT_OK; // no more rows are shown
    weft_error *kept = wf_arena_array(on->arena, count, sizeof *kept);
    if (kept == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        kept[i] = said[i];
        wf_error_at(&kept[i], NULL, line, NULL);
    }
    row->warnings = kept;
    row->warnings_count = count;
    return WEFT_OK;
}

// What the city would refuse of a row that is well by itself, as the import of it would:
// the case by its own id.
static weft_status judge_row(const preview *on, const wf_fact_list *list,
                             const wf_value *values, wf_load_record *record,
                             weft_error *error)
{
    wf_value said[WF_COLUMNS_MAX];
    wf_row_facts facts = {.count = 0};
    weft_time as_of = on->options->as_of;
    if (list == NULL || on->city->refuses == NULL || record->refused != NULL)
        return WEFT_OK;
    memcpy(said, values, sizeof said);
    // Of a case that nobody has reported, as far as they know, nothing is refused.
    if (list->names_case &&
        wf_case_numbers_find(on->cases, values[0].text, &said[0].text) == WF_CASE_UNKNOWN)
        return WEFT_OK;
    list->facts(NULL, on->city->kinds, said,
                weft_time_is_none(as_of) ? on->city->now : as_of, &facts);
    for (size_t i = 0; i < facts.count && record->refused == NULL; i++) {
        const wf_fact *fact = &facts.facts[i];
        weft_error why = {0};
        weft_status status = on->city->refuses(on->city->refuses_context, fact, &why);
        if (status == WEFT_BAD_INPUT) {
            size_t field = wf_kind_field(fact->kind, wf_text_of(why.field));
            record->refused = why.code;
            record->field = field == SIZE_MAX ? NULL : fact->kind->fields[field].name;
        } else if (status != WEFT_OK) {
            *error = why;
            return status;
        }
    }
    return WEFT_OK;
}

static weft_status read_record(preview *on, const wf_csv_row *row, size_t part,
                               weft_error *error)
{
    const wf_text *cells = on->block.fields + row->first_field;
    wf_text texts[WF_MAPPING_FIELDS_MAX];
    wf_value values[WF_COLUMNS_MAX];
    wf_load_record record = {0};
    wf_arena arena = {0};
    bool other = false;
    wf_arena_init(&arena, 4 * WF_CSV_ROW_BYTES_MAX);
    for (size_t f = 0; f < WF_MAPPING_FIELDS_MAX; f++) {
        texts[f] = (wf_text){"", 0};
        if (f < on->binding.fields_count &&
            !wf_binding_text(&on->binding, f, cells, part, &arena, &texts[f])) {
            wf_arena_done(&arena);
            return wf_fail_memory(error);
        }
        if (f < on->binding.fields_count && on->target->fields[f].time)
            count_order(on, f, texts[f]);
    }
    if (!wf_load_is_stays(on->kind))
        wf_record_check_register(&on->rules, texts, &record, values, &other);
    else
        wf_record_check_stay(&on->rules, texts, &record);
    const wf_fact_list *list = wf_fact_list_of(on->kind);
    wf_text of;
    if (record.refused == NULL && list != NULL && list->names_case &&
        wf_case_numbers_find(on->cases, values[0].text, &of) == WF_CASE_SEVERAL) {
        record.refused = "import.case_several";
        record.field = list->table->columns[0].name;
    }
    weft_status status = judge_row(on, list, values, &record, error);
    if (record.refused == NULL)
        note_joinable(on, values);
    on->ret->rows_read++;
    on->ret->refused += record.refused != NULL;
    if (status == WEFT_OK)
        status = show_row(on, row->line, texts, &record, error);
    bool doubted = on->kind == WEFT_IMPORT_CASES || on->kind == WEFT_IMPORT_ENCOUNTERS ||
                   list != NULL;
    if (status == WEFT_OK && list != NULL && record.refused == NULL &&
        !wf_rows_said_add(&on->said, list, values, (size_t)on->ret->rows_read - 1))
        status = wf_fail_memory(error);
    if (status == WEFT_OK && doubted && record.refused == NULL)
        status = show_doubt(on, row->line, &record, values, error);
    wf_arena_done(&arena);
    return status;
}

// Which rows contradict each other is known when all are read.
static void show_contradictions(preview *on, const wf_fact_list *list)
{
    weft_preview *ret = on->ret;
    wf_rows_said_find(&on->said);
    ret->refused += on->said.count;
    for (size_t i = 0; i < ret->rows_count; i++) {
        if (!wf_rows_said_has(&on->said, i))
            continue;
        weft_preview_row *row = &ret->rows[i];
        ret->warned -= row->warnings_count > 0;
        row->warnings = NULL;
        row->warnings_count = 0;
        row->code = "import.contradicts";
        row->field = list->table->columns[list->says].name;
    }
}

static weft_status read_row(preview *on, const wf_csv_row *row, weft_error *error)
{
    const wf_text *cells = on->block.fields + row->first_field;
    wf_load_record record = {.refused = row->bad};
    size_t parts = 0;
    if (record.refused == NULL && !wf_header_fits(&on->binding, cells, row->fields_count))
        record.refused = "import.fields";
    if (record.refused == NULL)
        parts = wf_binding_records(&on->binding, cells);
    if (parts > WF_BINDING_PARTS_MAX)
        record.refused = "import.too_many_parts";
    if (record.refused != NULL) {
        on->ret->rows_read++;
        on->ret->refused++;
        return show_row(on, row->line, NULL, &record, error);
    }
    for (size_t part = 0; part < parts; part++)
        WF_TRY(read_record(on, row, part, error));
    return WEFT_OK;
}

static weft_status read_rows(preview *on, size_t first, weft_error *error)
{
    while (on->block.rows_count > 0) {
        for (size_t i = 0; i < on->block.rows_count; i++)
            on->text_bytes += on->block.rows[i].raw.size;
        const weft_import_progress progress = {.rows = on->ret->rows_read,
                                               .bytes = on->text_bytes};
        if (on->options->progress != NULL &&
            !on->options->progress(on->options->context, &progress))
            return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
        for (size_t i = first; i < on->block.rows_count; i++)
            WF_TRY(read_row(on, &on->block.rows[i], error));
        first = 0;
        WF_TRY(wf_csv_next(on->csv, &on->block, error));
    }
    return WEFT_OK;
}

// ---- the whole ----

static weft_status read_file(preview *on, const weft_import_source *source,
                             weft_error *error)
{
    const wf_header_options of = {.mapping = on->mapping,
                                  .target = on->target,
                                  .zone = on->city->zone,
                                  .name = source->name,
                                  .line = on->options->header_line,
                                  .real = on->city->real};
    size_t header = SIZE_MAX, first = 0;
    WF_TRY(wf_csv_next(on->csv, &on->block, error));
    WF_TRY(show_top(on, error));
    weft_status status =
        wf_header_bind(&of, &on->block, &header, &first, &on->binding, &on->ret->problem);
    if (header != SIZE_MAX)
        WF_TRY(show_columns(on, header, error));
    return status == WEFT_OK ? read_rows(on, first, error) : WEFT_OK;
}

static weft_status open_file(preview *on, const weft_import_source *source,
                             weft_error *error)
{
    const weft_import_options *options = on->options;
    wf_csv_options csv = {.read = source->read,
                          .context = source->context,
                          .name = source->name,
                          .sheet = options->sheet};
    const char *name = NULL;
    wf_text yaml = {"", 0};
    WF_TRY(wf_import_mapping_said(on->city, on->kind, options, on->arena, &name, &yaml,
                                  error));
    if (name != NULL)
        WF_TRY(wf_mapping_parse(yaml, name, on->kinds.kinds, WF_LOAD_TABLES, on->arena,
                                &on->mapping, error));
    if (on->mapping != NULL && on->mapping->kind != on->target)
        return wf_fail(error, WEFT_BAD_INPUT, "mapping.other_kind", "kind",
                       on->mapping->kind->name, NULL);
    if (on->mapping != NULL) {
        csv.dialect = on->mapping->dialect;
        csv.gb18030 = on->mapping->gb18030;
        csv.sheet = csv.sheet != NULL ? csv.sheet : on->mapping->sheet;
    }
    return wf_csv_open(&csv, &on->csv, error);
}

weft_status wf_import_preview(const wf_import_city *city, weft_import_kind kind,
                              const weft_import_source *source,
                              const weft_import_options *options, wf_arena *arena,
                              weft_preview *ret, weft_error *error)
{
    _Static_assert(WEFT_PREVIEW_FIELDS_MAX == WF_MAPPING_FIELDS_MAX &&
                       WF_MAPPING_COLUMNS_MAX == 4,
                   "a preview has room");
    preview on = {
        .city = city, .kind = kind, .options = options, .arena = arena, .ret = ret};
    if (kind == WEFT_IMPORT_FACTS)
        return wf_fail(error, WEFT_BAD_USAGE, "import.no_preview", NULL);
    *ret = (weft_preview){.joins = options->join_cases};
    wf_load_kinds_init(&on.kinds);
    wf_calendar_init(&on.calendar, city->zone);
    on.target = &on.kinds.kinds[kind];
    weft_status status = open_file(&on, source, error);
    on.rules = wf_load_rules_of(kind, &on.binding, &on.calendar, on.mapping,
                                city->clocked, city->now);
    const wf_fact_list *list = wf_fact_list_of(kind);
    on.said.seed = wf_hash_seed();
    if (status == WEFT_OK &&
        (kind == WEFT_IMPORT_CASES || (list != NULL && list->names_case)))
        status = wf_case_numbers_read(city, &on.cases, error);
    if (status == WEFT_OK) {
        show_fields(&on);
        status = read_file(&on, source, error);
    }
    if (status == WEFT_OK)
        show_contradictions(&on, list);
    wf_rows_said_done(&on.said);
    wf_case_numbers_free(on.cases);
    wf_csv_block_done(&on.block);
    wf_csv_close(on.csv);
    return status;
}
