// Allocations that fail: the n-th one after arm(n), once, whoever makes it.
//
// The linker sends the allocations of the test and of all it is made of here (fault_wraps
// in test/fault/meson.build); SQLite is told to take its own from here. For one source
// file of a test program.
#ifndef TEST_SUPPORT_FAILING_MEMORY_H
#define TEST_SUPPORT_FAILING_MEMORY_H

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/types.h>

// Asked by any thread that allocates.
static struct {
    unsigned long at;    // the one that fails, 1 = the first; 0: none
    unsigned long calls; // while armed
    long living;         // allocated and not freed
    bool armed;
} failing;

static inline bool failing_now(void)
{
    if (!__atomic_load_n(&failing.armed, __ATOMIC_RELAXED))
        return false;
    unsigned long call = __atomic_add_fetch(&failing.calls, 1, __ATOMIC_RELAXED);
    return call == failing.at;
}

static inline void *counted(void *bytes)
{
    if (bytes != NULL)
        __atomic_add_fetch(&failing.living, 1, __ATOMIC_RELAXED);
    return bytes;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *bytes, size_t size);
void *__real_reallocarray(void *bytes, size_t count, size_t size);
void __real_free(void *bytes);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
char *__real_realpath(const char *path, char *room);
void *__real_mmap(void *at, size_t size, int protection, int flags, int file,
                  off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *bytes, size_t size);
void *__wrap_reallocarray(void *bytes, size_t count, size_t size);
void __wrap_free(void *bytes);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
char *__wrap_realpath(const char *path, char *room);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file,
                  off_t offset);

void *__wrap_malloc(size_t size)
{
    return failing_now() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return failing_now() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *bytes, size_t size)
{
    if (failing_now())
        return NULL;
    return bytes == NULL ? counted(__real_realloc(bytes, size))
                         : __real_realloc(bytes, size);
}

void *__wrap_reallocarray(void *bytes, size_t count, size_t size)
{
    if (failing_now())
        return NULL;
    void *larger = __real_reallocarray(bytes, count, size);
    return bytes == NULL ? counted(larger) : larger;
}

void __wrap_free(void *bytes)
{
    if (bytes != NULL)
        __atomic_sub_fetch(&failing.living, 1, __ATOMIC_RELAXED);
    __real_free(bytes);
}

char *__wrap_strdup(const char *text)
{
    return failing_now() ? NULL : counted(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t size)
{
    return failing_now() ? NULL : counted(__real_strndup(text, size));
}

char *__wrap_realpath(const char *path, char *room)
{
    if (!failing_now())
        return counted(__real_realpath(path, room));
    errno = ENOMEM;
    return NULL;
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file,
                  off_t offset)
{
    return failing_now() ? MAP_FAILED
                         : __real_mmap(at, size, protection, flags, file, offset);
}

static sqlite3_mem_methods sqlite_own;

static inline void *sqlite_allocate(int size)
{
    return failing_now() ? NULL : sqlite_own.xMalloc(size);
}

static inline void *sqlite_resize(void *bytes, int size)
{
    return failing_now() ? NULL : sqlite_own.xRealloc(bytes, size);
}

static inline int take_sqlite_memory(void **state)
{
    (void)state;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_own) != SQLITE_OK)
        return -1;
    sqlite3_mem_methods ours = sqlite_own;
    ours.xMalloc = sqlite_allocate;
    ours.xRealloc = sqlite_resize;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK)
        return -1;
    // Under way before a database is opened, it counts its bytes: whether all came back.
    return sqlite3_initialize() == SQLITE_OK ? 0 : -1;
}

static inline void arm(unsigned long at)
{
    failing.at = at;
    failing.calls = 0;
    __atomic_store_n(&failing.armed, true, __ATOMIC_RELAXED);
}

static inline void disarm(void)
{
    __atomic_store_n(&failing.armed, false, __ATOMIC_RELAXED);
}

#endif
