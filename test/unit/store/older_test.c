// records.db of before the ledger, as it is found in a folder: which file is one, and
// that a damaged one is refused or read as far as it can be, whatever stands in it.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "store/older/older.h"
#include "support/older_city.h"

#define CITY "eb450c456940dcd7eb9c55ed3723e99c"

typedef struct {
    older_city city;
    wf_path path; // of the file that was set aside
    wf_keys *keys;
    char *bytes;
    size_t size;
} fixture;

static fixture f;

static int make(void **state)
{
    (void)state;
    weft_error error = {0};
    older_city_new(&f.city);
    wf_keys_options keys = {
        .io = &wf_io_posix, .city_dir = f.city.dir.text, .key_dir = f.city.keys.text};
    assert_int_equal(wf_keys_open(&keys, CITY, &f.keys, &error), WEFT_OK);
    f.path = scratch_path(&f.city.dir, "records.older");
    wf_path there = scratch_path(&f.city.dir, "records.db");
    f.bytes = scratch_read(&there, &f.size);
    assert_non_null(f.bytes);
    return 0;
}

static int done(void **state)
{
    (void)state;
    wf_keys_close(f.keys);
    free(f.bytes);
    older_city_done(&f.city);
    return 0;
}

static wf_older_state look(void)
{
    weft_error error = {0};
    wf_older_state is = WF_OLDER_NONE;
    assert_int_equal(wf_older_look(&wf_io_posix, f.city.dir.text, &is, &error), WEFT_OK);
    return is;
}

static void only_a_file_of_ours_is_an_older_one(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path there = scratch_path(&f.city.dir, "records.db");
    assert_int_equal(look(), WF_OLDER_THERE);
    char *other = malloc(f.size);
    assert_non_null(other);
    memcpy(other, f.bytes, f.size);
    other[70]++; // of the application id
    scratch_write(&there, other, f.size);
    assert_int_equal(look(), WF_OLDER_NONE);
    free(other);
    scratch_write(&there, f.bytes, 50);
    assert_int_equal(look(), WF_OLDER_NONE);
    assert_int_equal(unlink(there.text), 0);
    assert_int_equal(look(), WF_OLDER_NONE);
    scratch_write(&there, f.bytes, f.size);
    assert_int_equal(wf_older_set_aside(&wf_io_posix, f.city.dir.text, &error), WEFT_OK);
    assert_int_equal(look(), WF_OLDER_ASIDE);
    assert_int_equal(wf_older_end(&wf_io_posix, f.city.dir.text, &error), WEFT_OK);
    assert_int_equal(look(), WF_OLDER_NONE);
}

typedef struct {
    wf_register_kind kind;
    size_t rows, broken, given;
} scanned;

// What is not broken may be used.
static weft_status use_row(void *context, const wf_older_row *row, weft_error *error)
{
    scanned *all = context;
    const wf_register_table *table = wf_register_table_of(all->kind);
    (void)error;
    all->rows++;
    all->broken += row->broken;
    for (size_t i = 0; !row->broken && i < table->columns_count; i++) {
        const wf_value *value = &row->values[i];
        if (!value->given)
            continue;
        all->given++;
        if (value->text.size > 0)
            assert_true(wf_column_takes_text(&table->columns[i], value->text));
    }
    return WEFT_OK;
}

static weft_status scan(scanned *ret)
{
    weft_error error = {0};
    wf_older *older = NULL;
    weft_status status = wf_older_open(f.city.dir.text, f.keys, &older, &error);
    for (wf_register_kind kind = 0; status == WEFT_OK && kind < WF_REGISTER_COUNT;
         kind++) {
        int64_t newest;
        ret->kind = kind;
        status = wf_older_newest(older, kind, &newest, &error);
        if (status == WEFT_OK)
            status = wf_older_scan(older, kind, use_row, ret, &error);
    }
    wf_older_close(older);
    assert_true(status == WEFT_OK || status == WEFT_DAMAGED);
    return status;
}

static void a_whole_file_is_read_whole(void **state)
{
    (void)state;
    scanned all = {0};
    scratch_write(&f.path, f.bytes, f.size);
    assert_int_equal(scan(&all), WEFT_OK);
    assert_int_equal(all.rows, 8);
    assert_int_equal(all.broken, 0);
    assert_true(all.given > 30);
}

static void a_damaged_file_is_refused_or_read_as_far_as_it_goes(void **state)
{
    (void)state;
    wf_prng prng = wf_prng_new(20211211);
    size_t refused = 0, broken = 0;
    char *bytes = malloc(f.size);
    assert_non_null(bytes);
    for (int i = 0; i < 400; i++) {
        scanned all = {0};
        size_t size = f.size;
        memcpy(bytes, f.bytes, f.size);
        for (uint32_t flips = 1 + wf_prng_below(&prng, 6); flips > 0; flips--)
            bytes[wf_prng_below(&prng, (uint32_t)f.size)] ^=
                (char)(1 << wf_prng_below(&prng, 8));
        if (wf_prng_below(&prng, 8) == 0)
            size = wf_prng_below(&prng, (uint32_t)f.size);
        scratch_write(&f.path, bytes, size);
        refused += scan(&all) != WEFT_OK;
        broken += all.broken > 0;
    }
    assert_true(refused > 0 && broken > 0);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_a_file_of_ours_is_an_older_one, make, done),
        cmocka_unit_test_setup_teardown(a_whole_file_is_read_whole, make, done),
        cmocka_unit_test_setup_teardown(
            a_damaged_file_is_refused_or_read_as_far_as_it_goes, make, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
