#include <string.h>

#include "store/register_inside.h"

typedef struct {
    wf_register *reg;
    void (*found)(void *context, const weft_error *what);
    void *context;
} verify_job;

static void tell_damaged(const verify_job *job, const char *reason)
{
    weft_error what;
    wf_error_clear(&what);
    WF_IGNORE(wf_fail(&what, WEFT_DAMAGED, "register.integrity", "reason", reason, NULL),
              "the failure is what is handed on");
    job->found(job->context, &what);
}

// SQLite's sentences name tables, pages and columns, never values. True when the file is
// sound.
static weft_status check_file(const verify_job *job, bool *ret_sound, weft_error *error)
{
    sqlite3_stmt *check = NULL;
    bool row = false, sound = true;
    WF_TRY(
        wf_database_prepare(job->reg->read, "PRAGMA integrity_check(20)", &check, error));
    weft_status status;
    while ((status = wf_database_step(check, &row, error)) == WEFT_OK && row) {
        wf_text text = wf_database_text(check, 0);
        if (wf_text_equal(text, WF_TEXT("ok")))
            continue;
        sound = false;
        tell_damaged(job, (const char *)sqlite3_column_text(check, 0));
    }
    sqlite3_finalize(check);
    if (status == WEFT_DAMAGED) { // so damaged that it cannot be checked to the end
        sound = false;
        job->found(job->context, error);
        wf_error_clear(error);
        status = WEFT_OK;
    }
    if (status == WEFT_OK)
        *ret_sound = sound;
    return status;
}

// A value that the column would not take was not put there by us; a keyed hash that
// does not belong to its value would part a household.
static bool is_right(const wf_register *reg, const wf_table_form *form,
                     sqlite3_stmt *scan)
{
    for (size_t i = 1; i < form->slots_count; i++) {
        const wf_slot *slot = &form->slots[i];
        const wf_value *value = &reg->row.values[slot->column];
        int at = (int)i;
        if (slot->kind != WF_SLOT_KEYED)
            continue;
        if (value->given != (sqlite3_column_type(scan, at) != SQLITE_NULL))
            return false;
        if (value->given &&
            wf_row_key_of(&reg->row_keys, value->text) != sqlite3_column_int64(scan, at))
            return false;
    }
    return true;
}

static weft_status check_rows(const verify_job *job, wf_register_kind kind,
                              weft_error *error)
{
    wf_register *reg = job->reg;
    const wf_table_form *form = &reg->tables[kind].form;
    sqlite3_stmt *scan = reg->tables[kind].scan;
    int64_t wrong = 0;
    bool row = false;
    weft_status status;
    while ((status = wf_database_step(scan, &row, error)) == WEFT_OK && row) {
        weft_error closer;
        wf_error_clear(&closer);
        weft_status read = wf_row_read(form, &reg->row_keys, scan, &reg->row, &closer);
        if (read == WEFT_NO_MEMORY) {
            status = wf_fail_memory(error);
            break;
        }
        if (read != WEFT_OK || !is_right(reg, form, scan))
            wrong++;
    }
    wf_database_reset(scan);
    if (status == WEFT_OK && wrong > 0) {
        char count[WF_NUMBER_TEXT_MAX];
        weft_error what;
        wf_error_clear(&what);
        WF_IGNORE(wf_fail(&what, WEFT_DAMAGED, "register.rows", "table",
                          form->table->name, "count", wf_number_text(count, wrong), NULL),
                  "the failure is what is handed on");
        job->found(job->context, &what);
    }
    return status;
}

static weft_status check_towns(const verify_job *job, weft_error *error)
{
    bool right = false;
    weft_status status = wf_register_towns_check(job->reg, &right, error);
    if (status == WEFT_DAMAGED) {
        wf_error_clear(error);
        status = WEFT_OK;
    }
    if (status == WEFT_OK && !right)
        tell_damaged(job, "people are not counted by town as the rows say");
    return status;
}

weft_status wf_register_verify(wf_register *reg,
                               void (*found)(void *context, const weft_error *what),
                               void *context, weft_error *error)
{
    verify_job job = {reg, found, context};
    bool sound = false;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(check_file(&job, &sound, error));
    // Rows of a file that is not sound may be anything: the file was told of.
    for (wf_register_kind kind = 0; sound && kind < WF_REGISTER_COUNT; kind++)
        WF_TRY(check_rows(&job, kind, error));
    if (sound)
        WF_TRY(check_towns(&job, error));
    return WEFT_OK;
}
