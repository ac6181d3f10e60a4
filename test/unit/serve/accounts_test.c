// Who is let in over HTTP, and accounts that are changed there.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>

#include "access/accounts/totp.h"
#include "base/clock.h"
#include "support/served_city.h"
#include "weft/accounts.h"
#include "weft/facts.h"

static served_city city;
static weft_token_reply operator_token, sampler_token;
static char totp[33];
static client_answer answer;

static void sent(const char *device, const char *kind, const char *const *fields,
                 size_t count)
{
    const weft_fact_options options = {.device = device, .at = WEFT_TIME_NONE};
    weft_fact_reply reply;
    weft_error error = {0};
    if (weft_fact_send(city.city, kind, fields, count, &options, &reply, &error) !=
        WEFT_OK)
        fail_msg("%s: %s", kind, error.code);
}

// Hashes that cost little; log-ins of users who are not there cost what all cost.
static void add_user(const char *user, const char *role, const char *codes)
{
    char name[40], as[40], hash[crypto_pwhash_argon2id_STRBYTES + 8] = "secret=";
    char secret[48];
    snprintf(name, sizeof name, "user=%s", user);
    snprintf(as, sizeof as, "role=%s", role);
    snprintf(secret, sizeof secret, "totp=%s", codes != NULL ? codes : "");
    sent(NULL, "user.added", (const char *const[]){name, as, "grid=3202"}, 3);
    assert_int_equal(crypto_pwhash_argon2id_str(hash + 7, "correct horse", 13,
                                                crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                                crypto_pwhash_argon2id_MEMLIMIT_MIN),
                     0);
    sent("weft/accounts", "user.secret_set", (const char *const[]){name, hash, secret},
         codes != NULL ? 3 : 2);
}

static int begin(void **state)
{
    weft_error error = {0};
    const wf_server_options options = {.workers = 4};
    (void)state;
    served_make(&city);
    wf_totp_new(totp);
    add_user("op", "operator", totp);
    add_user("li", "resident", NULL);
    weft_token_request request = {.user = "op", .until = WEFT_TIME_NONE};
    assert_int_equal(weft_token_issue(city.city, &request, &operator_token, &error),
                     WEFT_OK);
    request = (weft_token_request){
        .device = "S-1", .role = "sampler", .grid = "3202", .until = WEFT_TIME_NONE};
    assert_int_equal(weft_token_issue(city.city, &request, &sampler_token, &error),
                     WEFT_OK);
    served_start(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

// Asks with further header lines and a body of JSON; both may be "".
static unsigned ask(const char *method, const char *path, const char *headers,
                    const char *body)
{
    char text[4096];
    int size = snprintf(text, sizeof text,
                        "%s %s HTTP/1.1\r\nHost: h\r\n%s%sContent-Length: %zu\r\n\r\n%s",
                        method, path, headers,
                        body[0] != '\0' ? "Content-Type: application/json\r\n" : "",
                        strlen(body), body);
    assert_true(size > 0 && (size_t)size < sizeof text);
    client_ask(&city, text, (size_t)size, &answer);
    return answer.status;
}

static const char *bearer(const weft_token_reply *token)
{
    static char text[100];
    snprintf(text, sizeof text, "Authorization: Bearer %s\r\n", token->token);
    return text;
}

// A text of the answer's JSON, "" when it is not there.
static const char *said(const char *name)
{
    static char text[128];
    json_t *body = json_loads(client_body(&answer), 0, NULL);
    const char *value = json_string_value(json_object_get(body, name));
    snprintf(text, sizeof text, "%s", value != NULL ? value : "");
    json_decref(body);
    return text;
}

static void a_token_gets_in_and_a_false_one_does_not(void **state)
{
    char wrong[100];
    (void)state;
    assert_int_equal(ask("GET", "/v1/session", bearer(&sampler_token), ""), 200);
    assert_string_equal(said("kind"), "device");
    assert_string_equal(said("name"), "S-1");
    assert_string_equal(said("role"), "sampler");
    assert_string_equal(said("csrf"), "");
    assert_int_equal(ask("GET", "/v1/session", "", ""), 401);
    snprintf(wrong, sizeof wrong, "%s", bearer(&sampler_token));
    wrong[30] ^= 1;
    assert_int_equal(ask("GET", "/v1/session", wrong, ""), 401);
    // What a role may not is not there for it.
    assert_int_equal(ask("GET", "/metrics", bearer(&sampler_token), ""), 404);
    assert_int_equal(ask("GET", "/metrics", bearer(&operator_token), ""), 200);
    assert_int_equal(
        ask("POST", "/v1/tokens", bearer(&sampler_token), "{\"device\":\"S-1\"}"), 404);
}

// The cookie and the CSRF token of the answer, as lines of a request.
static void keep_session(char cookie[120], char csrf[120])
{
    const char *set = client_header(&answer, "Set-Cookie");
    assert_memory_equal(set, "__Host-weft=", 12);
    assert_non_null(strstr(set, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    snprintf(cookie, 120, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    snprintf(csrf, 120, "Weft-CSRF: %s\r\n", said("csrf"));
}

static void a_user_logs_in_and_out(void **state)
{
    char cookie[120], csrf[120], both[240];
    (void)state;
    assert_int_equal(
        ask("POST", "/v1/login", "", "{\"user\":\"li\",\"password\":\"wrong horse\"}"),
        401);
    assert_string_equal(said("code"), "login.wrong");
    assert_int_equal(ask("POST", "/v1/login", "", "{\"user\":7}"), 401);
    assert_int_equal(ask("POST", "/v1/login", "", "[]"), 400);
    assert_int_equal(
        ask("POST", "/v1/login", "", "{\"user\":\"li\",\"password\":\"correct horse\"}"),
        200);
    keep_session(cookie, csrf);
    assert_int_equal(ask("GET", "/v1/session", cookie, ""), 200);
    assert_string_equal(said("name"), "li");
    assert_non_null(strstr(csrf, said("csrf")));
    // Without the token against forged requests nothing changes.
    assert_int_equal(ask("POST", "/v1/logout", cookie, ""), 401);
    assert_int_equal(ask("GET", "/v1/session", cookie, ""), 200);
    snprintf(both, sizeof both, "%s%s", cookie, csrf);
    assert_int_equal(ask("POST", "/v1/logout", both, ""), 204);
    assert_non_null(strstr(client_header(&answer, "Set-Cookie"), "Max-Age=0"));
    assert_int_equal(ask("GET", "/v1/session", cookie, ""), 401);
}

static void staff_log_in_with_a_code(void **state)
{
    char code[7], body[120];
    (void)state;
    assert_int_equal(
        ask("POST", "/v1/login", "", "{\"user\":\"op\",\"password\":\"correct horse\"}"),
        401);
    // The next one: that of now may have been used before the service began.
    assert_true(wf_totp_code(wf_text_of(totp), wf_totp_step(wf_clock_now()) + 1, code));
    snprintf(body, sizeof body,
             "{\"user\":\"op\",\"password\":\"correct horse\",\"code\":\"%s\"}", code);
    assert_int_equal(ask("POST", "/v1/login", "", body), 200);
    assert_string_equal(said("role"), "operator");
    assert_int_equal(ask("POST", "/v1/login", "", body), 401);
}

static void an_operator_changes_accounts_within_their_rights(void **state)
{
    char as[100], path[120], device[120];
    (void)state;
    snprintf(as, sizeof as, "%s", bearer(&operator_token));
    assert_int_equal(ask("POST", "/v1/devices", as,
                         "{\"device\":\"G-1\",\"role\":\"guard\",\"grid\":\"320282\"}"),
                     201);
    assert_string_equal(said("device"), "user/op");
    assert_int_equal(
        ask("POST", "/v1/devices", as, "{\"device\":\"G-2\",\"role\":\"guard\"}"), 400);
    assert_string_equal(said("code"), "access.exceeds");
    assert_int_equal(ask("POST", "/v1/tokens", as, "{\"device\":\"G-1\"}"), 201);
    snprintf(device, sizeof device, "Authorization: Bearer %s\r\n", said("token"));
    snprintf(path, sizeof path, "/v1/tokens/%s", said("id"));
    assert_int_equal(ask("GET", "/v1/session", device, ""), 200);
    assert_string_equal(said("grid"), "320282");
    assert_int_equal(ask("DELETE", path, as, ""), 204);
    assert_int_equal(ask("GET", "/v1/session", device, ""), 401);
    assert_int_equal(ask("DELETE", path, as, ""), 404);
    // A device ends its own token, and nobody else's.
    assert_int_equal(ask("POST", "/v1/tokens", as, "{\"device\":\"G-1\"}"), 201);
    snprintf(device, sizeof device, "Authorization: Bearer %s\r\n", said("token"));
    snprintf(path, sizeof path, "/v1/tokens/%s", said("id"));
    assert_int_equal(ask("DELETE", path, bearer(&sampler_token), ""), 404);
    assert_int_equal(ask("DELETE", path, device, ""), 204);
    assert_int_equal(ask("DELETE", "/v1/devices/G-1?reason=lost", as, ""), 400);
    assert_int_equal(ask("DELETE", "/v1/devices/G-1", as, "{\"reason\":\"lost\"}"), 204);
    assert_int_equal(ask("DELETE", "/v1/devices/G-9", as, ""), 404);
    assert_int_equal(ask("POST", "/v1/users", as,
                         "{\"user\":\"gw\",\"role\":\"grid_worker\",\"grid\":\"3202\"}"),
                     201);
    assert_int_equal(ask("POST", "/v1/users", as,
                         "{\"user\":\"a\",\"role\":\"auditor\",\"grid\":\"3202\"}"),
                     400);
    assert_int_equal(ask("PATCH", "/v1/users/gw", as, "{\"office\":\"town\"}"), 200);
    assert_int_equal(
        ask("POST", "/v1/users/gw/secret", as, "{\"password\":\"correct horse\"}"), 200);
    assert_int_equal(strlen(said("totp")), 32);
    assert_int_equal(ask("POST", "/v1/users/nobody/secret", as, "{}"), 404);
    assert_int_equal(ask("DELETE", "/v1/users/gw", as, ""), 204);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_gets_in_and_a_false_one_does_not),
        cmocka_unit_test(a_user_logs_in_and_out),
        cmocka_unit_test(staff_log_in_with_a_code),
        cmocka_unit_test(an_operator_changes_accounts_within_their_rights),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
