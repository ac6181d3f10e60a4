// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/parallel.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "support/test_key.h"
#include "visits/ids_file.h"

enum { many = 20000 };

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// "P-0000007": invented ids of a test.
typedef struct {
    char bytes[16];
    wf_text text;
} made_id;

static void make_id(made_id *ret, char letter, unsigned number)
{
    int size = snprintf(ret->bytes, sizeof ret->bytes, "%c-%07u", letter, number);
    assert_true(size > 0);
    ret->text = (wf_text){ret->bytes, (size_t)size};
}

static wf_ids *ids_new(void)
{
    wf_ids *ids = NULL;
    weft_error error = {0};
    ok(wf_ids_new(&ids, &error), &error);
    return ids;
}

static void intern_people(wf_ids *ids, unsigned from, unsigned to)
{
    weft_error error = {0};
    for (unsigned i = from; i < to; i++) {
        made_id id;
        uint32_t number;
        make_id(&id, 'P', i);
        ok(wf_ids_intern_many(ids, WF_ID_PERSON, &id.text, 1, &number, &error), &error);
        assert_int_equal(number, i);
    }
}

static void numbers_follow_the_order_of_interning(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_ids *ids = ids_new();
    intern_people(ids, 0, many);
    intern_people(ids, 0, many); // again: the same numbers
    assert_int_equal(wf_ids_count(ids, WF_ID_PERSON), many);
    assert_int_equal(wf_ids_count(ids, WF_ID_PLACE), 0);
    made_id id;
    make_id(&id, 'P', 77);
    assert_int_equal(wf_ids_find(ids, WF_ID_PERSON, id.text), 77);
    assert_int_equal(wf_ids_find(ids, WF_ID_PLACE, id.text), WF_NUMBER_NONE);
    assert_true(wf_text_equal(wf_ids_text(ids, WF_ID_PERSON, 77), id.text));
    uint32_t number;
    char longest[WF_ID_BYTES_MAX];
    memset(longest, 'x', sizeof longest);
    ok(wf_ids_intern_many(ids, WF_ID_PLACE, &(wf_text){longest, sizeof longest}, 1,
                          &number, &error),
       &error);
    assert_int_equal(wf_ids_text(ids, WF_ID_PLACE, number).size, sizeof longest);
    wf_ids_free(ids);
}

typedef struct {
    wf_ids *ids;
    made_id *made;
    wf_text *texts;
    uint32_t *numbers;
} intern_job;

static void intern_part(void *context, unsigned thread, size_t part)
{
    (void)thread;
    intern_job *job = context;
    weft_error error = {0};
    if (wf_ids_intern_many(job->ids, WF_ID_PERSON, job->texts + part * 1000, 1000,
                           job->numbers + part * 1000, &error) != WEFT_OK)
        abort();
}

static void threads_may_intern_together(void **state)
{
    (void)state;
    intern_job job = {ids_new(), calloc(many, sizeof(made_id)),
                      calloc(many, sizeof(wf_text)), calloc(many, sizeof(uint32_t))};
    for (unsigned i = 0; i < many; i++) { // every id comes four times
        make_id(&job.made[i], 'P', i * 7 % (many / 4));
        job.texts[i] = job.made[i].text;
    }
    wf_parallel_for(4, many / 1000, intern_part, &job);
    assert_int_equal(wf_ids_count(job.ids, WF_ID_PERSON), many / 4);
    uint32_t *found = calloc(many, sizeof *found);
    wf_ids_find_many(job.ids, WF_ID_PERSON, job.texts, many, found);
    for (unsigned i = 0; i < many; i++) {
        assert_int_equal(found[i], job.numbers[i]);
        assert_true(
            wf_text_equal(wf_ids_text(job.ids, WF_ID_PERSON, found[i]), job.texts[i]));
    }
    free(found);
    free(job.made);
    free(job.texts);
    free(job.numbers);
    wf_ids_free(job.ids);
}

static void cut_ids_are_gone_and_dropped_ones_leave_a_hole(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_ids *ids = ids_new();
    intern_people(ids, 0, 1000);
    ok(wf_ids_cut(ids, WF_ID_PERSON, 900, &error), &error);
    made_id id;
    make_id(&id, 'P', 950);
    assert_int_equal(wf_ids_find(ids, WF_ID_PERSON, id.text), WF_NUMBER_NONE);
    intern_people(ids, 900, 1000);
    uint64_t keep[16], dropped;
    memset(keep, 0xFF, sizeof keep);
    keep[0] = ~UINT64_C(6); // drop 1 and 2
    ok(wf_ids_drop(ids, WF_ID_PERSON, keep, &dropped, &error), &error);
    assert_int_equal(dropped, 2);
    make_id(&id, 'P', 1);
    assert_int_equal(wf_ids_find(ids, WF_ID_PERSON, id.text), WF_NUMBER_NONE);
    assert_int_equal(wf_ids_text(ids, WF_ID_PERSON, 1).size, 0);
    uint32_t number;
    ok(wf_ids_intern_many(ids, WF_ID_PERSON, &id.text, 1, &number, &error), &error);
    assert_int_equal(number, 1000);
    wf_ids_free(ids);
}

static weft_status load(const char *path, const wf_ids_mark *mark, wf_ids **ret)
{
    weft_error error = {0};
    wf_ids *ids = ids_new();
    weft_status status =
        wf_ids_file_load(&wf_io_posix, path, test_key_of(1), mark, 2, ids, &error);
    if (status != WEFT_OK) {
        wf_ids_free(ids);
        return status;
    }
    *ret = ids;
    return WEFT_OK;
}

static void a_dictionary_comes_back_from_disk(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path folder;
    scratch_new(&folder);
    wf_path path = scratch_path(&folder, "dictionary");
    wf_ids *ids = ids_new();
    wf_ids_mark mark = {.generation = 3}, before;
    intern_people(ids, 0, 1000);
    ok(wf_ids_file_append(&wf_io_posix, path.text, test_key_of(1), ids, &mark, &error),
       &error);
    before = mark;
    intern_people(ids, 1000, 200000); // more than one record
    uint64_t *keep = calloc(200000 / 64 + 1, sizeof *keep), dropped;
    memset(keep, 0xFF, 200000 / 8);
    keep[100] = 0;
    ok(wf_ids_drop(ids, WF_ID_PERSON, keep, &dropped, &error), &error);
    free(keep);
    uint32_t number;
    ok(wf_ids_intern_many(ids, WF_ID_PLACE, &WF_TEXT("湖㳇镇市场"), 1, &number, &error),
       &error);
    ok(wf_ids_file_append(&wf_io_posix, path.text, test_key_of(1), ids, &mark, &error),
       &error);
    assert_true(mark.records >= 4);
    wf_ids *back = NULL;
    assert_int_equal(load(path.text, &mark, &back), WEFT_OK);
    assert_int_equal(wf_ids_count(back, WF_ID_PERSON), 200000);
    for (uint32_t i = 0; i < 200000; i += 13)
        assert_true(wf_text_equal(wf_ids_text(back, WF_ID_PERSON, i),
                                  wf_ids_text(ids, WF_ID_PERSON, i)));
    assert_int_equal(wf_ids_find(back, WF_ID_PLACE, WF_TEXT("湖㳇镇市场")), 0);
    wf_ids_free(back);
    // What an unfinished delivery appended is not read and is overwritten.
    assert_int_equal(load(path.text, &before, &back), WEFT_OK);
    assert_int_equal(wf_ids_count(back, WF_ID_PERSON), 1000);
    intern_people(back, 1000, 1100);
    ok(wf_ids_file_append(&wf_io_posix, path.text, test_key_of(1), back, &before, &error),
       &error);
    wf_ids_free(back);
    assert_int_equal(load(path.text, &before, &back), WEFT_OK);
    assert_int_equal(wf_ids_count(back, WF_ID_PERSON), 1100);
    wf_ids_free(back);
    assert_int_equal(load(path.text, &mark, &back), WEFT_DAMAGED);
    wf_ids_free(ids);
    scratch_remove(folder.text);
}

static void a_changed_dictionary_is_refused(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path folder;
    scratch_new(&folder);
    wf_path path = scratch_path(&folder, "dictionary");
    wf_ids *ids = ids_new(), *back = NULL;
    wf_ids_mark mark = {.generation = 1};
    intern_people(ids, 0, 20);
    ok(wf_ids_file_append(&wf_io_posix, path.text, test_key_of(1), ids, &mark, &error),
       &error);
    intern_people(ids, 20, 40);
    ok(wf_ids_file_append(&wf_io_posix, path.text, test_key_of(1), ids, &mark, &error),
       &error);
    size_t size;
    char *bytes = scratch_read(&path, &size);
    assert_int_equal(size, mark.length);
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x10;
        scratch_write(&path, bytes, size);
        assert_int_equal(load(path.text, &mark, &back), WEFT_DAMAGED);
        bytes[at] ^= 0x10;
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        scratch_write(&path, bytes, cut);
        assert_int_equal(load(path.text, &mark, &back), WEFT_DAMAGED);
    }
    scratch_write(&path, bytes, size);
    free(bytes);
    assert_int_equal(load(path.text, &mark, &back), WEFT_OK);
    wf_ids_free(back);
    wf_ids_free(ids);
    scratch_remove(folder.text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_follow_the_order_of_interning),
        cmocka_unit_test(threads_may_intern_together),
        cmocka_unit_test(cut_ids_are_gone_and_dropped_ones_leave_a_hole),
        cmocka_unit_test(a_dictionary_comes_back_from_disk),
        cmocka_unit_test(a_changed_dictionary_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
