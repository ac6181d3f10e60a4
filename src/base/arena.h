// An arena: memory of one request or job, freed at a stroke, with a byte limit.
//
// Zero-initialise or wf_arena_init; not shared between threads.
#ifndef WF_BASE_ARENA_H
#define WF_BASE_ARENA_H

#include <stddef.h>

#include "base/text.h"

typedef struct wf_arena_chunk wf_arena_chunk;

typedef struct {
    wf_arena_chunk *chunk; // newest first
    size_t used_bytes;     // handed out, with padding
    size_t limit_bytes;    // 0: no limit
} wf_arena;

void wf_arena_init(wf_arena *arena, size_t limit_bytes);
// Zeroed memory, aligned for any type; NULL when the limit or memory ends.
void *wf_arena_new(wf_arena *arena, size_t size);
// As wf_arena_new for count × size, NULL also on overflow.
void *wf_arena_array(wf_arena *arena, size_t count, size_t size);
// Room for one more element behind `count` of an array in the arena. Returns the array,
// or a copy with at least twice the room; NULL when the limit or memory ends, *capacity
// as it was.
void *wf_arena_grow(wf_arena *arena, void *array, size_t count, size_t *capacity,
                    size_t size);
// A copy ended by NUL (the NUL is not in .size); .bytes NULL when out of memory.
wf_text wf_arena_text(wf_arena *arena, wf_text text);
// Empties it for the next row or request, and keeps memory of the usual size.
void wf_arena_clear(wf_arena *arena);
void wf_arena_done(wf_arena *arena);

#endif
