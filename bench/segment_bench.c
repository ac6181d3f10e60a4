// Measures the packed layout of a day against a plain one of 8 + 8 bytes a visit: bytes
// a visit, packing, opening, sealing, and the time to find whom a person met.
//
//   build/bench/segment_bench [people, 1000000] [threads]
//
// The day is invented: households of neighbouring numbers, workplaces, classes, shops and
// some hubs of thousands; seats and guessed ends where they are likely.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pages.h"
#include "base/parallel.h"
#include "base/prng.h"
#include "keys/key.h"
#include "visits/day_file.h"

// Up to whole_most visits a block is read whole, as the look-ups do.
enum { day_number = 18972, cases = 20000, rounds = 9, whole_most = 400 };

// ---- the day ----

typedef struct {
    wf_visit_row *rows;
    size_t count, room;
    uint32_t people, places;
    uint32_t workplaces, classes, shops, hubs; // first numbers
} city;

static void add(city *c, uint32_t person, uint32_t place, uint32_t start, uint32_t end,
                uint32_t seat, uint32_t marks)
{
    if (c->count == c->room)
        abort();
    c->rows[c->count++] = (wf_visit_row){.person = person,
                                         .place = place,
                                         .start = (uint16_t)start,
                                         .end = (uint16_t)end,
                                         .seat = seat,
                                         .marks = (uint8_t)marks};
}

static uint32_t somewhere(wf_prng *prng, uint32_t first, uint32_t end)
{
    return first + wf_prng_below(prng, end - first);
}

// One errand: a shop, at times a restaurant with a table, at times a hub.
static void errand(city *c, wf_prng *prng, uint32_t person, uint32_t start)
{
    uint32_t stay = 5 + wf_prng_below(prng, 60), kind = wf_prng_below(prng, 100);
    uint32_t end = start + stay < 1440 ? start + stay : 1440;
    uint32_t guessed = wf_prng_below(prng, 50) == 0 ? WF_MARK_END_GUESSED : 0;
    if (kind < 9) {
        // The greater the rank the fewer go there.
        double rank = (double)(wf_prng_u64(prng) >> 11) * 0x1.0p-53; // in [0, 1)
        uint32_t hubs = c->places - c->hubs;
        uint32_t hub = c->hubs + (uint32_t)(rank * rank * hubs);
        if (kind < 3)
            end = start + 300 < 1440 ? start + 300 : 1440;
        add(c, person, hub, start, end, 0, guessed);
    } else {
        uint32_t shop = somewhere(prng, c->shops, c->hubs);
        uint32_t seat = shop % 6 == 0 ? 1 + wf_prng_below(prng, 40) : 0;
        add(c, person, shop, start, end, seat, guessed);
    }
}

static void live(city *c, wf_prng *prng, uint32_t person, uint32_t home)
{
    uint32_t leaves = 400 + wf_prng_below(prng, 200);
    uint32_t returns = 1000 + wf_prng_below(prng, 240);
    uint32_t kind = wf_prng_below(prng, 100);
    add(c, person, home, 0, leaves, 0, WF_MARK_FROM_BEFORE);
    if (kind < 45)
        add(c, person, somewhere(prng, c->workplaces, c->classes), leaves + 20,
            leaves + 400 + wf_prng_below(prng, 160), 0, 0);
    else if (kind < 62)
        add(c, person, somewhere(prng, c->classes, c->shops), leaves + 15, leaves + 390,
            0, 0);
    else
        errand(c, prng, person, leaves + 20 + wf_prng_below(prng, 300));
    uint32_t errands = wf_prng_below(prng, 100) < 70 ? 1 : 0;
    for (uint32_t i = 0; i < errands; i++)
        errand(c, prng, person, returns - 60);
    add(c, person, home, returns, 1440, 0, WF_MARK_INTO_NEXT);
}

static city city_new(uint32_t people)
{
    city c = {.people = people, .room = (size_t)people * 5};
    wf_prng prng = wf_prng_new(7);
    c.workplaces = people * 10 / 26 + 1;
    c.classes = c.workplaces + people * 45 / 100 / 12 + 1;
    c.shops = c.classes + people * 17 / 100 / 40 + 1;
    c.hubs = c.shops + people / 80 + 1;
    c.places = c.hubs + people / 8000 + 1;
    c.rows = wf_pages_new(c.room * sizeof *c.rows);
    if (c.rows == NULL)
        abort();
    uint32_t home = 0;
    for (uint32_t person = 0; person < people; home++) {
        uint32_t size = 1 + wf_prng_below(&prng, 4);
        if (home + 1 >= c.workplaces)
            home = 0;
        for (uint32_t i = 0; i < size && person < people; i++, person++)
            live(&c, &prng, person, home);
    }
    return c;
}

// ---- the plain layout: 8 bytes a visit in both orders, 4 bytes a place and person ----

typedef struct {
    uint64_t *by_place;  // start 11 | length 11 | person 24, by start
    uint64_t *by_person; // start 11 | length 11 | place 24, by start
    uint32_t *place_ends, *person_ends;
    size_t bytes;
} plain_day;

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void *memory(size_t size)
{
    void *pages = wf_pages_new(size);
    if (pages == NULL)
        abort();
    return pages;
}

static uint64_t plain_row(const wf_visit_row *row, uint32_t who)
{
    return (uint64_t)row->start << 35 | (uint64_t)(row->end - row->start) << 24 | who;
}

static void plain_order(const city *c, bool by_place, uint32_t numbers, uint64_t *rows,
                        uint32_t *ends)
{
    for (size_t i = 0; i < c->count; i++)
        ends[by_place ? c->rows[i].place : c->rows[i].person]++;
    uint32_t at = 0;
    for (uint32_t i = 0; i < numbers; i++) {
        uint32_t count = ends[i];
        ends[i] = at;
        at += count;
    }
    for (size_t i = 0; i < c->count; i++) {
        const wf_visit_row *row = &c->rows[i];
        uint32_t number = by_place ? row->place : row->person;
        rows[ends[number]++] = plain_row(row, by_place ? row->person : row->place);
    }
    for (uint32_t i = 0; i < numbers; i++) {
        uint32_t first = i == 0 ? 0 : ends[i - 1];
        qsort(rows + first, ends[i] - first, sizeof *rows, compare_u64);
    }
}

static plain_day plain_new(const city *c)
{
    plain_day day;
    day.by_place = memory(c->count * 8);
    day.by_person = memory(c->count * 8);
    day.place_ends = memory((size_t)c->places * 4);
    day.person_ends = memory((size_t)c->people * 4);
    day.bytes = 16 * c->count + 4 * ((size_t)c->places + c->people);
    plain_order(c, true, c->places, day.by_place, day.place_ends);
    plain_order(c, false, c->people, day.by_person, day.person_ends);
    return day;
}

// ---- the question: with whom was this person, and how long in all ----

typedef struct {
    uint64_t rows, minutes;
} answer;

static void plain_place(const plain_day *day, uint32_t place, uint32_t from, uint32_t to,
                        uint32_t person, answer *ret)
{
    uint32_t first = place == 0 ? 0 : day->place_ends[place - 1];
    for (uint32_t i = first; i < day->place_ends[place]; i++) {
        uint64_t row = day->by_place[i];
        uint32_t start = (uint32_t)(row >> 35), end = start + (row >> 24 & 2047);
        if (start >= to)
            break;
        if (end <= from || (row & 0xFFFFFF) == person)
            continue;
        ret->rows++;
        ret->minutes += (end < to ? end : to) - (start > from ? start : from);
    }
}

static answer plain_contacts(const plain_day *day, uint32_t person)
{
    answer ret = {0};
    uint32_t first = person == 0 ? 0 : day->person_ends[person - 1];
    for (uint32_t i = first; i < day->person_ends[person]; i++) {
        uint64_t row = day->by_person[i];
        uint32_t start = (uint32_t)(row >> 35);
        plain_place(day, (uint32_t)(row & 0xFFFFFF), start,
                    start + (uint32_t)(row >> 24 & 2047), person, &ret);
    }
    return ret;
}

// Lists of a question, used again.
typedef struct {
    uint32_t *places;
    size_t places_count, places_capacity;
    wf_stop_list stops;
    wf_stay_list stays;
} lists;

static void meet(const wf_stay_list *stays, uint32_t person, uint32_t from, uint32_t to,
                 answer *ret)
{
    for (size_t i = 0; i < stays->count; i++) {
        wf_stay stay = stays->rows[i];
        uint32_t first = stay.start > from ? stay.start : from;
        uint32_t last = stay.end < to ? stay.end : to;
        bool counts = (first < last) & (stay.person.number != person);
        ret->rows += counts;
        ret->minutes += counts ? last - first : 0;
    }
}

// A hub: only what overlaps the person's stays there.
static void meet_at_hub(const wf_day *day, wf_place place, uint32_t person, lists *use,
                        answer *ret)
{
    use->stops.count = 0;
    if (wf_day_person_stops(day, (wf_person){person}, &use->stops) != WEFT_OK)
        abort();
    for (size_t i = 0; i < use->stops.count; i++) {
        wf_stop stop = use->stops.rows[i];
        if (stop.place.number != place.number)
            continue;
        use->stays.count = 0;
        if (wf_day_place_stays(day, place, stop.start, stop.end, &use->stays) != WEFT_OK)
            abort();
        meet(&use->stays, person, stop.start, stop.end, ret);
    }
}

// As src/trace/plain_first.c reads the first ring: the person's places, their blocks at
// once, the person's own times out of them.
static answer packed_contacts(const wf_day *day, uint32_t person, lists *use)
{
    answer ret = {0};
    use->places_count = 0;
    if (wf_day_person_places(day, (wf_person){person}, &use->places, &use->places_count,
                             &use->places_capacity) != WEFT_OK)
        abort();
    wf_day_prefetch(day, use->places, use->places_count);
    for (size_t i = 0; i < use->places_count; i++) {
        wf_place place = {use->places[i]};
        uint32_t visits = 0;
        use->stays.count = 0;
        if (wf_day_place_whole(day, place, whole_most, &use->stays, &visits) != WEFT_OK)
            abort();
        if (visits > whole_most) {
            meet_at_hub(day, place, person, use, &ret);
            continue;
        }
        for (size_t j = 0; j < use->stays.count; j++) {
            wf_stay own = use->stays.rows[j];
            if (own.person.number == person)
                meet(&use->stays, person, own.start, own.end, &ret);
        }
    }
    return ret;
}

// ---- measuring ----

static double seconds_since(uint64_t start)
{
    return (double)(wf_clock_monotonic_ns() - start) / 1e9;
}

static void check(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s\n", error->code);
    exit(1);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Microseconds of each case: the best of all rounds, since others use the processor.
typedef struct {
    const char *name;
    double times[cases];
    answer sum;
} asked_layout;

static void take_time(asked_layout *of, size_t at, unsigned round, uint64_t began,
                      answer one)
{
    double time = seconds_since(began) * 1e6;
    if (round == 0 || time < of->times[at])
        of->times[at] = time;
    of->sum.rows += one.rows;
    of->sum.minutes += one.minutes;
}

static void print_times(asked_layout *of, double *ret_median, double *ret_mean)
{
    double all = 0;
    for (size_t i = 0; i < cases; i++)
        all += of->times[i];
    qsort(of->times, cases, sizeof *of->times, compare_doubles);
    *ret_median = of->times[cases / 2];
    *ret_mean = all / cases;
    printf("contacts, %-6s  median %6.2f us  mean %7.2f us  (%.0f rows a case)\n",
           of->name, *ret_median, *ret_mean, (double)of->sum.rows / cases / rounds);
}

// The same people of both layouts, in batches in turn.
static void ask_all(const city *c, const wf_day *day, const plain_day *plain)
{
    enum { batch = 500 };
    static asked_layout packed = {.name = "packed"}, flat = {.name = "plain"};
    lists use = {0};
    for (unsigned round = 0; round < rounds; round++) {
        wf_prng prng = wf_prng_new(11);
        for (size_t from = 0; from < cases; from += batch) {
            uint32_t people[batch];
            for (size_t i = 0; i < batch; i++)
                people[i] = wf_prng_below(&prng, c->people);
            for (size_t i = 0; i < batch; i++) {
                uint64_t began = wf_clock_monotonic_ns();
                answer one = packed_contacts(day, people[i], &use);
                take_time(&packed, from + i, round, began, one);
            }
            for (size_t i = 0; i < batch; i++) {
                uint64_t began = wf_clock_monotonic_ns();
                answer one = plain_contacts(plain, people[i]);
                take_time(&flat, from + i, round, began, one);
            }
        }
    }
    if (packed.sum.rows != flat.sum.rows || packed.sum.minutes != flat.sum.minutes)
        abort();
    double median[2], mean[2];
    print_times(&packed, &median[0], &mean[0]);
    print_times(&flat, &median[1], &mean[1]);
    printf("packed against plain: median %.2fx, mean %.2fx\n", median[0] / median[1],
           mean[0] / mean[1]);
    free(use.places);
    wf_stop_list_done(&use.stops);
    wf_stay_list_done(&use.stays);
}

static void scan_all(const city *c, const wf_day *day, const plain_day *plain)
{
    wf_stay_list stays = {0};
    uint64_t sum = 0, other = 0;
    uint64_t start = wf_clock_monotonic_ns();
    for (uint32_t place = 0; place < c->places; place++) {
        stays.count = 0;
        if (wf_day_place_stays(day, (wf_place){place}, 0, 1440, &stays) != WEFT_OK)
            abort();
        for (size_t i = 0; i < stays.count; i++)
            sum += stays.rows[i].person.number + stays.rows[i].end;
    }
    double packed = seconds_since(start);
    start = wf_clock_monotonic_ns();
    for (uint32_t place = 0; place < c->places; place++) {
        stays.count = 0;
        uint32_t first = place == 0 ? 0 : plain->place_ends[place - 1];
        for (uint32_t i = first; i < plain->place_ends[place]; i++) {
            uint64_t row = plain->by_place[i];
            other += (row & 0xFFFFFF) + (row >> 35) + (row >> 24 & 2047);
        }
    }
    double flat = seconds_since(start);
    if (sum != other)
        abort();
    printf("all places scanned: packed %.2f ns a row, plain %.2f ns a row\n",
           packed * 1e9 / (double)c->count, flat * 1e9 / (double)c->count);
    wf_stay_list_done(&stays);
}

static wf_segment *pack_and_open(wf_segment_rows *rows, unsigned threads)
{
    static const wf_key key = {{1}};
    wf_segment_bytes bytes = {0}, back = {0};
    weft_error error = {0};
    for (unsigned i = 1; i <= threads; i++) {
        wf_segment_bytes_done(&bytes);
        uint64_t start = wf_clock_monotonic_ns();
        check(wf_segment_pack(rows, i, &bytes, &error), &error);
        double seconds = seconds_since(start);
        printf("packing, %u threads: %.3f s, %.1f M visits/s\n", i, seconds,
               (double)rows->visits_count / seconds / 1e6);
    }
    const char *path = "segment_bench.day";
    wf_day_file_hash hash;
    uint64_t size;
    wf_text content = {(char *)bytes.bytes, bytes.size};
    uint64_t start = wf_clock_monotonic_ns();
    check(wf_day_file_write(&wf_io_posix, path, &key, rows->day, 1, content, threads,
                            &hash, &size, &error),
          &error);
    printf("sealed file: %.2f bytes a visit, written and synced in %.3f s\n",
           (double)size / (double)rows->visits_count, seconds_since(start));
    start = wf_clock_monotonic_ns();
    check(wf_day_file_read(&wf_io_posix, path, &key, rows->day, 1, &hash, threads, &back,
                           &error),
          &error);
    double unsealed = seconds_since(start);
    wf_segment *segment = NULL;
    start = wf_clock_monotonic_ns();
    check(wf_segment_open(&back, threads, &segment, &error), &error);
    double checked = seconds_since(start);
    double megabytes = (double)bytes.size / 1e6;
    printf("opening: unsealed in %.3f s, checked in %.3f s (%.0f MB/s); together %.0f "
           "MB/s\n",
           unsealed, checked, megabytes / checked, megabytes / (unsealed + checked));
    WF_IGNORE(wf_io_posix.unlink(&wf_io_posix, path), "a leftover harms nobody");
    wf_segment_bytes_done(&bytes);
    return segment;
}

int main(int argc, char **argv)
{
    int64_t people = 1000000, threads = (int64_t)wf_parallel_threads();
    if ((argc > 1 && !wf_parse_i64(wf_text_of(argv[1]), 100, 15000000, &people)) ||
        (argc > 2 && !wf_parse_i64(wf_text_of(argv[2]), 1, 64, &threads))) {
        fprintf(stderr, "segment_bench [people] [threads]\n");
        return 2;
    }
    city c = city_new((uint32_t)people);
    wf_text seats[41];
    static char names[41][8];
    for (size_t i = 0; i < 41; i++) {
        int size = snprintf(names[i], sizeof names[i], "%zu", i);
        seats[i] = (wf_text){names[i], i == 0 ? 0 : (size_t)size};
    }
    wf_segment_rows rows = {.day.number = day_number,
                            .visits = c.rows,
                            .visits_count = c.count,
                            .seats = seats,
                            .seats_count = 41};
    printf("%zu visits, %u people, %u places\n", c.count, c.people, c.places);
    wf_segment *segment = pack_and_open(&rows, (unsigned)threads);
    wf_day *day = NULL;
    weft_error error = {0};
    check(wf_day_open(&segment, 1, &day, &error), &error);
    plain_day plain = plain_new(&c);
    printf("bytes a visit: packed %.2f, plain %.2f\n",
           (double)wf_day_bytes(day) / (double)c.count,
           (double)plain.bytes / (double)c.count);
    ask_all(&c, day, &plain);
    scan_all(&c, day, &plain);
    wf_day_close(day);
    return 0;
}
