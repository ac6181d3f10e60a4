// A case as the look-ups need it: who, and the events that windows are made of.
#ifndef WF_MODEL_CASE_H
#define WF_MODEL_CASE_H

#include "base/time.h"
#include "model/ids.h"

typedef enum {
    WF_CASE_SUSPECTED,
    WF_CASE_PROBABLE,
    WF_CASE_CONFIRMED,
    WF_CASE_ASYMPTOMATIC,
    WF_CASE_NOT_A_CASE,
    WF_CASE_UNCLASSIFIED
} wf_case_class;

// Times are WF_TIME_NONE when not known. onset_kind is the word of the file ("",
// "rash", "fever" …).
typedef struct {
    wf_person person;
    weft_time reported, onset, sampled, isolated, last_negative, died, buried;
    wf_text onset_kind;
    int symptomatic; // 1 yes, 0 no, −1 not said
    wf_case_class classification;
} wf_case;

#endif
