// Plain contacts and who, through the public functions, on a city in a folder.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "access/city/city.h"
#include "base/prng.h"
#include "support/scratch.h"
#include "weft/facts.h"
#include "weft/lookup.h"

typedef struct {
    wf_path folder, keys;
    weft_city *city;
} fixture;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void make(fixture *f, weft_city_kind kind)
{
    weft_error error = {0};
    scratch_new(&f->folder);
    scratch_new(&f->keys);
    wf_path dir = scratch_path(&f->folder, "city");
    weft_init_options options = {.kind = kind, .keys.key_dir = f->keys.text};
    if (kind == WEFT_CITY_DRILL)
        options.clock = "2021-12-12T06:00+08:00";
    ok(weft_city_init(dir.text, &options, &error), &error);
    ok(weft_city_open(dir.text, &options.keys, &f->city, &error), &error);
    weft_city_threads(f->city, 2);
}

static void done(fixture *f)
{
    weft_city_close(f->city);
    scratch_remove(f->folder.text);
    scratch_remove(f->keys.text);
}

static weft_time at(const fixture *f, const char *text)
{
    weft_time time = WEFT_TIME_NONE;
    weft_error error = {0};
    ok(weft_city_time_parse(f->city, text, &time, &error), &error);
    return time;
}

static uint32_t number_of(const fixture *f, wf_id_class id_class, const char *id)
{
    uint32_t number;
    weft_error error = {0};
    wf_text text = wf_text_of(id);
    ok(wf_ids_intern_many(wf_visits_ids(f->city->visits), id_class, &text, 1, &number,
                          &error),
       &error);
    return number;
}

typedef struct {
    const char *person, *place;
    int32_t day; // of December 2021
    uint16_t start, end;
    uint8_t marks;
} piece;

// A night in one room over midnight, a table shared on the 9th, another on the 10th.
static const piece pieces[] = {
    {"P-2", "ROOM", 8, 1320, 1440, WF_MARK_INTO_NEXT},
    {"P-2", "ROOM", 9, 0, 420, WF_MARK_FROM_BEFORE},
    {"P-1", "ROOM", 8, 1380, 1440, WF_MARK_INTO_NEXT},
    {"P-1", "ROOM", 9, 0, 480, WF_MARK_FROM_BEFORE | WF_MARK_END_GUESSED},
    {"P-1", "TABLE", 9, 720, 780, 0},
    {"P-3", "TABLE", 9, 750, 840, 0},
    {"P-3", "SHOP", 10, 600, 660, 0},
    {"P-4", "SHOP", 10, 630, 650, 0},
};

static void fill(fixture *f)
{
    weft_error error = {0};
    wf_visits_batch *batch = NULL;
    wf_visits_batch_count count;
    ok(wf_visits_batch_begin(f->city->visits, 1 << 24, &batch, &error), &error);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        weft_day day;
        assert_true(wf_day_from_date(2021, 12, pieces[i].day, &day));
        wf_visit_row row = {.person = number_of(f, WF_ID_PERSON, pieces[i].person),
                            .place = number_of(f, WF_ID_PLACE, pieces[i].place),
                            .start = pieces[i].start,
                            .end = pieces[i].end,
                            .ordinal = (uint32_t)i,
                            .marks = pieces[i].marks};
        ok(wf_visits_batch_add(batch, day, &row, 1, &error), &error);
    }
    ok(wf_visits_batch_commit(batch, NULL, NULL, &count, &error), &error);
}

typedef struct {
    const fixture *f;
    char lines[1024];
    size_t rows, stop_after;
} seen;

static void note(seen *to, const char *line)
{
    size_t used = strlen(to->lines);
    (void)snprintf(to->lines + used, sizeof to->lines - used, "%s\n", line);
    to->rows++;
}

static bool note_contact(void *context, const weft_plain_contact *row)
{
    seen *to = context;
    char line[200], first[40], last[40];
    weft_city_time_text(to->f->city, row->first, first);
    weft_city_time_text(to->f->city, row->last, last);
    (void)snprintf(line, sizeof line, "%s %u %lld %.16s %.16s %s %lld", row->person,
                   row->generation, (long long)row->seconds, first, last,
                   row->via != NULL ? row->via : "-", (long long)row->via_seconds);
    note(to, line);
    return to->stop_after == 0 || to->rows < to->stop_after;
}

static void plain_contacts_come_in_order_with_their_via(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary;
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    seen to = {.f = &f};
    weft_plain_query query = {.person = "P-1",
                              .from = at(&f, "2021-12-08"),
                              .to = at(&f, "2021-12-12"),
                              .generations = 2};
    ok(weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error), &error);
    assert_string_equal(to.lines,
                        "P-2 1 28800 2021-12-08T23:00 2021-12-09T07:00 - 0\n"
                        "P-3 1 1800 2021-12-09T12:30 2021-12-09T13:00 - 0\n"
                        "P-4 2 1200 2021-12-10T10:30 2021-12-10T10:50 P-3 1200\n");
    assert_int_equal(summary.rows, 3);
    assert_true(summary.complete);
    query.limit = 2;
    to = (seen){.f = &f};
    ok(weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error), &error);
    assert_int_equal(to.rows, 2);
    query.count_only = true;
    ok(weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error), &error);
    assert_int_equal(to.rows, 2); // none more
    assert_int_equal(summary.rows, 3);
    query.count_only = false;
    to = (seen){.f = &f, .stop_after = 1};
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_INTERRUPTED);
    done(&f);
}

static bool note_stay(void *context, const weft_stay *row)
{
    seen *to = context;
    char line[200], start[40], end[40];
    weft_city_time_text(to->f->city, row->start, start);
    weft_city_time_text(to->f->city, row->end, end);
    (void)snprintf(line, sizeof line, "%s %.16s %.16s%s", row->person, start, end,
                   row->end_guessed ? " guessed" : "");
    note(to, line);
    return true;
}

static void who_shows_stays_whole_where_midnight_or_the_window_cut_them(void **state)
{
    (void)state;
    static const char *const windows[][2] = {
        {"2021-12-08", "2021-12-10"},             // both days
        {"2021-12-08 23:30", "2021-12-08 23:40"}, // the evening alone
        {"2021-12-09 01:00", "2021-12-09 02:00"}, // the morning alone
    };
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary;
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        seen to = {.f = &f};
        weft_who_query query = {
            .place = "ROOM", .from = at(&f, windows[i][0]), .to = at(&f, windows[i][1])};
        ok(weft_who(f.city, &query, note_stay, &to, &summary, &error), &error);
        assert_string_equal(to.lines, "P-2 2021-12-08T22:00 2021-12-09T07:00\n"
                                      "P-1 2021-12-08T23:00 2021-12-09T08:00 guessed\n");
        assert_int_equal(summary.rows, 2);
    }
    seen to = {.f = &f};
    weft_who_query after = {.place = "ROOM",
                            .from = at(&f, "2021-12-09 08:00"),
                            .to = at(&f, "2021-12-09 09:00")};
    ok(weft_who(f.city, &after, note_stay, &to, &summary, &error), &error);
    assert_int_equal(summary.rows, 0); // half-open
    done(&f);
}

static void unknown_ids_and_turned_windows_are_refused(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary;
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    seen to = {.f = &f};
    weft_plain_query query = {.person = "P-9",
                              .from = at(&f, "2021-12-08"),
                              .to = at(&f, "2021-12-12"),
                              .generations = 1};
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_NOT_FOUND);
    query.person = "P-1";
    query.generations = 3;
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_BAD_USAGE);
    query.generations = 1;
    query.to = at(&f, "2021-12-07");
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_BAD_USAGE);
    weft_who_query who = {.place = "NOWHERE", .from = query.from, .to = query.from};
    assert_int_equal(weft_who(f.city, &who, note_stay, &to, &summary, &error),
                     WEFT_NOT_FOUND);
    assert_int_equal(to.rows, 0);
    done(&f);
}

static void forgotten_days_make_an_answer_incomplete(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary;
    wf_visits_purge_count purged;
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    weft_day ninth;
    assert_true(wf_day_from_date(2021, 12, 9, &ninth));
    ok(wf_visits_purge(f.city->visits, ninth, NULL, NULL, &purged, &error), &error);
    seen to = {.f = &f};
    weft_plain_query query = {.person = "P-1",
                              .from = at(&f, "2021-12-08"),
                              .to = at(&f, "2021-12-12"),
                              .generations = 1};
    ok(weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error), &error);
    assert_string_equal(to.lines, "P-2 1 25200 2021-12-09T00:00 2021-12-09T07:00 - 0\n"
                                  "P-3 1 1800 2021-12-09T12:30 2021-12-09T13:00 - 0\n");
    assert_false(summary.complete);
    assert_int_equal(summary.missing_count, 1);
    assert_int_equal(summary.missing[0].day.number, ninth.number - 1);
    assert_int_equal(summary.missing[0].why, WEFT_DAY_FORGOTTEN);
    done(&f);
}

static void a_damaged_day_is_said_after_the_rows_that_are_left(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary = {0};
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    weft_city_close(f.city);
    wf_path path = scratch_path(&f.folder, "city/visits/2021-12-09.day");
    size_t size;
    char *bytes = scratch_read(&path, &size);
    assert_non_null(bytes);
    bytes[size / 2] ^= 1;
    scratch_write(&path, bytes, size);
    free(bytes);
    wf_path dir = scratch_path(&f.folder, "city");
    weft_key_options keys = {.key_dir = f.keys.text};
    ok(weft_city_open(dir.text, &keys, &f.city, &error), &error);
    seen to = {.f = &f};
    weft_plain_query query = {.person = "P-1",
                              .from = at(&f, "2021-12-08"),
                              .to = at(&f, "2021-12-12"),
                              .generations = 1};
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_DAMAGED);
    assert_string_equal(to.lines, "P-2 1 3600 2021-12-08T23:00 2021-12-09T00:00 - 0\n");
    assert_int_equal(summary.rows, 1);
    assert_false(summary.complete);
    assert_int_equal(summary.missing_count, 1);
    assert_int_equal(summary.missing[0].why, WEFT_DAY_DAMAGED);
    to = (seen){.f = &f};
    weft_who_query who = {.place = "ROOM", .from = query.from, .to = query.to};
    assert_int_equal(weft_who(f.city, &who, note_stay, &to, &summary, &error),
                     WEFT_DAMAGED);
    assert_string_equal(to.lines, "P-2 2021-12-08T22:00 2021-12-09T00:00\n"
                                  "P-1 2021-12-08T23:00 2021-12-09T00:00\n");
    done(&f);
}

static void a_real_city_is_not_asked_without_a_case(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_lookup_summary summary;
    make(&f, WEFT_CITY_REAL);
    seen to = {.f = &f};
    weft_plain_query query = {.person = "P-1",
                              .from = at(&f, "2021-12-08"),
                              .to = at(&f, "2021-12-12"),
                              .generations = 1};
    assert_int_equal(
        weft_contacts_plain(f.city, &query, note_contact, &to, &summary, &error),
        WEFT_NOT_ALLOWED);
    weft_who_query who = {.place = "ROOM", .from = query.from, .to = query.to};
    assert_int_equal(weft_who(f.city, &who, note_stay, &to, &summary, &error),
                     WEFT_NOT_ALLOWED);
    done(&f);
}

// ---- ids of one person ----

static bool note_ranked(void *context, const weft_contact *row)
{
    char line[200];
    (void)snprintf(line, sizeof line, "%s %d", row->person, (int)row->level);
    note(context, line);
    return true;
}

static void say_pair(const fixture *f, const char *kind, const char *a, const char *b)
{
    char one[40], other[40];
    const char *fields[] = {one, other};
    const weft_fact_options options = {.device = "cli", .at = at(f, "2021-12-11")};
    weft_error error = {0};
    weft_fact_reply reply;
    (void)snprintf(one, sizeof one, "a=%s", a);
    (void)snprintf(other, sizeof other, "b=%s", b);
    ok(weft_fact_send(f->city, kind, fields, 2, &options, &reply, &error), &error);
}

static void finds(const fixture *f, const char *lines, uint64_t close, uint64_t most)
{
    seen to = {.f = f};
    weft_error error = {0};
    weft_contacts_summary summary;
    const weft_contacts_rows rows = {.contact = note_ranked, .context = &to};
    const weft_contacts_query query = {.person = "P-1",
                                       .from = at(f, "2021-12-08"),
                                       .to = at(f, "2021-12-12"),
                                       .generations = 1,
                                       .most = most};
    ok(weft_contacts(f->city, &query, &rows, &summary, &error), &error);
    assert_string_equal(to.lines, lines);
    assert_int_equal(summary.close, close);
}

// Who was met by two ids is one contact, and nobody is their own.
static void a_look_up_has_each_person_once(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_DRILL);
    fill(&f);
    finds(&f, "P-2 0\nP-3 0\n", 2, 0);
    say_pair(&f, "person.same", "P-2", "P-3");
    finds(&f, "P-2 0\n", 1, 0);
    finds(&f, "P-2 0\n", 1, 1);
    // What was told of their other ids is theirs: P-3, who is P-1, met P-4.
    say_pair(&f, "person.same", "P-1", "P-2");
    finds(&f, "P-4 0\n", 1, 0);
    say_pair(&f, "person.not_same", "P-2", "P-3");
    finds(&f, "P-3 0\n", 1, 0);
    say_pair(&f, "person.not_same", "P-1", "P-2");
    finds(&f, "P-2 0\nP-3 0\n", 2, 0);
    done(&f);
}

// ---- a case with several ids answers as one that has one ----

enum { law_seeds = 6, law_stays = 60, law_people = 9, law_ids = 3, law_places = 4 };

static const char *const law_names[law_people + law_ids] = {
    "P-1", "P-2", "P-3", "P-4",  "P-5",  "P-6",
    "P-7", "P-8", "P-9", "P-1a", "P-1b", "P-1c"};

// The same stays of nine people; those of the first are told of all of their ids, or of
// one.
static void fill_drawn(const fixture *f, uint64_t seed, bool split)
{
    static const char *const places[law_places] = {"A", "B", "C", "D"};
    wf_prng dice = wf_prng_new(seed);
    weft_error error = {0};
    wf_visits_batch *batch = NULL;
    wf_visits_batch_count count;
    ok(wf_visits_batch_begin(f->city->visits, 1 << 24, &batch, &error), &error);
    for (uint32_t i = 0; i < law_stays; i++) {
        weft_day day;
        uint32_t who = i % 4 == 0 ? 0 : wf_prng_below(&dice, law_people);
        uint32_t other = wf_prng_below(&dice, law_ids + 1);
        uint16_t start = (uint16_t)(wf_prng_below(&dice, 40) * 30);
        uint16_t minutes = (uint16_t)(30 + wf_prng_below(&dice, 180));
        assert_true(wf_day_from_date(2021, 12, 8 + (int)wf_prng_below(&dice, 3), &day));
        if (who == 0 && split && other > 0)
            who = law_people + other - 1;
        const char *place = places[wf_prng_below(&dice, law_places)];
        wf_visit_row row = {.person = number_of(f, WF_ID_PERSON, law_names[who]),
                            .place = number_of(f, WF_ID_PLACE, place),
                            .start = start,
                            .end = (uint16_t)(start + minutes),
                            .ordinal = i};
        ok(wf_visits_batch_add(batch, day, &row, 1, &error), &error);
    }
    ok(wf_visits_batch_commit(batch, NULL, NULL, &count, &error), &error);
}

static bool note_whole(void *context, const weft_contact *row)
{
    char line[200];
    (void)snprintf(line, sizeof line, "%s %d %.9f %lld %lld %lld %zu", row->person,
                   (int)row->level, row->probability, (long long)row->seconds,
                   (long long)row->first_exposure.us, (long long)row->last_exposure.us,
                   row->reasons_count);
    note(context, line);
    return true;
}

static void find_whole(const fixture *f, unsigned generations, seen *to)
{
    weft_error error = {0};
    weft_contacts_summary summary;
    *to = (seen){.f = f};
    const weft_contacts_rows rows = {.contact = note_whole, .context = to};
    const weft_contacts_query query = {.person = "P-1",
                                       .from = at(f, "2021-12-08"),
                                       .to = at(f, "2021-12-12"),
                                       .generations = generations};
    ok(weft_contacts(f->city, &query, &rows, &summary, &error), &error);
}

// Joined, in any order of the ids, the answer is that of one id; parted, it is what it
// was before.
static void law_of(uint64_t seed)
{
    fixture whole, parts;
    seen one, before, joined, after;
    make(&whole, WEFT_CITY_DRILL);
    make(&parts, WEFT_CITY_DRILL);
    fill_drawn(&whole, seed, false);
    fill_drawn(&parts, seed, true);
    for (unsigned generations = 1; generations <= 2; generations++) {
        find_whole(&whole, generations, &one);
        find_whole(&parts, generations, &before);
        assert_true(one.rows > 0);
        for (size_t i = 0; i < law_ids; i++)
            say_pair(&parts, "person.same", law_names[law_people + (i + seed) % law_ids],
                     "P-1");
        find_whole(&parts, generations, &joined);
        assert_string_equal(joined.lines, one.lines);
        for (size_t i = 0; i < law_ids; i++)
            say_pair(&parts, "person.not_same", law_names[law_people + i], "P-1");
        find_whole(&parts, generations, &after);
        assert_string_equal(after.lines, before.lines);
        assert_true(strcmp(before.lines, one.lines) != 0);
    }
    done(&whole);
    done(&parts);
}

static void a_case_with_several_ids_answers_as_with_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= law_seeds; seed++)
        law_of(seed);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_contacts_come_in_order_with_their_via),
        cmocka_unit_test(who_shows_stays_whole_where_midnight_or_the_window_cut_them),
        cmocka_unit_test(unknown_ids_and_turned_windows_are_refused),
        cmocka_unit_test(forgotten_days_make_an_answer_incomplete),
        cmocka_unit_test(a_damaged_day_is_said_after_the_rows_that_are_left),
        cmocka_unit_test(a_real_city_is_not_asked_without_a_case),
        cmocka_unit_test(a_look_up_has_each_person_once),
        cmocka_unit_test(a_case_with_several_ids_answers_as_with_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
