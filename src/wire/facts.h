// Facts as lines of JSON (NDJSON), and back.
//
//   {"device":"S-03-2","seq":118,"kind":"tube.sealed","at":"2021-12-12T07:41:05+08:00",
//    "body":{"tube":"T0031877","count":10}}
//
// beside them "grid" and "instead_of":{"device":…,"seq":…}. For fact.withdrawn the target
// stands in the body: {"device":…,"seq":…,"reason":…}.
//
// In a body: ids, texts and words are strings; dates "2021-12-12"; times ISO 8601 with an
// offset, or local to the city's zone, or a date alone, which is the whole local day: its
// start, or its end where the field is an end (the second of WF_RULE_RISE); yes and no
// true and false; numbers are numbers; a fact is {"device":…,"seq":…}; a list is an
// array in any order. null, "" and [] say nothing.
//
// Pure: no clock, no state. Threads: all functions may run in parallel.
#ifndef WF_WIRE_FACTS_H
#define WF_WIRE_FACTS_H

#include "base/time.h"
#include "model/fact.h"

#define WF_FACT_LINE_BYTES_MAX 65536

// Reads one line (without its end). Judged by itself: UTF-8, no NUL, depth ≤ 32, no key
// twice, nothing unknown, every field as its kind says (wf_fact_check has passed).
// Refused: WEFT_BAD_INPUT ("fact.…", field); then *ret_known says whether ret->id was
// readable (a refused line fills its seq), the rest of *ret is undefined. A line that
// could not be judged: WEFT_NO_MEMORY. Texts in the arena.
weft_status wf_facts_read(const wf_kinds *kinds, const wf_zone *zone, wf_text line,
                          wf_arena *arena, wf_fact *ret, bool *ret_known,
                          weft_error *error) WEFT_MUST_CHECK;

// Appends the line of a fact, without an end of line; keys in a fixed order, no blanks.
// It reads as the same fact; with very long lists it may be longer than what is read.
weft_status wf_facts_write(const wf_fact *fact, const wf_zone *zone, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Appends its body alone, {"tube":…}.
weft_status wf_facts_write_body(const wf_fact *fact, const wf_zone *zone, wf_buffer *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// One field from the command line ("tube=T0031877"): texts, dates and times as above,
// yes and no as in files, a fact as "S-03-2/118". The items of a list are parted by
// commas ("persons=P-1,P-2"; a comma within an item is written "\\,") or given one by one
// ("persons=P-1" "persons=P-2"). Sets values[place of the field]; zero-initialise
// `values` before the first field, use wf_facts_finish after the last.
weft_status wf_facts_field(const wf_kind *kind, const wf_zone *zone, wf_text text,
                           wf_arena *arena, wf_value *values,
                           weft_error *error) WEFT_MUST_CHECK;
// Orders pairs, sets what a withdrawal amends, checks: a fact that was put together by
// hand is then what wf_facts_read would have made of its line.
weft_status wf_facts_finish(wf_fact *fact, weft_error *error) WEFT_MUST_CHECK;

#endif
