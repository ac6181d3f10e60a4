// Samples, tubes, results.
#ifndef WF_DESK_TESTING_KINDS_H
#define WF_DESK_TESTING_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_sample_collected;
extern const wf_kind wf_kind_tube_sealed;
extern const wf_kind wf_kind_tube_received;
extern const wf_kind wf_kind_tube_resulted;
extern const wf_kind wf_kind_result_corrected;

extern const wf_table wf_table_sample; // one row a person in a tube
extern const wf_table wf_table_tube;
extern const wf_table wf_table_lab_day;

#endif
