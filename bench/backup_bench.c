// Backup and restore of a city that store_bench left: how long a post of 1,000 facts
// takes in a shared city by itself, and while a backup is copied, in turns, so that
// whatever else the machine does falls on both; then how long a restore takes, with the
// rows made anew and everything checked.
//
//     build/bench/backup_bench FOLDER [ROUNDS] [POSTS]
//
// ROUNDS (5) times POSTS (400) posts alone, then a backup with the posts that fit into
// it. A post is timed from its sending until all of it is durable. Writes FOLDER.backup,
// FOLDER.restored and FOLDER.keys, which must not exist. Prints a line of JSON a measure;
// "ratio" is that of the same round.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/shared/shared.h"
#include "base/clock.h"
#include "base/prng.h"
#include "desk/kinds.h"
#include "weft/backup.h"

enum {
    batch = 1000,
    posts_max = 100000,
    rounds_max = 64,
    pause_us = 10000, // between posts: rows keep up
    piece_bytes = 512 << 10,
};

typedef struct {
    weft_city *city;
    wf_shared *shared;
    wf_prng dice;
    const wf_kind *collected;
    size_t tube, person, site; // fields
    int64_t seq;
    char device[24];
    wf_fact sent[batch];
    wf_verdict verdicts[batch];
    char tubes[batch][24], persons[batch][16];
    double took_ms[posts_max];
    const char *file; // of the backup
    _Atomic bool copied;
    double copying_s, bytes;
} bench;

// Of a round, ms.
typedef struct {
    double median, p99, most;
    size_t count;
} spread;

static double seconds_since(uint64_t begin_ns)
{
    return (double)(wf_clock_monotonic_ns() - begin_ns) / 1e9;
}

static void check(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s %s\n", error->code, error->params[0].value);
    exit(1);
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
    fflush(stdout);
}

// ---- posts ----

static void set(wf_fact *fact, size_t field, const char *text)
{
    fact->values[field] = (wf_value){.given = true, .text = wf_text_of(text)};
}

static void fill(bench *on)
{
    for (size_t i = 0; i < batch; i++) {
        wf_fact *fact = &on->sent[i];
        *fact = (wf_fact){.id = {wf_text_of(on->device), ++on->seq},
                          .kind = on->collected,
                          .at = {INT64_C(1639267200) * WF_US_PER_S}};
        snprintf(on->tubes[i], sizeof on->tubes[i], "U%010lld", (long long)on->seq / 10);
        snprintf(on->persons[i], sizeof on->persons[i], "P-%07u",
                 wf_prng_below(&on->dice, 7500000));
        set(fact, on->tube, on->tubes[i]);
        set(fact, on->person, on->persons[i]);
        set(fact, on->site, on->device);
    }
}

static double send_one(bench *on)
{
    weft_error error = {0};
    fill(on);
    uint64_t begin = wf_clock_monotonic_ns();
    check(wf_shared_send(on->shared, on->sent, batch, on->verdicts, &error), &error);
    double took = seconds_since(begin) * 1e3;
    if (on->verdicts[0].sent != WF_SENT_ACCEPTED) {
        fprintf(stderr, "a new fact was not accepted\n");
        exit(1);
    }
    usleep(pause_us);
    return took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static spread spread_of(double *all, size_t count)
{
    qsort(all, count, sizeof *all, by_size);
    return (spread){all[count / 2], all[count * 99 / 100], all[count - 1], count};
}

static spread post_alone(bench *on, size_t posts)
{
    for (size_t i = 0; i < posts; i++)
        on->took_ms[i] = send_one(on);
    return spread_of(on->took_ms, posts);
}

// ---- beside a backup ----

// As `weft backup` does it in a service (cli/verb_backup.c).
static void *back_up(void *context)
{
    bench *on = context;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    weft_city *city = NULL;
    uint64_t begin = wf_clock_monotonic_ns();
    check(wf_shared_own(on->shared, &city, &error), &error);
    check(weft_backup_begin(city, on->file, &job, &error), &error);
    wf_shared_own_end(on->shared);
    do {
        uint64_t at = wf_clock_monotonic_ns();
        check(weft_backup_copy(job, piece_bytes, &progress, &error), &error);
        usleep((useconds_t)(seconds_since(at) * 1e6));
    } while (progress.bytes_done < progress.bytes_all);
    check(wf_shared_own(on->shared, &city, &error), &error);
    while (!progress.done)
        check(weft_backup_step(job, piece_bytes, &progress, &error), &error);
    weft_backup_end(job);
    wf_shared_own_end(on->shared);
    on->copying_s = seconds_since(begin);
    on->bytes = (double)progress.bytes_all;
    atomic_store(&on->copied, true);
    return NULL;
}

static spread post_beside(bench *on)
{
    pthread_t thread;
    size_t count = 0;
    atomic_store(&on->copied, false);
    if (pthread_create(&thread, NULL, back_up, on) != 0)
        exit(1);
    while (!atomic_load(&on->copied) && count < posts_max)
        on->took_ms[count++] = send_one(on);
    pthread_join(thread, NULL);
    return spread_of(on->took_ms, count);
}

static double middle(double *all, size_t count)
{
    qsort(all, count, sizeof *all, by_size);
    return all[count / 2];
}

static void measure(bench *on, size_t rounds, size_t posts)
{
    double medians[rounds_max], p99s[rounds_max], most[rounds_max], seconds[rounds_max];
    for (size_t i = 0; i < rounds; i++) {
        spread alone = post_alone(on, posts);
        if (i > 0)
            unlink(on->file); // the last one is restored
        spread beside = post_beside(on);
        fprintf(stderr,
                "alone %.2f / %.2f / %.2f ms, beside %.2f / %.2f / %.2f ms (median, p99, "
                "max; %zu posts), copied in %.2f s\n",
                alone.median, alone.p99, alone.most, beside.median, beside.p99,
                beside.most, beside.count, on->copying_s);
        medians[i] = beside.median / alone.median;
        p99s[i] = beside.p99 / alone.p99;
        most[i] = beside.most / alone.most;
        seconds[i] = on->copying_s;
    }
    note("backup_bytes", on->bytes / 1e6, "MB");
    note("backup_while_writing", middle(seconds, rounds), "s");
    note("post_median_ratio", middle(medians, rounds), "times");
    note("post_median_ratio_worst", medians[rounds - 1], "times");
    note("post_p99_ratio", middle(p99s, rounds), "times");
    note("post_p99_ratio_worst", p99s[rounds - 1], "times");
    note("post_max_ratio", middle(most, rounds), "times");
}

static void restore(const char *folder, const char *file, const char *to,
                    const char *keys)
{
    weft_error error = {0};
    weft_restore_summary summary;
    const weft_restore_options options = {.ring = folder, .keys = {.key_dir = keys}};
    uint64_t begin = wf_clock_monotonic_ns();
    check(weft_restore(file, to, &options, &summary, &error), &error);
    note("restore", seconds_since(begin), "s");
    note("restore_facts", (double)summary.backup.facts, "rows");
}

static size_t number(int count, char **arguments, int at, size_t otherwise, size_t most)
{
    size_t given = count > at ? strtoull(arguments[at], NULL, 10) : otherwise;
    return given == 0 ? 1 : given > most ? most : given;
}

int main(int count, char **arguments)
{
    static bench on;
    weft_error error = {0};
    char file[512], to[512], keys[512];
    if (count < 2) {
        fprintf(stderr, "backup_bench FOLDER [ROUNDS] [POSTS]\n");
        return 2;
    }
    const char *folder = arguments[1];
    size_t rounds = number(count, arguments, 2, 5, rounds_max);
    size_t posts = number(count, arguments, 3, 400, posts_max);
    snprintf(file, sizeof file, "%s.backup", folder);
    snprintf(to, sizeof to, "%s.restored", folder);
    snprintf(keys, sizeof keys, "%s.keys", folder);
    on.file = file;
    on.dice = wf_prng_new(2);
    on.collected = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"));
    on.tube = wf_kind_field(on.collected, WF_TEXT("tube"));
    on.person = wf_kind_field(on.collected, WF_TEXT("person"));
    on.site = wf_kind_field(on.collected, WF_TEXT("site"));
    snprintf(on.device, sizeof on.device, "B-%llu",
             (unsigned long long)(wf_clock_now().us / WF_US_PER_S));
    check(weft_city_open(folder, NULL, &on.city, &error), &error);
    const wf_shared_settings settings = {0};
    check(wf_shared_open(on.city, &settings, &on.shared, &error), &error);
    measure(&on, rounds, posts);
    wf_shared_close(on.shared);
    weft_city_close(on.city);
    restore(folder, file, to, keys);
    return 0;
}
