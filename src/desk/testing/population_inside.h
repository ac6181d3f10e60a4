// What the files of the population share. Only for them.
#ifndef WF_DESK_TESTING_POPULATION_INSIDE_H
#define WF_DESK_TESTING_POPULATION_INSIDE_H

#include "desk/testing/population.h"
#include "desk/testing/sampled.h"

// Of one building: how many, by presence.
typedef struct {
    uint32_t by[WF_PRESENCE_COUNT];
} wf_tally;

// A person's word is what wf_population_say makes; the bit between says that another id
// is theirs too.
#define WF_WORD_PRESENCE UINT32_C(3)
#define WF_WORD_JOINED UINT32_C(4)
#define WF_WORD_BUILDING_SHIFT 3

typedef struct {
    uint32_t a, b;
} wf_id_pair;

// Ids that are one person.
typedef struct {
    uint32_t *members; // persons
    size_t members_count, members_capacity;
    wf_id_pair *pairs; // what joins them
    size_t pairs_count, pairs_capacity;
    uint32_t next_free; // of a class without members
} wf_identity_class;

// Where the joined ids are, by person.
typedef struct {
    wf_identity_class *classes; // [0] is none
    size_t count, capacity;
    uint32_t free;   // the first class without members; 0: none
    uint32_t *slots; // pairs of (person + 1, class), open addressing; 0: free
    size_t slots_count, used;
} wf_identities;

typedef struct {
    bool open;
    wf_sampled sampled;
    wf_tally *sampled_in; // by building
} wf_population_round;

struct wf_population {
    wf_population_id id_of;
    void *context;
    wf_buildings *buildings;
    uint32_t *words;         // by person
    uint32_t end;            // one more than the greatest person that was named
    wf_tally *registered_in; // by building
    size_t tallies_capacity; // of it and of each open round's
    wf_population_round rounds[WF_POPULATION_ROUNDS_MAX];
    wf_identities identities;

    // Persons by building as they stood when they were ordered, and who moved since.
    bool is_ordered;
    uint32_t *order, *starts;
    size_t starts_count;
    uint32_t *moved;
    size_t moved_count, moved_capacity;
};

static inline uint32_t wf_word_building(uint32_t word)
{
    return word >> WF_WORD_BUILDING_SHIFT;
}

// The rounds in which the person has a sample, bit by bit.
unsigned wf_population_sampled_mask(const wf_population *population, uint32_t person);
// Counts one person of this word, or takes them off, in the rounds of the mask.
void wf_population_count(wf_population *population, uint32_t word, unsigned mask,
                         bool in);
// As it is now: a person who is joined counts with the others of their class.
void wf_population_count_person(wf_population *population, uint32_t person, bool in);

// ---- identities.c ----

void wf_identities_done(wf_identities *identities);
const wf_identity_class *wf_identities_of(const wf_identities *identities,
                                          uint32_t person);
// The id by which a class counts.
uint32_t wf_identity_counts(const wf_population *population, const wf_identity_class *of);

#endif
