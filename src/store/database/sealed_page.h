// The sealed form of what SQLite writes: pages of a database, frames of its log (the
// "-wal" file). Every byte keeps its place, so that offsets and sizes are SQLite's own.
//
// A page of 8,192 bytes, of which SQLite leaves the last 40 to us and which must be zero:
//
//   OFFSET  SIZE  in the file
//        0  8152  content, sealed; in page 1 the first 16 bytes are the clear head
//     8152     8  mark, sealed; zero in the database
//     8160    16  tag of XChaCha20-Poly1305
//     8176    16  nonce, fresh for each write; the page's number is the rest of it
//
// The clear head stands where SQLite has the words "SQLite format 3": 8 bytes name the
// form, 8 are a fingerprint of the key (derived, one-way), which tells a wrong key from a
// damaged file.
//
// A frame of the log is SQLite's header of 24 bytes and a page. The last 8 bytes of the
// header, a checksum of plain pages, would let a thief test guesses: they are masked by
// a keyed hash. The other 16 (page, commit, salts) and the frame's number are
// authenticated with the page, so that a page or frame in another place does not open.
//
// The mark of a frame says what was durable when it was written: frames up to `durable`
// of the log whose sequence number is `sequence`. A frame that is broken although a later
// one says it was durable is damage; else it is the tail of a commit that nobody was told
// of.
//
// Threads: all functions may run in parallel.
#ifndef WF_STORE_SEALED_PAGE_H
#define WF_STORE_SEALED_PAGE_H

#include "keys/ring.h"

enum {
    WF_PAGE_BYTES = 8192,
    WF_PAGE_RESERVED = 40,
    WF_PAGE_HEAD = 16, // clear in page 1
    WF_LOG_HEADER = 32,
    WF_FRAME_HEADER = 24,
    WF_FRAME_BYTES = WF_FRAME_HEADER + WF_PAGE_BYTES
};

typedef struct {
    const wf_key *key; // borrowed; has to stand as long as the sealer
    unsigned char mask[16];
    unsigned char head[WF_PAGE_HEAD];
} wf_sealer;

typedef struct {
    uint32_t durable;
    uint32_t sequence;
} wf_frame_mark;

void wf_sealer_init(const wf_key *key, wf_sealer *ret);
void wf_sealer_done(wf_sealer *sealer); // wipes

// Seals page `number` (from 1) into out. False if its reserved bytes are not zero: they
// would be lost.
bool wf_page_seal(const wf_sealer *sealer, uint32_t number, const unsigned char *plain,
                  unsigned char *out) WEFT_MUST_CHECK;
// False if it does not authenticate; then `out` holds nothing of use. The reserved bytes
// are zero again.
bool wf_page_open(const wf_sealer *sealer, uint32_t number, const unsigned char *sealed,
                  unsigned char *out) WEFT_MUST_CHECK;

// Masks or unmasks the header of frame `frame` (from 1).
void wf_frame_mask(const wf_sealer *sealer, uint32_t frame,
                   unsigned char header[WF_FRAME_HEADER]);
// As wf_page_seal, for the page of a frame, bound to its number and to the first 16 bytes
// of its header (the same plain or masked).
bool wf_frame_seal(const wf_sealer *sealer, uint32_t frame, const unsigned char *header,
                   wf_frame_mark mark, const unsigned char *plain,
                   unsigned char *out) WEFT_MUST_CHECK;
bool wf_frame_open(const wf_sealer *sealer, uint32_t frame, const unsigned char *header,
                   const unsigned char *sealed, wf_frame_mark *ret_mark,
                   unsigned char *out) WEFT_MUST_CHECK;

// The header of a log with pages of our size: 32 bytes, and whether they are whole.
bool wf_log_header_is_whole(const unsigned char header[WF_LOG_HEADER]);
void wf_log_header_make(uint32_t sequence, const unsigned char salts[8],
                        unsigned char ret[WF_LOG_HEADER]);
// Whether SQLite will take a frame: its salts are the log's, and the checksum in its
// plain header follows from the one before (of the frame before, or of the log's header).
bool wf_frame_follows(const unsigned char log_header[WF_LOG_HEADER],
                      const unsigned char before[8],
                      const unsigned char header[WF_FRAME_HEADER],
                      const unsigned char *page);
uint32_t wf_log_header_sequence(const unsigned char header[WF_LOG_HEADER]);

// Page 1 of an empty database in SQLite's own form, with reserved bytes and a log.
void wf_page_first(unsigned char ret[WF_PAGE_BYTES]);

#endif
