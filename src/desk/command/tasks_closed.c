#include "desk/command/tasks_closed.h"

#include <string.h>

#include "desk/register/alias.h"
#include "store/person_facts.h"
#include "store/query/sql_closer.h"

typedef struct {
    const wf_view_call *call;
    const wf_task *task;
    const wf_table *table; // whose row is the subject's; NULL: it is a person
    wf_task_closing found;
} search;

// The first since the task was given; before that, the last.
static bool is_better(const search *in, int64_t at)
{
    int64_t given = in->task->last_assigned, held = in->found.at;
    if (held == WF_TASK_NEVER)
        return true;
    return (at >= given) != (held >= given) ? at >= given
           : at >= given                    ? at < held
                                            : at > held;
}

static const wf_projection *projection_of(const wf_kind *kind)
{
    for (size_t i = 0; i < kind->projections_count; i++) {
        const wf_projection *one = &kind->projections[i];
        if (one->each == NULL && one->table->keys_count == 1 &&
            one->table->columns[0].type == WF_COLUMN_ID)
            return one;
    }
    return NULL;
}

// Rows with the same hash may be of another subject.
static bool is_of_subject(const search *in, const wf_fact *fact)
{
    const wf_projection *by = in->table != NULL ? projection_of(fact->kind) : NULL;
    if (by == NULL)
        return in->table == NULL;
    for (size_t i = 0; i < by->sources_count; i++)
        if (strcmp(by->sources[i].column, by->table->columns[0].name) == 0) {
            size_t field = wf_kind_field(fact->kind, wf_text_of(by->sources[i].field));
            return field != SIZE_MAX &&
                   wf_text_equal(fact->values[field].text, in->task->subject);
        }
    return false;
}

static weft_status look(void *context, const wf_entry *entry, bool live,
                        weft_error *error)
{
    search *in = context;
    const wf_fact *fact = &entry->fact;
    if (!live || entry->forgotten || fact->kind == NULL ||
        !wf_sql_closes(&in->task->rule->file, fact) || !is_of_subject(in, fact) ||
        !is_better(in, fact->at.us))
        return WEFT_OK;
    wf_fact_name name = wf_fact_name_of(fact->id);
    in->found = (wf_task_closing){fact->at.us, fact->kind,
                                  wf_arena_text(in->call->arena, wf_text_of(name.text))};
    return in->found.fact.bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status look_at_rows(search *in, weft_error *error)
{
    const wf_sql_file *file = &in->task->rule->file;
    for (size_t i = 0; i < file->closers_count; i++) {
        const wf_projection *by = projection_of(file->closers[i].kind);
        if (by == NULL || by->table == in->table)
            continue;
        in->table = by->table;
        WF_TRY(wf_row_facts(in->call->store, in->call->db, in->table, in->task->subject,
                            look, in, error));
    }
    return WEFT_OK;
}

// What closed it may be told of another of their ids.
static weft_status look_at_person(search *in, weft_error *error)
{
    const wf_view_call *call = in->call;
    wf_buffer ids = {0};
    weft_status status =
        wf_alias_members(call->db, (uint32_t)in->task->person, &ids, error);
    const uint32_t *persons = (const uint32_t *)(const void *)ids.bytes;
    for (size_t i = 0; status == WEFT_OK && i < ids.size / sizeof *persons; i++) {
        wf_text id = wf_arena_text(
            call->arena,
            call->numbers.text_of(call->numbers.context, WF_COLUMN_PERSON, persons[i]));
        status = id.bytes == NULL
                     ? wf_fail_memory(error)
                     : wf_person_facts(call->store, call->db, id, look, in, error);
    }
    wf_buffer_done(&ids);
    return status;
}

weft_status wf_task_closing_find(const wf_view_call *call, const wf_task *task,
                                 wf_task_closing *ret, weft_error *error)
{
    search in = {.call = call, .task = task, .found = {.at = WF_TASK_NEVER}};
    if (task->person >= 0) {
        WF_TRY(look_at_person(&in, error));
    } else if (task->subject.size > 0) {
        WF_TRY(look_at_rows(&in, error));
    }
    *ret = in.found;
    return WEFT_OK;
}
