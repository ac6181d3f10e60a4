// One-time codes: RFC 6238 appendix B (its SHA-1 rows, cut to six digits), RFC 2202.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/accounts/totp.h"
#include "base/sha1.h"

// "12345678901234567890" in base32.
#define SECRET WF_TEXT("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

static weft_time at_s(int64_t seconds)
{
    return (weft_time){seconds * WF_US_PER_S};
}

static void codes_are_those_of_the_rfc(void **state)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[WF_TOTP_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(wf_totp_code(SECRET, wf_totp_step(at_s(rows[i].at_s)), code));
        assert_string_equal(code, rows[i].code);
    }
}

static void hashes_are_those_of_the_rfc(void **state)
{
    static const struct {
        const char *key, *message;
        size_t key_size;
        unsigned char hash[WF_SHA1_BYTES];
    } rows[] = {
        {"Jefe", "what do ya want for nothing?", 4, {0xef, 0xfc, 0xdf, 0x6a, 0xe5,
                                                     0xeb, 0x2f, 0xa2, 0xd2, 0x74,
                                                     0x16, 0xd5, 0xf1, 0x84, 0xdf,
                                                     0x9c, 0x25, 0x9a, 0x7c, 0x79}},
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
         "\x0b",
         "Hi There",
         20,
         {0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
          0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00}},
    };
    unsigned char hash[WF_SHA1_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_hmac_sha1(rows[i].key, rows[i].key_size, rows[i].message,
                     strlen(rows[i].message), hash);
        assert_memory_equal(hash, rows[i].hash, sizeof hash);
    }
}

// A block holds 55 bytes beside its end: 56 need a second one.
static void a_message_may_fill_a_block(void **state)
{
    static const unsigned char right[WF_SHA1_BYTES] = {
        0x3a, 0x7c, 0x93, 0x7e, 0x69, 0x72, 0x3c, 0x0d, 0x60, 0x0e,
        0x99, 0x8d, 0x20, 0x43, 0xeb, 0x32, 0x39, 0x64, 0x28, 0x0d};
    char message[64];
    unsigned char hash[WF_SHA1_BYTES];
    (void)state;
    memset(message, 'a', sizeof message);
    wf_hmac_sha1("key", 3, message, 56, hash);
    assert_memory_equal(hash, right, sizeof hash);
}

static void a_code_is_taken_a_step_early_or_late_and_once(void **state)
{
    weft_time now = at_s(1234567890);
    int64_t step = wf_totp_step(now);
    char code[WF_TOTP_DIGITS + 1];
    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        assert_true(wf_totp_code(SECRET, step + off, code));
        int64_t found = wf_totp_check(SECRET, wf_text_of(code), now, 0);
        assert_int_equal(found, off >= -1 && off <= 1 ? step + off : -1);
    }
    assert_true(wf_totp_code(SECRET, step, code));
    assert_int_equal(wf_totp_check(SECRET, wf_text_of(code), now, step - 1), step);
    assert_int_equal(wf_totp_check(SECRET, wf_text_of(code), now, step), -1);
    assert_int_equal(wf_totp_check(SECRET, WF_TEXT("05924"), now, 0), -1);
    assert_int_equal(wf_totp_check(SECRET, WF_TEXT(""), now, 0), -1);
}

static void what_is_no_secret_has_no_code(void **state)
{
    static const char *const wrong[] = {"", "GEZDGNBV",
                                        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
                                        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"};
    char code[WF_TOTP_DIGITS + 1], made[WF_TOTP_SECRET_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(wf_totp_code(wf_text_of(wrong[i]), 1, code));
    wf_totp_new(made);
    assert_int_equal(strlen(made), WF_TOTP_SECRET_DIGITS);
    assert_true(wf_totp_code(wf_text_of(made), 1, code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(hashes_are_those_of_the_rfc),
        cmocka_unit_test(a_message_may_fill_a_block),
        cmocka_unit_test(a_code_is_taken_a_step_early_or_late_and_once),
        cmocka_unit_test(what_is_no_secret_has_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
