// Files that are to be copied later as they are now: held open, so that one that is
// renamed over or unlinked meanwhile can still be read. What changes in place is held in
// memory instead.
#ifndef WF_BASE_PINNED_H
#define WF_BASE_PINNED_H

#include "base/io.h"

typedef struct {
    wf_text name;  // below the city's folder: "ledger/0000000001.facts"; in the arena
    int file;      // −1: `head` is all of it
    wf_text head;  // its first bytes, in the arena
    uint64_t size; // bytes of it that count
} wf_pinned;

typedef struct {
    const wf_io *io;
    wf_arena *arena; // of names and heads; borrowed
    wf_pinned *files;
    size_t count, capacity;
} wf_pinned_files;

// A whole small file, read now; a missing one is left out.
weft_status wf_pin_bytes(wf_pinned_files *files, const char *folder, const char *name,
                         size_t limit_bytes, weft_error *error) WEFT_MUST_CHECK;
// The first `size` bytes of a file (UINT64_MAX: all it has now), of which the first
// `head_bytes` are read now; a missing one is left out.
weft_status wf_pin_file(wf_pinned_files *files, const char *folder, const char *name,
                        size_t head_bytes, uint64_t size,
                        weft_error *error) WEFT_MUST_CHECK;
// Bytes [at, at + size) of a pinned file.
weft_status wf_pinned_read(const wf_io *io, const wf_pinned *file, uint64_t at, void *ret,
                           size_t size, weft_error *error) WEFT_MUST_CHECK;
void wf_pinned_files_done(wf_pinned_files *files); // closes and frees

#endif
