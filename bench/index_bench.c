// How fast the index and the book of senders take facts and are asked: three pairs a fact
// (its identity, a tube, a person), 500 devices, one number in 1,000 of which never
// comes.
//
//   index_bench FOLDER [FACTS, 5000000] [FACTS A COMMIT, 1000]
//
// FOLDER must be empty. CPU is that of all threads; on a busy machine trust it alone.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/prng.h"
#include "store/index/index.h"
#include "store/senders.h"

#define CITY "0123456789abcdef0123456789abcdef"

enum { devices_count = 500, pairs_a_fact = 3, finds = 100000 };

static double read_s(clockid_t clock)
{
    struct timespec at;
    if (clock_gettime(clock, &at) != 0)
        abort();
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static double now_s(void)
{
    return read_s(CLOCK_MONOTONIC);
}

static double cpu_s(void)
{
    return read_s(CLOCK_PROCESS_CPUTIME_ID);
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
    wf_path city, key_dir;
    wf_keys *keys;
    wf_index *index;
    uint64_t facts, a_commit;
} bench;

static void open_index(bench *b)
{
    weft_error error = {0};
    uint64_t upto = 0;
    double begin = now_s();
    need(wf_index_open(&wf_io_posix, b->city.text, b->keys, &b->index, &upto, &error),
         &error);
    printf("index opened up to %llu in %.1f ms\n", (unsigned long long)upto,
           (now_s() - begin) * 1e3);
}

static uint64_t hash_of(const bench *b, uint64_t fact, uint64_t which)
{
    uint64_t text[2] = {fact, which};
    return wf_index_hash(b->index, (wf_text){(const char *)text, sizeof text});
}

// The rows of a fact: a tube has ten people, a person comes back.
static void pairs_of(const bench *b, uint64_t fact, wf_index_pair *to)
{
    uint64_t rows[pairs_a_fact] = {fact, fact / 10,
                                   fact * UINT64_C(0x9E3779B97F4A7C15) % 7500000};
    for (uint64_t i = 0; i < pairs_a_fact; i++)
        to[i] = (wf_index_pair){hash_of(b, rows[i], i), fact + 1};
}

static void add_all(bench *b)
{
    weft_error error = {0};
    wf_index_pair *pairs = calloc(b->a_commit * pairs_a_fact, sizeof *pairs);
    if (pairs == NULL)
        abort();
    double begin = now_s(), cpu = cpu_s(), slowest = 0;
    uint64_t slow = 0;
    for (uint64_t fact = 0; fact < b->facts;) {
        size_t count = 0;
        double called = now_s();
        for (; count < b->a_commit * pairs_a_fact && fact < b->facts; fact++) {
            pairs_of(b, fact, pairs + count);
            count += pairs_a_fact;
        }
        need(wf_index_add(b->index, pairs, count, &error), &error);
        double took = now_s() - called;
        slowest = took > slowest ? took : slowest;
        slow += took > 0.02;
    }
    need(wf_index_flush(b->index, b->facts, &error), &error);
    printf(
        "index: %.3f us CPU a fact, %.3f us a fact; slowest commit %.0f ms, %llu above "
        "20 ms\n",
        (cpu_s() - cpu) / (double)b->facts * 1e6,
        (now_s() - begin) / (double)b->facts * 1e6, slowest * 1e3,
        (unsigned long long)slow);
    free(pairs);
}

static void find_some(bench *b, uint64_t which, const char *name)
{
    weft_error error = {0};
    wf_buffer found = {0};
    wf_prng prng = wf_prng_new(3);
    size_t positions = 0;
    double begin = now_s(), cpu = cpu_s();
    for (int i = 0; i < finds; i++) {
        wf_index_pair pairs[pairs_a_fact];
        pairs_of(b, wf_prng_u64(&prng) % b->facts, pairs);
        found.size = 0;
        need(wf_index_find(b->index, pairs[which].hash, &found, &error), &error);
        positions += found.size / sizeof(uint64_t);
    }
    printf("find %s: %.2f us, %.2f us CPU, %.1f positions\n", name,
           (now_s() - begin) / finds * 1e6, (cpu_s() - cpu) / finds * 1e6,
           (double)positions / finds);
    wf_buffer_done(&found);
}

static void note_all(const bench *b)
{
    weft_error error = {0};
    wf_senders *senders = NULL;
    wf_buffer saved = {0};
    char names[devices_count][16];
    int64_t next[devices_count] = {0};
    wf_prng prng = wf_prng_new(5);
    need(wf_senders_new(&senders, &error), &error);
    for (unsigned i = 0; i < devices_count; i++)
        if (snprintf(names[i], sizeof names[i], "S-%03u", i) < 0)
            abort();
    double cpu = cpu_s();
    for (uint64_t fact = 0; fact < b->facts; fact++) {
        if (fact % b->a_commit == 0)
            wf_senders_mark(senders);
        unsigned device = wf_prng_below(&prng, devices_count);
        // Of 1,000 numbers one never comes.
        next[device] += wf_prng_below(&prng, 1000) == 0 ? 2 : 1;
        wf_identity id = {wf_text_of(names[device]), next[device]};
        if (wf_senders_state(senders, id) == WF_SEQ_NEW)
            need(wf_senders_note(senders, id, WF_SEQ_HAD, &error), &error);
    }
    printf("senders: %.3f us CPU a fact\n", (cpu_s() - cpu) / (double)b->facts * 1e6);
    cpu = cpu_s();
    need(wf_senders_save(senders, &saved, &error), &error);
    printf("senders: %zu bytes saved in %.2f ms CPU\n", saved.size,
           (cpu_s() - cpu) * 1e3);
    wf_buffer_done(&saved);
    wf_senders_free(senders);
}

static uint64_t number_of(const char *text, uint64_t otherwise)
{
    int64_t number;
    if (text == NULL)
        return otherwise;
    if (!wf_parse_i64(wf_text_of(text), 1, 1000000000, &number))
        exit(2);
    return (uint64_t)number;
}

int main(int argc, char **argv)
{
    bench b = {0};
    weft_error error = {0};
    if (argc < 2) {
        fprintf(stderr, "index_bench FOLDER [FACTS] [FACTS A COMMIT]\n");
        return 2;
    }
    b.facts = number_of(argc > 2 ? argv[2] : NULL, 5000000);
    b.a_commit = number_of(argc > 3 ? argv[3] : NULL, 1000);
    need(wf_path_join(argv[1], "city", &b.city, &error), &error);
    need(wf_path_join(argv[1], "keys", &b.key_dir, &error), &error);
    wf_keys_options options = {
        .io = &wf_io_posix, .city_dir = b.city.text, .key_dir = b.key_dir.text};
    need(wf_keys_create(&options, CITY, &error), &error);
    need(wf_keys_open(&options, CITY, &b.keys, &error), &error);
    open_index(&b);
    add_all(&b);
    wf_index_close(b.index);
    open_index(&b);
    find_some(&b, 0, "a fact");
    find_some(&b, 1, "a tube");
    find_some(&b, 2, "a person");
    wf_index_close(b.index);
    wf_keys_close(b.keys);
    note_all(&b);
    return 0;
}
