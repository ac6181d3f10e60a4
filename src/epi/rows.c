#include "epi/rows.h"

#include <stdlib.h>
#include <string.h>

bool wf_rows_more(void *rows_pointer, size_t *capacity, size_t size)
{
    size_t wanted = *capacity == 0 ? 64 : *capacity;
    if (__builtin_mul_overflow(wanted, 2, &wanted))
        return false;
    size_t bytes;
    if (__builtin_mul_overflow(wanted, size, &bytes))
        return false;
    // The caller's pointer has its own type: it is read and written as bytes.
    void *rows;
    memcpy(&rows, rows_pointer, sizeof rows);
    void *moved = realloc(rows, bytes);
    if (moved == NULL)
        return false;
    memcpy(rows_pointer, &moved, sizeof moved); // the caller's to free
    *capacity = wanted;
    // cppcheck-suppress memleak ; it does not see the copy above
    return true;
}
