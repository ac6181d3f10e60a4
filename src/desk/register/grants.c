// Who may see somebody beside those who work where they live: by an assignment to a case,
// or because a person was handed over to another grid's custody. An assignment is one
// person's word; a custody is two: of who hands over, and of who takes (MISSION §4).
#include "desk/declare.h"
#include "desk/register/kinds.h"

enum { user_bytes_max = 64, reference_bytes_max = 144 };

// ---- assignments ----

#define ASSIGNMENT_OF ID_OF("assignment", "指派编号", "the assignment's id")

static const wf_column assignment_columns[] = {
    {ASSIGNMENT_OF, KEY},
    {NAMED("user_id", WF_COLUMN_ID, "用户", "the user"), .bytes_max = user_bytes_max},
    {TEXT_OF("reference", reference_bytes_max, "指派的事项", "what they are to do")},
    {PERSON_OF("person", "涉及的人员", "whom it is about")},
    {TIME_OF("until", "到期时间", "holds until")},
    {TIME_OF("given_at", "首次指派时间", "first given"), EARLIEST},
    {TIME_OF("ended_at", "最近结束时间", "last ended"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否有效", "goes on")},
    {GRID_OF("作出指派的网格", "grid of who gave it")},
};
const wf_table wf_table_assignment = {
    .name = "assignment",
    COLUMNS(assignment_columns),
    .keys_count = 1,
    .zh = "指派",
    .en = "an assignment",
};

static const wf_column assigned_fields[] = {
    {ASSIGNMENT_OF, .required = true},
    {NAMED("user", WF_COLUMN_ID, "用户", "who is to do it"), .required = true,
     .bytes_max = user_bytes_max},
    {TEXT_OF("reference", reference_bytes_max, "指派的事项，如 case:C-0001",
             "what they are to do, such as case:C-0001"),
     .required = true},
    {PERSON_OF("person", "涉及的人员", "whom it is about")},
    {TIME_OF("until", "到期时间", "holds until"), .required = true},
};
static const wf_column_source assigned_sources[] = {
    SAME("assignment"),  FROM("user_id", "user"), SAME("reference"),
    SAME("person"),      SAME("until"),           FROM("given_at", "@at"),
    ALWAYS("active", 1), FROM("grid", "@grid"),
};
static const wf_projection assigned_projections[] = {
    {&wf_table_assignment, .each = NULL, SOURCES(assigned_sources)},
};
// To whom is not asked: users of elsewhere are assigned to what is here, and a lead is
// not told which names there are elsewhere.
static const wf_naming assignment_given_names[] = {
    OWN_OR_JUDGED("assignment", ASSIGNMENT, "assignment.there"),
    ANY("user", ACCOUNT),
    JUDGED("reference", REFERENCE),
    JUDGED("person", PERSON),
};
const wf_kind wf_kind_assignment_given = {
    .name = "assignment.given",
    .number = 28,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(assigned_fields),
    PROJECTIONS(assigned_projections),
    .roles = ROLE(LEAD),
    NAMES(assignment_given_names),
    .zh = "把一件事指派给一名用户",
    .en = "a user was assigned to something",
};

static const wf_column unassigned_fields[] = {
    {ASSIGNMENT_OF, .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_column_source unassigned_sources[] = {
    SAME("assignment"), FROM("ended_at", "@at"), ALWAYS("active", 0)};
static const wf_projection unassigned_projections[] = {
    {&wf_table_assignment, .each = NULL, SOURCES(unassigned_sources)},
};
static const wf_naming assignment_ended_names[] = {
    JUDGED("assignment", ASSIGNMENT),
};
const wf_kind wf_kind_assignment_ended = {
    .name = "assignment.ended",
    .number = 29,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(unassigned_fields),
    PROJECTIONS(unassigned_projections),
    .roles = ROLE(LEAD),
    NAMES(assignment_ended_names),
    .zh = "结束一项指派",
    .en = "an assignment was ended",
};

// ---- custody ----

#define CUSTODY_OF ID_OF("custody", "移交编号", "the custody's id")

static const wf_column custody_columns[] = {
    {CUSTODY_OF, KEY},
    {PERSON_OF("person", "人员编号", "who was handed over"), .indexed = true},
    {GRID_OF("由哪个网格负责", "grid that has them in its charge")},
    {TIME_OF("until", "到期时间", "holds until")},
    {TIME_OF("given_at", "首次移交时间", "first given"), EARLIEST},
    {TIME_OF("ended_at", "最近结束时间", "last ended"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否有效", "goes on")},
    {TEXT_OF("given_by", WF_FACT_TEXT_MAX, "移交记录", "the fact that hands over")},
    {TIME_OF("taken_at", "首次接收时间", "first taken over"), EARLIEST},
};
const wf_table wf_table_custody = {
    .name = "custody",
    COLUMNS(custody_columns),
    .keys_count = 1,
    .zh = "移交负责",
    .en = "a person in the charge of another grid",
};

static const wf_column given_fields[] = {
    {CUSTODY_OF, .required = true},
    {PERSON_OF("person", "人员编号", "who is handed over"), .required = true},
    {TEXT_OF("grid", WF_GRID_BYTES_MAX, "由哪个网格负责",
             "grid that has them in its charge"),
     .required = true},
    {TIME_OF("until", "到期时间", "holds until"), .required = true},
    {NAMED("because", WF_COLUMN_FACT, "依据的事实记录", "facts it rests on"),
     .required = true, .list = true, .items_max = WF_ITEMS_MAX},
};
static const wf_column_source given_sources[] = {
    SAME("custody"),
    SAME("person"),
    SAME("grid"),
    SAME("until"),
    FROM("given_at", "@at"),
    ALWAYS("active", 1),
    FROM("given_by", "@fact"),
};
static const wf_projection given_projections[] = {
    {&wf_table_custody, .each = NULL, SOURCES(given_sources)},
};
static const wf_naming custody_given_names[] = {
    OWN_OR_JUDGED("custody", CUSTODY, "custody.there"),
    JUDGED("person", PERSON),
    ANY("grid", GRID),
    OWN_OR_JUDGED("because", FACT, "custody.reason"),
};
const wf_kind wf_kind_custody_given = {
    .name = "custody.given",
    .number = 33,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(given_fields),
    PROJECTIONS(given_projections),
    .roles = ROLE(LEAD),
    .where = "person",
    NAMES(custody_given_names),
    .zh = "把一个人移交给另一网格负责",
    .en = "a person was handed over to another grid",
};

// Nobody is put in the charge of those who have not said that they take them: until then
// those who hand over answer for them, alone.
static const wf_column taken_fields[] = {
    {CUSTODY_OF, .required = true},
};
static const wf_column_source taken_sources[] = {SAME("custody"),
                                                 FROM("taken_at", "@at")};
static const wf_projection taken_projections[] = {
    {&wf_table_custody, .each = NULL, SOURCES(taken_sources)},
};
static const wf_naming custody_taken_names[] = {
    JUDGED("custody", CUSTODY),
};
const wf_kind wf_kind_custody_taken = {
    .name = "custody.taken",
    .number = 36,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(taken_fields),
    PROJECTIONS(taken_projections),
    .roles = ROLE(LEAD),
    NAMES(custody_taken_names),
    .zh = "接收移交来的人",
    .en = "a grid took over who was handed to it",
};

static const wf_column ended_fields[] = {
    {CUSTODY_OF, .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_column_source ended_sources[] = {SAME("custody"), FROM("ended_at", "@at"),
                                                 ALWAYS("active", 0)};
static const wf_projection ended_projections[] = {
    {&wf_table_custody, .each = NULL, SOURCES(ended_sources)},
};
static const wf_naming custody_ended_names[] = {
    JUDGED("custody", CUSTODY),
};
const wf_kind wf_kind_custody_ended = {
    .name = "custody.ended",
    .number = 34,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(ended_fields),
    PROJECTIONS(ended_projections),
    .roles = ROLE(LEAD),
    NAMES(custody_ended_names),
    .zh = "结束一次移交",
    .en = "a custody was ended",
};
