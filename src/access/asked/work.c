#include "desk/tracing/work.h"

#include <stdlib.h>
#include <string.h>

#include "access/asked/contacts.h"
#include "access/asked/views.h"
#include "desk/register/alias.h"

_Static_assert(WF_WORK_STATES == WEFT_WORK_STATES, "each state is counted");

typedef struct {
    weft_city *city;
    const weft_work_query *query;
    wf_contacts_asked asked; // zero where the look-up could not be made
    bool computed;
    wf_arena *arena; // of the answer
    wf_work work;
    wf_buffer aliases; // of wf_alias_shown, while what was seen is compared
    uint64_t *withdrawn;
    size_t withdrawn_count;
    weft_error *error;
} working;

// ---- the look-up ----

// A case without the event that opens its window is worked from what people said.
static weft_status look_up(working *job)
{
    const weft_contacts_query query = {.case_id = job->query->case_id,
                                       .from = WF_TIME_NONE,
                                       .to = WF_TIME_NONE,
                                       .generations = job->query->generations,
                                       .texts = job->query->texts};
    weft_status status = wf_contacts_ask(job->city, &query, &job->asked, job->error);
    job->arena = &job->city->answer;
    job->computed = status == WEFT_OK;
    if (status == WEFT_BAD_INPUT && strcmp(job->error->code, "window.no_event") == 0) {
        wf_error_clear(job->error);
        return WEFT_OK;
    }
    return status;
}

// ---- what was seen ----

static int by_number(const void *a, const void *b)
{
    uint32_t one = (*(wf_work_row *const *)a)->person.number;
    uint32_t other = (*(wf_work_row *const *)b)->person.number;
    return (one > other) - (one < other);
}

// Rows by person, whichever of their ids was seen; unidentified contacts, which have the
// greatest number, stand last.
static wf_work_row *row_of(const working *job, wf_work_row **sorted, const char *id)
{
    size_t count = job->work.count;
    wf_text text = wf_text_of(id);
    wf_work_row key = {.person = {WF_NUMBER_NONE}}, *at = &key, **found;
    if (text.size > 0 && text.size <= WF_ID_BYTES_MAX)
        key.person.number =
            wf_ids_find(wf_visits_ids(job->city->visits), WF_ID_PERSON, text);
    const wf_alias_shown *shown = wf_alias_find_shown(&job->aliases, key.person.number);
    if (shown != NULL)
        key.person.number = shown->shown;
    if (key.person.number != WF_NUMBER_NONE) {
        found = bsearch(&at, sorted, count, sizeof(wf_work_row *), by_number);
        if (found != NULL)
            return *found;
    }
    for (size_t i = count; i > 0 && sorted[i - 1]->person.number == WF_NUMBER_NONE; i--)
        if (wf_text_equal(sorted[i - 1]->contact, text))
            return sorted[i - 1];
    return NULL;
}

static weft_status compare(working *job)
{
    size_t count = job->work.count, seen = job->query->seen_count;
    wf_work_row **sorted = wf_arena_array(job->arena, count + 1, sizeof(wf_work_row *));
    job->withdrawn = wf_arena_array(job->arena, seen + 1, sizeof *job->withdrawn);
    if (sorted == NULL || job->withdrawn == NULL)
        return wf_fail_memory(job->error);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &job->work.rows[i];
    if (count > 0)
        qsort(sorted, count, sizeof(wf_work_row *), by_number);
    for (size_t i = 0; i < seen; i++) {
        wf_work_row *row = row_of(job, sorted, job->query->seen[i]);
        if (row == NULL)
            job->withdrawn[job->withdrawn_count++] = i + 1;
        else if (row->was == 0)
            row->was = i + 1;
    }
    return wf_work_compare(&job->work, job->arena, job->error);
}

static weft_status find_rows(working *job)
{
    wf_references *references;
    WF_TRY(wf_city_references(job->city, &references, job->error));
    WF_TRY(wf_work_read(wf_references_rows(references), wf_text_of(job->query->case_id),
                        &job->asked.answer.found, job->arena, &job->work, job->error));
    if (job->query->seen == NULL)
        return WEFT_OK;
    weft_status status =
        wf_alias_read_shown(wf_references_rows(references), &job->aliases, job->error);
    if (status == WEFT_OK)
        status = compare(job);
    wf_buffer_done(&job->aliases);
    return status;
}

// ---- giving ----

// Words in the arena are ended by NUL.
static const char *word(wf_text text)
{
    return text.size > 0 ? text.bytes : "";
}

static weft_work_row told(const working *job, const wf_work_row *from)
{
    return (weft_work_row){
        .contact = from->contact.size > 0 ? from->contact.bytes : NULL,
        .state = wf_work_state_word(from->state),
        .level = (weft_level)from->level,
        .place = from->place,
        .was = from->was,
        .change = job->query->seen != NULL ? wf_work_change_word(from->change) : NULL,
        .priority = from->priority,
        .exposed_from = from->exposed_from,
        .exposed_until = from->exposed_until,
        .named_at = from->named_at,
        .confirmed_at = from->confirmed_at,
        .dismissed_at = from->dismissed_at,
        .attempted_at = from->attempted_at,
        .reached_at = from->reached_at,
        .placed_at = from->placed_at,
        .tested_at = from->tested_at,
        .converted_at = from->converted_at,
        .attempts = from->attempts,
        .attempt = word(from->attempt),
        .placed_in = word(from->placed_in),
        .result = word(from->result),
        .dismissed_for = word(from->dismissed_for)};
}

static weft_status give_row(const working *job, const wf_work_row *from, bool explained,
                            bool (*give)(void *context, const weft_work_row *row),
                            void *context)
{
    wf_arena arena = {0};
    weft_reason reasons[WF_CONTACT_REASONS_MAX];
    weft_contact found;
    weft_work_row row = told(job, from);
    weft_status status = WEFT_OK;
    if (from->person.number != WF_NUMBER_NONE) {
        wf_text id = wf_ids_text(wf_visits_ids(job->city->visits), WF_ID_PERSON,
                                 from->person.number);
        row.person = wf_arena_text(&arena, id).bytes;
        status = row.person != NULL ? WEFT_OK : wf_fail_memory(job->error);
    }
    if (status == WEFT_OK && from->found != NULL) {
        status = wf_contacts_tell(&job->asked, from->found, explained, &arena, reasons,
                                  &found, job->error);
        row.found = &found;
    }
    if (status == WEFT_OK && !give(context, &row))
        status = wf_fail(job->error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    wf_arena_done(&arena);
    return status;
}

static weft_status give_rows(const working *job,
                             bool (*give)(void *context, const weft_work_row *row),
                             void *context)
{
    const weft_work_query *query = job->query;
    size_t all = job->work.count;
    size_t first = query->first < all ? (size_t)query->first : all;
    size_t most =
        query->most != 0 && query->most < all - first ? (size_t)query->most : all - first;
    size_t explained = query->explained == 0  ? most
                       : query->explained < 0 ? 0
                                              : (size_t)query->explained;
    for (size_t i = 0; i < most; i++)
        WF_TRY(give_row(job, &job->work.rows[first + i], i < explained, give, context));
    return WEFT_OK;
}

static weft_status fill_summary(const working *job, weft_work_summary *ret)
{
    weft_work_summary summary = {
        .contacts.base = {.as_of = weft_city_now(job->city),
                          .from = WF_TIME_NONE,
                          .to = WF_TIME_NONE,
                          .complete = true,
                          .missing = wf_arena_new(job->arena, sizeof(weft_missing_day))},
        .computed = job->computed,
        .rows = job->work.count,
        .to_call = job->work.to_call,
        .worked_at = job->work.worked_at,
        .withdrawn = job->withdrawn,
        .withdrawn_count = job->withdrawn_count};
    if (summary.contacts.base.missing == NULL)
        return wf_fail_memory(job->error);
    if (job->computed)
        WF_TRY(wf_contacts_sum(&job->asked, job->arena, &summary.contacts, job->error));
    for (wf_work_state state = 0; state < WF_WORK_STATES; state++) {
        summary.states[state] = wf_work_state_word(state);
        summary.by_state[state] = job->work.by_state[state];
    }
    *ret = summary;
    return WEFT_OK;
}

weft_status weft_work(weft_city *city, const weft_work_query *query,
                      bool (*row)(void *context, const weft_work_row *row), void *context,
                      weft_work_summary *ret, weft_error *error)
{
    working job = {.city = city, .query = query, .error = error};
    WF_TRY(look_up(&job));
    weft_status status = find_rows(&job);
    if (status == WEFT_OK)
        status = give_rows(&job, row, context);
    if (status == WEFT_OK)
        status = fill_summary(&job, ret);
    if (status == WEFT_OK && job.computed)
        status = wf_span_status(&job.asked.answer.span, error);
    wf_trace_contacts_done(&job.asked.answer);
    return status;
}
