// What the machine says of itself: room on disk, mounts, swap, limits, modes of files.
//
// Everything is asked through one table, so that a test can say what no machine should.
// Nothing is changed and nothing leaves the machine.
#ifndef WF_BASE_SYSTEM_H
#define WF_BASE_SYSTEM_H

#include "base/io.h"
#include "base/text.h"

// Room of the file system under a path, as far as this user may fill it.
typedef struct {
    uint64_t bytes_free, bytes_all;
    uint64_t files_free, files_all; // both 0: it does not count files
} wf_space;

typedef struct {
    unsigned mode; // permission bits, 0700
    unsigned owner;
    uint64_t size;
} wf_file_about;

typedef struct wf_system {
    // A small file, such as one of /proc. False when it cannot be read or does not fit.
    bool (*read)(const struct wf_system *system, const char *path, char *bytes,
                 size_t size, size_t *ret_size);
    bool (*space)(const struct wf_system *system, const char *path, wf_space *ret);
    bool (*look)(const struct wf_system *system, const char *path, wf_file_about *ret);
    // The path without links, absolute.
    bool (*resolve)(const struct wf_system *system, const char *path, wf_path *ret);
    // Whether something keeps the clock right (NTP); false when the machine cannot say.
    bool (*synchronised)(const struct wf_system *system, bool *ret);
    unsigned (*user)(const struct wf_system *system); // the effective one
    void *self;
} wf_system;

extern const wf_system wf_system_machine;

// ---- what is read from /proc and /sys ----

// Places that memory may be written out to. Compressed memory (zram) is no disk.
typedef struct {
    unsigned on_disk;   // areas on a disk or in a file
    unsigned encrypted; // of them, under dm-crypt
} wf_swap;
// False when /proc/swaps cannot be read.
bool wf_system_swap(const wf_system *system, wf_swap *ret);

// A limit of this process by its name in /proc/self/limits ("Max locked memory"), the
// one in force; UINT64_MAX: unlimited. False when it is not there.
bool wf_system_limit(const wf_system *system, const char *name, uint64_t *ret);

// Whether a crash leaves the memory of the process somewhere.
typedef enum { WF_CORES_NONE, WF_CORES_FILE, WF_CORES_PROGRAM } wf_cores;
bool wf_system_cores(const wf_system *system, wf_cores *ret);

// The mount that a path lies on.
typedef struct {
    char type[32];      // "ext4"
    char options[1024]; // of the mount and of the file system, with commas
} wf_mount;
bool wf_system_mount(const wf_system *system, const char *path, wf_mount *ret);
// Whether "nobarrier", or "barrier=0", is among the options, as a whole.
bool wf_mount_has(const wf_mount *mount, const char *option);

#endif
