// What is stated is seen as what is delivered: the same rows, gone when it is taken back,
// whichever engine keeps the rows.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/fact_city.h"
#include "support/postgres.h"
#include "support/skip.h"
#include "visits/visits.h"
#include "weft/lookup.h"

static test_postgres server;
static bool has_server;

static int start_server(void **state)
{
    (void)state;
    has_server = test_postgres_start(&server);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    if (has_server)
        test_postgres_stop(&server);
    return 0;
}

// ---- what a city says ----

typedef struct {
    char text[4096];
    size_t size;
} days;

// The lines of the days: "2021-12-09 HEX"; a day that has lost its rows has none.
static void keep_day(void *context, const weft_digest_line *line)
{
    days *all = context;
    bool is_day = line->name[0] >= '0' && line->name[0] <= '9';
    if (!is_day || (line->note[0] == '\0' && strspn(line->hex, "0") == strlen(line->hex)))
        return;
    int size = snprintf(all->text + all->size, sizeof all->text - all->size, "%s %s%s\n",
                        line->name, line->hex, line->note);
    assert_true(size > 0 && (size_t)size < sizeof all->text - all->size);
    all->size += (size_t)size;
}

static days days_of(fact_city *city)
{
    days all = {.size = 0};
    weft_error error = {0};
    fact_city_ok(weft_digest(city->city, keep_day, &all, &error), &error);
    return all;
}

static void import(fact_city *city, weft_import_kind kind, const char *text)
{
    weft_error error = {0};
    bytes_source source = {text, strlen(text), 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "test.csv", strlen(text)};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    fact_city_ok(weft_import(city->city, kind, &from, 1, &options, &summary, &error),
                 &error);
    assert_int_equal(summary.refused, 0);
}

static void state_line(fact_city *city, int64_t seq, const char *kind,
                       const char *instead_of, const char *body)
{
    fact_city_line(city, "S-1", seq, kind, fact_city_time(city, "2021-12-11 08:00"),
                   instead_of, body);
}

static weft_import_summary state(fact_city *city, int64_t seq, const char *kind,
                                 const char *instead_of, const char *body)
{
    state_line(city, seq, kind, instead_of, body);
    return fact_city_import(city);
}

// ---- rows ----

static const char delivered_visits[] =
    "person,place,start,end,seat,guessed\n"
    "P-1,R-1,2021-12-08 08:00:30,2021-12-08 09:00:01,,\n"  // minutes: down, and up
    "P-1,R-2,2021-12-08 22:00,2021-12-10 01:00,Table 3,\n" // over two midnights
    "P-2,R-1,2021-12-09 08:00,,,\n"                        // an end that is guessed
    "P-2,R-2,2021-12-09 10:00,2021-12-09 11:00,织,yes\n"   // one that says so
    "P-3,R-1,2021-12-09 12:00,2021-12-09 12:00,,no\n"      // a minute at least
    "P-3,R-1,2021-12-09 23:59,2021-12-10 00:00,,\n";       // up to midnight
static const char delivered_meetings[] =
    "a,b,start,end,setting\n"
    "P-2,P-1,2021-12-09 08:00:10.5,2021-12-09 08:00:11.2,lift\n"
    "P-1,P-3,2021-12-09 23:59:59,2021-12-10 00:00:01,\n";
static const char *const stated_bodies[] = {
    "\"person\":\"P-1\",\"place\":\"R-1\",\"start\":\"2021-12-08T08:00:30\","
    "\"end\":\"2021-12-08T09:00:01\"",
    "\"person\":\"P-1\",\"place\":\"R-2\",\"start\":\"2021-12-08T22:00\","
    "\"end\":\"2021-12-10T01:00\",\"seat\":\"Table 3\"",
    "\"person\":\"P-2\",\"place\":\"R-1\",\"start\":\"2021-12-09T08:00\"",
    "\"person\":\"P-2\",\"place\":\"R-2\",\"start\":\"2021-12-09T10:00\","
    "\"end\":\"2021-12-09T11:00\",\"seat\":\"织\",\"guessed\":true",
    "\"person\":\"P-3\",\"place\":\"R-1\",\"start\":\"2021-12-09T12:00\","
    "\"end\":\"2021-12-09T12:00\",\"guessed\":false",
    "\"person\":\"P-3\",\"place\":\"R-1\",\"start\":\"2021-12-09T23:59\","
    "\"end\":\"2021-12-10T00:00\"",
    "\"a\":\"P-2\",\"b\":\"P-1\",\"start\":\"2021-12-09T08:00:10.5\","
    "\"end\":\"2021-12-09T08:00:11.2\",\"setting\":\"lift\"",
    "\"a\":\"P-1\",\"b\":\"P-3\",\"start\":\"2021-12-09T23:59:59\","
    "\"end\":\"2021-12-10T00:00:01\"",
};
enum { stated_count = sizeof stated_bodies / sizeof *stated_bodies, visits_count = 6 };

static void state_all(fact_city *city)
{
    for (size_t i = 0; i < stated_count; i++)
        state_line(city, (int64_t)i + 1,
                   i < visits_count ? "visit.stated" : "encounter.named", "",
                   stated_bodies[i]);
    assert_int_equal(fact_city_import(city).accepted, stated_count);
}

static void what_is_stated_makes_the_rows_that_are_delivered(void **state)
{
    (void)state;
    fact_city one, other;
    fact_city_new(&one, NULL);
    fact_city_new(&other, NULL);
    import(&one, WEFT_IMPORT_VISITS, delivered_visits);
    import(&one, WEFT_IMPORT_ENCOUNTERS, delivered_meetings);
    state_all(&other);
    days first = days_of(&one), second = days_of(&other);
    assert_true(first.size > 200); // three days
    assert_string_equal(first.text, second.text);
    fact_city_reopen(&other);
    assert_string_equal(first.text, days_of(&other).text);
    fact_city_rebuild(&other);
    assert_string_equal(first.text, days_of(&other).text);
    fact_city_done(&one);
    fact_city_done(&other);
}

static void a_stay_that_nobody_believes_is_refused(void **unused)
{
    (void)unused;
    fact_city city;
    fact_city_new(&city, NULL);
    weft_import_summary summary =
        state(&city, 1, "visit.stated", "",
              "\"person\":\"P-1\",\"place\":\"R-1\",\"start\":\"2021-11-01T08:00\","
              "\"end\":\"2021-12-09T08:00\"");
    assert_int_equal(summary.refused, 1);
    assert_int_equal(days_of(&city).size, 0);
    fact_city_done(&city);
}

// ---- life ----

#define WITHDRAWS(seq) "\"device\":\"S-1\",\"seq\":" #seq ",\"reason\":\"mistake\""

static void take_back(fact_city *city, const char *delivered)
{
    days all, none = days_of(city);
    // A correction, and a withdrawal, that come before what they correct.
    state(city, 3, "visit.stated", ",\"instead_of\":{\"device\":\"S-1\",\"seq\":1}",
          stated_bodies[1]);
    all = days_of(city);
    assert_string_not_equal(all.text, none.text);
    state(city, 1, "visit.stated", "", stated_bodies[0]);
    assert_string_equal(days_of(city).text, all.text);
    // Withdrawn, the correction lets the first live again; that withdrawal withdrawn,
    // it does not.
    state(city, 4, "fact.withdrawn", "", WITHDRAWS(3));
    days first = days_of(city);
    assert_string_not_equal(first.text, all.text);
    state(city, 5, "fact.withdrawn", "", WITHDRAWS(4));
    assert_string_equal(days_of(city).text, all.text);
    fact_city_reopen(city);
    assert_string_equal(days_of(city).text, all.text);
    // All taken back: what was delivered of the same stays keeps its own.
    state(city, 6, "fact.withdrawn", "", WITHDRAWS(3));
    state(city, 7, "fact.withdrawn", "", WITHDRAWS(1));
    assert_string_equal(days_of(city).text, none.text);
    import(city, WEFT_IMPORT_VISITS, delivered);
    days alone = days_of(city);
    state(city, 8, "visit.stated", "", stated_bodies[0]);
    assert_string_not_equal(days_of(city).text, alone.text);
    state(city, 9, "fact.withdrawn", "", WITHDRAWS(8));
    assert_string_equal(days_of(city).text, alone.text);
    fact_city_rebuild(city);
    assert_string_equal(days_of(city).text, alone.text);
}

static void what_is_taken_back_leaves_every_answer(void **unused)
{
    (void)unused;
    fact_city city;
    fact_city_new(&city, NULL);
    take_back(&city, delivered_visits);
    fact_city_done(&city);
}

static void and_so_where_rows_are_kept_by_a_server(void **unused)
{
    (void)unused;
    if (!has_server)
        TEST_SKIP("PostgreSQL is not installed");
    fact_city city;
    test_address where = test_postgres_schema(&server);
    fact_city_new_at(&city, NULL, where.text);
    take_back(&city, delivered_visits);
    fact_city_done(&city);
}

// ---- answers ----

static bool see_stay(void *context, const weft_stay *row)
{
    wf_buffer *all = context;
    return wf_buffer_printf(all, "%s/%s%s ", row->person, row->seat,
                            row->end_guessed ? "?" : "");
}

static bool see_contact(void *context, const weft_plain_contact *row)
{
    return wf_buffer_printf(context, "%s:%lld ", row->person, (long long)row->seconds);
}

static void answers_see_what_is_stated(void **unused)
{
    (void)unused;
    fact_city city;
    weft_error error = {0};
    weft_lookup_summary summary;
    wf_buffer seen = {0};
    fact_city_new(&city, NULL);
    state_all(&city);
    const weft_time from = fact_city_time(&city, "2021-12-09 00:00");
    const weft_time to = fact_city_time(&city, "2021-12-10 00:00");
    const weft_who_query who = {.place = "R-2", .from = from, .to = to};
    fact_city_ok(weft_who(city.city, &who, see_stay, &seen, &summary, &error), &error);
    assert_true(wf_text_equal(wf_buffer_text(&seen), WF_TEXT("P-1/Table 3 P-2/织? ")));
    // An hour at R-2, and a second in the lift; a second with P-3.
    wf_buffer_clear(&seen);
    const weft_plain_query with = {
        .person = "P-1", .from = from, .to = to, .generations = 1};
    fact_city_ok(
        weft_contacts_plain(city.city, &with, see_contact, &seen, &summary, &error),
        &error);
    if (!wf_text_equal(wf_buffer_text(&seen), WF_TEXT("P-2:3602 P-3:1 ")))
        fail_msg("%.*s", (int)seen.size, seen.bytes);
    wf_buffer_done(&seen);
    fact_city_done(&city);
}

// ---- forgetting ----

static weft_purge_summary purge(fact_city *city, const char *before)
{
    weft_error error = {0};
    weft_purge_summary summary;
    weft_day day;
    assert_true(wf_day_parse(wf_text_of(before), &day));
    fact_city_ok(weft_purge(city->city, &day, &summary, &error), &error);
    return summary;
}

static void count_wrong(void *context, const weft_error *what)
{
    print_error("# %s\n", what->code);
    (*(size_t *)context)++;
}

static void both_books_forget_a_day(void **unused)
{
    (void)unused;
    fact_city city;
    size_t wrong = 0;
    weft_error error = {0};
    fact_city_new(&city, NULL);
    state_all(&city);
    state(&city, 20, "fact.withdrawn", "", WITHDRAWS(1));
    purge(&city, "2021-12-09");
    // The stay that began on the forgotten day went with it, also where it went on.
    fact_city fresh;
    fact_city_new(&fresh, NULL);
    for (size_t i = 2; i < stated_count; i++)
        state(&fresh, (int64_t)i + 1,
              i < visits_count ? "visit.stated" : "encounter.named", "",
              stated_bodies[i]);
    days left = days_of(&city), expected = days_of(&fresh);
    const char *rest = strstr(left.text, "2021-12-09");
    assert_non_null(rest);
    assert_string_equal(rest, expected.text);
    assert_non_null(strstr(left.text, "forgotten"));
    // Had, whatever it says; a new one is not taken.
    assert_int_equal(state(&city, 1, "visit.stated", "", stated_bodies[1]).had, 1);
    assert_int_equal(state(&city, 21, "visit.stated", "", stated_bodies[1]).refused, 1);
    fact_city_rebuild(&city);
    assert_string_equal(days_of(&city).text, left.text);
    fact_city_ok(weft_verify(city.city, count_wrong, &wrong, &error), &error);
    assert_int_equal(wrong, 0);
    fact_city_done(&city);
    fact_city_done(&fresh);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stated_makes_the_rows_that_are_delivered),
        cmocka_unit_test(a_stay_that_nobody_believes_is_refused),
        cmocka_unit_test(what_is_taken_back_leaves_every_answer),
        cmocka_unit_test(and_so_where_rows_are_kept_by_a_server),
        cmocka_unit_test(answers_see_what_is_stated),
        cmocka_unit_test(both_books_forget_a_day),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
