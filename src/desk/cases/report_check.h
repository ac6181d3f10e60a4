// What somebody who reports something of themselves is answered at once (MISSION T5),
// from what was published and from nothing else: a place of exposure that nobody has
// published is not to be found out by reporting to have been there (R7). So the answer
// never says that there is no risk; where nothing was published it says that people will
// answer, and the report stays a hole until they do (self.answered).
#ifndef WF_DESK_CASES_REPORT_CHECK_H
#define WF_DESK_CASES_REPORT_CHECK_H

#include "store/store.h"

// self.reported; false for every other kind.
bool wf_report_is(const wf_kind *kind);

// The code of the catalogue that answers the report: "report.symptom" (symptoms go before
// all else), "report.published" (a notice that was published holds its place and time, as
// the rows say now), "report.noted". Static.
weft_status wf_report_answer(wf_numbers numbers, wf_database *rows, const wf_fact *report,
                             const char **ret, weft_error *error) WEFT_MUST_CHECK;

#endif
