// Lists hold whom the questions about one person reach: their grid, custody, assignment.
// What is reached is held to the table by policy_test.c; here each list is held to that.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/rights/answers.h"
#include "access/rights/scope.h"
#include "support/open_city.h"

// Who lives where, and how they came to the town 320282001.
static const struct {
    const char *person, *grid;
} people[] = {{"P-0000000", "320205001001"}, // the user themselves
              {"P-0000001", "320282001003"}, // lives there
              {"P-0000002", "320282002001"}, // next door
              {"P-0000003", "310101001001"}, // in another city
              {"P-0000004", "320205001003"}, // handed over
              {"P-0000005", "320205001004"}, // handed over until yesterday
              {"P-0000006", "320205001005"}, // the user is assigned
              {"P-0000007", "320205001006"}, // was, until yesterday
              {"P-0000008", "320282001004"}, // lives there, and was handed over
              {"P-0000009", "320205001007"}, // of a case that the user is assigned to
              {"P-000000a", ""}};            // nobody knows where
enum { people_count = sizeof people / sizeof *people, of_case = 9 };

static void send_at(open_city *city, const char *kind, const char *text)
{
    open_city_send(city, "cli", NULL, kind, text);
}

// The city's clock is its newest fact's: one comes the day after the others.
static void go_on_to_noon(open_city *city)
{
    const char *fields[] = {"grid=320282001", "name=x"};
    const weft_fact_options options = {.device = "cli",
                                       .at = {INT64_C(1639310400000000)}};
    weft_error error = {0};
    weft_fact_reply reply;
    open_city_ok(
        weft_fact_send(city->city, "grid.renamed", fields, 2, &options, &reply, &error),
        &error);
}

static void fill(open_city *city)
{
    char text[200];
    send_at(city, "user.added", "user=u role=investigator grid=320282001");
    for (size_t i = 0; i < people_count; i++) {
        int size = people[i].grid[0] != '\0'
                       ? snprintf(text, sizeof text, "person=%s grid=%s",
                                  people[i].person, people[i].grid)
                       : snprintf(text, sizeof text, "person=%s", people[i].person);
        assert_in_range(size, 1, sizeof text - 1);
        send_at(city, "person.registered", text);
        snprintf(text, sizeof text, "case=%s person=%s outbreak=O-1 how=interview",
                 i == of_case ? "C-FAR" : "C-ELSE", people[i].person);
        send_at(city, "contact.named", text);
    }
    send_at(city, "case.reported", "case=C-FAR person=P-0000003 reported=2021-12-12");
    send_at(city, "case.reported", "case=C-CUSTODY person=P-0000004 reported=2021-12-12");
    // Somebody else's, for nobody is a contact of their own case.
    send_at(city, "person.registered", "person=P-0000042 grid=320282002001");
    send_at(city, "case.reported", "case=C-ELSE person=P-0000042 reported=2021-12-12");
    send_at(city, "custody.given",
            "custody=K-1 person=P-0000004 grid=320282001002 "
            "until=2021-12-13T12:00:00Z because=cli/1");
    send_at(city, "custody.given",
            "custody=K-2 person=P-0000005 grid=320282001 "
            "until=2021-12-12T11:00:00Z because=cli/1");
    send_at(city, "custody.given",
            "custody=K-3 person=P-0000008 grid=320282001 "
            "until=2021-12-13T12:00:00Z because=cli/1");
    send_at(city, "custody.given",
            "custody=K-4 person=P-0000003 grid=320282002 "
            "until=2021-12-13T12:00:00Z because=cli/1");
    for (const char *const *custody =
             (const char *const[]){"custody=K-1", "custody=K-2", "custody=K-3",
                                   "custody=K-4", NULL};
         *custody != NULL; custody++)
        open_city_send(city, "taker", NULL, "custody.taken", *custody);
    // Nobody has taken them yet.
    send_at(city, "custody.given",
            "custody=K-5 person=P-0000002 grid=320282001 "
            "until=2021-12-13T12:00:00Z because=cli/1");
    send_at(city, "assignment.given",
            "assignment=A-1 user=u reference=task:T-1 "
            "person=P-0000006 until=2021-12-13T12:00:00Z");
    send_at(city, "assignment.given",
            "assignment=A-2 user=u reference=task:T-2 "
            "person=P-0000007 until=2021-12-12T11:00:00Z");
    send_at(city, "assignment.given",
            "assignment=A-3 user=u reference=case:C-FAR "
            "until=2021-12-13T12:00:00Z");
    go_on_to_noon(city);
}

static wf_actor actor_of(const open_city *city, wf_role role)
{
    const wf_numbers *numbers = wf_store_numbers(city->city->store);
    return (wf_actor){.kind = WF_ACTOR_USER,
                      .role = role,
                      .name = "u",
                      .grid = "320282001",
                      .person = "P-0000000",
                      .person_number = numbers->find(numbers->context, WF_COLUMN_PERSON,
                                                     WF_TEXT("P-0000000"))};
}

static wf_asker asker_of(const open_city *city, const wf_actor *actor)
{
    return (wf_asker){city->city, city->city->accounts, actor, weft_city_now(city->city)};
}

// ---- what is listed ----

typedef struct {
    char ids[64][WF_ID_BYTES_MAX + 1];
    size_t count, taken;
} listed;

static void keep(listed *to, const char *id)
{
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->ids[i], id) == 0)
            fail_msg("%s is listed twice", id);
    assert_true(to->count < 64 && strlen(id) <= WF_ID_BYTES_MAX);
    memcpy(to->ids[to->count++], id, strlen(id) + 1);
}

static bool has(const listed *of, const char *id)
{
    for (size_t i = 0; i < of->count; i++)
        if (strcmp(of->ids[i], id) == 0)
            return true;
    return false;
}

static const weft_view_about *view_named(const open_city *city, const char *name)
{
    weft_error error = {0};
    const weft_view_about *abouts;
    size_t count, at = 0;
    open_city_ok(weft_views_list(city->city, &abouts, &count, &error), &error);
    while (at < count && strcmp(abouts[at].name, name) != 0)
        at++;
    assert_true(at < count);
    return &abouts[at];
}

// A column of all pages of a view, two rows a page.
static listed list_column(const wf_asker *asker, const weft_view_about *about,
                          const char *name, const char *sort, const char *grid)
{
    listed all = {.count = 0};
    char after[512] = "";
    size_t column = 0;
    while (strcmp(about->columns[column].name, name) != 0)
        column++;
    do {
        weft_error error = {0};
        weft_view_question question = {.view = about->name,
                                       .sort = sort,
                                       .grid = grid,
                                       .limit = 2,
                                       .after = after[0] != '\0' ? after : NULL};
        weft_view_page page;
        weft_beside room;
        open_city_ok(wf_answers_bind(asker, about, &question, &room, &error), &error);
        open_city_ok(weft_view_read(asker->city, &question, &page, &error), &error);
        for (size_t i = 0; i < page.rows_count; i++)
            keep(&all, page.values[i * about->columns_count + column].text);
        assert_true(page.next == NULL || page.rows_count == 2);
        snprintf(after, sizeof after, "%s", page.next != NULL ? page.next : "");
    } while (after[0] != '\0');
    return all;
}

static listed list_view(const wf_asker *asker, const weft_view_about *about,
                        const char *sort, const char *grid)
{
    return list_column(asker, about, "person", sort, grid);
}

static bool take_hole(void *context, const weft_hole *hole)
{
    listed *to = context;
    if (to->taken == 2)
        return false;
    to->taken++;
    keep(to, hole->subject);
    return true;
}

static listed list_holes(const wf_asker *asker, const char *kind)
{
    listed all = {.count = 0};
    char after[512] = "";
    do {
        weft_error error = {0};
        const weft_holes_query query = {
            .kind = kind, .with_not_due = true, .after = after[0] != '\0' ? after : NULL};
        weft_holes_summary summary;
        all.taken = 0;
        open_city_ok(
            wf_answers_holes(asker, &query, true, take_hole, &all, &summary, &error),
            &error);
        snprintf(after, sizeof after, "%s", summary.next != NULL ? summary.next : "");
    } while (after[0] != '\0');
    return all;
}

// ---- tests ----

static bool reaches(const wf_asker *asker, wf_action action, size_t person)
{
    const wf_numbers *numbers = wf_store_numbers(asker->city->store);
    const wf_subject subject = {.grid = wf_text_of(people[person].grid),
                                .person =
                                    numbers->find(numbers->context, WF_COLUMN_PERSON,
                                                  wf_text_of(people[person].person))};
    return wf_scope_reach(asker->accounts, asker->actor, action, &subject, asker->now) ==
           WF_REACH_ROWS;
}

static void check(const wf_asker *asker, wf_action action, const listed *list,
                  const char *what)
{
    size_t reached = 0;
    for (size_t i = 0; i < people_count; i++) {
        bool is_reached = reaches(asker, action, i);
        reached += is_reached;
        if (has(list, people[i].person) != is_reached)
            fail_msg("%s, %s: %s is%s listed", wf_role_words[asker->actor->role], what,
                     people[i].person, is_reached ? " not" : "");
    }
    assert_int_equal(list->count, reached);
}

static void a_list_holds_whom_each_question_reaches(void **state)
{
    (void)state;
    open_city city;
    size_t readers = 0;
    open_city_begin(&city);
    fill(&city);
    const weft_view_about *persons = view_named(&city, "register/persons");
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++)
        for (int device = 0; device < 2; device++) {
            wf_actor actor = actor_of(&city, (wf_role)role);
            actor.kind = device == 1 ? WF_ACTOR_DEVICE : WF_ACTOR_USER;
            wf_asker asker = asker_of(&city, &actor);
            if (wf_policy_reach(&actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS)
                continue;
            for (size_t sort = 0; sort < persons->sorts_count; sort++) {
                listed list = list_view(&asker, persons, persons->sorts[sort], NULL);
                check(&asker, WF_ACTION_READ_PERSONAL_VIEW, &list, persons->name);
            }
            readers++;
        }
    assert_in_range(readers, 8, 2 * WF_ROLE_COUNT);
    open_city_end(&city);
}

static void holes_are_of_whom_each_question_reaches(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
        wf_actor actor = actor_of(&city, (wf_role)role);
        wf_asker asker = asker_of(&city, &actor);
        if (wf_policy_reach(&actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS)
            continue;
        listed list = list_holes(&asker, "tracing/contact_not_confirmed");
        check(&asker, WF_ACTION_HOLES, &list, "tracing/contact_not_confirmed");
    }
    open_city_end(&city);
}

static void a_case_that_somebody_is_assigned_to_is_on_their_lists(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    wf_actor actor = actor_of(&city, WF_ROLE_INVESTIGATOR);
    wf_asker asker = asker_of(&city, &actor);
    listed cases = list_view(&asker, view_named(&city, "cases/cases"), NULL, NULL);
    assert_true(cases.count == 2 && has(&cases, "P-0000003") && has(&cases, "P-0000004"));
    listed contacts =
        list_view(&asker, view_named(&city, "tracing/contacts"), NULL, NULL);
    assert_true(has(&contacts, people[of_case].person));
    // What a case owes is owed to whoever has the case, or its person.
    listed holes = list_holes(&asker, "cases/not_isolated");
    assert_true(holes.count == 2 && has(&holes, "C-FAR") && has(&holes, "C-CUSTODY"));
    actor.kind = WF_ACTOR_DEVICE;
    holes = list_holes(&asker, "cases/not_isolated");
    assert_true(holes.count == 1 && has(&holes, "C-CUSTODY"));
    open_city_end(&city);
}

// Nobody of them is sampled, and each is said to be here.
static void the_missing_are_those_whom_each_question_reaches(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    const weft_view_about *missing = view_named(&city, "testing/missing");
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
        wf_actor actor = actor_of(&city, (wf_role)role);
        wf_asker asker = asker_of(&city, &actor);
        if (wf_policy_reach(&actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS)
            continue;
        for (size_t sort = 0; sort < missing->sorts_count; sort++) {
            listed list = list_view(&asker, missing, missing->sorts[sort], NULL);
            check(&asker, WF_ACTION_READ_PERSONAL_VIEW, &list, missing->name);
        }
        listed part = list_view(&asker, missing, NULL, "320282001003");
        assert_true(part.count == 1 && has(&part, "P-0000001"));
    }
    open_city_end(&city);
}

// Two ids of one person are missing once; whoever reaches one of them reaches the person.
static void the_missing_are_listed_once_whatever_they_are_called(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    wf_actor actor = actor_of(&city, WF_ROLE_INVESTIGATOR);
    wf_asker asker = asker_of(&city, &actor);
    const weft_view_about *missing = view_named(&city, "testing/missing");
    // Of the two the first id counts.
    send_at(&city, "person.same", "a=P-0000001 b=P-0000004");
    send_at(&city, "person.same", "a=P-0000005 b=P-0000006");
    listed list = list_view(&asker, missing, NULL, NULL);
    assert_true(has(&list, "P-0000001") && has(&list, "P-0000005"));
    assert_true(!has(&list, "P-0000004") && !has(&list, "P-0000006"));
    send_at(&city, "sample.collected", "tube=T-1 person=P-0000006");
    list = list_view(&asker, missing, NULL, NULL);
    assert_true(!has(&list, "P-0000005") && !has(&list, "P-0000006"));
    open_city_end(&city);
}

static void assign_tasks(open_city *city)
{
    char text[200];
    for (size_t i = 0; i < people_count; i++) {
        snprintf(text, sizeof text,
                 "task=%s hole=tracing/contact_not_confirmed person=%s post=x@%s "
                 "due=2021-12-13T12:00:00Z",
                 people[i].person, people[i].person,
                 people[i].grid[0] != '\0' ? people[i].grid : "320205");
        open_city_send(city, "cli", people[i].grid, "task.assigned", text);
    }
    static const struct {
        const char *task, *grid;
    } of_cases[] = {
        {"C-FAR", "310101"}, {"C-CUSTODY", "320205"}, {"C-ELSE", "320282002"}};
    for (size_t i = 0; i < 3; i++) {
        snprintf(text, sizeof text,
                 "task=%s hole=cases/not_isolated subject=%s post=x@%s "
                 "due=2021-12-13T12:00:00Z",
                 of_cases[i].task, of_cases[i].task, of_cases[i].grid);
        open_city_send(city, "cli", of_cases[i].grid, "task.assigned", text);
    }
    // Its subject is called as a case is, and is none.
    open_city_send(city, "cli", "310101", "task.assigned",
                   "task=K-TUBE hole=testing/tube_no_result subject=C-FAR post=x@310101 "
                   "due=2021-12-13T12:00:00Z");
}

static void tasks_are_of_whom_and_of_whose_cases_each_question_reaches(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    assign_tasks(&city);
    const weft_view_about *tasks = view_named(&city, "command/tasks");
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++)
        for (size_t sort = 0; sort < tasks->sorts_count; sort++) {
            wf_actor actor = actor_of(&city, (wf_role)role);
            wf_asker asker = asker_of(&city, &actor);
            bool sees =
                wf_policy_reach(&actor, WF_ACTION_READ_PERSONAL_VIEW) == WF_REACH_ROWS;
            listed list = list_column(&asker, tasks, "task", tasks->sorts[sort], NULL);
            for (size_t i = 0; sees && i < people_count; i++)
                assert_true(has(&list, people[i].person) ==
                            reaches(&asker, WF_ACTION_READ_PERSONAL_VIEW, i));
            // Who sees nobody has the tasks of their grid.
            if (!sees)
                assert_true(list.count == 2 && has(&list, "P-0000001") &&
                            has(&list, "P-0000008"));
            assert_true(has(&list, "C-FAR") == sees && has(&list, "C-CUSTODY") == sees);
            assert_false(has(&list, "C-ELSE") || has(&list, "K-TUBE"));
        }
    wf_actor device = actor_of(&city, WF_ROLE_INVESTIGATOR);
    device.kind = WF_ACTOR_DEVICE;
    wf_asker asker = asker_of(&city, &device);
    listed list = list_column(&asker, tasks, "task", NULL, NULL);
    assert_true(has(&list, "C-CUSTODY") && !has(&list, "C-FAR"));
    list = list_column(&asker, tasks, "task", NULL, "320282001003");
    assert_true(list.count == 1 && has(&list, "P-0000001"));
    open_city_end(&city);
}

static void a_part_of_their_grid_has_nothing_beside_it(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    wf_actor actor = actor_of(&city, WF_ROLE_LEAD);
    wf_asker asker = asker_of(&city, &actor);
    const weft_view_about *persons = view_named(&city, "register/persons");
    listed part = list_view(&asker, persons, NULL, "320282001003");
    assert_true(part.count == 1 && has(&part, "P-0000001"));
    listed all = list_view(&asker, persons, NULL, "320282001");
    assert_true(has(&all, "P-0000004"));
    open_city_end(&city);
}

static size_t count_asked(const wf_asker *asker, const char *view, const char *field)
{
    weft_error error = {0};
    const char *fields[] = {field};
    weft_view_question question = {
        .view = view, .fields = fields, .fields_count = 1, .limit = 9};
    weft_view_page page;
    weft_beside room;
    const weft_view_about *about = NULL;
    open_city_ok(wf_answers_view(asker, view, &about, &error), &error);
    open_city_ok(wf_answers_bind(asker, about, &question, &room, &error), &error);
    open_city_ok(weft_view_read(asker->city, &question, &page, &error), &error);
    return page.rows_count;
}

// Who was handed over by one id is on the lists by the other, under which lists show
// them, and by either they are found; until it is taken back.
static void who_is_reached_by_one_id_is_reached(void **state)
{
    (void)state;
    open_city city;
    open_city_begin(&city);
    fill(&city);
    wf_actor actor = actor_of(&city, WF_ROLE_LEAD);
    wf_asker asker = asker_of(&city, &actor);
    for (int same = 0; same < 3; same++) {
        const char *kind = same == 1 ? "person.same" : "person.not_same";
        if (same > 0)
            send_at(&city, kind, "a=P-0000002 b=P-0000004");
        listed list =
            list_view(&asker, view_named(&city, "tracing/contacts"), NULL, NULL);
        assert_int_equal(has(&list, "P-0000002"), same == 1);
        assert_int_equal(has(&list, "P-0000004"), same != 1);
        list = list_holes(&asker, "tracing/contact_not_confirmed");
        assert_int_equal(has(&list, "P-0000002"), same == 1);
        assert_int_equal(has(&list, "P-0000004"), same != 1);
        assert_int_equal(count_asked(&asker, "tracing/contacts", "person=P-0000004"), 1);
        assert_int_equal(count_asked(&asker, "tracing/contacts", "person=P-0000002"),
                         same == 1);
        assert_int_equal(count_asked(&asker, "register/persons", "person=P-0000002"),
                         same == 1);
    }
    open_city_end(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_holds_whom_each_question_reaches),
        cmocka_unit_test(holes_are_of_whom_each_question_reaches),
        cmocka_unit_test(a_case_that_somebody_is_assigned_to_is_on_their_lists),
        cmocka_unit_test(the_missing_are_those_whom_each_question_reaches),
        cmocka_unit_test(the_missing_are_listed_once_whatever_they_are_called),
        cmocka_unit_test(tasks_are_of_whom_and_of_whose_cases_each_question_reaches),
        cmocka_unit_test(a_part_of_their_grid_has_nothing_beside_it),
        cmocka_unit_test(who_is_reached_by_one_id_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
