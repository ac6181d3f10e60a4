// Measures plain look-ups in process and prints a JSON line each:
//   {"measure":"first_ring_all","ours":0.021,"unit":"ms"}
//
//   trace_bench DIR | --people N [--days 14] [--seed 1]
//     --window N     days looked back over from the last day (7)
//     --cases N      cases of the single look-ups (50), drawn by --draw SEED (1)
//     --threads N    (all)
//     --only A,B     measures whose names begin so
//     --sums FILE    instead: CSV of the sums of every case, to be compared with peers:
//                    case,person,from_s,to_s,first_rows,first_seconds,first300_rows,
//                    first300_seconds,second300_rows,second300_seconds,second_rows,
//                    second_seconds
// Persons are given by number in a city made in memory, by id otherwise.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/prng.h"
#include "trace/plain.h"
#include "trace_net.h"

enum { warm_runs = 3, measured_runs = 3, batch_cases = 100000, crowd = 300 };

typedef struct {
    const char *dir, *only, *sums;
    int64_t people, days, seed, window, cases, draw, threads;
} options;

typedef struct {
    const options *asked;
    bench_net net;
    wf_plain_scratch *scratch;
    wf_person *cases;
    weft_time from, to;
    weft_error error;
} bench;

static void stop(const weft_error *error)
{
    fprintf(stderr, "trace_bench: %s\n", error->code != NULL ? error->code : "failed");
    exit(1);
}

static void must(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        stop(error);
}

static double ms_since(uint64_t began)
{
    return (double)(wf_clock_monotonic_ns() - began) / 1e6;
}

// Of all threads: what other programs on the machine take does not show in it.
static double cpu_us(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
        abort();
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

// ---- asking ----

static wf_plain_query query_of(const bench *b, wf_person index, unsigned generations,
                               uint64_t capped)
{
    return (wf_plain_query){.index = index,
                            .from = b->from,
                            .to = b->to,
                            .generations = generations,
                            .crowd = capped};
}

static void ask(bench *b, wf_person index, unsigned generations, uint64_t capped,
                wf_plain_answer *ret)
{
    wf_plain_query query = query_of(b, index, generations, capped);
    must(wf_plain_contacts_in(&b->net.span, b->scratch, &query, ret, &b->error),
         &b->error);
}

// ---- measures ----

static bool is_wanted(const bench *b, const char *name)
{
    const char *at = b->asked->only;
    if (at == NULL)
        return true;
    while (*at != '\0') {
        size_t size = strcspn(at, ",");
        if (size > 0 && strncmp(name, at, size) == 0)
            return true;
        at += size + (at[size] == ',');
    }
    return false;
}

static void print(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
    fflush(stdout);
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void print_times(const char *measure, double *times, size_t count)
{
    char name[64];
    double sum = 0;
    qsort(times, count, sizeof *times, compare_doubles);
    for (size_t i = 0; i < count; i++)
        sum += times[i];
    print(measure, times[count / 2], "ms");
    (void)snprintf(name, sizeof name, "%s_mean", measure);
    print(name, sum / (double)count, "ms");
    (void)snprintf(name, sizeof name, "%s_p95", measure);
    print(name, times[(count * 95 + 99) / 100 - 1], "ms");
    (void)snprintf(name, sizeof name, "%s_max", measure);
    print(name, times[count - 1], "ms");
}

// Each case warm: the median of its runs. Slow ones are run once warm, once measured.
static double time_case(bench *b, wf_person index, unsigned generations, uint64_t capped)
{
    wf_plain_answer answer;
    double times[measured_runs];
    uint64_t began = wf_clock_monotonic_ns();
    ask(b, index, generations, capped, &answer);
    bool slow = ms_since(began) > 50;
    for (int i = 1; i < warm_runs && !slow; i++)
        ask(b, index, generations, capped, &answer);
    int runs = slow ? 1 : measured_runs;
    for (int i = 0; i < runs; i++) {
        began = wf_clock_monotonic_ns();
        ask(b, index, generations, capped, &answer);
        times[i] = ms_since(began);
    }
    qsort(times, (size_t)runs, sizeof *times, compare_doubles);
    return times[runs / 2];
}

static void measure_cases(bench *b, const char *name, unsigned generations,
                          uint64_t capped)
{
    size_t count = (size_t)b->asked->cases;
    if (!is_wanted(b, name))
        return;
    double *times = calloc(count, sizeof *times);
    if (times == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        times[i] = time_case(b, b->cases[i], generations, capped);
    print_times(name, times, count);
    wf_plain_answer answer;
    double began = cpu_us();
    for (size_t i = 0; i < count; i++)
        ask(b, b->cases[i], generations, capped, &answer);
    char other[64];
    (void)snprintf(other, sizeof other, "%s_cpu", name);
    print(other, (cpu_us() - began) / (double)count, "us a case");
    free(times);
}

static uint32_t people_of(const bench *b)
{
    uint32_t people = 0;
    for (size_t i = 0; i < b->net.span.count; i++)
        if (b->net.span.days[i] != NULL &&
            wf_day_people_end(b->net.span.days[i]) > people)
            people = wf_day_people_end(b->net.span.days[i]);
    return people;
}

static void measure_many(bench *b, const char *name, size_t count, bool everyone)
{
    if (!is_wanted(b, name))
        return;
    wf_plain_case *cases = calloc(count, sizeof *cases);
    wf_plain_sum *sums = calloc(count, sizeof *sums);
    wf_prng prng = wf_prng_stream((uint64_t)b->asked->draw, 2);
    uint32_t people = people_of(b);
    if (cases == NULL || sums == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        cases[i] = (wf_plain_case){
            .index = {everyone ? (uint32_t)i : wf_prng_below(&prng, people)},
            .from = b->from,
            .to = b->to};
    double best = 0, best_cpu = 0;
    for (int run = 0; run < 2; run++) {
        double cpu_began = cpu_us();
        uint64_t began = wf_clock_monotonic_ns();
        must(wf_plain_many_in(&b->net.span, b->scratch, cases, count, 0, crowd, sums,
                              &b->error),
             &b->error);
        double time = ms_since(began), cpu = cpu_us() - cpu_began;
        best_cpu = run == 0 || cpu < best_cpu ? cpu : best_cpu;
        best = run == 0 || time < best ? time : best;
    }
    uint64_t rows = 0, seconds = 0;
    for (size_t i = 0; i < count; i++) {
        rows += sums[i].people;
        seconds += sums[i].seconds;
    }
    print(name, best / 1000, "s");
    char other[64];
    (void)snprintf(other, sizeof other, "%s_rows", name);
    print(other, (double)rows, "rows");
    (void)snprintf(other, sizeof other, "%s_hours", name);
    print(other, (double)seconds / 3600, "h");
    (void)snprintf(other, sizeof other, "%s_cpu", name);
    print(other, best_cpu / (double)count, "us a case");
    free(cases);
    free(sums);
}

// ---- sums, for comparing with peers ----

static void sum_run(const wf_ring_run *run, uint64_t *rows, uint64_t *seconds)
{
    *rows += run->count;
    for (size_t i = 0; i < run->count; i++)
        *seconds += run->rows[i].seconds;
}

static void write_person(FILE *out, const bench *b, wf_person person)
{
    if (b->net.city == NULL) {
        fprintf(out, "%u", person.number);
        return;
    }
    wf_text id =
        wf_ids_text(wf_visits_ids(b->net.city->visits), WF_ID_PERSON, person.number);
    fwrite(id.bytes, 1, id.size, out);
}

static void write_sums(bench *b)
{
    FILE *out = fopen(b->asked->sums, "w");
    if (out == NULL)
        stop(&b->error);
    fputs(
        "case,person,from_s,to_s,first_rows,first_seconds,first300_rows,first300_seconds,"
        "second300_rows,second300_seconds,second_rows,second_seconds\n",
        out);
    for (size_t i = 0; i < (size_t)b->asked->cases; i++) {
        fprintf(out, "%zu,", i);
        write_person(out, b, b->cases[i]);
        fprintf(out, ",%lld,%lld", (long long)(b->from.us / WF_US_PER_S),
                (long long)(b->to.us / WF_US_PER_S));
        static const uint64_t crowds[] = {0, crowd, crowd, 0};
        static const unsigned generations[] = {1, 1, 2, 2};
        for (size_t q = 0; q < 4; q++) {
            wf_plain_answer answer;
            uint64_t rows = 0, seconds = 0;
            ask(b, b->cases[i], generations[q], crowds[q], &answer);
            if (generations[q] == 1)
                sum_run(&answer.first, &rows, &seconds);
            for (size_t r = 0; r < answer.second_runs; r++)
                sum_run(&answer.second[r], &rows, &seconds);
            fprintf(out, ",%llu,%llu", (unsigned long long)rows,
                    (unsigned long long)seconds);
        }
        fputc('\n', out);
    }
    if (fclose(out) != 0)
        stop(&b->error);
}

// ---- the program ----

static void choose(bench *b)
{
    const wf_span *span = &b->net.span;
    size_t window = (size_t)b->asked->window;
    b->from = span->starts[span->count > window ? span->count - window : 0];
    b->to = span->starts[span->count];
    b->cases = calloc((size_t)b->asked->cases, sizeof *b->cases);
    if (b->cases == NULL)
        abort();
    wf_prng prng = wf_prng_stream((uint64_t)b->asked->draw, 1);
    uint32_t people = people_of(b);
    for (size_t i = 0; i < (size_t)b->asked->cases; i++)
        b->cases[i].number = wf_prng_below(&prng, people);
}

static void run(bench *b)
{
    if (b->asked->sums != NULL) {
        write_sums(b);
        return;
    }
    print("visits", (double)b->net.visits, "rows");
    print("encounters", (double)b->net.encounters, "rows");
    print("memory_per_visit", (double)b->net.bytes / (double)b->net.visits, "B");
    print("open", (double)b->net.open_ns / 1e9, "s");
    measure_cases(b, "first_ring_all", 1, 0);
    measure_cases(b, "first_ring_crowd300", 1, crowd);
    measure_cases(b, "second_ring_crowd300", 2, crowd);
    measure_cases(b, "second_ring_all", 2, 0);
    measure_many(b, "batch_100k_crowd300", batch_cases, false);
    measure_many(b, "everyone_crowd300", people_of(b), true);
}

static bool read_option(options *o, const char *name, const char *value)
{
    static const struct {
        const char *name;
        size_t offset;
        int64_t min, max;
    } numbers[] = {
        {"--people", offsetof(options, people), 20, 9000000},
        {"--days", offsetof(options, days), 1, 60},
        {"--seed", offsetof(options, seed), 0, INT64_MAX},
        {"--window", offsetof(options, window), 1, 60},
        {"--cases", offsetof(options, cases), 1, 1000000},
        {"--draw", offsetof(options, draw), 0, INT64_MAX},
        {"--threads", offsetof(options, threads), 1, 64},
    };
    if (strcmp(name, "--only") == 0)
        o->only = value;
    else if (strcmp(name, "--sums") == 0)
        o->sums = value;
    else
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            if (strcmp(name, numbers[i].name) == 0)
                return wf_parse_i64(wf_text_of(value), numbers[i].min, numbers[i].max,
                                    (int64_t *)(void *)((char *)o + numbers[i].offset));
    return o->only == value || o->sums == value;
}

static bool read_options(int argc, char **argv, options *o)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0 && o->dir == NULL)
            o->dir = argv[i];
        else if (i + 1 == argc || !read_option(o, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    return (o->dir == NULL) != (o->people == 0);
}

int main(int argc, char **argv)
{
    options asked = {.days = 14,
                     .seed = 1,
                     .window = 7,
                     .cases = 50,
                     .draw = 1,
                     .threads = wf_parallel_threads()};
    if (!read_options(argc, argv, &asked)) {
        fputs("usage: trace_bench DIR | --people N [--days N] [--seed S] [--window N] "
              "[--cases N] [--draw S] [--threads N] [--only A,B] [--sums FILE]\n",
              stderr);
        return 2;
    }
    bench b = {.asked = &asked};
    unsigned threads = (unsigned)asked.threads;
    must(asked.dir != NULL
             ? bench_net_open(asked.dir, (uint32_t)asked.days, threads, &b.net, &b.error)
             : bench_net_make((uint32_t)asked.people, (uint32_t)asked.days,
                              (uint64_t)asked.seed, threads, &b.net, &b.error),
         &b.error);
    must(wf_plain_scratch_new(threads, &b.scratch, &b.error), &b.error);
    choose(&b);
    run(&b);
    wf_plain_scratch_free(b.scratch);
    free(b.cases);
    bench_net_close(&b.net);
    return 0;
}
