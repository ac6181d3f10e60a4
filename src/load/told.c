#include "load/told.h"

#include "base/hash.h"
#include "store/facts.h"

void wf_told_done(wf_told *told)
{
    wf_hash_set_done(&told->read);
    wf_hash_set_done(&told->has[0]);
    wf_hash_set_done(&told->has[1]);
    told->seeded = false;
}

static bool put_value(const wf_column *column, const wf_value *value, wf_buffer *to)
{
    const int type = (int)column->type;
    if (!wf_buffer_append(to, column->name, strlen(column->name) + 1) ||
        !wf_buffer_append(to, &type, sizeof type))
        return false;
    switch (column->type) {
    case WF_COLUMN_NUMBER:
        return wf_buffer_append(to, &value->real, sizeof value->real);
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
    case WF_COLUMN_INTEGER:
    case WF_COLUMN_YESNO:
        return wf_buffer_append(to, &value->number, sizeof value->number);
    default:
        return wf_buffer_append(to, &value->text.size, sizeof value->text.size) &&
               wf_buffer_append(to, value->text.bytes, value->text.size);
    }
}

// What `told` says in the fields that `asked` gives, into `to`; *ret_all false: it does
// not give all of them.
static weft_status put_said(const wf_fact *asked, const wf_fact *told, wf_buffer *to,
                            bool *ret_all, weft_error *error)
{
    to->size = 0;
    *ret_all = true;
    if (!wf_buffer_append(to, &told->at, sizeof told->at))
        return wf_fail_memory(error);
    for (size_t i = 0; *ret_all && i < asked->kind->fields_count; i++) {
        const wf_column *column = &asked->kind->fields[i];
        if (!asked->values[i].given)
            continue;
        size_t at = wf_kind_field(told->kind, wf_text_of(column->name));
        *ret_all = at != SIZE_MAX && told->values[at].given &&
                   told->kind->fields[at].type == column->type;
        if (*ret_all && !put_value(column, &told->values[at], to))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// ---- reading ----

typedef struct {
    wf_told *told;
    wf_store *store;
    const wf_table *table;
    wf_text key;
    const wf_fact *asked;
    wf_buffer said;
} reading;

static weft_status keep_told(void *context, const wf_entry *entry, bool is_live,
                             weft_error *error)
{
    reading *on = context;
    bool all = false;
    if (!is_live || entry->fact.kind == NULL)
        return WEFT_OK;
    WF_TRY(put_said(on->asked, &entry->fact, &on->said, &all, error));
    for (size_t h = 0; all && h < 2; h++)
        if (!wf_hash_set_add(&on->told->has[h],
                             wf_hash(on->said.bytes, on->said.size, on->told->seeds[h])))
            return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status read_ledger(void *of, weft_error *error)
{
    reading *on = of;
    return wf_store_facts_of_row(on->store, on->table, on->key, keep_told, on, error);
}

// Which row is asked about, and which fields of it.
static weft_status hash_asked(reading *on, uint64_t *ret, weft_error *error)
{
    uint64_t fields = 0;
    WF_ASSERT(on->asked->kind->fields_count <= 64);
    for (size_t i = 0; i < on->asked->kind->fields_count; i++)
        fields |= (uint64_t)on->asked->values[i].given << i;
    on->said.size = 0;
    if (!wf_buffer_append(&on->said, &on->asked->kind->number,
                          sizeof on->asked->kind->number) ||
        !wf_buffer_append(&on->said, &fields, sizeof fields) ||
        !wf_buffer_append(&on->said, on->key.bytes, on->key.size))
        return wf_fail_memory(error);
    *ret = wf_hash(on->said.bytes, on->said.size, on->told->seeds[0]);
    return WEFT_OK;
}

static weft_status ask(reading *on, const wf_import_city *city, bool *ret,
                       weft_error *error)
{
    wf_told *told = on->told;
    uint64_t asked = 0;
    bool all;
    WF_TRY(hash_asked(on, &asked, error));
    if (!wf_hash_set_has(&told->read, asked)) {
        WF_TRY(city->alone != NULL
                   ? city->alone(city->alone_context, false, read_ledger, on, error)
                   : read_ledger(on, error));
        if (!wf_hash_set_add(&told->read, asked))
            return wf_fail_memory(error);
    }
    WF_TRY(put_said(on->asked, on->asked, &on->said, &all, error));
    *ret = true;
    for (size_t h = 0; h < 2; h++)
        *ret = *ret &&
               wf_hash_set_has(&told->has[h],
                               wf_hash(on->said.bytes, on->said.size, told->seeds[h]));
    return WEFT_OK;
}

weft_status wf_told_before(wf_told *told, const wf_import_city *city,
                           const wf_table *table, wf_text key, const wf_fact *fact,
                           bool *ret, weft_error *error)
{
    reading on = {
        .told = told, .store = city->store, .table = table, .key = key, .asked = fact};
    if (!told->seeded) {
        told->seeds[0] = wf_hash_seed();
        told->seeds[1] = wf_hash_seed();
        told->seeded = true;
    }
    weft_status status = ask(&on, city, ret, error);
    wf_buffer_wipe(&on.said);
    return status;
}
