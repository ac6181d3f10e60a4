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

// The day of the onset is not before it, whatever the hour.
static void an_isolation_before_the_onset_is_asked_about(void **state)
{
    static const char *const isolated[] = {"2021-12-10", "2021-12-11", "2021-12-12"};
    (void)state;
    for (size_t i = 0; i < sizeof isolated / sizeof *isolated; i++) {
        wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("case.reported"))};
        weft_error said = {0};
        wf_iso_kind kind;
        assert_true(wf_time_parse(WF_TEXT("2021-12-13T12:00"), zone, &fact.at, &kind));
        say(&fact, "onset", "2021-12-11T09:00");
        say(&fact, "isolated", isolated[i]);
        assert_int_equal(wf_doubt_of(&fact, zone, &said), i == 0);
        if (i == 0)
            assert_string_equal(said.code, "case.isolated_before_onset");
    }
}

static wf_value *value_of(wf_fact *fact, const char *field)
{
    return &fact->values[wf_kind_field(fact->kind, wf_text_of(field))];
}

// What is doubted of a case of the class; NULL: nothing.
static const char *doubted(const char *class, int symptomatic, const char *onset)
{
    wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("case.reported"))};
    static weft_error said;
    wf_iso_kind kind;
    said = (weft_error){0};
    assert_true(wf_time_parse(WF_TEXT("2021-12-13T12:00"), zone, &fact.at, &kind));
    say(&fact, "onset", onset);
    *value_of(&fact, "classification") =
        (wf_value){.given = true, .text = wf_text_of(class)};
    *value_of(&fact, "symptomatic") =
        (wf_value){.given = symptomatic >= 0, .number = symptomatic > 0};
    if (!wf_doubt_of(&fact, zone, &said))
        return NULL;
    assert_string_equal(said.code, "case.asymptomatic_symptoms");
    return said.field;
}

static void a_case_without_symptoms_that_has_them_is_asked_about(void **state)
{
    (void)state;
    assert_string_equal(doubted("asymptomatic", 1, ""), "symptomatic");
    assert_string_equal(doubted("asymptomatic", 1, "2021-12-11"), "symptomatic");
    assert_string_equal(doubted("asymptomatic", 0, "2021-12-11"), "onset");
    assert_null(doubted("asymptomatic", 0, ""));
    assert_null(doubted("asymptomatic", -1, ""));
    assert_null(doubted("confirmed", 1, "2021-12-11"));
    assert_null(doubted("confirmed", 0, ""));
}

// ---- other facts ----

typedef struct {
    const char *kind, *at, *field, *said;
    const char *code, *other; // NULL: nothing is asked
} telling;

// clang-format off
static const telling tellings[] = {
    // What was told has been, and not long ago.
    {"visit.stated", "2021-12-13T12:00", "start", "2021-12-09T10:00", NULL, NULL},
    {"visit.stated", "2021-12-13T12:00", "start", "2021-12-13T12:09", NULL, NULL},
    {"visit.stated", "2021-12-13T12:00", "start", "2021-12-13T12:11", "fact.date_future", NULL},
    {"visit.stated", "2021-12-13T12:00", "start", "2021-09-12T10:00", "fact.date_swapped", "2021-12-09"},
    {"visit.stated", "2021-11-13T12:00", "start", "2021-12-11T10:00", "fact.date_swapped", "2021-11-12"},
    {"visit.stated", "2021-12-13T12:00", "start", "2021-10-13T12:00", NULL, NULL},
    {"visit.stated", "2021-12-13T12:00", "start", "2021-03-05T10:00", NULL, NULL},
    // Somebody may still be there; not for months.
    {"visit.stated", "2021-12-09T12:00", "end", "2021-12-10T12:00", NULL, NULL},
    {"visit.stated", "2021-12-09T12:00", "end", "2022-10-12T12:00", NULL, NULL},
    {"visit.stated", "2021-12-09T12:00", "end", "2021-08-12T12:00", "fact.date_swapped", "2021-12-08"},
    {"encounter.named", "2021-12-13T12:00", "end", "2021-12-14T12:00", "fact.date_future", NULL},
    {"exposure.recorded", "2021-12-13T12:00", "from", "2021-07-12T12:00", "fact.date_swapped", "2021-12-07"},
    {"place.exposed", "2021-12-13T12:00", "until", "2021-12-14T12:00", "fact.date_future", NULL},
    {"notice.published", "2021-12-13T12:00", "from", "2021-08-12T12:00", "fact.date_swapped", "2021-12-08"},
    {"self.reported", "2021-12-13T12:00", "happened", "2022-12-12T12:00", "fact.date_future", NULL},
    {"contact.reviewed", "2021-12-13T12:00", "exposed_until", "2021-10-12T12:00", "fact.date_swapped", "2021-12-10"},
    {"contact.named", "2021-12-13T12:00", "exposed_from", "2021-10-12T12:00", "fact.date_swapped", "2021-12-10"},
    {"contact.confirmed", "2021-12-13T12:00", "exposed_until", "2021-10-12T12:00", "fact.date_swapped", "2021-12-10"},
    {"contact.unidentified", "2021-12-13T12:00", "exposed_from", "2021-12-20T12:00", "fact.date_future", NULL},
    {"person.absent", "2021-12-13T12:00", "since", "2021-11-30T12:00", NULL, NULL},
    // What is set lies ahead, and not far.
    {"order.issued", "2021-12-11T12:00", "until", "2021-12-25T12:00", NULL, NULL},
    {"order.issued", "2021-12-28T12:00", "until", "2022-11-01T12:00", "fact.date_swapped", "2022-01-11"},
    {"order.issued", "2021-12-28T12:00", "until", "2022-12-12T12:00", NULL, NULL},
    {"order.issued", "2021-12-11T12:00", "from", "2021-11-12T00:00", NULL, NULL},
    {"custody.given", "2021-12-11T12:00", "until", "2022-10-01T12:00", "fact.date_swapped", "2022-01-10"},
    {"task.assigned", "2021-12-11T12:00", "due", "2021-12-11T20:00", NULL, NULL},
    {"task.assigned", "2022-01-11T12:00", "due", "2022-12-01T12:00", "fact.date_swapped", "2022-01-12"},
    {"post.held", "2021-12-11T12:00", "until", "2021-12-12T08:00", NULL, NULL},
};
// clang-format on

static void what_else_tells_a_time_is_asked_about_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++) {
        const telling *one = &tellings[i];
        wf_fact fact = {.kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(one->kind))};
        weft_error said = {0};
        wf_iso_kind kind;
        assert_non_null(fact.kind);
        assert_true(wf_time_parse(wf_text_of(one->at), zone, &fact.at, &kind));
        say(&fact, one->field, one->said);
        bool doubts = wf_doubt_of(&fact, zone, &said);
        if (doubts != (one->code != NULL))
            fail_msg("telling %zu: %s", i, doubts ? said.code : "nothing is asked");
        if (!doubts)
            continue;
        assert_string_equal(said.code, one->code);
        assert_string_equal(said.field, one->field);
        if (one->other != NULL)
            assert_string_equal(said.params[1].value, one->other);
    }
}

// A kind of facts with a time in it is asked about, or stands here with a reason not to
// be.
static void no_kind_with_a_time_is_left_out(void **state)
{
    (void)state;
    static const char *const not_asked[] = {
        "token.issued", // by the machine's clock, and set by the service
        "look.made",    // when a pace or a limit was crossed; set by the service
    };
    const wf_kinds *kinds = wf_desk_kinds();
    for (size_t i = 0; i < kinds->kinds_count; i++) {
        const wf_kind *kind = kinds->kinds[i];
        bool has_time = false, asks = false;
        for (size_t j = 0; j < kind->fields_count; j++) {
            if (kind->fields[j].type != WF_COLUMN_TIME)
                continue;
            has_time = true;
            wf_fact fact = {.kind = kind};
            weft_error said;
            wf_iso_kind iso;
            assert_true(wf_time_parse(WF_TEXT("2021-12-28T12:00"), zone, &fact.at, &iso));
            say(&fact, kind->fields[j].name, "2021-10-12T12:00");
            asks = wf_doubt_of(&fact, zone, &said);
            say(&fact, kind->fields[j].name, "2022-11-01T12:00");
            asks = wf_doubt_of(&fact, zone, &said) || asks;
            if (asks)
                break;
        }
        for (size_t j = 0; j < sizeof not_asked / sizeof *not_asked; j++)
            asks = asks || strcmp(kind->name, not_asked[j]) == 0;
        if (has_time && !asks)
            fail_msg("%s is not asked about", kind->name);
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
        cmocka_unit_test(an_isolation_before_the_onset_is_asked_about),
        cmocka_unit_test(a_case_without_symptoms_that_has_them_is_asked_about),
        cmocka_unit_test(what_else_tells_a_time_is_asked_about_or_not),
        cmocka_unit_test(no_kind_with_a_time_is_left_out),
        cmocka_unit_test(other_kinds_are_not_asked_about),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
