// The look-up of contacts, kept open: what it found, of which each row can be told in
// sentences (include/weft/lookup.h).
#ifndef WF_ACCESS_ASKED_CONTACTS_H
#define WF_ACCESS_ASKED_CONTACTS_H

#include "access/city/city.h"
#include "epi/window.h"
#include "trace/contacts.h"
#include "weft/lookup.h"

#define WF_CONTACT_REASONS_MAX 5

// Zero-initialise. What it points at lies in the city's arena of answers.
typedef struct {
    wf_net net;
    wf_case index;
    wf_window window;
    wf_trace_contacts answer;
    weft_texts texts;
    const char *case_id; // its own id; NULL: of a person and a window
} wf_contacts_asked;

// Asks; empties the arena of answers. Errors as weft_contacts, but for days that cannot
// be read: those are told by wf_span_status. On success wf_trace_contacts_done is due.
weft_status wf_contacts_ask(weft_city *city, const weft_contacts_query *query,
                            wf_contacts_asked *ret, weft_error *error) WEFT_MUST_CHECK;

// One row; its texts are in the arena, its reasons in `reasons`, none unless `explained`.
weft_status wf_contacts_tell(const wf_contacts_asked *asked, const wf_contact *from,
                             bool explained, wf_arena *arena,
                             weft_reason reasons[WF_CONTACT_REASONS_MAX],
                             weft_contact *ret, weft_error *error) WEFT_MUST_CHECK;

weft_status wf_contacts_sum(const wf_contacts_asked *asked, wf_arena *arena,
                            weft_contacts_summary *ret,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
