#include "desk/register/looks_lately.h"

#include "desk/asked_sql.h"
#include "desk/register/kinds.h"
#include "store/facts.h"

static void bind(wf_statement *asked, const char *parameter, int64_t value)
{
    wf_statement_bind_i64(asked, wf_statement_parameter(asked, parameter), value);
}

weft_status wf_looks_lately(wf_database *db, weft_time since,
                            void (*each)(void *context, wf_text actor, weft_time at,
                                         uint64_t persons),
                            void *context, weft_error *error)
{
    wf_statement *asked = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, WF_SQL_LOOKS_LATELY, &asked, error));
    bind(asked, "since", since.us);
    weft_status status = wf_statement_step(asked, &row, error);
    while (status == WEFT_OK && row) {
        int64_t persons = wf_statement_i64(asked, 2);
        each(context, wf_statement_text(asked, 0),
             (weft_time){wf_statement_i64(asked, 1)},
             persons > 0 ? (uint64_t)persons : 0);
        status = wf_statement_step(asked, &row, error);
    }
    wf_statement_free(asked);
    return status;
}

typedef struct {
    wf_store *store;
    void (*each)(void *context, wf_text actor, wf_text person, weft_time at);
    void *context;
} telling;

static wf_value value_of(const wf_fact *fact, wf_text field)
{
    size_t place = wf_kind_field(fact->kind, field);
    WF_ASSERT(place != SIZE_MAX);
    return fact->values[place];
}

static void tell(const telling *to, const wf_entry *entry)
{
    const wf_fact *fact = &entry->fact;
    if (entry->forgotten || entry->elsewhere || fact->kind != &wf_kind_look_made)
        return;
    wf_value actor = value_of(fact, WF_TEXT("actor"));
    wf_value persons = value_of(fact, WF_TEXT("persons"));
    for (size_t i = 0; i < persons.items_count; i++)
        to->each(to->context, actor.text, persons.items[i].text, fact->at);
}

// One that is damaged is said by who verifies and by the doctor: no service has to stand
// still for a sum.
static weft_status tell_of(const telling *to, wf_text look, weft_error *error)
{
    wf_identity id;
    wf_entry entry = {0};
    wf_arena arena = {0};
    bool found = false;
    if (!wf_identity_read(look, &id))
        return WEFT_OK;
    weft_error unread = {0};
    weft_status status = wf_store_fact(to->store, id, &arena, &found, &entry, &unread);
    if (status == WEFT_OK && found)
        tell(to, &entry);
    wf_arena_done(&arena);
    return status == WEFT_NO_MEMORY ? wf_fail_memory(error) : WEFT_OK;
}

weft_status
wf_looks_at_one(wf_store *store, wf_database *db, weft_time since, size_t most,
                void (*each)(void *context, wf_text actor, wf_text person, weft_time at),
                void *context, weft_error *error)
{
    const telling to = {store, each, context};
    wf_statement *asked = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, WF_SQL_LOOKS_AT_ONE, &asked, error));
    bind(asked, "since", since.us);
    bind(asked, "most", (int64_t)most);
    weft_status status = wf_statement_step(asked, &row, error);
    while (status == WEFT_OK && row) {
        status = tell_of(&to, wf_statement_text(asked, 0), error);
        if (status == WEFT_OK)
            status = wf_statement_step(asked, &row, error);
    }
    wf_statement_free(asked);
    return status;
}
