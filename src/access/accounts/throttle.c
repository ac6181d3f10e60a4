#include "access/accounts/throttle.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/recent.h"

enum { sets = 4096, subject_bytes_max = 1 + 64 + 16 };
#define FORGET_US (900 * WF_US_PER_S)
// An address from which a user has come in is theirs for so long.
#define KNOWN_US (30LL * 24 * 3600 * WF_US_PER_S)

typedef enum { OF_BOTH, OF_ADDRESS, OF_USER, KNOWN } counted;

static const struct {
    uint32_t free;
    int64_t wait_s_max;
} limits[] = {[OF_BOTH] = {5, 300}, [OF_ADDRESS] = {30, 300}, [OF_USER] = {100, 5}};

typedef struct {
    int64_t last_us;
    uint32_t failures;
    uint32_t known;
} place;

struct wf_throttle {
    wf_recent *places;
};

// Of those that are not forgotten the oldest gives way.
static uint64_t worth(const void *item, int64_t now_us)
{
    const place *at = item;
    if (now_us - at->last_us > (at->known != 0 ? KNOWN_US : FORGET_US))
        return 0;
    return at->last_us > 0 ? (uint64_t)at->last_us : 1;
}

weft_status wf_throttle_new(wf_throttle **ret, weft_error *error)
{
    const wf_recent_options options = {sets, sizeof(place), worth};
    wf_throttle *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    weft_status status = wf_recent_new(&options, &made->places, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        free(made);
    return status;
}

void wf_throttle_free(wf_throttle *throttle)
{
    if (throttle == NULL)
        return;
    wf_recent_free(throttle->places);
    free(throttle);
}

// ---- places ----

// What one customer has of addresses; a text that is no address counts as itself.
static size_t put_address(wf_text address, unsigned char *to)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    size_t size = address.size < sizeof text ? address.size : sizeof text - 1;
    memcpy(text, size > 0 ? address.bytes : "", size);
    text[size] = '\0';
    if (inet_pton(AF_INET, text, bytes) == 1)
        size = 4;
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        size = 8;
    else
        memcpy(bytes, text, size = size < sizeof bytes ? size : sizeof bytes);
    memcpy(to, bytes, size);
    return size;
}

static uint64_t hash_of(const wf_throttle *throttle, counted of, wf_text user,
                        wf_text address)
{
    unsigned char subject[subject_bytes_max] = {(unsigned char)of};
    size_t size = 1;
    if (of != OF_USER)
        size += put_address(address, subject + size);
    if (of != OF_ADDRESS) {
        size_t part = user.size < 64 ? user.size : 64;
        memcpy(subject + size, user.bytes, part);
        size += part;
    }
    return wf_recent_hash(throttle->places, (wf_text){(const char *)subject, size}, 0);
}

// ---- asked ----

static int64_t wait_of(wf_throttle *throttle, counted of, wf_text user, wf_text address,
                       weft_time now)
{
    const place *at =
        wf_recent_find(throttle->places, hash_of(throttle, of, user, address), now.us);
    if (at == NULL || at->failures < limits[of].free)
        return 0;
    uint32_t beyond = at->failures - limits[of].free;
    int64_t wait_s = beyond > 8 ? limits[of].wait_s_max : INT64_C(2) << beyond;
    if (wait_s > limits[of].wait_s_max)
        wait_s = limits[of].wait_s_max;
    int64_t left_us = at->last_us + wait_s * WF_US_PER_S - now.us;
    return left_us > 0 ? (left_us + WF_US_PER_S - 1) / WF_US_PER_S : 0;
}

int64_t wf_throttle_wait_s(wf_throttle *throttle, wf_text user, wf_text address,
                           weft_time now)
{
    wf_recent_lock(throttle->places);
    int64_t longest = wait_of(throttle, OF_BOTH, user, address, now);
    int64_t other = wait_of(throttle, OF_ADDRESS, user, address, now);
    longest = other > longest ? other : longest;
    uint64_t known = hash_of(throttle, KNOWN, user, address);
    if (wf_recent_find(throttle->places, known, now.us) == NULL) {
        other = wait_of(throttle, OF_USER, user, address, now);
        longest = other > longest ? other : longest;
    }
    wf_recent_unlock(throttle->places);
    return longest;
}

void wf_throttle_failed(wf_throttle *throttle, wf_text user, wf_text address,
                        weft_time now)
{
    wf_recent_lock(throttle->places);
    for (unsigned of = OF_BOTH; of <= OF_USER; of++) {
        uint64_t hash = hash_of(throttle, (counted)of, user, address);
        place *at = wf_recent_make(throttle->places, hash, now.us);
        at->failures += at->failures < UINT32_MAX;
        at->last_us = now.us;
    }
    wf_recent_unlock(throttle->places);
}

void wf_throttle_came_in(wf_throttle *throttle, wf_text user, wf_text address,
                         weft_time now)
{
    wf_recent_lock(throttle->places);
    uint64_t both = hash_of(throttle, OF_BOTH, user, address);
    place *at = wf_recent_find(throttle->places, both, now.us);
    if (at != NULL)
        *at = (place){0};
    at =
        wf_recent_make(throttle->places, hash_of(throttle, KNOWN, user, address), now.us);
    *at = (place){.last_us = now.us, .known = 1};
    wf_recent_unlock(throttle->places);
}
