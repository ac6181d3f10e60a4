// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/city/data_dir.h"
#include "access/city/data_file.h"
#include "access/city/init.h"
#include "access/city/law.h"
#include "support/both_languages.h"
#include "support/scratch.h"

static const char *const names[] = {"cn", "eu", "generic"};

static const wf_law *load(wf_arena *arena, const char *name)
{
    weft_error error = {0};
    const wf_law *law = NULL;
    if (wf_law_load(&wf_io_posix, name, arena, &law, &error) != WEFT_OK)
        fail_msg("%s:%d %s %s", error.file, (int)error.line, error.code, error.field);
    return law;
}

static bool founded(const wf_law *law, wf_order_kind kind)
{
    for (size_t i = 0; i < law->clauses_count; i++)
        if (wf_law_founds(&law->clauses[i], kind))
            return true;
    return false;
}

// No order without a clause: every order that a city may need has one everywhere.
static void every_profile_that_is_shipped_founds_every_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        const wf_law *law = load(&arena, names[i]);
        for (int kind = 0; kind < WF_ORDER_KIND_COUNT; kind++)
            if (!founded(law, (wf_order_kind)kind))
                fail_msg("%s founds no %s", names[i], wf_order_kind_words[kind]);
        wf_arena_done(&arena);
    }
}

static void the_chinese_profile_says_what_the_articles_say(void **state)
{
    (void)state;
    wf_arena arena = {0};
    const wf_law *law = load(&arena, "cn");
    const wf_law_clause *contacts = wf_law_find(law, WF_TEXT("cn-40"));
    const wf_law_clause *emergency = wf_law_find(law, WF_TEXT("cn-42"));
    assert_non_null(contacts);
    assert_non_null(emergency);
    assert_int_equal(contacts->sureness, WF_SURE_A);
    assert_true(wf_law_founds(contacts, WF_ORDER_CENTRAL_ISOLATION));
    // The article speaks of a designated place: isolation at home rests on another
    // reading.
    assert_false(wf_law_founds(contacts, WF_ORDER_HOME_ISOLATION));
    assert_true(wf_law_founds(emergency, WF_ORDER_PLACE_CLOSED));
    assert_false(wf_law_founds(emergency, WF_ORDER_CENTRAL_ISOLATION));
    assert_float_equal(law->appeal_days.value, 60, 0);
    wf_arena_done(&arena);
}

static void every_profile_that_is_shipped_says_what_holds_a_pool(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        const wf_law *law = load(&arena, names[i]);
        assert_non_null(law->pool_hold.clause);
        assert_int_equal(law->pool_hold.sureness, WF_SURE_D);
        assert_true(law->pool_hold.why.en[0] != '\0');
        wf_arena_done(&arena);
    }
}

static void expect_why(const char *of, wf_both why)
{
    if (*why.zh != '\0')
        expect_both(of, why);
    expect_chinese(of, "why", why.zh);
}

static void every_reason_that_is_shipped_is_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_arena arena = {0};
        const wf_law *law = load(&arena, names[i]);
        for (size_t k = 0; k < law->clauses_count; k++) {
            expect_both(law->clauses[k].key, law->clauses[k].cite);
            expect_why(law->clauses[k].key, law->clauses[k].why);
            expect_why(law->clauses[k].key, law->clauses[k].max_days.why);
        }
        expect_why("pool_hold", law->pool_hold.why);
        expect_why("appeal", law->appeal_days.why);
        for (int keep = 0; keep < WF_KEEP_END; keep++)
            if (law->keeping_days[keep].given)
                expect_why("keeping", law->keeping_days[keep].why);
        wf_arena_done(&arena);
    }
}

static void every_source_of_law_is_in_both_languages(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    wf_path folder;
    wf_sources sources = {0};
    assert_int_equal(wf_data_dir(&wf_io_posix, "law", &folder, &error), WEFT_OK);
    assert_int_equal(
        wf_data_sources_read(&wf_io_posix, folder.text, &arena, &sources, &error),
        WEFT_OK);
    assert_true(sources.count > 4);
    for (size_t i = 0; i < sources.count; i++)
        expect_source_in_both(&sources.entries[i]);
    wf_arena_done(&arena);
}

static void a_profile_that_is_not_there_is_not_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        weft_status status;
        const char *code;
    } cases[] = {
        {"nowhere", WEFT_NOT_FOUND, "law.unknown"},
        {"sources", WEFT_NOT_FOUND, "law.unknown"},
        {"../law/cn", WEFT_BAD_INPUT, "law.bad_name"},
        {"", WEFT_BAD_INPUT, "law.bad_name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        const wf_law *law = NULL;
        assert_int_equal(wf_law_load(&wf_io_posix, cases[i].name, &arena, &law, &error),
                         cases[i].status);
        assert_string_equal(error.code, cases[i].code);
        wf_arena_done(&arena);
    }
}

static void a_city_is_not_made_under_a_law_that_is_not_there(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path folder;
    scratch_new(&folder);
    wf_path city = scratch_path(&folder, "city"), keys = scratch_path(&folder, "keys");
    const weft_init_options options = {.law = "nowhere", .keys = {.key_dir = keys.text}};
    assert_int_equal(wf_city_init(&wf_io_posix, city.text, &options, &error),
                     WEFT_NOT_FOUND);
    assert_string_equal(error.code, "law.unknown");
    assert_false(wf_io_exists(&wf_io_posix, city.text));
    assert_false(wf_io_exists(&wf_io_posix, keys.text));
    scratch_remove(folder.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_profile_that_is_shipped_founds_every_order),
        cmocka_unit_test(the_chinese_profile_says_what_the_articles_say),
        cmocka_unit_test(every_profile_that_is_shipped_says_what_holds_a_pool),
        cmocka_unit_test(every_reason_that_is_shipped_is_in_both_languages),
        cmocka_unit_test(every_source_of_law_is_in_both_languages),
        cmocka_unit_test(a_profile_that_is_not_there_is_not_found),
        cmocka_unit_test(a_city_is_not_made_under_a_law_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
