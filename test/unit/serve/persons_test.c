// One person in one answer: each part is what the view's own route answers, to everybody,
// and the whole is one look.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/asked_city.h"

#define INTERVIEW "ref=case:C-1; purpose=interview"

static const struct {
    const char *view, *sort;
} parts[] = {
    {"register/persons", NULL},
    {"cases/cases", NULL},
    {"tracing/contacts", "-exposed_until"},
    {"order/bound_persons", NULL},
    {"order/orders_of_person", NULL},
    {"testing/samples_of_person", "-collected_at"},
    {"command/task_persons", NULL},
    {"cases/exposures", NULL},
    {"register/person_file", "-at"},
    {"register/looks_at_person", NULL},
};

static json_t *answered(void)
{
    json_t *json = json_loads(client_body(&answer), 0, NULL);
    assert_non_null(json);
    return json;
}

static json_t *whole_of(const char *who, const char *purpose, const char *person)
{
    char body[128];
    snprintf(body, sizeof body, "{\"person\":\"%s\"}", person);
    ask(who, "POST", "/v1/person", purpose, body);
    return answered();
}

static json_t *part_of(json_t *whole, const char *view)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(whole, "rows"), i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "view")), view) == 0)
            return one;
    }
    return NULL;
}

static void ask_view(const char *who, const char *purpose, size_t part,
                     const char *person)
{
    char path[128], body[256];
    snprintf(path, sizeof path, "/v1/views/%s/query", parts[part].view);
    snprintf(body, sizeof body, "{\"fields\":{\"person\":\"%s\"}%s%s%s}", person,
             parts[part].sort != NULL ? ",\"sort\":\"" : "",
             parts[part].sort != NULL ? parts[part].sort : "",
             parts[part].sort != NULL ? "\"" : "");
    ask(who, "POST", path, purpose, body);
}

// True if the person has rows in the part. Looks are of the ledger as it grows, this one
// among them: their number is not compared.
static bool check_part(json_t *whole, const char *who, const char *purpose, size_t part,
                       const char *person)
{
    json_t *mine = part_of(whole, parts[part].view);
    bool some = false;
    ask_view(who, purpose, part, person);
    json_t *own = answered();
    if (answer.status != 200) {
        const char *code = json_string_value(json_object_get(own, "code"));
        const char *said = json_string_value(json_object_get(mine, "refused"));
        if (mine != NULL && (said == NULL || strcmp(said, code) != 0))
            fail_msg("%s: %s of %s: %s", who, parts[part].view, person, code);
    } else {
        json_t *rows = json_object_get(mine, "rows");
        if (mine == NULL || (!json_equal(rows, json_object_get(own, "rows")) &&
                             strcmp(parts[part].view, "register/looks_at_person") != 0))
            fail_msg("%s: %s of %s is another", who, parts[part].view, person);
        some = json_array_size(rows) > 0;
    }
    json_decref(own);
    return some;
}

static void each_part_is_what_its_own_route_answers(void **state)
{
    static const char *const askers[] = {"lead", "here", "there", "auditor"};
    static const char *const persons[] = {"P-1", "P-2", "P-3", "P-NOBODY"};
    size_t with_rows = 0;
    (void)state;
    for (size_t a = 0; a < sizeof askers / sizeof *askers; a++)
        for (size_t p = 0; p < sizeof persons / sizeof *persons; p++) {
            const char *purpose = strcmp(askers[a], "there") == 0
                                      ? "ref=case:C-3; purpose=interview"
                                      : INTERVIEW;
            json_t *whole = whole_of(askers[a], purpose, persons[p]);
            assert_int_equal(answer.status, 200);
            for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
                with_rows += check_part(whole, askers[a], purpose, i, persons[p]);
            json_decref(whole);
        }
    assert_true(with_rows > 12);
}

static size_t looks(void)
{
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    get("auditor", "/v1/views/register/looks?limit=1000", NULL);
    json_t *json = answered();
    size_t count = json_array_size(json_object_get(json, "rows"));
    json_decref(json);
    return count;
}

static void the_whole_is_one_look(void **state)
{
    (void)state;
    size_t before = looks();
    json_decref(whole_of("here", INTERVIEW, "P-1"));
    says(200, "register/person_file");
    assert_int_equal(looks(), before + 1);
}

static void without_a_purpose_or_a_right_there_is_nothing(void **state)
{
    (void)state;
    ask("here", "POST", "/v1/person", NULL, "{\"person\":\"P-1\"}");
    says(400, "look.");
    ask("here", "POST", "/v1/person", INTERVIEW, "{\"person\":\"P-1\",\"more\":1}");
    says(400, "http.field");
    ask("here", "POST", "/v1/person", INTERVIEW, "{}");
    says(400, "http.field");
    ask("commander", "POST", "/v1/person", INTERVIEW, "{\"person\":\"P-1\"}");
    says(404, "http.not_found");
    ask("resident", "POST", "/v1/person", INTERVIEW, "{\"person\":\"P-1\"}");
    says(404, "http.not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_is_what_its_own_route_answers),
        cmocka_unit_test(the_whole_is_one_look),
        cmocka_unit_test(without_a_purpose_or_a_right_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
