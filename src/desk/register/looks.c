// Who looked at whose data, why and by what right; what was refused; what the auditor
// found. DESIGN §5: a look is one answer, and its fact is durable before the answer
// leaves. All of these come from the city itself, as device weft/looks, except for what
// the auditor says.
//
// Whom an answer showed stands in the fact alone, sealed, and the index finds it by them
// (wf_kind.shows): a row a person would be the largest table of the city, and would tell
// whoever reads rows who is talked about. Facts of looks are kept as accounts are: as
// long as case files, so that who could see them can be asked while they exist. No look
// counts in a digest: equal nets are equal, whoever looked at them.
#include "desk/declare.h"
#include "desk/register/kinds.h"
#include "model/look.h"

enum {
    actor_bytes_max = 64, // of users and enrolled devices
    asked_bytes_max = 63,
    stretch_bytes_max = actor_bytes_max + 16,    // "u-zhang 2021-12-11T07"
    refused_in_bytes_max = stretch_bytes_max + 8 // "u-zhang 2021-12-11T07 refused"
};

// ---- tables ----

// Why a look was refused that asked for something it had no right to; what is a slip of
// the pen (no such purpose, no header) is not noted.
static const char *const refused_words[] = {"unknown", "over", "elsewhere", "evidence",
                                            NULL};

static const wf_column look_columns[] = {
    {TEXT_OF("look", WF_FACT_TEXT_MAX, "查询记录", "the look"), KEY},
    {TEXT_OF("actor", actor_bytes_max, "查询者", "who looked")},
    {WORD_OF("role", wf_role_words, "角色", "role")},
    {WORD_OF("office", wf_office_words, "所属专班", "work group they acted for")},
    {TEXT_OF("office_name", actor_bytes_max, "所属单位", "its name")},
    {WORD_OF("reference_kind", wf_reference_words, "事由种类", "kind of reference")},
    {ID_OF("reference", "事由编号", "id of the reference")},
    {WORD_OF("purpose", wf_purpose_words, "用途", "purpose")},
    {TEXT_OF("asked", asked_bytes_max, "查询内容", "what was asked")},
    {WHOLE_OF("shown", 0, WF_LOOK_PERSONS_MAX, "涉及人数", "persons shown")},
    {NAMED("own_household", WF_COLUMN_YESNO, "含查询者的同户人员",
           "of the looker's own household")},
    {NAMED("colleague", WF_COLUMN_YESNO, "含查询者的同事", "a colleague among them")},
    {WORD_OF("refused", refused_words, "被拒的原因", "why it was refused")},
    {GRID_OF("查询者负责的网格", "grid the looker works for")},
    {TIME_OF("looked_at", "查询时间", "looked"), EARLIEST, .indexed = true},
    {WHOLE_OF("of_one", 0, WHOLE_MAX, "一日内查看其中同一人的次数",
              "looks at one and the same of them within a day")},
};
const wf_table wf_table_look = {
    .name = "look",
    COLUMNS(look_columns),
    .keys_count = 1,
    .zh = "对个人数据的一次查询",
    .en = "a look at people's data",
};

// How many persons somebody was shown, at most, within any minute and hour that ended in
// this hour (UTC). The sums are made when the look is: a rule that added up the looks
// would read the more the more there are.
static const wf_column pace_columns[] = {
    {TEXT_OF("stretch", stretch_bytes_max, "查询者与小时", "who, and the hour"), KEY},
    {TEXT_OF("actor", actor_bytes_max, "查询者", "who looked")},
    {WHOLE_OF("in_minute", 0, WHOLE_MAX, "一分钟内涉及人数",
              "persons shown within a minute"),
     LATEST},
    {WHOLE_OF("in_hour", 0, WHOLE_MAX, "一小时内涉及人数",
              "persons shown within an hour"),
     LATEST},
    {GRID_OF("查询者负责的网格", "grid the looker works for")},
    {TIME_OF("first_at", "首次查询时间", "first look"), EARLIEST},
    {TIME_OF("over_at", "末次达到限量的时间", "last beyond the pace by as much again"),
     LATEST},
};
const wf_table wf_table_look_pace = {
    .name = "look_pace",
    COLUMNS(pace_columns),
    .keys_count = 1,
    .zh = "一名查询者在一小时内的查询量",
    .en = "how much somebody looked at in an hour",
};

// How often somebody looked, at most, at one and the same person within any 24 hours that
// ended in this day of the city. Which person stands in no row.
static const wf_column often_columns[] = {
    {TEXT_OF("stretch", stretch_bytes_max, "查询者与日期", "who, and the day"), KEY},
    {TEXT_OF("actor", actor_bytes_max, "查询者", "who looked")},
    {WHOLE_OF("of_one", 0, WHOLE_MAX, "一日内查看同一人的次数",
              "looks at one person within a day"),
     LATEST},
    {GRID_OF("查询者负责的网格", "grid the looker works for")},
    {TIME_OF("first_at", "首次查询时间", "first look"), EARLIEST},
    {TIME_OF("over_at", "末次达到限次的时间", "last beyond the limit by as often again"),
     LATEST},
};
const wf_table wf_table_look_often = {
    .name = "look_often",
    COLUMNS(often_columns),
    .keys_count = 1,
    .zh = "一名查询者在一日内反复查看同一人的情况",
    .en = "how often somebody looked at one person in a day",
};

// How often somebody asked within an hour by a reference that was not there, was over or
// was not theirs. A row a refusal would bury the auditor: a browser that is left open
// with a dead reference makes one a second. Evidence that is wanting is no misuse, and
// counts in none.
static const wf_column look_refusals_columns[] = {
    {TEXT_OF("stretch", refused_in_bytes_max, "查询者与小时", "who, and the hour"), KEY},
    {TEXT_OF("actor", actor_bytes_max, "查询者", "who looked")},
    {WHOLE_OF("refusals", 0, WHOLE_MAX, "被拒次数（每秒最多记一次）",
              "refusals, of which one a second is noted"),
     .merge = WF_MERGE_COUNT},
    {GRID_OF("查询者负责的网格", "grid the looker works for")},
    {TIME_OF("first_at", "首次被拒时间", "first refused"), EARLIEST, .indexed = true},
    {TIME_OF("last_at", "末次被拒时间", "last refused"), LATEST},
};
const wf_table wf_table_look_refusals = {
    .name = "look_refusals",
    COLUMNS(look_refusals_columns),
    .keys_count = 1,
    .zh = "一名查询者在一小时内无有效事由的查询",
    .en = "what somebody was refused in an hour for want of a live reference",
};

static const wf_column review_columns[] = {
    {TEXT_OF("subject", WF_FACT_TEXT_MAX, "所查的查询记录", "what was reviewed"), KEY},
    {TEXT_OF("finding", WF_TEXT_BYTES_MAX, "审计结论", "what was found"),
     .personal = true},
    {TIME_OF("reviewed_at", "审计时间", "reviewed"), LATEST},
};
const wf_table wf_table_look_review = {
    .name = "look_review",
    COLUMNS(review_columns),
    .keys_count = 1,
    .zh = "审计员对查询的核查",
    .en = "an auditor's review of looks",
};

// ---- kinds ----

#define WHO_AND_WHY                                                                      \
    {TEXT_OF("actor", actor_bytes_max, "查询者", "who looked"), .required = true},       \
        {WORD_OF("role", wf_role_words, "角色", "role"), .required = true},              \
        {WORD_OF("office", wf_office_words, "所属专班", "work group they acted for"),    \
         .required = true},                                                              \
        {TEXT_OF("office_name", actor_bytes_max, "所属单位", "its name")},               \
        {WORD_OF("reference_kind", wf_reference_words, "事由种类", "kind of reference"), \
         .required = true},                                                              \
        {ID_OF("reference", "事由编号", "id of the reference"), .required = true},       \
        {WORD_OF("purpose", wf_purpose_words, "用途", "purpose"), .required = true},     \
    {                                                                                    \
        TEXT_OF("asked", asked_bytes_max, "查询内容", "what was asked"),                 \
            .required = true                                                             \
    }

#define WHO_AND_WHY_SOURCES                                                              \
    FROM("look", "@fact"), SAME("actor"), SAME("role"), SAME("office"),                  \
        SAME("office_name"), SAME("reference_kind"), SAME("reference"), SAME("purpose"), \
        SAME("asked"), FROM("grid", "@grid"), FROM("looked_at", "@at")

static const wf_column made_fields[] = {
    WHO_AND_WHY,
    {PERSON_OF("persons", "所涉人员", "persons shown"), .list = true,
     .items_max = WF_LOOK_PERSONS_MAX},
    {WHOLE_OF("shown", 0, WF_LOOK_PERSONS_MAX, "涉及人数", "persons shown"),
     .required = true},
    {NAMED("own_household", WF_COLUMN_YESNO, "含查询者的同户人员",
           "of the looker's own household")},
    {NAMED("colleague", WF_COLUMN_YESNO, "含查询者的同事", "a colleague among them")},
    {TEXT_OF("stretch", stretch_bytes_max, "查询者与小时", "who, and the hour"),
     .required = true},
    {WHOLE_OF("in_minute", 0, WHOLE_MAX, "一分钟内涉及人数",
              "persons shown within a minute"),
     .required = true},
    {WHOLE_OF("in_hour", 0, WHOLE_MAX, "一小时内涉及人数",
              "persons shown within an hour"),
     .required = true},
    {TEXT_OF("often", stretch_bytes_max, "查询者与日期（所涉人员不多于 4 人时）",
             "who, and the day: where four at most were shown")},
    {WHOLE_OF("of_one", 0, WHOLE_MAX, "一日内查看其中同一人的次数",
              "looks at one and the same of them within a day")},
    {TIME_OF("over_at", "超过限量的时间（又查看了同样多的人时）",
             "when it was beyond the pace, by as much again as before")},
    {TIME_OF("often_over_at", "超过限次的时间（又查看了同样多次时）",
             "when it was beyond the looks at one person, by as often again as before")},
};
static const wf_column_source made_looks[] = {WHO_AND_WHY_SOURCES, SAME("shown"),
                                              SAME("own_household"), SAME("colleague"),
                                              SAME("of_one")};
static const wf_column_source made_often[] = {
    FROM("stretch", "often"), SAME("actor"),           SAME("of_one"),
    FROM("grid", "@grid"),    FROM("first_at", "@at"), FROM("over_at", "often_over_at")};
static const wf_column_source made_paces[] = {
    SAME("stretch"),       SAME("actor"),           SAME("in_minute"), SAME("in_hour"),
    FROM("grid", "@grid"), FROM("first_at", "@at"), SAME("over_at")};
static const wf_projection made_projections[] = {
    {&wf_table_look, .each = NULL, SOURCES(made_looks)},
    {&wf_table_look_pace, .each = NULL, SOURCES(made_paces)},
    {&wf_table_look_often, .each = NULL, SOURCES(made_often), .where_keyed = true},
};
const wf_kind wf_kind_look_made = {
    .name = "look.made",
    .number = 50,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(made_fields),
    PROJECTIONS(made_projections),
    .roles = 0, // the city itself, as device weft/looks
    .shows = true,
    HEARD_BY_AUDIT,
    .zh = "有人查询了个人数据",
    .en = "somebody looked at people's data",
};

static const wf_column look_refused_fields[] = {
    WHO_AND_WHY,
    {WORD_OF("refused", refused_words, "被拒的原因", "why it was refused"),
     .required = true},
    {TEXT_OF("stretch", refused_in_bytes_max, "查询者与小时（计为无有效事由时）",
             "who, and the hour: where it counts as without a live reference")},
};
static const wf_column_source look_refused_sources[] = {WHO_AND_WHY_SOURCES,
                                                        SAME("refused")};
static const wf_column_source refused_stretches[] = {
    SAME("stretch"),       SAME("actor"),           COUNTED("refusals"),
    FROM("grid", "@grid"), FROM("first_at", "@at"), FROM("last_at", "@at")};
static const wf_projection look_refused_projections[] = {
    {&wf_table_look, .each = NULL, SOURCES(look_refused_sources)},
    {&wf_table_look_refusals, .each = NULL, SOURCES(refused_stretches),
     .where_keyed = true},
};
const wf_kind wf_kind_look_refused = {
    .name = "look.refused",
    .number = 51,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(look_refused_fields),
    PROJECTIONS(look_refused_projections),
    .roles = 0, // the city itself, as device weft/looks
    HEARD_BY_AUDIT,
    .zh = "拒绝了一次对个人数据的查询",
    .en = "a look at people's data was refused",
};

// `subject` is what a hole of looks names: the look, or the hour of somebody's looking.
static const wf_column reviewed_fields[] = {
    {TEXT_OF("subject", WF_FACT_TEXT_MAX, "所查的查询记录", "what was reviewed"),
     .required = true},
    {TEXT_OF("finding", WF_TEXT_BYTES_MAX, "审计结论", "what was found"),
     .required = true, .personal = true},
};
static const wf_column_source reviewed_sources[] = {SAME("subject"), SAME("finding"),
                                                    FROM("reviewed_at", "@at")};
static const wf_projection reviewed_projections[] = {
    {&wf_table_look_review, .each = NULL, SOURCES(reviewed_sources)},
};
static const wf_naming look_reviewed_names[] = {
    OWN("subject", LOOK),
};
const wf_kind wf_kind_look_reviewed = {
    .name = "look.reviewed",
    .number = 52,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(reviewed_fields),
    PROJECTIONS(reviewed_projections),
    .roles = ROLE(AUDITOR),
    HEARD_BY_AUDIT,
    NAMES(look_reviewed_names),
    .zh = "审计员核查了一次查询",
    .en = "an auditor reviewed a look",
};
