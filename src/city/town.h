// A synthetic city held in memory: who lives where, who works where, which places there
// are. Everything that happens in it follows from the seed (plan.h), so that only this
// frame is kept: about 20 bytes a person.
//
// Invented: ids "P-0000007", names "演练甲0000007", telephone numbers that begin with
// 100. Method and comparison with published figures: docs/methods/city.md.
//
// Immutable once made except for the outbreak (outbreak.h); to be read by many threads.
#ifndef WF_CITY_TOWN_H
#define WF_CITY_TOWN_H

#include "base/prng.h"
#include "base/time.h"
#include "city/grid.h"
#include "model/place_kind.h"

#define WF_TOWN_PEOPLE_MIN 20
#define WF_TOWN_PEOPLE_MAX 9000000 // the households keep below 2^24 places
#define WF_TOWN_DAYS_MAX 60

typedef struct {
    uint32_t people;
    uint32_t days;
    uint64_t seed;
    weft_day start;
    wf_text grid_csv;      // code,name; empty: invented codes
    const char *grid_file; // for messages
} wf_town_options;

// What someone does on working days.
typedef enum {
    WF_PURSUIT_HOME, // infants, people out of work
    WF_PURSUIT_RETIRED,
    WF_PURSUIT_PUPIL,   // kindergarten to upper school
    WF_PURSUIT_STUDENT, // university
    WF_PURSUIT_TEACHER,
    WF_PURSUIT_OFFICE,
    WF_PURSUIT_SHOP,
    WF_PURSUIT_MARKET,
    WF_PURSUIT_RESTAURANT,
    WF_PURSUIT_ENTERTAINMENT,
    WF_PURSUIT_BUS, // drivers
    WF_PURSUIT_HALL,
    WF_PURSUIT_CLINIC,
    WF_PURSUIT_OTHER,
    WF_PURSUIT_GUEST, // stays at an isolation site from before the first day to the end
    WF_PURSUIT_COUNT
} wf_pursuit;

typedef struct {
    uint32_t household;
    uint32_t anchor; // place of the role's kind where they spend working days
    uint8_t age;
    uint8_t role;
    bool woman;
    bool is_case; // one of town->isolations
} wf_resident;

typedef struct {
    uint32_t workers;
    uint32_t canteen; // UINT32_MAX: none
} wf_workplace;

// A place: the index-th of its kind.
typedef struct {
    uint32_t index;
    uint8_t kind; // wf_place_kind
} wf_spot;

// From this minute of this day on a case is at an isolation site. Set by the outbreak at
// least one day ahead, so that no stay already given contradicts it.
typedef struct {
    uint32_t person;
    uint32_t day;
    int32_t minute;
} wf_isolation;

#define WF_CASES_MAX 50
#define WF_CLASSES_PER_CANTEEN 20

typedef struct wf_town {
    wf_town_options options;
    wf_arena arena;
    wf_town_grid grid;
    wf_resident *residents;
    uint32_t *household_first; // of each household, and one past the last
    uint32_t households_count;
    wf_workplace *offices;
    uint32_t kind_count[WF_PLACE_KIND_COUNT];
    uint32_t kind_base[WF_PLACE_KIND_COUNT]; // number of the kind's first place
    uint32_t places_count;
    uint32_t *class_household; // where a class lies: the household of its first pupil
    uint32_t *office_household;
    uint32_t *canteen_household;
    uint32_t school_canteen_first; // canteens from here on belong to schools
    uint32_t *group_first; // of group_members, for each group that records meetings
    uint32_t *group_members;
    uint32_t groups_count;
    wf_isolation isolations[WF_CASES_MAX];
    size_t isolations_count;
} wf_town;

// Makes the frame. Memory: about 20 bytes a person. Errors: "city.people", "city.days",
// those of wf_town_grid_lay, memory.
weft_status wf_town_new(const wf_town_options *options, wf_town **ret,
                        weft_error *error) WEFT_MUST_CHECK;
void wf_town_free(wf_town *town); // NULL does nothing

// The kind of place where people of the role work or learn; false for those at home.
bool wf_pursuit_kind(wf_pursuit role, wf_place_kind *ret);
const char *wf_pursuit_occupation(wf_pursuit role);

// Number of a place among all.
static inline uint32_t wf_spot_number(const wf_town *town, wf_spot spot)
{
    return town->kind_base[spot.kind] + spot.index;
}

// The household near which a place lies, and its grid code down to the building (18).
uint32_t wf_spot_household(const wf_town *town, wf_spot spot);
void wf_household_grid(const wf_town *town, uint32_t household,
                       char ret[WF_GRID_HOUSEHOLD + 1]);
const char *wf_household_area_name(const wf_town *town, uint32_t household);

// True on Saturday and Sunday.
bool wf_town_is_weekend(const wf_town *town, uint32_t day);

#endif
