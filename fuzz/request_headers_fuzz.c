// Headers, one a line ("Name: value"): what is judged good says one thing only; languages
// and cookies are read from the same bytes.
#include <string.h>

#include "serve/http/headers.h"
#include "serve/http/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_line(wf_headers *headers, wf_text line)
{
    const char *colon = line.size > 0 ? memchr(line.bytes, ':', line.size) : NULL;
    size_t name = colon != NULL ? (size_t)(colon - line.bytes) : line.size;
    size_t from = colon != NULL ? name + 1 : name;
    wf_headers_add(headers, (wf_text){line.bytes, name},
                   wf_text_trim((wf_text){line.bytes + from, line.size - from}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_headers headers = {0};
    wf_framing framing;
    weft_error error = {0};
    wf_text all = {(const char *)data, size}, rest = all;
    while (rest.size > 0) {
        const char *end = memchr(rest.bytes, '\n', rest.size);
        size_t line = end != NULL ? (size_t)(end - rest.bytes) : rest.size;
        take_line(&headers, (wf_text){rest.bytes, line});
        line += end != NULL;
        rest = (wf_text){rest.bytes + line, rest.size - line};
    }
    if (wf_headers_judge(&headers, 1, &framing, &error) == WEFT_OK) {
        WF_ASSERT(wf_headers_get(&headers, "Host").size > 0);
        WF_ASSERT(!framing.chunked ||
                  wf_headers_get(&headers, "Content-Length").bytes == NULL);
        WF_ASSERT(framing.has_body || framing.length == 0);
    }
    wf_language language = wf_language_of_header(all, WF_LANGUAGE_EN);
    WF_ASSERT(language == WF_LANGUAGE_EN || language == WF_LANGUAGE_ZH);
    wf_text cookie = wf_cookie_get(all, WF_TEXT("weft"));
    WF_ASSERT(cookie.bytes == NULL || (cookie.bytes >= all.bytes &&
                                       cookie.bytes + cookie.size <= all.bytes + size));
    return 0;
}
