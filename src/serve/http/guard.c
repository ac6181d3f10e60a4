#include "serve/http/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    headers_s = 10,
    headers_crowded_s = 3,
    body_s = 20,
    body_crowded_s = 5,
    body_crowded_faster = 8, // than what is else enough
    body_bytes_a_second = 32 * 1024,
    between_s = 75,
    between_crowded_s = 5,
    send_s = 30,
    send_crowded_s = 10,
    send_bytes_a_second = 8 * 1024
};
static const uint64_t ns_a_second = 1000000000;

struct wf_guarded {
    wf_guarded *before, *after;
    int socket;
    bool cut;
    char address[INET6_ADDRSTRLEN];
    _Atomic int phase;
    _Atomic uint64_t since_ns, allowed_ns; // of BODY and SEND, for their bytes
};

struct wf_guard {
    wf_guard_options options;
    pthread_mutex_t lock;
    wf_guarded *first;
    size_t count;
};

// ---- addresses ----

static void address_text(const struct sockaddr *address, char ret[INET6_ADDRSTRLEN])
{
    ret[0] = '\0';
    if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, ret, INET6_ADDRSTRLEN);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        // One of four bytes that came to a socket of both kinds is still one of four.
        if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
            inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], ret, INET6_ADDRSTRLEN);
        else
            inet_ntop(AF_INET6, &six.sin6_addr, ret, INET6_ADDRSTRLEN);
    }
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

// Under the lock. Only few addresses are not loopback: behind a proxy there is one.
static size_t count_of(const wf_guard *guard, const char *address)
{
    size_t count = 0;
    for (const wf_guarded *one = guard->first; one != NULL; one = one->after)
        count += strcmp(one->address, address) == 0;
    return count;
}

bool wf_guard_admits(wf_guard *guard, const struct sockaddr *from)
{
    char address[INET6_ADDRSTRLEN];
    address_text(from, address);
    const char *only = guard->options.only_from;
    if (is_loopback(address))
        return true;
    if (only != NULL && strcmp(only, address) != 0)
        return false;
    // The proxy brings everybody.
    if (only != NULL || guard->options.per_address == 0)
        return true;
    pthread_mutex_lock(&guard->lock);
    bool fits = count_of(guard, address) < guard->options.per_address;
    pthread_mutex_unlock(&guard->lock);
    return fits;
}

// ---- connections ----

wf_guarded *wf_guard_add(wf_guard *guard, int socket, const struct sockaddr *address)
{
    wf_guarded *one = calloc(1, sizeof *one);
    if (one == NULL)
        return NULL;
    one->socket = socket;
    address_text(address, one->address);
    wf_guarded_phase(one, WF_PHASE_HEADERS, 0);
    pthread_mutex_lock(&guard->lock);
    one->after = guard->first;
    if (one->after != NULL)
        one->after->before = one;
    guard->first = one;
    guard->count++;
    pthread_mutex_unlock(&guard->lock);
    return one;
}

void wf_guard_remove(wf_guard *guard, wf_guarded *one)
{
    if (one == NULL)
        return;
    pthread_mutex_lock(&guard->lock);
    if (one->before != NULL)
        one->before->after = one->after;
    else
        guard->first = one->after;
    if (one->after != NULL)
        one->after->before = one->before;
    guard->count--;
    pthread_mutex_unlock(&guard->lock);
    free(one);
}

const char *wf_guarded_address(const wf_guarded *one)
{
    return one->address;
}

void wf_guarded_phase(wf_guarded *one, wf_phase phase, uint64_t bytes)
{
    if (one == NULL)
        return;
    atomic_store_explicit(&one->allowed_ns, bytes / send_bytes_a_second * ns_a_second,
                          memory_order_relaxed);
    atomic_store_explicit(&one->since_ns, wf_clock_coarse_ns(), memory_order_relaxed);
    atomic_store_explicit(&one->phase, (int)phase, memory_order_release);
}

void wf_guarded_came(wf_guarded *one, size_t bytes)
{
    if (one != NULL)
        atomic_fetch_add_explicit(&one->allowed_ns,
                                  bytes * ns_a_second / body_bytes_a_second,
                                  memory_order_relaxed);
}

// ---- time ----

static unsigned or_else(unsigned given, unsigned otherwise)
{
    return given != 0 ? given : otherwise;
}

static uint64_t allowed_ns(const wf_guard *guard, const wf_guarded *one, bool crowded,
                           bool bodies_crowded)
{
    const wf_guard_options *options = &guard->options;
    uint64_t bytes_ns = atomic_load_explicit(&one->allowed_ns, memory_order_relaxed);
    switch ((wf_phase)atomic_load_explicit(&one->phase, memory_order_acquire)) {
    case WF_PHASE_HEADERS:
        return ns_a_second *
               (crowded ? headers_crowded_s : or_else(options->headers_s, headers_s));
    case WF_PHASE_BODY:
        return ns_a_second * (crowded || bodies_crowded
                                  ? body_crowded_s
                                  : or_else(options->body_s, body_s)) +
               (bodies_crowded ? bytes_ns / body_crowded_faster : bytes_ns);
    case WF_PHASE_BETWEEN:
        return ns_a_second *
               (crowded ? between_crowded_s : or_else(options->between_s, between_s));
    case WF_PHASE_SEND:
        return ns_a_second *
                   (crowded ? send_crowded_s : or_else(options->send_s, send_s)) +
               bytes_ns;
    case WF_PHASE_ANSWER:
        break;
    }
    return UINT64_MAX;
}

static void shut(wf_guarded *one)
{
    one->cut = true;
    WF_IGNORE(shutdown(one->socket, SHUT_RDWR), "a client that has gone is shut already");
}

size_t wf_guard_tick(wf_guard *guard, bool bodies_crowded)
{
    size_t cut = 0;
    pthread_mutex_lock(&guard->lock);
    bool crowded = guard->count > guard->options.connections / 10 * 9;
    uint64_t now = wf_clock_monotonic_ns();
    for (wf_guarded *one = guard->first; one != NULL; one = one->after) {
        uint64_t allowed = allowed_ns(guard, one, crowded, bodies_crowded);
        uint64_t since = atomic_load_explicit(&one->since_ns, memory_order_relaxed);
        if (!one->cut && now > since && now - since > allowed) {
            shut(one);
            cut++;
        }
    }
    pthread_mutex_unlock(&guard->lock);
    return cut;
}

size_t wf_guard_end_idle(wf_guard *guard)
{
    size_t ended = 0;
    pthread_mutex_lock(&guard->lock);
    for (wf_guarded *one = guard->first; one != NULL; one = one->after) {
        int phase = atomic_load_explicit(&one->phase, memory_order_acquire);
        if (!one->cut && phase == WF_PHASE_BETWEEN) {
            shut(one);
            ended++;
        }
    }
    pthread_mutex_unlock(&guard->lock);
    return ended;
}

// ---- beginning and end ----

weft_status wf_guard_new(const wf_guard_options *options, wf_guard **ret,
                         weft_error *error)
{
    wf_guard *guard = calloc(1, sizeof *guard);
    if (guard == NULL)
        return wf_fail_memory(error);
    guard->options = *options;
    WF_ASSERT(pthread_mutex_init(&guard->lock, NULL) == 0);
    *ret = guard;
    return WEFT_OK;
}

void wf_guard_free(wf_guard *guard)
{
    if (guard == NULL)
        return;
    WF_ASSERT(guard->count == 0);
    pthread_mutex_destroy(&guard->lock);
    free(guard);
}
