// One run of the index (store/index/index.h): pairs sorted by (hash, position), in a file
// that is written once and never changed.
//
//   OFFSET     SIZE
//   0          2048   header
//   2048 × i   2048   block i, from 1 to B
//   after them 8 × B  directory: the first hash of each block
//              8      tag of the directory
//
// All numbers are little endian. The header:
//
//   0     8   "WEFTINDX"
//   8     4   version, 2
//   12    4   bytes of a block, 2048
//   16    8   number of this file: random
//   24    8   the first position that it covers
//   32    8   the last: when it is less than the first, none
//   40    8   pairs
//   48    8   blocks B
//   56    …   zeroes
//   2040  8   tag
//
// A block holds at least one pair, and hashes and positions in as few bytes as they need:
//
//   0     2    pairs n
//   2     1    bytes of a hash h, 0 to 8
//   3     1    bytes of a position p, 0 to 8
//   4     4    zeroes
//   8     8    first hash
//   16    8    least position
//   24    n×h  each hash less the first; never falling
//         n×p  each position less the least; rising where hashes are equal
//         …    zeroes
//   2040  8    tag
//
// A tag is SipHash-2-4 of (number of the file, number of the block, what stands before
// the tag); the header is block 0, the directory block 2^64 − 1. It is keyed, so that a
// block of another city, file or place is as wrong as a flipped bit.
//
// What is wrong with a file is WEFT_DAMAGED ("index.damaged").
//
// Threads: finding may run in parallel; all else one at a time a run.
#ifndef WF_STORE_INDEX_RUN_H
#define WF_STORE_INDEX_RUN_H

#include "base/io.h"
#include "store/index/index.h"

#define WF_INDEX_TAG_KEY_BYTES 16
#define WF_INDEX_BLOCK_BYTES 2048
#define WF_INDEX_BLOCK_PAIRS_MAX 2016

// The positions [first, last] that a run has all pairs of.
typedef struct {
    uint64_t first, last;
} wf_index_range;

typedef struct {
    const wf_io *io;
    unsigned char key[WF_INDEX_TAG_KEY_BYTES];
} wf_index_tags;

typedef struct {
    const wf_index_tags *tags; // borrowed
    wf_path path;
    int file;
    uint64_t number;
    wf_index_range covers;
    uint64_t pairs, blocks;
    uint64_t *firsts; // the directory
    bool damaged;     // set by any thread that found it so
} wf_index_run;

// Reads header and directory. Missing: WEFT_NOT_FOUND ("io.missing").
weft_status wf_index_run_open(const wf_index_tags *tags, const char *path,
                              wf_index_run **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_index_run_close(wf_index_run *run); // NULL does nothing

// Appends the positions of a hash, rising, to *ret. One block read, seldom two, plus one
// for each 180 positions or so.
weft_status wf_index_run_find(wf_index_run *run, uint64_t hash, wf_buffer *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// ---- reading from begin to end ----

typedef struct {
    wf_index_run *run;
    uint64_t block; // to be decoded next, from 1
    uint64_t read_from, read_upto;
    unsigned char *bytes; // blocks [read_from, read_upto)
    wf_index_pair *pairs; // of one block
    size_t at, count;
    wf_index_pair last; // that was decoded: pairs never fall
} wf_index_cursor;

// The order of a run.
static inline bool wf_index_before(wf_index_pair one, wf_index_pair other)
{
    return one.hash < other.hash ||
           (one.hash == other.hash && one.position < other.position);
}

weft_status wf_index_cursor_open(wf_index_run *run, wf_index_cursor *ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_index_cursor_close(wf_index_cursor *cursor); // a zeroed one does nothing
// True when pairs[at] is there; false at the end.
weft_status wf_index_cursor_load(wf_index_cursor *cursor, bool *ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// ---- writing ----

typedef struct wf_index_writer wf_index_writer;

// Begins <path>.next.
weft_status wf_index_writer_open(const wf_index_tags *tags, const char *path,
                                 wf_index_range covers, wf_index_writer **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
// Pairs in order of (hash, position); one that is equal to the one before is left out.
weft_status wf_index_writer_put(wf_index_writer *writer, wf_index_pair pair,
                                weft_error *error) WEFT_MUST_CHECK;
// Finishes the file, syncs it, renames it to its path, durably, and opens it.
weft_status wf_index_writer_end(wf_index_writer *writer, wf_index_run **ret,
                                weft_error *error) WEFT_MUST_CHECK;
// Frees the writer; a file that did not reach its end is removed. NULL does nothing.
void wf_index_writer_close(wf_index_writer *writer);

#endif
