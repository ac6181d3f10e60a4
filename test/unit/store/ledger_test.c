// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>

#include "base/prng.h"
#include "support/made_ledger.h"

static int set_up(void **state)
{
    made_ledger *made = calloc(1, sizeof *made);
    made_ledger_new(made);
    *state = made;
    return 0;
}

static int tear_down(void **state)
{
    made_ledger_done(*state);
    free(*state);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void open_made(made_ledger *made)
{
    weft_error error = {0};
    ok(made_ledger_open(made, &made->quick, &error), &error);
}

static void reopen(made_ledger *made)
{
    made_ledger_close(made);
    open_made(made);
}

static void commit(made_ledger *made, unsigned first, unsigned count, unsigned number)
{
    weft_error error = {0};
    ok(made_commit(made->ledger, first, count, number, &error), &error);
}

static void read_is_right(made_ledger *made, unsigned n)
{
    weft_error error = {0};
    wf_arena arena = {0};
    wf_entry entry;
    ok(wf_ledger_read(made->ledger, n, &arena, &entry, &error), &error);
    assert_int_equal(entry.position, n);
    assert_true(made_is_fact(&entry, n));
    wf_arena_done(&arena);
}

static weft_status try_read(made_ledger *made, uint64_t position)
{
    weft_error error = {0};
    wf_arena arena = {0};
    wf_entry entry;
    weft_status status = wf_ledger_read(made->ledger, position, &arena, &entry, &error);
    wf_arena_done(&arena);
    return status;
}

static void an_empty_ledger_holds_nothing(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    ok(wf_ledger_commit(made->ledger, made_received(1), &error), &error);
    wf_ledger_abandon(made->ledger);
    reopen(made);
    wf_ledger_head head = wf_ledger_now(made->ledger);
    assert_int_equal(head.commits, 0);
    assert_int_equal(head.positions, 0);
    assert_true(weft_time_is_none(head.received));
    assert_int_equal(made_count(made->ledger), 0);
    assert_int_equal(try_read(made, 1), WEFT_NOT_FOUND);
    assert_int_equal(try_read(made, 0), WEFT_NOT_FOUND);
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
    made_ledger *made = *state;
    open_made(made);
    commit(made, 1, 1, 1);
    commit(made, 2, 999, 2);
    for (int turn = 0; turn < 2; turn++) {
        wf_ledger_head head = wf_ledger_now(made->ledger);
        assert_int_equal(head.commits, 2);
        assert_int_equal(head.positions, 1000);
        assert_int_equal(head.received.us, made_received(2).us);
        assert_int_equal(made_count(made->ledger), 1000);
        for (unsigned n = 1; n <= 1000; n += 111)
            read_is_right(made, n);
        assert_int_equal(try_read(made, 1001), WEFT_NOT_FOUND);
        reopen(made);
    }
    commit(made, 1001, 5, 3);
    reopen(made);
    assert_int_equal(made_count(made->ledger), 1005);
}

static void what_was_abandoned_or_not_committed_is_not_there(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    made->record_bytes = 2000; // so that much of it is written already
    open_made(made);
    commit(made, 1, 10, 1);
    wf_path path = made_ledger_file(made, 1);
    struct stat before, after;
    assert_int_equal(stat(path.text, &before), 0);
    for (int turn = 0; turn < 2; turn++) {
        for (unsigned n = 11; n < 500; n++) {
            made_fact_texts texts;
            wf_fact fact = made_fact(n, &texts);
            uint64_t position;
            ok(wf_ledger_add(made->ledger, &fact, &position, &error), &error);
            assert_int_equal(position, n);
        }
        assert_int_equal(stat(path.text, &after), 0);
        assert_true(after.st_size > before.st_size);
        assert_int_equal(made_count(made->ledger), 10);
        if (turn == 0)
            wf_ledger_abandon(made->ledger);
        else
            reopen(made);
        assert_int_equal(stat(path.text, &after), 0);
        assert_int_equal(after.st_size, before.st_size);
        assert_int_equal(made_count(made->ledger), 10);
    }
    commit(made, 11, 10, 2);
    assert_int_equal(made_count(made->ledger), 20);
}

static void a_commit_of_many_records_is_one_commit(void **state)
{
    made_ledger *made = *state;
    made->record_bytes = 4000;
    made->file_bytes = 100000;
    open_made(made);
    commit(made, 1, 3, 1);
    commit(made, 4, 20000, 2);
    commit(made, 20004, 7, 3);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(wf_ledger_now(made->ledger).commits, 3);
        assert_int_equal(made_count(made->ledger), 20010);
        weft_error error = {0};
        wf_arena arena = {0};
        wf_entry entry;
        static const struct {
            unsigned position, commit;
        } cases[] = {{3, 1}, {4, 2}, {5000, 2}, {20003, 2}, {20004, 3}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            ok(wf_ledger_read(made->ledger, cases[i].position, &arena, &entry, &error),
               &error);
            assert_int_equal(entry.received.us, made_received(cases[i].commit).us);
        }
        wf_arena_done(&arena);
        reopen(made);
    }
}

static void files_follow_each_other(void **state)
{
    made_ledger *made = *state;
    made->file_bytes = 20000;
    open_made(made);
    wf_prng prng = wf_prng_new(7);
    unsigned next = 1;
    for (unsigned number = 1; number <= 200; number++) {
        unsigned count = 1 + wf_prng_below(&prng, 60);
        commit(made, next, count, number);
        next += count;
    }
    wf_path fifth = made_ledger_file(made, 5);
    assert_true(wf_io_exists(&wf_io_posix, fifth.text));
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(made_count(made->ledger), next - 1);
        for (int i = 0; i < 300; i++)
            read_is_right(made, 1 + wf_prng_below(&prng, next - 1));
        reopen(made);
        // Older files have not been walked now.
        for (int i = 0; i < 300; i++)
            read_is_right(made, 1 + wf_prng_below(&prng, next - 1));
    }
}

static weft_status stop_at(void *context, const wf_entry *entry, weft_error *error)
{
    uint64_t *positions = context;
    assert_int_equal(entry->position, ++positions[0]);
    if (entry->position == positions[1])
        return wf_fail(error, WEFT_INTERRUPTED, "ledger.no_position", "position", "1",
                       NULL);
    return WEFT_OK;
}

static void a_scan_begins_and_ends_where_it_is_told(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    for (unsigned number = 0; number < 10; number++)
        commit(made, 1 + 10 * number, 10, number);
    uint64_t positions[2] = {36, 73};
    assert_int_equal(wf_ledger_scan(made->ledger, 37, stop_at, positions, &error),
                     WEFT_INTERRUPTED);
    assert_int_equal(positions[0], 73);
    positions[0] = 100;
    ok(wf_ledger_scan(made->ledger, 101, stop_at, positions, &error), &error);
    assert_int_equal(positions[0], 100);
}

static void every_type_of_field_comes_back(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    wf_value persons[] = {{.given = true, .text = WF_TEXT("P-0000007")},
                          {.given = true, .text = WF_TEXT("P-0000008")}};
    wf_value because[] = {{.given = true, .fact = {WF_TEXT("a"), 2}},
                          {.given = true, .fact = {WF_TEXT("b"), 1}}};
    wf_value numbers[] = {{.given = true, .real = -8.25}, {.given = true, .real = 0.5}};
    wf_fact fact = {.id = {WF_TEXT("import/cases"), INT64_MAX},
                    .kind = &small_seen,
                    .at = {-62135596800000000 + 1}, // the year 1
                    .grid = WF_TEXT("3202820111122233344455"),
                    .amends = {WF_TEXT("x"), INT64_MAX}};
    fact.values[SMALL_ID] = (wf_value){.given = true, .text = WF_TEXT("T1")};
    fact.values[SMALL_PERSON] = persons[0];
    fact.values[SMALL_PLACE] = (wf_value){.given = true, .text = WF_TEXT("场所-1")};
    fact.values[SMALL_TEXT] = (wf_value){.given = true, .text = WF_TEXT("说明")};
    fact.values[SMALL_DATE] = (wf_value){.given = true, .number = -3};
    fact.values[SMALL_STARTS] = (wf_value){.given = true, .number = -1};
    fact.values[SMALL_ENDS] = (wf_value){.given = true, .number = 163926606512345};
    fact.values[SMALL_NUMBER] = (wf_value){.given = true, .real = -1.5};
    fact.values[SMALL_YESNO] = (wf_value){.given = true, .number = 1};
    fact.values[SMALL_WORD] = (wf_value){.given = true, .text = WF_TEXT("green")};
    fact.values[SMALL_INTEGER] = (wf_value){.given = true, .number = INT64_MAX};
    fact.values[SMALL_FACT] = because[0];
    fact.values[SMALL_PERSONS] =
        (wf_value){.given = true, .items = persons, .items_count = 2};
    fact.values[SMALL_FACTS] =
        (wf_value){.given = true, .items = because, .items_count = 2};
    fact.values[SMALL_NUMBERS] =
        (wf_value){.given = true, .items = numbers, .items_count = 2};
    ok(wf_fact_check(&fact, &error), &error);
    uint64_t position, digest;
    ok(wf_ledger_add(made->ledger, &fact, &position, &error), &error);
    wf_fact last = fact; // as far away as may be
    last.at = (weft_time){253402300799000000};
    last.id.seq = 1;
    ok(wf_ledger_add(made->ledger, &last, &position, &error), &error);
    ok(wf_ledger_commit(made->ledger, made_received(1), &error), &error);
    wf_buffer wanted = {0}, found = {0};
    ok(wf_fact_encode(&fact, &wanted, &error), &error);
    ok(wf_ledger_digest(made->ledger, WF_KEEP_TESTING, fact.at, wf_buffer_text(&wanted),
                        &digest, &error),
       &error);
    reopen(made);
    wf_arena arena = {0};
    wf_entry entry;
    ok(wf_ledger_read(made->ledger, 1, &arena, &entry, &error), &error);
    ok(wf_fact_encode(&entry.fact, &found, &error), &error);
    assert_true(wf_text_equal(wf_buffer_text(&wanted), wf_buffer_text(&found)));
    assert_true(made_identities_equal(entry.fact.id, fact.id));
    assert_true(made_identities_equal(entry.fact.amends, fact.amends));
    assert_true(wf_text_equal(entry.fact.grid, fact.grid));
    assert_int_equal(entry.fact.at.us, fact.at.us);
    assert_true(entry.digest == digest);
    ok(wf_ledger_read(made->ledger, 2, &arena, &entry, &error), &error);
    assert_int_equal(entry.fact.at.us, last.at.us);
    assert_int_equal(entry.fact.id.seq, 1);
    assert_true(entry.digest != digest); // of another day, so under another key
    wf_arena_done(&arena);
    wf_buffer_done(&wanted);
    wf_buffer_done(&found);
}

static void digests_tell_bodies_apart(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    weft_time at = {MADE_LEDGER_BEGIN};
    uint64_t a, b, other_class, again;
    ok(wf_ledger_digest(made->ledger, WF_KEEP_CASE, at, WF_TEXT("a"), &a, &error),
       &error);
    ok(wf_ledger_digest(made->ledger, WF_KEEP_CASE, at, WF_TEXT("b"), &b, &error),
       &error);
    ok(wf_ledger_digest(made->ledger, WF_KEEP_ORDER, at, WF_TEXT("a"), &other_class,
                        &error),
       &error);
    ok(wf_ledger_digest(made->ledger, WF_KEEP_CASE, at, WF_TEXT("a"), &again, &error),
       &error);
    assert_true(a != b && a != other_class && a == again);
}

static void a_kind_of_a_newer_program_has_no_values(void **state)
{
    made_ledger *made = *state;
    open_made(made);
    commit(made, 1, 30, 1);
    // As if small_pair, and small_withdrawn, came later.
    made->kinds.kinds_count = 1;
    reopen(made);
    assert_int_equal(made_count(made->ledger), 30);
    wf_arena arena = {0};
    weft_error error = {0};
    wf_entry entry;
    ok(wf_ledger_read(made->ledger, 4, &arena, &entry, &error), &error);
    assert_null(entry.fact.kind);
    assert_int_equal(entry.kind_number, small_pair.number);
    assert_int_equal(entry.keep, small_pair.keep);
    assert_false(entry.forgotten);
    wf_arena_done(&arena);
}

static void what_is_forgotten_came_but_says_nothing(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    commit(made, 1, 600, 1);
    read_is_right(made, 597); // so that it is in memory
    weft_day day = wf_zone_day_of(made->zone, (weft_time){MADE_LEDGER_BEGIN});
    size_t destroyed;
    ok(wf_keys_forget_before(made->keys, wf_key_class_of(WF_KEEP_TESTING),
                             (weft_day){day.number + 1}, &destroyed, &error),
       &error);
    assert_true(destroyed > 1);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(made_count(made->ledger), 600);
        wf_arena arena = {0};
        wf_entry entry;
        for (unsigned n = 1; n <= 600; n++) {
            ok(wf_ledger_read(made->ledger, n, &arena, &entry, &error), &error);
            assert_true(made_is_fact(&entry, n));
            assert_int_equal(entry.forgotten, n % 3 == 0);
        }
        wf_arena_done(&arena);
        weft_time at = {MADE_LEDGER_BEGIN};
        uint64_t digest, position;
        assert_int_equal(wf_ledger_takes(made->ledger, WF_KEEP_TESTING, at, &error),
                         WEFT_FORGOTTEN);
        assert_string_equal(error.code, "fact.forgotten");
        ok(wf_ledger_takes(made->ledger, WF_KEEP_VISIT, at, &error), &error);
        assert_int_equal(wf_ledger_digest(made->ledger, WF_KEEP_TESTING, at, WF_TEXT("a"),
                                          &digest, &error),
                         WEFT_FORGOTTEN);
        made_fact_texts texts;
        wf_fact fact = made_fact(3, &texts);
        assert_int_equal(wf_ledger_add(made->ledger, &fact, &position, &error),
                         WEFT_FORGOTTEN);
        reopen(made);
    }
    // A refusal is no harm to the commit that it came in.
    commit(made, 601, 1, 2);
    assert_int_equal(made_count(made->ledger), 601);
}

static void many_devices_cost_little(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    uint64_t position;
    for (unsigned n = 0; n < 20000; n++) {
        char device[24], person[24];
        wf_fact fact = {
            .kind = &small_pair,
            .at = {MADE_LEDGER_BEGIN + n * WF_US_PER_S / 100 / 1000000 * WF_US_PER_S}};
        fact.id.device = made_text(device, sizeof device, "S-%03u", n % 500).text;
        fact.id.seq = 1 + n / 500;
        fact.values[0] = made_text(person, sizeof person, "P-%07u", n);
        ok(wf_ledger_add(made->ledger, &fact, &position, &error), &error);
        if (n % 1000 == 999)
            ok(wf_ledger_commit(made->ledger, made_received(n), &error), &error);
    }
    wf_path path = made_ledger_file(made, 1);
    struct stat about;
    assert_int_equal(stat(path.text, &about), 0);
    // 12 bytes of body, and at most 25 for the rest.
    assert_true(about.st_size < 20000 * (12 + 25));
}

// ---- beside the writer ----

enum { beside_commits = 150, beside_facts = 20 };

typedef struct {
    made_ledger *made;
    bool wrong;
    unsigned rounds;
} beside;

static void *read_beside(void *context)
{
    beside *b = context;
    wf_ledger *ledger = b->made->ledger;
    wf_prng prng = wf_prng_new(3);
    uint64_t positions = 0;
    while (positions < beside_commits * beside_facts && !b->wrong) {
        weft_error error = {0};
        made_scan scan = {.last_received = {INT64_MIN}};
        positions = wf_ledger_now(ledger).positions;
        // Whole commits, and none that was there before is missing.
        if (wf_ledger_scan(ledger, 1, made_scan_each, &scan, &error) != WEFT_OK ||
            scan.wrong || scan.seen % beside_facts != 0 || scan.seen < positions)
            b->wrong = true;
        for (int i = 0; i < 20 && scan.seen > 0; i++) {
            wf_arena arena = {0};
            wf_entry entry;
            unsigned n = 1 + wf_prng_below(&prng, scan.seen);
            if (wf_ledger_read(ledger, n, &arena, &entry, &error) != WEFT_OK ||
                !made_is_fact(&entry, n))
                b->wrong = true;
            wf_arena_done(&arena);
        }
        if (wf_ledger_verify(ledger, NULL, NULL, &error) != WEFT_OK)
            b->wrong = true;
        b->rounds++;
    }
    return NULL;
}

static void readers_see_whole_commits_while_one_writes(void **state)
{
    made_ledger *made = *state;
    made->file_bytes = 50000;
    made->record_bytes = 1000;
    open_made(made);
    beside b[2] = {{.made = made}, {.made = made}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_beside, &b[i]), 0);
    weft_error error = {0};
    weft_status status = WEFT_OK;
    for (unsigned i = 0; i < beside_commits && status == WEFT_OK; i++)
        status = made_commit(made->ledger, 1 + i * beside_facts, beside_facts, i, &error);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    ok(status, &error);
    for (int i = 0; i < 2; i++) {
        assert_false(b[i].wrong);
        assert_true(b[i].rounds > 0);
    }
}

static void a_ledger_of_a_newer_program_is_left_alone(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    commit(made, 1, 10, 1);
    made_ledger_close(made);
    wf_path path = made_ledger_file(made, 1);
    size_t size;
    char *bytes = scratch_read(&path, &size);
    bytes[8] = 2;
    scratch_write(&path, bytes, size);
    assert_int_equal(made_ledger_open(made, &made->quick, &error), WEFT_DAMAGED);
    assert_string_equal(error.code, "ledger.newer");
    free(bytes);
}

static void a_ledger_without_its_key_does_not_open(void **state)
{
    made_ledger *made = *state;
    weft_error error = {0};
    open_made(made);
    commit(made, 1, 10, 1);
    made_ledger_close(made);
    // Another city's ring.
    scratch_remove(made->key_dir.text);
    wf_path keys = scratch_path(&made->city, "keys");
    scratch_remove(keys.text);
    wf_keys_options options = {
        .io = &made->quick, .city_dir = made->city.text, .key_dir = made->key_dir.text};
    ok(wf_keys_create(&options, MADE_LEDGER_CITY, &error), &error);
    assert_int_equal(made_ledger_open(made, &made->quick, &error), WEFT_KEYLESS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_empty_ledger_holds_nothing),
        TEST(what_was_committed_is_there_after_opening_again),
        TEST(what_was_abandoned_or_not_committed_is_not_there),
        TEST(a_commit_of_many_records_is_one_commit),
        TEST(files_follow_each_other),
        TEST(a_scan_begins_and_ends_where_it_is_told),
        TEST(every_type_of_field_comes_back),
        TEST(digests_tell_bodies_apart),
        TEST(a_kind_of_a_newer_program_has_no_values),
        TEST(what_is_forgotten_came_but_says_nothing),
        TEST(many_devices_cost_little),
        TEST(readers_see_whole_commits_while_one_writes),
        TEST(a_ledger_of_a_newer_program_is_left_alone),
        TEST(a_ledger_without_its_key_does_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
