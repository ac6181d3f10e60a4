#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"

enum { file_bytes_max = 1 << 18 };

// ---- the machine ----

static bool machine_read(const wf_system *system, const char *path, char *bytes,
                         size_t size, size_t *ret_size)
{
    const wf_io *io = &wf_io_posix;
    (void)system;
    int file = io->open(io, path, O_RDONLY, 0);
    if (file < 0)
        return false;
    // Files of /proc have no size of their own and may come in parts.
    size_t had = 0;
    ssize_t part = 0;
    do {
        part = io->read(io, file, bytes + had, size - had);
        had += part > 0 ? (size_t)part : 0;
    } while ((part > 0 && had < size) || (part < 0 && errno == EINTR));
    WF_IGNORE(io->close(io, file), "nothing was written to it");
    if (part != 0)
        return false;
    *ret_size = had;
    return true;
}

static bool machine_space(const wf_system *system, const char *path, wf_space *ret)
{
    struct statvfs about;
    (void)system;
    if (statvfs(path, &about) != 0)
        return false;
    // What root keeps for itself is no room for the others.
    *ret = (wf_space){.bytes_free = (uint64_t)about.f_bavail * about.f_frsize,
                      .bytes_all = (uint64_t)about.f_blocks * about.f_frsize,
                      .files_free = about.f_favail,
                      .files_all = about.f_files};
    return true;
}

static bool machine_look(const wf_system *system, const char *path, wf_file_about *ret)
{
    struct stat about;
    (void)system;
    if (stat(path, &about) != 0)
        return false;
    *ret = (wf_file_about){.mode = about.st_mode & 07777,
                           .owner = about.st_uid,
                           .size = (uint64_t)about.st_size};
    return true;
}

static bool machine_resolve(const wf_system *system, const char *path, wf_path *ret)
{
    (void)system;
    char *real = realpath(path, NULL);
    bool fits = real != NULL && strlen(real) < sizeof ret->text;
    if (fits)
        memcpy(ret->text, real, strlen(real) + 1);
    free(real);
    return fits;
}

static bool machine_synchronised(const wf_system *system, bool *ret)
{
    (void)system;
    return wf_clock_synchronised(ret);
}

static unsigned machine_user(const wf_system *system)
{
    (void)system;
    return geteuid();
}

const wf_system wf_system_machine = {
    .read = machine_read,
    .space = machine_space,
    .look = machine_look,
    .resolve = machine_resolve,
    .synchronised = machine_synchronised,
    .user = machine_user,
};

// ---- lines ----

typedef struct {
    char *bytes, *next; // `next` NULL: at the end
} lines;

static bool lines_open(const wf_system *system, const char *path, lines *ret)
{
    size_t size = 0;
    char *bytes = malloc(file_bytes_max + 1);
    if (bytes == NULL || !system->read(system, path, bytes, file_bytes_max, &size)) {
        free(bytes);
        return false;
    }
    bytes[size] = '\0';
    ret->bytes = ret->next = bytes;
    return true;
}

static const char *lines_next(lines *from)
{
    char *line = from->next;
    if (line == NULL || *line == '\0')
        return NULL;
    char *end = strchr(line, '\n');
    from->next = end != NULL ? end + 1 : NULL;
    if (end != NULL)
        *end = '\0';
    return line;
}

// The n-th word of a line, from 0; an empty text when there is none.
static wf_text word_of(const char *line, size_t n)
{
    for (;; n--) {
        line += strspn(line, " \t");
        size_t size = strcspn(line, " \t");
        if (n == 0 || size == 0)
            return (wf_text){line, size};
        line += size;
    }
}

static bool copy_text(wf_text from, char *to, size_t room)
{
    if (from.size >= room)
        return false;
    memcpy(to, from.bytes, from.size);
    to[from.size] = '\0';
    return true;
}

// ---- swap ----

// "/dev/dm-1" → whether device mapper says that it encrypts.
static bool is_encrypted(const wf_system *system, const char *device)
{
    wf_path path;
    char about[128];
    size_t size = 0;
    const char *name = strrchr(device, '/');
    int length = snprintf(path.text, sizeof path.text, "/sys/class/block/%s/dm/uuid",
                          name != NULL ? name + 1 : device);
    return length > 0 && (size_t)length < sizeof path.text &&
           system->read(system, path.text, about, sizeof about, &size) && size >= 6 &&
           memcmp(about, "CRYPT-", 6) == 0;
}

bool wf_system_swap(const wf_system *system, wf_swap *ret)
{
    lines all;
    wf_swap swap = {0};
    const char *line;
    if (!lines_open(system, "/proc/swaps", &all))
        return false;
    while ((line = lines_next(&all)) != NULL) {
        wf_path named, device;
        if (line[0] != '/' || !copy_text(word_of(line, 0), named.text, sizeof named.text))
            continue; // the heading
        if (!system->resolve(system, named.text, &device))
            device = named;
        if (strncmp(device.text, "/dev/zram", 9) == 0)
            continue;
        swap.on_disk++;
        swap.encrypted += is_encrypted(system, device.text);
    }
    free(all.bytes);
    *ret = swap;
    return true;
}

// ---- limits ----

bool wf_system_limit(const wf_system *system, const char *name, uint64_t *ret)
{
    lines all;
    bool found = false;
    const char *line;
    size_t size = strlen(name);
    if (!lines_open(system, "/proc/self/limits", &all))
        return false;
    while (!found && (line = lines_next(&all)) != NULL) {
        int64_t number = 0;
        if (strncmp(line, name, size) != 0 || line[size] != ' ')
            continue;
        wf_text soft = word_of(line + size, 0);
        found = true;
        if (wf_text_equal(soft, WF_TEXT("unlimited")))
            *ret = UINT64_MAX;
        else if (wf_parse_i64(soft, 0, INT64_MAX, &number))
            *ret = (uint64_t)number;
        else
            found = false;
    }
    free(all.bytes);
    return found;
}

// A program that takes the dumps gets them whatever the limit says.
bool wf_system_cores(const wf_system *system, wf_cores *ret)
{
    char pattern[256];
    size_t size = 0;
    uint64_t limit = 0;
    if (!wf_system_limit(system, "Max core file size", &limit) ||
        !system->read(system, "/proc/sys/kernel/core_pattern", pattern, sizeof pattern,
                      &size))
        return false;
    *ret = size > 0 && pattern[0] == '|' ? WF_CORES_PROGRAM
           : limit > 0                   ? WF_CORES_FILE
                                         : WF_CORES_NONE;
    return true;
}

// ---- mounts ----

// "/srv/my\040city" of /proc/self/mountinfo: blanks and the like stand as octal digits.
static bool copy_point(wf_text from, char *to, size_t room)
{
    size_t size = 0;
    for (size_t i = 0; i < from.size; i++) {
        char letter = from.bytes[i];
        if (letter == '\\' && from.size - i >= 4) {
            const char *digits = from.bytes + i + 1;
            letter =
                (char)(((digits[0] & 7) << 6) | ((digits[1] & 7) << 3) | (digits[2] & 7));
            i += 3;
        }
        if (size + 1 >= room)
            return false;
        to[size++] = letter;
    }
    to[size] = '\0';
    return true;
}

// How much of the path the mount point covers; 0: it does not.
static size_t covers(const char *point, const char *path)
{
    size_t size = strlen(point);
    if (strcmp(point, "/") == 0)
        return 1;
    bool below =
        strncmp(point, path, size) == 0 && (path[size] == '/' || path[size] == '\0');
    return below ? size : 0;
}

// ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELD…] - TYPE SOURCE OPTIONS
static bool read_mount(const char *line, wf_mount *ret)
{
    const char *rest = strstr(line, " - ");
    wf_text own = word_of(line, 5);
    if (rest == NULL || own.size == 0)
        return false;
    wf_text type = word_of(rest + 3, 0), system_own = word_of(rest + 3, 2);
    int size = snprintf(ret->options, sizeof ret->options, "%.*s,%.*s", (int)own.size,
                        own.bytes, (int)system_own.size, system_own.bytes);
    return size > 0 && (size_t)size < sizeof ret->options &&
           copy_text(type, ret->type, sizeof ret->type);
}

bool wf_system_mount(const wf_system *system, const char *path, wf_mount *ret)
{
    lines all;
    wf_path real, point;
    size_t most = 0;
    const char *line;
    if (!system->resolve(system, path, &real) ||
        !lines_open(system, "/proc/self/mountinfo", &all))
        return false;
    while ((line = lines_next(&all)) != NULL) {
        wf_mount mount;
        if (!copy_point(word_of(line, 4), point.text, sizeof point.text))
            continue;
        size_t covered = covers(point.text, real.text);
        // Of two at one point the later hides the earlier.
        if (covered >= most && covered > 0 && read_mount(line, &mount)) {
            most = covered;
            *ret = mount;
        }
    }
    free(all.bytes);
    return most > 0;
}

bool wf_mount_has(const wf_mount *mount, const char *option)
{
    size_t size = strlen(option);
    for (const char *at = mount->options; (at = strstr(at, option)) != NULL; at += size)
        if ((at == mount->options || at[-1] == ',') &&
            (at[size] == ',' || at[size] == '\0'))
            return true;
    return false;
}
