// Uploads go on beside posts: what one slice, one book and one commit make of them.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/beside_city.h"

static made_city city;
static beside by;

static int begin(void **state)
{
    (void)state;
    by = (beside){0};
    made_city_new(&city);
    beside_bind(&by, &city);
    return 0;
}

static int end(void **state)
{
    (void)state;
    made_city_done(&city);
    return 0;
}

static uint64_t applied(void)
{
    return wf_records_applied_upto(wf_store_records(city.records));
}

static uint64_t in_ledger(void)
{
    return wf_ledger_now(wf_store_ledger(city.records)).positions;
}

static void apply(size_t facts)
{
    weft_error error = {0};
    if (wf_store_apply(city.records, facts, &error) != WEFT_OK)
        fail_msg("%s", error.code);
}

// ---- one slice ----

enum { people = 20000, few = 100 };

static unsigned slices, pauses;
static uint64_t largest;

static void note_slice(void *context, wf_entry *const *entries, size_t count)
{
    (void)context;
    (void)entries;
    slices++;
    largest = count > largest ? count : largest;
}

static void note_pause(void *context)
{
    (void)context;
    pauses++;
}

// Slices are of 100 facts here and of 16,384 at the most: that of an upload has all of
// its rows, whatever stands before and behind it; and posts go between its steps.
static void rows_of_an_upload_come_at_once(void **state)
{
    (void)state;
    wf_buffer text = {0};
    slices = pauses = 0;
    largest = 0;
    assert_true(wf_buffer_printf(&text, "person,name\n"));
    for (unsigned i = 0; i < people; i++)
        assert_true(wf_buffer_printf(&text, "P-%u,Invented\n", i));
    for (unsigned i = 0; i < 2 * few; i++)
        assert_int_equal(beside_post(&by), WEFT_OK);
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_PERSONS, wf_buffer_text(&text), NULL),
        WEFT_OK);
    wf_buffer_done(&text);
    assert_int_equal(city.summary.accepted, people);
    for (unsigned i = 0; i < 2 * few; i++)
        assert_int_equal(beside_post(&by), WEFT_OK);
    wf_store_on_applied(city.records, note_slice, NULL);
    wf_store_on_pause(city.records, note_pause, NULL);
    assert_int_equal(applied(), 0);
    while (applied() < in_ledger()) {
        uint64_t before = applied();
        apply(few);
        // The steps of its posts stand before it: 200 and the one of each step.
        bool is_whole = before < 2 * few + 2 + people && applied() > 2 * few + 2;
        assert_true(applied() - before <= few || is_whole);
        assert_true(!is_whole || applied() >= 2 * few + 2 + people);
    }
    assert_true(largest >= people && largest < people + 2 * few);
    assert_true(slices < 10);
    assert_true(pauses > people / 1024);
    wf_store_on_applied(city.records, NULL, NULL);
    wf_store_on_pause(city.records, NULL, NULL);
}

// ---- numbers ----

static void send(wf_fact *fact)
{
    wf_verdict verdict;
    weft_error error = {0};
    assert_int_equal(
        wf_store_send(city.records, fact, 1, city.import.now, &verdict, &error), WEFT_OK);
    assert_int_equal(verdict.sent, WF_SENT_ACCEPTED);
}

static int64_t persons(void)
{
    wf_database *db = NULL;
    weft_error error = {0};
    int64_t count = 0;
    assert_int_equal(wf_store_reader(city.records, &db, &error), WEFT_OK);
    assert_int_equal(
        wf_database_number(db, "SELECT count(*) FROM \"person\"", 0, &count, &error),
        WEFT_OK);
    wf_database_close(db);
    return count;
}

// Whoever withdrew a number before anybody had it does not take a row away with it.
static void a_number_that_was_withdrawn_beforehand_is_passed_over(void **state)
{
    (void)state;
    wf_fact fact = {.id = {WF_TEXT("L-1"), 1},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("fact.withdrawn")),
                    .at = city.import.now,
                    .amends = {WF_TEXT("import/persons"), 2}};
    fact.values[0] = (wf_value){.given = true, .text = fact.amends.device};
    fact.values[1] = (wf_value){.given = true, .number = fact.amends.seq};
    fact.values[2] = (wf_value){.given = true, .text = WF_TEXT("a mistake")};
    send(&fact);
    apply(0);
    assert_int_equal(
        made_import(&city, WEFT_IMPORT_PERSONS, "person,name\nP-1,A\nP-2,B\nP-3,C\n"),
        WEFT_OK);
    assert_int_equal(city.summary.accepted, 3);
    apply(0);
    assert_int_equal(persons(), 3);
    const wf_senders *books = wf_store_senders(city.records);
    const wf_identity passed = {WF_TEXT("import/persons"), 2};
    assert_int_equal(wf_senders_state(books, passed), WF_SEQ_REFUSED);
    assert_int_equal(wf_senders_next(books, passed.device), 5);
}

// Somebody sends under the upload's name while it is made ready: it takes other numbers.
static void numbers_that_others_take_meanwhile_are_left_to_them(void **state)
{
    (void)state;
    by.device = "import/persons";
    assert_int_equal(
        made_import(&city, WEFT_IMPORT_PERSONS, "person,name\nP-1,A\nP-2,B\n"), WEFT_OK);
    assert_int_equal(city.summary.accepted, 2);
    assert_int_equal(by.posted, 2);
    apply(0);
    assert_int_equal(persons(), 2);
    assert_int_equal(in_ledger(), 4);
    weft_error error = {0};
    assert_int_equal(wf_store_rebuild(city.records, NULL, NULL, &error), WEFT_OK);
    assert_int_equal(persons(), 2);
}

// ---- one id ----

// Of the rows of one id each is judged by those before it, however many there are.
static void rows_of_one_id_are_judged_one_after_the_other(void **state)
{
    (void)state;
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS,
                                 "person,name,sex\nP-1,A,\nP-2,B,\nP-1,A,\nP-1,C,female\n"
                                 "P-2,B,male\nP-1,,female\nP-1,C,\n"),
                     WEFT_OK);
    assert_int_equal(city.summary.accepted, 4);
    assert_int_equal(city.summary.had, 3);
    apply(0);
    assert_int_equal(persons(), 2);
    assert_int_equal(in_ledger(), 4 + (uint64_t)by.posted);
}

static void an_upload_without_news_is_no_commit(void **state)
{
    (void)state;
    static const char text[] = "person,name\nP-1,A\n";
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS, text), WEFT_OK);
    apply(0);
    uint64_t before = in_ledger() - (uint64_t)by.posted;
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS, text), WEFT_OK);
    assert_int_equal(city.summary.had, 1);
    assert_int_equal(in_ledger() - (uint64_t)by.posted, before);
    assert_int_equal(made_import(&city, WEFT_IMPORT_PERSONS, "person,name\n"), WEFT_OK);
    assert_int_equal(city.summary.rows, 0);
    assert_int_equal(in_ledger() - (uint64_t)by.posted, before);
}

// ---- lists whose rows become facts ----

// Whoever judges a row by who sends it is asked beside posts, one after each row.
static weft_status post_meanwhile(void *context, const wf_fact *fact,
                                  const char **ret_code, const char **ret_field,
                                  weft_error *error)
{
    (void)error;
    if (wf_text_equal(fact->values[1].text, WF_TEXT("P-elsewhere"))) {
        *ret_code = "access.elsewhere";
        *ret_field = "person";
    }
    return beside_post(context);
}

static uint64_t commits(void)
{
    return wf_ledger_now(wf_store_ledger(city.records)).commits;
}

static void a_list_is_judged_between_posts_and_is_one_commit(void **state)
{
    (void)state;
    static const char text[] =
        "case,person,outbreak,level,confirmed,reached,reached_by\n"
        "C-1,P-1,O-1,close,2021-12-10 08:00,2021-12-11 08:00,phone\n"
        "C-1,P-elsewhere,O-1,close,2021-12-10 08:00,,\n"
        "C-1,P-2,O-1,secondary,2021-12-09 08:00,,\n"
        "C-1,P-1,O-1,close,2021-12-10 08:00,2021-12-11 08:00,phone\n";
    city.import.may = post_meanwhile;
    city.import.may_context = &by;
    assert_int_equal(made_import(&city, WEFT_IMPORT_CONTACTS, text), WEFT_OK);
    assert_int_equal(city.summary.accepted, 2);
    assert_int_equal(city.summary.had, 1);
    assert_int_equal(city.summary.refused, 1);
    assert_int_equal(by.refused, 0);
    // A post a fact that was judged and a step; of the list one commit more.
    assert_true(by.posted >= 4 + 3);
    assert_int_equal(commits(), (uint64_t)by.posted + 1);
    assert_int_equal(in_ledger(), (uint64_t)by.posted + 3);
    apply(0);
    assert_int_equal(made_import(&city, WEFT_IMPORT_CONTACTS, text), WEFT_OK);
    assert_int_equal(city.summary.had, 3);
    assert_int_equal(in_ledger(), (uint64_t)by.posted + 3);
}

static int64_t contacts(void)
{
    wf_database *db = NULL;
    weft_error error = {0};
    int64_t count = 0;
    assert_int_equal(wf_store_reader(city.records, &db, &error), WEFT_OK);
    assert_int_equal(
        wf_database_number(db, "SELECT count(*) FROM \"contact\"", 0, &count, &error),
        WEFT_OK);
    wf_database_close(db);
    return count;
}

// Of a row of several facts that has one which is not taken none is.
static void a_row_with_a_fact_that_is_not_taken_leaves_nothing(void **state)
{
    (void)state;
    city.import.clocked = true;
    assert_int_equal(made_import(&city, WEFT_IMPORT_CONTACTS,
                                 "case,person,outbreak,level,reached,reached_by\n"
                                 "C-1,P-1,O-1,close,2021-12-12 18:00,phone\n"
                                 "C-1,P-2,O-1,close,2021-12-11 18:00,phone\n"),
                     WEFT_OK);
    assert_int_equal(city.summary.accepted, 1);
    assert_int_equal(city.summary.refused, 1);
    apply(0);
    assert_int_equal(contacts(), 1);
    assert_int_equal(in_ledger(), 2 + (uint64_t)by.posted);
}

static void a_list_leaves_others_the_numbers_they_took(void **state)
{
    (void)state;
    by.device = "import/contacts";
    assert_int_equal(
        made_import(&city, WEFT_IMPORT_CONTACTS,
                    "case,person,outbreak,level\nC-1,P-1,O-1,close\nC-1,P-2,O-1,close\n"),
        WEFT_OK);
    assert_int_equal(city.summary.accepted, 2);
    assert_int_equal(by.posted, 3);
    apply(0);
    assert_int_equal(contacts(), 2);
    weft_error error = {0};
    assert_int_equal(wf_store_rebuild(city.records, NULL, NULL, &error), WEFT_OK);
    assert_int_equal(contacts(), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(rows_of_an_upload_come_at_once),
        TEST(a_number_that_was_withdrawn_beforehand_is_passed_over),
        TEST(numbers_that_others_take_meanwhile_are_left_to_them),
        TEST(rows_of_one_id_are_judged_one_after_the_other),
        TEST(an_upload_without_news_is_no_commit),
        TEST(a_list_is_judged_between_posts_and_is_one_commit),
        TEST(a_row_with_a_fact_that_is_not_taken_leaves_nothing),
        TEST(a_list_leaves_others_the_numbers_they_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
