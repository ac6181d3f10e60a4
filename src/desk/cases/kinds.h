// Cases as they were reported.
#ifndef WF_DESK_CASES_KINDS_H
#define WF_DESK_CASES_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_case_reported;
extern const wf_kind wf_kind_case_vouched;
extern const wf_table wf_table_cases;        // one row a case
extern const wf_table wf_table_case_voucher; // one row a word that a case is one

#endif
