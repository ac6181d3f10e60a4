// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "model/catalogue.h"
#include "model/fact.h"
#include "support/small_kinds.h"

static wf_value text_value(const char *text)
{
    return (wf_value){.given = true, .text = wf_text_of(text)};
}

static wf_value number_value(int64_t number)
{
    return (wf_value){.given = true, .number = number};
}

static wf_value real_value(double real)
{
    return (wf_value){.given = true, .real = real};
}

static wf_value fact_value(const char *device, int64_t seq)
{
    return (wf_value){.given = true, .fact = {wf_text_of(device), seq}};
}

static wf_value list_value(const wf_value *items, size_t count)
{
    return (wf_value){.given = true, .items = items, .items_count = count};
}

static wf_fact plain_fact(void)
{
    wf_fact fact = {
        .id = {WF_TEXT("S-03-2"), 118}, .kind = &small_seen, .at = {1639266065000000}};
    fact.values[SMALL_ID] = text_value("T1");
    return fact;
}

static wf_fact full_fact(const wf_value *persons, const wf_value *because,
                         const wf_value *numbers)
{
    wf_fact fact = plain_fact();
    fact.grid = WF_TEXT("32028201");
    fact.amends = (wf_identity){WF_TEXT("S-03-2"), 117};
    fact.values[SMALL_PERSON] = text_value("P-0000007");
    fact.values[SMALL_PLACE] = text_value("场所-1");
    fact.values[SMALL_TEXT] = text_value("说明");
    fact.values[SMALL_DATE] = number_value(-3);
    fact.values[SMALL_STARTS] = number_value(-1);
    fact.values[SMALL_ENDS] = number_value(1639266065123456);
    fact.values[SMALL_NUMBER] = real_value(-1.5);
    fact.values[SMALL_YESNO] = number_value(1);
    fact.values[SMALL_WORD] = text_value("green");
    fact.values[SMALL_INTEGER] = number_value(INT64_MAX);
    fact.values[SMALL_FACT] = fact_value("lab", 5);
    fact.values[SMALL_PERSONS] = list_value(persons, 2);
    fact.values[SMALL_FACTS] = list_value(because, 3);
    fact.values[SMALL_NUMBERS] = list_value(numbers, 2);
    return fact;
}

static wf_buffer body_of(const wf_fact *fact)
{
    wf_buffer body = {0};
    weft_error error = {0};
    assert_int_equal(wf_fact_check(fact, &error), WEFT_OK);
    assert_int_equal(wf_fact_encode(fact, &body, &error), WEFT_OK);
    return body;
}

static void every_type_comes_back_as_it_was_written(void **state)
{
    (void)state;
    const wf_value persons[] = {text_value("P-0000007"), text_value("P-0000008")};
    const wf_value because[] = {fact_value("a", 2), fact_value("a", 10),
                                fact_value("b", 1)};
    const wf_value numbers[] = {real_value(-8.25), real_value(0)};
    wf_fact fact = full_fact(persons, because, numbers);
    wf_buffer body = body_of(&fact), again = {0};
    wf_arena arena = {0};
    weft_error error = {0};
    wf_fact read = {0};
    assert_int_equal(
        wf_fact_decode(&small_seen, wf_buffer_text(&body), &arena, &read, &error),
        WEFT_OK);
    assert_ptr_equal(read.kind, &small_seen);
    for (size_t i = 0; i < SMALL_FIELDS_COUNT; i++) {
        assert_true(read.values[i].given);
        if (!small_fields[i].list)
            assert_int_equal(
                wf_value_compare(small_fields[i].type, &read.values[i], &fact.values[i]),
                0);
    }
    assert_int_equal(read.values[SMALL_PERSONS].items_count, 2);
    assert_int_equal(read.values[SMALL_FACTS].items[1].fact.seq, 10);
    assert_int_equal(wf_fact_encode(&read, &again, &error), WEFT_OK);
    assert_true(wf_text_equal(wf_buffer_text(&body), wf_buffer_text(&again)));
    wf_buffer_done(&body);
    wf_buffer_done(&again);
    wf_arena_done(&arena);
}

static void a_body_is_the_bytes_that_the_header_draws(void **state)
{
    (void)state;
    wf_fact fact = plain_fact();
    const wf_value persons[] = {text_value("A"), text_value("B")};
    fact.values[SMALL_DATE] = number_value(-2);
    fact.values[SMALL_FACT] = fact_value("lab", 258);
    fact.values[SMALL_PERSONS] = list_value(persons, 2);
    static const unsigned char drawn[] = {
        0, 2, 0, 'T', '1', 4, 0xFE, 0xFF, 0xFF, 0xFF, 11, 3, 'l', 'a', 'b', 2, 1,
        0, 0, 0, 0,   0,   0, 12,   2,    0,    0,    0,  1, 0,   'A', 1,   0, 'B'};
    wf_buffer body = body_of(&fact);
    assert_int_equal(body.size, sizeof drawn);
    assert_memory_equal(body.bytes, drawn, sizeof drawn);
    wf_buffer_done(&body);
}

static void minus_zero_is_written_as_zero(void **state)
{
    (void)state;
    wf_fact plus = plain_fact(), minus = plain_fact();
    plus.values[SMALL_NUMBER] = real_value(0.0);
    minus.values[SMALL_NUMBER] = real_value(-0.0);
    wf_buffer a = body_of(&plus), b = body_of(&minus);
    assert_true(wf_text_equal(wf_buffer_text(&a), wf_buffer_text(&b)));
    wf_buffer_done(&a);
    wf_buffer_done(&b);
}

static void what_is_not_canonical_is_damaged(void **state)
{
    (void)state;
#define BODY(...)                                                                        \
    {                                                                                    \
        {__VA_ARGS__}, sizeof((unsigned char[]){__VA_ARGS__})                            \
    }
#define ID 0, 1, 0, 'T'
    static const struct {
        unsigned char bytes[40];
        size_t size;
    } bodies[] = {
        {{0}, 0},                                                   // the id is required
        BODY(0),                                                    // cut after the place
        BODY(0, 1),                                                 // in the size
        BODY(0, 2, 0, 'T'),                                         // in the text
        BODY(0, 0, 0),                                              // an empty id
        BODY(0, 9, 0, '1', '2', '3', '4', '5', '6', '7', '8', '9'), // too long
        BODY(0, 1, 0, 0xC0),                                        // no UTF-8
        BODY(0, 1, 0, '\n'),                                        // a control character
        BODY(ID, 0, 1, 0, 'T'),                                     // twice
        BODY(8, 1, ID),                                             // falling
        BODY(ID, 15, 1),                                            // no such field
        BODY(ID, 255),                                              //
        BODY(ID, 8, 2),                                             // neither yes nor no
        BODY(ID, 9, 4, 0, 'b', 'l', 'u', 'e'),                      // no such word
        BODY(ID, 7, 0, 0, 0, 0, 0, 0, 0, 0x80),                     // −0
        BODY(ID, 7, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F),                  // not a number
        BODY(ID, 7, 0, 0, 0, 0, 0, 0, 0x59, 0x40),                  // 100
        BODY(ID, 10, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), // −4
        BODY(ID, 5, 0, 0, 0, 0, 0, 0, 0, 0x80),       // a time before all times
        BODY(ID, 4, 0xFF, 0xFF, 0xFF, 0x7F),          // a date after all dates
        BODY(ID, 11, 0, 1, 0, 0, 0, 0, 0, 0, 0),      // a fact of nobody
        BODY(ID, 11, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0), // number 0
        BODY(ID, 12, 0, 0, 0, 0),                     // an empty list
        BODY(ID, 12, 4, 0, 0, 0, 1, 0, 'A', 1, 0, 'B', 1, 0, 'C', 1, 0, 'D'), // too many
        BODY(ID, 12, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 'A'), // four thousand millions
        BODY(ID, 12, 2, 0, 0, 0, 1, 0, 'B', 1, 0, 'A'),  // falling
        BODY(ID, 12, 2, 0, 0, 0, 1, 0, 'A', 1, 0, 'A'),  // twice
        BODY(ID, 12, 2, 0, 0, 0, 1, 0, 'A'),             // cut in the list
        BODY(ID, 5, 2, 0, 0, 0, 0, 0, 0, 0, 6, 1, 0, 0, 0, 0, 0, 0,
             0), // ends before it starts
    };
#undef ID
#undef BODY
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        // In memory of its very size, so that reading on is seen.
        char *bytes = malloc(bodies[i].size + 1);
        assert_non_null(bytes);
        memcpy(bytes, bodies[i].bytes, bodies[i].size);
        bytes = realloc(bytes, bodies[i].size > 0 ? bodies[i].size : 1);
        assert_non_null(bytes);
        wf_arena arena = {0};
        weft_error error = {0};
        wf_fact fact = {.id.seq = 7};
        weft_status status = wf_fact_decode(&small_seen, (wf_text){bytes, bodies[i].size},
                                            &arena, &fact, &error);
        if (status != WEFT_DAMAGED)
            fail_msg("body %zu was taken", i);
        assert_string_equal(error.code, "fact.damaged");
        assert_null(fact.kind);
        wf_arena_done(&arena);
        free(bytes);
    }
}

static void any_flipped_bit_reads_as_another_fact_or_not_at_all(void **state)
{
    (void)state;
    const wf_value persons[] = {text_value("P-0000007"), text_value("P-0000008")};
    const wf_value because[] = {fact_value("a", 2), fact_value("a", 10),
                                fact_value("b", 1)};
    const wf_value numbers[] = {real_value(-8.25), real_value(0)};
    wf_fact fact = full_fact(persons, because, numbers);
    wf_buffer body = body_of(&fact);
    size_t taken = 0;
    for (size_t bit = 0; bit < body.size * 8; bit++) {
        wf_arena arena = {0};
        wf_buffer again = {0};
        weft_error error = {0};
        wf_fact read = {0};
        body.bytes[bit / 8] = (char)(body.bytes[bit / 8] ^ 1 << bit % 8);
        if (wf_fact_decode(&small_seen, wf_buffer_text(&body), &arena, &read, &error) ==
            WEFT_OK) {
            assert_int_equal(wf_fact_encode(&read, &again, &error), WEFT_OK);
            assert_true(wf_text_equal(wf_buffer_text(&body), wf_buffer_text(&again)));
            taken++;
        }
        body.bytes[bit / 8] = (char)(body.bytes[bit / 8] ^ 1 << bit % 8);
        wf_buffer_done(&again);
        wf_arena_done(&arena);
    }
    assert_true(taken > 0 && taken < body.size * 8);
    wf_buffer_done(&body);
}

static void a_full_arena_is_no_damage(void **state)
{
    (void)state;
    const wf_value persons[] = {text_value("A")};
    wf_fact fact = plain_fact(), read = {0};
    fact.values[SMALL_PERSONS] = list_value(persons, 1);
    wf_buffer body = body_of(&fact);
    wf_arena arena;
    weft_error error = {0};
    wf_arena_init(&arena, 8);
    assert_int_equal(
        wf_fact_decode(&small_seen, wf_buffer_text(&body), &arena, &read, &error),
        WEFT_NO_MEMORY);
    wf_arena_done(&arena);
    wf_buffer_done(&body);
}

static void a_full_buffer_is_left_as_it_was(void **state)
{
    (void)state;
    wf_fact fact = plain_fact();
    wf_buffer body = {.limit = 4};
    weft_error error = {0};
    assert_true(wf_buffer_append(&body, "x", 1));
    assert_int_equal(wf_fact_encode(&fact, &body, &error), WEFT_NO_MEMORY);
    assert_int_equal(body.size, 1);
    wf_buffer_done(&body);
}

// ---- what is refused ----

static void refused(const wf_fact *fact, const char *code, const char *field)
{
    weft_error error = {0};
    assert_int_equal(wf_fact_check(fact, &error), WEFT_BAD_INPUT);
    assert_string_equal(error.code, code);
    assert_string_equal(error.field, field);
}

static void a_value_that_its_field_does_not_take_is_refused(void **state)
{
    (void)state;
    const wf_value empty = {0};
    const wf_value falling[] = {text_value("B"), text_value("A")};
    const wf_value twice[] = {text_value("A"), text_value("A")};
    const wf_value bad_item[] = {text_value("A"), text_value("B\x7F")};
    const wf_value four[] = {text_value("A"), text_value("B"), text_value("C"),
                             text_value("D")};
    const struct {
        size_t field;
        wf_value value;
        const char *code;
    } cases[] = {
        {SMALL_ID, empty, "fact.missing"},
        {SMALL_ID, text_value(""), "fact.text"},
        {SMALL_ID, text_value("123456789"), "fact.text"},
        {SMALL_TEXT, text_value("\xE4\xBA"), "fact.text"},
        {SMALL_TEXT, {.given = true, .text = WF_TEXT("a\0b")}, "fact.text"},
        {SMALL_WORD, text_value("blue"), "fact.word"},
        {SMALL_DATE, number_value(INT32_MAX), "fact.date"},
        {SMALL_STARTS, number_value(INT64_MIN), "fact.time"},
        {SMALL_YESNO, number_value(2), "fact.yesno"},
        {SMALL_NUMBER, real_value(60.001), "fact.number"},
        {SMALL_NUMBER, real_value(NAN), "fact.number"},
        {SMALL_INTEGER, number_value(-4), "fact.whole"},
        {SMALL_FACT, fact_value("", 1), "fact.fact"},
        {SMALL_FACT, fact_value("a", 0), "fact.fact"},
        {SMALL_PERSONS, list_value(NULL, 0), "fact.items"},
        {SMALL_PERSONS, list_value(four, 4), "fact.items"},
        {SMALL_PERSONS, list_value(falling, 2), "fact.set"},
        {SMALL_PERSONS, list_value(twice, 2), "fact.set"},
        {SMALL_PERSONS, list_value(bad_item, 2), "fact.text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_fact fact = plain_fact();
        fact.values[cases[i].field] = cases[i].value;
        refused(&fact, cases[i].code, small_fields[cases[i].field].name);
    }
}

static void a_word_that_is_none_is_told_those_that_are(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_buffer text = {0};
    wf_fact fact = plain_fact();
    fact.values[SMALL_WORD] = text_value("blue");
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_BAD_INPUT);
    assert_true(wf_error_part_text(&error, WF_PART_DETAIL, WF_LANGUAGE_EN, &text));
    assert_true(wf_text_equal(wf_buffer_text(&text), WF_TEXT("it may be: red green")));
    wf_buffer_done(&text);
}

static void an_envelope_that_is_wrong_is_refused(void **state)
{
    (void)state;
    char long_name[WF_DEVICE_BYTES_MAX + 1];
    memset(long_name, 'd', sizeof long_name);
    wf_fact fact = plain_fact();
    fact.id.device.size = 0;
    refused(&fact, "fact.device", "device");
    fact = plain_fact();
    fact.id.device = (wf_text){long_name, sizeof long_name};
    refused(&fact, "fact.device", "device");
    fact = plain_fact();
    fact.id.seq = 0;
    refused(&fact, "fact.seq", "seq");
    fact = plain_fact();
    fact.at = (weft_time){INT64_MIN};
    refused(&fact, "fact.at", "at");
    fact = plain_fact();
    fact.grid = WF_TEXT("12345678901234567890123456789012");
    refused(&fact, "fact.grid", "grid");
    fact = plain_fact();
    fact.amends = (wf_identity){WF_TEXT("x"), 0};
    refused(&fact, "fact.fact", "instead_of");
    fact.amends = fact.id;
    refused(&fact, "fact.amends_itself", "instead_of");
}

static void rules_compare_two_fields_of_a_body(void **state)
{
    (void)state;
    wf_fact fact = plain_fact();
    fact.values[SMALL_STARTS] = number_value(5);
    fact.values[SMALL_ENDS] = number_value(5);
    weft_error error = {0};
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
    fact.values[SMALL_ENDS] = number_value(4);
    refused(&fact, "fact.rise", "ends");
    fact = (wf_fact){.id = {WF_TEXT("S-1"), 1}, .kind = &small_pair};
    refused(&fact, "fact.one_of", "a");
    fact.values[0] = text_value("P-0000007");
    fact.values[1] = text_value("P-0000007");
    refused(&fact, "fact.differ", "b");
    fact.values[1] = text_value("P-0000006");
    refused(&fact, "fact.pair", "b");
    wf_fact_order_pairs(&fact);
    assert_true(wf_text_equal(fact.values[0].text, WF_TEXT("P-0000006")));
    assert_true(wf_text_equal(fact.values[1].text, WF_TEXT("P-0000007")));
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
}

static void a_withdrawal_amends_what_its_body_names(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_fact fact = {.id = {WF_TEXT("S-1"), 2}, .kind = &small_withdrawn};
    fact.values[0] = text_value("S-1");
    fact.values[1] = number_value(1);
    refused(&fact, "fact.withdrawal_amends", "instead_of");
    fact.amends = (wf_identity){WF_TEXT("S-1"), 1};
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
    fact.amends.seq = 2;
    fact.values[1] = number_value(2);
    refused(&fact, "fact.amends_itself", "device");
}

// ---- order and names ----

static void facts_are_ordered_by_time_then_device_then_number(void **state)
{
    (void)state;
    const wf_fact rising[] = {
        {.at = {1}, .id = {WF_TEXT("b"), 9}},  {.at = {2}, .id = {WF_TEXT("B"), 9}},
        {.at = {2}, .id = {WF_TEXT("a"), 10}}, {.at = {2}, .id = {WF_TEXT("a/"), 1}},
        {.at = {2}, .id = {WF_TEXT("a/"), 2}},
    };
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            assert_int_equal(
                wf_fact_order(rising[i].at, rising[i].id, rising[j].at, rising[j].id) > 0,
                i > j);
}

static void the_name_of_a_fact_reads_back(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *device; // NULL: no name
        int64_t seq;
    } cases[] = {
        {"S-03-2/118", "S-03-2", 118},
        {"import/persons/9223372036854775807", "import/persons", INT64_MAX},
        {"a//1", "a/", 1},
        {"118", NULL, 0},
        {"/118", NULL, 0},
        {"a/", NULL, 0},
        {"a/0", NULL, 0},
        {"a/01", NULL, 0},
        {"a/+1", NULL, 0},
        {"a/-1", NULL, 0},
        {"a/1 ", NULL, 0},
        {"a/9223372036854775808", NULL, 0},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_identity id = {WF_TEXT("kept"), 3};
        bool read = wf_identity_read(wf_text_of(cases[i].text), &id);
        assert_int_equal(read, cases[i].device != NULL);
        wf_identity expected = {wf_text_of(read ? cases[i].device : "kept"),
                                read ? cases[i].seq : 3};
        assert_true(wf_identity_equal(id, expected));
    }
}

static void a_set_rises_and_has_everything_once(void **state)
{
    (void)state;
    wf_value items[] = {text_value("b"), text_value("a"), text_value("b"),
                        text_value("aa"), text_value("a")};
    size_t count = wf_values_to_set(WF_COLUMN_TEXT, items, 5);
    assert_int_equal(count, 3);
    assert_true(wf_text_equal(items[0].text, WF_TEXT("a")));
    assert_true(wf_text_equal(items[1].text, WF_TEXT("aa")));
    assert_true(wf_text_equal(items[2].text, WF_TEXT("b")));
    assert_int_equal(wf_values_to_set(WF_COLUMN_TEXT, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_was_written),
        cmocka_unit_test(a_body_is_the_bytes_that_the_header_draws),
        cmocka_unit_test(minus_zero_is_written_as_zero),
        cmocka_unit_test(what_is_not_canonical_is_damaged),
        cmocka_unit_test(any_flipped_bit_reads_as_another_fact_or_not_at_all),
        cmocka_unit_test(a_full_arena_is_no_damage),
        cmocka_unit_test(a_full_buffer_is_left_as_it_was),
        cmocka_unit_test(a_value_that_its_field_does_not_take_is_refused),
        cmocka_unit_test(a_word_that_is_none_is_told_those_that_are),
        cmocka_unit_test(an_envelope_that_is_wrong_is_refused),
        cmocka_unit_test(rules_compare_two_fields_of_a_body),
        cmocka_unit_test(a_withdrawal_amends_what_its_body_names),
        cmocka_unit_test(facts_are_ordered_by_time_then_device_then_number),
        cmocka_unit_test(the_name_of_a_fact_reads_back),
        cmocka_unit_test(a_set_rises_and_has_everything_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
