// A case goes by its own id and by others: lists that name it by any of them are of it,
// and where two cases go by one number nobody is guessed.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "load/case_numbers.h"
#include "support/made_city.h"

static made_city city;
static wf_buffer said; // "line field code;…" of rows that were taken and look wrong

static int begin(void **state)
{
    (void)state;
    made_city_new(&city);
    return 0;
}

static int end(void **state)
{
    (void)state;
    made_city_done(&city);
    wf_buffer_done(&said);
    said = (wf_buffer){0};
    return 0;
}

static void note_warning(void *context, const weft_error *warning)
{
    (void)context;
    assert_true(wf_buffer_printf(&said, "%u %s %s;", (unsigned)warning->line,
                                 warning->field, warning->code));
}

static void imports(weft_import_kind kind, const char *rows, unsigned accepted,
                    unsigned had, const char *warnings)
{
    const weft_import_options options = {.as_of = WEFT_TIME_NONE, .warned = note_warning};
    said.size = 0;
    assert_int_equal(made_import_bytes(&city, kind, wf_text_of(rows), &options), WEFT_OK);
    assert_int_equal(city.summary.accepted, accepted);
    assert_int_equal(city.summary.had, had);
    assert_true(wf_buffer_append(&said, "", 1));
    assert_string_equal(said.bytes, warnings);
}

#define CASES(rows) "case,reported,known_as,known_as_too\n" rows
#define CONTACTS(rows) "outbreak,level,confirmed,case,person\n" rows
#define CONTACT "O-1,close,2021-12-10,"

// "number>case" of what stands, or what is the matter with it.
static void is_named(const char *number, wf_case_named named, const char *of)
{
    wf_case_numbers *numbers = NULL;
    wf_text found;
    weft_error error = {0};
    assert_int_equal(wf_case_numbers_read(&city.import, &numbers, &error), WEFT_OK);
    assert_int_equal(wf_case_numbers_find(numbers, wf_text_of(number), &found), named);
    assert_true(wf_text_equal(found, wf_text_of(of)));
    wf_case_numbers_free(numbers);
}

typedef struct {
    const char *of;
    size_t case_at, person_at, confirmed_at, dismissed_at;
    wf_buffer rows;
} contacts;

static weft_status note_contact(void *context, const wf_value *values, weft_error *error)
{
    contacts *to = context;
    (void)error;
    wf_text of = values[to->case_at].text, who = values[to->person_at].text;
    bool over = values[to->dismissed_at].given &&
                values[to->dismissed_at].number >= values[to->confirmed_at].number;
    assert_true(wf_buffer_printf(&to->rows, "%.*s %.*s%s;", (int)of.size, of.bytes,
                                 (int)who.size, who.bytes, over ? " no more" : ""));
    return WEFT_OK;
}

// Rows come in the order of their keys, persons by their numbers.
static void has_contacts(const char *expected)
{
    const wf_table *table = wf_kinds_table(wf_desk_kinds(), WF_TEXT("contact"));
    contacts to = {.case_at = wf_table_column(table, WF_TEXT("case_id")),
                   .person_at = wf_table_column(table, WF_TEXT("person")),
                   .confirmed_at = wf_table_column(table, WF_TEXT("last_confirmed_at")),
                   .dismissed_at = wf_table_column(table, WF_TEXT("dismissed_at"))};
    wf_database *db = NULL;
    weft_error error = {0};
    assert_int_equal(wf_store_reader(city.records, &db, &error), WEFT_OK);
    assert_int_equal(wf_records_each(wf_store_records(city.records), db, table,
                                     note_contact, &to, &error),
                     WEFT_OK);
    wf_database_close(db);
    assert_true(wf_buffer_append(&to.rows, "", 1));
    assert_string_equal(to.rows.bytes, expected);
    wf_buffer_done(&to.rows);
}

static void a_list_names_a_case_by_any_of_its_numbers(void **state)
{
    (void)state;
    imports(WEFT_IMPORT_CASES, CASES("U-1,2021-12-09,E-1,X-1\nU-2,2021-12-09,,X-2\n"), 2,
            0, "");
    is_named("U-1", WF_CASE_OWN, "U-1");
    is_named("E-1", WF_CASE_OTHER, "U-1");
    is_named("X-2", WF_CASE_OTHER, "U-2");
    is_named("e-1", WF_CASE_UNKNOWN, "e-1");
    static const char rows[] = CONTACTS(CONTACT "E-1,P-1\n" CONTACT "U-1,P-1\n" CONTACT
                                                "X-2,P-2\n" CONTACT "E-9,P-3\n");
    // The second says the same of the same case.
    imports(WEFT_IMPORT_CONTACTS, rows, 3, 1, "5 case import.case_unknown;");
    has_contacts("E-9 P-3;U-1 P-1;U-2 P-2;");
    imports(WEFT_IMPORT_CONTACTS, rows, 0, 4, "");
}

// How many contacts the preview of a list of cases says to be waited for.
static void waits(const char *rows, unsigned expected)
{
    bytes_source file = {rows, strlen(rows), 0, 0, 0};
    const weft_import_source source = {bytes_source_read, &file, "list", strlen(rows)};
    const weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_preview preview;
    weft_error error = {0};
    wf_arena arena;
    wf_arena_init(&arena, 16 << 20);
    assert_int_equal(wf_import_preview(&city.import, WEFT_IMPORT_CASES, &source, &options,
                                       &arena, &preview, &error),
                     WEFT_OK);
    assert_int_equal(preview.waiting, expected);
    wf_arena_done(&arena);
}

static void contacts_that_wait_are_counted_over_all_rows(void **state)
{
    (void)state;
    static const char rows[] = CONTACTS(CONTACT "E-1,P-1\n" CONTACT "E-1,P-2\n" CONTACT
                                                "X-1,P-4\n" CONTACT "U-2,P-3\n");
    // U-2 is a case of its own: its contact waits for nobody.
    static const char cases[] = CASES("U-2,2021-12-09,,\nU-1,2021-12-09,E-1,X-1\n"
                                      "U-3,2021-12-09,E-1,U-2\n");
    waits(cases, 0);
    imports(WEFT_IMPORT_CONTACTS, rows, 4, 0,
            "2 case import.case_unknown;3 case import.case_unknown;"
            "4 case import.case_unknown;5 case import.case_unknown;");
    waits(cases, 3);
    static const char one[] = CASES("U-1,2021-12-09,E-1,X-1\n");
    imports(WEFT_IMPORT_CASES, one, 1, 0, "2 known_as case.contacts_wait;");
    waits(one, 3);
    imports(WEFT_IMPORT_CONTACTS, rows, 3, 1, "");
    waits(one, 0);
}

static void contacts_that_come_first_join_when_their_list_comes_again(void **state)
{
    (void)state;
    static const char rows[] = CONTACTS(CONTACT "E-1,P-1\n" CONTACT "U-2,P-2\n");
    static const char cases[] =
        CASES("U-1,2021-12-09,E-1,\nU-2,2021-12-09,,\nU-3,2021-12-09,E-1x,\n");
    imports(WEFT_IMPORT_CONTACTS, rows, 2, 0,
            "2 case import.case_unknown;3 case import.case_unknown;");
    imports(WEFT_IMPORT_CASES, cases, 3, 0, "2 known_as case.contacts_wait;");
    has_contacts("E-1 P-1;U-2 P-2;");
    imports(WEFT_IMPORT_CONTACTS, rows, 1, 1, "");
    has_contacts("E-1 P-1 no more;U-1 P-1;U-2 P-2;");
    imports(WEFT_IMPORT_CONTACTS, rows, 0, 2, "");
    // Nobody waits any more.
    imports(WEFT_IMPORT_CASES, cases, 0, 3, "");
}

static void a_number_of_two_cases_is_nobodys(void **state)
{
    (void)state;
    imports(WEFT_IMPORT_CASES,
            CASES("U-1,2021-12-09,E-1,U-1\nU-2,2021-12-09,,E-1\nU-3,2021-12-09,U-1,\n"
                  "U-4,2021-12-09,E-1,\n"),
            4, 0,
            "3 known_as_too case.number_shared;4 known_as case.number_shared;"
            "5 known_as case.number_shared;");
    is_named("E-1", WF_CASE_SEVERAL, "E-1");
    is_named("U-1", WF_CASE_SHARED, "U-1");
    imports(WEFT_IMPORT_CONTACTS,
            CONTACTS(CONTACT "E-1,P-1\n" CONTACT "U-1,P-2\n" CONTACT "U-2,P-3\n"), 2, 0,
            "3 case import.case_shared;");
    assert_int_equal(city.refused_count, 1);
    assert_string_equal(city.refused[0].code, "import.case_several");
    assert_string_equal(city.refused[0].field, "case");
    has_contacts("U-1 P-2;U-2 P-3;");
}

static void previews(const char *rows, bool join, unsigned joinable, unsigned warned)
{
    bytes_source file = {rows, strlen(rows), 0, 0, 0};
    const weft_import_source source = {bytes_source_read, &file, "list", strlen(rows)};
    const weft_import_options options = {.as_of = WEFT_TIME_NONE, .join_cases = join};
    weft_preview preview;
    weft_error error = {0};
    wf_arena arena;
    wf_arena_init(&arena, 16 << 20);
    assert_int_equal(wf_import_preview(&city.import, WEFT_IMPORT_CASES, &source, &options,
                                       &arena, &preview, &error),
                     WEFT_OK);
    assert_int_equal(preview.joinable, joinable);
    assert_int_equal(preview.warned, warned);
    assert_int_equal(preview.joins, join);
    wf_arena_done(&arena);
}

typedef struct {
    size_t case_at, person_at, onset_at;
    wf_buffer rows;
} case_rows;

static weft_status note_case(void *context, const wf_value *values, weft_error *error)
{
    case_rows *to = context;
    (void)error;
    wf_text of = values[to->case_at].text, who = values[to->person_at].text;
    assert_true(wf_buffer_printf(&to->rows, "%.*s %.*s%s;", (int)of.size, of.bytes,
                                 (int)who.size, who.bytes,
                                 values[to->onset_at].given ? " onset" : ""));
    return WEFT_OK;
}

static void has_cases(const char *expected)
{
    const wf_table *table = wf_kinds_table(wf_desk_kinds(), WF_TEXT("cases"));
    case_rows to = {.case_at = wf_table_column(table, WF_TEXT("case_id")),
                    .person_at = wf_table_column(table, WF_TEXT("person")),
                    .onset_at = wf_table_column(table, WF_TEXT("onset"))};
    wf_database *db = NULL;
    weft_error error = {0};
    assert_int_equal(wf_store_reader(city.records, &db, &error), WEFT_OK);
    assert_int_equal(wf_records_each(wf_store_records(city.records), db, table, note_case,
                                     &to, &error),
                     WEFT_OK);
    wf_database_close(db);
    assert_true(wf_buffer_append(&to.rows, "", 1));
    assert_string_equal(to.rows.bytes, expected);
    wf_buffer_done(&to.rows);
}

// A line list that knows cases by the other number: before anything is stored it is said
// how many rows would be second cases, of all of them, and joined where that is asked.
static void a_line_list_after_a_detailed_list_can_be_joined(void **state)
{
    (void)state;
    wf_buffer detailed = {0}, list = {0}, joined = {0};
    enum { count = 30 }; // more than a preview shows, and than an import says
    assert_true(wf_buffer_printf(&detailed, "case,person,reported,known_as\n"));
    assert_true(wf_buffer_printf(&list, "case,person,reported,onset\n"));
    for (unsigned i = 10; i < 10 + count; i++) {
        assert_true(wf_buffer_printf(&detailed, "U-%u,P-%u,2021-12-09,E-%u\n", i, i, i));
        assert_true(wf_buffer_printf(&list, "E-%u,E-%u,2021-12-09,2021-12-08\n", i, i));
        assert_true(wf_buffer_printf(&joined, "U-%u P-%u onset;", i, i));
    }
    assert_true(wf_buffer_printf(&list, "E-9,E-9,2021-12-09,\n"));
    assert_true(wf_buffer_append(&list, "", 1) && wf_buffer_append(&detailed, "", 1));
    imports(WEFT_IMPORT_CASES, detailed.bytes, count, 0, "");
    previews(list.bytes, false, count, count);
    previews(list.bytes, true, count, 0);
    const weft_import_options join = {.as_of = made_time(&city.store, "2021-12-13 08:00"),
                                      .join_cases = true};
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_CASES, wf_text_of(list.bytes), &join),
        WEFT_OK);
    assert_int_equal(city.summary.accepted, count + 1);
    assert_int_equal(city.summary.warned, 0);
    wf_buffer all = {0};
    assert_true(wf_buffer_printf(&all, "E-9 E-9;%.*s", (int)joined.size, joined.bytes));
    assert_true(wf_buffer_append(&all, "", 1));
    has_cases(all.bytes);
    wf_buffer_done(&all);
    wf_buffer_done(&joined);
    wf_buffer_done(&list);
    wf_buffer_done(&detailed);
}

// Nobody is joined whom nobody asked to join: it is said, and a second case.
static void a_second_case_is_said(void **state)
{
    (void)state;
    imports(WEFT_IMPORT_CASES,
            CASES("U-1,2021-12-09,E-1,\nU-2,2021-12-09,E-2,E-3\n"
                  "U-3,2021-12-09,E-3,\n"),
            3, 0, "4 known_as case.number_shared;");
    // E-3 is of two cases: nobody says which one is meant.
    previews(CASES("E-1,2021-12-09,,\nE-3,2021-12-09,,\n"), true, 1, 1);
    imports(WEFT_IMPORT_CASES, CASES("E-1,2021-12-09,,\nE-3,2021-12-09,,\n"), 2, 0,
            "2 case case.number_second;3 case case.number_shared;");
    is_named("E-1", WF_CASE_SHARED, "E-1");
}

static void a_number_that_was_wrong_is_let_go_of(void **state)
{
    (void)state;
    imports(WEFT_IMPORT_CASES, CASES("U-1,2021-12-09,E-2,\n"), 1, 0, "");
    const weft_import_options later = {.as_of =
                                           made_time(&city.store, "2021-12-13 08:00")};
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_CASES,
                          WF_TEXT(CASES("U-1,2021-12-09,E-1,\nU-2,2021-12-09,E-2,\n")),
                          &later),
        WEFT_OK);
    assert_int_equal(city.summary.warned, 0);
    is_named("E-2", WF_CASE_OTHER, "U-2");
    is_named("E-1", WF_CASE_OTHER, "U-1");
    // A file that does not say them takes none away.
    imports(WEFT_IMPORT_CASES, "case,onset\nU-1,2021-12-08\n", 1, 0, "");
    is_named("E-1", WF_CASE_OTHER, "U-1");
}

// A file that gives a number to every one of its cases is read as fast as another.
static void many_cases_of_one_number_are_two(void **state)
{
    (void)state;
    wf_buffer rows = {0};
    enum { count = 20000 };
    assert_true(wf_buffer_printf(&rows, "case,known_as\n"));
    for (unsigned i = 0; i < count; i++)
        assert_true(wf_buffer_printf(&rows, "U-%u,E-1\n", i));
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_CASES, wf_buffer_text(&rows), NULL),
        WEFT_OK);
    assert_int_equal(city.summary.accepted, count);
    assert_int_equal(city.summary.warned, count - 1);
    is_named("E-1", WF_CASE_SEVERAL, "E-1");
    wf_buffer_done(&rows);
}

int main(void)
{
#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_CITY(a_list_names_a_case_by_any_of_its_numbers),
        IN_CITY(contacts_that_wait_are_counted_over_all_rows),
        IN_CITY(contacts_that_come_first_join_when_their_list_comes_again),
        IN_CITY(a_number_of_two_cases_is_nobodys),
        IN_CITY(a_line_list_after_a_detailed_list_can_be_joined),
        IN_CITY(a_second_case_is_said),
        IN_CITY(a_number_that_was_wrong_is_let_go_of),
        IN_CITY(many_cases_of_one_number_are_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
