// Headers: whether they say one thing only; cookies.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "serve/http/headers.h"

typedef struct {
    const char *lines; // "Name: value|Name: value"
    int minor;
    const char *code; // NULL: good
} example;

static const example examples[] = {
    {"Host: h", 1, NULL},
    {"", 0, NULL},
    {"Host: h|Content-Length: 0", 1, NULL},
    {"Host: h|Content-Length: 9223372036854775807", 1, NULL},
    {"host: [::1]:8787|transfer-encoding: Chunked", 1, NULL},
    {"Host: h|X: a|X: b", 1, NULL},

    {"", 1, "http.host"},
    {"Host: ", 1, "http.host"},
    {"Host: a|Host: a", 1, "http.host"},
    {"Host: a|Host: a", 0, "http.host"},
    {"Host: a b", 1, "http.host"},
    {"Host: a,b", 1, "http.host"},
    {"Host: h|Content-Length: 1|Content-Length: 1", 1, "http.length"},
    {"Host: h|Content-Length: 1|content-length: 2", 1, "http.length"},
    {"Host: h|Content-Length: 1a", 1, "http.length"},
    {"Host: h|Content-Length: -1", 1, "http.length"},
    {"Host: h|Content-Length: ", 1, "http.length"},
    {"Host: h|Content-Length: 9223372036854775808", 1, "http.length"},
    {"Host: h|Content-Length: 1|Transfer-Encoding: chunked", 1, "http.length"},
    {"Host: h|Transfer-Encoding: chunked", 0, "http.transfer"},
    {"Host: h|Transfer-Encoding: gzip", 1, "http.transfer"},
    {"Host: h|Transfer-Encoding: ", 1, "http.transfer"},
    {"Host: h|Transfer-Encoding: chunked, chunked", 1, "http.transfer"},
    {"Host: h|Transfer-Encoding: chunked|Transfer-Encoding: chunked", 1, "http.transfer"},
    {"Host: h|Authorization: a|authorization: b", 1, "http.header_twice"},
    {"Host: h|Weft-Purpose: a|Weft-Purpose: b", 1, "http.header_twice"},
    {"Host: h|X Y: a", 1, "http.header_malformed"},
    {"Host: h|: a", 1, "http.header_malformed"},
    {"Host: h|X: \x01", 1, "http.header_malformed"},
    {"Host: h|X: \x7f", 1, "http.header_malformed"},
};

static void read_lines(const char *at, wf_headers *ret)
{
    while (*at != '\0') {
        const char *end = strchrnul(at, '|'), *colon = at == end ? at : strstr(at, ": ");
        assert_non_null(colon);
        wf_headers_add(ret, (wf_text){at, (size_t)(colon - at)},
                       (wf_text){colon + 2, (size_t)(end - colon - 2)});
        at = *end == '|' ? end + 1 : end;
    }
}

static void what_says_two_things_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        wf_headers headers = {0};
        wf_framing framing;
        weft_error error = {0};
        read_lines(examples[i].lines, &headers);
        weft_status status =
            wf_headers_judge(&headers, examples[i].minor, &framing, &error);
        if ((status == WEFT_OK) != (examples[i].code == NULL))
            print_error("# %s\n", examples[i].lines);
        assert_int_equal(status == WEFT_OK, examples[i].code == NULL);
        if (status != WEFT_OK)
            assert_string_equal(error.code, examples[i].code);
    }
}

static void many_and_long_headers_are_too_large(void **state)
{
    static char value[wf_header_value_bytes_max + 1];
    wf_headers many = {0}, large = {0};
    wf_framing framing;
    weft_error error = {0};
    (void)state;
    for (int i = 0; i < wf_headers_max; i++)
        wf_headers_add(&many, WF_TEXT("X"), WF_TEXT("y"));
    assert_false(many.too_many);
    wf_headers_add(&many, WF_TEXT("Host"), WF_TEXT("h"));
    assert_int_equal(wf_headers_judge(&many, 1, &framing, &error), WEFT_TOO_LARGE);
    wf_headers_add(&large, WF_TEXT("Host"), WF_TEXT("h"));
    memset(value, 'a', sizeof value);
    wf_headers_add(&large, WF_TEXT("X"), (wf_text){value, sizeof value - 1});
    assert_int_equal(wf_headers_judge(&large, 1, &framing, &error), WEFT_OK);
    wf_headers_add(&large, WF_TEXT("X"), (wf_text){value, sizeof value});
    assert_int_equal(wf_headers_judge(&large, 1, &framing, &error), WEFT_TOO_LARGE);
}

static void assert_cookie(const char *header, const char *value)
{
    wf_text found = wf_cookie_get(wf_text_of(header), WF_TEXT("weft"));
    assert_int_equal(found.bytes != NULL, value != NULL);
    if (value != NULL)
        assert_true(wf_text_equal(found, wf_text_of(value)));
}

static void cookies_are_found_by_their_whole_name(void **state)
{
    (void)state;
    assert_cookie("weft=a", "a");
    assert_cookie("x=y; weft=a; z=1", "a");
    assert_cookie("weft=a=b", "a=b");
    assert_cookie("weft=", "");
    assert_cookie(" weft=a ", "a");
    assert_cookie("", NULL);
    assert_cookie("xweft=a", NULL);
    assert_cookie("weft2=a", NULL);
    assert_cookie("WEFT=a", NULL);
    assert_cookie("weft", NULL);
    assert_cookie("x=weft=a", NULL);
    assert_null(wf_cookie_get((wf_text){NULL, 0}, WF_TEXT("weft")).bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_says_two_things_is_refused),
        cmocka_unit_test(many_and_long_headers_are_too_large),
        cmocka_unit_test(cookies_are_found_by_their_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
