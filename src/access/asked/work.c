#include "desk/tracing/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/asked/contacts.h"
#include "access/asked/lookup.h"
#include "access/asked/telling.h"
#include "access/asked/views.h"
#include "trace/rows.h"

_Static_assert(WF_WORK_STATES == WEFT_WORK_STATES, "each state is counted");

// What is known of somebody whom nobody knows yet.
typedef struct {
    wf_text contact;
    const char *description;
} described;

typedef struct {
    weft_city *city;
    const weft_work_query *query;
    wf_contacts_asked asked; // zero where the look-up could not be made
    const char *case_id;     // its own id
    bool computed;
    wf_arena *arena; // of the answer
    wf_work work;
    wf_telling telling;
    described *described; // by contact
    size_t described_count, described_capacity;
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
    job->case_id = job->computed ? job->asked.case_id : job->query->case_id;
    if (status == WEFT_BAD_INPUT && strcmp(job->error->code, "window.no_event") == 0) {
        wf_error_clear(job->error);
        return wf_lookup_case(job->city, &job->case_id, job->arena, &job->asked.index,
                              job->error);
    }
    return status;
}

// ---- rows ----

static weft_status find_rows(working *job)
{
    wf_references *references;
    WF_TRY(wf_city_references(job->city, &references, job->error));
    WF_TRY(wf_work_read(wf_references_rows(references), wf_text_of(job->case_id),
                        &job->asked.answer.found, job->arena, &job->work, job->error));
    for (size_t i = 0; i < job->work.count; i++) {
        wf_work_row *row = &job->work.rows[i];
        if (row->found != NULL)
            row->found_until =
                wf_trace_rows_time(&job->asked.answer.span, row->found->last);
    }
    return wf_work_compare(&job->work, job->arena, job->error);
}

// ---- whom nobody knows yet ----

static size_t column_of(const weft_view_about *about, const char *name)
{
    for (size_t i = 0; i < about->columns_count; i++)
        if (strcmp(about->columns[i].name, name) == 0)
            return i;
    WF_BUG("the view has the column");
}

static bool take_described(void *context, const weft_view_page *part)
{
    working *job = context;
    size_t contact = column_of(part->about, "contact_id");
    size_t description = column_of(part->about, "description");
    for (size_t i = 0; i < part->rows_count; i++) {
        const weft_view_value *row = part->values + i * part->about->columns_count;
        described *all = wf_arena_grow(job->arena, job->described, job->described_count,
                                       &job->described_capacity, sizeof *all);
        if (all == NULL)
            return false;
        job->described = all;
        described *one = &all[job->described_count];
        one->contact = wf_arena_text(job->arena, wf_text_of(row[contact].text));
        one->description =
            wf_arena_text(job->arena, wf_text_of(row[description].text)).bytes;
        if (one->contact.bytes == NULL || one->description == NULL)
            return false;
        job->described_count++;
    }
    return true;
}

static int by_contact(const void *a, const void *b)
{
    return wf_text_compare(((const described *)a)->contact,
                           ((const described *)b)->contact);
}

// Nobody finds a person by an id that was given to nobody.
static weft_status describe(working *job)
{
    char field[sizeof "case_id=" + WF_ID_BYTES_MAX];
    const char *fields[] = {field};
    const weft_view_question question = {
        .view = "tracing/unidentified", .fields = fields, .fields_count = 1};
    weft_view_as_of as_of;
    wf_arena arena = {0};
    if (job->work.by_state[WF_WORK_UNIDENTIFIED] == 0)
        return WEFT_OK;
    int size = snprintf(field, sizeof field, "case_id=%s", job->case_id);
    WF_ASSERT(size > 0 && (size_t)size < sizeof field); // a case that is there
    weft_status status = wf_city_view_all(job->city, &question, take_described, job,
                                          &arena, &as_of, job->error);
    wf_arena_done(&arena);
    if (status == WEFT_INTERRUPTED)
        return wf_fail_memory(job->error);
    WF_TRY(status);
    if (job->described_count > 0)
        qsort(job->described, job->described_count, sizeof *job->described, by_contact);
    return WEFT_OK;
}

// NULL: a person, one of whom somebody tells in this moment, or whose words are
// forgotten.
static const char *description_of(const working *job, const wf_work_row *of)
{
    const described key = {.contact = of->contact};
    if (of->contact.size == 0 || job->described_count == 0)
        return NULL;
    const described *found =
        bsearch(&key, job->described, job->described_count, sizeof key, by_contact);
    return found != NULL && found->description[0] != '\0' ? found->description : NULL;
}

// ---- giving ----

// Words in the arena are ended by NUL.
static const char *word(wf_text text)
{
    return text.size > 0 ? text.bytes : "";
}

// A list that nobody ever worked on has not changed since.
static bool is_compared(const working *job)
{
    return !weft_time_is_none(job->work.reviewed_at) ||
           !weft_time_is_none(job->work.worked_at);
}

static weft_work_row told(const working *job, const wf_work_row *from)
{
    return (weft_work_row){.contact = from->contact.size > 0 ? from->contact.bytes : NULL,
                           .description = description_of(job, from),
                           .state = wf_work_state_word(from->state),
                           .level = (weft_level)from->level,
                           .place = from->place,
                           .was = from->then.rank,
                           .reviewed_at = from->then.at,
                           .change = is_compared(job) ? wf_work_change_word(from->change)
                                                      : NULL,
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

static weft_status give_row(working *job, const wf_work_row *from, bool explained,
                            bool (*give)(void *context, const weft_work_row *row),
                            void *context)
{
    wf_arena arena = {0};
    weft_reason reasons[WF_CONTACT_REASONS_MAX];
    weft_contact found;
    weft_work_row row = told(job, from);
    const char *changes[WF_WORK_CHANGES];
    for (wf_work_change change = 0; change < WF_WORK_CHANGES; change++)
        if ((from->changes & 1U << change) != 0)
            changes[row.changes_count++] = wf_work_change_word(change);
    row.changes = changes;
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
    if (status == WEFT_OK)
        status = wf_telling_find(&job->telling, from->found, &row.telling, job->error);
    if (status == WEFT_OK && !give(context, &row))
        status = wf_fail(job->error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    wf_arena_done(&arena);
    return status;
}

static weft_status give_rows(working *job,
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

// Nobody has no name: *ret stays NULL.
static weft_status name_person(const working *job, wf_person person, const char **ret)
{
    if (person.number == WF_NUMBER_NONE)
        return WEFT_OK;
    *ret = wf_arena_text(job->arena, wf_ids_text(wf_visits_ids(job->city->visits),
                                                 WF_ID_PERSON, person.number))
               .bytes;
    return *ret != NULL ? WEFT_OK : wf_fail_memory(job->error);
}

static weft_status tell_gone(const working *job, weft_work_summary *ret)
{
    size_t count = job->work.gone_count;
    weft_work_gone *gone = wf_arena_array(job->arena, count + 1, sizeof *gone);
    if (gone == NULL)
        return wf_fail_memory(job->error);
    for (size_t i = 0; i < count; i++) {
        const wf_work_gone *from = &job->work.gone[i];
        gone[i] = (weft_work_gone){.reviewed_at = from->reviewed_at};
        WF_TRY(name_person(job, from->person, &gone[i].person));
        WF_TRY(name_person(job, from->identified, &gone[i].identified));
        if (gone[i].person == NULL)
            gone[i].contact = wf_arena_text(job->arena, from->contact).bytes;
        if (gone[i].person == NULL && gone[i].contact == NULL)
            return wf_fail_memory(job->error);
    }
    ret->gone = gone;
    ret->gone_count = count;
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
        .reviewed_at = job->work.reviewed_at};
    if (summary.contacts.base.missing == NULL)
        return wf_fail_memory(job->error);
    summary.contacts.base.case_id = job->case_id;
    if (job->computed)
        WF_TRY(wf_contacts_sum(&job->asked, job->arena, &summary.contacts, job->error));
    summary.contacts.not_a_case = job->asked.index.classification == WF_CASE_NOT_A_CASE;
    for (wf_work_state state = 0; state < WF_WORK_STATES; state++) {
        summary.states[state] = wf_work_state_word(state);
        summary.by_state[state] = job->work.by_state[state];
    }
    WF_TRY(tell_gone(job, &summary));
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
        status = describe(&job);
    if (status == WEFT_OK)
        status = wf_telling_begin(&job.asked, &job.telling, error);
    if (status == WEFT_OK)
        status = give_rows(&job, row, context);
    if (status == WEFT_OK)
        status = fill_summary(&job, ret);
    if (status == WEFT_OK && job.computed)
        status = wf_span_status(&job.asked.answer.span, error);
    wf_telling_done(&job.telling);
    wf_trace_contacts_done(&job.asked.answer);
    return status;
}
