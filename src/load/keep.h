// Days past keeping that were imported all the same (--keep-until) and until when they
// are kept: <city>/keep, a line "2021-12-01 2022-03-01" a day, ascending. What purges
// by class asks it; a purge with --before does not.
#ifndef WF_LOAD_KEEP_H
#define WF_LOAD_KEEP_H

#include "base/io.h"
#include "base/time.h"

typedef struct {
    weft_day day;
    weft_day until;
} wf_keep_entry;

// All entries, ascending by day, in the arena; none when there is no file.
weft_status wf_keep_read(const wf_io *io, const char *city_dir, wf_arena *arena,
                         wf_keep_entry **ret, size_t *ret_count,
                         weft_error *error) WEFT_MUST_CHECK;
// Durable: each of the days is kept until the later of `until` and what stands.
weft_status wf_keep_add(const wf_io *io, const char *city_dir, const weft_day *days,
                        size_t count, weft_day until, weft_error *error) WEFT_MUST_CHECK;

#endif
