// Tables of what was stated that are cut, flipped, old, missing or without their key, and
// what holds a store together around them: copies, the manifest of before.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "base/bytes.h"
#include "keys/seal.h"
#include "support/made_stated.h"
#include "visits/manifest.h"
#include "visits/stated_file.h"

static const weft_day friday = {18971}, saturday = {18972};
static const weft_day first_day = {0}, last_day = {INT32_MAX};
enum { plenty = 1 << 30 };

static const made_row delivered[] = {
    {"P-1", "L-1", {18971}, 420, 450, "T1", 0, false, 0},
    {"P-1", "L-2", {18972}, 600, 700, NULL, 0, false, 1},
};
static const made_statement tea = {
    "S-1", 7, "tea", {{"P-7", "L-1", {18971}, 430, 445, "T3", 0, false, 0}}};
static const made_statement night = {
    "S-2",
    1,
    "night",
    {{"P-8", "L-9", {18971}, 1380, 1440, NULL, WF_MARK_INTO_NEXT, false, 0},
     {"P-8", "L-9", {18972}, 0, 60, NULL, WF_MARK_FROM_BEFORE, false, 0}}};
static const made_statement later = {
    "S-2", 2, "later", {{"P-8", "L-2", {18972}, 610, 640, NULL, 0, false, 0}}};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void fill(made_store *store, const made_statement *what, size_t count)
{
    weft_error error = {0};
    wf_visits_batch_count batch;
    made_store_new(store);
    ok(made_deliver(store->visits, delivered, 2, plenty, &batch, &error), &error);
    ok(made_state_all(store->visits, what, count, &error), &error);
}

typedef struct {
    char codes[8][40];
    size_t count;
} findings;

static void note(void *context, const weft_error *what)
{
    findings *all = context;
    assert_true(all->count < 8);
    assert_true(snprintf(all->codes[all->count++], 40, "%s", what->code) > 0);
}

static void expect_found(made_store *store, const char *code)
{
    findings all = {0};
    weft_error error = {0};
    wf_visits_findings sink = {note, &all};
    assert_int_equal(wf_visits_verify(store->visits, &sink, &error),
                     code == NULL ? WEFT_OK : WEFT_FOUND_WRONG);
    assert_int_equal(all.count, code == NULL ? 0 : 1);
    if (code != NULL)
        assert_string_equal(all.codes[0], code);
}

static weft_status nothing(void *context, const wf_stated *entry, bool counted,
                           weft_error *error)
{
    (void)context;
    (void)entry;
    (void)counted;
    (void)error;
    return WEFT_OK;
}

// ---- damage ----

static void expect_damaged(made_store *store)
{
    weft_error error = {0};
    size_t unread;
    wf_digest digest;
    wf_day_state is;
    wf_visits_release(store->visits);
    assert_int_equal(made_state(store->visits, friday), WF_DAY_DAMAGED);
    assert_int_equal(made_state(store->visits, saturday), WF_DAY_DAMAGED); // the night
    ok(wf_visits_digest_day(store->visits, saturday, &digest, &is, &error), &error);
    assert_int_equal(is, WF_DAY_DAMAGED);
    expect_found(store, "visits.day_file_damaged");
    assert_int_equal(made_put(store->visits, &tea, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "visits.day_file_damaged");
    // It holds nothing else up.
    ok(made_state_all(store->visits, &later, 1, &error), &error);
    ok(wf_stated_each(store->visits, first_day, last_day, false, nothing, NULL, &unread,
                      &error),
       &error);
    assert_int_equal(unread, 1);
}

static void a_damaged_table_is_named_and_good_again_when_put_back(void **state)
{
    (void)state;
    made_store store;
    const made_statement both[] = {tea, night};
    fill(&store, both, 2);
    wf_path path = made_store_path(&store, "2021-12-10.stated");
    size_t size;
    char *good = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at += 53) {
        good[at] ^= 1;
        scratch_write(&path, good, size);
        good[at] ^= 1;
        wf_visits_release(store.visits);
        assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    }
    expect_damaged(&store);
    scratch_write(&path, good, size / 2);
    expect_damaged(&store);
    made_store_reopen(&store);
    expect_damaged(&store);
    assert_int_equal(unlink(path.text), 0);
    expect_damaged(&store);
    scratch_write(&path, good, size);
    assert_int_equal(made_rows_of(store.visits, friday), 3);
    assert_int_equal(made_rows_of(store.visits, saturday), 3);
    expect_found(&store, NULL);
    free(good);
    made_store_done(&store);
}

static void an_old_table_is_damaged(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    fill(&store, &tea, 1);
    wf_path path = made_store_path(&store, "2021-12-10.stated");
    size_t size;
    char *old = scratch_read(&path, &size);
    ok(made_set_dead(store.visits, &tea, true, &error), &error);
    scratch_write(&path, old, size);
    wf_visits_release(store.visits);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_DAMAGED);
    free(old);
    made_store_done(&store);
}

// A withdrawal is not lost because the table could not be written when it came.
static void a_death_waits_for_a_damaged_table(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    fill(&store, &tea, 1);
    wf_path path = made_store_path(&store, "2021-12-10.stated");
    size_t size;
    char *good = scratch_read(&path, &size);
    scratch_write(&path, good, size - 1);
    wf_visits_release(store.visits);
    ok(wf_stated_set_dead(store.visits, friday, made_identity(&tea), true, &error),
       &error);
    ok(wf_stated_write_life(store.visits, 5, &error), &error);
    assert_int_equal(wf_stated_life_position(store.visits), 0); // asked again
    scratch_write(&path, good, size);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    ok(wf_stated_write_life(store.visits, 6, &error), &error);
    assert_int_equal(wf_stated_life_position(store.visits), 6);
    made_store_reopen(&store);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    assert_int_equal(wf_stated_life_position(store.visits), 6);
    free(good);
    made_store_done(&store);
}

static void a_day_without_its_key_takes_no_statement(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_arena arena;
    wf_text body;
    uint32_t kind;
    made_store_new(&store);
    wf_path ring = scratch_path(&store.folder, "keys/ring");
    size_t size, new_size;
    char *old = scratch_read(&ring, &size);
    ok(made_state_all(store.visits, &night, 1, &error), &error);
    char *newest = scratch_read(&ring, &new_size);
    made_store_close(&store);
    scratch_write(&ring, old, size);
    made_store_reopen(&store);
    assert_int_equal(made_state(store.visits, friday), WF_DAY_KEYLESS);
    assert_int_equal(made_state(store.visits, saturday), WF_DAY_KEYLESS);
    expect_found(&store, "visits.day_keyless");
    assert_int_equal(made_put(store.visits, &tea, &error), WEFT_KEYLESS);
    wf_arena_init(&arena, 0);
    assert_int_equal(wf_stated_find(store.visits, friday, made_identity(&night), &arena,
                                    &body, &kind, &error),
                     WEFT_KEYLESS);
    wf_arena_done(&arena);
    made_store_close(&store);
    scratch_write(&ring, newest, new_size);
    made_store_reopen(&store);
    wf_stated_count(store.visits);
    assert_int_equal(made_rows_of(store.visits, saturday), 1);
    expect_found(&store, NULL);
    free(old);
    free(newest);
    made_store_done(&store);
}

// ---- the table's bytes ----

// Bytes of a table of two entries.
static wf_buffer print_table(void)
{
    static const wf_stated_visit visit = {{18972}, {1, 2, 600, 660, 0, 0, 1}};
    static const wf_stated_encounter meeting = {{18971}, {1, 2, 600, 660, 0, 0, 0}};
    wf_buffer bytes = {0};
    weft_error error = {0};
    wf_stated first = {.day = friday,
                       .id = {WF_TEXT("S-1"), 1},
                       .body = WF_TEXT("body"),
                       .seat = WF_TEXT("T1"),
                       .visits = &visit,
                       .visits_count = 1};
    wf_stated second = {.day = friday,
                        .id = {WF_TEXT("S-1"), 2},
                        .dead = true,
                        .setting = WF_TEXT("car"),
                        .encounters = &meeting,
                        .encounters_count = 1};
    assert_true(wf_stated_print_head(&bytes));
    ok(wf_stated_print(&first, 3, &bytes, &error), &error);
    ok(wf_stated_print(&second, 4, &bytes, &error), &error);
    wf_stated_patch_count(bytes.bytes, 2);
    return bytes;
}

// Opens a copy of the bytes, which ends where its memory does.
static weft_status open_copy(const wf_buffer *bytes, size_t size, size_t *ret_count)
{
    weft_error error = {0};
    wf_stated_table table = {0};
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes->bytes, size);
    wf_segment_bytes all = {(unsigned char *)copy, size, size};
    weft_status status = wf_stated_table_open(&all, friday, &table, &error);
    *ret_count = table.count;
    free(table.entries);
    free(copy);
    return status;
}

static void a_table_that_breaks_its_form_is_refused(void **state)
{
    (void)state;
    size_t count;
    wf_buffer bytes = print_table();
    ok(open_copy(&bytes, bytes.size, &count), &(weft_error){0});
    assert_int_equal(count, 2);
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(open_copy(&bytes, size, &count), WEFT_DAMAGED);
    for (size_t at = 0; at < bytes.size; at++)
        for (unsigned value = 0; value < 256; value += 51) {
            char kept = bytes.bytes[at];
            bytes.bytes[at] = (char)value;
            weft_status status = open_copy(&bytes, bytes.size, &count);
            assert_true(status == WEFT_DAMAGED || (status == WEFT_OK && count == 2));
            bytes.bytes[at] = kept;
        }
    wf_buffer_done(&bytes);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    made_store_new(&store);
    char *body = malloc(WF_STATED_BODY_MAX + 1u);
    assert_non_null(body);
    memset(body, 'x', WF_STATED_BODY_MAX + 1u);
    wf_stated entry = {.day = friday,
                       .id = {WF_TEXT("S-1"), 1},
                       .body = {body, WF_STATED_BODY_MAX + 1u}};
    assert_int_equal(wf_stated_put(store.visits, &entry, &error), WEFT_TOO_LARGE);
    assert_string_equal(error.code, "visits.stated_too_large");
    entry.body.size--;
    ok(wf_stated_put(store.visits, &entry, &error), &error);
    ok(wf_stated_commit(store.visits, &error), &error);
    wf_stated_count(store.visits);
    free(body);
    made_store_done(&store);
}

// ---- around it ----

static void a_copy_holds_the_tables(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_arena arena;
    wf_arena_init(&arena, 0);
    fill(&store, &tea, 1);
    wf_pinned_files files = {.io = &wf_io_posix, .arena = &arena};
    ok(wf_visits_pin(store.visits, store.folder.text, &files, &error), &error);
    size_t found = 0;
    for (size_t i = 0; i < files.count; i++)
        found += wf_text_equal(files.files[i].name, WF_TEXT("visits/2021-12-10.stated"));
    assert_int_equal(found, 1);
    wf_pinned_files_done(&files);
    wf_arena_done(&arena);
    made_store_done(&store);
}

// A manifest of version 1 with one day, of one file.
static void print_first_version(const wf_manifest *from, wf_buffer *plain)
{
    unsigned char head[52] = {0}, day[10] = {0}, file[64] = {0};
    const wf_manifest_day *kept = &from->days[0];
    const wf_manifest_file *kept_file = &kept->files[WF_SLOT_DAY];
    wf_put_u64(head, from->generation);
    wf_put_u32(head + 12, 1);
    wf_put_u64(head + 16, from->ids.length);
    wf_put_u32(head + 24, from->ids.records);
    wf_put_u32(head + 28, from->ids.counts[WF_ID_PERSON]);
    wf_put_u32(head + 32, from->ids.counts[WF_ID_PLACE]);
    memcpy(head + 36, from->ids.last_tag, sizeof from->ids.last_tag);
    wf_put_u32(day, (uint32_t)kept->day.number);
    wf_put_u32(day + 4, kept->newest_s);
    day[8] = 1 << WF_SLOT_DAY;
    day[9] = 1 << WF_SLOT_TAIL;
    wf_put_u64(file, kept_file->generation);
    wf_put_u64(file + 8, kept_file->size);
    wf_put_u64(file + 16, kept_file->visits);
    wf_put_u64(file + 24, kept_file->encounters);
    memcpy(file + 32, kept_file->hash.bytes, sizeof kept_file->hash.bytes);
    assert_true(wf_buffer_append(plain, head, sizeof head));
    assert_true(wf_buffer_append(plain, day, sizeof day));
    assert_true(wf_buffer_append(plain, file, sizeof file));
}

static void a_manifest_of_before_is_read(void **state)
{
    (void)state;
    made_store store;
    weft_error error = {0};
    wf_visits_batch_count batch;
    wf_manifest manifest = {0};
    const wf_key *key;
    wf_buffer plain = {0}, file = {0};
    unsigned char head[16] = "WEFTMANI";
    made_store_new(&store);
    ok(made_deliver(store.visits, delivered, 1, plenty, &batch, &error), &error);
    wf_path path = made_store_path(&store, "manifest");
    size_t size;
    char *bytes = scratch_read(&path, &size);
    ok(wf_manifest_read((wf_text){bytes, size}, path.text, store.keys, &manifest, &error),
       &error);
    print_first_version(&manifest, &plain);
    wf_put_u32(head + 8, 1);
    wf_put_u32(head + 12, (uint32_t)manifest.ids.generation);
    ok(wf_keys_find(store.keys, WF_KEY_DICTIONARY, (weft_day){manifest.ids.generation},
                    &key, &error),
       &error);
    assert_true(wf_buffer_append(&file, head, sizeof head));
    ok(wf_seal_blob(key, (wf_text){(char *)head, sizeof head}, wf_buffer_text(&plain),
                    &file, &error),
       &error);
    scratch_write(&path, file.bytes, file.size);
    made_store_reopen(&store);
    assert_int_equal(made_rows_of(store.visits, friday), 1);
    ok(made_state_all(store.visits, &tea, 1, &error), &error);
    made_store_reopen(&store);
    wf_stated_count(store.visits);
    assert_int_equal(made_rows_of(store.visits, friday), 2);
    expect_found(&store, NULL);
    wf_manifest_done(&manifest);
    wf_buffer_done(&plain);
    wf_buffer_done(&file);
    free(bytes);
    made_store_done(&store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_table_is_named_and_good_again_when_put_back),
        cmocka_unit_test(an_old_table_is_damaged),
        cmocka_unit_test(a_death_waits_for_a_damaged_table),
        cmocka_unit_test(a_day_without_its_key_takes_no_statement),
        cmocka_unit_test(a_table_that_breaks_its_form_is_refused),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(a_copy_holds_the_tables),
        cmocka_unit_test(a_manifest_of_before_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
