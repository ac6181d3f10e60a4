// The policy at the door: every route is asked by every role, and by nobody. What the
// table that was written by hand does not allow looks like what is not there.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>
#include <stdio.h>

#include "serve/http/route.h"
#include "support/served_city.h"
#include "weft/accounts.h"

static served_city city;
static weft_token_reply tokens[WF_ROLE_COUNT];
static client_answer answer;

static int begin(void **state)
{
    const wf_server_options options = {.workers = 4};
    (void)state;
    served_make(&city);
    for (unsigned role = 0; role < WF_ROLE_COUNT; role++) {
        weft_error error = {0};
        char device[40];
        snprintf(device, sizeof device, "D-%s", wf_role_words[role]);
        const weft_token_request request = {.device = device,
                                            .role = wf_role_words[role],
                                            .grid = "320282001",
                                            .until = WEFT_TIME_NONE};
        assert_int_equal(weft_token_issue(city.city, &request, &tokens[role], &error),
                         WEFT_OK);
    }
    served_start(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

// ---- the table ----

// What "roles" of the table says of an action: a letter a role.
static void read_letters(wf_action action, char ret[WF_ROLE_COUNT])
{
    char path[WF_PATH_MAX], line[256];
    const char *root = getenv("WEFT_DATA_DIR");
    bool inside = false, found = false;
    assert_non_null(root);
    snprintf(path, sizeof path, "%s/test/golden/policy.txt", root);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        char *word = strsep(&rest, " \n");
        inside = inside ? strcmp(word, "end") != 0 : strcmp(word, "roles") == 0;
        found = inside && strcmp(word, wf_action_word(action)) == 0;
        for (unsigned role = 0; found && role < WF_ROLE_COUNT;) {
            word = strsep(&rest, " \n");
            assert_non_null(word);
            if (word[0] != '\0')
                ret[role++] = word[0];
        }
    }
    fclose(file);
    if (!found)
        fail_msg("%s is not in the table", wf_action_word(action));
}

// ---- asking ----

// The path with something in the place of each parameter.
static bool fill_path(const char *path, char ret[256])
{
    bool has_parameter = false;
    size_t size = 0;
    for (; *path != '\0' && size + 8 < 256; path++) {
        if (*path != '{') {
            ret[size++] = *path;
            continue;
        }
        memcpy(ret + size, "none", 4);
        size += 4;
        has_parameter = true;
        path = strchr(path, '}');
        assert_non_null(path);
    }
    ret[size] = '\0';
    return has_parameter;
}

static unsigned ask(const wf_route *route, const char *path, const char *token)
{
    char text[1024];
    const char *type = route->body.kind == WF_BODY_JSON     ? "application/json"
                       : route->body.kind == WF_BODY_NDJSON ? "application/x-ndjson"
                       : route->body.kind == WF_BODY_FILE   ? "application/octet-stream"
                                                            : NULL;
    const char *body = type != NULL ? "{}" : "";
    int size =
        snprintf(text, sizeof text,
                 "%s %s HTTP/1.1\r\nHost: h\r\n%s%s%s%s%s%sContent-Length: %zu"
                 "\r\n\r\n%s",
                 route->method, path, token != NULL ? "Authorization: Bearer " : "",
                 token != NULL ? token : "", token != NULL ? "\r\n" : "",
                 type != NULL ? "Content-Type: " : "", type != NULL ? type : "",
                 type != NULL ? "\r\n" : "", strlen(body), body);
    assert_true(size > 0 && (size_t)size < sizeof text);
    client_ask(&city, text, (size_t)size, &answer);
    return answer.status;
}

static bool says_not_found(void)
{
    json_t *said = json_loads(client_body(&answer), 0, NULL);
    const char *code = json_string_value(json_object_get(said, "code"));
    bool is = code != NULL && strcmp(code, "http.not_found") == 0;
    json_decref(said);
    return is;
}

static void check_role(const wf_route *route, const char *path, bool has_parameter,
                       unsigned role, char letter)
{
    bool is_stream = (route->answers.media & WF_MEDIA_EVENTS) != 0;
    if (letter != '-' && is_stream)
        return; // it would never end
    unsigned status = ask(route, path, tokens[role].token);
    if (letter == '-') {
        if (status != 404 || !says_not_found())
            fail_msg("%s asks %s %s: %u", wf_role_words[role], route->method, path,
                     status);
        return;
    }
    // A password is changed in a session only, which a token is not.
    bool needs_session = strcmp(route->path, "/v1/me/password") == 0;
    // What a parameter names is not there, rows are not for who has counts alone, and a
    // device is nobody's person: all are the same 404.
    bool may_be_none = has_parameter || needs_session || letter == '#' ||
                       route->action == WF_ACTION_OWN_LOOKS ||
                       route->action == WF_ACTION_OWN_STATUS;
    if (status == 401 || status == 0 || (!may_be_none && status == 404))
        fail_msg("%s asks %s %s: %u", wf_role_words[role], route->method, path, status);
}

static void each_route_is_for_whom_the_table_says(void **state)
{
    wf_route_table table;
    size_t checked = 0;
    (void)state;
    assert_true(wf_routes_join(NULL, &table));
    for (size_t i = 0; i < table.count; i++) {
        const wf_route *route = table.routes[i];
        char path[256], letters[WF_ROLE_COUNT];
        if (route->open)
            continue;
        bool has_parameter = fill_path(route->path, path);
        if (ask(route, path, NULL) != 401)
            fail_msg("nobody asks %s %s: %u", route->method, path, answer.status);
        read_letters(route->action, letters);
        for (unsigned role = 0; role < WF_ROLE_COUNT; role++)
            check_role(route, path, has_parameter, role, letters[role]);
        checked++;
    }
    assert_true(checked > 10);
    wf_routes_done(&table);
}

// Open are these, and nothing else: a new one has to be named here.
static void nothing_else_is_open(void **state)
{
    static const char *const open[] = {"/healthz", "/v1/openapi.json", "/v1/login", "/",
                                       "/app/{file}"};
    wf_route_table table;
    (void)state;
    assert_true(wf_routes_join(NULL, &table));
    for (size_t i = 0; i < table.count; i++) {
        size_t place = 0;
        while (place < sizeof open / sizeof *open &&
               strcmp(open[place], table.routes[i]->path) != 0)
            place++;
        if (table.routes[i]->open && place == sizeof open / sizeof *open)
            fail_msg("%s is open", table.routes[i]->path);
    }
    wf_routes_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_route_is_for_whom_the_table_says),
        cmocka_unit_test(nothing_else_is_open),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
