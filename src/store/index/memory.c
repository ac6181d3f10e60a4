#include "store/index/memory.h"

#include <stdlib.h>
#include <string.h>

enum { room_start = 1 << 12 };

#define ROOM_MAX ((size_t)1 << 31) // places are 32 bits

static void chain(wf_index_memory *m, size_t from)
{
    size_t mask = m->room - 1;
    for (size_t i = from; i < m->count; i++) {
        uint32_t *newest = &m->newest[(size_t)m->pairs[i].hash & mask];
        m->before[i] = *newest;
        *newest = (uint32_t)i + 1;
    }
}

static bool grow(wf_index_memory *m, size_t room)
{
    wf_index_pair *pairs = realloc(m->pairs, room * sizeof *pairs);
    if (pairs == NULL)
        return false;
    m->pairs = pairs;
    uint32_t *before = realloc(m->before, room * sizeof *before);
    if (before == NULL)
        return false;
    m->before = before;
    uint32_t *newest = realloc(m->newest, room * sizeof *newest);
    if (newest == NULL)
        return false;
    m->newest = newest;
    m->room = room;
    memset(newest, 0, room * sizeof *newest);
    chain(m, 0);
    return true;
}

weft_status wf_index_memory_reserve(wf_index_memory *m, size_t more, weft_error *error)
{
    size_t room = m->room > 0 ? m->room : room_start;
    if (more > ROOM_MAX - m->count)
        return wf_fail_memory(error);
    while (room < m->count + more)
        room *= 2;
    if (room > m->room && !grow(m, room))
        return wf_fail_memory(error);
    return WEFT_OK;
}

void wf_index_memory_add(wf_index_memory *m, const wf_index_pair *pairs, size_t count)
{
    size_t from = m->count, mask = m->room - 1;
    WF_ASSERT(count <= m->room - m->count);
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(&m->newest[(size_t)pairs[i].hash & mask], 1);
        m->pairs[from + i] = pairs[i];
    }
    m->count += count;
    chain(m, from);
}

static void turn_round(uint64_t *positions, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint64_t keep = positions[i];
        positions[i] = positions[count - 1 - i];
        positions[count - 1 - i] = keep;
    }
}

weft_status wf_index_memory_find(const wf_index_memory *m, uint64_t hash, wf_buffer *ret,
                                 weft_error *error)
{
    size_t size = ret->size, count = 0;
    if (m->count == 0)
        return WEFT_OK;
    for (uint32_t at = m->newest[(size_t)hash & (m->room - 1)]; at != 0;
         at = m->before[at - 1]) {
        const wf_index_pair *pair = &m->pairs[at - 1];
        if (pair->hash != hash)
            continue;
        if (!wf_buffer_append(ret, &pair->position, sizeof pair->position))
            return wf_fail_memory(error);
        count++;
    }
    if (count > 1)
        turn_round((uint64_t *)(void *)(ret->bytes + size), count);
    return WEFT_OK;
}

void wf_index_memory_clear(wf_index_memory *m)
{
    m->count = 0;
    if (m->room > 0)
        memset(m->newest, 0, m->room * sizeof *m->newest);
}

void wf_index_memory_done(wf_index_memory *m)
{
    free(m->pairs);
    free(m->before);
    free(m->newest);
    *m = (wf_index_memory){0};
}

// ---- sorting ----
//
// By digits of 8 bits, least first. Hashes are as good as random, so that the three
// greatest digits put nearly all in order, and few have to move for the rest; where many
// have to, all digits are gone through (small numbers in tests).

enum { digits = 8, digits_first = 3, digit_values = 256, moves_each = 4 };

static void scatter(const wf_index_pair *from, wf_index_pair *to, size_t count,
                    unsigned digit, size_t places[digit_values])
{
    for (size_t i = 0; i < count; i++)
        to[places[from[i].hash >> (8 * digit) & 0xFF]++] = from[i];
}

// Pairs in the order of their first digits move to their places; those of one hash stay
// as they are. False: too many would have to.
static bool finish(wf_index_pair *pairs, size_t count)
{
    size_t moves = 0, moves_max = count * moves_each;
    for (size_t i = 1; i < count; i++) {
        wf_index_pair pair = pairs[i];
        size_t at = i;
        for (; at > 0 && pairs[at - 1].hash > pair.hash && moves < moves_max;
             at--, moves++)
            pairs[at] = pairs[at - 1];
        pairs[at] = pair;
    }
    return moves < moves_max;
}

// By the digits from the `from`-th on.
static wf_index_pair *sort_digits(wf_index_pair *pairs, wf_index_pair *scratch,
                                  size_t count, unsigned from)
{
    size_t places[digits][digit_values] = {{0}};
    for (size_t i = 0; i < count; i++)
        for (unsigned digit = from; digit < digits; digit++)
            places[digit][pairs[i].hash >> (8 * digit) & 0xFF]++;
    for (unsigned digit = from; digit < digits; digit++) {
        size_t sum = 0, greatest = 0;
        for (size_t value = 0; value < digit_values; value++) {
            size_t part = places[digit][value];
            greatest = part > greatest ? part : greatest;
            places[digit][value] = sum;
            sum += part;
        }
        if (greatest == count)
            continue;
        scatter(pairs, scratch, count, digit, places[digit]);
        wf_index_pair *keep = pairs;
        pairs = scratch;
        scratch = keep;
    }
    return pairs;
}

wf_index_pair *wf_index_sort(wf_index_pair *pairs, wf_index_pair *scratch, size_t count)
{
    wf_index_pair *sorted = sort_digits(pairs, scratch, count, digits - digits_first);
    if (finish(sorted, count))
        return sorted;
    return sort_digits(sorted, sorted == pairs ? scratch : pairs, count, 0);
}
