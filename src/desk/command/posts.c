// Instructions from above; rosters, and what one shift tells the next.
#include "desk/command/kinds.h"
#include "desk/declare.h"

enum { source_bytes_max = 128, asks_bytes_max = 1024, document_bytes_max = 128 };

static const char *const answer_words[] = {"received", "partly", "done", "not_possible",
                                           NULL};

// ---- instructions from above ----

static const wf_column instruction_columns[] = {
    {ID_OF("instruction", "指令编号", "the instruction's id"), KEY},
    {TEXT_OF("source", source_bytes_max, "来自哪级、哪个机构", "from whom")},
    {TEXT_OF("document", document_bytes_max, "文号", "number of the document")},
    {TEXT_OF("asks", asks_bytes_max, "要求", "what it asks for")},
    {ID_OF("post", "承办岗位", "post that answers it"), .indexed = true},
    {TIME_OF("reply_by", "回复时限", "to be answered by")},
    {GRID_OF("承办网格", "grid that deals with it")},
    {TIME_OF("received_at", "收到时间", "received"), EARLIEST},
    {TIME_OF("first_answered_at", "首次回复时间", "first answered"), EARLIEST},
    {TIME_OF("done_at", "办结时间", "answered in full"), EARLIEST},
    {WORD_OF("answer", answer_words, "最近回复", "last answer")},
};
const wf_table wf_table_instruction = {
    .name = "instruction",
    COLUMNS(instruction_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "上级指令",
    .en = "an instruction from above",
};

static const wf_column received_fields[] = {
    {ID_OF("instruction", "指令编号", "the instruction's id"), .required = true},
    {TEXT_OF("source", source_bytes_max, "来自哪级、哪个机构", "from whom"),
     .required = true},
    {TEXT_OF("document", document_bytes_max, "文号", "number of the document")},
    {TEXT_OF("asks", asks_bytes_max, "要求", "what it asks for"), .required = true},
    {ID_OF("post", "承办岗位（专班@网格）", "post that answers it, group@grid")},
    {TIME_OF("reply_by", "回复时限", "to be answered by"), .required = true},
};
static const wf_column_source received_sources[] = {
    SAME("instruction"),   SAME("source"),
    SAME("document"),      SAME("asks"),
    SAME("post"),          SAME("reply_by"),
    FROM("grid", "@grid"), FROM("received_at", "@at"),
};
static const wf_projection received_projections[] = {
    {&wf_table_instruction, .each = NULL, SOURCES(received_sources)},
};
static const wf_naming instruction_received_names[] = {
    OWN_OR_NEW("instruction", INSTRUCTION),
    OWN("post", POST),
};
const wf_kind wf_kind_instruction_received = {
    .name = "instruction.received",
    .number = 410,
    .keep = WF_KEEP_CASE,
    FIELDS(received_fields),
    PROJECTIONS(received_projections),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    NAMES(instruction_received_names),
    .zh = "收到上级指令",
    .en = "an instruction came from above",
};

static const wf_column answered_fields[] = {
    {ID_OF("instruction", "指令编号", "the instruction's id"), .required = true},
    {WORD_OF("answer", answer_words, "回复", "answer"), .required = true},
    {TEXT_OF("remark", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
#define DONE_WHEN(word)                                                                  \
    {                                                                                    \
        .column = "done_at", .field = "@at", .if_field = "answer", .if_word = (word)     \
    }
static const wf_column_source answered_sources[] = {
    SAME("instruction"), FROM("first_answered_at", "@at"), SAME("answer"),
    DONE_WHEN("done"), DONE_WHEN("not_possible")};
static const wf_projection answered_projections[] = {
    {&wf_table_instruction, .each = NULL, SOURCES(answered_sources)},
};
static const wf_naming instruction_answered_names[] = {
    OWN_OR_NEW("instruction", INSTRUCTION),
};
const wf_kind wf_kind_instruction_answered = {
    .name = "instruction.answered",
    .number = 411,
    .keep = WF_KEEP_CASE,
    FIELDS(answered_fields),
    PROJECTIONS(answered_projections),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    NAMES(instruction_answered_names),
    .zh = "回复一份上级指令",
    .en = "an instruction from above was answered",
};

// ---- who holds a post ----

static const wf_column holder_columns[] = {
    {ID_OF("post", "岗位", "the post"), KEY},
    {ID_OF("holder", "值守用户", "user who holds it"), KEY},
    {TIME_OF("from_at", "开始时间", "from"), KEY},
    {TIME_OF("until_at", "结束时间", "until")},
    {GRID_OF("排班所在网格", "grid where the roster was said")},
};
const wf_table wf_table_post_holder = {
    .name = "post_holder",
    COLUMNS(holder_columns),
    .keys_count = 3,
    .in_digest = true,
    .zh = "岗位值守",
    .en = "somebody's hours at a post",
};

static const wf_column held_fields[] = {
    {ID_OF("post", "岗位（专班@网格）", "the post, group@grid"), .required = true},
    {ID_OF("user", "值守用户", "user who holds it"), .required = true},
    {TIME_OF("from", "开始时间", "from"), .required = true},
    {TIME_OF("until", "结束时间", "until"), .required = true},
};
static const wf_rule held_rules[] = {{WF_RULE_RISE, "from", "until"}};
static const wf_column_source held_sources[] = {
    SAME("post"), FROM("holder", "user"), FROM("from_at", "from"),
    FROM("until_at", "until"), FROM("grid", "@grid")};
static const wf_projection held_projections[] = {
    {&wf_table_post_holder, .each = NULL, SOURCES(held_sources)},
};
static const wf_naming post_held_names[] = {
    OWN("post", POST),
    ANY("user", ACCOUNT),
};
const wf_kind wf_kind_post_held = {
    .name = "post.held",
    .number = 420,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(held_fields),
    PROJECTIONS(held_projections),
    RULES(held_rules),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    NAMES(post_held_names),
    .zh = "排班：某用户在一段时间内值守某岗位",
    .en = "a roster says who holds a post from when until when",
};

static const wf_column handover_columns[] = {
    {ID_OF("post", "岗位", "the post"), KEY},
    {TEXT_OF("fact", WF_FACT_TEXT_MAX, "交接记录", "the fact that says so"), KEY},
    {TEXT_OF("author", WF_DEVICE_BYTES_MAX, "交班者（user/用户 或设备）",
             "who wrote it: user/NAME, or a device")},
    {ID_OF("next", "接班用户", "user who takes over")},
    {TEXT_OF("note", WF_TEXT_BYTES_MAX, "交接内容", "what the next shift has to know"),
     .personal = true},
    {TIME_OF("handed_at", "交接时间", "handed over"), EARLIEST},
    {GRID_OF("岗位所在网格", "grid where it was said")},
};
const wf_table wf_table_handover = {
    .name = "handover",
    COLUMNS(handover_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "交接班记录",
    .en = "what one shift tells the next",
};

static const wf_column handed_fields[] = {
    {ID_OF("post", "岗位（专班@网格）", "the post, group@grid"), .required = true},
    {TEXT_OF("note", WF_TEXT_BYTES_MAX, "交接内容", "what the next shift has to know"),
     .required = true, .personal = true},
    {ID_OF("next", "接班用户", "user who takes over")},
};
static const wf_column_source handed_sources[] = {
    SAME("post"), FROM("fact", "@fact"),    FROM("author", "@device"), SAME("next"),
    SAME("note"), FROM("handed_at", "@at"), FROM("grid", "@grid")};
static const wf_projection handed_projections[] = {
    {&wf_table_handover, .each = NULL, SOURCES(handed_sources)},
};
static const wf_naming shift_handed_over_names[] = {
    OWN("post", POST),
    ANY("next", ACCOUNT),
};
const wf_kind wf_kind_shift_handed_over = {
    .name = "shift.handed_over",
    .number = 421,
    .keep = WF_KEEP_CASE,
    FIELDS(handed_fields),
    PROJECTIONS(handed_projections),
    .roles = ROLE(COMMANDER) | ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) |
             ROLE(SAMPLER) | ROLE(LAB) | ROLE(MEDIC) | ROLE(REGULATOR),
    NAMES(shift_handed_over_names),
    .zh = "交接班：留给下一班的话",
    .en = "one shift hands a post over to the next, and says what it has to know",
};
