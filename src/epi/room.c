#include "epi/room.h"

#include <string.h>

#include "base/pages.h"

enum { smallest_bytes = 1 << 14 };

void *wf_room_grow(void *array, size_t *capacity, size_t size, size_t used, size_t wanted)
{
    if (array != NULL && wanted <= *capacity)
        return array;
    size_t grown = smallest_bytes / size + 1, bytes;
    if (grown < wanted)
        grown = wanted;
    if (grown < *capacity * 2)
        grown = *capacity * 2;
    if (__builtin_mul_overflow(grown, size, &bytes))
        return NULL;
    void *fresh = wf_pages_new(bytes);
    if (fresh == NULL)
        return NULL;
    if (used > 0)
        memcpy(fresh, array, used * size);
    wf_room_free(array, *capacity, size);
    *capacity = grown;
    return fresh;
}

void wf_room_free(void *array, size_t capacity, size_t size)
{
    if (array != NULL)
        wf_pages_free(array, capacity * size);
}
