#include "city/outbreak.h"

#include <stdlib.h>
#include <string.h>

enum {
    first_cases = 8,
    lunch_from = 735, // everyone who is there from 12:15 to 12:30 is at the lunch
    lunch_to = 750,
    lunch_guests = 40, // the lunch with about so many guests is taken
    lunches_watched = 64,
    infected_by_one_max = 4, // later ones; the lunch is the exception
    infected_at_one_max = 3, // place, households apart
    carriers_max = WF_CASES_MAX * WF_PLAN_STOPS_MAX,
    stream_outbreak = 77
};

weft_status wf_outbreak_init(wf_town *town, wf_outbreak *ret, weft_error *error)
{
    for (size_t i = 0; i < town->isolations_count; i++)
        town->residents[town->isolations[i].person].is_case = false;
    town->isolations_count = 0;
    wf_outbreak outbreak = {.town = town};
    outbreak.watched = calloc(town->places_count / 64 + 1, sizeof(uint64_t));
    outbreak.carriers = calloc(carriers_max, sizeof outbreak.carriers[0]);
    if (outbreak.watched == NULL || outbreak.carriers == NULL) {
        wf_outbreak_done(&outbreak);
        return wf_fail_memory(error);
    }
    uint32_t wanted = town->options.people / 20;
    uint32_t days = town->options.days;
    outbreak.cases_wanted = wanted < WF_CASES_MAX ? wanted : WF_CASES_MAX;
    outbreak.first_day = days > 11 ? days - 11 : 0;
    outbreak.last_day = days > 4 ? days - 4 : 0;
    if (outbreak.last_day < outbreak.first_day)
        outbreak.last_day = outbreak.first_day;
    *ret = outbreak;
    return WEFT_OK;
}

void wf_outbreak_done(wf_outbreak *outbreak)
{
    free(outbreak->watched);
    free(outbreak->carriers);
    *outbreak = (wf_outbreak){0};
}

static void watch(wf_outbreak *outbreak, wf_spot spot)
{
    uint32_t place = wf_spot_number(outbreak->town, spot);
    outbreak->watched[place / 64] |= UINT64_C(1) << (place % 64);
}

static bool is_infectious(const wf_town_case *one, uint32_t day)
{
    int32_t from = one->onset >= 0 ? one->onset / WF_DAY_MINUTES - 2
                                   : one->infected / WF_DAY_MINUTES + 2;
    int32_t latent = one->infected / WF_DAY_MINUTES + 1;
    from = from > latent ? from : latent;
    return (int32_t)day >= from && (int32_t)day <= one->isolated / WF_DAY_MINUTES;
}

static void watch_carriers(wf_outbreak *outbreak, uint32_t day)
{
    outbreak->carriers_count = 0;
    for (uint32_t i = 0; i < outbreak->cases_count; i++) {
        if (!is_infectious(&outbreak->cases[i], day))
            continue;
        wf_town_stop stops[WF_PLAN_STOPS_MAX];
        size_t count = wf_plan_day(outbreak->town, outbreak->cases[i].person, day, stops);
        for (size_t k = 0; k < count; k++) {
            if (stops[k].spot.kind == WF_PLACE_ISOLATION)
                continue;
            watch(outbreak, stops[k].spot);
            outbreak->carriers[outbreak->carriers_count++] = (wf_seen_stop){i, stops[k]};
        }
    }
}

void wf_outbreak_begin_day(wf_outbreak *outbreak, uint32_t day)
{
    const wf_town *town = outbreak->town;
    memset(outbreak->watched, 0, (town->places_count / 64 + 1) * sizeof(uint64_t));
    outbreak->carriers_count = 0;
    if (day == outbreak->first_day) {
        uint32_t count = town->kind_count[WF_PLACE_RESTAURANT];
        for (uint32_t rank = 0; rank < count && rank < lunches_watched; rank++) {
            uint32_t index = wf_popular_place(town, WF_PLACE_RESTAURANT, rank);
            watch(outbreak, (wf_spot){index, WF_PLACE_RESTAURANT});
        }
    } else if (day > outbreak->first_day && day <= outbreak->last_day) {
        watch_carriers(outbreak, day);
    }
}

// ---- the course of a case ----

static int32_t between(wf_prng *dice, int32_t low, int32_t high)
{
    return low + (int32_t)wf_prng_below(dice, (uint32_t)(high - low + 1));
}

// Minute `minute` of a day, the last day when it would be later.
static int32_t minute_of(const wf_outbreak *outbreak, int32_t day, int32_t minute)
{
    int32_t last = (int32_t)outbreak->town->options.days - 1;
    return (day < last ? day : last) * WF_DAY_MINUTES + minute;
}

// Onset two to four days after infection, sample a day later, report the evening of the
// sample, isolation after the report; whatever would lie beyond the last day is drawn
// together on it, in this order.
static wf_town_case course(const wf_outbreak *outbreak, uint32_t person, int32_t infected,
                           wf_prng *dice)
{
    wf_town_case one = {.person = person, .infector = UINT32_MAX, .infected = infected};
    int32_t day = infected / WF_DAY_MINUTES;
    int32_t onset_day = day + 2 + between(dice, 0, 2);
    int32_t last = (int32_t)outbreak->town->options.days - 1;
    int32_t sampled_day = onset_day + between(dice, 1, 2);
    one.onset = minute_of(outbreak, onset_day, between(dice, 360, 500));
    if (one.onset <= infected) // a very short city: no time for an onset
        one.onset = -1;
    if (wf_prng_below(dice, 100) < 14)
        one.onset = -1;
    one.sampled = minute_of(outbreak, sampled_day, between(dice, 540, 720));
    one.reported = one.sampled + between(dice, 240, 420);
    one.isolated = one.reported + between(dice, 30, 180);
    if (last < day + 2) // it cannot be isolated within such a short city
        one.isolated = -1;
    one.fever = wf_prng_below(dice, 100) < 60;
    return one;
}

static void add_case(wf_outbreak *outbreak, wf_town_case one)
{
    wf_town *town = outbreak->town;
    outbreak->cases[outbreak->cases_count++] = one;
    if (one.isolated < 0)
        return;
    town->residents[one.person].is_case = true;
    town->isolations[town->isolations_count++] =
        (wf_isolation){one.person, (uint32_t)(one.isolated / WF_DAY_MINUTES),
                       one.isolated % WF_DAY_MINUTES};
}

static bool is_known(const wf_outbreak *outbreak, uint32_t person)
{
    for (uint32_t i = 0; i < outbreak->cases_count; i++)
        if (outbreak->cases[i].person == person)
            return true;
    return false;
}

// ---- the lunch ----

static bool at_lunch(const wf_seen_stop *seen)
{
    return seen->stop.start <= lunch_from && seen->stop.end >= lunch_to;
}

static uint32_t guests_of(const wf_seen_stop *seen, size_t count, uint32_t index)
{
    uint32_t guests = 0;
    for (size_t i = 0; i < count; i++)
        if (seen[i].stop.spot.index == index && at_lunch(&seen[i]))
            guests++;
    return guests;
}

// The watched restaurant with about as many guests as wanted, and no fewer than the
// first cases if any has so many.
static uint32_t choose_lunch(const wf_outbreak *outbreak, const wf_seen_stop *seen,
                             size_t count, uint32_t *ret_guests)
{
    const wf_town *town = outbreak->town;
    uint32_t restaurants = town->kind_count[WF_PLACE_RESTAURANT];
    uint32_t best = 0;
    uint32_t best_guests = 0;
    for (uint32_t rank = 0; rank < restaurants && rank < lunches_watched; rank++) {
        uint32_t index = wf_popular_place(town, WF_PLACE_RESTAURANT, rank);
        uint32_t guests = guests_of(seen, count, index);
        bool nearer = best_guests < lunch_guests
                          ? guests > best_guests
                          : guests >= lunch_guests && guests < best_guests;
        if (nearer) {
            best = index;
            best_guests = guests;
        }
    }
    *ret_guests = best_guests;
    return best;
}

static void have_lunch(wf_outbreak *outbreak, const wf_seen_stop *seen, size_t count,
                       wf_prng *dice)
{
    uint32_t guests = 0;
    uint32_t index = choose_lunch(outbreak, seen, count, &guests);
    uint32_t wanted =
        first_cases < outbreak->cases_wanted ? first_cases : outbreak->cases_wanted;
    int32_t base = (int32_t)outbreak->first_day * WF_DAY_MINUTES;
    uint32_t left = guests;
    for (size_t i = 0; i < count && outbreak->cases_count < wanted; i++) {
        if (seen[i].stop.spot.index != index || !at_lunch(&seen[i]))
            continue;
        // Each guest with the chance that fills the number (selection sampling).
        if (wf_prng_below(dice, left--) >= wanted - outbreak->cases_count)
            continue;
        int32_t minute = between(dice, lunch_from, lunch_to - 1);
        wf_town_case one = course(outbreak, seen[i].person, base + minute, dice);
        if (outbreak->cases_count > 0) {
            one.infector = 0;
            one.place = seen[i].stop.spot;
        }
        add_case(outbreak, one);
    }
}

// ---- later infections ----

// Two people at one place at one time, one of them infectious.
typedef struct {
    uint32_t person;
    uint32_t infector; // index of the case
    wf_spot place;
    int32_t from, to; // minutes of the day
    uint32_t weight;
} meeting;

static uint32_t weight_of(const wf_town_stop *a, const wf_town_stop *b, int32_t minutes)
{
    static const uint8_t kinds[WF_PLACE_KIND_COUNT] = {
        [WF_PLACE_HOUSEHOLD] = 30,    [WF_PLACE_ROOM] = 10,
        [WF_PLACE_CLASS] = 6,         [WF_PLACE_OFFICE] = 4,
        [WF_PLACE_CANTEEN] = 4,       [WF_PLACE_SHOP] = 4,
        [WF_PLACE_MARKET] = 3,        [WF_PLACE_RESTAURANT] = 6,
        [WF_PLACE_ENTERTAINMENT] = 6, [WF_PLACE_BUS] = 8,
        [WF_PLACE_COACH] = 8,         [WF_PLACE_TRAIN] = 2,
        [WF_PLACE_AIRCRAFT] = 2,      [WF_PLACE_SHIP] = 2,
        [WF_PLACE_LIFT] = 20,         [WF_PLACE_HALL] = 1,
        [WF_PLACE_CLINIC] = 6,        [WF_PLACE_OTHER] = 2,
    };
    bool same_seat = a->seat.kind != WF_SEAT_NONE && a->seat.kind == b->seat.kind &&
                     a->seat.carriage == b->seat.carriage &&
                     a->seat.number == b->seat.number;
    // A long stay together is not worth more than four hours.
    uint32_t counted = (uint32_t)(minutes < 240 ? minutes : 240);
    return counted * kinds[a->spot.kind] * (same_seat ? 10 : 1);
}

// The meetings of the day; *ret is the caller's to free.
static weft_status find_meetings(const wf_outbreak *outbreak, const wf_seen_stop *seen,
                                 size_t count, meeting **ret, size_t *ret_count,
                                 weft_error *error)
{
    meeting *all = NULL;
    size_t used = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < outbreak->carriers_count; k++) {
            const wf_seen_stop *carrier = &outbreak->carriers[k];
            const wf_town_stop *stop = &seen[i].stop;
            if (stop->spot.kind != carrier->stop.spot.kind ||
                stop->spot.index != carrier->stop.spot.index)
                continue;
            int32_t from =
                stop->start > carrier->stop.start ? stop->start : carrier->stop.start;
            int32_t to = stop->end < carrier->stop.end ? stop->end : carrier->stop.end;
            uint32_t weight = from < to ? weight_of(stop, &carrier->stop, to - from) : 0;
            if (weight == 0 || is_known(outbreak, seen[i].person))
                continue;
            if (used == capacity) {
                capacity = capacity == 0 ? 1024 : capacity * 2;
                meeting *grown = realloc(all, capacity * sizeof *all);
                if (grown == NULL) {
                    free(all);
                    return wf_fail_memory(error);
                }
                all = grown;
            }
            all[used++] =
                (meeting){seen[i].person, carrier->person, stop->spot, from, to, weight};
        }
    }
    *ret = all;
    *ret_count = used;
    return WEFT_OK;
}

// Draws one meeting by weight and takes all meetings of that person out.
static bool draw(meeting *all, size_t count, wf_prng *dice, meeting *ret)
{
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += all[i].weight;
    if (total == 0)
        return false;
    uint64_t at = wf_prng_u64(dice) % total;
    size_t drawn = 0;
    while (at >= all[drawn].weight)
        at -= all[drawn++].weight;
    *ret = all[drawn];
    for (size_t i = 0; i < count; i++)
        if (all[i].person == ret->person)
            all[i].weight = 0;
    return true;
}

// No case and no place but the lunch makes an outbreak of its own: it would hide the
// common source.
static bool is_enough(const wf_outbreak *outbreak, const meeting *one)
{
    uint32_t by_one = 0;
    uint32_t at_one = 0;
    for (uint32_t i = 0; i < outbreak->cases_count; i++) {
        const wf_town_case *known = &outbreak->cases[i];
        if (known->infector == UINT32_MAX ||
            known->infected / WF_DAY_MINUTES == (int32_t)outbreak->first_day)
            continue;
        by_one += known->infector == one->infector;
        at_one += known->place.kind == one->place.kind &&
                  known->place.index == one->place.index;
    }
    return by_one >= infected_by_one_max ||
           (one->place.kind != WF_PLACE_HOUSEHOLD && at_one >= infected_at_one_max);
}

static uint32_t wanted_by(const wf_outbreak *outbreak, uint32_t day)
{
    uint32_t wanted = outbreak->cases_wanted;
    uint32_t first = first_cases < wanted ? first_cases : wanted;
    uint32_t span = outbreak->last_day - outbreak->first_day;
    if (day >= outbreak->last_day || span == 0)
        return wanted;
    return first + (wanted - first) * (day - outbreak->first_day) / span;
}

weft_status wf_outbreak_end_day(wf_outbreak *outbreak, uint32_t day,
                                const wf_seen_stop *seen, size_t seen_count,
                                weft_error *error)
{
    wf_prng dice = wf_prng_stream(outbreak->town->options.seed,
                                  ((uint64_t)stream_outbreak << 48) | day);
    if (day == outbreak->first_day) {
        have_lunch(outbreak, seen, seen_count, &dice);
        return WEFT_OK;
    }
    if (day < outbreak->first_day || day > outbreak->last_day)
        return WEFT_OK;
    meeting *meetings = NULL;
    size_t count = 0;
    WF_TRY(find_meetings(outbreak, seen, seen_count, &meetings, &count, error));
    uint32_t wanted = wanted_by(outbreak, day);
    meeting one = {0};
    while (outbreak->cases_count < wanted && draw(meetings, count, &dice, &one)) {
        if (is_enough(outbreak, &one))
            continue;
        int32_t minute = between(&dice, one.from, one.to - 1);
        wf_town_case new_case =
            course(outbreak, one.person, (int32_t)day * WF_DAY_MINUTES + minute, &dice);
        new_case.infector = one.infector;
        new_case.place = one.place;
        add_case(outbreak, new_case);
    }
    free(meetings);
    return WEFT_OK;
}
