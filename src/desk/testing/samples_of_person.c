#include "desk/testing/samples_of_person.h"

#include "desk/register/alias.h"
#include "desk/testing/kinds.h"
#include "desk/testing/sql.h"
#include "model/ids.h"
#include "store/person_facts.h"

// In the order of the file's columns.
enum {
    column_tube,
    column_person,
    column_collected_at,
    column_site,
    column_grid,
    column_result,
    column_result_at,
    columns_count
};

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    wf_statement *ask;
    uint32_t person; // the id whose samples are read, and its text
    wf_text id;
    wf_buffer tubes; // wf_text, of that id
} giving;

static bool has_tube(const giving *to, wf_text tube)
{
    const wf_text *tubes = (const wf_text *)(const void *)to->tubes.bytes;
    for (size_t i = 0; i < to->tubes.size / sizeof *tubes; i++)
        if (wf_text_equal(tubes[i], tube))
            return true;
    return false;
}

// A sample that was sent twice, or corrected, is one row.
static weft_status note_tube(void *context, const wf_entry *entry, bool live,
                             weft_error *error)
{
    giving *to = context;
    const wf_fact *fact = &entry->fact;
    if (!live || entry->forgotten || fact->kind != &wf_kind_sample_collected)
        return WEFT_OK;
    const wf_value *tube = &fact->values[wf_kind_field(fact->kind, WF_TEXT("tube"))];
    const wf_value *person = &fact->values[wf_kind_field(fact->kind, WF_TEXT("person"))];
    if (!wf_text_equal(person->text, to->id) || has_tube(to, tube->text))
        return WEFT_OK;
    wf_text kept = wf_arena_text(to->call->arena, tube->text);
    if (kept.bytes == NULL || !wf_buffer_append(&to->tubes, &kept, sizeof kept))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static wf_value asked(wf_statement *ask, int column, bool is_text)
{
    if (wf_statement_is_null(ask, column))
        return (wf_value){0};
    return is_text ? (wf_value){.given = true, .text = wf_statement_text(ask, column)}
                   : (wf_value){.given = true, .number = wf_statement_i64(ask, column)};
}

// A fact that the rows do not hold yet has no row: it comes with the next answer.
static weft_status give_tube(giving *to, wf_text tube, weft_error *error)
{
    bool found = false;
    wf_statement *ask = to->ask;
    wf_statement_reset(ask);
    wf_statement_bind_text(ask, 0, tube);
    wf_statement_bind_i64(ask, 1, to->person);
    WF_TRY(wf_statement_step(ask, &found, error));
    if (!found)
        return WEFT_OK;
    wf_value row[columns_count] = {
        [column_tube] = {.given = true, .text = tube},
        [column_person] = {.given = true, .text = to->id, .number = to->person},
        [column_collected_at] = asked(ask, 0, false),
        [column_site] = asked(ask, 1, false),
        [column_grid] = asked(ask, 2, true),
        [column_result] = asked(ask, 3, true),
        [column_result_at] = asked(ask, 4, false)};
    return wf_view_give(to->sink, row, error);
}

static weft_status give_id(giving *to, uint32_t person, weft_error *error)
{
    const wf_view_call *call = to->call;
    wf_text id = call->numbers.text_of(call->numbers.context, WF_COLUMN_PERSON, person);
    to->person = person;
    to->id = wf_arena_text(call->arena, id);
    if (to->id.bytes == NULL)
        return wf_fail_memory(error);
    wf_buffer_clear(&to->tubes);
    WF_TRY(wf_person_facts(call->store, call->db, to->id, note_tube, to, error));
    const wf_text *tubes = (const wf_text *)(const void *)to->tubes.bytes;
    for (size_t i = 0; i < to->tubes.size / sizeof *tubes; i++)
        WF_TRY(give_tube(to, tubes[i], error));
    return WEFT_OK;
}

weft_status wf_samples_of_person_rows(void *context, const wf_view_call *call,
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
    WF_TRY(wf_database_prepare(call->db, WF_SQL_SAMPLE_OF, &to.ask, error));
    weft_status status = wf_alias_members(call->db, person, &ids, error);
    const uint32_t *numbers = (const uint32_t *)(const void *)ids.bytes;
    for (size_t i = 0; status == WEFT_OK && i < ids.size / sizeof *numbers; i++)
        status = give_id(&to, numbers[i], error);
    wf_statement_free(to.ask);
    wf_buffer_done(&ids);
    wf_buffer_done(&to.tubes);
    return status;
}
