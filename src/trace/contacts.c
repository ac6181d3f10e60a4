#include "trace/contacts.h"

#include "trace/rows.h"

void wf_trace_contacts_done(wf_trace_contacts *contacts)
{
    wf_contacts_done(&contacts->found);
}

static bool has_no_symptoms(const wf_case *of)
{
    return of->symptomatic == 0 ||
           (of->symptomatic < 0 && of->classification == WF_CASE_ASYMPTOMATIC);
}

// Of each day of the span: where it lies from onset, and how infectious the case was.
static weft_status fill_days(const wf_net *net, const wf_case *index, wf_span *span,
                             wf_arena *arena, int **ret_days, double **ret_infectiousness,
                             int64_t **ret_starts, weft_error *error)
{
    int *days = wf_arena_array(arena, span->count, sizeof *days);
    double *infectiousness = wf_arena_array(arena, span->count, sizeof *infectiousness);
    int64_t *starts = wf_arena_array(arena, span->count + 1, sizeof *starts);
    if (days == NULL || infectiousness == NULL || starts == NULL)
        return wf_fail_memory(error);
    int symptomatic = has_no_symptoms(index) ? 0 : 1;
    for (size_t i = 0; i < span->count; i++) {
        days[i] = wf_window_days_from_onset(net->zone, index, span->starts[i]);
        infectiousness[i] = wf_hazard_infectiousness(net->protocol, days[i], symptomatic);
        starts[i] = wf_trace_rows_second(span, span->starts[i]);
    }
    starts[span->count] = wf_trace_rows_second(span, span->starts[span->count]);
    *ret_days = days;
    *ret_infectiousness = infectiousness;
    *ret_starts = starts;
    return WEFT_OK;
}

static weft_status find(const wf_net *net, const wf_trace_contacts_query *query,
                        wf_arena *arena, wf_trace_contacts *answer, weft_error *error)
{
    int *days = NULL;
    double *infectiousness = NULL;
    int64_t *starts = NULL;
    WF_TRY(fill_days(net, query->index, &answer->span, arena, &days, &infectiousness,
                     &starts, error));
    answer->days_from_onset = days;
    wf_trace_rows *rows;
    WF_TRY(wf_trace_rows_new(net, &answer->span, &rows, error));
    wf_contacts_query ask = {.protocol = net->protocol,
                             .rows = wf_trace_rows_of(rows),
                             .index = query->index->person,
                             .from =
                                 wf_trace_rows_second(&answer->span, query->window.from),
                             .to = wf_trace_rows_second(&answer->span, query->window.to),
                             .as_of = wf_trace_rows_second(&answer->span, net->now),
                             .day_starts = starts,
                             .days_count = answer->span.count,
                             .infectiousness = infectiousness,
                             .course = net->course,
                             .generations = query->generations,
                             .limit = query->limit,
                             .best = query->best};
    weft_status status = wf_contacts_find(&ask, &answer->found, error);
    wf_trace_rows_free(rows);
    return status;
}

weft_status wf_trace_contacts_find(const wf_net *net,
                                   const wf_trace_contacts_query *query, wf_arena *arena,
                                   wf_trace_contacts *ret, weft_error *error)
{
    wf_trace_contacts answer = {0};
    weft_time to = query->window.to;
    if (query->generations > 1 && net->protocol->lists_secondary && net->now.us > to.us)
        to = net->now;
    WF_TRY(wf_span_open(net, query->window.from, to, arena, &answer.span, error));
    if (answer.span.count > 0)
        WF_TRY(find(net, query, arena, &answer, error));
    *ret = answer;
    return WEFT_OK;
}
