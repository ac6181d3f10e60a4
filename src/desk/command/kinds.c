#include "desk/command/kinds.h"

#include "desk/declare.h"

enum { hole_bytes_max = 63 };

// Who works on tasks.
#define WORKERS                                                                          \
    (ROLE(COMMANDER) | ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) |             \
     ROLE(SAMPLER) | ROLE(LAB) | ROLE(MEDIC) | ROLE(REGULATOR))

static const char *const reason_words[] = {
    "not_ours", "wrong_place", "not_possible", "needs_other", "needs_decision",
    "other",    NULL};

static const wf_column task_columns[] = {
    {ID_OF("task_id", "任务编号", "the task's id"), KEY},
    {TEXT_OF("hole", hole_bytes_max, "漏洞种类", "kind of hole"), .indexed = true},
    {TEXT_OF("subject", WF_ID_BYTES_MAX, "漏洞对象", "whom or what the hole is about")},
    {PERSON_OF("person", "漏洞对象：人员", "the person whom the hole is about"),
     .indexed = true},
    {PLACE_OF("place", "漏洞对象：场所（对象编号之外）",
              "the place that the hole is about, beside its id")},
    {ID_OF("post", "责任岗位", "post that has to close it"), .indexed = true},
    {TIME_OF("due_at", "要求关闭时间", "to be closed by")},
    {ID_OF("instruction", "上级指令编号", "the instruction that it serves")},
    {GRID_OF("漏洞所在网格", "grid of the hole")},
    {TIME_OF("assigned_at", "首次交办时间", "first assigned"), EARLIEST},
    {TIME_OF("last_assigned_at", "最近交办时间", "last assigned"), LATEST},
    {TIME_OF("accepted_at", "最近接受时间", "last accepted"), LATEST},
    {TIME_OF("returned_at", "最近退回时间", "last returned"), LATEST},
    {WORD_OF("reason", reason_words, "退回原因", "why it was returned")},
    {TIME_OF("hole_since", "所交办漏洞的起始时间",
             "since when the hole is that was given")},
};
const wf_table wf_table_task = {
    .name = "task",
    COLUMNS(task_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "任务",
    .en = "a task",
};

static const wf_column assigned_fields[] = {
    {ID_OF("task", "任务编号", "the task's id"), .required = true},
    {TEXT_OF("hole", hole_bytes_max, "漏洞种类", "kind of hole"), .required = true},
    {TEXT_OF("subject", WF_ID_BYTES_MAX, "漏洞对象", "whom or what the hole is about")},
    {PERSON_OF("person", "漏洞对象：人员", "the person whom the hole is about")},
    {PLACE_OF("place", "漏洞对象：场所（对象编号之外）",
              "the place that the hole is about, beside its id")},
    {ID_OF("post", "责任岗位（专班@网格）", "post that has to close it, group@grid"),
     .required = true},
    {TIME_OF("due", "要求关闭时间", "to be closed by"), .required = true},
    {ID_OF("instruction", "上级指令编号", "the instruction that it serves")},
    {TIME_OF("since", "漏洞起始时间；此后新出现的不是这处漏洞",
             "since when the hole is: what begins later is another one")},
};
static const wf_rule assigned_rules[] = {{WF_RULE_ONE_OF, "subject", "person"}};
static const wf_column_source assigned_sources[] = {
    FROM("task_id", "task"),
    SAME("hole"),
    SAME("subject"),
    SAME("person"),
    SAME("place"),
    SAME("post"),
    FROM("due_at", "due"),
    SAME("instruction"),
    FROM("hole_since", "since"),
    FROM("grid", "@grid"),
    FROM("assigned_at", "@at"),
    FROM("last_assigned_at", "@at"),
};
static const wf_projection assigned_projections[] = {
    {&wf_table_task, .each = NULL, SOURCES(assigned_sources)},
};
// Work is given to one's own posts and those below, about what is one's own.
static const wf_naming task_assigned_names[] = {
    OWN_OR_NEW("task", TASK), OWN_OR_NEW("person", PERSON),           ANY("place", PLACE),
    OWN("post", POST),        OWN_OR_NEW("instruction", INSTRUCTION),
};
const wf_kind wf_kind_task_assigned = {
    .name = "task.assigned",
    .number = 400,
    .keep = WF_KEEP_CASE,
    FIELDS(assigned_fields),
    PROJECTIONS(assigned_projections),
    RULES(assigned_rules),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    .where = "person",
    NAMES(task_assigned_names),
    .zh = "把一处漏洞交给一个岗位，限时关闭",
    .en = "a post was told to close a hole by a time",
};

static const wf_column accepted_fields[] = {
    {ID_OF("task", "任务编号", "the task's id"), .required = true},
};
static const wf_column_source accepted_sources[] = {FROM("task_id", "task"),
                                                    FROM("accepted_at", "@at")};
static const wf_projection accepted_projections[] = {
    {&wf_table_task, .each = NULL, SOURCES(accepted_sources)},
};
static const wf_naming task_accepted_names[] = {
    OWN_OR_NEW("task", TASK),
};
const wf_kind wf_kind_task_accepted = {
    .name = "task.accepted",
    .number = 401,
    .keep = WF_KEEP_CASE,
    FIELDS(accepted_fields),
    PROJECTIONS(accepted_projections),
    .roles = WORKERS,
    NAMES(task_accepted_names),
    .zh = "岗位接受任务",
    .en = "a post takes a task on",
};

static const wf_column returned_fields[] = {
    {ID_OF("task", "任务编号", "the task's id"), .required = true},
    {WORD_OF("reason", reason_words, "退回原因", "why"), .required = true},
    {TEXT_OF("remark", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
static const wf_column_source returned_sources[] = {
    FROM("task_id", "task"), FROM("returned_at", "@at"), SAME("reason")};
static const wf_projection returned_projections[] = {
    {&wf_table_task, .each = NULL, SOURCES(returned_sources)},
};
static const wf_naming task_returned_names[] = {
    OWN_OR_NEW("task", TASK),
};
const wf_kind wf_kind_task_returned = {
    .name = "task.returned",
    .number = 402,
    .keep = WF_KEEP_CASE,
    FIELDS(returned_fields),
    PROJECTIONS(returned_projections),
    .roles = WORKERS,
    NAMES(task_returned_names),
    .zh = "岗位退回任务，并说明原因",
    .en = "a post gives a task back, and says why",
};
