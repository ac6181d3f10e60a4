// Facts that are made ready beside the writer: digests and drafts, a draft a record.
#include <sodium.h>
#include <stdlib.h>

#include "base/grow.h"
#include "store/ledger/inside.h"

static int compare_secrets(const void *a, const void *b)
{
    const wf_ledger_secret *left = a, *right = b;
    int order = (left->keep > right->keep) - (left->keep < right->keep);
    return order != 0 ? order
                      : (left->day.number > right->day.number) -
                            (left->day.number < right->day.number);
}

static weft_status take_secrets(wf_ledger_ready *ready, wf_ledger *ledger,
                                const wf_ledger_day *days, size_t count,
                                weft_error *error)
{
    // Secrets are keys: in memory that is locked, as the ledger's own.
    ready->secrets = sodium_allocarray(count, sizeof *ready->secrets);
    if (ready->secrets == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const wf_ledger_secret *secret;
        WF_TRY(wf_ledger_secret_of(ledger, days[i].keep, days[i].day, &secret, error));
        ready->secrets[ready->secrets_count++] = *secret;
    }
    qsort(ready->secrets, count, sizeof *ready->secrets, compare_secrets);
    ready->last = ready->secrets;
    return WEFT_OK;
}

weft_status wf_ledger_ready_new(wf_ledger *ledger, const wf_ledger_day *days,
                                size_t count, wf_ledger_ready **ret, weft_error *error)
{
    WF_ASSERT(count > 0);
    wf_ledger_ready *ready = calloc(1, sizeof *ready);
    if (ready == NULL)
        return wf_fail_memory(error);
    ready->zone = ledger->options.zone;
    ready->record_bytes = ledger->record_bytes;
    weft_status status = take_secrets(ready, ledger, days, count, error);
    if (status != WEFT_OK)
        wf_ledger_ready_free(ready);
    else
        *ret = ready;
    return status;
}

// Neighbours are of one day as a rule.
static const wf_ledger_secret *secret_for(wf_ledger_ready *ready,
                                          const wf_ledger_envelope *of)
{
    const wf_ledger_secret key = {.keep = of->keep, .day = of->day};
    if (compare_secrets(ready->last, &key) != 0)
        ready->last = bsearch(&key, ready->secrets, ready->secrets_count, sizeof key,
                              compare_secrets);
    WF_ASSERT(ready->last != NULL);
    return ready->last;
}

void wf_ledger_ready_clear(wf_ledger_ready *ready)
{
    for (size_t i = 0; i < ready->drafts_count; i++)
        wf_ledger_draft_done(&ready->drafts[i]);
    ready->drafts_count = 0;
}

void wf_ledger_ready_free(wf_ledger_ready *ready)
{
    if (ready == NULL)
        return;
    wf_ledger_ready_clear(ready);
    free(ready->drafts);
    sodium_free(ready->secrets);
    free(ready);
}

// The draft that has room for so many bytes more.
static wf_ledger_draft *draft_for(wf_ledger_ready *ready, size_t bytes)
{
    if (ready->drafts_count > 0) {
        wf_ledger_draft *last = &ready->drafts[ready->drafts_count - 1];
        if (wf_ledger_draft_bytes(last) + bytes <= ready->record_bytes)
            return last;
    }
    wf_ledger_draft *drafts = wf_grow(ready->drafts, ready->drafts_count,
                                      &ready->drafts_capacity, sizeof *drafts);
    if (drafts == NULL)
        return NULL;
    ready->drafts = drafts;
    drafts[ready->drafts_count] = (wf_ledger_draft){0};
    return &drafts[ready->drafts_count++];
}

weft_status wf_ledger_ready_add(wf_ledger_ready *ready, const wf_fact *fact, wf_text body,
                                weft_error *error)
{
    wf_ledger_envelope envelope = {.kind_number = fact->kind->number,
                                   .keep = fact->kind->keep,
                                   .day =
                                       wf_zone_day_of(ready->zone, wf_fact_kept_at(fact)),
                                   .id = fact->id,
                                   .amends = fact->amends,
                                   .at = fact->at,
                                   .grid = fact->grid,
                                   .body = body};
    WF_ASSERT(!fact->kind->body_elsewhere);
    envelope.digest = wf_ledger_digest_of(secret_for(ready, &envelope), body);
    wf_ledger_draft *draft = draft_for(ready, body.size);
    return draft == NULL ? wf_fail_memory(error)
                         : wf_ledger_draft_add(draft, &envelope, error);
}
