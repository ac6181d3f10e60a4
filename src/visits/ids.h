// The sealed dictionary: external ids of people and places ↔ dense numbers.
//
// Append-only on disk (visits/dictionary), sealed in records under the
// dictionary's key; wholly in memory when open (≤ 2 s at 7.5 M people). Numbers
// follow the order of interning: the importer hands people over sorted by grid
// and household, because blocks of the day file pack neighbours (MEASURED §2).
// A number is never reused; a purge rewrites the dictionary without the ids that
// only forgotten days used (their numbers stay empty).
//
// In memory an id costs 1 + its length (arena), 4 bytes (offset) and 5 to 11 bytes
// (slot of an open-addressing table: 24 bits of number, 8 bits of hash, so that
// a search touches hardly any text but the right one).
//
// Threads: wf_ids_intern_many may be called by several threads
// at once: they look up under a shared lock and take the exclusive one only to add
// what is new, so call wf_ids_intern_many with some thousands of texts. Finding, texts
// and counts may run in parallel, and also while ids are added once wf_ids_share has said
// so; the rest may not.
#ifndef WF_VISITS_IDS_H
#define WF_VISITS_IDS_H

#include "base/io.h"
#include "keys/ring.h"
#include "model/ids.h"

typedef enum { WF_ID_PERSON, WF_ID_PLACE, WF_ID_CLASS_COUNT } wf_id_class;

typedef struct wf_ids wf_ids;

// The number of an id, or WF_NUMBER_NONE.
uint32_t wf_ids_find(const wf_ids *ids, wf_id_class id_class, wf_text id);

// As wf_ids_find for an array, looking up ahead so that cache misses overlap.
void wf_ids_find_many(const wf_ids *ids, wf_id_class id_class, const wf_text *texts,
                      size_t count, uint32_t *ret_numbers);

// The numbers of ids of 1 to WF_ID_BYTES_MAX bytes, made if new, in the array's order as
// long as no other thread adds in between. In memory only until the store commits a
// batch. More than WF_NUMBER_LIMIT ids: WEFT_TOO_LARGE ("visits.too_many_ids"). On
// failure ret_numbers is undefined.
weft_status wf_ids_intern_many(wf_ids *ids, wf_id_class id_class, const wf_text *texts,
                               size_t count, uint32_t *ret_numbers,
                               weft_error *error) WEFT_MUST_CHECK;

// The external id of a number, "" for an empty number; lives as long as `ids`.
wf_text wf_ids_text(const wf_ids *ids, wf_id_class id_class, uint32_t number);
// Says whose text is asked for next, so that it is under way already: first where it
// lies, a little later the text.
void wf_ids_expect_place(const wf_ids *ids, wf_id_class id_class, uint32_t number);
void wf_ids_expect_text(const wf_ids *ids, wf_id_class id_class, uint32_t number);

// Whether others ask while ids are added: arrays that were outgrown then stay until it is
// said that they do not, or the end (at most as much again as the newest). While nobody
// asks.
void wf_ids_share(wf_ids *ids, bool shared);

// One more than the greatest number in use.
uint32_t wf_ids_count(const wf_ids *ids, wf_id_class id_class);

// ---- for files of src/visits only ----

weft_status wf_ids_new(wf_ids **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_ids_free(wf_ids *ids); // NULL does nothing

// Forgets all numbers at and above `end` of the class, as if never interned; while others
// ask (wf_ids_share) they stay, and mean nothing.
// No pointer to their texts may be in use.
weft_status wf_ids_cut(wf_ids *ids, wf_id_class id_class, uint32_t end,
                       weft_error *error) WEFT_MUST_CHECK;

// Wipes the ids whose bit in `keep` (one a number, least significant first) is 0;
// their numbers become empty. *ret_dropped counts those that were not empty.
weft_status wf_ids_drop(wf_ids *ids, wf_id_class id_class, const uint64_t *keep,
                        uint64_t *ret_dropped, weft_error *error) WEFT_MUST_CHECK;

// Appends `count` numbers at once from `block`, a run of (length byte, bytes); a
// length of 0 is an empty number. The bytes are copied; the caller has checked
// the form. The table is not told: wf_ids_index does so for all that is missing.
weft_status wf_ids_load_block(wf_ids *ids, wf_id_class id_class,
                              const unsigned char *block, size_t size, uint32_t count,
                              weft_error *error) WEFT_MUST_CHECK;
weft_status wf_ids_index(wf_ids *ids, unsigned threads,
                         weft_error *error) WEFT_MUST_CHECK;

#endif
