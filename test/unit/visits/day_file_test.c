// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "model/catalogue.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "support/test_key.h"
#include "visits/day_file.h"

// A file of 1,000 bytes of day 18972, generation 7, under key 1.
enum { small = 1000, the_day = 18972, the_generation = 7 };

typedef struct {
    wf_path folder, path;
    wf_day_file_hash hash;
    uint64_t size;
} written;

static char *made_content(size_t size)
{
    char *content = malloc(size);
    assert_non_null(content);
    for (size_t i = 0; i < size; i++)
        content[i] = (char)(i * 31 + i / 251);
    return content;
}

static weft_status write_to(const wf_io *io, written *to, const wf_key *key, int32_t day,
                            uint64_t generation, size_t size, weft_error *error)
{
    char *content = made_content(size);
    weft_status status =
        wf_day_file_write(io, to->path.text, key, (weft_day){day}, generation,
                          (wf_text){content, size}, 2, &to->hash, &to->size, error);
    free(content);
    return status;
}

static written written_new(size_t size)
{
    written to;
    weft_error error = {0};
    scratch_new(&to.folder);
    to.path = scratch_path(&to.folder, "2021-12-11.day");
    assert_int_equal(write_to(&wf_io_posix, &to, test_key_of(1), the_day, the_generation,
                              size, &error),
                     WEFT_OK);
    return to;
}

static weft_status read_from(const written *from, const wf_key *key,
                             wf_segment_bytes *ret, weft_error *error)
{
    return wf_day_file_read(&wf_io_posix, from->path.text, key, (weft_day){the_day},
                            the_generation, &from->hash, 2, ret, error);
}

static void assert_damaged(weft_status status, const weft_error *error,
                           const char *reason)
{
    assert_int_equal(status, WEFT_DAMAGED);
    assert_string_equal(error->code, "visits.day_file_damaged");
    assert_true(wf_catalogue_has(error->code));
    assert_int_equal(error->params_count, 2);
    assert_string_equal(error->params[1].name, "reason");
    if (reason != NULL)
        assert_string_equal(error->params[1].value, reason);
}

static void assert_read_fails(const written *from, const char *reason)
{
    wf_segment_bytes bytes = {0};
    weft_error error = {0};
    assert_damaged(read_from(from, test_key_of(1), &bytes, &error), &error, reason);
    assert_null(bytes.bytes);
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, small, 262143, 262144, 262145, 1500000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        written file = written_new(sizes[i]);
        struct stat about;
        assert_int_equal(stat(file.path.text, &about), 0);
        assert_int_equal(about.st_size, file.size);
        assert_int_equal(about.st_mode & 0777, 0600);
        wf_segment_bytes bytes = {0};
        weft_error error = {0};
        assert_int_equal(read_from(&file, test_key_of(1), &bytes, &error), WEFT_OK);
        char *content = made_content(sizes[i]);
        assert_int_equal(bytes.size, sizes[i]);
        assert_memory_equal(bytes.bytes, content, sizes[i]);
        free(content);
        wf_segment_bytes_done(&bytes);
        assert_int_equal(wf_day_file_check(&wf_io_posix, file.path.text,
                                           (weft_day){the_day}, the_generation,
                                           &file.hash, &error),
                         WEFT_OK);
        scratch_remove(file.folder.text);
    }
}

static void a_flipped_byte_anywhere_is_refused(void **state)
{
    (void)state;
    written file = written_new(small);
    size_t size;
    char *bytes = scratch_read(&file.path, &size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(bytes[i] ^ (1 << i % 8));
        scratch_write(&file.path, bytes, size);
        bytes[i] = (char)(bytes[i] ^ (1 << i % 8));
        assert_read_fails(&file, "flipped");
    }
    // The good file put back is good again.
    scratch_write(&file.path, bytes, size);
    wf_segment_bytes opened = {0};
    weft_error error = {0};
    assert_int_equal(read_from(&file, test_key_of(1), &opened, &error), WEFT_OK);
    wf_segment_bytes_done(&opened);
    free(bytes);
    scratch_remove(file.folder.text);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    written file = written_new(small);
    size_t size;
    char *bytes = scratch_read(&file.path, &size);
    for (size_t i = 0; i < size; i++) {
        scratch_write(&file.path, bytes, i);
        assert_read_fails(&file, "cut");
    }
    bytes = realloc(bytes, size + 1);
    assert_non_null(bytes);
    bytes[size] = 0;
    scratch_write(&file.path, bytes, size + 1);
    assert_read_fails(&file, "flipped");
    free(bytes);
    assert_int_equal(unlink(file.path.text), 0);
    assert_read_fails(&file, "missing");
    scratch_remove(file.folder.text);
}

static void another_file_is_told_from_the_right_one(void **state)
{
    (void)state;
    static const struct {
        int32_t day;
        uint64_t generation;
        const char *reason;
    } cases[] = {
        {the_day + 1, the_generation, "swapped"},
        {the_day, the_generation - 1, "stale"},
        {the_day, the_generation + 1, "stale"},
        // The same day and generation, but not the file that was committed.
        {the_day, the_generation, "swapped"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        written file = written_new(small), other = file;
        weft_error error = {0};
        assert_int_equal(write_to(&wf_io_posix, &other, test_key_of(1), cases[i].day,
                                  cases[i].generation, small, &error),
                         WEFT_OK);
        assert_read_fails(&file, cases[i].reason);
        assert_damaged(wf_day_file_check(&wf_io_posix, file.path.text,
                                         (weft_day){the_day}, the_generation, &file.hash,
                                         &error),
                       &error, cases[i].reason);
        scratch_remove(file.folder.text);
    }
}

static void pieces_in_another_order_are_refused(void **state)
{
    (void)state;
    enum { piece = 262144 + 16, head = 112 };
    written file = written_new(3 * 262144);
    size_t size;
    char *bytes = scratch_read(&file.path, &size);
    char *first = malloc(piece);
    assert_non_null(first);
    memcpy(first, bytes + head, piece);
    memcpy(bytes + head, bytes + head + piece, piece);
    memcpy(bytes + head + piece, first, piece);
    scratch_write(&file.path, bytes, size);
    assert_read_fails(&file, "flipped");
    free(first);
    free(bytes);
    scratch_remove(file.folder.text);
}

static void another_key_opens_nothing(void **state)
{
    (void)state;
    written file = written_new(small);
    wf_segment_bytes bytes = {0};
    weft_error error = {0};
    assert_damaged(read_from(&file, test_key_of(2), &bytes, &error), &error, "flipped");
    scratch_remove(file.folder.text);
}

static void two_files_of_one_content_share_no_bytes_of_it(void **state)
{
    (void)state;
    written a = written_new(small), b = written_new(small);
    size_t size;
    char *x = scratch_read(&a.path, &size), *y = scratch_read(&b.path, &size);
    assert_memory_not_equal(x + 112, y + 112, small); // another nonce each time
    free(x);
    free(y);
    scratch_remove(a.folder.text);
    scratch_remove(b.folder.text);
}

static void no_failure_of_the_disk_is_overlooked(void **state)
{
    (void)state;
    for (unsigned long fail_at = 1;; fail_at++) {
        fault_io fault;
        fault_io_init(&fault);
        fault.kind = FAULT_ONCE;
        fault.at = fail_at;
        written file;
        weft_error error = {0};
        scratch_new(&file.folder);
        file.path = scratch_path(&file.folder, "a.day");
        weft_status status = write_to(&fault.io, &file, test_key_of(1), the_day,
                                      the_generation, small, &error);
        scratch_remove(file.folder.text);
        if (status == WEFT_OK) {
            assert_true(fail_at > 4); // opening, a piece, the header, the sync
            break;
        }
        assert_int_equal(status, WEFT_STORAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(a_flipped_byte_anywhere_is_refused),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(another_file_is_told_from_the_right_one),
        cmocka_unit_test(pieces_in_another_order_are_refused),
        cmocka_unit_test(another_key_opens_nothing),
        cmocka_unit_test(two_files_of_one_content_share_no_bytes_of_it),
        cmocka_unit_test(no_failure_of_the_disk_is_overlooked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
