// A protocol for tests: the rules of nhc-covid-8 that the look-ups need, without
// reading a file. Numbers as in protocol/nhc-covid-8.yaml; docs/methods/ranking.md.
#ifndef TEST_SUPPORT_TINY_PROTOCOL_H
#define TEST_SUPPORT_TINY_PROTOCOL_H

#include <string.h>

#include "model/protocol.h"

static inline wf_number tiny_value(double value)
{
    return (wf_number){.value = value,
                       .unit = "1",
                       .source = "weft-default",
                       .why = "",
                       .sureness = WF_SURE_D,
                       .given = true};
}

typedef struct {
    wf_place_kind kind;
    wf_unit unit;
    double minutes, hazard, low, high, weight; // minutes < 0: never near
} tiny_rule;

static inline void tiny_protocol_rules(wf_protocol *protocol)
{
    static const tiny_rule rules[] = {
        {WF_PLACE_HOUSEHOLD, WF_UNIT_WHOLE, 1, .00635, .00512, .00763, 1},
        {WF_PLACE_ROOM, WF_UNIT_WHOLE, 1, .00635, .0021, .019, 1.5},
        {WF_PLACE_CLASS, WF_UNIT_WHOLE, 1, .004, .0013, .012, 3},
        {WF_PLACE_OFFICE, WF_UNIT_WHOLE, 1, .004, .0013, .012, 1.5},
        {WF_PLACE_ISOLATION, WF_UNIT_WHOLE, 1, .001, .0003, .003, 3},
        {WF_PLACE_CANTEEN, WF_UNIT_SEAT, 10, .0407, .0136, .122, 2},
        {WF_PLACE_RESTAURANT, WF_UNIT_SEAT, 10, .0407, .0136, .122, 2},
        {WF_PLACE_ENTERTAINMENT, WF_UNIT_SEAT, 10, .0407, .0136, .122, 3},
        {WF_PLACE_COACH, WF_UNIT_WHOLE, 1, .00202, .00067, .00605, 1.5},
        {WF_PLACE_TRAIN, WF_UNIT_CARRIAGE, 1, .00202, .00183, .00233, 1.5},
        {WF_PLACE_AIRCRAFT, WF_UNIT_ROWS, 1, .00202, .00067, .00605, 1.5},
        {WF_PLACE_SHIP, WF_UNIT_SEAT, 1, .00202, .00067, .00605, 2},
        {WF_PLACE_BUS, WF_UNIT_WHOLE, 15, .0162, .0054, .0485, 2},
        {WF_PLACE_SHOP, WF_UNIT_WHOLE, 15, .0162, .0054, .0485, 1.5},
        {WF_PLACE_CLINIC, WF_UNIT_WHOLE, 15, .00941, .00537, .01346, 4},
        {WF_PLACE_LIFT, WF_UNIT_WHOLE, 1, .0162, .0054, .0485, 1},
        {WF_PLACE_MARKET, WF_UNIT_SEAT, 30, .0162, .0054, .0485, 3},
        {WF_PLACE_HALL, WF_UNIT_SEAT, 30, .0162, .0054, .0485, 2},
        {WF_PLACE_OPENAIR, WF_UNIT_WHOLE, -1, .0016, .0005, .0048, .5},
        {WF_PLACE_OTHER, WF_UNIT_WHOLE, 15, .0162, .0054, .0485, 1}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        wf_place_rule *rule = &protocol->kinds[rules[i].kind];
        *rule = (wf_place_rule){.near_never = rules[i].minutes < 0,
                                .near_minutes = tiny_value(rules[i].minutes),
                                .unit = rules[i].unit,
                                .unit_ventilated = rules[i].unit,
                                .unit_reach = tiny_value(3),
                                .lingering_min = tiny_value(0),
                                .hazard_per_h = tiny_value(rules[i].hazard),
                                .hazard_low_per_h = tiny_value(rules[i].low),
                                .hazard_high_per_h = tiny_value(rules[i].high),
                                .hazard_other_unit = tiny_value(0.2),
                                .setting_weight = tiny_value(rules[i].weight)};
    }
    protocol->kinds[WF_PLACE_COACH].unit_ventilated = WF_UNIT_ROWS;
    protocol->kinds[WF_PLACE_TRAIN].hazard_adjacent = tiny_value(10);
    protocol->kinds[WF_PLACE_LIFT].lingering_min = tiny_value(30);
    static const wf_place_kind eating[] = {WF_PLACE_CANTEEN, WF_PLACE_RESTAURANT,
                                           WF_PLACE_ENTERTAINMENT};
    for (size_t i = 0; i < sizeof eating / sizeof *eating; i++)
        protocol->kinds[eating[i]].lingering_unventilated_min = tiny_value(30);
}

static inline wf_protocol *tiny_protocol(void)
{
    static const double profile[] = {.4, .8, 1,   1,  1,   .8,  .6, .4,
                                     .3, .2, .15, .1, .05, .03, .02};
    wf_protocol *protocol = calloc(1, sizeof *protocol);
    if (protocol == NULL)
        abort();
    protocol->name = "tiny";
    protocol->incubation_min_d = tiny_value(1);
    protocol->incubation_max_d = tiny_value(14);
    protocol->incubation_meanlog = tiny_value(1.621);
    protocol->incubation_sdlog = tiny_value(0.418);
    protocol->latent_d = tiny_value(3.9);
    protocol->lists_secondary = true;
    protocol->crowd_people_per_hour = tiny_value(300);
    protocol->asymptomatic_factor = tiny_value(1.0 / 7);
    protocol->presymptomatic_factor = tiny_value(2.0 / 3);
    protocol->encounter_hazard_per_h = tiny_value(.0407);
    protocol->encounter_hazard_low_per_h = tiny_value(.0136);
    protocol->encounter_hazard_high_per_h = tiny_value(.122);
    protocol->encounter_near_minutes = tiny_value(10);
    protocol->guessed_factor = tiny_value(0.5);
    protocol->infectiousness.first_day = -4;
    protocol->infectiousness.days = sizeof profile / sizeof *profile;
    memcpy(protocol->infectiousness.values, profile, sizeof profile);
    tiny_protocol_rules(protocol);
    return protocol;
}

#endif
