// Who a request is from: by its bearer token, its session, or the single sign-on of the
// proxy in front, in this order; the first that is given decides.
//
// Single sign-on: weft.yaml names a header (`sso_header`) in which the proxy, after its
// auth_request, says which user it is, and a file (`sso_secret`) whose first line the
// proxy sends along as Weft-SSO-Secret. Both count only on a connection that is the
// proxy's. A secret that others may read is refused when the service starts.
//
// Threads: all functions may run in parallel, after wf_single_sign_on_read.
#ifndef WF_ACCESS_ACCOUNTS_IDENTIFY_H
#define WF_ACCESS_ACCOUNTS_IDENTIFY_H

#include "access/accounts/sessions.h"
#include "access/city/city.h"

#define WF_SESSION_COOKIE "__Host-weft"
#define WF_CSRF_HEADER "Weft-CSRF"
#define WF_SSO_SECRET_HEADER "Weft-SSO-Secret"

// What a request says of who sends it; size 0: not given.
typedef struct {
    wf_text authorization;        // the header's value
    wf_text session;              // the cookie's
    wf_text csrf;                 // WF_CSRF_HEADER
    wf_text sso_user, sso_secret; // the headers' values
    bool is_unsafe;               // it may change something: not GET or HEAD
    bool is_proxied;              // the connection is the proxy's
} wf_credentials;

enum { wf_sso_secret_bytes_min = 32, wf_sso_secret_bytes_max = 256 };
typedef struct {
    const char *header; // NULL: there is no single sign-on
    wf_text secret;
} wf_single_sign_on;

// As weft.yaml says; the secret in the city's arena. "sso.secret" for a file with less
// than 32 bytes or more than 256; WEFT_NOT_ALLOWED ("keys.readable_by_others").
weft_status wf_single_sign_on_read(weft_city *city, wf_single_sign_on *ret,
                                   weft_error *error) WEFT_MUST_CHECK;

// The actor at `now` of the machine's clock. WEFT_NOT_ALLOWED: "access.nobody" when
// nothing was given, "access.token", "access.session", "access.csrf", "access.sso".
weft_status wf_identify(wf_accounts *accounts, const wf_single_sign_on *sso,
                        const wf_credentials *given, weft_time now, wf_actor *ret,
                        weft_error *error) WEFT_MUST_CHECK;

#endif
