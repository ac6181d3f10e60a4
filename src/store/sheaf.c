#include "store/sheaf.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "store/readied.h"
#include "store/store_inside.h"

enum { arena_bytes_max = 64 << 20, arena_kept_bytes = 1 << 20, days_few = 64 };

typedef struct {
    const wf_kind *kind;
    weft_time at;
    size_t body_at;
    uint32_t body_bytes;
    bool lies_in_grid;
} sheaf_fact;

struct wf_sheaf {
    wf_store *store;
    char device[WF_DEVICE_BYTES_MAX + 1];
    char grid[WF_GRID_BYTES_MAX + 1]; // of those of its facts that lie in one
    weft_time now;
    wf_buffer bodies;
    sheaf_fact *facts; // in the order in which they are to stand
    size_t count, capacity;
    wf_ledger_day *days; // of the facts, some perhaps several times
    size_t days_count, days_capacity, days_once; // those that stand there once, first
    wf_arena arena;
    wf_readied readied;
};

weft_status wf_sheaf_new(wf_store *store, wf_text device, weft_time now, wf_sheaf **ret,
                         weft_error *error)
{
    WF_ASSERT(device.size <= WF_DEVICE_BYTES_MAX);
    WF_TRY(wf_store_apply(store, 0, error));
    wf_sheaf *sheaf = calloc(1, sizeof *sheaf);
    if (sheaf == NULL)
        return wf_fail_memory(error);
    *sheaf = (wf_sheaf){.store = store, .now = now};
    memcpy(sheaf->device, device.bytes, device.size);
    wf_arena_init(&sheaf->arena, arena_bytes_max);
    *ret = sheaf;
    return WEFT_OK;
}

void wf_sheaf_free(wf_sheaf *sheaf)
{
    if (sheaf == NULL)
        return;
    wf_readied_done(&sheaf->readied);
    wf_buffer_wipe(&sheaf->bodies);
    wf_arena_done(&sheaf->arena);
    free(sheaf->facts);
    free(sheaf->days);
    free(sheaf);
}

// ---- judging ----

weft_status wf_sheaf_judge(wf_sheaf *sheaf, const wf_fact *fact, weft_status *ret,
                           weft_error *why, weft_error *error)
{
    wf_store *store = sheaf->store;
    const wf_judge *judge = store->options.judge;
    weft_error refusal = {0};
    if (wf_store_is_future(sheaf->now, fact)) {
        *ret = wf_fail(why, WEFT_BAD_INPUT, "fact.future", NULL);
        return WEFT_OK;
    }
    *ret = wf_ledger_takes(store->ledger, fact->kind->keep, wf_fact_kept_at(fact), why);
    if (*ret != WEFT_OK || judge == NULL || fact->kind->kind_class != WF_DECISION)
        return WEFT_OK;
    weft_status status = judge->judge(judge->context, store, store->db, fact, &refusal);
    if (status != WEFT_OK && status != WEFT_BAD_INPUT) {
        *error = refusal;
        return status;
    }
    if (status == WEFT_BAD_INPUT)
        *why = refusal;
    *ret = status;
    return WEFT_OK;
}

// ---- adding ----

static int compare_days(const void *a, const void *b)
{
    const wf_ledger_day *left = a, *right = b;
    int order = (left->keep > right->keep) - (left->keep < right->keep);
    return order != 0 ? order
                      : (left->day.number > right->day.number) -
                            (left->day.number < right->day.number);
}

static void tidy_days(wf_sheaf *sheaf)
{
    size_t kept = 0;
    if (sheaf->days_count == 0)
        return;
    qsort(sheaf->days, sheaf->days_count, sizeof *sheaf->days, compare_days);
    for (size_t i = 1; i < sheaf->days_count; i++)
        if (compare_days(&sheaf->days[kept], &sheaf->days[i]) != 0)
            sheaf->days[++kept] = sheaf->days[i];
    sheaf->days_count = sheaf->days_once = kept + 1;
}

static bool add_day(wf_sheaf *sheaf, const wf_fact *fact)
{
    wf_ledger_day *days =
        wf_grow(sheaf->days, sheaf->days_count, &sheaf->days_capacity, sizeof *days);
    if (days == NULL)
        return false;
    sheaf->days = days;
    days[sheaf->days_count++] =
        (wf_ledger_day){fact->kind->keep, wf_zone_day_of(sheaf->store->options.zone,
                                                         wf_fact_kept_at(fact))};
    if (sheaf->days_count >= 2 * sheaf->days_once + days_few)
        tidy_days(sheaf);
    return true;
}

// All that lie in a grid lie in one: their sender's.
static void keep_grid(wf_sheaf *sheaf, wf_text grid)
{
    WF_ASSERT(grid.size <= WF_GRID_BYTES_MAX);
    if (grid.size == 0)
        return;
    if (sheaf->grid[0] == '\0')
        memcpy(sheaf->grid, grid.bytes, grid.size);
    WF_ASSERT(wf_text_equal(wf_text_of(sheaf->grid), grid));
}

weft_status wf_sheaf_add(wf_sheaf *sheaf, const wf_fact *fact, weft_error *error)
{
    WF_ASSERT(!fact->kind->body_elsewhere && fact->amends.device.size == 0);
    keep_grid(sheaf, fact->grid);
    sheaf_fact *facts =
        wf_grow(sheaf->facts, sheaf->count, &sheaf->capacity, sizeof *facts);
    if (facts == NULL)
        return wf_fail_memory(error);
    sheaf->facts = facts;
    if (sheaf->count >= UINT32_MAX || !add_day(sheaf, fact))
        return wf_fail_memory(error);
    size_t at = sheaf->bodies.size;
    WF_TRY(wf_fact_encode(fact, &sheaf->bodies, error));
    facts[sheaf->count++] =
        (sheaf_fact){.kind = fact->kind,
                     .at = fact->at,
                     .lies_in_grid = fact->grid.size > 0,
                     .body_at = at,
                     .body_bytes = (uint32_t)(sheaf->bodies.size - at)};
    return WEFT_OK;
}

// ---- making ready ----

weft_status wf_sheaf_number(wf_sheaf *sheaf, weft_error *error)
{
    tidy_days(sheaf);
    if (sheaf->count == 0)
        return WEFT_OK;
    return wf_readied_init(&sheaf->readied, sheaf->store, wf_text_of(sheaf->device),
                           sheaf->now, sheaf->days, sheaf->days_count, error);
}

weft_status wf_sheaf_ready(wf_sheaf *sheaf, weft_error *error)
{
    if (sheaf->count == 0)
        return WEFT_OK;
    wf_readied_clear(&sheaf->readied);
    for (size_t i = 0; i < sheaf->count; i++) {
        const sheaf_fact *of = &sheaf->facts[i];
        const wf_text body = {sheaf->bodies.bytes + of->body_at, of->body_bytes};
        wf_fact fact = {.at = of->at,
                        .grid = of->lies_in_grid ? wf_text_of(sheaf->grid)
                                                 : (wf_text){"", 0}};
        WF_TRY(wf_fact_decode(of->kind, body, &sheaf->arena, &fact, error));
        WF_TRY(wf_readied_add(&sheaf->readied, &fact, body, &sheaf->arena, error));
        if (sheaf->arena.used_bytes < arena_kept_bytes)
            continue;
        wf_arena_done(&sheaf->arena);
        wf_arena_init(&sheaf->arena, arena_bytes_max);
    }
    return WEFT_OK;
}

weft_status wf_sheaf_commit(wf_sheaf *sheaf, weft_error *error)
{
    uint64_t head, count;
    if (sheaf->count == 0)
        return WEFT_OK;
    if (wf_readied_is_late(&sheaf->readied))
        WF_TRY(wf_sheaf_ready(sheaf, error));
    return wf_readied_commit(&sheaf->readied, &head, &count, error);
}
