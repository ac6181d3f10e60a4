#include "store/register/search.h"

#include <stdlib.h>
#include <string.h>

#include "model/ids.h"
#include "store/records/sought.h"
#include "store/register/inside.h"
#include "store/register/sql.h"
#include "store/store_inside.h"

enum { texts_bytes_max = 64 << 20 };

// A search under way.
typedef struct {
    wf_register *reg;
    const wf_person_search *ask;
    size_t column, name, grid; // of the table of persons
    wf_search_terms terms;     // of what is asked
    wf_buffer positions;       // uint64_t: facts that have said it
    wf_buffer numbers;         // uint32_t: the people they name
    wf_buffer found;           // wf_person_found
    wf_arena *arena;           // theirs
} search;

static wf_text field_name(const search *of)
{
    return wf_text_of(of->reg->person_form.table->columns[of->column].name);
}

static bool begins(wf_text text, wf_text with)
{
    return text.size >= with.size &&
           (with.size == 0 || memcmp(text.bytes, with.bytes, with.size) == 0);
}

// ---- which facts ----

static weft_status find_wholes(search *of, weft_error *error)
{
    const wf_index *index = of->reg->store->index;
    uint64_t hash = wf_sought_whole(index, field_name(of), of->terms.terms[0].text);
    return wf_index_find(index, hash, &of->positions, error);
}

// A fact that says the name says all its parts: those of the rarest are enough.
static weft_status find_parts(search *of, wf_text town, weft_error *error)
{
    const wf_index *index = of->reg->store->index;
    wf_buffer rarest = {0}, other = {0};
    weft_status status = WEFT_OK;
    bool any = false;
    for (size_t i = 0; status == WEFT_OK && i < of->terms.count; i++) {
        if (!of->terms.terms[i].is_part)
            continue;
        wf_buffer_clear(&other);
        status = wf_index_find(
            index, wf_sought_part(index, field_name(of), town, of->terms.terms[i].text),
            &other, error);
        if (!any || other.size < rarest.size) {
            wf_buffer keep = rarest;
            rarest = other;
            other = keep;
        }
        any = true;
    }
    if (status == WEFT_OK && rarest.size > 0 &&
        !wf_buffer_append(&of->positions, rarest.bytes, rarest.size))
        status = wf_fail_memory(error);
    wf_buffer_done(&rarest);
    wf_buffer_done(&other);
    return status;
}

static weft_status find_in_town(search *of, wf_text town, weft_error *error)
{
    const wf_index *index = of->reg->store->index;
    if (town.size == 0)
        return WEFT_OK;
    WF_TRY(find_parts(of, town, error));
    return wf_index_find(index, wf_sought_home(index, field_name(of), town),
                         &of->positions, error);
}

static weft_status find_in_towns(search *of, weft_error *error)
{
    wf_statement *towns = NULL;
    bool row = false;
    WF_TRY(wf_register_read_begin(of->reg, error));
    WF_TRY(wf_database_prepare(of->reg->db, WF_SQL_TOWNS, &towns, error));
    weft_status status;
    while ((status = wf_statement_step(towns, &row, error)) == WEFT_OK && row) {
        wf_text town = wf_search_town(wf_statement_text(towns, 0));
        if (!begins(town, of->ask->grid))
            continue;
        status = find_in_town(of, town, error);
        if (status != WEFT_OK)
            break;
    }
    wf_statement_free(towns);
    return status;
}

static bool has_parts(const search *of)
{
    return of->terms.terms[of->terms.count - 1].is_part;
}

static weft_status find_positions(search *of, weft_error *error)
{
    bool by_parts = of->ask->grid.size > 0 && has_parts(of);
    // Those of a common name are many in a city, and few in a town.
    if (!by_parts || !wf_search_parts_tell(&of->terms))
        WF_TRY(find_wholes(of, error));
    if (!by_parts)
        return WEFT_OK;
    WF_TRY(find_parts(of, WF_TEXT(""), error));
    if (of->ask->grid.size >= WF_TOWN_BYTES)
        return find_in_town(of, wf_search_town(of->ask->grid), error);
    return find_in_towns(of, error);
}

// ---- whom they name ----

static int by_position(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static weft_status note_person(search *of, const wf_fact *fact, weft_error *error)
{
    const wf_numbers *numbers = &of->reg->store->options.numbers;
    size_t field =
        fact->kind == NULL ? SIZE_MAX : wf_kind_field(fact->kind, WF_TEXT("person"));
    if (field == SIZE_MAX || !fact->values[field].given)
        return WEFT_OK;
    uint32_t number =
        numbers->find(numbers->context, WF_COLUMN_PERSON, fact->values[field].text);
    if (number == WF_NUMBER_NONE)
        return WEFT_OK;
    return wf_buffer_append(&of->numbers, &number, sizeof number) ? WEFT_OK
                                                                  : wf_fail_memory(error);
}

static weft_status read_facts(search *of, weft_error *error)
{
    uint64_t *all = (uint64_t *)(void *)of->positions.bytes;
    size_t count = of->positions.size / sizeof *all;
    weft_status status = WEFT_OK;
    wf_arena texts;
    if (count > 0)
        qsort(all, count, sizeof *all, by_position);
    wf_arena_init(&texts, texts_bytes_max);
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        wf_entry entry;
        if (i > 0 && all[i] == all[i - 1])
            continue;
        if (texts.used_bytes > texts_bytes_max / 2) {
            wf_arena_done(&texts);
            wf_arena_init(&texts, texts_bytes_max);
        }
        status = wf_ledger_read(of->reg->store->ledger, all[i], &texts, &entry, error);
        if (status == WEFT_OK)
            status = note_person(of, &entry.fact, error);
    }
    wf_arena_done(&texts);
    return status;
}

// ---- what stands of them now ----

static bool says_it(const search *of, const wf_record *row)
{
    wf_search_terms terms;
    if (!row->values[of->column].given ||
        !begins(row->values[of->grid].text, of->ask->grid))
        return false;
    wf_search_terms_of(of->reg->person_form.table->columns[of->column].searched,
                       row->values[of->column].text, &terms);
    return wf_search_is_whole(&of->terms, &terms) ||
           (of->ask->grid.size > 0 && wf_search_has_parts(&of->terms, &terms));
}

static weft_status give(search *of, uint32_t number, weft_error *error)
{
    const wf_numbers *numbers = &of->reg->store->options.numbers;
    const wf_value *values = of->reg->row.values;
    wf_person_found found = {
        .person = wf_arena_text(
            of->arena, numbers->text_of(numbers->context, WF_COLUMN_PERSON, number)),
        .name = wf_arena_text(of->arena, values[of->name].text),
        .grid = wf_arena_text(of->arena, values[of->grid].text)};
    if (found.person.bytes == NULL || found.name.bytes == NULL ||
        found.grid.bytes == NULL || !wf_buffer_append(&of->found, &found, sizeof found))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status look_at(search *of, uint32_t number, weft_error *error)
{
    wf_register *reg = of->reg;
    bool found = false;
    weft_status status =
        wf_register_ask_number(reg, reg->whole_person, number, &found, error);
    if (status == WEFT_OK && found)
        status = wf_record_read(&reg->person_form, &reg->row_keys, reg->whole_person,
                                &reg->row, error);
    if (status == WEFT_OK && found && says_it(of, &reg->row))
        status = give(of, number, error);
    wf_statement_reset(reg->whole_person);
    return status;
}

static weft_status read_rows(search *of, weft_error *error)
{
    uint32_t *all = (uint32_t *)(void *)of->numbers.bytes;
    size_t count = of->numbers.size / sizeof *all;
    if (count > 0)
        qsort(all, count, sizeof *all, by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || all[i] != all[i - 1])
            WF_TRY(look_at(of, all[i], error));
    return WEFT_OK;
}

// ---- the search ----

static int by_id(const void *a, const void *b)
{
    const wf_person_found *x = a, *y = b;
    return wf_text_compare(x->person, y->person);
}

static weft_status prepare(wf_register *reg, weft_error *error)
{
    wf_buffer sql = {0};
    if (reg->whole_person != NULL)
        return WEFT_OK;
    weft_status status = wf_form_select(&reg->person_form, true, &sql, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(reg->db, sql.bytes, &reg->whole_person, error);
    wf_buffer_done(&sql);
    return status;
}

static weft_status run(search *of, weft_error *error)
{
    WF_TRY(prepare(of->reg, error));
    WF_TRY(find_positions(of, error));
    WF_TRY(read_facts(of, error));
    WF_TRY(read_rows(of, error));
    size_t count = of->found.size / sizeof(wf_person_found);
    if (count > 0)
        qsort(of->found.bytes, count, sizeof(wf_person_found), by_id);
    return WEFT_OK;
}

static weft_status begin(wf_register *reg, const wf_person_search *ask, wf_arena *arena,
                         search *ret, weft_error *error)
{
    const wf_table *table = reg->person_form.table;
    *ret = (search){.reg = reg,
                    .ask = ask,
                    .column = wf_table_column(table, wf_text_of(ask->column)),
                    .name = wf_table_column(table, WF_TEXT("name")),
                    .grid = wf_table_column(table, WF_TEXT("grid")),
                    .arena = arena};
    WF_ASSERT(ret->column != SIZE_MAX && ret->name != SIZE_MAX && ret->grid != SIZE_MAX);
    if (wf_column_takes_text(&table->columns[ret->column], ask->value))
        wf_search_terms_of(table->columns[ret->column].searched, ask->value, &ret->terms);
    return ret->terms.count > 0 ? WEFT_OK
                                : wf_fail(error, WEFT_BAD_INPUT, "find.empty", NULL);
}

weft_status wf_register_search(wf_register *reg, const wf_person_search *ask,
                               wf_arena *arena, wf_person_found **ret, size_t *ret_count,
                               uint64_t *ret_all, weft_error *error)
{
    search of;
    WF_TRY(begin(reg, ask, arena, &of, error));
    weft_status status = run(&of, error);
    size_t all = of.found.size / sizeof(wf_person_found);
    size_t count = all < ask->limit ? all : ask->limit;
    wf_person_found *given = NULL;
    if (status == WEFT_OK) {
        given = wf_arena_array(arena, count + 1, sizeof *given);
        if (given == NULL)
            status = wf_fail_memory(error);
    }
    if (status == WEFT_OK) {
        if (count > 0)
            memcpy(given, of.found.bytes, count * sizeof *given);
        *ret = given;
        *ret_count = count;
        *ret_all = all;
    }
    wf_buffer_done(&of.positions);
    wf_buffer_done(&of.numbers);
    wf_buffer_done(&of.found);
    return status;
}

weft_status wf_store_search(wf_store *store, const wf_person_search *ask, wf_arena *arena,
                            wf_person_found **ret, size_t *ret_count, weft_error *error)
{
    wf_register *reg;
    uint64_t all;
    WF_TRY(
        wf_register_open(store, store->options.keys, store->options.kinds, &reg, error));
    weft_status status = wf_register_search(reg, ask, arena, ret, ret_count, &all, error);
    wf_register_close(reg);
    return status;
}
