#include "store/person_facts.h"

#include "store/facts.h"
#include "store/store_inside.h"

typedef struct {
    wf_text person;
    bool named;
} search;

static void look(void *context, wf_column_type type, wf_value *value)
{
    search *s = context;
    if (type == WF_COLUMN_PERSON && wf_text_equal(value->text, s->person))
        s->named = true;
}

// Different persons may share a hash.
static bool tells_of(wf_entry *entry, wf_text person)
{
    search s = {person, false};
    if (entry->forgotten || entry->elsewhere)
        return true;
    if (entry->fact.kind != NULL)
        wf_claims_names(entry, look, &s);
    return s.named;
}

// Of a forgotten body nobody knows any more whom it showed, nor what else it said.
static bool showed(wf_entry *entry, wf_text person)
{
    const wf_kind *kind = entry->fact.kind;
    if (entry->forgotten || kind == NULL || !kind->shows)
        return false;
    for (size_t i = 0; i < kind->fields_count; i++) {
        const wf_value *value = &entry->fact.values[i];
        if (kind->fields[i].type != WF_COLUMN_PERSON || !value->given)
            continue;
        for (size_t k = 0; k < value->items_count; k++)
            if (wf_text_equal(value->items[k].text, person))
                return true;
    }
    return false;
}

static weft_status is_live(wf_statement *dead, wf_identity id, bool *ret,
                           weft_error *error)
{
    wf_fact_name name = wf_fact_name_of(id);
    bool row = false;
    wf_statement_bind_text(dead, 0, wf_text_of(name.text));
    weft_status status = wf_statement_step(dead, &row, error);
    wf_statement_reset(dead);
    *ret = !row;
    return status;
}

typedef struct {
    wf_store *store;
    wf_statement *dead;
    wf_text person;
    bool (*names)(wf_entry *entry, wf_text person);
    weft_status (*each)(void *context, const wf_entry *entry, bool live,
                        weft_error *error);
    void *context;
} asking;

static weft_status give(const asking *job, uint64_t position, weft_error *error)
{
    wf_arena arena = {0};
    wf_entry entry = {0};
    bool live = true;
    weft_status status =
        wf_ledger_read(job->store->ledger, position, &arena, &entry, error);
    if (status == WEFT_OK)
        status = wf_store_read_body(job->store, &arena, &entry, error);
    if (status == WEFT_OK && job->names(&entry, job->person)) {
        status = is_live(job->dead, entry.fact.id, &live, error);
        if (status == WEFT_OK)
            status = job->each(job->context, &entry, live, error);
    }
    wf_arena_done(&arena);
    return status;
}

static weft_status give_all(const asking *job, uint64_t hash, weft_error *error)
{
    wf_buffer found = {0};
    weft_status status = wf_index_find(job->store->index, hash, &found, error);
    const uint64_t *positions = (const uint64_t *)(const void *)found.bytes;
    for (size_t i = 0; status == WEFT_OK && i < found.size / sizeof *positions; i++)
        status = give(job, positions[i], error);
    wf_buffer_done(&found);
    return status;
}

static weft_status ask(asking *job, wf_database *db, uint64_t hash, weft_error *error)
{
    WF_TRY(wf_database_prepare(db, "SELECT 1 FROM \"dead_facts\" WHERE \"fact\" = :fact",
                               &job->dead, error));
    weft_status status = give_all(job, hash, error);
    wf_statement_free(job->dead);
    return status;
}

weft_status wf_person_facts(wf_store *store, wf_database *db, wf_text person,
                            weft_status (*each)(void *context, const wf_entry *entry,
                                                bool live, weft_error *error),
                            void *context, weft_error *error)
{
    asking job = {.store = store,
                  .person = person,
                  .names = tells_of,
                  .each = each,
                  .context = context};
    return ask(&job, db, wf_claims_person(store->index, person), error);
}

// Of a forgotten body it is not known any more of which row it is.
static bool is_known(wf_entry *entry, wf_text key)
{
    (void)key;
    return !entry->forgotten && entry->fact.kind != NULL;
}

weft_status wf_row_facts(wf_store *store, wf_database *db, const wf_table *table,
                         wf_text key,
                         weft_status (*each)(void *context, const wf_entry *entry,
                                             bool live, weft_error *error),
                         void *context, weft_error *error)
{
    asking job = {.store = store,
                  .person = key,
                  .names = is_known,
                  .each = each,
                  .context = context};
    return ask(&job, db, wf_claims_row(store->index, table, key), error);
}

weft_status wf_person_shown(wf_store *store, wf_database *db, wf_text person,
                            weft_status (*each)(void *context, const wf_entry *entry,
                                                bool live, weft_error *error),
                            void *context, weft_error *error)
{
    asking job = {.store = store,
                  .person = person,
                  .names = showed,
                  .each = each,
                  .context = context};
    return ask(&job, db, wf_claims_shown(store->index, person), error);
}
