#include "access/shared/quota.h"

#include <stdlib.h>
#include <string.h>

enum { capacity_least = 64 };

void wf_quota_init(wf_quota *quota, uint64_t bytes_max)
{
    *quota = (wf_quota){.bytes_max = bytes_max, .day = {INT32_MIN}};
}

static void forget(wf_quota *quota)
{
    free(quota->shares);
    quota->shares = NULL;
    quota->count = quota->capacity = 0;
    wf_buffer_done(&quota->touched);
}

void wf_quota_done(wf_quota *quota)
{
    forget(quota);
}

// Where it is, or would be.
static wf_quota_share *slot_of(wf_quota_share *shares, size_t capacity, uint64_t sender)
{
    size_t at = (size_t)sender & (capacity - 1);
    while (shares[at].sender != 0 && shares[at].sender != sender)
        at = (at + 1) & (capacity - 1);
    return &shares[at];
}

static bool grow(wf_quota *quota)
{
    size_t capacity = quota->capacity == 0 ? capacity_least : 2 * quota->capacity;
    wf_quota_share *shares = calloc(capacity, sizeof *shares);
    if (shares == NULL)
        return false;
    for (size_t i = 0; i < quota->capacity; i++)
        if (quota->shares[i].sender != 0)
            *slot_of(shares, capacity, quota->shares[i].sender) = quota->shares[i];
    free(quota->shares);
    quota->shares = shares;
    quota->capacity = capacity;
    return true;
}

static wf_quota_share *share_of(wf_quota *quota, uint64_t sender)
{
    if (quota->count >= quota->capacity / 4 * 3 && !grow(quota))
        return NULL;
    wf_quota_share *share = slot_of(quota->shares, quota->capacity, sender);
    quota->count += share->sender == 0;
    share->sender = sender;
    return share;
}

bool wf_quota_take(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes)
{
    if (day.number != quota->day.number)
        forget(quota);
    quota->day = day;
    wf_quota_share *share = share_of(quota, sender == 0 ? 1 : sender);
    if (share == NULL || share->bytes + share->pending + bytes > quota->bytes_max)
        return false;
    if (share->pending == 0 &&
        !wf_buffer_append(&quota->touched, &share->sender, sizeof share->sender))
        return false;
    share->pending += bytes;
    return true;
}

void wf_quota_end(wf_quota *quota, bool kept)
{
    const uint64_t *senders = (const uint64_t *)(const void *)quota->touched.bytes;
    for (size_t i = 0; i < quota->touched.size / sizeof *senders; i++) {
        wf_quota_share *share = slot_of(quota->shares, quota->capacity, senders[i]);
        share->bytes += kept ? share->pending : 0;
        share->pending = 0;
    }
    wf_buffer_clear(&quota->touched);
}
