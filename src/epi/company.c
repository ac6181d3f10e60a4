#include "epi/company.h"

#include <string.h>

typedef int16_t lanes __attribute__((vector_size(2 * WF_BESIDE_LANES)));
typedef int8_t bytes __attribute__((vector_size(WF_BESIDE_LANES)));

enum {
    end_bits = 11, // no stay ends after minute 1500
    stretches_max = (1 << (32 - end_bits)) - 1
};

// Says what is known anyway, for the compiler.
static inline size_t whole_lanes(const wf_beside *beside)
{
    return beside->count / WF_BESIDE_LANES * WF_BESIDE_LANES;
}

void wf_beside_put(const wf_stay *stays, size_t count, uint16_t *starts, uint16_t *ends,
                   uint32_t *people)
{
    for (size_t i = 0; i < count; i++) {
        starts[i] = stays[i].start;
        ends[i] = stays[i].end;
        people[i] = stays[i].person.number;
    }
    for (size_t i = count; i < wf_beside_padded(count); i++) {
        starts[i] = INT16_MAX;
        ends[i] = 0;
        people[i] = UINT32_MAX;
    }
}

size_t wf_beside_next(const wf_beside *beside, size_t at, wf_person index)
{
    while (at < beside->count && beside->people[at] != index.number)
        at++;
    return at;
}

size_t wf_beside_find(const wf_beside *beside, wf_person index, size_t *ret_at)
{
    // No branch by row: where the index stands is anyone's guess.
    const size_t count = whole_lanes(beside);
    uint32_t found = 0, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = beside->people[i] == index.number;
        found += same;
        sum += same * i;
    }
    *ret_at = found == 1 ? sum : wf_beside_next(beside, 0, index);
    return found;
}

static inline uint64_t entry_with(uint32_t person, uint32_t mark)
{
    return (uint64_t)person << 32 | mark;
}

// The entry of a person: its own, or one that this index left empty.
static inline uint64_t *entry_of(wf_company *company, uint32_t person)
{
    uint32_t at = person * UINT32_C(0x9E3779B1) >> (32 - WF_COMPANY_BITS);
    uint64_t entry = company->entries[at];
    // One test of both: whether it is the first meeting is a coin toss, whether the entry
    // is somebody else's hardly ever.
    while ((entry >> 32 != person) & ((uint32_t)entry >= company->met)) {
        at = (at + 1) % (1u << WF_COMPANY_BITS);
        entry = company->entries[at];
    }
    return &company->entries[at];
}

void wf_company_begin(wf_company *company, wf_person index)
{
    if (company->stretch > stretches_max / 2)
        *company = (wf_company){.stretch = 0};
    company->stretch++;
    company->met = company->stretch << end_bits;
    company->people = company->seconds = 0;
    // As if met before: is not counted.
    *entry_of(company, index.number) = entry_with(index.number, company->met);
}

// Minutes of all together with [start, end).
static uint32_t minutes_beside(const wf_beside *beside, int16_t start, int16_t end)
{
    int32_t minutes = 0;
    const int16_t *starts = (const int16_t *)beside->starts;
    const int16_t *ends = (const int16_t *)beside->ends;
    const size_t count = whole_lanes(beside);
    for (size_t i = 0; i < count; i++) {
        int16_t first = starts[i] > start ? starts[i] : start;
        int16_t last = ends[i] < end ? ends[i] : end;
        int16_t length = (int16_t)(last - first);
        minutes += length > 0 ? length : 0;
    }
    return (uint32_t)minutes;
}

static uint32_t present_at(const wf_beside *beside, uint32_t minute)
{
    uint32_t present = 0;
    for (size_t i = 0; i < beside->count; i++)
        present += (beside->starts[i] <= minute) & (beside->ends[i] > minute);
    return present;
}

// The lowest bit of a byte for each of eight stays, set if it overlaps [start, end); the
// first stay in the least significant byte.
static inline uint64_t lanes_beside(const wf_beside *beside, size_t at, int16_t start,
                                    int16_t end)
{
    lanes starts, ends;
    memcpy(&starts, beside->starts + at, sizeof starts);
    memcpy(&ends, beside->ends + at, sizeof ends);
    bytes both = __builtin_convertvector((starts < end) & (ends > start), bytes);
    uint64_t bits;
    memcpy(&bits, &both, sizeof bits);
    bits &= UINT64_C(0x0101010101010101);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bits = __builtin_bswap64(bits);
#endif
    return bits;
}

// Where those stand that overlap. Written always and counted only when it holds, since
// a branch on it would be a coin toss.
static size_t list_beside(const wf_beside *beside, int16_t start, int16_t end,
                          uint16_t *ret)
{
    size_t found = 0;
    for (size_t at = 0; at < beside->count; at += WF_BESIDE_LANES) {
        uint64_t bits = lanes_beside(beside, at, start, end);
        if (bits == 0)
            continue; // stays are in the order of start: most such lanes stand together
        for (unsigned lane = 0; lane < WF_BESIDE_LANES; lane++) {
            ret[found] = (uint16_t)(at + lane);
            found += bits >> 8 * lane & 1;
        }
    }
    return found;
}

// Marks all who overlap. A mark is the stretch and the end of the stay, so that it is
// greater than (this stretch, start of the next stay) exactly when somebody's next stay
// beside this stretch begins before the last one ended. Then false.
static bool mark_beside(wf_company *company, const wf_beside *beside, int16_t start,
                        int16_t end)
{
    uint16_t list[WF_BESIDE_MAX + 1];
    const size_t count = list_beside(beside, start, end, list);
    const uint32_t stretch = company->stretch << end_bits, met = company->met;
    uint64_t people = 0;
    bool doubled = false;
    for (size_t i = 0; i < count; i++) {
        uint32_t person = beside->people[list[i]];
        uint64_t *entry = entry_of(company, person);
        uint32_t last = (uint32_t)*entry;
        *entry = entry_with(person, stretch | beside->ends[list[i]]);
        people += last < met;
        doubled |= last > (stretch | beside->starts[list[i]]);
    }
    company->people += people;
    return !doubled;
}

bool wf_company_add(wf_company *company, const wf_beside *beside, wf_stretch own)
{
    if (company->stretch == stretches_max ||
        company->people + beside->count > WF_COMPANY_MAX)
        return false;
    company->stretch++;
    // The whole minutes around `own`: stays lie on them, so that the same ones overlap.
    uint32_t start = own.first / 60, end = (own.last + 59) / 60;
    uint32_t seconds = 60u * minutes_beside(beside, (int16_t)start, (int16_t)end) -
                       (own.last - own.first);
    if (own.first > 60u * start)
        seconds -= (own.first - 60u * start) * present_at(beside, start);
    if (60u * end > own.last)
        seconds -= (60u * end - own.last) * present_at(beside, end - 1);
    company->seconds += seconds;
    return mark_beside(company, beside, (int16_t)start, (int16_t)end);
}
