#include "desk/register/looks_at_person.h"

#include "desk/register/alias.h"
#include "desk/register/kinds.h"
#include "model/ids.h"
#include "store/person_facts.h"

// A person learns of a look a day after it, so that nobody hears from a list, before
// somebody has spoken to them, that they are traced. Once somebody has, under any of
// their ids, they learn of all looks at once (wf_kind.reaches).
#define WAIT_US ((int64_t)24 * 3600 * WF_US_PER_S)

// In the order of the file's columns.
enum {
    column_look,
    column_looked_at,
    column_office,
    column_office_name,
    column_purpose,
    column_reference_kind,
    column_grid,
    columns_count
};

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    wf_buffer given; // positions (uint64_t), rising within the looks at one id
    bool reached;
} giving;

// One answer that showed two ids of a person is one look. People have few ids, so that
// what stands behind the first is few as well.
static bool was_given(const giving *to, uint64_t position, size_t before)
{
    const uint64_t *positions = (const uint64_t *)(const void *)to->given.bytes;
    for (size_t i = 0; i < before; i++)
        if (positions[i] == position)
            return true;
    return false;
}

static wf_value word(const wf_fact *fact, wf_text field)
{
    size_t place = wf_kind_field(fact->kind, field);
    WF_ASSERT(place != SIZE_MAX);
    return fact->values[place];
}

typedef struct {
    giving *to;
    size_t before; // positions given of other ids
} of_id;

// Whatever became of the look's fact since: that somebody looked cannot be taken back.
static weft_status give(void *context, const wf_entry *entry, bool live,
                        weft_error *error)
{
    const of_id *of = context;
    giving *to = of->to;
    const wf_fact *fact = &entry->fact;
    (void)live;
    if (fact->kind != &wf_kind_look_made ||
        fact->at.us > to->call->question->now.us - (to->reached ? 0 : WAIT_US) ||
        was_given(to, entry->position, of->before))
        return WEFT_OK;
    if (!wf_buffer_append(&to->given, &entry->position, sizeof entry->position))
        return wf_fail_memory(error);
    wf_fact_name name = wf_fact_name_of(fact->id);
    wf_value row[columns_count] = {
        [column_look] = {.given = true, .text = wf_text_of(name.text)},
        [column_looked_at] = {.given = true, .number = fact->at.us},
        [column_office] = word(fact, WF_TEXT("office")),
        [column_office_name] = word(fact, WF_TEXT("office_name")),
        [column_purpose] = word(fact, WF_TEXT("purpose")),
        [column_reference_kind] = word(fact, WF_TEXT("reference_kind")),
        [column_grid] = {.given = fact->grid.size > 0, .text = fact->grid}};
    return wf_view_give(to->sink, row, error);
}

static weft_status look_for_reaching(void *context, const wf_entry *entry, bool live,
                                     weft_error *error)
{
    giving *to = context;
    const wf_fact *fact = &entry->fact;
    (void)error;
    if (live && fact->kind != NULL && fact->kind->reaches &&
        fact->at.us <= to->call->question->now.us)
        to->reached = true;
    return WEFT_OK;
}

static weft_status find_reaching(giving *to, wf_text id, weft_error *error)
{
    return wf_person_facts(to->call->store, to->call->db, id, look_for_reaching, to,
                           error);
}

static weft_status give_id(giving *to, wf_text id, weft_error *error)
{
    of_id of = {to, to->given.size / sizeof(uint64_t)};
    return wf_person_shown(to->call->store, to->call->db, id, give, &of, error);
}

static weft_status each_id(giving *to, const uint32_t *ids, size_t count,
                           weft_status (*ask)(giving *to, wf_text id, weft_error *error),
                           weft_error *error)
{
    const wf_view_call *call = to->call;
    for (size_t i = 0; i < count; i++) {
        wf_text id =
            call->numbers.text_of(call->numbers.context, WF_COLUMN_PERSON, ids[i]);
        id = wf_arena_text(call->arena, id);
        if (id.bytes == NULL)
            return wf_fail_memory(error);
        WF_TRY(ask(to, id, error));
    }
    return WEFT_OK;
}

// Whoever the city has forgotten since has no number any more, but was looked at.
static weft_status give_ids(giving *to, wf_text id, weft_error *error)
{
    const wf_view_call *call = to->call;
    wf_buffer ids = {0};
    uint32_t person = call->numbers.find(call->numbers.context, WF_COLUMN_PERSON, id);
    if (person == WF_NUMBER_NONE)
        return give_id(to, id, error);
    weft_status status = wf_alias_members(call->db, person, &ids, error);
    if (status == WEFT_OK)
        status = each_id(to, (const uint32_t *)(const void *)ids.bytes,
                         ids.size / sizeof(uint32_t), find_reaching, error);
    if (status == WEFT_OK)
        status = each_id(to, (const uint32_t *)(const void *)ids.bytes,
                         ids.size / sizeof(uint32_t), give_id, error);
    wf_buffer_done(&ids);
    return status;
}

weft_status wf_looks_at_person_rows(void *context, const wf_view_call *call,
                                    wf_view_sink *sink, weft_error *error)
{
    (void)context;
    giving to = {.call = call, .sink = sink};
    WF_ASSERT(call->file->columns_count == columns_count);
    weft_status status = give_ids(&to, call->question->parameters[0].text, error);
    wf_buffer_done(&to.given);
    return status;
}
