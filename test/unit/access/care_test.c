// Digest, verify and purge of a city in a folder, through the public functions.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/city/city.h"
#include "desk/kinds.h"
#include "support/made_store.h"
#include "weft/care.h"

typedef struct {
    wf_path folder, keys;
    weft_city *city;
} fixture;

static const made_row rows[] = {
    {"P-1", "L-1", {18932}, 420, 450, "T1", 0, false, 0}, // 1 November 2021
    {"P-2", "L-1", {18971}, 425, 455, NULL, 0, false, 1}, // 10 December 2021
    {"P-3", "L-2", {18971}, 600, 700, NULL, 0, false, 2},
    {"P-2", "P-3", {18971}, 600, 700, NULL, 0, true, 0},
};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void make(fixture *f)
{
    weft_error error = {0};
    scratch_new(&f->folder);
    scratch_new(&f->keys);
    wf_path dir = scratch_path(&f->folder, "city");
    weft_init_options options = {.kind = WEFT_CITY_DRILL,
                                 .clock = "2021-12-12T06:00+08:00",
                                 .keys.key_dir = f->keys.text};
    ok(weft_city_init(dir.text, &options, &error), &error);
    ok(weft_city_open(dir.text, &options.keys, &f->city, &error), &error);
}

static void done(fixture *f)
{
    weft_city_close(f->city);
    scratch_remove(f->folder.text);
    scratch_remove(f->keys.text);
}

static void deliver(fixture *f, const made_row *what, size_t count)
{
    weft_error error = {0};
    wf_visits_batch_count result;
    ok(made_deliver(f->city->visits, what, count, 1 << 30, &result, &error), &error);
}

typedef struct {
    char names[40][16];
    char hex[40][65];
    char notes[40][16];
    size_t count;
} lines;

static void keep_line(void *context, const weft_digest_line *line)
{
    lines *all = context;
    assert_true(all->count < 40);
    assert_true(snprintf(all->names[all->count], 16, "%s", line->name) > 0);
    memcpy(all->hex[all->count], line->hex, sizeof line->hex);
    assert_true(snprintf(all->notes[all->count], 16, "%s", line->note) >= 0);
    all->count++;
}

static lines digest(fixture *f, weft_status expected)
{
    lines all = {0};
    weft_error error = {0};
    assert_int_equal(weft_digest(f->city, keep_line, &all, &error), expected);
    return all;
}

static void count_finding(void *context, const weft_error *what)
{
    assert_non_null(what->code);
    ++*(size_t *)context;
}

static size_t verify(fixture *f)
{
    size_t count = 0;
    weft_error error = {0};
    weft_status status = weft_verify(f->city, count_finding, &count, &error);
    assert_int_equal(status, count == 0 ? WEFT_OK : WEFT_FOUND_WRONG);
    return count;
}

static void equal_contents_have_equal_digests(void **state)
{
    (void)state;
    fixture one, other;
    make(&one);
    make(&other);
    deliver(&one, rows, 4);
    for (size_t i = 4; i > 0; i--)
        deliver(&other, &rows[i - 1], 1);
    lines a = digest(&one, WEFT_OK), b = digest(&other, WEFT_OK);
    assert_string_equal(a.names[0], "total");
    assert_string_equal(a.names[1], "person");
    assert_string_equal(a.names[a.count - 2], "2021-11-01");
    assert_string_equal(a.names[a.count - 1], "2021-12-10");
    assert_int_equal(strlen(a.hex[0]), 64);
    assert_memory_equal(&a, &b, sizeof a);
    deliver(&other, &(made_row){"P-9", "L-9", {18971}, 1, 2, NULL, 0, false, 0}, 1);
    b = digest(&other, WEFT_OK);
    assert_string_equal(a.hex[a.count - 2], b.hex[a.count - 2]);
    assert_string_not_equal(a.hex[a.count - 1], b.hex[a.count - 1]);
    assert_string_not_equal(a.hex[0], b.hex[0]);
    done(&one);
    done(&other);
}

static void a_purge_takes_what_is_due_and_what_is_asked(void **state)
{
    (void)state;
    fixture f, never;
    weft_error error = {0};
    weft_purge_summary summary;
    make(&f);
    make(&never);
    deliver(&f, rows, 4);
    deliver(&never, rows + 1, 3);
    ok(weft_purge(f.city, NULL, &summary, &error), &error);
    assert_int_equal(summary.days_forgotten, 1);
    assert_int_equal(summary.keys_destroyed, 1);
    assert_int_equal(summary.ids_forgotten, 1);
    lines a = digest(&f, WEFT_OK), b = digest(&never, WEFT_OK);
    assert_string_equal(a.hex[0], b.hex[0]);
    assert_string_equal(a.notes[a.count - 2], "forgotten");
    assert_string_equal(a.hex[a.count - 1], b.hex[b.count - 1]);
    ok(weft_purge(f.city, NULL, &summary, &error), &error);
    assert_int_equal(summary.days_forgotten, 0);
    ok(weft_purge(f.city, &(weft_day){18972}, &summary, &error), &error);
    assert_int_equal(summary.days_forgotten, 1);
    assert_int_equal(summary.ids_forgotten, 4);
    assert_int_equal(verify(&f), 0);
    done(&f);
    done(&never);
}

static void what_is_damaged_is_named_and_not_in_the_digest(void **state)
{
    (void)state;
    fixture f;
    make(&f);
    deliver(&f, rows, 4);
    assert_int_equal(verify(&f), 0);
    wf_path path = scratch_path(&f.folder, "city/visits/2021-12-10.day");
    size_t size;
    char *bytes = scratch_read(&path, &size);
    bytes[size / 2] ^= 1;
    scratch_write(&path, bytes, size);
    assert_int_equal(verify(&f), 1);
    lines a = digest(&f, WEFT_DAMAGED);
    assert_string_equal(a.notes[a.count - 1], "damaged");
    bytes[size / 2] ^= 1;
    scratch_write(&path, bytes, size);
    assert_int_equal(verify(&f), 0);
    free(bytes);
    done(&f);
}

static void days_to_come_are_not_forgotten_in_a_real_city(void **state)
{
    (void)state;
    fixture f = {0};
    weft_error error = {0};
    weft_purge_summary summary;
    scratch_new(&f.folder);
    scratch_new(&f.keys);
    wf_path dir = scratch_path(&f.folder, "city");
    weft_init_options options = {.kind = WEFT_CITY_REAL, .keys.key_dir = f.keys.text};
    ok(weft_city_init(dir.text, &options, &error), &error);
    ok(weft_city_open(dir.text, &options.keys, &f.city, &error), &error);
    weft_day today = wf_zone_day_of(f.city->zone, weft_city_now(f.city));
    // Two days ahead of tomorrow: the day may turn while this runs.
    weft_day far = {today.number + 3}, near = {today.number + 1};
    assert_int_equal(weft_purge(f.city, &far, &summary, &error), WEFT_BAD_USAGE);
    assert_string_equal(error.code, "purge.future");
    assert_false(wf_visits_day_is_forgotten(f.city->visits, today));
    ok(weft_purge(f.city, &near, &summary, &error), &error);
    assert_true(wf_visits_day_is_forgotten(f.city->visits, today));
    assert_false(wf_visits_day_is_forgotten(f.city->visits, near));
    done(&f);
}

// Copies a file under another name, or back.
static void copy_file(const fixture *f, const char *from, const char *to)
{
    wf_path source = scratch_path(&f->folder, from),
            target = scratch_path(&f->folder, to);
    size_t size;
    char *bytes = scratch_read(&source, &size);
    scratch_write(&target, bytes, size);
    free(bytes);
}

static void register_person(fixture *f, const char *id)
{
    weft_error error = {0};
    bool accepted = false;
    wf_fact fact = {.id = {WF_TEXT("import/persons"), 0},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("person.registered")),
                    .at = {1}};
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(id)};
    wf_store *store = f->city->store;
    ok(wf_store_deliver_begin(store, WF_TIME_NONE, &error), &error);
    ok(wf_store_deliver(store, &fact, 1, &accepted, &error), &error);
    ok(wf_store_deliver_commit(store, &error), &error);
    assert_true(accepted);
}

static void a_register_newer_than_the_dictionary_is_refused(void **state)
{
    (void)state;
    static const char *const parts[][2] = {{"city/visits/manifest", "old-manifest"},
                                           {"city/visits/dictionary", "old-dictionary"},
                                           {"city/keys/ring", "old-ring"}};
    fixture f;
    weft_error error = {0};
    make(&f);
    register_person(&f, "P-1");
    const weft_key_options keys = {.key_dir = f.keys.text};
    wf_path dir = scratch_path(&f.folder, "city");
    for (size_t i = 0; i < 3; i++)
        copy_file(&f, parts[i][0], parts[i][1]);
    register_person(&f, "P-2");
    weft_city_close(f.city);
    f.city = NULL;
    for (size_t i = 0; i < 3; i++)
        copy_file(&f, parts[i][1], parts[i][0]);
    assert_int_equal(weft_city_open(dir.text, &keys, &f.city, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "city.parts_differ");
    assert_null(f.city);
    done(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_contents_have_equal_digests),
        cmocka_unit_test(a_purge_takes_what_is_due_and_what_is_asked),
        cmocka_unit_test(days_to_come_are_not_forgotten_in_a_real_city),
        cmocka_unit_test(a_register_newer_than_the_dictionary_is_refused),
        cmocka_unit_test(what_is_damaged_is_named_and_not_in_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
