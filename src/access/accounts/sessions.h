// Sessions of browsers: how users log in, and who they are afterwards.
//
// A session is 256 random bits in a cookie. Nothing of it is written down: sessions end
// with the process. It ends 30 minutes after it was last used, 12 hours after the log-in,
// by its log-out, and when its user is removed or gets another secret. Whatever changes
// something carries the session's CSRF token beside the cookie.
//
// Passwords are checked against Argon2id hashes (libsodium: 64 MiB, 2 passes, some 0.1
// s), by at most two threads at once; up to 16 wait, others are told that it is busy.
// Staff (everybody but residents) also give a one-time code (access/accounts/totp.h),
// each of which is taken once. Failures slow down those that follow
// (access/accounts/throttle.h). A user who is not there takes as long as a wrong
// password, and gets the same answer.
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_ACCOUNTS_SESSIONS_H
#define WF_ACCESS_ACCOUNTS_SESSIONS_H

#include "access/accounts/accounts.h"
#include "store/register/register.h"

weft_status wf_sessions_new(wf_accounts *accounts, wf_sessions **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_sessions_free(wf_sessions *sessions); // NULL does nothing

// ---- secrets ----

#define WF_PASSWORD_BYTES_MIN 10
#define WF_PASSWORD_BYTES_MAX 256

// The hash of a password as it is kept; "secret.length" for one that is too short or too
// long. Takes some 0.1 s and 64 MiB.
weft_status wf_secret_hash(wf_text password, char ret[WF_REGISTER_SECRET_MAX + 1],
                           weft_error *error) WEFT_MUST_CHECK;

// ---- log-in ----

typedef struct {
    wf_text user, password;
    wf_text code;    // of staff: the one-time code; size 0: not given
    wf_text address; // where it comes from
    // The secret of a user who may work, as the rows have it; asked after it was noted
    // how the user stands, so that one that changes meanwhile ends the session.
    weft_status (*secret)(void *context, wf_text user, wf_user_secret *ret,
                          weft_error *error);
    void *context;
} wf_login;

#define WF_SESSION_TEXT_BYTES 43
typedef struct {
    char cookie[WF_SESSION_TEXT_BYTES + 1];
    char csrf[WF_SESSION_TEXT_BYTES + 1];
} wf_session_texts;

// Errors: WEFT_NOT_ALLOWED ("login.wrong": user, password or code; "login.no_code": staff
// without a secret of codes), WEFT_BUSY ("login.wait" with "seconds"; "login.busy").
// `now`: the machine's.
weft_status wf_sessions_log_in(wf_sessions *sessions, const wf_login *login,
                               weft_time now, wf_session_texts *ret, wf_actor *ret_actor,
                               weft_error *error) WEFT_MUST_CHECK;
void wf_sessions_log_out(wf_sessions *sessions, wf_text cookie);

// Whether somebody who is logged in is who they were: by their password, and with
// `with_code` by a one-time code. Slowed down and refused as a log-in is.
weft_status wf_sessions_check(wf_sessions *sessions, const wf_login *login,
                              bool with_code, weft_time now,
                              weft_error *error) WEFT_MUST_CHECK;
// A new session of a user who may work, whose others have just been ended.
weft_status wf_sessions_renew(wf_sessions *sessions, wf_text user, weft_time now,
                              wf_session_texts *ret, wf_actor *ret_actor,
                              weft_error *error) WEFT_MUST_CHECK;

// Whose session it is. Unknown or over: WEFT_NOT_ALLOWED ("access.session"). `unsafe`
// (whatever may change something): `csrf` has to be the session's, else "access.csrf".
weft_status wf_sessions_actor(wf_sessions *sessions, wf_text cookie, bool is_unsafe,
                              wf_text csrf, weft_time now, wf_actor *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// The CSRF token of a session (by its cookie), or of a user who comes by single sign-on.
void wf_sessions_csrf(const wf_sessions *sessions, wf_text cookie,
                      char ret[WF_SESSION_TEXT_BYTES + 1]);
void wf_sessions_csrf_of_user(const wf_sessions *sessions, wf_text user,
                              char ret[WF_SESSION_TEXT_BYTES + 1]);
bool wf_sessions_csrf_equal(const char right[WF_SESSION_TEXT_BYTES + 1], wf_text given);

// How many last at this time.
size_t wf_sessions_count(wf_sessions *sessions, weft_time now);

#endif
