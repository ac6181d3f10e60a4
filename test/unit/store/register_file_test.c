// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/register_inside.h"
#include "support/register_city.h"

static int set_up(void **state)
{
    register_city *c = calloc(1, sizeof *c);
    register_city_new(c);
    *state = c;
    return 0;
}

static int tear_down(void **state)
{
    register_city_done(*state);
    free(*state);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code != NULL ? error->code : "?", error->field);
    assert_int_equal(status, WEFT_OK);
}

static wf_value text(const char *value)
{
    return (wf_value){.given = true, .text = wf_text_of(value)};
}

// Puts persons [from, to) with all that identifies.
static weft_status put_people(register_city *c, uint32_t from, uint32_t to,
                              weft_error *error)
{
    wf_value values[WF_COLUMNS_MAX] = {[1] = text("SECRET-NAME"),
                                       [2] = text("female"),
                                       [3] = {.given = true, .number = 1000},
                                       [4] = text("320214001001"),
                                       [5] = text("SECRET-HOUSE"),
                                       [6] = text("SECRET-PHONE"),
                                       [7] = text("SECRET-NUMBER"),
                                       [9] = text("SECRET-NEEDS")};
    wf_put_result result;
    for (uint32_t number = from; number < to; number++)
        WF_TRY(wf_register_put(c->reg, WF_REGISTER_PERSONS, number, values,
                               (weft_time){100}, &result, error));
    return WEFT_OK;
}

static weft_status deliver(register_city *c, uint32_t from, uint32_t to,
                           weft_error *error)
{
    WF_TRY(wf_register_begin(c->reg, register_city_text, c, error));
    weft_status status = put_people(c, from, to, error);
    if (status == WEFT_OK)
        return wf_register_commit(c->reg, error);
    wf_register_rollback(c->reg);
    return status;
}

static bool is_registered(register_city *c, uint32_t number)
{
    weft_error error = {0};
    wf_person_about about;
    ok(wf_register_person(c->reg, (wf_person){number}, &about, &error), &error);
    return about.registered;
}

// Opens a register that should not open; the city's own is closed.
static void expect_refusal(register_city *c, weft_status status, const char *code)
{
    weft_error error = {0};
    wf_register *reg = NULL;
    assert_int_equal(wf_register_open(c->city.text, c->keys, &reg, &error), status);
    assert_string_equal(error.code, code);
    assert_null(reg);
}

static void close_register(register_city *c)
{
    wf_register_close(c->reg);
    c->reg = NULL;
}

static void open_register(register_city *c)
{
    weft_error error = {0};
    ok(wf_register_open(c->city.text, c->keys, &c->reg, &error), &error);
}

// Runs SQL on the closed file, as someone with a SQLite shell would.
static void meddle(const register_city *c, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(c->file.text, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void count_found(void *context, const weft_error *what)
{
    int *count = context;
    assert_int_equal(what->status, WEFT_DAMAGED);
    (*count)++;
}

static int verify(register_city *c)
{
    weft_error error = {0};
    int count = 0;
    ok(wf_register_verify(c->reg, count_found, &count, &error), &error);
    return count;
}

// ---- secrecy ----

static bool holds(const char *bytes, size_t size, const char *word)
{
    return memmem(bytes, size, word, strlen(word)) != NULL;
}

static void the_file_names_nobody(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 100, &error), &error);
    struct stat about;
    assert_int_equal(stat(c->file.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    wf_path log = scratch_path(&c->city, "records.db-wal");
    assert_int_equal(stat(log.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    close_register(c);
    size_t size;
    char *bytes = scratch_read(&c->file, &size);
    assert_true(holds(bytes, size, "320214001001"));
    assert_false(holds(bytes, size, "SECRET"));
    assert_false(holds(bytes, size, "P-00000"));
    free(bytes);
}

static void a_sealed_blob_opens_in_its_own_row_only(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 3, &error), &error);
    assert_int_equal(verify(c), 0);
    close_register(c);
    meddle(c, "UPDATE persons SET sealed = (SELECT sealed FROM persons WHERE person = 1) "
              "WHERE person = 2");
    open_register(c);
    assert_true(is_registered(c, 1));
    wf_person_about about;
    assert_int_equal(wf_register_person(c->reg, (wf_person){2}, &about, &error),
                     WEFT_DAMAGED);
    assert_int_equal(verify(c), 1);
}

static void verify_tells_of_a_household_key_that_was_changed(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 3, &error), &error);
    close_register(c);
    meddle(c, "UPDATE persons SET household_key = 7 WHERE person = 2");
    open_register(c);
    assert_int_equal(verify(c), 1);
}

// ---- files that are not ours, or no longer whole ----

static void files_that_are_not_ours_are_refused_and_left_alone(void **state)
{
    register_city *c = *state;
    close_register(c);
    wf_path ours = scratch_path(&c->folder, "ours.db");
    assert_int_equal(rename(c->file.text, ours.text), 0);
    meddle(c, "CREATE TABLE notes (note TEXT)");
    size_t size, again_size;
    char *before = scratch_read(&c->file, &size);
    expect_refusal(c, WEFT_BAD_INPUT, "register.foreign");
    char *after = scratch_read(&c->file, &again_size);
    assert_int_equal(size, again_size);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
    char noise[8192];
    memset(noise, 'x', sizeof noise);
    scratch_write(&c->file, noise, sizeof noise);
    expect_refusal(c, WEFT_DAMAGED, "register.damaged");
    assert_int_equal(rename(ours.text, c->file.text), 0);
    open_register(c);
}

static void a_file_of_a_newer_program_is_refused(void **state)
{
    register_city *c = *state;
    close_register(c);
    meddle(c, "PRAGMA user_version = 2");
    expect_refusal(c, WEFT_BAD_INPUT, "register.newer");
}

static void definitions_that_someone_added_are_refused(void **state)
{
    static const char *const added[] = {
        "CREATE TRIGGER t AFTER INSERT ON persons BEGIN DELETE FROM cases; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON persons (grid)",
        "DROP TABLE cases",
        "ALTER TABLE places ADD COLUMN owner TEXT",
        "PRAGMA user_version = 0",
    };
    register_city *c = *state;
    close_register(c);
    size_t size;
    char *good = scratch_read(&c->file, &size);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        meddle(c, added[i]);
        expect_refusal(c, WEFT_DAMAGED, "register.damaged");
        scratch_write(&c->file, good, size);
    }
    free(good);
    open_register(c);
}

static void a_link_in_place_of_the_file_is_refused(void **state)
{
    register_city *c = *state;
    close_register(c);
    wf_path elsewhere = scratch_path(&c->folder, "elsewhere.db");
    assert_int_equal(rename(c->file.text, elsewhere.text), 0);
    assert_int_equal(symlink(elsewhere.text, c->file.text), 0);
    expect_refusal(c, WEFT_STORAGE, "io.open");
}

static void the_file_of_another_city_is_refused(void **state)
{
    register_city *c = *state;
    register_city other;
    register_city_new(&other);
    close_register(c);
    close_register(&other);
    size_t size;
    char *bytes = scratch_read(&other.file, &size);
    scratch_write(&c->file, bytes, size);
    free(bytes);
    expect_refusal(c, WEFT_DAMAGED, "register.other_key");
    register_city_done(&other);
}

static void a_register_whose_key_is_lost_says_so(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    register_city_close(c);
    scratch_remove(c->key_dir.text);
    wf_path keys = scratch_path(&c->city, "keys");
    scratch_remove(keys.text);
    ok(wf_keys_create(&c->options, REGISTER_CITY_ID, &error), &error);
    ok(wf_keys_open(&c->options, REGISTER_CITY_ID, &c->keys, &error), &error);
    expect_refusal(c, WEFT_KEYLESS, "keys.none");
}

static void a_lost_file_is_not_taken_for_a_new_register(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 10, &error), &error);
    close_register(c);
    wf_path elsewhere = scratch_path(&c->folder, "elsewhere.db");
    assert_int_equal(rename(c->file.text, elsewhere.text), 0);
    expect_refusal(c, WEFT_DAMAGED, "register.lost");
    assert_false(wf_io_exists(&wf_io_posix, c->file.text));
    scratch_write(&c->file, "", 0);
    expect_refusal(c, WEFT_DAMAGED, "register.lost");
    assert_int_equal(rename(elsewhere.text, c->file.text), 0);
    open_register(c);
    assert_true(is_registered(c, 9));
}

static void the_greatest_numbers_are_those_of_any_row(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    int64_t person = 0, place = 0;
    ok(wf_register_greatest(c->reg, &person, &place, &error), &error);
    assert_int_equal(person, -1);
    assert_int_equal(place, -1);
    ok(deliver(c, 3, 8, &error), &error);
    ok(wf_register_greatest(c->reg, &person, &place, &error), &error);
    assert_int_equal(person, 7);
    assert_int_equal(place, -1);
}

static void a_damaged_page_is_never_taken_for_good(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 1000, &error), &error);
    close_register(c);
    size_t size;
    char *good = scratch_read(&c->file, &size);
    char *bytes = malloc(size);
    assert_non_null(bytes);
    for (size_t page = 1; page < size / 4096; page++) {
        memcpy(bytes, good, size);
        memset(bytes + page * 4096, 0xA5, 12); // the page's head
        scratch_write(&c->file, bytes, size);
        wf_register *reg = NULL;
        weft_status status = wf_register_open(c->city.text, c->keys, &reg, &error);
        if (status != WEFT_OK) {
            assert_int_equal(status, WEFT_DAMAGED);
            continue;
        }
        c->reg = reg;
        assert_true(verify(c) > 0);
        close_register(c);
    }
    scratch_write(&c->file, good, size / 4096 / 2 * 4096); // cut in half
    wf_register *reg = NULL;
    weft_status status = wf_register_open(c->city.text, c->keys, &reg, &error);
    if (status == WEFT_OK) {
        c->reg = reg;
        assert_true(verify(c) > 0);
        close_register(c);
    } else {
        assert_int_equal(status, WEFT_DAMAGED);
    }
    scratch_write(&c->file, good, size);
    free(bytes);
    free(good);
    open_register(c); // the good file put back is good again
    assert_int_equal(verify(c), 0);
}

// ---- the disk ends ----

static void limit_pages(const register_city *c, int more)
{
    char sql[64];
    int64_t pages = 0;
    weft_error error = {0};
    ok(wf_database_number(c->reg->write, "PRAGMA page_count", 0, &pages, &error), &error);
    int size = snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
                        more < 0 ? 1LL << 30 : (long long)pages + more);
    assert_true(size > 0 && (size_t)size < sizeof sql);
    assert_int_equal(sqlite3_exec(c->reg->write, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void a_full_disk_leaves_the_register_as_it_was(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 50, &error), &error);
    limit_pages(c, 5);
    assert_int_equal(deliver(c, 50, 5000, &error), WEFT_DISK_FULL);
    assert_string_equal(error.code, "io.disk_full");
    assert_true(is_registered(c, 49));
    assert_false(is_registered(c, 50));
    limit_pages(c, -1);
    wf_error_clear(&error);
    ok(deliver(c, 50, 5000, &error), &error);
    assert_true(is_registered(c, 4999));
    assert_int_equal(verify(c), 0);
}

static void a_delivery_that_failed_once_cannot_be_committed(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    limit_pages(c, 2);
    ok(wf_register_begin(c->reg, register_city_text, c, &error), &error);
    assert_int_equal(put_people(c, 0, 5000, &error), WEFT_DISK_FULL);
    limit_pages(c, -1); // space comes back in the middle of it
    assert_int_equal(put_people(c, 5000, 5001, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "register.failed");
    assert_int_equal(wf_register_commit(c->reg, &error), WEFT_STORAGE);
    assert_false(is_registered(c, 0));
    assert_false(is_registered(c, 5000));
    wf_error_clear(&error);
    ok(deliver(c, 7, 8, &error), &error);
    assert_true(is_registered(c, 7));
}

// Writes beyond the limit of file size fail in the log itself, at the commit.
static void a_commit_that_cannot_be_written_shows_nothing(void **state)
{
    register_city *c = *state;
    weft_error error = {0};
    ok(deliver(c, 0, 50, &error), &error);
    ok(wf_register_begin(c->reg, register_city_text, c, &error), &error);
    ok(put_people(c, 50, 2000, &error), &error);
    struct rlimit before, small = {.rlim_cur = 100 * 1024};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    weft_status status = wf_register_commit(c->reg, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, handler) == SIG_IGN);
    assert_int_not_equal(status, WEFT_OK);
    assert_int_equal(weft_status_exit_code(status), 5);
    assert_true(is_registered(c, 49));
    assert_false(is_registered(c, 50));
    wf_error_clear(&error);
    ok(deliver(c, 50, 2000, &error), &error);
    register_city_close(c);
    register_city_open(c);
    assert_true(is_registered(c, 1999));
    assert_int_equal(verify(c), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(the_file_names_nobody),
        TEST(a_sealed_blob_opens_in_its_own_row_only),
        TEST(verify_tells_of_a_household_key_that_was_changed),
        TEST(files_that_are_not_ours_are_refused_and_left_alone),
        TEST(a_file_of_a_newer_program_is_refused),
        TEST(definitions_that_someone_added_are_refused),
        TEST(a_link_in_place_of_the_file_is_refused),
        TEST(the_file_of_another_city_is_refused),
        TEST(a_register_whose_key_is_lost_says_so),
        TEST(a_lost_file_is_not_taken_for_a_new_register),
        TEST(the_greatest_numbers_are_those_of_any_row),
        TEST(a_damaged_page_is_never_taken_for_good),
        TEST(a_full_disk_leaves_the_register_as_it_was),
        TEST(a_delivery_that_failed_once_cannot_be_committed),
        TEST(a_commit_that_cannot_be_written_shows_nothing),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
