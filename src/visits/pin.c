// Holding the visit store as it stands, for a copy of it.
//
// Day files, deltas and tables of what was stated are never changed, only replaced; of
// the dictionary the committed length. A tail grows in place, and its marks, which say
// how far it goes, are written over: they are read now, and the records up to there
// later.
#include <stdio.h>
#include <string.h>

#include "visits/store.h"

static weft_status pin_slot(wf_visits *visits, const char *city_dir,
                            const wf_manifest_day *day, unsigned slot,
                            wf_pinned_files *files, weft_error *error)
{
    wf_path path;
    char name[96];
    WF_TRY(wf_store_path(visits, day->day, slot, &path, error));
    const char *last = path.text + strlen(visits->folder.text) + 1;
    int size = snprintf(name, sizeof name, "visits/%s", last);
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    if (slot != WF_SLOT_TAIL)
        return wf_pin_file(files, city_dir, name, 0, UINT64_MAX, error);
    const wf_tail_end *end = wf_tail_end_of(visits, day->day);
    return wf_pin_file(files, city_dir, name, WF_TAIL_RECORDS_AT,
                       end != NULL ? end->acknowledged : UINT64_MAX, error);
}

weft_status wf_visits_pin(wf_visits *visits, const char *city_dir, wf_pinned_files *files,
                          weft_error *error)
{
    const wf_manifest *manifest = &visits->manifest;
    WF_ASSERT(visits->batch == NULL);
    WF_TRY(wf_commit_ready(visits, error));
    WF_TRY(
        wf_pin_bytes(files, city_dir, "visits/manifest", WF_MANIFEST_BYTES_MAX, error));
    if (manifest->ids.length > 0)
        WF_TRY(wf_pin_file(files, city_dir, "visits/dictionary", 0, manifest->ids.length,
                           error));
    for (size_t i = 0; i < manifest->count; i++)
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
            if (manifest->days[i].files[slot].generation != 0)
                WF_TRY(
                    pin_slot(visits, city_dir, &manifest->days[i], slot, files, error));
    return WEFT_OK;
}
