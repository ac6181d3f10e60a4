#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct wf_arena_chunk {
    wf_arena_chunk *next;
    size_t used;
    size_t size;
    alignas(max_align_t) char bytes[];
};

// Chunks grow with what was taken: most arenas are of a request that takes little.
enum {
    chunk_bytes_first = 4 * 1024,
    chunk_bytes_most = 64 * 1024,
    alignment = alignof(max_align_t),
    grow_first = 16
};

static size_t chunk_room(const wf_arena *arena, size_t wanted)
{
    size_t usual = arena->used_bytes < chunk_bytes_first  ? chunk_bytes_first
                   : arena->used_bytes > chunk_bytes_most ? chunk_bytes_most
                                                          : arena->used_bytes;
    return wanted > usual ? wanted : usual;
}

void wf_arena_init(wf_arena *arena, size_t limit_bytes)
{
    *arena = (wf_arena){.limit_bytes = limit_bytes};
}

void *wf_arena_new(wf_arena *arena, size_t size)
{
    size_t padded;
    if (__builtin_add_overflow(size, (size_t)alignment - 1, &padded))
        return NULL;
    padded &= ~((size_t)alignment - 1);
    if (arena->limit_bytes != 0 &&
        (padded > arena->limit_bytes || arena->used_bytes > arena->limit_bytes - padded))
        return NULL;
    wf_arena_chunk *chunk = arena->chunk;
    if (chunk == NULL || chunk->size - chunk->used < padded) {
        size_t room = chunk_room(arena, padded);
        if (room > SIZE_MAX - sizeof *chunk)
            return NULL;
        chunk = malloc(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        *chunk = (wf_arena_chunk){.next = arena->chunk, .size = room};
        arena->chunk = chunk;
    }
    void *at = chunk->bytes + chunk->used;
    chunk->used += padded;
    arena->used_bytes += padded;
    memset(at, 0, padded);
    return at;
}

void *wf_arena_array(wf_arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    return wf_arena_new(arena, total);
}

void *wf_arena_grow(wf_arena *arena, void *array, size_t count, size_t *capacity,
                    size_t size)
{
    if (count < *capacity)
        return array;
    size_t wanted = grow_first;
    if (*capacity >= grow_first && __builtin_mul_overflow(*capacity, 2, &wanted))
        return NULL;
    void *grown = wf_arena_array(arena, wanted, size);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, array, count * size);
    *capacity = wanted;
    return grown;
}

wf_text wf_arena_text(wf_arena *arena, wf_text text)
{
    if (text.size == SIZE_MAX)
        return (wf_text){0};
    char *copy = wf_arena_new(arena, text.size + 1);
    if (copy == NULL)
        return (wf_text){0};
    if (text.size > 0)
        memcpy(copy, text.bytes, text.size);
    return (wf_text){copy, text.size};
}

void wf_arena_clear(wf_arena *arena)
{
    wf_arena_chunk *kept = NULL; // the largest of the usual ones
    for (wf_arena_chunk *chunk = arena->chunk; chunk != NULL; chunk = chunk->next)
        if (chunk->size <= chunk_bytes_most && (kept == NULL || chunk->size > kept->size))
            kept = chunk;
    for (wf_arena_chunk *chunk = arena->chunk; chunk != NULL;) {
        wf_arena_chunk *next = chunk->next;
        if (chunk != kept)
            free(chunk);
        chunk = next;
    }
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->chunk = kept;
    arena->used_bytes = 0;
}

void wf_arena_done(wf_arena *arena)
{
    wf_arena_chunk *chunk = arena->chunk;
    while (chunk != NULL) {
        wf_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->chunk = NULL;
    arena->used_bytes = 0;
}
