// The figures that a synthetic city is made of, each with its source.
#ifndef WF_CITY_FIGURES_H
#define WF_CITY_FIGURES_H

#include <stdint.h>

#include "model/place_kind.h"

// Age pyramid of China in bands of five years (0–4 … 95–99, 100 and over), thousands
// of people: the national population file that accompanies Prem et al. 2020, Lancet
// Public Health 5:e261 (repository kieshaprem/covid19-agestructureSEIR-wuhan-…).
enum { WF_AGE_BANDS = 21 };
extern const uint32_t wf_age_thousands[WF_AGE_BANDS];

// Family households by size (1 … 10 and over), per thousand: Fujian Statistical
// Yearbook 2021, table 3-6, census of 2020; mean 2.7, the nation's is 2.62.
enum { WF_HOUSEHOLD_SIZES = 10 };
extern const uint32_t wf_household_per_mille[WF_HOUSEHOLD_SIZES];

// Contacts a day of a person of each age band (0–4 … 75 and over), by setting, in
// hundredths: row sums of the matrices for China of Prem, Cook and Jit 2017, PLoS
// Comput Biol 13:e1005697 (CC BY). What the made city is compared with
// (docs/methods/city.md); nothing is fitted to it.
enum { WF_CONTACT_BANDS = 16 };
extern const uint16_t wf_contacts_home[WF_CONTACT_BANDS];
extern const uint16_t wf_contacts_school[WF_CONTACT_BANDS];
extern const uint16_t wf_contacts_work[WF_CONTACT_BANDS];
extern const uint16_t wf_contacts_all[WF_CONTACT_BANDS];

// One place of the kind for so many people, and at least so many in a city. 0 people:
// the number follows from the people (households, classes, offices, canteens). Invented
// so that hubs have thousands of visits a day at a million people.
typedef struct {
    const char *prefix; // of the external id: "RS" gives RS-0000012
    uint32_t people;
    uint32_t least;
    uint32_t area_m2;      // typical
    uint32_t hub_per_cent; // choices that go to the popular ones anywhere in the city
    uint32_t far_per_cent; // choices that go anywhere; the others stay near home
} wf_kind_figures;
extern const wf_kind_figures wf_kind_figure[WF_PLACE_KIND_COUNT];

#endif
