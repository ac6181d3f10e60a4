#include "desk/testing/react.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/declare.h"
#include "desk/order/kinds.h"
#include "desk/testing/kinds.h"
#include "desk/testing/pool.h"
#include "store/facts.h"

enum {
    persons_max = 4000, // that an order names; in a tube there are 20 at most
    issuer_bytes_max = 128,
    order_hash_bytes = 8 // of an order's cause, in its id
};

// ---- what a batch touches ----

// A cause, and a tube that it touches.
typedef struct {
    wf_text tube;
    size_t place; // in the batch
    wf_identity id;
    weft_time at;
    bool is_sample; // nothing but a new sample: it calls for its own person only
} touch;

static const wf_value *value_of(const wf_fact *fact, const char *field)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    WF_ASSERT(place != SIZE_MAX);
    return &fact->values[place];
}

static bool is_about_tube(const wf_fact *fact)
{
    return fact->kind == &wf_kind_sample_collected ||
           fact->kind == &wf_kind_tube_resulted ||
           fact->kind == &wf_kind_result_corrected;
}

static weft_status note(wf_react_batch *batch, const wf_fact *cause, wf_text tube,
                        bool is_sample, weft_error *error)
{
    touch one = {.tube = wf_arena_text(&batch->arena, tube),
                 .place = batch->touched.size / sizeof one,
                 .id = cause->id,
                 .at = cause->at,
                 .is_sample = is_sample};
    one.id.device = wf_arena_text(&batch->arena, one.id.device);
    if (one.tube.bytes == NULL || one.id.device.bytes == NULL ||
        !wf_buffer_append(&batch->touched, &one, sizeof one))
        return wf_fail_memory(error);
    return WEFT_OK;
}

// An amendment changes the life of all that hang together with it: of their tubes.
static weft_status note_amended(wf_react_batch *batch, const wf_fact *cause,
                                weft_error *error)
{
    wf_amended *around = NULL;
    size_t count = 0;
    bool first = false;
    WF_TRY(wf_react_meet(batch, cause->id, &first, error));
    if (!first)
        return WEFT_OK;
    WF_TRY(wf_store_amended(batch->city->store, cause->id, &batch->arena, &around, &count,
                            error));
    for (size_t i = 0; i < count; i++) {
        wf_entry *entry = wf_arena_new(&batch->arena, sizeof *entry);
        bool found = false;
        if (entry == NULL)
            return wf_fail_memory(error);
        WF_TRY(wf_react_meet(batch, around[i].id, &first, error));
        WF_TRY(wf_store_fact(batch->city->store, around[i].id, &batch->arena, &found,
                             entry, error));
        if (found && !entry->forgotten && entry->fact.kind != NULL &&
            is_about_tube(&entry->fact))
            WF_TRY(
                note(batch, cause, value_of(&entry->fact, "tube")->text, false, error));
    }
    return WEFT_OK;
}

static weft_status see(wf_react_batch *batch, const wf_entry *entry, weft_error *error)
{
    const wf_fact *fact = &entry->fact;
    bool amends = fact->amends.device.size > 0;
    if (is_about_tube(fact))
        WF_TRY(note(batch, fact, value_of(fact, "tube")->text,
                    fact->kind == &wf_kind_sample_collected && !amends, error));
    return amends ? note_amended(batch, fact, error) : WEFT_OK;
}

// ---- what the city gives ----

static const wf_number *hold_time(const wf_protocol *protocol)
{
    for (size_t i = 0; i < protocol->others_count; i++)
        if (strcmp(protocol->others[i].name, "durations.pool_hold_h") == 0)
            return &protocol->others[i].number;
    return NULL;
}

static weft_status lacks(const wf_react_city *city, weft_error *error)
{
    if (city->law->pool_hold.clause == NULL)
        return wf_fail(error, WEFT_NOT_FOUND, "react.no_clause", "law", city->law->name,
                       NULL);
    const wf_number *hold = hold_time(city->protocol);
    if (hold == NULL || !hold->given || strcmp(hold->unit, "h") != 0)
        return wf_fail(error, WEFT_NOT_FOUND, "react.no_time", "protocol",
                       city->protocol->name, NULL);
    return WEFT_OK;
}

static weft_time ends_of(const wf_react_batch *batch, const wf_pool *pool)
{
    double hours = hold_time(batch->city->protocol)->value;
    return (weft_time){pool->newest->at.us + llround(hours * 3600) * WF_US_PER_S};
}

static void set(wf_fact *fact, const char *field, wf_value value)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    WF_ASSERT(place != SIZE_MAX);
    fact->values[place] = value;
}

// ---- lifting ----

// The causes that have touched one tube, as they came.
typedef struct {
    const touch *all;
    size_t count;
} causes;

static weft_status lift(wf_react_batch *batch, const causes *by,
                        const wf_pool_order *order, weft_error *error)
{
    const touch *cause = &by->all[by->count - 1];
    wf_text device = order->issued_by.device;
    size_t prefix = strlen("rule/" WF_POOL_RULE "/");
    wf_fact *fact = wf_arena_new(&batch->arena, sizeof *fact);
    wf_value *because = wf_arena_new(&batch->arena, sizeof *because);
    if (fact == NULL || because == NULL)
        return wf_fail_memory(error);
    device.bytes += prefix;
    device.size -= prefix;
    *fact = (wf_fact){.id = {wf_react_device(&batch->arena, WF_POOL_LIFT_RULE, device),
                             order->issued_by.seq},
                      .kind = &wf_kind_order_lifted,
                      .at = cause->at};
    if (fact->id.device.bytes == NULL)
        return wf_fail_memory(error);
    if (wf_react_is_sent(batch, fact->id))
        return WEFT_OK; // somebody has withdrawn the lifting: it is theirs now
    for (size_t i = 0; i < by->count; i++)
        if (by->all[i].at.us > fact->at.us)
            fact->at = by->all[i].at;
    if (fact->at.us < order->at.us)
        fact->at = order->at;
    *because = (wf_value){.given = true, .fact = cause->id};
    set(fact, "order", (wf_value){.given = true, .text = order->id});
    set(fact, "because", (wf_value){.given = true, .items = because, .items_count = 1});
    return wf_react_send(batch, fact, error);
}

static bool names_only_members(const wf_pool *pool, const wf_pool_order *order)
{
    for (size_t i = 0; i < order->persons_count; i++)
        if (wf_pool_samples_of(pool, order->persons[i]) == SIZE_MAX)
            return false;
    return true;
}

static void settle_persons(wf_pool *pool, const wf_pool_order *order)
{
    for (size_t i = 0; i < order->persons_count; i++) {
        size_t place = wf_pool_samples_of(pool, order->persons[i]);
        for (; place < pool->samples_count &&
               wf_text_equal(pool->samples[place].person, order->persons[i]);
             place++)
            pool->samples[place].is_settled = true;
    }
}

// Orders that do not hold any more are lifted; those that do settle their persons, and so
// do those from which a person was released by somebody.
static weft_status judge_orders(wf_react_batch *batch, const causes *by, wf_pool *pool,
                                bool positive, weft_error *error)
{
    for (size_t i = 0; i < pool->orders_count; i++) {
        const wf_pool_order *order = &pool->orders[i];
        bool lifted = order->is_lifted_by_rule || order->is_lifted_by_person;
        bool holds = positive && order->is_for_newest && names_only_members(pool, order);
        if (!lifted && !holds)
            WF_TRY(lift(batch, by, order, error));
        else if (order->is_for_newest && !order->is_lifted_by_rule)
            settle_persons(pool, order);
    }
    return WEFT_OK;
}

// ---- holding ----

static wf_text order_id(wf_react_batch *batch, wf_text tube, wf_identity cause)
{
    char hash[2 * WF_REACT_HASH_BYTES + 1], id[WF_ID_BYTES_MAX + 1];
    wf_text prefix = wf_pool_order_prefix(&batch->arena, tube);
    wf_fact_name name = wf_fact_name_of(cause);
    if (prefix.bytes == NULL)
        return prefix;
    wf_react_hash(wf_text_of(name.text), order_hash_bytes, hash);
    int size = snprintf(id, sizeof id, "%.*s%s", (int)prefix.size, prefix.bytes, hash);
    WF_ASSERT(size > 0 && (size_t)size < sizeof id);
    return wf_arena_text(&batch->arena, (wf_text){id, (size_t)size});
}

// Who has decided it, by the law: in both languages where there is room.
static wf_value issuer_of(wf_react_batch *batch)
{
    const wf_law_clause *clause = batch->city->law->pool_hold.clause;
    char both[issuer_bytes_max + 1];
    wf_text text = wf_text_of(clause->by_zh);
    int size = snprintf(both, sizeof both, "%s / %s", clause->by_zh, clause->by_en);
    if (size > 0 && (size_t)size < sizeof both)
        text = wf_arena_text(&batch->arena, (wf_text){both, (size_t)size});
    bool fits = text.bytes != NULL && text.size >= 1 && text.size <= issuer_bytes_max;
    return (wf_value){.given = fits, .text = text};
}

// Who is not settled, at most persons_max, or of them `person` alone; and what their
// order rests on: the result and their samples. They are settled by it.
static weft_status fill_lists(wf_react_batch *batch, wf_pool *pool, const wf_text *person,
                              wf_fact *fact, weft_error *error)
{
    size_t room = pool->samples_count + 1;
    wf_value *persons = wf_arena_array(&batch->arena, room, sizeof *persons);
    wf_value *because = wf_arena_array(&batch->arena, room, sizeof *because);
    size_t persons_count = 0, because_count = 1;
    if (persons == NULL || because == NULL)
        return wf_fail_memory(error);
    because[0] = (wf_value){.given = true, .fact = pool->newest->id};
    for (size_t i = 0; i < pool->samples_count; i++) {
        wf_pool_sample *sample = &pool->samples[i];
        bool again = persons_count > 0 &&
                     wf_text_equal(persons[persons_count - 1].text, sample->person);
        if (sample->is_settled ||
            (person != NULL && !wf_text_equal(sample->person, *person)))
            continue;
        if (!again && persons_count == persons_max)
            break;
        if (!again)
            persons[persons_count++] = (wf_value){.given = true, .text = sample->person};
        if (because_count < WF_ITEMS_MAX)
            because[because_count++] = (wf_value){.given = true, .fact = sample->id};
        sample->is_settled = true;
    }
    because_count = wf_values_to_set(WF_COLUMN_FACT, because, because_count);
    set(fact, "persons",
        (wf_value){
            .given = persons_count > 0, .items = persons, .items_count = persons_count});
    set(fact, "because",
        (wf_value){.given = true, .items = because, .items_count = because_count});
    return WEFT_OK;
}

static wf_identity name_of(wf_react_batch *batch, wf_identity cause)
{
    return (wf_identity){wf_react_device(&batch->arena, WF_POOL_RULE, cause.device),
                         cause.seq};
}

// Holds those who are not settled; with `person`, that one alone. What
// would be over when it begins is not sent.
static weft_status hold(wf_react_batch *batch, wf_pool *pool, wf_identity cause,
                        weft_time at, const wf_text *person, weft_error *error)
{
    weft_time from = at.us > pool->newest->at.us ? at : pool->newest->at;
    weft_time until = ends_of(batch, pool);
    wf_fact *fact = wf_arena_new(&batch->arena, sizeof *fact);
    if (fact == NULL)
        return wf_fail_memory(error);
    *fact = (wf_fact){.id = name_of(batch, cause),
                      .kind = &wf_kind_order_issued,
                      .at = at,
                      .grid = pool->grid};
    wf_text id = order_id(batch, pool->tube, cause);
    if (fact->id.device.bytes == NULL || id.bytes == NULL)
        return wf_fail_memory(error);
    WF_TRY(fill_lists(batch, pool, person, fact, error));
    if (!value_of(fact, "persons")->given || from.us >= until.us)
        return WEFT_OK;
    set(fact, "order", (wf_value){.given = true, .text = id});
    set(fact, "kind",
        (wf_value){.given = true,
                   .text = wf_text_of(wf_order_kind_words[WF_ORDER_HOLD])});
    set(fact, "clause",
        (wf_value){.given = true,
                   .text = wf_text_of(batch->city->law->pool_hold.clause->key)});
    set(fact, "from", (wf_value){.given = true, .number = from.us});
    set(fact, "until", (wf_value){.given = true, .number = until.us});
    set(fact, "issuer", issuer_of(batch));
    return wf_react_send(batch, fact, error);
}

static bool is_free(wf_react_batch *batch, wf_identity cause)
{
    wf_identity name = name_of(batch, cause);
    return name.device.bytes != NULL && !wf_react_is_sent(batch, name);
}

static bool needs_more(const wf_pool *pool)
{
    for (size_t i = 0; i < pool->samples_count; i++)
        if (!pool->samples[i].is_settled)
            return true;
    return false;
}

// All who are not settled: by the result, by the newest amendment, or, where these have
// given their names to other orders (of another tube, too), by a sample of the tube.
static weft_status hold_all(wf_react_batch *batch, const causes *by, wf_pool *pool,
                            weft_error *error)
{
    if (is_free(batch, pool->newest->id))
        WF_TRY(hold(batch, pool, pool->newest->id, pool->newest->at, NULL, error));
    for (size_t i = by->count; i-- > 0 && needs_more(pool);)
        if (!by->all[i].is_sample && is_free(batch, by->all[i].id))
            WF_TRY(hold(batch, pool, by->all[i].id, by->all[i].at, NULL, error));
    for (size_t i = 0; i < pool->samples_count && needs_more(pool); i++)
        if (is_free(batch, pool->samples[i].id))
            WF_TRY(
                hold(batch, pool, pool->samples[i].id, pool->samples[i].at, NULL, error));
    return WEFT_OK;
}

// New samples only: each that came after the result is a cause of its own, for its
// person. The others are named when the result is come to.
static weft_status hold_each(wf_react_batch *batch, const causes *by, wf_pool *pool,
                             weft_error *error)
{
    for (size_t i = 0; i < pool->samples_count; i++) {
        const wf_pool_sample *sample = &pool->samples[i];
        size_t cause = 0;
        if (sample->is_settled || sample->position < pool->newest->position)
            continue;
        while (cause < by->count && !wf_identity_equal(by->all[cause].id, sample->id))
            cause++;
        if (cause < by->count && is_free(batch, sample->id))
            WF_TRY(hold(batch, pool, sample->id, sample->at, &sample->person, error));
    }
    return WEFT_OK;
}

// ---- a tube ----

static weft_status consider(wf_react_batch *batch, const causes *by, weft_error *error)
{
    wf_pool pool;
    bool matters = false, only_samples = true;
    WF_TRY(wf_pool_read(batch, by->all[0].tube, &matters, &pool, error));
    if (!matters)
        return WEFT_OK;
    bool positive = pool.newest != NULL && pool.newest->is_positive;
    WF_TRY(judge_orders(batch, by, &pool, positive, error));
    if (!positive)
        return WEFT_OK;
    for (size_t i = 0; i < by->count; i++)
        only_samples = only_samples && by->all[i].is_sample;
    return only_samples ? hold_each(batch, by, &pool, error)
                        : hold_all(batch, by, &pool, error);
}

static int compare_touches(const void *left, const void *right)
{
    const touch *a = left, *b = right;
    int order = wf_text_compare(a->tube, b->tube);
    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static weft_status act(wf_react_batch *batch, weft_error *error)
{
    touch *all = (touch *)(void *)batch->touched.bytes;
    size_t count = batch->touched.size / sizeof *all;
    if (count > 0)
        qsort(all, count, sizeof *all, compare_touches);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1;
             next < count && wf_text_equal(all[next].tube, all[first].tube);)
            next++;
        const causes by = {&all[first], next - first};
        WF_TRY(consider(batch, &by, error));
    }
    return WEFT_OK;
}

const wf_reaction wf_reaction_pool = {
    .name = WF_POOL_RULE, .lacks = lacks, .see = see, .act = act};
