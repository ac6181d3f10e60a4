#include "store/database/sealed_page.h"

#include <sodium.h>
#include <string.h>

#include "keys/seal.h"

enum {
    content_bytes = WF_PAGE_BYTES - WF_PAGE_RESERVED,
    sealed_bytes = content_bytes + 8, // with the mark
    tag_at = sealed_bytes,
    nonce_at = tag_at + WF_SEAL_TAG_BYTES,
    salts_at = 8, // in a frame's header
    bound_bytes = 16,
    log_magic = 0x377f0682, // its lowest bit: checksums read words big end first
    log_version = 3007000
};

_Static_assert(nonce_at + WF_SEAL_PIECE_NONCE_BYTES == WF_PAGE_BYTES,
               "the reserved bytes are mark, tag and nonce");
_Static_assert(crypto_shorthash_BYTES == 8, "the masked checksum has 8 bytes");
_Static_assert(crypto_shorthash_KEYBYTES == sizeof((wf_sealer *)0)->mask,
               "the mask's key fits its hash");

static const char sqlite_head[WF_PAGE_HEAD] = "SQLite format 3";

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 |
           from[3];
}

void wf_sealer_init(const wf_key *key, wf_sealer *ret)
{
    unsigned char secret[WF_SEAL_SECRET_BYTES];
    // Before it libsodium uses its slow forms.
    WF_ASSERT(sodium_init() >= 0);
    wf_seal_derive(key, WF_TEXT("weft sealed file: mask, fingerprint"), secret);
    ret->key = key;
    memcpy(ret->mask, secret, sizeof ret->mask);
    memcpy(ret->head, "WEFTREC1", 8);
    memcpy(ret->head + 8, secret + sizeof ret->mask, 8);
    sodium_memzero(secret, sizeof secret);
}

void wf_sealer_done(wf_sealer *sealer)
{
    sodium_memzero(sealer, sizeof *sealer);
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    unsigned char any = 0;
    for (size_t i = 0; i < size; i++)
        any |= bytes[i];
    return any == 0;
}

// ---- pages of the database ----

// Page 1 begins with a clear head, which is authenticated by being a constant.
static size_t clear_bytes(uint32_t number)
{
    return number == 1 ? WF_PAGE_HEAD : 0;
}

bool wf_page_seal(const wf_sealer *sealer, uint32_t number, const unsigned char *plain,
                  unsigned char *out)
{
    size_t clear = clear_bytes(number);
    if (!is_zero(plain + content_bytes, WF_PAGE_RESERVED) ||
        memcmp(plain, sqlite_head, clear) != 0)
        return false;
    memcpy(out, sealer->head, clear);
    wf_random_bytes(out + nonce_at, WF_SEAL_PIECE_NONCE_BYTES);
    wf_seal_piece(sealer->key, out + nonce_at, number, WF_TEXT("weft page"),
                  plain + clear, sealed_bytes - clear, out + clear);
    return true;
}

bool wf_page_open(const wf_sealer *sealer, uint32_t number, const unsigned char *sealed,
                  unsigned char *out)
{
    size_t clear = clear_bytes(number);
    if (memcmp(sealed, sealer->head, clear) != 0 ||
        !wf_open_piece(sealer->key, sealed + nonce_at, number, WF_TEXT("weft page"),
                       sealed + clear, nonce_at - clear, out + clear))
        return false;
    memcpy(out, sqlite_head, clear);
    memset(out + content_bytes, 0, WF_PAGE_RESERVED);
    return true;
}

void wf_page_first(unsigned char ret[WF_PAGE_BYTES])
{
    static const unsigned char form[] = {WF_PAGE_BYTES >> 8, 0,  2,  2, // both by log
                                         WF_PAGE_RESERVED,   64, 32, 32};
    memset(ret, 0, WF_PAGE_BYTES);
    memcpy(ret, sqlite_head, sizeof sqlite_head);
    memcpy(ret + 16, form, sizeof form);
    put_u32(ret + 24, 1); // change counter
    put_u32(ret + 28, 1); // pages
    put_u32(ret + 92, 1); // the change counter for which the pages were counted
    put_u32(ret + 96, 3040001);
    ret[100] = 13; // an empty leaf of the table of tables
    ret[105] = content_bytes >> 8;
    ret[106] = content_bytes & 0xFF;
}

// ---- frames of the log ----

void wf_frame_mask(const wf_sealer *sealer, uint32_t frame,
                   unsigned char header[WF_FRAME_HEADER])
{
    unsigned char what[4 + bound_bytes], mask[crypto_shorthash_BYTES];
    put_u32(what, frame);
    memcpy(what + 4, header, bound_bytes);
    crypto_shorthash(mask, what, sizeof what, sealer->mask);
    for (size_t i = 0; i < sizeof mask; i++)
        header[bound_bytes + i] ^= mask[i];
}

enum { context_bytes = 10 + bound_bytes };

static wf_text frame_context(const unsigned char *header,
                             unsigned char room[context_bytes])
{
    memcpy(room, "weft frame", 10);
    memcpy(room + 10, header, bound_bytes);
    return (wf_text){(const char *)room, context_bytes};
}

bool wf_frame_seal(const wf_sealer *sealer, uint32_t frame, const unsigned char *header,
                   wf_frame_mark mark, const unsigned char *plain, unsigned char *out)
{
    unsigned char room[context_bytes], marked[sealed_bytes];
    if (!is_zero(plain + content_bytes, WF_PAGE_RESERVED))
        return false;
    memcpy(marked, plain, content_bytes);
    put_u32(marked + content_bytes, mark.durable);
    put_u32(marked + content_bytes + 4, mark.sequence);
    wf_random_bytes(out + nonce_at, WF_SEAL_PIECE_NONCE_BYTES);
    wf_seal_piece(sealer->key, out + nonce_at, frame, frame_context(header, room), marked,
                  sealed_bytes, out);
    return true;
}

bool wf_frame_open(const wf_sealer *sealer, uint32_t frame, const unsigned char *header,
                   const unsigned char *sealed, wf_frame_mark *ret_mark,
                   unsigned char *out)
{
    unsigned char room[context_bytes];
    if (!wf_open_piece(sealer->key, sealed + nonce_at, frame, frame_context(header, room),
                       sealed, nonce_at, out))
        return false;
    ret_mark->durable = get_u32(out + content_bytes);
    ret_mark->sequence = get_u32(out + content_bytes + 4);
    memset(out + content_bytes, 0, WF_PAGE_RESERVED);
    return true;
}

// ---- the header of the log ----

// SQLite's checksum, going on from sums[]; `size` is a multiple of 8.
static void add_up(const unsigned char *bytes, size_t size, bool big, uint32_t sums[2])
{
    for (size_t i = 0; i < size; i += 8) {
        uint32_t words[2] = {get_u32(bytes + i), get_u32(bytes + i + 4)};
        if (!big) {
            words[0] = __builtin_bswap32(words[0]);
            words[1] = __builtin_bswap32(words[1]);
        }
        sums[0] += words[0] + sums[1];
        sums[1] += words[1] + sums[0];
    }
}

static void log_checksum(const unsigned char *header, unsigned char ret[8])
{
    uint32_t sums[2] = {0, 0};
    add_up(header, 24, (header[3] & 1) != 0, sums);
    put_u32(ret, sums[0]);
    put_u32(ret + 4, sums[1]);
}

bool wf_log_header_is_whole(const unsigned char header[WF_LOG_HEADER])
{
    unsigned char sums[8];
    log_checksum(header, sums);
    return (get_u32(header) & ~UINT32_C(1)) == log_magic &&
           get_u32(header + 4) == log_version && get_u32(header + 8) == WF_PAGE_BYTES &&
           memcmp(header + 24, sums, sizeof sums) == 0;
}

bool wf_frame_follows(const unsigned char log_header[WF_LOG_HEADER],
                      const unsigned char before[8],
                      const unsigned char header[WF_FRAME_HEADER],
                      const unsigned char *page)
{
    bool big = (log_header[3] & 1) != 0;
    uint32_t sums[2] = {get_u32(before), get_u32(before + 4)};
    add_up(header, 8, big, sums);
    add_up(page, WF_PAGE_BYTES, big, sums);
    return get_u32(header + 16) == sums[0] && get_u32(header + 20) == sums[1] &&
           memcmp(header + 8, log_header + 16, 8) == 0;
}

void wf_log_header_make(uint32_t sequence, const unsigned char salts[8],
                        unsigned char ret[WF_LOG_HEADER])
{
    bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    put_u32(ret, log_magic | (uint32_t)big);
    put_u32(ret + 4, log_version);
    put_u32(ret + 8, WF_PAGE_BYTES);
    put_u32(ret + 12, sequence);
    memcpy(ret + 16, salts, 8);
    log_checksum(ret, ret + 24);
}

uint32_t wf_log_header_sequence(const unsigned char header[WF_LOG_HEADER])
{
    return get_u32(header + 12);
}
