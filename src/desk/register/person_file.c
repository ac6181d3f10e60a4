#include "desk/register/person_file.h"

#include <stdio.h>
#include <string.h>

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
    wf_buffer said;
} giving;

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static wf_value number_value(int64_t number)
{
    return (wf_value){.given = true, .number = number};
}

typedef struct {
    char text[WF_FACT_TEXT_MAX + 2];
} fact_text;

static wf_value fact_value(wf_identity id, fact_text *room)
{
    int size = snprintf(room->text, sizeof room->text, "%.*s/%lld", (int)id.device.size,
                        id.device.bytes, (long long)id.seq);
    WF_ASSERT(size > 0 && (size_t)size < sizeof room->text);
    return id.device.size == 0 ? (wf_value){0}
                               : text_value((wf_text){room->text, (size_t)size});
}

// The body of the fact's line, {"tube":…}.
static weft_status write_body(giving *to, const wf_entry *entry, wf_value *ret,
                              weft_error *error)
{
    static const char mark[] = "\"body\":";
    wf_buffer_clear(&to->said);
    if (entry->forgotten || entry->fact.kind == NULL)
        return WEFT_OK;
    WF_TRY(wf_facts_write(&entry->fact, to->call->zone, &to->said, error));
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
    fact_text name, amends;
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

weft_status wf_person_file_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error)
{
    (void)context;
    giving to = {.call = call, .sink = sink};
    WF_ASSERT(call->file->columns_count == columns_count);
    weft_status status = wf_person_facts(
        call->store, call->db, call->question->parameters[0].text, give, &to, error);
    wf_buffer_wipe(&to.said);
    return status;
}
