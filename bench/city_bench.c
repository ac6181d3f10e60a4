// Measures a city's folder in process and prints a JSON line each:
//   {"measure":"open","ours":1.9,"unit":"s"}
//
//   city_bench DIR
//
// open: the folder, as every verb opens it. The first look-ups read and unseal the days
// they need; source_50 asks for what the city's cases share.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/status.h"
#include "weft/lookup.h"

enum { runs = 5 };

static void must(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "city_bench: %s\n", error->code != NULL ? error->code : "failed");
    exit(1);
}

static double ms_since(uint64_t began)
{
    return (double)(wf_clock_monotonic_ns() - began) / 1e6;
}

static void print(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static bool take_place(void *context, const weft_shared_place *row)
{
    (void)row;
    ++*(uint64_t *)context;
    return true;
}

static bool take_contact(void *context, const weft_contact *row)
{
    (void)row;
    ++*(uint64_t *)context;
    return true;
}

// The first run reads the days from disk, the median of the others is warm.
static void measure_source(weft_city *city)
{
    double times[runs];
    weft_error error = {0};
    weft_source_summary summary;
    uint64_t places = 0;
    for (int run = 0; run < runs; run++) {
        places = 0;
        uint64_t began = wf_clock_monotonic_ns();
        must(weft_source(city, NULL, 0, take_place, &places, &summary, &error), &error);
        times[run] = ms_since(began);
    }
    double first = times[0];
    qsort(times + 1, runs - 1, sizeof times[0], compare_doubles);
    print("source_50_first_touch", first, "ms");
    print("source_50", times[1 + (runs - 1) / 2], "ms");
    print("source_50_cases", (double)summary.cases, "cases");
    print("source_50_places", (double)places, "places");
}

static void measure_contacts(weft_city *city, const char *case_id)
{
    double times[runs];
    weft_error error = {0};
    uint64_t got = 0;
    weft_contacts_query query = {.case_id = case_id, .generations = 1, .limit = 100};
    weft_contacts_rows rows = {.contact = take_contact, .context = &got};
    weft_contacts_summary summary;
    for (int run = 0; run < runs; run++) {
        uint64_t began = wf_clock_monotonic_ns();
        must(weft_contacts(city, &query, &rows, &summary, &error), &error);
        times[run] = ms_since(began);
    }
    double first = times[0];
    qsort(times + 1, runs - 1, sizeof times[0], compare_doubles);
    print("contacts_first_touch", first, "ms");
    print("contacts", times[1 + (runs - 1) / 2], "ms");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: city_bench DIR\n", stderr);
        return 2;
    }
    weft_city *city = NULL;
    weft_error error = {0};
    weft_key_options keys = {0};
    uint64_t began = wf_clock_monotonic_ns();
    must(weft_city_open(argv[1], &keys, &city, &error), &error);
    print("open", ms_since(began) / 1000, "s");
    measure_contacts(city, "C-0001");
    measure_source(city);
    weft_city_close(city);
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        print("peak_memory", (double)used.ru_maxrss / 1024, "MB");
    return 0;
}
