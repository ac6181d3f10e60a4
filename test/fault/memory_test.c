// Law "Death" (DESIGN §3) for memory: the n-th allocation of the store, of SQLite or of
// what they call fails once. The call says so or does without; nothing is lost, doubled
// or left half done, and all memory is given back.
//
// The linker sends our allocations here (meson.build); SQLite is told to take them from
// here. WEFT_LONG=1 tries every allocation instead of a sample.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sqlite3.h>
#include <sys/mman.h>

#include "support/store_script.h"

enum { sample_count = 60 };

// ---- allocations ----

// Asked by any thread that allocates.
static struct {
    unsigned long at;    // the one that fails, 1 = the first; 0: none
    unsigned long calls; // while armed
    long living;         // allocated and not freed
    bool armed;
} memory;

static bool fails(void)
{
    if (!__atomic_load_n(&memory.armed, __ATOMIC_RELAXED))
        return false;
    unsigned long call = __atomic_add_fetch(&memory.calls, 1, __ATOMIC_RELAXED);
    return call == memory.at;
}

static void *counted(void *bytes)
{
    if (bytes != NULL)
        __atomic_add_fetch(&memory.living, 1, __ATOMIC_RELAXED);
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
    return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *bytes, size_t size)
{
    if (fails())
        return NULL;
    return bytes == NULL ? counted(__real_realloc(bytes, size))
                         : __real_realloc(bytes, size);
}

void *__wrap_reallocarray(void *bytes, size_t count, size_t size)
{
    if (fails())
        return NULL;
    void *larger = __real_reallocarray(bytes, count, size);
    return bytes == NULL ? counted(larger) : larger;
}

void __wrap_free(void *bytes)
{
    if (bytes != NULL)
        __atomic_sub_fetch(&memory.living, 1, __ATOMIC_RELAXED);
    __real_free(bytes);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : counted(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : counted(__real_strndup(text, size));
}

char *__wrap_realpath(const char *path, char *room)
{
    if (!fails())
        return counted(__real_realpath(path, room));
    errno = ENOMEM;
    return NULL;
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file,
                  off_t offset)
{
    return fails() ? MAP_FAILED : __real_mmap(at, size, protection, flags, file, offset);
}

static sqlite3_mem_methods sqlite_own;

static void *sqlite_allocate(int size)
{
    return fails() ? NULL : sqlite_own.xMalloc(size);
}

static void *sqlite_resize(void *bytes, int size)
{
    return fails() ? NULL : sqlite_own.xRealloc(bytes, size);
}

static int take_sqlite_memory(void **state)
{
    (void)state;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_own) != SQLITE_OK)
        return -1;
    sqlite3_mem_methods ours = sqlite_own;
    ours.xMalloc = sqlite_allocate;
    ours.xRealloc = sqlite_resize;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK ? 0 : -1;
}

static void arm(unsigned long at)
{
    memory.at = at;
    memory.calls = 0;
    __atomic_store_n(&memory.armed, true, __ATOMIC_RELAXED);
}

static void disarm(void)
{
    __atomic_store_n(&memory.armed, false, __ATOMIC_RELAXED);
}

// ---- the law ----

// Opens and runs all steps, going on after a failure. The number of steps that failed.
static size_t live(made_city *city, const script *s, bool done[steps_max], bool *opened)
{
    weft_error error = {0};
    size_t failed = 0;
    *opened = open_city(city, &city->store.quick, &error) == WEFT_OK;
    for (size_t i = 0; *opened && i < s->count; i++) {
        weft_status status = do_step(city, s, i, &error);
        done[i] = status == WEFT_OK;
        failed += status != WEFT_OK;
    }
    return failed;
}

static unsigned long allocations_of(const script *s)
{
    made_city city;
    bool done[steps_max] = {0}, opened;
    new_city(&city);
    arm(0);
    assert_int_equal(live(&city, s, done, &opened), 0);
    disarm();
    made_city_done(&city);
    return memory.calls;
}

// True if the failure was said by some call: others do without.
static bool fail_at(const script *s, unsigned long at)
{
    made_city city;
    weft_error error = {0};
    bool done[steps_max] = {0}, opened;
    long before = memory.living;
    sqlite3_int64 sqlite_before = sqlite3_memory_used();
    new_city(&city);
    arm(at);
    size_t failed = live(&city, s, done, &opened);
    disarm();
    made_city_close(&city);
    ok(open_city(&city, &city.store.quick, &error), &error);
    check_once(&city, s, done);
    check_sound(&city);
    for (size_t i = 0; i < s->count; i++)
        if (!done[i])
            ok(do_step(&city, s, i, &error), &error);
    check_end(&city, s);
    made_city_done(&city);
    assert_int_equal(memory.living, before);
    assert_int_equal(sqlite3_memory_used(), sqlite_before);
    return failed > 0 || !opened;
}

static void an_allocation_that_fails_loses_nothing_and_leaks_nothing(void **state)
{
    (void)state;
    script s;
    script_new(&s);
    unsigned long all = allocations_of(&s), failures = 0;
    bool every = getenv("WEFT_LONG") != NULL || all <= sample_count;
    unsigned long stride = every ? 1 : all / sample_count;
    print_message("# %lu allocations, each %luth fails\n", all, stride);
    for (unsigned long at = 1; at <= all; at += stride)
        failures += fail_at(&s, at);
    assert_true(failures > 0);
    history_done(&s.h);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_loses_nothing_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, take_sqlite_memory, NULL);
}
