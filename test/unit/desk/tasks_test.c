// A task as those who work on it see it: it is over when facts have closed its hole and
// by nothing else, opens again when they are withdrawn, and is with the post above once
// its time is over; in whatever order its facts come.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/command/post.h"
#include "desk/queries.h"
#include "store/query/holes.h"
#include "support/desk_followers.h"
#include "support/edition.h"
#include "support/made_city.h"
#include "support/server.h"

#define FACT(seq, kind, at, body)                                                        \
    "{\"device\":\"I-1\",\"seq\":" #seq ",\"kind\":\"" kind "\",\"at\":\"2021-12-12T" at \
    ":00+08:00\",\"body\":{" body "}}"
#define TIME(clock) "\"2021-12-12T" clock ":00+08:00\""
#define POST "\"post\":\"testing@320282003\""
#define SEALED FACT(1, "tube.sealed", "06:00", "\"tube\":\"T-1\",\"count\":2")
#define GIVEN                                                                            \
    FACT(                                                                                \
        2, "task.assigned", "08:00",                                                     \
        "\"task\":\"K-1\",\"hole\":\"testing/tube_no_result\",\"subject\":\"T-1\"," POST \
        ",\"due\":" TIME("10:00"))
#define HELD                                                                             \
    FACT(3, "post.held", "07:00",                                                        \
         POST ",\"user\":\"wang\",\"from\":" TIME("07:00") ",\"until\":" TIME("20:00"))
#define CITY_HELD                                                                        \
    FACT(9, "post.held", "07:00",                                                        \
         "\"post\":\"testing@3202\",\"user\":\"zhao\",\"from\":" TIME(                   \
             "07:00") ",\"until\":" TIME("23:30"))
#define ACCEPTED FACT(4, "task.accepted", "08:30", "\"task\":\"K-1\"")
#define RETURNED                                                                         \
    FACT(5, "task.returned", "09:00", "\"task\":\"K-1\",\"reason\":\"not_possible\"")
#define RESULTED                                                                         \
    FACT(6, "tube.resulted", "09:30", "\"tube\":\"T-1\",\"result\":\"negative\"")
#define WITHDRAWN                                                                        \
    FACT(7, "fact.withdrawn", "09:40", "\"device\":\"I-1\",\"seq\":6,\"reason\":\"z\"")
#define AGAIN                                                                            \
    FACT(8, "task.assigned", "09:20",                                                    \
         "\"task\":\"K-1\",\"hole\":\"testing/tube_no_result\",\"subject\":\"T-1\","     \
         "\"post\":\"lab@320282\",\"due\":" TIME("11:00"))
#define ABOUT_NOTHING                                                                    \
    FACT(9, "task.assigned", "08:00",                                                    \
         "\"task\":\"K-2\",\"hole\":\"none/such\",\"subject\":\"T-1\"," POST             \
         ",\"due\":" TIME("10:00"))

#define CONTACT                                                                          \
    FACT(10, "contact.confirmed", "07:00",                                               \
         "\"case\":\"C-1\",\"person\":\"P-2\",\"outbreak\":\"O-1\",\"level\":\"close\"," \
         "\"judgement\":\"they met\"")
#define CALLED                                                                           \
    FACT(11, "task.assigned", "08:00",                                                   \
         "\"task\":\"K-3\",\"hole\":\"tracing/contact_not_reached\",\"person\":\"P-2\"," \
         "\"post\":\"tracing@320282003\",\"due\":" TIME("10:00"))
#define SAME FACT(12, "person.same", "08:10", "\"a\":\"P-2\",\"b\":\"P-1\"")
#define REACHED                                                                          \
    FACT(13, "contact.reached", "08:30",                                                 \
         "\"outbreak\":\"O-1\",\"person\":\"P-1\",\"how\":\"phone\"")

#define TAKEN_ABOVE FACT(14, "task.accepted", "09:20", "\"task\":\"K-1\"")
// A post that is bare, is given to the command centre, is held, and bare again by 09:00.
#define OUTBREAK                                                                         \
    FACT(15, "outbreak.declared", "05:00",                                               \
         "\"outbreak\":\"OB-1\",\"pathogen\":\"SARS-CoV-2\"")
#define NIGHT                                                                            \
    FACT(16, "post.held", "05:00",                                                       \
         POST ",\"user\":\"wang\",\"from\":" TIME("05:00") ",\"until\":" TIME("06:00"))
#define BARE(since)                                                                      \
    FACT(17, "task.assigned", "06:30",                                                   \
         "\"task\":\"K-4\",\"hole\":\"command/post_not_held\","                          \
         "\"subject\":\"testing@320282003\",\"post\":\"command@320282\",\"due\":" TIME(  \
             "08:00") since)
#define DAY                                                                              \
    FACT(18, "post.held", "07:00",                                                       \
         POST ",\"user\":\"li\",\"from\":" TIME("07:00") ",\"until\":" TIME("09:00"))
#define NIGHT_AGAIN                                                                      \
    FACT(19, "task.assigned", "07:30",                                                   \
         "\"task\":\"K-5\",\"hole\":\"command/post_not_held\","                          \
         "\"subject\":\"testing@320282003\",\"post\":\"command@320282\",\"due\":" TIME(  \
             "08:00") ",\"since\":" TIME("09:00"))

enum { facts_max = 8 };

static const struct {
    const char *name, *facts[facts_max];
    const char *now;  // "HH:MM"
    const char *says; // "task state owner since holder"
} stories[] = {
    {"what was assigned is open, and with whoever holds the post",
     {SEALED, GIVEN, HELD},
     "08:10",
     "K-1 open testing@320282003 08:00 wang\n"},
    {"a post that nobody holds now is shown without a holder",
     {SEALED, GIVEN, HELD},
     "06:30",
     "K-1 open testing@320282003 08:00 -\n"},
    {"who takes it on accepts it",
     {SEALED, GIVEN, ACCEPTED},
     "08:40",
     "K-1 accepted testing@320282003 08:00 -\n"},
    {"what is returned is with the post above, whoever had accepted it before",
     {SEALED, GIVEN, ACCEPTED, RETURNED},
     "09:10",
     "K-1 returned testing@320282 09:00 -\n"},
    {"what is assigned again after that is open with the new post",
     {SEALED, GIVEN, RETURNED, AGAIN},
     "09:30",
     "K-1 open lab@320282 09:20 -\n"},
    {"at its deadline it is with the town's county, also when it was accepted",
     {SEALED, GIVEN, ACCEPTED, HELD},
     "10:00",
     "K-1 overdue testing@320282 10:00 -\n"},
    {"as long again later it stays there: above it no roster knows anybody",
     {SEALED, GIVEN},
     "23:00",
     "K-1 overdue testing@320282 10:00 -\n"},
    {"or is with the city, where a roster has a post of its own",
     {SEALED, GIVEN, CITY_HELD},
     "23:00",
     "K-1 overdue testing@3202 12:00 zhao\n"},
    {"a fact closes it, not a word of those who work on it",
     {SEALED, GIVEN, ACCEPTED, RESULTED},
     "09:35",
     "K-1 closed testing@320282003 08:00 - tube.resulted I-1/6\n"},
    {"closed it is not overdue, however late it is",
     {SEALED, GIVEN, RETURNED, RESULTED},
     "23:00",
     "K-1 closed testing@320282003 08:00 - tube.resulted I-1/6\n"},
    {"when that fact is withdrawn it is open again by itself",
     {SEALED, GIVEN, RESULTED, WITHDRAWN},
     "09:45",
     "K-1 open testing@320282003 08:00 -\n"},
    {"of a kind of hole that is not known nobody says that it is closed",
     {SEALED, ABOUT_NOTHING},
     "09:00",
     "K-2 unknown testing@320282003 08:00 -\n"},
    {"whose contact is shown under another of their ids is still to be called",
     {CONTACT, CALLED, SAME},
     "08:20",
     "K-3 open tracing@320282003 08:00 -\n"},
    {"and whoever reached them by that id closed it",
     {CONTACT, CALLED, SAME, REACHED},
     "08:40",
     "K-3 closed tracing@320282003 08:00 - contact.reached I-1/13\n"},
    {"what the post above accepts after it came back is theirs",
     {SEALED, GIVEN, RETURNED, TAKEN_ABOVE},
     "09:25",
     "K-1 accepted testing@320282 09:00 -\n"},
    {"who holds a bare post closes the task to find somebody, though the shift ends",
     {OUTBREAK, NIGHT, BARE(",\"since\":" TIME("06:00")), DAY},
     "07:10",
     "K-4 closed command@320282 06:30 -\n"},
    {"what is owed anew of the same subject is not what that task was about",
     {OUTBREAK, NIGHT, BARE(""), DAY},
     "09:30",
     "K-4 closed command@320282 06:30 -\n"},
    {"a task may be given of what will be owed: it is open until that is seen to",
     {OUTBREAK, NIGHT, DAY, NIGHT_AGAIN},
     "07:40",
     "K-5 open command@320282 07:30 -\n"},
    {"what is accepted and was never assigned is no task",
     {SEALED, ACCEPTED},
     "09:00",
     ""},
};

typedef struct {
    made_city city;
    wf_arena arena;
    wf_views *views;
    wf_holes *holes;
    desk_followers desk;
    wf_follower followers[3];
    wf_view_computed functions[8];
} desk;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s\n", error->code, error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static void open_holes(desk *of, const wf_protocol *protocol)
{
    weft_error error = {0};
    wf_holes_options options = {.kinds = wf_desk_kinds(), .protocol = protocol};
    options.files = wf_desk_holes(&options.files_count);
    options.views = wf_desk_readable(&options.views_count);
    ok(wf_holes_new(&options, &of->holes, &error), &error);
}

static void begin(desk *of, const char *where)
{
    weft_error error = {0};
    size_t views_count, computed_count;
    const wf_sql_text *views = wf_desk_views(&views_count);
    const wf_view_computed *computed = wf_desk_computed(&computed_count);
    wf_sql_text ours[16];
    size_t count = 0, functions_count = 0;
    *of = (desk){.city.where = where};
    const wf_protocol *protocol = edition_load("nhc-covid-8", &of->arena);
    open_holes(of, protocol);
    desk_followers_begin(&of->desk, &of->city);
    of->followers[0] = of->desk.all[0];
    of->followers[1] = of->desk.all[1];
    of->followers[2] = *wf_holes_follower(of->holes);
    of->city.followers = of->followers;
    of->city.followers_count = 3;
    made_city_make(&of->city);
    for (size_t i = 0; i < views_count; i++)
        if (strncmp(views[i].name, "command/", 8) == 0)
            ours[count++] = views[i];
    for (size_t i = 0; i < computed_count; i++)
        if (strncmp(computed[i].name, "command/", 8) == 0)
            of->functions[functions_count++] = computed[i];
    wf_views_options options = {.protocol = protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .zone = of->city.store.zone,
                                .texts = ours,
                                .texts_count = count,
                                .computed = of->functions,
                                .computed_count = functions_count};
    ok(wf_views_open(&options, &of->views, &error), &error);
}

static void end(desk *of)
{
    wf_views_close(of->views);
    made_city_done(&of->city);
    desk_followers_end(&of->desk);
    wf_holes_free(of->holes);
    wf_arena_done(&of->arena);
}

// Of two facts a line each; the last may come again.
static void tell(desk *of, const char *const *facts, bool backwards)
{
    wf_buffer lines = {0};
    size_t count = 0;
    while (count < facts_max && facts[count] != NULL)
        count++;
    for (size_t i = 0; i <= count; i++) {
        size_t at = i == count ? 0 : backwards ? count - 1 - i : i;
        assert_true(wf_buffer_printf(&lines, "%s\n", facts[at]));
    }
    assert_true(wf_buffer_append(&lines, "", 1));
    ok(made_import(&of->city, WEFT_IMPORT_FACTS, lines.bytes), &of->city.error);
    assert_int_equal(of->city.summary.refused, 0);
    wf_buffer_done(&lines);
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

// Within a grid, and what is with one post; "": all.
static wf_view_page ask_of(desk *of, const char *name, const char *clock,
                           const char *grid, const char *owner)
{
    weft_error error = {0};
    wf_view_page page = {0};
    wf_value filters[WF_SQL_LIST_MAX] = {0};
    char now[32];
    wf_view *view = wf_views_find(of->views, wf_text_of(name));
    const wf_sql_file *file = wf_view_file(view);
    snprintf(now, sizeof now, "2021-12-12 %s", clock);
    for (size_t i = 0; i < file->filters_count; i++)
        if (*owner != '\0' && strcmp(file->columns[file->filters[i]].name, "owner") == 0)
            filters[i] = (wf_value){.given = true, .text = wf_text_of(owner)};
    wf_view_question asked = {.filters = filters,
                              .grid = wf_text_of(grid),
                              .limit = 100,
                              .now = made_time(&of->city.store, now)};
    ok(wf_view_ask(view, &asked, &of->arena, &page, &error), &error);
    return page;
}

static wf_view_page ask(desk *of, const char *name, const char *clock)
{
    return ask_of(of, name, clock, "", "");
}

static void put(wf_buffer *to, const wf_value *value)
{
    assert_true(wf_buffer_printf(to, " %.*s",
                                 value->text.size > 0 ? (int)value->text.size : 1,
                                 value->text.size > 0 ? value->text.bytes : "-"));
}

static void read_tasks(desk *of, const char *clock, wf_buffer *to)
{
    wf_view *view = wf_views_find(of->views, WF_TEXT("command/tasks"));
    wf_view_page page = ask(of, "command/tasks", clock);
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        char since[WF_TIME_TEXT_MAX];
        wf_text task = row[column_of(view, "task")].text;
        wf_time_text(since, (weft_time){row[column_of(view, "owner_since")].number},
                     of->city.store.zone);
        assert_true(wf_buffer_printf(to, "%.*s", (int)task.size, task.bytes));
        put(to, &row[column_of(view, "state")]);
        put(to, &row[column_of(view, "owner")]);
        assert_true(wf_buffer_printf(to, " %.5s", since + 11));
        put(to, &row[column_of(view, "holder")]);
        if (row[column_of(view, "closed_kind")].given) {
            put(to, &row[column_of(view, "closed_kind")]);
            put(to, &row[column_of(view, "closed_by")]);
        }
        assert_true(wf_buffer_append(to, "\n", 1));
    }
    assert_true(wf_buffer_append(to, "", 1));
}

static void check_story(size_t story, const char *where, bool backwards)
{
    desk of;
    wf_buffer said = {0};
    begin(&of, where);
    tell(&of, stories[story].facts, backwards);
    read_tasks(&of, stories[story].now, &said);
    if (strcmp(said.bytes, stories[story].says) != 0)
        fail_msg("%s%s:\n%sinstead of\n%s", stories[story].name,
                 backwards ? ", backwards" : "", said.bytes, stories[story].says);
    wf_buffer_done(&said);
    end(&of);
}

static void a_task_stands_as_its_hole_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        check_story(i, NULL, false);
}

static void in_any_order_and_twice_it_stands_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
        check_story(i, NULL, true);
}

static void both_engines_say_the_same(void **state)
{
    (void)state;
    if (!has_server)
        skip();
    test_address where = test_postgres_schema(&server);
    check_story(5, where.text, true); // accepted, held by somebody else, and overdue
}

// "hole tasks/open/accepted/overdue/returned/closed/unknown", a line a kind.
static void says_counts(desk *of, const char *clock, const char *grid, const char *owner,
                        const char *says)
{
    static const char *const counts[] = {"tasks",    "open",   "accepted", "overdue",
                                         "returned", "closed", "unknown"};
    wf_buffer said = {0};
    wf_view *view = wf_views_find(of->views, WF_TEXT("command/task_counts"));
    wf_view_page page = ask_of(of, "command/task_counts", clock, grid, owner);
    int64_t all = 0;
    for (size_t i = 0; i < page.rows_count; i++) {
        const wf_value *row = page.values + i * page.columns_count;
        wf_text hole = row[column_of(view, "hole")].text;
        assert_true(wf_buffer_printf(&said, "%.*s ", (int)hole.size, hole.bytes));
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            assert_true(
                wf_buffer_printf(&said, k > 0 ? "/%lld" : "%lld",
                                 (long long)row[column_of(view, counts[k])].number));
        assert_true(wf_buffer_append(&said, "\n", 1));
        all += row[column_of(view, "tasks")].number;
    }
    assert_true(wf_buffer_append(&said, "", 1));
    assert_string_equal(said.bytes, says);
    page = ask_of(of, "command/tasks", clock, grid, owner);
    assert_int_equal(page.rows_count, all);
    wf_buffer_done(&said);
}

static void counts_are_the_rows_added_up(void **state)
{
    static const char *const facts[facts_max] = {
        SEALED,
        GIVEN,
        ACCEPTED,
        ABOUT_NOTHING,
        CONTACT,
        CALLED,
        FACT(14, "task.assigned", "08:00",
             "\"task\":\"K-4\",\"hole\":\"testing/tube_no_result\",\"subject\":\"T-1\","
             "\"post\":\"testing@320214\",\"due\":" TIME("20:00"))};
    desk of;
    (void)state;
    begin(&of, NULL);
    tell(&of, facts, false);
    says_counts(&of, "09:00", "", "",
                "none/such 1/0/0/0/0/0/1\n"
                "testing/tube_no_result 2/1/1/0/0/0/0\n"
                "tracing/contact_not_reached 1/1/0/0/0/0/0\n");
    says_counts(&of, "09:00", "320282", "",
                "none/such 1/0/0/0/0/0/1\n"
                "testing/tube_no_result 1/0/1/0/0/0/0\n"
                "tracing/contact_not_reached 1/1/0/0/0/0/0\n");
    says_counts(&of, "09:00", "320283", "", "");
    // At its deadline it is with the post above.
    says_counts(&of, "10:00", "", "testing@320282003", "");
    says_counts(&of, "10:00", "", "testing@320282",
                "none/such 1/0/0/0/0/0/1\ntesting/tube_no_result 1/0/0/1/0/0/0\n");
    says_counts(&of, "10:00", "320214", "testing@320282", "");
    end(&of);
}

// post holder next tasks overdue
static void posts_say_who_holds_them_and_what_lies_there(void **state)
{
    static const char *const facts[facts_max] = {
        SEALED,
        GIVEN,
        HELD,
        FACT(10, "post.held", "07:00",
             POST ",\"user\":\"li\",\"from\":" TIME("20:00") ",\"until\":" TIME("23:00")),
        FACT(14, "shift.handed_over", "08:20", POST ",\"note\":\"one\""),
        FACT(15, "shift.handed_over", "08:40", POST ",\"note\":\"two\"")};
    desk of;
    wf_view_page page;
    (void)state;
    begin(&of, NULL);
    tell(&of, facts, false);
    wf_view *view = wf_views_find(of.views, WF_TEXT("command/posts"));
    page = ask(&of, "command/posts", "09:00");
    assert_int_equal(page.rows_count, 1);
    assert_true(
        wf_text_equal(page.values[column_of(view, "holder")].text, WF_TEXT("wang")));
    assert_true(wf_text_equal(page.values[column_of(view, "next")].text, WF_TEXT("li")));
    assert_int_equal(page.values[column_of(view, "tasks")].number, 1);
    // One follows the other: nobody is there when the second has gone.
    assert_int_equal(page.values[column_of(view, "bare_from")].number,
                     page.values[column_of(view, "next_from")].number +
                         3 * 60 * WF_US_PER_MINUTE);
    assert_false(page.values[column_of(view, "bare_until")].given);
    // That there is something to be read of who went, and of when.
    assert_int_equal(page.values[column_of(view, "told_at")].number,
                     made_time(&of.city.store, "2021-12-12 08:40").us);
    assert_true(
        wf_text_equal(page.values[column_of(view, "told_by")].text, WF_TEXT("I-1")));
    page = ask(&of, "command/posts", "08:10");
    assert_false(page.values[column_of(view, "told_at")].given);
    // Every shift that lasts or comes.
    wf_view *shifts = wf_views_find(of.views, WF_TEXT("command/shifts"));
    page = ask(&of, "command/shifts", "09:00");
    assert_int_equal(page.rows_count, 2);
    assert_true(
        wf_text_equal(page.values[column_of(shifts, "holder")].text, WF_TEXT("li")));
    assert_true(page.values[column_of(shifts, "grid")].given);
    page = ask(&of, "command/shifts", "21:00"); // the first has gone
    assert_int_equal(page.rows_count, 1);
    page = ask(&of, "command/posts", "21:00"); // by then it is overdue, with those above
    assert_int_equal(page.rows_count, 2);
    assert_int_equal(page.values[column_of(view, "holder")].text.size, 0);
    assert_int_equal(page.values[column_of(view, "overdue")].number, 1);
    end(&of);
}

// Whose last shift is over is not off the roster: it is the post that somebody is owed
// at.
static void a_post_stays_listed_when_its_last_shift_is_over(void **state)
{
    static const char *const facts[facts_max] = {
        HELD, FACT(11, "outbreak.declared", "06:00",
                   "\"outbreak\":\"OB-1\",\"pathogen\":\"SARS-CoV-2\"")};
    desk of;
    wf_view_page page;
    (void)state;
    begin(&of, NULL);
    tell(&of, facts, false);
    wf_view *view = wf_views_find(of.views, WF_TEXT("command/posts"));
    page = ask(&of, "command/posts", "09:00");
    assert_int_equal(page.rows_count, 1);
    assert_true(
        wf_text_equal(page.values[column_of(view, "holder")].text, WF_TEXT("wang")));
    page = ask(&of, "command/posts", "23:30");
    assert_int_equal(page.rows_count, 1);
    assert_int_equal(page.values[column_of(view, "holder")].text.size, 0);
    assert_true(page.values[column_of(view, "bare_from")].given);
    end(&of);
}

static void a_post_goes_up_the_grid_as_far_as_its_city(void **state)
{
    static const struct {
        const char *post;
        size_t steps, top;
        const char *above;
    } all[] = {
        {"tracing@320282003105", 0, 4, "tracing@320282003105"},
        {"tracing@320282003105", 1, 4, "tracing@320282003"},
        {"tracing@320282003", 1, 4, "tracing@320282"},
        {"tracing@320282", 1, 4, "tracing@3202"},
        {"tracing@320282", 1, 6, "tracing@320282"},
        {"tracing@320282003105", 9, 6, "tracing@320282"},
        {"tracing@3202", 1, 4, "tracing@3202"},
        {"tracing@320282003105", 9, 4, "tracing@3202"},
        {"tracing@32", 1, 4, "tracing@32"},
        {"tracing", 3, 4, "tracing"},
        {"", 1, 4, ""},
    };
    wf_arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true(wf_text_equal(
            wf_post_above(wf_text_of(all[i].post), all[i].steps, all[i].top, &arena),
            wf_text_of(all[i].above)));
    wf_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_stands_as_its_hole_does),
        cmocka_unit_test(in_any_order_and_twice_it_stands_the_same),
        cmocka_unit_test(both_engines_say_the_same),
        cmocka_unit_test(counts_are_the_rows_added_up),
        cmocka_unit_test(posts_say_who_holds_them_and_what_lies_there),
        cmocka_unit_test(a_post_stays_listed_when_its_last_shift_is_over),
        cmocka_unit_test(a_post_goes_up_the_grid_as_far_as_its_city),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
