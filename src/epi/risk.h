// Open risk: how many of the contacts for whom something is still owed may be infected
// without anybody knowing. An interval, never one figure, and hidden chains are not in
// it: whoever was infected and is on no list, and all that follow from them.
//
// Method (docs/methods/open-risk.md). Who is infected among contacts under follow-up, and
// has not shown it yet, is taken as attack rate × share of incubations that are longer:
// Reich, Lessler, Varma & Vora 2018, Sci Rep 8:1093, doi 10.1038/s41598-018-19406-x; so
// used for COVID-19 by Lauer et al. 2020, Ann Intern Med 172:577.
//
//   attack rate  of the contacts of this level in this outbreak whose outcome is known.
//                Whoever is followed and is no case yet counts by the share of
//                incubations that would be over: the correction for what is not observed
//                yet of Nishiura et al. 2009, PLoS ONE 4:e6852. Jeffreys' interval, with
//                0 and 1 as ends where no, or every, contact became a case (Brown, Cai &
//                DasGupta 2001, Stat Sci 16:101). Where nothing is known it is 0 to 1.
//   least        by its lower end, of those whose infection would still be hidden: all
//                who could have shown it are taken to have done so and been seen.
//   most         by its upper end, of everybody open: whom nobody watches, or who is
//                infected without symptoms, shows nothing, however long ago it was.
//   chance       a sum of unlike yes-or-nos lies, beyond its mean, within what a Poisson
//                variable of the same mean may be (Anderson & Samuels 1967, Proc 5th
//                Berkeley Symp 1:1), so that its quantiles are on the safe side.
//
// Both ends of both steps stand at 1.25 %, so that all together miss in at most 5 of 100
// outbreaks (Bonferroni), if contacts of a level are alike: that is assumed.
//
// Laws (test/prop/risk_prop.c): 0 to 0 where nothing is open; one more who is open lowers
// neither end; less known of the outcomes narrows nothing; no more than are open.
//
// Threads: all functions may run in parallel.
#ifndef WF_EPI_RISK_H
#define WF_EPI_RISK_H

#include <stdint.h>

#include "model/protocol.h"

// Of the contacts of one level.
typedef struct {
    uint64_t open;  // at most WF_RISK_OPEN_MAX
    double hidden;  // sum over them of the share of infections still hidden, 0 to open
    uint64_t cases; // contacts who became cases
    double clear;   // sum over those followed who did not, of the share that would show
} wf_risk_counts;

#define WF_RISK_OPEN_MAX UINT64_C(100000000)

// People; least <= most <= open.
typedef struct {
    uint64_t least, most;
} wf_risk_interval;

wf_risk_interval wf_risk_of(const wf_risk_counts *counts);

// Share of infections that have shown themselves `days` after exposure, 0 to 1: the
// edition's log-normal incubation, cut at its maximum, else evenly from its minimum to
// its maximum. Symptoms only: who never has any is not in it.
double wf_risk_shown(const wf_protocol *protocol, double days);

#endif
