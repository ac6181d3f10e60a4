// Exposures that are no visit, places where a case was, what the public is told, and what
// people report of themselves.
#include "desk/cases/kinds.h"
#include "desk/declare.h"

enum { product_bytes_max = 63, advice_bytes_max = 1024 };

#define OUTBREAK_ID ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")
#define SPAN_FIELDS                                                                      \
    {TIME_OF("from", "开始时间", "from")},                                               \
    {                                                                                    \
        TIME_OF("until", "结束时间", "until")                                            \
    }
static const wf_rule from_until[] = {{WF_RULE_RISE, "from", "until"}};

// ---- exposures beside co-presence (DESIGN §4) ----

static const char *const exposure_words[] = {"care",  "animal",      "water", "food",
                                             "goods", "environment", "other", NULL};
static const char *const protection_words[] = {"none", "partial", "full", NULL};
static const char *const follow_up_words[] = {"none_needed", "monitoring", "quarantine",
                                              NULL};

#define EXPOSURE_ABOUT                                                                   \
    {WORD_OF("kind", exposure_words, "暴露种类", "kind of exposure")},                   \
        {WORD_OF("protection", protection_words, "防护情况", "how protected")},          \
    {                                                                                    \
        WORD_OF("follow_up", follow_up_words, "随访等级", "grade of follow-up")          \
    }

static const wf_column exposure_columns[] = {
    {ID_OF("exposure_id", "暴露编号", "the exposure's id"), KEY},
    {PERSON_OF("person", "人员编号", "who was exposed"), .indexed = true},
    {ID_OF("case_id", "病例编号", "the case they were exposed to")},
    EXPOSURE_ABOUT,
    {PLACE_OF("place", "场所编号", "where")},
    {TIME_OF("from_at", "开始时间", "from")},
    {TIME_OF("until_at", "结束时间", "until")},
    {OUTBREAK_ID},
    {GRID_OF("网格编码", "grid where it was recorded")},
    {TIME_OF("recorded_at", "首次记录时间", "first recorded"), EARLIEST},
    {ID_OF("lot", "货物批次", "the lot of goods")},
};
const wf_table wf_table_exposure = {
    .name = "exposure",
    COLUMNS(exposure_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "一次暴露",
    .en = "an exposure",
};
static const wf_column exposure_fields[] = {
    {ID_OF("exposure", "暴露编号", "the exposure's id"), .required = true},
    {PERSON_OF("person", "人员编号", "who was exposed"), .required = true},
    {ID_OF("case", "病例编号", "the case they were exposed to")},
    EXPOSURE_ABOUT,
    {PLACE_OF("place", "场所编号", "where")},
    SPAN_FIELDS,
    {TEXT_OF("description", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
    {OUTBREAK_ID},
    {ID_OF("lot", "货物批次", "the lot of goods")},
};
static const wf_column_source exposure_sources[] = {
    FROM("exposure_id", "exposure"),
    SAME("person"),
    FROM("case_id", "case"),
    SAME("kind"),
    SAME("protection"),
    SAME("follow_up"),
    SAME("place"),
    FROM("from_at", "from"),
    FROM("until_at", "until"),
    SAME("outbreak"),
    FROM("grid", "@grid"),
    FROM("recorded_at", "@at"),
    SAME("lot"),
};
static const wf_projection exposure_projections[] = {
    {&wf_table_exposure, .each = NULL, SOURCES(exposure_sources)},
};
static const wf_naming exposure_recorded_names[] = {
    OWN_OR_NEW("exposure", EXPOSURE),
    ANY("person", PERSON),
    ANY("case", CASE),
    ANY("place", PLACE),
    ANY("outbreak", OUTBREAK),
    ANY("lot", LOT),
};
const wf_kind wf_kind_exposure_recorded = {
    .name = "exposure.recorded",
    .number = 110,
    .keep = WF_KEEP_CASE,
    FIELDS(exposure_fields),
    PROJECTIONS(exposure_projections),
    RULES(from_until),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(MEDIC),
    .where = "person",
    NAMES(exposure_recorded_names),
    .zh = "记录一次到访以外的暴露，或其随访等级",
    .en = "an exposure other than being there was recorded, or its grade of follow-up",
};

// ---- swabs of things; their results are those of their tubes ----

static const wf_column environment_columns[] = {
    {ID_OF("tube_id", "采样管编号", "the tube's id"), KEY},
    {PLACE_OF("place", "场所编号", "where"), .indexed = true},
    {TEXT_OF("object", WF_TEXT_BYTES_MAX, "采样对象", "what was swabbed")},
    {ID_OF("lot", "货物批次", "the lot of goods")},
    {OUTBREAK_ID},
    {GRID_OF("网格编码", "grid where it was taken")},
    {TIME_OF("taken_at", "采样时间", "taken"), EARLIEST},
};
const wf_table wf_table_environment_sample = {
    .name = "environment_sample",
    COLUMNS(environment_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "环境样本",
    .en = "a swab of a thing",
};
static const wf_column environment_fields[] = {
    {ID_OF("tube", "采样管编号", "the tube's id"), .required = true},
    {PLACE_OF("place", "场所编号", "where"), .required = true},
    {TEXT_OF("object", WF_TEXT_BYTES_MAX, "采样对象", "what was swabbed")},
    {ID_OF("lot", "货物批次", "the lot of goods")},
    {OUTBREAK_ID},
};
static const wf_column_source environment_sources[] = {
    FROM("tube_id", "tube"), SAME("place"),         SAME("object"),          SAME("lot"),
    SAME("outbreak"),        FROM("grid", "@grid"), FROM("taken_at", "@at"),
};
static const wf_projection environment_projections[] = {
    {&wf_table_environment_sample, .each = NULL, SOURCES(environment_sources)},
};
static const wf_naming environment_sampled_names[] = {
    OWN_OR_NEW("tube", SWAB),
    ANY("place", PLACE),
    ANY("lot", LOT),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_environment_sampled = {
    .name = "environment.sampled",
    .number = 111,
    .keep = WF_KEEP_TESTING,
    FIELDS(environment_fields),
    PROJECTIONS(environment_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(SAMPLER) | ROLE(REGULATOR),
    .where = "place",
    NAMES(environment_sampled_names),
    .zh = "采集一份环境样本",
    .en = "a thing or surface was swabbed",
};

// ---- immunity ----

static const char *const immunity_words[] = {"vaccine", "infection", "antibody", NULL};

static const wf_column immunity_columns[] = {
    {PERSON_OF("person", "人员编号", "whose"), KEY},
    {WORD_OF("kind", immunity_words, "免疫来源", "by what"), KEY},
    {NAMED("given_on", WF_COLUMN_DATE, "日期", "day"), KEY},
    {TEXT_OF("product", product_bytes_max, "疫苗或药品", "product"), .personal = true},
    {WHOLE_OF("dose", 1, 20, "第几剂", "which dose")},
};
const wf_table wf_table_immunity = {
    .name = "immunity",
    COLUMNS(immunity_columns),
    .keys_count = 3,
    .in_digest = true,
    .zh = "一次获得免疫",
    .en = "something that gives immunity",
};
static const wf_column immunity_fields[] = {
    {PERSON_OF("person", "人员编号", "whose"), .required = true},
    {WORD_OF("kind", immunity_words, "免疫来源", "by what"), .required = true},
    {NAMED("given_on", WF_COLUMN_DATE, "日期", "day"), .required = true},
    {TEXT_OF("product", product_bytes_max, "疫苗或药品", "product"), .personal = true},
    {WHOLE_OF("dose", 1, 20, "第几剂", "which dose")},
};
static const wf_column_source immunity_sources[] = {
    SAME("person"), SAME("kind"), SAME("given_on"), SAME("product"), SAME("dose")};
static const wf_projection immunity_projections[] = {
    {&wf_table_immunity, .each = NULL, SOURCES(immunity_sources)},
};
// Whoever comes is vaccinated, wherever they live.
static const wf_naming immunity_recorded_names[] = {
    ANY("person", PERSON),
};
const wf_kind wf_kind_immunity_recorded = {
    .name = "immunity.recorded",
    .number = 112,
    .keep = WF_KEEP_CASE,
    FIELDS(immunity_fields),
    PROJECTIONS(immunity_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(MEDIC),
    .where = "person",
    NAMES(immunity_recorded_names),
    .zh = "记录接种、感染或抗体",
    .en = "a vaccination, an infection or antibodies were recorded",
};

// ---- places where a case was ----

static const wf_column place_columns[] = {
    {ID_OF("case_id", "病例编号", "the case that was there"), KEY},
    {PLACE_OF("place", "场所编号", "the place's id"), KEY, .indexed = true},
    {TIME_OF("from_at", "开始时间", "from"), EARLIEST},
    {TIME_OF("until_at", "结束时间", "until"), LATEST},
    {OUTBREAK_ID},
    {GRID_OF("网格编码", "grid where it lies")},
    {TIME_OF("told_at", "首次判定时间", "first told of"), EARLIEST},
    {TIME_OF("listed_at", "名单完成时间", "those who were there were listed"), EARLIEST},
};
const wf_table wf_table_exposure_place = {
    .name = "exposure_place",
    COLUMNS(place_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "病例到过的风险场所",
    .en = "a place where people were exposed to a case",
};
static const wf_column exposed_fields[] = {
    {ID_OF("case", "病例编号", "the case that was there"), .required = true},
    {PLACE_OF("place", "场所编号", "the place's id"), .required = true},
    SPAN_FIELDS,
    {OUTBREAK_ID},
};
static const wf_column_source exposed_sources[] = {
    FROM("case_id", "case"),   SAME("place"),    FROM("from_at", "from"),
    FROM("until_at", "until"), SAME("outbreak"), FROM("grid", "@grid"),
    FROM("told_at", "@at"),
};
static const wf_projection exposed_projections[] = {
    {&wf_table_exposure_place, .each = NULL, SOURCES(exposed_sources)},
};
// A case may have been anywhere.
static const wf_naming place_exposed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("place", PLACE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_place_exposed = {
    .name = "place.exposed",
    .number = 113,
    .keep = WF_KEEP_CASE,
    FIELDS(exposed_fields),
    PROJECTIONS(exposed_projections),
    RULES(from_until),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "place",
    NAMES(place_exposed_names),
    .zh = "判定一个场所有暴露风险",
    .en = "people were exposed to a case at a place",
};

static const wf_column listed_fields[] = {
    {ID_OF("case", "病例编号", "the case that was there"), .required = true},
    {PLACE_OF("place", "场所编号", "the place's id"), .required = true},
    {OUTBREAK_ID},
};
static const wf_column_source listed_sources[] = {
    FROM("case_id", "case"), SAME("place"), SAME("outbreak"), FROM("listed_at", "@at")};
static const wf_projection listed_projections[] = {
    {&wf_table_exposure_place, .each = NULL, SOURCES(listed_sources)},
};
static const wf_naming place_listed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("place", PLACE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_place_listed = {
    .name = "place.listed",
    .number = 114,
    .keep = WF_KEEP_CASE,
    FIELDS(listed_fields),
    PROJECTIONS(listed_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "place",
    NAMES(place_listed_names),
    .zh = "一个风险场所的同场人员已列出",
    .en = "those who were at such a place were listed",
};

// ---- what the public is told: places and times, never a case (MISSION R7) ----

static const wf_column notice_columns[] = {
    {ID_OF("notice_id", "公告编号", "the notice's id"), KEY},
    {PLACE_OF("place", "场所编号", "the place's id"), .indexed = true},
    {TIME_OF("from_at", "开始时间", "from")},
    {TIME_OF("until_at", "结束时间", "until")},
    {TEXT_OF("advice", advice_bytes_max, "请做什么", "what to do")},
    {OUTBREAK_ID},
    {GRID_OF("网格编码", "grid where it lies")},
    {TIME_OF("published_at", "首次发布时间", "first published"), EARLIEST},
};
const wf_table wf_table_notice = {
    .name = "notice",
    COLUMNS(notice_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "风险公告",
    .en = "a notice of exposure",
};
static const wf_column notice_fields[] = {
    {ID_OF("notice", "公告编号", "the notice's id"), .required = true},
    {PLACE_OF("place", "场所编号", "the place's id"), .required = true},
    SPAN_FIELDS,
    {TEXT_OF("advice", advice_bytes_max, "请做什么", "what to do"), .required = true},
    {OUTBREAK_ID},
};
static const wf_column_source notice_sources[] = {
    FROM("notice_id", "notice"),
    SAME("place"),
    FROM("from_at", "from"),
    FROM("until_at", "until"),
    SAME("advice"),
    SAME("outbreak"),
    FROM("grid", "@grid"),
    FROM("published_at", "@at"),
};
static const wf_projection notice_projections[] = {
    {&wf_table_notice, .each = NULL, SOURCES(notice_sources)},
};
static const wf_naming notice_published_names[] = {
    OWN_OR_NEW("notice", NOTICE),
    OWN_OR_NEW("place", PLACE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_notice_published = {
    .name = "notice.published",
    .number = 115,
    .keep = WF_KEEP_CASE,
    FIELDS(notice_fields),
    PROJECTIONS(notice_projections),
    RULES(from_until),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    .where = "place",
    NAMES(notice_published_names),
    .zh = "发布一条风险公告：场所、时间、请做什么",
    .en = "a place and time were published, with what to do",
};

// ---- what people report of themselves ----

// The report is kept as visits are, by the day of what it tells: whoever it turns out to
// concern has a fact of their own (contact.named).
static const char *const report_words[] = {"visit", "arrival", "contact", "symptom",
                                           NULL};
static const char *const answer_words[] = {
    "no_match", "come_for_test", "stay_where_you_are", "call_back", "go_to_clinic", NULL};

static const wf_column report_columns[] = {
    {ID_OF("report_id", "报备编号", "the report's id"), KEY},
    {PERSON_OF("person", "人员编号", "who reports"), .indexed = true},
    {WORD_OF("about", report_words, "报备事项", "what about")},
    {PLACE_OF("place", "场所编号", "which place")},
    {TIME_OF("happened_at", "发生时间", "when it was")},
    {TIME_OF("until_at", "结束时间", "until")},
    {GRID_OF("网格编码", "grid where it was reported")},
    {TIME_OF("reported_at", "报备时间", "reported"), EARLIEST},
    {TIME_OF("answered_at", "首次答复时间", "first answered"), EARLIEST},
    {WORD_OF("answer", answer_words, "答复", "answer")},
};
const wf_table wf_table_self_report = {
    .name = "self_report",
    COLUMNS(report_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "主动报备",
    .en = "what somebody reported of themselves",
};
static const wf_column reported_fields[] = {
    {ID_OF("report", "报备编号", "the report's id"), .required = true},
    {PERSON_OF("person", "人员编号", "who reports"), .required = true},
    {WORD_OF("about", report_words, "报备事项", "what about"), .required = true},
    {TIME_OF("happened", "发生时间", "when it was"), .required = true},
    {TIME_OF("until", "结束时间", "until")},
    {PLACE_OF("place", "场所编号", "which place")},
    {TEXT_OF("description", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
static const wf_rule happened_until[] = {{WF_RULE_RISE, "happened", "until"}};
static const wf_column_source reported_sources[] = {
    FROM("report_id", "report"),
    SAME("person"),
    SAME("about"),
    SAME("place"),
    FROM("happened_at", "happened"),
    FROM("until_at", "until"),
    FROM("grid", "@grid"),
    FROM("reported_at", "@at"),
};
static const wf_projection reported_projections[] = {
    {&wf_table_self_report, .each = NULL, SOURCES(reported_sources)},
};
static const wf_naming self_reported_names[] = {
    OWN_OR_NEW("report", REPORT),
    ANY("person", PERSON),
    ANY("place", PLACE),
};
const wf_kind wf_kind_self_reported = {
    .name = "self.reported",
    .number = 116,
    .keep = WF_KEEP_VISIT,
    FIELDS(reported_fields),
    PROJECTIONS(reported_projections),
    RULES(happened_until),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(RESIDENT),
    .where = "person",
    .kept_by = "happened",
    NAMES(self_reported_names),
    .zh = "有人主动报备到访、来本地、接触或症状",
    .en = "somebody reported a visit, an arrival, a contact or a symptom of their own",
};

static const wf_column answered_fields[] = {
    {ID_OF("report", "报备编号", "the report's id"), .required = true},
    {WORD_OF("answer", answer_words, "答复", "answer"), .required = true},
};
static const wf_column_source answered_sources[] = {
    FROM("report_id", "report"), FROM("answered_at", "@at"), SAME("answer")};
static const wf_projection answered_projections[] = {
    {&wf_table_self_report, .each = NULL, SOURCES(answered_sources)},
};
static const wf_naming self_answered_names[] = {
    OWN_OR_NEW("report", REPORT),
};
const wf_kind wf_kind_self_answered = {
    .name = "self.answered",
    .number = 117,
    .keep = WF_KEEP_VISIT,
    FIELDS(answered_fields),
    PROJECTIONS(answered_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER),
    NAMES(self_answered_names),
    .zh = "答复一份主动报备",
    .en = "somebody was answered what they had reported",
};
