#include "keys/seal.h"

#include <sodium.h>
#include <string.h>

#include "keys/key.h"

enum { nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

_Static_assert(nonce_bytes + WF_SEAL_TAG_BYTES == WF_SEAL_BLOB_OVERHEAD,
               "the overhead of a blob is its nonce and its tag");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == WF_SEAL_TAG_BYTES,
               "the tag is Poly1305's");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == WF_KEY_BYTES,
               "a key of the ring fits the cipher");

void wf_random_bytes(void *bytes, size_t size)
{
    WF_ASSERT(sodium_init() >= 0);
    randombytes_buf(bytes, size);
}

static void seal(const wf_key *key, const unsigned char *nonce, wf_text context,
                 const void *plain, size_t plain_size, unsigned char *out)
{
    unsigned long long sealed_size = 0;
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        out, &sealed_size, plain, plain_size, (const unsigned char *)context.bytes,
        context.size, NULL, nonce, key->bytes);
    WF_ASSERT(failed == 0 && sealed_size == plain_size + WF_SEAL_TAG_BYTES);
}

static bool open_sealed(const wf_key *key, const unsigned char *nonce, wf_text context,
                        const void *sealed, size_t sealed_size, unsigned char *out)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               out, NULL, NULL, sealed, sealed_size, (const unsigned char *)context.bytes,
               context.size, nonce, key->bytes) == 0;
}

weft_status wf_seal_blob(const wf_key *key, wf_text context, wf_text plain,
                         wf_buffer *ret, weft_error *error)
{
    if (plain.size > SIZE_MAX - WF_SEAL_BLOB_OVERHEAD ||
        !wf_buffer_reserve(ret, plain.size + WF_SEAL_BLOB_OVERHEAD))
        return wf_fail_memory(error);
    unsigned char *at = (unsigned char *)ret->bytes + ret->size;
    wf_random_bytes(at, nonce_bytes);
    seal(key, at, context, plain.bytes, plain.size, at + nonce_bytes);
    ret->size += plain.size + WF_SEAL_BLOB_OVERHEAD;
    return WEFT_OK;
}

weft_status wf_open_blob(const wf_key *key, wf_text context, wf_text sealed,
                         wf_buffer *ret, weft_error *error)
{
    if (sealed.size < WF_SEAL_BLOB_OVERHEAD)
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", NULL);
    size_t plain_size = sealed.size - WF_SEAL_BLOB_OVERHEAD;
    // One byte more, so that an empty blob has somewhere to open into.
    if (!wf_buffer_reserve(ret, plain_size + 1))
        return wf_fail_memory(error);
    const unsigned char *from = (const unsigned char *)sealed.bytes;
    if (!open_sealed(key, from, context, from + nonce_bytes, sealed.size - nonce_bytes,
                     (unsigned char *)ret->bytes + ret->size))
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", NULL);
    ret->size += plain_size;
    return WEFT_OK;
}

static void piece_nonce(unsigned char nonce[nonce_bytes], const unsigned char *nonce16,
                        uint64_t piece)
{
    memcpy(nonce, nonce16, WF_SEAL_PIECE_NONCE_BYTES);
    for (size_t i = 0; i < 8; i++)
        nonce[WF_SEAL_PIECE_NONCE_BYTES + i] = (unsigned char)(piece >> (8 * i));
}

void wf_seal_piece(const wf_key *key,
                   const unsigned char nonce16[WF_SEAL_PIECE_NONCE_BYTES], uint64_t piece,
                   wf_text context, const void *plain, size_t plain_size, void *out)
{
    unsigned char nonce[nonce_bytes];
    piece_nonce(nonce, nonce16, piece);
    seal(key, nonce, context, plain, plain_size, out);
}

bool wf_open_piece(const wf_key *key,
                   const unsigned char nonce16[WF_SEAL_PIECE_NONCE_BYTES], uint64_t piece,
                   wf_text context, const void *sealed, size_t sealed_size, void *out)
{
    if (sealed_size < WF_SEAL_TAG_BYTES)
        return false;
    unsigned char nonce[nonce_bytes];
    piece_nonce(nonce, nonce16, piece);
    return open_sealed(key, nonce, context, sealed, sealed_size, out);
}

void wf_seal_derive(const wf_key *key, wf_text purpose,
                    unsigned char ret[WF_SEAL_SECRET_BYTES])
{
    int failed = crypto_generichash(ret, WF_SEAL_SECRET_BYTES,
                                    (const unsigned char *)purpose.bytes, purpose.size,
                                    key->bytes, sizeof key->bytes);
    WF_ASSERT(failed == 0);
}
