#include "desk/testing/population.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "desk/testing/population_inside.h"

enum {
    words_bytes = WF_NUMBER_LIMIT * sizeof(uint32_t),
    parts_max = 8 // of work on all persons at once
};

// ---- making ----

wf_population *wf_population_new(wf_population_id id_of, void *context)
{
    wf_population *population = calloc(1, sizeof *population);
    if (population == NULL)
        return NULL;
    uint32_t building;
    population->id_of = id_of;
    population->context = context;
    population->words = wf_pages_new(words_bytes);
    population->buildings = wf_buildings_new();
    if (population->words == NULL || population->buildings == NULL ||
        !wf_population_building(population, WF_TEXT(""), &building)) {
        wf_population_free(population);
        return NULL;
    }
    return population;
}

static void order_done(wf_population *population)
{
    free(population->order);
    free(population->starts);
    population->order = population->starts = NULL;
    population->is_ordered = false;
    population->moved_count = 0;
}

void wf_population_free(wf_population *population)
{
    if (population == NULL)
        return;
    for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++)
        wf_population_drop(population, i);
    wf_identities_done(&population->identities);
    wf_buildings_free(population->buildings);
    wf_pages_free(population->words, words_bytes);
    order_done(population);
    free(population->registered_in);
    free(population->moved);
    free(population);
}

wf_buildings *wf_population_buildings(wf_population *population)
{
    return population->buildings;
}

static bool grow_tallies(wf_tally **tallies, size_t from, size_t to)
{
    wf_tally *grown = reallocarray(*tallies, to, sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + from, 0, (to - from) * sizeof *grown);
    *tallies = grown;
    return true;
}

bool wf_population_building(wf_population *population, wf_text grid, uint32_t *ret)
{
    uint32_t building;
    if (!wf_buildings_intern(population->buildings, grid, &building))
        return false;
    size_t had = population->tallies_capacity;
    if (building >= had) {
        size_t wanted = had == 0 ? 1024 : 2 * had;
        if (!grow_tallies(&population->registered_in, had, wanted))
            return false;
        for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++)
            if (population->rounds[i].open &&
                !grow_tallies(&population->rounds[i].sampled_in, had, wanted))
                return false;
        population->tallies_capacity = wanted;
    }
    *ret = building;
    return true;
}

// ---- counting ----

unsigned wf_population_sampled_mask(const wf_population *population, uint32_t person)
{
    unsigned mask = 0;
    for (unsigned i = 0; i < WF_POPULATION_ROUNDS_MAX; i++) {
        const wf_population_round *round = &population->rounds[i];
        if (round->open && wf_sampled_has(&round->sampled, person))
            mask |= 1u << i;
    }
    return mask;
}

void wf_population_count(wf_population *population, uint32_t word, unsigned mask, bool in)
{
    uint32_t building = wf_word_building(word), presence = word & WF_WORD_PRESENCE;
    uint32_t step = in ? 1 : UINT32_MAX; // counters wrap: −1
    population->registered_in[building].by[presence] += step;
    for (unsigned i = 0; mask >> i != 0; i++)
        if (mask >> i & 1)
            population->rounds[i].sampled_in[building].by[presence] += step;
}

static void count_class(wf_population *population, const wf_identity_class *of, bool in)
{
    unsigned mask = 0;
    for (size_t i = 0; i < of->members_count; i++)
        mask |= wf_population_sampled_mask(population, of->members[i]);
    uint32_t counts = wf_identity_counts(population, of);
    wf_population_count(population, population->words[counts], mask, in);
}

void wf_population_count_person(wf_population *population, uint32_t person, bool in)
{
    uint32_t word = population->words[person];
    if ((word & WF_WORD_JOINED) != 0) {
        count_class(population, wf_identities_of(&population->identities, person), in);
        return;
    }
    // Who is of no building and has no sample is not worth counting, nor is there harm.
    wf_population_count(population, word, wf_population_sampled_mask(population, person),
                        in);
}

static void note_moved(wf_population *population, uint32_t person)
{
    if (!population->is_ordered)
        return;
    uint32_t *moved = wf_grow(population->moved, population->moved_count,
                              &population->moved_capacity, sizeof *moved);
    if (moved == NULL) {
        order_done(population); // it is made again when it is asked for
        return;
    }
    population->moved = moved;
    moved[population->moved_count++] = person;
}

static void reach(wf_population *population, uint32_t person)
{
    WF_ASSERT(person < WF_NUMBER_LIMIT);
    if (person >= population->end)
        population->end = person + 1;
}

static void put_word(wf_population *population, uint32_t person, uint32_t word)
{
    uint32_t before = population->words[person];
    wf_population_count_person(population, person, false);
    population->words[person] = word | (before & WF_WORD_JOINED);
    wf_population_count_person(population, person, true);
    if (wf_word_building(before) != wf_word_building(word))
        note_moved(population, person);
}

void wf_population_put(wf_population *population, uint32_t person, uint32_t building,
                       wf_presence presence)
{
    reach(population, person);
    if (building == WF_BUILDING_NONE)
        presence = WF_PRESENCE_UNSAID;
    put_word(population, person, wf_population_say(building, presence));
}

// ---- all at once ----

// Each part counts by building in tallies of its own; then these are added up.
typedef struct {
    wf_population *population;
    const wf_population_row *rows; // NULL: who is sampled is counted
    const wf_sampled *sampled;
    size_t count; // of rows, or of persons
    wf_tally *tallies[parts_max];
    uint32_t greatest[parts_max];
    unsigned parts;
} tallying;

static void part_of(const tallying *all, size_t index, size_t *ret_from, size_t *ret_upto)
{
    // Whole words of bits.
    size_t step = (all->count / all->parts + 63) / 64 * 64;
    *ret_from = step * index < all->count ? step * index : all->count;
    *ret_upto = index + 1 == all->parts || step * (index + 1) > all->count
                    ? all->count
                    : step * (index + 1);
}

static uint32_t *counter_of(wf_tally *tallies, uint32_t word)
{
    return &tallies[wf_word_building(word)].by[word & WF_WORD_PRESENCE];
}

// Neighbours live together: they are counted in a register as long as they do.
static void tally_sampled(void *job, unsigned thread, size_t index)
{
    const tallying *all = job;
    const uint32_t *words = all->population->words;
    const uint64_t *bits = all->sampled->bits;
    size_t from, upto;
    uint32_t last = 0, run = 0;
    (void)thread;
    part_of(all, index, &from, &upto);
    for (size_t i = from; i < upto; i++) {
        uint32_t word = words[i];
        if (word != last) {
            *counter_of(all->tallies[index], last) += run;
            last = word;
            run = 0;
        }
        // Joined ids are counted apart.
        run += (uint32_t)(bits[i / 64] >> (i % 64)) & ~(word >> 2) & 1;
    }
    *counter_of(all->tallies[index], last) += run;
}

static void fill_part(void *job, unsigned thread, size_t index)
{
    tallying *all = job;
    uint32_t *words = all->population->words;
    size_t from, upto;
    uint32_t last = 0, run = 0, greatest = 0;
    (void)thread;
    part_of(all, index, &from, &upto);
    for (size_t i = from; i < upto; i++) {
        wf_population_row row = all->rows[i];
        greatest = row.person > greatest ? row.person : greatest;
        words[row.person] = row.said;
        if (row.said != last) {
            *counter_of(all->tallies[index], last) += run;
            last = row.said;
            run = 0;
        }
        run++;
    }
    *counter_of(all->tallies[index], last) += run;
    all->greatest[index] = greatest;
}

static void add_tallies(wf_tally *to, const wf_tally *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (unsigned s = 0; s < WF_PRESENCE_COUNT; s++)
            to[i].by[s] += from[i].by[s];
}

// The sums of all parts, on the heap; NULL without memory.
static wf_tally *tally(tallying *all, unsigned threads,
                       void (*part)(void *job, unsigned thread, size_t index))
{
    size_t capacity = all->population->tallies_capacity;
    all->parts = threads < 1 ? 1 : threads > parts_max ? parts_max : threads;
    bool done = true;
    for (unsigned i = 0; i < all->parts; i++) {
        all->tallies[i] = calloc(capacity, sizeof *all->tallies[i]);
        done = done && all->tallies[i] != NULL;
    }
    if (done)
        wf_parallel_for(all->parts, all->parts, part, all);
    for (unsigned i = 1; i < all->parts; i++) {
        if (done)
            add_tallies(all->tallies[0], all->tallies[i], capacity);
        free(all->tallies[i]);
    }
    if (done)
        return all->tallies[0];
    free(all->tallies[0]);
    return NULL;
}

bool wf_population_fill(wf_population *population, const wf_population_row *rows,
                        size_t count, unsigned threads)
{
    tallying all = {.population = population, .rows = rows, .count = count};
    WF_ASSERT(population->end == 0);
    wf_tally *tallies = tally(&all, threads, fill_part);
    if (tallies == NULL)
        return false;
    free(population->registered_in);
    population->registered_in = tallies;
    for (unsigned i = 0; count > 0 && i < all.parts; i++)
        if (all.greatest[i] >= population->end)
            population->end = all.greatest[i] + 1;
    return true;
}

// ---- rounds ----

static void tally_joined(wf_population *population, unsigned round)
{
    const wf_identities *identities = &population->identities;
    for (size_t i = 1; i < identities->count; i++) {
        const wf_identity_class *of = &identities->classes[i];
        bool sampled = false;
        for (size_t k = 0; k < of->members_count; k++)
            sampled = sampled ||
                      wf_sampled_has(&population->rounds[round].sampled, of->members[k]);
        if (!sampled)
            continue;
        uint32_t word = population->words[wf_identity_counts(population, of)];
        population->rounds[round]
            .sampled_in[wf_word_building(word)]
            .by[word & WF_WORD_PRESENCE]++;
    }
}

bool wf_population_load(wf_population *population, wf_buffer *persons, unsigned threads,
                        unsigned *ret)
{
    unsigned at = 0;
    uint32_t end = 0;
    while (at < WF_POPULATION_ROUNDS_MAX && population->rounds[at].open)
        at++;
    WF_ASSERT(at < WF_POPULATION_ROUNDS_MAX);
    wf_population_round *round = &population->rounds[at];
    if (!wf_sampled_init(&round->sampled, persons, threads, &end))
        return false;
    if (end > population->end)
        population->end = end;
    tallying all = {
        .population = population, .sampled = &round->sampled, .count = population->end};
    round->sampled_in = tally(&all, threads, tally_sampled);
    if (round->sampled_in == NULL) {
        wf_sampled_done(&round->sampled);
        return false;
    }
    round->open = true;
    tally_joined(population, at);
    *ret = at;
    return true;
}

void wf_population_drop(wf_population *population, unsigned round)
{
    wf_population_round *of = &population->rounds[round];
    wf_sampled_done(&of->sampled);
    free(of->sampled_in);
    *of = (wf_population_round){0};
}

// A person of whom the first sample came, or the last went.
static void turn(wf_population *population, unsigned round, uint32_t person, bool in)
{
    uint32_t word = population->words[person];
    wf_tally *tallies = population->rounds[round].sampled_in;
    if ((word & WF_WORD_JOINED) != 0) {
        const wf_identity_class *of = wf_identities_of(&population->identities, person);
        for (size_t i = 0; i < of->members_count; i++)
            if (of->members[i] != person &&
                wf_sampled_has(&population->rounds[round].sampled, of->members[i]))
                return; // another of their ids has one
        word = population->words[wf_identity_counts(population, of)];
    }
    tallies[wf_word_building(word)].by[word & WF_WORD_PRESENCE] += in ? 1 : UINT32_MAX;
}

bool wf_population_add(wf_population *population, unsigned round, uint32_t person)
{
    bool first = false;
    reach(population, person);
    if (!wf_sampled_add(&population->rounds[round].sampled, person, &first))
        return false;
    if (first)
        turn(population, round, person, true);
    return true;
}

bool wf_population_remove(wf_population *population, unsigned round, uint32_t person)
{
    wf_sampled *sampled = &population->rounds[round].sampled;
    bool last = false;
    if (person >= population->end || !wf_sampled_has(sampled, person))
        return false;
    if (!wf_sampled_remove(sampled, person, &last))
        return false;
    if (last)
        turn(population, round, person, false);
    return true;
}

// ---- questions ----

static uint64_t sum_of(const wf_tally *tally)
{
    uint64_t sum = 0;
    for (unsigned s = 0; s < WF_PRESENCE_COUNT; s++)
        sum += tally->by[s];
    return sum;
}

wf_heads wf_population_heads(const wf_population *population, unsigned round,
                             uint32_t building)
{
    const wf_tally *all = &population->registered_in[building];
    const wf_tally *sampled = &population->rounds[round].sampled_in[building];
    wf_heads heads = {.registered = sum_of(all), .sampled = sum_of(sampled)};
    uint64_t gone = all->by[WF_PRESENCE_GONE] - sampled->by[WF_PRESENCE_GONE];
    heads.explained = all->by[WF_PRESENCE_AWAY] - sampled->by[WF_PRESENCE_AWAY];
    heads.present = heads.registered - gone;
    heads.missing = heads.present - heads.sampled - heads.explained;
    return heads;
}

void wf_heads_add(wf_heads *to, const wf_heads *heads)
{
    to->registered += heads->registered;
    to->present += heads->present;
    to->sampled += heads->sampled;
    to->explained += heads->explained;
    to->missing += heads->missing;
}

uint64_t wf_population_strangers(const wf_population *population, unsigned round)
{
    return sum_of(&population->rounds[round].sampled_in[WF_BUILDING_NONE]);
}

// ---- who is missing ----

bool wf_population_said_here(const wf_population *population, uint32_t person)
{
    return (population->words[person] & WF_WORD_PRESENCE) == WF_PRESENCE_HERE;
}

// Sorts all persons by building, by counting.
static bool make_order(wf_population *population)
{
    size_t buildings = wf_buildings_count(population->buildings), end = population->end;
    order_done(population);
    population->starts = calloc(buildings + 2, sizeof *population->starts);
    population->order = calloc(end + 1, sizeof *population->order);
    if (population->starts == NULL || population->order == NULL) {
        order_done(population);
        return false;
    }
    uint32_t *starts = population->starts;
    for (size_t i = 0; i < end; i++)
        starts[wf_word_building(population->words[i]) + 2]++;
    for (size_t b = 2; b < buildings + 2; b++)
        starts[b] += starts[b - 1];
    // Where the next of building b goes stands in starts[b + 1], which ends as its end.
    for (size_t i = 0; i < end; i++)
        population->order[starts[wf_word_building(population->words[i]) + 1]++] =
            (uint32_t)i;
    population->starts_count = buildings;
    population->is_ordered = true;
    return true;
}

static bool is_missing(const wf_population *population, unsigned round, uint32_t person)
{
    uint32_t word = population->words[person];
    const wf_sampled *sampled = &population->rounds[round].sampled;
    uint32_t presence = word & WF_WORD_PRESENCE;
    if (presence == WF_PRESENCE_GONE || presence == WF_PRESENCE_AWAY)
        return false;
    if ((word & WF_WORD_JOINED) == 0)
        return !wf_sampled_has(sampled, person);
    const wf_identity_class *of = wf_identities_of(&population->identities, person);
    for (size_t i = 0; i < of->members_count; i++)
        if (wf_sampled_has(sampled, of->members[i]))
            return false;
    return wf_identity_counts(population, of) == person;
}

bool wf_population_is_missing(const wf_population *population, unsigned round,
                              uint32_t person, uint32_t *ret_counts)
{
    uint32_t counts = person;
    if (person >= population->end)
        return false;
    if ((population->words[person] & WF_WORD_JOINED) != 0)
        counts = wf_identity_counts(population,
                                    wf_identities_of(&population->identities, person));
    if (wf_population_lives_in(population, counts) == WF_BUILDING_NONE ||
        !is_missing(population, round, counts))
        return false;
    *ret_counts = counts;
    return true;
}

uint32_t wf_population_lives_in(const wf_population *population, uint32_t person)
{
    return wf_word_building(population->words[person]);
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool add_missing(const wf_population *population, unsigned round,
                        uint32_t building, const uint32_t *persons, size_t count,
                        wf_buffer *ret)
{
    for (size_t i = 0; i < count; i++)
        if (wf_word_building(population->words[persons[i]]) == building &&
            is_missing(population, round, persons[i]) &&
            !wf_buffer_append(ret, &persons[i], sizeof persons[i]))
            return false;
    return true;
}

bool wf_population_missing(wf_population *population, unsigned round, uint32_t building,
                           wf_buffer *ret)
{
    enum { moved_max = 10000 };
    size_t before = ret->size;
    if ((!population->is_ordered || population->moved_count > moved_max) &&
        !make_order(population))
        return false;
    // Buildings that are newer than the order have nobody but those who moved in.
    if (building < population->starts_count) {
        uint32_t from = population->starts[building];
        if (!add_missing(population, round, building, population->order + from,
                         population->starts[building + 1] - from, ret))
            return false;
    }
    if (!add_missing(population, round, building, population->moved,
                     population->moved_count, ret))
        return false;
    if (ret->size == before)
        return true;
    // Who moved away and came back stands there twice.
    uint32_t *found = (uint32_t *)(void *)(ret->bytes + before);
    size_t count = (ret->size - before) / sizeof *found, kept = 0;
    qsort(found, count, sizeof *found, compare_numbers);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || found[i] != found[i - 1])
            found[kept++] = found[i];
    ret->size = before + kept * sizeof *found;
    return true;
}
