// Tokens of pages, which come back in addresses: what was not made here is none, what was
// made of these bytes is those bytes again, and is none for another list.
#include <string.h>

#include "store/query/page_token.h"
#include "support/test_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const wf_key *key = test_key_of(0);
    wf_text given = {(const char *)data, size}, token;
    wf_buffer plain = {0};
    weft_error error = {0};
    wf_arena arena;
    wf_arena_init(&arena, 16 << 20);
    // Nobody guesses a seal.
    WF_ASSERT(wf_page_token_read(key, WF_TEXT("list"), given, &arena, &plain, &error) ==
                  WEFT_BAD_INPUT &&
              plain.size == 0);
    if (size <= 4096) {
        WF_ASSERT(wf_page_token_make(key, WF_TEXT("list"), given, &arena, &token,
                                     &error) == WEFT_OK);
        WF_ASSERT(wf_page_token_read(key, WF_TEXT("other"), token, &arena, &plain,
                                     &error) == WEFT_BAD_INPUT);
        WF_ASSERT(wf_page_token_read(key, WF_TEXT("list"), token, &arena, &plain,
                                     &error) == WEFT_OK);
        WF_ASSERT(wf_text_equal(wf_buffer_text(&plain), given));
    }
    wf_buffer_done(&plain);
    wf_arena_done(&arena);
    return 0;
}
