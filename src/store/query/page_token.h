// Tokens of pages: where a page ended, sealed, since its last row may name a person and
// the token stands in addresses.
//
// base64url of a blob of keys/seal.h; its context says of which list it is, and a token
// of another list is none.
#ifndef WF_STORE_QUERY_PAGE_TOKEN_H
#define WF_STORE_QUERY_PAGE_TOKEN_H

#include "base/arena.h"
#include "base/text.h"
#include "keys/ring.h"

weft_status wf_page_token_make(const wf_key *key, wf_text context, wf_text plain,
                               wf_arena *arena, wf_text *ret,
                               weft_error *error) WEFT_MUST_CHECK;
// Appends to *ret. WEFT_BAD_INPUT ("view.after"): changed, too long, or of another list.
weft_status wf_page_token_read(const wf_key *key, wf_text context, wf_text token,
                               wf_arena *arena, wf_buffer *ret,
                               weft_error *error) WEFT_MUST_CHECK;
weft_status wf_page_token_fail(weft_error *error); // says that it is none

#endif
