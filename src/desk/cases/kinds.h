// Cases: as they were reported, how work on them goes on, and what people were exposed
// to.
#ifndef WF_DESK_CASES_KINDS_H
#define WF_DESK_CASES_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_case_reported;
extern const wf_kind wf_kind_case_vouched;
extern const wf_table wf_table_cases;        // one row a case
extern const wf_table wf_table_case_voucher; // one row a word that a case is one

// progress.c
extern const wf_kind wf_kind_case_classified;
extern const wf_kind wf_kind_case_investigated;
extern const wf_kind wf_kind_case_isolated;
extern const wf_kind wf_kind_case_treated;
extern const wf_kind wf_kind_case_outcome;
extern const wf_kind wf_kind_case_sequenced;
extern const wf_table wf_table_case_work;   // one row a case: how far work on it is
extern const wf_table wf_table_case_teller; // one row a case and sender

// interviews.c
extern const wf_kind wf_kind_case_interviewed;
extern const wf_table wf_table_interview; // one row an interview

// exposures.c
extern const wf_kind wf_kind_exposure_recorded;
extern const wf_kind wf_kind_environment_sampled;
extern const wf_kind wf_kind_immunity_recorded;
extern const wf_kind wf_kind_place_exposed;
extern const wf_kind wf_kind_place_listed;
extern const wf_kind wf_kind_notice_published;
extern const wf_kind wf_kind_self_reported;
extern const wf_kind wf_kind_self_answered;
extern const wf_table wf_table_exposure;
extern const wf_table wf_table_environment_sample;
extern const wf_table wf_table_immunity;
extern const wf_table wf_table_exposure_place; // one row a case and place
extern const wf_table wf_table_notice;
extern const wf_table wf_table_self_report;

#endif
