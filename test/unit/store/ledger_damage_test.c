// What happens to a ledger that somebody, or the disk, has changed: opening or verifying
// names it, and nothing is cut off that a crash cannot have torn.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/bytes.h"
#include "support/made_ledger.h"

enum { commits_count = 30, records_max = 400, facts_a_commit = 6 };

// A ledger of several files, some commits of several records, and its bytes.
typedef struct {
    made_ledger made;
    unsigned files, records;
    struct {
        char *bytes;
        size_t size;
    } file[16];
    struct {
        unsigned file, commit;
        size_t at, size;
    } record[records_max]; // of all files
} fixture;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void map_records(fixture *f, unsigned file)
{
    const unsigned char *bytes = (const unsigned char *)f->file[file].bytes;
    for (size_t at = 88; at < f->file[file].size;) {
        size_t size = wf_get_u32(bytes + at + 4);
        assert_true(f->records < records_max);
        f->record[f->records].file = file;
        f->record[f->records].at = at;
        f->record[f->records].size = size;
        f->record[f->records++].commit = (unsigned)wf_get_u64(bytes + at + 16);
        at += size;
    }
}

// `marked`: the ring knows where the ledger ends.
static void make(fixture *f, bool marked)
{
    weft_error error = {0};
    made_ledger_new(&f->made);
    f->made.file_bytes = 6000;
    f->made.record_bytes = 400;
    ok(made_ledger_open(&f->made, &f->made.quick, &error), &error);
    for (unsigned commit = 0; commit < commits_count; commit++)
        ok(made_commit(f->made.ledger, 1 + commit * facts_a_commit, facts_a_commit,
                       commit, &error),
           &error);
    if (marked) {
        wf_ledger_mark(f->made.ledger);
        ok(wf_keys_commit(f->made.keys, &error), &error);
    }
    made_ledger_close(&f->made);
    for (unsigned n = 1; n < 16; n++) {
        wf_path path = made_ledger_file(&f->made, n);
        f->file[n].bytes = scratch_read(&path, &f->file[n].size);
        if (f->file[n].bytes == NULL)
            break;
        f->files = n;
        map_records(f, n);
    }
    assert_true(f->files >= 3);
    assert_true(f->records > commits_count);
}

static int set_up(void **state)
{
    *state = calloc(1, sizeof(fixture));
    make(*state, true);
    return 0;
}

static int set_up_unmarked(void **state)
{
    *state = calloc(1, sizeof(fixture));
    make(*state, false);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    made_ledger_done(&f->made);
    for (unsigned n = 1; n < 16; n++)
        free(f->file[n].bytes);
    free(f);
    return 0;
}

// Puts a file there; NULL: takes it away.
static void put_file(const fixture *f, unsigned file, const char *bytes, size_t size)
{
    wf_path path = made_ledger_file(&f->made, file);
    // A new file each time: file systems make one that was emptied and written again
    // durable when it is closed, which takes long.
    assert_true(unlink(path.text) == 0 || errno == ENOENT);
    if (bytes != NULL)
        scratch_write(&path, bytes, size);
}

// With zeroes behind it, as a process that died leaves them that writes ahead.
static void put_newest(const fixture *f, const char *bytes, size_t size, size_t zeroes)
{
    char *longer = calloc(1, size + zeroes);
    assert_non_null(longer);
    memcpy(longer, bytes, size);
    put_file(f, f->files, longer, size + zeroes);
    free(longer);
}

static size_t size_of_newest(const fixture *f)
{
    size_t size;
    wf_path path = made_ledger_file(&f->made, f->files);
    free(scratch_read(&path, &size));
    return size;
}

static void put_all_back(const fixture *f)
{
    for (unsigned n = 1; n <= f->files; n++)
        put_file(f, n, f->file[n].bytes, f->file[n].size);
}

typedef struct {
    unsigned count;
    weft_error first;
} findings;

static void note(void *context, const weft_error *what)
{
    findings *found = context;
    assert_int_equal(what->status, WEFT_DAMAGED);
    assert_non_null(what->code);
    if (found->count++ == 0)
        found->first = *what;
}

// Opens and verifies; what is wrong, if anything, in *ret.
static weft_status examine(fixture *f, findings *ret)
{
    weft_error error = {0};
    *ret = (findings){0};
    weft_status status = made_ledger_open(&f->made, &f->made.quick, &error);
    if (status != WEFT_OK) {
        note(ret, &error);
        return status;
    }
    status = wf_ledger_verify(f->made.ledger, note, ret, &error);
    assert_int_equal(status, ret->count > 0 ? WEFT_FOUND_WRONG : WEFT_OK);
    made_ledger_close(&f->made);
    return status;
}

static void is_named(fixture *f)
{
    findings found;
    assert_int_not_equal(examine(f, &found), WEFT_OK);
    assert_true(found.count > 0);
}

static void is_whole(fixture *f)
{
    findings found;
    assert_int_equal(examine(f, &found), WEFT_OK);
}

static void a_whole_ledger_is_found_whole(void **state)
{
    is_whole(*state);
}

static void every_flipped_byte_is_named(void **state)
{
    fixture *f = *state;
    for (unsigned n = 1; n <= f->files; n++) {
        char *bytes = f->file[n].bytes;
        // All of the heads of the newest file and of its first record.
        bool dense = n == f->files;
        for (size_t at = 0; at < f->file[n].size; at += dense && at < 200 ? 1 : 67) {
            bytes[at] ^= 0x10;
            put_file(f, n, bytes, f->file[n].size);
            is_named(f);
            bytes[at] ^= 0x10;
        }
        put_file(f, n, bytes, f->file[n].size);
    }
    is_whole(f);
}

static void a_flipped_byte_in_an_older_file_is_named_once(void **state)
{
    fixture *f = *state;
    for (unsigned i = 0; i < f->records && f->record[i].file < f->files; i += 5) {
        unsigned n = f->record[i].file;
        char *bytes = f->file[n].bytes;
        static const size_t places[] = {0, 9, 35, 60, 100};
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            size_t at = f->record[i].at + places[p];
            findings found;
            bytes[at] ^= 1;
            put_file(f, n, bytes, f->file[n].size);
            assert_int_equal(examine(f, &found), WEFT_FOUND_WRONG);
            bytes[at] ^= 1;
            assert_int_equal(found.count, 1);
            char number[WF_NUMBER_TEXT_MAX];
            assert_string_equal(found.first.params[1].name, "record");
            assert_string_equal(found.first.params[1].value,
                                wf_number_text(number, i + 1));
        }
        put_file(f, n, bytes, f->file[n].size);
    }
    is_whole(f);
}

static void a_missing_record_is_named(void **state)
{
    fixture *f = *state;
    for (unsigned i = 0; i < f->records; i++) {
        unsigned n = f->record[i].file;
        size_t at = f->record[i].at, size = f->record[i].size;
        char *bytes = malloc(f->file[n].size);
        memcpy(bytes, f->file[n].bytes, at);
        memcpy(bytes + at, f->file[n].bytes + at + size, f->file[n].size - at - size);
        put_file(f, n, bytes, f->file[n].size - size);
        free(bytes);
        is_named(f);
        put_file(f, n, f->file[n].bytes, f->file[n].size);
    }
    is_whole(f);
}

static void two_swapped_records_are_named(void **state)
{
    fixture *f = *state;
    for (unsigned i = 0; i + 1 < f->records; i++) {
        unsigned n = f->record[i].file;
        if (f->record[i + 1].file != n)
            continue;
        size_t at = f->record[i].at, a = f->record[i].size, b = f->record[i + 1].size;
        char *bytes = malloc(f->file[n].size);
        memcpy(bytes, f->file[n].bytes, f->file[n].size);
        memcpy(bytes + at, f->file[n].bytes + at + a, b);
        memcpy(bytes + at + b, f->file[n].bytes + at, a);
        put_file(f, n, bytes, f->file[n].size);
        free(bytes);
        is_named(f);
        put_file(f, n, f->file[n].bytes, f->file[n].size);
    }
    is_whole(f);
}

static void sealed_blobs_do_not_open_in_anothers_place(void **state)
{
    fixture *f = *state;
    unsigned moved = 0;
    for (unsigned i = 0; i < f->records; i++)
        for (unsigned j = i + 1; j < f->records; j++) {
            unsigned n = f->record[i].file, m = f->record[j].file;
            size_t size = f->record[i].size;
            if (size != f->record[j].size || n == f->files)
                continue;
            char *bytes = malloc(f->file[n].size);
            memcpy(bytes, f->file[n].bytes, f->file[n].size);
            memcpy(bytes + f->record[i].at + 88, f->file[m].bytes + f->record[j].at + 88,
                   size - 88);
            put_file(f, n, bytes, f->file[n].size);
            free(bytes);
            is_named(f);
            // Nor does it without the chain.
            weft_error error = {0};
            ok(made_ledger_open(&f->made, &f->made.quick, &error), &error);
            assert_int_equal(made_count(f->made.ledger), UINT32_MAX);
            made_ledger_close(&f->made);
            put_file(f, n, f->file[n].bytes, f->file[n].size);
            moved++;
        }
    assert_true(moved > 0);
    is_whole(f);
}

static void a_cut_is_named_wherever_it_is(void **state)
{
    fixture *f = *state;
    for (unsigned i = 0; i < f->records; i++)
        for (size_t more = 0; more < f->record[i].size; more += 131) {
            unsigned n = f->record[i].file;
            put_file(f, n, f->file[n].bytes, f->record[i].at + more);
            is_named(f);
            // Not a byte more was cut than was missing.
            size_t size;
            wf_path path = made_ledger_file(&f->made, n);
            free(scratch_read(&path, &size));
            assert_int_equal(size, f->record[i].at + more);
            put_file(f, n, f->file[n].bytes, f->file[n].size);
        }
    is_whole(f);
}

static void a_missing_file_is_named(void **state)
{
    fixture *f = *state;
    for (unsigned n = 1; n <= f->files; n++) {
        findings found;
        put_file(f, n, NULL, 0);
        assert_int_not_equal(examine(f, &found), WEFT_OK);
        assert_string_equal(found.first.code, "ledger.cut");
        put_file(f, n, f->file[n].bytes, f->file[n].size);
    }
    is_whole(f);
}

static void a_ledger_rolled_back_to_an_older_copy_is_named(void **state)
{
    fixture *f = *state;
    findings found;
    // As it was after each commit.
    for (unsigned i = 0; i + 1 < f->records; i++) {
        if (f->record[i].commit == f->record[i + 1].commit)
            continue;
        unsigned n = f->record[i].file;
        put_file(f, n, f->file[n].bytes, f->record[i].at + f->record[i].size);
        for (unsigned later = n + 1; later <= f->files; later++)
            put_file(f, later, NULL, 0);
        assert_int_not_equal(examine(f, &found), WEFT_OK);
        assert_string_equal(found.first.code, "ledger.cut");
        put_all_back(f);
    }
    is_whole(f);
}

static void a_ledger_that_ends_otherwise_than_the_ring_says_is_named(void **state)
{
    fixture *f = *state;
    findings found;
    // A link that was flipped in the mark's own record is another ledger.
    size_t at = f->record[f->records - 1].at + 60;
    f->file[f->files].bytes[at] ^= 1;
    put_file(f, f->files, f->file[f->files].bytes, f->file[f->files].size);
    assert_int_equal(examine(f, &found), WEFT_DAMAGED);
    assert_string_equal(found.first.code, "ledger.other");
    f->file[f->files].bytes[at] ^= 1;
    put_all_back(f);
    is_whole(f);
}

static void a_torn_end_is_cut_off(fixture *f, size_t zeroes)
{
    weft_error error = {0};
    unsigned last = f->records - 1;
    while (f->record[last - 1].commit == f->record[last].commit)
        last--; // the first record of the last commit
    assert_int_equal(f->record[last].file, f->files);
    size_t begin = f->record[last].at, size = f->file[f->files].size;
    // A write ends at edges of sectors; a few last bytes that are zero say nothing.
    size_t most = zeroes > 0 ? size - 16 : size - 1;
    for (size_t end = begin; end <= most; end += 23) {
        put_newest(f, f->file[f->files].bytes, end, zeroes);
        ok(made_ledger_open(&f->made, &f->made.quick, &error), &error);
        assert_int_equal(wf_ledger_now(f->made.ledger).commits, commits_count - 1);
        assert_int_equal(made_count(f->made.ledger),
                         (commits_count - 1) * facts_a_commit);
        ok(made_commit(f->made.ledger, 1 + (commits_count - 1) * facts_a_commit, 9, 99,
                       &error),
           &error);
        made_ledger_close(&f->made);
        is_whole(f);
    }
}

static void a_torn_end_is_cut_off_when_nobody_was_told_of_it(void **state)
{
    a_torn_end_is_cut_off(*state, 0);
}

static void so_is_one_with_zeroes_behind_it(void **state)
{
    a_torn_end_is_cut_off(*state, 5000);
}

static void zeroes_behind_the_end_are_cut_off(void **state)
{
    fixture *f = *state;
    const size_t size = f->file[f->files].size;
    for (size_t zeroes = 1; zeroes < 600000; zeroes = zeroes * 3 + 7) {
        put_newest(f, f->file[f->files].bytes, size, zeroes);
        is_whole(f);
        assert_int_equal(size_of_newest(f), size);
    }
}

static void a_changed_end_is_not_torn(fixture *f, size_t zeroes)
{
    unsigned last = f->records - 1;
    while (f->record[last - 1].commit == f->record[last].commit)
        last--;
    char *bytes = f->file[f->files].bytes;
    size_t begin = f->record[last].at;
    for (size_t at = begin; at < f->file[f->files].size; at += at < begin + 88 ? 1 : 11) {
        findings found;
        bytes[at] ^= 0x20;
        put_newest(f, bytes, f->file[f->files].size, zeroes);
        assert_int_equal(examine(f, &found), WEFT_DAMAGED);
        bytes[at] ^= 0x20;
        assert_int_equal(size_of_newest(f), f->file[f->files].size + zeroes);
    }
    put_all_back(f);
    is_whole(f);
}

static void a_changed_end_is_not_taken_for_a_torn_one(void **state)
{
    a_changed_end_is_not_torn(*state, 0);
}

static void nor_with_zeroes_behind_it(void **state)
{
    a_changed_end_is_not_torn(*state, 5000);
}

static void a_lost_block_in_the_middle_is_not_cut_off(void **state)
{
    fixture *f = *state;
    char *bytes = malloc(f->file[f->files].size);
    size_t size = f->file[f->files].size;
    unsigned last = f->records - 1;
    while (f->record[last - 1].commit == f->record[last].commit)
        last--;
    for (size_t at = 0; at + 512 < f->record[last].at; at += 512) {
        findings found;
        memcpy(bytes, f->file[f->files].bytes, size);
        memset(bytes + at, 0, 512);
        put_file(f, f->files, bytes, size);
        assert_int_not_equal(examine(f, &found), WEFT_OK);
        assert_int_equal(size_of_newest(f), size);
    }
    free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_UNMARKED(name)                                                              \
    cmocka_unit_test_setup_teardown(name, set_up_unmarked, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_whole_ledger_is_found_whole),
        TEST(zeroes_behind_the_end_are_cut_off),
        TEST(every_flipped_byte_is_named),
        TEST(a_flipped_byte_in_an_older_file_is_named_once),
        TEST(a_missing_record_is_named),
        TEST(two_swapped_records_are_named),
        TEST(sealed_blobs_do_not_open_in_anothers_place),
        TEST(a_cut_is_named_wherever_it_is),
        TEST(a_missing_file_is_named),
        TEST(a_ledger_rolled_back_to_an_older_copy_is_named),
        TEST(a_ledger_that_ends_otherwise_than_the_ring_says_is_named),
        TEST_UNMARKED(a_torn_end_is_cut_off_when_nobody_was_told_of_it),
        TEST_UNMARKED(so_is_one_with_zeroes_behind_it),
        TEST_UNMARKED(a_changed_end_is_not_taken_for_a_torn_one),
        TEST_UNMARKED(nor_with_zeroes_behind_it),
        TEST_UNMARKED(a_lost_block_in_the_middle_is_not_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
