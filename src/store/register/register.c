#include "store/register/register.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/pages.h"
#include "model/ids.h"
#include "store/register/inside.h"
#include "store/register/sql.h"

static weft_status open_parts(wf_register *reg, wf_store *store, wf_keys *keys,
                              weft_error *error)
{
    const wf_table *person = wf_kinds_table(reg->kinds, WF_TEXT("person"));
    WF_ASSERT(person != NULL);
    wf_form_init(&reg->person_form, person);
    reg->store = store;
    WF_TRY(wf_record_keys_make(keys, &reg->row_keys, error));
    WF_TRY(wf_store_reader(store, &reg->db, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_PERSON, &reg->person, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_PLACE, &reg->place, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_CASE, &reg->one_case, error));
    return wf_database_prepare(reg->db, WF_SQL_CASES, &reg->all_cases, error);
}

weft_status wf_register_open(wf_store *store, wf_keys *keys, const wf_kinds *kinds,
                             wf_register **ret, weft_error *error)
{
    wf_register *reg = calloc(1, sizeof *reg);
    if (reg == NULL)
        return wf_fail_memory(error);
    reg->kinds = kinds;
    weft_status status = open_parts(reg, store, keys, error);
    if (status != WEFT_OK) {
        wf_register_close(reg);
        return status;
    }
    *ret = reg;
    return WEFT_OK;
}

void wf_register_close(wf_register *reg)
{
    if (reg == NULL)
        return;
    wf_register_refresh(reg);
    wf_statement_free(reg->person);
    wf_statement_free(reg->place);
    wf_statement_free(reg->one_case);
    wf_statement_free(reg->all_cases);
    wf_statement_free(reg->whole_person);
    wf_database_close(reg->db);
    wf_record_done(&reg->row);
    sodium_memzero(&reg->row_keys, sizeof reg->row_keys);
    free(reg);
}

weft_status wf_register_read_begin(wf_register *reg, weft_error *error)
{
    if (reg->reading)
        return WEFT_OK;
    reg->places_version = wf_places_version(wf_store_places(reg->store));
    WF_TRY(wf_database_begin(reg->db, error));
    reg->reading = true;
    return WEFT_OK;
}

void wf_register_refresh(wf_register *reg)
{
    if (reg->reading)
        wf_database_rollback(reg->db);
    reg->reading = false;
    for (size_t i = 0; i < WF_HELD_COUNT; i++) {
        wf_pages_free(reg->held[i], WF_NUMBER_LIMIT / 8);
        reg->held[i] = NULL;
    }
    wf_town_book_free(reg->towns);
    reg->towns = NULL;
}
