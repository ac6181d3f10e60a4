#include "store/ledger/file.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

enum { file_version = 1, flag_more = 1, link_at = 56, sealed_bytes_min = 40 };

// ---- where the chain stands ----

wf_ledger_state wf_ledger_state_first(void)
{
    return (wf_ledger_state){.received = WF_TIME_NONE};
}

void wf_ledger_state_pass(wf_ledger_state *state, const wf_ledger_record_head *head)
{
    state->records++;
    state->positions += head->count;
    state->inside = head->more;
    memcpy(state->link, head->link, WF_LINK_BYTES);
    if (!head->more) {
        state->commits++;
        state->received = head->received;
    }
}

bool wf_ledger_state_equal(const wf_ledger_state *a, const wf_ledger_state *b)
{
    return a->records == b->records && a->commits == b->commits &&
           a->positions == b->positions && a->received.us == b->received.us &&
           a->inside == b->inside && memcmp(a->link, b->link, WF_LINK_BYTES) == 0;
}

// ---- heads of files ----

void wf_ledger_print_file_head(unsigned char to[wf_ledger_file_head_bytes],
                               uint64_t file_number, const wf_ledger_state *state)
{
    memcpy(to, "WEFTFACT", 8);
    wf_put_u32(to + 8, file_version);
    wf_put_u32(to + 12, 0);
    wf_put_u64(to + 16, file_number);
    wf_put_u64(to + 24, state->records);
    wf_put_u64(to + 32, state->commits);
    wf_put_u64(to + 40, state->positions);
    wf_put_u64(to + 48, (uint64_t)state->received.us);
    memcpy(to + link_at, state->link, WF_LINK_BYTES);
}

bool wf_ledger_parse_file_head(const unsigned char from[wf_ledger_file_head_bytes],
                               uint64_t file_number, wf_ledger_state *ret,
                               bool *ret_newer)
{
    if (memcmp(from, "WEFTFACT", 8) != 0)
        return false;
    if (wf_get_u32(from + 8) > file_version) {
        *ret_newer = true;
        return false;
    }
    if (wf_get_u32(from + 8) != file_version || wf_get_u32(from + 12) != 0 ||
        wf_get_u64(from + 16) != file_number)
        return false;
    wf_ledger_state state = {
        .records = wf_get_u64(from + 24),
        .commits = wf_get_u64(from + 32),
        .positions = wf_get_u64(from + 40),
        .received = {(int64_t)wf_get_u64(from + 48)},
    };
    memcpy(state.link, from + link_at, WF_LINK_BYTES);
    // Far from overflowing, whatever is added while a file is walked.
    if (state.positions > INT64_MAX || state.records > state.positions ||
        state.commits > state.records)
        return false;
    wf_ledger_state first = wf_ledger_state_first();
    if (file_number == 1 && !wf_ledger_state_equal(&state, &first))
        return false;
    *ret = state;
    return true;
}

// ---- heads of records ----

void wf_ledger_print_head(unsigned char to[wf_ledger_record_head_bytes],
                          const wf_ledger_record_head *head)
{
    memcpy(to, "WREC", 4);
    wf_put_u32(to + 4, head->size);
    wf_put_u64(to + 8, head->number);
    wf_put_u64(to + 16, head->commit);
    wf_put_u64(to + 24, head->first);
    wf_put_u32(to + 32, head->count);
    wf_put_u32(to + 36, head->more ? flag_more : 0);
    wf_put_u64(to + 40, head->more ? 0 : (uint64_t)head->received.us);
    wf_put_u32(to + 48, head->envelopes);
    wf_put_u32(to + 52, ~head->size);
    memcpy(to + link_at, head->link, WF_LINK_BYTES);
}

bool wf_ledger_parse_head(const unsigned char from[wf_ledger_record_head_bytes],
                          wf_ledger_record_head *ret)
{
    if (memcmp(from, "WREC", 4) != 0)
        return false;
    uint32_t flags = wf_get_u32(from + 36);
    wf_ledger_record_head head = {
        .size = wf_get_u32(from + 4),
        .number = wf_get_u64(from + 8),
        .commit = wf_get_u64(from + 16),
        .first = wf_get_u64(from + 24),
        .count = wf_get_u32(from + 32),
        .more = flags == flag_more,
        .received = {(int64_t)wf_get_u64(from + 40)},
        .envelopes = wf_get_u32(from + 48),
    };
    memcpy(head.link, from + link_at, WF_LINK_BYTES);
    if (flags > flag_more || wf_get_u32(from + 52) != ~head.size || head.count == 0 ||
        head.size > wf_ledger_record_bytes_max ||
        head.size < wf_ledger_record_head_bytes + sealed_bytes_min ||
        head.envelopes < sealed_bytes_min ||
        head.envelopes > head.size - wf_ledger_record_head_bytes ||
        head.count > head.envelopes || (head.more && head.received.us != 0))
        return false;
    *ret = head;
    return true;
}

bool wf_ledger_head_fits(const wf_ledger_record_head *head, const wf_ledger_state *state)
{
    return head->number == state->records + 1 && head->commit == state->commits + 1 &&
           head->first == state->positions + 1;
}

void wf_ledger_link(const unsigned char before[WF_LINK_BYTES], wf_text record,
                    unsigned char ret[WF_LINK_BYTES])
{
    const unsigned char *from = (const unsigned char *)record.bytes;
    crypto_generichash_state hash;
    int failed = crypto_generichash_init(&hash, NULL, 0, WF_LINK_BYTES);
    failed |= crypto_generichash_update(&hash, before, WF_LINK_BYTES);
    failed |= crypto_generichash_update(&hash, from, link_at);
    failed |= crypto_generichash_update(&hash, from + wf_ledger_record_head_bytes,
                                        record.size - wf_ledger_record_head_bytes);
    failed |= crypto_generichash_final(&hash, ret, WF_LINK_BYTES);
    WF_ASSERT(failed == 0);
}

weft_status wf_ledger_file_path(const char *city_dir, uint64_t file_number, wf_path *ret,
                                weft_error *error)
{
    char name[48];
    int size = snprintf(name, sizeof name, "ledger/%010llu.facts",
                        (unsigned long long)file_number);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    return wf_path_join(city_dir, name, ret, error);
}
