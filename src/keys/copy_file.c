#include "keys/copy_file.h"

#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "keys/ring_inside.h"
#include "keys/seal.h"

enum {
    version = 1,
    head_bytes = 176,
    hash_bytes = 32,
    file_max = 64 * 1024 * 1024,
};
static const wf_ring_step nothing = {WF_KEY_CLASS_COUNT, {INT32_MIN}};

static void print_head(unsigned char to[head_bytes], const char *city_id,
                       const wf_keys_copy *copy)
{
    memset(to, 0, head_bytes);
    memcpy(to, "WEFTCOPY", 8);
    wf_put_u32(to + 8, version);
    wf_put_u32(to + 12, (uint32_t)copy->until.number);
    memcpy(to + 16, city_id, 32);
    memcpy(to + 48, copy->id, sizeof copy->id);
    memcpy(to + 64, copy->public_key, sizeof copy->public_key);
    wf_put_u64(to + 96, (uint64_t)copy->made.us);
    memcpy(to + 104, copy->recipient, strnlen(copy->recipient, WF_KEYS_NAME_BYTES - 1));
}

weft_status wf_copy_parse_head(wf_text file, wf_copy_about *ret)
{
    const unsigned char *from = (const unsigned char *)file.bytes;
    if (file.size < head_bytes || memcmp(from, "WEFTCOPY", 8) != 0 ||
        wf_get_u32(from + 8) != version || from[head_bytes - 1] != 0)
        return WEFT_DAMAGED;
    wf_copy_about about = {.copy = {.made = {(int64_t)wf_get_u64(from + 96)},
                                    .until = {(int32_t)wf_get_u32(from + 12)},
                                    .ended = WF_TIME_NONE}};
    memcpy(about.city_id, from + 16, 32);
    memcpy(about.copy.id, from + 48, sizeof about.copy.id);
    memcpy(about.copy.public_key, from + 64, sizeof about.copy.public_key);
    memcpy(about.copy.recipient, from + 104, sizeof about.copy.recipient);
    if (strspn(about.city_id, "0123456789abcdef") != 32 ||
        !wf_text_is_utf8(wf_text_of(about.copy.recipient)))
        return WEFT_DAMAGED;
    *ret = about;
    return WEFT_OK;
}

static void hash_head(const unsigned char head[head_bytes], unsigned char ret[hash_bytes])
{
    int failed = crypto_generichash(ret, hash_bytes, head, head_bytes, NULL, 0);
    WF_ASSERT(failed == 0);
}

// The plain content of the box; the caller wipes it.
static weft_status print_plain(const unsigned char head[head_bytes], const wf_keys *keys,
                               wf_buffer *ret, weft_error *error)
{
    unsigned char hash[hash_bytes];
    wf_buffer ring = {0};
    hash_head(head, hash);
    weft_status status = wf_ring_print(keys, &nothing, &ring, error);
    if (status == WEFT_OK && (!wf_buffer_reserve(ret, sizeof hash + ring.size) ||
                              !wf_buffer_append(ret, hash, sizeof hash) ||
                              !wf_buffer_append(ret, ring.bytes, ring.size)))
        status = wf_fail_memory(error);
    wf_buffer_wipe(&ring);
    return status;
}

weft_status wf_copy_write(const wf_io *io, const char *path, const char *city_id,
                          const wf_keys *keys, const wf_keys_copy *copy,
                          weft_error *error)
{
    unsigned char head[head_bytes];
    wf_recipient to;
    wf_buffer plain = {0}, file = {0};
    if (wf_io_exists(io, path))
        return wf_fail(error, WEFT_CONFLICT, "keys.copy_exists", "path", path, NULL);
    print_head(head, city_id, copy);
    memcpy(to.name, copy->recipient, sizeof to.name);
    memcpy(to.key, copy->public_key, sizeof to.key);
    weft_status status = print_plain(head, keys, &plain, error);
    if (status == WEFT_OK && !wf_buffer_append(&file, head, sizeof head))
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_recipient_seal(&to, wf_buffer_text(&plain), &file, error);
    if (status == WEFT_OK)
        status = wf_io_replace_file(io, path, wf_buffer_text(&file), 0600, error);
    wf_buffer_wipe(&plain);
    wf_buffer_done(&file);
    return status;
}

// ---- reading ----

static weft_status fail_damaged(const char *path, weft_error *error)
{
    wf_error_clear(error);
    return wf_fail(error, WEFT_DAMAGED, "keys.copy_damaged", "path", path, NULL);
}

static weft_status parse_plain(wf_text file, wf_text plain, const char *path,
                               wf_keys **ret, weft_error *error)
{
    unsigned char hash[hash_bytes];
    hash_head((const unsigned char *)file.bytes, hash);
    if (plain.size < hash_bytes || memcmp(plain.bytes, hash, hash_bytes) != 0)
        return fail_damaged(path, error);
    wf_text ring = {plain.bytes + hash_bytes, plain.size - hash_bytes};
    weft_status status = wf_keys_parse(ring, ret, error);
    return status == WEFT_DAMAGED ? fail_damaged(path, error) : status;
}

static weft_status open_file(wf_text file, const char *path,
                             const wf_recipient_secret *secret, wf_copy_about *about,
                             wf_keys **ret, weft_error *error)
{
    wf_buffer plain = {0};
    if (wf_copy_parse_head(file, about) != WEFT_OK)
        return fail_damaged(path, error);
    wf_text box = {file.bytes + head_bytes, file.size - head_bytes};
    weft_status status = wf_recipient_unseal(secret, box, &plain, error);
    if (status == WEFT_DAMAGED) {
        wf_error_clear(error);
        status = wf_fail(error, WEFT_KEYLESS, "keys.copy_other", "path", path, "name",
                         about->copy.recipient, NULL);
    }
    if (status == WEFT_OK)
        status = parse_plain(file, wf_buffer_text(&plain), path, ret, error);
    wf_buffer_wipe(&plain);
    return status;
}

weft_status wf_copy_read(const wf_io *io, const char *path,
                         const wf_recipient_secret *secret, wf_copy_about *ret_about,
                         wf_keys **ret, weft_error *error)
{
    wf_arena arena;
    wf_text file;
    wf_copy_about about;
    wf_arena_init(&arena, 0);
    weft_status status = wf_io_read_file(io, path, file_max, &arena, &file, error);
    if (status == WEFT_TOO_LARGE)
        status = fail_damaged(path, error);
    if (status == WEFT_OK)
        status = open_file(file, path, secret, &about, ret, error);
    if (status == WEFT_OK)
        *ret_about = about;
    wf_arena_done(&arena);
    return status;
}
