#include "desk/cases/kinds.h"

#include "desk/declare.h"

// As with people: the columns of the file first, what comes later at the end by hand.
static const char *const source_words[] = {"lab", "clinic", "screening", "self", NULL};

static const wf_column case_fields[] = {
    {ID_OF("case", "病例编号", "the case's id"), .required = true},
#include "model/columns/case.def"
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
    {WORD_OF("source", source_words, "发现途径", "how it was found")},
    {TIME_OF("first_care_at", "首次就诊时间", "first sought care")},
    {TIME_OF("resulted_at", "首次阳性结果时间", "first positive result")},
    {ID_OF("tube", "首次阳性采样管编号", "the tube of the first positive sample")},
#include "model/columns/case_numbers.def"
};
static const wf_column case_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
#include "model/columns/case.def"
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
    {TIME_OF("first_told_at", "首次报告时间", "first told of"), EARLIEST},
    {WORD_OF("source", source_words, "发现途径", "how it was found")},
    {TIME_OF("first_care_at", "首次就诊时间", "first sought care")},
    {GRID_OF("报告所在网格", "grid where it was reported")},
    {TIME_OF("resulted_at", "首次阳性结果时间", "first positive result")},
    {ID_OF("tube", "首次阳性采样管编号", "the tube of the first positive sample")},
#include "model/columns/case_numbers.def"
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
    SAME("source"),
    SAME("first_care_at"),
    FROM("grid", "@grid"),
    SAME("resulted_at"),
    SAME("tube"),
    SAME("known_as"),
    SAME("known_as_too"),
};
static const wf_column_source reported_teller[] = {FROM("case_id", "case"),
                                                   FROM("device", "@device"),
                                                   SAME("onset"), FROM("told_at", "@at")};
static const wf_projection reported_projections[] = {
    {&wf_table_cases, .each = NULL, SOURCES(reported_sources)},
    {&wf_table_case_teller, .each = NULL, SOURCES(reported_teller)},
};
// Whoever is found to be a case lives where they live: a visitor is reported where they
// lie ill. What stands of a case is changed by those whose case it is.
static const wf_naming case_reported_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
    ANY("tube", TUBE),
};
const wf_kind wf_kind_case_reported = {
    .name = "case.reported",
    .number = 100,
    .keep = WF_KEEP_CASE,
    FIELDS(case_fields),
    PROJECTIONS(reported_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(LAB) | ROLE(MEDIC),
    .where = "person",
    NAMES(case_reported_names),
    .zh = "报告一个病例，或更新其资料",
    .en = "a case was reported, or what is known of it changed",
};

// Where the laboratory has not spoken yet, two people together answer for a case being
// one, so that tracing may begin: two senders, and two persons who say so of themselves.
enum { voucher_bytes_max = 64 };

static const wf_column voucher_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
    {TEXT_OF("fact", WF_FACT_TEXT_MAX, "担保记录", "the fact that says so"), KEY},
    {TEXT_OF("vouched_by", voucher_bytes_max, "担保人", "who answers for it")},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why, in words"), .personal = true},
    {TIME_OF("vouched_at", "担保时间", "said"), EARLIEST},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
};
const wf_table wf_table_case_voucher = {
    .name = "case_voucher",
    COLUMNS(voucher_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "对病例的担保",
    .en = "somebody's word that a case is one",
};

static const wf_column vouched_fields[] = {
    {ID_OF("case", "病例编号", "the case's id"), .required = true},
    {TEXT_OF("by", voucher_bytes_max, "担保人", "who answers for it"), .required = true},
    {TEXT_OF("because", WF_TEXT_BYTES_MAX, "理由", "why, in words"), .required = true,
     .personal = true},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
};
static const wf_column_source vouched_sources[] = {
    FROM("case_id", "case"),   FROM("fact", "@fact"),     FROM("vouched_by", "by"),
    FROM("reason", "because"), FROM("vouched_at", "@at"), SAME("outbreak")};
static const wf_projection vouched_projections[] = {
    {&wf_table_case_voucher, .each = NULL, SOURCES(vouched_sources)},
};
static const wf_naming case_vouched_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_vouched = {
    .name = "case.vouched",
    .number = 101,
    .keep = WF_KEEP_CASE,
    FIELDS(vouched_fields),
    PROJECTIONS(vouched_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(MEDIC),
    NAMES(case_vouched_names),
    .zh = "担保一例尚无检测依据的病例，以便开始追踪",
    .en = "somebody answers for a case without laboratory evidence, so that tracing may "
          "begin",
};
