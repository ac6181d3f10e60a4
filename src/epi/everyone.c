#include "epi/everyone.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "epi/room.h"
#include "epi/slabs.h"

enum {
    partitions_count = 512,
    partition_shift = 11, // people of a partition
    partition_people = 1 << partition_shift,
    round_shift = partition_shift + 9,
    day_words = 24, // bits of the minutes of a day
    part_words_max = (int)(WF_EVERYONE_OTHERS_MAX + WF_EVERYONE_STAYS_MAX)
};

_Static_assert(partitions_count << partition_shift == 1 << round_shift, "all of a round");

typedef struct chunk {
    struct chunk *before; // of the same partition
    uint32_t *end;        // of what is kept in it; the newest one's is share.next
    uint32_t words[];
} chunk;

enum {
    chunk_words = (int)((WF_SLAB_CHUNK_BYTES - sizeof(chunk)) / sizeof(uint32_t)),
    part_room_words = (int)(sizeof(wf_everyone_part) / sizeof(uint32_t)) + part_words_max
};

_Static_assert(part_room_words <= chunk_words, "the largest part has room in a chunk");

typedef struct {
    // Of each partition: where the next part goes, and up to where there is room.
    uint32_t *next[partitions_count], *end[partitions_count];
    chunk *newest[partitions_count];
    wf_slabs slabs;
    // Of putting together:
    const wf_everyone_part **parts; // by person
    size_t parts_capacity;
    uint32_t ends[partition_people]; // of each person's parts
    uint64_t *seen;                  // a bit for each person of the city, all 0 between
    uint64_t *busy;                  // a bit for each minute of the window's days
    uint32_t again[WF_EVERYONE_OTHERS_MAX];
    size_t seen_capacity, busy_capacity;
    weft_status status;
} share;

struct wf_everyone {
    unsigned threads;
    uint32_t people_end, round_first, days;
    uint32_t *people; // by person
    uint64_t *seconds;
    uint64_t *doubts; // a bit a person
    size_t people_capacity, seconds_capacity, doubts_capacity;
    share shares[];
};

weft_status wf_everyone_new(unsigned threads, wf_everyone **ret)
{
    wf_everyone *everyone = calloc(1, sizeof *everyone + threads * sizeof(share));
    if (everyone == NULL)
        return WEFT_NO_MEMORY;
    everyone->threads = threads;
    *ret = everyone;
    return WEFT_OK;
}

void wf_everyone_free(wf_everyone *everyone)
{
    if (everyone == NULL)
        return;
    for (unsigned i = 0; i < everyone->threads; i++) {
        share *own = &everyone->shares[i];
        wf_slabs_done(&own->slabs);
        wf_room_free(own->parts, own->parts_capacity, sizeof *own->parts);
        wf_room_free(own->seen, own->seen_capacity, sizeof *own->seen);
        wf_room_free(own->busy, own->busy_capacity, sizeof *own->busy);
    }
    wf_room_free(everyone->people, everyone->people_capacity, sizeof *everyone->people);
    wf_room_free(everyone->seconds, everyone->seconds_capacity,
                 sizeof *everyone->seconds);
    wf_room_free(everyone->doubts, everyone->doubts_capacity, sizeof *everyone->doubts);
    free(everyone);
}

// Room for `count` numbers, all 0.
static weft_status clear(void *array, size_t *capacity, size_t size, size_t count)
{
    void *old, *room;
    memcpy(&old, array, sizeof old);
    room = wf_room_grow(old, capacity, size, 0, count);
    if (room == NULL)
        return WEFT_NO_MEMORY;
    memset(room, 0, count * size);
    memcpy(array, &room, sizeof room);
    return WEFT_OK;
}

weft_status wf_everyone_begin(wf_everyone *everyone, uint32_t people_end, uint32_t days)
{
    size_t words = people_end / 64 + 1;
    WF_ASSERT(days <= WF_EVERYONE_DAYS_MAX);
    everyone->people_end = people_end;
    everyone->days = days;
    WF_TRY(clear(&everyone->people, &everyone->people_capacity, sizeof *everyone->people,
                 people_end));
    WF_TRY(clear(&everyone->seconds, &everyone->seconds_capacity,
                 sizeof *everyone->seconds, people_end));
    WF_TRY(clear(&everyone->doubts, &everyone->doubts_capacity, sizeof *everyone->doubts,
                 words));
    for (unsigned i = 0; i < everyone->threads; i++) {
        share *own = &everyone->shares[i];
        WF_TRY(clear(&own->seen, &own->seen_capacity, sizeof *own->seen, words));
        WF_TRY(clear(&own->busy, &own->busy_capacity, sizeof *own->busy,
                     (size_t)days * day_words));
        own->status = WEFT_OK;
    }
    return WEFT_OK;
}

uint32_t wf_everyone_rounds(const wf_everyone *everyone)
{
    return (everyone->people_end + (1u << round_shift) - 1) >> round_shift;
}

void wf_everyone_begin_round(wf_everyone *everyone, uint32_t round)
{
    everyone->round_first = round << round_shift;
    for (unsigned i = 0; i < everyone->threads; i++) {
        share *own = &everyone->shares[i];
        memset(own->next, 0, sizeof own->next);
        memset(own->end, 0, sizeof own->end);
        memset(own->newest, 0, sizeof own->newest);
        wf_slabs_reuse(&own->slabs);
    }
}

bool wf_everyone_wants(const wf_everyone *everyone, uint32_t person)
{
    return (person - everyone->round_first) >> round_shift == 0;
}

static inline size_t partition_of(const wf_everyone *everyone, uint32_t person)
{
    return (person - everyone->round_first) >> partition_shift;
}

static weft_status open_chunk(share *own, size_t partition)
{
    chunk *fresh = wf_slabs_next(&own->slabs);
    if (fresh == NULL)
        return WEFT_NO_MEMORY;
    if (own->newest[partition] != NULL)
        own->newest[partition]->end = own->next[partition];
    fresh->before = own->newest[partition];
    own->newest[partition] = fresh;
    own->next[partition] = fresh->words;
    own->end[partition] = fresh->words + chunk_words;
    return WEFT_OK;
}

wf_everyone_part *wf_everyone_room(wf_everyone *everyone, unsigned thread,
                                   uint32_t person, size_t words)
{
    share *own = &everyone->shares[thread];
    size_t partition = partition_of(everyone, person);
    words += sizeof(wf_everyone_part) / sizeof(uint32_t);
    if (words > (size_t)(own->end[partition] - own->next[partition]) &&
        open_chunk(own, partition) != WEFT_OK)
        return NULL;
    wf_everyone_part *part = (wf_everyone_part *)(void *)own->next[partition];
    part->who = (uint16_t)(person % partition_people);
    return part;
}

static inline uint32_t *end_of(wf_everyone_part *part)
{
    return part->words + part->stays + part->others;
}

void wf_everyone_keep(wf_everyone *everyone, unsigned thread, uint32_t person,
                      wf_everyone_part *part)
{
    everyone->shares[thread].next[partition_of(everyone, person)] = end_of(part);
}

void wf_everyone_doubt(wf_everyone *everyone, uint32_t person)
{
    __atomic_fetch_or(&everyone->doubts[person / 64], UINT64_C(1) << person % 64,
                      __ATOMIC_RELAXED);
}

// ---- putting together ----

// Calls for each part of a partition, whatever thread it came from.
static void each_part(const wf_everyone *everyone, size_t partition, share *own,
                      void (*take)(share *own, const wf_everyone_part *part))
{
    for (unsigned i = 0; i < everyone->threads; i++) {
        const share *from = &everyone->shares[i];
        const uint32_t *end = from->next[partition];
        for (chunk *of = from->newest[partition]; of != NULL; of = of->before) {
            for (uint32_t *at = of->words; at < end;) {
                wf_everyone_part *part = (wf_everyone_part *)(void *)at;
                take(own, part);
                at = end_of(part);
            }
            end = of->before != NULL ? of->before->end : NULL;
        }
    }
}

static void count_part(share *own, const wf_everyone_part *part)
{
    own->ends[part->who]++;
}

static void place_part(share *own, const wf_everyone_part *part)
{
    own->parts[own->ends[part->who]++] = part;
}

// own->parts in the order of people, own->ends where each one's end.
static weft_status sort_parts(const wf_everyone *everyone, size_t partition, share *own)
{
    memset(own->ends, 0, sizeof own->ends);
    each_part(everyone, partition, own, count_part);
    uint32_t before = 0;
    for (size_t i = 0; i < partition_people; i++) {
        uint32_t count = own->ends[i];
        own->ends[i] = before;
        before += count;
    }
    const wf_everyone_part **parts =
        wf_room_grow(own->parts, &own->parts_capacity, sizeof *parts, 0, before);
    if (parts == NULL)
        return WEFT_NO_MEMORY;
    own->parts = parts;
    each_part(everyone, partition, own, place_part);
    return WEFT_OK;
}

// Of a word, the bits [from, to); from < 64, from < to.
static inline uint64_t bits_between(uint32_t from, uint32_t to)
{
    return (to >= 64 ? 0 : UINT64_MAX << to) ^ UINT64_MAX << from;
}

// Sets the minutes of a stay; returns those that were set before.
static inline uint64_t set_minutes(uint64_t *busy, uint32_t stay)
{
    uint64_t *day = busy + (size_t)(stay >> 22) * day_words, before = 0;
    uint32_t from = stay >> 11 & 2047, to = stay & 2047;
    for (; from < to; from = (from / 64 + 1) * 64) {
        uint64_t bits = bits_between(from % 64, to - from / 64 * 64);
        before |= day[from / 64] & bits;
        day[from / 64] |= bits;
    }
    return before;
}

// Whether stays at different gatherings share a minute.
static bool in_two_places(share *own, uint32_t days, const wf_everyone_part *const *parts,
                          size_t count)
{
    uint64_t shared = 0, *busy = own->busy;
    memset(busy, 0, (size_t)days * day_words * sizeof *busy);
    for (size_t i = 0; i < count; i++)
        for (uint32_t s = 0; s < parts[i]->stays; s++)
            shared |= set_minutes(busy, parts[i]->words[s]);
    return shared != 0;
}

// How many of a part's others were seen before; they are listed. Written always and
// counted only when it holds, which cannot be foretold.
static uint32_t look_again(share *own, const wf_everyone_part *part, bool mark)
{
    const uint32_t *others = part->words + part->stays, count = part->others;
    uint64_t *seen = own->seen;
    uint32_t again = 0;
    for (uint32_t o = 0; o < count; o++) {
        uint32_t other = others[o];
        uint64_t word = seen[other / 64];
        own->again[again] = other;
        again += (uint32_t)(word >> other % 64 & 1);
        if (mark)
            seen[other / 64] = word | UINT64_C(1) << other % 64;
    }
    return again;
}

static void forget(share *own, const wf_everyone_part *part)
{
    const uint32_t *others = part->words + part->stays, count = part->others;
    for (uint32_t o = 0; o < count; o++)
        own->seen[others[o] / 64] = 0;
}

static void count_people(wf_everyone *everyone, uint32_t person, uint32_t people)
{
    __atomic_fetch_add(&everyone->people[person], people, __ATOMIC_RELAXED);
}

// The part with the most others comes last: it needs no marks.
static void put_largest_last(const wf_everyone_part **parts, size_t count)
{
    size_t largest = 0;
    for (size_t i = 1; i < count; i++)
        if (parts[i]->others > parts[largest]->others)
            largest = i;
    const wf_everyone_part *last = parts[largest];
    parts[largest] = parts[count - 1];
    parts[count - 1] = last;
}

// Takes pairs off that were at more than one gathering. Only they can have been counted
// twice at a time, and only when this person, too, was in two places then.
static void take_off_again(wf_everyone *everyone, share *own, uint32_t person,
                           const wf_everyone_part **parts, size_t count)
{
    bool checked = false, doubtful = false;
    put_largest_last(parts, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t again = look_again(own, parts[i], i + 1 < count);
        if (again == 0)
            continue;
        if (!checked)
            doubtful = in_two_places(own, everyone->days, parts, count);
        checked = true;
        count_people(everyone, person, 0u - again);
        for (uint32_t o = 0; o < again; o++) {
            count_people(everyone, own->again[o], 0u - 1u);
            if (doubtful)
                wf_everyone_doubt(everyone, own->again[o]);
        }
    }
    if (doubtful)
        wf_everyone_doubt(everyone, person);
    for (size_t i = 0; i + 1 < count; i++)
        forget(own, parts[i]);
}

static void put_together(wf_everyone *everyone, share *own, uint32_t person,
                         const wf_everyone_part **parts, size_t count)
{
    uint64_t seconds = 0;
    uint32_t people = 0;
    for (size_t i = 0; i < count; i++) {
        seconds += parts[i]->seconds;
        people += parts[i]->people;
    }
    everyone->seconds[person] = seconds;
    count_people(everyone, person, people);
    if (count > 1)
        take_off_again(everyone, own, person, parts, count);
}

static void end_partition(void *context, unsigned thread, size_t partition)
{
    wf_everyone *everyone = context;
    share *own = &everyone->shares[thread];
    if (own->status == WEFT_OK)
        own->status = sort_parts(everyone, partition, own);
    if (own->status != WEFT_OK)
        return;
    uint32_t first = everyone->round_first + (uint32_t)partition * partition_people;
    for (uint32_t i = 0, from = 0; i < partition_people; i++) {
        uint32_t count = own->ends[i] - from;
        if (count > 0)
            put_together(everyone, own, first + i, own->parts + from, count);
        from = own->ends[i];
    }
}

weft_status wf_everyone_end_round(wf_everyone *everyone)
{
    wf_parallel_for(everyone->threads, partitions_count, end_partition, everyone);
    for (unsigned i = 0; i < everyone->threads; i++)
        WF_TRY(everyone->shares[i].status);
    return WEFT_OK;
}

bool wf_everyone_get(const wf_everyone *everyone, uint32_t person, uint64_t *ret_people,
                     uint64_t *ret_seconds)
{
    if (person >= everyone->people_end) {
        *ret_people = *ret_seconds = 0;
        return true;
    }
    if ((everyone->doubts[person / 64] >> person % 64 & 1) != 0)
        return false;
    *ret_people = everyone->people[person];
    *ret_seconds = everyone->seconds[person];
    return true;
}
