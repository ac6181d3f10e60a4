// Memory that a look-up grows into and keeps for the next one, so that a warm query
// allocates nothing. From pages, which stay out of core dumps: it holds who met whom.
#ifndef WF_EPI_ROOM_H
#define WF_EPI_ROOM_H

#include <stddef.h>

// Makes an array of *capacity elements of `size` bytes hold at least `wanted`, keeping
// the first `used`; at least doubles. Returns the array (the old one is gone), or NULL
// without memory (array and *capacity as they were).
void *wf_room_grow(void *array, size_t *capacity, size_t size, size_t used,
                   size_t wanted);
// Gives an array of `capacity` elements back; NULL does nothing.
void wf_room_free(void *array, size_t capacity, size_t size);

#endif
