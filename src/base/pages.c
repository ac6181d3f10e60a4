#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/status.h"

// Huge pages are 2 MiB on the machines we know; elsewhere the alignment is harmless.
enum { huge_bytes = 2 * 1024 * 1024 };

static size_t whole_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (size > SIZE_MAX - page)
        return 0;
    return (size + page - 1) / page * page;
}

// Maps `size` bytes that begin at a multiple of a huge page: maps more and gives
// both ends back, since the kernel only collapses whole aligned stretches.
static void *map_aligned(size_t size)
{
    size_t more;
    if (__builtin_add_overflow(size, (size_t)huge_bytes, &more))
        return NULL;
    char *at =
        mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    size_t before = (huge_bytes - (uintptr_t)at % huge_bytes) % huge_bytes;
    if (before > 0)
        WF_IGNORE(munmap(at, before), "address space is all that would be lost");
    WF_IGNORE(munmap(at + before + size, more - size - before),
              "address space is all that would be lost");
    return at + before;
}

void *wf_pages_new(size_t size)
{
    WF_ASSERT(size > 0);
    size_t whole = whole_pages(size);
    if (whole == 0)
        return NULL;
    void *pages;
    if (whole >= huge_bytes) {
        pages = map_aligned(whole);
    } else {
        pages =
            mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED)
            pages = NULL;
    }
    if (pages == NULL)
        return NULL;
    // What cannot be kept out of dumps and forks is not given out at all.
    if (madvise(pages, whole, MADV_DONTDUMP) != 0 ||
        madvise(pages, whole, MADV_DONTFORK) != 0) {
        wf_pages_free(pages, size);
        return NULL;
    }
    if (whole >= huge_bytes)
        WF_IGNORE(madvise(pages, whole, MADV_HUGEPAGE), "only speed depends on it");
    return pages;
}

void wf_pages_free(void *pages, size_t size)
{
    if (pages == NULL)
        return;
    int failed = munmap(pages, whole_pages(size));
    WF_ASSERT(failed == 0);
}

void wf_pages_small(void *pages, size_t size)
{
    WF_IGNORE(madvise(pages, size, MADV_NOHUGEPAGE), "only speed depends on it");
}
