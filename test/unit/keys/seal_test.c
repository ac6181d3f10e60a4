// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "keys/key.h"
#include "keys/seal.h"

static const wf_key test_key = {{1, 2, 3}};
static const wf_key other_key = {{1, 2, 4}};

static void a_blob_comes_back_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4096, 100000};
    static char plain[100000];
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (char)(i * 7);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        weft_error error = {0};
        wf_buffer sealed = {0}, opened = {0};
        wf_text text = {plain, sizes[i]};
        assert_int_equal(wf_seal_blob(&test_key, WF_TEXT("here"), text, &sealed, &error),
                         WEFT_OK);
        assert_int_equal(sealed.size, sizes[i] + WF_SEAL_BLOB_OVERHEAD);
        assert_int_equal(wf_open_blob(&test_key, WF_TEXT("here"), wf_buffer_text(&sealed),
                                      &opened, &error),
                         WEFT_OK);
        assert_true(wf_text_equal(wf_buffer_text(&opened), text));
        wf_buffer_done(&sealed);
        wf_buffer_done(&opened);
    }
}

static void a_changed_blob_does_not_open(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_buffer sealed = {0}, opened = {0};
    assert_int_equal(
        wf_seal_blob(&test_key, WF_TEXT("here"), WF_TEXT("P-0001"), &sealed, &error),
        WEFT_OK);
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        sealed.bytes[bit / 8] = (char)(sealed.bytes[bit / 8] ^ (1 << (bit % 8)));
        assert_int_equal(wf_open_blob(&test_key, WF_TEXT("here"), wf_buffer_text(&sealed),
                                      &opened, &error),
                         WEFT_DAMAGED);
        sealed.bytes[bit / 8] = (char)(sealed.bytes[bit / 8] ^ (1 << (bit % 8)));
    }
    for (size_t size = 0; size < sealed.size; size++) {
        wf_text cut = {sealed.bytes, size};
        assert_int_equal(wf_open_blob(&test_key, WF_TEXT("here"), cut, &opened, &error),
                         WEFT_DAMAGED);
    }
    assert_int_equal(wf_open_blob(&test_key, WF_TEXT("there"), wf_buffer_text(&sealed),
                                  &opened, &error),
                     WEFT_DAMAGED);
    assert_int_equal(wf_open_blob(&other_key, WF_TEXT("here"), wf_buffer_text(&sealed),
                                  &opened, &error),
                     WEFT_DAMAGED);
    assert_string_equal(error.code, "seal.damaged");
    assert_int_equal(opened.size, 0);
    wf_buffer_done(&sealed);
    wf_buffer_done(&opened);
}

static void a_piece_opens_only_in_its_place(void **state)
{
    (void)state;
    unsigned char nonce[WF_SEAL_PIECE_NONCE_BYTES], sealed[32 + WF_SEAL_TAG_BYTES];
    unsigned char plain[32] = "thirty-two bytes of a day file.", opened[32];
    wf_random_bytes(nonce, sizeof nonce);
    wf_seal_piece(&test_key, nonce, 1ull << 40, WF_TEXT("day"), plain, sizeof plain,
                  sealed);
    assert_true(wf_open_piece(&test_key, nonce, 1ull << 40, WF_TEXT("day"), sealed,
                              sizeof sealed, opened));
    assert_memory_equal(opened, plain, sizeof plain);
    assert_false(wf_open_piece(&test_key, nonce, 0, WF_TEXT("day"), sealed, sizeof sealed,
                               opened));
    assert_false(wf_open_piece(&test_key, nonce, 1ull << 40, WF_TEXT("delta"), sealed,
                               sizeof sealed, opened));
    assert_false(wf_open_piece(&test_key, nonce, 1ull << 40, WF_TEXT("day"), sealed,
                               WF_SEAL_TAG_BYTES - 1, opened));
    nonce[0] ^= 1;
    assert_false(wf_open_piece(&test_key, nonce, 1ull << 40, WF_TEXT("day"), sealed,
                               sizeof sealed, opened));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blob_comes_back_whole),
        cmocka_unit_test(a_changed_blob_does_not_open),
        cmocka_unit_test(a_piece_opens_only_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
