#include "desk/register/person_file.h"

#include <stdlib.h>
#include <string.h>

#include "desk/register/alias.h"
#include "model/ids.h"
#include "store/person_facts.h"
#include "wire/facts.h"

// In the order of the file's columns.
enum {
    column_at,
    column_kind,
    column_fact,
    column_live,
    column_forgotten,
    column_amends,
    column_grid,
    column_received,
    column_said,
    columns_count
};

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    const wf_text *ids; // the person's
    size_t ids_count;
    wf_buffer said;
    wf_buffer given; // positions (uint64_t), those of ids before this one sorted
    size_t sorted;
} giving;

static int compare_positions(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

// A fact that names two ids of the person is found by each.
static bool was_given(const giving *to, uint64_t position)
{
    return to->sorted > 0 && bsearch(&position, to->given.bytes, to->sorted,
                                     sizeof position, compare_positions) != NULL;
}

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static wf_value number_value(int64_t number)
{
    return (wf_value){.given = true, .number = number};
}

static wf_value fact_value(wf_identity id, wf_fact_name *room)
{
    if (id.device.size == 0)
        return (wf_value){0};
    *room = wf_fact_name_of(id);
    return text_value(wf_text_of(room->text));
}

static bool is_own(const giving *to, const wf_value *item)
{
    for (size_t i = 0; i < to->ids_count; i++)
        if (wf_text_equal(to->ids[i], item->text))
            return true;
    return false;
}

// Whoever else an order binds is no matter of this file: of lists of persons only the
// person's own ids are said.
static weft_status leave_out_others(const giving *to, wf_fact *fact, weft_error *error)
{
    for (size_t i = 0; i < fact->kind->fields_count; i++) {
        const wf_column *field = &fact->kind->fields[i];
        wf_value *value = &fact->values[i];
        size_t count = 0;
        if (!field->list || field->type != WF_COLUMN_PERSON || !value->given)
            continue;
        wf_value *kept = wf_arena_array(to->call->arena, to->ids_count + 1, sizeof *kept);
        if (kept == NULL)
            return wf_fail_memory(error);
        for (size_t k = 0; k < value->items_count && count < to->ids_count; k++)
            if (is_own(to, &value->items[k]))
                kept[count++] = value->items[k];
        *value = (wf_value){.given = count > 0, .items = kept, .items_count = count};
    }
    return WEFT_OK;
}

// The body of the fact's line, {"tube":…}.
static weft_status write_body(giving *to, const wf_entry *entry, wf_value *ret,
                              weft_error *error)
{
    static const char mark[] = "\"body\":";
    wf_buffer_clear(&to->said);
    if (entry->forgotten || entry->elsewhere || entry->fact.kind == NULL)
        return WEFT_OK;
    wf_fact fact = entry->fact;
    WF_TRY(leave_out_others(to, &fact, error));
    WF_TRY(wf_facts_write(&fact, to->call->zone, &to->said, error));
    const char *body = memmem(to->said.bytes, to->said.size, mark, sizeof mark - 1);
    WF_ASSERT(body != NULL); // quotes of a text are written \"
    body += sizeof mark - 1;
    size_t before = (size_t)(body - to->said.bytes);
    *ret = text_value((wf_text){body, to->said.size - before - 1});
    return WEFT_OK;
}

static weft_status give(void *context, const wf_entry *entry, bool live,
                        weft_error *error)
{
    giving *to = context;
    const wf_fact *fact = &entry->fact;
    wf_fact_name name, amends;
    if (was_given(to, entry->position))
        return WEFT_OK;
    if (!wf_buffer_append(&to->given, &entry->position, sizeof entry->position))
        return wf_fail_memory(error);
    wf_value row[columns_count] = {
        [column_at] = number_value(fact->at.us),
        [column_kind] =
            text_value(fact->kind != NULL ? wf_text_of(fact->kind->name) : WF_TEXT("?")),
        [column_fact] = fact_value(fact->id, &name),
        [column_live] = number_value(live),
        [column_forgotten] = number_value(entry->forgotten),
        [column_amends] = fact_value(fact->amends, &amends),
        [column_grid] = text_value(fact->grid),
        [column_received] = number_value(entry->received.us)};
    WF_TRY(write_body(to, entry, &row[column_said], error));
    return wf_view_give(to->sink, row, error);
}

static weft_status name_ids(giving *to, const uint32_t *numbers, size_t count,
                            weft_error *error)
{
    const wf_view_call *call = to->call;
    wf_text *ids = wf_arena_array(call->arena, count + 1, sizeof *ids);
    if (ids == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        wf_text id =
            call->numbers.text_of(call->numbers.context, WF_COLUMN_PERSON, numbers[i]);
        ids[i] = wf_arena_text(call->arena, id);
        if (ids[i].bytes == NULL)
            return wf_fail_memory(error);
    }
    to->ids = ids;
    to->ids_count = count;
    return WEFT_OK;
}

static weft_status give_ids(giving *to, const uint32_t *numbers, size_t count,
                            weft_error *error)
{
    const wf_view_call *call = to->call;
    WF_TRY(name_ids(to, numbers, count, error));
    for (size_t i = 0; i < count; i++) {
        WF_TRY(wf_person_facts(call->store, call->db, to->ids[i], give, to, error));
        to->sorted = to->given.size / sizeof(uint64_t);
        if (to->sorted > 0)
            qsort(to->given.bytes, to->sorted, sizeof(uint64_t), compare_positions);
    }
    return WEFT_OK;
}

weft_status wf_person_file_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error)
{
    (void)context;
    giving to = {.call = call, .sink = sink};
    wf_buffer ids = {0};
    WF_ASSERT(call->file->columns_count == columns_count);
    uint32_t person = call->numbers.find(call->numbers.context, WF_COLUMN_PERSON,
                                         call->question->parameters[0].text);
    if (person == WF_NUMBER_NONE)
        return WEFT_OK;
    weft_status status = wf_alias_members(call->db, person, &ids, error);
    if (status == WEFT_OK)
        status = give_ids(&to, (const uint32_t *)(const void *)ids.bytes,
                          ids.size / sizeof(uint32_t), error);
    wf_buffer_done(&ids);
    wf_buffer_done(&to.given);
    wf_buffer_wipe(&to.said);
    return status;
}
