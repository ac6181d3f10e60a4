// A parcel: one file of sealed, numbered pieces, written and read as a stream in constant
// memory. A torn, shortened or mixed one is noticed, and so is one of another city.
//
//   OFFSET SIZE
//   0      8    "WEFTPARC"
//   8      4    version, 1
//   12     4    bytes of a full piece, plain: 1 MiB
//   16     32   city id, hex digits
//   48     16   id of the parcel, random
//   64     …    pieces, one behind another:
//                 0  4     bytes of it, plain, at least 1; top bit: the last piece
//                 4  …     sealed, with its tag
//
// All pieces are full but the one before the last. The last holds 8 bytes how many pieces
// come before it, and 8 bytes how many bytes are in them; nothing follows it. Piece n,
// from 0, is sealed by seal.h under BLAKE2b-256(LEDGER key, "weft backup"), with the id
// of the parcel as nonce and n as its number; bytes 0–63 of the file and the 4 bytes of
// the size are authenticated with it. The LEDGER key lives as long as the city, so that
// a parcel can be read with any ring of the city, also one from after a purge; what is
// to be forgotten is sealed in itself, under keys that are not in here.
//
// Threads: one at a time for each writer or reader.
#ifndef WF_KEYS_PARCEL_H
#define WF_KEYS_PARCEL_H

#include "base/io.h"
#include "keys/notes.h"

enum { wf_parcel_head_bytes = 64, wf_parcel_piece_bytes = 1 << 20 };

typedef struct {
    char city_id[33];
    unsigned char id[WF_KEYS_ID_BYTES];
} wf_parcel_about;

// ---- writing ----

typedef struct wf_parcel_writer wf_parcel_writer;

// Makes a new file (mode 0600) in the place of one that a crash left there. The ring
// must have a LEDGER key.
weft_status wf_parcel_create(const wf_io *io, const char *path, const wf_keys *keys,
                             const char *city_id, wf_parcel_writer **ret,
                             weft_error *error) WEFT_MUST_CHECK;
const unsigned char *wf_parcel_writer_id(const wf_parcel_writer *writer);
// Written out by the piece, and synced every few, so that a disk that others wait for is
// never far behind.
weft_status wf_parcel_add(wf_parcel_writer *writer, const void *bytes, size_t size,
                          weft_error *error) WEFT_MUST_CHECK;
// Writes the last piece and syncs the file; its name is the caller's to make durable.
weft_status wf_parcel_finish(wf_parcel_writer *writer, weft_error *error) WEFT_MUST_CHECK;
void wf_parcel_writer_free(wf_parcel_writer *writer); // closes, wipes; NULL: nothing

// ---- reading ----

typedef struct wf_parcel_reader wf_parcel_reader;

// Reads the head. Anything else than a parcel: WEFT_DAMAGED ("parcel.none").
weft_status wf_parcel_open(const wf_io *io, const char *path, wf_parcel_reader **ret,
                           weft_error *error) WEFT_MUST_CHECK;
const wf_parcel_about *wf_parcel_reader_about(const wf_parcel_reader *reader);
// What is read from now on is opened with this ring. Without a LEDGER key: WEFT_KEYLESS.
weft_status wf_parcel_unlock(wf_parcel_reader *reader, const wf_keys *keys,
                             weft_error *error) WEFT_MUST_CHECK;
// Exactly `size` bytes. Damaged, or less is left: WEFT_DAMAGED ("parcel.damaged", with
// the number of the piece).
weft_status wf_parcel_read(wf_parcel_reader *reader, void *ret, size_t size,
                           weft_error *error) WEFT_MUST_CHECK;
// Up to `size` bytes that are at hand, at least one; 0: the parcel has ended, whole.
weft_status wf_parcel_read_some(wf_parcel_reader *reader, void *ret, size_t size,
                                size_t *ret_size, weft_error *error) WEFT_MUST_CHECK;
void wf_parcel_reader_free(wf_parcel_reader *reader); // NULL does nothing

// ---- for both files of it ----

typedef struct wf_parcel_key wf_parcel_key; // in locked memory
weft_status wf_parcel_key_new(const wf_keys *keys, wf_parcel_key **ret,
                              weft_error *error) WEFT_MUST_CHECK;
void wf_parcel_key_free(wf_parcel_key *key);
const wf_key *wf_parcel_key_of(const wf_parcel_key *key);

enum {
    wf_parcel_context_bytes = wf_parcel_head_bytes + 4,
    wf_parcel_end_bytes = 16, // plain content of the last piece
};
#define WF_PARCEL_LAST UINT32_C(0x80000000)

#endif
