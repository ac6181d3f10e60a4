#include "desk/cases/kinds.h"

#include "desk/declare.h"

// As with people: the columns of the file first, what comes later at the end by hand.
static const wf_column case_fields[] = {
    {ID_OF("case", "病例编号", "the case's id"), .required = true},
#include "model/columns/case.def"
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
};
static const wf_column case_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
#include "model/columns/case.def"
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
    {TIME_OF("first_told_at", "首次报告时间", "first told of"), EARLIEST},
};
const wf_table wf_table_cases = {
    .name = "cases",
    COLUMNS(case_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "病例",
    .en = "a case",
};

static const wf_column_source reported_sources[] = {
    FROM("case_id", "case"),
    SAME("person"),
    SAME("reported"),
    SAME("onset"),
    SAME("onset_kind"),
    SAME("sampled"),
    SAME("symptomatic"),
    SAME("isolated"),
    SAME("last_negative"),
    SAME("classification"),
    SAME("died"),
    SAME("buried"),
    SAME("outbreak"),
    FROM("first_told_at", "@at"),
};
static const wf_projection reported_projections[] = {
    {&wf_table_cases, .each = NULL, SOURCES(reported_sources)},
};
const wf_kind wf_kind_case_reported = {
    .name = "case.reported",
    .number = 100,
    .keep = WF_KEEP_CASE,
    FIELDS(case_fields),
    PROJECTIONS(reported_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(LAB) | ROLE(MEDIC),
    .where = "person",
    .zh = "报告一个病例，或更新其资料",
    .en = "a case was reported, or what is known of it changed",
};
