#include "serve/http/headers.h"

#include <string.h>

static bool is_token(wf_text text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.size; i++) {
        char letter = text.bytes[i], small = (char)(letter | 0x20);
        bool plain = (small >= 'a' && small <= 'z') || (letter >= '0' && letter <= '9');
        if (!plain && (letter == '\0' || strchr(others, letter) == NULL))
            return false;
    }
    return text.size > 0;
}

static bool has_control(wf_text text)
{
    unsigned char found = 0;
    // To the end, whatever is found: so it is many bytes at a time.
    for (size_t i = 0; i < text.size; i++) {
        unsigned char letter = (unsigned char)text.bytes[i];
        found |= (unsigned char)(((letter < ' ') & (letter != '\t')) | (letter == 0x7f));
    }
    return found != 0;
}

void wf_headers_add(wf_headers *headers, wf_text name, wf_text value)
{
    if (headers->count == wf_headers_max || value.size > wf_header_value_bytes_max) {
        headers->too_many = true;
        return;
    }
    if (!is_token(name) || has_control(value))
        headers->malformed = true;
    headers->items[headers->count++] = (wf_header){name, value};
}

static bool is_named(const wf_header *header, wf_text name)
{
    return header->name.size == name.size &&
           strncasecmp(header->name.bytes, name.bytes, name.size) == 0;
}

static size_t count_of(const wf_headers *headers, wf_text name)
{
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++)
        count += is_named(&headers->items[i], name);
    return count;
}

wf_text wf_headers_get(const wf_headers *headers, const char *name)
{
    wf_text wanted = wf_text_of(name);
    for (size_t i = headers->count; i > 0; i--)
        if (is_named(&headers->items[i - 1], wanted))
            return headers->items[i - 1].value;
    return (wf_text){NULL, 0};
}

static bool is_digits(wf_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.size > 0;
}

static weft_status judge_length(const wf_headers *headers, wf_framing *ret,
                                weft_error *error)
{
    size_t count = count_of(headers, WF_TEXT("Content-Length"));
    wf_text text = wf_headers_get(headers, "Content-Length");
    int64_t length = 0;
    if (count == 0)
        return WEFT_OK;
    if (count > 1 || ret->chunked || !is_digits(text) ||
        !wf_parse_i64(text, 0, INT64_MAX, &length))
        return wf_fail(error, WEFT_BAD_INPUT, "http.length", NULL);
    ret->length = (uint64_t)length;
    ret->has_body = length > 0;
    return WEFT_OK;
}

static weft_status judge_transfer(const wf_headers *headers, int minor, wf_framing *ret,
                                  weft_error *error)
{
    size_t count = count_of(headers, WF_TEXT("Transfer-Encoding"));
    wf_text text = wf_headers_get(headers, "Transfer-Encoding");
    if (count == 0)
        return WEFT_OK;
    if (count > 1 || minor == 0 || text.size != strlen("chunked") ||
        strncasecmp(text.bytes, "chunked", text.size) != 0)
        return wf_fail(error, WEFT_BAD_INPUT, "http.transfer", NULL);
    ret->chunked = ret->has_body = true;
    return WEFT_OK;
}

// A host is letters, digits and what addresses and ports are written with.
static bool is_host(wf_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char letter = (unsigned char)text.bytes[i];
        if (letter <= ' ' || letter >= 0x7f || strchr("/\\?#@,\"<>", letter) != NULL)
            return false;
    }
    return text.size > 0;
}

static weft_status judge_host(const wf_headers *headers, int minor, weft_error *error)
{
    size_t count = count_of(headers, WF_TEXT("Host"));
    if (count == 0 && minor == 0)
        return WEFT_OK;
    if (count != 1 || !is_host(wf_headers_get(headers, "Host")))
        return wf_fail(error, WEFT_BAD_INPUT, "http.host", NULL);
    return WEFT_OK;
}

weft_status wf_headers_judge(const wf_headers *headers, int minor, wf_framing *ret,
                             weft_error *error)
{
    // Those of which a second one could mean something else to somebody.
    static const wf_text once[] = {
        WF_TEXT("Authorization"), WF_TEXT("Content-Type"),    WF_TEXT("Content-Encoding"),
        WF_TEXT("Expect"),        WF_TEXT("Last-Event-ID"),   WF_TEXT("Weft-Purpose"),
        WF_TEXT("Weft-CSRF"),     WF_TEXT("Weft-SSO-Secret"), WF_TEXT("Origin")};
    wf_framing framing = {0};
    if (headers->too_many)
        return wf_fail(error, WEFT_TOO_LARGE, "http.headers_too_large", NULL);
    if (headers->malformed)
        return wf_fail(error, WEFT_BAD_INPUT, "http.header_malformed", NULL);
    WF_TRY(judge_transfer(headers, minor, &framing, error));
    WF_TRY(judge_length(headers, &framing, error));
    WF_TRY(judge_host(headers, minor, error));
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (count_of(headers, once[i]) > 1)
            return wf_fail(error, WEFT_BAD_INPUT, "http.header_twice", "header",
                           once[i].bytes, NULL);
    *ret = framing;
    return WEFT_OK;
}

wf_text wf_cookie_get(wf_text header, wf_text name)
{
    const char *at = header.bytes, *end = at != NULL ? at + header.size : NULL;
    while (at < end) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        wf_text pair =
            wf_text_trim((wf_text){at, (size_t)((stop != NULL ? stop : end) - at)});
        if (pair.size > name.size && pair.bytes[name.size] == '=' &&
            memcmp(pair.bytes, name.bytes, name.size) == 0)
            return (wf_text){pair.bytes + name.size + 1, pair.size - name.size - 1};
        at = stop != NULL ? stop + 1 : end;
    }
    return (wf_text){NULL, 0};
}
