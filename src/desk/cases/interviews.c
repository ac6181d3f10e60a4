#include "desk/cases/kinds.h"

#include "desk/declare.h"

// Who spoke when a case was interviewed. A child, or somebody who is intubated, is spoken
// for: what a proxy saw themselves and what they were told weighs less than one's own
// word, and whoever reads the days has to know whose they are.
static const char *const teller_words[] = {"case",      "parent",   "guardian",
                                           "spouse",    "relative", "carer",
                                           "colleague", "other",    NULL};
static const char *const proxy_words[] = {"child",    "cannot_speak", "confused", "died",
                                          "language", "not_reached",  "other",    NULL};

#define TELLER                                                                           \
    WORD_OF("teller", teller_words, "由谁陈述（case 为本人）",                           \
            "who spoke (case: themselves)")
#define WHY_PROXY                                                                        \
    WORD_OF("why_proxy", proxy_words, "代述的原因", "why somebody else spoke for them")

static const wf_column interview_columns[] = {
    {ID_OF("case_id", "病例编号", "the case's id"), KEY},
    {TEXT_OF("fact", WF_FACT_TEXT_MAX, "访谈记录", "the fact that says so"), KEY},
    {TELLER},
    {WHY_PROXY},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
    {GRID_OF("网格编码", "grid where it was recorded")},
    {TIME_OF("interviewed_at", "访谈时间", "interviewed"), EARLIEST},
};
const wf_table wf_table_interview = {
    .name = "interview",
    COLUMNS(interview_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "一次病例访谈",
    .en = "an interview about a case",
};

static const wf_column interviewed_fields[] = {
    {ID_OF("case", "病例编号", "the case's id"), .required = true},
    {TELLER, .required = true},
    {WHY_PROXY},
    {PERSON_OF("person", "代述人的人员编号", "who spoke for them")},
    {TEXT_OF("remark", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
};
static const wf_column_source interviewed_sources[] = {
    FROM("case_id", "case"),
    FROM("fact", "@fact"),
    SAME("teller"),
    SAME("why_proxy"),
    SAME("outbreak"),
    FROM("grid", "@grid"),
    FROM("interviewed_at", "@at"),
};
static const wf_projection interviewed_projections[] = {
    {&wf_table_interview, .each = NULL, SOURCES(interviewed_sources)},
};
static const wf_naming case_interviewed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_case_interviewed = {
    .name = "case.interviewed",
    .number = 108,
    .keep = WF_KEEP_CASE,
    FIELDS(interviewed_fields),
    PROJECTIONS(interviewed_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    NAMES(case_interviewed_names),
    .zh = "访谈病例，或由他人代述",
    .en = "a case was interviewed, or somebody spoke for them",
};
