#include "desk/order/check.h"

#include "desk/order/kinds.h"

static const wf_value *value_of(const wf_fact *fact, wf_text field)
{
    return &fact->values[wf_kind_field(fact->kind, field)];
}

static weft_status wrong(weft_error *error, const char *field, const char *code,
                         const wf_law_clause *clause)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, code, "clause", clause->key, NULL);
}

static weft_status check_time(const wf_law_clause *clause, const wf_fact *fact,
                              weft_error *error)
{
    char days[WF_NUMBER_TEXT_MAX];
    const wf_value *from = value_of(fact, WF_TEXT("from"));
    int64_t starts_us = from->given ? from->number : fact->at.us;
    int64_t ends_us = value_of(fact, WF_TEXT("until"))->number;
    if (ends_us <= starts_us)
        return wrong(error, "until", "order.over", clause);
    if (!clause->max_days.given)
        return WEFT_OK;
    int64_t longest_us = (int64_t)clause->max_days.value * 24 * 3600 * WF_US_PER_S;
    if (ends_us - starts_us <= longest_us)
        return WEFT_OK;
    wf_error_at(error, NULL, 0, "until");
    return wf_fail(error, WEFT_BAD_INPUT, "order.too_long", "clause", clause->key, "days",
                   wf_number_text(days, (int64_t)clause->max_days.value), NULL);
}

static bool founds(const wf_law_clause *clause, wf_text word)
{
    for (unsigned kind = 0; kind < WF_ORDER_KIND_COUNT; kind++)
        if (wf_text_equal(wf_text_of(wf_order_kind_words[kind]), word))
            return wf_law_founds(clause, (wf_order_kind)kind);
    return false;
}

weft_status wf_order_check(const wf_law *law, const wf_fact *fact, weft_error *error)
{
    WF_ASSERT(fact->kind == &wf_kind_order_issued);
    const wf_law_clause *clause =
        wf_law_find(law, value_of(fact, WF_TEXT("clause"))->text);
    if (clause == NULL) {
        wf_error_at(error, NULL, 0, "clause");
        return wf_fail(error, WEFT_BAD_INPUT, "order.no_clause", "law", law->name, NULL);
    }
    if (!founds(clause, value_of(fact, WF_TEXT("kind"))->text))
        return wrong(error, "kind", "order.not_founded", clause);
    return check_time(clause, fact, error);
}

weft_status wf_order_check_reasons(wf_store *store, const wf_fact *fact,
                                   weft_error *error)
{
    const wf_value *because = value_of(fact, WF_TEXT("because"));
    for (size_t i = 0; i < because->items_count; i++) {
        wf_standing standing = WF_FACT_UNKNOWN;
        WF_TRY(wf_store_standing(store, because->items[i].fact, &standing, error));
        if (standing == WF_FACT_LIVE)
            continue;
        wf_error_at(error, NULL, 0, "because");
        return wf_fail(error, WEFT_BAD_INPUT,
                       standing == WF_FACT_DEAD ? "order.dead_reason" : "order.no_reason",
                       NULL);
    }
    return WEFT_OK;
}

weft_status wf_order_check_state(const wf_fact *fact, wf_subject_state state,
                                 weft_error *error)
{
    bool lifts = fact->kind == &wf_kind_order_lifted;
    bool there = state != WF_SUBJECT_UNKNOWN;
    if (lifts == there || (!lifts && fact->amends.device.size > 0))
        return WEFT_OK;
    wf_error_at(error, NULL, 0, "order");
    return wf_fail(error, WEFT_BAD_INPUT, lifts ? "order.unknown" : "order.there", NULL);
}
