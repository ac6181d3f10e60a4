// Backup and restore of a city that store_bench left: how long a post of 1,000 facts
// takes in a shared city by itself, and while a backup is copied; then how long a restore
// takes, with the rows made anew and everything checked.
//
//     build/bench/backup_bench FOLDER [ROUNDS]
//
// A round (5) is a backup. It is halted after every 20 posts for 20 others, so that
// whatever else the machine does falls on both kinds alike. A post is timed from its
// sending until all of it is durable. Writes FOLDER.backup, FOLDER.restored and
// FOLDER.keys, which must not exist. Prints a line of JSON a measure. Ratios are of all
// posts of all rounds, and the worst of one round; the slowest post of all beside against
// the slowest of all alone, of as many: a round has some eighty of each, of which the
// slowest is a matter of chance.
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
    in_turn = 20,     // posts of a kind
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
    double alone_ms[posts_max], beside_ms[posts_max];
    const char *file;     // of the backup
    pthread_mutex_t halt; // held while posts are alone
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

// ---- beside a backup ----

static void copy_piece(bench *on, weft_backup *job, weft_backup_progress *progress)
{
    weft_error error = {0};
    pthread_mutex_lock(&on->halt);
    uint64_t begin = wf_clock_monotonic_ns();
    check(weft_backup_copy(job, piece_bytes, progress, &error), &error);
    double took = seconds_since(begin);
    pthread_mutex_unlock(&on->halt);
    on->copying_s += 2 * took;
    usleep((useconds_t)(took * 1e6));
}

// As `weft backup` does it in a service (cli/verb_backup.c).
static void *back_up(void *context)
{
    bench *on = context;
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    weft_city *city = NULL;
    pthread_mutex_lock(&on->halt);
    check(wf_shared_own(on->shared, &city, &error), &error);
    check(weft_backup_begin(city, on->file, &job, &error), &error);
    wf_shared_own_end(on->shared);
    pthread_mutex_unlock(&on->halt);
    on->copying_s = 0;
    do
        copy_piece(on, job, &progress);
    while (!progress.copied);
    pthread_mutex_lock(&on->halt);
    check(wf_shared_own(on->shared, &city, &error), &error);
    while (!progress.placed)
        check(weft_backup_step(job, piece_bytes, &progress, &error), &error);
    wf_shared_own_end(on->shared);
    check(weft_backup_copy(job, piece_bytes, &progress, &error), &error);
    weft_backup_end(job);
    on->bytes = (double)progress.bytes_all;
    atomic_store(&on->copied, true);
    pthread_mutex_unlock(&on->halt);
    return NULL;
}

// *alone and *beside: how many posts there were before it, and after it.
static void run_round(bench *on, size_t *alone_count, size_t *beside_count)
{
    pthread_t thread;
    size_t alone = *alone_count, beside = *beside_count;
    atomic_store(&on->copied, false);
    pthread_mutex_lock(&on->halt);
    if (pthread_create(&thread, NULL, back_up, on) != 0)
        exit(1);
    while (!atomic_load(&on->copied) && alone + in_turn <= posts_max &&
           beside + in_turn <= posts_max) {
        for (size_t i = 0; i < in_turn; i++)
            on->alone_ms[alone++] = send_one(on);
        pthread_mutex_unlock(&on->halt);
        for (size_t i = 0; i < in_turn && !atomic_load(&on->copied); i++)
            on->beside_ms[beside++] = send_one(on);
        pthread_mutex_lock(&on->halt);
    }
    pthread_mutex_unlock(&on->halt);
    pthread_join(thread, NULL);
    *alone_count = alone;
    *beside_count = beside;
}

static double middle(double *all, size_t count)
{
    qsort(all, count, sizeof *all, by_size);
    return all[count / 2];
}

static void say(const char *what, spread alone, spread beside)
{
    fprintf(stderr,
            "%s: alone %.2f / %.2f / %.2f ms, beside %.2f / %.2f / %.2f ms (median, p99, "
            "max; %zu and %zu posts)\n",
            what, alone.median, alone.p99, alone.most, beside.median, beside.p99,
            beside.most, alone.count, beside.count);
}

static void measure(bench *on, size_t rounds)
{
    double medians[rounds_max], seconds[rounds_max];
    size_t alone_count = 0, beside_count = 0;
    for (size_t i = 0; i < rounds; i++) {
        size_t alone_from = alone_count, beside_from = beside_count;
        if (i > 0)
            unlink(on->file); // the last one is restored
        run_round(on, &alone_count, &beside_count);
        spread alone = spread_of(on->alone_ms + alone_from, alone_count - alone_from);
        spread beside =
            spread_of(on->beside_ms + beside_from, beside_count - beside_from);
        say("a round", alone, beside);
        medians[i] = beside.median / alone.median;
        seconds[i] = on->copying_s;
    }
    spread alone = spread_of(on->alone_ms, alone_count);
    spread beside = spread_of(on->beside_ms, beside_count);
    say("all", alone, beside);
    note("backup_bytes", on->bytes / 1e6, "MB");
    note("backup_while_writing", middle(seconds, rounds), "s");
    note("posts_alone", (double)alone.count, "posts");
    note("posts_beside", (double)beside.count, "posts");
    note("post_max_alone", alone.most, "ms");
    note("post_max_beside", beside.most, "ms");
    note("post_median_ratio", beside.median / alone.median, "times");
    (void)middle(medians, rounds); // sorts them
    note("post_median_ratio_worst", medians[rounds - 1], "times");
    note("post_p99_ratio", beside.p99 / alone.p99, "times");
    note("post_max_ratio", beside.most / alone.most, "times");
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
        fprintf(stderr, "backup_bench FOLDER [ROUNDS]\n");
        return 2;
    }
    const char *folder = arguments[1];
    size_t rounds = number(count, arguments, 2, 5, rounds_max);
    snprintf(file, sizeof file, "%s.backup", folder);
    snprintf(to, sizeof to, "%s.restored", folder);
    snprintf(keys, sizeof keys, "%s.keys", folder);
    on.file = file;
    pthread_mutex_init(&on.halt, NULL);
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
    measure(&on, rounds);
    wf_shared_close(on.shared);
    weft_city_close(on.city);
    restore(folder, file, to, keys);
    return 0;
}
