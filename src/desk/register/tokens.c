// By what devices and users are known: tokens, and the secrets of users.
//
// The city writes these itself (device weft/accounts), after it has judged who asks for
// them: no role may send them. A token's text is never written down, only its keyed hash.
#include "desk/declare.h"
#include "desk/register/kinds.h"

enum {
    name_bytes_max = 64,  // of devices and users
    hash_bytes = 64,      // hex digits of 256 bits
    maker_bytes_max = 72, // "owner", "user/NAME", "token/HASH"
    secret_bytes_max = 128
};

// ---- tokens ----

#define TOKEN_OF                                                                         \
    TEXT_OF("token", hash_bytes, "令牌的带密钥散列", "keyed hash of the token")

static const wf_column token_columns[] = {
    {TOKEN_OF, KEY},
    {TEXT_OF("device", name_bytes_max, "设备名称", "the device's name")},
    {NAMED("user_id", WF_COLUMN_ID, "用户", "the user"), .bytes_max = name_bytes_max},
    {WORD_OF("role", wf_role_words, "角色", "role")},
    {GRID_OF("负责的网格", "grid it works for")},
    {TIME_OF("until", "到期时间", "good until")},
    {TEXT_OF("maker", maker_bytes_max, "由谁签发", "who made it")},
    {TIME_OF("issued_at", "首次签发时间", "first issued"), EARLIEST},
    {TIME_OF("revoked_at", "最近吊销时间", "last revoked"), LATEST},
    {NAMED("active", WF_COLUMN_YESNO, "是否可用", "is good")},
};
const wf_table wf_table_token = {
    .name = "token",
    COLUMNS(token_columns),
    .keys_count = 1,
    .zh = "令牌",
    .en = "a token",
};

static const wf_column issued_fields[] = {
    {TOKEN_OF, .required = true},
    {TEXT_OF("device", name_bytes_max, "设备名称", "the device that has it")},
    {NAMED("user", WF_COLUMN_ID, "用户", "the user who has it"),
     .bytes_max = name_bytes_max},
    {WORD_OF("role", wf_role_words, "角色", "role"), .required = true},
    {GRID_OF("负责的网格", "grid it works for")},
    {TIME_OF("until", "到期时间", "good until")},
    {TEXT_OF("maker", maker_bytes_max, "由谁签发", "who made it"), .required = true},
};
static const wf_rule issued_rules[] = {{WF_RULE_ONE_OF, "device", "user"}};
static const wf_column_source issued_sources[] = {
    SAME("token"),      SAME("device"), FROM("user_id", "user"), SAME("role"),
    SAME("grid"),       SAME("until"),  SAME("maker"),           FROM("issued_at", "@at"),
    ALWAYS("active", 1)};
static const wf_projection issued_projections[] = {
    {&wf_table_token, .each = NULL, SOURCES(issued_sources)},
};
const wf_kind wf_kind_token_issued = {
    .name = "token.issued",
    .number = 25,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(issued_fields),
    PROJECTIONS(issued_projections),
    RULES(issued_rules),
    .roles = 0, // the city itself, as device weft/accounts
    HEARD_OF_ACCOUNTS,
    .zh = "签发一个令牌",
    .en = "a token was issued",
};

static const wf_column revoked_fields[] = {
    {TOKEN_OF, .required = true},
    {TEXT_OF("maker", maker_bytes_max, "由谁吊销", "who revoked it")},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why")},
};
static const wf_column_source revoked_sources[] = {
    SAME("token"), FROM("revoked_at", "@at"), ALWAYS("active", 0)};
static const wf_projection revoked_projections[] = {
    {&wf_table_token, .each = NULL, SOURCES(revoked_sources)},
};
const wf_kind wf_kind_token_revoked = {
    .name = "token.revoked",
    .number = 26,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(revoked_fields),
    PROJECTIONS(revoked_projections),
    .roles = 0, // the city itself, as device weft/accounts
    HEARD_OF_ACCOUNTS,
    .zh = "吊销一个令牌",
    .en = "a token was revoked",
};

// ---- secrets ----

static const wf_column secret_columns[] = {
    {NAMED("user_id", WF_COLUMN_ID, "用户", "the user"), .bytes_max = name_bytes_max,
     KEY},
    {TEXT_OF("secret", secret_bytes_max, "口令的 Argon2id 散列",
             "Argon2id hash of the password"),
     .personal = true},
    {TEXT_OF("totp", secret_bytes_max, "动态口令的密钥", "secret of the one-time codes"),
     .personal = true},
    {TIME_OF("set_at", "最近设置时间", "last set"), LATEST},
};
const wf_table wf_table_user_secret = {
    .name = "user_secret",
    COLUMNS(secret_columns),
    .keys_count = 1,
    .zh = "用户的口令",
    .en = "a user's secret",
};

static const wf_column secret_fields[] = {
    {NAMED("user", WF_COLUMN_ID, "用户", "the user"), .required = true,
     .bytes_max = name_bytes_max},
    {TEXT_OF("secret", secret_bytes_max, "口令的 Argon2id 散列",
             "Argon2id hash of the password"),
     .required = true, .personal = true},
    {TEXT_OF("totp", secret_bytes_max, "动态口令的密钥", "secret of the one-time codes"),
     .personal = true},
};
static const wf_column_source secret_sources[] = {FROM("user_id", "user"), SAME("secret"),
                                                  SAME("totp"), FROM("set_at", "@at")};
static const wf_projection secret_projections[] = {
    {&wf_table_user_secret, .each = NULL, SOURCES(secret_sources)},
};
const wf_kind wf_kind_user_secret_set = {
    .name = "user.secret_set",
    .number = 27,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(secret_fields),
    PROJECTIONS(secret_projections),
    .roles = 0, // the city itself, as device weft/accounts
    HEARD_OF_ACCOUNTS,
    .zh = "设置用户的口令",
    .en = "a user's secret was set",
};
