// A shared city in process: sample facts in posts of 10, as many clients as are asked for
// in flight at a time, rows following; without HTTP and JSON.
//
//     build/bench/shared_bench FOLDER [FACTS] [CLIENTS] [PEOPLE] [SYNC_US]
//
// 3,000 senders; 2 in 100 posts are sent again, 20 in 100 come late: their sender keeps
// them back while it sends newer ones. People are known to the register. SYNC_US makes
// every sync so much slower. FOLDER must not exist; it is left for looking at. Prints a
// line of JSON a measure.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "access/shared/shared.h"
#include "base/clock.h"
#include "base/prng.h"
#include "desk/kinds.h"
#include "weft/import.h"

enum { devices = 3000, facts_a_post = 10, held_max = 64, clients_max = 1024 };

// A batch of a sender, which can be sent again.
typedef struct {
    uint32_t device, seed;
    int64_t seq;
} batch;

typedef struct client {
    wf_post post;
    wf_post_line lines[facts_a_post];
    wf_fact facts[facts_a_post];
    char tubes[facts_a_post][40], persons[facts_a_post][16];
    wf_arena arena;
    uint64_t sent_ns;
    struct client *next;
} client;

typedef struct {
    wf_io io; // slower
    useconds_t sync_us;
    weft_city *city;
    wf_shared *shared;
    wf_prng dice;
    uint64_t facts, people, clients;
    const wf_kind *collected;
    size_t tube, person, site;
    int64_t next[devices];
    char names[devices][16];
    batch held[held_max];
    size_t held_count;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    client *free;
    uint64_t out, done_posts, failed;
    uint64_t accepted, had;
    double *took_ms;
} bench;

static bench on;

static void fail(const char *code)
{
    fprintf(stderr, "%s\n", code);
    exit(1);
}

static void check(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        fail(error->code);
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
}

static int slow_sync(const wf_io *io, int file)
{
    (void)io;
    usleep(on.sync_us);
    return wf_io_posix.sync(&wf_io_posix, file);
}

static int slow_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    usleep(on.sync_us);
    return wf_io_posix.sync_dir(&wf_io_posix, path);
}

// ---- people ----

typedef struct {
    uint64_t next, all;
} roll;

static ssize_t read_people(void *context, void *bytes, size_t size)
{
    roll *of = context;
    char *to = bytes;
    size_t used = 0;
    if (of->next == 0)
        used = (size_t)snprintf(to, size, "person,name,grid\n");
    for (; of->next < of->all && size - used > 64; of->next++)
        used += (size_t)snprintf(to + used, size - used, "P-%07llu,,330106%03u%03u\n",
                                 (unsigned long long)of->next, (unsigned)(of->next % 10),
                                 (unsigned)(of->next / 10 % 10));
    return (ssize_t)used;
}

static void register_people(void)
{
    weft_error error = {0};
    roll of = {0, on.people};
    const weft_import_source source = {
        .name = "people", .read = read_people, .context = &of};
    const weft_import_options options = {0};
    weft_import_summary summary;
    check(
        weft_import(on.city, WEFT_IMPORT_PERSONS, &source, 1, &options, &summary, &error),
        &error);
}

// ---- posts ----

static void set(wf_fact *fact, size_t field, const char *text)
{
    fact->values[field] = (wf_value){.given = true, .text = wf_text_of(text)};
}

static batch fresh(void)
{
    uint32_t device = wf_prng_below(&on.dice, devices);
    batch made = {device, (uint32_t)wf_prng_below(&on.dice, UINT32_MAX), on.next[device]};
    on.next[device] += facts_a_post;
    return made;
}

static batch choose(void)
{
    uint32_t luck = wf_prng_below(&on.dice, 100);
    if (luck < 20 && on.held_count < held_max) // kept back, and another goes first
        on.held[on.held_count++] = fresh();
    else if (on.held_count > 0 && (luck < 40 || on.held_count == held_max))
        return on.held[--on.held_count];
    return fresh();
}

static void fill(client *of, batch what)
{
    wf_prng dice = wf_prng_new(what.seed);
    weft_time at = {INT64_C(1639267200) * WF_US_PER_S + what.seq * WF_US_PER_S};
    for (int i = 0; i < facts_a_post; i++) {
        wf_fact *fact = &of->facts[i];
        *fact = (wf_fact){.id = {wf_text_of(on.names[what.device]), what.seq + i + 1},
                          .kind = on.collected,
                          .at = at,
                          .grid = WF_TEXT("330106001001")};
        snprintf(of->tubes[i], sizeof of->tubes[i], "T%04u%07lld", what.device,
                 (long long)(what.seq / facts_a_post));
        snprintf(of->persons[i], sizeof of->persons[i], "P-%07u",
                 wf_prng_below(&dice, (uint32_t)on.people));
        set(fact, on.tube, of->tubes[i]);
        set(fact, on.person, of->persons[i]);
        set(fact, on.site, on.names[what.device]);
        of->lines[i] = (wf_post_line){.line = (uint64_t)i + 1, .fact = fact};
    }
}

static void ended(wf_post *post, weft_status status, const weft_error *error)
{
    client *of = post->context;
    (void)error;
    double took = (double)(wf_clock_monotonic_ns() - of->sent_ns) / 1e6;
    pthread_mutex_lock(&on.lock);
    on.took_ms[on.done_posts++] = took;
    on.failed += status != WEFT_OK;
    for (int i = 0; i < facts_a_post; i++) {
        on.accepted += of->lines[i].sent == WF_SENT_ACCEPTED;
        on.had += of->lines[i].sent == WF_SENT_HAD;
    }
    of->next = on.free;
    on.free = of;
    on.out--;
    pthread_cond_signal(&on.ready);
    pthread_mutex_unlock(&on.lock);
}

static client *take_client(void)
{
    pthread_mutex_lock(&on.lock);
    while (on.free == NULL)
        pthread_cond_wait(&on.ready, &on.lock);
    client *of = on.free;
    on.free = of->next;
    on.out++;
    pthread_mutex_unlock(&on.lock);
    return of;
}

static void send_one(client *of, batch what)
{
    fill(of, what);
    of->post = (wf_post){.lines = of->lines,
                         .count = facts_a_post,
                         .from = "bench",
                         .arena = &of->arena,
                         .done = ended,
                         .context = of};
    of->sent_ns = wf_clock_monotonic_ns();
    wf_shared_post(on.shared, &of->post);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void send_all(void)
{
    uint64_t posts = on.facts / facts_a_post, lag = 0, lags = 0, looked = 0;
    batch last = {0};
    on.took_ms = calloc(posts + 1, sizeof *on.took_ms);
    uint64_t begin = wf_clock_monotonic_ns();
    double cpu = cpu_s();
    for (uint64_t i = 0; i < posts; i++) {
        bool again = i > 0 && wf_prng_below(&on.dice, 50) == 0;
        last = again ? last : choose();
        send_one(take_client(), last);
        if (i % 64 == 0) {
            uint64_t now = wf_shared_as_of(on.shared).lag_us;
            lag = now > lag ? now : lag;
            lags += now;
            looked++;
        }
    }
    pthread_mutex_lock(&on.lock);
    while (on.out > 0)
        pthread_cond_wait(&on.ready, &on.lock);
    pthread_mutex_unlock(&on.lock);
    double took = (double)(wf_clock_monotonic_ns() - begin) / 1e9;
    uint64_t behind = wf_shared_as_of(on.shared).ledger;
    behind -= wf_shared_as_of(on.shared).position;
    if (!wf_shared_catch_up(on.shared, 600000) || on.failed > 0 ||
        on.accepted + on.had != posts * facts_a_post)
        fail("a post was lost");
    double caught_up = (double)(wf_clock_monotonic_ns() - begin) / 1e9;
    wf_shared_counts counts = wf_shared_count(on.shared);
    qsort(on.took_ms, posts, sizeof *on.took_ms, by_size);
    note("facts", (double)on.facts, "facts");
    note("durable", (double)on.facts / took, "facts/s");
    note("durable_and_applied", (double)on.facts / caught_up, "facts/s");
    note("behind_at_the_end", (double)behind, "facts");
    note("cpu_a_fact", (cpu_s() - cpu) / (double)on.facts * 1e6, "us");
    note("post_median", on.took_ms[posts / 2], "ms");
    note("post_p99", on.took_ms[posts * 99 / 100], "ms");
    note("post_max", on.took_ms[posts - 1], "ms");
    note("lag_mean", (double)lags / (double)looked / 1e3, "ms");
    note("lag_max", (double)lag / 1e3, "ms");
    note("facts_a_commit", (double)on.facts / (double)counts.commits, "facts");
    note("facts_a_slice", (double)on.facts / (double)counts.slices, "facts");
}

static void make_clients(void)
{
    client *all = calloc(on.clients, sizeof *all);
    for (uint64_t i = 0; i < on.clients; i++) {
        wf_arena_init(&all[i].arena, 0);
        all[i].next = on.free;
        on.free = &all[i];
    }
}

static uint64_t number(int count, char **arguments, int at, uint64_t otherwise)
{
    return count > at ? strtoull(arguments[at], NULL, 10) : otherwise;
}

int main(int count, char **arguments)
{
    weft_error error = {0};
    if (count < 2) {
        fprintf(stderr, "shared_bench FOLDER [FACTS] [CLIENTS] [PEOPLE] [SYNC_US]\n");
        return 2;
    }
    on.facts = number(count, arguments, 2, 1000000);
    on.clients = number(count, arguments, 3, 64);
    on.people = number(count, arguments, 4, 200000);
    on.sync_us = (useconds_t)number(count, arguments, 5, 0);
    if (on.clients == 0 || on.clients > clients_max)
        fail("1 to 1024 clients");
    on.dice = wf_prng_new(1);
    on.collected = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"));
    on.tube = wf_kind_field(on.collected, WF_TEXT("tube"));
    on.person = wf_kind_field(on.collected, WF_TEXT("person"));
    on.site = wf_kind_field(on.collected, WF_TEXT("site"));
    for (int i = 0; i < devices; i++)
        snprintf(on.names[i], sizeof on.names[i], "S-%04d", i);
    pthread_mutex_init(&on.lock, NULL);
    pthread_cond_init(&on.ready, NULL);
    weft_init_options how = {.kind = WEFT_CITY_DRILL};
    check(weft_city_init(arguments[1], &how, &error), &error);
    const weft_key_options keys = {0};
    on.io = wf_io_posix;
    check(wf_city_open_restoring(&on.io, arguments[1], &keys, &on.city, &error), &error);
    register_people();
    make_clients();
    if (on.sync_us > 0) {
        on.io.sync = slow_sync;
        on.io.sync_dir = slow_sync_dir;
    }
    const wf_shared_settings settings = {0};
    check(wf_shared_open(on.city, &settings, &on.shared, &error), &error);
    send_all();
    wf_shared_close(on.shared);
    weft_city_close(on.city);
    return 0;
}
