// How fast the ledger alone takes, scans, verifies and reads sample facts: 35-byte bodies
// of 500 devices, random persons of 7.5 M, a fifth of them late by days.
//
//   ledger_file_bench FOLDER [FACTS] [FACTS A COMMIT]
//
// FOLDER must be empty; its file system decides what a sync costs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/prng.h"
#include "store/ledger/ledger.h"

#define CITY "0123456789abcdef0123456789abcdef"
#define BEGIN INT64_C(1639180800000000)

enum { devices_count = 500, persons_count = 7500000 };

static const wf_column fields[] = {
    {.name = "tube", .type = WF_COLUMN_ID, .required = true, .bytes_max = 128},
    {.name = "person", .type = WF_COLUMN_PERSON, .bytes_max = 128},
    {.name = "site", .type = WF_COLUMN_PLACE, .bytes_max = 128},
};
static const wf_kind sample = {.name = "sample.collected",
                               .number = 20,
                               .keep = WF_KEEP_TESTING,
                               .fields = fields,
                               .fields_count = 3};
static const wf_kind *const kind_list[] = {&sample};
static const wf_kinds kinds = {.kinds = kind_list, .kinds_count = 1};

static double now_s(void)
{
    struct timespec at;
    if (clock_gettime(CLOCK_MONOTONIC, &at) != 0)
        abort();
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct timespec at;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at) != 0)
        abort();
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void need(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s %s\n", weft_status_name(status),
            error->code != NULL ? error->code : "");
    exit(1);
}

typedef struct {
    wf_keys_options keys_options;
    wf_keys *keys;
    wf_zone *zone;
    wf_ledger *ledger;
    uint64_t facts, a_commit;
    double slowest_s;
} bench;

static void open_ledger(bench *b)
{
    weft_error error = {0};
    need(wf_keys_open(&b->keys_options, CITY, &b->keys, &error), &error);
    wf_ledger_options options = {.io = &wf_io_posix,
                                 .city_dir = b->keys_options.city_dir,
                                 .keys = b->keys,
                                 .kinds = &kinds,
                                 .zone = b->zone};
    need(wf_ledger_open(&options, &b->ledger, &error), &error);
}

static void close_ledger(bench *b)
{
    wf_ledger_close(b->ledger);
    wf_keys_close(b->keys);
}

static wf_value text(char *to, size_t room, const char *format, unsigned number)
{
    int size = snprintf(to, room, format, number);
    return (wf_value){.given = true, .text = {to, (size_t)size}};
}

static void add_one(bench *b, uint64_t n, wf_prng *prng, int64_t seqs[devices_count])
{
    char device[16], tube[16], person[16], site[16];
    weft_error error = {0};
    unsigned number = wf_prng_below(prng, devices_count);
    wf_fact fact = {.kind = &sample};
    // 20,000 facts a second.
    fact.at.us = BEGIN + (int64_t)(n / 20000) * WF_US_PER_S;
    if (wf_prng_below(prng, 5) == 0)
        fact.at.us -= (int64_t)wf_prng_below(prng, 3 * 86400) * WF_US_PER_S;
    fact.id.device = text(device, sizeof device, "S-%03u", number).text;
    fact.id.seq = ++seqs[number];
    fact.values[0] = text(tube, sizeof tube, "T%07u", (unsigned)(n / 10));
    fact.values[1] =
        text(person, sizeof person, "P-%07u", wf_prng_below(prng, persons_count));
    fact.values[2] = text(site, sizeof site, "site-%04u", number);
    uint64_t position;
    need(wf_ledger_add(b->ledger, &fact, &position, &error), &error);
}

static void append(bench *b)
{
    wf_prng prng = wf_prng_new(1);
    static int64_t seqs[devices_count];
    for (uint64_t n = 0; n < b->facts;) {
        double begin = now_s();
        for (uint64_t i = 0; i < b->a_commit && n < b->facts; i++)
            add_one(b, n++, &prng, seqs);
        weft_error error = {0};
        weft_time received = {BEGIN + (int64_t)(n / 20000) * WF_US_PER_S};
        need(wf_ledger_commit(b->ledger, received, &error), &error);
        double took = now_s() - begin;
        b->slowest_s = took > b->slowest_s ? took : b->slowest_s;
    }
}

static weft_status count_entry(void *context, const wf_entry *entry, weft_error *error)
{
    uint64_t *sum = context;
    (void)error;
    *sum += entry->fact.values[1].text.size;
    return WEFT_OK;
}

static void scan(bench *b)
{
    uint64_t sum = 0;
    weft_error error = {0};
    need(wf_ledger_scan(b->ledger, 1, count_entry, &sum, &error), &error);
    if (sum != b->facts * 9)
        exit(1);
}

static void verify(bench *b)
{
    weft_error error = {0};
    need(wf_ledger_verify(b->ledger, NULL, NULL, &error), &error);
}

static void read_random(bench *b, unsigned count)
{
    wf_prng prng = wf_prng_new(2);
    for (unsigned i = 0; i < count; i++) {
        wf_arena arena = {0};
        wf_entry entry;
        weft_error error = {0};
        uint64_t position = 1 + wf_prng_below(&prng, (uint32_t)b->facts);
        need(wf_ledger_read(b->ledger, position, &arena, &entry, &error), &error);
        wf_arena_done(&arena);
    }
}

static uint64_t bytes_of_files(const char *city)
{
    uint64_t bytes = 0;
    for (unsigned n = 1;; n++) {
        char path[WF_PATH_MAX];
        struct stat about;
        int size = snprintf(path, sizeof path, "%s/ledger/%010u.facts", city, n);
        if (size < 0 || (size_t)size >= sizeof path || stat(path, &about) != 0)
            return bytes;
        bytes += (uint64_t)about.st_size;
    }
}

static void report(const char *what, double count, double from_s, double from_cpu)
{
    double took = now_s() - from_s, cpu = cpu_s() - from_cpu;
    printf("%-8s %12.0f/s  %8.3f s  %6.3f us of CPU each\n", what, count / took, took,
           cpu / count * 1e6);
}

#define TIMED(what, count, call)                                                         \
    do {                                                                                 \
        double timed_from = now_s(), timed_cpu = cpu_s();                                \
        call;                                                                            \
        report(what, count, timed_from, timed_cpu);                                      \
    } while (0)

int main(int argc, char **argv)
{
    int64_t facts = 1000000, a_commit = 1000;
    if (argc < 2 ||
        (argc > 2 && !wf_parse_i64(wf_text_of(argv[2]), 1, 1000000000, &facts)) ||
        (argc > 3 && !wf_parse_i64(wf_text_of(argv[3]), 1, 1000000000, &a_commit))) {
        fprintf(stderr, "ledger_file_bench FOLDER [FACTS] [FACTS A COMMIT]\n");
        return 2;
    }
    bench b = {.facts = (uint64_t)facts, .a_commit = (uint64_t)a_commit};
    char key_dir[WF_PATH_MAX];
    weft_error error = {0};
    if (snprintf(key_dir, sizeof key_dir, "%s/key", argv[1]) >= (int)sizeof key_dir)
        return 2;
    b.keys_options =
        (wf_keys_options){.io = &wf_io_posix, .city_dir = argv[1], .key_dir = key_dir};
    need(wf_zone_open("Asia/Shanghai", &b.zone, &error), &error);
    need(wf_keys_create(&b.keys_options, CITY, &error), &error);
    open_ledger(&b);
    TIMED("append", (double)b.facts, append(&b));
    printf("slowest commit %.1f ms, %.1f bytes a fact\n", b.slowest_s * 1000,
           (double)bytes_of_files(argv[1]) / (double)b.facts);
    close_ledger(&b);
    TIMED("open", 1, open_ledger(&b));
    TIMED("scan", (double)b.facts, scan(&b));
    TIMED("verify", (double)b.facts, verify(&b));
    TIMED("read", 20000, read_random(&b, 20000));
    close_ledger(&b);
    wf_zone_close(b.zone);
    return 0;
}
