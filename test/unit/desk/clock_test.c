// The clock of a case and of its outbreak, as a command centre reads it; and the views of
// cases and contacts, which say the same on both engines.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "support/desk_followers.h"
#include "support/edition.h"
#include "support/made_city.h"
#include "support/protocol_number.h"
#include "support/server.h"

#define FACT(seq, kind, at, body)                                                        \
    "{\"device\":\"I-1\",\"seq\":" #seq ",\"kind\":\"" kind "\",\"at\":\"2021-12-" at    \
    ":00+08:00\",\"body\":{" body "}}\n"
#define CONTACT(person)                                                                  \
    "\"case\":\"C-1\",\"person\":\"" person                                              \
    "\",\"outbreak\":\"O-1\",\"level\":\"close\","                                       \
    "\"judgement\":\"they met\""
#define FOLLOW(person) "\"outbreak\":\"O-1\",\"person\":\"" person "\""

// A case that was reported three hours after its result; two contacts, of whom one is
// placed an hour late and the other was never reached; a third is one of two cases.
static const char facts[] = FACT(
    1, "case.reported", "11T08:00",
    "\"case\":\"C-1\",\"person\":\"P-1\",\"outbreak\":\"O-1\",\"onset\":"
    "\"2021-12-09T08:00:00+08:00\",\"tube\":\"T-1\"")
    FACT(2, "sample.collected", "10T20:00", "\"tube\":\"T-1\",\"person\":\"P-1\"") FACT(
        3, "tube.resulted", "11T05:00", "\"tube\":\"T-1\",\"result\":\"positive\"")
        FACT(4, "case.investigated", "11T09:00",
             "\"case\":\"C-1\",\"milestone\":\"first_facts\"")
            FACT(5, "case.investigated", "11T13:00",
                 "\"case\":\"C-1\",\"milestone\":\"core_report\"")
                FACT(6, "contact.confirmed", "11T10:00", CONTACT("P-2")) FACT(
                    7, "contact.confirmed", "11T10:00",
                    CONTACT("P-3")) FACT(8, "contact.reached", "11T11:00",
                                         FOLLOW("P-2") ",\"how\":\"phone\"")
                    FACT(9, "contact.placed", "11T23:00",
                         FOLLOW("P-2") ",\"where\":\"site\"")
                        FACT(10, "case.isolated", "11T09:30", "\"case\":\"C-1\"")
                            FACT(11, "case.reported", "11T12:00",
                                 "\"case\":\"C-2\",\"outbreak\":\"O-1\"")
                                FACT(12, "contact.confirmed", "11T12:00",
                                     "\"case\":\"C-2\",\"person\":\"P-2\",\"outbreak\":"
                                     "\"O-1\",\"level\":\"close\",\"judgement\":\"too\"")
                                    FACT(13, "case.reported", "11T12:00",
                                         "\"case\":\"C-3\",\"outbreak\":\"O-1\","
                                         "\"classification\":\"not_a_case\"");

// The second case is the contact who was not reached.
#define CONTACT_IS_CASE                                                                  \
    FACT(16, "case.reported", "11T12:00",                                                \
         "\"case\":\"C-2\",\"person\":\"P-3\",\"outbreak\":\"O-1\"")

// "case step state in_time late overdue pending unknown spent_h took_h".
static const struct {
    const char *name, *case_id, *now, *says;
} stories[] = {
    {"at breakfast the day after, what is due is judged, and the rest is pending", "C-1",
     "2021-12-12 06:00",
     "onset no_deadline 0 0 0 0 0 - -\n"
     "first_care no_deadline 0 0 0 0 0 - -\n"
     "sampled no_deadline 0 0 0 0 0 36 -\n"
     "resulted met 1 0 0 0 0 9 9\n"
     "reported late 0 1 0 0 0 3 3\n"
     "first_facts met 1 0 0 0 0 1 1\n"
     "core_report late 0 1 0 0 0 3 5\n"
     "contacts_listed met 1 0 0 0 0 1 2\n"
     "full_report pending 0 0 0 1 0 - -\n"
     "interviewed pending 0 0 0 1 0 - -\n"
     "isolated met 1 0 0 0 0 - 1.5\n"
     "treated pending 0 0 0 1 0 - -\n"
     "contacts_reached pending 0 0 0 2 0 - 1\n"
     "contacts_placed overdue 0 1 1 0 0 - 13\n"
     "contacts_tested pending 0 0 0 1 0 - -\n"},
    {"a contact of two cases counts once in the outbreak, and in time stands beside what "
     "is "
     "not",
     "", "2021-12-12 20:00",
     "onset no_deadline 0 0 0 0 0 - -\n"
     "first_care no_deadline 0 0 0 0 0 - -\n"
     "sampled no_deadline 0 0 0 0 0 36 -\n"
     "resulted met 1 0 0 0 1 9 9\n"
     "reported late 0 1 0 0 1 3 3\n"
     "first_facts overdue 1 0 1 0 0 1 1\n"
     "core_report overdue 0 1 1 0 0 3 5\n"
     "contacts_listed met 2 0 0 0 0 0 0\n"
     "full_report overdue 0 0 2 0 0 - -\n"
     "interviewed overdue 0 0 2 0 0 - -\n"
     "isolated overdue 1 0 1 0 0 - 1.5\n"
     "treated overdue 0 0 2 0 0 - -\n"
     "contacts_reached overdue 1 0 1 0 0 - 1\n"
     "contacts_placed overdue 0 1 1 0 0 - 13\n"
     "contacts_tested pending 0 0 0 1 0 - -\n"
     "detected_7 met 0 0 0 1 0 - 45\n"
     "notified_1 met 1 0 0 0 0 - 3\n"
     "responded_7 pending 0 0 0 1 0 - -\n"},
    {"what was found to be none has no clock", "C-3", "2021-12-12 06:00", ""},
};

typedef struct {
    made_city city;
    wf_arena arena;
    const wf_protocol *protocol;
    wf_views *views;
    wf_view_computed computed[4]; // of tracing
    desk_followers followers;
} desk;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static bool is_ours(const wf_sql_text *text)
{
    return strncmp(text->name, "cases/", 6) == 0 ||
           strncmp(text->name, "tracing/", 8) == 0;
}

static void begin(desk *of, const char *where)
{
    weft_error error = {0};
    wf_sql_text texts[32];
    size_t count, ours = 0, computed_count, computed = 0;
    *of = (desk){.city.where = where};
    desk_followers_begin(&of->followers, &of->city);
    made_city_make(&of->city);
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, facts), &of->city.error);
    assert_int_equal(of->city.summary.refused, 0);
    const wf_sql_text *all = wf_desk_views(&count);
    for (size_t i = 0; i < count; i++)
        if (is_ours(&all[i]))
            texts[ours++] = all[i];
    const wf_view_computed *functions = wf_desk_computed(&computed_count);
    for (size_t i = 0; i < computed_count; i++)
        if (strncmp(functions[i].name, "tracing/", 8) == 0)
            of->computed[computed++] = functions[i];
    of->protocol = edition_load("nhc-covid-8", &of->arena);
    wf_views_options options = {.protocol = of->protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .zone = of->city.store.zone,
                                .texts = texts,
                                .texts_count = ours,
                                .computed = of->computed,
                                .computed_count = computed};
    ok(wf_views_open(&options, &of->views, &error), &error);
}

static void end(desk *of)
{
    wf_views_close(of->views);
    made_city_done(&of->city);
    desk_followers_end(&of->followers);
    wf_arena_done(&of->arena);
}

static size_t column_of(const wf_view *view, const char *name)
{
    const wf_sql_file *file = wf_view_file(view);
    for (size_t i = 0; i < file->columns_count; i++)
        if (strcmp(file->columns[i].name, name) == 0)
            return i;
    fail_msg("there is no column %s", name);
    return SIZE_MAX;
}

static void put_hours(wf_buffer *to, const wf_value *value)
{
    if (value->given)
        assert_true(
            wf_buffer_printf(to, " %g", (double)value->number / 3600 / WF_US_PER_S));
    else
        assert_true(wf_buffer_append(to, " -", 2));
}

static void read_clock(desk *of, const char *case_id, const char *now, wf_buffer *to)
{
    static const char *const counts[] = {"in_time", "late", "overdue", "pending",
                                         "unknown"};
    weft_error error = {0};
    wf_view_page page = {0};
    wf_view *view = wf_views_find(of->views, WF_TEXT("tracing/clock"));
    wf_value filters[4] = {{.given = false},
                           {.given = true, .text = wf_text_of(case_id)}};
    wf_view_question asked = {
        .filters = filters, .limit = 1000, .now = made_time(&of->city.store, now)};
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        wf_text name = row[column_of(view, "step")].text;
        wf_text state = row[column_of(view, "state")].text;
        assert_true(wf_buffer_printf(to, "%.*s %.*s", (int)name.size, name.bytes,
                                     (int)state.size, state.bytes));
        for (size_t k = 0; k < 5; k++)
            assert_true(wf_buffer_printf(
                to, " %lld", (long long)row[column_of(view, counts[k])].number));
        put_hours(to, &row[column_of(view, "spent_us")]);
        put_hours(to, &row[column_of(view, "took_us")]);
        assert_true(wf_buffer_append(to, "\n", 1));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

static void tell_all(desk *of, const char *engine)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        wf_buffer said = {0};
        read_clock(of, stories[i].case_id, stories[i].now, &said);
        if (strcmp(said.bytes, stories[i].says) != 0)
            fail_msg("%s, %s:\n%sinstead of\n%s", engine, stories[i].name, said.bytes,
                     stories[i].says);
        wf_buffer_done(&said);
    }
}

// The columns that are named, a line a row.
static void read_words(desk *of, const char *name, const char *const *columns,
                       wf_buffer *to)
{
    weft_error error = {0};
    wf_view_page page = {0};
    wf_value filters[WF_SQL_LIST_MAX] = {0};
    wf_view *view = wf_views_find(of->views, wf_text_of(name));
    wf_view_question asked = {.filters = filters,
                              .limit = 1000,
                              .now = made_time(&of->city.store, "2021-12-12 06:00")};
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    for (size_t i = 0; i < page.rows_count; i++) {
        for (size_t k = 0; columns[k] != NULL; k++) {
            size_t at = column_of(view, columns[k]);
            const wf_value *value = &page.values[i * page.columns_count + at];
            if (value->text.size > 0)
                assert_true(wf_buffer_printf(to, "%.*s ", (int)value->text.size,
                                             value->text.bytes));
            else if (value->given)
                assert_true(wf_buffer_printf(to, "%lld ", (long long)value->number));
            else
                assert_true(wf_buffer_append(to, "- ", 2));
        }
        assert_true(wf_buffer_append(to, "\n", 1));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

static void check_risk(desk *of)
{
    wf_buffer found = {0}, parts = {0};
    read_words(of, "cases/found",
               (const char *const[]){"case_id", "category", "linked", NULL}, &found);
    assert_string_equal(found.bytes, "C-1 unknown 0 \nC-2 named_contact 1 \n");
    read_words(of, "tracing/bottomed_out",
               (const char *const[]){"part", "holds", "open", NULL}, &parts);
    assert_string_equal(parts.bytes, "contacts_judged 1 0 \n"
                                     "contacts_placed 1 0 \n"
                                     "contacts_reached 1 0 \n"
                                     "contacts_tested 0 1 \n"
                                     "data_days_complete 1 0 \n"
                                     "letters_answered 1 0 \n"
                                     "no_community_find 0 1 \n"
                                     "no_unlinked_case 0 1 \n"
                                     "nobody_unidentified 1 0 \n"
                                     "round_explained - 0 \n");
    wf_buffer_done(&found);
    wf_buffer_done(&parts);
}

static void the_risk_is_told_part_by_part(void **state)
{
    (void)state;
    // P-3 is in the place of isolation before being found: the chain was held there. Of
    // what was found to be no case nobody is a contact.
    static const char placed[] =
        FACT(14, "contact.placed", "11T11:00", FOLLOW("P-3") ",\"where\":\"site\"")
            FACT(15, "contact.named", "11T11:00",
                 "\"case\":\"C-3\",\"person\":\"P-9\",\"outbreak\":\"O-1\",\"how\":"
                 "\"interview\"") CONTACT_IS_CASE;
    desk here;
    begin(&here, NULL);
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, placed), &here.city.error);
    check_risk(&here);
    end(&here);
}

#define SWAB(seq, at, tube, round, person)                                               \
    FACT(seq, "sample.collected", at,                                                    \
         "\"tube\":\"" tube "\",\"round\":\"" round "\",\"person\":\"" person "\"")
#define RESULT(seq, at, tube, result)                                                    \
    FACT(seq, "tube.resulted", at, "\"tube\":\"" tube "\",\"result\":\"" result "\"")
#define ILL(seq, case, more)                                                             \
    FACT(seq, "case.reported", "12T05:00",                                               \
         "\"case\":\"" case "\",\"outbreak\":\"O-1\",\"source\":\"screening\"," more)

// Two rounds. Of the last: a pool of nobody yet known to be a case; a pool whose case
// was a contact in isolation; one whose case nobody can tell where it came from; one who
// was swabbed again and found to be no case; a grey pool whose two were swabbed again, of
// whom one still waits; a tube on its way; and what is negative.
static const char rounds[] = SWAB(30, "10T08:00", "T-10", "R-1", "P-50") RESULT(
    31, "10T20:00", "T-10", "positive") SWAB(32, "12T00:10", "T-20", "R-2", "P-20")
    RESULT(33, "12T04:00", "T-20", "positive") SWAB(34, "12T00:10", "T-21", "R-2", "P-2")
        SWAB(35, "12T00:11", "T-21", "R-2", "P-22") RESULT(
            36, "12T04:00", "T-21", "positive") ILL(37, "C-21", "\"person\":\"P-2\"")
            SWAB(38, "12T00:12", "T-22", "R-2", "P-23") RESULT(
                39, "12T04:10", "T-22", "positive") ILL(40, "C-22", "\"tube\":\"T-22\"")
                SWAB(41, "12T00:13", "T-23", "R-2", "P-24") RESULT(42, "12T04:00", "T-23",
                                                                   "positive")
                    ILL(43, "C-23",
                        "\"person\":\"P-24\",\"classification\":\"not_a_case\"")
                        SWAB(44, "12T00:14", "T-24", "R-2",
                             "P-25") SWAB(45, "12T00:14", "T-24", "R-2",
                                          "P-26") RESULT(46, "12T03:00", "T-24", "grey")
                            SWAB(47, "12T04:00", "T-25", "R-2", "P-25")
                                RESULT(48, "12T05:00", "T-25", "negative")
                                    SWAB(49, "12T04:00", "T-26", "R-2", "P-26")
                                        SWAB(50, "12T00:15", "T-27", "R-2", "P-27")
                                            RESULT(51, "12T05:00", "T-27", "negative");
static const char explained[] = RESULT(60, "12T05:30", "T-26", "negative")
    FACT(61, "case.investigated", "12T05:40",
         "\"case\":\"C-22\",\"milestone\":\"source_search\"")
        FACT(62, "result.corrected", "12T05:50",
             "\"tube\":\"T-20\",\"result\":\"negative\",\"reason\":\"contaminated\"");

static void last_round_says(desk *of, const char *list, const char *part)
{
    wf_buffer tubes = {0}, parts = {0};
    read_words(of, "tracing/last_round",
               (const char *const[]){"tube_id", "case_id", "state", "explained", NULL},
               &tubes);
    assert_string_equal(tubes.bytes, list);
    read_words(
        of, "tracing/bottomed_out",
        (const char *const[]){"part", "holds", "open", "pending", "holds_from", NULL},
        &parts);
    const char *told = strstr(parts.bytes, "round_explained");
    assert_non_null(told);
    assert_string_equal(told, part);
    wf_buffer_done(&tubes);
    wf_buffer_done(&parts);
}

// A round is explained when all of its results are in and each positive is a case that
// was in control, or of which it is known where it came from, or was searched for.
static void check_round(desk *of)
{
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, rounds), &of->city.error);
    assert_int_equal(of->city.summary.refused, 0);
    last_round_says(of,
                    "T-20 0 no_case 0 \n"
                    "T-21 C-21 in_control 1 \n"
                    "T-22 C-22 unexplained 0 \n"
                    "T-23 C-23 not_a_case 1 \n"
                    "T-24 0 waiting - \n"
                    "T-26 0 waiting - \n",
                    "round_explained 0 2 2 - \n");
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, explained), &of->city.error);
    assert_int_equal(of->city.summary.refused, 0);
    last_round_says(of,
                    "T-21 C-21 in_control 1 \n"
                    "T-22 C-22 source_searched 1 \n"
                    "T-23 C-23 not_a_case 1 \n",
                    "round_explained 1 0 0 - \n");
}

static void the_last_round_is_explained_positive_by_positive(void **state)
{
    (void)state;
    desk here;
    begin(&here, NULL);
    check_round(&here);
    end(&here);
}

static void tell_lists(desk *of, wf_buffer *to)
{
    read_words(of, "tracing/contacts",
               (const char *const[]){"case_id", "person", "level", "state", NULL}, to);
    read_words(of, "tracing/funnel",
               (const char *const[]){"level", "named", "confirmed", "reached", NULL}, to);
    read_words(of, "tracing/bottomed_out",
               (const char *const[]){"part", "holds", "open", NULL}, to);
    read_words(of, "cases/found", (const char *const[]){"case_id", "category", NULL}, to);
}

// What the funnel counts, and the clock of the first case of its contacts.
static void counts_say(desk *of, const char *funnel, const char *reached)
{
    wf_buffer counted = {0}, clock = {0};
    read_words(of, "tracing/funnel",
               (const char *const[]){"level", "named", "confirmed", "reached", NULL},
               &counted);
    assert_string_equal(counted.bytes, funnel);
    read_clock(of, "C-1", "2021-12-12 20:00", &clock);
    if (strstr(clock.bytes, reached) == NULL)
        fail_msg("%sdoes not say %s", clock.bytes, reached);
    wf_buffer_done(&counted);
    wf_buffer_done(&clock);
}

// Two records of one contact that are said to be one person, and then not to be: the
// lists are what they were.
static void a_merge_that_is_taken_back_leaves_no_trace_in_the_lists(void **state)
{
    (void)state;
    static const char same[] =
        FACT(70, "person.same", "12T05:00", "\"a\":\"P-2\",\"b\":\"P-3\"");
    static const char not_same[] =
        FACT(71, "person.not_same", "12T05:10", "\"a\":\"P-2\",\"b\":\"P-3\"");
    wf_buffer before = {0}, after = {0};
    desk here;
    begin(&here, NULL);
    tell_lists(&here, &before);
    counts_say(&here, "close 2 2 1 \n", "contacts_reached overdue 1 0 1 0 0");
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, same), &here.city.error);
    // One person is counted once, as far as whichever of their ids has come.
    counts_say(&here, "close 1 1 1 \n", "contacts_reached met 1 0 0 0 0");
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, not_same), &here.city.error);
    assert_int_equal(here.city.summary.accepted, 1);
    counts_say(&here, "close 2 2 1 \n", "contacts_reached overdue 1 0 1 0 0");
    tell_lists(&here, &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    wf_buffer_done(&before);
    wf_buffer_done(&after);
    end(&here);
}

static void clock_says(desk *of, const char *case_id, const char *line)
{
    wf_buffer clock = {0};
    read_clock(of, case_id, "2021-12-12 20:00", &clock);
    if (strstr(clock.bytes, line) == NULL)
        fail_msg("%sdoes not say %s", clock.bytes, line);
    wf_buffer_done(&clock);
}

// Whoever has recovered or died has to be neither set apart nor treated, as their holes
// say (cases/not_isolated, no_treatment); they are still to be asked after.
static void who_has_died_need_not_be_treated(void **state)
{
    (void)state;
    static const char died[] =
        FACT(70, "case.reported", "11T12:00", "\"case\":\"C-9\",\"outbreak\":\"O-1\"")
            FACT(71, "case.outcome", "11T13:00", "\"case\":\"C-9\",\"outcome\":\"died\"");
    static const char mistaken[] =
        FACT(72, "fact.withdrawn", "11T14:00",
             "\"device\":\"I-1\",\"seq\":71,\"reason\":\"another_case\"");
    desk here;
    begin(&here, NULL);
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, died), &here.city.error);
    clock_says(&here, "C-9", "isolated met 1 0 0 0 0 - 1\ntreated met 1 0 0 0 0 - 1\n");
    clock_says(&here, "C-9", "interviewed overdue 0 0 1 0 0");
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, mistaken), &here.city.error);
    clock_says(&here, "C-9",
               "isolated overdue 0 0 1 0 0 - -\ntreated overdue 0 0 1 0 0 - -\n");
    end(&here);
}

// By when `step` was due, of all cases or of one; INT64_MIN: the row gives no time.
static int64_t due_of(desk *of, const char *case_id, const char *step, const char *now)
{
    weft_error error = {0};
    wf_view_page page = {0};
    wf_view *view = wf_views_find(of->views, WF_TEXT("tracing/clock"));
    wf_value filters[4] = {{.given = false},
                           {.given = true, .text = wf_text_of(case_id)}};
    wf_view_question asked = {
        .filters = filters, .limit = 1000, .now = made_time(&of->city.store, now)};
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        const wf_value *due = &row[column_of(view, "due_at")];
        if (wf_text_equal(row[column_of(view, "step")].text, wf_text_of(step)))
            return due->given ? due->number : INT64_MIN;
    }
    fail_msg("no row of %s", step);
    return 0;
}

// A contact who is a case of the outbreak became one, also where nobody said so
// (contact.converted); not while they are suspected, nor once they are none.
static void a_contact_who_is_a_case_owes_nothing(void **state)
{
    (void)state;
    static const char suspected[] =
        FACT(80, "case.reported", "11T12:00",
             "\"case\":\"C-2\",\"person\":\"P-3\",\"outbreak\":\"O-1\","
             "\"classification\":\"suspected\"");
    static const char confirmed[] =
        FACT(81, "case.classified", "11T13:00",
             "\"case\":\"C-2\",\"classification\":\"confirmed\"");
    static const char none[] = FACT(82, "case.classified", "11T14:00",
                                    "\"case\":\"C-2\",\"classification\":\"not_a_case\"");
    desk here;
    begin(&here, NULL);
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, suspected), &here.city.error);
    counts_say(&here, "close 2 2 1 \n", "contacts_reached overdue 1 0 1 0 0");
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, confirmed), &here.city.error);
    counts_say(&here, "close 2 2 1 \n", "contacts_reached met 2 0 0 0 0");
    ok(made_import(&here.city, WEFT_IMPORT_FACTS, none), &here.city.error);
    counts_say(&here, "close 2 2 1 \n", "contacts_reached overdue 1 0 1 0 0");
    end(&here);
}

// Of many it is the earliest deadline of those that are not done: what a commander is
// late with, or has to do next. What is done, or has no known beginning, gives no time.
static void of_many_what_is_owed_first_is_due(void **state)
{
    (void)state;
    static const struct {
        const char *case_id, *step, *now, *due;
    } all[] = {{"", "full_report", "2021-12-12 20:00", "2021-12-12 08:00"},
               {"", "first_facts", "2021-12-12 20:00", "2021-12-11 14:00"},
               {"", "contacts_listed", "2021-12-12 20:00", NULL},
               {"", "resulted", "2021-12-12 20:00", NULL},
               {"", "onset", "2021-12-12 20:00", NULL},
               {"", "contacts_reached", "2021-12-12 06:00", "2021-12-12 10:00"},
               {"C-1", "contacts_reached", "2021-12-12 20:00", "2021-12-12 10:00"},
               {"C-1", "contacts_placed", "2021-12-12 20:00", "2021-12-11 22:00"}};
    desk here;
    begin(&here, NULL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int64_t wanted =
            all[i].due == NULL ? INT64_MIN : made_time(&here.city.store, all[i].due).us;
        int64_t due = due_of(&here, all[i].case_id, all[i].step, all[i].now);
        if (due != wanted)
            fail_msg("%s %s: %lld, not %s", all[i].case_id, all[i].step, (long long)due,
                     all[i].due);
    }
    end(&here);
}

static const wf_sql_text *hole_named(const char *name)
{
    size_t count;
    const wf_sql_text *all = wf_desk_holes(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("there is no hole %s", name);
    return NULL;
}

// What a step of the clock gives as its time; 0: none.
static int64_t within_of(desk *of, const char *step)
{
    weft_error error = {0};
    wf_view_page page = {0};
    wf_view *view = wf_views_find(of->views, WF_TEXT("tracing/clock"));
    wf_value filters[4] = {{.given = false}, {.given = true, .text = WF_TEXT("C-1")}};
    wf_view_question asked = {.filters = filters,
                              .limit = 1000,
                              .now = made_time(&of->city.store, "2021-12-12 06:00")};
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        if (wf_text_equal(row[column_of(view, "step")].text, wf_text_of(step)))
            return row[column_of(view, "deadline_us")].number;
    }
    fail_msg("the clock has no step %s", step);
    return 0;
}

// A step and the hole of who has not taken it are late at the same moment: they read the
// same number of the edition, and where it has none there is neither.
static void a_step_and_its_hole_have_one_deadline(void **state)
{
    (void)state;
    static const struct {
        const char *step, *hole;
    } pairs[] = {{"first_facts", "cases/no_first_facts"},
                 {"core_report", "cases/no_core_report"},
                 {"full_report", "cases/no_full_report"},
                 {"interviewed", "cases/no_interview"},
                 {"isolated", "cases/not_isolated"},
                 {"treated", "cases/no_treatment"},
                 {"contacts_reached", "tracing/contact_not_reached"},
                 {"contacts_placed", "tracing/contact_not_placed"},
                 {"contacts_tested", "tracing/contact_not_tested"}};
    desk here;
    begin(&here, NULL);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char why[WF_SQL_WHY_MAX];
        wf_sql_file file;
        wf_number number = {0};
        if (!wf_sql_file_read(hole_named(pairs[i].hole), wf_desk_kinds(), &here.arena,
                              &file, why))
            fail_msg("%s: %s", pairs[i].hole, why);
        assert_int_equal(file.numbers_count, 1);
        assert_true(number_find(here.protocol, file.numbers[0].number, &number));
        double s = strcmp(number.unit, "d") == 0 ? 86400 : 3600;
        assert_int_equal(within_of(&here, pairs[i].step),
                         (int64_t)(number.value * s * (double)WF_US_PER_S));
    }
    end(&here);
}

// How many rows each view has, and how many values in them are given.
static void count_all(desk *of, wf_buffer *to)
{
    for (size_t i = 0; i < wf_views_count(of->views); i++) {
        weft_error error = {0};
        wf_view_page page = {0};
        wf_value filters[WF_SQL_LIST_MAX] = {0};
        wf_view *view = wf_views_at(of->views, i);
        size_t given = 0;
        for (size_t sort = 0; sort < wf_view_file(view)->sorts_count; sort++) {
            wf_view_question asked = {.sort = sort,
                                      .filters = filters,
                                      .limit = 1000,
                                      .now =
                                          made_time(&of->city.store, "2021-12-12 06:00")};
            ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
        }
        for (size_t k = 0; k < page.rows_count * page.columns_count; k++)
            given += page.values[k].given;
        assert_true(wf_buffer_printf(to, "%s %zu %zu\n", wf_view_file(view)->name,
                                     page.rows_count, given));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

static void the_clock_says_what_is_in_time_late_or_not_yet_due(void **state)
{
    (void)state;
    desk here;
    begin(&here, NULL);
    tell_all(&here, "SQLite");
    end(&here);
}

#define LETTER(seq, kind, at, letter, about)                                             \
    FACT(seq, kind, at,                                                                  \
         "\"letter\":\"" letter "\",\"region\":\"elsewhere\",\"about\":\"" about "\"")
#define ANSWER(seq, at, letter, answer)                                                  \
    FACT(seq, "letter.answered", at,                                                     \
         "\"letter\":\"" letter "\",\"answer\":\"" answer "\"")

// What comes next of letters, and by when; only who
// says that people are under control says when.
static void check_letters(desk *of)
{
    static const char letters[] =
        LETTER(80, "letter.received", "11T08:00", "X-1", "control")
            LETTER(81, "letter.received", "11T08:00", "X-2", "control")
                LETTER(82, "letter.received", "11T08:00", "X-3", "control")
                    LETTER(83, "letter.received", "11T08:00", "X-4", "control")
                        LETTER(84, "letter.sent", "11T08:00", "X-5", "check")
                            LETTER(85, "letter.sent", "11T08:00", "X-6", "check")
                                ANSWER(86, "11T09:00", "X-2", "checked")
                                    ANSWER(87, "11T10:00", "X-3", "done")
                                        ANSWER(88, "11T10:00", "X-4", "not_found")
                                            ANSWER(89, "11T09:00", "X-6", "received");
    wf_buffer said = {0}, times = {0};
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, letters), &of->city.error);
    read_words(of, "tracing/letters",
               (const char *const[]){"letter_id", "next_step", "owner", NULL}, &said);
    assert_string_equal(said.bytes, "X-1 first_check tracing \n"
                                    "X-2 under_control tracing \n"
                                    "X-3 - - \n"
                                    "X-4 - - \n"
                                    "X-5 receipt tracing \n"
                                    "X-6 other tracing \n");
    read_words(of, "tracing/letters",
               (const char *const[]){"turn", "controlled_at", "not_found_at", NULL},
               &times);
    char wanted[512];
    long long at = made_time(&of->city.store, "2021-12-11 08:00").us, hour = 3600000000;
    snprintf(wanted, sizeof wanted,
             "%lld - - \n%lld - - \n- - - \n- - %lld \n%lld - - \n%lld - - \n",
             at + 2 * hour, at + 8 * hour, at + 2 * hour, at + 2 * hour, at + 25 * hour);
    assert_string_equal(times.bytes, wanted);
    wf_buffer_done(&said);
    wf_buffer_done(&times);
}

static void a_letter_says_its_next_step_and_no_control_that_was_not_said(void **state)
{
    (void)state;
    desk here;
    begin(&here, NULL);
    check_letters(&here);
    end(&here);
}

static void both_engines_say_the_same_of_cases_and_contacts(void **state)
{
    (void)state;
    wf_buffer counts[2] = {{0}, {0}};
    test_address where;
    desk here, there;
    if (!has_server)
        skip();
    where = test_postgres_schema(&server);
    begin(&here, NULL);
    begin(&there, where.text);
    tell_all(&there, "PostgreSQL");
    count_all(&here, &counts[0]);
    count_all(&there, &counts[1]);
    assert_string_equal(counts[0].bytes, counts[1].bytes);
    check_round(&there);
    check_letters(&there);
    wf_buffer_done(&counts[0]);
    wf_buffer_done(&counts[1]);
    end(&here);
    end(&there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_says_what_is_in_time_late_or_not_yet_due),
        cmocka_unit_test(of_many_what_is_owed_first_is_due),
        cmocka_unit_test(a_contact_who_is_a_case_owes_nothing),
        cmocka_unit_test(who_has_died_need_not_be_treated),
        cmocka_unit_test(a_step_and_its_hole_have_one_deadline),
        cmocka_unit_test(the_risk_is_told_part_by_part),
        cmocka_unit_test(the_last_round_is_explained_positive_by_positive),
        cmocka_unit_test(a_merge_that_is_taken_back_leaves_no_trace_in_the_lists),
        cmocka_unit_test(a_letter_says_its_next_step_and_no_control_that_was_not_said),
        cmocka_unit_test(both_engines_say_the_same_of_cases_and_contacts),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
