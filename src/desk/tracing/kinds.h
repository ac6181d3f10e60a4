// Contacts, from being named to being tested, and letters between regions.
#ifndef WF_DESK_TRACING_KINDS_H
#define WF_DESK_TRACING_KINDS_H

#include "model/kind.h"

// contacts.c
extern const wf_kind wf_kind_contact_named;
extern const wf_kind wf_kind_contact_confirmed;
extern const wf_kind wf_kind_contact_dismissed;
extern const wf_kind wf_kind_contact_unidentified;
extern const wf_kind wf_kind_contact_identified;
extern const wf_kind wf_kind_contact_attempted;
extern const wf_kind wf_kind_contact_reached;
extern const wf_kind wf_kind_contact_placed;
extern const wf_kind wf_kind_contact_tested;
extern const wf_kind wf_kind_prophylaxis_given;
extern const wf_kind wf_kind_contact_converted;
extern const wf_table wf_table_contact;        // one row a case and person
extern const wf_table wf_table_contact_follow; // one row an outbreak and person
extern const wf_table wf_table_contact_visit;  // one row a call or visit
extern const wf_table wf_table_contact_unidentified;

// reviews.c
extern const wf_kind wf_kind_contact_reviewed;
extern const wf_table wf_table_contact_review;      // one row a case and person
extern const wf_table wf_table_unidentified_review; // and an unidentified contact

// letters.c
extern const wf_kind wf_kind_letter_sent;
extern const wf_kind wf_kind_letter_received;
extern const wf_kind wf_kind_letter_answered;
extern const wf_table wf_table_letter;
extern const wf_table wf_table_letter_person;

#endif
