// The spill file of a day, visits/<day>.spill: rows of a delivery that found no room in
// memory, sealed under the day's key and removed at the end of the delivery.
//
//   OFFSET SIZE
//   0      8    "WEFTSPIL"
//   8      …    chunks of rows, each sealed as a piece (seal.h) of its own
//
// Where the chunks stand and the nonce are known only to the delivery that wrote it: a
// spill file that is found on opening is of no use and is removed.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/grow.h"
#include "keys/seal.h"
#include "visits/pile.h"

enum { head_bytes = 8 };

static const wf_text context = {"weft spill", 10};

static weft_status reserve_spilled(wf_pile *pile, weft_error *error)
{
    wf_spilled *spilled = wf_grow(pile->spilled, pile->spilled_count,
                                  &pile->spilled_capacity, sizeof *spilled);
    if (spilled == NULL)
        return wf_fail_memory(error);
    pile->spilled = spilled;
    return WEFT_OK;
}

typedef struct {
    wf_pile *pile;
    const wf_visits *visits;
    const wf_key *key;
    const char *path;
    int file;
    unsigned char *sealed; // room for a chunk and its tag
} spiller;

// Spills a list of chunks; what was written is taken off the list at once.
static weft_status spill_list(spiller *s, wf_chunk **list, bool meetings,
                              weft_error *error)
{
    wf_pile *pile = s->pile;
    while (*list != NULL) {
        wf_chunk *chunk = *list;
        WF_TRY(reserve_spilled(pile, error));
        wf_seal_piece(s->key, pile->spill_nonce, pile->spilled_count, context,
                      chunk->rows, chunk->used, s->sealed);
        size_t size = chunk->used + WF_SEAL_TAG_BYTES;
        WF_TRY(wf_io_pwrite_all(s->visits->io, s->file, s->sealed, size,
                                (off_t)pile->spill_end, s->path, error));
        pile->spilled[pile->spilled_count++] =
            (wf_spilled){pile->spill_end, (uint32_t)chunk->used, meetings};
        pile->spill_end += size;
        pile->memory_bytes -= chunk->size;
        *list = chunk->next;
        wf_chunk_free(chunk);
    }
    return WEFT_OK;
}

static weft_status spill_all(spiller *s, weft_error *error)
{
    if (s->pile->spill_end == 0) {
        WF_TRY(wf_io_pwrite_all(s->visits->io, s->file, "WEFTSPIL", head_bytes, 0,
                                s->path, error));
        wf_random_bytes(s->pile->spill_nonce, sizeof s->pile->spill_nonce);
        s->pile->spill_end = head_bytes;
    }
    WF_TRY(spill_list(s, &s->pile->visits, false, error));
    return spill_list(s, &s->pile->meetings, true, error);
}

static size_t largest_used(const wf_pile *pile)
{
    size_t largest = 0;
    const wf_chunk *const lists[] = {pile->visits, pile->meetings};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const wf_chunk *chunk = lists[i]; chunk != NULL; chunk = chunk->next)
            if (chunk->used > largest)
                largest = chunk->used;
    return largest;
}

weft_status wf_pile_spill(wf_pile *pile, const wf_visits *visits, const wf_key *key,
                          weft_error *error)
{
    const wf_io *io = visits->io;
    wf_path path;
    WF_TRY(wf_store_spill_path(visits, pile->day, &path, error));
    spiller s = {pile, visits, key, path.text, -1, NULL};
    s.sealed = malloc(largest_used(pile) + WF_SEAL_TAG_BYTES);
    if (s.sealed == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    s.file = io->open(io, path.text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (s.file < 0)
        status = wf_fail_errno(error, errno, "io.open", path.text);
    else
        pile->has_spill_file = true;
    if (status == WEFT_OK)
        status = spill_all(&s, error);
    if (s.file >= 0 && io->close(io, s.file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path.text);
    free(s.sealed);
    return status;
}

void wf_pile_remove_spill(wf_pile *pile, const wf_visits *visits)
{
    wf_path path;
    weft_error second = {0};
    if (pile->has_spill_file &&
        wf_store_spill_path(visits, pile->day, &path, &second) == WEFT_OK)
        WF_IGNORE(visits->io->unlink(visits->io, path.text),
                  "what stays is removed on opening");
    pile->has_spill_file = false;
}

static weft_status read_piece(const wf_pile *pile, const wf_visits *visits,
                              const wf_key *key, size_t index, unsigned char *sealed,
                              int file, const char *path, unsigned char *into,
                              weft_error *error)
{
    const wf_spilled *piece = &pile->spilled[index];
    size_t size = piece->size + WF_SEAL_TAG_BYTES;
    WF_TRY(
        wf_io_pread_all(visits->io, file, sealed, size, (off_t)piece->at, path, error));
    if (!wf_open_piece(key, pile->spill_nonce, index, context, sealed, size, into))
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", "path", path, NULL);
    return WEFT_OK;
}

weft_status wf_spill_read(const wf_pile *pile, const wf_visits *visits, const wf_key *key,
                          size_t index, unsigned char *into, weft_error *error)
{
    const wf_io *io = visits->io;
    wf_path path;
    WF_TRY(wf_store_spill_path(visits, pile->day, &path, error));
    unsigned char *sealed = malloc(pile->spilled[index].size + WF_SEAL_TAG_BYTES);
    if (sealed == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    int file = io->open(io, path.text, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) {
        status = wf_fail_errno(error, errno, "io.open", path.text);
    } else {
        status =
            read_piece(pile, visits, key, index, sealed, file, path.text, into, error);
        WF_IGNORE(io->close(io, file), "a file only read loses nothing in closing");
    }
    free(sealed);
    return status;
}
