// How work on a case goes on: what it was found to be, what is known of it, whether the
// person is set apart and cared for, what came of it. Each is a fact of its own time, and
// nobody types a state.
#include "desk/cases/kinds.h"
#include "desk/declare.h"

enum { lineage_bytes_max = 63, laboratory_bytes_max = 63 };

static const char *const milestone_words[] = {"first_facts",     "core_report",
                                              "contacts_listed", "source_search",
                                              "full_report",     NULL};
// How it got into the city or the chain; named by whoever searched.
static const char *const origin_words[] = {"imported", "linked", "unknown", NULL};
static const char *const isolated_words[] = {"hospital", "site", "home", "elsewhere",
                                             NULL};
static const char *const care_words[] = {"hospital", "site", "home", "none_needed", NULL};
static const char *const outcome_words[] = {"recovered", "died", "moved_away", "lost",
                                            NULL};
static const char *const severity_words[] = {"none",   "mild",     "moderate",
                                             "severe", "critical", NULL};

#define CASE_ID                                                                          \
    {                                                                                    \
        ID_OF("case", "病例编号", "the case's id"), .required = true                     \
    }
#define OUTBREAK_ID ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")
#define WORK_ROLES (ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(MEDIC))

static const wf_column work_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
    {OUTBREAK_ID},
    {TIME_OF("classified_at", "最近分类时间", "classified, most recently"), LATEST},
    {TIME_OF("first_facts_at", "首次核实时间", "on site with the first facts"), EARLIEST},
    {TIME_OF("core_report_at", "核心信息报告时间", "core report"), EARLIEST},
    {TIME_OF("contacts_listed_at", "密接名单完成时间",
             "said to have all contacts listed"),
     EARLIEST},
    {TIME_OF("source_search_at", "溯源完成时间", "source searched for"), EARLIEST},
    {TIME_OF("full_report_at", "完整报告时间", "full report"), EARLIEST},
    {WORD_OF("origin", origin_words, "来源判定", "where it came from")},
    {ID_OF("linked_case", "关联病例编号", "the case it is linked to"), .indexed = true},
    {TIME_OF("set_apart_at", "首次隔离时间", "first set apart"), EARLIEST},
    {WORD_OF("isolated_in", isolated_words, "隔离方式", "where set apart")},
    {TIME_OF("treated_at", "首次救治决定时间", "first decision on treatment"), EARLIEST},
    {WORD_OF("care", care_words, "救治方式", "how cared for")},
    {WORD_OF("severity", severity_words, "病情", "severity")},
    {WORD_OF("outcome", outcome_words, "转归", "outcome")},
    {TIME_OF("outcome_at", "转归时间", "outcome known, most recently"), LATEST},
    {TEXT_OF("lineage", lineage_bytes_max, "基因型", "lineage")},
    {TIME_OF("sequenced_at", "测序完成时间", "first sequenced"), EARLIEST},
};
const wf_table wf_table_case_work = {
    .name = "case_work",
    COLUMNS(work_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "病例处置进度",
    .en = "how far work on a case is",
};

// Each sender's newest word, so that two investigators at one case do not overwrite one
// another unseen: in `cases` and `case_work` the newest of all holds.
static const wf_column teller_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方", "who said so"), KEY},
    {TIME_OF("onset", "发病时间", "onset")},
    {WORD_OF("origin", origin_words, "来源判定", "where it came from")},
    {ID_OF("linked_case", "关联病例编号", "the case it is linked to")},
    {TIME_OF("told_at", "最近所述时间", "said, most recently"), LATEST},
};
const wf_table wf_table_case_teller = {
    .name = "case_teller",
    COLUMNS(teller_columns),
    .keys_count = 2,
    // Equal contents have come from other senders, or in other files.
    .in_digest = false,
    .zh = "各发送方对一个病例所述",
    .en = "what a sender said of a case",
};

// ---- what it was found to be ----

static const wf_column classified_fields[] = {
    CASE_ID,
    {WORD_OF("classification", wf_classification_words, "病例分类", "classification"),
     .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
    {OUTBREAK_ID},
};
static const wf_column_source classified_cases[] = {
    FROM("case_id", "case"), SAME("classification"), SAME("outbreak")};
static const wf_column_source classified_work[] = {
    FROM("case_id", "case"), SAME("outbreak"), FROM("classified_at", "@at")};
static const wf_projection classified_projections[] = {
    {&wf_table_cases, .each = NULL, SOURCES(classified_cases)},
    {&wf_table_case_work, .each = NULL, SOURCES(classified_work)},
};
static const wf_naming case_classified_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_classified = {
    .name = "case.classified",
    .number = 102,
    .keep = WF_KEEP_CASE,
    FIELDS(classified_fields),
    PROJECTIONS(classified_projections),
    .roles = WORK_ROLES,
    NAMES(case_classified_names),
    .zh = "判定病例分类",
    .en = "it was decided what a case is",
};

// ---- what is known of it ----

static const wf_column investigated_fields[] = {
    CASE_ID,
    {WORD_OF("milestone", milestone_words, "调查进度", "what is done"), .required = true},
    {WORD_OF("origin", origin_words, "来源判定", "where it came from")},
    {ID_OF("linked_case", "关联病例编号", "the case it is linked to")},
    {TEXT_OF("summary", WF_TEXT_BYTES_MAX, "摘要", "in a sentence"), .personal = true},
    {OUTBREAK_ID},
};
#define MILESTONE(of_column, word)                                                       \
    {                                                                                    \
        .column = (of_column), .field = "@at", .if_field = "milestone",                  \
        .if_word = (word)                                                                \
    }
static const wf_column_source investigated_work[] = {
    FROM("case_id", "case"),
    SAME("outbreak"),
    MILESTONE("first_facts_at", "first_facts"),
    MILESTONE("core_report_at", "core_report"),
    MILESTONE("contacts_listed_at", "contacts_listed"),
    MILESTONE("source_search_at", "source_search"),
    MILESTONE("full_report_at", "full_report"),
    SAME("origin"),
    SAME("linked_case"),
};
static const wf_column_source investigated_teller[] = {
    FROM("case_id", "case"), FROM("device", "@device"), SAME("origin"),
    SAME("linked_case"), FROM("told_at", "@at")};
static const wf_projection investigated_projections[] = {
    {&wf_table_case_work, .each = NULL, SOURCES(investigated_work)},
    {&wf_table_case_teller, .each = NULL, SOURCES(investigated_teller)},
};
static const wf_naming case_investigated_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("linked_case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_investigated = {
    .name = "case.investigated",
    .number = 103,
    .keep = WF_KEEP_CASE,
    FIELDS(investigated_fields),
    PROJECTIONS(investigated_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    NAMES(case_investigated_names),
    .zh = "病例调查到达一个节点",
    .en = "the investigation of a case came to a milestone",
};

// ---- set apart, cared for ----

static const wf_column isolated_fields[] = {
    CASE_ID,
    {WORD_OF("where", isolated_words, "隔离方式", "where set apart")},
    {PLACE_OF("place", "场所编号", "id of the place")},
    {OUTBREAK_ID},
};
static const wf_column_source isolated_cases[] = {
    FROM("case_id", "case"), FROM("isolated", "@at"), SAME("outbreak")};
static const wf_column_source isolated_work[] = {
    FROM("case_id", "case"), SAME("outbreak"), FROM("set_apart_at", "@at"),
    FROM("isolated_in", "where")};
static const wf_projection isolated_projections[] = {
    {&wf_table_cases, .each = NULL, SOURCES(isolated_cases)},
    {&wf_table_case_work, .each = NULL, SOURCES(isolated_work)},
};
static const wf_naming case_isolated_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("place", PLACE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_isolated = {
    .name = "case.isolated",
    .number = 104,
    .keep = WF_KEEP_CASE,
    FIELDS(isolated_fields),
    PROJECTIONS(isolated_projections),
    .roles = WORK_ROLES,
    NAMES(case_isolated_names),
    .zh = "病例已隔离",
    .en = "a case was set apart",
};

static const wf_column treated_fields[] = {
    CASE_ID,
    {WORD_OF("care", care_words, "救治方式", "how cared for"), .required = true},
    {WORD_OF("severity", severity_words, "病情", "severity")},
    {PLACE_OF("place", "医院编号", "id of the hospital")},
    {OUTBREAK_ID},
};
static const wf_column_source treated_work[] = {FROM("case_id", "case"), SAME("outbreak"),
                                                FROM("treated_at", "@at"), SAME("care"),
                                                SAME("severity")};
static const wf_projection treated_projections[] = {
    {&wf_table_case_work, .each = NULL, SOURCES(treated_work)},
};
static const wf_naming case_treated_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("place", PLACE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_treated = {
    .name = "case.treated",
    .number = 105,
    .keep = WF_KEEP_CASE,
    FIELDS(treated_fields),
    PROJECTIONS(treated_projections),
    .roles = WORK_ROLES,
    NAMES(case_treated_names),
    .zh = "决定如何救治病例（包括无需治疗）",
    .en = "it was decided how a case is treated, or that it need not be",
};

// ---- what came of it ----

static const wf_column outcome_fields[] = {
    CASE_ID,
    {WORD_OF("outcome", outcome_words, "转归", "outcome"), .required = true},
    {WORD_OF("severity", severity_words, "最重病情", "severity at its worst")},
    {OUTBREAK_ID},
};
static const wf_column_source outcome_cases[] = {
    FROM("case_id", "case"),
    SAME("outbreak"),
    {.column = "died", .field = "@at", .if_field = "outcome", .if_word = "died"},
};
static const wf_column_source outcome_work[] = {FROM("case_id", "case"), SAME("outbreak"),
                                                SAME("outcome"), SAME("severity"),
                                                FROM("outcome_at", "@at")};
static const wf_projection outcome_projections[] = {
    {&wf_table_cases, .each = NULL, SOURCES(outcome_cases)},
    {&wf_table_case_work, .each = NULL, SOURCES(outcome_work)},
};
static const wf_naming case_outcome_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_outcome = {
    .name = "case.outcome",
    .number = 106,
    .keep = WF_KEEP_CASE,
    FIELDS(outcome_fields),
    PROJECTIONS(outcome_projections),
    .roles = WORK_ROLES,
    NAMES(case_outcome_names),
    .zh = "病例的转归",
    .en = "what became of a case",
};

static const wf_column sequenced_fields[] = {
    CASE_ID,
    {TEXT_OF("lineage", lineage_bytes_max, "基因型", "lineage"), .required = true},
    {ID_OF("tube", "采样管编号", "the tube it was read from")},
    {TEXT_OF("laboratory", laboratory_bytes_max, "测序机构", "laboratory")},
    {TEXT_OF("accession", WF_ID_BYTES_MAX, "序列登记号", "accession number")},
    {OUTBREAK_ID},
};
static const wf_column_source sequenced_work[] = {FROM("case_id", "case"),
                                                  SAME("outbreak"), SAME("lineage"),
                                                  FROM("sequenced_at", "@at")};
static const wf_projection sequenced_projections[] = {
    {&wf_table_case_work, .each = NULL, SOURCES(sequenced_work)},
};
static const wf_naming case_sequenced_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("tube", TUBE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_sequenced = {
    .name = "case.sequenced",
    .number = 107,
    .keep = WF_KEEP_CASE,
    FIELDS(sequenced_fields),
    PROJECTIONS(sequenced_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(LAB),
    NAMES(case_sequenced_names),
    .zh = "病例样本完成测序",
    .en = "a case's sample was sequenced",
};
