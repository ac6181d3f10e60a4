// The content of a record: envelopes and bodies, put together and taken apart. Only for
// the ledger's own files.
//
// The envelopes, opened. All numbers are varints: 7 bits a byte, least first, the top bit
// when more follow, no needless zero at the end; ± is zigzag.
//
//   groups    how many; of each: keeping class, ± day, bytes of its bodies
//   names     how many; of each: size, bytes. Name 0 is the empty one and not among them
//   shapes    how many; of each: number of the kind, group, flags (1 = grid, 2 = amends,
//             4 = bodies elsewhere, which take no bytes here)
//   facts     as many as the head of the record says; of each:
//             shape
//             name of the device
//             ± seq less that of the same device's last fact in this record (first: of 0)
//             (± of `at` less that of the fact before it; first: of 0) × 2:
//                 + 0 in seconds, + 1 in µs
//             name of the grid                        with flag 1
//             name of the amended device, its seq     with flag 2
//             bytes of its body
//             8 bytes: digest of its body
//
// Nothing follows. A group's blob holds the bodies of its facts, one behind another in
// their order.
#ifndef WF_STORE_LEDGER_RECORD_H
#define WF_STORE_LEDGER_RECORD_H

#include "store/ledger/file.h"
#include "store/ledger/words.h"

// What is authenticated with a blob: that it stands in this place.
enum { wf_ledger_context_bytes = 40, wf_ledger_no_group = -1 };
typedef struct {
    unsigned char bytes[wf_ledger_context_bytes];
} wf_ledger_context;
wf_text wf_ledger_context_of(wf_ledger_context *context, uint64_t record, int64_t group,
                             wf_keep keep, weft_day day);

// ---- putting together ----

typedef struct {
    uint16_t kind_number;
    wf_keep keep;
    weft_day day;
    wf_identity id, amends;
    weft_time at;
    wf_text grid, body; // the body is empty when it stands elsewhere
    bool elsewhere;
    uint64_t digest;
} wf_ledger_envelope;

// Zero-initialised is empty.
typedef struct {
    wf_ledger_words groups, names, shapes; // by the bytes of their fields
    wf_buffer *bodies;                     // of each group
    size_t bodies_capacity;
    uint64_t *seqs; // of each name, the last
    size_t seqs_capacity;
    wf_buffer facts;
    uint32_t count;
    size_t bodies_bytes;
    uint64_t at; // of the last fact
} wf_ledger_draft;

// Adds a fact. WEFT_NO_MEMORY leaves a draft that can only be cleared.
weft_status wf_ledger_draft_add(wf_ledger_draft *draft,
                                const wf_ledger_envelope *envelope,
                                weft_error *error) WEFT_MUST_CHECK;
// Bytes that a record of it takes, or a little more.
size_t wf_ledger_draft_bytes(const wf_ledger_draft *draft);
// The record, sealed and linked, into *ret, which is cleared before. `head` gives commit,
// more and received; the rest of it is filled.
weft_status wf_ledger_draft_seal(const wf_ledger_draft *draft, const wf_keys *keys,
                                 const wf_ledger_state *state,
                                 wf_ledger_record_head *head, wf_buffer *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_draft_clear(wf_ledger_draft *draft);
void wf_ledger_draft_done(wf_ledger_draft *draft); // wipes

// ---- taking apart ----

typedef struct {
    wf_keep keep;
    weft_day day;
    uint32_t plain_bytes;
    size_t sealed_at; // in the record
    enum { WF_GROUP_SEALED, WF_GROUP_OPEN, WF_GROUP_FORGOTTEN } state;
    size_t open_at; // in bodies, once open
} wf_ledger_group;

typedef struct {
    uint16_t kind_number;
    uint32_t group;
    const wf_kind *kind;
    bool has_grid, has_amends, elsewhere;
} wf_ledger_shape;

typedef struct {
    uint32_t shape, device, grid, amends; // amends: name
    uint32_t body_at, body_bytes;         // in its group
    int64_t seq, amends_seq;
    weft_time at;
    uint64_t digest;
} wf_ledger_row;

// Zero-initialised is empty. Names borrow from `envelopes`.
typedef struct {
    wf_ledger_record_head head;
    wf_buffer envelopes, bodies;
    wf_ledger_group *groups;
    wf_text *names;
    wf_ledger_shape *shapes;
    wf_ledger_row *rows; // head.count
    uint64_t *seqs;
    size_t groups_count, names_count, shapes_count;
    size_t groups_capacity, names_capacity, shapes_capacity, rows_capacity, seqs_capacity;
} wf_ledger_opened;

// Takes envelopes apart that are opened already: head and envelopes of *ret are set. What
// breaks the form: WEFT_DAMAGED; the error is left to the caller. Also for fuzzing.
weft_status wf_ledger_parse_envelopes(wf_ledger_opened *ret) WEFT_MUST_CHECK;
// Opens the envelopes of a whole record, and says where its bodies are.
weft_status wf_ledger_open_envelopes(const wf_key *key, wf_text record,
                                     const wf_ledger_record_head *head,
                                     wf_ledger_opened *ret) WEFT_MUST_CHECK;
// Opens the bodies of a sealed group.
weft_status wf_ledger_open_group(const wf_key *key, wf_text record, uint32_t group,
                                 wf_ledger_opened *opened) WEFT_MUST_CHECK;
void wf_ledger_opened_done(wf_ledger_opened *opened); // wipes

#endif
