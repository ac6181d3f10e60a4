// What a row of a list says of a tube: that a laboratory received it, and what came of
// it. Of these only what does not stand is told. Only for files of src/load.
#ifndef WF_LOAD_TUBE_FACTS_H
#define WF_LOAD_TUBE_FACTS_H

#include "load/fact_rows.h"

typedef struct {
    wf_value tube, received, result, resulted, lab, ct;
} wf_tube_row;

// The words of the kinds' field `result` (desk/testing); a fact is checked by its kind as
// well. Ended by NULL.
extern const char *const wf_tube_result_words[];

enum { WF_TUBE_LAB_BYTES_MAX = 63, WF_TUBE_CT_MAX = 60 };

// The table of tubes, for a list's `stand`; `field`: which column of the list is the
// tube.
#define WF_STOOD_TUBES(field)                                                            \
    {                                                                                    \
        "sample.collected", 1, {"tube_id", NULL}, "tube_id", field                       \
    }

// The tube as it stands; NULL: nothing is known of it, or nothing stands at all (`tubes`
// NULL).
const wf_stood *wf_tube_stood(const wf_stood_rows *tubes, wf_text tube);

// Adds tube.received, where the row says when, and tube.resulted where it has a result;
// result.corrected where another one stands that is not newer. `at`: of a row that does
// not say when.
void wf_tube_facts(const wf_stood_rows *tubes, const wf_kinds *kinds,
                   const wf_tube_row *row, weft_time at, wf_row_facts *to);

#endif
