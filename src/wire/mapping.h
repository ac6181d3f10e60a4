// A mapping file: how the columns of someone's file become the fields of an import.
//
//   format: csv | space        gzip: auto        header: true | false
//   encoding: utf-8 | gb18030  kind: visits      default_stay: 30
//   fields:
//     person: {column: 3, prefix: "kr-"}
//     start:  {time: {column: t, format: seconds, epoch: 2013-06-24T00:00:00+02:00,
//     plus_s: -20}} kind:   {column: type, map: {hospital: clinic, …}, otherwise: other}
//     place:  {constant: "office"}
//     b:      {column: infectors, split: ","}
//
// No expressions. Drawn in full in docs/reference/mapping.md. A fuzz target.
#ifndef WF_WIRE_MAPPING_H
#define WF_WIRE_MAPPING_H

#include "base/arena.h"
#include "base/time.h"
#include "wire/csv.h"

typedef struct wf_mapping wf_mapping;

// `kinds`/`fields`: what the importer knows, so that unknown words are refused with
// file, line and field.
weft_status wf_mapping_parse(wf_text yaml, const char *file, wf_arena *arena,
                             const wf_mapping **ret, weft_error *error) WEFT_MUST_CHECK;

#endif
