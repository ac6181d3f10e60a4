// How users log in, how long they stay, and how those who guess are slowed down.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "access/accounts/account_change.h"
#include "access/accounts/hash_gate.h"
#include "access/accounts/identify.h"
#include "access/accounts/throttle.h"
#include "access/accounts/totp.h"
#include "base/clock.h"
#include "support/open_city.h"

static open_city here;
// Of the machine: an hour from when the sessions began, so that no code was used before.
static weft_time now;
static wf_sessions *sessions;

static int begin(void **state)
{
    (void)state;
    open_city_begin(&here);
    now = (weft_time){wf_clock_now().us + 3600 * WF_US_PER_S};
    sessions = wf_accounts_sessions(here.city->accounts);
    return 0;
}

static int end(void **state)
{
    (void)state;
    open_city_end(&here);
    return 0;
}

static weft_time after_s(int64_t seconds)
{
    return (weft_time){now.us + seconds * WF_US_PER_S};
}

static weft_secret_reply add_user(const char *name, const char *role)
{
    char fields[400], hash[crypto_pwhash_argon2id_STRBYTES];
    weft_secret_reply secret = {"correct horse", ""};
    bool is_staff = strcmp(role, "resident") != 0;
    snprintf(fields, sizeof fields, "user=%s role=%s grid=3202", name, role);
    open_city_send(&here, "cli", NULL, "user.added", fields);
    // A hash that costs little, unlike those that are made by weft_user_secret.
    int made = crypto_pwhash_argon2id_str(
        hash, secret.password, sizeof "correct horse" - 1,
        crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN);
    assert_int_equal(made, 0);
    if (is_staff)
        wf_totp_new(secret.totp);
    snprintf(fields, sizeof fields, "user=%s secret=%s%s%s", name, hash,
             is_staff ? " totp=" : "", secret.totp);
    open_city_send(&here, "weft/accounts", NULL, "user.secret_set", fields);
    return secret;
}

static weft_status read_secret(void *context, wf_text user, wf_user_secret *ret,
                               weft_error *error)
{
    (void)context;
    return wf_register_user_secret(here.city->reg, user, ret, error);
}

static weft_status log_in(const char *user, const char *password, const char *code,
                          weft_time at, wf_session_texts *ret, weft_error *error)
{
    wf_actor actor;
    const wf_login login = {.user = wf_text_of(user),
                            .password = wf_text_of(password),
                            .code = wf_text_of(code),
                            .address = WF_TEXT("192.0.2.7"),
                            .secret = read_secret};
    wf_error_clear(error);
    return wf_sessions_log_in(sessions, &login, at, ret, &actor, error);
}

static void refuses(const char *code, const char *user, const char *password,
                    const char *number, weft_time at)
{
    wf_session_texts texts;
    weft_error error = {0};
    if (log_in(user, password, number, at, &texts, &error) == WEFT_OK)
        fail_msg("%s logs in", user);
    assert_string_equal(error.code, code);
}

static bool is_in(const wf_session_texts *texts, weft_time at)
{
    wf_actor actor;
    weft_error error = {0};
    return wf_sessions_actor(sessions, wf_text_of(texts->cookie), false, WF_TEXT(""), at,
                             &actor, &error) == WEFT_OK;
}

static const char *code_at(const weft_secret_reply *secret, weft_time at, char room[7])
{
    assert_true(wf_totp_code(wf_text_of(secret->totp), wf_totp_step(at), room));
    return room;
}

// ---- residents: without codes ----

static void a_session_lasts_as_long_as_it_is_used(void **state)
{
    weft_secret_reply secret = add_user("li", "resident");
    wf_session_texts texts, second;
    wf_actor actor;
    weft_error error = {0};
    (void)state;
    assert_string_equal(secret.totp, "");
    refuses("login.wrong", "li", "not the password", "", now);
    refuses("login.wrong", "nobody", secret.password, "", now);
    refuses("login.wrong", "", secret.password, "", now);
    refuses("login.wrong", "li", "", "", now);
    open_city_ok(log_in("li", secret.password, "", now, &texts, &error), &error);
    open_city_ok(log_in("li", secret.password, "", now, &second, &error), &error);
    assert_string_not_equal(texts.cookie, second.cookie);
    assert_int_equal(wf_sessions_count(sessions, now), 2);
    assert_int_equal(wf_sessions_count(sessions, after_s(30 * 60 + 1)), 0);
    assert_string_not_equal(texts.cookie, texts.csrf);
    open_city_ok(wf_sessions_actor(sessions, wf_text_of(texts.cookie), false, WF_TEXT(""),
                                   now, &actor, &error),
                 &error);
    assert_int_equal(actor.kind, WF_ACTOR_USER);
    assert_string_equal(actor.name, "li");
    assert_true(actor.session != 0);
    // Used every 25 minutes it lasts 12 hours, unused 30 minutes.
    for (int64_t minutes = 25; minutes <= 700; minutes += 25)
        assert_true(is_in(&texts, after_s(60 * minutes)));
    assert_false(is_in(&texts, after_s(12 * 3600 + 1)));
    assert_false(is_in(&texts, now));
    assert_false(is_in(&second, after_s(30 * 60 + 1)));
    wf_session_texts none = {"", ""};
    assert_false(is_in(&none, now));
}

static void what_changes_something_carries_the_sessions_token(void **state)
{
    weft_secret_reply secret = add_user("li", "resident");
    wf_session_texts texts, other;
    wf_actor actor;
    weft_error error = {0};
    (void)state;
    open_city_ok(log_in("li", secret.password, "", now, &texts, &error), &error);
    open_city_ok(log_in("li", secret.password, "", now, &other, &error), &error);
    const char *const wrong[] = {"", other.csrf, texts.cookie};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(wf_sessions_actor(sessions, wf_text_of(texts.cookie), true,
                                           wf_text_of(wrong[i]), now, &actor, &error),
                         WEFT_NOT_ALLOWED);
        assert_string_equal(error.code, "access.csrf");
    }
    open_city_ok(wf_sessions_actor(sessions, wf_text_of(texts.cookie), true,
                                   wf_text_of(texts.csrf), now, &actor, &error),
                 &error);
}

static void a_session_ends_with_its_user_or_their_secret(void **state)
{
    weft_secret_reply secret = add_user("li", "resident");
    wf_session_texts texts, other;
    weft_error error = {0};
    (void)state;
    open_city_ok(log_in("li", secret.password, "", now, &texts, &error), &error);
    open_city_ok(log_in("li", secret.password, "", now, &other, &error), &error);
    wf_sessions_log_out(sessions, wf_text_of(texts.cookie));
    assert_false(is_in(&texts, now));
    assert_true(is_in(&other, now));
    open_city_ok(weft_user_secret(here.city, "li", NULL, false, &secret, &error), &error);
    assert_false(is_in(&other, now));
    open_city_ok(log_in("li", secret.password, "", now, &texts, &error), &error);
    open_city_send(&here, "cli", NULL, "user.removed", "user=li");
    assert_false(is_in(&texts, now));
    refuses("login.wrong", "li", secret.password, "", now);
    open_city_send(&here, "cli", NULL, "user.added", "user=li role=resident");
    assert_false(is_in(&texts, now));
}

// ---- staff: with codes ----

static void staff_give_a_code_and_each_once(void **state)
{
    weft_secret_reply secret = add_user("iv", "investigator");
    wf_session_texts texts;
    weft_error error = {0};
    char code[7];
    (void)state;
    assert_int_equal(strlen(secret.totp), 32);
    refuses("login.wrong", "iv", secret.password, "", now);
    refuses("login.wrong", "iv", "not the password", code_at(&secret, now, code), now);
    // A code is used up by a log-in only, not by a wrong password.
    open_city_ok(log_in("iv", secret.password, code, now, &texts, &error), &error);
    assert_true(is_in(&texts, now));
    refuses("login.wrong", "iv", secret.password, code, now);
    refuses("login.wrong", "iv", secret.password, code, after_s(30));
    code_at(&secret, after_s(30), code);
    open_city_ok(log_in("iv", secret.password, code, now, &texts, &error), &error);
    refuses("login.wrong", "iv", secret.password, code_at(&secret, now, code), now);
}

// A code of before the sessions began may have been used in another process.
static void a_code_of_before_is_not_taken(void **state)
{
    weft_secret_reply secret = add_user("iv", "investigator");
    // A step before they began, wherever in its half minute the clock stood then.
    weft_time start = {now.us - 3630 * WF_US_PER_S};
    char code[7];
    (void)state;
    refuses("login.wrong", "iv", secret.password, code_at(&secret, start, code), start);
}

static void a_new_password_keeps_the_codes(void **state)
{
    weft_secret_reply first = add_user("iv", "investigator"), second;
    wf_session_texts texts;
    weft_error error = {0};
    char code[7];
    (void)state;
    open_city_ok(weft_user_secret(here.city, "iv", NULL, false, &second, &error), &error);
    assert_string_equal(second.totp, "");
    code_at(&first, now, code);
    open_city_ok(log_in("iv", second.password, code, now, &texts, &error), &error);
    open_city_ok(weft_user_secret(here.city, "iv", NULL, true, &second, &error), &error);
    assert_string_not_equal(second.totp, first.totp);
}

static void a_role_that_needs_codes_is_not_entered_without(void **state)
{
    weft_secret_reply secret = add_user("li", "resident");
    (void)state;
    open_city_send(&here, "cli", NULL, "user.changed", "user=li role=operator");
    refuses("login.no_code", "li", secret.password, "123456", now);
}

// ---- guessing ----

static void who_guesses_waits_and_others_do_not(void **state)
{
    wf_throttle *throttle = NULL;
    weft_error error = {0};
    wf_text user = WF_TEXT("iv"), home = WF_TEXT("192.0.2.7"),
            away = WF_TEXT("192.0.2.8");
    char address[32], name[16];
    (void)state;
    open_city_ok(wf_throttle_new(&throttle, &error), &error);
    wf_throttle_came_in(throttle, user, home, now);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(wf_throttle_wait_s(throttle, user, away, now), 0);
        wf_throttle_failed(throttle, user, away, now);
    }
    assert_int_equal(wf_throttle_wait_s(throttle, user, away, now), 2);
    assert_int_equal(wf_throttle_wait_s(throttle, user, away, after_s(2)), 0);
    for (int i = 0; i < 15; i++)
        wf_throttle_failed(throttle, user, away, now);
    assert_int_equal(wf_throttle_wait_s(throttle, user, away, now), 300);
    assert_int_equal(wf_throttle_wait_s(throttle, user, home, now), 0);
    assert_int_equal(wf_throttle_wait_s(throttle, WF_TEXT("other"), away, now), 0);
    assert_int_equal(wf_throttle_wait_s(throttle, user, away, after_s(901)), 0);
    // From everywhere: a little at a new place, nothing where they have been before.
    for (int i = 0; i < 200; i++) {
        snprintf(address, sizeof address, "198.51.100.%d", i);
        wf_throttle_failed(throttle, user, wf_text_of(address), now);
    }
    assert_int_equal(wf_throttle_wait_s(throttle, user, WF_TEXT("203.0.113.5"), now), 5);
    assert_int_equal(wf_throttle_wait_s(throttle, user, home, now), 0);
    // Many users from one address; of IPv6 a customer's 64 bits count as one.
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "user-%d", i);
        snprintf(address, sizeof address, "2001:db8:1:2::%x", (unsigned)i);
        wf_throttle_failed(throttle, wf_text_of(name), wf_text_of(address), now);
    }
    assert_true(wf_throttle_wait_s(throttle, WF_TEXT("new"),
                                   WF_TEXT("2001:db8:1:2:ffff::1"), now) > 0);
    assert_int_equal(
        wf_throttle_wait_s(throttle, WF_TEXT("new"), WF_TEXT("2001:db8:1:3::1"), now), 0);
    // What is no address, and longer than one.
    memset(address, 'x', sizeof address);
    wf_throttle_failed(throttle, user, (wf_text){address, sizeof address}, now);
    wf_throttle_free(throttle);
}

static void a_log_in_says_how_long_to_wait(void **state)
{
    weft_secret_reply secret = add_user("li", "resident");
    wf_session_texts texts;
    weft_error error = {0};
    (void)state;
    for (int i = 0; i < 5; i++)
        refuses("login.wrong", "li", "not the password", "", now);
    // Also with the right password: who waits learns nothing.
    assert_int_equal(log_in("li", secret.password, "", now, &texts, &error), WEFT_BUSY);
    assert_string_equal(error.code, "login.wait");
    open_city_ok(log_in("li", secret.password, "", after_s(2), &texts, &error), &error);
}

// ---- how many at once ----

enum { guests = 6, inside_max = 2, waiting_max = 2 };
static struct {
    wf_hash_gate *gate;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    unsigned inside, most, came, refused;
    bool open;
} party = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static void *visit(void *context)
{
    weft_error error = {0};
    (void)context;
    weft_status status = wf_hash_gate_enter(party.gate, &error);
    pthread_mutex_lock(&party.lock);
    if (status != WEFT_OK) {
        party.refused++;
        pthread_cond_broadcast(&party.moved);
        pthread_mutex_unlock(&party.lock);
        return NULL;
    }
    party.came++;
    party.inside++;
    party.most = party.inside > party.most ? party.inside : party.most;
    pthread_cond_broadcast(&party.moved);
    while (!party.open)
        pthread_cond_wait(&party.moved, &party.lock);
    party.inside--;
    pthread_mutex_unlock(&party.lock);
    wf_hash_gate_leave(party.gate);
    return NULL;
}

static void two_hash_at_once_and_some_wait(void **state)
{
    pthread_t threads[guests];
    weft_error error = {0};
    (void)state;
    open_city_ok(wf_hash_gate_new(inside_max, waiting_max, &party.gate, &error), &error);
    for (size_t i = 0; i < guests; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, visit, NULL), 0);
    // Nobody leaves before all who find no place have gone.
    pthread_mutex_lock(&party.lock);
    while (party.refused < guests - inside_max - waiting_max)
        pthread_cond_wait(&party.moved, &party.lock);
    party.open = true;
    pthread_cond_broadcast(&party.moved);
    pthread_mutex_unlock(&party.lock);
    for (size_t i = 0; i < guests; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(party.refused, guests - inside_max - waiting_max);
    assert_int_equal(party.came, inside_max + waiting_max);
    assert_true(party.most <= inside_max);
    wf_hash_gate_free(party.gate);
}

// ---- by what a request says who it is ----

static const wf_single_sign_on none = {.header = NULL};
static const wf_single_sign_on sso = {"X-Remote-User",
                                      {"0123456789abcdef0123456789abcdef", 32}};

// By what the user "li" and the device "S-1" come in.
static wf_session_texts texts;
static char bearer[64];

static void let_in(void)
{
    weft_secret_reply secret = add_user("li", "resident");
    weft_token_reply token;
    weft_token_request request = {
        .device = "S-1", .role = "lab", .until = WEFT_TIME_NONE};
    weft_error error = {0};
    open_city_ok(log_in("li", secret.password, "", now, &texts, &error), &error);
    open_city_ok(weft_token_issue(here.city, &request, &token, &error), &error);
    snprintf(bearer, sizeof bearer, "bearer  %s", token.token);
}

typedef struct {
    wf_credentials given;
    const wf_single_sign_on *sso;
    const char *code, *name; // refused, or who it is
} coming;

static void check_coming(const coming *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        weft_error error = {0};
        wf_actor actor;
        weft_status status = wf_identify(here.city->accounts, rows[i].sso, &rows[i].given,
                                         now, &actor, &error);
        if ((status == WEFT_OK) != (rows[i].code == NULL))
            fail_msg("row %zu: %s", i, status == WEFT_OK ? "comes in" : error.code);
        if (status == WEFT_OK)
            assert_string_equal(actor.name, rows[i].name);
        else
            assert_string_equal(error.code, rows[i].code);
    }
}

static void a_request_is_who_its_first_word_says(void **state)
{
    (void)state;
    let_in();
    wf_text cookie = wf_text_of(texts.cookie);
    const coming rows[] = {
        {{.is_unsafe = true}, &sso, "access.nobody", NULL},
        {{.authorization = wf_text_of(bearer)}, &none, NULL, "S-1"},
        {{.authorization = wf_text_of(bearer), .is_unsafe = true}, &none, NULL, "S-1"},
        {{.authorization = WF_TEXT("Basic bGk6eA=="), .session = cookie},
         &none,
         "access.token",
         NULL},
        {{.authorization = WF_TEXT("Bearer ")}, &none, "access.token", NULL},
        {{.session = cookie}, &none, NULL, "li"},
        {{.session = cookie, .is_unsafe = true}, &none, "access.csrf", NULL},
        {{.session = cookie, .is_unsafe = true, .csrf = wf_text_of(texts.csrf)},
         &none,
         NULL,
         "li"},
    };
    check_coming(rows, sizeof rows / sizeof *rows);
}

static void single_sign_on_is_the_proxys_alone(void **state)
{
    char csrf[WF_SESSION_TEXT_BYTES + 1];
    (void)state;
    let_in();
    wf_sessions_csrf_of_user(sessions, WF_TEXT("li"), csrf);
    const coming rows[] = {
        {{.session = WF_TEXT("x"),
          .sso_user = WF_TEXT("li"),
          .is_proxied = true,
          .sso_secret = sso.secret},
         &sso,
         "access.session",
         NULL},
        {{.sso_user = WF_TEXT("li"), .is_proxied = true, .sso_secret = sso.secret},
         &none,
         "access.nobody",
         NULL},
        {{.sso_user = WF_TEXT("li"), .is_proxied = true, .sso_secret = sso.secret},
         &sso,
         NULL,
         "li"},
        {{.sso_user = WF_TEXT("li"), .sso_secret = sso.secret}, &sso, "access.sso", NULL},
        {{.sso_user = WF_TEXT("li"),
          .is_proxied = true,
          .sso_secret = WF_TEXT("0123456789abcdef0123456789abcdeF")},
         &sso,
         "access.sso",
         NULL},
        {{.sso_user = WF_TEXT("li"), .is_proxied = true}, &sso, "access.sso", NULL},
        {{.sso_user = WF_TEXT("nobody"), .is_proxied = true, .sso_secret = sso.secret},
         &sso,
         "access.sso",
         NULL},
        {{.sso_user = WF_TEXT("li"),
          .is_proxied = true,
          .sso_secret = sso.secret,
          .is_unsafe = true},
         &sso,
         "access.csrf",
         NULL},
        {{.sso_user = WF_TEXT("li"),
          .is_proxied = true,
          .sso_secret = sso.secret,
          .is_unsafe = true,
          .csrf = wf_text_of(csrf)},
         &sso,
         NULL,
         "li"},
    };
    check_coming(rows, sizeof rows / sizeof *rows);
}

// What weft.yaml says of it, and who may read the secret.
static void single_sign_on_needs_a_secret_of_its_own(void **state)
{
    weft_error error = {0};
    wf_single_sign_on read;
    wf_path secret = scratch_path(&here.folder, "sso.secret");
    wf_path words = scratch_path(&here.folder, "city/weft.yaml");
    char text[2048];
    size_t size = 0;
    (void)state;
    open_city_ok(wf_single_sign_on_read(here.city, &read, &error), &error);
    assert_null(read.header);
    char *before = scratch_read(&words, &size);
    assert_non_null(before);
    int wrote = snprintf(text, sizeof text,
                         "%.*sproxy: 127.0.0.1\nsso_header: X-Remote-User\n"
                         "sso_secret: %s\n",
                         (int)size, before, secret.text);
    free(before);
    scratch_write(&words, text, (size_t)wrote);
    scratch_write(&secret, "0123456789abcdef0123456789abcdef\n", 33);
    assert_int_equal(chmod(secret.text, 0600), 0);
    open_city_again(&here);
    open_city_ok(wf_single_sign_on_read(here.city, &read, &error), &error);
    assert_string_equal(read.header, "X-Remote-User");
    assert_int_equal(read.secret.size, 32);
    assert_int_equal(chmod(secret.text, 0644), 0);
    assert_int_equal(wf_single_sign_on_read(here.city, &read, &error), WEFT_NOT_ALLOWED);
    assert_string_equal(error.code, "keys.readable_by_others");
    assert_int_equal(chmod(secret.text, 0600), 0);
    scratch_write(&secret, "short\n", 6);
    assert_int_equal(wf_single_sign_on_read(here.city, &read, &error), WEFT_BAD_INPUT);
    assert_string_equal(error.code, "sso.secret");
    assert_int_equal(unlink(secret.text), 0);
    assert_int_not_equal(wf_single_sign_on_read(here.city, &read, &error), WEFT_OK);
    // One key without the other, and without a proxy.
    char *last = strstr(text, "sso_secret");
    assert_non_null(last);
    scratch_write(&words, text, (size_t)(last - text));
    weft_city *city = NULL;
    const weft_key_options keys = {.key_dir = here.keys.text};
    weft_city_close(here.city);
    here.city = NULL;
    assert_int_equal(
        weft_city_open(scratch_path(&here.folder, "city").text, &keys, &city, &error),
        WEFT_BAD_INPUT);
    assert_string_equal(error.code, "city.sso");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_session_lasts_as_long_as_it_is_used),
        TEST(what_changes_something_carries_the_sessions_token),
        TEST(a_session_ends_with_its_user_or_their_secret),
        TEST(staff_give_a_code_and_each_once),
        TEST(a_code_of_before_is_not_taken),
        TEST(a_new_password_keeps_the_codes),
        TEST(a_role_that_needs_codes_is_not_entered_without),
        TEST(a_log_in_says_how_long_to_wait),
        TEST(a_request_is_who_its_first_word_says),
        TEST(single_sign_on_is_the_proxys_alone),
        TEST(single_sign_on_needs_a_secret_of_its_own),
        cmocka_unit_test(who_guesses_waits_and_others_do_not),
        cmocka_unit_test(two_hash_at_once_and_some_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
