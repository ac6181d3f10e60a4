// The balance law of facts from files: every line is accepted, had or refused; and what
// goes wrong in such files.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "load/refused.h"
#include "support/made_city.h"

static made_city city;
static wf_buffer text;

static int begin(void **state)
{
    (void)state;
    made_city_new(&city);
    text = (wf_buffer){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    made_city_done(&city);
    wf_buffer_done(&text);
    return 0;
}

// ---- lines ----

#define FACT(seq, at, tube, count)                                                       \
    "{\"device\":\"S-03-2\",\"seq\":" seq ",\"kind\":\"tube.sealed\",\"at\":\"" at       \
    "\",\"body\":{\"tube\":\"" tube "\",\"count\":" count "}}"
#define AT "2021-12-12T07:41:05+08:00"
#define ONE FACT("1", AT, "T1", "10")
#define TWO FACT("2", AT, "T2", "10")
#define MARK "\xEF\xBB\xBF"

static void put(const char *bytes, size_t size)
{
    assert_true(wf_buffer_append(&text, bytes, size));
}

static void put_many(char byte, size_t count)
{
    assert_true(wf_buffer_reserve(&text, count));
    memset(text.bytes + text.size, byte, count);
    text.size += count;
}

static void put_fact(uint64_t seq, uint64_t count)
{
    assert_true(wf_buffer_printf(
        &text, FACT("%llu", AT, "T%llu", "%llu"), (unsigned long long)seq,
        (unsigned long long)(seq % 10000), (unsigned long long)count));
}

// A line of so many bytes that would be a fact, were it not so long.
static void put_long(uint64_t seq, size_t size)
{
    size_t from = text.size;
    put_fact(seq, 1);
    text.size--; // within the last brace
    put_many(' ', size - (text.size - from) - 1);
    put("}", 1);
}

// ---- importing ----

static weft_status import_in(wf_text bytes, size_t part)
{
    bytes_source source = {bytes.bytes, bytes.size, 0, part, 0};
    weft_import_source from = {bytes_source_read, &source, "test.ndjson", bytes.size};
    weft_import_options options = {
        .as_of = WEFT_TIME_NONE, .refused = made_city_refused, .context = &city};
    city.refused_count = 0;
    city.summary = (weft_import_summary){0};
    city.error = (weft_error){0};
    return wf_import(&city.import, WEFT_IMPORT_FACTS, &from, 1, &options, &city.summary,
                     &city.error);
}

static void balances(uint64_t accepted, uint64_t had, uint64_t refused)
{
    assert_int_equal(city.summary.accepted, accepted);
    assert_int_equal(city.summary.had, had);
    assert_int_equal(city.summary.refused, refused);
    assert_int_equal(city.summary.rows, accepted + had + refused);
}

static void takes(const char *bytes, uint64_t accepted, uint64_t had, uint64_t refused)
{
    assert_int_equal(import_in(wf_text_of(bytes), 0), WEFT_OK);
    balances(accepted, had, refused);
}

static uint64_t positions(void)
{
    return wf_ledger_now(wf_store_ledger(city.records)).positions;
}

// ---- refused lines ----

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

// The lines of the last import that were refused, each with an end.
static void read_refused(wf_buffer *ret)
{
    wf_refused_folder from = {city.store.io, city.store.folder.text, city.store.keys};
    wf_refused_reader *reader = NULL;
    wf_refused_item item = {0};
    assert_int_equal(wf_refused_reader_open(&from, base_name(city.summary.refused_file),
                                            &reader, &city.error),
                     WEFT_OK);
    while (item.what != WF_REFUSED_END) {
        assert_int_equal(wf_refused_next(reader, &item, &city.error), WEFT_OK);
        if (item.what != WF_REFUSED_ROW)
            continue;
        assert_true(wf_buffer_append(ret, item.row.raw.bytes, item.row.raw.size));
        assert_true(wf_buffer_append(ret, "\n", 1));
    }
    wf_refused_reader_close(reader);
}

static void refused_are(wf_text wanted)
{
    wf_buffer got = {0};
    read_refused(&got);
    assert_int_equal(got.size, wanted.size);
    assert_memory_equal(got.bytes, wanted.bytes, wanted.size);
    wf_buffer_done(&got);
}

static weft_status retry(void)
{
    wf_path file = {0};
    weft_import_options again = {
        .as_of = WEFT_TIME_NONE, .refused = made_city_refused, .context = &city};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    city.refused_count = 0;
    return wf_import_retry(&city.import, base_name(file.text), &again, &city.summary,
                           &city.error);
}

static size_t refused_files(void)
{
    wf_refused_folder from = {city.store.io, city.store.folder.text, city.store.keys};
    char names[8][WF_REFUSED_NAME_MAX];
    size_t count = 0;
    assert_int_equal(wf_refused_names(&from, "", names, 8, &count, &city.error), WEFT_OK);
    return count;
}

// ---- the law ----

typedef struct {
    uint64_t accepted, had, refused;
} balance;

// Of 97 lines one is refused, and one of 50 says again what came before it.
static balance put_lines(uint64_t count)
{
    balance is = {0};
    uint64_t seq = 0;
    wf_buffer_clear(&text);
    for (uint64_t i = 1; i <= count; i++) {
        if (i % 97 == 0) {
            put_fact(count + i, 1000000);
            is.refused++;
        } else if (i % 50 == 0) {
            put_fact(seq, 3);
            is.had++;
        } else {
            put_fact(++seq, 3);
            is.accepted++;
        }
        put("\n", 1);
    }
    return is;
}

static void balances_at(uint64_t count)
{
    made_city_done(&city);
    made_city_new(&city);
    balance is = put_lines(count);
    assert_int_equal(import_in(wf_buffer_text(&text), 0), WEFT_OK);
    balances(is.accepted, is.had, is.refused);
    assert_int_equal(city.summary.rows, count);
    // Its own facts and a note of each refusal.
    assert_int_equal(positions(), is.accepted + is.refused);
    wf_digest once = made_city_digest(&city);
    assert_int_equal(import_in(wf_buffer_text(&text), 0), WEFT_OK);
    balances(0, is.accepted + is.had, is.refused);
    assert_int_equal(positions(), is.accepted + is.refused);
    assert_true(made_digests_equal(once, made_city_digest(&city)));
}

static void every_line_is_accepted_had_or_refused(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0,     1,     2,       4097,    65535,
                                      65536, 65537, 1048575, 1048576, 1048577};
    bool is_long = getenv("WEFT_LONG") != NULL;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i] < 1000000 || is_long)
            balances_at(counts[i]);
}

// ---- what lines end with ----

static void lines_may_end_in_any_way(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t accepted, had, refused;
    } cases[] = {
        {"", 0, 0, 0},
        {"\n", 0, 0, 0},
        {"\r\n\r\n\n", 0, 0, 0},
        {MARK, 0, 0, 0},
        {MARK "\r\n", 0, 0, 0},
        {ONE, 1, 0, 0},
        {ONE "\n", 0, 1, 0},
        {ONE "\r\n\r\n\n" ONE "\r\n", 0, 2, 0},
        {MARK ONE "\n", 0, 1, 0},
        {MARK "\n" TWO, 1, 0, 0},
        {ONE "\n" MARK TWO "\n", 0, 1, 1},
        {ONE "\n{\"device\":\"S-03-2\",\"se", 0, 1, 1},
        {"\n\n" TWO "\nx\n\n", 0, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        takes(cases[i].text, cases[i].accepted, cases[i].had, cases[i].refused);
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    static const char all[] = "x\n" MARK ONE "\n\n" ONE "\r\n" TWO;
    assert_int_equal(import_in(WF_TEXT(MARK ONE), 1), WEFT_OK);
    balances(1, 0, 0);
    // A mark begins a file, and no other line.
    for (size_t part = 1; part < sizeof all; part++) {
        assert_int_equal(import_in(wf_text_of(all), part), WEFT_OK);
        balances(part == 1, part == 1 ? 1 : 2, 2); // line 2 is refused for its mark
        assert_int_equal(city.refused[0].line, 1);
        assert_int_equal(city.refused[1].line, 2);
    }
}

static void a_nul_refuses_its_line_alone(void **state)
{
    (void)state;
    static const char lines[] = ONE "\n{\"device\":\0\"S-03-2\"}\n\0\n" TWO;
    assert_int_equal(import_in((wf_text){lines, sizeof lines - 1}, 0), WEFT_OK);
    balances(2, 0, 2);
    assert_string_equal(city.refused[0].code, "fact.nul");
    assert_string_equal(city.refused[1].code, "fact.nul");
    static const char refused[] = "{\"device\":\0\"S-03-2\"}\n\0\n";
    refused_are((wf_text){refused, sizeof refused - 1});
}

// ---- long lines ----

static void a_line_of_64_kib_is_taken_and_a_byte_more_refused(void **state)
{
    (void)state;
    static const size_t kib_64 = 65536, mib = 1 << 20;
    put_long(1, kib_64);
    put("\n", 1);
    size_t from = text.size;
    put_long(2, kib_64 + 1);
    put("\r\n", 2);
    put_long(3, mib);
    put("\n", 1);
    assert_int_equal(import_in(wf_buffer_text(&text), 0), WEFT_OK);
    balances(1, 0, 2);
    assert_string_equal(city.refused[0].code, "fact.line_long");
    assert_string_equal(city.refused[1].code, "fact.line_long");
    wf_buffer wanted = {0};
    assert_true(wf_buffer_append(&wanted, text.bytes + from, kib_64 + 1));
    assert_true(wf_buffer_append(&wanted, text.bytes + from + kib_64 + 2,
                                 text.size - from - kib_64 - 2));
    assert_memory_equal(wanted.bytes + kib_64 + 1, "\n", 1);
    refused_are(wf_buffer_text(&wanted));
    wf_buffer_done(&wanted);
}

static void a_line_over_1_mib_ends_the_import_wherever_its_end_is(void **state)
{
    (void)state;
    static const size_t sizes[] = {(1 << 20) + 1, (1 << 20) + 100, (1 << 20) + 65536,
                                   2 << 20};
    wf_digest before = made_city_digest(&city);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        wf_buffer_clear(&text);
        put(ONE "\nx\n", sizeof ONE + 2);
        put_long(2, sizes[i / 2]);
        if (i % 2 == 0)
            put("\n" TWO "\n", sizeof TWO + 1);
        assert_int_equal(import_in(wf_buffer_text(&text), 0), WEFT_TOO_LARGE);
        assert_string_equal(city.error.code, "fact.line_long");
        assert_string_equal(city.error.file, "test.ndjson");
        assert_int_equal(city.error.line, 3);
        assert_int_equal(positions(), 0);
        assert_true(made_digests_equal(before, made_city_digest(&city)));
        assert_int_equal(refused_files(), 0);
    }
    takes(ONE "\n", 1, 0, 0); // the store goes on
}

// ---- repeats and conflicts ----

static void repeats_are_had_and_conflicts_refused(void **state)
{
    (void)state;
    takes(ONE "\n" ONE "\n", 1, 1, 0);
    takes(ONE "\n" TWO "\n", 1, 1, 0);
    wf_digest before = made_city_digest(&city);
    static const char lines[] = FACT("1", AT, "T1", "9") "\n" ONE "\n" TWO;
    takes(lines, 0, 2, 1);
    assert_string_equal(city.refused[0].code, "fact.conflict");
    refused_are(WF_TEXT(FACT("1", AT, "T1", "9") "\n"));
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    // Two that conflict within one file: the first stands.
    takes(FACT("3", AT, "T3", "1") "\n" FACT("3", AT, "T3", "2") "\n", 1, 0, 1);
    takes(FACT("1", AT, "T1", "9"), 0, 0, 1);
}

static void repeats_across_the_files_of_one_import_are_had(void **state)
{
    (void)state;
    bytes_source bytes[] = {{ONE "\n" TWO, sizeof ONE + sizeof TWO - 1, 0, 0, 0},
                            {MARK TWO "\nx\n", sizeof TWO + 5, 0, 3, 0}};
    weft_import_source from[] = {{bytes_source_read, &bytes[0], "a", 0},
                                 {bytes_source_read, &bytes[1], "b", 0}};
    weft_import_options options = {
        .as_of = WEFT_TIME_NONE, .refused = made_city_refused, .context = &city};
    assert_int_equal(wf_import(&city.import, WEFT_IMPORT_FACTS, from, 2, &options,
                               &city.summary, &city.error),
                     WEFT_OK);
    balances(2, 1, 1);
    assert_string_equal(city.refused[0].file, "b");
    assert_int_equal(city.refused[0].line, 2);
}

// ---- trying again ----

#define LATER FACT("5", "2021-12-12T09:00:00+08:00", "T5", "7")

static void what_lies_ahead_of_the_clock_is_taken_when_its_time_has_come(void **state)
{
    (void)state;
    city.import.clocked = true; // 08:00
    takes("\n" ONE "\nx\n" LATER "\n", 1, 0, 2);
    assert_string_equal(city.refused[1].code, "fact.future");
    refused_are(WF_TEXT("x\n" LATER "\n"));
    assert_int_equal(retry(), WEFT_OK); // too early still
    balances(0, 0, 2);
    assert_int_equal(city.refused[0].line, 3);
    assert_int_equal(city.refused[1].line, 4);
    city.import.now = made_time(&city.store, "2021-12-12 10:00");
    assert_int_equal(retry(), WEFT_OK);
    balances(1, 0, 1);
    assert_int_equal(city.refused[0].line, 3); // as in the file that it came in
    refused_are(WF_TEXT("x\n"));
    takes(LATER, 0, 1, 0);
}

static void the_file_goes_when_all_of_it_is_taken(void **state)
{
    (void)state;
    city.import.clocked = true;
    takes(LATER, 0, 0, 1);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    city.import.now = made_time(&city.store, "2021-12-12 10:00");
    assert_int_equal(retry(), WEFT_OK);
    balances(1, 0, 0);
    assert_string_equal(city.summary.refused_file, "");
    assert_false(wf_io_exists(city.store.io, file.text));
}

// What was mended has the number that its refusal filled.
static void a_mended_line_takes_the_number_of_the_refused_one(void **state)
{
    (void)state;
    takes(FACT("1", AT, "T1", "1000000"), 0, 0, 1);
    takes(ONE, 1, 0, 0);
    takes(ONE, 0, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_line_is_accepted_had_or_refused, begin,
                                        end),
        cmocka_unit_test_setup_teardown(lines_may_end_in_any_way, begin, end),
        cmocka_unit_test_setup_teardown(bytes_may_come_one_by_one, begin, end),
        cmocka_unit_test_setup_teardown(a_nul_refuses_its_line_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_line_of_64_kib_is_taken_and_a_byte_more_refused,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            a_line_over_1_mib_ends_the_import_wherever_its_end_is, begin, end),
        cmocka_unit_test_setup_teardown(repeats_are_had_and_conflicts_refused, begin,
                                        end),
        cmocka_unit_test_setup_teardown(repeats_across_the_files_of_one_import_are_had,
                                        begin, end),
        cmocka_unit_test_setup_teardown(
            what_lies_ahead_of_the_clock_is_taken_when_its_time_has_come, begin, end),
        cmocka_unit_test_setup_teardown(the_file_goes_when_all_of_it_is_taken, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_mended_line_takes_the_number_of_the_refused_one,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
