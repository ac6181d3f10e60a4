// What the properties of followers of the rows do with a history (support/history.h) and
// a city (support/made_city.h): send, deliver the persons of a file, and fail once.
#ifndef TEST_SUPPORT_SENT_HISTORY_H
#define TEST_SUPPORT_SENT_HISTORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/history.h"
#include "support/made_city.h"

enum { sent_history_max = 64 }; // facts of one call

static inline void sent_history_ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        fail_msg("%s %s %s", error->code, error->params[0].value, error->params[1].value);
}

// Sends `count` facts, at most sent_history_max; whether they stand is theirs to say.
static inline void sent_history_send(made_city *city, const wf_fact *const *facts,
                                     size_t count)
{
    wf_fact batch[sent_history_max] = {0};
    wf_verdict verdicts[sent_history_max];
    weft_error error = {0};
    assert_true(count <= sent_history_max);
    for (size_t i = 0; i < count; i++)
        history_copy(facts[i], &batch[i]);
    sent_history_ok(
        wf_store_send(city->records, batch, count, WF_TIME_NONE, verdicts, &error),
        &error);
}

// The persons among the facts as a file brings them: without a sender, one transaction,
// which stays or is taken back.
static inline void sent_history_deliver(made_city *city, const wf_fact *const *facts,
                                        size_t count, bool stays)
{
    weft_error error = {0};
    bool accepted = false;
    sent_history_ok(wf_store_deliver_begin(city->records, WF_TIME_NONE, &error), &error);
    for (size_t i = 0; i < count; i++) {
        wf_fact fact = {0};
        if (strcmp(facts[i]->kind->name, "person.registered") != 0)
            continue;
        history_copy(facts[i], &fact);
        fact.id = (wf_identity){WF_TEXT("import/persons"), 0};
        fact.amends = (wf_identity){{"", 0}, 0};
        sent_history_ok(wf_store_deliver(city->records, &fact, 1, &accepted, &error),
                        &error);
    }
    if (stays)
        sent_history_ok(wf_store_deliver_commit(city->records, &error), &error);
    else
        wf_store_deliver_rollback(city->records);
}

// Applies while the follower refuses the end of the transaction as long as `*fails` says
// so; without anything to apply it is not asked and `*fails` still stands.
static inline void sent_history_fail_once(made_city *city, bool *fails)
{
    weft_error error = {0};
    *fails = true;
    weft_status status = wf_store_apply(city->records, 0, &error);
    assert_true(status == WEFT_STORAGE || (status == WEFT_OK && *fails));
    *fails = false;
}

#endif
