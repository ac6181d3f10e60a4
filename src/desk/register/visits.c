// Visits and encounters: their bodies live in the visit store, the ledger keeps a row a
// delivery.
#include "desk/declare.h"
#include "desk/register/kinds.h"

static const char *const delivery_words[] = {"visits", "encounters", NULL};
enum { digest_digits = 64 };

// in = accepted + had + refused (the balance law).
#define DELIVERY(must, found, rows)                                                      \
    {WORD_OF("kind", delivery_words, "数据种类", "kind of data"), .required = (must),    \
     .indexed = (found)},                                                                \
        {WHOLE_OF(rows, 0, WHOLE_MAX, "行数", "rows"), .required = (must)},              \
        {WHOLE_OF("accepted", 0, WHOLE_MAX, "接收", "accepted"), .required = (must)},    \
        {WHOLE_OF("had", 0, WHOLE_MAX, "已有", "had"), .required = (must)},              \
        {WHOLE_OF("refused", 0, WHOLE_MAX, "拒收", "refused"), .required = (must)},      \
        {NAMED("first_day", WF_COLUMN_DATE, "最早一天", "first day")},                   \
        {NAMED("last_day", WF_COLUMN_DATE, "最后一天", "last day"), .indexed = (found)}, \
    {                                                                                    \
        TEXT_OF("digest", digest_digits, "内容摘要（十六进制）",                         \
                "digest of the content, in hex")                                         \
    }

static const wf_column received_fields[] = {DELIVERY(true, false, "rows")};
static const wf_column delivery_columns[] = {
    {TEXT_OF("fact", WF_FACT_TEXT_MAX, "事实记录", "the fact"), KEY},
    DELIVERY(false, true, "rows_in"),
    {TIME_OF("received_at", "收到时间", "received")},
};
const wf_table wf_table_delivery = {
    .name = "delivery",
    COLUMNS(delivery_columns),
    .keys_count = 1,
    .zh = "一次交付",
    .en = "a delivery",
};
static const wf_rule received_rules[] = {{WF_RULE_RISE, "first_day", "last_day"}};
static const wf_column_source received_sources[] = {
    FROM("fact", "@fact"),      SAME("kind"),     FROM("rows_in", "rows"),
    SAME("accepted"),           SAME("had"),      SAME("refused"),
    SAME("first_day"),          SAME("last_day"), SAME("digest"),
    FROM("received_at", "@at"),
};
static const wf_projection received_projections[] = {
    {&wf_table_delivery, .each = NULL, SOURCES(received_sources)},
};
const wf_kind wf_kind_visits_received = {
    .name = "visits.received",
    .number = 40,
    .keep = WF_KEEP_VISIT,
    FIELDS(received_fields),
    PROJECTIONS(received_projections),
    RULES(received_rules),
    .roles = ROLE(OPERATOR),
    .zh = "收到一批到访或接触记录",
    .en = "a delivery of visits or encounters was received",
};

static const wf_rule start_end[] = {{WF_RULE_RISE, "start", "end"}};

// Whose word a stay is, or which record's. What a parent says of a child, or a relative
// of somebody who is intubated, weighs less than the person's own word, and a camera that
// saw them more than either; whoever reads the days has to know. Not given: nobody said
// whose it is.
static const char *const told_by_words[] = {"self",     "parent", "guardian",  "spouse",
                                            "relative", "carer",  "colleague", "other",
                                            "document", "camera", "payment",   NULL};

static const wf_column visit_fields[] = {
    {PERSON_OF("person", "人员编号", "the person's id"), .required = true},
    {PLACE_OF("place", "场所编号", "the place's id"), .required = true},
    {TIME_OF("start", "到达时间", "came"), .required = true},
    {TIME_OF("end", "离开时间", "left")},
    {TEXT_OF("seat", WF_ID_BYTES_MAX, "座位、桌号、区域", "seat, table or zone")},
    {NAMED("guessed", WF_COLUMN_YESNO, "离开时间是估计的", "the end is a guess")},
    {WORD_OF("told_by", told_by_words, "由谁陈述或凭何记录（self 为本人）",
             "whose word it is, or which record's (self: the person's own)")},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "更正的理由",
             "why it was corrected, where it stands instead of another"),
     .personal = true},
};
// What people tell who are asked is of people and places anywhere: whoever said it is
// named beside it. A resident says it of themselves (access/rights/scope.h).
static const wf_naming visit_stated_names[] = {
    ANY("person", PERSON),
    ANY("place", PLACE),
};
const wf_kind wf_kind_visit_stated = {
    .name = "visit.stated",
    .number = 41,
    .keep = WF_KEEP_VISIT,
    FIELDS(visit_fields),
    RULES(start_end),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(RESIDENT),
    .where = "place",
    .kept_by = "start",
    .body_elsewhere = true,
    NAMES(visit_stated_names),
    .zh = "一个人到过一个场所",
    .en = "a person was at a place",
};

static const wf_column encounter_fields[] = {
    {PERSON_OF("a", "一人", "one person"), .required = true},
    {PERSON_OF("b", "另一人", "the other person"), .required = true},
    {TIME_OF("start", "开始时间", "began"), .required = true},
    {TIME_OF("end", "结束时间", "ended"), .required = true},
    {TEXT_OF("setting", WF_ID_BYTES_MAX, "情形", "setting")},
};
static const wf_rule encounter_rules[] = {{WF_RULE_PAIR, "a", "b"},
                                          {WF_RULE_RISE, "start", "end"}};
static const wf_naming encounter_named_names[] = {
    ANY("a", PERSON),
    ANY("b", PERSON),
};
const wf_kind wf_kind_encounter_named = {
    .name = "encounter.named",
    .number = 42,
    .keep = WF_KEEP_VISIT,
    FIELDS(encounter_fields),
    RULES(encounter_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(RESIDENT),
    .where = "a",
    .kept_by = "start",
    .body_elsewhere = true,
    NAMES(encounter_named_names),
    .zh = "两个人接触过",
    .en = "two people met",
};
