// What the register is made of: people, places, grids, outbreaks; who may send; what was
// refused, withdrawn, delivered.
#ifndef WF_DESK_REGISTER_KINDS_H
#define WF_DESK_REGISTER_KINDS_H

#include "model/kind.h"

extern const wf_kind wf_kind_person_registered;
extern const wf_kind wf_kind_person_present;
extern const wf_kind wf_kind_person_absent;
extern const wf_kind wf_kind_person_same;
extern const wf_kind wf_kind_person_not_same;
extern const wf_kind wf_kind_place_registered;
extern const wf_kind wf_kind_grid_renamed;
extern const wf_kind wf_kind_outbreak_declared;
extern const wf_kind wf_kind_outbreak_ended;

extern const wf_kind wf_kind_device_enrolled;
extern const wf_kind wf_kind_device_revoked;
extern const wf_kind wf_kind_user_added;
extern const wf_kind wf_kind_user_changed;
extern const wf_kind wf_kind_user_removed;
extern const wf_kind wf_kind_token_issued;
extern const wf_kind wf_kind_token_revoked;
extern const wf_kind wf_kind_user_secret_set;
extern const wf_kind wf_kind_assignment_given;
extern const wf_kind wf_kind_assignment_ended;
extern const wf_kind wf_kind_custody_given;
extern const wf_kind wf_kind_custody_taken;
extern const wf_kind wf_kind_custody_ended;
extern const wf_kind wf_kind_line_refused;
extern const wf_kind wf_kind_fact_withdrawn;
extern const wf_kind wf_kind_sender_checked;
extern const wf_kind wf_kind_sender_clock;

extern const wf_kind wf_kind_look_made;
extern const wf_kind wf_kind_look_refused;
extern const wf_kind wf_kind_look_reviewed;
extern const wf_kind wf_kind_export_requested;
extern const wf_kind wf_kind_export_released;
extern const wf_kind wf_kind_export_delivered;

extern const wf_kind wf_kind_visits_received;
extern const wf_kind wf_kind_visit_stated;
extern const wf_kind wf_kind_encounter_named;

// One row a person, place, grid, outbreak, device, user.
extern const wf_table wf_table_person;
extern const wf_table wf_table_place;
extern const wf_table wf_table_grid;
extern const wf_table wf_table_outbreak;
extern const wf_table wf_table_device;
extern const wf_table wf_table_users;
// One row a token, a user with a secret, an assignment, a custody.
extern const wf_table wf_table_token;
extern const wf_table wf_table_user_secret;
extern const wf_table wf_table_assignment;
extern const wf_table wf_table_custody;
// One row a pair that somebody compared: same, or not the same.
extern const wf_table wf_table_person_same;
// One row a refused line of a known (device, seq); one a delivery.
extern const wf_table wf_table_refused_line;
extern const wf_table wf_table_sender; // one whose book was looked into
extern const wf_table wf_table_delivery;
// One row an answer that showed people, or was refused; an hour of somebody's looking;
// one that the auditor reviewed. Whom an answer showed is in no row.
extern const wf_table wf_table_look;
extern const wf_table wf_table_look_pace;
extern const wf_table wf_table_look_often;    // a day of looks at one person each
extern const wf_table wf_table_look_refusals; // an hour of what somebody was refused
extern const wf_table wf_table_look_review;
extern const wf_table wf_table_exports; // one that takes two people

#endif
