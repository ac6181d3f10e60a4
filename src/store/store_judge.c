// Decisions of a send: judged once, by what the ledger holds and by what came before them
// in their send.
#include "store/records/inside.h"
#include "store/store_inside.h"

enum { around_bytes_max = 256 << 20 };

typedef struct {
    wf_identity id, target;
    weft_time at;
    bool withdraws;
} amending;

static bool keep(wf_arena *arena, wf_text *text)
{
    *text = wf_arena_text(arena, *text);
    return text->bytes != NULL;
}

static weft_status note_amending(wf_store_sending *job, const wf_fact *fact,
                                 weft_error *error)
{
    amending note = {fact->id, fact->amends, fact->at, fact->kind->withdraws};
    if (!keep(&job->names, &note.id.device) || !keep(&job->names, &note.target.device) ||
        !wf_buffer_append(&job->amending, &note, sizeof note))
        return wf_fail_memory(error);
    return WEFT_OK;
}

weft_status wf_store_judge_added(wf_store *store, const wf_fact *fact, weft_error *error)
{
    const wf_judge *judge = store->options.judge;
    if (judge == NULL)
        return WEFT_OK;
    if (fact->amends.device.size > 0)
        WF_TRY(note_amending(&store->sending, fact, error));
    return fact->kind->kind_class == WF_DECISION
               ? judge->added(judge->context, fact, error)
               : WEFT_OK;
}

// The first decision of a send waits until the rows have all of the ledger. From then on
// the amendments of the records include those of the send, until it ends.
static weft_status begin_judging(wf_store *store, weft_error *error)
{
    wf_store_sending *job = &store->sending;
    if (!job->judges) {
        WF_TRY(wf_store_apply(store, 0, error));
        job->amendments_before = wf_amendments_count(store->records->amendments);
        job->judges = true;
    }
    const amending *all = (const amending *)(const void *)job->amending.bytes;
    for (; job->amendments_told < job->amending.size / sizeof *all;
         job->amendments_told++) {
        const amending *one = &all[job->amendments_told];
        WF_TRY(wf_amendments_add(store->records->amendments, one->id, one->at,
                                 one->target, one->withdraws, error));
    }
    return WEFT_OK;
}

weft_status wf_store_judge(wf_store *store, const wf_fact *fact, weft_status *ret,
                           weft_error *why, weft_error *error)
{
    const wf_judge *judge = store->options.judge;
    weft_error refusal = {0};
    *ret = WEFT_OK;
    if (judge == NULL || fact->kind->kind_class != WF_DECISION)
        return WEFT_OK;
    WF_TRY(begin_judging(store, error));
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

void wf_store_judge_ended(wf_store *store)
{
    wf_store_sending *job = &store->sending;
    const wf_judge *judge = store->options.judge;
    if (job->judges)
        wf_amendments_cut(store->records->amendments, job->amendments_before);
    if (judge != NULL)
        judge->ended(judge->context);
    wf_buffer_done(&job->amending);
    wf_arena_done(&job->names);
}

weft_status wf_store_is_live(wf_store *store, wf_identity id, bool *ret,
                             weft_error *error)
{
    wf_amendments *all = store->records->amendments;
    wf_arena arena;
    wf_amended *around = NULL;
    size_t count = 0;
    *ret = true;
    if (!wf_amendments_touch(all, id))
        return WEFT_OK;
    wf_arena_init(&arena, around_bytes_max);
    weft_status status = wf_amendments_around(all, id, &arena, &around, &count, error);
    for (size_t i = 0; status == WEFT_OK && i < count; i++)
        if (wf_identity_equal(around[i].id, id))
            *ret = around[i].live;
    wf_arena_done(&arena);
    return status;
}

weft_status wf_store_standing(wf_store *store, wf_identity id, wf_standing *ret,
                              weft_error *error)
{
    bool live = false;
    WF_ASSERT(store->sending.judges);
    // The books of the senders have every fact of the ledger and of this send.
    if (wf_senders_state(store->senders, id) != WF_SEQ_HAD) {
        *ret = WF_FACT_UNKNOWN;
        return WEFT_OK;
    }
    WF_TRY(wf_store_is_live(store, id, &live, error));
    *ret = live ? WF_FACT_LIVE : WF_FACT_DEAD;
    return WEFT_OK;
}
