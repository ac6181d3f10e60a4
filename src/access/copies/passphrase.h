// The first line of a passphrase's file.
#ifndef WF_ACCESS_COPIES_PASSPHRASE_H
#define WF_ACCESS_COPIES_PASSPHRASE_H

#include "base/io.h"

// file NULL: empty. The caller wipes *ret (wf_buffer_wipe). A file without one:
// WEFT_BAD_INPUT ("keys.passphrase_empty").
weft_status wf_passphrase_read(const wf_io *io, const char *file, wf_buffer *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
