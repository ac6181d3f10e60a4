#include "store/query/page_token.h"

#include <sodium.h>

#include "keys/seal.h"

enum { token_bytes_max = 16 * 1024, variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static weft_status encode(const wf_buffer *sealed, wf_arena *arena, wf_text *ret,
                          weft_error *error)
{
    size_t room = sodium_base64_encoded_len(sealed->size, variant);
    char *text = wf_arena_new(arena, room);
    if (text == NULL)
        return wf_fail_memory(error);
    sodium_bin2base64(text, room, (const unsigned char *)sealed->bytes, sealed->size,
                      variant);
    *ret = wf_text_of(text);
    return WEFT_OK;
}

weft_status wf_page_token_make(const wf_key *key, wf_text context, wf_text plain,
                               wf_arena *arena, wf_text *ret, weft_error *error)
{
    wf_buffer sealed = {0};
    weft_status status = wf_seal_blob(key, context, plain, &sealed, error);
    if (status == WEFT_OK)
        status = encode(&sealed, arena, ret, error);
    wf_buffer_done(&sealed);
    return status;
}

weft_status wf_page_token_fail(weft_error *error)
{
    return wf_fail(error, WEFT_BAD_INPUT, "view.after", NULL);
}

weft_status wf_page_token_read(const wf_key *key, wf_text context, wf_text token,
                               wf_arena *arena, wf_buffer *ret, weft_error *error)
{
    size_t size = 0;
    if (token.size > token_bytes_max)
        return wf_page_token_fail(error);
    unsigned char *sealed = wf_arena_new(arena, token.size + 1);
    if (sealed == NULL)
        return wf_fail_memory(error);
    if (sodium_base642bin(sealed, token.size, token.bytes, token.size, NULL, &size, NULL,
                          variant) != 0)
        return wf_page_token_fail(error);
    weft_status status =
        wf_open_blob(key, context, (wf_text){(const char *)sealed, size}, ret, error);
    return status == WEFT_DAMAGED ? wf_page_token_fail(error) : status;
}
