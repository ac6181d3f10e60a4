// Dates that are possible and look wrong, and a case without symptoms that says it has
// them: asked about, never refused and never changed.
//
// Of a report of a case (case.reported), for which the clock runs and whose onset opens
// the window of its contacts:
//
//   swapped   a time that lies after the fact itself, or more than 60 days before the
//             report, where the same date with day and month swapped does neither:
//             2021-11-12 of a case reported on 13 December 2021 is 12 November, or
//             somebody's 11 December ("case.date_swapped", which names the other date)
//   ahead     an onset after the fact that says it ("case.onset_future")
//   late      an onset after the report ("case.onset_after_report"): symptoms may begin
//             then, or a date is wrong
//   isolated  an isolation on a day before the onset ("case.isolated_before_onset"): the
//             window in which it met contacts is the shorter for it. Of case.isolated it
//             is asked where it is sent (desk/cases/isolation_check.h)
//   symptoms  a classification "asymptomatic" beside symptoms or an onset, where the
//             dates are not asked about ("case.asymptomatic_symptoms")
//
// 60 days: four times the longest incubation that any edition of a protocol here counts
// with (14 days), and room for a report that comes late; what is older is a date of
// another illness, or a mistake.
//
// Of all other facts that say a time beside their own (doubt.c lists them): stays,
// encounters, exposures, notices, presence; ends of orders, custody, assignments, tasks
// and shifts. What a fact tells of has been as a rule, and not long ago; what it sets
// lies ahead, and not far:
//
//   swapped   a time that lies more than 60 days from the fact, or on its wrong side,
//   where
//             the same date with day and month swapped does neither ("fact.date_swapped")
//   ahead     something told of that lies more than 10 minutes after the fact that tells
//   it
//             ("fact.date_future"); the 10 minutes are those of a sender's clock
//
// Facts without a time of their own (a contact reached, a sample, a case isolated) happen
// when they are said, `at`: it comes from a clock, and is refused when it lies ahead.
//
// Threads: all functions may run in parallel.
#ifndef WF_LOAD_DOUBT_H
#define WF_LOAD_DOUBT_H

#include "base/time.h"
#include "model/fact.h"

// Whether something is to be asked about the fact, of which *ret is then a warning as a
// reply gives it: code, field and its parameters; its status is WEFT_BAD_INPUT.
bool wf_doubt_of(const wf_fact *fact, const wf_zone *zone, weft_error *ret);

#endif
