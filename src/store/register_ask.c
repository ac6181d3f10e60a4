#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "model/ids.h"
#include "store/register_inside.h"
#include "store/sql.h"

static weft_status damaged_row(const wf_register *reg, wf_register_kind kind,
                               weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "register.row", "table",
                   reg->tables[kind].form.table->name, NULL);
}

weft_status wf_register_ask_number(wf_register *reg, sqlite3_stmt *statement,
                                   uint32_t number, bool *ret_row, weft_error *error)
{
    WF_TRY(wf_register_read_begin(reg, error));
    if (sqlite3_bind_int64(statement, 1, number) != SQLITE_OK)
        return wf_database_fail(reg->read, error);
    return wf_database_step(statement, ret_row, error);
}

static bool is_null(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

// A text into a field ended by NUL; false when it does not fit, which no put allows.
static bool copy_text(sqlite3_stmt *statement, int column, char *to, size_t size)
{
    wf_text text = wf_database_text(statement, column);
    if (text.size >= size)
        return false;
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
    return true;
}

static uint32_t number_at(sqlite3_stmt *statement, int column)
{
    int64_t number = sqlite3_column_int64(statement, column);
    bool known = !is_null(statement, column) && number >= 0 && number < WF_NUMBER_LIMIT;
    return known ? (uint32_t)number : WF_NUMBER_NONE;
}

static int yesno_at(sqlite3_stmt *statement, int column)
{
    return is_null(statement, column) ? -1 : sqlite3_column_int64(statement, column) != 0;
}

// ---- places ----

// Columns as in place.sql.
static bool read_place(sqlite3_stmt *row, wf_place_about *ret)
{
    ret->registered = true;
    ret->parent = number_at(row, 2);
    ret->area_m2 = sqlite3_column_double(row, 3);
    ret->ventilated = yesno_at(row, 4);
    bool kind_known =
        is_null(row, 0) || wf_place_kind_parse(wf_database_text(row, 0), &ret->kind);
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
        status = damaged_row(reg, WF_REGISTER_PLACES, error);
    wf_database_reset(reg->place);
    if (status == WEFT_OK)
        *ret = about;
    return status;
}

// ---- persons ----

size_t wf_register_column(const wf_register_table *table, const char *name)
{
    size_t i = 0;
    while (i < table->columns_count && strcmp(table->columns[i].name, name) != 0)
        i++;
    WF_ASSERT(i < table->columns_count);
    return i;
}

// Columns as in person.sql.
static weft_status read_person(wf_register *reg, uint32_t number, sqlite3_stmt *row,
                               wf_person_about *ret, weft_error *error)
{
    const wf_table_form *form = &reg->tables[WF_REGISTER_PERSONS].form;
    const wf_value *birth = &reg->row.values[wf_register_column(form->table, "birth")];
    ret->registered = true;
    ret->household = is_null(row, 1) ? 0 : (uint64_t)sqlite3_column_int64(row, 1);
    if (!copy_text(row, 0, ret->grid, sizeof ret->grid) ||
        !copy_text(row, 2, ret->occupation, sizeof ret->occupation))
        return damaged_row(reg, WF_REGISTER_PERSONS, error);
    memset(reg->row.values, 0, sizeof reg->row.values);
    WF_TRY(wf_row_open_sealed(form, &reg->row_keys, number, wf_database_blob(row, 3),
                              &reg->row, error));
    if (birth->given)
        ret->birth = (weft_day){(int32_t)birth->number};
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
    wf_database_reset(reg->person);
    if (status == WEFT_OK)
        *ret = about;
    return status;
}

// ---- cases ----

static weft_time time_at(sqlite3_stmt *row, int column)
{
    return is_null(row, column) ? WF_TIME_NONE
                                : (weft_time){sqlite3_column_int64(row, column)};
}

// The words of the column stand in the order of wf_case_class.
static bool class_at(sqlite3_stmt *row, int at, wf_case_class *ret)
{
    const wf_register_table *table = wf_register_table_of(WF_REGISTER_CASES);
    const wf_column *column =
        &table->columns[wf_register_column(table, "classification")];
    wf_text word = wf_database_text(row, at);
    *ret = WF_CASE_UNCLASSIFIED;
    for (int i = 0; column->words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(column->words[i]), word))
            *ret = (wf_case_class)i;
    return is_null(row, at) || *ret != WF_CASE_UNCLASSIFIED;
}

// Columns as in case.sql.
static weft_status read_case(const wf_register *reg, sqlite3_stmt *row, wf_arena *arena,
                             wf_case *ret, weft_error *error)
{
    wf_case about = {.person = {number_at(row, 1)},
                     .reported = time_at(row, 2),
                     .onset = time_at(row, 3),
                     .onset_kind = wf_arena_text(arena, wf_database_text(row, 4)),
                     .sampled = time_at(row, 5),
                     .symptomatic = yesno_at(row, 6),
                     .isolated = time_at(row, 7),
                     .last_negative = time_at(row, 8),
                     .died = time_at(row, 10),
                     .buried = time_at(row, 11)};
    if (about.onset_kind.bytes == NULL)
        return wf_fail_memory(error);
    if (!class_at(row, 9, &about.classification))
        return damaged_row(reg, WF_REGISTER_CASES, error);
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
    if (sqlite3_bind_text(reg->one_case, 1, case_id.bytes, (int)case_id.size,
                          SQLITE_STATIC) != SQLITE_OK)
        return wf_database_fail(reg->read, error);
    weft_status status = wf_database_step(reg->one_case, &row, error);
    if (status == WEFT_OK && !row)
        status = wf_fail(error, WEFT_NOT_FOUND, "case.unknown", NULL);
    if (status == WEFT_OK)
        status = read_case(reg, reg->one_case, arena, ret, error);
    wf_database_reset(reg->one_case);
    return status;
}

static weft_status read_cases(wf_register *reg, wf_arena *arena, wf_case_row *rows,
                              size_t count, weft_error *error)
{
    bool row = false;
    for (size_t i = 0; i < count; i++) {
        WF_TRY(wf_database_step(reg->all_cases, &row, error));
        WF_ASSERT(row); // the snapshot has not changed since they were counted
        rows[i].id = wf_arena_text(arena, wf_database_text(reg->all_cases, 0));
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
    WF_TRY(wf_database_number(reg->read, WF_SQL_CASES_COUNT, 0, &count, error));
    wf_case_row *rows = wf_arena_array(arena, (size_t)count, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(error);
    weft_status status = read_cases(reg, arena, rows, (size_t)count, error);
    wf_database_reset(reg->all_cases);
    if (status != WEFT_OK)
        return status;
    *ret = rows;
    *ret_count = (size_t)count;
    return WEFT_OK;
}

// ---- numbers that rows hold ----

static weft_status read_held(wf_register *reg, const char *sql, uint64_t *bits,
                             weft_error *error)
{
    sqlite3_stmt *all = NULL;
    bool row = false;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_prepare(reg->read, sql, &all, error));
    weft_status status;
    while ((status = wf_database_step(all, &row, error)) == WEFT_OK && row) {
        uint32_t number = number_at(all, 0);
        if (number != WF_NUMBER_NONE)
            bits[number / 64] |= UINT64_C(1) << (number % 64);
    }
    sqlite3_finalize(all);
    return status;
}

static bool has(wf_register *reg, wf_held held, const char *sql, uint32_t number)
{
    if (number >= WF_NUMBER_LIMIT)
        return false;
    if (reg->held[held] == NULL) {
        weft_error unused;
        wf_error_clear(&unused);
        uint64_t *bits = wf_pages_new(WF_NUMBER_LIMIT / 8);
        if (bits == NULL)
            return true;
        if (read_held(reg, sql, bits, &unused) != WEFT_OK) {
            wf_pages_free(bits, WF_NUMBER_LIMIT / 8);
            return true;
        }
        reg->held[held] = bits;
    }
    return (reg->held[held][number / 64] >> (number % 64) & 1) != 0;
}

bool wf_register_has_person(wf_register *reg, uint32_t number)
{
    return has(reg, WF_HELD_PERSONS, WF_SQL_HELD_PERSONS, number);
}

bool wf_register_has_place(wf_register *reg, uint32_t number)
{
    return has(reg, WF_HELD_PLACES, WF_SQL_HELD_PLACES, number);
}

weft_status wf_register_greatest(wf_register *reg, int64_t *ret_person,
                                 int64_t *ret_place, weft_error *error)
{
    int64_t person = -1, place = -1;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_number(reg->read, WF_SQL_GREATEST_PERSON, -1, &person, error));
    WF_TRY(wf_database_number(reg->read, WF_SQL_GREATEST_PLACE, -1, &place, error));
    *ret_person = person;
    *ret_place = place;
    return WEFT_OK;
}

void wf_register_forget_read(wf_register *reg)
{
    for (size_t i = 0; i < WF_HELD_COUNT; i++) {
        wf_pages_free(reg->held[i], WF_NUMBER_LIMIT / 8);
        reg->held[i] = NULL;
    }
    wf_town_book_free(reg->towns);
    reg->towns = NULL;
}
