// What the auditor's holes say of looks, as holes_test.c does of all others.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/story.h"

#define WHO "actor=u-1 role=investigator office=tracing "
#define WHY "reference_kind=case reference=C-1 purpose=interview asked=register/persons "

static const story stories[] = {
    {"a look at a few people is no hole",
     "08:00 weft/looks/1 look.made " WHO WHY
     "persons=P-1,P-2 shown=2 stretch=u-1@07 in_minute=2 in_hour=2\n",
     ""},
    {"more than 1,000 people in a minute are one, and one an hour whatever follows",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=500 stretch=u-1@08 in_minute=1000 in_hour=1000 grid=320214\n"
     "08:01 weft/looks/2 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1001 in_hour=1001 grid=320214\n"
     "08:02 weft/looks/3 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1002 in_hour=1002 grid=320214\n",
     "register/look_pace u-1@08 320214 auditor since 08:00 due 08:00\n"},
    {"so are more than 5,000 in an hour, however slowly",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=90 stretch=u-1@08 in_minute=90 in_hour=5001\n",
     "register/look_pace u-1@08 - auditor since 08:00 due 08:00\n"},
    {"an auditor closes it",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=90 stretch=u-1@08 in_minute=90 in_hour=5001\n"
     "08:30 A-1/1 look.reviewed subject=u-1@08 finding=a_handover_of_the_shift\n",
     ""},
    {"a look at somebody of one's own household is one",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=1 own_household=yes stretch=u-1@08 in_minute=1 in_hour=1\n",
     "register/look_close_by weft/looks/1 - auditor since 08:00 due 08:00\n"},
    {"so is a look at a colleague, until an auditor has reviewed it",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=1 colleague=yes stretch=u-1@08 in_minute=1 in_hour=1\n"
     "08:01 weft/looks/2 look.made " WHO WHY
     "shown=1 colleague=yes stretch=u-1@08 in_minute=1 in_hour=1\n"
     "08:30 A-1/1 look.reviewed subject=weft/looks/1 finding=their_own_contact\n",
     "register/look_close_by weft/looks/2 - auditor since 08:01 due 08:01\n"},
    {"who asks by references that are not there is one an hour, though nothing was shown",
     "08:02 weft/looks/3 look.refused " WHO WHY "refused=elsewhere stretch=u-1@08-not\n"
     "08:00 weft/looks/1 look.refused " WHO WHY "refused=unknown stretch=u-1@08-not "
     "grid=320214\n"
     "08:01 weft/looks/2 look.refused " WHO WHY "refused=over stretch=u-1@08-not\n"
     "09:01 weft/looks/4 look.refused " WHO WHY "refused=over stretch=u-1@09-not\n",
     "register/look_without_reference u-1@08-not 320214 auditor since 08:00 due 08:00\n"
     "register/look_without_reference u-1@09-not - auditor since 09:01 due 09:01\n"},
    {"who looks at one person more than 50 times in a day is one, a day",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=1 often=u-1@11 of_one=1\n"
     "08:30 weft/looks/2 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=50 often=u-1@11 of_one=51 grid=320214\n"
     "08:31 weft/looks/3 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=51 often=u-1@11 of_one=1\n",
     "register/look_often u-1@11 320214 auditor since 08:00 due 08:00\n"},
    {"50 times is none",
     "08:30 weft/looks/2 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=50 often=u-1@11 of_one=50\n",
     ""},
    {"an auditor closes it, until they look as often again",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=51 often=u-1@11 of_one=51 "
     "often_over_at=2021-12-12T08:00:00+08:00\n"
     "08:05 A-1/1 look.reviewed subject=u-1@11 finding=a_patient_of_theirs\n"
     "08:06 weft/looks/2 look.made " WHO WHY
     "shown=1 stretch=u-1@08 in_minute=1 in_hour=52 often=u-1@11 of_one=52\n"
     "08:00 weft/looks/3 look.made " WHO WHY
     "shown=1 stretch=u-2@08 in_minute=1 in_hour=51 often=u-2@11 of_one=51 "
     "often_over_at=2021-12-12T08:00:00+08:00\n"
     "08:05 A-1/2 look.reviewed subject=u-2@11 finding=a_patient_of_theirs\n"
     "08:30 weft/looks/4 look.made " WHO WHY
     "shown=1 stretch=u-2@08 in_minute=1 in_hour=102 often=u-2@11 of_one=102 "
     "often_over_at=2021-12-12T08:30:00+08:00\n",
     "register/look_often u-2@11 - auditor since 08:00 due 08:00\n"},
    {"an auditor closes a pace, until it was as much again",
     "08:00 weft/looks/1 look.made " WHO WHY
     "shown=90 stretch=u-1@08 in_minute=90 in_hour=5001 "
     "over_at=2021-12-12T08:00:00+08:00\n"
     "08:05 A-1/1 look.reviewed subject=u-1@08 finding=a_handover\n"
     "08:06 weft/looks/2 look.made " WHO WHY
     "shown=90 stretch=u-1@08 in_minute=90 in_hour=5091\n"
     "08:00 weft/looks/3 look.made " WHO WHY
     "shown=90 stretch=u-2@08 in_minute=90 in_hour=5001 "
     "over_at=2021-12-12T08:00:00+08:00\n"
     "08:05 A-1/2 look.reviewed subject=u-2@08 finding=a_handover\n"
     "08:50 weft/looks/4 look.made " WHO WHY
     "shown=90 stretch=u-2@08 in_minute=90 in_hour=10002 "
     "over_at=2021-12-12T08:50:00+08:00\n",
     "register/look_pace u-2@08 - auditor since 08:00 due 08:00\n"},
    {"an auditor closes it, unless it has gone on since",
     "08:00 weft/looks/1 look.refused " WHO WHY "refused=unknown stretch=u-1@08-not\n"
     "08:10 A-1/1 look.reviewed subject=u-1@08-not finding=a_typing_error\n"
     "08:00 weft/looks/2 look.refused " WHO WHY "refused=unknown stretch=u-2@08-not\n"
     "08:10 A-1/2 look.reviewed subject=u-2@08-not finding=a_typing_error\n"
     "08:11 weft/looks/3 look.refused " WHO WHY "refused=unknown stretch=u-2@08-not\n",
     "register/look_without_reference u-2@08-not - auditor since 08:00 due 08:00\n"},
    {"who asks too early is told so, and no more",
     "08:00 weft/looks/1 look.refused " WHO WHY "refused=evidence\n", ""},
};

static void looks_are_holes_until_an_auditor_has_reviewed_them(void **state)
{
    (void)state;
    stories_hold(stories, sizeof stories / sizeof *stories);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_holes_until_an_auditor_has_reviewed_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
