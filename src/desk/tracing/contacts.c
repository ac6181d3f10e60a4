// Contacts: who was named, judged, called, placed, tested. Naming and judging are about a
// case and a person; from there on the work is about the person in the outbreak, so that
// a contact of three cases is called once.
#include "desk/declare.h"
#include "desk/tracing/kinds.h"

static const char *const level_words[] = {"close", "secondary", "general", NULL};
static const char *const named_words[] = {"interview", "lookup",   "self_report",
                                          "letter",    "exposure", "identified",
                                          "other",     NULL};
static const char *const dismissed_words[] = {
    "no_contact", "outside_window", "wrong_person", "other_region", "no_case", NULL};

#define OUTBREAK_ID                                                                      \
    {                                                                                    \
        ID_OF("outbreak", "疫情编号", "the outbreak"), .required = true                  \
    }
#define CASE_ID ID_OF("case", "病例编号", "whose contact"), .required = true
#define PERSON_ID PERSON_OF("person", "人员编号", "the contact"), .required = true
#define EXPOSED_FIELDS                                                                   \
    {TIME_OF("exposed_from", "首次暴露时间", "first exposed")},                          \
        {TIME_OF("exposed_until", "末次暴露时间", "last exposed")},                      \
    {                                                                                    \
        PLACE_OF("place", "场所编号", "where exposed")                                   \
    }

// ---- tables ----

static const wf_column contact_columns[] = {
    {ID_OF("case_id", "病例编号", "whose contact"), KEY},
    {PERSON_OF("person", "人员编号", "the contact"), KEY, .indexed = true},
    {ID_OF("outbreak", "疫情编号", "the outbreak")},
    {WORD_OF("level", level_words, "接触者类别", "level")},
    EXPOSED_FIELDS,
    {WORD_OF("how", named_words, "来源", "how named")},
    {GRID_OF("网格编码", "grid where it was said")},
    {TIME_OF("named_at", "首次提出时间", "first named"), EARLIEST},
    {TIME_OF("confirmed_at", "首次判定时间", "first confirmed"), EARLIEST},
    {TIME_OF("last_confirmed_at", "最近判定时间", "confirmed, most recently"), LATEST},
    {TIME_OF("dismissed_at", "最近排除时间", "dismissed, most recently"), LATEST},
    {WORD_OF("dismissed_for", dismissed_words, "排除理由", "why dismissed")},
};
const wf_table wf_table_contact = {
    .name = "contact",
    COLUMNS(contact_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "一个病例的一名接触者",
    .en = "a contact of a case",
};

static const char *const attempt_words[] = {"no_answer", "wrong_number", "refused",
                                            "not_there", "other",        NULL};
static const char *const reached_words[] = {"phone",  "visit", "message",
                                            "letter", "other", NULL};
static const char *const placed_words[] = {"site", "hospital", "home", "other_region",
                                           NULL};
static const char *const result_words[] = {"negative", "positive", "grey", "invalid",
                                           NULL};
static const char *const prophylaxis_words[] = {"vaccine", "immunoglobulin", "antiviral",
                                                "antibiotic", NULL};

static const wf_column follow_columns[] = {
    {ID_OF("outbreak", "疫情编号", "the outbreak"), KEY},
    {PERSON_OF("person", "人员编号", "the contact"), KEY, .indexed = true},
    {WHOLE_OF("attempts", 0, WHOLE_MAX, "未联系上次数", "attempts without success"),
     .merge = WF_MERGE_COUNT},
    {TIME_OF("attempted_at", "最近尝试时间", "tried, most recently"), LATEST},
    {WORD_OF("attempt", attempt_words, "未联系上原因", "what came of it")},
    {TIME_OF("reached_at", "首次联系上时间", "first reached"), EARLIEST},
    {WORD_OF("reached_by", reached_words, "联系方式", "how reached")},
    {TIME_OF("placed_at", "首次管控时间", "first in the place of isolation"), EARLIEST},
    {WORD_OF("placed_in", placed_words, "管控方式", "where placed")},
    {PLACE_OF("place", "隔离点编号", "id of the place of isolation")},
    {TIME_OF("tested_at", "首次采样时间", "first sampled as a contact"), EARLIEST},
    {TIME_OF("last_tested_at", "最近采样时间", "sampled, most recently"), LATEST},
    {WORD_OF("result", result_words, "最近结果", "newest result")},
    {TIME_OF("prophylaxis_at", "首次预防用药时间", "first prophylaxis"), EARLIEST},
    {TIME_OF("converted_at", "转为病例时间", "became a case"), EARLIEST},
    {ID_OF("converted_to", "转为病例编号", "the case they became")},
    {GRID_OF("网格编码", "grid where it was said")},
};
const wf_table wf_table_contact_follow = {
    .name = "contact_follow",
    COLUMNS(follow_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "对一名接触者的工作",
    .en = "work on a contact",
};

// Each time that somebody tried to speak to a contact. Two of one instant are one: who
// sends a list again counts nobody twice here.
static const wf_column visit_columns[] = {
    {ID_OF("outbreak", "疫情编号", "the outbreak"), KEY},
    {PERSON_OF("person", "人员编号", "the contact"), KEY, .indexed = true},
    {TIME_OF("contacted_at", "联系时间", "when"), KEY},
    {NAMED("reached", WF_COLUMN_YESNO, "是否联系上", "whether they were reached"), KEY},
    {WORD_OF("attempt", attempt_words, "未联系上原因", "what came of it in vain")},
    {WORD_OF("how", reached_words, "联系方式", "how")},
    {NAMED("symptomatic", WF_COLUMN_YESNO, "是否有症状", "whether they have symptoms")},
    {GRID_OF("网格编码", "grid where it was said")},
};
const wf_table wf_table_contact_visit = {
    .name = "contact_visit",
    COLUMNS(visit_columns),
    .keys_count = 4,
    .in_digest = true,
    .zh = "对一名接触者的一次联系",
    .en = "one time that a contact was called or visited",
};

static const wf_column unidentified_columns[] = {
    {ID_OF("contact_id", "待核实接触者编号", "id of the unidentified contact"), KEY},
    {ID_OF("case_id", "病例编号", "whose contact"), .indexed = true},
    {ID_OF("outbreak", "疫情编号", "the outbreak")},
    {WORD_OF("level", level_words, "接触者类别", "level")},
    {TEXT_OF("description", WF_TEXT_BYTES_MAX, "特征", "what is known of them"),
     .personal = true},
    EXPOSED_FIELDS,
    {GRID_OF("网格编码", "grid where it was said")},
    {TIME_OF("told_at", "首次提出时间", "first told of"), EARLIEST},
    {PERSON_OF("person", "核实后的人员编号", "who it is")},
    {TIME_OF("identified_at", "核实时间", "identified"), EARLIEST},
};
const wf_table wf_table_contact_unidentified = {
    .name = "contact_unidentified",
    COLUMNS(unidentified_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "一名待核实接触者",
    .en = "a contact who is not identified",
};

// ---- naming and judging ----

static const wf_rule exposed_rules[] = {{WF_RULE_RISE, "exposed_from", "exposed_until"}};

static const wf_column named_fields[] = {
    {CASE_ID},
    {PERSON_ID},
    OUTBREAK_ID,
    {WORD_OF("how", named_words, "来源", "how named"), .required = true},
    {WORD_OF("level", level_words, "接触者类别", "level")},
    EXPOSED_FIELDS,
    {TEXT_OF("description", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
static const wf_column_source named_sources[] = {
    FROM("case_id", "case"), SAME("person"),
    SAME("outbreak"),        SAME("how"),
    SAME("level"),           SAME("exposed_from"),
    SAME("exposed_until"),   SAME("place"),
    FROM("grid", "@grid"),   FROM("named_at", "@at"),
};
static const wf_projection named_projections[] = {
    {&wf_table_contact, .each = NULL, SOURCES(named_sources)},
};
// Contacts of a case live anywhere. Whose contacts there are is for those to say whose
// case it is; and from then on whoever calls, meets or places somebody says so.
static const wf_naming contact_named_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
    ANY("place", PLACE),
};
const wf_kind wf_kind_contact_named = {
    .name = "contact.named",
    .number = 150,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_CASE,
    FIELDS(named_fields),
    PROJECTIONS(named_projections),
    RULES(exposed_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(MEDIC),
    .where = "person",
    NAMES(contact_named_names),
    .zh = "有人被提出可能是接触者，尚待判定",
    .en = "somebody was named who may be a contact, and is to be judged",
};

#define BECAUSE                                                                          \
    {                                                                                    \
        NAMED("because", WF_COLUMN_FACT, "依据的事实记录", "facts it rests on"),         \
            .list = true, .items_max = WF_ITEMS_MAX                                      \
    }

static const wf_column confirmed_fields[] = {
    {CASE_ID},
    {PERSON_ID},
    OUTBREAK_ID,
    {WORD_OF("level", level_words, "接触者类别", "level"), .required = true},
    EXPOSED_FIELDS,
    BECAUSE,
    {TEXT_OF("judgement", WF_TEXT_BYTES_MAX, "判定理由", "the investigator's judgement"),
     .personal = true},
};
// A list that was looked up rests on facts; what an investigator judges says so in words.
static const wf_rule confirmed_rules[] = {{WF_RULE_RISE, "exposed_from", "exposed_until"},
                                          {WF_RULE_ONE_OF, "because", "judgement"}};
static const wf_column_source confirmed_sources[] = {
    FROM("case_id", "case"),
    SAME("person"),
    SAME("outbreak"),
    SAME("level"),
    SAME("exposed_from"),
    SAME("exposed_until"),
    SAME("place"),
    FROM("grid", "@grid"),
    FROM("named_at", "@at"),
    FROM("confirmed_at", "@at"),
    FROM("last_confirmed_at", "@at"),
};
static const wf_projection confirmed_projections[] = {
    {&wf_table_contact, .each = NULL, SOURCES(confirmed_sources)},
};
static const wf_naming contact_confirmed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
    ANY("place", PLACE),
    OWN_OR_JUDGED("because", FACT, "contact.reason"),
};
const wf_kind wf_kind_contact_confirmed = {
    .name = "contact.confirmed",
    .number = 151,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_CASE,
    FIELDS(confirmed_fields),
    PROJECTIONS(confirmed_projections),
    RULES(confirmed_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "person",
    NAMES(contact_confirmed_names),
    .zh = "判定为接触者",
    .en = "somebody was found to be a contact of a case",
};

static const wf_column dismissed_fields[] = {
    {CASE_ID},
    {PERSON_ID},
    OUTBREAK_ID,
    {WORD_OF("reason", dismissed_words, "排除理由", "why"), .required = true},
    BECAUSE,
    {TEXT_OF("judgement", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
static const wf_column_source dismissed_sources[] = {
    FROM("case_id", "case"),
    SAME("person"),
    SAME("outbreak"),
    FROM("grid", "@grid"),
    FROM("dismissed_at", "@at"),
    FROM("dismissed_for", "reason"),
};
static const wf_projection dismissed_projections[] = {
    {&wf_table_contact, .each = NULL, SOURCES(dismissed_sources)},
};
static const wf_naming contact_dismissed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
    OWN_OR_JUDGED("because", FACT, "contact.reason"),
};
const wf_kind wf_kind_contact_dismissed = {
    .name = "contact.dismissed",
    .number = 152,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_CASE,
    FIELDS(dismissed_fields),
    PROJECTIONS(dismissed_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "person",
    NAMES(contact_dismissed_names),
    .zh = "判定不是接触者",
    .en = "somebody was found to be no contact of a case",
};

// ---- those without a name ----

static const wf_column unidentified_fields[] = {
    {ID_OF("contact", "待核实接触者编号", "id of the unidentified contact"),
     .required = true},
    {CASE_ID},
    OUTBREAK_ID,
    {TEXT_OF("description", WF_TEXT_BYTES_MAX, "特征", "what is known of them"),
     .required = true, .personal = true},
    {WORD_OF("level", level_words, "接触者类别", "level")},
    EXPOSED_FIELDS,
};
static const wf_column_source unidentified_sources[] = {
    FROM("contact_id", "contact"),
    FROM("case_id", "case"),
    SAME("outbreak"),
    SAME("level"),
    SAME("description"),
    SAME("exposed_from"),
    SAME("exposed_until"),
    SAME("place"),
    FROM("grid", "@grid"),
    FROM("told_at", "@at"),
};
static const wf_projection unidentified_projections[] = {
    {&wf_table_contact_unidentified, .each = NULL, SOURCES(unidentified_sources)},
};
static const wf_naming contact_unidentified_names[] = {
    OWN_OR_NEW("contact", UNIDENTIFIED),
    OWN_OR_NEW("case", CASE),
    ANY("outbreak", OUTBREAK),
    ANY("place", PLACE),
};
const wf_kind wf_kind_contact_unidentified = {
    .name = "contact.unidentified",
    .number = 153,
    .keep = WF_KEEP_CASE,
    FIELDS(unidentified_fields),
    PROJECTIONS(unidentified_projections),
    RULES(exposed_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "place",
    NAMES(contact_unidentified_names),
    .zh = "有一名接触者尚不知是谁",
    .en = "there is a contact, and nobody knows yet who it is",
};

// Two descriptions of one person become one contact by naming the same person.
static const wf_column identified_fields[] = {
    {ID_OF("contact", "待核实接触者编号", "id of the unidentified contact"),
     .required = true},
    {CASE_ID},
    {PERSON_ID},
    OUTBREAK_ID,
};
static const wf_column_source identified_sources[] = {
    FROM("contact_id", "contact"), SAME("person"), FROM("identified_at", "@at")};
static const wf_column_source identified_contact[] = {
    FROM("case_id", "case"), SAME("person"), SAME("outbreak"), FROM("grid", "@grid"),
    FROM("named_at", "@at")};
static const wf_projection identified_projections[] = {
    {&wf_table_contact_unidentified, .each = NULL, SOURCES(identified_sources)},
    {&wf_table_contact, .each = NULL, SOURCES(identified_contact)},
};
static const wf_naming contact_identified_names[] = {
    OWN_OR_NEW("contact", UNIDENTIFIED),
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_contact_identified = {
    .name = "contact.identified",
    .number = 154,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_CASE,
    FIELDS(identified_fields),
    PROJECTIONS(identified_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .where = "person",
    NAMES(contact_identified_names),
    .zh = "待核实接触者已查明是谁",
    .en = "it is known who an unidentified contact is",
};

// ---- work on the person ----

#define CALLER_ROLES (ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(MEDIC))
#define FOLLOWS SAME("outbreak"), SAME("person"), FROM("grid", "@grid")

static const wf_column attempted_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {WORD_OF("how", reached_words, "联系方式", "how")},
    {WORD_OF("result", attempt_words, "未联系上原因", "what came of it"),
     .required = true},
};
static const wf_column_source attempted_sources[] = {
    FOLLOWS, COUNTED("attempts"), FROM("attempted_at", "@at"), FROM("attempt", "result")};
static const wf_column_source attempted_visit[] = {
    FOLLOWS, FROM("contacted_at", "@at"), ALWAYS("reached", 0), FROM("attempt", "result"),
    SAME("how")};
static const wf_projection attempted_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(attempted_sources)},
    {&wf_table_contact_visit, .each = NULL, SOURCES(attempted_visit)},
};
static const wf_naming contact_attempted_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
};
const wf_kind wf_kind_contact_attempted = {
    .name = "contact.attempted",
    .number = 155,
    .keep = WF_KEEP_CASE,
    FIELDS(attempted_fields),
    PROJECTIONS(attempted_projections),
    .roles = CALLER_ROLES,
    .where = "person",
    NAMES(contact_attempted_names),
    .zh = "尝试联系一名接触者，未联系上",
    .en = "a contact was tried in vain",
};

static const wf_column reached_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {WORD_OF("how", reached_words, "联系方式", "how"), .required = true},
    {NAMED("symptomatic", WF_COLUMN_YESNO, "是否有症状", "whether they have symptoms")},
};
static const wf_column_source reached_sources[] = {FOLLOWS, FROM("reached_at", "@at"),
                                                   FROM("reached_by", "how")};
static const wf_column_source reached_visit[] = {FOLLOWS, FROM("contacted_at", "@at"),
                                                 ALWAYS("reached", 1), SAME("how"),
                                                 SAME("symptomatic")};
static const wf_projection reached_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(reached_sources)},
    {&wf_table_contact_visit, .each = NULL, SOURCES(reached_visit)},
};
static const wf_naming contact_reached_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
};
const wf_kind wf_kind_contact_reached = {
    .name = "contact.reached",
    .number = 156,
    .keep = WF_KEEP_CASE,
    FIELDS(reached_fields),
    PROJECTIONS(reached_projections),
    .roles = CALLER_ROLES,
    .where = "person",
    NAMES(contact_reached_names),
    .reaches = true,
    .zh = "联系上一名接触者并告知",
    .en = "a contact was reached and told",
};

static const wf_column placed_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {WORD_OF("where", placed_words, "管控方式", "where"), .required = true},
    {PLACE_OF("place", "隔离点编号", "id of the place of isolation")},
};
static const wf_column_source placed_sources[] = {
    FOLLOWS, FROM("placed_at", "@at"), FROM("placed_in", "where"), SAME("place")};
static const wf_projection placed_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(placed_sources)},
};
static const wf_naming contact_placed_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
    ANY("place", PLACE),
};
const wf_kind wf_kind_contact_placed = {
    .name = "contact.placed",
    .number = 157,
    .keep = WF_KEEP_CASE,
    FIELDS(placed_fields),
    PROJECTIONS(placed_projections),
    .roles = CALLER_ROLES,
    .where = "person",
    NAMES(contact_placed_names),
    .zh = "一名接触者已到隔离的地方",
    .en = "a contact is in the place of isolation",
};

static const wf_column tested_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {ID_OF("tube", "采样管编号", "the tube's id")},
    {WORD_OF("result", result_words, "结果", "result")},
};
static const wf_column_source tested_sources[] = {
    FOLLOWS, FROM("tested_at", "@at"), FROM("last_tested_at", "@at"), SAME("result")};
static const wf_projection tested_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(tested_sources)},
};
static const wf_naming contact_tested_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
    ANY("tube", TUBE),
};
const wf_kind wf_kind_contact_tested = {
    .name = "contact.tested",
    .number = 158,
    .keep = WF_KEEP_CASE,
    FIELDS(tested_fields),
    PROJECTIONS(tested_projections),
    .roles = CALLER_ROLES | ROLE(SAMPLER),
    .where = "person",
    NAMES(contact_tested_names),
    .zh = "一名接触者已采样",
    .en = "a contact was sampled",
};

static const wf_column prophylaxis_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {WORD_OF("kind", prophylaxis_words, "预防措施", "what"), .required = true},
    {TEXT_OF("product", WF_TEXT_BYTES_MAX, "药品", "product"), .personal = true},
};
static const wf_column_source prophylaxis_sources[] = {FOLLOWS,
                                                       FROM("prophylaxis_at", "@at")};
static const wf_projection prophylaxis_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(prophylaxis_sources)},
};
static const wf_naming prophylaxis_given_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
};
const wf_kind wf_kind_prophylaxis_given = {
    .name = "prophylaxis.given",
    .number = 159,
    .keep = WF_KEEP_CASE,
    FIELDS(prophylaxis_fields),
    PROJECTIONS(prophylaxis_projections),
    .roles = ROLE(LEAD) | ROLE(MEDIC),
    .where = "person",
    NAMES(prophylaxis_given_names),
    .zh = "给予暴露后预防",
    .en = "prophylaxis was given after exposure",
};

static const wf_column converted_fields[] = {
    OUTBREAK_ID,
    {PERSON_ID},
    {ID_OF("case", "病例编号", "the case they became")},
};
static const wf_column_source converted_sources[] = {FOLLOWS, FROM("converted_at", "@at"),
                                                     FROM("converted_to", "case")};
static const wf_projection converted_projections[] = {
    {&wf_table_contact_follow, .each = NULL, SOURCES(converted_sources)},
};
static const wf_naming contact_converted_names[] = {
    ANY("outbreak", OUTBREAK),
    ANY("person", PERSON),
    OWN_OR_NEW("case", CASE),
};
const wf_kind wf_kind_contact_converted = {
    .name = "contact.converted",
    .number = 160,
    .keep = WF_KEEP_CASE,
    FIELDS(converted_fields),
    PROJECTIONS(converted_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(MEDIC),
    .where = "person",
    NAMES(contact_converted_names),
    .zh = "一名接触者转为病例",
    .en = "a contact became a case",
};
