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

enum { day_number = 18972, cases = 20000 };

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
        double rank = wf_prng_unit(prng);
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

static answer packed_contacts(const wf_day *day, uint32_t person, wf_stop_list *stops,
                              wf_stay_list *stays)
{
    answer ret = {0};
    stops->count = 0;
    if (wf_day_person_stops(day, (wf_person){person}, stops) != WEFT_OK)
        abort();
    for (size_t i = 0; i < stops->count; i++) {
        wf_stop stop = stops->rows[i];
        stays->count = 0;
        if (wf_day_place_stays(day, stop.place, stop.start, stop.end, stays) != WEFT_OK)
            abort();
        for (size_t j = 0; j < stays->count; j++) {
            wf_stay stay = stays->rows[j];
            if (stay.person.number == person)
                continue;
            uint32_t from = stay.start > stop.start ? stay.start : stop.start;
            uint32_t to = stay.end < stop.end ? stay.end : stop.end;
            ret.rows++;
            ret.minutes += to - from;
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

// Mean and median of a case in microseconds, and the sum of all answers.
static answer ask_all(const city *c, const wf_day *day, const plain_day *plain,
                      const char *name)
{
    static double times[cases];
    answer sum = {0};
    wf_stop_list stops = {0};
    wf_stay_list stays = {0};
    wf_prng prng = wf_prng_new(11);
    double all = 0;
    for (size_t i = 0; i < cases; i++) {
        uint32_t person = wf_prng_below(&prng, c->people);
        uint64_t start = wf_clock_monotonic_ns();
        answer one = day != NULL ? packed_contacts(day, person, &stops, &stays)
                                 : plain_contacts(plain, person);
        times[i] = seconds_since(start) * 1e6;
        all += times[i];
        sum.rows += one.rows;
        sum.minutes += one.minutes;
    }
    qsort(times, cases, sizeof *times, compare_doubles);
    printf("contacts, %-6s  median %6.2f us  mean %7.2f us  (%.0f rows a case)\n", name,
           times[cases / 2], all / cases, (double)sum.rows / cases);
    wf_stop_list_done(&stops);
    wf_stay_list_done(&stays);
    return sum;
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
    for (unsigned i = 0; i < 2; i++) {
        answer a = ask_all(&c, day, NULL, "packed");
        answer b = ask_all(&c, NULL, &plain, "plain");
        if (a.rows != b.rows || a.minutes != b.minutes)
            abort();
        scan_all(&c, day, &plain);
    }
    wf_day_close(day);
    return 0;
}
