// Facts as somebody posts them: lines, judged before the writer sees them by their own
// form (wire/facts.h), by who sends them (access/rights/scope.h) and by what they name
// (access/rights/named.h).
//
// A fact that names no grid lies where its kind says (the place or person of its field
// `where`, if the register knows them), else in its sender's grid: that is put into its
// envelope when it comes first, and a repeat is not compared by it. So a row of it is
// found by those who work there.
//
// A line that is refused fills its number in the book of its sender, if it is theirs and
// not beyond the greatest ("access.seq").
#ifndef WF_ACCESS_RIGHTS_FACT_ACCESS_H
#define WF_ACCESS_RIGHTS_FACT_ACCESS_H

#include "access/accounts/accounts.h"
#include "access/shared/shared.h"

#define WF_POST_LINES_MAX 5000
// The greatest number of a line (2^53 - 1): what is greater, programs that read JSON's
// numbers as doubles, browsers among them, do not read as it is.
#define WF_POST_SEQ_MAX INT64_C(9007199254740991)

typedef struct {
    wf_shared *shared;
    const weft_city *city; // its words
    wf_accounts *accounts;
    const wf_actor *actor;
} wf_fact_access;

// Judges the lines of a body (NDJSON; empty lines are none). All of *ret lives in the
// arena, which needs some 3 KiB a line; raw lines are borrowed from `body`. More than
// WF_POST_LINES_MAX: WEFT_TOO_LARGE ("facts.too_many"). Refused lines are no failure.
weft_status wf_facts_judge(const wf_fact_access *by, wf_text body, wf_arena *arena,
                           wf_post_line **ret, size_t *ret_count,
                           weft_error *error) WEFT_MUST_CHECK;

#endif
