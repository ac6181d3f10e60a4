// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "model/search.h"

// Terms as one text: "whole" first, parts behind a bar.
static void terms_are(wf_search_rule rule, const char *value, const char *wanted)
{
    wf_search_terms terms;
    char text[2048] = "";
    wf_search_terms_of(rule, wf_text_of(value), &terms);
    for (size_t i = 0; i < terms.count; i++) {
        if (i > 0)
            strncat(text, terms.terms[i].is_part ? "|" : "&", 2);
        strncat(text, terms.terms[i].text.bytes, terms.terms[i].text.size);
    }
    assert_string_equal(text, wanted);
}

static void a_name_is_sought_whole_and_by_its_parts(void **state)
{
    (void)state;
    static const struct {
        const char *name, *terms;
    } cases[] = {
        {"张三", "张三|张三"},
        {" 张　三 ", "张三|张三"},
        {"王建国", "王建国|王建|建国"},
        {"丽丽丽", "丽丽丽|丽丽"},
        {"王", "王"},
        {"阿卜杜·热", "阿卜杜热|阿卜|卜杜|杜热"},
        {"阿卜杜．热", "阿卜杜热|阿卜|卜杜|杜热"},
        {"Li Ming", "liming|li|ming"},
        {"ＬＩ　ｍｉｎｇ", "liming|li|ming"},
        {"J. O'Neill-Šimić", "jo'neill-Šimić|j|o'neill-Šimić"},
        {"王Ming丽丽", "王ming丽丽|ming|丽丽"},
        {"𠮷野家", "𠮷野家|𠮷野|野家"},
        {"·", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        terms_are(WF_SEARCH_NAME, cases[i].name, cases[i].terms);
}

static void the_longest_names_have_room(void **state)
{
    (void)state;
    wf_search_terms terms;
    char words[WF_TEXT_BYTES_MAX], han[WF_TEXT_BYTES_MAX];
    // Words that differ: two letters and a blank.
    for (size_t i = 0; i + 2 < sizeof words; i += 3) {
        words[i] = (char)('a' + i / 3 / 26);
        words[i + 1] = (char)('a' + i / 3 % 26);
        words[i + 2] = ' ';
    }
    words[sizeof words - 1] = 'z';
    wf_search_terms_of(WF_SEARCH_NAME, (wf_text){words, sizeof words}, &terms);
    assert_int_equal(terms.count, 1 + 86);
    for (size_t i = 0; i + 2 < sizeof han; i += 3) {
        han[i] = '\xE4';
        han[i + 1] = (char)(0x80 + i / 3 / 64 + 0x38);
        han[i + 2] = (char)(0x80 + i / 3 % 64);
    }
    wf_search_terms_of(WF_SEARCH_NAME, (wf_text){han, sizeof han - 1}, &terms);
    assert_int_equal(terms.count, 1 + 84);
    // One letter, one word; capitals and small letters are the same.
    for (size_t i = 0; i < sizeof words; i++)
        words[i] = i % 2 == 0 ? (char)('!' + i / 2 % 90) : ' ';
    wf_search_terms_of(WF_SEARCH_NAME, (wf_text){words, sizeof words}, &terms);
    assert_true(terms.count > 50 && terms.count <= WF_SEARCH_TERMS_MAX);
}

static void a_phone_is_its_digits_without_the_country(void **state)
{
    (void)state;
    static const struct {
        const char *phone, *terms;
    } cases[] = {
        {"13800000001", "13800000001"},
        {"+86 138-0000-0001", "13800000001"},
        {"0086 138 0000 0001", "13800000001"},
        {"8613800000001", "13800000001"},
        {"＋８６１３８０００００００１", "13800000001"},
        {"(+86)13800000001", "13800000001"},
        {"(0510) 8600 0001", "051086000001"},
        {"86000001", "86000001"},
        {"13800000001/13800000002", "13800000001&13800000002"},
        {"13800000001、+8613800000001；86000001", "13800000001&86000001"},
        {"+1 202 555 0100", "12025550100"},
        {"无", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        terms_are(WF_SEARCH_PHONE, cases[i].phone, cases[i].terms);
}

static void a_document_is_its_digits_and_letters(void **state)
{
    (void)state;
    terms_are(WF_SEARCH_ID_NUMBER, "110101 19900101 123x", "11010119900101123X");
    terms_are(WF_SEARCH_ID_NUMBER, "ｅ１２３-4567", "E1234567");
    terms_are(WF_SEARCH_ID_NUMBER, "--", "");
    terms_are(WF_SEARCH_NONE, "x", "");
}

static bool has_parts(const char *asked, const char *value)
{
    wf_search_terms a, b;
    wf_search_terms_of(WF_SEARCH_NAME, wf_text_of(asked), &a);
    wf_search_terms_of(WF_SEARCH_NAME, wf_text_of(value), &b);
    return wf_search_has_parts(&a, &b);
}

static void all_parts_that_are_asked_for_must_be_there(void **state)
{
    (void)state;
    assert_true(has_parts("建国", "王建国"));
    assert_true(has_parts("ming li", "Li Ming"));
    assert_false(has_parts("王国", "王建国"));
    assert_false(has_parts("王建军", "王建国"));
    assert_false(has_parts("王", "王建国")); // no part: one character
    assert_false(has_parts("min", "Li Ming"));
}

static bool parts_tell(const char *name)
{
    wf_search_terms terms;
    wf_search_terms_of(WF_SEARCH_NAME, wf_text_of(name), &terms);
    return wf_search_parts_tell(&terms);
}

static void only_names_without_words_are_told_by_their_parts(void **state)
{
    (void)state;
    assert_true(parts_tell("张三"));
    assert_true(parts_tell("张 三"));
    assert_false(parts_tell("王"));
    assert_false(parts_tell("Li Ming")); // LiMing has the same whole
    assert_false(parts_tell("王Ming丽丽"));
    assert_false(parts_tell("·"));
}

static void a_town_is_the_first_nine_digits(void **state)
{
    (void)state;
    assert_true(
        wf_text_equal(wf_search_town(WF_TEXT("320214001001")), WF_TEXT("320214001")));
    assert_true(wf_text_equal(wf_search_town(WF_TEXT("3202")), WF_TEXT("3202")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_sought_whole_and_by_its_parts),
        cmocka_unit_test(the_longest_names_have_room),
        cmocka_unit_test(a_phone_is_its_digits_without_the_country),
        cmocka_unit_test(a_document_is_its_digits_and_letters),
        cmocka_unit_test(all_parts_that_are_asked_for_must_be_there),
        cmocka_unit_test(only_names_without_words_are_told_by_their_parts),
        cmocka_unit_test(a_town_is_the_first_nine_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
