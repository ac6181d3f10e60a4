// Present and not sampled, by building (desk/testing/population.h): from raw rows, and
// kept up to date fact by fact.
//
//     build/bench/population_bench [PEOPLE] [SAMPLES] [BUILDINGS] [THREADS]
//
// People are numbered by building, as a register file in the order of grids numbers them;
// samples are of random persons, several of one person among them. Person of sample j:
// x = 48271 j mod 2^31 − 1, then x² mod 2^31 − 1 mod PEOPLE, which SQL can say too
// (bench/population.mjs). Prints a line of JSON a measure, and the sums that a peer must
// have as well.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desk/testing/population.h"

enum { runs = 5, upkeep_facts = 2000000 };

typedef struct {
    uint32_t people, samples, buildings;
    unsigned threads;
    uint32_t *of_person; // building, by person
    uint32_t *sampled;   // persons
    char (*codes)[24];
} rows;

static double ms_since(uint64_t begin_ns)
{
    return (double)(wf_clock_monotonic_ns() - begin_ns) / 1e6;
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.4g,\"unit\":\"%s\"}\n", measure, ours, unit);
}

static void check(bool done)
{
    if (done)
        return;
    fprintf(stderr, "population_bench: out of memory\n");
    exit(1);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static uint32_t person_of(uint64_t sample, uint32_t people)
{
    const uint64_t prime = UINT64_C(2147483647);
    uint64_t x = sample * 48271 % prime;
    return (uint32_t)(x * x % prime % people);
}

static wf_text id_of(void *context, uint32_t person)
{
    (void)context;
    (void)person;
    return WF_TEXT("");
}

static void make_rows(rows *of)
{
    of->of_person = calloc(of->people, sizeof *of->of_person);
    of->sampled = calloc(of->samples, sizeof *of->sampled);
    of->codes = calloc(of->buildings, sizeof *of->codes);
    check(of->of_person != NULL && of->sampled != NULL && of->codes != NULL);
    for (uint32_t i = 0; i < of->buildings; i++)
        snprintf(of->codes[i], sizeof of->codes[i], "3202%014u", i);
    for (uint32_t i = 0; i < of->people; i++)
        of->of_person[i] = (uint32_t)((uint64_t)i * of->buildings / of->people);
    for (uint32_t i = 0; i < of->samples; i++)
        of->sampled[i] = person_of(i + 1, of->people);
}

// Codes become numbers before: the peer's rows have numbers of buildings too.
static wf_population *begin(const rows *of, uint32_t *numbers)
{
    wf_population *population = wf_population_new(id_of, NULL);
    check(population != NULL);
    for (uint32_t i = 0; i < of->buildings; i++)
        check(wf_population_building(population, wf_text_of(of->codes[i]), &numbers[i]));
    return population;
}

// Sums that do not depend on the order of buildings.
static void sum_up(const rows *of, wf_population *population, unsigned round,
                   const uint32_t *numbers, uint64_t sums[4])
{
    memset(sums, 0, 4 * sizeof *sums);
    for (uint32_t i = 0; i < of->buildings; i++) {
        wf_heads heads = wf_population_heads(population, round, numbers[i]);
        sums[0] += heads.present;
        sums[1] += heads.sampled;
        sums[2] += heads.missing * (i + 1);
        sums[3] += heads.sampled * heads.sampled;
    }
}

static wf_buffer copy_of(const rows *of)
{
    wf_buffer copy = {0};
    check(wf_buffer_append(&copy, of->sampled, of->samples * sizeof *of->sampled));
    return copy;
}

static wf_population *from_rows(const rows *of, uint32_t *numbers, unsigned *ret_round)
{
    double took[runs];
    uint64_t sums[4];
    wf_population *population = NULL;
    wf_population_row *persons = calloc(of->people, sizeof *persons);
    check(persons != NULL);
    for (int run = 0; run < runs; run++) {
        wf_population_free(population);
        population = begin(of, numbers);
        wf_buffer samples = copy_of(of); // they become the population's
        for (uint32_t i = 0; i < of->people; i++)
            persons[i] = (wf_population_row){
                i, wf_population_say(numbers[of->of_person[i]], WF_PRESENCE_UNSAID)};
        uint64_t began = wf_clock_monotonic_ns();
        check(wf_population_fill(population, persons, of->people, of->threads));
        check(wf_population_load(population, &samples, of->threads, ret_round));
        sum_up(of, population, *ret_round, numbers, sums);
        took[run] = ms_since(began);
    }
    free(persons);
    note("population_from_rows", median(took, runs), "ms");
    printf("{\"sums\":[%llu,%llu,%llu,%llu]}\n", (unsigned long long)sums[0],
           (unsigned long long)sums[1], (unsigned long long)sums[2],
           (unsigned long long)sums[3]);
    return population;
}

static void kept(const rows *of, wf_population *population, unsigned round,
                 const uint32_t *numbers)
{
    double took[runs];
    uint64_t sums[4];
    for (int run = 0; run < runs; run++) {
        uint64_t began = wf_clock_monotonic_ns();
        sum_up(of, population, round, numbers, sums);
        took[run] = ms_since(began);
    }
    note("population_kept", median(took, runs), "ms");
    uint64_t began = wf_clock_monotonic_ns();
    for (uint32_t i = 0; i < upkeep_facts; i++)
        check(wf_population_add(population, round, person_of(i + 7, of->people)));
    note("population_sample", ms_since(began) * 1e6 / upkeep_facts, "ns");
    began = wf_clock_monotonic_ns();
    for (uint32_t i = 0; i < upkeep_facts; i++)
        check(wf_population_remove(population, round, person_of(i + 7, of->people)));
    note("population_withdrawal", ms_since(began) * 1e6 / upkeep_facts, "ns");
    began = wf_clock_monotonic_ns();
    for (uint32_t i = 0; i < upkeep_facts; i++) {
        wf_population_put(population, person_of(i + 7, of->people),
                          numbers[i % of->buildings], WF_PRESENCE_HERE);
    }
    note("population_move", ms_since(began) * 1e6 / upkeep_facts, "ns");
}

// A page of the missing of one building: the first makes the order of all persons.
static void list(const rows *of, wf_population *population, unsigned round,
                 const uint32_t *numbers)
{
    wf_buffer persons = {0};
    uint64_t began = wf_clock_monotonic_ns();
    check(wf_population_missing(population, round, numbers[0], &persons));
    note("population_missing_first", ms_since(began), "ms");
    began = wf_clock_monotonic_ns();
    for (uint32_t i = 0; i < 1000; i++) {
        wf_buffer_clear(&persons);
        check(wf_population_missing(population, round, numbers[i * 71 % of->buildings],
                                    &persons));
    }
    note("population_missing", ms_since(began), "µs");
    wf_buffer_done(&persons);
}

static uint32_t number_of(char **arguments, int count, int place, uint32_t otherwise)
{
    return count > place ? (uint32_t)strtoul(arguments[place], NULL, 10) : otherwise;
}

int main(int count, char **arguments)
{
    rows of = {.people = number_of(arguments, count, 1, 7500000),
               .samples = number_of(arguments, count, 2, 22000000),
               .buildings = number_of(arguments, count, 3, 75000),
               .threads = number_of(arguments, count, 4, 2)};
    unsigned round = 0;
    if (of.people == 0 || of.people > 1u << 24 || of.buildings == 0) {
        fprintf(stderr, "population_bench [PEOPLE] [SAMPLES] [BUILDINGS] [THREADS]\n");
        return 2;
    }
    make_rows(&of);
    uint32_t *numbers = calloc(of.buildings, sizeof *numbers);
    check(numbers != NULL);
    wf_population *population = from_rows(&of, numbers, &round);
    kept(&of, population, round, numbers);
    list(&of, population, round, numbers);
    wf_population_free(population);
    free(numbers);
    free(of.of_person);
    free(of.sampled);
    free(of.codes);
    return 0;
}
