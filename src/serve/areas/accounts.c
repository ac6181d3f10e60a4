// Who is asking, log-in and log-out, and the accounts of others.
//
// What changes an account runs in the owner's turn (access/shared/shared.h): it is rare,
// and so it is in force when it is answered.
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "access/accounts/account_change.h"
#include "access/accounts/identify.h"
#include "access/rights/scope.h"
#include "access/shared/shared.h"
#include "serve/http/exchange_inside.h"

// ---- the session ----

static const wf_schema session_schema = {
    "Session",
    "{\"type\":\"object\",\"required\":[\"kind\",\"name\",\"role\",\"grid\"],"
    "\"properties\":{"
    "\"kind\":{\"type\":\"string\",\"enum\":[\"device\",\"user\"]},"
    "\"name\":{\"type\":\"string\"},"
    "\"role\":{\"type\":\"string\"},"
    "\"grid\":{\"type\":\"string\",\"description\":\"empty: the whole city\"},"
    "\"office\":{\"type\":\"string\"},"
    "\"csrf\":{\"type\":\"string\",\"description\":"
    "\"what a browser sends as Weft-CSRF with whatever changes something\"}}}"};

static json_t *session_json(const wf_actor *actor, const char *csrf)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "kind",
                     actor->kind == WF_ACTOR_USER ? "user" : "device", "name",
                     actor->name, "role", wf_role_words[actor->role], "grid", actor->grid,
                     "office", actor->office, "csrf", csrf);
}

static void show_session(wf_exchange *x)
{
    const wf_actor *actor = wf_exchange_actor(x);
    const wf_sessions *sessions = wf_accounts_sessions(wf_exchange_accounts(x));
    char csrf[WF_SESSION_TEXT_BYTES + 1];
    const char *given = NULL;
    if (actor->session != 0) {
        wf_sessions_csrf(sessions, wf_exchange_cookie(x, WF_SESSION_COOKIE), csrf);
        given = csrf;
    } else if (actor->kind == WF_ACTOR_USER && actor->token == 0) {
        wf_sessions_csrf_of_user(sessions, wf_text_of(actor->name), csrf);
        given = csrf;
    }
    wf_exchange_json(x, 200, session_json(actor, given));
}

// ---- log-in ----

static const wf_schema login_schema = {
    "Login", "{\"type\":\"object\",\"required\":[\"user\",\"password\"],"
             "\"additionalProperties\":false,\"properties\":{"
             "\"user\":{\"type\":\"string\",\"maxLength\":64},"
             "\"password\":{\"type\":\"string\",\"maxLength\":256},"
             "\"code\":{\"type\":\"string\",\"description\":"
             "\"the one-time code, which staff have to give\"}}}"};

static wf_text member(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    if (!json_is_string(value))
        return (wf_text){"", 0};
    return (wf_text){json_string_value(value), json_string_length(value)};
}

static weft_status read_secret(void *context, wf_text user, wf_user_secret *ret,
                               weft_error *error)
{
    wf_shared *shared = context;
    weft_city *city = NULL;
    WF_TRY(wf_shared_read(shared, &city, error));
    weft_status status = wf_register_user_secret(city->reg, user, ret, error);
    wf_shared_read_end(shared, city);
    return status;
}

// The __Host- prefix ties the cookie to this host, to TLS and to every path.
static bool set_cookie(wf_exchange *x, const char *value, const char *more)
{
    char text[256];
    snprintf(text, sizeof text, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s",
             WF_SESSION_COOKIE, value, more);
    return wf_exchange_add_header(x, "Set-Cookie", text);
}

// The body holds a password: nothing of it stays in memory.
static void wipe_body(wf_exchange *x, json_t *body)
{
    static const char *const names[] = {"password", "old"};
    for (size_t i = 0; i < 2; i++) {
        json_t *password = json_object_get(body, names[i]);
        if (json_is_string(password))
            sodium_memzero((char *)(uintptr_t)json_string_value(password),
                           json_string_length(password));
    }
    json_decref(body);
    wf_buffer_wipe(&x->body);
}

static weft_status try_login(wf_exchange *x, const json_t *body, wf_session_texts *ret,
                             wf_actor *ret_actor, weft_error *error)
{
    const wf_login login = {.user = member(body, "user"),
                            .password = member(body, "password"),
                            .code = member(body, "code"),
                            .address = wf_text_of(wf_exchange_address(x)),
                            .secret = read_secret,
                            .context = wf_exchange_shared(x)};
    return wf_sessions_log_in(wf_accounts_sessions(wf_exchange_accounts(x)), &login,
                              wf_exchange_machine_now(x), ret, ret_actor, error);
}

static void log_in(wf_exchange *x)
{
    weft_error error = {0};
    wf_session_texts texts;
    wf_actor actor;
    json_t *body = NULL;
    weft_status status = wf_exchange_parse(x, &body, &error);
    if (status == WEFT_OK) {
        status = try_login(x, body, &texts, &actor, &error);
        wipe_body(x, body);
    }
    if (status == WEFT_OK && !set_cookie(x, texts.cookie, ""))
        status = wf_fail_memory(&error);
    if (status == WEFT_OK)
        wf_exchange_json(x, 200, session_json(&actor, texts.csrf));
    else
        wf_exchange_fail(x, &error);
    sodium_memzero(&texts, sizeof texts);
}

static void log_out(wf_exchange *x)
{
    wf_sessions_log_out(wf_accounts_sessions(wf_exchange_accounts(x)),
                        wf_exchange_cookie(x, WF_SESSION_COOKIE));
    WF_IGNORE(!set_cookie(x, "", "; Max-Age=0"), "the session is over all the same");
    wf_exchange_empty(x, 204);
}

// ---- one's own password ----

static const wf_schema password_schema = {
    "OwnPassword",
    "{\"type\":\"object\",\"required\":[\"old\",\"password\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"old\":{\"type\":\"string\",\"maxLength\":256},"
    "\"password\":{\"type\":\"string\",\"maxLength\":256},"
    "\"codes\":{\"type\":\"boolean\",\"description\":"
    "\"make a new secret of one-time codes; with a code of the one that was\"},"
    "\"code\":{\"type\":\"string\"}}}"};
static const wf_schema changed_password_schema = {
    "ChangedPassword",
    "{\"type\":\"object\",\"required\":[\"csrf\"],\"properties\":{"
    "\"csrf\":{\"type\":\"string\",\"description\":\"of the session that goes on\"},"
    "\"totp\":{\"type\":\"string\",\"description\":"
    "\"base32, for the authenticator; shown this once\"}}}"};

// To somebody who is known a wrong password is no 404.
static weft_status check_old(wf_exchange *x, const json_t *body, bool with_code,
                             weft_error *error)
{
    const wf_login login = {.user = wf_text_of(wf_exchange_actor(x)->name),
                            .password = member(body, "old"),
                            .code = member(body, "code"),
                            .address = wf_text_of(wf_exchange_address(x)),
                            .secret = read_secret,
                            .context = wf_exchange_shared(x)};
    weft_status status =
        wf_sessions_check(wf_accounts_sessions(wf_exchange_accounts(x)), &login,
                          with_code, wf_exchange_machine_now(x), error);
    if (status != WEFT_NOT_ALLOWED)
        return status;
    wf_error_clear(error);
    wf_error_at(error, NULL, 0, "old");
    return wf_fail(error, WEFT_BAD_INPUT, "password.wrong", NULL);
}

// The hash takes its time before the owner's turn, not in it.
static weft_status change_password(wf_exchange *x, const json_t *body,
                                   weft_secret_reply *ret, weft_error *error)
{
    char hash[WF_REGISTER_SECRET_MAX + 1];
    bool codes = json_is_true(json_object_get(body, "codes"));
    weft_city *city = NULL;
    if (wf_exchange_actor(x)->session == 0)
        return wf_fail(error, WEFT_NOT_FOUND, "http.not_found", NULL);
    WF_TRY(check_old(x, body, codes, error));
    WF_TRY(wf_secret_hash(member(body, "password"), hash, error));
    WF_TRY(wf_exchange_own(x, &city, error));
    weft_status status =
        wf_user_password_set(city, wf_exchange_actor(x), hash, codes, ret, error);
    wf_shared_own_end(wf_exchange_shared(x));
    sodium_memzero(hash, sizeof hash);
    return status;
}

// All sessions end with the old password; who changed it goes on in a new one.
static void set_password(wf_exchange *x)
{
    weft_error error = {0};
    weft_secret_reply made = {"", ""};
    wf_session_texts texts;
    wf_actor actor;
    json_t *body = NULL;
    weft_status status = wf_exchange_parse(x, &body, &error);
    if (status == WEFT_OK) {
        status = change_password(x, body, &made, &error);
        wipe_body(x, body);
    }
    if (status == WEFT_OK)
        status = wf_sessions_renew(wf_accounts_sessions(wf_exchange_accounts(x)),
                                   wf_text_of(wf_exchange_actor(x)->name),
                                   wf_exchange_machine_now(x), &texts, &actor, &error);
    if (status == WEFT_OK && !set_cookie(x, texts.cookie, ""))
        status = wf_fail_memory(&error);
    if (status == WEFT_OK)
        wf_exchange_json(x, 200,
                         json_pack("{s:s, s:s*}", "csrf", texts.csrf, "totp",
                                   made.totp[0] != '\0' ? made.totp : NULL));
    else
        wf_exchange_fail(x, &error);
    sodium_memzero(&texts, sizeof texts);
    sodium_memzero(&made, sizeof made);
}

// ---- in the owner's turn ----

// What a request changes; the answer's JSON, or NULL for none.
typedef weft_status change(wf_exchange *x, weft_city *city, const json_t *body,
                           json_t **ret, weft_error *error);

static void run_change(wf_exchange *x, bool has_body, unsigned status_of_success,
                       change *run)
{
    weft_error error = {0};
    weft_city *city = NULL;
    json_t *body = NULL, *answer = NULL;
    weft_status status = has_body ? wf_exchange_parse(x, &body, &error) : WEFT_OK;
    if (status == WEFT_OK)
        status = wf_exchange_own(x, &city, &error);
    if (status == WEFT_OK) {
        status = run(x, city, body, &answer, &error);
        wf_shared_own_end(wf_exchange_shared(x));
    }
    if (has_body)
        wipe_body(x, body);
    if (status == WEFT_OK && status_of_success != 204) {
        wf_exchange_json(x, status_of_success, answer);
        return;
    }
    json_decref(answer);
    if (status == WEFT_OK)
        wf_exchange_empty(x, 204);
    else
        wf_exchange_fail(x, &error);
}

enum { fields_max = 8, field_bytes_max = 400 };

typedef struct {
    char rooms[fields_max][field_bytes_max];
    const char *items[fields_max];
    size_t count;
} fields;

static void put(fields *to, const char *name, wf_text value)
{
    if (value.bytes == NULL || value.size == 0)
        return;
    // What is cut here is too long for every field, and refused as such.
    snprintf(to->rooms[to->count], field_bytes_max, "%s=%.*s", name,
             (int)(value.size < field_bytes_max ? value.size : field_bytes_max),
             value.bytes);
    to->items[to->count] = to->rooms[to->count];
    to->count++;
}

static void put_members(fields *to, const json_t *body, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++)
        put(to, names[i], member(body, names[i]));
}

static weft_status send_fact(wf_exchange *x, weft_city *city, const char *kind,
                             const fields *of, json_t **ret, weft_error *error)
{
    const weft_fact_options options = {.at = WEFT_TIME_NONE};
    weft_fact_reply reply;
    WF_TRY(wf_fact_send_as(city, wf_exchange_actor(x), kind, of->items, of->count,
                           &options, &reply, error));
    *ret = json_pack("{s:s, s:I}", "device", reply.device, "seq", (json_int_t)reply.seq);
    return WEFT_OK;
}

// An account that they could not have made is for them what is not there.
static weft_status find_account(wf_exchange *x, weft_city *city, wf_text name,
                                bool is_user, weft_error *error)
{
    wf_account_rights of;
    if (wf_accounts_rights(city->accounts, name, is_user, &of) &&
        wf_scope_manages(city->accounts, wf_exchange_actor(x), name, is_user))
        return WEFT_OK;
    return wf_fail(error, WEFT_NOT_FOUND, "user.unknown", NULL);
}

// ---- users and devices ----

static const char *const user_fields[] = {"user",   "name",   "role", "grid",
                                          "office", "person", NULL};
static const char *const device_fields[] = {"device", "role", "grid", "office", NULL};

static weft_status do_add_user(wf_exchange *x, weft_city *city, const json_t *body,
                               json_t **ret, weft_error *error)
{
    fields of = {.count = 0};
    put_members(&of, body, user_fields);
    return send_fact(x, city, "user.added", &of, ret, error);
}

static weft_status do_change_user(wf_exchange *x, weft_city *city, const json_t *body,
                                  json_t **ret, weft_error *error)
{
    fields of = {.count = 0};
    WF_TRY(find_account(x, city, wf_exchange_path(x, "user"), true, error));
    put(&of, "user", wf_exchange_path(x, "user"));
    put_members(&of, body, user_fields + 1);
    return send_fact(x, city, "user.changed", &of, ret, error);
}

static weft_status do_remove_user(wf_exchange *x, weft_city *city, const json_t *body,
                                  json_t **ret, weft_error *error)
{
    fields of = {.count = 0};
    WF_TRY(find_account(x, city, wf_exchange_path(x, "user"), true, error));
    put(&of, "user", wf_exchange_path(x, "user"));
    put(&of, "reason", member(body, "reason"));
    return send_fact(x, city, "user.removed", &of, ret, error);
}

static weft_status do_enroll(wf_exchange *x, weft_city *city, const json_t *body,
                             json_t **ret, weft_error *error)
{
    fields of = {.count = 0};
    put_members(&of, body, device_fields);
    return send_fact(x, city, "device.enrolled", &of, ret, error);
}

static weft_status do_revoke_device(wf_exchange *x, weft_city *city, const json_t *body,
                                    json_t **ret, weft_error *error)
{
    fields of = {.count = 0};
    WF_TRY(find_account(x, city, wf_exchange_path(x, "device"), false, error));
    put(&of, "device", wf_exchange_path(x, "device"));
    put(&of, "reason", member(body, "reason"));
    return send_fact(x, city, "device.revoked", &of, ret, error);
}

static weft_status do_set_secret(wf_exchange *x, weft_city *city, const json_t *body,
                                 json_t **ret, weft_error *error)
{
    wf_text password = member(body, "password");
    weft_secret_reply made;
    WF_TRY(
        wf_user_secret_set(city, wf_exchange_actor(x), wf_exchange_path(x, "user").bytes,
                           password.size > 0 ? password.bytes : NULL,
                           json_is_true(json_object_get(body, "codes")), &made, error));
    *ret = json_pack("{s:s*, s:s*}", "password",
                     made.password[0] != '\0' ? made.password : NULL, "totp",
                     made.totp[0] != '\0' ? made.totp : NULL);
    sodium_memzero(&made, sizeof made);
    return WEFT_OK;
}

// ---- tokens ----

static const char *text_or_null(wf_text text)
{
    return text.size > 0 ? text.bytes : NULL;
}

static weft_status do_issue(wf_exchange *x, weft_city *city, const json_t *body,
                            json_t **ret, weft_error *error)
{
    weft_token_request request = {.device = text_or_null(member(body, "device")),
                                  .user = text_or_null(member(body, "user")),
                                  .role = text_or_null(member(body, "role")),
                                  .grid = text_or_null(member(body, "grid")),
                                  .office = text_or_null(member(body, "office")),
                                  .until = WEFT_TIME_NONE};
    const char *until = text_or_null(member(body, "until"));
    weft_token_reply made;
    if (until != NULL &&
        weft_city_time_parse(city, until, &request.until, error) != WEFT_OK) {
        wf_error_at(error, NULL, 0, "until");
        return wf_fail(error, WEFT_BAD_INPUT, "usage.time", "text", until, NULL);
    }
    if (request.user != NULL)
        WF_TRY(find_account(x, city, wf_text_of(request.user), true, error));
    WF_TRY(wf_token_issue(city, wf_exchange_actor(x), &request,
                          wf_exchange_machine_now(x), &made, error));
    *ret = json_pack("{s:s, s:s}", "token", made.token, "id", made.id);
    sodium_memzero(&made, sizeof made);
    return WEFT_OK;
}

static weft_status do_revoke(wf_exchange *x, weft_city *city, const json_t *body,
                             json_t **ret, weft_error *error)
{
    size_t count = 0;
    (void)ret;
    return wf_token_revoke(city, wf_exchange_actor(x), wf_exchange_path(x, "id").bytes,
                           NULL, NULL, text_or_null(member(body, "reason")), &count,
                           error);
}

// ---- handlers ----

// What ends something may say why. In a body: who wrote it may have named somebody, and
// what stands in an address stands in logs and histories.
static bool says_why(const wf_exchange *x)
{
    return wf_exchange_body(x).size > 0;
}

#define HANDLER(name, has_body, status)                                                  \
    static void handle_##name(wf_exchange *x)                                            \
    {                                                                                    \
        run_change(x, has_body, status, do_##name);                                      \
    }
HANDLER(add_user, true, 201)
HANDLER(change_user, true, 200)
HANDLER(remove_user, says_why(x), 204)
HANDLER(set_secret, true, 200)
HANDLER(enroll, true, 201)
HANDLER(revoke_device, says_why(x), 204)
HANDLER(issue, true, 201)
#undef HANDLER

// Everybody may revoke their own: who has none of that id takes nobody's time.
static void handle_revoke(wf_exchange *x)
{
    weft_error error = {0};
    if (wf_token_may_revoke(wf_exchange_accounts(x), wf_exchange_actor(x),
                            wf_exchange_path(x, "id").bytes, &error) == WEFT_OK)
        run_change(x, says_why(x), 204, do_revoke);
    else
        wf_exchange_fail(x, &error);
}

// ---- routes ----

#define TEXT_PROPERTY(name, bytes)                                                       \
    "\"" name "\":{\"type\":\"string\",\"maxLength\":" bytes "}"

static const wf_schema user_schema = {
    "User",
    "{\"type\":\"object\",\"required\":[\"user\",\"role\"],"
    "\"additionalProperties\":false,\"properties\":{" TEXT_PROPERTY("user", "64") "," TEXT_PROPERTY("name", "256") "," TEXT_PROPERTY(
        "role",
        "32") "," TEXT_PROPERTY("grid",
                                "31") "," TEXT_PROPERTY("office",
                                                        "64") "," TEXT_PROPERTY("person",
                                                                                "128") "}"
                                                                                       "}"};
static const wf_schema user_change_schema = {
    "UserChange",
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
    "{" TEXT_PROPERTY("name", "256") "," TEXT_PROPERTY("role", "32") "," TEXT_PROPERTY(
        "grid", "31") "," TEXT_PROPERTY("office", "64") "," TEXT_PROPERTY("person",
                                                                          "128") "}}"};
static const wf_schema device_schema = {
    "Device",
    "{\"type\":\"object\",\"required\":[\"device\",\"role\"],"
    "\"additionalProperties\":false,\"properties\":{" TEXT_PROPERTY(
        "device",
        "64") "," TEXT_PROPERTY("role",
                                "32") "," TEXT_PROPERTY("grid",
                                                        "31") "," TEXT_PROPERTY("office",
                                                                                "64") "}"
                                                                                      "}"};
static const wf_schema reason_schema = {
    "Reason", "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
              "{" TEXT_PROPERTY("reason", "256") "}}"};
static const wf_schema secret_schema = {
    "Secret",
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" TEXT_PROPERTY(
        "password", "256") ",\"codes\":{\"type\":\"boolean\",\"description\":"
                           "\"make a new secret of one-time codes\"}}}"};
static const wf_schema made_secret_schema = {
    "MadeSecret",
    "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\","
    "\"description\":\"where none was given\"},\"totp\":{\"type\":\"string\","
    "\"description\":\"base32, for the user's authenticator; shown this once\"}}}"};
static const wf_schema token_schema = {
    "TokenRequest",
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
    "{" TEXT_PROPERTY("device", "64") "," TEXT_PROPERTY("user", "64") "," TEXT_PROPERTY(
        "role",
        "32") "," TEXT_PROPERTY("grid",
                                "31") "," TEXT_PROPERTY("office",
                                                        "64") "," TEXT_PROPERTY("unti"
                                                                                "l",
                                                                                "40") "}"
                                                                                      "}"};
static const wf_schema made_token_schema = {
    "MadeToken", "{\"type\":\"object\",\"required\":[\"token\",\"id\"],\"properties\":{"
                 "\"token\":{\"type\":\"string\",\"description\":\"shown this once\"},"
                 "\"id\":{\"type\":\"string\"}}}"};
static const wf_schema fact_schema = {
    "FactName", "{\"type\":\"object\",\"required\":[\"device\",\"seq\"],\"properties\":{"
                "\"device\":{\"type\":\"string\"},\"seq\":{\"type\":\"integer\"}}}"};

static const wf_parameter user_path[] = {
    {.name = "user",
     .place = WF_IN_PATH,
     .bytes_max = 64,
     .zh = "用户",
     .en = "the user"},
    {.name = NULL},
};
static const wf_parameter device_path[] = {
    {.name = "device",
     .place = WF_IN_PATH,
     .bytes_max = 64,
     .zh = "设备",
     .en = "the device"},
    {.name = NULL},
};
static const wf_parameter token_path[] = {
    {.name = "id",
     .place = WF_IN_PATH,
     .bytes_max = 64,
     .zh = "令牌编号，至少前 8 位",
     .en = "the token's id, 8 digits of it at least"},
    {.name = NULL},
};
static const unsigned short conflicts[] = {409, 0};
static const unsigned short refused[] = {401, 0};

#define BODY(of)                                                                         \
    {                                                                                    \
        .kind = WF_BODY_JSON, .bytes_max = 4096, .schema = &(of)                         \
    }
#define WHY                                                                              \
    {                                                                                    \
        .kind = WF_BODY_JSON, .bytes_max = 4096, .schema = &reason_schema,               \
        .optional = true                                                                 \
    }
#define JSON(code, of)                                                                   \
    {                                                                                    \
        .media = WF_MEDIA_JSON, .status = (code), .schema = &(of), .errors = conflicts   \
    }
#define NOTHING                                                                          \
    {                                                                                    \
        .media = 0, .errors = conflicts                                                  \
    }

extern const wf_route wf_routes_accounts[];
const wf_route wf_routes_accounts[] = {
    {.method = "POST",
     .path = "/v1/login",
     .lane = WF_LANE_LOGIN, // it waits for a hash: sampling does not wait for it
     .open = true,
     .operation = "logIn",
     .body = BODY(login_schema),
     .answers = {.media = WF_MEDIA_JSON, .schema = &session_schema, .errors = refused},
     .zh = "登录；会话在 Cookie 中",
     .en = "log in; the session is in a cookie",
     .handle = log_in},
    {.method = "POST",
     .path = "/v1/me/password",
     .lane = WF_LANE_LOGIN,
     .turn = true,
     .action = WF_ACTION_ME,
     .operation = "changePassword",
     .body = BODY(password_schema),
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &changed_password_schema,
                 .errors = refused},
     .zh = "修改自己的口令（须已登录，给出原口令）；其他会话全部结束",
     .en = "change one's own password, in a session and by the old one; all other "
           "sessions end",
     .handle = set_password},
    {.method = "POST",
     .path = "/v1/logout",
     .lane = WF_LANE_FIELD,
     .fast = true,
     .action = WF_ACTION_ME,
     .operation = "logOut",
     .answers = {.media = 0},
     .zh = "退出登录",
     .en = "log out",
     .handle = log_out},
    {.method = "GET",
     .path = "/v1/session",
     .lane = WF_LANE_FIELD,
     .fast = true,
     .action = WF_ACTION_ME,
     .operation = "session",
     .answers = {.media = WF_MEDIA_JSON, .schema = &session_schema},
     .zh = "当前是谁，以及更改时须带的 Weft-CSRF",
     .en = "who is asking, as what, and the Weft-CSRF of what changes something",
     .handle = show_session},
    {.method = "POST",
     .path = "/v1/users",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "addUser",
     .body = BODY(user_schema),
     .answers = JSON(201, fact_schema),
     .zh = "加入一名用户",
     .en = "add a user",
     .handle = handle_add_user},
    {.method = "PATCH",
     .path = "/v1/users/{user}",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "changeUser",
     .parameters = user_path,
     .body = BODY(user_change_schema),
     .answers = JSON(200, fact_schema),
     .zh = "修改一名用户",
     .en = "change a user",
     .handle = handle_change_user},
    {.method = "DELETE",
     .path = "/v1/users/{user}",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "removeUser",
     .parameters = user_path,
     .body = WHY,
     .answers = NOTHING,
     .zh = "移除一名用户",
     .en = "remove a user",
     .handle = handle_remove_user},
    {.method = "POST",
     .path = "/v1/users/{user}/secret",
     .lane = WF_LANE_LOGIN,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "setSecret",
     .parameters = user_path,
     .body = BODY(secret_schema),
     .answers = JSON(200, made_secret_schema),
     .zh = "设置一名用户的口令",
     .en = "set a user's password",
     .handle = handle_set_secret},
    {.method = "POST",
     .path = "/v1/devices",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "enrollDevice",
     .body = BODY(device_schema),
     .answers = JSON(201, fact_schema),
     .zh = "登记一台设备",
     .en = "enroll a device",
     .handle = handle_enroll},
    {.method = "DELETE",
     .path = "/v1/devices/{device}",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "revokeDevice",
     .parameters = device_path,
     .body = WHY,
     .answers = NOTHING,
     .zh = "停用一台设备及其令牌",
     .en = "revoke a device, with its tokens",
     .handle = handle_revoke_device},
    {.method = "POST",
     .path = "/v1/tokens",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ACCOUNTS,
     .operation = "issueToken",
     .body = BODY(token_schema),
     .answers = JSON(201, made_token_schema),
     .zh = "签发一个令牌；新设备先登记",
     .en = "issue a token; a new device is enrolled",
     .handle = handle_issue},
    {.method = "DELETE",
     .path = "/v1/tokens/{id}",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_ME, // one's own; of others by ACCOUNTS
     .operation = "revokeToken",
     .parameters = token_path,
     .body = WHY,
     .answers = NOTHING,
     .zh = "吊销一个令牌",
     .en = "revoke a token",
     .handle = handle_revoke},
    WF_ROUTES_END,
};
