#include "access/accounts/throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

// A set is 4 places; the hash of what is counted names it.
enum { sets_count = 8192, places_in_set = 4, subject_bytes_max = 1 + 64 + 16 };
#define FORGET_US (900 * WF_US_PER_S)
// An address from which a user has come in is theirs for so long.
#define KNOWN_US (30LL * 24 * 3600 * WF_US_PER_S)

typedef enum { OF_BOTH, OF_ADDRESS, OF_USER, KNOWN } counted;

static const struct {
    uint32_t free;
    int64_t wait_s_max;
} limits[] = {[OF_BOTH] = {5, 300}, [OF_ADDRESS] = {30, 300}, [OF_USER] = {100, 5}};

typedef struct {
    uint64_t hash; // 0: free
    int64_t last_us;
    uint32_t failures;
    uint32_t known;
} place;

struct wf_throttle {
    pthread_mutex_t lock;
    uint64_t seed;
    place *places;
};

weft_status wf_throttle_new(wf_throttle **ret, weft_error *error)
{
    wf_throttle *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return wf_fail_memory(error);
    }
    made->seed = wf_hash_seed();
    *ret = made;
    return WEFT_OK;
}

void wf_throttle_free(wf_throttle *throttle)
{
    if (throttle == NULL)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle->places);
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
    uint64_t hash = wf_hash(subject, size, throttle->seed);
    return hash == 0 ? 1 : hash;
}

static bool is_forgotten(const place *at, weft_time now)
{
    return now.us - at->last_us > (at->known != 0 ? KNOWN_US : FORGET_US);
}

// NULL: nothing is counted there (with `make`: without memory).
static place *place_of(wf_throttle *throttle, uint64_t hash, weft_time now, bool make)
{
    if (throttle->places == NULL && make)
        throttle->places = calloc(sets_count * places_in_set, sizeof(place));
    if (throttle->places == NULL)
        return NULL;
    place *set = &throttle->places[hash % sets_count * places_in_set], *oldest = set;
    for (size_t i = 0; i < places_in_set; i++) {
        if (set[i].hash == hash && !is_forgotten(&set[i], now))
            return &set[i];
        if (set[i].hash == hash || set[i].last_us < oldest->last_us)
            oldest = &set[i];
    }
    if (!make)
        return NULL;
    *oldest = (place){.hash = hash};
    return oldest;
}

// ---- asked ----

static int64_t wait_of(wf_throttle *throttle, counted of, wf_text user, wf_text address,
                       weft_time now)
{
    const place *at =
        place_of(throttle, hash_of(throttle, of, user, address), now, false);
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
    pthread_mutex_lock(&throttle->lock);
    int64_t longest = wait_of(throttle, OF_BOTH, user, address, now);
    int64_t other = wait_of(throttle, OF_ADDRESS, user, address, now);
    longest = other > longest ? other : longest;
    if (place_of(throttle, hash_of(throttle, KNOWN, user, address), now, false) == NULL) {
        other = wait_of(throttle, OF_USER, user, address, now);
        longest = other > longest ? other : longest;
    }
    pthread_mutex_unlock(&throttle->lock);
    return longest;
}

void wf_throttle_failed(wf_throttle *throttle, wf_text user, wf_text address,
                        weft_time now)
{
    pthread_mutex_lock(&throttle->lock);
    for (unsigned of = OF_BOTH; of <= OF_USER; of++) {
        uint64_t hash = hash_of(throttle, (counted)of, user, address);
        place *at = place_of(throttle, hash, now, true);
        if (at == NULL)
            continue;
        at->failures += at->failures < UINT32_MAX;
        at->last_us = now.us;
    }
    pthread_mutex_unlock(&throttle->lock);
}

void wf_throttle_came_in(wf_throttle *throttle, wf_text user, wf_text address,
                         weft_time now)
{
    pthread_mutex_lock(&throttle->lock);
    place *at = place_of(throttle, hash_of(throttle, OF_BOTH, user, address), now, false);
    if (at != NULL)
        *at = (place){0};
    at = place_of(throttle, hash_of(throttle, KNOWN, user, address), now, true);
    if (at != NULL) {
        at->known = 1;
        at->last_us = now.us;
    }
    pthread_mutex_unlock(&throttle->lock);
}
