// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>
#include <unistd.h>

#include "load/refused.h"
#include "support/made_city.h"

static made_city city;

static int begin(void **state)
{
    (void)state;
    made_city_new(&city);
    return 0;
}

static int end(void **state)
{
    (void)state;
    made_city_done(&city);
    return 0;
}

static wf_refused_folder folder(void)
{
    return (wf_refused_folder){city.store.io, city.store.folder.text, city.store.keys};
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool print_row(void *context, const wf_refused_row *row)
{
    return wf_buffer_printf(context, "%u %.*s %.*s [%.*s]\n", (unsigned)row->line,
                            (int)row->code.size, row->code.bytes, (int)row->field.size,
                            row->field.bytes, (int)row->raw.size, row->raw.bytes);
}

static weft_status read_rows(const char *name, wf_buffer *ret, wf_refused_about *about)
{
    wf_refused_folder from = folder();
    wf_refused_visitor visitor = {.row = print_row, .context = ret};
    weft_status status = wf_refused_read(&from, name, &visitor, about, &city.error);
    assert_true(wf_buffer_append(ret, "", 1));
    return status;
}

#define VISITS "person,place,start,end\n"
#define BAD                                                                              \
    VISITS "P-secret,\"Q\n1\",2021-12-09 10:00,2021-12-09 09:00\n"                       \
           "P-secret,Q,2021-12-09 10:00,2021-12-09 11:00\n"                              \
           "P-secret,Q,not a time,\r\n"                                                  \
           "P-secret,Q,2021-12-08 10:00,2021-12-08 09:00\n"

static void import_bad_rows(void)
{
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, BAD), WEFT_OK);
    assert_int_equal(city.summary.refused, 3);
    assert_int_equal(city.summary.accepted, 1);
}

static void rows_are_kept_whole_and_sealed(void **state)
{
    (void)state;
    wf_buffer got = {0};
    wf_refused_about about;
    size_t size = 0;
    wf_path path = {0};
    import_bad_rows();
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_string_equal(
        got.bytes,
        "2 import.control place [P-secret,\"Q\n1\",2021-12-09 10:00,2021-12-09 09:00]\n"
        "5 import.time start [P-secret,Q,not a time,]\n"
        "6 import.end_before_start end [P-secret,Q,2021-12-08 10:00,2021-12-08 "
        "09:00]\n");
    assert_int_equal(about.rows, 3);
    assert_int_equal(about.unreadable, 0);
    memcpy(path.text, city.summary.refused_file, sizeof path.text);
    char *bytes = scratch_read(&path, &size);
    assert_null(memmem(bytes, size, "secret", 6));
    assert_null(memmem(bytes, size, "import.", 7));
    free(bytes);
    wf_buffer_done(&got);
}

static void a_flipped_byte_or_a_cut_is_found(void **state)
{
    (void)state;
    wf_path path = {0};
    size_t size = 0;
    import_bad_rows();
    memcpy(path.text, city.summary.refused_file, sizeof path.text);
    char *bytes = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at++) {
        wf_buffer got = {0};
        wf_refused_about about;
        if (at >= 32 && at < 36)
            continue; // the kind: another kind, or none, which the blobs notice
        bytes[at] ^= 0x10;
        scratch_write(&path, bytes, size);
        weft_status status = read_rows(base_name(path.text), &got, &about);
        assert_true(status == WEFT_DAMAGED);
        bytes[at] ^= 0x10;
        wf_buffer_done(&got);
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        wf_buffer got = {0};
        wf_refused_about about;
        scratch_write(&path, bytes, cut);
        assert_int_equal(read_rows(base_name(path.text), &got, &about), WEFT_DAMAGED);
        wf_buffer_done(&got);
    }
    free(bytes);
}

static void names_from_outside_cannot_leave_the_folder(void **state)
{
    (void)state;
    static const char *const names[] = {
        "../keep.rows", "", ".rows", "a/b.rows", "2021-12-12-0.rows.next", "nothing"};
    import_bad_rows();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_buffer got = {0};
        wf_refused_about about;
        assert_int_equal(read_rows(names[i], &got, &about), WEFT_NOT_FOUND);
        wf_buffer_done(&got);
    }
}

static void a_purge_does_not_write_through_links(void **state)
{
    (void)state;
    wf_refused_folder from = folder();
    uint64_t rows = 0;
    size_t size = 0;
    import_bad_rows();
    wf_path other = scratch_path(&city.store.folder, "other");
    wf_path link =
        scratch_path(&city.store.folder, "refused/2021-12-12-0123456789abcdef.rows.next");
    scratch_write(&other, "of somebody", 11);
    assert_int_equal(symlink(other.text, link.text), 0);
    assert_int_equal(wf_refused_purge(&from, &rows, &city.error), WEFT_OK);
    assert_false(wf_io_exists(&wf_io_posix, link.text));
    char *bytes = scratch_read(&other, &size);
    assert_int_equal(size, 11);
    assert_memory_equal(bytes, "of somebody", 11);
    free(bytes);
}

static unsigned city_syncs;

static int note_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    city_syncs += strcmp(path, city.store.folder.text) == 0;
    return 0;
}

static void the_first_refused_rows_make_their_folder_durable(void **state)
{
    (void)state;
    wf_io io = city.store.quick;
    io.sync_dir = note_sync_dir;
    made_city_close(&city);
    made_city_open(&city, &io);
    city_syncs = 0;
    import_bad_rows();
    assert_true(city_syncs > 0);
    made_city_close(&city);
    made_city_open(&city, &city.store.quick);
}

static void rows_end_with_their_day(void **state)
{
    (void)state;
    wf_buffer got = {0};
    wf_refused_about about;
    wf_refused_folder from = folder();
    wf_visits_purge_count purged;
    weft_day before;
    uint64_t rows = 0;
    size_t count = 0;
    size_t destroyed = 0;
    const char **names = NULL;
    wf_arena arena = {0};
    assert_true(wf_day_parse(WF_TEXT("2021-12-09"), &before));
    import_bad_rows();
    assert_int_equal(
        wf_visits_purge(city.store.visits, before, NULL, NULL, &purged, &city.error),
        WEFT_OK);
    assert_int_equal(wf_refused_purge(&from, &rows, &city.error), WEFT_OK);
    assert_int_equal(rows, 1);
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_null(strstr(got.bytes, "2021-12-08"));
    assert_non_null(strstr(got.bytes, "not a time"));
    assert_int_equal(about.unreadable, 1);
    // Rows whose day could not be read end with the day of receipt.
    before.number += 10;
    assert_int_equal(wf_keys_forget_before(city.store.keys, WF_KEY_REFUSED, before,
                                           &destroyed, &city.error),
                     WEFT_OK);
    assert_int_equal(
        wf_visits_purge(city.store.visits, before, NULL, NULL, &purged, &city.error),
        WEFT_OK);
    assert_int_equal(wf_refused_purge(&from, &rows, &city.error), WEFT_OK);
    assert_int_equal(wf_refused_names(&from, &arena, &names, &count, &city.error),
                     WEFT_OK);
    assert_int_equal(count, 0);
    wf_arena_done(&arena);
    wf_buffer_done(&got);
}

static void rows_can_be_tried_again_with_their_mapping(void **state)
{
    (void)state;
    wf_path map = scratch_path(&city.store.folder, "map.yaml");
    const char *yaml = "kind: visits\nformat: space\nheader: false\nfields:\n"
                       "  person: {column: 1, prefix: \"P-\"}\n"
                       "  place: {column: 2}\n"
                       "  start: {time: {column: 3, format: \"%d/%m/%Y\"}}\n"
                       "  end: {constant: \"\"}\n";
    scratch_write(&map, yaml, strlen(yaml));
    weft_import_options with = {.mapping = map.text, .as_of = WEFT_TIME_NONE};
    weft_import_options again = {.as_of = WEFT_TIME_NONE};
    city.import.clocked = true;
    assert_int_equal(made_import_bytes(&city, WEFT_IMPORT_VISITS,
                                       WF_TEXT("1 Q 13/12/2021\n2 Q 12/12/2021\nx\n"),
                                       &with),
                     WEFT_OK);
    assert_int_equal(city.summary.refused, 2);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    const char *name = base_name(file.text);
    city.import.now = made_time(&city.store, "2021-12-13 08:00"); // a day later
    assert_int_equal(
        wf_import_retry(&city.import, name, &again, &city.summary, &city.error), WEFT_OK);
    assert_int_equal(city.summary.rows, 2);
    assert_int_equal(city.summary.accepted, 1);
    assert_int_equal(city.summary.refused, 1);
    assert_int_equal(
        wf_import_retry(&city.import, name, &again, &city.summary, &city.error),
        WEFT_NOT_FOUND);
}

static void many_days_and_many_rows_cost_little_memory(void **state)
{
    (void)state;
    wf_buffer text = {0};
    assert_true(wf_buffer_append(&text, VISITS, sizeof VISITS - 1));
    for (unsigned i = 0; i < 20000; i++)
        assert_true(
            wf_buffer_printf(&text, "P,,2021-%02u-%02u,\n", 1 + i % 12, 1 + i / 12 % 28));
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_buffer_text(&text), NULL),
        WEFT_OK);
    assert_int_equal(city.summary.refused, 20000);
    assert_int_equal(city.refused_count, 20);
    wf_buffer got = {0};
    wf_refused_about about;
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_int_equal(about.rows, 20000);
    wf_buffer_done(&got);
    wf_buffer_done(&text);
}

// ---- faults ----

#define GOOD                                                                             \
    VISITS "P-1,Q,2021-12-09 10:00,2021-12-10 11:00\n"                                   \
           "P-2,Q,2021-12-09 10:00,bad\n"                                                \
           "P-3,Q,2021-12-11 10:00,2021-12-11 11:00\n"

// One import while the disk fails at one call; then the city is opened afresh. True if
// there was such a call.
static bool import_with_fault(fault_kind kind, unsigned long at, weft_status *ret_status)
{
    fault_io fault;
    fault_io_init(&fault);
    made_city_close(&city);
    made_city_open(&city, &fault.io);
    wf_digest before = made_city_digest(&city);
    fault.kind = kind;
    fault.at = fault.calls + at;
    fault.errno_value = kind == FAULT_ONCE ? ENOSPC : EIO;
    *ret_status = made_import(&city, WEFT_IMPORT_VISITS, GOOD);
    bool hit = fault.calls >= fault.at;
    fault.kind = FAULT_NONE;
    if (!fault.dead && *ret_status != WEFT_OK)
        assert_true(made_digests_equal(before, made_city_digest(&city)));
    made_city_close(&city);
    made_city_open(&city, &wf_io_posix);
    return hit;
}

// Fails at every call of an import in turn. A city that has taken the rows is replaced.
static void fail_everywhere(fault_kind kind)
{
    bool hit = true, fresh = false;
    wf_digest before = {{0}};
    for (unsigned long at = 1; hit; at++) {
        weft_status status;
        if (!fresh) {
            made_city_new(&city);
            assert_int_equal(
                made_import(&city, WEFT_IMPORT_VISITS, VISITS "P-0,Q,2021-12-09,\n"),
                WEFT_OK);
            before = made_city_digest(&city);
        }
        hit = import_with_fault(kind, at, &status);
        fresh = made_digests_equal(before, made_city_digest(&city));
        if (status == WEFT_OK)
            assert_false(fresh);
        else if (kind == FAULT_ONCE)
            assert_true(fresh);
        if (!fresh) {
            // Whatever happened, all is there, and again changes nothing.
            assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, GOOD), WEFT_OK);
            assert_int_equal(city.summary.accepted, 0);
            made_city_done(&city);
        }
    }
    assert_false(fresh);
}

static void a_full_disk_anywhere_leaves_nothing_half_done(void **state)
{
    (void)state;
    fail_everywhere(FAULT_ONCE);
}

static void a_kill_anywhere_leaves_all_or_nothing(void **state)
{
    (void)state;
    fail_everywhere(FAULT_KILL);
}

int main(void)
{
    // Hundreds of imports, each with its syncs: in memory where the machine allows it.
    if (access("/dev/shm", W_OK) == 0)
        assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_CITY(rows_are_kept_whole_and_sealed),
        IN_CITY(a_flipped_byte_or_a_cut_is_found),
        IN_CITY(names_from_outside_cannot_leave_the_folder),
        IN_CITY(a_purge_does_not_write_through_links),
        IN_CITY(the_first_refused_rows_make_their_folder_durable),
        IN_CITY(rows_end_with_their_day),
        IN_CITY(rows_can_be_tried_again_with_their_mapping),
        IN_CITY(many_days_and_many_rows_cost_little_memory),
        cmocka_unit_test(a_full_disk_anywhere_leaves_nothing_half_done),
        cmocka_unit_test(a_kill_anywhere_leaves_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
