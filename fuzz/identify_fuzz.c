// What a request says of who sends it, as hostile bytes: Authorization, the session's
// cookie, Weft-CSRF and the two of single sign-on, parted by line ends. Nobody comes in
// but by the one token, the one user's single sign-on.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "access/accounts/account_change.h"
#include "access/accounts/identify.h"
#include "base/clock.h"
#include "support/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wf_path folder;
static weft_city *city;
static weft_token_reply token;
static const wf_single_sign_on sso = {"X-Remote-User",
                                      {"0123456789abcdef0123456789abcdef", 32}};

static void close_city(void)
{
    weft_city_close(city);
    scratch_remove(folder.text);
}

static void open_city(void)
{
    static const char *const user[] = {"user=op", "role=operator"};
    const weft_fact_options now = {.at = WEFT_TIME_NONE};
    const weft_token_request request = {
        .device = "S-1", .role = "sampler", .grid = "3202", .until = WEFT_TIME_NONE};
    weft_fact_reply reply;
    weft_error error = {0};
    scratch_new(&folder);
    wf_path dir = scratch_path(&folder, "city"), keys = scratch_path(&folder, "keys");
    weft_init_options init = {.kind = WEFT_CITY_DRILL, .keys.key_dir = keys.text};
    if (weft_city_init(dir.text, &init, &error) != WEFT_OK ||
        weft_city_open(dir.text, &init.keys, &city, &error) != WEFT_OK ||
        weft_fact_send(city, "user.added", user, 2, &now, &reply, &error) != WEFT_OK ||
        weft_token_issue(city, &request, &token, &error) != WEFT_OK ||
        atexit(close_city) != 0)
        abort();
}

static wf_text next_line(wf_text *rest)
{
    const char *end = memchr(rest->bytes, '\n', rest->size);
    size_t size = end != NULL ? (size_t)(end - rest->bytes) : rest->size;
    wf_text line = {rest->bytes, size};
    size += end != NULL;
    *rest = (wf_text){rest->bytes + size, rest->size - size};
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (city == NULL)
        open_city();
    wf_text rest = {(const char *)data, size};
    weft_error error = {0};
    wf_actor actor;
    wf_credentials given = {.is_proxied = true};
    given.authorization = next_line(&rest);
    given.session = next_line(&rest);
    given.csrf = next_line(&rest);
    given.sso_user = next_line(&rest);
    given.sso_secret = next_line(&rest);
    weft_status status =
        wf_identify(city->accounts, &sso, &given, wf_clock_now(), &actor, &error);
    if (status != WEFT_OK)
        WF_ASSERT(status == WEFT_NOT_ALLOWED);
    else if (actor.kind == WF_ACTOR_DEVICE)
        WF_ASSERT(given.authorization.size >= WEFT_TOKEN_BYTES &&
                  memmem(given.authorization.bytes, given.authorization.size, token.token,
                         WEFT_TOKEN_BYTES) != NULL);
    else
        WF_ASSERT(wf_text_equal(given.sso_user, WF_TEXT("op")) &&
                  wf_text_equal(given.sso_secret, sso.secret));
    return 0;
}
