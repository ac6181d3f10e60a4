// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>

#include "support/index_city.h"

static int set_up(void **state)
{
    index_city *c = calloc(1, sizeof *c);
    index_city_new(c);
    *state = c;
    return 0;
}

static int tear_down(void **state)
{
    index_city_done(*state);
    free(*state);
    return 0;
}

static wf_index *opened(const index_city *c, uint64_t expected_upto)
{
    wf_index *index = NULL;
    uint64_t upto = 99;
    weft_error error = {0};
    assert_int_equal(
        wf_index_open(&wf_io_posix, c->city.text, c->keys, &index, &upto, &error),
        WEFT_OK);
    assert_int_equal(upto, expected_upto);
    return index;
}

static void add(wf_index *index, uint64_t hash, uint64_t position)
{
    weft_error error = {0};
    wf_index_pair pair = {hash, position};
    assert_int_equal(wf_index_add(index, &pair, 1, &error), WEFT_OK);
}

// Positions [from, upto], each with its own hash (1,000 × position) and hash 7.
static void add_some(wf_index *index, uint64_t from, uint64_t upto)
{
    weft_error error = {0};
    for (uint64_t position = from; position <= upto; position++) {
        wf_index_pair pairs[2] = {{position * 1000, position}, {7, position}};
        assert_int_equal(wf_index_add(index, pairs, 2, &error), WEFT_OK);
    }
}

static void flush(wf_index *index, uint64_t upto)
{
    weft_error error = {0};
    assert_int_equal(wf_index_flush(index, upto, &error), WEFT_OK);
}

static weft_status try_find(const wf_index *index, uint64_t hash, size_t *ret_count,
                            uint64_t *ret_first, uint64_t *ret_last)
{
    wf_buffer found = {0};
    weft_error error = {0};
    weft_status status = wf_index_find(index, hash, &found, &error);
    const uint64_t *positions = (const uint64_t *)(const void *)found.bytes;
    *ret_count = found.size / sizeof *positions;
    for (size_t i = 1; i < *ret_count; i++)
        assert_true(positions[i - 1] < positions[i]);
    *ret_first = *ret_count == 0 ? 0 : positions[0];
    *ret_last = *ret_count == 0 ? 0 : positions[*ret_count - 1];
    wf_buffer_done(&found);
    return status;
}

static void expect(const wf_index *index, uint64_t hash, size_t count, uint64_t first,
                   uint64_t last)
{
    size_t found;
    uint64_t from, upto;
    assert_int_equal(try_find(index, hash, &found, &from, &upto), WEFT_OK);
    assert_int_equal(found, count);
    assert_int_equal(from, first);
    assert_int_equal(upto, last);
}

static size_t files_in(const index_city *c)
{
    wf_path path = scratch_path(&c->city, "ledger");
    DIR *folder = opendir(path.text);
    assert_non_null(folder);
    size_t count = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder))
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void flip(const wf_path *path, size_t at)
{
    size_t size;
    char *bytes = scratch_read(path, &size);
    assert_non_null(bytes);
    assert_true(at < size);
    bytes[at] = (char)(bytes[at] ^ 0x10);
    scratch_write(path, bytes, size);
    free(bytes);
}

static void
what_was_added_is_found_before_and_after_a_flush_and_again_opened(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    expect(index, 7, 0, 0, 0);
    add_some(index, 1, 300);
    expect(index, 7, 300, 1, 300);
    expect(index, 150 * 1000, 1, 150, 150);
    flush(index, 300);
    expect(index, 7, 300, 1, 300);
    add_some(index, 301, 310);
    expect(index, 7, 310, 1, 310);
    flush(index, 310);
    wf_index_close(index);
    index = opened(c, 310);
    expect(index, 7, 310, 1, 310);
    expect(index, 310 * 1000, 1, 310, 310);
    expect(index, 310 * 1000 + 1, 0, 0, 0);
    expect(index, UINT64_MAX, 0, 0, 0);
    wf_index_close(index);
}

static void what_was_not_flushed_is_indexed_again_and_stands_there_once(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    add_some(index, 1, 20);
    flush(index, 10); // the run holds 20, and promises 10
    wf_index_close(index);
    index = opened(c, 10);
    add_some(index, 11, 30);
    expect(index, 7, 30, 1, 30);
    expect(index, 15 * 1000, 1, 15, 15);
    flush(index, 30);
    expect(index, 7, 30, 1, 30);
    wf_index_close(index);
    index = opened(c, 30);
    expect(index, 7, 30, 1, 30);
    wf_index_close(index);
}

static void a_flush_without_pairs_keeps_its_promise_too(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    for (uint64_t upto = 5; upto <= 50; upto += 5)
        flush(index, upto);
    flush(index, 50);
    flush(index, 3);
    wf_index_close(index);
    index = opened(c, 50);
    add(index, 1, 51);
    flush(index, 51);
    assert_int_equal(files_in(c), 1);
    wf_index_close(index);
    wf_index_close(opened(c, 51));
}

static void one_hash_may_have_more_positions_than_a_block_holds(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    add(index, 6, 1);
    for (uint64_t position = 2; position <= 9001; position++)
        add(index, 7, position);
    add(index, 8, 9002);
    add(index, 0, 9003);
    add(index, UINT64_MAX, UINT64_MAX);
    flush(index, UINT64_MAX);
    expect(index, 7, 9000, 2, 9001);
    expect(index, 6, 1, 1, 1);
    expect(index, 8, 1, 9002, 9002);
    expect(index, 0, 1, 9003, 9003);
    expect(index, UINT64_MAX, 1, UINT64_MAX, UINT64_MAX);
    wf_index_close(index);
}

static void memory_that_is_full_becomes_runs_and_runs_are_few(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    index->memory_pairs = 500;
    index->small_pairs = 100;
    add_some(index, 1, 10000);
    expect(index, 7, 10000, 1, 10000);
    wf_index_work_wait(index);
    assert_true(index->runs_count <= 8); // log2 of 20,000 pairs / 500, and one or two
    wf_index_close(index);
    // All but what memory may hold while runs are written is there.
    uint64_t upto = 0;
    weft_error error = {0};
    assert_int_equal(
        wf_index_open(&wf_io_posix, c->city.text, c->keys, &index, &upto, &error),
        WEFT_OK);
    assert_in_range(upto, 8499, 9999);
    expect(index, 7, (size_t)upto, 1, upto);
    wf_index_close(index);
}

static void a_missing_run_takes_back_the_promise_of_what_follows_it(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    index->small_pairs = 1; // so that the three runs stay apart
    add_some(index, 1, 100);
    flush(index, 100);
    add_some(index, 101, 120);
    flush(index, 120);
    add_some(index, 121, 125);
    flush(index, 125);
    assert_int_equal(index->runs_count, 3);
    wf_index_close(index);
    assert_int_equal(unlink(index_city_run(c, 2).text), 0);
    index = opened(c, 100);
    expect(index, 7, 100, 1, 100);
    assert_int_equal(files_in(c), 1);
    add_some(index, 101, 125);
    flush(index, 125);
    expect(index, 7, 125, 1, 125);
    wf_index_close(index);
    wf_index_close(opened(c, 125));
}

static void a_damaged_header_directory_or_end_drops_the_run(void **state)
{
    index_city *c = *state;
    for (int which = 0; which < 4; which++) {
        wf_index *index = opened(c, 0);
        add_some(index, 1, 500);
        flush(index, 500);
        wf_path path = index->runs[0]->path;
        wf_index_close(index);
        size_t size;
        char *bytes = scratch_read(&path, &size);
        if (which == 0)
            flip(&path, 30);
        else if (which == 1)
            flip(&path, size - 12);
        else
            scratch_write(&path, bytes, which == 2 ? size - 1 : 0);
        free(bytes);
        index = opened(c, 0);
        assert_int_equal(files_in(c), 0);
        expect(index, 7, 0, 0, 0);
        wf_index_close(index);
    }
}

static void a_damaged_block_is_named_and_the_next_opening_drops_its_run(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    add_some(index, 1, 500);
    flush(index, 500);
    flip(&index->runs[0]->path, 2048 + 100);
    size_t count;
    uint64_t first, last;
    assert_int_equal(try_find(index, 7, &count, &first, &last), WEFT_DAMAGED);
    assert_int_equal(count, 0);
    wf_index_close(index);
    index = opened(c, 0);
    add_some(index, 1, 500);
    expect(index, 7, 500, 1, 500);
    wf_index_close(index);
}

static void the_runs_of_another_city_are_foreign(void **state)
{
    index_city *c = *state, other = {0};
    wf_index *index = opened(c, 0);
    add_some(index, 1, 500);
    flush(index, 500);
    uint64_t hash = wf_index_hash(index, WF_TEXT("S-03-2"));
    size_t size;
    char *bytes = scratch_read(&index->runs[0]->path, &size);
    wf_index_close(index);
    index_city_new(&other);
    index = opened(&other, 0);
    assert_true(wf_index_hash(index, WF_TEXT("S-03-2")) != hash);
    wf_index_close(index);
    wf_path path = index_city_run(&other, 1);
    scratch_write(&path, bytes, size);
    free(bytes);
    wf_index_close(opened(&other, 0));
    assert_int_equal(files_in(&other), 0);
    index_city_done(&other);
    // The same city gives the same hash.
    index = opened(c, 500);
    assert_true(wf_index_hash(index, WF_TEXT("S-03-2")) == hash);
    wf_index_close(index);
}

static void left_overs_go_and_the_ledgers_own_files_stay(void **state)
{
    index_city *c = *state;
    wf_index_close(opened(c, 0));
    static const char *const names[] = {"ledger/0000000001.facts",
                                        "ledger/0000000009.index.next", "ledger/1.index",
                                        "ledger/note.index"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_path path = scratch_path(&c->city, names[i]);
        scratch_write(&path, "x", 1);
    }
    wf_index *index = opened(c, 0);
    assert_int_equal(files_in(c), 3);
    add_some(index, 1, 10);
    flush(index, 10);
    wf_path path = index_city_run(c, 10);
    assert_true(wf_io_exists(&wf_io_posix, path.text));
    wf_index_close(index);
}

static void clearing_forgets_everything_for_good(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    weft_error error = {0};
    add_some(index, 1, 500);
    flush(index, 500);
    add_some(index, 501, 510);
    assert_int_equal(wf_index_clear(index, &error), WEFT_OK);
    expect(index, 7, 0, 0, 0);
    assert_int_equal(files_in(c), 0);
    add_some(index, 1, 3);
    expect(index, 7, 3, 1, 3);
    flush(index, 3);
    wf_index_close(index);
    wf_index_close(opened(c, 3));
}

typedef struct {
    const wf_index *index;
    bool stop;
    bool wrong;
} reader;

// Whatever the writer does, position 1 is always there, and none twice.
static void *keep_finding(void *context)
{
    reader *r = context;
    wf_buffer found = {0};
    weft_error error = {0};
    while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
        found.size = 0;
        weft_status status = wf_index_find(r->index, 7, &found, &error);
        const uint64_t *positions = (const uint64_t *)(const void *)found.bytes;
        size_t count = found.size / sizeof *positions;
        r->wrong |= status != WEFT_OK || count == 0 || positions[count - 1] != count;
    }
    wf_buffer_done(&found);
    return NULL;
}

static void readers_see_all_that_was_added_while_runs_are_written_and_merged(void **state)
{
    index_city *c = *state;
    wf_index *index = opened(c, 0);
    index->memory_pairs = 200;
    index->small_pairs = 100;
    add_some(index, 1, 1);
    reader readers[2] = {{.index = index}, {.index = index}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_finding, &readers[i]), 0);
    add_some(index, 2, 3000);
    flush(index, 3000);
    for (size_t i = 0; i < 2; i++) {
        __atomic_store_n(&readers[i].stop, true, __ATOMIC_RELAXED);
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(readers[i].wrong);
    }
    wf_index_close(index);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(what_was_added_is_found_before_and_after_a_flush_and_again_opened),
        TEST(what_was_not_flushed_is_indexed_again_and_stands_there_once),
        TEST(a_flush_without_pairs_keeps_its_promise_too),
        TEST(one_hash_may_have_more_positions_than_a_block_holds),
        TEST(memory_that_is_full_becomes_runs_and_runs_are_few),
        TEST(a_missing_run_takes_back_the_promise_of_what_follows_it),
        TEST(a_damaged_header_directory_or_end_drops_the_run),
        TEST(a_damaged_block_is_named_and_the_next_opening_drops_its_run),
        TEST(the_runs_of_another_city_are_foreign),
        TEST(left_overs_go_and_the_ledgers_own_files_stay),
        TEST(clearing_forgets_everything_for_good),
        TEST(readers_see_all_that_was_added_while_runs_are_written_and_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
