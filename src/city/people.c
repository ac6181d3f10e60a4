#include "city/people.h"

#include "city/figures.h"

enum {
    open_offices = 64,
    members_max = 10,
    ages_max = 100,
};

// What is being filled while people are settled one after the other.
typedef struct {
    wf_town *town;
    wf_prng dice;
    uint32_t age_total; // of the pyramid
    uint32_t household_total;
    uint32_t size_limit;               // of the largest workplaces
    uint32_t open[open_offices];       // index of the office
    uint32_t open_room[open_offices];  // places left in it
    uint32_t class_open[ages_max + 1]; // by age: the class being filled
    uint32_t class_room[ages_max + 1];
    uint32_t class_taught; // classes below this have a teacher
} settling;

static uint32_t between(wf_prng *dice, uint32_t low, uint32_t high)
{
    return low + wf_prng_below(dice, high - low + 1);
}

static bool chance(wf_prng *dice, uint32_t per_cent)
{
    return wf_prng_below(dice, 100) < per_cent;
}

// ---- households ----

// An age of the pyramid within [low, high].
static int32_t age_between(settling *s, int32_t low, int32_t high)
{
    for (;;) {
        uint32_t at = wf_prng_below(&s->dice, s->age_total);
        uint32_t band = 0;
        while (at >= wf_age_thousands[band])
            at -= wf_age_thousands[band++];
        int32_t age = (int32_t)(band * 5 + wf_prng_below(&s->dice, 5));
        if (age >= low && age <= high)
            return age;
    }
}

static int32_t clamp_age(int32_t age)
{
    return age < 0 ? 0 : age > ages_max ? ages_max : age;
}

static int32_t child_of(settling *s, int32_t age)
{
    return age <= 22
               ? 0
               : age - (int32_t)between(&s->dice, 22, age < 36 ? (uint32_t)age : 36);
}

static int32_t parent_of(settling *s, int32_t age)
{
    return clamp_age(age + (int32_t)between(&s->dice, 23, 32));
}

static int32_t partner_of(settling *s, int32_t age)
{
    int32_t partner = age + (int32_t)between(&s->dice, 0, 6) - 4;
    return partner < 20 ? 20 : clamp_age(partner);
}

static void ages_of_two(settling *s, int32_t ages[])
{
    uint32_t roll = wf_prng_below(&s->dice, 100);
    if (roll < 20) {
        ages[0] = age_between(s, 25, 75);
        ages[1] = child_of(s, ages[0]);
        return;
    }
    ages[0] = roll < 65 ? age_between(s, 22, 90) : age_between(s, 50, 90);
    ages[1] = partner_of(s, ages[0]);
}

// Ages of a household; sex follows from the place in it.
static void ages_of_household(settling *s, uint32_t size, int32_t ages[members_max])
{
    if (size == 1) {
        ages[0] = chance(&s->dice, 40) ? age_between(s, 60, 95) : age_between(s, 20, 59);
        return;
    }
    if (size == 2) {
        ages_of_two(s, ages);
        return;
    }
    ages[0] = size == 3 ? age_between(s, 27, 56) : age_between(s, 27, 50);
    ages[1] = partner_of(s, ages[0]);
    ages[2] = child_of(s, ages[0]);
    uint32_t at = 3;
    if (size >= 5 || (size == 4 && chance(&s->dice, 35)))
        ages[at++] = parent_of(s, ages[0]);
    if (size >= 5 && chance(&s->dice, 70) && at < size)
        ages[at++] = parent_of(s, ages[0]);
    for (; at < size; at++)
        ages[at] = at < 6 ? child_of(s, ages[0]) : age_between(s, 0, 70);
}

static uint32_t size_of_household(settling *s)
{
    uint32_t at = wf_prng_below(&s->dice, s->household_total);
    uint32_t size = 1;
    while (at >= wf_household_per_mille[size - 1])
        at -= wf_household_per_mille[size++ - 1];
    return size;
}

// ---- classes and workplaces ----

static void join_class(settling *s, wf_resident *resident, uint32_t size)
{
    wf_town *town = s->town;
    uint32_t age = resident->age;
    if (s->class_room[age] == 0) {
        uint32_t opened = town->kind_count[WF_PLACE_CLASS]++;
        town->class_household[opened] = resident->household;
        s->class_open[age] = opened;
        s->class_room[age] = size - wf_prng_below(&s->dice, size / 3);
    }
    s->class_room[age]--;
    resident->anchor = s->class_open[age];
}

// Sizes of workplaces: most have a handful of people, one in a hundred some thousands.
static uint32_t workplace_size(settling *s)
{
    uint32_t roll = wf_prng_below(&s->dice, 100);
    uint32_t size = roll < 40   ? between(&s->dice, 2, 5)
                    : roll < 70 ? between(&s->dice, 6, 12)
                    : roll < 89 ? between(&s->dice, 13, 30)
                    : roll < 97 ? between(&s->dice, 31, 100)
                    : roll < 99 ? between(&s->dice, 101, 300)
                                : between(&s->dice, 301, 3000);
    return size < s->size_limit ? size : s->size_limit;
}

static void open_office(settling *s, uint32_t slot, uint32_t household)
{
    wf_town *town = s->town;
    uint32_t opened = town->kind_count[WF_PLACE_OFFICE]++;
    uint32_t size = workplace_size(s);
    s->open[slot] = opened;
    s->open_room[slot] = size;
    town->office_household[opened] = household;
    town->offices[opened] = (wf_workplace){0, UINT32_MAX};
    if (size >= 40 && chance(&s->dice, 75)) {
        uint32_t canteen = town->kind_count[WF_PLACE_CANTEEN]++;
        town->canteen_household[canteen] = household;
        town->offices[opened].canteen = canteen;
    }
}

static void join_office(settling *s, uint32_t person)
{
    wf_resident *residents = s->town->residents;
    uint32_t slot = wf_prng_below(&s->dice, open_offices);
    if (s->open_room[slot] == 0)
        open_office(s, slot, residents[person].household);
    s->open_room[slot]--;
    uint32_t office = s->open[slot];
    s->town->offices[office].workers++;
    // One in eight changes places with someone settled earlier: sizes stay.
    int tries = person > 0 && chance(&s->dice, 12) ? 8 : 0;
    for (int i = 0; i < tries; i++) {
        wf_resident *other = &residents[wf_prng_below(&s->dice, person)];
        if (other->role != WF_PURSUIT_OFFICE)
            continue;
        uint32_t far = other->anchor;
        other->anchor = office;
        office = far;
        break;
    }
    residents[person].anchor = office;
}

static uint32_t near_place(settling *s, uint32_t person, wf_place_kind kind)
{
    int64_t count = s->town->kind_count[kind];
    int64_t at = (int64_t)person * count / s->town->options.people;
    at += (int64_t)wf_prng_below(&s->dice, 5) - 2;
    return (uint32_t)(at < 0 ? 0 : at >= count ? count - 1 : at);
}

static wf_pursuit role_of_worker(settling *s)
{
    static const struct {
        uint8_t per_cent;
        uint8_t role;
    } shares[] = {
        {6, WF_PURSUIT_SHOP},          {3, WF_PURSUIT_MARKET}, {5, WF_PURSUIT_RESTAURANT},
        {2, WF_PURSUIT_ENTERTAINMENT}, {1, WF_PURSUIT_BUS},    {2, WF_PURSUIT_HALL},
        {3, WF_PURSUIT_CLINIC},        {1, WF_PURSUIT_OTHER},  {5, WF_PURSUIT_TEACHER}};
    uint32_t roll = wf_prng_below(&s->dice, 100);
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        if (roll < shares[i].per_cent)
            return (wf_pursuit)shares[i].role;
        roll -= shares[i].per_cent;
    }
    return WF_PURSUIT_OFFICE;
}

static wf_pursuit role_at(settling *s, uint32_t person, uint32_t age)
{
    wf_prng *dice = &s->dice;
    // One person always, so that even the smallest city has such a place in use.
    if (person == 11 || (age >= 18 && wf_prng_below(dice, 5000) == 0))
        return WF_PURSUIT_GUEST;
    if (age < 3)
        return WF_PURSUIT_HOME;
    if (age < 18)
        return chance(dice, age < 6 ? 85 : 98) ? WF_PURSUIT_PUPIL : WF_PURSUIT_HOME;
    if (age < 22 && chance(dice, 45))
        return WF_PURSUIT_STUDENT;
    uint32_t works = age < 60 ? 76 : age < 65 ? 35 : age < 72 ? 8 : 0;
    if (chance(dice, works))
        return role_of_worker(s);
    return age < 60 ? WF_PURSUIT_HOME : WF_PURSUIT_RETIRED;
}

static void give_role(settling *s, uint32_t person)
{
    wf_resident *resident = &s->town->residents[person];
    wf_pursuit role = role_at(s, person, resident->age);
    uint32_t classes = s->town->kind_count[WF_PLACE_CLASS];
    if (role == WF_PURSUIT_TEACHER && s->class_taught >= classes)
        role = WF_PURSUIT_OFFICE;
    resident->role = (uint8_t)role;
    wf_place_kind kind = WF_PLACE_HOUSEHOLD;
    if (role == WF_PURSUIT_TEACHER)
        resident->anchor = s->class_taught++;
    else if (role == WF_PURSUIT_PUPIL)
        join_class(s, resident, resident->age < 6 ? 27 : 46);
    else if (role == WF_PURSUIT_STUDENT)
        join_class(s, resident, 60);
    else if (role == WF_PURSUIT_OFFICE)
        join_office(s, person);
    else if (wf_pursuit_kind(role, &kind))
        resident->anchor = near_place(s, person, kind);
}

// ---- the whole ----

// Twenty classes share a canteen; those of schools are numbered behind the others.
static void build_school_canteens(wf_town *town)
{
    uint32_t classes = town->kind_count[WF_PLACE_CLASS];
    town->school_canteen_first = town->kind_count[WF_PLACE_CANTEEN];
    for (uint32_t i = 0; i < classes; i += WF_CLASSES_PER_CANTEEN)
        town->canteen_household[town->kind_count[WF_PLACE_CANTEEN]++] =
            town->class_household[i];
}

static weft_status allocate(wf_town *town, weft_error *error)
{
    size_t people = town->options.people;
    wf_arena *arena = &town->arena;
    town->residents = wf_arena_array(arena, people, sizeof town->residents[0]);
    town->household_first = wf_arena_array(arena, people + 1, sizeof(uint32_t));
    // Every workplace but the open ones has at least two people, every class but the
    // open ones 18; canteens are fewer than workplaces and classes.
    size_t offices = people / 2 + open_offices;
    town->offices = wf_arena_array(arena, offices, sizeof town->offices[0]);
    town->office_household = wf_arena_array(arena, offices, sizeof(uint32_t));
    town->canteen_household =
        wf_arena_array(arena, offices + people / 18, sizeof(uint32_t));
    town->class_household =
        wf_arena_array(arena, people / 18 + ages_max + 1, sizeof(uint32_t));
    if (town->residents == NULL || town->household_first == NULL ||
        town->offices == NULL || town->office_household == NULL ||
        town->canteen_household == NULL || town->class_household == NULL)
        return wf_fail_memory(error);
    return WEFT_OK;
}

weft_status wf_people_settle(wf_town *town, weft_error *error)
{
    WF_TRY(allocate(town, error));
    settling s = {.town = town, .dice = wf_prng_stream(town->options.seed, UINT64_MAX)};
    uint32_t people = town->options.people;
    s.size_limit = people / 50 > 4 ? people / 50 : 4;
    for (int i = 0; i < WF_AGE_BANDS; i++)
        s.age_total += wf_age_thousands[i];
    for (int i = 0; i < WF_HOUSEHOLD_SIZES; i++)
        s.household_total += wf_household_per_mille[i];
    uint32_t settled = 0;
    while (settled < people) {
        int32_t ages[members_max];
        uint32_t size = size_of_household(&s);
        uint32_t household = town->households_count++;
        ages_of_household(&s, size, ages);
        town->household_first[household] = settled;
        for (uint32_t i = 0; i < size && settled < people; i++) {
            bool woman = i == 1 || (i != 0 && chance(&s.dice, 48)) ||
                         (size == 1 && chance(&s.dice, 49));
            town->residents[settled] = (wf_resident){.household = household,
                                                     .age = (uint8_t)clamp_age(ages[i]),
                                                     .woman = woman};
            give_role(&s, settled++);
        }
    }
    town->household_first[town->households_count] = people;
    town->kind_count[WF_PLACE_HOUSEHOLD] = town->households_count;
    build_school_canteens(town);
    return WEFT_OK;
}
