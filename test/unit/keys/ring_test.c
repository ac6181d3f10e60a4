// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "keys/key.h"
#include "support/fault_io.h"
#include "support/scratch.h"

#define CITY_ID "00112233445566778899aabbccddeeff"

typedef struct {
    wf_path folder, city, key_dir, ring, share;
    wf_keys_options options;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    scratch_new(&f->folder);
    f->city = scratch_path(&f->folder, "city");
    f->key_dir = scratch_path(&f->folder, "state/keys");
    f->ring = scratch_path(&f->city, "keys/ring");
    f->share = scratch_path(&f->key_dir, CITY_ID);
    f->options = (wf_keys_options){
        .io = &wf_io_posix, .city_dir = f->city.text, .key_dir = f->key_dir.text};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    scratch_remove(&f->folder.text[0]);
    free(f);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static wf_keys *open_keys(const fixture *f)
{
    weft_error error = {0};
    wf_keys *keys = NULL;
    ok(wf_keys_open(&f->options, CITY_ID, &keys, &error), &error);
    return keys;
}

static weft_status try_open(const wf_keys_options *options)
{
    weft_error error = {0};
    wf_keys *keys = NULL;
    weft_status status = wf_keys_open(options, CITY_ID, &keys, &error);
    wf_keys_close(keys);
    return status;
}

// A city with keys of the days 100 … 109.
static void make_ten_days(const fixture *f)
{
    weft_error error = {0};
    ok(wf_keys_create(&f->options, CITY_ID, &error), &error);
    wf_keys *keys = open_keys(f);
    for (int32_t day = 109; day >= 100; day--) {
        const wf_key *key;
        ok(wf_keys_make(keys, WF_KEY_VISITS, (weft_day){day}, &key, &error), &error);
    }
    ok(wf_keys_commit(keys, &error), &error);
    wf_keys_close(keys);
}

static weft_status find_day(const wf_keys *keys, int32_t day)
{
    weft_error error = {0};
    const wf_key *key;
    return wf_keys_find(keys, WF_KEY_VISITS, (weft_day){day}, &key, &error);
}

static void keys_come_back_after_a_commit_and_only_then(void **state)
{
    const fixture *f = *state;
    weft_error error = {0};
    make_ten_days(f);
    wf_keys *keys = open_keys(f);
    const wf_key *key, *again;
    ok(wf_keys_make(keys, WF_KEY_VISITS, (weft_day){105}, &key, &error), &error);
    ok(wf_keys_find(keys, WF_KEY_VISITS, (weft_day){105}, &again, &error), &error);
    assert_ptr_equal(key, again);
    wf_key copy = *key;
    ok(wf_keys_make(keys, WF_KEY_VISITS, (weft_day){-5}, &key, &error), &error);
    wf_keys_close(keys);
    keys = open_keys(f);
    assert_int_equal(find_day(keys, -5), WEFT_KEYLESS);
    ok(wf_keys_find(keys, WF_KEY_VISITS, (weft_day){105}, &key, &error), &error);
    assert_memory_equal(key->bytes, copy.bytes, WF_KEY_BYTES);
    wf_arena arena;
    wf_arena_init(&arena, 0);
    weft_day *days;
    size_t count;
    ok(wf_keys_days(keys, WF_KEY_VISITS, &arena, &days, &count, &error), &error);
    assert_int_equal(count, 10);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(days[i].number, 100 + (int)i);
    wf_arena_done(&arena);
    wf_keys_close(keys);
}

static void assert_destroyed_are_100_to_103(const wf_keys *keys)
{
    wf_arena arena = {0};
    weft_day *days;
    size_t count;
    weft_error error = {0};
    ok(wf_keys_destroyed_days(keys, WF_KEY_VISITS, &arena, &days, &count, &error),
       &error);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(days[i].number, 100 + (int)i);
    wf_arena_done(&arena);
}

static void a_forgotten_day_stays_forgotten(void **state)
{
    const fixture *f = *state;
    weft_error error = {0};
    make_ten_days(f);
    wf_keys *keys = open_keys(f);
    size_t destroyed = 0;
    ok(wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){104}, &destroyed, &error),
       &error);
    assert_int_equal(destroyed, 4);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(find_day(keys, 103), WEFT_FORGOTTEN);
        assert_int_equal(find_day(keys, 50), WEFT_FORGOTTEN);
        assert_int_equal(find_day(keys, 104), WEFT_OK);
        assert_destroyed_are_100_to_103(keys);
        const wf_key *key;
        assert_int_equal(wf_keys_make(keys, WF_KEY_VISITS, (weft_day){103}, &key, &error),
                         WEFT_FORGOTTEN);
        assert_int_equal(wf_keys_forgotten_before(keys, WF_KEY_VISITS).number, 104);
        assert_int_equal(wf_keys_forgotten_before(keys, WF_KEY_REFUSED).number,
                         INT32_MIN);
        wf_keys_close(keys);
        keys = open_keys(f);
    }
    wf_keys_close(keys);
}

static void an_old_copy_of_the_ring_opens_nothing_after_a_purge(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    wf_path credential = scratch_path(&f->folder, "credential");
    scratch_write(&credential, "a secret of the machine", 23);
    for (int turn = 0; turn < 2; turn++) {
        f->options.credential = turn == 1 ? credential.text : NULL;
        make_ten_days(f);
        size_t size = 0;
        char *old = scratch_read(&f->ring, &size);
        wf_keys *keys = open_keys(f);
        size_t destroyed;
        ok(wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){104}, &destroyed,
                                 &error),
           &error);
        wf_keys_close(keys);
        assert_int_equal(try_open(&f->options), WEFT_OK);
        scratch_write(&f->ring, old, size);
        free(old);
        assert_int_equal(try_open(&f->options), WEFT_DAMAGED);
        scratch_remove(f->city.text);
        scratch_remove(f->key_dir.text);
    }
}

static void a_ring_tells_why_it_does_not_open(void **state)
{
    fixture *f = *state;
    weft_error error = {0};
    make_ten_days(f);
    assert_int_equal(wf_keys_create(&f->options, CITY_ID, &error), WEFT_CONFLICT);
    assert_int_equal(chmod(f->share.text, 0640), 0);
    assert_int_equal(try_open(&f->options), WEFT_NOT_ALLOWED);
    assert_int_equal(chmod(f->share.text, 0600), 0);
    assert_int_equal(try_open(&f->options), WEFT_OK);
    wf_path away = scratch_path(&f->folder, "away");
    assert_int_equal(rename(f->share.text, away.text), 0);
    assert_int_equal(try_open(&f->options), WEFT_KEYLESS);
    assert_int_equal(rename(away.text, f->share.text), 0);
    size_t size = 0;
    char *ring = scratch_read(&f->ring, &size);
    for (size_t i = 0; i < size; i += 5) {
        ring[i] ^= 4;
        scratch_write(&f->ring, ring, size);
        assert_int_equal(try_open(&f->options), WEFT_DAMAGED);
        ring[i] ^= 4;
    }
    for (size_t cut = 0; cut < size; cut += 13) {
        scratch_write(&f->ring, ring, cut);
        assert_int_equal(try_open(&f->options), WEFT_DAMAGED);
    }
    scratch_write(&f->ring, ring, size);
    free(ring);
    assert_int_equal(try_open(&f->options), WEFT_OK);
    wf_keys *keys;
    assert_int_equal(
        wf_keys_open(&f->options, "ffffffffffffffffffffffffffffffff", &keys, &error),
        WEFT_KEYLESS);
    assert_int_equal(
        wf_keys_open(&f->options, "../../../../../../../../etc/pass", &keys, &error),
        WEFT_BAD_INPUT);
}

static void a_ring_with_a_credential_needs_it(void **state)
{
    fixture *f = *state;
    wf_path credential = scratch_path(&f->folder, "credential");
    scratch_write(&credential, "one", 3);
    f->options.credential = credential.text;
    make_ten_days(f);
    assert_int_equal(try_open(&f->options), WEFT_OK);
    scratch_write(&credential, "two", 3);
    assert_int_equal(try_open(&f->options), WEFT_DAMAGED);
    f->options.credential = NULL;
    assert_int_equal(try_open(&f->options), WEFT_KEYLESS);
}

static void a_renewed_dictionary_key_follows_the_old_one(void **state)
{
    const fixture *f = *state;
    weft_error error = {0};
    ok(wf_keys_create(&f->options, CITY_ID, &error), &error);
    wf_keys *keys = open_keys(f);
    for (int32_t turn = 0; turn < 3; turn++) {
        weft_day generation;
        const wf_key *key;
        ok(wf_keys_renew(keys, WF_KEY_DICTIONARY, &generation, &key, &error), &error);
        assert_int_equal(generation.number, turn);
        size_t destroyed;
        ok(wf_keys_forget_before(keys, WF_KEY_DICTIONARY, generation, &destroyed, &error),
           &error);
        assert_int_equal(destroyed, turn == 0 ? 0 : 1);
        wf_keys_mark(keys, 7 + (uint64_t)turn);
        ok(wf_keys_commit(keys, &error), &error);
        wf_keys_close(keys);
        keys = open_keys(f);
        assert_int_equal(wf_keys_marked(keys), 7 + turn);
        ok(wf_keys_find(keys, WF_KEY_DICTIONARY, generation, &key, &error), &error);
    }
    wf_keys_close(keys);
}

// Kills (or fails once) a forgetting at each call in turn. Afterwards either all
// ten days are there or exactly six, and forgetting again ends with six.
static void forget_under_fault(fixture *f, fault_kind kind)
{
    for (unsigned long at = 1;; at++) {
        make_ten_days(f);
        fault_io fault;
        fault_io_init(&fault);
        wf_keys_options options = f->options;
        options.io = &fault.io;
        weft_error error = {0};
        wf_keys *keys = NULL;
        ok(wf_keys_open(&options, CITY_ID, &keys, &error), &error);
        fault.kind = kind;
        fault.at = at + fault.calls;
        size_t destroyed;
        weft_status status = wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){104},
                                                   &destroyed, &error);
        bool untouched = fault.calls < fault.at;
        if (status != WEFT_OK && kind == FAULT_ONCE)
            ok(wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){104}, &destroyed,
                                     &error),
               &error);
        wf_keys_close(keys);
        keys = open_keys(f);
        weft_status old_day = find_day(keys, 103);
        assert_true(old_day == WEFT_OK || old_day == WEFT_FORGOTTEN);
        assert_true(status != WEFT_OK || old_day == WEFT_FORGOTTEN);
        assert_true(kind != FAULT_ONCE || old_day == WEFT_FORGOTTEN);
        for (int32_t day = 100; day < 104; day++)
            assert_int_equal(find_day(keys, day), old_day);
        for (int32_t day = 104; day < 110; day++)
            assert_int_equal(find_day(keys, day), WEFT_OK);
        ok(wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){104}, &destroyed,
                                 &error),
           &error);
        wf_keys_close(keys);
        wf_path next = scratch_path(&f->key_dir, CITY_ID ".next");
        assert_false(wf_io_exists(&wf_io_posix, next.text));
        assert_int_equal(try_open(&f->options), WEFT_OK);
        scratch_remove(f->city.text);
        scratch_remove(f->key_dir.text);
        if (untouched)
            break;
    }
}

static void a_purge_killed_anywhere_leaves_all_keys_or_the_rest(void **state)
{
    forget_under_fault(*state, FAULT_KILL);
}

static void a_purge_that_fails_anywhere_can_be_repeated(void **state)
{
    forget_under_fault(*state, FAULT_ONCE);
}

static void the_ring_remembers_where_the_ledger_stood(void **state)
{
    const fixture *f = *state;
    weft_error error = {0};
    ok(wf_keys_create(&f->options, CITY_ID, &error), &error);
    wf_keys *keys = open_keys(f);
    assert_int_equal(wf_keys_ledger_marked(keys).commits, 0);
    wf_keys_ledger mark = {.commits = 12, .link = {1, 2, 3, [31] = 9}};
    wf_keys_mark_ledger(keys, &mark);
    assert_true(wf_keys_commit_due(keys));
    wf_keys_close(keys);
    keys = open_keys(f);
    assert_int_equal(wf_keys_ledger_marked(keys).commits, 0);
    wf_keys_mark_ledger(keys, &mark);
    ok(wf_keys_commit(keys, &error), &error);
    wf_keys_mark_ledger(keys, &mark); // says nothing new
    assert_false(wf_keys_commit_due(keys));
    size_t destroyed;
    ok(wf_keys_forget_before(keys, WF_KEY_VISITS, (weft_day){5}, &destroyed, &error),
       &error);
    wf_keys_close(keys);
    keys = open_keys(f);
    wf_keys_ledger found = wf_keys_ledger_marked(keys);
    assert_int_equal(found.commits, 12);
    assert_memory_equal(found.link, mark.link, sizeof mark.link);
    wf_keys_close(keys);
}

static void every_keeping_class_has_keys_of_its_own(void **state)
{
    const fixture *f = *state;
    weft_error error = {0};
    ok(wf_keys_create(&f->options, CITY_ID, &error), &error);
    wf_keys *keys = open_keys(f);
    const wf_key *key;
    for (int keep = WF_KEEP_REGISTER; keep < WF_KEEP_END; keep++)
        for (int32_t day = 0; day < 400; day++)
            ok(wf_keys_make(keys, wf_key_class_of((wf_keep)keep), (weft_day){day}, &key,
                            &error),
               &error);
    ok(wf_keys_make(keys, WF_KEY_LEDGER, (weft_day){0}, &key, &error), &error);
    wf_key ledger = *key;
    ok(wf_keys_commit(keys, &error), &error);
    size_t destroyed;
    ok(wf_keys_forget_before(keys, wf_key_class_of(WF_KEEP_TESTING), (weft_day){395},
                             &destroyed, &error),
       &error);
    assert_int_equal(destroyed, 395);
    wf_keys_close(keys);
    keys = open_keys(f);
    for (int keep = WF_KEEP_REGISTER; keep < WF_KEEP_END; keep++)
        assert_int_equal(wf_keys_find(keys, wf_key_class_of((wf_keep)keep),
                                      (weft_day){394}, &key, &error),
                         keep == WF_KEEP_TESTING ? WEFT_FORGOTTEN : WEFT_OK);
    ok(wf_keys_find(keys, WF_KEY_LEDGER, (weft_day){0}, &key, &error), &error);
    assert_memory_equal(key->bytes, ledger.bytes, WF_KEY_BYTES);
    wf_keys_close(keys);
}

// ---- content ----

// The versions of the content: where their days and their entries begin.
typedef struct {
    unsigned char version;
    size_t floors, head;
} content_form;

static const content_form forms[] = {{1, 24, 56}, {2, 64, 192}, {3, 64, 232}};
enum { plain_max = 232 + 2 * 40 };

// Two keys of two days, nothing forgotten. Returns the size.
static size_t plain_of(const content_form *form, unsigned char plain[plain_max])
{
    memset(plain, 0, plain_max);
    plain[0] = form->version;
    plain[4] = 2;
    for (size_t i = form->floors; i < form->head && i < 192; i += 4)
        plain[i + 3] = 0x80;
    plain[form->head] = WF_KEY_VISITS;
    plain[form->head + 4] = 5;
    plain[form->head + 40] = WF_KEY_VISITS;
    plain[form->head + 44] = 6;
    return form->head + 80;
}

static weft_status parse(const unsigned char *plain, size_t size)
{
    weft_error error = {0};
    wf_keys *keys = NULL;
    weft_status status =
        wf_keys_parse((wf_text){(const char *)plain, size}, &keys, &error);
    wf_keys_close(keys);
    return status;
}

static void rings_of_the_first_version_are_still_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        unsigned char plain[plain_max];
        weft_error error = {0};
        wf_keys *keys = NULL;
        size_t size = plain_of(&forms[i], plain);
        plain[forms[i].floors] = 3; // visits before day 3 are forgotten
        plain[forms[i].floors + 3] = 0;
        plain[16] = 77;
        ok(wf_keys_parse((wf_text){(char *)plain, size}, &keys, &error), &error);
        assert_int_equal(find_day(keys, 6), WEFT_OK);
        assert_int_equal(find_day(keys, 2), WEFT_FORGOTTEN);
        assert_int_equal(wf_keys_marked(keys), 77);
        assert_int_equal(wf_keys_ledger_marked(keys).commits, 0);
        for (int key_class = WF_KEY_DICTIONARY; key_class < WF_KEY_CLASS_COUNT;
             key_class++)
            assert_int_equal(
                wf_keys_forgotten_before(keys, (wf_key_class)key_class).number,
                INT32_MIN);
        wf_keys_close(keys);
    }
}

static void hostile_ring_content_is_refused(void **state)
{
    (void)state;
    wf_prng prng = wf_prng_new(20211211);
    static const struct {
        size_t at; // in the entries
        unsigned char value;
    } bad[] = {{0, 0}, {0, 9}, {0, 7}, {0, 16}, {2, 1},
               {2, 2}, {4, 6}, {4, 7}, {44, 5}, {40, 1 + WF_KEY_CLASS_COUNT}};
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        unsigned char plain[plain_max];
        size_t size = plain_of(&forms[form], plain);
        assert_int_equal(parse(plain, size), WEFT_OK);
        for (size_t cut = 0; cut < size; cut++)
            assert_int_equal(parse(plain, cut), WEFT_DAMAGED);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            plain_of(&forms[form], plain);
            plain[forms[form].head + bad[i].at] = bad[i].value;
            assert_int_equal(parse(plain, size), WEFT_DAMAGED);
        }
        for (unsigned char count = 0; count < 5; count++) {
            plain_of(&forms[form], plain);
            plain[4] = count;
            assert_int_equal(parse(plain, size), count == 2 ? WEFT_OK : WEFT_DAMAGED);
        }
        plain_of(&forms[form], plain);
        plain[7] = 255; // more entries than there may be
        assert_int_equal(parse(plain, size), WEFT_DAMAGED);
        plain_of(&forms[form], plain);
        plain[0] = 4; // of a newer program
        assert_int_equal(parse(plain, size), WEFT_DAMAGED);
        plain_of(&forms[form], plain);
        plain[forms[form].floors] = 7; // both days lie before the forgotten-before day
        plain[forms[form].floors + 3] = 0;
        assert_int_equal(parse(plain, size), WEFT_DAMAGED);
        for (int turn = 0; turn < 2000; turn++) {
            plain_of(&forms[form], plain);
            for (int i = 0; i < 3; i++)
                plain[wf_prng_below(&prng, (uint32_t)size)] =
                    (unsigned char)wf_prng_u64(&prng);
            weft_status status = parse(plain, size);
            assert_true(status == WEFT_OK || status == WEFT_DAMAGED);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_come_back_after_a_commit_and_only_then,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_forgotten_day_stays_forgotten, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            an_old_copy_of_the_ring_opens_nothing_after_a_purge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_ring_tells_why_it_does_not_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_ring_with_a_credential_needs_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_renewed_dictionary_key_follows_the_old_one,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_purge_killed_anywhere_leaves_all_keys_or_the_rest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_purge_that_fails_anywhere_can_be_repeated,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_ring_remembers_where_the_ledger_stood, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_keeping_class_has_keys_of_its_own, set_up,
                                        tear_down),
        cmocka_unit_test(rings_of_the_first_version_are_still_read),
        cmocka_unit_test(hostile_ring_content_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
