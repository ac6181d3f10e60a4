// Holes beside the rows: how long after a fact is committed its hole rows are right, and
// what evaluating the rules from scratch takes.
//
//     build/bench/holes_bench FOLDER [PEOPLE] [TUBES]
//
// A city of PEOPLE (1,285,000), one in 1,000 of whom was registered under two ids, and of
// TUBES (200,000) that were sealed, four in five with a result. FOLDER is left, and one
// that was left is only asked for holes from scratch. Prints a line of JSON a measure;
// "cpu" is processor time.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/city/city.h"
#include "base/clock.h"
#include "desk/kinds.h"
#include "weft/holes.h"

enum { together = 4096, asked = 400 };

typedef struct {
    weft_city *city;
    uint64_t people, tubes;
    weft_time at;
    wf_fact facts[together];
    wf_verdict verdicts[together];
    bool accepted[together];
    char texts[together][3][32];
} bench;

static void check(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK) {
        fprintf(stderr, "%s\n", error->code);
        exit(1);
    }
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
    fflush(stdout);
}

static double seconds_since(uint64_t begin_ns)
{
    return (double)(wf_clock_monotonic_ns() - begin_ns) / 1e9;
}

static double cpu_since(clock_t begin)
{
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

static void set(wf_fact *fact, const char *field, const char *text)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    fact->values[place] = (wf_value){.given = true, .text = wf_text_of(text)};
}

static wf_fact *start(bench *on, size_t place, const char *device, uint64_t seq,
                      const char *kind)
{
    wf_fact *fact = &on->facts[place];
    *fact = (wf_fact){.id = {wf_text_of(device), (int64_t)seq},
                      .kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(kind)),
                      .at = on->at,
                      .grid = WF_TEXT("320214001002")};
    return fact;
}

static void register_people(bench *on)
{
    weft_error error = {0};
    uint64_t begin = wf_clock_monotonic_ns();
    clock_t cpu = clock();
    check(wf_store_deliver_begin(on->city->store, WF_TIME_NONE, &error), &error);
    for (uint64_t i = 0; i < on->people;) {
        size_t count = 0;
        for (; count < together && i < on->people; count++, i++) {
            // Numbers in an order that is not that of the people, as in life.
            uint64_t number = (i % 1000 == 1 ? i - 1 : i) * UINT64_C(2654435761);
            snprintf(on->texts[count][0], 32, "P-%07llu", (unsigned long long)i);
            snprintf(on->texts[count][1], 32, "%018llu", (unsigned long long)number);
            wf_fact *fact = start(on, count, "import/persons", 0, "person.registered");
            set(fact, "person", on->texts[count][0]);
            set(fact, "id_number", on->texts[count][1]);
            set(fact, "grid", "320214001002");
        }
        check(wf_store_deliver(on->city->store, on->facts, count, on->accepted, &error),
              &error);
    }
    check(wf_store_deliver_commit(on->city->store, &error), &error);
    note("people_delivered_cpu", cpu_since(cpu) / (double)on->people * 1e6,
         "µs a person");
    note("people_delivered", (double)on->people / seconds_since(begin), "people/s");
}

static void send(bench *on, size_t count)
{
    weft_error error = {0};
    check(wf_store_send(on->city->store, on->facts, count, WF_TIME_NONE, on->verdicts,
                        &error),
          &error);
    check(wf_store_apply(on->city->store, 0, &error), &error);
}

static void seal_tubes(bench *on)
{
    uint64_t seq = 0, begin = wf_clock_monotonic_ns();
    clock_t cpu = clock();
    size_t count = 0;
    for (uint64_t i = 0; i < on->tubes; i++) {
        snprintf(on->texts[count][0], 32, "T-%09llu", (unsigned long long)i);
        wf_fact *fact = start(on, count, "S-1", ++seq, "tube.sealed");
        set(fact, "tube", on->texts[count][0]);
        fact->values[wf_kind_field(fact->kind, WF_TEXT("count"))] =
            (wf_value){.given = true, .number = 10};
        count++;
        if (i % 5 != 0) {
            memcpy(on->texts[count], on->texts[count - 1], sizeof on->texts[0]);
            fact = start(on, count, "S-1", ++seq, "tube.resulted");
            set(fact, "tube", on->texts[count][0]);
            set(fact, "result", "negative");
            count++;
        }
        if (count + 2 > together || i + 1 == on->tubes) {
            send(on, count);
            count = 0;
        }
    }
    note("tube_facts_cpu", cpu_since(cpu) / (double)seq * 1e6, "µs a fact");
    note("tube_facts", (double)seq / seconds_since(begin), "facts/s");
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// One fact at a time: sent, durable, its rows and hole rows committed.
static void wait_for_holes(bench *on)
{
    static double took_ms[asked];
    for (size_t i = 0; i < asked; i++) {
        snprintf(on->texts[0][0], 32, "T-%09llu",
                 (unsigned long long)(i * 4999 % on->tubes));
        wf_fact *fact = start(on, 0, "L-1", i + 1, "tube.resulted");
        set(fact, "tube", on->texts[0][0]);
        set(fact, "result", i % 2 == 0 ? "positive" : "negative");
        uint64_t begin = wf_clock_monotonic_ns();
        send(on, 1);
        took_ms[i] = seconds_since(begin) * 1e3;
    }
    qsort(took_ms, asked, sizeof *took_ms, by_size);
    note("fact_to_hole_rows_median", took_ms[asked / 2], "ms");
    note("fact_to_hole_rows_p99", took_ms[asked * 99 / 100], "ms");
}

static bool say_difference(void *context, bool missing, const weft_hole *hole)
{
    (void)context;
    fprintf(stderr, "%s %s %s\n", missing ? "missing" : "extra", hole->kind,
            hole->subject);
    return true;
}

static void evaluate(bench *on, const char *kind, const char *measure)
{
    weft_error error = {0};
    weft_holes_summary summary;
    const weft_holes_query query = {.kind = kind};
    char cpu_measure[64];
    uint64_t begin = wf_clock_monotonic_ns();
    clock_t cpu = clock();
    check(weft_holes_check(on->city, &query, say_difference, NULL, &summary, &error),
          &error);
    snprintf(cpu_measure, sizeof cpu_measure, "%s_cpu", measure);
    note(cpu_measure, cpu_since(cpu), "s");
    note(measure, seconds_since(begin), "s");
}

typedef struct {
    uint64_t taken, most;
} page;

static bool take(void *context, const weft_hole *hole)
{
    page *to = context;
    (void)hole;
    return ++to->taken < to->most;
}

// The first so many of all kinds, due or not.
static void list(bench *on, uint64_t most, const char *measure)
{
    const int times = most == UINT64_MAX ? 1 : 20;
    weft_error error = {0};
    weft_holes_summary summary;
    const weft_holes_query query = {.with_not_due = true};
    char cpu_measure[64];
    page to = {.taken = 0};
    uint64_t begin = wf_clock_monotonic_ns();
    clock_t cpu = clock();
    for (int i = 0; i < times; i++) {
        to = (page){.most = most};
        check(weft_holes(on->city, &query, take, &to, &summary, &error), &error);
    }
    snprintf(cpu_measure, sizeof cpu_measure, "%s_cpu", measure);
    note(cpu_measure, cpu_since(cpu) / times * 1e3, "ms");
    note(measure, seconds_since(begin) / times * 1e3, "ms");
    if (most == UINT64_MAX)
        note("holes", (double)to.taken, "rows");
}

int main(int count, char **arguments)
{
    static bench on;
    weft_error error = {0};
    if (count < 2) {
        fprintf(stderr, "holes_bench FOLDER [PEOPLE] [TUBES]\n");
        return 2;
    }
    on.people = count > 2 ? strtoull(arguments[2], NULL, 10) : 1285000;
    on.tubes = count > 3 ? strtoull(arguments[3], NULL, 10) : 200000;
    on.at = (weft_time){INT64_C(1639267200) * WF_US_PER_S};
    weft_init_options how = {.kind = WEFT_CITY_DRILL};
    bool is_new = weft_city_init(arguments[1], &how, &error) == WEFT_OK;
    if (!is_new && strcmp(error.code, "city.not_empty") != 0)
        check(WEFT_STORAGE, &error);
    check(weft_city_open(arguments[1], NULL, &on.city, &error), &error);
    if (is_new) {
        register_people(&on);
        seal_tubes(&on);
        wait_for_holes(&on);
    }
    list(&on, 500, "list_500");
    list(&on, UINT64_MAX, "list_all");
    evaluate(&on, "register/same_person", "full_check_same_person");
    evaluate(&on, "testing/tube_no_result", "full_check_tube_no_result");
    evaluate(&on, NULL, "full_check_all_rules");
    weft_city_close(on.city);
    return 0;
}
