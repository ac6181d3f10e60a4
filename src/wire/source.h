// The bytes of an outside file as they are meant: gzip undone, GB18030 made UTF-8, a
// sheet of a workbook made CSV (workbook.h). Only for files of src/wire.
#ifndef WF_WIRE_SOURCE_H
#define WF_WIRE_SOURCE_H

#include <sys/types.h>

#include "base/status.h"

// Bytes as they come, with a buffer so that the first of them can be looked at.
typedef struct {
    ssize_t (*read)(void *context, void *bytes, size_t size);
    void *context;
    const char *name;
    unsigned char *bytes;
    size_t at, size; // what is buffered and not taken yet
    uint64_t total;  // read so far
    bool ended;
} wf_raw;

// Reads more behind what is buffered; sets `ended` at the end of the source.
weft_status wf_raw_fill(wf_raw *raw, weft_error *error) WEFT_MUST_CHECK;

// ---- gzip (gzip.c): one or several members one after the other ----
typedef struct wf_gunzip wf_gunzip;
weft_status wf_gunzip_new(wf_gunzip **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_gunzip_free(wf_gunzip *gunzip); // NULL does nothing
// Up to `size` plain bytes, 0 at the end. Cut or damaged: WEFT_BAD_INPUT ("wire.gzip").
weft_status wf_gunzip_read(wf_gunzip *gunzip, wf_raw *raw, void *bytes, size_t size,
                           size_t *ret_size, weft_error *error) WEFT_MUST_CHECK;
// True if the bytes begin as gzip does.
bool wf_gunzip_begins(const unsigned char *bytes, size_t size);

// ---- GB18030 (encoding.c) ----
typedef struct wf_gb18030 wf_gb18030;
weft_status wf_gb18030_new(wf_gb18030 **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_gb18030_free(wf_gb18030 *converter); // NULL does nothing
// Converts what it can of [in, in + in_size) into `out`; *ret_used bytes were taken,
// *ret_made were made. `last`: nothing follows. A byte that is not GB18030 goes through
// as it is: it then stands before no byte that could complete it, so that what comes
// out is not UTF-8 and its row is refused, with its bytes.
void wf_gb18030_convert(wf_gb18030 *converter, const unsigned char *in, size_t in_size,
                        bool last, unsigned char *out, size_t out_size, size_t *ret_used,
                        size_t *ret_made);

// ---- all of it (source.c) ----
typedef struct wf_source wf_source;
// `sheet` names the sheet of a workbook, NULL: its only one; it says nothing of other
// files, as `gb18030` says nothing of workbooks.
weft_status wf_source_open(ssize_t (*read)(void *context, void *bytes, size_t size),
                           void *context, const char *name, bool gb18030,
                           const char *sheet, wf_source **ret,
                           weft_error *error) WEFT_MUST_CHECK;
void wf_source_close(wf_source *source); // NULL does nothing
// Up to `size` bytes of text, 0 at the end.
weft_status wf_source_read(wf_source *source, void *bytes, size_t size, size_t *ret_size,
                           weft_error *error) WEFT_MUST_CHECK;
// True for a workbook: what is read is CSV, a line a row of the sheet.
bool wf_source_is_workbook(const wf_source *source);
// Bytes of the outside file read so far.
uint64_t wf_source_bytes(const wf_source *source);

#endif
