#include "access/accounts/identify.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

// ---- single sign-on ----

static weft_status check_private(const char *path, weft_error *error)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return wf_fail_errno(error, errno, "io.open", path);
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return wf_fail(error, WEFT_NOT_ALLOWED, "keys.readable_by_others", "path", path,
                       NULL);
    return WEFT_OK;
}

weft_status wf_single_sign_on_read(weft_city *city, wf_single_sign_on *ret,
                                   weft_error *error)
{
    wf_text text;
    *ret = (wf_single_sign_on){.header = NULL};
    if (city->sso_header == NULL)
        return WEFT_OK;
    WF_TRY(check_private(city->sso_secret, error));
    WF_TRY(wf_io_read_file(city->io, city->sso_secret, 4096, &city->arena, &text, error));
    const char *end = memchr(text.bytes, '\n', text.size);
    if (end != NULL)
        text.size = (size_t)(end - text.bytes);
    text = wf_text_trim(text);
    if (text.size < wf_sso_secret_bytes_min || text.size > wf_sso_secret_bytes_max)
        return wf_fail(error, WEFT_BAD_INPUT, "sso.secret", "path", city->sso_secret,
                       NULL);
    *ret = (wf_single_sign_on){.header = city->sso_header, .secret = text};
    return WEFT_OK;
}

static weft_status identify_sso(wf_accounts *accounts, const wf_single_sign_on *sso,
                                const wf_credentials *given, wf_actor *ret,
                                weft_error *error)
{
    const wf_sessions *sessions = wf_accounts_sessions(accounts);
    char right[WF_SESSION_TEXT_BYTES + 1];
    uint64_t epoch = 0;
    wf_actor user;
    if (!given->is_proxied || given->sso_secret.size != sso->secret.size ||
        sodium_memcmp(given->sso_secret.bytes, sso->secret.bytes, sso->secret.size) != 0)
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.sso", NULL);
    if (!wf_accounts_user(accounts, given->sso_user, &user, &epoch))
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.sso", NULL);
    if (given->is_unsafe) {
        wf_sessions_csrf_of_user(sessions, given->sso_user, right);
        if (!wf_sessions_csrf_equal(right, given->csrf))
            return wf_fail(error, WEFT_NOT_ALLOWED, "access.csrf", NULL);
    }
    *ret = user;
    return WEFT_OK;
}

// ---- all ----

// "Bearer TOKEN", the scheme in any case (RFC 9110 §11.1).
static bool read_bearer(wf_text header, wf_text *ret)
{
    static const char scheme[] = "Bearer ";
    size_t size = sizeof scheme - 1;
    if (header.size <= size || strncasecmp(header.bytes, scheme, size) != 0)
        return false;
    *ret = wf_text_trim((wf_text){header.bytes + size, header.size - size});
    return true;
}

weft_status wf_identify(wf_accounts *accounts, const wf_single_sign_on *sso,
                        const wf_credentials *given, weft_time now, wf_actor *ret,
                        weft_error *error)
{
    wf_text token;
    if (given->authorization.size > 0) {
        if (!read_bearer(given->authorization, &token))
            return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
        return wf_accounts_bearer(accounts, token, now, ret, error);
    }
    if (given->session.size > 0)
        return wf_sessions_actor(wf_accounts_sessions(accounts), given->session,
                                 given->is_unsafe, given->csrf, now, ret, error);
    if (sso->header != NULL && given->sso_user.size > 0)
        return identify_sso(accounts, sso, given, ret, error);
    return wf_fail(error, WEFT_NOT_ALLOWED, "access.nobody", NULL);
}
