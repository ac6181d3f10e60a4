#include "desk/testing/buildings.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/hash.h"

enum { slots_min = 1 << 10 };

typedef struct {
    char bytes[WF_BUILDING_BYTES];
    uint8_t size;
} code;

struct wf_buildings {
    code *codes;
    uint32_t *sorted; // room as for codes
    size_t capacity, sorted_capacity;
    uint32_t count, sorted_count; // sorted_count: of codes when they were sorted
    uint32_t *slots;              // by code, open addressing; 0: free
    size_t slots_count;           // a power of two
    uint64_t seed;
};

wf_buildings *wf_buildings_new(void)
{
    wf_buildings *buildings = calloc(1, sizeof *buildings);
    if (buildings == NULL)
        return NULL;
    buildings->seed = wf_hash_seed();
    buildings->slots_count = slots_min;
    buildings->slots = calloc(slots_min, sizeof *buildings->slots);
    buildings->codes = wf_grow(NULL, 0, &buildings->capacity, sizeof *buildings->codes);
    if (buildings->slots == NULL || buildings->codes == NULL || buildings->capacity < 2) {
        wf_buildings_free(buildings);
        return NULL;
    }
    buildings->codes[WF_BUILDING_NONE] = (code){{0}, 0};
    buildings->codes[WF_BUILDING_NOWHERE] = (code){{0}, 0};
    buildings->count = 2;
    return buildings;
}

void wf_buildings_free(wf_buildings *buildings)
{
    if (buildings == NULL)
        return;
    free(buildings->codes);
    free(buildings->sorted);
    free(buildings->slots);
    free(buildings);
}

uint32_t wf_buildings_count(const wf_buildings *buildings)
{
    return buildings->count;
}

wf_text wf_buildings_code(const wf_buildings *buildings, uint32_t building)
{
    const code *of = &buildings->codes[building];
    return (wf_text){of->bytes, of->size};
}

wf_text wf_building_prefix(wf_text grid, size_t width)
{
    if (grid.size <= width)
        return grid;
    while (width > 0 && ((unsigned char)grid.bytes[width] & 0xC0) == 0x80)
        width--;
    return (wf_text){grid.bytes, width};
}

// ---- by code ----

static uint32_t *slot_of(const wf_buildings *buildings, wf_text text)
{
    size_t mask = buildings->slots_count - 1;
    size_t at = wf_hash(text.bytes, text.size, buildings->seed) & mask;
    while (buildings->slots[at] != 0 &&
           !wf_text_equal(wf_buildings_code(buildings, buildings->slots[at]), text))
        at = (at + 1) & mask;
    return &buildings->slots[at];
}

static bool make_room(wf_buildings *buildings)
{
    code *codes =
        wf_grow(buildings->codes, buildings->count, &buildings->capacity, sizeof *codes);
    if (codes == NULL)
        return false;
    buildings->codes = codes;
    if (2 * ((size_t)buildings->count + 1) <= buildings->slots_count)
        return true;
    uint32_t *slots = calloc(2 * buildings->slots_count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(buildings->slots);
    buildings->slots = slots;
    buildings->slots_count *= 2;
    for (uint32_t i = WF_BUILDING_NOWHERE + 1; i < buildings->count; i++)
        *slot_of(buildings, wf_buildings_code(buildings, i)) = i;
    return true;
}

bool wf_buildings_intern(wf_buildings *buildings, wf_text grid, uint32_t *ret)
{
    wf_text text = wf_building_prefix(grid, WF_BUILDING_BYTES);
    if (text.size == 0) {
        *ret = WF_BUILDING_NOWHERE;
        return true;
    }
    uint32_t *slot = slot_of(buildings, text);
    if (*slot == 0) {
        if (!make_room(buildings))
            return false;
        slot = slot_of(buildings, text);
        code *made = &buildings->codes[buildings->count];
        memcpy(made->bytes, text.bytes, text.size);
        made->size = (uint8_t)text.size;
        *slot = buildings->count++;
    }
    *ret = *slot;
    return true;
}

// ---- in order ----

static int compare(const void *a, const void *b, void *context)
{
    return wf_text_compare(wf_buildings_code(context, *(const uint32_t *)a),
                           wf_buildings_code(context, *(const uint32_t *)b));
}

const uint32_t *wf_buildings_sorted(wf_buildings *buildings)
{
    if (buildings->sorted_count == buildings->count)
        return buildings->sorted;
    if (buildings->sorted_capacity < buildings->capacity) {
        uint32_t *sorted =
            reallocarray(buildings->sorted, buildings->capacity, sizeof *sorted);
        if (sorted == NULL)
            return NULL;
        buildings->sorted = sorted;
        buildings->sorted_capacity = buildings->capacity;
    }
    for (uint32_t i = WF_BUILDING_NOWHERE; i < buildings->count; i++)
        buildings->sorted[i - 1] = i;
    qsort_r(buildings->sorted, buildings->count - 1, sizeof *buildings->sorted, compare,
            buildings);
    buildings->sorted_count = buildings->count;
    return buildings->sorted;
}

size_t wf_buildings_before(const wf_buildings *buildings, wf_text text)
{
    size_t low = 0, high = buildings->sorted_count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wf_text_compare(wf_buildings_code(buildings, buildings->sorted[middle]),
                            text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
