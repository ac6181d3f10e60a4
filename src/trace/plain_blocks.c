#include "trace/plain_blocks.h"

#include <string.h>

#include "epi/room.h"

enum {
    slot_bits = 12,
    slots_count = 1 << slot_bits,
    rows_max = 1 << 16, // 512 KB of rows
    at_once = 32        // places of a day
};

weft_status plain_blocks_begin(plain_blocks *blocks, uint32_t crowd)
{
    if (blocks->slots == NULL) {
        size_t rooms[4] = {0};
        *blocks = (plain_blocks){
            wf_room_grow(NULL, &rooms[0], sizeof *blocks->slots, 0, slots_count),
            wf_room_grow(NULL, &rooms[1], sizeof *blocks->starts, 0, rows_max),
            wf_room_grow(NULL, &rooms[2], sizeof *blocks->ends, 0, rows_max),
            wf_room_grow(NULL, &rooms[3], sizeof *blocks->people, 0, rows_max),
            0,
            0};
        if (blocks->slots == NULL || blocks->starts == NULL || blocks->ends == NULL ||
            blocks->people == NULL) {
            plain_blocks_done(blocks);
            return WEFT_NO_MEMORY;
        }
    }
    memset(blocks->slots, 0, slots_count * sizeof *blocks->slots);
    blocks->written = 0;
    blocks->crowd = crowd;
    return WEFT_OK;
}

void plain_blocks_done(plain_blocks *blocks)
{
    wf_room_free(blocks->slots, slots_count, sizeof *blocks->slots);
    wf_room_free(blocks->starts, rows_max, sizeof *blocks->starts);
    wf_room_free(blocks->ends, rows_max, sizeof *blocks->ends);
    wf_room_free(blocks->people, rows_max, sizeof *blocks->people);
    *blocks = (plain_blocks){0};
}

static inline uint64_t key_of(size_t d, uint32_t place)
{
    return ((uint64_t)d << 32 | place) + 1;
}

static inline plain_block *slot_of(const plain_blocks *blocks, uint64_t key)
{
    return &blocks->slots[key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - slot_bits)];
}

static inline bool is_there(const plain_blocks *blocks, const plain_block *slot,
                            uint64_t key)
{
    return slot->key == key && blocks->written <= slot->at + rows_max;
}

void plain_blocks_ahead(const plain_blocks *blocks, const wf_day *day, size_t d,
                        uint32_t *places, size_t count)
{
    uint32_t wanted[at_once];
    size_t wanted_count = 0;
    for (size_t i = 0; i < count && wanted_count < at_once; i++) {
        uint64_t key = key_of(d, places[i]);
        wanted[wanted_count] = places[i];
        wanted_count += !is_there(blocks, slot_of(blocks, key), key);
    }
    wf_day_prefetch(day, wanted, wanted_count);
}

// Rows of one block lie together: what is left at the end of the ring is skipped.
static size_t make_room(plain_blocks *blocks, size_t count)
{
    size_t at = blocks->written % rows_max;
    if (at + count > rows_max) {
        blocks->written += rows_max - at;
        at = 0;
    }
    blocks->written += count;
    return at;
}

weft_status plain_blocks_get(plain_blocks *blocks, const wf_day *day, size_t d,
                             wf_place place, wf_stay_list *stays, wf_beside *ret)
{
    uint64_t key = key_of(d, place.number);
    plain_block *slot = slot_of(blocks, key);
    if (!is_there(blocks, slot, key)) {
        uint32_t visits = 0;
        stays->count = 0;
        WF_TRY(wf_day_place_whole(day, place, blocks->crowd, stays, &visits));
        size_t padded = wf_beside_padded(stays->count), at = make_room(blocks, padded);
        wf_beside_put(stays->rows, stays->count, blocks->starts + at, blocks->ends + at,
                      blocks->people + at);
        *slot = (plain_block){key, blocks->written - padded, padded};
    }
    size_t at = slot->at % rows_max;
    *ret = (wf_beside){blocks->starts + at, blocks->ends + at, blocks->people + at,
                       slot->count};
    return WEFT_OK;
}
