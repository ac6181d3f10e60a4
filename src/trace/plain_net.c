// Plain look-ups over the days of a city's store.
#include "trace/plain_scratch.h"

static weft_status open_span(const wf_net *net, wf_plain_scratch *scratch, weft_time from,
                             weft_time to, weft_error *error)
{
    wf_arena_done(&scratch->arena);
    return wf_span_open(net, from, to, &scratch->arena, &scratch->span, error);
}

weft_status wf_plain_contacts(const wf_net *net, wf_plain_scratch *scratch,
                              const wf_plain_query *query, wf_plain_answer *ret,
                              weft_error *error)
{
    WF_TRY(open_span(net, scratch, query->from, query->to, error));
    return wf_plain_contacts_in(&scratch->span, scratch, query, ret, error);
}
