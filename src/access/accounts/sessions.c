#include "access/accounts/sessions.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/accounts/hash_gate.h"
#include "access/accounts/throttle.h"
#include "access/accounts/totp.h"
#include "base/clock.h"
#include "base/hash.h"
#include "keys/seal.h"

#define IDLE_US (30 * WF_US_PER_MINUTE)
#define WHOLE_US (12 * 60 * WF_US_PER_MINUTE)
enum {
    key_bytes = 32,
    cookie_bytes = 32,
    first_places = 64,
    places_max = 1 << 20, // half of them are used
    hashing_max = 2,
    waiting_max = 16
};

typedef enum { PLACE_FREE, PLACE_LIVE, PLACE_OVER } place_state;

// Found by its hash.
typedef struct {
    place_state state;
    unsigned char hash[key_bytes];
    char user[WF_ACTOR_NAME_MAX + 1];
    uint64_t epoch;
    int64_t began_us, used_us;
} session;

// The last one-time code that a user has used.
typedef struct {
    uint64_t user; // hash of the name
    int64_t step;
} used_code;

struct wf_sessions {
    wf_accounts *accounts;
    wf_throttle *throttle;
    wf_hash_gate *gate;
    unsigned char key[key_bytes]; // of this process
    uint64_t seed;
    int64_t first_step; // a code of before may have been used in another process
    pthread_mutex_t lock;
    // Below: under the lock.
    session *places; // places_count is 0 or a power of 2
    size_t places_count, places_used;
    wf_buffer codes; // of used_code
};

weft_status wf_sessions_new(wf_accounts *accounts, wf_sessions **ret, weft_error *error)
{
    wf_sessions *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    if (pthread_mutex_init(&made->lock, NULL) != 0) {
        free(made);
        return wf_fail_memory(error);
    }
    made->accounts = accounts;
    made->seed = wf_hash_seed();
    made->first_step = wf_totp_step(wf_clock_now());
    wf_random_bytes(made->key, sizeof made->key);
    weft_status status = wf_throttle_new(&made->throttle, error);
    if (status == WEFT_OK)
        status = wf_hash_gate_new(hashing_max, waiting_max, &made->gate, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        wf_sessions_free(made);
    return status;
}

void wf_sessions_free(wf_sessions *sessions)
{
    if (sessions == NULL)
        return;
    wf_throttle_free(sessions->throttle);
    wf_hash_gate_free(sessions->gate);
    pthread_mutex_destroy(&sessions->lock);
    sodium_memzero(sessions->key, sizeof sessions->key);
    free(sessions->places);
    wf_buffer_done(&sessions->codes);
    free(sessions);
}

// ---- secrets ----

weft_status wf_secret_hash(wf_text password, char ret[WF_REGISTER_SECRET_MAX + 1],
                           weft_error *error)
{
    char least[WF_NUMBER_TEXT_MAX], most[WF_NUMBER_TEXT_MAX];
    _Static_assert(crypto_pwhash_argon2id_STRBYTES <= WF_REGISTER_SECRET_MAX + 1,
                   "a hash fits into its column");
    if (password.size < WF_PASSWORD_BYTES_MIN || password.size > WF_PASSWORD_BYTES_MAX)
        return wf_fail(error, WEFT_BAD_INPUT, "secret.length", "min",
                       wf_number_text(least, WF_PASSWORD_BYTES_MIN), "max",
                       wf_number_text(most, WF_PASSWORD_BYTES_MAX), NULL);
    if (crypto_pwhash_argon2id_str(ret, password.bytes, password.size,
                                   crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) != 0)
        return wf_fail_memory(error);
    return WEFT_OK;
}

// ---- one-time codes ----

static used_code *codes_of(const wf_sessions *sessions)
{
    return (used_code *)(void *)sessions->codes.bytes;
}

// Codes that are too old to be taken need not be remembered.
static void forget_codes(wf_sessions *sessions, int64_t before)
{
    used_code *codes = codes_of(sessions);
    size_t count = sessions->codes.size / sizeof *codes, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (codes[i].step >= before)
            codes[kept++] = codes[i];
    sessions->codes.size = kept * sizeof *codes;
}

// Whether the code is right and was not used; then it is used.
static bool take_code(wf_sessions *sessions, const wf_login *login,
                      const wf_user_secret *secret, weft_time now)
{
    uint64_t user = wf_hash(login->user.bytes, login->user.size, sessions->seed);
    int64_t last = sessions->first_step;
    pthread_mutex_lock(&sessions->lock);
    forget_codes(sessions, wf_totp_step(now) - 2);
    const used_code *codes = codes_of(sessions);
    for (size_t i = 0; i < sessions->codes.size / sizeof *codes; i++)
        if (codes[i].user == user && codes[i].step > last)
            last = codes[i].step;
    used_code used = {user,
                      wf_totp_check(wf_text_of(secret->totp), login->code, now, last)};
    bool taken = used.step >= 0 && wf_buffer_append(&sessions->codes, &used, sizeof used);
    pthread_mutex_unlock(&sessions->lock);
    return taken;
}

// ---- places ----

static void hash_of(const wf_sessions *sessions, const char *purpose, wf_text text,
                    unsigned char ret[key_bytes])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, sessions->key, sizeof sessions->key, key_bytes);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_generichash_update(&state, (const unsigned char *)text.bytes, text.size);
    crypto_generichash_final(&state, ret, key_bytes);
}

static void text_of(const unsigned char bytes[key_bytes],
                    char ret[WF_SESSION_TEXT_BYTES + 1])
{
    sodium_bin2base64(ret, WF_SESSION_TEXT_BYTES + 1, bytes, key_bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

// Its place, or the free one where it would be. There is one: half of them are free.
static session *place_of(const wf_sessions *sessions, const unsigned char hash[key_bytes])
{
    size_t at = (size_t)wf_hash_load8(hash);
    for (;; at++) {
        session *here = &sessions->places[at & (sessions->places_count - 1)];
        if (here->state == PLACE_FREE ||
            (here->state == PLACE_LIVE &&
             sodium_memcmp(here->hash, hash, key_bytes) == 0))
            return here;
    }
}

static bool is_over(const session *of, weft_time now)
{
    return now.us - of->used_us > IDLE_US || now.us - of->began_us > WHOLE_US;
}

// Room for one more, without those that are over.
static weft_status make_room(wf_sessions *sessions, weft_time now, weft_error *error)
{
    if (2 * (sessions->places_used + 1) <= sessions->places_count)
        return WEFT_OK;
    session *old = sessions->places;
    size_t count = sessions->places_count, live = 0;
    for (size_t i = 0; i < count; i++)
        live += old[i].state == PLACE_LIVE && !is_over(&old[i], now);
    size_t places = first_places;
    while (places < 4 * (live + 1))
        places *= 2;
    if (places > places_max)
        return wf_fail(error, WEFT_BUSY, "login.busy", NULL);
    session *made = calloc(places, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    sessions->places = made;
    sessions->places_count = places;
    sessions->places_used = live;
    for (size_t i = 0; i < count; i++)
        if (old[i].state == PLACE_LIVE && !is_over(&old[i], now))
            *place_of(sessions, old[i].hash) = old[i];
    free(old);
    return WEFT_OK;
}

static weft_status begin_session(wf_sessions *sessions, const wf_actor *user,
                                 uint64_t epoch, weft_time now, wf_session_texts *ret,
                                 weft_error *error)
{
    unsigned char secret[cookie_bytes];
    session made = {
        .state = PLACE_LIVE, .epoch = epoch, .began_us = now.us, .used_us = now.us};
    memcpy(made.user, user->name, sizeof made.user);
    wf_random_bytes(secret, sizeof secret);
    text_of(secret, ret->cookie);
    sodium_memzero(secret, sizeof secret);
    hash_of(sessions, "cookie", wf_text_of(ret->cookie), made.hash);
    wf_sessions_csrf(sessions, wf_text_of(ret->cookie), ret->csrf);
    pthread_mutex_lock(&sessions->lock);
    weft_status status = make_room(sessions, now, error);
    if (status == WEFT_OK) {
        *place_of(sessions, made.hash) = made;
        sessions->places_used++;
    }
    pthread_mutex_unlock(&sessions->lock);
    return status;
}

// ---- log-in ----

// Of a password that nobody has: a user who is not there takes as long as one who is.
static const char nobodys_hash[] =
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

// What one log-in has come to.
typedef struct {
    bool known, right;
    wf_actor user;
    uint64_t epoch;
    wf_user_secret secret;
} trying;

static weft_status check_password(wf_sessions *sessions, const wf_login *login,
                                  trying *job, weft_error *error)
{
    job->known =
        wf_accounts_user(sessions->accounts, login->user, &job->user, &job->epoch);
    if (job->known)
        WF_TRY(login->secret(login->context, login->user, &job->secret, error));
    job->known = job->known && job->secret.secret[0] != '\0';
    WF_TRY(wf_hash_gate_enter(sessions->gate, error));
    int verdict =
        crypto_pwhash_argon2id_str_verify(job->known ? job->secret.secret : nobodys_hash,
                                          login->password.bytes, login->password.size);
    wf_hash_gate_leave(sessions->gate);
    job->right = job->known && verdict == 0;
    return WEFT_OK;
}

static weft_status check_code(wf_sessions *sessions, const wf_login *login, weft_time now,
                              trying *job, weft_error *error)
{
    bool has_secret = job->secret.totp[0] != '\0';
    if (!job->right || (job->user.role == WF_ROLE_RESIDENT && !has_secret))
        return WEFT_OK;
    if (!has_secret)
        return wf_fail(error, WEFT_NOT_ALLOWED, "login.no_code", NULL);
    job->right = take_code(sessions, login, &job->secret, now);
    return WEFT_OK;
}

static weft_status attempt(wf_sessions *sessions, const wf_login *login, bool with_code,
                           weft_time now, trying *job, weft_error *error)
{
    char seconds[WF_NUMBER_TEXT_MAX];
    int64_t wait_s =
        wf_throttle_wait_s(sessions->throttle, login->user, login->address, now);
    if (wait_s > 0)
        return wf_fail(error, WEFT_BUSY, "login.wait", "seconds",
                       wf_number_text(seconds, wait_s), NULL);
    WF_TRY(check_password(sessions, login, job, error));
    if (with_code)
        WF_TRY(check_code(sessions, login, now, job, error));
    if (job->right) {
        wf_throttle_came_in(sessions->throttle, login->user, login->address, now);
        return WEFT_OK;
    }
    wf_throttle_failed(sessions->throttle, login->user, login->address, now);
    return wf_fail(error, WEFT_NOT_ALLOWED, "login.wrong", NULL);
}

static bool has_form(const wf_login *login)
{
    return login->user.size > 0 && login->user.size <= WF_ACTOR_NAME_MAX &&
           login->password.size > 0 && login->password.size <= WF_PASSWORD_BYTES_MAX;
}

weft_status wf_sessions_log_in(wf_sessions *sessions, const wf_login *login,
                               weft_time now, wf_session_texts *ret, wf_actor *ret_actor,
                               weft_error *error)
{
    trying job = {.known = false};
    if (!has_form(login))
        return wf_fail(error, WEFT_NOT_ALLOWED, "login.wrong", NULL);
    weft_status status = attempt(sessions, login, true, now, &job, error);
    sodium_memzero(&job.secret, sizeof job.secret);
    if (status == WEFT_OK)
        status = begin_session(sessions, &job.user, job.epoch, now, ret, error);
    if (status == WEFT_OK)
        *ret_actor = job.user;
    return status;
}

weft_status wf_sessions_check(wf_sessions *sessions, const wf_login *login,
                              bool with_code, weft_time now, weft_error *error)
{
    trying job = {.known = false};
    if (!has_form(login))
        return wf_fail(error, WEFT_NOT_ALLOWED, "login.wrong", NULL);
    weft_status status = attempt(sessions, login, with_code, now, &job, error);
    sodium_memzero(&job.secret, sizeof job.secret);
    return status;
}

weft_status wf_sessions_renew(wf_sessions *sessions, wf_text user, weft_time now,
                              wf_session_texts *ret, wf_actor *ret_actor,
                              weft_error *error)
{
    uint64_t epoch = 0;
    if (!wf_accounts_user(sessions->accounts, user, ret_actor, &epoch))
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.session", NULL);
    return begin_session(sessions, ret_actor, epoch, now, ret, error);
}

// ---- who it is ----

// The live session of a cookie, under the lock; NULL: none.
static session *find(const wf_sessions *sessions, wf_text cookie)
{
    unsigned char hash[key_bytes];
    if (cookie.size != WF_SESSION_TEXT_BYTES || sessions->places_count == 0)
        return NULL;
    hash_of(sessions, "cookie", cookie, hash);
    session *here = place_of(sessions, hash);
    return here->state == PLACE_LIVE ? here : NULL;
}

void wf_sessions_log_out(wf_sessions *sessions, wf_text cookie)
{
    pthread_mutex_lock(&sessions->lock);
    session *here = find(sessions, cookie);
    if (here != NULL)
        *here = (session){.state = PLACE_OVER};
    pthread_mutex_unlock(&sessions->lock);
}

// A copy of the session that is used now; false: there is none.
static bool use(wf_sessions *sessions, wf_text cookie, weft_time now, session *ret)
{
    pthread_mutex_lock(&sessions->lock);
    session *here = find(sessions, cookie);
    if (here != NULL && is_over(here, now)) {
        *here = (session){.state = PLACE_OVER};
        here = NULL;
    }
    if (here != NULL) {
        here->used_us = now.us > here->used_us ? now.us : here->used_us;
        *ret = *here;
    }
    pthread_mutex_unlock(&sessions->lock);
    return here != NULL;
}

weft_status wf_sessions_actor(wf_sessions *sessions, wf_text cookie, bool is_unsafe,
                              wf_text csrf, weft_time now, wf_actor *ret,
                              weft_error *error)
{
    session of;
    wf_actor user;
    uint64_t epoch = 0;
    char right[WF_SESSION_TEXT_BYTES + 1];
    if (!use(sessions, cookie, now, &of) ||
        !wf_accounts_user(sessions->accounts, wf_text_of(of.user), &user, &epoch) ||
        epoch != of.epoch)
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.session", NULL);
    if (is_unsafe) {
        wf_sessions_csrf(sessions, cookie, right);
        if (!wf_sessions_csrf_equal(right, csrf))
            return wf_fail(error, WEFT_NOT_ALLOWED, "access.csrf", NULL);
    }
    *ret = user;
    // The cookie's hash under the key of this process: tells nothing of the cookie.
    ret->session = wf_hash_load8(of.hash);
    return WEFT_OK;
}

// ---- tokens against forged requests ----

static void put_csrf(const wf_sessions *sessions, const char *purpose, wf_text of,
                     char ret[WF_SESSION_TEXT_BYTES + 1])
{
    unsigned char hash[key_bytes];
    hash_of(sessions, purpose, of, hash);
    text_of(hash, ret);
}

void wf_sessions_csrf(const wf_sessions *sessions, wf_text cookie,
                      char ret[WF_SESSION_TEXT_BYTES + 1])
{
    put_csrf(sessions, "csrf of cookie", cookie, ret);
}

void wf_sessions_csrf_of_user(const wf_sessions *sessions, wf_text user,
                              char ret[WF_SESSION_TEXT_BYTES + 1])
{
    put_csrf(sessions, "csrf of user", user, ret);
}

bool wf_sessions_csrf_equal(const char right[WF_SESSION_TEXT_BYTES + 1], wf_text given)
{
    return given.size == WF_SESSION_TEXT_BYTES &&
           sodium_memcmp(right, given.bytes, given.size) == 0;
}

size_t wf_sessions_count(wf_sessions *sessions, weft_time now)
{
    size_t count = 0;
    pthread_mutex_lock(&sessions->lock);
    for (size_t i = 0; i < sessions->places_count; i++)
        count += sessions->places[i].state == PLACE_LIVE &&
                 !is_over(&sessions->places[i], now);
    pthread_mutex_unlock(&sessions->lock);
    return count;
}
