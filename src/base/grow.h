// Arrays on the heap to which elements are added one by one.
#ifndef WF_BASE_GROW_H
#define WF_BASE_GROW_H

#include <stddef.h>

// Room for one more element behind `count` of `size` bytes each. Returns the array, which
// may have moved and then has at least twice the room; NULL without memory, array and
// *capacity as they were.
void *wf_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
