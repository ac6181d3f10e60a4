#include "desk/kinds.h"

#include "desk/cases/kinds.h"
#include "desk/command/kinds.h"
#include "desk/declare.h"
#include "desk/order/kinds.h"
#include "desk/register/kinds.h"
#include "desk/testing/kinds.h"
#include "desk/tracing/kinds.h"

static const wf_kind *const kinds[] = {
    &wf_kind_person_registered,    &wf_kind_person_present,
    &wf_kind_person_absent,        &wf_kind_person_same,
    &wf_kind_person_not_same,      &wf_kind_place_registered,
    &wf_kind_grid_renamed,         &wf_kind_device_enrolled,
    &wf_kind_device_revoked,       &wf_kind_user_added,
    &wf_kind_user_changed,         &wf_kind_user_removed,
    &wf_kind_token_issued,         &wf_kind_token_revoked,
    &wf_kind_user_secret_set,      &wf_kind_assignment_given,
    &wf_kind_assignment_ended,     &wf_kind_custody_given,
    &wf_kind_custody_taken,        &wf_kind_custody_ended,
    &wf_kind_outbreak_declared,    &wf_kind_outbreak_ended,
    &wf_kind_line_refused,         &wf_kind_fact_withdrawn,
    &wf_kind_sender_checked,       &wf_kind_sender_clock,
    &wf_kind_visits_received,      &wf_kind_visit_stated,
    &wf_kind_encounter_named,      &wf_kind_case_reported,
    &wf_kind_sample_collected,     &wf_kind_tube_sealed,
    &wf_kind_tube_resulted,        &wf_kind_result_corrected,
    &wf_kind_tube_received,        &wf_kind_order_issued,
    &wf_kind_order_lifted,         &wf_kind_look_made,
    &wf_kind_look_refused,         &wf_kind_look_reviewed,
    &wf_kind_export_requested,     &wf_kind_export_released,
    &wf_kind_export_delivered,     &wf_kind_case_vouched,
    &wf_kind_case_classified,      &wf_kind_case_investigated,
    &wf_kind_case_isolated,        &wf_kind_case_treated,
    &wf_kind_case_outcome,         &wf_kind_case_sequenced,
    &wf_kind_exposure_recorded,    &wf_kind_environment_sampled,
    &wf_kind_immunity_recorded,    &wf_kind_place_exposed,
    &wf_kind_place_listed,         &wf_kind_notice_published,
    &wf_kind_self_reported,        &wf_kind_self_answered,
    &wf_kind_contact_named,        &wf_kind_contact_confirmed,
    &wf_kind_contact_dismissed,    &wf_kind_contact_unidentified,
    &wf_kind_contact_identified,   &wf_kind_contact_attempted,
    &wf_kind_contact_reached,      &wf_kind_contact_placed,
    &wf_kind_contact_tested,       &wf_kind_prophylaxis_given,
    &wf_kind_contact_converted,    &wf_kind_letter_sent,
    &wf_kind_letter_received,      &wf_kind_letter_answered,
    &wf_kind_task_assigned,        &wf_kind_task_accepted,
    &wf_kind_task_returned,        &wf_kind_instruction_received,
    &wf_kind_instruction_answered, &wf_kind_post_held,
    &wf_kind_shift_handed_over,
};

static const wf_table *const tables[] = {
    &wf_table_person,
    &wf_table_person_same,
    &wf_table_place,
    &wf_table_grid,
    &wf_table_device,
    &wf_table_users,
    &wf_table_token,
    &wf_table_user_secret,
    &wf_table_assignment,
    &wf_table_custody,
    &wf_table_outbreak,
    &wf_table_refused_line,
    &wf_table_sender,
    &wf_table_delivery,
    &wf_table_cases,
    &wf_table_sample,
    &wf_table_tube,
    &wf_table_orders,
    &wf_table_order_person,
    &wf_table_order_reason,
    &wf_table_look,
    &wf_table_look_pace,
    &wf_table_look_review,
    &wf_table_exports,
    &wf_table_case_voucher,
    &wf_table_case_work,
    &wf_table_exposure,
    &wf_table_environment_sample,
    &wf_table_immunity,
    &wf_table_exposure_place,
    &wf_table_notice,
    &wf_table_self_report,
    &wf_table_contact,
    &wf_table_contact_follow,
    &wf_table_contact_unidentified,
    &wf_table_letter,
    &wf_table_letter_person,
    &wf_table_task,
    &wf_table_instruction,
    &wf_table_post_holder,
    &wf_table_handover,
    &wf_table_lab_day,
    &wf_table_case_teller,
};

const wf_kinds *wf_desk_kinds(void)
{
    static const wf_kinds all = {kinds, COUNT_OF(kinds), tables, COUNT_OF(tables)};
    return &all;
}
