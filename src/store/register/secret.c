// The secret of a user, for their log-in: read when it is needed, kept nowhere.
#include <sodium.h>
#include <string.h>

#include "store/register/inside.h"
#include "store/register/sql.h"

static bool copy_text(const wf_value *value, char ret[WF_REGISTER_SECRET_MAX + 1])
{
    size_t size = value->given ? value->text.size : 0;
    if (size > WF_REGISTER_SECRET_MAX)
        return false;
    if (size > 0)
        memcpy(ret, value->text.bytes, size);
    ret[size] = '\0';
    return true;
}

static weft_status open_secret(wf_register *reg, wf_text user, wf_text sealed,
                               wf_user_secret *ret, weft_error *error)
{
    const wf_table *table = wf_kinds_table(reg->kinds, WF_TEXT("user_secret"));
    wf_form form;
    wf_record row = {.plain = {0}};
    wf_form_init(&form, table);
    row.values[0] = (wf_value){.given = true, .text = user};
    weft_status status =
        wf_record_open_sealed(&form, &reg->row_keys, sealed, &row, error);
    if (status == WEFT_OK &&
        (!copy_text(&row.values[wf_table_column(table, WF_TEXT("secret"))],
                    ret->secret) ||
         !copy_text(&row.values[wf_table_column(table, WF_TEXT("totp"))], ret->totp)))
        status = wf_fail(error, WEFT_DAMAGED, "records.row", "table", table->name, NULL);
    wf_record_done(&row);
    return status;
}

weft_status wf_register_user_secret(wf_register *reg, wf_text user, wf_user_secret *ret,
                                    weft_error *error)
{
    wf_statement *statement = NULL;
    bool row = false;
    wf_user_secret secret = {{0}, {0}};
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_USER_SECRET, &statement, error));
    wf_statement_bind_text(statement, 0, user);
    weft_status status = wf_statement_step(statement, &row, error);
    if (status == WEFT_OK && row && !wf_statement_is_null(statement, 0))
        status = open_secret(reg, user, wf_statement_blob(statement, 0), &secret, error);
    wf_statement_free(statement);
    if (status == WEFT_OK)
        *ret = secret;
    sodium_memzero(&secret, sizeof secret);
    return status;
}
