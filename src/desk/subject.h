// What a decision is about (an order, an outbreak, an account), and how it stands when
// the decision is judged: by the rows, or by an earlier decision of the same send.
//
// Threads: one at a time.
#ifndef WF_DESK_SUBJECT_H
#define WF_DESK_SUBJECT_H

#include "store/store.h"

typedef enum {
    WF_SUBJECT_ORDER,
    WF_SUBJECT_OUTBREAK,
    WF_SUBJECT_DEVICE,
    WF_SUBJECT_USER,
    WF_SUBJECT_TOKEN,
    WF_SUBJECT_ASSIGNMENT,
    WF_SUBJECT_CUSTODY,
    WF_SUBJECT_COUNT
} wf_subject_class;

typedef enum {
    WF_SUBJECT_UNKNOWN, // never begun
    WF_SUBJECT_OVER,    // lifted, ended, revoked, removed
    WF_SUBJECT_GOES_ON
} wf_subject_state;

typedef struct wf_subjects wf_subjects;

weft_status wf_subjects_new(wf_subjects **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_subjects_free(wf_subjects *subjects); // NULL does nothing

// How `id` stands: as noted, else as the rows say. An order, assignment or custody that
// lies outside of the grid `area` is unknown there; of size 0: all are asked for.
weft_status wf_subjects_ask(wf_subjects *subjects, wf_database *rows,
                            wf_subject_class subject_class, wf_text id, wf_text area,
                            wf_subject_state *ret, weft_error *error) WEFT_MUST_CHECK;

// Notes how `id` stands, and in which grid, after a decision of the send under way; all
// notes go with it.
weft_status wf_subjects_note(wf_subjects *subjects, wf_subject_class subject_class,
                             wf_text id, wf_text grid, wf_subject_state state,
                             weft_error *error) WEFT_MUST_CHECK;
void wf_subjects_forget(wf_subjects *subjects);

#endif
