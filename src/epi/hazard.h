// Probability of infection from time together (docs/methods/ranking.md).
//
// Method: P = 1 − exp(−Σ hazard · hours · infectiousness(day) · crowding · ventilation ·
// certainty). The hazard of a kind of place is its rate per hour near a symptomatic case
// at the peak of infectiousness, set so that the published secondary attack rates come
// out over a typical exposure (test/unit/epi/hazard_test.c does the sum). Where no
// figure was read it has sureness D.
//
// The numbers of this file that no protocol holds are sureness D, source weft-default:
//   wf_hazard_shared_people  how many people share the air of one case at most: in a
//                            place of n people (or m², where known) the rate falls as
//                            50 / n. Why: in a hall nobody is near everybody, and the
//                            number infected there does not grow with the number present.
//   ventilated ½, not ventilated 2 (the lingering air of bad ventilation, doubled once)
//   lingering ¼: after the case left; 0.075 % for the later user of a train seat against
//   0.32 % for those around it (Hu et al. 2021, as reported by its university).
#ifndef WF_EPI_HAZARD_H
#define WF_EPI_HAZARD_H

#include "base/time.h"
#include "epi/unit.h"
#include "model/protocol.h"

// A value with the range of its source.
typedef struct {
    double mid, low, high;
} wf_range;

extern const double wf_hazard_shared_people;
extern const double wf_hazard_lingering;

// Infectiousness on a day relative to onset (asymptomatic: to the first positive
// sample), as a share of a symptomatic case's peak. INT_MIN: day not known, the peak.
// `symptomatic` 1 yes, 0 no, −1 not said (taken as yes). Without symptoms the edition's
// asymptomatic factor applies, else before onset the presymptomatic one.
double wf_hazard_infectiousness(const wf_protocol *protocol, int days_from_onset,
                                int symptomatic);

// How near two people were in one stretch of time.
typedef struct {
    wf_unit_verdict unit;
    bool adjacent;
    bool lingering; // the case had left
    bool guessed;   // an end was guessed
} wf_nearness;

// Weight of an hour so spent, without place and infectiousness: finer unit (outside it
// the rule's share; not known: the middle of both, D, because the level already takes the
// careful side), next seat, lingering, certainty.
double wf_hazard_nearness(const wf_protocol *protocol, const wf_place_rule *rule,
                          const wf_nearness *nearness);

// Weight of the place: `people` present beside the case in that hour, ventilation (1, 0,
// −1 not known), area in m² (0 not known).
double wf_hazard_place(uint64_t people, int ventilated, double area_m2);

// P of weighted hours at a rate per hour: 1 − exp(−rate · hours), mid, low and high.
wf_range wf_hazard_probability(wf_range per_h, double weighted_hours);
// The rates of a rule and of encounters.
wf_range wf_hazard_of_rule(const wf_place_rule *rule);
wf_range wf_hazard_of_encounter(const wf_protocol *protocol);
// P that at least one of two independent ways infected.
wf_range wf_hazard_either(wf_range a, wf_range b);

// ---- someone infected on day 0: when are they infectious ----

#define WF_HAZARD_COURSE_DAYS 96
typedef struct {
    // By whole days since infection: expected infectiousness (share of the peak), over
    // the edition's distribution of incubation; 0 before the latent period ends.
    double infectiousness[WF_HAZARD_COURSE_DAYS];
    // Share of all of it that is still ahead at the start of that day, 1 … 0.
    double ahead[WF_HAZARD_COURSE_DAYS];
} wf_hazard_course;

// Incubation: log-normal where the edition gives one (cut at its maximum), else equal
// weight to each day from minimum to maximum.
void wf_hazard_course_of(const wf_protocol *protocol, wf_hazard_course *ret);

#endif
