// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "model/catalogue.h"
#include "support/made_book.h"
#include "support/made_city.h"

static made_city city;

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
    return 0;
}

static void assert_imported(weft_status status)
{
    if (status != WEFT_OK)
        fail_msg("%s %s line %u field %s", weft_status_name(status), city.error.code,
                 (unsigned)city.error.line, city.error.field);
}

static void assert_counts(uint64_t accepted, uint64_t had, uint64_t refused)
{
    if (city.summary.accepted != accepted || city.summary.had != had ||
        city.summary.refused != refused)
        fail_msg("accepted %u had %u refused %u (first: %s)",
                 (unsigned)city.summary.accepted, (unsigned)city.summary.had,
                 (unsigned)city.summary.refused,
                 city.refused_count > 0 ? city.refused[0].code : "none");
    assert_int_equal(city.summary.rows, accepted + had + refused);
}

static weft_day day(const char *text)
{
    weft_day found;
    assert_true(wf_day_parse(wf_text_of(text), &found));
    return found;
}

// The stops of a person on a day as "place start-end[g][<][>];…".
static void assert_stops(const char *person, const char *date, const char *expected)
{
    wf_day_state state;
    const wf_day *opened = NULL;
    wf_ids *ids = wf_visits_ids(city.store.visits);
    wf_person who = {wf_ids_find(ids, WF_ID_PERSON, wf_text_of(person))};
    wf_stop_list stops = {0};
    wf_stay_list stays = {0};
    wf_buffer got = {0};
    assert_int_equal(
        wf_visits_day(city.store.visits, day(date), &state, &opened, &city.error),
        WEFT_OK);
    if (opened != NULL)
        assert_int_equal(wf_day_person_stops(opened, who, &stops), WEFT_OK);
    for (size_t i = 0; i < stops.count; i++) {
        const wf_stop *stop = &stops.rows[i];
        wf_text place = wf_ids_text(ids, WF_ID_PLACE, stop->place.number);
        stays.count = 0;
        assert_int_equal(wf_day_place_stays_marked(opened, stop->place, stop->start,
                                                   stop->end, &stays),
                         WEFT_OK);
        size_t at = 0;
        while (stays.rows[at].person.number != who.number ||
               stays.rows[at].start != stop->start)
            assert_true(++at < stays.count);
        const wf_stay_marks *marks = &stays.marks[at];
        wf_text seat = wf_day_seat_text(opened, marks->seat);
        assert_true(wf_buffer_printf(
            &got, "%.*s%s%.*s %02u:%02u-%02u:%02u%s%s%s;", (int)place.size, place.bytes,
            seat.size > 0 ? "/" : "", (int)seat.size, seat.bytes, stop->start / 60u,
            stop->start % 60u, stop->end / 60u, stop->end % 60u,
            marks->end_guessed ? "?" : "", marks->from_before ? "<" : "",
            marks->into_next ? ">" : ""));
    }
    assert_true(wf_buffer_append(&got, "", 1));
    assert_string_equal(got.bytes, expected);
    wf_buffer_done(&got);
    wf_stop_list_done(&stops);
    wf_stay_list_done(&stays);
}

#define VISITS "person,place,start,end\n"

static void stays_are_rounded_to_minutes_and_cut_at_midnight(void **state)
{
    (void)state;
    assert_imported(
        made_import(&city, WEFT_IMPORT_VISITS,
                    "start,end,person,place,seat,guessed\n"
                    "2021-12-09T10:05:30+08:00,2021-12-09T11:00:01+08:00,P-1,Q,,\n"
                    "2021-12-09T02:05Z,2021-12-09 10:05,P-2,Q,7A,\n"
                    "2021-12-09 23:50,2021-12-11 00:10,P-3,Q,,yes\n"
                    "2021-12-09 08:00,,P-4,Q,,\n"
                    "2021-12-09,,P-5,Q,,\n"
                    "2021-12-09,2021-12-10,P-6,Q,,no\n"
                    "2021-12-09 20:00,2021-12-10 00:00,P-7,Q,,\n"));
    assert_counts(7, 0, 0);
    assert_string_equal(city.summary.refused_file, "");
    assert_stops("P-1", "2021-12-09", "Q 10:05-11:01;");
    assert_stops("P-2", "2021-12-09", "Q/7A 10:05-10:06;");
    assert_stops("P-3", "2021-12-09", "Q 23:50-24:00?>;");
    assert_stops("P-3", "2021-12-10", "Q 00:00-24:00?<>;");
    assert_stops("P-3", "2021-12-11", "Q 00:00-00:10?<;");
    assert_stops("P-4", "2021-12-09", "Q 08:00-08:30?;");
    assert_stops("P-5", "2021-12-09", "Q 00:00-24:00?;");
    assert_stops("P-6", "2021-12-09", "Q 00:00-24:00>;");
    assert_stops("P-6", "2021-12-10", "Q 00:00-24:00<;");
    assert_stops("P-7", "2021-12-09", "Q 20:00-24:00;");
    assert_stops("P-7", "2021-12-10", "");
}

static void two_places_at_once_are_kept_and_counted_by_person_and_day(void **state)
{
    (void)state;
    assert_imported(
        made_import(&city, WEFT_IMPORT_VISITS,
                    VISITS "P-1,Q,2021-12-09 10:00,2021-12-09 12:00\n"
                           "P-1,R,2021-12-09 11:59,2021-12-09 13:00\n" // two places
                           "P-1,S,2021-12-09 11:00,2021-12-09 11:30\n" // the same day
                           "P-2,Q,2021-12-09 10:00,2021-12-09 12:00\n"
                           "P-2,R,2021-12-09 12:00,2021-12-09 13:00\n" // touching only
                           "P-2,R,2021-12-09 12:30,2021-12-09 14:00\n" // one place
                           "P-3,Q,2021-12-09 10:00,2021-12-11 12:00\n"
                           "P-3,Q,2021-12-10 10:00,2021-12-10 11:00\n"
                           "P-3,R,2021-12-10 11:30,2021-12-11 01:00\n")); // two days
    assert_counts(9, 0, 0);
    assert_int_equal(city.summary.two_places, 3);
}

typedef struct {
    weft_import_kind kind;
    const char *header, *row, *code, *field;
} refusal;

static const refusal refusals[] = {
    {WEFT_IMPORT_VISITS, VISITS, ",Q,2021-12-09,", "import.empty", "person"},
    {WEFT_IMPORT_VISITS, VISITS, "P,,2021-12-09,", "import.empty", "place"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,,", "import.empty", "start"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2021-02-30,", "import.time", "start"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2021-12-09 24:00,", "import.time", "start"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2021-12-09,noon", "import.time", "end"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2021-12-09 10:00,2021-12-09 09:59",
     "import.end_before_start", "end"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2020-12-09 10:00,2021-12-09 10:00",
     "import.too_long", "end"},
    {WEFT_IMPORT_VISITS, VISITS, "\"P\n\",Q,2021-12-09,", "import.control", "person"},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q\x7F,2021-12-09,", "import.control", "place"},
    {WEFT_IMPORT_VISITS, VISITS, "P\xC2\x85,Q,2021-12-09,", "import.control", "person"},
    {WEFT_IMPORT_VISITS, VISITS, "P\xFF,Q,2021-12-09,", "wire.not_utf8", ""},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q", "import.fields", ""},
    {WEFT_IMPORT_VISITS, VISITS, "P,Q,2021-12-09,,x", "import.fields", ""},
    {WEFT_IMPORT_VISITS, "person,place,start,end,guessed\n", "P,Q,2021-12-09,,maybe",
     "import.yesno", "guessed"},
    {WEFT_IMPORT_ENCOUNTERS, "a,b,start,end\n", "P,P,2021-12-09,", "import.same_person",
     "b"},
    {WEFT_IMPORT_ENCOUNTERS, "a,b,start,end\n", "P,R,2021-12-09 10:00,", "import.empty",
     "end"},
    {WEFT_IMPORT_PERSONS, "person,birth\n", "P,1964", "import.date", "birth"},
    {WEFT_IMPORT_PERSONS, "person,sex\n", "P,m", "import.word", "sex"},
    {WEFT_IMPORT_PLACES, "place,lat\n", "Q,91", "import.number", "lat"},
    {WEFT_IMPORT_PLACES, "place,ventilation\n", "Q,perhaps", "import.yesno",
     "ventilation"},
    {WEFT_IMPORT_CASES, "case,person,reported\n", "C,P,soon", "import.time", "reported"},
    // What spreadsheet programs make of ids and names.
    {WEFT_IMPORT_VISITS, VISITS, "#N/A,Q,2021-12-09,", "import.error_cell", "person"},
    {WEFT_IMPORT_VISITS, VISITS, "3.20282E+17,Q,2021-12-09,", "import.rounded", "person"},
    {WEFT_IMPORT_PERSONS, "person,name\n", "P,#REF!", "import.error_cell", "name"},
    {WEFT_IMPORT_PERSONS, "person,phone\n", "P,1.38E+10", "import.rounded", "phone"},
};

static void rows_that_are_wrong_are_refused_with_line_and_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *x = &refusals[i];
        wf_buffer text = {0};
        assert_true(wf_buffer_printf(&text, "%s\n%s\n", x->header, x->row));
        assert_imported(made_import_bytes(&city, x->kind, wf_buffer_text(&text), NULL));
        assert_counts(0, 0, 1);
        assert_int_equal(city.refused_count, 1);
        if (strcmp(city.refused[0].code, x->code) != 0 ||
            strcmp(city.refused[0].field, x->field) != 0 || city.refused[0].line != 3)
            fail_msg("%s: %s %s", x->row, city.refused[0].code, city.refused[0].field);
        assert_true(wf_catalogue_has(x->code));
        wf_buffer_done(&text);
    }
    char row[5000];
    memset(row, 'x', sizeof row);
    memcpy(row, VISITS, sizeof VISITS - 1);
    memcpy(row + 4500, ",Q,2021-12-09,\n", 15);
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, (wf_text){row, 4515}, NULL));
    assert_string_equal(city.refused[0].code, "import.id_too_long");
}

static void the_words_that_are_known_are_said(void **state)
{
    (void)state;
    static const struct {
        weft_import_kind kind;
        const char *rows, *words;
    } cases[] = {{WEFT_IMPORT_PERSONS, "person,sex\nP,f\n", "female male other"},
                 {WEFT_IMPORT_CASES, "case,classification\nC,positive\n",
                  "suspected probable confirmed asymptomatic not_a_case"},
                 {WEFT_IMPORT_FOLLOWUPS, "person,at,outcome\nP,2021-12-09,gone\n",
                  "reached no_answer wrong_number refused not_there other"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_buffer zh = {0}, en = {0};
        city.refused_count = 0;
        assert_imported(
            made_import_bytes(&city, cases[i].kind, wf_text_of(cases[i].rows), NULL));
        assert_int_equal(city.refused_count, 1);
        assert_string_equal(city.refused[0].code, "import.word");
        assert_true(
            wf_error_part_text(&city.refused[0], WF_PART_DETAIL, WF_LANGUAGE_ZH, &zh));
        assert_true(
            wf_error_part_text(&city.refused[0], WF_PART_DETAIL, WF_LANGUAGE_EN, &en));
        assert_true(wf_text_equal(wf_buffer_text(&zh), wf_text_of(cases[i].words)));
        assert_true(wf_text_equal(wf_buffer_text(&en), wf_text_of(cases[i].words)));
        wf_buffer_done(&zh);
        wf_buffer_done(&en);
    }
}

static void ids_are_bytes_and_may_hold_quotes_and_blanks(void **state)
{
    (void)state;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS,
                                VISITS "\" P \"\"7\"\",\xE7\x94\xB2\",Q q,2021-12-09,\n"
                                       "P,Q q,2021-12-09,\n"));
    assert_counts(2, 0, 0);
    assert_stops(" P \"7\",\xE7\x94\xB2", "2021-12-09", "Q q 00:00-24:00?;");
}

static void yesterdays_file_grown_by_one_line_adds_one_row(void **state)
{
    (void)state;
    const char *first = VISITS "P-1,Q,2021-12-09 10:00,2021-12-09 11:00\n"
                               "P-2,Q,2021-12-09 10:00,2021-12-10 11:00\n"
                               "P-2,Q,2021-12-09 10:00,2021-12-10 11:00\n";
    wf_buffer grown = {0};
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, first));
    assert_counts(2, 1, 0);
    assert_true(
        wf_buffer_printf(&grown, "%sP-3,Q,2021-12-09 10:00,2021-12-09 11:00\n", first));
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_buffer_text(&grown), NULL));
    assert_counts(1, 3, 0);
    wf_digest before = made_city_digest(&city);
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_buffer_text(&grown), NULL));
    assert_counts(0, 4, 0);
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    wf_buffer_done(&grown);
}

static void encounters_are_kept_to_the_second_and_in_one_order(void **state)
{
    (void)state;
    assert_imported(made_import(&city, WEFT_IMPORT_ENCOUNTERS,
                                "a,b,start,end,setting\n"
                                "P-1,P-2,2021-12-09 10:00:05,2021-12-09 10:00:25,lift\n"
                                "P-2,P-1,2021-12-09 10:00:05,2021-12-09 10:00:25,lift\n"
                                "P-1,P-2,2021-12-09 23:59:59,2021-12-10 00:00:01,\n"
                                "P-1,P-2,2021-12-09 12:00:00,2021-12-09 12:00:00,\n"));
    assert_counts(3, 1, 0);
    wf_day_state day_state;
    const wf_day *opened = NULL;
    wf_meeting_list meetings = {0};
    wf_ids *ids = wf_visits_ids(city.store.visits);
    wf_person who = {wf_ids_find(ids, WF_ID_PERSON, WF_TEXT("P-2"))};
    assert_int_equal(wf_visits_day(city.store.visits, day("2021-12-09"), &day_state,
                                   &opened, &city.error),
                     WEFT_OK);
    assert_int_equal(wf_day_person_meetings(opened, who, &meetings), WEFT_OK);
    assert_int_equal(meetings.count, 3);
    assert_int_equal(meetings.rows[0].start, 10 * 3600 + 5);
    assert_int_equal(meetings.rows[0].end, 10 * 3600 + 25);
    assert_true(wf_text_equal(wf_day_setting_text(opened, meetings.rows[0].setting),
                              WF_TEXT("lift")));
    assert_int_equal(meetings.rows[1].end - meetings.rows[1].start, 1);
    assert_int_equal(meetings.rows[2].end, 24 * 3600);
    assert_true(meetings.rows[2].into_next);
    wf_meeting_list_done(&meetings);
}

static void encounters_of_a_whole_day_are_guessed_and_known_again(void **state)
{
    (void)state;
    const char *text = "a,b,start,end,setting\nP-1,P-2,2021-12-09,,ward\n";
    assert_imported(made_import(&city, WEFT_IMPORT_ENCOUNTERS, text));
    assert_counts(1, 0, 0);
    assert_imported(made_import(&city, WEFT_IMPORT_ENCOUNTERS, text));
    assert_counts(0, 1, 0);
}

static void households_get_neighbouring_numbers(void **state)
{
    (void)state;
    assert_imported(made_import(&city, WEFT_IMPORT_PERSONS,
                                "person,grid,household\n"
                                "P-9,3202,H2\n"
                                "P-8,3202,H1\n"
                                "P-7,3201,H9\n"
                                "P-6,3202,H2\n"
                                "P-5,3202,H1\n"));
    assert_counts(5, 0, 0);
    static const char *const order[] = {"P-7", "P-8", "P-5", "P-9", "P-6"};
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(wf_ids_find(wf_visits_ids(city.store.visits), WF_ID_PERSON,
                                     wf_text_of(order[i])),
                         i);
}

static void registers_merge_by_as_of_and_empty_fields_erase_nothing(void **state)
{
    (void)state;
    weft_import_options old = {.as_of = made_time(&city.store, "2021-12-01")};
    assert_imported(
        made_import(&city, WEFT_IMPORT_PERSONS, "person,name,grid\nP-1,Wang,3202\n"));
    assert_counts(1, 0, 0);
    assert_imported(made_import_bytes(&city, WEFT_IMPORT_PERSONS,
                                      WF_TEXT("person,name,grid\nP-1,Li,\n"), &old));
    assert_counts(0, 1, 0);
    wf_digest before = made_city_digest(&city);
    assert_imported(made_import(&city, WEFT_IMPORT_PERSONS, "person,name,grid\nP-1,,\n"));
    assert_true(made_digests_equal(before, made_city_digest(&city)));
}

static void places_of_unknown_kind_are_taken_as_other_and_counted(void **state)
{
    (void)state;
    wf_place_about about;
    assert_imported(
        made_import(&city, WEFT_IMPORT_PLACES,
                    "place,kind,parent\nQ-1,karaoke,\nQ-2,hall,Q-1\nQ-3,,\n"));
    assert_counts(3, 0, 0);
    assert_int_equal(city.summary.unknown_kinds, 1);
    wf_ids *ids = wf_visits_ids(city.store.visits);
    wf_place hall = {wf_ids_find(ids, WF_ID_PLACE, WF_TEXT("Q-2"))};
    assert_int_equal(wf_register_place(city.reg, hall, &about, &city.error), WEFT_OK);
    assert_int_equal(about.kind, WF_PLACE_HALL);
    assert_int_equal(about.parent, wf_ids_find(ids, WF_ID_PLACE, WF_TEXT("Q-1")));
}

static void cases_name_people_who_need_not_be_registered(void **state)
{
    (void)state;
    wf_arena arena = {0};
    wf_case found;
    assert_imported(made_import(&city, WEFT_IMPORT_CASES,
                                "case,person,reported,onset,symptomatic,classification\n"
                                "C-1,P-1,2021-12-10 09:00,2021-12-08,yes,confirmed\n"));
    assert_counts(1, 0, 0);
    assert_int_equal(
        wf_register_case(city.reg, WF_TEXT("C-1"), &arena, &found, &city.error), WEFT_OK);
    assert_int_equal(found.person.number, wf_ids_find(wf_visits_ids(city.store.visits),
                                                      WF_ID_PERSON, WF_TEXT("P-1")));
    assert_true(found.onset.us == made_time(&city.store, "2021-12-08").us);
    wf_arena_done(&arena);
}

static void cities_with_a_clock_refuse_what_begins_after_it(void **state)
{
    (void)state;
    const char *text = VISITS "P,Q,2021-12-12 08:10,\n"
                              "P,Q,2021-12-12 08:11,\n"
                              "P,Q,2021-12-13,\n"
                              "P,Q,2031-12-12 10:00,2031-12-12 11:00\n"
                              "P,R,2021-12-12 08:00,2021-12-12 08:11\n" // going on
                              "P,S,2021-12-11 20:00,2021-12-13 07:00\n"
                              "P,T,2021-12-12,2021-12-12\n";
    city.import.clocked = true;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, text));
    assert_counts(4, 0, 3);
    for (size_t i = 0; i < city.refused_count; i++) {
        assert_string_equal(city.refused[i].code, "import.future");
        assert_string_equal(city.refused[i].field, "start");
    }
    // The end stands as it was said: the same file says the same again tomorrow.
    assert_stops("P", "2021-12-13", "S 00:00-07:00<;");
    assert_imported(made_import(&city, WEFT_IMPORT_ENCOUNTERS,
                                "a,b,start,end\n"
                                "P,O,2021-12-12 08:00,2021-12-12 09:00\n"
                                "P,O,2021-12-12 08:11,2021-12-12 09:00\n"));
    assert_counts(1, 0, 1);
    assert_imported(made_import(&city, WEFT_IMPORT_CASES,
                                "case,person,reported\nC,P,2021-12-12 08:11\n"));
    assert_counts(0, 0, 1);
    city.import.clocked = false;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, text));
    assert_counts(3, 4, 0);
}

static void real_cities_refuse_what_is_past_keeping(void **state)
{
    (void)state;
    wf_protocol protocol = {.visits_kept_d = {.value = 30, .unit = "d", .given = true}};
    weft_import_options keep = {
        .as_of = WEFT_TIME_NONE, .keeps_until = true, .keep_until = day("2021-12-31")};
    const char *text = VISITS "P,Q,2021-12-12 08:10,\n"
                              "P,Q,2021-11-12,\n"
                              "P,Q,2021-11-11,\n";
    city.import.real = true;
    city.import.protocol = &protocol;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, text));
    assert_counts(2, 0, 1);
    assert_string_equal(city.refused[0].code, "import.past_keeping");
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_text_of(text), &keep));
    assert_counts(1, 2, 0);
    keep.keep_until = day("2021-12-11");
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_text_of(text), &keep),
        WEFT_BAD_USAGE);
}

static void forgotten_days_take_nothing(void **state)
{
    (void)state;
    wf_visits_purge_count purged;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, VISITS "P,Q,2021-12-01,\n"));
    assert_int_equal(wf_visits_purge(city.store.visits, day("2021-12-02"), NULL, NULL,
                                     &purged, &city.error),
                     WEFT_OK);
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS,
                                VISITS "P,Q,2021-12-01,\n"
                                       "P,Q,2021-12-01 23:00,2021-12-02 01:00\n"
                                       "P,Q,2021-12-02,\n"));
    assert_counts(1, 0, 2);
    assert_string_equal(city.refused[0].code, "import.forgotten");
}

static void a_wrong_header_or_mapping_is_a_failure_and_stores_nothing(void **state)
{
    (void)state;
    wf_digest before = made_city_digest(&city);
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, "person,place,start,stop\n"),
                     WEFT_BAD_INPUT);
    assert_string_equal(city.error.code, "mapping.unknown_column");
    assert_string_equal(city.error.file, "test.csv");
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, ""), WEFT_BAD_INPUT);
    assert_string_equal(city.error.code, "import.no_header");
    wf_path path = scratch_path(&city.store.folder, "map.yaml");
    const char *yaml = "kind: places\nfields:\n  place: {column: a}\n";
    scratch_write(&path, yaml, strlen(yaml));
    weft_import_options options = {.mapping = path.text, .as_of = WEFT_TIME_NONE};
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, WF_TEXT("a\nQ\n"), &options),
        WEFT_BAD_INPUT);
    assert_string_equal(city.error.code, "mapping.other_kind");
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_PLACES, WF_TEXT("a\nQ\n"), &options));
    assert_counts(1, 0, 0);
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, VISITS));
    assert_counts(0, 0, 0);
    assert_false(made_digests_equal(before, made_city_digest(&city)));
}

// A workbook of one sheet.
static void made_sheet(const char *data, wf_buffer *ret)
{
    wf_buffer sheet = {0};
    assert_true(wf_buffer_printf(&sheet,
                                 "<worksheet xmlns=\"%s\"><sheetData>%s"
                                 "</sheetData></worksheet>",
                                 MADE_SPACE, data) &&
                wf_buffer_append(&sheet, "", 1));
    made_book(&(made_xml){.sheet = sheet.bytes}, ret);
    wf_buffer_done(&sheet);
}

static void a_workbook_is_a_file_like_others(void **state)
{
    (void)state;
    wf_buffer book = {0};
    made_sheet("<row><c t=\"str\"><v>case</v></c><c t=\"str\"><v>reported</v></c></row>"
               "<row/><row><c t=\"str\"><v>C-1</v></c><c t=\"str\"><v>2021-12-09</v></c>"
               "</row><row r=\"9\"><c t=\"str\"><v>C-2</v></c><c><v>soon</v></c></row>",
               &book);
    weft_import_options options = {.sheet = "病例", .as_of = WEFT_TIME_NONE};
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_CASES, wf_buffer_text(&book), &options));
    assert_counts(1, 0, 1);
    assert_int_equal(city.refused[0].line, 9);
    assert_string_equal(city.refused[0].field, "reported");
    options.sheet = "其他";
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_CASES, wf_buffer_text(&book), &options),
        WEFT_BAD_INPUT);
    assert_string_equal(city.error.code, "wire.xlsx_no_sheet");
    wf_buffer_done(&book);
}

static void a_date_that_may_be_two_is_asked_for(void **state)
{
    (void)state;
    static const char cases[] = "case,reported,onset\nC-1,2021-12-09,2021-12-08\n"
                                "C-2,2021-12-09,03/12/2021\n";
    wf_digest before = made_city_digest(&city);
    assert_int_equal(made_import(&city, WEFT_IMPORT_CASES, cases), WEFT_BAD_INPUT);
    assert_string_equal(city.error.code, "import.date_order");
    assert_int_equal(city.error.line, 3);
    assert_string_equal(city.error.field, "onset");
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    weft_import_options options = {.dates = WEFT_DATES_DAY_FIRST,
                                   .as_of = WEFT_TIME_NONE};
    assert_imported(
        made_import_bytes(&city, WEFT_IMPORT_CASES, wf_text_of(cases), &options));
    assert_counts(2, 0, 0);
    wf_digest said = made_city_digest(&city);
    assert_imported(made_import(&city, WEFT_IMPORT_CASES,
                                "case,reported,onset\nC-2,2021-12-09,2021-12-03\n"));
    assert_counts(0, 1, 0);
    assert_true(made_digests_equal(said, made_city_digest(&city)));
    // The order that was said goes with the rows that are refused.
    assert_imported(made_import_bytes(
        &city, WEFT_IMPORT_CASES,
        WF_TEXT("case,reported,onset\nC-3,soon,04/12/2021\nC-4,2021-12-09,12/13/2021\n"),
        &options));
    assert_counts(0, 0, 2);
    weft_import_summary summary = city.summary;
    assert_int_equal(wf_import_retry(&city.import, strrchr(summary.refused_file, '/') + 1,
                                     &(weft_import_options){.as_of = WEFT_TIME_NONE},
                                     &city.summary, &city.error),
                     WEFT_OK);
    assert_counts(0, 0, 2);
}

static void an_import_that_is_stopped_or_broken_leaves_all_as_it_was(void **state)
{
    (void)state;
    assert_imported(made_import(&city, WEFT_IMPORT_VISITS, VISITS "P,Q,2021-12-09,\n"));
    wf_digest before = made_city_digest(&city);
    city.stop_after = 1;
    assert_int_equal(
        made_import(&city, WEFT_IMPORT_VISITS, VISITS "P-new,Q,2021-12-09,\nbad,,,\n"),
        WEFT_INTERRUPTED);
    const char cut[] = "\x1F\x8B\x08\x00\x00\x00";
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, (wf_text){cut, sizeof cut}, NULL),
        WEFT_BAD_INPUT);
    assert_true(made_digests_equal(before, made_city_digest(&city)));
    assert_int_equal(
        wf_ids_find(wf_visits_ids(city.store.visits), WF_ID_PERSON, WF_TEXT("P-new")),
        WF_NUMBER_NONE);
    assert_imported(
        made_import(&city, WEFT_IMPORT_VISITS, VISITS "P-new,Q,2021-12-09,\n"));
    assert_counts(1, 0, 0);
}

int main(void)
{
#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_CITY(stays_are_rounded_to_minutes_and_cut_at_midnight),
        IN_CITY(two_places_at_once_are_kept_and_counted_by_person_and_day),
        IN_CITY(rows_that_are_wrong_are_refused_with_line_and_field),
        IN_CITY(the_words_that_are_known_are_said),
        IN_CITY(ids_are_bytes_and_may_hold_quotes_and_blanks),
        IN_CITY(yesterdays_file_grown_by_one_line_adds_one_row),
        IN_CITY(encounters_are_kept_to_the_second_and_in_one_order),
        IN_CITY(encounters_of_a_whole_day_are_guessed_and_known_again),
        IN_CITY(households_get_neighbouring_numbers),
        IN_CITY(registers_merge_by_as_of_and_empty_fields_erase_nothing),
        IN_CITY(places_of_unknown_kind_are_taken_as_other_and_counted),
        IN_CITY(cases_name_people_who_need_not_be_registered),
        IN_CITY(cities_with_a_clock_refuse_what_begins_after_it),
        IN_CITY(real_cities_refuse_what_is_past_keeping),
        IN_CITY(forgotten_days_take_nothing),
        IN_CITY(a_wrong_header_or_mapping_is_a_failure_and_stores_nothing),
        IN_CITY(a_workbook_is_a_file_like_others),
        IN_CITY(a_date_that_may_be_two_is_asked_for),
        IN_CITY(an_import_that_is_stopped_or_broken_leaves_all_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
