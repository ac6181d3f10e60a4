// Of what somebody may say something: each row is one fact, of what is theirs, of what is
// nobody's yet, and of what others have in their charge.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/rights/named.h"
#include "desk/kinds.h"
#include "support/open_city.h"
#include "wire/facts.h"

#define TOWN "320282001"
#define FAR "310101001"
#define TOMORROW "2021-12-13T12:00:00Z"
static const weft_time noon = {INT64_C(1639310400000000)};

// Who lives where, and what was said where: device, grid, kind, fields.
static const struct {
    const char *device, *grid, *kind, *fields;
} said[] = {
    {"cli", NULL, "user.added", "user=u role=lead grid=" TOWN},
    {"cli", NULL, "device.enrolled", "device=S-OWN role=sampler grid=" TOWN "002"},
    {"cli", NULL, "device.enrolled", "device=S-FAR role=sampler grid=" FAR},
    {"cli", NULL, "user.added", "user=far role=lead grid=" FAR},
    {"cli", TOWN, "person.registered", "person=P-OWN grid=" TOWN "003"},
    {"cli", FAR, "person.registered", "person=P-FAR grid=" FAR},
    {"cli", FAR, "person.registered", "person=P-CUSTODY grid=" FAR},
    {"cli", FAR, "person.registered", "person=P-ASSIGNED grid=" FAR},
    {"cli", NULL, "person.registered", "person=P-NOWHERE"},
    {"cli", TOWN, "place.registered", "place=M-OWN grid=" TOWN},
    {"cli", FAR, "place.registered", "place=M-FAR grid=" FAR},
    {"cli", TOWN, "case.reported", "case=C-OWN person=P-OWN"},
    {"cli", FAR, "case.reported", "case=C-FAR person=P-FAR"},
    {"cli", TOWN, "case.reported", "case=C-VISITOR person=P-FAR"},
    {"cli", FAR, "case.reported", "case=C-ASSIGNED person=P-FAR"},
    {"cli", FAR, "case.reported", "case=C-CUSTODY person=P-CUSTODY"},
    {"cli", NULL, "case.reported", "case=C-NOBODY"},
    {"cli", FAR, "case.reported", "case=C-SAID-FAR"},
    {"cli", TOWN, "tube.sealed", "tube=T-OWN count=1"},
    {"cli", FAR, "tube.sealed", "tube=T-FAR count=1"},
    {"cli", FAR, "tube.resulted", "tube=T-ONLY result=negative"},
    {"lab", FAR, "tube.resulted", "tube=T-OWN result=positive"},
    {"lab", FAR, "tube.resulted", "tube=T-FAR result=positive"},
    {"far", FAR, "person.present", "person=P-OWN"},
    {"cli", TOWN, "outbreak.declared", "outbreak=B-OWN"},
    {"cli", FAR, "outbreak.declared", "outbreak=B-FAR"},
    {"cli", NULL, "outbreak.declared", "outbreak=B-CITY"},
    {"cli", TOWN, "order.issued",
     "order=O-OWN kind=hold persons=P-OWN clause=cn-40 because=lab/1 until=" TOMORROW},
    {"cli", FAR, "order.issued",
     "order=O-FAR kind=hold persons=P-FAR clause=cn-40 because=lab/2 until=" TOMORROW},
    {"cli", NULL, "custody.given",
     "custody=K-1 person=P-CUSTODY grid=" TOWN " because=lab/1 until=" TOMORROW},
    {"cli", NULL, "custody.given",
     "custody=K-FAR person=P-FAR grid=" FAR "002 because=lab/2 until=" TOMORROW},
    {"taker", NULL, "custody.taken", "custody=K-1"},
    {"taker", NULL, "custody.taken", "custody=K-FAR"},
    {"cli", NULL, "assignment.given",
     "assignment=A-1 user=u reference=task:T-1 person=P-ASSIGNED until=" TOMORROW},
    {"cli", NULL, "assignment.given",
     "assignment=A-2 user=u reference=case:C-ASSIGNED until=" TOMORROW},
    {"cli", FAR, "assignment.given",
     "assignment=A-FAR user=u reference=case:C-FAR until=2021-12-12T11:00:00Z"},
    {"weft/looks", TOWN, "look.refused",
     "actor=u role=lead office=work_group reference_kind=case reference=C-FAR "
     "purpose=interview asked=x refused=elsewhere"},
    {"weft/looks", FAR, "look.refused",
     "actor=far role=lead office=work_group reference_kind=case reference=C-OWN "
     "purpose=interview asked=x refused=elsewhere"},
};

#define ELSEWHERE "access.elsewhere"
#define NOT_THERE "access.not_there"
#define ORDER(id, whom, why)                                                             \
    "order=" id " kind=hold persons=" whom " clause=cn-40 because=" why " until"         \
    "=" TOMORROW

static const struct {
    const char *kind, *fields;
    const char *code; // NULL: it may be sent
} sent[] = {
    {"person.registered", "person=P-OWN", NULL},
    {"person.registered", "person=P-NEW", NULL},
    {"person.registered", "person=P-NOWHERE", NULL},
    {"person.registered", "person=P-CUSTODY", NULL},
    {"person.registered", "person=P-ASSIGNED", NULL},
    {"person.registered", "person=P-FAR grid=" TOWN, ELSEWHERE},
    {"person.registered", "person=P-OWN grid=" FAR, NULL}, // they moved away
    {"person.present", "person=P-FAR", NULL},
    {"person.absent", "person=P-NEW", NULL},
    {"person.absent", "person=P-FAR", ELSEWHERE},
    {"person.same", "a=P-OWN b=P-NEW", NULL},
    {"person.same", "a=P-OWN b=P-FAR", ELSEWHERE},
    {"person.not_same", "a=P-FAR b=P-OWN", ELSEWHERE},
    {"place.registered", "place=M-OWN", NULL},
    {"place.registered", "place=M-FAR", ELSEWHERE},
    {"place.registered", "place=M-NEW grid=" TOWN "001", NULL},
    {"place.registered", "place=M-NEW grid=" FAR, NOT_THERE},
    {"grid.renamed", "grid=" TOWN "001 name=x", NULL},
    {"grid.renamed", "grid=320282 name=x", NOT_THERE},
    {"outbreak.declared", "outbreak=B-NEW", NULL},
    {"outbreak.declared", "outbreak=B-OWN", NULL},
    {"outbreak.declared", "outbreak=B-FAR", ELSEWHERE},
    {"outbreak.ended", "outbreak=B-OWN", NULL},
    {"outbreak.ended", "outbreak=B-NEW", NULL}, // the judge says that there is none
    {"outbreak.ended", "outbreak=B-FAR", "outbreak.unknown"},
    {"outbreak.ended", "outbreak=B-CITY", "outbreak.unknown"},
    {"user.added", "user=n role=guard grid=" TOWN " person=P-OWN", NULL},
    {"user.added", "user=n role=guard grid=" TOWN " person=P-FAR", ELSEWHERE},
    {"user.changed", "user=n person=P-FAR", ELSEWHERE},
    {"sender.checked", "device=S-OWN reason=x", NULL},
    {"sender.checked", "device=user/u reason=x", NULL},
    {"sender.checked", "device=S-FAR reason=x", NOT_THERE},
    {"sender.checked", "device=S-NEW reason=x", NOT_THERE},
    {"sender.checked", "device=user/far reason=x", NOT_THERE},
    {"visit.stated", "person=P-FAR place=M-FAR start=2021-12-11T10:00Z", NULL},
    {"encounter.named",
     "a=P-FAR b=P-CUSTODY start=2021-12-11T10:00Z end=2021-12-11T11:00Z", NULL},
    {"case.reported", "case=C-OWN", NULL},
    {"case.reported", "case=C-NEW person=P-NEW", NULL},
    {"case.reported", "case=C-NEW person=P-FAR", NULL}, // a visitor
    {"case.reported", "case=C-VISITOR classification=confirmed", NULL},
    {"case.reported", "case=C-ASSIGNED", NULL},
    {"case.reported", "case=C-CUSTODY", NULL},
    {"case.reported", "case=C-NOBODY", NULL},
    {"case.reported", "case=C-FAR", ELSEWHERE},
    {"case.reported", "case=C-FAR person=P-OWN", ELSEWHERE},
    {"case.reported", "case=C-SAID-FAR", ELSEWHERE},
    {"case.vouched", "case=C-OWN by=x because=x", NULL},
    {"case.vouched", "case=C-FAR by=x because=x", ELSEWHERE},
    {"sample.collected", "tube=T-NEW person=P-FAR site=M-FAR", NULL},
    {"sample.collected", "tube=T-OWN person=P-NEW", NULL},
    {"sample.collected", "tube=T-FAR person=P-OWN", ELSEWHERE},
    {"tube.sealed", "tube=T-ONLY count=1", NULL},
    {"tube.sealed", "tube=T-FAR count=1", ELSEWHERE},
    {"tube.resulted", "tube=T-OWN result=negative", NULL},
    {"tube.resulted", "tube=T-NEW result=negative", NULL},
    {"tube.resulted", "tube=T-ONLY result=negative", NULL},
    {"tube.resulted", "tube=T-FAR result=negative", ELSEWHERE},
    {"result.corrected", "tube=T-FAR result=negative", ELSEWHERE},
    {"order.issued", ORDER("O-NEW", "P-OWN", "lab/1"), NULL},
    {"order.issued", ORDER("O-NEW", "P-CUSTODY,P-NEW", "user/u/9"), NULL},
    {"order.issued", ORDER("O-NEW", "P-OWN,P-FAR", "lab/1"), ELSEWHERE},
    {"order.issued", ORDER("O-FAR", "P-OWN", "lab/1"), "order.there"},
    {"order.issued", ORDER("O-NEW", "P-OWN", "far/1"), NULL}, // about theirs
    {"order.issued", ORDER("O-NEW", "P-OWN", "lab/2"), "order.no_reason"},
    {"order.issued", ORDER("O-NEW", "P-OWN", "lab/9"), NULL}, // the judge refuses it
    {"order.issued",
     "order=O-NEW kind=hold place=M-FAR clause=cn-40 because=lab/1 until=" TOMORROW,
     ELSEWHERE},
    {"custody.given",
     "custody=K-NEW person=P-OWN grid=" FAR " because=lab/2 until=" TOMORROW,
     "custody.reason"},
    {"custody.given",
     "custody=K-FAR person=P-OWN grid=" FAR " because=lab/1 until=" TOMORROW,
     "custody.there"},
    {"assignment.given", "assignment=A-FAR user=u reference=case:C-OWN until=" TOMORROW,
     "assignment.there"},
    {"look.reviewed", "subject=weft/looks/1 finding=x", NULL},
    {"look.reviewed", "subject=weft/looks/2 finding=x", NOT_THERE},
    {"look.reviewed", "subject=weft/looks/9 finding=x", NOT_THERE},
};

static open_city city;

static int begin(void **state)
{
    (void)state;
    open_city_begin(&city);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        open_city_send(&city, said[i].device, said[i].grid, said[i].kind, said[i].fields);
    return 0;
}

static int end(void **state)
{
    (void)state;
    open_city_end(&city);
    return 0;
}

static void make_fact(const char *kind, const char *fields, wf_arena *arena, wf_fact *ret)
{
    char room[256], *rest = room;
    weft_error error = {0};
    *ret = (wf_fact){.id = {WF_TEXT("user/u"), 9},
                     .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(kind)),
                     .at = noon,
                     .grid = WF_TEXT(TOWN)};
    assert_non_null(ret->kind);
    assert_true(strlen(fields) < sizeof room);
    memcpy(room, fields, strlen(fields) + 1);
    for (char *at; (at = strsep(&rest, " ")) != NULL;)
        open_city_ok(wf_facts_field(ret->kind, city.city->zone,
                                    wf_arena_text(arena, wf_text_of(at)), arena,
                                    ret->values, &error),
                     &error);
    open_city_ok(wf_facts_finish(ret, &error), &error);
}

static const char *judged(const wf_actor *actor, const char *kind, const char *fields)
{
    wf_arena arena;
    wf_fact fact;
    weft_error error = {0};
    wf_named_last last = {.standing = 0};
    const wf_named_by by = {.city = city.city,
                            .accounts = city.city->accounts,
                            .actor = actor,
                            .sender = WF_TEXT("user/u"),
                            .now = noon,
                            .last = &last};
    wf_arena_init(&arena, 1 << 20);
    make_fact(kind, fields, &arena, &fact);
    weft_status status = WEFT_OK;
    if (wf_named_needs(actor, fact.kind))
        status = wf_named_judge(&by, &fact, &error);
    wf_arena_done(&arena);
    assert_true(status == WEFT_OK || status == WEFT_BAD_INPUT);
    return status == WEFT_OK ? NULL : error.code;
}

static wf_actor lead(const char *grid)
{
    wf_actor actor = {.kind = WF_ACTOR_USER,
                      .role = WF_ROLE_LEAD,
                      .name = "u",
                      .person_number = WF_NUMBER_NONE};
    memcpy(actor.grid, grid, strlen(grid) + 1);
    return actor;
}

static void what_lies_elsewhere_is_for_others_to_say(void **state)
{
    const wf_actor actor = lead(TOWN);
    (void)state;
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        const char *code = judged(&actor, sent[i].kind, sent[i].fields);
        if (code == NULL ? sent[i].code != NULL
                         : sent[i].code == NULL || strcmp(code, sent[i].code) != 0)
            fail_msg("%s %s: %s", sent[i].kind, sent[i].fields,
                     code != NULL ? code : "sent");
    }
}

static void who_works_for_the_whole_city_and_its_owner_say_all(void **state)
{
    const wf_actor everywhere = lead(""), owner = wf_actor_owner();
    (void)state;
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
        assert_null(judged(&everywhere, sent[i].kind, sent[i].fields));
        assert_null(judged(&owner, sent[i].kind, sent[i].fields));
    }
}

static void
an_assignment_that_is_over_and_one_of_somebody_else_reach_nothing(void **state)
{
    wf_actor actor = lead(TOWN);
    (void)state;
    memcpy(actor.name, "v", 2);
    assert_string_equal(judged(&actor, "case.reported", "case=C-ASSIGNED"), ELSEWHERE);
    assert_string_equal(judged(&actor, "person.absent", "person=P-ASSIGNED"), ELSEWHERE);
    actor = lead(TOWN);
    actor.kind = WF_ACTOR_DEVICE; // nobody assigns a device
    assert_string_equal(judged(&actor, "case.reported", "case=C-ASSIGNED"), ELSEWHERE);
}

// The samples of a batch name one tube: it is looked up once for all that follow it.
static void a_tube_is_looked_up_once_for_the_samples_in_it(void **state)
{
    const wf_actor actor = lead(TOWN);
    wf_arena arena;
    wf_fact fact;
    weft_error error = {0};
    wf_named_last last = {.standing = 0};
    const wf_named_by by = {.city = city.city,
                            .accounts = city.city->accounts,
                            .actor = &actor,
                            .sender = WF_TEXT("user/u"),
                            .now = noon,
                            .last = &last};
    (void)state;
    wf_arena_init(&arena, 1 << 20);
    make_fact("sample.collected", "tube=T-LATE person=P-OWN", &arena, &fact);
    open_city_ok(wf_named_judge(&by, &fact, &error), &error);
    open_city_send(&city, "cli", FAR, "tube.sealed", "tube=T-LATE count=1");
    open_city_ok(wf_named_judge(&by, &fact, &error), &error);
    make_fact("tube.sealed", "tube=T-FAR count=1", &arena, &fact);
    assert_int_equal(wf_named_judge(&by, &fact, &error), WEFT_BAD_INPUT);
    make_fact("tube.sealed", "tube=T-LATE count=1", &arena, &fact);
    assert_int_equal(wf_named_judge(&by, &fact, &error), WEFT_BAD_INPUT);
    wf_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_elsewhere_is_for_others_to_say),
        cmocka_unit_test(who_works_for_the_whole_city_and_its_owner_say_all),
        cmocka_unit_test(
            an_assignment_that_is_over_and_one_of_somebody_else_reach_nothing),
        cmocka_unit_test(a_tube_is_looked_up_once_for_the_samples_in_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
