// How fast rows get into the visit store: import_rows_bench ROWS DAYS [LIMIT_MB]
//
// Rows are those of an invented city: a third as many people as rows of a day, places of
// very different size. Prints rows/s of each step of one day, in memory, then of a whole
// delivery of DAYS days to a store in $TMPDIR (or /tmp), and of its digest.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "base/prng.h"
#include "support/made_store.h"
#include "visits/merge.h"

enum { block = 4096, first_day = 18960 };

static void must(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s\n", error->code != NULL ? error->code : "?");
    exit(1);
}

// Time on the wall, and of the processor in all threads: what counts where other
// programs share it.
typedef struct {
    double wall_s, cpu_s;
} timing;

static timing now(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        abort();
    return (timing){(double)wf_clock_monotonic_ns() / 1e9,
                    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6};
}

static void add_since(timing *sum, timing start)
{
    timing end = now();
    sum->wall_s += end.wall_s - start.wall_s;
    sum->cpu_s += end.cpu_s - start.cpu_s;
}

static void say(const char *what, uint64_t rows, timing took)
{
    printf("%-32s %8.2f s %8.2f M rows/s | cpu %7.2f s %7.2f M rows/s a thread\n", what,
           took.wall_s, (double)rows / took.wall_s / 1e6, took.cpu_s,
           (double)rows / took.cpu_s / 1e6);
}

static void say_since(const char *what, uint64_t rows, timing start)
{
    timing took = {0};
    add_since(&took, start);
    say(what, rows, took);
}

// Most rows at small places in the people's own neighbourhood, a tenth at hubs.
static void make_rows(wf_prng *dice, uint32_t people, uint64_t from, wf_visit_row *rows,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t person = wf_prng_below(dice, people);
        uint32_t start = wf_prng_below(dice, 1380);
        bool hub = wf_prng_below(dice, 10) == 0;
        rows[i] = (wf_visit_row){
            .person = person,
            .place = hub ? wf_prng_below(dice, 1000) : 1000 + person / 3,
            .start = (uint16_t)start,
            .end = (uint16_t)(start + 1 + wf_prng_below(dice, 1440 - start)),
            .ordinal = (uint32_t)(from + i)};
    }
}

static void bench_steps(uint64_t rows_count, uint32_t people, unsigned threads)
{
    wf_prng dice = wf_prng_new(1);
    wf_visit_row rows[block];
    wf_packed_visit packed[block];
    wf_pile pile;
    weft_error error = {0};
    timing adding = {0};
    wf_pile_init(&pile, (weft_day){first_day});
    for (uint64_t done = 0; done < rows_count; done += block) {
        make_rows(&dice, people, done, rows, block);
        timing start = now();
        for (size_t i = 0; i < block; i++)
            packed[i] = wf_visit_pack(&rows[i]);
        must(wf_pile_add(&pile, packed, block, &error), &error);
        add_since(&adding, start);
    }
    say("pile (1 thread)", rows_count, adding);
    wf_gathered all;
    wf_tally tally;
    wf_texts texts;
    must(wf_tally_init(&tally, 0, &error), &error);
    must(wf_texts_init(&texts, 1000, &error), &error);
    timing start = now();
    must(wf_pile_gather(&pile, NULL, NULL, threads, &all, &error), &error);
    say_since("gather into buckets", rows_count, start);
    start = now();
    wf_merge_sort(&all, threads, &tally, &tally);
    say_since("sort and drop repeats", rows_count, start);
    start = now();
    wf_segment_bytes bytes;
    must(wf_merge_pack((weft_day){first_day}, &all, &texts, &texts, threads, &bytes,
                       &error),
         &error);
    say_since("expand and pack", rows_count, start);
    printf("%-34s %8.2f bytes a row\n", "segment",
           (double)bytes.size / (double)rows_count);
    wf_segment_bytes_done(&bytes);
    wf_gathered_done(&all);
    wf_texts_done(&texts);
    wf_tally_done(&tally);
}

static void intern(wf_visits *visits, wf_id_class id_class, char letter, uint32_t count)
{
    weft_error error = {0};
    for (uint32_t i = 0; i < count; i++) {
        char id[24];
        uint32_t number;
        int size = snprintf(id, sizeof id, "%c-%08u", letter, i);
        must(wf_ids_intern_many(wf_visits_ids(visits), id_class,
                                &(wf_text){id, (size_t)size}, 1, &number, &error),
             &error);
    }
}

static void bench_delivery(uint64_t rows_count, uint32_t people, unsigned days,
                           size_t limit_bytes)
{
    made_store store;
    made_store_new(&store);
    weft_error error = {0};
    wf_visits_batch *batch;
    wf_visits_batch_count count;
    wf_visit_row rows[block];
    intern(store.visits, WF_ID_PERSON, 'P', people);
    intern(store.visits, WF_ID_PLACE, 'L', 1000 + people / 3 + 1);
    must(wf_visits_batch_begin(store.visits, limit_bytes, &batch, &error), &error);
    timing adding = {0};
    wf_prng dice = wf_prng_new(2);
    uint64_t done = 0, all = rows_count * days;
    for (; done < all; done += block) {
        make_rows(&dice, people, done, rows, block);
        weft_day day = {first_day + (int32_t)(done / rows_count)};
        timing start = now();
        must(wf_visits_batch_add(batch, day, rows, block, &error), &error);
        add_since(&adding, start);
    }
    say("batch: add, spilling as needed", done, adding);
    timing start = now();
    must(wf_visits_batch_commit(batch, NULL, NULL, &count, &error), &error);
    say_since("batch: commit", done, start);
    printf("%llu accepted, %llu had\n", (unsigned long long)count.visits_accepted,
           (unsigned long long)count.visits_had);
    wf_digest digest;
    wf_day_state state;
    start = now();
    must(wf_visits_digest_day(store.visits, (weft_day){first_day}, &digest, &state,
                              &error),
         &error);
    say_since("digest of a day", rows_count, start);
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        printf("%-34s %8.2f GB\n", "most memory held", (double)usage.ru_maxrss / 1e6);
    made_store_done(&store);
}

static int64_t argument(int argc, char **argv, int at, int64_t otherwise)
{
    int64_t value = otherwise;
    if (argc > at && !wf_parse_i64(wf_text_of(argv[at]), 1, INT64_C(1) << 40, &value)) {
        fprintf(stderr, "usage: import_rows_bench ROWS DAYS [LIMIT_MB]\n");
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    uint64_t rows = (uint64_t)argument(argc, argv, 1, 3000000) / block * block;
    unsigned days = (unsigned)argument(argc, argv, 2, 1);
    size_t limit_bytes = (size_t)argument(argc, argv, 3, 2000) * 1000 * 1000;
    uint32_t people = (uint32_t)(rows / 4 < 7500000 ? rows / 4 : 7500000);
    bench_steps(rows, people, 2);
    bench_delivery(rows, people, days, limit_bytes);
    return 0;
}
