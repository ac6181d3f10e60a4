#include "base/grow.h"

#include <stdlib.h>

enum { first_count = 16 };

void *wf_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    size_t wanted = first_count;
    if (*capacity >= first_count && __builtin_mul_overflow(*capacity, 2, &wanted))
        return NULL;
    void *grown = reallocarray(array, wanted, size);
    if (grown != NULL)
        *capacity = wanted;
    return grown;
}
