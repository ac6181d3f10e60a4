#include "weft/facts.h"

#include <string.h>

#include "access/accounts/account_change.h"
#include "access/asked/case_number.h"
#include "access/asked/views.h"
#include "access/city/city.h"
#include "access/city/numbers.h"
#include "access/rights/named.h"
#include "access/rights/scope.h"
#include "access/rights/unknown.h"
#include "desk/cases/isolation_check.h"
#include "desk/kinds.h"
#include "desk/tracing/check.h"
#include "load/doubt.h"
#include "wire/facts.h"

enum { fields_bytes_max = 16 << 20 };

// ---- one fact ----

static weft_status read_fields(const weft_city *city, const char *const *fields,
                               size_t count, wf_arena *arena, wf_fact *fact,
                               weft_error *error)
{
    for (size_t i = 0; i < count; i++)
        WF_TRY(wf_facts_field(fact->kind, city->zone, wf_text_of(fields[i]), arena,
                              fact->values, error));
    return wf_facts_finish(fact, error);
}

static weft_status make_fact(weft_city *city, const char *kind,
                             const weft_fact_options *options, wf_fact *ret,
                             weft_error *error)
{
    *ret = (wf_fact){.id = {wf_text_of(options->device), options->seq},
                     .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(kind)),
                     .at = options->at,
                     .grid = wf_text_of(options->grid != NULL ? options->grid : "")};
    if (ret->kind == NULL)
        return wf_fail(error, WEFT_BAD_INPUT, "fact.kind", NULL);
    if (options->amends_device != NULL)
        ret->amends =
            (wf_identity){wf_text_of(options->amends_device), options->amends_seq};
    if (weft_time_is_none(ret->at))
        ret->at = weft_city_now(city);
    if (ret->id.seq == 0)
        ret->id.seq = wf_senders_next(wf_store_senders(city->store), ret->id.device);
    return WEFT_OK;
}

static weft_status send(weft_city *city, const wf_fact *fact, weft_fact_reply *ret,
                        weft_error *error)
{
    bool clocked = city->kind == WEFT_CITY_REAL || !weft_time_is_none(city->kept_clock);
    weft_time now = clocked ? weft_city_now(city) : WF_TIME_NONE;
    wf_verdict verdict;
    WF_TRY(wf_store_send(city->store, fact, 1, now, &verdict, error));
    WF_TRY(wf_store_apply(city->store, 0, error));
    WF_TRY(wf_city_reread(city, error));
    if (verdict.sent == WF_SENT_CONFLICT || verdict.sent == WF_SENT_REFUSED) {
        *error = verdict.why;
        return verdict.sent == WF_SENT_CONFLICT || verdict.why.status == WEFT_FORGOTTEN
                   ? verdict.why.status
                   : WEFT_BAD_INPUT;
    }
    ret->result = verdict.sent == WF_SENT_HAD ? WEFT_FACT_HAD : WEFT_FACT_ACCEPTED;
    _Static_assert(sizeof ret->device > WF_DEVICE_BYTES_MAX, "every device fits");
    memcpy(ret->device, fact->id.device.bytes, fact->id.device.size);
    ret->device[fact->id.device.size] = '\0';
    ret->seq = fact->id.seq;
    return WEFT_OK;
}

static wf_named_by named_by(weft_city *city, const wf_actor *actor, const wf_fact *fact,
                            wf_named_last *last)
{
    return (wf_named_by){.city = city,
                         .accounts = city->accounts,
                         .actor = actor,
                         .sender = fact->id.device,
                         .now = weft_city_now(city),
                         .last = last};
}

// Before the fact is stored: afterwards it knows itself what it names.
static weft_status ask_before(weft_city *city, const wf_actor *actor, const wf_fact *fact,
                              weft_error *ret, weft_error *error)
{
    wf_named_last last = {.standing = 0};
    wf_named_by by = named_by(city, actor, fact, &last);
    bool asks;
    WF_TRY(wf_case_number_warn(city, fact, wf_named_reaches_case, &by, ret, error));
    if (ret->code != NULL)
        return WEFT_OK;
    return wf_unknown_may_ask(fact->kind)
               ? wf_unknown_asks(&by, NULL, fact, &asks, ret, error)
               : WEFT_OK;
}

static weft_status judge_names(weft_city *city, const wf_actor *actor,
                               const wf_fact *fact, weft_error *error)
{
    wf_named_last last = {.standing = 0};
    wf_named_by by = named_by(city, actor, fact, &last);
    if (wf_case_number_is_named(fact->kind))
        WF_TRY(wf_case_number_judge(city, fact, wf_named_reaches_case, &by, error));
    return wf_named_needs(actor, fact->kind) ? wf_named_judge(&by, fact, error) : WEFT_OK;
}

// What is asked about a fact that was taken; *ret all zero: nothing.
static weft_status ask(weft_city *city, const wf_fact *fact, weft_error *ret,
                       weft_error *error)
{
    wf_references *references;
    bool asks = false;
    if (ret->code != NULL || wf_doubt_of(fact, city->zone, ret))
        return WEFT_OK;
    *ret = (weft_error){0};
    bool isolates = wf_isolation_is(fact->kind);
    if (!isolates && !wf_tracing_may_ask(fact->kind))
        return WEFT_OK;
    WF_TRY(wf_city_references(city, &references, error));
    wf_database *rows = wf_references_rows(references);
    WF_TRY(isolates
               ? wf_isolation_asks(rows, city->zone, fact, &asks, error)
               : wf_tracing_asks(wf_numbers_of(city->visits), rows, fact, &asks, error));
    if (!asks)
        return WEFT_OK;
    wf_error_at(ret, NULL, 0, isolates ? "at" : "b");
    WF_IGNORE(wf_fail(ret, WEFT_BAD_INPUT,
                      isolates ? "case.isolated_before_onset" : "encounter.oneself",
                      NULL),
              "it is a warning");
    return WEFT_OK;
}

weft_status wf_fact_send_as(weft_city *city, const wf_actor *actor, const char *kind,
                            const char *const *fields, size_t fields_count,
                            const weft_fact_options *options, weft_fact_reply *ret,
                            weft_error *error)
{
    char sender[WF_ACTOR_SENDER_MAX + 1];
    weft_fact_options filled = *options;
    weft_error before = {0};
    wf_arena arena;
    wf_fact fact;
    if (filled.device == NULL) {
        wf_actor_sender(actor, sender);
        filled.device = sender;
    }
    if (filled.grid == NULL)
        filled.grid = actor->grid;
    WF_TRY(make_fact(city, kind, &filled, &fact, error));
    wf_arena_init(&arena, fields_bytes_max);
    weft_status status = read_fields(city, fields, fields_count, &arena, &fact, error);
    if (status == WEFT_OK)
        status = wf_scope_may_send(city->accounts, actor, &fact, error);
    if (status == WEFT_OK)
        status = judge_names(city, actor, &fact, error);
    if (status == WEFT_OK)
        status = ask_before(city, actor, &fact, &before, error);
    if (status == WEFT_OK)
        status = send(city, &fact, ret, error);
    if (status == WEFT_OK)
        ret->warning = before;
    if (status == WEFT_OK)
        status = ask(city, &fact, &ret->warning, error);
    wf_arena_done(&arena);
    return status;
}

weft_status weft_fact_send(weft_city *city, const char *kind, const char *const *fields,
                           size_t fields_count, const weft_fact_options *options,
                           weft_fact_reply *ret, weft_error *error)
{
    wf_actor owner = wf_actor_owner();
    return wf_fact_send_as(city, &owner, kind, fields, fields_count, options, ret, error);
}

// ---- the records ----

weft_status weft_rebuild(weft_city *city,
                         void (*progress)(void *context, uint64_t done, uint64_t all),
                         void *context, uint64_t *ret_facts, weft_error *error)
{
    wf_city_close_rows(city);
    weft_status status = wf_store_rebuild(city->store, progress, context, error);
    weft_error second = {0};
    weft_status again = wf_city_reread(city, &second);
    WF_TRY(status);
    if (again != WEFT_OK)
        *error = second;
    *ret_facts = wf_ledger_now(wf_store_ledger(city->store)).positions;
    return again;
}
