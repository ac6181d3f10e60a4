// The files of the ledger, <city>/ledger/0000000001.facts and so on. Only for the
// ledger's own files.
//
// All numbers are little endian. A file begins with where the chain stood before it:
//
//   OFFSET SIZE
//   0      8    "WEFTFACT"
//   8      4    version, 1
//   12     4    zero
//   16     8    number of the file, from 1
//   24     8    records before it
//   32     8    commits before it
//   40     8    facts before it
//   48     8    time of receipt of the commit before it, µs UTC; INT64_MIN: none
//   56     32   the link before it; in the first file zeroes
//   88     …    records, one behind another
//
// A record is a commit, or a piece of one that is too large for a record:
//
//   OFFSET SIZE
//   0      4    "WREC"
//   4      4    size of the record with this head, at most 16 MiB
//   8      8    number of the record, from 1
//   16     8    number of the commit, from 1
//   24     8    position of its first fact, from 1
//   32     4    number of facts, at least 1
//   36     4    flags: 1 = the commit has more records
//   40     8    time of receipt, µs UTC; 0 with flag 1: the last of the commit has it
//   48     4    size of the sealed envelopes
//   52     4    ~size, so that a flipped bit in the size does not pass for a torn record
//   56     32   link: BLAKE2b-256 of the link before ‖ bytes 0–55 ‖ bytes 88–end
//   88     …    envelopes sealed under the LEDGER key, then the bodies, one blob for each
//               (keeping class, day), sealed under the key of those; the contexts name
//               the record and the blob, so that none opens in another's place
//
// What the envelopes say is drawn in ledger/record.h. A file ends with a whole commit;
// commits do not run on from file to file, so that each file is read by itself.
#ifndef WF_STORE_LEDGER_FILE_H
#define WF_STORE_LEDGER_FILE_H

#include "base/io.h"
#include "base/time.h"
#include "store/ledger/ledger.h"

enum {
    wf_ledger_file_head_bytes = 88,
    wf_ledger_record_head_bytes = 88,
    wf_ledger_record_bytes_max = 16 * 1024 * 1024,
};

// Where the chain stands between two records.
typedef struct {
    uint64_t records, commits, positions; // so many came before
    weft_time received;                   // of the newest whole commit; none: NONE
    bool inside;                          // within a commit
    unsigned char link[WF_LINK_BYTES];
} wf_ledger_state;

typedef struct {
    uint32_t size, count, envelopes;
    uint64_t number, commit, first;
    bool more;
    weft_time received;
    unsigned char link[WF_LINK_BYTES];
} wf_ledger_record_head;

wf_ledger_state wf_ledger_state_first(void);
// What follows the record; `head` fits the state.
void wf_ledger_state_pass(wf_ledger_state *state, const wf_ledger_record_head *head);
bool wf_ledger_state_equal(const wf_ledger_state *a, const wf_ledger_state *b);

void wf_ledger_print_file_head(unsigned char to[wf_ledger_file_head_bytes],
                               uint64_t file_number, const wf_ledger_state *state);
// False: not a head of that file. A newer version: *ret_newer (else untouched).
bool wf_ledger_parse_file_head(const unsigned char from[wf_ledger_file_head_bytes],
                               uint64_t file_number, wf_ledger_state *ret,
                               bool *ret_newer) WEFT_MUST_CHECK;

void wf_ledger_print_head(unsigned char to[wf_ledger_record_head_bytes],
                          const wf_ledger_record_head *head);
// False: no head of a record, whatever its place.
bool wf_ledger_parse_head(const unsigned char from[wf_ledger_record_head_bytes],
                          wf_ledger_record_head *ret) WEFT_MUST_CHECK;
// Whether a record with this head may follow.
bool wf_ledger_head_fits(const wf_ledger_record_head *head, const wf_ledger_state *state);

// The link of a whole record behind `before`.
void wf_ledger_link(const unsigned char before[WF_LINK_BYTES], wf_text record,
                    unsigned char ret[WF_LINK_BYTES]);

weft_status wf_ledger_file_path(const char *city_dir, uint64_t file_number, wf_path *ret,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
