#include <string.h>

#include "store/database/sealed_inside.h"

static sqlite3_int64 frame_at(uint32_t frame)
{
    return WF_LOG_HEADER + (sqlite3_int64)(frame - 1) * WF_FRAME_BYTES;
}

static const unsigned char *salts_of_log(const unsigned char *header)
{
    return header + 16;
}

static const unsigned char *salts_of_frame(const unsigned char *header)
{
    return header + 8;
}

static bool is_without_salts(const unsigned char *header)
{
    static const unsigned char none[8];
    return memcmp(salts_of_frame(header), none, sizeof none) == 0;
}

// The header to which a frame's page is bound. When a transaction writes a page of its
// own again, SQLite leaves salts and checksums of what follows empty until the commit.
static void bound_header(const wf_sealed_file *file, const unsigned char *header,
                         unsigned char ret[WF_FRAME_HEADER])
{
    memcpy(ret, header, WF_FRAME_HEADER);
    if (file->header_known && is_without_salts(header))
        memcpy(ret + 8, salts_of_log(file->header), 8);
}

// ---- what is lost ----

// Loads frame `frame` into the rooms: its plain header first in vfs->sealed, its page in
// vfs->plain. *ret_whole is false beyond the end, *ret_opens if it does not authenticate.
static int load_frame(wf_sealed_file *file, uint32_t frame, bool *ret_whole,
                      bool *ret_opens, wf_frame_mark *ret_mark)
{
    wf_sealed_vfs *vfs = file->vfs;
    unsigned char header[WF_FRAME_HEADER];
    size_t got = 0;
    int code = wf_sealed_load(file, vfs->sealed, WF_FRAME_BYTES, frame_at(frame), &got);
    if (code != SQLITE_OK)
        return code;
    *ret_whole = got == WF_FRAME_BYTES;
    if (!*ret_whole)
        return SQLITE_OK;
    bound_header(file, vfs->sealed, header);
    *ret_opens = wf_frame_open(&vfs->sealer, frame, header, vfs->sealed + WF_FRAME_HEADER,
                               ret_mark, vfs->plain);
    wf_frame_mask(&vfs->sealer, frame, vfs->sealed);
    return SQLITE_OK;
}

// SQLITE_IOERR_DATA if a frame behind `broken` (with these salts, unless NULL) says that
// `broken` was durable: then it was changed since. Else the tail of a commit is torn,
// which SQLite may forget.
static int judge(wf_sealed_file *file, uint32_t broken, const unsigned char *salts)
{
    for (uint32_t frame = broken + 1;; frame++) {
        unsigned char header[WF_FRAME_HEADER];
        size_t got = 0;
        int code = wf_sealed_load(file, header, sizeof header, frame_at(frame), &got);
        if (code != SQLITE_OK || got < sizeof header)
            return code;
        // Frames of earlier rounds lie behind the present one's.
        if (salts != NULL && memcmp(salts_of_frame(header), salts, 8) != 0)
            continue;
        bool whole = false, opens = false;
        wf_frame_mark mark;
        code = load_frame(file, frame, &whole, &opens, &mark);
        if (code != SQLITE_OK || !whole)
            return code;
        if (opens && mark.durable >= broken)
            return SQLITE_IOERR_DATA;
    }
}

// The header of the log. One that is broken is made again from the first frame: a torn
// one belongs to a round without frames, whose predecessor is in the database already,
// so that reading that one again changes nothing.
static int load_header(wf_sealed_file *file, unsigned char header[WF_LOG_HEADER],
                       size_t *ret_got)
{
    int code = wf_sealed_load(file, header, WF_LOG_HEADER, 0, ret_got);
    if (code != SQLITE_OK || *ret_got < WF_LOG_HEADER || wf_log_header_is_whole(header))
        return code;
    bool whole = false, opens = false;
    wf_frame_mark mark;
    code = load_frame(file, 1, &whole, &opens, &mark);
    if (code != SQLITE_OK || !whole)
        return code;
    if (!opens)
        return judge(file, 0, NULL);
    wf_log_header_make(mark.sequence, salts_of_frame(file->vfs->sealed), header);
    return SQLITE_OK;
}

// ---- reading ----

static int read_header(wf_sealed_file *file, size_t from, size_t size, unsigned char *to)
{
    unsigned char header[WF_LOG_HEADER] = {0};
    size_t got = 0;
    int code = load_header(file, header, &got);
    if (code != SQLITE_OK)
        return code;
    if (got < from + size)
        return SQLITE_IOERR_SHORT_READ;
    memcpy(to, header + from, size);
    return SQLITE_OK;
}

static int read_frame_header(wf_sealed_file *file, uint32_t frame, size_t from,
                             size_t size, unsigned char *to)
{
    unsigned char header[WF_FRAME_HEADER];
    size_t got = 0;
    int code = wf_sealed_load(file, header, sizeof header, frame_at(frame), &got);
    if (code != SQLITE_OK)
        return code;
    if (got < sizeof header)
        return SQLITE_IOERR_SHORT_READ;
    wf_frame_mask(&file->vfs->sealer, frame, header);
    memcpy(to, header + from, size);
    return SQLITE_OK;
}

// Whether the frame that load_frame has left in the rooms follows the one before.
static int follows(wf_sealed_file *file, uint32_t frame, const unsigned char *log_header,
                   bool *ret)
{
    unsigned char before[8];
    int code = SQLITE_OK;
    if (frame == 1)
        memcpy(before, log_header + 24, sizeof before);
    else
        code = read_frame_header(file, frame - 1, 16, sizeof before, before);
    if (code == SQLITE_OK)
        *ret = wf_frame_follows(log_header, before, file->vfs->sealed, file->vfs->plain);
    return code;
}

// A frame as recovery asks for it, whole. One that is broken and was never durable reads
// as zeros, at which SQLite ends.
static int recover_frame(wf_sealed_file *file, uint32_t frame, unsigned char *to)
{
    unsigned char header[WF_LOG_HEADER];
    size_t got = 0;
    bool whole = false, opens = false;
    wf_frame_mark mark;
    int code = load_header(file, header, &got);
    if (code == SQLITE_OK && got == sizeof header)
        code = load_frame(file, frame, &whole, &opens, &mark);
    if (code == SQLITE_OK && !whole)
        code = SQLITE_IOERR_SHORT_READ;
    // A writer reads what it has written so far, to give it checksums for the commit.
    if (code == SQLITE_OK && opens && !file->header_known)
        code = follows(file, frame, header, &opens);
    if (code != SQLITE_OK)
        return code;
    if (opens) {
        memcpy(to, file->vfs->sealed, WF_FRAME_HEADER);
        memcpy(to + WF_FRAME_HEADER, file->vfs->plain, WF_PAGE_BYTES);
        return SQLITE_OK;
    }
    code = judge(file, frame, salts_of_log(header));
    if (code == SQLITE_OK)
        memset(to, 0, WF_FRAME_BYTES);
    return code;
}

static int read_frame_page(wf_sealed_file *file, uint32_t frame, size_t from, size_t size,
                           unsigned char *to)
{
    bool whole = false, opens = false;
    wf_frame_mark mark;
    int code = load_frame(file, frame, &whole, &opens, &mark);
    if (code != SQLITE_OK)
        return code;
    if (!whole || !opens)
        return SQLITE_IOERR_DATA;
    memcpy(to, file->vfs->plain + from, size);
    return SQLITE_OK;
}

// Reads the part at `at` that lies in one header or page; *ret_size is its size.
static int read_part(wf_sealed_file *file, unsigned char *to, size_t size,
                     sqlite3_int64 at, size_t *ret_size)
{
    size_t from = (size_t)at, end = WF_LOG_HEADER;
    if (at < WF_LOG_HEADER) {
        *ret_size = size < end - from ? size : end - from;
        return read_header(file, from, *ret_size, to);
    }
    sqlite3_int64 behind = at - WF_LOG_HEADER;
    if (behind / WF_FRAME_BYTES >= UINT32_MAX)
        return SQLITE_IOERR_READ;
    uint32_t frame = (uint32_t)(behind / WF_FRAME_BYTES) + 1;
    from = (size_t)(behind % WF_FRAME_BYTES);
    if (from == 0 && size >= WF_FRAME_BYTES) {
        *ret_size = WF_FRAME_BYTES;
        return recover_frame(file, frame, to);
    }
    end = from < WF_FRAME_HEADER ? WF_FRAME_HEADER : WF_FRAME_BYTES;
    *ret_size = size < end - from ? size : end - from;
    return from < WF_FRAME_HEADER
               ? read_frame_header(file, frame, from, *ret_size, to)
               : read_frame_page(file, frame, from - WF_FRAME_HEADER, *ret_size, to);
}

int wf_sealed_log_read(wf_sealed_file *file, unsigned char *to, size_t size,
                       sqlite3_int64 at)
{
    while (size > 0) {
        size_t part = 0;
        int code = read_part(file, to, size, at, &part);
        if (code == SQLITE_IOERR_SHORT_READ)
            memset(to, 0, size);
        if (code != SQLITE_OK)
            return code;
        to += part;
        at += (sqlite3_int64)part;
        size -= part;
    }
    return SQLITE_OK;
}

// ---- writing ----

// The header under which a frame with these salts is written. When another connection
// has begun a new round, what this one knew to be durable is of the old one.
static int know_header(wf_sealed_file *file, const unsigned char *salts)
{
    if (file->header_known && memcmp(salts_of_log(file->header), salts, 8) == 0)
        return SQLITE_OK;
    size_t got = 0;
    int code = load_header(file, file->header, &got);
    if (code == SQLITE_OK &&
        (got < WF_LOG_HEADER || memcmp(salts_of_log(file->header), salts, 8) != 0))
        code = SQLITE_IOERR_DATA;
    file->header_known = code == SQLITE_OK;
    file->written = file->durable = 0;
    return code;
}

static int write_header(wf_sealed_file *file, const unsigned char *from)
{
    memcpy(file->header, from, WF_LOG_HEADER);
    file->header_known = true;
    file->frame = file->written = file->durable = 0;
    return wf_sealed_put(file, from, WF_LOG_HEADER, 0);
}

static int write_frame_header(wf_sealed_file *file, uint32_t frame,
                              const unsigned char *from)
{
    unsigned char header[WF_FRAME_HEADER];
    memcpy(header, from, sizeof header);
    memcpy(file->frame_header, from, sizeof header);
    file->frame = frame;
    wf_frame_mask(&file->vfs->sealer, frame, header);
    return wf_sealed_put(file, header, sizeof header, frame_at(frame));
}

static int write_page(wf_sealed_file *file, uint32_t frame, const unsigned char *from)
{
    wf_sealed_vfs *vfs = file->vfs;
    unsigned char header[WF_FRAME_HEADER];
    if (file->frame != frame) {
        int code = read_frame_header(file, frame, 0, WF_FRAME_HEADER, file->frame_header);
        file->frame = code == SQLITE_OK ? frame : 0;
        if (code != SQLITE_OK)
            return code;
    }
    bound_header(file, file->frame_header, header);
    int code = know_header(file, salts_of_frame(header));
    if (code != SQLITE_OK)
        return code;
    wf_frame_mark mark = {.durable = file->durable,
                          .sequence = wf_log_header_sequence(file->header)};
    if (!wf_frame_seal(&vfs->sealer, frame, header, mark, from, vfs->sealed))
        return SQLITE_IOERR_WRITE;
    file->written = frame;
    return wf_sealed_put(file, vfs->sealed, WF_PAGE_BYTES,
                         frame_at(frame) + WF_FRAME_HEADER);
}

int wf_sealed_log_write(wf_sealed_file *file, const unsigned char *from, size_t size,
                        sqlite3_int64 at)
{
    if (at == 0 && size == WF_LOG_HEADER)
        return write_header(file, from);
    sqlite3_int64 behind = at - WF_LOG_HEADER;
    if (behind < 0 || behind / WF_FRAME_BYTES >= UINT32_MAX)
        return SQLITE_IOERR_WRITE;
    uint32_t frame = (uint32_t)(behind / WF_FRAME_BYTES) + 1;
    size_t within = (size_t)(behind % WF_FRAME_BYTES);
    if (within == 0 && size == WF_FRAME_HEADER)
        return write_frame_header(file, frame, from);
    if (within == WF_FRAME_HEADER && size == WF_PAGE_BYTES)
        return write_page(file, frame, from);
    // SQLite writes nothing else while it may trust that writing one sector leaves its
    // neighbours alone (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
    return SQLITE_IOERR_WRITE;
}
