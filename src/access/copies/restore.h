// weft restore: makes a city from a backup and a ring.
#ifndef WF_ACCESS_COPIES_RESTORE_H
#define WF_ACCESS_COPIES_RESTORE_H

#include "base/io.h"
#include "weft/backup.h"

// weft_restore over a table of file I/O of the caller's.
weft_status wf_restore(const wf_io *io, const char *file, const char *dir,
                       const weft_restore_options *options, weft_restore_summary *ret,
                       weft_error *error) WEFT_MUST_CHECK;

#endif
