// The sealed dictionary: external ids of people and places ↔ dense numbers.
//
// Append-only on disk (visits/dictionary), sealed in records under the
// dictionary's key; wholly in memory when open (≤ 2 s at 7.5 M people). Numbers
// follow the order of interning: the importer hands people over sorted by grid
// and household, because blocks of the day file pack neighbours (MEASURED §2).
// A number is never reused while a day lives; a purge rewrites the dictionary
// without the ids that only forgotten days used (their numbers stay empty).
//
// Threads: find and text may run in parallel; intern is for one thread at a
// time, while no find runs, except through wf_ids_intern_many, which does its own
// splitting.
#ifndef WF_VISITS_IDS_H
#define WF_VISITS_IDS_H

#include "base/io.h"
#include "keys/ring.h"
#include "model/ids.h"

typedef enum { WF_ID_PERSON, WF_ID_PLACE, WF_ID_CLASS_COUNT } wf_id_class;

typedef struct wf_ids wf_ids;

// The number of an id, or WF_NUMBER_NONE.
uint32_t wf_ids_find(const wf_ids *ids, wf_id_class id_class, wf_text id);

// The number of an id, made if new. In memory only until the store commits.
// More than WF_NUMBER_LIMIT ids: WEFT_TOO_LARGE ("visits.too_many_ids").
weft_status wf_ids_intern(wf_ids *ids, wf_id_class id_class, wf_text id,
                          uint32_t *ret, weft_error *error) WEFT_MUST_CHECK;

// As wf_ids_intern for an array, looking up ahead so that cache misses overlap.
weft_status wf_ids_intern_many(wf_ids *ids, wf_id_class id_class, const wf_text *texts,
                               size_t count, uint32_t *ret_numbers,
                               weft_error *error) WEFT_MUST_CHECK;

// The external id of a number, "" for an empty number; lives as long as `ids`
// is not changed.
wf_text wf_ids_text(const wf_ids *ids, wf_id_class id_class, uint32_t number);

// One more than the greatest number in use.
uint32_t wf_ids_count(const wf_ids *ids, wf_id_class id_class);

#endif
