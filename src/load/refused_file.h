// The bytes of a file of refused rows (drawn in refused.h); for refused_*.c only.
#ifndef WF_LOAD_REFUSED_FILE_H
#define WF_LOAD_REFUSED_FILE_H

#include <string.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "keys/seal.h"
#include "load/refused.h"

enum {
    refused_nonce_bytes = 16,
    refused_head_bytes = 36,
    refused_chunk_head_bytes = 24,
    refused_chunk_bytes = 1 << 16, // what a chunk of rows holds before it is sealed
    refused_reasons_max = 31,      // that rows of a chunk call by number
    refused_sealed_bytes_max = 4 << 20
};

static const char refused_magic[8] = "WEFTREF\1";
static const char refused_suffix[] = ".rows";
static const char refused_next_suffix[] = ".rows.next"; // "-v18" follows when complete

typedef struct {
    uint32_t sealed_size;
    uint32_t number;
    uint32_t key_class;
    int32_t day;
    uint32_t type;
    uint32_t rows;
} refused_chunk;

typedef enum {
    CHUNK_ABOUT = 1,
    CHUNK_SOURCE,
    CHUNK_ROWS_BARE, // reasons without their values: read, and not written any more
    CHUNK_END,
    CHUNK_ROWS
} refused_chunk_type;

static inline bool refused_chunk_has_rows(const refused_chunk *chunk)
{
    return chunk->type == CHUNK_ROWS || chunk->type == CHUNK_ROWS_BARE;
}

static inline void refused_put_chunk(unsigned char at[refused_chunk_head_bytes],
                                     const refused_chunk *chunk)
{
    wf_put_u32(at, chunk->sealed_size);
    wf_put_u32(at + 4, chunk->number);
    wf_put_u32(at + 8, chunk->key_class);
    wf_put_u32(at + 12, (uint32_t)chunk->day);
    wf_put_u32(at + 16, chunk->type);
    wf_put_u32(at + 20, chunk->rows);
}

static inline refused_chunk refused_get_chunk(const unsigned char *at)
{
    return (refused_chunk){.sealed_size = wf_get_u32(at),
                           .number = wf_get_u32(at + 4),
                           .key_class = wf_get_u32(at + 8),
                           .day = (int32_t)wf_get_u32(at + 12),
                           .type = wf_get_u32(at + 16),
                           .rows = wf_get_u32(at + 20)};
}

// What a chunk's blob is bound to: the file's head (which has its nonce) and its own.
typedef struct {
    unsigned char bytes[refused_head_bytes + refused_chunk_head_bytes];
} refused_context;

static inline wf_text refused_context_of(const unsigned char *head,
                                         const unsigned char *chunk_head,
                                         refused_context *context)
{
    memcpy(context->bytes, head, refused_head_bytes);
    memcpy(context->bytes + refused_head_bytes, chunk_head, refused_chunk_head_bytes);
    return (wf_text){(const char *)context->bytes, sizeof context->bytes};
}

// ---- chunks of a file one after another, still sealed (refused_read.c) ----

typedef struct {
    const wf_refused_folder *folder;
    wf_path path;
    int file;
    off_t size, at;
    unsigned char head[refused_head_bytes];
    unsigned char chunk_head[refused_chunk_head_bytes];
    refused_chunk chunk;
    off_t chunk_at; // where its head begins
    wf_buffer sealed;
} refused_chunks;

weft_status wf_refused_chunks_open(refused_chunks *in, const wf_refused_folder *folder,
                                   const char *name, weft_error *error) WEFT_MUST_CHECK;
void wf_refused_chunks_close(refused_chunks *in);
// *ret_end at the end of the file.
weft_status wf_refused_chunks_next(refused_chunks *in, bool *ret_end,
                                   weft_error *error) WEFT_MUST_CHECK;
bool wf_refused_chunk_is_forgotten(const refused_chunks *in);

// ---- names (refused_folder.c) ----

// Names come from a person: only what refused_write.c makes is a name.
bool wf_refused_is_name(const char *name);
weft_status wf_refused_folder_path(const char *city_dir, wf_path *ret,
                                   weft_error *error) WEFT_MUST_CHECK;

#endif
