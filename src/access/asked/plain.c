#include "trace/plain.h"

#include "access/asked/lookup.h"

typedef struct {
    weft_city *city;
    const wf_net *net;
    const weft_plain_query *asked;
    wf_plain_query query;
    wf_plain_answer answer;
    bool (*row)(void *context, const weft_plain_contact *row);
    void *context;
    uint64_t given;
} plain_look;

static const char *person_text(const plain_look *look, wf_person person)
{
    // Texts of the dictionary are not ended by NUL; a copy in the answer's arena is.
    wf_text text =
        wf_ids_text(wf_visits_ids(look->net->visits), WF_ID_PERSON, person.number);
    return wf_arena_text(&look->city->answer, text).bytes;
}

static weft_status give_row(plain_look *look, unsigned generation, const wf_ring_row *row,
                            weft_error *error)
{
    weft_plain_contact contact = {.person = person_text(look, row->person),
                                  .generation = generation,
                                  .seconds = row->seconds,
                                  .first = wf_plain_time(&look->answer, row->first),
                                  .last = wf_plain_time(&look->answer, row->last)};
    if (contact.person == NULL)
        return wf_fail_memory(error);
    if (generation == 2) {
        wf_person via;
        uint32_t via_seconds;
        WF_TRY(wf_plain_via(look->city->plain, &look->query, &look->answer,
                            wf_visits_ids(look->net->visits), row->person, &via,
                            &via_seconds, error));
        contact.via = person_text(look, via);
        contact.via_seconds = via_seconds;
        if (contact.via == NULL)
            return wf_fail_memory(error);
    }
    look->given++;
    if (!look->row(look->context, &contact))
        return wf_fail(error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    return WEFT_OK;
}

static weft_status give_generation(plain_look *look, unsigned generation,
                                   weft_error *error)
{
    const wf_ring_row *rows;
    size_t count;
    uint64_t limit = look->asked->limit == 0 ? UINT64_MAX : look->asked->limit;
    if (look->given >= limit)
        return WEFT_OK;
    WF_TRY(wf_plain_ordered(look->city->plain, &look->answer,
                            wf_visits_ids(look->net->visits), generation,
                            limit - look->given, &rows, &count, error));
    for (size_t i = 0; i < count && look->given < limit; i++)
        WF_TRY(give_row(look, generation, &rows[i], error));
    return WEFT_OK;
}

static uint64_t rows_count(const wf_plain_answer *answer)
{
    uint64_t count = answer->first.count;
    for (size_t i = 0; i < answer->second_runs; i++)
        count += answer->second[i].count;
    return count;
}

static weft_status give(plain_look *look, weft_error *error)
{
    if (look->asked->count_only) {
        look->given = rows_count(&look->answer);
        return WEFT_OK;
    }
    WF_TRY(give_generation(look, 1, error));
    return give_generation(look, 2, error);
}

weft_status weft_contacts_plain(weft_city *city, const weft_plain_query *query,
                                bool (*row)(void *context, const weft_plain_contact *row),
                                void *context, weft_lookup_summary *ret,
                                weft_error *error)
{
    wf_net net = wf_city_net(city);
    plain_look look = {
        .city = city, .net = &net, .asked = query, .row = row, .context = context};
    wf_lookup_ask ask = {query->case_id, query->person, query->from, query->to};
    wf_case index;
    wf_window window;
    wf_arena *arena = wf_city_new_answer(city);
    if (query->generations < 1 || query->generations > 2)
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.generations", NULL);
    WF_TRY(wf_lookup_resolve(city, &net, &ask, arena, &index, &window, error));
    if (city->plain == NULL)
        WF_TRY(wf_plain_scratch_new(city->threads, &city->plain, error));
    look.query = (wf_plain_query){.index = index.person,
                                  .from = window.from,
                                  .to = window.to,
                                  .generations = query->generations,
                                  .min_seconds = query->min_seconds,
                                  .crowd = query->crowd};
    WF_TRY(wf_plain_contacts(&net, city->plain, &look.query, &look.answer, error));
    WF_TRY(give(&look, error));
    WF_TRY(wf_lookup_summary(&net, look.answer.span, window.from, window.to, look.given,
                             arena, ret, error));
    ret->case_id = ask.case_id;
    return wf_span_status(look.answer.span, error);
}
