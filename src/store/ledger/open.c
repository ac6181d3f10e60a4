#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/ledger/inside.h"

enum {
    chunk_bytes = 256 * 1024,
    sector_bytes = 512,
    blank_bytes = 16 // so many zeroes at its end no record has by chance
};

static weft_status fail_file(const char *code, const char *path, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, code, "path", path, NULL);
}

// ---- finding the files ----

static weft_status add_file(wf_ledger *ledger, const wf_ledger_state *before,
                            uint64_t end, weft_error *error)
{
    if (ledger->files_count == ledger->files_capacity) {
        size_t capacity = ledger->files_capacity == 0 ? 8 : ledger->files_capacity * 2;
        wf_ledger_file *files = reallocarray(ledger->files, capacity, sizeof *files);
        if (files == NULL)
            return wf_fail_memory(error);
        ledger->files = files;
        ledger->files_capacity = capacity;
    }
    ledger->files[ledger->files_count++] =
        (wf_ledger_file){.before = *before, .end = end};
    return WEFT_OK;
}

static weft_status read_file_head(const wf_ledger *ledger, int file, const char *path,
                                  wf_ledger_state *ret, uint64_t *ret_end,
                                  weft_error *error)
{
    unsigned char head[wf_ledger_file_head_bytes];
    bool newer = false;
    off_t end = lseek(file, 0, SEEK_END);
    if (end < 0)
        return wf_fail_errno(error, errno, "io.read", path);
    if (end < (off_t)sizeof head)
        return fail_file("ledger.file_damaged", path, error);
    WF_TRY(wf_io_pread_all(ledger->options.io, file, head, sizeof head, 0, path, error));
    if (!wf_ledger_parse_file_head(head, ledger->files_count + 1, ret, &newer))
        return fail_file(newer ? "ledger.newer" : "ledger.file_damaged", path, error);
    if (ledger->files_count > 0) {
        const wf_ledger_state *last = &ledger->files[ledger->files_count - 1].before;
        if (ret->records < last->records || ret->commits < last->commits ||
            ret->positions < last->positions)
            return fail_file("ledger.file_damaged", path, error);
    }
    *ret_end = (uint64_t)end;
    return WEFT_OK;
}

// Keeps the newest file open for appending.
static weft_status find_files(wf_ledger *ledger, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    for (;;) {
        wf_path path;
        wf_ledger_state before;
        uint64_t end = 0;
        WF_TRY(wf_ledger_file_path(ledger->options.city_dir, ledger->files_count + 1,
                                   &path, error));
        int file = io->open(io, path.text, O_RDWR | O_CLOEXEC, 0);
        if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
            return WEFT_OK;
        if (file < 0)
            return wf_fail_errno(error, errno, "io.open", path.text);
        if (ledger->file >= 0)
            WF_IGNORE(io->close(io, ledger->file), "nothing was written to it");
        ledger->file = file;
        ledger->path = path;
        WF_TRY(read_file_head(ledger, file, path.text, &before, &end, error));
        WF_TRY(add_file(ledger, &before, end, error));
    }
}

// ---- torn, or damaged? ----
//
// Only the newest commit can be torn: all before it were synced. What an append that was
// cut off leaves is a file that ends too early, or sectors as they were before one of its
// records was written: then they read as zeroes from the edge of a record, or their own,
// on. Cipher text holds no such zeroes. Zeroes at the very end say nothing: they may have
// been written ahead (wf_ledger_write_ahead), so what is looked at ends before them, but
// not before a record whose head is there. A record that is wrong in another way, or
// behind which another commit stands, was damaged: it may have been acknowledged.

// The first whole commit and what is behind it in the newest file.
typedef struct {
    uint64_t at; // behind the last commit that is whole
    wf_ledger_state state;
    bool torn;          // the file ends too early
    uint64_t heads_end; // behind the last record whose head is right
} file_tail;

static bool is_zero(const unsigned char *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (from[i] != 0)
            return false;
    return true;
}

// Where what is not zero ends, between `from` and `end`; `from` when all of it is.
static weft_status find_written(wf_ledger_walk *walk, uint64_t from, uint64_t end,
                                uint64_t *ret, weft_error *error)
{
    const wf_ledger_state unused = walk->state;
    *ret = from;
    wf_ledger_walk_from(walk, from, end, &unused);
    while (walk->at < end) {
        const unsigned char *bytes;
        uint64_t left = end - walk->at;
        size_t part = left < chunk_bytes ? (size_t)left : chunk_bytes, size = part;
        WF_TRY(wf_ledger_walk_bytes(walk, part, &bytes, error));
        while (size > 0 && bytes[size - 1] == 0)
            size--;
        if (size > 0)
            *ret = walk->at + size;
        walk->at += part;
    }
    return WEFT_OK;
}

// Whether the head of a record of a commit after `commit` begins in the first `size`
// bytes.
static bool has_later_head(const unsigned char *from, size_t size, size_t available,
                           uint64_t commit)
{
    const unsigned char *at = from, *end = from + size;
    while ((at = memchr(at, 'W', (size_t)(end - at))) != NULL) {
        wf_ledger_record_head head;
        if (available - (size_t)(at - from) >= wf_ledger_record_head_bytes &&
            wf_ledger_parse_head(at, &head) && head.commit > commit)
            return true;
        if (++at == end)
            break;
    }
    return false;
}

// Where the record at walk->at ends, if its head is right; else nowhere.
static weft_status next_edge(wf_ledger_walk *walk, uint64_t *ret, weft_error *error)
{
    const unsigned char *bytes;
    wf_ledger_record_head head;
    *ret = UINT64_MAX;
    if (walk->end - walk->at < wf_ledger_record_head_bytes)
        return WEFT_OK;
    WF_TRY(wf_ledger_walk_bytes(walk, wf_ledger_record_head_bytes, &bytes, error));
    if (wf_ledger_parse_head(bytes, &head) && wf_ledger_head_fits(&head, &walk->state)) {
        *ret = walk->at + head.size;
        wf_ledger_state_pass(&walk->state, &head);
    }
    return WEFT_OK;
}

// Piece by piece, between edges of sectors and of records.
static weft_status look_at_tail(wf_ledger_walk *walk, const file_tail *tail, uint64_t end,
                                bool *ret_torn, weft_error *error)
{
    bool torn = tail->torn;
    uint64_t edge = tail->at;
    wf_ledger_walk_from(walk, tail->at, end, &tail->state);
    while (walk->at < end) {
        const unsigned char *bytes;
        if (walk->at == edge)
            WF_TRY(next_edge(walk, &edge, error));
        uint64_t upto = walk->at - walk->at % sector_bytes + sector_bytes;
        upto = upto > edge ? edge : upto;
        upto = upto > end ? end : upto;
        size_t part = (size_t)(upto - walk->at);
        size_t ahead = part + wf_ledger_record_head_bytes;
        ahead = ahead > end - walk->at ? (size_t)(end - walk->at) : ahead;
        WF_TRY(wf_ledger_walk_bytes(walk, ahead, &bytes, error));
        if (has_later_head(bytes, part, ahead, tail->state.commits + 1)) {
            *ret_torn = false;
            return WEFT_OK;
        }
        torn = torn || is_zero(bytes, part);
        walk->at = upto;
    }
    *ret_torn = torn;
    return WEFT_OK;
}

// ---- walking the newest file ----

// What the ring remembers is compared while the walk passes it.
static weft_status check_mark(const wf_ledger *ledger, const wf_ledger_state *state,
                              weft_error *error)
{
    wf_keys_ledger mark = wf_keys_ledger_marked(ledger->options.keys);
    if (state->inside || state->commits != mark.commits ||
        memcmp(state->link, mark.link, sizeof mark.link) == 0)
        return WEFT_OK;
    return fail_file("ledger.other", ledger->folder.text, error);
}

static bool ends_too_early(wf_ledger_walk *walk)
{
    wf_ledger_record_head head;
    const unsigned char *bytes;
    weft_error inner = {0};
    uint64_t left = walk->end - walk->at;
    if (left < wf_ledger_record_head_bytes)
        return true;
    return wf_ledger_walk_bytes(walk, wf_ledger_record_head_bytes, &bytes, &inner) ==
               WEFT_OK &&
           wf_ledger_parse_head(bytes, &head) &&
           wf_ledger_head_fits(&head, &walk->state) && head.size > left;
}

// Walks head by head as far as whole commits go; *last is the newest of them.
static weft_status walk_newest(wf_ledger *ledger, wf_ledger_walk *walk,
                               wf_ledger_spot *last, file_tail *tail, weft_error *error)
{
    wf_ledger_file *file = &ledger->files[ledger->files_count - 1];
    *tail = (file_tail){.at = walk->at, .state = walk->state};
    *last = (wf_ledger_spot){walk->at, walk->state};
    WF_TRY(check_mark(ledger, &walk->state, error));
    for (;;) {
        wf_ledger_record_head head;
        bool found;
        weft_error inner = {0};
        weft_status status = wf_ledger_walk_head(walk, &head, &found, &inner);
        tail->heads_end = walk->at;
        if (status == WEFT_DAMAGED) {
            tail->torn = ends_too_early(walk);
            return WEFT_OK;
        }
        if (status != WEFT_OK) {
            *error = inner;
            return status;
        }
        if (!found) {
            tail->torn = walk->state.inside;
            return WEFT_OK;
        }
        if (!wf_ledger_note_spot(&file->spots, &file->spots_count, &file->spots_capacity,
                                 0, walk->at, &walk->state))
            return wf_fail_memory(error);
        wf_ledger_walk_pass(walk, &head);
        if (walk->state.inside)
            continue;
        WF_TRY(check_mark(ledger, &walk->state, error));
        *last = (wf_ledger_spot){tail->at, tail->state};
        tail->at = walk->at;
        tail->state = walk->state;
    }
}

// Whether the links of the newest commit are right: its heads may have come to the disk
// without the rest.
static weft_status check_links(wf_ledger_walk *walk, const wf_ledger_spot *last,
                               uint64_t end, bool *ret, weft_error *error)
{
    unsigned char link[WF_LINK_BYTES];
    wf_ledger_walk_from(walk, last->at, end, &last->state);
    for (;;) {
        wf_ledger_record_head head;
        wf_text record;
        bool found;
        WF_TRY(wf_ledger_walk_head(walk, &head, &found, error));
        if (!found)
            break;
        WF_TRY(wf_ledger_walk_record(walk, &head, &record, error));
        wf_ledger_link(walk->state.link, record, link);
        if (memcmp(link, head.link, sizeof link) != 0) {
            *ret = false;
            return WEFT_OK;
        }
        wf_ledger_walk_pass(walk, &head);
    }
    *ret = true;
    return WEFT_OK;
}

static void drop_spots_from(wf_ledger_file *file, uint64_t at)
{
    while (file->spots_count > 0 && file->spots[file->spots_count - 1].at >= at)
        file->spots_count--;
}

static weft_status check_not_cut(const wf_ledger *ledger, uint64_t commits,
                                 weft_error *error)
{
    wf_keys_ledger mark = wf_keys_ledger_marked(ledger->options.keys);
    char has[WF_NUMBER_TEXT_MAX], had[WF_NUMBER_TEXT_MAX];
    if (commits >= mark.commits)
        return WEFT_OK;
    return wf_fail(error, WEFT_DAMAGED, "ledger.cut", "path", ledger->folder.text,
                   "commits", wf_number_text(has, (int64_t)commits), "marked",
                   wf_number_text(had, (int64_t)mark.commits), NULL);
}

// Everything is checked before anything is cut. What is there is made durable before it
// counts: it may be of a process that died before its sync. `written` is where what is
// not zero ends.
static weft_status settle(wf_ledger *ledger, wf_ledger_walk *walk, const file_tail *tail,
                          uint64_t written, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    wf_ledger_file *file = &ledger->files[ledger->files_count - 1];
    if (tail->at < file->end) {
        bool torn = true;
        if (tail->at < written)
            WF_TRY(look_at_tail(walk, tail, written, &torn, error));
        if (!torn)
            return wf_ledger_fail("ledger.damaged", ledger->path.text,
                                  tail->state.records + 1, error);
        WF_TRY(check_not_cut(ledger, tail->state.commits, error));
        if (io->truncate(io, ledger->file, (off_t)tail->at) != 0)
            return wf_fail_errno(error, errno, "io.write", ledger->path.text);
        drop_spots_from(file, tail->at);
        file->end = tail->at;
    }
    if (io->sync(io, ledger->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", ledger->path.text);
    ledger->head = tail->state;
    return WEFT_OK;
}

static weft_status find_end_of_newest(wf_ledger *ledger, wf_ledger_walk *walk,
                                      weft_error *error)
{
    wf_ledger_file *file = &ledger->files[ledger->files_count - 1];
    wf_ledger_spot last;
    file_tail tail;
    uint64_t written;
    bool whole;
    WF_TRY(wf_ledger_walk_open(walk, ledger->options.io, ledger->options.city_dir,
                               ledger->files_count, chunk_bytes, error));
    wf_ledger_walk_from(walk, wf_ledger_file_head_bytes, file->end, &file->before);
    WF_TRY(walk_newest(ledger, walk, &last, &tail, error));
    WF_TRY(check_links(walk, &last, tail.at, &whole, error));
    WF_TRY(find_written(walk, last.at, file->end, &written, error));
    tail.torn = tail.torn || written < tail.heads_end + wf_ledger_record_head_bytes;
    // What has something behind it was synced before that was begun.
    if (!whole && tail.at < written)
        return wf_ledger_fail("ledger.damaged", walk->path.text, walk->state.records + 1,
                              error);
    if (!whole) {
        // Unless sectors are missing, or zeroes that were written ahead are still there.
        tail.torn = written + blank_bytes <= tail.heads_end;
        tail.at = last.at;
        tail.state = last.state;
    }
    written = written > tail.heads_end ? written : tail.heads_end;
    return settle(ledger, walk, &tail, written, error);
}

weft_status wf_ledger_find_end(wf_ledger *ledger, weft_error *error)
{
    WF_TRY(find_files(ledger, error));
    if (ledger->files_count > 0) {
        wf_ledger_walk walk = {0};
        weft_status status = find_end_of_newest(ledger, &walk, error);
        wf_ledger_walk_close(&walk);
        WF_TRY(status);
    }
    WF_TRY(check_not_cut(ledger, ledger->head.commits, error));
    if (ledger->head.records == 0)
        return WEFT_OK;
    const wf_key *key;
    return wf_ledger_envelope_key(ledger, &key, error);
}
