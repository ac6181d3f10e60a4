// Names and files of the visit store's folder.
#include "visits/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys/seal.h"

static const char *const slot_names[WF_SLOT_COUNT] = {"day",     "delta",   "delta-2",
                                                      "delta-3", "delta-4", "delta-5",
                                                      "delta-6", "tail",    "stated"};

static weft_status day_path(const wf_visits *visits, weft_day day, const char *what,
                            const char *end, wf_path *ret, weft_error *error)
{
    char date[WF_DAY_TEXT_MAX], name[64];
    int size = snprintf(name, sizeof name, "%s.%s%s", wf_day_text(date, day), what, end);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    return wf_path_join(visits->folder.text, name, ret, error);
}

weft_status wf_store_path(const wf_visits *visits, weft_day day, unsigned slot,
                          wf_path *ret, weft_error *error)
{
    return day_path(visits, day, slot_names[slot], "", ret, error);
}

weft_status wf_store_next_path(const wf_visits *visits, weft_day day, unsigned slot,
                               wf_path *ret, weft_error *error)
{
    return day_path(visits, day, slot_names[slot], ".next", ret, error);
}

weft_status wf_store_spill_path(const wf_visits *visits, weft_day day, wf_path *ret,
                                weft_error *error)
{
    return day_path(visits, day, "spill", "", ret, error);
}

weft_status wf_store_current_path(const wf_visits *visits, const wf_manifest_day *day,
                                  unsigned slot, wf_path *ret, weft_error *error)
{
    if (visits->unsettled && day->files[slot].generation == visits->manifest.generation) {
        wf_path next;
        WF_TRY(wf_store_next_path(visits, day->day, slot, &next, error));
        if (wf_io_exists(visits->io, next.text)) {
            *ret = next;
            return WEFT_OK;
        }
    }
    return wf_store_path(visits, day->day, slot, ret, error);
}

wf_name_kind wf_store_name(const char *name, weft_day *ret_day, unsigned *ret_slot)
{
    if (strcmp(name, "manifest") == 0 || strcmp(name, "dictionary") == 0)
        return WF_NAME_STORE;
    if (strcmp(name, "dictionary.next") == 0)
        return WF_NAME_DICTIONARY_NEXT;
    if (strcmp(name, "manifest.next") == 0)
        return WF_NAME_SCRATCH;
    const char *dot = strchr(name, '.');
    if (dot == NULL || !wf_day_parse((wf_text){name, (size_t)(dot - name)}, ret_day))
        return WF_NAME_OTHER;
    if (strcmp(dot, ".spill") == 0)
        return WF_NAME_SCRATCH;
    wf_text what = wf_text_of(dot + 1), next = WF_TEXT(".next");
    bool is_next =
        what.size > next.size &&
        wf_text_equal((wf_text){what.bytes + what.size - next.size, next.size}, next);
    if (is_next)
        what.size -= next.size;
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        if (!wf_text_equal(what, wf_text_of(slot_names[slot])))
            continue;
        *ret_slot = slot;
        return is_next ? WF_NAME_NEXT : WF_NAME_FILE;
    }
    return WF_NAME_OTHER;
}

weft_status wf_store_each_name(const wf_visits *visits,
                               weft_status (*each)(void *context, const char *name,
                                                   weft_error *error),
                               void *context, weft_error *error)
{
    // Reading a folder changes nothing, so it is not in the table of file I/O.
    DIR *folder = opendir(visits->folder.text);
    if (folder == NULL)
        return wf_fail_errno(error, errno, "io.open", visits->folder.text);
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (entry == NULL && errno != 0)
            status = wf_fail_errno(error, errno, "io.read", visits->folder.text);
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = each(context, entry->d_name, error);
    }
    WF_IGNORE(closedir(folder), "a folder only read loses nothing in closing");
    return status;
}

// The promise rests on the destroyed key, so that a file system that refuses to
// overwrite stops nothing.
static void overwrite(const wf_io *io, int file)
{
    unsigned char noise[1 << 16];
    struct stat about;
    wf_random_bytes(noise, sizeof noise);
    if (fstat(file, &about) != 0)
        return;
    for (off_t at = 0; at < about.st_size; at += (off_t)sizeof noise) {
        off_t left = about.st_size - at;
        size_t part = left < (off_t)sizeof noise ? (size_t)left : sizeof noise;
        if (io->pwrite(io, file, noise, part, at) < 0)
            return;
    }
    WF_IGNORE(io->sync(io, file), "overwriting is the second belt");
}

weft_status wf_store_shred(const wf_visits *visits, const char *path, bool *ret_removed,
                           weft_error *error)
{
    const wf_io *io = visits->io;
    int file = io->open(io, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    if (file >= 0) {
        overwrite(io, file);
        WF_IGNORE(io->close(io, file), "the file has been given up");
    }
    bool removed = io->unlink(io, path) == 0;
    if (!removed && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path);
    *ret_removed = removed;
    return WEFT_OK;
}
