// Recipients, copies of the ring sealed for them, and rings of memory.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "keys/copy_file.h"
#include "keys/ring_inside.h"
#include "support/fuzz_ledger.h"
#include "support/scratch.h"

#define CITY "0123456789abcdef0123456789abcdef"

static const wf_io *const io = &wf_io_posix;
static wf_path folder, officer;

static int begin(void **state)
{
    (void)state;
    scratch_new(&folder);
    officer = scratch_path(&folder, "officer");
    return 0;
}

static int end(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static wf_path with(const char *ending)
{
    wf_path path = officer;
    assert_true(strlen(path.text) + strlen(ending) < sizeof path.text);
    memcpy(path.text + strlen(path.text), ending, strlen(ending) + 1);
    return path;
}

static weft_status open_secret(const char *passphrase, wf_recipient_secret **ret)
{
    weft_error error = {0};
    wf_path path = with(".key");
    return wf_recipient_open(io, path.text, wf_text_of(passphrase), ret, &error);
}

// ---- recipients ----

static void a_recipient_is_two_files(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_recipient made, read;
    struct stat about;
    wf_path public = with(".pub"), secret = with(".key");
    wf_recipient_secret *opened = NULL;
    ok(wf_recipient_new(io, officer.text, WF_TEXT(""), &made, &error), &error);
    ok(wf_recipient_read(io, public.text, &read, &error), &error);
    assert_string_equal(read.name, "officer");
    assert_memory_equal(read.key, made.key, sizeof made.key);
    assert_int_equal(stat(secret.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(open_secret("", &opened), WEFT_OK);
    wf_recipient_close(opened);
    assert_int_equal(wf_recipient_new(io, officer.text, WF_TEXT(""), &made, &error),
                     WEFT_CONFLICT);
    assert_int_equal(chmod(secret.text, 0640), 0);
    assert_int_equal(open_secret("", &opened), WEFT_NOT_ALLOWED);
    assert_int_equal(wf_recipient_read(io, secret.text, &read, &error), WEFT_BAD_INPUT);
}

static void names_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", ".x", "a b", "甲", "a\n"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        weft_error error = {0};
        wf_recipient made;
        wf_path path = scratch_path(&folder, names[i]);
        assert_int_equal(wf_recipient_new(io, path.text, WF_TEXT(""), &made, &error),
                         WEFT_BAD_USAGE);
    }
}

static void a_passphrase_is_needed_where_one_was_given(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_recipient made;
    wf_recipient_secret *secret = NULL;
    ok(wf_recipient_new(io, officer.text, WF_TEXT("correct horse"), &made, &error),
       &error);
    assert_int_equal(open_secret("", &secret), WEFT_NOT_ALLOWED);
    assert_int_equal(open_secret("correct house", &secret), WEFT_NOT_ALLOWED);
    assert_int_equal(open_secret("correct horse", &secret), WEFT_OK);
    wf_recipient_close(secret);
}

static void a_spoiled_secret_is_told(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_recipient made;
    wf_recipient_secret *secret = NULL;
    size_t size;
    wf_path path = with(".key");
    ok(wf_recipient_new(io, officer.text, WF_TEXT(""), &made, &error), &error);
    char *bytes = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at++) {
        bytes[at] ^= 0x10;
        scratch_write(&path, bytes, size);
        bytes[at] ^= 0x10;
        weft_status status = open_secret("", &secret);
        assert_int_equal(status, WEFT_DAMAGED);
        scratch_write(&path, bytes, at);
        assert_int_equal(open_secret("", &secret), WEFT_DAMAGED);
    }
    free(bytes);
}

static void public_keys_are_read_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool right;
    } texts[] = {
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
        {"weft public key 1\nname: a\nkey: " HEX "\n", true},
        {"weft public key 1\r\nname: a\r\nkey: " HEX "\r\n", true},
        {"weft public key 1\nname: a\nkey: " HEX, false},
        {"weft public key 1\nname: a\nkey: " HEX "\n\n", false},
        {"weft public key 2\nname: a\nkey: " HEX "\n", false},
        {"weft public key 1\nname: a b\nkey: " HEX "\n", false},
        {"weft public key 1\nname: \nkey: " HEX "\n", false},
        {"weft public key 1\nname: a\nkey: " HEX "00\n", false},
        {"weft public key 1\nname: a\nkey: g" HEX "\n", false},
        {"weft public key 1\nkey: " HEX "\nname: a\n", false},
        {"", false},
#undef HEX
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        wf_recipient read;
        assert_int_equal(wf_recipient_parse(wf_text_of(texts[i].text), &read),
                         texts[i].right);
    }
}

// ---- copies ----

static wf_keys_copy copy_for(const wf_recipient *to)
{
    wf_keys_copy copy = {.id = {1, 2, 3},
                         .made = {FUZZ_LEDGER_BEGIN},
                         .until = {FUZZ_LEDGER_DAY + 90},
                         .ended = WF_TIME_NONE};
    memcpy(copy.recipient, to->name, sizeof copy.recipient);
    memcpy(copy.public_key, to->key, sizeof copy.public_key);
    return copy;
}

// A copy of the fixed ring for a new recipient.
static wf_path make_copy(wf_recipient_secret **ret_secret)
{
    weft_error error = {0};
    wf_recipient to;
    wf_path path = scratch_path(&folder, "copy");
    wf_keys *keys = fuzz_ledger_keys();
    ok(wf_recipient_new(io, officer.text, WF_TEXT(""), &to, &error), &error);
    wf_keys_copy copy = copy_for(&to);
    ok(wf_copy_write(io, path.text, CITY, keys, &copy, &error), &error);
    assert_int_equal(wf_copy_write(io, path.text, CITY, keys, &copy, &error),
                     WEFT_CONFLICT);
    assert_int_equal(open_secret("", ret_secret), WEFT_OK);
    wf_keys_close(keys);
    return path;
}

static void a_copy_holds_the_ring(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_recipient_secret *secret = NULL;
    wf_copy_about about;
    wf_keys *keys = NULL, *fixed = fuzz_ledger_keys();
    const wf_key *key, *same;
    wf_path path = make_copy(&secret);
    ok(wf_copy_read(io, path.text, secret, &about, &keys, &error), &error);
    assert_string_equal(about.city_id, CITY);
    assert_string_equal(about.copy.recipient, "officer");
    assert_int_equal(about.copy.until.number, FUZZ_LEDGER_DAY + 90);
    ok(wf_keys_find(keys, WF_KEY_LEDGER, (weft_day){0}, &key, &error), &error);
    ok(wf_keys_find(fixed, WF_KEY_LEDGER, (weft_day){0}, &same, &error), &error);
    assert_memory_equal(key->bytes, same->bytes, WF_KEY_BYTES);
    wf_keys_close(keys);
    wf_keys_close(fixed);
    wf_recipient_close(secret);
}

static void a_copy_opens_for_its_recipient_alone_and_unchanged(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_recipient_secret *secret = NULL, *other = NULL;
    wf_recipient made;
    wf_copy_about about;
    wf_keys *keys = NULL;
    size_t size;
    wf_path path = make_copy(&secret), else_path = scratch_path(&folder, "else"),
            else_key = scratch_path(&folder, "else.key");
    ok(wf_recipient_new(io, else_path.text, WF_TEXT(""), &made, &error), &error);
    ok(wf_recipient_open(io, else_key.text, WF_TEXT(""), &other, &error), &error);
    assert_int_equal(wf_copy_read(io, path.text, other, &about, &keys, &error),
                     WEFT_KEYLESS);
    char *bytes = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at += 3) {
        bytes[at] ^= 4;
        scratch_write(&path, bytes, size);
        bytes[at] ^= 4;
        assert_int_not_equal(wf_copy_read(io, path.text, secret, &about, &keys, &error),
                             WEFT_OK);
        scratch_write(&path, bytes, at);
        assert_int_not_equal(wf_copy_read(io, path.text, secret, &about, &keys, &error),
                             WEFT_OK);
    }
    free(bytes);
    wf_recipient_close(secret);
    wf_recipient_close(other);
}

// ---- rings of memory ----

static void notes_of_a_ring_come_back_with_it(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path dir = scratch_path(&folder, "city"), key_dir = scratch_path(&folder, "keys");
    assert_int_equal(mkdir(dir.text, 0700), 0);
    const wf_keys_options options = {
        .io = io, .city_dir = dir.text, .key_dir = key_dir.text};
    wf_keys *from = fuzz_ledger_keys(), *keys = NULL;
    wf_recipient to = {.name = "officer"};
    wf_keys_copy copy = copy_for(&to);
    wf_keys_restored restored = {
        .backup = {9}, .new_ledger = {.commits = 5}, .new_visits = 6};
    wf_keys_ledger mark = {.commits = 8};
    const wf_keys_copy *copies;
    const wf_keys_restored *all;
    wf_keys_mark_ledger(from, &mark);
    wf_keys_mark(from, 7);
    ok(wf_keys_add_copy(from, &copy, &error), &error);
    ok(wf_keys_set_back(from, &restored, &error), &error);
    wf_keys_leave_out(from, WF_KEY_BODIES + WF_KEEP_CASE,
                      (weft_day){FUZZ_LEDGER_DAY + 1});
    ok(wf_keys_create_from(&options, CITY, from, &keys, &error), &error);
    wf_keys_close(keys);
    assert_int_equal(wf_keys_create_from(&options, CITY, from, &keys, &error),
                     WEFT_CONFLICT);
    ok(wf_keys_open(&options, CITY, &keys, &error), &error);
    assert_int_equal(wf_keys_copies(keys, &copies), 1);
    assert_memory_equal(copies[0].id, copy.id, sizeof copy.id);
    assert_true(wf_keys_end_copy(keys, copy.id, WF_COPY_RETURNED, (weft_time){77}));
    assert_int_equal(wf_keys_restorations(keys, &all), 1);
    assert_int_equal(all[0].old_ledger.commits, 8);
    assert_int_equal(all[0].new_ledger.commits, 5);
    assert_int_equal(all[0].old_visits, 7);
    assert_int_equal(wf_keys_ledger_marked(keys).commits, 5);
    assert_int_equal(wf_keys_marked(keys), 6);
    assert_int_equal(wf_keys_last_backup(keys).id[0], 9);
    const wf_key *key;
    assert_int_equal(wf_keys_find(keys, WF_KEY_BODIES + WF_KEEP_CASE,
                                  (weft_day){FUZZ_LEDGER_DAY}, &key, &error),
                     WEFT_FORGOTTEN);
    ok(wf_keys_commit(keys, &error), &error);
    wf_keys_close(keys);
    // Who only reads leaves the ring and its change under way alone.
    ok(wf_keys_read(&options, CITY, &keys, &error), &error);
    assert_int_equal(wf_keys_copies(keys, &copies), 1);
    assert_int_equal(copies[0].end, WF_COPY_RETURNED);
    assert_int_equal(copies[0].ended.us, 77);
    wf_keys_close(keys);
    wf_keys_close(from);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_FOLDER(a_recipient_is_two_files),
        IN_FOLDER(names_that_are_none_are_refused),
        IN_FOLDER(a_passphrase_is_needed_where_one_was_given),
        IN_FOLDER(a_spoiled_secret_is_told),
        cmocka_unit_test(public_keys_are_read_to_the_letter),
        IN_FOLDER(a_copy_holds_the_ring),
        IN_FOLDER(a_copy_opens_for_its_recipient_alone_and_unchanged),
        IN_FOLDER(notes_of_a_ring_come_back_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
