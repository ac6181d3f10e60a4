#include <stdlib.h>

#include "access/asked/lookup.h"
#include "access/asked/one_person.h"
#include "desk/register/kinds.h"
#include "store/facts.h"
#include "trace/rows.h"
#include "visits/stated.h"
#include "wire/facts.h"

typedef struct {
    wf_place place;
    weft_time start, end;
    bool stated;
    uint32_t told_by; // bits of the words of the field
    weft_stay_fact *facts;
    size_t facts_count, facts_capacity;
} one_stay;

typedef struct {
    const wf_net *net;
    wf_store *store;
    wf_arena *arena;
    wf_case index;
    wf_window infectious;
    wf_span span;
    one_stay *stays;
    size_t count, capacity;
    wf_buffer said;
} staying;

// From the first day on which they can have been infected.
static weft_time first_of(const staying *job)
{
    wf_window source;
    weft_error none = {0};
    weft_time from = job->infectious.from;
    if (wf_window_source(job->net->protocol, job->net->zone, &job->index, job->net->now,
                         &source, &none) == WEFT_OK &&
        source.from.us < from.us)
        from = source.from;
    wf_error_clear(&none);
    return from;
}

static weft_status take_stop(staying *job, const wf_row_stop *stop, weft_error *error)
{
    one_stay *stays =
        wf_arena_grow(job->arena, job->stays, job->count, &job->capacity, sizeof *stays);
    if (stays == NULL)
        return wf_fail_memory(error);
    job->stays = stays;
    stays[job->count++] = (one_stay){.place = stop->place,
                                     .start = wf_trace_rows_time(&job->span, stop->start),
                                     .end = wf_trace_rows_time(&job->span, stop->end)};
    return WEFT_OK;
}

static weft_status find_stops(staying *job, weft_error *error)
{
    wf_trace_rows *rows;
    wf_row_stops list = {0};
    WF_TRY(wf_trace_rows_new(job->net, &job->span, &rows, error));
    const wf_rows *ask = wf_trace_rows_of(rows);
    weft_status status = ask->person_stops(
        ask->context, job->index.person, 0,
        wf_trace_rows_second(&job->span, job->span.starts[job->span.count]), &list,
        error);
    for (size_t i = 0; status == WEFT_OK && i < list.count; i++)
        status = take_stop(job, &list.rows[i], error);
    free(list.rows);
    wf_trace_rows_free(rows);
    return status;
}

// ---- which of them were said ----

static const wf_column *told_by_field(size_t *ret_place)
{
    *ret_place = wf_kind_field(&wf_kind_visit_stated, WF_TEXT("told_by"));
    WF_ASSERT(*ret_place != SIZE_MAX);
    return &wf_kind_visit_stated.fields[*ret_place];
}

// Whose word an entry is, as a bit; 0: it does not say.
static uint32_t teller_of(const wf_fact *fact)
{
    size_t place;
    uint32_t bit = 0;
    const wf_column *field = told_by_field(&place);
    for (size_t i = 0; fact->values[place].given && field->words[i] != NULL; i++)
        if (wf_text_equal(fact->values[place].text, wf_text_of(field->words[i])))
            bit = 1u << i;
    return bit;
}

// However often a stay was corrected, nobody reads further back.
enum { instead_of_max = 32 };

static weft_status find_instead_of(staying *job, wf_identity id, weft_stay_fact *ret,
                                   weft_error *error)
{
    weft_stay_fact *all = wf_arena_array(job->arena, instead_of_max, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    ret->instead_of = all;
    while (ret->instead_of_count < instead_of_max) {
        bool found = false;
        wf_entry entry;
        WF_TRY(wf_store_fact(job->store, id, job->arena, &found, &entry, error));
        if (!found || entry.fact.amends.device.size == 0)
            break;
        id = entry.fact.amends;
        weft_stay_fact *one = &all[ret->instead_of_count++];
        *one = (weft_stay_fact){.device = wf_arena_text(job->arena, id.device).bytes,
                                .seq = id.seq};
        if (one->device == NULL)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static weft_status fact_of(staying *job, const wf_stated *entry, const wf_fact *fact,
                           weft_stay_fact *ret, weft_error *error)
{
    wf_buffer_clear(&job->said);
    WF_TRY(wf_facts_write_body(fact, job->net->zone, &job->said, error));
    *ret = (weft_stay_fact){
        .device = wf_arena_text(job->arena, entry->id.device).bytes,
        .seq = entry->id.seq,
        .said = wf_arena_text(job->arena, wf_buffer_text(&job->said)).bytes};
    if (ret->device == NULL || ret->said == NULL)
        return wf_fail_memory(error);
    return find_instead_of(job, entry->id, ret, error);
}

static weft_status add_fact(staying *job, one_stay *stay, const weft_stay_fact *fact,
                            weft_error *error)
{
    weft_stay_fact *facts = wf_arena_grow(job->arena, stay->facts, stay->facts_count,
                                          &stay->facts_capacity, sizeof *facts);
    if (facts == NULL)
        return wf_fail_memory(error);
    stay->facts = facts;
    facts[stay->facts_count++] = *fact;
    return WEFT_OK;
}

// The stay that was said; where what was said has run into other stays at the place, the
// one that it has become part of.
static weft_status mark(staying *job, const wf_stated_visit *said, uint32_t told_by,
                        const weft_stay_fact *fact, weft_error *error)
{
    int32_t day = said->day.number - job->span.first.number;
    if (day < 0 || (size_t)day >= job->span.count)
        return WEFT_OK;
    int64_t start =
        job->span.starts[day].us + (int64_t)said->row.start * 60 * WF_US_PER_S;
    int64_t end = job->span.starts[day].us + (int64_t)said->row.end * 60 * WF_US_PER_S;
    one_stay *around = NULL;
    for (size_t i = 0; i < job->count; i++) {
        one_stay *stay = &job->stays[i];
        if (stay->place.number != said->row.place || stay->start.us > start ||
            stay->end.us < end)
            continue;
        if (stay->start.us == start && stay->end.us == end) {
            stay->stated = true;
            stay->told_by |= told_by;
            return add_fact(job, stay, fact, error);
        }
        around = stay;
    }
    return around != NULL ? add_fact(job, around, fact, error) : WEFT_OK;
}

static bool is_own(const staying *job, uint32_t person)
{
    const wf_own_ids *own = &job->net->own;
    bool is = person == job->index.person.number;
    for (size_t i = 0; i < own->count; i++)
        is = is || person == own->others[i].number;
    return is;
}

// All rows of an entry are of one person.
static weft_status see_stated(void *context, const wf_stated *entry, bool counted,
                              weft_error *error)
{
    staying *job = context;
    wf_fact fact;
    weft_stay_fact told;
    if (!counted || entry->dead || entry->visits_count == 0 ||
        !is_own(job, entry->visits[0].row.person))
        return WEFT_OK;
    WF_TRY(wf_fact_decode(&wf_kind_visit_stated, entry->body, job->arena, &fact, error));
    WF_TRY(fact_of(job, entry, &fact, &told, error));
    uint32_t told_by = teller_of(&fact);
    for (size_t i = 0; i < entry->visits_count; i++)
        WF_TRY(mark(job, &entry->visits[i], told_by, &told, error));
    return WEFT_OK;
}

static int by_start(const void *a, const void *b)
{
    const one_stay *one = a, *other = b;
    if (one->start.us != other->start.us)
        return one->start.us < other->start.us ? -1 : 1;
    if (one->end.us != other->end.us)
        return one->end.us < other->end.us ? -1 : 1;
    return (one->place.number > other->place.number) -
           (one->place.number < other->place.number);
}

// One stay that two books have, or two records of the person, is one row.
static void leave_doubles_out(staying *job)
{
    size_t kept = 0;
    for (size_t i = 0; i < job->count; i++)
        if (kept == 0 || by_start(&job->stays[kept - 1], &job->stays[i]) != 0)
            job->stays[kept++] = job->stays[i];
    job->count = kept;
}

// What was stated goes on into days after the one under which it lies.
static weft_status find(staying *job, weft_error *error)
{
    weft_day first = job->span.first, before = first;
    first.number -= WF_STATED_DAYS_MAX;
    before.number += (int32_t)job->span.count;
    if (job->span.count == 0)
        return WEFT_OK;
    WF_TRY(find_stops(job, error));
    if (job->count == 0)
        return WEFT_OK;
    qsort(job->stays, job->count, sizeof *job->stays, by_start);
    leave_doubles_out(job);
    return wf_stated_each(job->net->visits, first, before, false, see_stated, job, NULL,
                          error);
}

// ---- giving ----

static weft_status give(const staying *job, const one_stay *stay,
                        bool (*row)(void *context, const weft_case_stay *row),
                        void *context, weft_error *error)
{
    const char *tellers[32];
    size_t count = 0, place;
    const wf_column *field = told_by_field(&place);
    for (size_t i = 0; field->words[i] != NULL; i++)
        if ((stay->told_by >> i & 1) != 0)
            tellers[count++] = field->words[i];
    wf_place_brief about;
    WF_TRY(wf_register_place_brief(job->net->reg, stay->place, &about, error));
    wf_text id =
        wf_ids_text(wf_visits_ids(job->net->visits), WF_ID_PLACE, stay->place.number);
    weft_case_stay told = {.place = wf_arena_text(job->arena, id).bytes,
                           .place_kind = wf_place_kind_word(about.kind),
                           .start = stay->start,
                           .end = stay->end,
                           .stated = stay->stated,
                           .told_by = tellers,
                           .told_by_count = count,
                           .facts = stay->facts,
                           .facts_count = stay->facts_count};
    if (told.place == NULL)
        return wf_fail_memory(error);
    return row(context, &told) ? WEFT_OK
                               : wf_fail(error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
}

weft_status weft_case_stays(weft_city *city, const char *case_id,
                            bool (*row)(void *context, const weft_case_stay *row),
                            void *context, weft_stays_summary *ret, weft_error *error)
{
    wf_net net = wf_city_net(city);
    staying job = {.net = &net, .store = city->store, .arena = wf_city_new_answer(city)};
    wf_lookup_ask ask = {.case_id = case_id};
    WF_TRY(wf_lookup_resolve(city, &net, &ask, job.arena, &job.index, &job.infectious,
                             error));
    WF_TRY(wf_person_own_ids(city, job.index.person, job.arena, &net.own, error));
    weft_time from = first_of(&job);
    WF_TRY(wf_span_open(&net, from, net.now, job.arena, &job.span, error));
    weft_status status = find(&job, error);
    wf_buffer_wipe(&job.said);
    WF_TRY(status);
    for (size_t i = 0; i < job.count; i++)
        WF_TRY(give(&job, &job.stays[i], row, context, error));
    weft_stays_summary summary = {.infectious_from = job.infectious.from,
                                  .infectious_to = job.infectious.to};
    WF_TRY(wf_lookup_summary(&net, &job.span, from, net.now, job.count, job.arena,
                             &summary.base, error));
    summary.base.case_id = ask.case_id;
    *ret = summary;
    return wf_span_status(&job.span, error);
}
