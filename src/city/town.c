#include "city/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/figures.h"
#include "city/meetings.h"
#include "city/people.h"

enum {
    households_per_building = 36,
    buildings_per_compound = 10,
    households_per_compound = households_per_building * buildings_per_compound
};

static const struct {
    const char *occupation;
    bool has_place;
    wf_place_kind kind;
} roles[WF_PURSUIT_COUNT] = {
    [WF_PURSUIT_HOME] = {"", false, WF_PLACE_HOUSEHOLD},
    [WF_PURSUIT_RETIRED] = {"离退休", false, WF_PLACE_HOUSEHOLD},
    [WF_PURSUIT_PUPIL] = {"学生", true, WF_PLACE_CLASS},
    [WF_PURSUIT_STUDENT] = {"大学生", true, WF_PLACE_CLASS},
    [WF_PURSUIT_TEACHER] = {"教师", true, WF_PLACE_CLASS},
    [WF_PURSUIT_OFFICE] = {"职员", true, WF_PLACE_OFFICE},
    [WF_PURSUIT_SHOP] = {"店员", true, WF_PLACE_SHOP},
    [WF_PURSUIT_MARKET] = {"摊主", true, WF_PLACE_MARKET},
    [WF_PURSUIT_RESTAURANT] = {"餐饮服务", true, WF_PLACE_RESTAURANT},
    [WF_PURSUIT_ENTERTAINMENT] = {"娱乐服务", true, WF_PLACE_ENTERTAINMENT},
    [WF_PURSUIT_BUS] = {"公交司机", true, WF_PLACE_BUS},
    [WF_PURSUIT_HALL] = {"大厅服务", true, WF_PLACE_HALL},
    [WF_PURSUIT_CLINIC] = {"医务人员", true, WF_PLACE_CLINIC},
    [WF_PURSUIT_OTHER] = {"社区工作者", true, WF_PLACE_OTHER},
    [WF_PURSUIT_GUEST] = {"", true, WF_PLACE_ISOLATION},
};

bool wf_pursuit_kind(wf_pursuit role, wf_place_kind *ret)
{
    if (roles[role].has_place)
        *ret = roles[role].kind;
    return roles[role].has_place;
}

const char *wf_pursuit_occupation(wf_pursuit role)
{
    return roles[role].occupation;
}

bool wf_town_is_weekend(const wf_town *town, uint32_t day)
{
    // 1970-01-01 was a Thursday.
    int64_t weekday = ((int64_t)town->options.start.number + day + 4) % 7;
    weekday = weekday < 0 ? weekday + 7 : weekday;
    return weekday == 0 || weekday == 6;
}

void wf_household_grid(const wf_town *town, uint32_t household,
                       char ret[WF_GRID_HOUSEHOLD + 1])
{
    uint32_t compound = household / households_per_compound;
    uint32_t in_compound = household % households_per_compound;
    char tail[32];
    int printed =
        snprintf(tail, sizeof tail, "%03u%04u", in_compound / households_per_building + 1,
                 in_compound % households_per_building + 1);
    WF_ASSERT(printed == 7);
    memcpy(ret, town->grid.compounds[compound], WF_GRID_COMPOUND);
    memcpy(ret + WF_GRID_COMPOUND, tail, 8);
}

const char *wf_household_area_name(const wf_town *town, uint32_t household)
{
    return town->grid.names[household / households_per_compound];
}

uint32_t wf_spot_household(const wf_town *town, wf_spot spot)
{
    switch ((wf_place_kind)spot.kind) {
    case WF_PLACE_HOUSEHOLD:
        return spot.index;
    case WF_PLACE_CLASS:
        return town->class_household[spot.index];
    case WF_PLACE_OFFICE:
        return town->office_household[spot.index];
    case WF_PLACE_CANTEEN:
        return town->canteen_household[spot.index];
    default:
        return (uint32_t)((uint64_t)spot.index * town->households_count /
                          town->kind_count[spot.kind]);
    }
}

static weft_status check(const wf_town_options *options, weft_error *error)
{
    if (options->people < WF_TOWN_PEOPLE_MIN || options->people > WF_TOWN_PEOPLE_MAX)
        return wf_fail(error, WEFT_BAD_USAGE, "city.people", NULL);
    if (options->days < 1 || options->days > WF_TOWN_DAYS_MAX)
        return wf_fail(error, WEFT_BAD_USAGE, "city.days", NULL);
    return WEFT_OK;
}

static void number_places(wf_town *town)
{
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        town->kind_base[kind] = town->places_count;
        town->places_count += town->kind_count[kind];
    }
}

static weft_status fill(wf_town *town, weft_error *error)
{
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        const wf_kind_figures *figures = &wf_kind_figure[kind];
        if (figures->people == 0)
            continue;
        uint32_t count = town->options.people / figures->people;
        town->kind_count[kind] = count > figures->least ? count : figures->least;
    }
    WF_TRY(wf_people_settle(town, error));
    WF_TRY(wf_meetings_settle(town, error));
    number_places(town);
    uint32_t compounds =
        (town->households_count + households_per_compound - 1) / households_per_compound;
    return wf_town_grid_lay(town->options.grid_csv, town->options.grid_file, compounds,
                            &town->arena, &town->grid, error);
}

weft_status wf_town_new(const wf_town_options *options, wf_town **ret, weft_error *error)
{
    WF_TRY(check(options, error));
    wf_town *town = calloc(1, sizeof *town);
    if (town == NULL)
        return wf_fail_memory(error);
    town->options = *options;
    wf_arena_init(&town->arena, 0);
    weft_status status = fill(town, error);
    if (status != WEFT_OK) {
        wf_town_free(town);
        return status;
    }
    *ret = town;
    return WEFT_OK;
}

void wf_town_free(wf_town *town)
{
    if (town == NULL)
        return;
    wf_arena_done(&town->arena);
    free(town);
}
