#include "access/accounts/accounts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/accounts/accounts_inside.h"
#include "access/accounts/sessions.h"
#include "base/hash.h"
#include "keys/seal.h"
#include "model/grid.h"

#define PREFIX "weft_"
enum { prefix_size = sizeof PREFIX - 1, secret_bytes = 32, hash_bytes = 32 };

_Static_assert(WF_TOKEN_TEXT_BYTES == prefix_size + 43, "32 bytes are 43 digits");

// ---- making ----

static weft_status open_key(wf_keys *keys, wf_accounts *accounts, weft_error *error)
{
    const wf_key *key = NULL;
    WF_TRY(wf_keys_make(keys, WF_KEY_REGISTER, (weft_day){0}, &key, error));
    WF_TRY(wf_keys_commit(keys, error));
    wf_seal_derive(key, WF_TEXT("weft tokens"), accounts->key);
    return WEFT_OK;
}

// A revocation does not wait for a flood of readers.
static bool init_lock(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attributes;
    if (pthread_rwlockattr_init(&attributes) != 0)
        return false;
    pthread_rwlockattr_setkind_np(&attributes,
                                  PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    bool made = pthread_rwlock_init(lock, &attributes) == 0;
    pthread_rwlockattr_destroy(&attributes);
    return made;
}

weft_status wf_accounts_new(wf_keys *keys, wf_numbers numbers, wf_accounts **ret,
                            weft_error *error)
{
    wf_accounts *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    if (!init_lock(&made->lock)) {
        free(made);
        return wf_fail_memory(error);
    }
    made->numbers = numbers;
    made->lost = true; // until the rows were opened
    wf_account_rows_init(&made->rows);
    weft_status status = open_key(keys, made, error);
    if (status == WEFT_OK)
        status = wf_sessions_new(made, &made->sessions, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        wf_accounts_free(made);
    return status;
}

void wf_accounts_free(wf_accounts *accounts)
{
    if (accounts == NULL)
        return;
    wf_sessions_free(accounts->sessions);
    wf_account_rows_done(&accounts->rows);
    wf_buffer_done(&accounts->changes);
    pthread_rwlock_destroy(&accounts->lock);
    sodium_memzero(accounts->key, sizeof accounts->key);
    free(accounts);
}

wf_sessions *wf_accounts_sessions(wf_accounts *accounts)
{
    return accounts->sessions;
}

// ---- tokens ----

static void hash_token(const wf_accounts *accounts, wf_text token,
                       char ret[WF_TOKEN_HASH_DIGITS + 1])
{
    unsigned char hash[hash_bytes];
    WF_ASSERT(crypto_generichash(hash, sizeof hash, (const unsigned char *)token.bytes,
                                 token.size, accounts->key, sizeof accounts->key) == 0);
    sodium_bin2hex(ret, WF_TOKEN_HASH_DIGITS + 1, hash, sizeof hash);
}

void wf_accounts_new_token(const wf_accounts *accounts, char ret[WF_TOKEN_TEXT_BYTES + 1],
                           char ret_hash[WF_TOKEN_HASH_DIGITS + 1])
{
    unsigned char secret[secret_bytes];
    wf_random_bytes(secret, sizeof secret);
    memcpy(ret, PREFIX, prefix_size);
    sodium_bin2base64(ret + prefix_size, WF_TOKEN_TEXT_BYTES + 1 - prefix_size, secret,
                      sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
    hash_token(accounts, (wf_text){ret, WF_TOKEN_TEXT_BYTES}, ret_hash);
}

uint64_t wf_accounts_handle(const char hash[WF_TOKEN_HASH_DIGITS])
{
    uint64_t handle = 0;
    for (size_t i = 0; i < 16; i++) {
        unsigned char digit = (unsigned char)hash[i];
        handle = handle << 4 | (digit <= '9' ? (digit - '0') : (digit - 'a') + 10);
    }
    return handle;
}

static void copy(char *to, wf_text text)
{
    if (text.size > 0)
        memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
}

static bool may_work(const wf_account *account)
{
    return account != NULL && account->active && !account->stopped &&
           account->role < WF_ROLE_COUNT;
}

static void make_actor(const wf_account *account, wf_actor *ret)
{
    bool is_user = account->account_class == WF_ACCOUNT_USER;
    *ret = (wf_actor){.kind = is_user ? WF_ACTOR_USER : WF_ACTOR_DEVICE,
                      .role = (wf_role)account->role,
                      .person_number = account->person};
    copy(ret->name, account->key);
    copy(ret->office, account->office);
    if (is_user)
        copy(ret->person, account->reference);
    memcpy(ret->grid, account->grid, sizeof ret->grid);
}

// The actor of a token that is good, under the lock.
static bool find_bearer(const wf_accounts *accounts, const char *hash, weft_time now,
                        wf_actor *ret)
{
    const wf_account *token = wf_account_rows_find(&accounts->rows, WF_ACCOUNT_TOKEN,
                                                   (wf_text){hash, WF_TOKEN_HASH_DIGITS});
    if (accounts->lost || !may_work(token) || token->until_us <= now.us)
        return false;
    const wf_account *holder = wf_account_rows_find(
        &accounts->rows, token->holder_is_user ? WF_ACCOUNT_USER : WF_ACCOUNT_DEVICE,
        token->holder);
    if (!may_work(holder) || holder->role != token->role ||
        !wf_grid_is_inside(wf_text_of(token->grid), wf_text_of(holder->grid)))
        return false;
    make_actor(holder, ret);
    memcpy(ret->grid, token->grid, sizeof ret->grid);
    ret->token = wf_accounts_handle(hash);
    return true;
}

weft_status wf_accounts_bearer(wf_accounts *accounts, wf_text token, weft_time now,
                               wf_actor *ret, weft_error *error)
{
    char hash[WF_TOKEN_HASH_DIGITS + 1];
    bool found = false;
    if (token.size == WF_TOKEN_TEXT_BYTES) {
        hash_token(accounts, token, hash);
        pthread_rwlock_rdlock(&accounts->lock);
        found = find_bearer(accounts, hash, now, ret);
        pthread_rwlock_unlock(&accounts->lock);
    }
    return found ? WEFT_OK : wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
}

// ---- users and devices ----

static uint64_t epoch_of(const wf_accounts *accounts, const wf_account *user)
{
    const wf_account *secret =
        wf_account_rows_find(&accounts->rows, WF_ACCOUNT_SECRET, user->key);
    int64_t said[] = {user->until_us, secret != NULL ? secret->until_us : 0,
                      user->touched};
    return wf_hash(said, sizeof said, 0);
}

bool wf_accounts_user(wf_accounts *accounts, wf_text name, wf_actor *ret,
                      uint64_t *ret_epoch)
{
    pthread_rwlock_rdlock(&accounts->lock);
    const wf_account *user = wf_account_rows_find(&accounts->rows, WF_ACCOUNT_USER, name);
    bool found = !accounts->lost && may_work(user);
    if (found) {
        make_actor(user, ret);
        *ret_epoch = epoch_of(accounts, user);
    }
    pthread_rwlock_unlock(&accounts->lock);
    return found;
}

bool wf_accounts_rights(wf_accounts *accounts, wf_text name, bool is_user,
                        wf_account_rights *ret)
{
    pthread_rwlock_rdlock(&accounts->lock);
    const wf_account *account = wf_account_rows_find(
        &accounts->rows, is_user ? WF_ACCOUNT_USER : WF_ACCOUNT_DEVICE, name);
    bool found = account != NULL && account->role < WF_ROLE_COUNT;
    if (found) {
        ret->role = (wf_role)account->role;
        memcpy(ret->grid, account->grid, sizeof ret->grid);
    }
    pthread_rwlock_unlock(&accounts->lock);
    return found;
}

bool wf_accounts_holder(wf_accounts *accounts, wf_text hash,
                        char ret_name[WF_ACTOR_NAME_MAX + 1], bool *ret_is_user)
{
    pthread_rwlock_rdlock(&accounts->lock);
    const wf_account *token =
        wf_account_rows_find(&accounts->rows, WF_ACCOUNT_TOKEN, hash);
    if (token != NULL) {
        copy(ret_name, token->holder);
        *ret_is_user = token->holder_is_user;
    }
    pthread_rwlock_unlock(&accounts->lock);
    return token != NULL;
}

static bool is_wanted(const wf_account *token, wf_text prefix, wf_text holder,
                      bool is_user)
{
    if (token->account_class != WF_ACCOUNT_TOKEN || !token->active || token->stopped)
        return false;
    if (prefix.size > 0)
        return token->key.size >= prefix.size &&
               memcmp(token->key.bytes, prefix.bytes, prefix.size) == 0;
    return token->holder_is_user == is_user && wf_text_equal(token->holder, holder);
}

weft_status wf_accounts_tokens(wf_accounts *accounts, wf_text prefix, wf_text holder,
                               bool is_user, wf_buffer *ret, weft_error *error)
{
    bool fits = true;
    pthread_rwlock_rdlock(&accounts->lock);
    for (size_t i = 0; fits && i < accounts->rows.count; i++) {
        const wf_account *token = &accounts->rows.all[i];
        if (is_wanted(token, prefix, holder, is_user))
            fits = wf_buffer_append(ret, token->key.bytes, WF_TOKEN_HASH_DIGITS + 1);
    }
    pthread_rwlock_unlock(&accounts->lock);
    return fits ? WEFT_OK : wf_fail_memory(error);
}

bool wf_accounts_by_handle(wf_accounts *accounts, uint64_t handle,
                           char ret_hash[WF_TOKEN_HASH_DIGITS + 1])
{
    char prefix[17];
    bool found = false;
    snprintf(prefix, sizeof prefix, "%016llx", (unsigned long long)handle);
    pthread_rwlock_rdlock(&accounts->lock);
    for (size_t i = 0; !found && i < accounts->rows.count; i++) {
        const wf_account *token = &accounts->rows.all[i];
        found = is_wanted(token, wf_text_of(prefix), WF_TEXT(""), false);
        if (found)
            memcpy(ret_hash, token->key.bytes, WF_TOKEN_HASH_DIGITS + 1);
    }
    pthread_rwlock_unlock(&accounts->lock);
    return found;
}

void wf_accounts_stop(wf_accounts *accounts, wf_account_stop what, wf_text key)
{
    static const wf_account_class classes[] = {[WF_STOP_TOKEN] = WF_ACCOUNT_TOKEN,
                                               [WF_STOP_DEVICE] = WF_ACCOUNT_DEVICE,
                                               [WF_STOP_USER] = WF_ACCOUNT_USER,
                                               [WF_STOP_SESSIONS] = WF_ACCOUNT_USER};
    pthread_rwlock_wrlock(&accounts->lock);
    wf_account *account = wf_account_rows_find(&accounts->rows, classes[what], key);
    if (account != NULL) {
        account->touched++;
        account->stopped |= what != WF_STOP_SESSIONS;
    }
    pthread_rwlock_unlock(&accounts->lock);
}

// ---- beside the grid ----

static bool holds(const wf_account *account, weft_time now)
{
    return account->active && account->until_us > now.us;
}

static bool is_custody_of(const wf_account *account, wf_text grid, weft_time now)
{
    return account->account_class == WF_ACCOUNT_CUSTODY && holds(account, now) &&
           wf_grid_is_inside(wf_text_of(account->grid), grid);
}

bool wf_accounts_has_custody(wf_accounts *accounts, wf_text grid, uint32_t person,
                             weft_time now)
{
    bool found = false;
    pthread_rwlock_rdlock(&accounts->lock);
    const wf_account *at = wf_account_rows_custody(&accounts->rows, person);
    for (; !found && at != NULL; at = wf_account_rows_next(&accounts->rows, at))
        found = at->person == person && is_custody_of(at, grid, now);
    found = found && !accounts->lost;
    pthread_rwlock_unlock(&accounts->lock);
    return found;
}

static bool is_assignment_of(const wf_account *account, wf_text user, weft_time now)
{
    return account->account_class == WF_ACCOUNT_ASSIGNMENT && holds(account, now) &&
           wf_text_equal(account->holder, user);
}

bool wf_accounts_is_assigned(wf_accounts *accounts, wf_text user, wf_text reference,
                             uint32_t person, weft_time now)
{
    bool found = false;
    pthread_rwlock_rdlock(&accounts->lock);
    const wf_account *at = wf_account_rows_assignment(&accounts->rows, user);
    for (; !found && at != NULL; at = wf_account_rows_next(&accounts->rows, at)) {
        if (!is_assignment_of(at, user, now))
            continue;
        found = (reference.size > 0 && wf_text_equal(at->reference, reference)) ||
                (person != WF_NUMBER_NONE && at->person == person);
    }
    found = found && !accounts->lost;
    pthread_rwlock_unlock(&accounts->lock);
    return found;
}
