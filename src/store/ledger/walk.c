#include "store/ledger/walk.h"

#include <errno.h>
#include <fcntl.h>

weft_status wf_ledger_fail(const char *code, const char *path, uint64_t record,
                           weft_error *error)
{
    char number[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_DAMAGED, code, "path", path, "record",
                   wf_number_text(number, (int64_t)record), NULL);
}

static void close_file(wf_ledger_walk *walk)
{
    if (walk->is_open)
        WF_IGNORE(walk->io->close(walk->io, walk->file),
                  "a file opened for reading holds nothing unwritten");
    walk->is_open = false;
    wf_buffer_clear(&walk->window);
}

weft_status wf_ledger_walk_open(wf_ledger_walk *walk, const wf_io *io,
                                const char *city_dir, uint64_t file_number,
                                size_t chunk_bytes, weft_error *error)
{
    close_file(walk);
    WF_TRY(wf_ledger_file_path(city_dir, file_number, &walk->path, error));
    int file = io->open(io, walk->path.text, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", walk->path.text);
    walk->io = io;
    walk->file = file;
    walk->is_open = true;
    walk->chunk_bytes = chunk_bytes;
    return WEFT_OK;
}

void wf_ledger_walk_from(wf_ledger_walk *walk, uint64_t at, uint64_t end,
                         const wf_ledger_state *state)
{
    walk->at = at;
    walk->end = end;
    walk->state = *state;
}

void wf_ledger_walk_close(wf_ledger_walk *walk)
{
    close_file(walk);
    wf_buffer_done(&walk->window);
}

weft_status wf_ledger_walk_bytes(wf_ledger_walk *walk, size_t size,
                                 const unsigned char **ret, weft_error *error)
{
    WF_ASSERT(walk->is_open && walk->at <= walk->end && size <= walk->end - walk->at);
    uint64_t from = walk->window_at, upto = from + walk->window.size;
    if (walk->at < from || walk->at + size > upto) {
        uint64_t left = walk->end - walk->at;
        size_t part = size > walk->chunk_bytes ? size : walk->chunk_bytes;
        part = part > left ? (size_t)left : part;
        wf_buffer_clear(&walk->window);
        if (!wf_buffer_reserve(&walk->window, part))
            return wf_fail_memory(error);
        WF_TRY(wf_io_pread_all(walk->io, walk->file, walk->window.bytes, part,
                               (off_t)walk->at, walk->path.text, error));
        walk->window.size = part;
        walk->window_at = walk->at;
    }
    *ret = (const unsigned char *)walk->window.bytes + (walk->at - walk->window_at);
    return WEFT_OK;
}

weft_status wf_ledger_walk_head(wf_ledger_walk *walk, wf_ledger_record_head *ret,
                                bool *ret_found, weft_error *error)
{
    const unsigned char *bytes;
    wf_ledger_record_head head;
    uint64_t left = walk->end - walk->at;
    if (left == 0) {
        *ret_found = false;
        return WEFT_OK;
    }
    if (left < wf_ledger_record_head_bytes)
        return wf_ledger_fail("ledger.damaged", walk->path.text, walk->state.records + 1,
                              error);
    WF_TRY(wf_ledger_walk_bytes(walk, wf_ledger_record_head_bytes, &bytes, error));
    if (!wf_ledger_parse_head(bytes, &head) ||
        !wf_ledger_head_fits(&head, &walk->state) || head.size > left)
        return wf_ledger_fail("ledger.damaged", walk->path.text, walk->state.records + 1,
                              error);
    *ret = head;
    *ret_found = true;
    return WEFT_OK;
}

weft_status wf_ledger_walk_record(wf_ledger_walk *walk, const wf_ledger_record_head *head,
                                  wf_text *ret, weft_error *error)
{
    const unsigned char *bytes;
    WF_TRY(wf_ledger_walk_bytes(walk, head->size, &bytes, error));
    *ret = (wf_text){(const char *)bytes, head->size};
    return WEFT_OK;
}

void wf_ledger_walk_pass(wf_ledger_walk *walk, const wf_ledger_record_head *head)
{
    walk->at += head->size;
    wf_ledger_state_pass(&walk->state, head);
}
