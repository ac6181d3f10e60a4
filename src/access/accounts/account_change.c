#include "access/accounts/account_change.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "access/accounts/sessions.h"
#include "access/accounts/totp.h"
#include "access/rights/scope.h"
#include "base/clock.h"
#include "keys/seal.h"
#include "model/grid.h"
#include "model/role.h"

enum { fields_max = 8, field_bytes_max = 512, made_bytes = 16, password_file_max = 4096 };

// Who writes tokens and secrets down: no role may send them.
static const char city_itself[] = "weft/accounts";

// ---- fields of a fact ----

typedef struct {
    char rooms[fields_max][field_bytes_max];
    const char *items[fields_max];
    size_t count;
    bool too_long;
} field_list;

static void put(field_list *fields, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    char *room = fields->rooms[fields->count];
    int size = snprintf(room, field_bytes_max, "%s=%s", name, value);
    fields->too_long |= size < 0 || (size_t)size >= field_bytes_max;
    fields->items[fields->count++] = room;
}

static weft_status send(weft_city *city, const char *device, const char *kind,
                        const field_list *fields, weft_error *error)
{
    const weft_fact_options options = {.device = device, .at = WEFT_TIME_NONE};
    weft_fact_reply reply;
    if (fields->too_long)
        return wf_fail(error, WEFT_BAD_INPUT, "account.too_long", NULL);
    return weft_fact_send(city, kind, fields->items, fields->count, &options, &reply,
                          error);
}

// "owner", "user/NAME", "token/HASH": by whose rights the judge measures.
static weft_status put_maker(weft_city *city, const wf_actor *actor, field_list *fields,
                             weft_error *error)
{
    char maker[WF_TOKEN_HASH_DIGITS + 8], hash[WF_TOKEN_HASH_DIGITS + 1];
    if (actor->kind == WF_ACTOR_OWNER) {
        put(fields, "maker", "owner");
        return WEFT_OK;
    }
    if (actor->token == 0)
        snprintf(maker, sizeof maker, "user/%s", actor->name);
    else if (wf_accounts_by_handle(city->accounts, actor->token, hash))
        snprintf(maker, sizeof maker, "token/%s", hash);
    else
        return wf_fail(error, WEFT_BAD_INPUT, "token.maker", NULL);
    put(fields, "maker", maker);
    return WEFT_OK;
}

// ---- tokens ----

// What is not said of the token is as its device or user has it. *ret_new: a device that
// was never enrolled.
static weft_status fill_request(weft_city *city, weft_token_request *request,
                                wf_account_rights *room, bool *ret_new, weft_error *error)
{
    bool is_user = request->device == NULL;
    const char *name = is_user ? request->user : request->device;
    if (name == NULL || (request->device != NULL && request->user != NULL))
        return wf_fail(error, WEFT_BAD_INPUT, "token.holder", NULL);
    *ret_new = !wf_accounts_rights(city->accounts, wf_text_of(name), is_user, room);
    if (*ret_new && request->role == NULL)
        return wf_fail(error, WEFT_BAD_INPUT, is_user ? "user.unknown" : "token.no_role",
                       NULL);
    if (request->role == NULL)
        request->role = wf_role_words[room->role];
    if (request->grid == NULL && !*ret_new)
        request->grid = room->grid;
    return WEFT_OK;
}

static weft_status enroll(weft_city *city, const wf_actor *actor,
                          const weft_token_request *request, weft_error *error)
{
    field_list fields = {.count = 0};
    weft_fact_options options = {.at = WEFT_TIME_NONE};
    weft_fact_reply reply;
    put(&fields, "device", request->device);
    put(&fields, "role", request->role);
    put(&fields, "grid", request->grid);
    put(&fields, "office", request->office);
    if (fields.too_long)
        return wf_fail(error, WEFT_BAD_INPUT, "account.too_long", NULL);
    return wf_fact_send_as(city, actor, "device.enrolled", fields.items, fields.count,
                           &options, &reply, error);
}

static weft_status check_until(const weft_token_request *request, weft_time now,
                               weft_error *error)
{
    if (weft_time_is_none(request->until) || request->until.us > now.us)
        return WEFT_OK;
    wf_error_at(error, NULL, 0, "until");
    return wf_fail(error, WEFT_BAD_INPUT, "token.over", NULL);
}

weft_status wf_token_issue(weft_city *city, const wf_actor *actor,
                           const weft_token_request *request, weft_time now,
                           weft_token_reply *ret, weft_error *error)
{
    weft_token_request filled = *request;
    field_list fields = {.count = 0};
    wf_account_rights holder;
    weft_token_reply made;
    char until[WF_TIME_TEXT_MAX];
    bool is_new = false;
    WF_TRY(check_until(request, now, error));
    WF_TRY(fill_request(city, &filled, &holder, &is_new, error));
    if (is_new && filled.device != NULL)
        WF_TRY(enroll(city, actor, &filled, error));
    wf_accounts_new_token(city->accounts, made.token, made.id);
    put(&fields, "token", made.id);
    put(&fields, "device", filled.device);
    put(&fields, "user", filled.user);
    put(&fields, "role", filled.role);
    put(&fields, "grid", filled.grid);
    if (!weft_time_is_none(filled.until))
        put(&fields, "until", wf_time_text(until, filled.until, city->zone));
    WF_TRY(put_maker(city, actor, &fields, error));
    WF_TRY(send(city, city_itself, "token.issued", &fields, error));
    *ret = made;
    sodium_memzero(&made, sizeof made);
    return WEFT_OK;
}

static weft_status revoke(weft_city *city, const wf_actor *actor, const char *hash,
                          const char *reason, weft_error *error)
{
    field_list fields = {.count = 0};
    put(&fields, "token", hash);
    put(&fields, "reason", reason);
    WF_TRY(put_maker(city, actor, &fields, error));
    wf_accounts_stop(city->accounts, WF_STOP_TOKEN, wf_text_of(hash));
    return send(city, city_itself, "token.revoked", &fields, error);
}

// Leaves the hashes whose holders the actor manages, or is.
static size_t keep_managed(wf_accounts *accounts, const wf_actor *actor,
                           wf_buffer *hashes)
{
    char(*all)[WF_TOKEN_HASH_DIGITS + 1] = (void *)hashes->bytes;
    size_t count = hashes->size / sizeof *all, kept = 0;
    for (size_t i = 0; i < count; i++) {
        char name[WF_ACTOR_NAME_MAX + 1];
        bool is_user = false;
        if (!wf_accounts_holder(accounts, wf_text_of(all[i]), name, &is_user))
            continue;
        bool is_own =
            strcmp(name, actor->name) == 0 && is_user == (actor->kind == WF_ACTOR_USER);
        if (is_own || (wf_policy_allows(actor, WF_ACTION_ACCOUNTS, NULL) &&
                       wf_scope_manages(accounts, actor, wf_text_of(name), is_user)))
            memmove(all[kept++], all[i], sizeof *all);
    }
    return kept;
}

static weft_status revoke_found(weft_city *city, const wf_actor *actor, bool one,
                                wf_buffer *hashes, const char *reason, size_t *ret_count,
                                weft_error *error)
{
    size_t count = keep_managed(city->accounts, actor, hashes);
    const char(*all)[WF_TOKEN_HASH_DIGITS + 1] = (const void *)hashes->bytes;
    if (count == 0)
        return wf_fail(error, WEFT_NOT_FOUND, "token.none", NULL);
    if (one && count > 1)
        return wf_fail(error, WEFT_BAD_INPUT, "token.several", NULL);
    for (size_t i = 0; i < count; i++)
        WF_TRY(revoke(city, actor, all[i], reason, error));
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_token_may_revoke(wf_accounts *accounts, const wf_actor *actor,
                                const char *id, weft_error *error)
{
    wf_buffer hashes = {0};
    if (strlen(id) < 8)
        return wf_fail(error, WEFT_BAD_INPUT, "token.several", NULL);
    weft_status status =
        wf_accounts_tokens(accounts, wf_text_of(id), WF_TEXT(""), false, &hashes, error);
    if (status == WEFT_OK && keep_managed(accounts, actor, &hashes) == 0)
        status = wf_fail(error, WEFT_NOT_FOUND, "token.none", NULL);
    wf_buffer_done(&hashes);
    return status;
}

weft_status wf_token_revoke(weft_city *city, const wf_actor *actor, const char *id,
                            const char *device, const char *user, const char *reason,
                            size_t *ret_count, weft_error *error)
{
    const char *name = device != NULL ? device : user != NULL ? user : "";
    wf_buffer hashes = {0};
    if (id != NULL && strlen(id) < 8)
        return wf_fail(error, WEFT_BAD_INPUT, "token.several", NULL);
    weft_status status =
        wf_accounts_tokens(city->accounts, wf_text_of(id != NULL ? id : ""),
                           wf_text_of(name), device == NULL, &hashes, error);
    if (status == WEFT_OK)
        status = revoke_found(city, actor, id != NULL, &hashes, reason, ret_count, error);
    wf_buffer_done(&hashes);
    return status;
}

// ---- secrets ----

static void make_password(char ret[33])
{
    unsigned char bytes[made_bytes];
    wf_random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(ret, 33, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

static bool manages_user(weft_city *city, const wf_actor *actor, const char *user)
{
    if (actor->kind == WF_ACTOR_USER && strcmp(actor->name, user) == 0)
        return true;
    return wf_policy_allows(actor, WF_ACTION_ACCOUNTS, NULL) &&
           wf_scope_manages(city->accounts, actor, wf_text_of(user), true);
}

static weft_status has_no_codes(weft_city *city, const char *user, bool *ret,
                                weft_error *error)
{
    wf_user_secret secret;
    WF_TRY(wf_register_user_secret(city->reg, wf_text_of(user), &secret, error));
    *ret = secret.totp[0] == '\0';
    sodium_memzero(&secret, sizeof secret);
    return WEFT_OK;
}

static weft_status keep_secret(weft_city *city, const char *user, const char *hash,
                               bool with_codes, char *ret_totp, weft_error *error)
{
    field_list fields = {.count = 0};
    if (with_codes)
        wf_totp_new(ret_totp);
    put(&fields, "user", user);
    put(&fields, "secret", hash);
    put(&fields, "totp", ret_totp);
    weft_status status = send(city, city_itself, "user.secret_set", &fields, error);
    sodium_memzero(&fields, sizeof fields);
    WF_TRY(status);
    // The rows may say the same time as before: a drill's clock may stand.
    wf_accounts_stop(city->accounts, WF_STOP_SESSIONS, wf_text_of(user));
    return WEFT_OK;
}

weft_status wf_user_secret_set(weft_city *city, const wf_actor *actor, const char *user,
                               const char *password, bool with_codes,
                               weft_secret_reply *ret, weft_error *error)
{
    char hash[WF_REGISTER_SECRET_MAX + 1];
    weft_secret_reply made = {"", ""};
    wf_account_rights of;
    if (!manages_user(city, actor, user) ||
        !wf_accounts_rights(city->accounts, wf_text_of(user), true, &of))
        return wf_fail(error, WEFT_NOT_FOUND, "user.unknown", NULL);
    if (password == NULL)
        make_password(made.password);
    WF_TRY(wf_secret_hash(wf_text_of(password != NULL ? password : made.password), hash,
                          error));
    if (!with_codes && of.role != WF_ROLE_RESIDENT)
        WF_TRY(has_no_codes(city, user, &with_codes, error));
    WF_TRY(keep_secret(city, user, hash, with_codes, made.totp, error));
    *ret = made;
    sodium_memzero(&made, sizeof made);
    return WEFT_OK;
}

weft_status wf_user_password_set(weft_city *city, const wf_actor *actor, const char *hash,
                                 bool with_codes, weft_secret_reply *ret,
                                 weft_error *error)
{
    *ret = (weft_secret_reply){"", ""};
    return keep_secret(city, actor->name, hash, with_codes, ret->totp, error);
}

// ---- with the owner's rights ----

weft_status weft_token_issue(weft_city *city, const weft_token_request *request,
                             weft_token_reply *ret, weft_error *error)
{
    wf_actor owner = wf_actor_owner();
    return wf_token_issue(city, &owner, request, wf_clock_now(), ret, error);
}

weft_status weft_token_revoke(weft_city *city, const char *id, const char *device,
                              const char *user, const char *reason, size_t *ret_count,
                              weft_error *error)
{
    wf_actor owner = wf_actor_owner();
    return wf_token_revoke(city, &owner, id, device, user, reason, ret_count, error);
}

static weft_status read_password(weft_city *city, const char *path,
                                 char ret[WF_PASSWORD_BYTES_MAX + 2], weft_error *error)
{
    wf_arena arena;
    wf_text text;
    wf_arena_init(&arena, 1 << 16);
    weft_status status =
        wf_io_read_file(city->outside, path, password_file_max, &arena, &text, error);
    if (status == WEFT_OK) {
        size_t size = strcspn(text.bytes, "\r\n");
        size = size < WF_PASSWORD_BYTES_MAX + 1 ? size : WF_PASSWORD_BYTES_MAX + 1;
        memcpy(ret, text.bytes, size);
        ret[size] = '\0';
        sodium_memzero((char *)(uintptr_t)text.bytes, text.size);
    }
    wf_arena_done(&arena);
    return status;
}

weft_status weft_user_secret(weft_city *city, const char *user, const char *password_file,
                             bool with_codes, weft_secret_reply *ret, weft_error *error)
{
    char password[WF_PASSWORD_BYTES_MAX + 2];
    wf_actor owner = wf_actor_owner();
    if (password_file == NULL)
        return wf_user_secret_set(city, &owner, user, NULL, with_codes, ret, error);
    WF_TRY(read_password(city, password_file, password, error));
    weft_status status =
        wf_user_secret_set(city, &owner, user, password, with_codes, ret, error);
    sodium_memzero(password, sizeof password);
    return status;
}
