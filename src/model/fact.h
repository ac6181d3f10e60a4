// A fact: what somebody saw or decided, once (DESIGN §3), and the canonical form of its
// body.
//
// Threads: all functions may run in parallel.
#ifndef WF_MODEL_FACT_H
#define WF_MODEL_FACT_H

#include "base/arena.h"
#include "base/time.h"
#include "model/kind.h"

typedef struct {
    wf_identity id;
    const wf_kind *kind;
    weft_time at;
    wf_text grid;       // where it lies; size 0: not said
    bool grid_assumed;  // it did not say so itself: a repeat is not compared by it
    wf_identity amends; // what it stands instead of, or withdraws; none: device size 0
    wf_value values[WF_FIELDS_MAX]; // in the order of the kind's fields
} wf_fact;

// The instant by whose day its body is kept (wf_kind.kept_by). The fact has been checked.
weft_time wf_fact_kept_at(const wf_fact *fact);

// The order of facts that decides `last`: at, then device bytewise, then seq. <0, 0, >0.
int wf_fact_order(weft_time a_at, wf_identity a, weft_time b_at, wf_identity b);

// Reads the name of a fact in one text, "S-03-2/118": the number is what follows the last
// slash. False, and *ret untouched, when it is none.
bool wf_identity_read(wf_text text, wf_identity *ret);
// And writes it, ended by NUL.
typedef struct {
    char text[WF_FACT_TEXT_MAX + 1];
} wf_fact_name;
wf_fact_name wf_fact_name_of(wf_identity id);
bool wf_identity_equal(wf_identity a, wf_identity b);

// The order of two values of one type: texts bytewise, facts by device, then seq. <0, 0,
// >0.
int wf_value_compare(wf_column_type type, const wf_value *a, const wf_value *b);
// Makes a set of the items of a list: sorts, drops what is there twice. Gives the count.
size_t wf_values_to_set(wf_column_type type, wf_value *items, size_t count);

// Puts the lesser first in pairs (WF_RULE_PAIR), which whoever makes a fact does before
// the check.
void wf_fact_order_pairs(wf_fact *fact);

// Checks the values against the kind's fields: what is required, lengths, UTF-8, ranges,
// words, sets, the kind's rules; and device, seq, at, grid, amends. WEFT_BAD_INPUT
// ("fact.…", field).
weft_status wf_fact_check(const wf_fact *fact, weft_error *error) WEFT_MUST_CHECK;

// The canonical body. All numbers are little endian, n is the place of a field:
//
//   SIZE
//   1     n, rising; fields that are not given are left out
//   …     ID, TEXT, WORD, PERSON, PLACE: u16 size, bytes
//         DATE: i32 days · TIME, INTEGER: i64 · YESNO: u8 · NUMBER: 8 bytes IEEE 754
//         FACT: u8 size of device, device, i64 seq
//         a list: u32 count, then its items, rising, each once
//
// One fact has one body: −0 is written as 0, an empty list is a field that is not given.
// Appends to *ret; `fact` has been checked. WEFT_NO_MEMORY.
weft_status wf_fact_encode(const wf_fact *fact, wf_buffer *ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Reads a body of `kind` into ret->kind and ret->values; texts borrowed from `body`,
// lists from the arena. What is not the canonical form of a fact that
// wf_fact_check takes: WEFT_DAMAGED ("fact.damaged"), *ret untouched.
weft_status wf_fact_decode(const wf_kind *kind, wf_text body, wf_arena *arena,
                           wf_fact *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
