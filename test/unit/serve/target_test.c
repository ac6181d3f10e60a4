// Targets of requests: what is taken, and as what.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "serve/http/target.h"

typedef struct {
    const char *raw;
    const char *read; // "a|b?c=d&e=f" of decoded texts; NULL: refused
} example;

static const example examples[] = {
    {"/", "?"},
    {"/?", "?"},
    {"/v1/views/testing/tubes", "v1|views|testing|tubes?"},
    {"/a?b=c&d=e%20f+g&h", "a?b=c&d=e f g&h="},
    {"/a?b=c&", "a?b=c"},
    {"/a?b=%26%3D", "a?b=&="},
    {"/a?b=c=d", "a?b=c=d"},
    {"/a?b=/../c", "a?b=/../c"},
    {"/%E5%B8%82?n=%E7%BD%91", "市?n=网"},
    {"/市", "市?"},
    {"/a+b", "a+b?"},
    {"/P-0000007%20x", "P-0000007 x?"},
    {"http://host:8787/a?b=c", "a?b=c"},
    {"HTTPS://[::1]/a", "a?"},

    {"", NULL},
    {"a", NULL},
    {"*", NULL},
    {"host:443", NULL},
    {"http:///a", NULL},
    {"http://host", NULL},
    {"http://user@host/a", NULL},
    {"ftp://host/a", NULL},
    {"//", NULL},
    {"//a", NULL},
    {"/a/", NULL},
    {"/a//b", NULL},
    {"/.", NULL},
    {"/a/..", NULL},
    {"/a/%2e%2E/b", NULL},
    {"/a%2fb", NULL},
    {"/a%5cb", NULL},
    {"/a\\b", NULL},
    {"/a%", NULL},
    {"/a%4", NULL},
    {"/a%4g", NULL},
    {"/a%00", NULL},
    {"/a%0a", NULL},
    {"/a%7f", NULL},
    {"/a%c2%85", NULL},
    {"/a%ff", NULL},
    {"/a%ed%a0%80", NULL},
    {"/a b", NULL},
    {"/a#b", NULL},
    {"/a?b#c", NULL},
    {"/a?=c", NULL},
    {"/a?b=%00", NULL},
    {"/a?b=%0d%0aX", NULL},
};

static void put(char *to, size_t size, wf_text text, const char *after)
{
    size_t at = strlen(to);
    assert_int_equal(strlen(text.bytes), text.size);
    assert_true(snprintf(to + at, size - at, "%s%s", text.bytes, after) > -1);
}

static void targets_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char room[256], said[256] = "";
        wf_target target;
        wf_text raw = wf_text_of(examples[i].raw);
        wf_target_kind kind = wf_target_read(raw, room, &target);
        if ((kind == WF_TARGET_GOOD) != (examples[i].read != NULL))
            print_error("# %s\n", examples[i].raw);
        assert_int_equal(kind == WF_TARGET_GOOD, examples[i].read != NULL);
        if (kind != WF_TARGET_GOOD)
            continue;
        for (size_t k = 0; k < target.segments_count; k++)
            put(said, sizeof said, target.segments[k],
                k + 1 < target.segments_count ? "|" : "");
        put(said, sizeof said, WF_TEXT("?"), "");
        for (size_t k = 0; k < target.pairs_count; k++) {
            put(said, sizeof said, target.pairs[k].name, "=");
            put(said, sizeof said, target.pairs[k].value,
                k + 1 < target.pairs_count ? "&" : "");
        }
        assert_string_equal(said, examples[i].read);
    }
}

static void what_is_too_long_or_too_much_is_refused(void **state)
{
    static char raw[wf_target_bytes_max + 2], room[wf_target_bytes_max + 3];
    wf_target target;
    (void)state;
    memset(raw, 'a', sizeof raw);
    raw[0] = '/';
    assert_int_equal(wf_target_read((wf_text){raw, wf_target_bytes_max}, room, &target),
                     WF_TARGET_GOOD);
    assert_int_equal(
        wf_target_read((wf_text){raw, wf_target_bytes_max + 1}, room, &target),
        WF_TARGET_TOO_LONG);
    for (size_t i = 0; i < 2 * wf_target_segments_max + 2; i++)
        raw[i] = i % 2 == 0 ? '/' : 'a';
    assert_int_equal(
        wf_target_read((wf_text){raw, 2 * wf_target_segments_max}, room, &target),
        WF_TARGET_GOOD);
    assert_int_equal(
        wf_target_read((wf_text){raw, 2 * wf_target_segments_max + 2}, room, &target),
        WF_TARGET_BAD);
    raw[0] = '/';
    for (size_t i = 1; i < 2 * wf_target_pairs_max + 3; i++)
        raw[i] = i == 1 ? '?' : i % 2 == 0 ? 'a' : '&';
    assert_int_equal(
        wf_target_read((wf_text){raw, 2 * wf_target_pairs_max + 1}, room, &target),
        WF_TARGET_GOOD);
    assert_int_equal(target.pairs_count, wf_target_pairs_max);
    assert_int_equal(
        wf_target_read((wf_text){raw, 2 * wf_target_pairs_max + 3}, room, &target),
        WF_TARGET_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_read_or_refused),
        cmocka_unit_test(what_is_too_long_or_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
