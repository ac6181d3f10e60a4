// Who may send: devices and users. What was refused and what was withdrawn.
#include "desk/declare.h"
#include "desk/register/kinds.h"

enum {
    device_bytes_max = 64, // of devices that are enrolled, see WF_DEVICE_BYTES_MAX
    user_bytes_max = 64,
    office_bytes_max = 64,
    code_bytes_max = 63
};

#define OFFICE_OF                                                                        \
    TEXT_OF("office", office_bytes_max, "所属单位或专班", "office or work group")

// ---- devices ----

static const wf_column device_columns[] = {
    {TEXT_OF("device", device_bytes_max, "设备名称", "the device's name"), KEY},
    {WORD_OF("role", wf_role_words, "角色", "role")},
    {GRID_OF("负责的网格", "grid it works for")},
    {TIME_OF("enrolled_at", "首次登记时间", "first enrolled"), EARLIEST},
    {TIME_OF("revoked_at", "最近停用时间", "last revoked"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否可用", "may send")},
    {OFFICE_OF},
};
const wf_table wf_table_device = {
    .name = "device",
    COLUMNS(device_columns),
    .keys_count = 1,
    .zh = "设备",
    .en = "a device",
};

static const wf_column enrolled_fields[] = {
    {TEXT_OF("device", device_bytes_max, "设备名称", "the device's name"),
     .required = true},
    {WORD_OF("role", wf_role_words, "角色", "role"), .required = true},
    {GRID_OF("负责的网格", "grid it works for")},
    {OFFICE_OF},
};
static const wf_column_source enrolled_sources[] = {
    SAME("device"),      SAME("role"),  SAME("grid"), FROM("enrolled_at", "@at"),
    ALWAYS("active", 1), SAME("office")};
static const wf_projection enrolled_projections[] = {
    {&wf_table_device, .each = NULL, SOURCES(enrolled_sources)},
};
static const wf_naming device_enrolled_names[] = {
    JUDGED("device", ACCOUNT),
    JUDGED("grid", GRID),
};
const wf_kind wf_kind_device_enrolled = {
    .name = "device.enrolled",
    .number = 20,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(enrolled_fields),
    PROJECTIONS(enrolled_projections),
    .roles = ROLE(OPERATOR),
    HEARD_OF_ACCOUNTS,
    NAMES(device_enrolled_names),
    .zh = "登记一台设备",
    .en = "a device was enrolled",
};

static const wf_column revoked_fields[] = {
    {TEXT_OF("device", device_bytes_max, "设备名称", "the device's name"),
     .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why")},
};
static const wf_column_source revoked_sources[] = {
    SAME("device"), FROM("revoked_at", "@at"), ALWAYS("active", 0)};
static const wf_projection revoked_projections[] = {
    {&wf_table_device, .each = NULL, SOURCES(revoked_sources)},
};
static const wf_naming device_revoked_names[] = {
    JUDGED("device", ACCOUNT),
};
const wf_kind wf_kind_device_revoked = {
    .name = "device.revoked",
    .number = 21,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(revoked_fields),
    PROJECTIONS(revoked_projections),
    .roles = ROLE(OPERATOR),
    HEARD_OF_ACCOUNTS,
    NAMES(device_revoked_names),
    .zh = "停用一台设备",
    .en = "a device was revoked",
};

// ---- users ----

static const wf_column user_columns[] = {
    {NAMED("user_id", WF_COLUMN_ID, "用户", "the user"), .bytes_max = user_bytes_max,
     KEY},
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "姓名", "name"), .personal = true},
    {WORD_OF("role", wf_role_words, "角色", "role")},
    {GRID_OF("负责的网格", "grid they work for")},
    {TIME_OF("added_at", "首次加入时间", "first added"), EARLIEST},
    {TIME_OF("removed_at", "最近移除时间", "last removed"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否可用", "may work")},
    {OFFICE_OF},
    // Who they are in the register: what is their own they see without a look, and a look
    // at their own household is noticed.
    {PERSON_OF("person", "本人的人员编号", "their own id as a person")},
};
const wf_table wf_table_users = {
    .name = "users",
    COLUMNS(user_columns),
    .keys_count = 1,
    .zh = "用户",
    .en = "a user",
};

#define USER_FIELD                                                                       \
    {                                                                                    \
        NAMED("user", WF_COLUMN_ID, "用户", "the user"), .required = true,               \
                                                         .bytes_max = user_bytes_max     \
    }

static const wf_column added_fields[] = {
    USER_FIELD,
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "姓名", "name"), .personal = true},
    {WORD_OF("role", wf_role_words, "角色", "role"), .required = true},
    {GRID_OF("负责的网格", "grid they work for")},
    {OFFICE_OF},
    {PERSON_OF("person", "本人的人员编号", "their own id as a person")},
};
static const wf_column_source added_sources[] = {
    FROM("user_id", "user"), SAME("name"),        SAME("role"),   SAME("grid"),
    FROM("added_at", "@at"), ALWAYS("active", 1), SAME("office"), SAME("person")};
static const wf_projection added_projections[] = {
    {&wf_table_users, .each = NULL, SOURCES(added_sources)},
};
// What is a user's own they read without a look: nobody becomes somebody elsewhere.
static const wf_naming user_added_names[] = {
    JUDGED("user", ACCOUNT),
    JUDGED("grid", GRID),
    OWN_OR_NEW("person", PERSON),
};
const wf_kind wf_kind_user_added = {
    .name = "user.added",
    .number = 22,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(added_fields),
    PROJECTIONS(added_projections),
    .roles = ROLE(OPERATOR),
    HEARD_OF_ACCOUNTS,
    NAMES(user_added_names),
    .zh = "加入一名用户",
    .en = "a user was added",
};

static const wf_column changed_fields[] = {
    USER_FIELD,
    {TEXT_OF("name", WF_TEXT_BYTES_MAX, "姓名", "name"), .personal = true},
    {WORD_OF("role", wf_role_words, "角色", "role")},
    {GRID_OF("负责的网格", "grid they work for")},
    {OFFICE_OF},
    {PERSON_OF("person", "本人的人员编号", "their own id as a person")},
};
static const wf_column_source changed_sources[] = {
    FROM("user_id", "user"), SAME("name"),  SAME("role"), SAME("grid"),
    SAME("office"),          SAME("person")};
static const wf_projection changed_projections[] = {
    {&wf_table_users, .each = NULL, SOURCES(changed_sources)},
};
static const wf_naming user_changed_names[] = {
    JUDGED("user", ACCOUNT),
    JUDGED("grid", GRID),
    OWN_OR_NEW("person", PERSON),
};
const wf_kind wf_kind_user_changed = {
    .name = "user.changed",
    .number = 23,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(changed_fields),
    PROJECTIONS(changed_projections),
    .roles = ROLE(OPERATOR),
    HEARD_OF_ACCOUNTS,
    NAMES(user_changed_names),
    .zh = "修改一名用户",
    .en = "a user was changed",
};

static const wf_column removed_fields[] = {
    USER_FIELD,
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_column_source removed_sources[] = {
    FROM("user_id", "user"), FROM("removed_at", "@at"), ALWAYS("active", 0)};
static const wf_projection removed_projections[] = {
    {&wf_table_users, .each = NULL, SOURCES(removed_sources)},
};
static const wf_naming user_removed_names[] = {
    JUDGED("user", ACCOUNT),
};
const wf_kind wf_kind_user_removed = {
    .name = "user.removed",
    .number = 24,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(removed_fields),
    PROJECTIONS(removed_projections),
    .roles = ROLE(OPERATOR),
    HEARD_OF_ACCOUNTS,
    NAMES(user_removed_names),
    .zh = "移除一名用户",
    .en = "a user was removed",
};

// ---- refused and withdrawn ----

#define FACT_FIELDS                                                                      \
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方名称", "name of the sender"),         \
     .required = true},                                                                  \
    {                                                                                    \
        WHOLE_OF("seq", 1, WHOLE_MAX, "发送方的序号", "the sender's number of it"),      \
            .required = true                                                             \
    }

static const wf_column refused_fields[] = {
    FACT_FIELDS,
    {TEXT_OF("code", code_bytes_max, "原因代码", "code of the reason"), .required = true},
};
static const wf_column refused_columns[] = {
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方名称", "name of the sender"), KEY},
    {WHOLE_OF("seq", 1, WHOLE_MAX, "发送方的序号", "the sender's number of it"), KEY},
    {TEXT_OF("code", code_bytes_max, "原因代码", "code of the reason")},
    {TIME_OF("refused_at", "最近被拒时间", "last refused"), LATEST},
};
// What is refused depends on what came before: no part of the digest.
const wf_table wf_table_refused_line = {
    .name = "refused_line",
    COLUMNS(refused_columns),
    .keys_count = 2,
    .zh = "被拒收的一行",
    .en = "a line that was refused",
};
static const wf_column_source refused_sources[] = {
    SAME("device"), SAME("seq"), SAME("code"), FROM("refused_at", "@at")};
static const wf_projection refused_projections[] = {
    {&wf_table_refused_line, .each = NULL, SOURCES(refused_sources)},
};
const wf_kind wf_kind_line_refused = {
    .name = "line.refused",
    .number = 30,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(refused_fields),
    PROJECTIONS(refused_projections),
    .roles = 0, // the city itself, as device weft/refused
    .zh = "拒收了发送方的一行",
    .en = "a sender's line was refused",
};

// Somebody has looked into a sender's book: what is missing in it will not come, what
// contradicts itself is explained. So gaps and conflicts up to then are no holes any
// more.
static const wf_column checked_fields[] = {
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方名称", "name of the sender"),
     .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "查明的情况", "what was found"),
     .required = true, .personal = true},
};
static const wf_column sender_columns[] = {
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方名称", "name of the sender"), KEY},
    {TIME_OF("checked_at", "最近查明时间", "last looked into"), LATEST},
    {WHOLE_OF("clock_offset_s", -WHOLE_MAX, WHOLE_MAX, "时钟偏差（秒，正为快）",
              "its clock less the city's, in seconds")},
    {TIME_OF("clock_at", "时钟偏差的观察时间", "when its clock was seen so"), LATEST},
};
const wf_table wf_table_sender = {
    .name = "sender",
    COLUMNS(sender_columns),
    .keys_count = 1,
    .zh = "发送方：查明的时间与时钟偏差",
    .en = "a sender: when its book was looked into, and how its clock goes",
};
static const wf_column_source checked_sources[] = {SAME("device"),
                                                   FROM("checked_at", "@at")};
static const wf_projection checked_projections[] = {
    {&wf_table_sender, .each = NULL, SOURCES(checked_sources)},
};
// It closes the holes of that sender's book.
static const wf_naming sender_checked_names[] = {
    OWN("device", ACCOUNT),
};
const wf_kind wf_kind_sender_checked = {
    .name = "sender.checked",
    .number = 32,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(checked_fields),
    PROJECTIONS(checked_projections),
    .roles = ROLE(LEAD) | ROLE(OPERATOR),
    NAMES(sender_checked_names),
    .zh = "查明一个发送方缺失或矛盾的记录",
    .en = "what a sender's book lacks or contradicts was looked into",
};

// How a sender's clock goes, by the time at which it says it sent a batch. `at` of its
// facts is its claim; this is what there is to judge the claim by. Sent by the city when
// a clock is first seen, and when it has moved; nothing is refused for it.
static const wf_column clock_fields[] = {
    {TEXT_OF("device", WF_DEVICE_BYTES_MAX, "发送方名称", "name of the sender"),
     .required = true},
    {WHOLE_OF("offset_s", -WHOLE_MAX, WHOLE_MAX, "时钟偏差（秒，正为快）",
              "its clock less the city's, in seconds"),
     .required = true},
};
static const wf_column_source clock_sources[] = {
    SAME("device"), FROM("clock_offset_s", "offset_s"), FROM("clock_at", "@at")};
static const wf_projection clock_projections[] = {
    {&wf_table_sender, .each = NULL, SOURCES(clock_sources)},
};
const wf_kind wf_kind_sender_clock = {
    .name = "sender.clock",
    .number = 35,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(clock_fields),
    PROJECTIONS(clock_projections),
    .roles = 0, // the city itself, as device weft/clocks
    .zh = "观察到一个发送方的时钟偏差",
    .en = "how a sender's clock goes was seen",
};

// What is withdrawn stands in the envelope, too: when this body is forgotten the
// withdrawal still holds.
static const wf_column withdrawn_fields[] = {
    FACT_FIELDS,
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_naming fact_withdrawn_names[] = {
    JUDGED("device", ACCOUNT),
};
const wf_kind wf_kind_fact_withdrawn = {
    .name = "fact.withdrawn",
    .number = 31,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(withdrawn_fields),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(GRID_WORKER) | ROLE(GUARD) |
             ROLE(SAMPLER) | ROLE(LAB) | ROLE(MEDIC) | ROLE(REGULATOR),
    .withdraws = true,
    NAMES(fact_withdrawn_names),
    .zh = "撤回一条事实记录",
    .en = "a fact was withdrawn: it was a mistake",
};
