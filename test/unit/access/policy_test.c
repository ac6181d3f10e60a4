// The program's policy is held, cell by cell, to a table that was written by hand.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "access/change/upload.h"
#include "access/rights/scope.h"
#include "desk/kinds.h"
#include "model/role.h"
#include "support/open_city.h"
#include "wire/facts.h"

enum { words_max = 24, line_max = 256 };

// ---- the table ----

typedef struct {
    char line[line_max];
    char *words[words_max];
    size_t count;
} row;

static FILE *open_table(void)
{
    char path[WF_PATH_MAX];
    const char *root = getenv("WEFT_DATA_DIR");
    assert_non_null(root);
    snprintf(path, sizeof path, "%s/test/golden/policy.txt", root);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

// The next line that is no comment; false at the end.
static bool next_row(FILE *file, row *ret)
{
    while (fgets(ret->line, sizeof ret->line, file) != NULL) {
        char *rest = ret->line;
        ret->count = 0;
        for (char *word; (word = strsep(&rest, " \n")) != NULL;)
            if (word[0] != '\0' && ret->count < words_max)
                ret->words[ret->count++] = word;
        if (ret->count > 0 && ret->words[0][0] != '#')
            return true;
    }
    return false;
}

// Reads on to the section `name`; false when there is no other.
static bool find_section(FILE *file, const char *name, row *ret)
{
    while (next_row(file, ret))
        if (strcmp(ret->words[0], name) == 0)
            return true;
    return false;
}

static bool in_section(FILE *file, row *ret)
{
    return next_row(file, ret) && strcmp(ret->words[0], "end") != 0;
}

static wf_role role_named(const char *word)
{
    wf_role role;
    if (!wf_role_parse(wf_text_of(word), &role))
        fail_msg("%s is no role", word);
    return role;
}

static wf_action action_named(const char *word)
{
    for (unsigned i = 0; i < WF_ACTION_COUNT; i++)
        if (strcmp(wf_action_word((wf_action)i), word) == 0)
            return (wf_action)i;
    fail_msg("%s is no action", word);
    return WF_ACTION_COUNT;
}

static char letter_of(wf_reach reach)
{
    return reach == WF_REACH_ROWS ? '+' : reach == WF_REACH_COUNTS ? '#' : '-';
}

static wf_actor actor_of(wf_role role)
{
    return (wf_actor){.kind = WF_ACTOR_USER,
                      .role = role,
                      .name = "u",
                      .grid = "320282001",
                      .person_number = WF_NUMBER_NONE};
}

// ---- what each role may do ----

static void each_role_may_do_what_the_table_says(void **state)
{
    FILE *file = open_table();
    bool seen[WF_ACTION_COUNT] = {false};
    wf_actor nobody = wf_actor_nobody(), owner = wf_actor_owner();
    row at;
    (void)state;
    assert_true(find_section(file, "roles", &at));
    while (in_section(file, &at)) {
        wf_action action = action_named(at.words[0]);
        seen[action] = true;
        assert_int_equal(at.count, 1 + WF_ROLE_COUNT);
        for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
            wf_actor actor = actor_of((wf_role)role);
            char letter = letter_of(wf_policy_reach(&actor, action));
            if (letter != at.words[1 + role][0])
                fail_msg("%s %s: %c", at.words[0], wf_role_words[role], letter);
        }
        assert_int_equal(wf_policy_reach(&nobody, action), WF_REACH_NOTHING);
        assert_false(wf_policy_allows(&nobody, action, NULL));
        assert_int_equal(wf_policy_reach(&owner, action), WF_REACH_ROWS);
    }
    for (unsigned i = 0; i < WF_ACTION_COUNT; i++)
        if (!seen[i])
            fail_msg("%s is not in the table", wf_action_word((wf_action)i));
    fclose(file);
}

// ---- whom they reach ----

enum {
    OWN,
    SAME,
    SIBLING,
    PARENT,
    OTHER,
    MOVED,
    CASE,
    CUSTODY,
    CUSTODY_OVER,
    ASSIGNED,
    ASSIGNED_OVER,
    RELATIONS
};

// The time that the table calls now: noon of the day on which the facts were sent.
static const weft_time noon = {INT64_C(1639310400000000)};

static const struct {
    const char *grid, *case_grid;
} relations[RELATIONS] = {
    [OWN] = {"320205001001", ""},           [SAME] = {"320282001003", ""},
    [SIBLING] = {"320282002001", ""},       [PARENT] = {"320282", ""},
    [OTHER] = {"310101001001", ""},         [MOVED] = {"320205001002", ""},
    [CASE] = {"320205001002", "320282001"}, [CUSTODY] = {"320205001003", ""},
    [CUSTODY_OVER] = {"320205001004", ""},  [ASSIGNED] = {"320205001005", ""},
    [ASSIGNED_OVER] = {"320205001006", ""},
};

static void fill_city(open_city *city, uint32_t ret_persons[RELATIONS])
{
    char text[200];
    const wf_numbers numbers = *wf_store_numbers(city->city->store);
    open_city_send(city, "cli", NULL, "user.added", "user=u role=investigator grid=3202");
    for (int i = 0; i < RELATIONS; i++) {
        snprintf(text, sizeof text, "person=P-000000%x grid=%s", (unsigned)i,
                 relations[i].grid);
        open_city_send(city, "cli", NULL, "person.registered", text);
        snprintf(text, sizeof text, "P-000000%x", (unsigned)i);
        ret_persons[i] =
            numbers.find(numbers.context, WF_COLUMN_PERSON, wf_text_of(text));
    }
    open_city_send(city, "cli", NULL, "custody.given",
                   "custody=K-1 person=P-0000007 grid=320282001 "
                   "until=2021-12-13T12:00:00Z because=cli/1");
    open_city_send(city, "cli", NULL, "custody.given",
                   "custody=K-2 person=P-0000008 grid=320282001 "
                   "until=2021-12-12T11:00:00Z because=cli/1");
    open_city_send(city, "taker", NULL, "custody.taken", "custody=K-1");
    open_city_send(city, "taker", NULL, "custody.taken", "custody=K-2");
    open_city_send(city, "cli", NULL, "assignment.given",
                   "assignment=A-1 user=u reference=task:T-1 person=P-0000009 "
                   "until=2021-12-13T12:00:00Z");
    open_city_send(city, "cli", NULL, "assignment.given",
                   "assignment=A-2 user=u reference=task:T-2 person=P-000000a "
                   "until=2021-12-12T11:00:00Z");
}

static bool is_about_a_grid(wf_action action)
{
    return action == WF_ACTION_READ_VIEW || action == WF_ACTION_COUNTS ||
           action == WF_ACTION_EVENTS || action == WF_ACTION_CLOCK;
}

static void check_reach(const open_city *city, const uint32_t persons[RELATIONS],
                        wf_role role, const row *at)
{
    wf_action action = action_named(at->words[0]);
    wf_actor actor = actor_of(role);
    actor.person_number = persons[OWN];
    assert_int_equal(at->count, 1 + RELATIONS);
    for (int i = 0; i < RELATIONS; i++) {
        const wf_subject subject = {.grid = wf_text_of(relations[i].grid),
                                    .case_grid = wf_text_of(relations[i].case_grid),
                                    .person = is_about_a_grid(action) ? WF_NUMBER_NONE
                                                                      : persons[i]};
        char letter = letter_of(
            wf_scope_reach(city->city->accounts, &actor, action, &subject, noon));
        if (letter != at->words[1 + i][0])
            fail_msg("%s, %s, column %d: %c", wf_role_words[role], at->words[0], i + 1,
                     letter);
    }
}

static void each_role_reaches_whom_the_table_says(void **state)
{
    FILE *file = open_table();
    uint32_t persons[RELATIONS];
    open_city city;
    size_t roles = 0, rows = 0;
    row at;
    (void)state;
    open_city_begin(&city);
    fill_city(&city, persons);
    for (; find_section(file, "scope", &at); roles++) {
        wf_role role = role_named(at.words[1]);
        for (; in_section(file, &at); rows++)
            check_reach(&city, persons, role, &at);
    }
    assert_int_equal(roles, WF_ROLE_COUNT);
    // Those that have no scope are sending and importing, which is judged by what is
    // named, making accounts, passes, metrics, oneself.
    assert_int_equal(rows, WF_ROLE_COUNT * (WF_ACTION_COUNT - 6));
    open_city_end(&city);
    fclose(file);
}

// A device is assigned to nothing, even where a user has its name.
static void a_device_has_no_assignment(void **state)
{
    uint32_t persons[RELATIONS];
    open_city city;
    wf_actor device = actor_of(WF_ROLE_INVESTIGATOR);
    (void)state;
    open_city_begin(&city);
    fill_city(&city, persons);
    const wf_subject subject = {.grid = WF_TEXT("320205001005"),
                                .person = persons[ASSIGNED]};
    assert_true(wf_scope_sees(city.city->accounts, &device, &subject, noon));
    device.kind = WF_ACTOR_DEVICE;
    assert_false(wf_scope_sees(city.city->accounts, &device, &subject, noon));
    // Nobody sees nobody, and who has no grid on their row is seen by the whole city.
    wf_actor nobody = wf_actor_nobody();
    const wf_subject lost = {.person = persons[SAME]};
    assert_false(wf_scope_sees(city.city->accounts, &nobody, &lost, noon));
    assert_false(wf_scope_sees(city.city->accounts, &device, &lost, noon));
    device.grid[0] = '\0';
    assert_true(wf_scope_sees(city.city->accounts, &device, &lost, noon));
    open_city_end(&city);
}

// ---- who sends what, who makes whom ----

static uint32_t roles_of(const row *at)
{
    uint32_t roles = 0;
    for (size_t i = 1; i < at->count; i++)
        roles |= UINT32_C(1) << role_named(at->words[i]);
    return roles;
}

static void each_kind_is_sent_by_whom_the_table_says(void **state)
{
    FILE *file = open_table();
    const wf_kinds *kinds = wf_desk_kinds();
    size_t rows = 0;
    row at;
    (void)state;
    assert_true(find_section(file, "sends", &at));
    for (; in_section(file, &at); rows++) {
        const wf_kind *kind = wf_kinds_find(kinds, wf_text_of(at.words[0]));
        if (kind == NULL)
            fail_msg("%s is no kind", at.words[0]);
        if (kind->roles != roles_of(&at))
            fail_msg("%s is sent by others", at.words[0]);
        for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
            wf_actor actor = actor_of((wf_role)role);
            assert_int_equal(wf_policy_allows(&actor, WF_ACTION_SEND_FACTS, kind),
                             (kind->roles >> role & 1) != 0);
        }
    }
    if (rows != kinds->kinds_count)
        fail_msg("%zu of %zu kinds are in the table", rows, kinds->kinds_count);
    fclose(file);
}

// ---- who imports which list ----

static void each_list_is_whose_the_table_says(void **state)
{
    FILE *file = open_table();
    wf_actor nobody = wf_actor_nobody();
    size_t rows = 0;
    row at;
    (void)state;
    assert_true(find_section(file, "lists", &at));
    for (; in_section(file, &at); rows++) {
        weft_import_kind kind;
        assert_true(weft_import_kind_parse(at.words[0], &kind));
        for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
            wf_actor actor = actor_of((wf_role)role);
            if (wf_upload_may(&actor, kind) != ((roles_of(&at) >> role & 1) != 0))
                fail_msg("%s: %s", at.words[0], wf_role_words[role]);
        }
        assert_false(wf_upload_may(&nobody, kind));
    }
    assert_int_equal(rows, WEFT_IMPORT_KIND_COUNT - 1); // facts are posted
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
        wf_actor actor = actor_of((wf_role)role);
        assert_false(wf_upload_may(&actor, WEFT_IMPORT_FACTS));
    }
    fclose(file);
}

// ---- what a fact names ----

static const char *const named_words[WF_NAMED_COUNT] = {
    [WF_NAMED_PERSON] = "person",
    [WF_NAMED_PLACE] = "place",
    [WF_NAMED_CASE] = "case",
    [WF_NAMED_TUBE] = "tube",
    [WF_NAMED_ROUND] = "round",
    [WF_NAMED_ORDER] = "order",
    [WF_NAMED_OUTBREAK] = "outbreak",
    [WF_NAMED_ASSIGNMENT] = "assignment",
    [WF_NAMED_CUSTODY] = "custody",
    [WF_NAMED_ACCOUNT] = "account",
    [WF_NAMED_FACT] = "fact",
    [WF_NAMED_LOOK] = "look",
    [WF_NAMED_GRID] = "grid",
    [WF_NAMED_REFERENCE] = "reference",
    [WF_NAMED_EXPOSURE] = "exposure",
    [WF_NAMED_SWAB] = "swab",
    [WF_NAMED_LOT] = "lot",
    [WF_NAMED_NOTICE] = "notice",
    [WF_NAMED_REPORT] = "report",
    [WF_NAMED_UNIDENTIFIED] = "unidentified",
    [WF_NAMED_LETTER] = "letter",
    [WF_NAMED_TASK] = "task",
    [WF_NAMED_INSTRUCTION] = "instruction",
    [WF_NAMED_POST] = "post",
};
static const char *const need_words[WF_NEEDS_COUNT] = {
    [WF_NEEDS_NOTHING] = "any",
    [WF_NEEDS_OWN_OR_NEW] = "new",
    [WF_NEEDS_OWN] = "own",
    [WF_NEEDS_JUDGED] = "judged",
};

static const wf_naming *naming_of(const wf_kind *kind, const char *field)
{
    for (size_t i = 0; i < kind->names_count; i++)
        if (strcmp(kind->names[i].field, field) == 0)
            return &kind->names[i];
    return NULL;
}

// Fields that may hold an id: the table says of each of them.
static size_t count_fields(const wf_kinds *kinds)
{
    size_t count = 0;
    for (size_t i = 0; i < kinds->kinds_count; i++)
        for (size_t k = 0;
             kinds->kinds[i]->roles != 0 && k < kinds->kinds[i]->fields_count; k++) {
            wf_column_type type = kinds->kinds[i]->fields[k].type;
            count += type == WF_COLUMN_ID || type == WF_COLUMN_PERSON ||
                     type == WF_COLUMN_PLACE || type == WF_COLUMN_FACT ||
                     type == WF_COLUMN_TEXT;
        }
    return count;
}

static void each_field_needs_what_the_table_says(void **state)
{
    FILE *file = open_table();
    const wf_kinds *kinds = wf_desk_kinds();
    size_t rows = 0;
    row at;
    (void)state;
    assert_true(find_section(file, "names", &at));
    for (; in_section(file, &at); rows++) {
        const wf_kind *kind = wf_kinds_find(kinds, wf_text_of(at.words[0]));
        if (kind == NULL || wf_kind_field(kind, wf_text_of(at.words[1])) == SIZE_MAX)
            fail_msg("%s has no %s", at.words[0], at.words[1]);
        const wf_naming *naming = naming_of(kind, at.words[1]);
        if ((naming == NULL) != (strcmp(at.words[2], "words") == 0))
            fail_msg("%s of %s: named, or words?", at.words[1], at.words[0]);
        if (naming == NULL)
            continue;
        assert_string_equal(named_words[naming->names], at.words[2]);
        assert_string_equal(need_words[naming->needs], at.words[3]);
        assert_int_equal(at.count, naming->code == NULL ? 4 : 5);
        if (naming->code != NULL)
            assert_string_equal(naming->code, at.words[4]);
    }
    if (rows != count_fields(kinds))
        fail_msg("%zu of %zu fields are in the table", rows, count_fields(kinds));
    fclose(file);
}

static void each_kind_is_heard_by_whom_the_table_says(void **state)
{
    FILE *file = open_table();
    const wf_kinds *kinds = wf_desk_kinds();
    size_t rows = 0, fewer = 0;
    row at;
    (void)state;
    assert_true(find_section(file, "hears", &at));
    for (; in_section(file, &at); rows++) {
        const wf_kind *kind = wf_kinds_find(kinds, wf_text_of(at.words[0]));
        if (kind == NULL || kind->heard_by != roles_of(&at))
            fail_msg("%s is heard by others", at.words[0]);
    }
    for (size_t i = 0; i < kinds->kinds_count; i++)
        fewer += kinds->kinds[i]->heard_by != 0;
    assert_int_equal(rows, fewer);
    fclose(file);
}

static void each_role_makes_whom_the_table_says(void **state)
{
    FILE *file = open_table();
    size_t rows = 0;
    row at;
    (void)state;
    assert_true(find_section(file, "makes", &at));
    for (; in_section(file, &at); rows++) {
        uint32_t made = roles_of(&at);
        for (unsigned role = 0; role < WF_ROLE_COUNT; role++)
            if (wf_role_may_give(role_named(at.words[0]), (wf_role)role) !=
                ((made >> role & 1) != 0))
                fail_msg("%s makes %s", at.words[0], wf_role_words[role]);
    }
    assert_int_equal(rows, WF_ROLE_COUNT);
    fclose(file);
}

// ---- what is sent ----

typedef struct {
    const char *what;
    wf_role role;
    bool is_user;
    const char *kind, *device, *grid, *amends, *fields[4];
    const char *code; // NULL: it may be sent
} sent;

static const sent sends[] = {
    {"a sampler's sample",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "320282001",
     NULL,
     {"tube=T-1", "count=10"},
     NULL},
    {"inside their grid",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "320282001003",
     NULL,
     {"tube=T-1", "count=10"},
     NULL},
    {"a result",
     WF_ROLE_SAMPLER,
     false,
     "tube.resulted",
     "u",
     "320282001",
     NULL,
     {"tube=T-1", "result=negative"},
     "access.kind"},
    {"another's book",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "S-2",
     "320282001",
     NULL,
     {"tube=T-1", "count=10"},
     "access.sender"},
    {"elsewhere",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "320282002",
     NULL,
     {"tube=T-1", "count=10"},
     "access.grid"},
    {"nowhere",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "",
     NULL,
     {"tube=T-1", "count=10"},
     "access.grid"},
    {"a user's book",
     WF_ROLE_SAMPLER,
     true,
     "tube.sealed",
     "user/u",
     "320282001",
     NULL,
     {"tube=T-1", "count=10"},
     NULL},
    {"a user as a device",
     WF_ROLE_SAMPLER,
     true,
     "tube.sealed",
     "u",
     "320282001",
     NULL,
     {"tube=T-1", "count=10"},
     "access.sender"},
    {"what the city says",
     WF_ROLE_OPERATOR,
     false,
     "token.issued",
     "u",
     "320282001",
     NULL,
     {"token=x", "device=u", "role=operator", "maker=owner"},
     "access.kind"},
    {"their own mistake",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "320282001",
     "u",
     {"tube=T-1", "count=10"},
     NULL},
    {"another's",
     WF_ROLE_SAMPLER,
     false,
     "tube.sealed",
     "u",
     "320282001",
     "S-2",
     {"tube=T-1", "count=10"},
     "access.amends"},
    {"a lead, of a sampler's",
     WF_ROLE_LEAD,
     false,
     "person.present",
     "u",
     "320282001",
     "S-2",
     {"person=P-0000007"},
     NULL},
    {"a lead, of another county's",
     WF_ROLE_LEAD,
     false,
     "person.present",
     "u",
     "320282001",
     "S-FAR",
     {"person=P-0000007"},
     "access.amends"},
    {"a lead, of a lab's",
     WF_ROLE_LEAD,
     false,
     "person.present",
     "u",
     "320282001",
     "L-1",
     {"person=P-0000007"},
     "access.amends"},
    {"a lead, of a file's row",
     WF_ROLE_LEAD,
     false,
     "person.present",
     "u",
     "320282001",
     "import/persons",
     {"person=P-0000007"},
     NULL},
    {"a revocation taken back",
     WF_ROLE_LEAD,
     false,
     "fact.withdrawn",
     "u",
     "320282001",
     "weft/accounts",
     {"device=weft/accounts", "seq=1"},
     "access.amends"},
    {"the owner's",
     WF_ROLE_LEAD,
     false,
     "fact.withdrawn",
     "u",
     "320282001",
     "cli",
     {"device=cli", "seq=1"},
     "access.amends"},
    {"a device like theirs",
     WF_ROLE_OPERATOR,
     false,
     "device.enrolled",
     "u",
     "320282001",
     NULL,
     {"device=N", "role=sampler", "grid=320282001"},
     NULL},
    {"a device of the whole city",
     WF_ROLE_OPERATOR,
     false,
     "device.enrolled",
     "u",
     "320282001",
     NULL,
     {"device=N", "role=sampler"},
     "access.exceeds"},
    {"an auditor",
     WF_ROLE_OPERATOR,
     false,
     "user.added",
     "u",
     "320282001",
     NULL,
     {"user=N", "role=auditor", "grid=320282001"},
     "access.exceeds"},
    {"a device of another county",
     WF_ROLE_OPERATOR,
     false,
     "device.revoked",
     "u",
     "320282001",
     NULL,
     {"device=S-FAR"},
     "device.unknown"},
    {"who watches them",
     WF_ROLE_OPERATOR,
     false,
     "user.removed",
     "u",
     "320282001",
     NULL,
     {"user=watch"},
     "access.exceeds"},
    {"who they are themselves",
     WF_ROLE_OPERATOR,
     true,
     "user.changed",
     "user/u",
     "320282001",
     NULL,
     {"user=u", "person=P-1"},
     "access.exceeds"},
    {"a resident, of themselves",
     WF_ROLE_RESIDENT,
     true,
     "visit.stated",
     "user/u",
     "320282001",
     NULL,
     {"person=P-SELF", "place=X", "start=2021-12-11T10:00Z", "end=2021-12-11T11:00Z"},
     NULL},
    {"a resident, of a neighbour",
     WF_ROLE_RESIDENT,
     true,
     "visit.stated",
     "user/u",
     "320282001",
     NULL,
     {"person=P-1", "place=X", "start=2021-12-11T10:00Z", "end=2021-12-11T11:00Z"},
     "access.person"},
};

static void make_fact(const sent *of, const open_city *city, wf_arena *arena,
                      wf_fact *ret)
{
    weft_error error = {0};
    *ret = (wf_fact){.id = {wf_text_of(of->device), 7},
                     .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(of->kind)),
                     .at = noon,
                     .grid = wf_text_of(of->grid)};
    assert_non_null(ret->kind);
    for (size_t i = 0; i < 4 && of->fields[i] != NULL; i++)
        open_city_ok(wf_facts_field(ret->kind, city->city->zone,
                                    wf_text_of(of->fields[i]), arena, ret->values,
                                    &error),
                     &error);
    open_city_ok(wf_facts_finish(ret, &error), &error);
    if (of->amends != NULL)
        ret->amends = (wf_identity){wf_text_of(of->amends), 1};
}

static void facts_are_sent_within_the_senders_rights(void **state)
{
    open_city city;
    wf_arena arena;
    (void)state;
    open_city_begin(&city);
    open_city_send(&city, "cli", NULL, "device.enrolled",
                   "device=S-2 role=sampler grid=320282001002");
    open_city_send(&city, "cli", NULL, "device.enrolled",
                   "device=S-FAR role=sampler grid=320205");
    open_city_send(&city, "cli", NULL, "device.enrolled",
                   "device=L-1 role=lab grid=320282001");
    open_city_send(&city, "cli", NULL, "user.added",
                   "user=watch role=auditor grid=320282001");
    open_city_send(&city, "cli", NULL, "user.added",
                   "user=u role=operator grid=320282001");
    wf_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof sends / sizeof *sends; i++) {
        weft_error error = {0};
        wf_actor actor = actor_of(sends[i].role);
        wf_fact fact;
        actor.kind = sends[i].is_user ? WF_ACTOR_USER : WF_ACTOR_DEVICE;
        snprintf(actor.person, sizeof actor.person, "P-SELF");
        make_fact(&sends[i], &city, &arena, &fact);
        weft_status status =
            wf_scope_may_send(city.city->accounts, &actor, &fact, &error);
        if (sends[i].code == NULL
                ? status != WEFT_OK
                : status == WEFT_OK || strcmp(error.code, sends[i].code) != 0)
            fail_msg("%s: %s", sends[i].what, status == WEFT_OK ? "sent" : error.code);
    }
    wf_arena_done(&arena);
    open_city_end(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_may_do_what_the_table_says),
        cmocka_unit_test(each_role_reaches_whom_the_table_says),
        cmocka_unit_test(a_device_has_no_assignment),
        cmocka_unit_test(each_kind_is_sent_by_whom_the_table_says),
        cmocka_unit_test(each_list_is_whose_the_table_says),
        cmocka_unit_test(each_field_needs_what_the_table_says),
        cmocka_unit_test(each_kind_is_heard_by_whom_the_table_says),
        cmocka_unit_test(each_role_makes_whom_the_table_says),
        cmocka_unit_test(facts_are_sent_within_the_senders_rights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
