#include "epi/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

enum {
    members_max = WF_EVERYONE_OTHERS_MAX + 1,
    stays_max = WF_EVERYONE_STAYS_MAX,
    days_max = 32,        // so that seconds with all fit 32 bits
    members_wanted = 512, // the bits of so many stay in the first-level cache
    slot_bits = 11,
    slots_count = 1 << slot_bits,
    none = UINT16_MAX
};

typedef struct {
    uint16_t last; // of their stays
    uint16_t slot;
    bool torn; // has a stay that reaches into the next day
    wf_everyone_part *part;
} member;

struct wf_gathering {
    // A bit for each pair that met, in the row of the smaller number; 0 between.
    uint64_t met[members_max * members_max / 64];
    uint32_t row_words;
    uint64_t slots[slots_count];   // person << 32 | member + 1; 0 between
    uint32_t persons[members_max]; // the members' numbers
    uint16_t met_counts[members_max];
    member members[members_max];
    uint64_t found[64]; // by whom, in gatherings of up to 64; 0 between
    uint32_t members_count;
    // Stays, day after day, by start. Own stays of a day never overlap here.
    uint32_t starts[stays_max], ends[stays_max]; // seconds of the day
    uint32_t together[stays_max];                // with all
    uint16_t who[stays_max];                     // member
    uint32_t people[stays_max];                  // their numbers
    uint16_t before[stays_max];                  // the same member's last stay, or none
    uint16_t days[stays_max];
    uint32_t stays_count;
    uint32_t day_ends[days_max]; // the stays of the i-th day end there
    uint32_t days_count;
};

weft_status wf_gathering_new(wf_gathering **ret)
{
    wf_gathering *gathering = wf_pages_new(sizeof *gathering);
    if (gathering == NULL)
        return WEFT_NO_MEMORY;
    *ret = gathering;
    return WEFT_OK;
}

void wf_gathering_free(wf_gathering *gathering)
{
    wf_pages_free(gathering, sizeof *gathering);
}

bool wf_gathering_has_room(const wf_gathering *gathering, size_t visits)
{
    return gathering->members_count == 0 ||
           (gathering->members_count + visits <= members_wanted &&
            gathering->stays_count + visits <= stays_max &&
            gathering->days_count < days_max);
}

// ---- taking stays ----

static int compare_stays(const void *left, const void *right)
{
    const wf_stay *a = left, *b = right;
    return (a->start > b->start) - (a->start < b->start);
}

static void sort_stays(wf_stay *stays, size_t count)
{
    bool sorted = true;
    for (size_t i = 1; i < count; i++)
        sorted &= stays[i - 1].start <= stays[i].start;
    if (!sorted)
        qsort(stays, count, sizeof *stays, compare_stays);
}

static uint32_t member_of(wf_gathering *g, uint32_t person)
{
    uint32_t slot = person * UINT32_C(0x9E3779B1) >> (32 - slot_bits);
    while (g->slots[slot] != 0 && g->slots[slot] >> 32 != person)
        slot = (slot + 1) % slots_count;
    if (g->slots[slot] == 0) {
        g->persons[g->members_count] = person;
        g->met_counts[g->members_count] = 0;
        g->members[g->members_count] = (member){.last = none, .slot = (uint16_t)slot};
        g->slots[slot] = (uint64_t)person << 32 | ++g->members_count;
    }
    return (uint32_t)g->slots[slot] - 1;
}

// Own stays that overlap are one. `first`: of this day's.
static void take_stay(wf_gathering *g, const wf_stay *stay, const wf_gathering_day *day,
                      uint32_t first)
{
    uint32_t start = 60u * stay->start, end = 60u * stay->end;
    bool torn = end > day->length_s;
    start = start < day->window.first ? day->window.first : start;
    end = end > day->window.last ? day->window.last : end;
    if (start >= end)
        return;
    uint32_t who = member_of(g, stay->person.number), at = g->stays_count;
    member *of = &g->members[who];
    of->torn |= torn;
    if (of->last != none && of->last >= first && start < g->ends[of->last]) {
        if (end > g->ends[of->last])
            g->ends[of->last] = end;
        return;
    }
    g->starts[at] = start;
    g->ends[at] = end;
    g->together[at] = 0;
    g->who[at] = (uint16_t)who;
    g->people[at] = stay->person.number;
    g->before[at] = of->last;
    g->days[at] = (uint16_t)day->number;
    of->last = (uint16_t)at;
    g->stays_count++;
}

void wf_gathering_add(wf_gathering *g, wf_stay *stays, size_t count,
                      const wf_gathering_day *day)
{
    uint32_t first = g->stays_count;
    WF_ASSERT(count <= WF_GATHERING_VISITS_MAX && wf_gathering_has_room(g, count));
    sort_stays(stays, count);
    for (size_t i = 0; i < count; i++)
        take_stay(g, &stays[i], day, first);
    g->day_ends[g->days_count++] = g->stays_count;
}

// ---- who met whom ----

// The time together of a stay with those of [from, to), who all came during it.
static void add_time(wf_gathering *g, uint32_t at, uint32_t from, uint32_t to)
{
    int32_t end = (int32_t)g->ends[at], all = 0;
    for (uint32_t i = from; i < to; i++) {
        int32_t other_end = (int32_t)g->ends[i];
        int32_t time = (other_end < end ? other_end : end) - (int32_t)g->starts[i];
        g->together[i] += (uint32_t)time;
        all += time;
    }
    g->together[at] += (uint32_t)all;
}

static inline void mark(wf_gathering *g, uint32_t one, uint32_t person, uint32_t other,
                        uint32_t other_person)
{
    uint32_t row = person < other_person ? one : other;
    uint32_t bit = person < other_person ? other : one;
    g->met[row * g->row_words + bit / 64] |= UINT64_C(1) << bit % 64;
}

static void mark_all(wf_gathering *g, uint32_t at, uint32_t from, uint32_t to)
{
    const uint32_t one = g->who[at], person = g->people[at];
    for (uint32_t i = from; i < to; i++)
        mark(g, one, person, g->who[i], g->people[i]);
}

// Few people meet again and again: only whom this one did not find there before is new.
static void mark_new(wf_gathering *g, uint32_t at, uint32_t from, uint32_t to)
{
    const uint32_t one = g->who[at], person = g->people[at];
    uint64_t found = 0;
    for (uint32_t i = from; i < to; i++)
        found |= UINT64_C(1) << g->who[i];
    uint64_t fresh = found & ~g->found[one];
    g->found[one] |= found;
    for (; fresh != 0; fresh &= fresh - 1) {
        uint32_t other = (uint32_t)__builtin_ctzll(fresh);
        mark(g, one, person, other, g->persons[other]);
    }
}

static void meet(wf_gathering *g)
{
    uint32_t at = 0;
    g->row_words = (g->members_count + 63) / 64;
    for (uint32_t d = 0; d < g->days_count; d++)
        for (; at < g->day_ends[d]; at++) {
            uint32_t to = at + 1;
            while (to < g->day_ends[d] && g->starts[to] < g->ends[at])
                to++;
            add_time(g, at, at + 1, to);
            if (g->members_count <= 64)
                mark_new(g, at, at + 1, to);
            else
                mark_all(g, at, at + 1, to);
        }
}

// ---- handing over ----

// Those stays of a member that were not spent alone; their seconds with all.
static void put_stays(const wf_gathering *g, const member *of, wf_everyone_part *part)
{
    uint32_t seconds = 0;
    uint32_t *to = part->words;
    for (uint32_t at = of->last; at != none; at = g->before[at])
        if (g->together[at] > 0) {
            seconds += g->together[at];
            *to++ = wf_everyone_stay(g->days[at], g->starts[at] / 60,
                                     (g->ends[at] + 59) / 60);
        }
    part->seconds = seconds;
    part->stays = (uint16_t)(to - part->words);
}

// The people of a member's row, which is empty then, and the count of each.
static uint32_t take_row(wf_gathering *g, uint32_t who, uint32_t *to)
{
    uint64_t *row = &g->met[who * g->row_words];
    uint32_t count = 0;
    for (uint32_t w = 0; w < g->row_words; w++) {
        for (uint64_t bits = row[w]; bits != 0; bits &= bits - 1) {
            uint32_t other = w * 64 + (uint32_t)__builtin_ctzll(bits);
            g->met_counts[other]++;
            to[count++] = g->persons[other];
        }
        row[w] = 0;
    }
    g->met_counts[who] = (uint16_t)(g->met_counts[who] + count);
    return count;
}

static weft_status put_member(wf_gathering *g, uint32_t who, wf_everyone *everyone,
                              unsigned thread)
{
    member *of = &g->members[who];
    uint32_t person = g->persons[who], stays = 0;
    for (uint32_t at = of->last; at != none; at = g->before[at])
        stays++;
    wf_everyone_part *part =
        wf_everyone_room(everyone, thread, person, stays + g->members_count);
    if (part == NULL)
        return WEFT_NO_MEMORY;
    put_stays(g, of, part);
    part->others = (uint16_t)take_row(g, who, part->words + part->stays);
    if (part->stays > 0) {
        of->part = part;
        wf_everyone_keep(everyone, thread, person, part);
    }
    if (of->torn)
        wf_everyone_doubt(everyone, person);
    return WEFT_OK;
}

// A row whose person is not wanted is only counted.
static weft_status put_members(wf_gathering *g, wf_everyone *everyone, unsigned thread)
{
    uint32_t unwanted[members_max];
    weft_status status = WEFT_OK;
    for (uint32_t i = 0; i < g->members_count; i++)
        if (status == WEFT_OK && wf_everyone_wants(everyone, g->persons[i]))
            status = put_member(g, i, everyone, thread);
        else
            (void)take_row(g, i, unwanted);
    for (uint32_t i = 0; i < g->members_count; i++)
        if (g->members[i].part != NULL)
            g->members[i].part->people = g->met_counts[i];
    return status;
}

static bool is_wanted(const wf_gathering *g, const wf_everyone *everyone)
{
    bool wanted = false;
    for (uint32_t i = 0; i < g->members_count; i++)
        wanted |= wf_everyone_wants(everyone, g->persons[i]);
    return wanted;
}

weft_status wf_gathering_end(wf_gathering *g, wf_everyone *everyone, unsigned thread)
{
    weft_status status = WEFT_OK;
    if (is_wanted(g, everyone)) {
        meet(g);
        status = put_members(g, everyone, thread);
    }
    for (uint32_t i = 0; i < g->members_count; i++)
        g->slots[g->members[i].slot] = 0;
    memset(g->found, 0,
           (g->members_count < 64 ? g->members_count : 64) * sizeof *g->found);
    g->members_count = g->stays_count = g->days_count = 0;
    return status;
}
