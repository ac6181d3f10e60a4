#include "city/figures.h"

const uint32_t wf_age_thousands[WF_AGE_BANDS] = {
    83932, 86735, 84263, 82342, 87158, 97989, 128739, 100091, 96274, 119838, 123445,
    98740, 77514, 74150, 44950, 26545, 16181, 7582,   2305,   475,   75};

const uint32_t wf_household_per_mille[WF_HOUSEHOLD_SIZES] = {273, 263, 194, 142, 69,
                                                             40,  11,  4,   2,   2};

const uint16_t wf_contacts_home[WF_CONTACT_BANDS] = {
    158, 218, 264, 270, 327, 239, 243, 284, 333, 299, 137, 124, 77, 76, 40, 29};
const uint16_t wf_contacts_school[WF_CONTACT_BANDS] = {11, 107, 128, 189, 24, 16, 20, 16,
                                                       20, 31,  31,  31,  10, 3,  3,  1};
const uint16_t wf_contacts_work[WF_CONTACT_BANDS] = {
    0, 0, 12, 209, 426, 604, 565, 602, 630, 511, 560, 375, 134, 0, 0, 0};
const uint16_t wf_contacts_all[WF_CONTACT_BANDS] = {585,  777,  945,  1567, 1870, 1556,
                                                    1408, 1569, 1614, 1284, 1102, 1016,
                                                    591,  354,  284,  160};

const wf_kind_figures wf_kind_figure[WF_PLACE_KIND_COUNT] = {
    [WF_PLACE_HOUSEHOLD] = {"HH", 0, 0, 90, 0, 0},
    [WF_PLACE_ROOM] = {"RM", 300, 2, 25, 0, 60},
    [WF_PLACE_CLASS] = {"CL", 0, 0, 60, 0, 0},
    [WF_PLACE_OFFICE] = {"OF", 0, 0, 120, 0, 0},
    [WF_PLACE_CANTEEN] = {"CT", 0, 0, 200, 0, 0},
    [WF_PLACE_SHOP] = {"SH", 150, 2, 60, 8, 8},
    [WF_PLACE_MARKET] = {"MK", 8000, 2, 1500, 40, 5},
    [WF_PLACE_RESTAURANT] = {"RS", 400, 4, 120, 25, 25},
    [WF_PLACE_ENTERTAINMENT] = {"EN", 3000, 2, 300, 30, 30},
    [WF_PLACE_BUS] = {"BU", 600, 2, 30, 0, 25},
    [WF_PLACE_COACH] = {"CO", 8000, 2, 30, 0, 100},
    [WF_PLACE_TRAIN] = {"TR", 8000, 2, 600, 0, 100},
    [WF_PLACE_AIRCRAFT] = {"AI", 40000, 1, 100, 0, 100},
    [WF_PLACE_SHIP] = {"SP", 100000, 1, 400, 0, 100},
    [WF_PLACE_LIFT] = {"LI", 1000, 1, 3, 0, 0},
    [WF_PLACE_HALL] = {"HA", 6000, 2, 5000, 60, 10},
    [WF_PLACE_CLINIC] = {"QC", 5000, 1, 400, 40, 5},
    [WF_PLACE_ISOLATION] = {"IS", 100000, 1, 3000, 0, 100},
    [WF_PLACE_OPENAIR] = {"OA", 4000, 2, 20000, 20, 5},
    [WF_PLACE_OTHER] = {"OT", 4000, 2, 200, 10, 10},
};
