// Facts as lines of JSON (NDJSON), and back.
//
//   {"device":"S-03-2","seq":118,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00",
//    "body":{"tube":"T0031877","count":10}}
//
// beside them "grid" and "instead_of":{"device":…,"seq":…}. For fact.withdrawn the target
// stands in the body: {"device":…,"seq":…,"reason":…}.
//
// Pure: no clock, no state. Threads: all functions may run in parallel.
#ifndef WF_WIRE_FACTS_H
#define WF_WIRE_FACTS_H

#include "base/time.h"
#include "model/fact.h"

#define WF_FACT_LINE_BYTES_MAX 65536

// Reads one line (without its end). Judged by itself: UTF-8, no NUL, depth ≤ 32, no key
// twice, nothing unknown, every field as its kind says, times with an offset (or local to
// `zone`). Refused: WEFT_BAD_INPUT ("fact.…", field); then *ret_known says whether
// ret->id was readable (a refused line fills its seq), the rest of *ret is undefined.
// Texts in the arena.
weft_status wf_facts_read(const wf_kinds *kinds, const wf_zone *zone, wf_text line,
                          wf_arena *arena, wf_fact *ret, bool *ret_known,
                          weft_error *error) WEFT_MUST_CHECK;

// Appends the line of a fact, without an end of line; keys in a fixed order, no blanks.
weft_status wf_facts_write(const wf_fact *fact, const wf_zone *zone, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;

// One field from the command line ("tube=T0031877"): as a string of JSON would be read.
weft_status wf_facts_field(const wf_kind *kind, const wf_zone *zone, wf_text text,
                           wf_arena *arena, wf_value *values,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
