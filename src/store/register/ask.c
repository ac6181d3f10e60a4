#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "model/ids.h"
#include "store/register/inside.h"
#include "store/register/sql.h"

static weft_status damaged_row(const char *table, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "records.row", "table", table, NULL);
}

weft_status wf_register_ask_number(wf_register *reg, wf_statement *statement,
                                   uint32_t number, bool *ret_row, weft_error *error)
{
    WF_TRY(wf_register_read_begin(reg, error));
    wf_statement_bind_i64(statement, 0, number);
    return wf_statement_step(statement, ret_row, error);
}

static bool is_null(wf_statement *statement, int column)
{
    return wf_statement_is_null(statement, column);
}

// A text into a field ended by NUL; false when it does not fit, which no put allows.
static bool copy_text(wf_statement *statement, int column, char *to, size_t size)
{
    wf_text text = wf_statement_text(statement, column);
    if (text.size >= size)
        return false;
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
    return true;
}

static uint32_t number_at(wf_statement *statement, int column)
{
    int64_t number = wf_statement_i64(statement, column);
    bool known = !is_null(statement, column) && number >= 0 && number < WF_NUMBER_LIMIT;
    return known ? (uint32_t)number : WF_NUMBER_NONE;
}

static int yesno_at(wf_statement *statement, int column)
{
    return is_null(statement, column) ? -1 : wf_statement_i64(statement, column) != 0;
}

// ---- places ----

// Columns as in place.sql.
static bool read_place(wf_statement *row, wf_place_about *ret)
{
    ret->registered = true;
    ret->parent = number_at(row, 2);
    ret->area_m2 = wf_statement_real(row, 3);
    ret->ventilated = yesno_at(row, 4);
    bool kind_known =
        is_null(row, 0) || wf_place_kind_parse(wf_statement_text(row, 0), &ret->kind);
    return kind_known && copy_text(row, 1, ret->grid, sizeof ret->grid);
}

weft_status wf_register_place(wf_register *reg, wf_place place, wf_place_about *ret,
                              weft_error *error)
{
    wf_place_about about = {
        .kind = WF_PLACE_OTHER, .ventilated = -1, .parent = WF_NUMBER_NONE};
    bool row = false;
    weft_status status =
        wf_register_ask_number(reg, reg->place, place.number, &row, error);
    if (status == WEFT_OK && row && !read_place(reg->place, &about))
        status = damaged_row("place", error);
    wf_statement_reset(reg->place);
    if (status == WEFT_OK)
        *ret = about;
    return status;
}

weft_status wf_register_place_brief(wf_register *reg, wf_place place, wf_place_brief *ret,
                                    weft_error *error)
{
    wf_places *places = wf_store_places(reg->store);
    wf_place_about about;
    if (wf_places_find(places, place, ret))
        return WEFT_OK;
    WF_TRY(wf_register_place(reg, place, &about, error));
    wf_place_brief brief = {about.kind, about.ventilated, about.area_m2, about.parent};
    wf_places_keep(places, reg->places_version, place, &brief);
    *ret = brief;
    return WEFT_OK;
}

// ---- persons ----

// Columns as in person.sql.
static weft_status read_person(wf_register *reg, uint32_t number, wf_statement *row,
                               wf_person_about *ret, weft_error *error)
{
    const wf_form *form = &reg->person_form;
    size_t birth = wf_table_column(form->table, WF_TEXT("birth"));
    ret->registered = true;
    ret->household = is_null(row, 1) ? 0 : (uint64_t)wf_statement_i64(row, 1);
    if (!copy_text(row, 0, ret->grid, sizeof ret->grid) ||
        !copy_text(row, 2, ret->occupation, sizeof ret->occupation))
        return damaged_row("person", error);
    wf_record_clear(&reg->row);
    reg->row.values[0] = (wf_value){.given = true, .number = number};
    WF_TRY(wf_record_open_sealed(form, &reg->row_keys, wf_statement_blob(row, 3),
                                 &reg->row, error));
    if (reg->row.values[birth].given)
        ret->birth = (weft_day){(int32_t)reg->row.values[birth].number};
    return WEFT_OK;
}

weft_status wf_register_person(wf_register *reg, wf_person person, wf_person_about *ret,
                               weft_error *error)
{
    wf_person_about about = {.birth = {INT32_MIN}};
    bool row = false;
    weft_status status =
        wf_register_ask_number(reg, reg->person, person.number, &row, error);
    if (status == WEFT_OK && row)
        status = read_person(reg, person.number, reg->person, &about, error);
    wf_statement_reset(reg->person);
    if (status == WEFT_OK)
        *ret = about;
    return status;
}

// ---- cases ----

static weft_time time_at(wf_statement *row, int column)
{
    return is_null(row, column) ? WF_TIME_NONE
                                : (weft_time){wf_statement_i64(row, column)};
}

// The words of the column stand in the order of wf_case_class.
static bool class_at(const wf_register *reg, wf_statement *row, int at,
                     wf_case_class *ret)
{
    const wf_table *table = wf_kinds_table(reg->kinds, WF_TEXT("cases"));
    const wf_column *column =
        &table->columns[wf_table_column(table, WF_TEXT("classification"))];
    wf_text word = wf_statement_text(row, at);
    *ret = WF_CASE_UNCLASSIFIED;
    for (int i = 0; column->words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(column->words[i]), word))
            *ret = (wf_case_class)i;
    return is_null(row, at) || *ret != WF_CASE_UNCLASSIFIED;
}

// Columns as in case.sql.
static weft_status read_case(const wf_register *reg, wf_statement *row, wf_arena *arena,
                             wf_case *ret, weft_error *error)
{
    wf_case about = {.person = {number_at(row, 1)},
                     .reported = time_at(row, 2),
                     .onset = time_at(row, 3),
                     .onset_kind = wf_arena_text(arena, wf_statement_text(row, 4)),
                     .sampled = time_at(row, 5),
                     .symptomatic = yesno_at(row, 6),
                     .isolated = time_at(row, 7),
                     .last_negative = time_at(row, 8),
                     .died = time_at(row, 10),
                     .buried = time_at(row, 11)};
    if (about.onset_kind.bytes == NULL)
        return wf_fail_memory(error);
    if (!class_at(reg, row, 9, &about.classification))
        return damaged_row("cases", error);
    *ret = about;
    return WEFT_OK;
}

weft_status wf_register_case(wf_register *reg, wf_text case_id, wf_arena *arena,
                             wf_case *ret, weft_error *error)
{
    bool row = false;
    if (case_id.size > WF_ID_BYTES_MAX)
        return wf_fail(error, WEFT_NOT_FOUND, "case.unknown", NULL);
    WF_TRY(wf_register_read_begin(reg, error));
    wf_statement_bind_text(reg->one_case, 0, case_id);
    weft_status status = wf_statement_step(reg->one_case, &row, error);
    if (status == WEFT_OK && !row)
        status = wf_fail(error, WEFT_NOT_FOUND, "case.unknown", NULL);
    if (status == WEFT_OK)
        status = read_case(reg, reg->one_case, arena, ret, error);
    wf_statement_reset(reg->one_case);
    return status;
}

static weft_status read_cases(wf_register *reg, wf_arena *arena, wf_case_row *rows,
                              size_t count, weft_error *error)
{
    bool row = false;
    for (size_t i = 0; i < count; i++) {
        WF_TRY(wf_statement_step(reg->all_cases, &row, error));
        WF_ASSERT(row); // the snapshot has not changed since they were counted
        rows[i].id = wf_arena_text(arena, wf_statement_text(reg->all_cases, 0));
        if (rows[i].id.bytes == NULL)
            return wf_fail_memory(error);
        WF_TRY(read_case(reg, reg->all_cases, arena, &rows[i].about, error));
    }
    return WEFT_OK;
}

weft_status wf_register_cases(wf_register *reg, wf_arena *arena, wf_case_row **ret,
                              size_t *ret_count, weft_error *error)
{
    int64_t count = 0;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_number(reg->db, WF_SQL_CASES_COUNT, 0, &count, error));
    wf_case_row *rows = wf_arena_array(arena, (size_t)count, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(error);
    weft_status status = read_cases(reg, arena, rows, (size_t)count, error);
    wf_statement_reset(reg->all_cases);
    if (status != WEFT_OK)
        return status;
    *ret = rows;
    *ret_count = (size_t)count;
    return WEFT_OK;
}

// ---- numbers that rows hold ----

static weft_status read_column(wf_register *reg, const char *table, const char *column,
                               uint64_t *bits, weft_error *error)
{
    wf_buffer sql = {0};
    wf_statement *all = NULL;
    bool row = false;
    if (!wf_buffer_printf(&sql, "SELECT \"%s\" FROM \"%s\"", column, table) ||
        !wf_buffer_append(&sql, "", 1)) {
        wf_buffer_done(&sql);
        return wf_fail_memory(error);
    }
    weft_status status = wf_database_prepare(reg->db, sql.bytes, &all, error);
    wf_buffer_done(&sql);
    while (status == WEFT_OK &&
           (status = wf_statement_step(all, &row, error)) == WEFT_OK && row) {
        uint32_t number = number_at(all, 0);
        if (number != WF_NUMBER_NONE)
            bits[number / 64] |= UINT64_C(1) << (number % 64);
    }
    wf_statement_free(all);
    return status;
}

// Every column of every table that holds such numbers.
static weft_status read_held(wf_register *reg, wf_column_type type, uint64_t *bits,
                             weft_error *error)
{
    WF_TRY(wf_register_read_begin(reg, error));
    for (size_t i = 0; i < reg->kinds->tables_count; i++) {
        const wf_table *table = reg->kinds->tables[i];
        for (size_t c = 0; c < table->columns_count; c++)
            if (table->columns[c].type == type)
                WF_TRY(
                    read_column(reg, table->name, table->columns[c].name, bits, error));
    }
    return WEFT_OK;
}

static const uint64_t *held_of(wf_register *reg, wf_held held, weft_error *error)
{
    static const wf_column_type types[] = {
        [WF_HELD_PERSONS] = WF_COLUMN_PERSON, [WF_HELD_PLACES] = WF_COLUMN_PLACE};
    if (reg->held[held] != NULL)
        return reg->held[held];
    uint64_t *bits = wf_pages_new(WF_NUMBER_LIMIT / 8);
    if (bits == NULL)
        return NULL;
    if (read_held(reg, types[held], bits, error) != WEFT_OK) {
        wf_pages_free(bits, WF_NUMBER_LIMIT / 8);
        return NULL;
    }
    reg->held[held] = bits;
    return bits;
}

static bool has(wf_register *reg, wf_held held, uint32_t number)
{
    weft_error unused = {0};
    if (number >= WF_NUMBER_LIMIT)
        return false;
    const uint64_t *bits = held_of(reg, held, &unused);
    return bits == NULL || (bits[number / 64] >> (number % 64) & 1) != 0;
}

bool wf_register_has_person(wf_register *reg, uint32_t number)
{
    return has(reg, WF_HELD_PERSONS, number);
}

bool wf_register_has_place(wf_register *reg, uint32_t number)
{
    return has(reg, WF_HELD_PLACES, number);
}

static weft_status greatest(wf_register *reg, wf_column_type type, int64_t *ret,
                            weft_error *error)
{
    *ret = -1;
    WF_TRY(wf_register_read_begin(reg, error));
    for (size_t i = 0; i < reg->kinds->tables_count; i++) {
        const wf_table *table = reg->kinds->tables[i];
        // Only where it is one step in the key; any other number was in a key as well
        // when its person or place was seen first, or is found by reading the row.
        if (table->keys_count != 1 || table->columns[0].type != type)
            continue;
        char sql[160];
        int64_t number = -1;
        snprintf(sql, sizeof sql, "SELECT max(\"%s\") FROM \"%s\"",
                 table->columns[0].name, table->name);
        WF_TRY(wf_database_number(reg->db, sql, -1, &number, error));
        *ret = number > *ret ? number : *ret;
    }
    return WEFT_OK;
}

weft_status wf_register_greatest(wf_register *reg, int64_t *ret_person,
                                 int64_t *ret_place, weft_error *error)
{
    WF_TRY(greatest(reg, WF_COLUMN_PERSON, ret_person, error));
    return greatest(reg, WF_COLUMN_PLACE, ret_place, error);
}
