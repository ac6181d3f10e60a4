// Reading what is stored of a day.
#include "visits/store.h"

void wf_stored_close(wf_stored *stored)
{
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
        wf_segment_close(stored->segments[slot]);
    *stored = (wf_stored){0};
}

weft_status wf_stored_check_file(const wf_visits *visits, const char *path,
                                 const wf_manifest_day *day, unsigned slot,
                                 weft_error *error)
{
    const wf_manifest_file *file = &day->files[slot];
    if (slot == WF_SLOT_TAIL)
        return wf_tail_check(visits, path, day, error);
    return wf_day_file_check(visits->io, path, day->day, file->generation, &file->hash,
                             error);
}

static weft_status read_segment(const wf_visits *visits, const wf_manifest_day *day,
                                unsigned slot, const wf_key *key, unsigned threads,
                                wf_segment **ret, weft_error *error)
{
    const wf_manifest_file *file = &day->files[slot];
    wf_path path;
    WF_TRY(wf_store_current_path(visits, day, slot, &path, error));
    wf_segment_bytes bytes = {0};
    WF_TRY(wf_day_file_read(visits->io, path.text, key, day->day, file->generation,
                            &file->hash, threads, &bytes, error));
    weft_status status = wf_segment_open(&bytes, threads, ret, error);
    if (status != WEFT_OK)
        wf_segment_bytes_done(&bytes);
    return status;
}

static weft_status read_slot(const wf_visits *visits, const wf_manifest_day *day,
                             unsigned slot, const wf_key *key, unsigned threads,
                             wf_segment **ret, weft_error *error)
{
    if (slot != WF_SLOT_TAIL)
        return read_segment(visits, day, slot, key, threads, ret, error);
    wf_tail_end end;
    return wf_tail_read(visits, day, key, ret, &end, error);
}

static weft_status open_slots(const wf_visits *visits, const wf_manifest_day *day,
                              unsigned slots, unsigned threads, wf_stored *stored,
                              weft_error *error)
{
    const wf_key *key;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error));
    for (unsigned slot = 0; slot < slots; slot++) {
        if (day->files[slot].generation == 0)
            continue;
        weft_error found = {0};
        weft_status status =
            read_slot(visits, day, slot, key, threads, &stored->segments[slot], &found);
        if (status == WEFT_DAMAGED) {
            stored->why[slot] = found;
            stored->damaged |= 1u << slot;
        } else if (status != WEFT_OK) {
            *error = found;
            return status;
        }
    }
    return WEFT_OK;
}

weft_status wf_stored_open(const wf_visits *visits, const wf_manifest_day *day,
                           bool with_tail, unsigned threads, wf_stored *ret,
                           weft_error *error)
{
    wf_stored stored = {0};
    unsigned slots = with_tail ? WF_SLOT_TAIL + 1 : WF_SLOT_TAIL;
    weft_status status = open_slots(visits, day, slots, threads, &stored, error);
    if (status == WEFT_OK)
        *ret = stored;
    else
        wf_stored_close(&stored);
    return status;
}
