#include "store/readied.h"

#include <string.h>

#include "store/records/inside.h"
#include "store/store_inside.h"

weft_status wf_readied_init(wf_readied *readied, wf_store *store, wf_text device,
                            weft_time now, const wf_ledger_day *days, size_t count,
                            weft_error *error)
{
    WF_ASSERT(device.size <= WF_DEVICE_BYTES_MAX);
    *readied = (wf_readied){.store = store, .now = now};
    memcpy(readied->device, device.bytes, device.size);
    readied->first_seq = wf_senders_next(store->senders, device);
    wf_readied_clear(readied);
    return wf_ledger_ready_new(store->ledger, days, count, &readied->ready, error);
}

void wf_readied_done(wf_readied *readied)
{
    wf_ledger_ready_free(readied->ready);
    wf_buffer_done(&readied->pairs);
    wf_buffer_done(&readied->noted);
    wf_buffer_done(&readied->passed);
    *readied = (wf_readied){0};
}

void wf_readied_clear(wf_readied *readied)
{
    readied->next_seq = readied->first_seq;
    readied->position = 1;
    if (readied->ready != NULL)
        wf_ledger_ready_clear(readied->ready);
    wf_buffer_clear(&readied->pairs);
    wf_buffer_clear(&readied->noted);
    wf_buffer_clear(&readied->passed);
}

static bool put_number(wf_buffer *to, int64_t number)
{
    return wf_buffer_append(to, &number, sizeof number);
}

// A number that someone has amended beforehand is left out.
static bool take_number(wf_readied *readied, int64_t *ret)
{
    const wf_text device = wf_text_of(readied->device);
    const wf_records *records = readied->store->records;
    for (; wf_records_is_amended(records, (wf_identity){device, readied->next_seq});
         readied->next_seq++)
        if (!put_number(&readied->passed, readied->next_seq))
            return false;
    *ret = readied->next_seq++;
    return put_number(&readied->noted, *ret);
}

weft_status wf_readied_add(wf_readied *readied, const wf_fact *fact, wf_text body,
                           wf_arena *arena, weft_error *error)
{
    const wf_store *store = readied->store;
    wf_entry entry = {.fact = *fact, .position = readied->position};
    entry.fact.id.device = wf_text_of(readied->device);
    if (!take_number(readied, &entry.fact.id.seq))
        return wf_fail_memory(error);
    readied->position++;
    WF_TRY(wf_claims_pairs(store->plans, store->index, &entry, arena, &readied->pairs,
                           error));
    return wf_ledger_ready_add(readied->ready, &entry.fact, body, error);
}

// ---- the commit ----

bool wf_readied_is_late(wf_readied *readied)
{
    int64_t next = wf_senders_next(readied->store->senders, wf_text_of(readied->device));
    bool late = next != readied->first_seq;
    readied->first_seq = next;
    return late;
}

static weft_status note_all(const wf_readied *readied, const wf_buffer *numbers,
                            wf_seq_state state, weft_error *error)
{
    const int64_t *all = (const int64_t *)(const void *)numbers->bytes;
    for (size_t i = 0; i < numbers->size / sizeof *all; i++)
        WF_TRY(wf_senders_note(readied->store->senders,
                               (wf_identity){wf_text_of(readied->device), all[i]}, state,
                               error));
    return WEFT_OK;
}

// The pairs go to the send, their positions behind the head.
static void give_pairs(wf_readied *readied, uint64_t head)
{
    wf_index_pair *all = (wf_index_pair *)(void *)readied->pairs.bytes;
    for (size_t i = 0; i < readied->pairs.size / sizeof *all; i++)
        all[i].position += head;
    readied->store->sending.pairs = readied->pairs;
    readied->pairs = (wf_buffer){0};
}

weft_status wf_readied_commit(wf_readied *readied, uint64_t *ret_head,
                              uint64_t *ret_count, weft_error *error)
{
    wf_store *store = readied->store;
    uint64_t head = wf_ledger_now(store->ledger).positions;
    uint64_t count = readied->noted.size / sizeof(int64_t);
    WF_TRY(wf_store_check_runs(store, error));
    wf_store_begin(store, readied->now);
    weft_status status = note_all(readied, &readied->passed, WF_SEQ_REFUSED, error);
    if (status == WEFT_OK)
        status = note_all(readied, &readied->noted, WF_SEQ_HAD, error);
    if (status != WEFT_OK) {
        wf_store_rollback(store);
        return status;
    }
    give_pairs(readied, head);
    store->sending.ready = readied->ready;
    WF_TRY(wf_store_commit(store, error));
    *ret_head = head;
    *ret_count = count;
    return WEFT_OK;
}
