// Editions of the protocol by name, from the folder of data files.
#ifndef WF_ACCESS_CITY_PROTOCOL_H
#define WF_ACCESS_CITY_PROTOCOL_H

#include "base/io.h"
#include "model/protocol.h"

// Loads protocol/<name>.yaml and protocol/sources.yaml; everything in the arena. No such
// edition: WEFT_NOT_FOUND ("protocol.unknown").
weft_status wf_protocol_load(const wf_io *io, const char *name, wf_arena *arena,
                             const wf_protocol **ret, weft_error *error) WEFT_MUST_CHECK;

// The same in another folder of protocol files, and the sources they were checked
// against. `folder` is the one that holds sources.yaml.
weft_status wf_protocol_load_from(const wf_io *io, const char *folder, const char *name,
                                  wf_arena *arena, const wf_protocol **ret,
                                  wf_sources *ret_sources,
                                  weft_error *error) WEFT_MUST_CHECK;

#endif
