// The store as a whole, in process: sample facts of random people, sent in commits of
// 1,000, rows, holes and the population counter behind them; then verified, made anew,
// measured on disk.
//
//     build/bench/store_bench FOLDER [FACTS] [PEOPLE]
//
// 500 senders, 2 in 100 facts repeated, 20 in 100 late by up to two days. FOLDER must not
// exist; it is left for looking at. Prints a line of JSON a measure.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/city.h"
#include "base/clock.h"
#include "base/prng.h"
#include "desk/kinds.h"
#include "desk/testing/counter.h"
#include "weft/facts.h"

enum { devices = 500, batch = 1000, late_days = 2, samples_a_tube = 10 };

typedef struct {
    weft_city *city;
    wf_prng dice;
    uint64_t facts, people;
    const wf_kind *collected;
    size_t tube, person, site; // fields
    int64_t next[devices];     // seq
    wf_fact sent[batch];
    wf_verdict verdicts[batch];
    char devices[devices][16], tubes[batch][24], persons[batch][16];
    double *commits_ms;
    uint64_t accepted, had;
} bench;

static double seconds_since(uint64_t begin_ns)
{
    return (double)(wf_clock_monotonic_ns() - begin_ns) / 1e9;
}

static void fail(const weft_error *error)
{
    fprintf(stderr, "%s\n", error->code);
    exit(1);
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
}

static void check(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        fail(error);
}

static void set(wf_fact *fact, size_t field, const char *text)
{
    fact->values[field] = (wf_value){.given = true, .text = wf_text_of(text)};
}

static void make_fact(bench *on, size_t place, weft_time now)
{
    wf_fact *fact = &on->sent[place];
    uint32_t device = wf_prng_below(&on->dice, devices);
    // A repeat is the newest of the same batch once more.
    if (place > 0 && wf_prng_below(&on->dice, 50) == 0) {
        *fact = on->sent[place - 1];
        return;
    }
    int64_t seq = ++on->next[device];
    bool late = wf_prng_below(&on->dice, 5) == 0;
    int64_t lag_s = late ? wf_prng_below(&on->dice, late_days * 86400) : 0;
    *fact = (wf_fact){.id = {wf_text_of(on->devices[device]), seq},
                      .kind = on->collected,
                      .at = {now.us - lag_s * WF_US_PER_S}};
    snprintf(on->tubes[place], sizeof on->tubes[place], "T%03u%07lld", device,
             (long long)(seq / samples_a_tube));
    snprintf(on->persons[place], sizeof on->persons[place], "P-%07u",
             wf_prng_below(&on->dice, (uint32_t)on->people));
    set(fact, on->tube, on->tubes[place]);
    set(fact, on->person, on->persons[place]);
    set(fact, on->site, on->devices[device]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Who was sampled, by the population counter; from the first question on it follows the
// rows, so that its upkeep is in the measure.
static uint64_t count_sampled(bench *on)
{
    weft_error error = {0};
    wf_population *population = NULL;
    unsigned round = 0;
    check(wf_counter_ask(on->city->counter, on->city->store,
                         &(wf_counter_question){.since = WF_TIME_NONE}, &population,
                         &round, &error),
          &error);
    uint64_t sampled = wf_population_strangers(population, round);
    wf_counter_release(on->city->counter);
    return sampled;
}

// Rows follow by themselves at most a slice behind: their time counts.
static void send_all(bench *on)
{
    weft_error error = {0};
    size_t commits = on->facts / batch;
    weft_time now = {INT64_C(1639267200) * WF_US_PER_S};
    uint64_t sampled = count_sampled(on);
    uint64_t begin = wf_clock_monotonic_ns();
    on->commits_ms = calloc(commits + 1, sizeof *on->commits_ms);
    for (size_t c = 0; c < commits; c++) {
        for (size_t i = 0; i < batch; i++)
            make_fact(on, i, now);
        now.us += 20 * WF_US_PER_S / 1000;
        uint64_t sent = wf_clock_monotonic_ns();
        check(wf_store_send(on->city->store, on->sent, batch, WF_TIME_NONE, on->verdicts,
                            &error),
              &error);
        on->commits_ms[c] = seconds_since(sent) * 1e3;
        for (size_t i = 0; i < batch; i++)
            on->verdicts[i].sent == WF_SENT_HAD ? on->had++ : on->accepted++;
        if (c % 16 == 15)
            check(wf_store_apply(on->city->store, 0, &error), &error);
    }
    check(wf_store_apply(on->city->store, 0, &error), &error);
    double took = seconds_since(begin);
    qsort(on->commits_ms, commits, sizeof *on->commits_ms, by_size);
    sampled = count_sampled(on) - sampled;
    if (sampled == 0 || sampled > on->accepted)
        fail(&(weft_error){.code = "the counter did not follow"});
    if (on->accepted + on->had != on->facts)
        fail(&(weft_error){.code = "a fact was neither accepted nor had"});
    note("facts", (double)on->facts, "rows");
    note("people_sampled", (double)sampled, "people");
    note("durable_and_applied", (double)on->facts / took, "facts/s");
    note("commit_median", on->commits_ms[commits / 2], "ms");
    note("commit_p99", on->commits_ms[commits * 99 / 100], "ms");
    note("commit_max", on->commits_ms[commits - 1], "ms");
    free(on->commits_ms);
}

static void count_finding(void *context, const weft_error *what)
{
    (void)what;
    ++*(size_t *)context;
}

static void verify_and_rebuild(bench *on)
{
    weft_error error = {0};
    size_t found = 0;
    uint64_t facts = 0, begin = wf_clock_monotonic_ns();
    check(
        wf_ledger_verify(wf_store_ledger(on->city->store), count_finding, &found, &error),
        &error);
    double verified = seconds_since(begin);
    begin = wf_clock_monotonic_ns();
    check(weft_rebuild(on->city, NULL, NULL, &facts, &error), &error);
    double rebuilt = seconds_since(begin);
    if (found != 0)
        fail(&(weft_error){.code = "verify found something"});
    note("verify", (double)facts / verified, "facts/s");
    note("rebuild", (double)facts / rebuilt, "facts/s");
}

int main(int count, char **arguments)
{
    static bench on;
    weft_error error = {0};
    if (count < 2) {
        fprintf(stderr, "store_bench FOLDER [FACTS] [PEOPLE]\n");
        return 2;
    }
    on.facts = count > 2 ? strtoull(arguments[2], NULL, 10) : 1000000;
    on.people = count > 3 ? strtoull(arguments[3], NULL, 10) : 7500000;
    on.dice = wf_prng_new(1);
    on.collected = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"));
    on.tube = wf_kind_field(on.collected, WF_TEXT("tube"));
    on.person = wf_kind_field(on.collected, WF_TEXT("person"));
    on.site = wf_kind_field(on.collected, WF_TEXT("site"));
    for (int i = 0; i < devices; i++)
        snprintf(on.devices[i], sizeof on.devices[i], "S-%03d", i);
    weft_init_options how = {.kind = WEFT_CITY_DRILL};
    check(weft_city_init(arguments[1], &how, &error), &error);
    check(weft_city_open(arguments[1], NULL, &on.city, &error), &error);
    send_all(&on);
    verify_and_rebuild(&on);
    weft_city_close(on.city);
    return 0;
}
