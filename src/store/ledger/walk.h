// Walking over the records of one file of the ledger, head by head. Only for the ledger's
// own files.
#ifndef WF_STORE_LEDGER_WALK_H
#define WF_STORE_LEDGER_WALK_H

#include "store/ledger/file.h"

// Zero-initialised is not open. The file is its own: walks of several threads do not
// meet.
typedef struct {
    const wf_io *io;
    wf_path path;
    int file;
    bool is_open;
    uint64_t at, end;      // the next record; where the walk ends
    wf_ledger_state state; // before the next record
    size_t chunk_bytes;    // how much is read at a time
    wf_buffer window;      // bytes of the file from window_at on
    uint64_t window_at;
} wf_ledger_walk;

// Opens file `file_number` to be walked from `at`, where the chain stands at *state, to
// `end`. A walk that is open is closed before; it keeps its memory.
weft_status wf_ledger_walk_open(wf_ledger_walk *walk, const wf_io *io,
                                const char *city_dir, uint64_t file_number,
                                size_t chunk_bytes, weft_error *error) WEFT_MUST_CHECK;
void wf_ledger_walk_from(wf_ledger_walk *walk, uint64_t at, uint64_t end,
                         const wf_ledger_state *state);
void wf_ledger_walk_close(wf_ledger_walk *walk); // and frees; may be opened again

// The head of the record at walk->at, if it fits and lies within the walk. At the end
// *ret_found is false. Anything else: WEFT_DAMAGED ("ledger.damaged"), with the file and
// the number of the record that should stand there.
weft_status wf_ledger_walk_head(wf_ledger_walk *walk, wf_ledger_record_head *ret,
                                bool *ret_found, weft_error *error) WEFT_MUST_CHECK;
// The bytes of the record whose head was read; valid until the walk goes on.
weft_status wf_ledger_walk_record(wf_ledger_walk *walk, const wf_ledger_record_head *head,
                                  wf_text *ret, weft_error *error) WEFT_MUST_CHECK;
// Goes on behind the record.
void wf_ledger_walk_pass(wf_ledger_walk *walk, const wf_ledger_record_head *head);

// `size` bytes at walk->at, which lie before walk->end.
weft_status wf_ledger_walk_bytes(wf_ledger_walk *walk, size_t size,
                                 const unsigned char **ret,
                                 weft_error *error) WEFT_MUST_CHECK;

// Fails with WEFT_DAMAGED, a code of the ledger, the file and the record's number.
weft_status wf_ledger_fail(const char *code, const char *path, uint64_t record,
                           weft_error *error);

#endif
