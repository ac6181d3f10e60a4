// Ids that are one person: classes of ids, joined by pairs.
//
// A pair that is taken back dissolves its class, whose other pairs join it again: classes
// have two or three ids, hardly ever ten.
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "desk/testing/population_inside.h"

// ---- by person ----

static uint32_t *slot_of(const wf_identities *identities, uint32_t person)
{
    size_t mask = identities->slots_count - 1;
    // Fibonacci hashing: numbers are dense, not chosen by anybody.
    size_t at = (size_t)(person * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (identities->slots[2 * at] != 0 && identities->slots[2 * at] != person + 1)
        at = (at + 1) & mask;
    return &identities->slots[2 * at];
}

static bool make_slots(wf_identities *identities)
{
    if (2 * (identities->used + 1) <= identities->slots_count)
        return true;
    size_t had = identities->slots_count;
    uint32_t *old = identities->slots;
    size_t wanted = had == 0 ? 64 : 2 * had;
    uint32_t *slots = calloc(2 * wanted, sizeof *slots);
    if (slots == NULL)
        return false;
    identities->slots = slots;
    identities->slots_count = wanted;
    for (size_t i = 0; i < had; i++)
        if (old[2 * i] != 0)
            memcpy(slot_of(identities, old[2 * i] - 1), &old[2 * i], 2 * sizeof *old);
    free(old);
    return true;
}

const wf_identity_class *wf_identities_of(const wf_identities *identities,
                                          uint32_t person)
{
    return &identities->classes[slot_of(identities, person)[1]];
}

void wf_identities_done(wf_identities *identities)
{
    for (size_t i = 0; i < identities->count; i++) {
        free(identities->classes[i].members);
        free(identities->classes[i].pairs);
    }
    free(identities->classes);
    free(identities->slots);
    *identities = (wf_identities){0};
}

// ---- which id counts ----

// True when `a` says more of the person than `b`; both are in the register.
static bool counts_before(const wf_population *population, uint32_t a, uint32_t b)
{
    uint32_t x = population->words[a], y = population->words[b];
    if ((x & WF_WORD_PRESENCE) != (y & WF_WORD_PRESENCE))
        return (x & WF_WORD_PRESENCE) > (y & WF_WORD_PRESENCE);
    bool x_lives = wf_word_building(x) != WF_BUILDING_NOWHERE;
    bool y_lives = wf_word_building(y) != WF_BUILDING_NOWHERE;
    if (x_lives != y_lives)
        return x_lives;
    // The first text may go with the second question.
    char bytes[WF_ID_BYTES_MAX];
    wf_text id = population->id_of(population->context, a);
    WF_ASSERT(id.size <= sizeof bytes);
    memcpy(bytes, id.bytes, id.size);
    id.bytes = bytes;
    return wf_text_compare(id, population->id_of(population->context, b)) < 0;
}

uint32_t wf_identity_counts(const wf_population *population, const wf_identity_class *of)
{
    uint32_t best = of->members[0];
    for (size_t i = 1; i < of->members_count; i++) {
        uint32_t other = of->members[i];
        if (wf_word_building(population->words[other]) == WF_BUILDING_NONE)
            continue;
        if (wf_word_building(population->words[best]) == WF_BUILDING_NONE ||
            counts_before(population, other, best))
            best = other;
    }
    return best;
}

// ---- joining ----

static bool add_member(wf_identity_class *to, uint32_t person)
{
    uint32_t *members =
        wf_grow(to->members, to->members_count, &to->members_capacity, sizeof *members);
    if (members == NULL)
        return false;
    to->members = members;
    members[to->members_count++] = person;
    return true;
}

static bool add_pair(wf_identity_class *to, wf_id_pair pair)
{
    wf_id_pair *pairs =
        wf_grow(to->pairs, to->pairs_count, &to->pairs_capacity, sizeof *pairs);
    if (pairs == NULL)
        return false;
    to->pairs = pairs;
    pairs[to->pairs_count++] = pair;
    return true;
}

// The place of a class without members; 0 without memory.
static uint32_t new_class(wf_identities *identities)
{
    uint32_t place = identities->free;
    if (place != 0) {
        identities->free = identities->classes[place].next_free;
        return place;
    }
    size_t count = identities->count == 0 ? 1 : identities->count;
    wf_identity_class *classes =
        wf_grow(identities->classes, count, &identities->capacity, sizeof *classes);
    if (classes == NULL)
        return 0;
    classes[0] = classes[count] = (wf_identity_class){0};
    identities->classes = classes;
    identities->count = count + 1;
    return (uint32_t)count;
}

static void free_class(wf_identities *identities, uint32_t place)
{
    identities->classes[place].next_free = identities->free;
    identities->free = place;
}

// The class of a person, alone in it when they were in none; 0 without memory.
static uint32_t class_of(wf_population *population, uint32_t person)
{
    wf_identities *identities = &population->identities;
    if ((population->words[person] & WF_WORD_JOINED) != 0)
        return slot_of(identities, person)[1];
    uint32_t made = new_class(identities);
    if (made == 0 || !make_slots(identities) ||
        !add_member(&identities->classes[made], person))
        return 0;
    uint32_t *slot = slot_of(identities, person);
    identities->used += slot[0] == 0;
    slot[0] = person + 1;
    slot[1] = made;
    population->words[person] |= WF_WORD_JOINED;
    return made;
}

// Moves all of one class into the other.
static bool move_class(wf_population *population, uint32_t from, uint32_t to)
{
    wf_identities *identities = &population->identities;
    wf_identity_class *source = &identities->classes[from];
    for (size_t i = 0; i < source->members_count; i++) {
        if (!add_member(&identities->classes[to], source->members[i]))
            return false;
        slot_of(identities, source->members[i])[1] = to;
    }
    for (size_t i = 0; i < source->pairs_count; i++)
        if (!add_pair(&identities->classes[to], source->pairs[i]))
            return false;
    source->members_count = source->pairs_count = 0;
    free_class(identities, from);
    return true;
}

static bool join(wf_population *population, uint32_t a, uint32_t b)
{
    wf_identities *identities = &population->identities;
    uint32_t one = class_of(population, a);
    uint32_t other = one == 0 ? 0 : class_of(population, b);
    if (other == 0)
        return false;
    if (one == other)
        return add_pair(&identities->classes[one], (wf_id_pair){a, b});
    if (identities->classes[one].members_count <
        identities->classes[other].members_count) {
        uint32_t swapped = one;
        one = other;
        other = swapped;
    }
    wf_population_count_person(population, a, false);
    wf_population_count_person(population, b, false);
    if (!move_class(population, other, one) ||
        !add_pair(&identities->classes[one], (wf_id_pair){a, b}))
        return false;
    wf_population_count_person(population, a, true);
    return true;
}

bool wf_population_join(wf_population *population, uint32_t a, uint32_t b)
{
    WF_ASSERT(a < WF_NUMBER_LIMIT && b < WF_NUMBER_LIMIT);
    uint32_t greater = a > b ? a : b;
    if (greater >= population->end)
        population->end = greater + 1;
    return join(population, a, b);
}

// ---- parting ----

static size_t find_pair(const wf_identity_class *of, uint32_t a, uint32_t b)
{
    size_t at = 0;
    while (at < of->pairs_count && (of->pairs[at].a != a || of->pairs[at].b != b))
        at++;
    return at;
}

// Each member counts alone again.
static void dissolve(wf_population *population, wf_identity_class *of)
{
    wf_population_count_person(population, of->members[0], false);
    for (size_t i = 0; i < of->members_count; i++) {
        population->words[of->members[i]] &= ~WF_WORD_JOINED;
        wf_population_count_person(population, of->members[i], true);
    }
    of->members_count = 0;
}

bool wf_population_part(wf_population *population, uint32_t a, uint32_t b)
{
    if (a >= population->end || (population->words[a] & WF_WORD_JOINED) == 0)
        return false;
    uint32_t place = slot_of(&population->identities, a)[1];
    wf_identity_class *of = &population->identities.classes[place];
    size_t at = find_pair(of, a, b);
    if (at == of->pairs_count)
        return false;
    of->pairs[at] = of->pairs[--of->pairs_count];
    dissolve(population, of);
    wf_id_pair *pairs = of->pairs; // joining may use this class, or move it
    size_t count = of->pairs_count;
    of->pairs = NULL;
    of->pairs_count = of->pairs_capacity = 0;
    free_class(&population->identities, place);
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = join(population, pairs[i].a, pairs[i].b);
    free(pairs);
    return done;
}
