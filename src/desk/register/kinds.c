#include "desk/register/kinds.h"

#include "desk/declare.h"

// ---- people ----

// Whoever is not here is explained by one of these, or is missing (MISSION S2).
static const char *const absence_words[] = {
    "travelling", "working_away", "studying_away", "hospital", "isolated",
    "custody",    "moved",        "died",          "other",    NULL};

static const wf_column person_fields[] = {
    {PERSON_OF("person", "人员编号", "the person's id"), .required = true},
#include "model/columns/person.def"
};

// The columns of the file first, in its order: a new one of theirs is added to the .def,
// to the fields by that, and here at the end by hand (the golden copy of the kinds says
// so when it is forgotten).
static const wf_column person_columns[] = {
    {PERSON_OF("person", "人员编号", "the person's id"), KEY},
#include "model/columns/person.def"
    {NAMED("present", WF_COLUMN_YESNO, "是否在辖区内", "is in the area now")},
    {PLACE_OF("present_place", "现住场所编号", "id of the place they stay at")},
    {TIME_OF("present_until", "预计离开时间", "expected to leave")},
    {WORD_OF("absence_reason", absence_words, "不在的原因", "why they are away")},
    {TIME_OF("absent_until", "预计返回时间", "expected back")},
    {TIME_OF("registered_at", "首次登记时间", "first registered"), EARLIEST},
};

const wf_table wf_table_person = {
    .name = "person",
    COLUMNS(person_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "人员",
    .en = "a person",
};

static const wf_column_source person_sources[] = {
    SAME("person"),
    SAME("name"),
    SAME("sex"),
    SAME("birth"),
    SAME("grid"),
    SAME("household"),
    SAME("phone"),
    SAME("id_number"),
    SAME("occupation"),
    SAME("needs"),
    FROM("registered_at", "@at"),
};
static const wf_projection person_projections[] = {
    {&wf_table_person, .each = NULL, SOURCES(person_sources)},
};

#define CANVASS_ROLES                                                                    \
    (ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(GUARD) | ROLE(MEDIC))

// Who could register somebody else's people as their own could read all of them: whoever
// moves here is handed over (custody.given). That somebody moves away anybody may say who
// has them in their charge.
static const wf_naming person_registered_names[] = {
    OWN_OR_NEW("person", PERSON),
    ANY("grid", GRID),
};
const wf_kind wf_kind_person_registered = {
    .name = "person.registered",
    .number = 1,
    .keep = WF_KEEP_REGISTER,
    FIELDS(person_fields),
    PROJECTIONS(person_projections),
    .roles = CANVASS_ROLES | ROLE(SAMPLER),
    .where = "person",
    NAMES(person_registered_names),
    .zh = "登记或更新一个人的资料",
    .en = "a person was registered, or what is known of them changed",
};

static const wf_column present_fields[] = {
    {PERSON_OF("person", "人员编号", "the person's id"), .required = true},
    {PLACE_OF("place", "现住场所编号", "id of the place they stay at")},
    {TIME_OF("since", "到达时间", "since when")},
    {TIME_OF("until", "预计离开时间", "expected to leave")},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "说明", "remark"), .personal = true},
};
static const wf_rule since_until[] = {{WF_RULE_RISE, "since", "until"}};
static const wf_column_source present_sources[] = {
    SAME("person"),
    ALWAYS("present", 1),
    FROM("present_place", "place"),
    FROM("present_until", "until"),
};
static const wf_projection present_projections[] = {
    {&wf_table_person, .each = NULL, SOURCES(present_sources)},
};
// Whoever stands at the door is there, wherever they live.
static const wf_naming person_present_names[] = {
    ANY("person", PERSON),
    ANY("place", PLACE),
};
const wf_kind wf_kind_person_present = {
    .name = "person.present",
    .number = 2,
    .keep = WF_KEEP_REGISTER,
    FIELDS(present_fields),
    PROJECTIONS(present_projections),
    RULES(since_until),
    .roles = CANVASS_ROLES,
    .where = "person",
    NAMES(person_present_names),
    .zh = "核实一个人在辖区内",
    .en = "a person was found to be in the area",
};

static const wf_column absent_fields[] = {
    {PERSON_OF("person", "人员编号", "the person's id"), .required = true},
    {PLACE_OF("place", "所在场所编号", "id of the place where they are")},
    {TIME_OF("since", "离开时间", "since when")},
    {TIME_OF("until", "预计返回时间", "expected back")},
    {WORD_OF("reason", absence_words, "不在的原因", "why they are away")},
};
static const wf_column_source absent_sources[] = {
    SAME("person"),
    ALWAYS("present", 0),
    FROM("absence_reason", "reason"),
    FROM("absent_until", "until"),
};
static const wf_projection absent_projections[] = {
    {&wf_table_person, .each = NULL, SOURCES(absent_sources)},
};
// It takes somebody from the list of those who are missing where they live.
static const wf_naming person_absent_names[] = {
    OWN_OR_NEW("person", PERSON),
    ANY("place", PLACE),
};
const wf_kind wf_kind_person_absent = {
    .name = "person.absent",
    .number = 3,
    .keep = WF_KEEP_REGISTER,
    FIELDS(absent_fields),
    PROJECTIONS(absent_projections),
    RULES(since_until),
    .roles = CANVASS_ROLES,
    .where = "person",
    NAMES(person_absent_names),
    .zh = "核实一个人不在辖区内",
    .en = "a person was found to be away",
};

static const wf_column pair_fields[] = {
    {PERSON_OF("a", "一个编号", "one id"), .required = true},
    {PERSON_OF("b", "另一个编号", "the other id"), .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_rule pair_rules[] = {{WF_RULE_PAIR, "a", "b"}};
static const wf_column pair_columns[] = {
    {PERSON_OF("a", "一个编号", "one id"), KEY},
    {PERSON_OF("b", "另一个编号", "the other id"), KEY, .indexed = true},
    {NAMED("same", WF_COLUMN_YESNO, "是否同一人", "are one person")},
};
const wf_table wf_table_person_same = {
    .name = "person_same",
    COLUMNS(pair_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "两个编号是否同一人",
    .en = "whether two ids are one person",
};

static const wf_column_source same_sources[] = {SAME("a"), SAME("b"), ALWAYS("same", 1)};
static const wf_projection same_projections[] = {
    {&wf_table_person_same, .each = NULL, SOURCES(same_sources)},
};
// Two ids that are one are read together: both have to be theirs.
static const wf_naming person_same_names[] = {
    OWN_OR_NEW("a", PERSON),
    OWN_OR_NEW("b", PERSON),
};
const wf_kind wf_kind_person_same = {
    .name = "person.same",
    .number = 4,
    .keep = WF_KEEP_REGISTER,
    FIELDS(pair_fields),
    PROJECTIONS(same_projections),
    RULES(pair_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER),
    .where = "a",
    NAMES(person_same_names),
    .zh = "两个编号是同一个人",
    .en = "two ids are one person",
};

static const wf_column_source not_same_sources[] = {SAME("a"), SAME("b"),
                                                    ALWAYS("same", 0)};
static const wf_projection not_same_projections[] = {
    {&wf_table_person_same, .each = NULL, SOURCES(not_same_sources)},
};
static const wf_naming person_not_same_names[] = {
    OWN_OR_NEW("a", PERSON),
    OWN_OR_NEW("b", PERSON),
};
const wf_kind wf_kind_person_not_same = {
    .name = "person.not_same",
    .number = 5,
    .keep = WF_KEEP_REGISTER,
    FIELDS(pair_fields),
    PROJECTIONS(not_same_projections),
    RULES(pair_rules),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER),
    .where = "a",
    NAMES(person_not_same_names),
    .zh = "两个编号不是同一个人",
    .en = "two ids are two persons",
};

// ---- places, grids, outbreaks ----

static const wf_column place_fields[] = {
    {PLACE_OF("place", "场所编号", "the place's id"), .required = true},
#include "model/columns/place.def"
};
static const wf_column place_columns[] = {
    {PLACE_OF("place", "场所编号", "the place's id"), KEY},
#include "model/columns/place.def"
};
const wf_table wf_table_place = {
    .name = "place",
    COLUMNS(place_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "场所",
    .en = "a place",
};
static const wf_column_source place_sources[] = {
    SAME("place"), SAME("name"), SAME("kind"),    SAME("grid"),        SAME("parent"),
    SAME("lat"),   SAME("lon"),  SAME("area_m2"), SAME("ventilation"),
};
static const wf_projection place_projections[] = {
    {&wf_table_place, .each = NULL, SOURCES(place_sources)},
};
static const wf_naming place_registered_names[] = {
    OWN_OR_NEW("place", PLACE),
    ANY("parent", PLACE),
    OWN("grid", GRID),
};
const wf_kind wf_kind_place_registered = {
    .name = "place.registered",
    .number = 10,
    .keep = WF_KEEP_REGISTER,
    FIELDS(place_fields),
    PROJECTIONS(place_projections),
    .roles = CANVASS_ROLES | ROLE(REGULATOR) | ROLE(OPERATOR),
    .where = "place",
    NAMES(place_registered_names),
    .zh = "登记或更新一个场所",
    .en = "a place was registered, or what is known of it changed",
};

static const wf_column grid_fields[] = {
    {GRID_OF("网格编码", "grid code"), .required = true},
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "名称", "name"), .required = true},
};
static const wf_column grid_columns[] = {
    {GRID_OF("网格编码", "grid code"), KEY},
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "名称", "name")},
};
const wf_table wf_table_grid = {
    .name = "grid",
    COLUMNS(grid_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "网格",
    .en = "a grid",
};
static const wf_column_source grid_sources[] = {SAME("grid"), SAME("name")};
static const wf_projection grid_projections[] = {
    {&wf_table_grid, .each = NULL, SOURCES(grid_sources)},
};
static const wf_naming grid_renamed_names[] = {
    OWN("grid", GRID),
};
const wf_kind wf_kind_grid_renamed = {
    .name = "grid.renamed",
    .number = 11,
    .keep = WF_KEEP_REGISTER,
    FIELDS(grid_fields),
    PROJECTIONS(grid_projections),
    .roles = ROLE(LEAD) | ROLE(OPERATOR),
    NAMES(grid_renamed_names),
    .zh = "给网格命名",
    .en = "a grid was given a name",
};

static const wf_column outbreak_columns[] = {
    {ID_OF("outbreak", "疫情编号", "the outbreak's id"), KEY},
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "名称", "name")},
    {TEXT_OF("pathogen", 63, "病原体", "pathogen")},
    {TEXT_OF("protocol", 63, "方案", "protocol that is applied")},
    {TIME_OF("declared_at", "宣布时间", "first declared"), EARLIEST},
    {TIME_OF("ended_at", "宣布结束时间", "last declared to be over"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否进行中", "goes on"), .indexed = true},
};
const wf_table wf_table_outbreak = {
    .name = "outbreak",
    COLUMNS(outbreak_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "疫情",
    .en = "an outbreak",
};

static const wf_column declared_fields[] = {
    {ID_OF("outbreak", "疫情编号", "the outbreak's id"), .required = true},
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "名称", "name")},
    {TEXT_OF("pathogen", 63, "病原体", "pathogen")},
    {TEXT_OF("protocol", 63, "方案", "protocol that is applied")},
};
static const wf_column_source declared_sources[] = {
    SAME("outbreak"),           SAME("name"),        SAME("pathogen"), SAME("protocol"),
    FROM("declared_at", "@at"), ALWAYS("active", 1),
};
static const wf_projection declared_projections[] = {
    {&wf_table_outbreak, .each = NULL, SOURCES(declared_sources)},
};
static const wf_naming outbreak_declared_names[] = {
    OWN_OR_NEW("outbreak", OUTBREAK),
};
const wf_kind wf_kind_outbreak_declared = {
    .name = "outbreak.declared",
    .number = 12,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_REGISTER,
    FIELDS(declared_fields),
    PROJECTIONS(declared_projections),
    .roles = ROLE(COMMANDER),
    NAMES(outbreak_declared_names),
    .zh = "宣布一起疫情",
    .en = "an outbreak was declared",
};

static const wf_column ended_fields[] = {
    {ID_OF("outbreak", "疫情编号", "the outbreak's id"), .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why")},
};
static const wf_column_source ended_sources[] = {
    SAME("outbreak"), FROM("ended_at", "@at"), ALWAYS("active", 0)};
static const wf_projection ended_projections[] = {
    {&wf_table_outbreak, .each = NULL, SOURCES(ended_sources)},
};
// With an outbreak its cases are over, and what rests on them.
static const wf_naming outbreak_ended_names[] = {
    OWN_OR_JUDGED("outbreak", OUTBREAK, "outbreak.unknown"),
};
const wf_kind wf_kind_outbreak_ended = {
    .name = "outbreak.ended",
    .number = 13,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_REGISTER,
    FIELDS(ended_fields),
    PROJECTIONS(ended_projections),
    .roles = ROLE(COMMANDER),
    NAMES(outbreak_ended_names),
    .zh = "宣布一起疫情结束",
    .en = "an outbreak was declared to be over",
};
