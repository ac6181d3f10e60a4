// A machine of a test's own: files of /proc as texts, and whatever room, modes and clock
// the test wants.
#ifndef TEST_SUPPORT_FAKE_SYSTEM_H
#define TEST_SUPPORT_FAKE_SYSTEM_H

#include <stdlib.h>
#include <string.h>

#include "base/system.h"

#define FAKE_FILES_MAX 12

typedef struct {
    struct {
        const char *path, *text; // text NULL: cannot be read
    } files[FAKE_FILES_MAX];
    wf_space space;
    bool no_space; // cannot be asked
    unsigned mode, owner, user;
    bool synchronised, no_clock;
} fake_system;

static inline bool fake_read(const wf_system *system, const char *path, char *bytes,
                             size_t size, size_t *ret_size)
{
    const fake_system *fake = system->self;
    for (size_t i = 0; i < FAKE_FILES_MAX && fake->files[i].path != NULL; i++) {
        const char *text = fake->files[i].text;
        if (strcmp(fake->files[i].path, path) != 0)
            continue;
        if (text == NULL || strlen(text) >= size)
            return false;
        memcpy(bytes, text, strlen(text));
        *ret_size = strlen(text);
        return true;
    }
    return false;
}

static inline bool fake_space(const wf_system *system, const char *path, wf_space *ret)
{
    const fake_system *fake = system->self;
    (void)path;
    if (!fake->no_space)
        *ret = fake->space;
    return !fake->no_space;
}

// Files are there as they are; their mode and owner are the test's.
static inline bool fake_look(const wf_system *system, const char *path,
                             wf_file_about *ret)
{
    const fake_system *fake = system->self;
    if (!wf_system_machine.look(&wf_system_machine, path, ret))
        return false;
    ret->mode = fake->mode;
    ret->owner = fake->owner;
    return true;
}

static inline bool fake_resolve(const wf_system *system, const char *path, wf_path *ret)
{
    (void)system;
    if (strlen(path) >= sizeof ret->text)
        return false;
    memcpy(ret->text, path, strlen(path) + 1);
    return true;
}

static inline bool fake_synchronised(const wf_system *system, bool *ret)
{
    const fake_system *fake = system->self;
    if (!fake->no_clock)
        *ret = fake->synchronised;
    return !fake->no_clock;
}

static inline unsigned fake_user(const wf_system *system)
{
    return ((const fake_system *)system->self)->user;
}

static inline wf_system fake_system_table(fake_system *fake)
{
    return (wf_system){.read = fake_read,
                       .space = fake_space,
                       .look = fake_look,
                       .resolve = fake_resolve,
                       .synchronised = fake_synchronised,
                       .user = fake_user,
                       .self = fake};
}

#define FAKE_LIMITS                                                                      \
    "Limit                     Soft Limit           Hard Limit           Units     \n"   \
    "Max core file size        0                    unlimited            bytes     \n"   \
    "Max locked memory         8388608              8388608              bytes     \n"

// A machine at which a doctor has nothing to say.
static inline fake_system fake_system_sound(void)
{
    return (fake_system){
        .files = {{"/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n"},
                  {"/proc/self/limits", FAKE_LIMITS},
                  {"/proc/sys/kernel/core_pattern", "core\n"},
                  {"/proc/self/mountinfo",
                   "21 26 0:20 / /proc rw,relatime - proc proc rw\n"
                   "26 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n"},
                  {"/usr/share/zoneinfo/tzdata.zi", "# version 2025b\n"}},
        .space = {UINT64_C(400) << 30, UINT64_C(500) << 30, 9000000, 10000000},
        .mode = 0700,
        .owner = 1000,
        .user = 1000,
        .synchronised = true,
    };
}

// The file says this instead; NULL: it cannot be read.
static inline void fake_system_say(fake_system *fake, const char *path, const char *text)
{
    for (size_t i = 0; i < FAKE_FILES_MAX; i++) {
        if (fake->files[i].path != NULL && strcmp(fake->files[i].path, path) != 0)
            continue;
        fake->files[i].path = path;
        fake->files[i].text = text;
        return;
    }
    abort();
}

#endif
