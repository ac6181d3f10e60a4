// Who a request is from, as its headers say.
#include <string.h>

#include "serve/http/exchange_inside.h"

weft_status wf_exchange_identify(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    const wf_server *server = x->server;
    const wf_single_sign_on *sso = &server->sso;
    const char *proxy = server->city->proxy;
    const wf_credentials given = {
        .authorization = wf_exchange_header(x, "Authorization"),
        .session = wf_exchange_cookie(x, WF_SESSION_COOKIE),
        .csrf = wf_exchange_header(x, WF_CSRF_HEADER),
        .sso_user =
            sso->header != NULL ? wf_exchange_header(x, sso->header) : (wf_text){NULL, 0},
        .sso_secret = wf_exchange_header(x, WF_SSO_SECRET_HEADER),
        .is_unsafe = strcmp(x->method, "GET") != 0 && strcmp(x->method, "HEAD") != 0,
        .is_proxied = proxy != NULL && x->guarded != NULL &&
                      strcmp(wf_guarded_address(x->guarded), proxy) == 0};
    return wf_identify(server->city->accounts, sso, &given, x->machine_now, ret, error);
}
