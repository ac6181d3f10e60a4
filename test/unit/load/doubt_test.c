// Dates that are possible and look wrong are asked about (load/doubt.h).

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "desk/kinds.h"
#include "load/doubt.h"

static wf_zone *zone;

typedef struct {
    const char *at, *reported, *onset, *sampled; // "": not said
    const char *code, *field, *other;            // NULL: nothing is asked
} story;

// clang-format off
static const story stories[] = {
    // Nothing looks wrong, also where day and month could be swapped.
    {"2021-12-13T12:00", "2021-12-13", "2021-12-11", "", NULL, NULL, NULL},
    {"2021-12-13T12:00", "2021-12-13", "2021-11-12", "", NULL, NULL, NULL},
    {"2021-12-13T12:00", "", "", "", NULL, NULL, NULL},
    // The same day is not after it, whatever the hour; a day alone is all of it.
    {"2021-12-13T12:00", "2021-12-13", "2021-12-13T08:00", "", NULL, NULL, NULL},
    // After the report; where it was not said the fact is the report.
    {"2021-12-13T12:00", "2021-12-11", "2021-12-13", "", "case.onset_after_report", "onset", NULL},
    {"2021-12-13T12:00", "", "2021-12-15", "", "case.onset_after_report", "onset", NULL},
    // Not after the report, but after the fact that says both.
    {"2021-12-13T12:00", "2021-12-20", "2021-12-15", "", "case.onset_future", "onset", NULL},
    // Ahead, and swapped it would not be.
    {"2021-12-13T12:00", "2021-12-13", "2022-11-12", "", "case.onset_after_report", "onset", NULL},
    {"2021-11-14T12:00", "2021-11-14", "2021-12-11", "", "case.date_swapped", "onset", "2021-11-12"},
    // Long before, and swapped it would not be.
    {"2021-12-13T12:00", "2021-12-13", "2021-10-12", "", "case.date_swapped", "onset", "2021-12-10"},
    {"2021-12-13T12:00", "", "2021-08-12T09:30", "", "case.date_swapped", "onset", "2021-12-08"},
    // Long before and swapped, too; and no date at all when swapped.
    {"2021-12-13T12:00", "2021-12-13", "2021-03-05", "", NULL, NULL, NULL},
    {"2021-12-13T12:00", "2021-12-13", "2021-08-25", "", NULL, NULL, NULL},
    {"2021-12-13T12:00", "2021-12-13", "2021-08-08", "", NULL, NULL, NULL},
    // The report itself; other times of the case.
    {"2021-12-05T12:00", "2021-05-12", "", "", "case.date_swapped", "reported", "2021-12-05"},
    {"2021-12-13T12:00", "2021-12-13", "2021-12-11", "2021-11-12", NULL, NULL, NULL},
    {"2021-12-13T12:00", "2021-12-13", "2021-12-11", "2021-09-12", "case.date_swapped", "sampled", "2021-12-09"},
};
// clang-format on

static void say(wf_fact *fact, const char *field, const char *text)
{
    wf_iso_kind kind;
    weft_time at;
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    if (text[0] == '\0')
        return;
    assert_true(wf_time_parse(wf_text_of(text), zone, &at, &kind));
    fact->values[place] = (wf_value){.given = true, .number = at.us};
}

static void each_is_asked_about_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        const story *one = &stories[i];
        wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("case.reported"))};
        weft_error said = {0};
        wf_iso_kind kind;
        assert_true(wf_time_parse(wf_text_of(one->at), zone, &fact.at, &kind));
        say(&fact, "reported", one->reported);
        say(&fact, "onset", one->onset);
        say(&fact, "sampled", one->sampled);
        bool doubts = wf_doubt_of(&fact, zone, &said);
        if (doubts != (one->code != NULL))
            fail_msg("story %zu: %s", i, doubts ? said.code : "nothing is asked");
        if (!doubts)
            continue;
        assert_string_equal(said.code, one->code);
        assert_string_equal(said.field, one->field);
        if (one->other != NULL)
            assert_string_equal(said.params[1].value, one->other);
    }
}

static void other_kinds_are_not_asked_about(void **state)
{
    (void)state;
    wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"))};
    weft_error said;
    assert_false(wf_doubt_of(&fact, zone, &said));
}

static int open_zone(void **state)
{
    weft_error error = {0};
    (void)state;
    return wf_zone_open("Asia/Shanghai", &zone, &error) == WEFT_OK ? 0 : -1;
}

static int close_zone(void **state)
{
    (void)state;
    wf_zone_close(zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_asked_about_or_not),
        cmocka_unit_test(other_kinds_are_not_asked_about),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
