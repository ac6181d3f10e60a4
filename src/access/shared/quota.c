#include "access/shared/quota.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"

enum { capacity_least = 64 };

void wf_quota_init(wf_quota *quota, uint64_t bytes_max)
{
    *quota = (wf_quota){.bytes_max = bytes_max, .day = {INT32_MIN}};
    WF_ASSERT(pthread_mutex_init(&quota->lock, NULL) == 0);
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
    WF_ASSERT(pthread_mutex_destroy(&quota->lock) == 0);
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

static void lock(wf_quota *quota)
{
    WF_ASSERT(pthread_mutex_lock(&quota->lock) == 0);
}

static void unlock(wf_quota *quota)
{
    WF_ASSERT(pthread_mutex_unlock(&quota->lock) == 0);
}

// Under the lock. NULL: without memory.
static wf_quota_share *share_on(wf_quota *quota, weft_day day, uint64_t sender)
{
    if (day.number > quota->day.number) {
        forget(quota);
        quota->day = day;
    }
    return share_of(quota, sender == 0 ? 1 : sender);
}

static bool fits(const wf_quota *quota, const wf_quota_share *share, uint64_t bytes)
{
    uint64_t taken = share == NULL ? 0 : share->bytes + share->pending;
    return share != NULL && taken <= quota->bytes_max &&
           bytes <= quota->bytes_max - taken;
}

bool wf_quota_take(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes)
{
    lock(quota);
    wf_quota_share *share = share_on(quota, day, sender);
    bool taken = fits(quota, share, bytes) &&
                 (share->pending > 0 || wf_buffer_append(&quota->touched, &share->sender,
                                                         sizeof share->sender));
    if (taken)
        share->pending += bytes;
    unlock(quota);
    return taken;
}

void wf_quota_end(wf_quota *quota, bool kept)
{
    lock(quota);
    const uint64_t *senders = (const uint64_t *)(const void *)quota->touched.bytes;
    for (size_t i = 0; i < quota->touched.size / sizeof *senders; i++) {
        wf_quota_share *share = slot_of(quota->shares, quota->capacity, senders[i]);
        share->bytes += kept ? share->pending : 0;
        share->pending = 0;
    }
    wf_buffer_clear(&quota->touched);
    unlock(quota);
}

bool wf_quota_use(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes)
{
    lock(quota);
    wf_quota_share *share = share_on(quota, day, sender);
    bool used = fits(quota, share, bytes);
    if (used)
        share->bytes += bytes;
    unlock(quota);
    return used;
}

void wf_quota_give_back(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes)
{
    lock(quota);
    bool same_day = day.number >= quota->day.number;
    wf_quota_share *share = same_day ? share_on(quota, day, sender) : NULL;
    if (share != NULL)
        share->bytes -= bytes < share->bytes ? bytes : share->bytes;
    unlock(quota);
}

void wf_quota_count(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes)
{
    lock(quota);
    wf_quota_share *share = share_on(quota, day, sender);
    if (share != NULL)
        share->bytes += bytes;
    unlock(quota);
}
