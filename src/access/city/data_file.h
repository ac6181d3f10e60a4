// Data files by name: an edition of the protocol, a law profile.
#ifndef WF_ACCESS_CITY_DATA_FILE_H
#define WF_ACCESS_CITY_DATA_FILE_H

#include "base/io.h"
#include "model/protocol.h"

// Names come from people and become part of a path: 1–64 small letters, digits and
// hyphens, and not "sources".
bool wf_data_name_is_good(const char *name);

// Reads <folder>/<name>.yaml into the arena, and so its path, which every complaint about
// the file names. Not there: WEFT_NOT_FOUND.
weft_status wf_data_file_read(const wf_io *io, const char *folder, const char *name,
                              wf_arena *arena, wf_text *ret, const char **ret_path,
                              weft_error *error) WEFT_MUST_CHECK;

// Reads <folder>/sources.yaml. Not there: WEFT_NOT_FOUND.
weft_status wf_data_sources_read(const wf_io *io, const char *folder, wf_arena *arena,
                                 wf_sources *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
