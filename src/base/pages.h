// Large memory straight from the kernel: zeroed, kept out of core dumps and
// forks, with huge pages where the kernel gives them. For opened days and big
// tables, which hold what is sealed on disk.
#ifndef WF_BASE_PAGES_H
#define WF_BASE_PAGES_H

#include <stddef.h>

// NULL when there is no memory. size > 0.
void *wf_pages_new(size_t size);
// Gives the memory back; NULL does nothing. `size` as given to wf_pages_new.
void wf_pages_free(void *pages, size_t size);
// The first `size` bytes come in small pages: for what is often nearly empty, of which a
// huge page would be zeroed whole for its first byte. Before they are touched.
void wf_pages_small(void *pages, size_t size);

#endif
