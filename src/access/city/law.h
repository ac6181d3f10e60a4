// Law profiles by name, from the folder of data files.
#ifndef WF_ACCESS_CITY_LAW_H
#define WF_ACCESS_CITY_LAW_H

#include "base/io.h"
#include "model/law.h"

// Loads law/<name>.yaml, checked against law/sources.yaml; everything in the arena. No
// such profile: WEFT_NOT_FOUND ("law.unknown").
weft_status wf_law_load(const wf_io *io, const char *name, wf_arena *arena,
                        const wf_law **ret, weft_error *error) WEFT_MUST_CHECK;

#endif
