#include "access/change/upgrade.h"

#include "access/city/city.h"
#include "load/older.h"

// What cannot be read stops it before anything is sent.
static weft_status check_refused(const wf_older_count counts[WF_REGISTER_COUNT],
                                 bool leave_refused, weft_error *error)
{
    uint64_t refused = 0;
    char number[WF_NUMBER_TEXT_MAX];
    for (size_t i = 0; i < WF_REGISTER_COUNT; i++)
        refused += counts[i].refused;
    if (refused == 0 || leave_refused)
        return WEFT_OK;
    return wf_fail(error, WEFT_FOUND_WRONG, "upgrade.refused", "count",
                   wf_number_text(number, (int64_t)refused), NULL);
}

static weft_status send_rows(weft_city *city, bool leave_refused,
                             wf_older_count counts[WF_REGISTER_COUNT], weft_error *error)
{
    wf_older *older = NULL;
    const wf_import_city into = wf_city_import(city);
    WF_TRY(wf_older_open(city->dir.text, city->keys, &older, error));
    weft_status status = wf_older_judge(&into, older, counts, error);
    if (status == WEFT_OK)
        status = check_refused(counts, leave_refused, error);
    wf_register_refresh(city->reg);
    if (status == WEFT_OK)
        status = wf_older_send(&into, older, counts, error);
    wf_older_close(older);
    return status;
}

static weft_status upgrade(weft_city *city, bool leave_refused, weft_upgrade_summary *ret,
                           weft_error *error)
{
    wf_older_state state = WF_OLDER_NONE;
    weft_upgrade_summary summary = {0};
    wf_older_count counts[WF_REGISTER_COUNT] = {{0}};
    _Static_assert(WEFT_UPGRADE_TABLES == (int)WF_REGISTER_COUNT, "every table counts");
    WF_TRY(wf_older_look(city->io, city->dir.text, &state, error));
    summary.needed = state != WF_OLDER_NONE;
    if (summary.needed) {
        WF_TRY(send_rows(city, leave_refused, counts, error));
        // The ledger has them all, durably.
        WF_TRY(wf_older_end(city->io, city->dir.text, error));
    }
    for (size_t i = 0; i < WF_REGISTER_COUNT; i++)
        summary.tables[i] = (weft_upgrade_table){
            wf_register_table_of((wf_register_kind)i)->name, counts[i].rows,
            counts[i].accepted, counts[i].had, counts[i].refused};
    *ret = summary;
    return WEFT_OK;
}

weft_status wf_upgrade(const wf_io *io, const char *dir, const weft_key_options *keys,
                       bool leave_refused, weft_upgrade_summary *ret, weft_error *error)
{
    weft_city *city = NULL;
    WF_TRY(wf_city_open_upgrading(io, dir, keys, &city, error));
    weft_status status = upgrade(city, leave_refused, ret, error);
    weft_city_close(city);
    return status;
}

weft_status weft_upgrade(const char *dir, const weft_key_options *keys,
                         bool leave_refused, weft_upgrade_summary *ret, weft_error *error)
{
    return wf_upgrade(&wf_io_posix, dir, keys, leave_refused, ret, error);
}
