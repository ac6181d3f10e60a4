// That somebody went through the work list of a case, and how a row stood in it then:
// what changed since is told from that (work.h), to everybody alike. The list itself is
// stored nowhere; a fact says of one row what was before the eyes of who went through it,
// at the moment as of which it was asked for, so that nothing that came later counts as
// seen.
#include "desk/declare.h"
#include "desk/tracing/kinds.h"

static const char *const level_words[] = {"close", "secondary", "general", NULL};
static const char *const result_words[] = {"negative", "positive", "grey", "invalid",
                                           NULL};

enum { rank_max = 1000000, seconds_max = 400 * 86400, ppm_max = 1000000 };

#define STOOD_FIELDS                                                                     \
    {WHOLE_OF("rank", 0, rank_max, "当时的呼叫次序，0 为不需呼叫",                       \
              "place in the calling order then; 0: not to be called")},                  \
        {WORD_OF("level", level_words, "当时的类别", "level then")},                     \
        {TIME_OF("exposed_until", "当时的末次暴露时间", "last exposed, as known then")}, \
        {WHOLE_OF("seconds", 0, seconds_max, "当时的共处秒数",                           \
                  "seconds together, as known then")},                                   \
        {WHOLE_OF("probability_ppm", 0, ppm_max, "当时估计的感染概率（百万分之）",       \
                  "probability of infection as estimated then, in millionths")},         \
    {                                                                                    \
        WORD_OF("result", result_words, "当时的结果", "result then")                     \
    }
#define STOOD_SOURCES                                                                    \
    SAME("rank"), SAME("level"), SAME("exposed_until"), SAME("seconds"),                 \
        SAME("probability_ppm"), SAME("result"), FROM("reviewed_at", "@at")

static const wf_column review_columns[] = {
    {ID_OF("case_id", "病例编号", "whose contact"), KEY},
    {PERSON_OF("person", "人员编号", "the contact"), KEY},
    STOOD_FIELDS,
    {TIME_OF("reviewed_at", "最近过目时间", "gone through, most recently"), LATEST},
};
const wf_table wf_table_contact_review = {
    .name = "contact_review",
    COLUMNS(review_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "最近一次过目时清单中的一名接触者",
    .en = "a contact as the list had them when it was last gone through",
};

static const wf_column unidentified_columns[] = {
    {ID_OF("case_id", "病例编号", "whose contact"), KEY},
    {ID_OF("contact_id", "待核实接触者编号", "id of the unidentified contact"), KEY},
    STOOD_FIELDS,
    {TIME_OF("reviewed_at", "最近过目时间", "gone through, most recently"), LATEST},
};
const wf_table wf_table_unidentified_review = {
    .name = "unidentified_review",
    COLUMNS(unidentified_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "最近一次过目时清单中的一名待核实接触者",
    .en = "an unidentified contact as the list had them when it was last gone through",
};

static const wf_column reviewed_fields[] = {
    {ID_OF("case", "病例编号", "whose work list"), .required = true},
    {PERSON_OF("person", "人员编号", "the contact")},
    {ID_OF("contact", "待核实接触者编号", "or the unidentified contact")},
    {ID_OF("outbreak", "疫情编号", "the outbreak")},
    {WHOLE_OF("rank", 0, rank_max, "当时的呼叫次序，0 为不需呼叫",
              "place in the calling order then; 0: not to be called"),
     .required = true},
    {WORD_OF("level", level_words, "当时的类别", "level then"), .required = true},
    {TIME_OF("exposed_until", "当时的末次暴露时间", "last exposed, as known then")},
    {WHOLE_OF("seconds", 0, seconds_max, "当时的共处秒数",
              "seconds together, as known then")},
    {WHOLE_OF("probability_ppm", 0, ppm_max, "当时估计的感染概率（百万分之）",
              "probability of infection as estimated then, in millionths")},
    {WORD_OF("result", result_words, "当时的结果", "result then")},
};
static const wf_rule reviewed_rules[] = {{WF_RULE_ONE_OF, "person", "contact"}};
static const wf_column_source person_sources[] = {FROM("case_id", "case"), SAME("person"),
                                                  STOOD_SOURCES};
static const wf_column_source unidentified_sources[] = {
    FROM("case_id", "case"), FROM("contact_id", "contact"), STOOD_SOURCES};
static const wf_projection reviewed_projections[] = {
    {&wf_table_contact_review, .each = NULL, SOURCES(person_sources),
     .where_keyed = true},
    {&wf_table_unidentified_review, .each = NULL, SOURCES(unidentified_sources),
     .where_keyed = true},
};
static const wf_naming contact_reviewed_names[] = {
    OWN_OR_NEW("case", CASE),
    ANY("person", PERSON),
    OWN_OR_NEW("contact", UNIDENTIFIED),
    ANY("outbreak", OUTBREAK),
};
// A list is gone through row by row, some hundred at once: that is no news for a wall.
const wf_kind wf_kind_contact_reviewed = {
    .name = "contact.reviewed",
    .number = 161,
    .keep = WF_KEEP_CASE,
    FIELDS(reviewed_fields),
    PROJECTIONS(reviewed_projections),
    RULES(reviewed_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(MEDIC),
    .where = "person",
    NAMES(contact_reviewed_names),
    .heard_by = ROLE(LEAD) | ROLE(INVESTIGATOR),
    .zh = "过目了工作清单中的一名接触者，当时其在清单中的情形如此",
    .en = "somebody went through a contact of a work list, who stood in it so",
};
