// weft upgrade over a table of file I/O of the caller's.
#ifndef WF_ACCESS_CHANGE_UPGRADE_H
#define WF_ACCESS_CHANGE_UPGRADE_H

#include "base/io.h"
#include "weft/upgrade.h"

// As weft_upgrade.
weft_status wf_upgrade(const wf_io *io, const char *dir, const weft_key_options *keys,
                       bool leave_refused, weft_upgrade_summary *ret,
                       weft_error *error) WEFT_MUST_CHECK;

#endif
