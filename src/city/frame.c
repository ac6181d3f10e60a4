#include "city/frame.h"

#include "city/figures.h"

enum {
    stream_person = 1, // what a stream of dice is for
    stream_outing,
    stream_trip,
    stream_bed,
    per_cent_travelling = 12, // of adults in a week
    per_cent_hotel = 3        // of adults in a week
};

static wf_prng dice_of(const wf_town *town, uint32_t purpose, uint32_t who, uint32_t day)
{
    uint64_t stream = ((uint64_t)purpose << 48) | ((uint64_t)who << 8) | day;
    return wf_prng_stream(town->options.seed, stream);
}

static uint32_t between(wf_prng *dice, uint32_t low, uint32_t high)
{
    return low + wf_prng_below(dice, high - low + 1);
}

// The sum of two throws, the second below `more`.
static uint32_t around(wf_prng *dice, uint32_t low, uint32_t high, uint32_t more)
{
    uint32_t first = between(dice, low, high);
    return first + wf_prng_below(dice, more);
}

static bool chance(wf_prng *dice, uint32_t per_cent)
{
    return wf_prng_below(dice, 100) < per_cent;
}

// ---- places ----

uint32_t wf_popular_place(const wf_town *town, wf_place_kind kind, uint32_t rank)
{
    // A prime above every count of such places: the ranks are spread over the city, no
    // two alike.
    return (uint32_t)((uint64_t)rank * 1000003u % town->kind_count[kind]);
}

// Rank 0 most often: the square of a uniform number, so that the share of the first is
// one in the root of their number.
static uint32_t popular(const wf_town *town, wf_place_kind kind, wf_prng *dice)
{
    uint64_t x = wf_prng_u64(dice) >> 32;
    uint64_t square = (x * x) >> 32;
    return wf_popular_place(town, kind,
                            (uint32_t)((square * town->kind_count[kind]) >> 32));
}

wf_spot wf_frame_place(const wf_town *town, uint32_t person, wf_place_kind kind,
                       wf_prng *dice)
{
    const wf_kind_figures *figures = &wf_kind_figure[kind];
    uint32_t count = town->kind_count[kind];
    uint32_t roll = wf_prng_below(dice, 100);
    uint32_t index = 0;
    if (roll < figures->hub_per_cent) {
        index = popular(town, kind, dice);
    } else if (roll < figures->hub_per_cent + figures->far_per_cent) {
        index = wf_prng_below(dice, count);
    } else {
        int64_t at = (int64_t)((uint64_t)person * count / town->options.people);
        at += (int64_t)wf_prng_below(dice, 3) + wf_prng_below(dice, 3) - 2;
        index = (uint32_t)(at < 0 ? 0 : at >= count ? count - 1 : at);
    }
    return (wf_spot){index, (uint8_t)kind};
}

wf_seat wf_frame_seat(wf_place_kind kind, wf_prng *dice)
{
    static const char train[] = "ABCDF";
    wf_seat seat = {0};
    switch (kind) {
    case WF_PLACE_RESTAURANT:
        seat = (wf_seat){WF_SEAT_TABLE, 0, (uint8_t)between(dice, 1, 24), 0};
        break;
    case WF_PLACE_CANTEEN:
        seat = (wf_seat){WF_SEAT_TABLE, 0, (uint8_t)between(dice, 1, 60), 0};
        break;
    case WF_PLACE_TRAIN:
        seat = (wf_seat){WF_SEAT_CARRIAGE, (uint8_t)between(dice, 1, 16), 0, 0};
        seat.number = (uint8_t)between(dice, 1, 18);
        seat.letter = (uint8_t)train[wf_prng_below(dice, 5)];
        break;
    case WF_PLACE_COACH:
        seat = (wf_seat){WF_SEAT_ROW, 0, (uint8_t)between(dice, 1, 12), 0};
        seat.letter = (uint8_t)('A' + wf_prng_below(dice, 4));
        break;
    case WF_PLACE_AIRCRAFT:
        seat = (wf_seat){WF_SEAT_ROW, 0, (uint8_t)between(dice, 11, 60), 0};
        seat.letter = (uint8_t) "ABCJKL"[wf_prng_below(dice, 6)];
        break;
    case WF_PLACE_SHIP:
        seat = (wf_seat){WF_SEAT_CABIN, 0, (uint8_t)between(dice, 1, 40), 0};
        break;
    default:
        break;
    }
    return seat;
}

// ---- trips, nights, outings ----

static bool may_travel(const wf_resident *resident)
{
    return resident->age >= 18 && resident->age <= 75 &&
           resident->role != WF_PURSUIT_GUEST;
}

// Where in their own week of seven days someone is, and which week it is.
static uint32_t week_day(uint32_t person, uint32_t day, uint32_t *ret_week)
{
    *ret_week = (day + person % 7) / 7;
    return (day + person % 7) % 7;
}

static wf_day_sort trip_of(const wf_town *town, uint32_t person, uint32_t day)
{
    uint32_t week = 0;
    uint32_t at = week_day(person, day, &week);
    if (at < 2 || at > 4 || !may_travel(&town->residents[person]))
        return WF_DAY_FREE;
    wf_prng dice = dice_of(town, stream_trip, person, week);
    if (!chance(&dice, per_cent_travelling))
        return WF_DAY_FREE;
    return at == 2 ? WF_DAY_OUT : at == 3 ? WF_DAY_GONE : WF_DAY_BACK;
}

wf_spot wf_frame_bed(const wf_town *town, uint32_t person, uint32_t day)
{
    const wf_resident *resident = &town->residents[person];
    wf_spot home = {resident->household, WF_PLACE_HOUSEHOLD};
    uint32_t week = 0;
    if (week_day(person, day, &week) != 5 || !may_travel(resident))
        return home;
    wf_prng dice = dice_of(town, stream_bed, person, week);
    if (!chance(&dice, per_cent_hotel))
        return home;
    return wf_frame_place(town, person, WF_PLACE_ROOM, &dice);
}

static wf_outing outing_of(const wf_town *town, uint32_t person, uint32_t day)
{
    uint32_t household = town->residents[person].household;
    uint32_t first = town->household_first[household];
    wf_prng dice = dice_of(town, stream_outing, household, day);
    wf_outing outing = {0};
    if (!chance(&dice, wf_town_is_weekend(town, day) ? 32 : 4))
        return outing;
    static const wf_place_kind kinds[] = {
        WF_PLACE_RESTAURANT,    WF_PLACE_RESTAURANT, WF_PLACE_RESTAURANT, WF_PLACE_HALL,
        WF_PLACE_ENTERTAINMENT, WF_PLACE_OPENAIR,    WF_PLACE_MARKET,     WF_PLACE_OTHER};
    outing.is_on = true;
    outing.kind = kinds[wf_prng_below(&dice, sizeof kinds / sizeof kinds[0])];
    outing.spot = wf_frame_place(town, first, outing.kind, &dice);
    outing.seat = wf_frame_seat(outing.kind, &dice);
    outing.start = (int32_t)(chance(&dice, 60) ? between(&dice, 690, 750)
                                               : between(&dice, 1050, 1110));
    outing.leave = outing.start - (int32_t)between(&dice, 8, 25);
    outing.length = (int32_t)between(&dice, 45, 100);
    return outing;
}

// ---- the frame ----

// The minute at which a working day begins for a role; shops, restaurants and the like
// have an early and a late shift.
static int32_t work_leave(wf_pursuit role, wf_prng *dice)
{
    switch (role) {
    case WF_PURSUIT_PUPIL:
        return (int32_t)between(dice, 415, 465);
    case WF_PURSUIT_TEACHER:
        return (int32_t)between(dice, 400, 450);
    case WF_PURSUIT_STUDENT:
        return (int32_t)between(dice, 450, 500);
    case WF_PURSUIT_MARKET:
        return (int32_t)between(dice, 270, 360);
    case WF_PURSUIT_OFFICE:
        return (int32_t)around(dice, 400, 490, 30);
    case WF_PURSUIT_CLINIC:
        return (int32_t)between(dice, 410, 450);
    default:
        return (int32_t)(chance(dice, 50) ? between(dice, 380, 500)
                                          : between(dice, 700, 780));
    }
}

static bool works_on(const wf_town *town, const wf_resident *resident, uint32_t person,
                     uint32_t day)
{
    switch ((wf_pursuit)resident->role) {
    case WF_PURSUIT_HOME:
    case WF_PURSUIT_RETIRED:
    case WF_PURSUIT_GUEST:
        return false;
    case WF_PURSUIT_PUPIL:
    case WF_PURSUIT_STUDENT:
    case WF_PURSUIT_TEACHER:
    case WF_PURSUIT_OFFICE:
        return !wf_town_is_weekend(town, day);
    default:
        return (day + person) % 6 != 0; // one day off in six
    }
}

static void frame_free_day(const wf_town *town, uint32_t person, uint32_t day,
                           wf_frame *frame)
{
    const wf_resident *resident = &town->residents[person];
    frame->sort = WF_DAY_FREE;
    frame->outing = outing_of(town, person, day);
    bool small = resident->age < 7;
    // Children too small to go alone are out only with their household.
    if (frame->outing.is_on && (small || chance(&frame->dice, 85))) {
        frame->leave = frame->outing.leave;
        return;
    }
    frame->outing.is_on = false;
    uint32_t stays = small ? 100 : resident->age < 75 ? 12 : 45;
    if (chance(&frame->dice, stays)) {
        frame->sort = WF_DAY_STAY;
        frame->leave = (int32_t)between(&frame->dice, 1100, 1260);
        return;
    }
    uint32_t early = resident->age >= 60 ? 360 : 480;
    frame->leave = (int32_t)around(&frame->dice, early, 600, 180);
}

static void frame_case(const wf_town *town, uint32_t person, uint32_t day,
                       wf_frame *frame)
{
    for (size_t i = 0; i < town->isolations_count; i++) {
        const wf_isolation *isolation = &town->isolations[i];
        if (isolation->person != person || isolation->day > day)
            continue;
        if (isolation->day < day) {
            frame->sort = WF_DAY_ISOLATED;
            continue;
        }
        frame->isolated_today = true;
        frame->isolated_minute = isolation->minute;
        if (frame->leave > isolation->minute)
            frame->leave = isolation->minute;
    }
}

wf_frame wf_frame_of(const wf_town *town, uint32_t person, uint32_t day)
{
    const wf_resident *resident = &town->residents[person];
    wf_frame frame = {.dice = dice_of(town, stream_person, person, day)};
    wf_day_sort trip = trip_of(town, person, day);
    if (resident->role == WF_PURSUIT_GUEST) {
        frame.sort = WF_DAY_GUEST;
    } else if (trip != WF_DAY_FREE) {
        frame.sort = trip;
        frame.leave = (int32_t)between(&frame.dice, 330, 480);
    } else if (works_on(town, resident, person, day) && !chance(&frame.dice, 5)) {
        frame.sort = WF_DAY_WORK;
        frame.leave = work_leave((wf_pursuit)resident->role, &frame.dice);
    } else {
        frame_free_day(town, person, day, &frame);
    }
    if (resident->is_case)
        frame_case(town, person, day, &frame);
    return frame;
}
