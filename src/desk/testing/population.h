// Who of a whole population is not sampled yet: counts by building, kept up to date fact
// by fact (MISSION S2, DESIGN §3). No database, no clock: counter.h feeds it.
//
// The population are the persons of the register. In a round each of them is one of four:
//
//   sampled    a sample of theirs counts, whatever else was said of them
//   explained  not sampled; said to be away for a time, and why
//   gone       not sampled; said to have moved away or died: no longer of the population
//   missing    all others: said to be here, said to be away but not why, or nothing said
//
//   registered = present + gone
//   present    = sampled + explained + missing          for each building
//
// "present" is the present population (实有人口), whom the building has to answer for. A
// building without one missing is done.
//
// Ids that are said to be one person (person.same, also by way of a third) count once:
// sampled when one of them is; of the rest that id counts of which most was said
// (wf_presence), then one with a grid, then the least id bytewise. A person whose
// register row is not there belongs to no building (WF_BUILDING_NONE); their samples are
// kept for when it comes, and counted apart.
//
// Method: a 32-bit word a person, a byte a person and round, four counters a building and
// round. A fact moves one person from one counter to another, a move or another presence
// does so in each round.
//
// Threads: one at a time.
#ifndef WF_DESK_TESTING_POPULATION_H
#define WF_DESK_TESTING_POPULATION_H

#include "desk/testing/buildings.h"

// Rounds that are counted at the same time.
#define WF_POPULATION_ROUNDS_MAX 8

// What was said of a person's being here. The greater counts where two ids of one person
// differ.
typedef enum {
    WF_PRESENCE_UNSAID, // nothing, or that they are away but not why
    WF_PRESENCE_GONE,   // moved away or died
    WF_PRESENCE_AWAY,   // for a time, and it was said why
    WF_PRESENCE_HERE,
    WF_PRESENCE_COUNT
} wf_presence;

typedef enum {
    WF_HEAD_MISSING,
    WF_HEAD_SAMPLED,
    WF_HEAD_EXPLAINED,
    WF_HEAD_GONE
} wf_head;

typedef struct {
    uint64_t registered, present, sampled, explained, missing;
} wf_heads;

typedef struct wf_population wf_population;

// The external id of a person; the text is valid until the next call.
typedef wf_text (*wf_population_id)(void *context, uint32_t person);

// NULL without memory.
wf_population *wf_population_new(wf_population_id id_of, void *context);
void wf_population_free(wf_population *population); // NULL does nothing

// ---- what is said of persons ----
//
// Persons are numbers below WF_NUMBER_LIMIT. False: without memory; then the population
// is of no use any more.

// The building of a grid code, made if it is new.
bool wf_population_building(wf_population *population, wf_text grid, uint32_t *ret);
// The rows of all persons at once, each person once, before anything else is said of
// them. About 1 ns a person and thread.
typedef struct {
    uint32_t person;
    uint32_t said; // wf_population_say
} wf_population_row;
static inline uint32_t wf_population_say(uint32_t building, wf_presence presence)
{
    return building << 3 | (uint32_t)presence;
}
bool wf_population_fill(wf_population *population, const wf_population_row *rows,
                        size_t count, unsigned threads);
// The row of a person in the register, or that there is none (WF_BUILDING_NONE).
void wf_population_put(wf_population *population, uint32_t person, uint32_t building,
                       wf_presence presence);
// Two ids are one person; are not, after they were.
bool wf_population_join(wf_population *population, uint32_t a, uint32_t b);
bool wf_population_part(wf_population *population, uint32_t a, uint32_t b);

// ---- rounds ----

// A round with the samples of `persons` (uint32_t, a number as often as it was sampled),
// which becomes the population's and is left empty; *ret names the round until it is
// dropped. There must be room (WF_POPULATION_ROUNDS_MAX). On failure there is no such
// round. About 1 ns a sample and thread.
bool wf_population_load(wf_population *population, wf_buffer *persons, unsigned threads,
                        unsigned *ret);
void wf_population_drop(wf_population *population, unsigned round);
// One sample more, one less.
bool wf_population_add(wf_population *population, unsigned round, uint32_t person);
bool wf_population_remove(wf_population *population, unsigned round, uint32_t person);

// ---- questions ----

wf_buildings *wf_population_buildings(wf_population *population);
// How a building stands in a round.
wf_heads wf_population_heads(const wf_population *population, unsigned round,
                             uint32_t building);
void wf_heads_add(wf_heads *to, const wf_heads *heads);
// How many were sampled who are not in the register.
uint64_t wf_population_strangers(const wf_population *population, unsigned round);

// Whether a person is missing, whichever of their ids is given; then *ret_counts is the
// id that counts, and which wf_population_missing gives.
bool wf_population_is_missing(const wf_population *population, unsigned round,
                              uint32_t person, uint32_t *ret_counts);
// Where a person lives; WF_BUILDING_NONE: in no register.
uint32_t wf_population_lives_in(const wf_population *population, uint32_t person);

// True when a person was said to be here.
bool wf_population_said_here(const wf_population *population, uint32_t person);

// Appends the numbers (uint32_t) of a building's missing persons, rising; of several ids
// of one person the one that counts. About 0.1 ms after a first call, which orders all
// persons by building (0.1 s at 7.5 million). False without memory.
bool wf_population_missing(wf_population *population, unsigned round, uint32_t building,
                           wf_buffer *ret);

#endif
