#include "city/plan.h"

#include "city/frame.h"

enum {
    latest_end = 1390, // of anything but a night: everyone is in bed before midnight
    guessed_in = 50    // one stay in so many has a guessed end
};

// A day being put together; `cursor` is the minute up to which it is filled.
typedef struct {
    const wf_town *town;
    uint32_t person;
    const wf_resident *resident;
    wf_frame frame;
    wf_town_stop *stops;
    size_t count;
    int32_t cursor;
} planning;

static int32_t between(planning *p, int32_t low, int32_t high)
{
    return low + (int32_t)wf_prng_below(&p->frame.dice, (uint32_t)(high - low + 1));
}

static bool chance(planning *p, uint32_t per_cent)
{
    return wf_prng_below(&p->frame.dice, 100) < per_cent;
}

// Adds a stay; what would end too late, or come before the cursor, is left out.
static void add(planning *p, wf_spot spot, wf_seat seat, int32_t start, int32_t end)
{
    if (start < p->cursor || end <= start || end > latest_end ||
        p->count + 2 >= WF_PLAN_STOPS_MAX)
        return;
    bool guessed = wf_prng_below(&p->frame.dice, guessed_in) == 0;
    p->stops[p->count++] = (wf_town_stop){spot, start, end, seat, guessed};
    p->cursor = end;
}

typedef struct {
    int32_t low, high;
} minutes;

// A stay after a way, both of some minutes. The dice are thrown one after the other here
// and nowhere as arguments: C does not say in which order arguments are computed, and the
// bytes must be the same whatever the compiler.
static void go(planning *p, wf_place_kind kind, minutes way, minutes stay)
{
    wf_spot spot = wf_frame_place(p->town, p->person, kind, &p->frame.dice);
    wf_seat seat = wf_frame_seat(kind, &p->frame.dice);
    int32_t start = p->cursor + between(p, way.low, way.high);
    int32_t length = between(p, stay.low, stay.high);
    add(p, spot, seat, start, start + length);
}

static void home_until(planning *p, int32_t end)
{
    wf_spot home = {p->resident->household, WF_PLACE_HOUSEHOLD};
    int32_t start = p->cursor + between(p, 4, 15);
    if (end - start >= 10)
        add(p, home, (wf_seat){0}, start, end);
}

// The way to work or back: four times in ten a bus that is recorded.
static void commute(planning *p)
{
    if (chance(p, 42))
        go(p, WF_PLACE_BUS, (minutes){3, 10}, (minutes){7, 32});
    p->cursor += between(p, 4, 14);
}

// ---- working days ----

static wf_seat zone_of(const planning *p, uint32_t workers)
{
    if (p->resident->role != WF_PURSUIT_OFFICE || workers < 19)
        return (wf_seat){0};
    uint32_t zones = workers / 12 < 99 ? workers / 12 : 99;
    uint32_t mixed = p->person * 2654435761u;
    return (wf_seat){WF_SEAT_ZONE, 0, (uint8_t)((mixed >> 16) % zones + 1), 0};
}

static void lift(planning *p, uint32_t workers)
{
    if (workers < 30 || !chance(p, 15))
        return;
    uint32_t index = p->resident->anchor % p->town->kind_count[WF_PLACE_LIFT];
    int32_t start = p->cursor + 1;
    add(p, (wf_spot){index, WF_PLACE_LIFT}, (wf_seat){0}, start,
        start + between(p, 1, 2));
}

// The canteen of the workplace or school; false where there is none.
static bool canteen_of(const planning *p, wf_place_kind kind, wf_spot *ret)
{
    uint32_t index = UINT32_MAX;
    if (kind == WF_PLACE_OFFICE)
        index = p->town->offices[p->resident->anchor].canteen;
    else if (kind == WF_PLACE_CLASS)
        index =
            p->town->school_canteen_first + p->resident->anchor / WF_CLASSES_PER_CANTEEN;
    *ret = (wf_spot){index, WF_PLACE_CANTEEN};
    return index != UINT32_MAX;
}

// True when lunch was taken somewhere else, so that a second stay at work follows.
static bool lunch(planning *p, wf_place_kind kind)
{
    wf_spot canteen;
    if (canteen_of(p, kind, &canteen) && chance(p, 72)) {
        wf_seat seat = wf_frame_seat(WF_PLACE_CANTEEN, &p->frame.dice);
        int32_t start = p->cursor + between(p, 2, 6);
        int32_t end = start + between(p, 18, 40);
        add(p, canteen, seat, start, end);
        return true;
    }
    if (p->resident->role == WF_PURSUIT_PUPIL) {
        bool eats_at_home = chance(p, 60);
        if (eats_at_home)
            home_until(p, between(p, 795, 815));
        return eats_at_home;
    }
    if (chance(p, 30)) {
        go(p, WF_PLACE_RESTAURANT, (minutes){4, 10}, (minutes){25, 50});
        return true;
    }
    return false;
}

static int32_t work_end(planning *p, int32_t start)
{
    switch ((wf_pursuit)p->resident->role) {
    case WF_PURSUIT_PUPIL:
        return between(p, 960, 1030);
    case WF_PURSUIT_STUDENT:
        return between(p, 950, 1080);
    case WF_PURSUIT_OFFICE:
    case WF_PURSUIT_TEACHER:
        return between(p, 1030, 1120);
    default: {
        int32_t end = start + between(p, 440, 540);
        return end < latest_end ? end : latest_end;
    }
    }
}

static void work(planning *p)
{
    wf_place_kind kind = WF_PLACE_OFFICE;
    if (!wf_pursuit_kind((wf_pursuit)p->resident->role, &kind))
        return;
    uint32_t workers =
        kind == WF_PLACE_OFFICE ? p->town->offices[p->resident->anchor].workers : 0;
    wf_spot spot = {p->resident->anchor, (uint8_t)kind};
    wf_seat seat = zone_of(p, workers);
    commute(p);
    lift(p, workers);
    int32_t start = p->cursor + between(p, 0, 4);
    int32_t end = work_end(p, start);
    int32_t noon = between(p, 700, 740);
    if (kind == WF_PLACE_BUS || noon - start < 60 || end - noon < 120) {
        add(p, spot, seat, start, end);
        return;
    }
    size_t before = p->count;
    add(p, spot, seat, start, noon);
    if (lunch(p, kind)) {
        int32_t again = p->cursor + between(p, 3, 12);
        add(p, spot, seat, again, end);
    } else if (p->count > before) {
        // Nothing else was recorded: one stay through the day.
        p->stops[p->count - 1].end = end;
        p->cursor = end;
    }
}

// What people do on the way home or in the evening.
static void evening(planning *p)
{
    static const struct {
        uint8_t per_cent, kind, shortest, longest;
    } choices[] = {
        {18, WF_PLACE_SHOP, 4, 25},       {5, WF_PLACE_MARKET, 10, 35},
        {7, WF_PLACE_RESTAURANT, 35, 90}, {2, WF_PLACE_ENTERTAINMENT, 60, 150},
        {3, WF_PLACE_HALL, 15, 70},       {8, WF_PLACE_OPENAIR, 20, 70},
        {1, WF_PLACE_OTHER, 20, 90},
    };
    uint32_t roll = wf_prng_below(&p->frame.dice, 100);
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        if (roll < choices[i].per_cent) {
            go(p, (wf_place_kind)choices[i].kind, (minutes){4, 12},
               (minutes){choices[i].shortest, choices[i].longest});
            return;
        }
        roll -= choices[i].per_cent;
    }
}

// ---- free days and journeys ----

static void errand(planning *p)
{
    static const struct {
        uint8_t per_cent, kind, shortest, longest;
    } choices[] = {
        {28, WF_PLACE_SHOP, 5, 30},           {22, WF_PLACE_MARKET, 12, 45},
        {20, WF_PLACE_OPENAIR, 20, 110},      {8, WF_PLACE_RESTAURANT, 35, 80},
        {6, WF_PLACE_HALL, 20, 120},          {5, WF_PLACE_CLINIC, 20, 100},
        {4, WF_PLACE_ENTERTAINMENT, 60, 180}, {7, WF_PLACE_OTHER, 20, 110},
    };
    if (chance(p, 16))
        go(p, WF_PLACE_BUS, (minutes){3, 10}, (minutes){6, 30});
    uint32_t roll = wf_prng_below(&p->frame.dice, 100);
    size_t i = 0;
    while (i + 1 < sizeof choices / sizeof choices[0] && roll >= choices[i].per_cent)
        roll -= choices[i++].per_cent;
    go(p, (wf_place_kind)choices[i].kind, (minutes){4, 15},
       (minutes){choices[i].shortest, choices[i].longest});
}

static void free_day(planning *p)
{
    const wf_outing *outing = &p->frame.outing;
    if (outing->is_on) {
        add(p, outing->spot, outing->seat, outing->start, outing->start + outing->length);
        return;
    }
    errand(p);
    if (chance(p, 45))
        errand(p);
    if (chance(p, 60)) {
        home_until(p, between(p, 850, 1080));
        errand(p);
    }
}

static wf_place_kind carrier(planning *p)
{
    uint32_t roll = wf_prng_below(&p->frame.dice, 100);
    return roll < 40   ? WF_PLACE_TRAIN
           : roll < 82 ? WF_PLACE_COACH
           : roll < 96 ? WF_PLACE_AIRCRAFT
                       : WF_PLACE_SHIP;
}

// A ride out of or into the city. Every train, coach, flight and ship leaves once a day
// at a time of its own; trains take on and set down at one place on the way.
static void ride(planning *p)
{
    wf_place_kind kind = carrier(p);
    wf_spot spot = wf_frame_place(p->town, p->person, kind, &p->frame.dice);
    int32_t start = 540 + (int32_t)(spot.index * 37u % 560u);
    int32_t length = 60 + (int32_t)(spot.index * 53u % 130u);
    if (kind == WF_PLACE_TRAIN && chance(p, 40)) {
        int32_t third = length / 3;
        start += chance(p, 50) ? third : 0;
        length -= third;
    }
    wf_seat seat = wf_frame_seat(kind, &p->frame.dice);
    add(p, spot, seat, start, start + length);
}

// ---- the ends of a day ----

static wf_spot isolation_spot(const planning *p, wf_seat *ret_seat)
{
    uint32_t count = p->town->kind_count[WF_PLACE_ISOLATION];
    *ret_seat = (wf_seat){WF_SEAT_ROOM, (uint8_t)(p->person / 40 % 9 + 1),
                          (uint8_t)(p->person % 40 + 1), 0};
    return (wf_spot){p->person / 360 % count, WF_PLACE_ISOLATION};
}

// From its minute on a case is taken away: later stays are left out, the one at hand is
// cut.
static void isolate(planning *p)
{
    int32_t minute = p->frame.isolated_minute;
    while (p->count > 0 && p->stops[p->count - 1].start >= minute)
        p->count--;
    if (p->count > 0 && p->stops[p->count - 1].end > minute)
        p->stops[p->count - 1].end = minute;
}

static void isolation_stay(planning *p, uint32_t day, int32_t start)
{
    wf_seat seat;
    wf_spot spot = isolation_spot(p, &seat);
    int32_t end = (int32_t)(p->town->options.days - day) * WF_DAY_MINUTES;
    p->stops[p->count++] = (wf_town_stop){spot, start, end, seat, false};
}

static void night(planning *p, uint32_t day)
{
    int32_t end = WF_DAY_MINUTES;
    if (day + 1 < p->town->options.days)
        end += wf_frame_of(p->town, p->person, day + 1).leave;
    int32_t start = p->cursor + between(p, 6, 30);
    if (p->frame.sort == WF_DAY_STAY)
        start = p->cursor;
    wf_spot bed = wf_frame_bed(p->town, p->person, day);
    bool guessed = wf_prng_below(&p->frame.dice, guessed_in) == 0;
    p->stops[p->count++] = (wf_town_stop){bed, start, end, {0}, guessed};
}

static void first_night(planning *p)
{
    wf_spot home = {p->resident->household, WF_PLACE_HOUSEHOLD};
    if (p->frame.leave > 0)
        p->stops[p->count++] = (wf_town_stop){home, 0, p->frame.leave, {0}, false};
}

static bool slept_here(const planning *p)
{
    return p->frame.sort != WF_DAY_GONE && p->frame.sort != WF_DAY_BACK;
}

size_t wf_plan_day(const wf_town *town, uint32_t person, uint32_t day,
                   wf_town_stop stops[WF_PLAN_STOPS_MAX])
{
    planning p = {
        town, person, &town->residents[person], wf_frame_of(town, person, day), stops,
        0,    0};
    if (p.frame.sort == WF_DAY_ISOLATED)
        return 0;
    if (p.frame.sort == WF_DAY_GUEST) {
        if (day == 0)
            isolation_stay(&p, 0, 0);
        return p.count;
    }
    if (day == 0 && slept_here(&p))
        first_night(&p);
    p.cursor = slept_here(&p) ? p.frame.leave : 0;
    if (p.frame.sort == WF_DAY_WORK) {
        work(&p);
        if (p.resident->age >= 15)
            commute(&p);
        evening(&p);
    } else if (p.frame.sort == WF_DAY_FREE) {
        free_day(&p);
    } else if (p.frame.sort == WF_DAY_OUT || p.frame.sort == WF_DAY_BACK) {
        ride(&p);
    }
    if (p.frame.isolated_today) {
        isolate(&p);
        isolation_stay(&p, day, p.frame.isolated_minute + 5);
    } else if (p.frame.sort != WF_DAY_OUT && p.frame.sort != WF_DAY_GONE) {
        night(&p, day);
    }
    return p.count;
}
