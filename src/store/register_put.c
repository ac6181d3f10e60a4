#include <string.h>

#include "base/bytes.h"
#include "base/pages.h"
#include "model/ids.h"
#include "store/register_inside.h"

// ---- a delivery ----

// The greatest number of each table: a row above it is new and need not be looked
// for.
static weft_status read_greatest(wf_register *reg, weft_error *error)
{
    static const char *const sql[WF_REGISTER_COUNT] = {
        [WF_REGISTER_PERSONS] = "SELECT max(\"person\") FROM \"persons\"",
        [WF_REGISTER_PLACES] = "SELECT max(\"place\") FROM \"places\""};
    for (size_t i = 0; i < WF_REGISTER_COUNT; i++)
        if (sql[i] != NULL)
            WF_TRY(wf_database_number(reg->write, sql[i], -1, &reg->tables[i].greatest,
                                      error));
    return WEFT_OK;
}

weft_status wf_register_begin(wf_register *reg, wf_register_text_of *text_of,
                              void *context, weft_error *error)
{
    WF_ASSERT(!reg->delivering);
    WF_TRY(wf_database_run(reg->write, "BEGIN IMMEDIATE", error));
    reg->delivering = true;
    reg->failed = false;
    reg->text_of = text_of;
    reg->text_context = context;
    weft_status status = read_greatest(reg, error);
    if (status != WEFT_OK)
        wf_register_rollback(reg);
    return status;
}

static void end_delivery(wf_register *reg)
{
    reg->delivering = false;
    wf_town_list_done(&reg->moved);
    // SQLite may have rolled back by itself, as it does when the disk is full.
    weft_error unused;
    wf_error_clear(&unused);
    if (sqlite3_get_autocommit(reg->write) == 0)
        WF_IGNORE(wf_database_run(reg->write, "ROLLBACK", &unused),
                  "nothing becomes visible either way: the log has no commit");
    WF_IGNORE(sqlite3_db_release_memory(reg->write), "memory comes back when it can");
}

void wf_register_rollback(wf_register *reg)
{
    if (reg->delivering)
        end_delivery(reg);
}

// The number stands in the table "about", so that it rises with the delivery or not at
// all.
weft_status wf_register_deliveries(wf_register *reg, uint64_t *ret, weft_error *error)
{
    sqlite3_stmt *find = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(
        reg->write, "SELECT \"value\" FROM \"about\" WHERE \"name\" = 'deliveries'",
        &find, error));
    weft_status status = wf_database_step(find, &row, error);
    wf_text value = WF_TEXT("");
    if (status == WEFT_OK && row)
        value = wf_database_blob(find, 0);
    if (status == WEFT_OK && row && value.size != 8)
        status = wf_database_damaged(reg->write, error);
    if (status == WEFT_OK)
        *ret = row ? wf_get_u64((const unsigned char *)value.bytes) : 0;
    sqlite3_finalize(find);
    return status;
}

static weft_status count_delivery(wf_register *reg, weft_error *error)
{
    sqlite3_stmt *replace = NULL;
    unsigned char bytes[8];
    uint64_t deliveries = 0;
    bool row = false;
    WF_TRY(wf_register_deliveries(reg, &deliveries, error));
    wf_put_u64(bytes, deliveries + 1);
    WF_TRY(wf_database_prepare(
        reg->write, "INSERT OR REPLACE INTO \"about\" VALUES ('deliveries', ?1)",
        &replace, error));
    weft_status status = WEFT_OK;
    if (sqlite3_bind_blob(replace, 1, bytes, sizeof bytes, SQLITE_STATIC) != SQLITE_OK)
        status = wf_database_fail(reg->write, error);
    if (status == WEFT_OK)
        status = wf_database_step(replace, &row, error);
    sqlite3_finalize(replace);
    return status;
}

weft_status wf_register_commit(wf_register *reg, weft_error *error)
{
    WF_ASSERT(reg->delivering);
    // Without readers the log can be brought into the file and begun anew.
    wf_register_read_end(reg);
    weft_status status = reg->failed
                             ? wf_fail(error, WEFT_STORAGE, "register.failed", NULL)
                             : count_delivery(reg, error);
    if (status == WEFT_OK)
        status = wf_register_towns_put(reg, error);
    if (status == WEFT_OK)
        status = wf_database_run(reg->write, "COMMIT", error);
    end_delivery(reg);
    wf_register_forget_read(reg);
    return status;
}

// ---- a row ----

static bool takes(const wf_column *column, const wf_value *value)
{
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return wf_column_takes_text(column, value->text);
    case WF_COLUMN_NUMBER:
        return wf_column_takes_real(column, value->real);
    default:
        return wf_column_takes_number(column, value->number);
    }
}

static weft_status check_values(const wf_table_form *form, const wf_value *values,
                                weft_error *error)
{
    const wf_column *columns = form->table->columns;
    size_t from = form->kind == WF_REGISTER_CASES ? 0 : 1;
    for (size_t i = from; i < form->table->columns_count; i++) {
        if (values[i].given ? takes(&columns[i], &values[i]) : !columns[i].required)
            continue;
        wf_error_at(error, NULL, 0, columns[i].name);
        return wf_fail(error, WEFT_BAD_INPUT, "register.value", NULL);
    }
    return WEFT_OK;
}

// Reads the row into reg->row, or empties that when there is none; state->find stands on
// it until it is reset.
static weft_status find_row(wf_register *reg, wf_register_state *state, uint32_t number,
                            const wf_value *values, bool *ret_found, weft_error *error)
{
    bool numbered = state->form.kind != WF_REGISTER_CASES, row = false;
    if (!numbered || number <= state->greatest) {
        WF_TRY(wf_row_bind_key(&state->form, number, &values[0], state->find, error));
        WF_TRY(wf_database_step(state->find, &row, error));
    }
    if (row)
        WF_TRY(wf_row_read(&state->form, &reg->row_keys, state->find, &reg->row, error));
    else
        memset(reg->row.values, 0, sizeof reg->row.values);
    const wf_value none = {0};
    reg->row.values[0] = numbered ? none : values[0];
    *ret_found = row;
    return WEFT_OK;
}

// Writes reg->row. Sealed values that did not change keep their blob.
static weft_status write_row(wf_register *reg, wf_register_state *state, uint32_t number,
                             bool found, const wf_row_change *change, weft_error *error)
{
    const wf_table_form *form = &state->form;
    unsigned char older[WF_ROW_OLDER_BYTES_MAX];
    bool row = false;
    wf_text sealed = {"", 0};
    wf_buffer_clear(&reg->sealed);
    if (change->sealed) {
        WF_TRY(wf_row_seal(form, &reg->row_keys, number, &reg->row, &reg->sealed, error));
        sealed = wf_buffer_text(&reg->sealed);
    } else if (found && form->has_sealed) {
        sealed = wf_database_blob(state->find, (int)form->slots_count - 1);
    }
    WF_TRY(wf_row_bind(form, &reg->row_keys, number, &reg->row, sealed, older,
                       state->upsert, error));
    WF_TRY(wf_database_step(state->upsert, &row, error));
    if (number > state->greatest)
        state->greatest = number;
    return WEFT_OK;
}

// Every value as it was, of a newer file: the everyday case of a file that comes again.
static weft_status touch_row(wf_register *reg, wf_register_state *state, uint32_t number,
                             weft_error *error)
{
    unsigned char older[WF_ROW_OLDER_BYTES_MAX];
    bool row = false;
    WF_TRY(
        wf_row_bind_as_ofs(&state->form, number, &reg->row, older, state->touch, error));
    return wf_database_step(state->touch, &row, error);
}

// The town of reg->row, for persons.
static wf_town_code town_of_row(const wf_register *reg, const wf_register_state *state)
{
    const wf_value *grid = &reg->row.values[reg->grid_column];
    bool known = state->form.kind == WF_REGISTER_PERSONS && grid->given;
    return wf_town_code_of(known ? grid->text : WF_TEXT(""));
}

static weft_status put_row(wf_register *reg, wf_register_state *state, uint32_t number,
                           const wf_value *values, weft_time as_of, wf_put_result *ret,
                           weft_error *error)
{
    bool found = false;
    WF_TRY(find_row(reg, state, number, values, &found, error));
    wf_town_code before = town_of_row(reg, state);
    wf_row_change change = wf_row_merge(&state->form, &reg->row, values, as_of,
                                        reg->text_of, reg->text_context);
    if (found && change.any && !change.visible)
        WF_TRY(touch_row(reg, state, number, error));
    else if (!found || change.visible)
        WF_TRY(write_row(reg, state, number, found, &change, error));
    wf_town_code after = town_of_row(reg, state);
    WF_TRY(wf_register_town_moved(reg, &before, &after, error));
    *ret = !found || change.visible ? WF_PUT_ACCEPTED : WF_PUT_HAD;
    return WEFT_OK;
}

weft_status wf_register_put(wf_register *reg, wf_register_kind kind, uint32_t number,
                            const wf_value *values, weft_time as_of, wf_put_result *ret,
                            weft_error *error)
{
    wf_register_state *state = &reg->tables[kind];
    WF_ASSERT(reg->delivering && !weft_time_is_none(as_of));
    WF_ASSERT(kind == WF_REGISTER_CASES || number < WF_NUMBER_LIMIT);
    if (reg->failed)
        return wf_fail(error, WEFT_STORAGE, "register.failed", NULL);
    WF_TRY(check_values(&state->form, values, error));
    weft_status status = put_row(reg, state, number, values, as_of, ret, error);
    wf_database_reset(state->find);
    wf_database_reset(state->upsert);
    wf_database_reset(state->touch);
    reg->failed = status != WEFT_OK;
    return status;
}
