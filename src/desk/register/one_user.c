#include "desk/register/one_user.h"

#include <string.h>

#include "desk/asked_sql.h"
#include "desk/register/alias.h"

// Of a user whose account says it; else *ret_known is false.
static weft_status person_of(wf_database *db, wf_text sender, bool *ret_known,
                             uint32_t *ret, weft_error *error)
{
    static const char users[] = "user/";
    const size_t size = sizeof users - 1;
    wf_statement *asked = NULL;
    *ret_known = false;
    if (sender.size <= size || memcmp(sender.bytes, users, size) != 0)
        return WEFT_OK;
    WF_TRY(wf_database_take(db, WF_SQL_USER_PERSON, &asked, error));
    wf_statement_bind_text(asked, 0, (wf_text){sender.bytes + size, sender.size - size});
    weft_status status = wf_statement_step(asked, ret_known, error);
    if (status == WEFT_OK && *ret_known)
        *ret = (uint32_t)wf_statement_i64(asked, 0);
    wf_statement_give_back(asked);
    return status;
}

static weft_status is_member(wf_database *db, uint32_t a, uint32_t b, bool *ret,
                             weft_error *error)
{
    wf_buffer ids = {0};
    weft_status status = wf_alias_members(db, a, &ids, error);
    const uint32_t *all = (const uint32_t *)(const void *)ids.bytes;
    bool found = false;
    for (size_t i = 0; status == WEFT_OK && i < ids.size / sizeof *all; i++)
        found = found || all[i] == b;
    wf_buffer_done(&ids);
    *ret = found;
    return status;
}

weft_status wf_senders_are_one(wf_database *db, wf_text a, wf_text b, bool *ret,
                               weft_error *error)
{
    uint32_t person_a = 0, person_b = 0;
    bool knows_a = false, knows_b = false;
    *ret = wf_text_equal(a, b);
    if (*ret)
        return WEFT_OK;
    WF_TRY(person_of(db, a, &knows_a, &person_a, error));
    WF_TRY(person_of(db, b, &knows_b, &person_b, error));
    return knows_a && knows_b ? is_member(db, person_a, person_b, ret, error) : WEFT_OK;
}
