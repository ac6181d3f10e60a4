// The description of the service and the page's files: whole, and true of what is served.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <jansson.h>

#include "serve/page/static.h"
#include "support/json_schema.h"
#include "support/served_city.h"

static served_city city;
static client_answer answer;
static json_t *description;

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

// Of the heap.
static char *ask_body(const char *request)
{
    client_ask(&city, request, strlen(request), &answer);
    char *body = strdup(client_body(&answer));
    assert_non_null(body);
    return body;
}

// A lead of the whole city, by any token or none.
static weft_status identify(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    (void)x;
    (void)error;
    *ret = wf_actor_nobody();
    ret->kind = WF_ACTOR_USER;
    ret->role = WF_ROLE_LEAD;
    memcpy(ret->name, "zhang", 6);
    return WEFT_OK;
}

static int begin(void **state)
{
    const wf_server_options options = {.version = "0.0.0-test", .identify = identify};
    (void)state;
    served_begin(&city, &options);
    char *text = ask_body(GET("/v1/openapi.json"));
    description = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    return description != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(description);
    served_end(&city);
    return 0;
}

// ---- the description ----

static const json_t *at(const json_t *json, const char *name)
{
    const json_t *value = json_object_get(json, name);
    if (value == NULL)
        print_error("# no %s\n", name);
    assert_non_null(value);
    return value;
}

static const json_t *resolve(const char *reference)
{
    char name[256];
    const json_t *value = description;
    assert_int_equal(strncmp(reference, "#/", 2), 0);
    for (const char *from = reference + 2; *from != '\0';) {
        size_t size = strcspn(from, "/");
        assert_true(size < sizeof name);
        memcpy(name, from, size);
        name[size] = '\0';
        value = at(value, name);
        from += size + (from[size] == '/');
    }
    return value;
}

static size_t resolve_all(const json_t *json)
{
    size_t count = 0, index;
    const char *key;
    json_t *value;
    const char *reference = json_string_value(json_object_get(json, "$ref"));
    if (reference != NULL) {
        assert_true(json_is_object(resolve(reference)));
        return 1;
    }
    if (json_is_object(json))
        json_object_foreach((json_t *)(uintptr_t)json, key, value) count +=
            resolve_all(value);
    else
        json_array_foreach(json, index, value) count += resolve_all(value);
    return count;
}

static void every_reference_leads_somewhere(void **state)
{
    (void)state;
    assert_string_equal(json_string_value(at(description, "openapi")), "3.1.0");
    assert_string_equal(json_string_value(at(at(description, "info"), "version")),
                        "0.0.0-test");
    assert_true(resolve_all(description) > 50);
}

static void check_text(const json_t *of, const char *name)
{
    const char *text = json_string_value(at(of, name));
    assert_non_null(text);
    assert_int_not_equal(text[0], '\0');
}

static void check_responses(const json_t *responses)
{
    const char *status;
    json_t *response;
    bool succeeds = false;
    json_object_foreach((json_t *)(uintptr_t)responses, status, response)
    {
        check_text(response, "description");
        check_text(response, "x-description-zh");
        succeeds = succeeds || status[0] == '2';
        if (status[0] >= '4')
            assert_non_null(at(at(response, "content"), "application/json"));
    }
    assert_true(succeeds);
    assert_non_null(at(at(at(responses, "503"), "headers"), "Retry-After"));
    // Whoever is known may be looking at somebody, which has to be written down.
    const json_t *full = json_object_get(responses, "507");
    assert_true((full != NULL) == (json_object_get(responses, "404") != NULL));
    assert_true(full == NULL || at(at(full, "headers"), "Retry-After") != NULL);
}

static void check_parameters(const char *path, const json_t *parameters)
{
    size_t index, in_path = 0, braces = 0;
    json_t *one, *names = json_object();
    json_array_foreach(parameters, index, one)
    {
        const char *reference = json_string_value(json_object_get(one, "$ref"));
        const json_t *parameter = reference != NULL ? resolve(reference) : one;
        check_text(parameter, "name");
        check_text(parameter, "description");
        check_text(parameter, "x-description-zh");
        assert_non_null(at(parameter, "schema"));
        const char *in = json_string_value(at(parameter, "in"));
        const char *name = json_string_value(at(parameter, "name"));
        if (json_object_get(names, name) != NULL)
            print_error("# %s has %s twice\n", path, name);
        assert_null(json_object_get(names, name));
        json_object_set_new(names, name, json_true());
        in_path += strcmp(in, "path") == 0;
        if (strcmp(in, "path") == 0)
            assert_true(json_is_true(at(parameter, "required")));
    }
    json_decref(names);
    for (; *path != '\0'; path++)
        braces += *path == '{';
    assert_int_equal(in_path, braces);
}

static void check_security(const json_t *operation, const json_t *responses)
{
    const json_t *security = at(operation, "security");
    assert_true(json_is_array(security));
    bool open = json_array_size(security) == 0;
    // The log-in is open, and may say it too.
    assert_true(open || json_object_get(responses, "401") != NULL);
    assert_int_equal(json_object_get(operation, "x-action") == NULL, open);
}

static void every_operation_says_all_of_it(void **state)
{
    const char *path, *method;
    json_t *methods, *operation, *names = json_object();
    (void)state;
    json_object_foreach((json_t *)(uintptr_t)at(description, "paths"), path, methods)
        json_object_foreach(methods, method, operation)
    {
        const char *name = json_string_value(at(operation, "operationId"));
        assert_null(json_object_get(names, name));
        json_object_set_new(names, name, json_true());
        check_text(operation, "summary");
        check_text(operation, "x-summary-zh");
        const json_t *responses = at(operation, "responses");
        check_responses(responses);
        check_security(operation, responses);
        check_parameters(path, at(operation, "parameters"));
    }
    assert_true(json_object_size(names) >= 3);
    json_decref(names);
}

static void facts_and_views_are_described_by_their_declarations(void **state)
{
    const json_t *fact = resolve("#/components/schemas/fact.tube.sealed/properties");
    (void)state;
    assert_string_equal(json_string_value(at(at(fact, "kind"), "const")), "tube.sealed");
    const json_t *body = at(fact, "body");
    assert_string_equal(json_string_value(json_array_get(at(body, "required"), 0)),
                        "tube");
    const json_t *view = resolve("#/components/schemas/view.testing.tubes");
    assert_non_null(at(at(view, "properties"), "tube_id"));
    // What only the city itself says is not for others to send.
    assert_null(json_object_get(resolve("#/components/schemas"), "fact.line.refused"));
}

// Asks an operation that needs nothing but a token; its answer fits its schema. Counts.
static size_t ask_operation(const char *path, const json_t *operation)
{
    char request[512];
    const json_t *content =
        json_object_get(json_object_get(at(operation, "responses"), "200"), "content");
    const json_t *schema =
        json_object_get(json_object_get(content, "application/json"), "schema");
    size_t index;
    json_t *one;
    json_array_foreach(at(operation, "parameters"), index,
                       one) if (json_is_true(json_object_get(one, "required"))) return 0;
    if (schema == NULL)
        return 0;
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", path);
    assert_in_range(size, 1, (int)sizeof request - 1);
    char *text = ask_body(request);
    json_t *said = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (json_object_get(said, "code") != NULL && json_object_get(said, "params") != NULL)
        schema = resolve("#/components/schemas/Error"); // not for a lead
    if (said == NULL || !schema_fits(description, schema, said, path))
        print_error("# %s: %s\n", path, text);
    assert_true(said != NULL && schema_fits(description, schema, said, path));
    json_decref(said);
    free(text);
    return 1;
}

static void answers_are_what_their_schemas_say(void **state)
{
    const char *path;
    json_t *methods;
    size_t asked = 0;
    (void)state;
    json_object_foreach((json_t *)(uintptr_t)at(description, "paths"), path, methods)
    {
        const json_t *get = json_object_get(methods, "get");
        if (get != NULL)
            asked += ask_operation(path, get);
    }
    assert_true(asked > 5);
    char *text = ask_body(GET("/nothing"));
    json_t *said = json_loads(text, 0, NULL);
    assert_true(schema_fits(description, resolve("#/components/schemas/Error"), said,
                            "/nothing"));
    json_decref(said);
    free(text);
}

static void what_does_not_fit_a_schema_is_found(void **state)
{
    static const char *const wrong[] = {
        "{}",
        "{\"device\":1,\"seq\":1}",
        "{\"device\":\"S\",\"seq\":0}",
        "{\"device\":\"S\",\"seq\":\"1\"}",
        "{\"device\":\"S\",\"seq\":1,\"x\":1}",
        "[]",
    };
    const json_t *schema = resolve("#/components/schemas/FactName");
    json_t *right = json_loads("{\"device\":\"S\",\"seq\":1}", 0, NULL);
    (void)state;
    assert_true(schema_fits(description, schema, right, "right"));
    json_decref(right);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        json_t *json = json_loads(wrong[i], 0, NULL);
        assert_false(schema_fits(description, schema, json, wrong[i]));
        json_decref(json);
    }
}

// ---- files ----

static void tags_and_encodings_are_read(void **state)
{
    static const struct {
        const char *header;
        bool gzip;
    } encodings[] = {
        {"gzip", true},
        {"gzip, deflate, br", true},
        {"br;q=1, GZIP;q=0.5", true},
        {"", false},
        {"deflate", false},
        {"gzip;q=0", false},
        {"gzip;q=0.000", false},
        {"gzip;q=x", false},
        {"xgzip", false},
        {"gzip ; q=1", true},
        {"identity, gzip;q=2", false},
    };
    static const struct {
        const char *header;
        bool same;
    } tags[] = {
        {"\"a\"", true}, {"W/\"a\"", true}, {"\"b\", \"a\"", true}, {"*", true},
        {"", false},     {"\"b\"", false},  {"a", false},           {"\"a", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        if (wf_static_takes_gzip(wf_text_of(encodings[i].header)) != encodings[i].gzip)
            print_error("# %s\n", encodings[i].header);
        assert_int_equal(wf_static_takes_gzip(wf_text_of(encodings[i].header)),
                         encodings[i].gzip);
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        assert_int_equal(wf_static_has_tag(wf_text_of(tags[i].header), "\"a\""),
                         tags[i].same);
}

#define ASK(text) client_ask(&city, text, sizeof(text) - 1, &answer)

static void the_page_and_all_that_it_names_is_there(void **state)
{
    (void)state;
    ASK(GET("/"));
    assert_int_equal(answer.status, 200);
    const char *policy = client_header(&answer, "Content-Security-Policy");
    assert_int_equal(strncmp(policy, "default-src 'none'; script-src 'self'", 37), 0);
    assert_null(strstr(client_body(&answer), "<style"));
    assert_null(strstr(client_body(&answer), " style="));
    assert_null(strstr(client_body(&answer), "http://"));
    static client_answer file;
    size_t named = 0;
    for (const char *from = answer.bytes; (from = strstr(from, "\"/app/")) != NULL;) {
        char request[256];
        size_t size = strcspn(++from, "\"");
        int length = snprintf(request, sizeof request,
                              "GET %.*s HTTP/1.1\r\nHost: h\r\n\r\n", (int)size, from);
        assert_in_range(length, 1, (int)sizeof request - 1);
        client_ask(&city, request, (size_t)length, &file);
        assert_int_equal(file.status, 200);
        named++;
    }
    assert_int_equal(named, 3);
}

// The first file that the page names, as a request with more headers.
static void ask_named(const char *headers, client_answer *ret)
{
    char name[128], request[512];
    ASK(GET("/"));
    const char *from = strstr(answer.bytes, "\"/app/");
    assert_non_null(from);
    int size =
        snprintf(name, sizeof name, "%.*s", (int)strcspn(from + 1, "\""), from + 1);
    assert_in_range(size, 1, (int)sizeof name - 1);
    size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n%s\r\n", name,
                    headers);
    assert_in_range(size, 1, (int)sizeof request - 1);
    client_ask(&city, request, (size_t)size, ret);
}

static void a_file_that_is_known_is_not_sent_again(void **state)
{
    static client_answer file;
    char tag[80], headers[256];
    (void)state;
    ask_named("Accept-Encoding: gzip\r\n", &file);
    assert_int_equal(file.status, 200);
    assert_int_equal(strncmp(client_header(&file, "Content-Encoding"), "gzip", 4), 0);
    // Its name holds a hash of it; the page's own does not.
    assert_non_null(strstr(client_header(&file, "Cache-Control"), "immutable"));
    assert_int_equal(strncmp(client_header(&answer, "Cache-Control"), "no-cache", 8), 0);
    const char *is = client_header(&file, "ETag");
    size_t size = strcspn(is, "\r");
    assert_in_range(size, 10, sizeof tag - 1);
    memcpy(tag, is, size);
    tag[size] = '\0';
    int length = snprintf(headers, sizeof headers,
                          "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", tag);
    assert_in_range(length, 1, (int)sizeof headers - 1);
    ask_named(headers, &file);
    assert_int_equal(file.status, 304);
    // As it is, it is another file.
    length = snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", tag);
    assert_in_range(length, 1, (int)sizeof headers - 1);
    ask_named(headers, &file);
    assert_int_equal(file.status, 200);
    ASK(GET("/app/other.js"));
    assert_int_equal(answer.status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(every_operation_says_all_of_it),
        cmocka_unit_test(facts_and_views_are_described_by_their_declarations),
        cmocka_unit_test(answers_are_what_their_schemas_say),
        cmocka_unit_test(what_does_not_fit_a_schema_is_found),
        cmocka_unit_test(tags_and_encodings_are_read),
        cmocka_unit_test(the_page_and_all_that_it_names_is_there),
        cmocka_unit_test(a_file_that_is_known_is_not_sent_again),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
