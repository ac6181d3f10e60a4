// A made city whose imports go on beside somebody who posts: before each step that the
// writer would do, a tube is sealed, and that is a commit of its own.
#ifndef TEST_SUPPORT_BESIDE_CITY_H
#define TEST_SUPPORT_BESIDE_CITY_H

#include "support/made_city.h"

typedef struct {
    made_city *city;
    const char *device; // who posts; NULL: S-1
    int64_t posted;     // facts, all of which were acknowledged
    int64_t refused;    // posts that failed
    unsigned steps, readers_out;
} beside;

static inline weft_status beside_post(beside *by)
{
    const wf_kinds *kinds = wf_desk_kinds();
    char tube[40];
    wf_verdict verdict = {0};
    weft_error error = {0};
    wf_fact fact = {.id = {wf_text_of(by->device != NULL ? by->device : "S-1"), 0},
                    .kind = wf_kinds_find(kinds, WF_TEXT("tube.sealed")),
                    .at = by->city->import.now};
    fact.id.seq = wf_senders_next(wf_store_senders(by->city->records), fact.id.device);
    snprintf(tube, sizeof tube, "T-%lld", (long long)fact.id.seq);
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(tube)};
    fact.values[1] = (wf_value){.given = true, .number = 10};
    weft_status status = wf_store_send(by->city->records, &fact, 1, by->city->import.now,
                                       &verdict, &error);
    if (status == WEFT_OK && verdict.sent == WF_SENT_ACCEPTED)
        by->posted++;
    else
        by->refused++;
    return status;
}

static inline weft_status beside_alone(void *context, bool readers_out,
                                       wf_import_step *step, void *of, weft_error *error)
{
    beside *by = context;
    by->steps++;
    by->readers_out += readers_out;
    WF_IGNORE(beside_post(by), "the test looks at what was acknowledged");
    return step(of, error);
}

// From here on; to be said again when the city was opened again.
static inline void beside_bind(beside *by, made_city *city)
{
    by->city = city;
    city->import.alone = beside_alone;
    city->import.alone_context = by;
}

#endif
