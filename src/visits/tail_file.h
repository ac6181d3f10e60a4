// What reading and appending to a tail share; tail.c draws the file. Only for files of
// src/visits.
#ifndef WF_VISITS_TAIL_FILE_H
#define WF_VISITS_TAIL_FILE_H

#include "visits/store.h"

#define WF_TAIL_SIZE_BYTES 4 // before a record
#define WF_TAIL_RECORD_HEAD_BYTES 8
#define WF_TAIL_RECORD_BYTES_MAX (1 << 26)
#define WF_TAIL_CONTEXT_BYTES (WF_TAIL_HEAD_BYTES + 8 + WF_SEAL_TAG_BYTES)

// What the manifest keeps of a tail.
void wf_tail_hash_head(const unsigned char head[WF_TAIL_HEAD_BYTES],
                       wf_day_file_hash *ret);
// What the record behind `end` authenticates.
void wf_tail_put_context(unsigned char context[WF_TAIL_CONTEXT_BYTES],
                         const wf_tail_end *end);
// Moves the end behind the record whose sealed bytes these are.
void wf_tail_advance(wf_tail_end *end, wf_text sealed);

// Reads the end of a day's tail from its file, and keeps it. Errors as wf_tail_read, and
// of the key.
weft_status wf_tail_load_end(wf_visits *visits, const wf_manifest_day *day,
                             wf_tail_end *ret, weft_error *error) WEFT_MUST_CHECK;
weft_status wf_tail_keep_end(wf_visits *visits, const wf_tail_end *end,
                             weft_error *error) WEFT_MUST_CHECK;
// wf_tail_end_of is NULL from now on.
void wf_tail_forget_end(wf_visits *visits, weft_day day);

#endif
