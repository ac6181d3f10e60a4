#include "city/tables.h"

#include <stdlib.h>
#include <string.h>

#include "city/figures.h"
#include "city/meetings.h"
#include "city/put.h"

enum {
    people_per_part = 8192,
    row_bytes_max = 256 // of any row of this file
};

static const struct {
    const char *file, *header;
} about[WF_TABLE_COUNT] = {
    [WF_TABLE_PERSONS] = {"persons.csv",
                          "person,name,sex,birth,grid,household,phone,occupation\n"},
    [WF_TABLE_PLACES] = {"places.csv", "place,name,kind,grid,area_m2,ventilation\n"},
    [WF_TABLE_VISITS] = {"visits.csv", "person,place,start,end,seat,guessed\n"},
    [WF_TABLE_ENCOUNTERS] = {"encounters.csv", "a,b,start,end,setting\n"},
    [WF_TABLE_CASES] = {"cases.csv", "case,person,reported,onset,onset_kind,sampled,"
                                     "symptomatic,isolated,classification\n"},
    [WF_TABLE_TRUTH] = {"truth.csv", "case,person,infector,place,infected\n"},
};

const char *wf_table_file(wf_table table)
{
    return about[table].file;
}

const char *wf_table_header(wf_table table)
{
    return about[table].header;
}

bool wf_table_is_daily(wf_table table)
{
    return table == WF_TABLE_VISITS || table == WF_TABLE_ENCOUNTERS;
}

static uint32_t parts_of(uint32_t rows, uint32_t per_part)
{
    return (rows + per_part - 1) / per_part;
}

uint32_t wf_table_parts(const wf_town *town, wf_table table)
{
    switch (table) {
    case WF_TABLE_PERSONS:
    case WF_TABLE_VISITS:
        return parts_of(town->options.people, people_per_part);
    case WF_TABLE_PLACES:
        return parts_of(town->places_count, people_per_part);
    case WF_TABLE_ENCOUNTERS:
        return wf_meetings_parts(town);
    default:
        return 1;
    }
}

void wf_tables_init(const wf_town *town, const wf_outbreak *outbreak, wf_tables *ret)
{
    wf_tables tables = {.town = town, .outbreak = outbreak};
    for (uint32_t day = 0; day < WF_TOWN_DAYS_MAX + 2; day++) {
        weft_day date = {town->options.start.number + (int32_t)day};
        wf_day_text(tables.dates[day], date);
    }
    *ret = tables;
}

void wf_table_part_done(wf_table_part *part)
{
    wf_buffer_done(&part->text);
    free(part->seen);
    *part = (wf_table_part){0};
}

// ---- persons and places ----

static char *put_person_row(const wf_tables *tables, uint32_t person, char *at)
{
    static const char *const stems[] = {"甲", "乙", "丙", "丁", "戊",
                                        "己", "庚", "辛", "壬", "癸"};
    const wf_town *town = tables->town;
    const wf_resident *resident = &town->residents[person];
    wf_prng dice = wf_prng_stream(town->options.seed, (UINT64_C(99) << 48) | person);
    weft_day birth = {town->options.start.number - resident->age * 1461 / 4 -
                      (int32_t)wf_prng_below(&dice, 365) - 1};
    char date[WF_DAY_TEXT_MAX];
    char grid[WF_GRID_HOUSEHOLD + 1];
    wf_household_grid(town, resident->household, grid);
    at = wf_put_person(at, person);
    at = wf_put_text(at, ",演练");
    at = wf_put_text(at, stems[person % 10]);
    at = wf_put_digits(at, person, 7);
    at = wf_put_text(at, resident->woman ? ",female," : ",male,");
    at = wf_put_text(at, wf_day_text(date, birth));
    *at++ = ',';
    at = wf_put_text(at, grid);
    *at++ = ',';
    at = wf_put_spot(at, (wf_spot){resident->household, WF_PLACE_HOUSEHOLD});
    // No Chinese number, of any network, begins with 100 and has eleven digits.
    at = wf_put_text(at, ",1000");
    at = wf_put_digits(at, person, 7);
    *at++ = ',';
    at = wf_put_text(at, wf_pursuit_occupation((wf_pursuit)resident->role));
    *at++ = '\n';
    return at;
}

static wf_spot spot_of_number(const wf_town *town, uint32_t number)
{
    uint8_t kind = 0;
    while (number >= town->kind_base[kind] + town->kind_count[kind])
        kind++;
    return (wf_spot){number - town->kind_base[kind], kind};
}

// Known where people sit indoors for long; one in five is badly ventilated.
static const char *ventilation_of(wf_spot spot)
{
    switch ((wf_place_kind)spot.kind) {
    case WF_PLACE_CLASS:
    case WF_PLACE_OFFICE:
    case WF_PLACE_CANTEEN:
    case WF_PLACE_RESTAURANT:
    case WF_PLACE_ENTERTAINMENT:
    case WF_PLACE_COACH:
        return spot.index % 5 == 3 ? ",no" : ",yes";
    default:
        return ",";
    }
}

static char *put_place_row(const wf_tables *tables, uint32_t number, char *at)
{
    const wf_town *town = tables->town;
    wf_spot spot = spot_of_number(town, number);
    uint32_t household = wf_spot_household(town, spot);
    char grid[WF_GRID_HOUSEHOLD + 1];
    wf_household_grid(town, household, grid);
    // Only a household has a code of its own, others lie in a building.
    if (spot.kind != WF_PLACE_HOUSEHOLD)
        grid[WF_GRID_BUILDING] = '\0';
    uint32_t area = wf_kind_figure[spot.kind].area_m2;
    at = wf_put_spot(at, spot);
    at = wf_put_text(at, ",演练");
    at = wf_put_text(at, wf_household_area_name(town, household));
    at = wf_put_text(at, wf_place_kind_zh((wf_place_kind)spot.kind));
    at = wf_put_digits(at, spot.index, 7);
    *at++ = ',';
    at = wf_put_text(at, wf_place_kind_word((wf_place_kind)spot.kind));
    *at++ = ',';
    at = wf_put_text(at, grid);
    *at++ = ',';
    at = wf_put_number(at, area - area / 4 + spot.index * 7u % (area / 2 + 1));
    at = wf_put_text(at, ventilation_of(spot));
    *at++ = '\n';
    return at;
}

static bool write_rows(const wf_tables *tables, uint32_t count, uint32_t index,
                       char *(*put)(const wf_tables *, uint32_t, char *),
                       wf_table_part *part)
{
    uint32_t from = index * people_per_part;
    uint32_t to = from + people_per_part < count ? from + people_per_part : count;
    if (!wf_buffer_reserve(&part->text, (size_t)(to - from) * row_bytes_max))
        return false;
    char *at = part->text.bytes;
    for (uint32_t i = from; i < to; i++)
        at = put(tables, i, at);
    part->text.size = (size_t)(at - part->text.bytes);
    part->rows = to - from;
    return true;
}

// ---- visits ----

static char *put_visit_row(const wf_tables *tables, uint32_t person, uint32_t day,
                           const wf_town_stop *stop, char *at)
{
    at = wf_put_person(at, person);
    *at++ = ',';
    at = wf_put_spot(at, stop->spot);
    *at++ = ',';
    at = wf_put_minute(at, tables->dates, (int32_t)day * WF_DAY_MINUTES + stop->start);
    *at++ = ',';
    at = wf_put_minute(at, tables->dates, (int32_t)day * WF_DAY_MINUTES + stop->end);
    *at++ = ',';
    at = wf_put_seat(at, stop->seat);
    *at++ = ',';
    if (stop->guessed)
        *at++ = '1';
    *at++ = '\n';
    return at;
}

static bool note_seen(wf_table_part *part, uint32_t person, const wf_town_stop *stop)
{
    if (part->seen_count == part->seen_capacity) {
        size_t capacity = part->seen_capacity == 0 ? 256 : part->seen_capacity * 2;
        wf_seen_stop *grown = realloc(part->seen, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        part->seen = grown;
        part->seen_capacity = capacity;
    }
    part->seen[part->seen_count++] = (wf_seen_stop){person, *stop};
    return true;
}

static bool write_visits(const wf_tables *tables, uint32_t day, uint32_t index,
                         wf_table_part *part)
{
    const wf_town *town = tables->town;
    uint32_t from = index * people_per_part;
    uint32_t people = town->options.people;
    uint32_t to = from + people_per_part < people ? from + people_per_part : people;
    for (uint32_t person = from; person < to; person++) {
        wf_town_stop stops[WF_PLAN_STOPS_MAX];
        size_t count = wf_plan_day(town, person, day, stops);
        if (!wf_buffer_reserve(&part->text, count * row_bytes_max))
            return false;
        char *at = part->text.bytes + part->text.size;
        for (size_t i = 0; i < count; i++) {
            at = put_visit_row(tables, person, day, &stops[i], at);
            if (wf_outbreak_watches(tables->outbreak,
                                    wf_spot_number(town, stops[i].spot)) &&
                !note_seen(part, person, &stops[i]))
                return false;
        }
        part->text.size = (size_t)(at - part->text.bytes);
        part->rows += count;
    }
    return true;
}

// ---- encounters ----

static bool write_encounters(const wf_tables *tables, uint32_t day, uint32_t index,
                             wf_table_part *part)
{
    wf_met_list list = {0};
    if (!wf_meetings_of(tables->town, day, index, &list) ||
        !wf_buffer_reserve(&part->text, list.count * row_bytes_max)) {
        wf_met_list_done(&list);
        return false;
    }
    char *at = part->text.bytes;
    for (size_t i = 0; i < list.count; i++) {
        const wf_met *met = &list.all[i];
        at = wf_put_person(at, met->a);
        *at++ = ',';
        at = wf_put_person(at, met->b);
        *at++ = ',';
        at = wf_put_second(at, tables->dates, met->start_s);
        *at++ = ',';
        at = wf_put_second(at, tables->dates, met->end_s);
        *at++ = ',';
        at = wf_put_text(at, wf_place_kind_word((wf_place_kind)met->kind));
        *at++ = '\n';
    }
    part->text.size = (size_t)(at - part->text.bytes);
    part->rows = list.count;
    wf_met_list_done(&list);
    return true;
}

// ---- cases ----

// Cases are numbered in the order of report; equal times in that of infection.
static void order_cases(const wf_outbreak *outbreak, uint32_t ret_order[WF_CASES_MAX])
{
    for (uint32_t i = 0; i < outbreak->cases_count; i++) {
        uint32_t at = i;
        while (at > 0 && outbreak->cases[ret_order[at - 1]].reported >
                             outbreak->cases[i].reported) {
            ret_order[at] = ret_order[at - 1];
            at--;
        }
        ret_order[at] = i;
    }
}

static char *put_case_id(char *at, uint32_t rank)
{
    at = wf_put_text(at, "C-");
    return wf_put_digits(at, rank + 1, 4);
}

static char *put_maybe(const wf_tables *tables, char *at, int32_t minute)
{
    return minute < 0 ? at : wf_put_minute(at, tables->dates, minute);
}

static char *put_case_row(const wf_tables *tables, const wf_town_case *one, uint32_t rank,
                          char *at)
{
    bool symptoms = one->onset >= 0;
    at = put_case_id(at, rank);
    *at++ = ',';
    at = wf_put_person(at, one->person);
    *at++ = ',';
    at = put_maybe(tables, at, one->reported);
    *at++ = ',';
    at = put_maybe(tables, at, one->onset);
    at = wf_put_text(at, !symptoms ? ",," : one->fever ? ",fever," : ",cough,");
    at = put_maybe(tables, at, one->sampled);
    at = wf_put_text(at, symptoms ? ",yes," : ",no,");
    at = put_maybe(tables, at, one->isolated);
    at = wf_put_text(at, symptoms ? ",confirmed\n" : ",asymptomatic\n");
    return at;
}

static char *put_truth_row(const wf_tables *tables, const uint32_t *order,
                           const wf_town_case *one, uint32_t rank, char *at)
{
    at = put_case_id(at, rank);
    *at++ = ',';
    at = wf_put_person(at, one->person);
    *at++ = ',';
    if (one->infector != UINT32_MAX) {
        uint32_t from = 0;
        while (order[from] != one->infector)
            from++;
        at = put_case_id(at, from);
        *at++ = ',';
        at = wf_put_spot(at, one->place);
    } else {
        *at++ = ',';
    }
    *at++ = ',';
    at = wf_put_minute(at, tables->dates, one->infected);
    *at++ = '\n';
    return at;
}

static bool write_cases(const wf_tables *tables, bool truth, wf_table_part *part)
{
    const wf_outbreak *outbreak = tables->outbreak;
    uint32_t order[WF_CASES_MAX] = {0};
    order_cases(outbreak, order);
    if (!wf_buffer_reserve(&part->text, (size_t)WF_CASES_MAX * row_bytes_max))
        return false;
    char *at = part->text.bytes;
    for (uint32_t rank = 0; rank < outbreak->cases_count; rank++) {
        const wf_town_case *one = &outbreak->cases[order[rank]];
        at = truth ? put_truth_row(tables, order, one, rank, at)
                   : put_case_row(tables, one, rank, at);
    }
    part->text.size = (size_t)(at - part->text.bytes);
    part->rows = outbreak->cases_count;
    return true;
}

bool wf_table_write(const wf_tables *tables, wf_table table, uint32_t day, uint32_t index,
                    wf_table_part *part)
{
    wf_buffer_clear(&part->text);
    part->rows = 0;
    part->seen_count = 0;
    switch (table) {
    case WF_TABLE_PERSONS:
        return write_rows(tables, tables->town->options.people, index, put_person_row,
                          part);
    case WF_TABLE_PLACES:
        return write_rows(tables, tables->town->places_count, index, put_place_row, part);
    case WF_TABLE_VISITS:
        return write_visits(tables, day, index, part);
    case WF_TABLE_ENCOUNTERS:
        return write_encounters(tables, day, index, part);
    default:
        return write_cases(tables, table == WF_TABLE_TRUTH, part);
    }
}
