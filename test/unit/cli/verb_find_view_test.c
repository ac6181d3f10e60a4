// Views that find somebody, or a place, by what is known of them: through the program.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/verb_city.h"

static const char persons_csv[] =
    "person,name,grid,phone,id_number\n"
    "P-0000001,虚构甲0000001,330212001001,10000000001,\n"
    "P-0000002,虚构 甲,330212001002,10000000002,320282199003070011\n"
    "P-0000003,王虚构,330213001001,,\n"
    "P-0000004,虚构甲,330213001001,,X1234567\n";
static const char places_csv[] = "place,name,kind,grid\n"
                                 "MK-1,万石菜市场,market,330212001001\n"
                                 "MK-2,Wanshi Market,market,330213001001\n"
                                 "H-1,万石路1号,household,330212001001\n"
                                 "R-1,万石宿舍1,room,330212001001\n";
static const char facts_ndjson[] =
    "{\"device\":\"G-1\",\"seq\":1,\"kind\":\"sample.collected\","
    "\"at\":\"2021-12-11T07:00:00+08:00\","
    "\"body\":{\"tube\":\"T-1\",\"person\":\"P-0000002\"}}\n"
    "{\"device\":\"G-1\",\"seq\":2,\"kind\":\"order.issued\","
    "\"at\":\"2021-12-11T08:00:00+08:00\",\"body\":{\"order\":\"O-1\","
    "\"kind\":\"hold\",\"persons\":[\"P-0000002\"],\"clause\":\"cn-40\","
    "\"because\":[{\"device\":\"G-1\",\"seq\":1}],"
    "\"from\":\"2021-12-11T08:00:00+08:00\",\"until\":\"2021-12-11T20:00:00+08:00\"}}\n";

static int make_city(void **state)
{
    (void)state;
    verb_city_make("2021-12-12T12:00+08:00");
    verb_city_import("persons", persons_csv);
    verb_city_import("places", places_csv);
    verb_city_import("facts", facts_ndjson);
    return 0;
}

// Whom or what a question finds; ids in the order in which they are listed.
typedef struct {
    const char *view, *field, *grid;
    const char *ids[4];
} story;

static const story stories[] = {
    // a whole name everywhere, blanks or not; some letters of it within a grid
    {"register/find_person", "text=虚构甲", "", {"P-0000002", "P-0000004"}},
    {"register/find_person", "text=虚构", "", {NULL}},
    {"register/find_person", "text=虚构", "330213", {"P-0000003", "P-0000004"}},
    {"register/find_person", "text=虚构甲", "330213", {"P-0000004"}},
    // a name with digits in it is a name; digits are a phone or a document
    {"register/find_person", "text=虚构甲0000001", "", {"P-0000001"}},
    {"register/find_person", "text=100 0000 0002", "", {"P-0000002"}},
    {"register/find_person", "text=320282199003070011", "", {"P-0000002"}},
    {"register/find_person", "text=x1234567", "", {"P-0000004"}},
    {"register/find_person", "text=10000000009", "", {NULL}},
    // places by letters of their name or by their id; never a home
    {"register/places_named", "text=菜市", "", {"MK-1"}},
    {"register/places_named", "text=wanshi m", "", {"MK-2"}},
    {"register/places_named", "text=MK-2", "", {"MK-2"}},
    {"register/places_named", "text=万石", "", {"MK-1"}},
    {"register/places_named", "text=H-1", "", {NULL}},
    {"register/places_named", "text=市场", "330213", {NULL}},
    {"register/places", "place=MK-1", "", {"MK-1"}},
    {"register/places", "place=H-1", "", {NULL}},
    {"register/places", "kind=market", "", {"MK-1", "MK-2"}},
    // an order that is over was upon somebody all the same
    {"order/orders_of_person", "person=P-0000002", "", {"O-1"}},
    {"order/bound_persons", "person=P-0000002", "", {NULL}},
};

static void holds(const story *one, const outcome *o)
{
    const char *at = o->out;
    size_t count = 0;
    for (; count < 4 && one->ids[count] != NULL; count++) {
        at = strstr(at, one->ids[count]);
        if (at == NULL)
            fail_msg("%s %s: \"%s\" is not in its place:\n%s%s", one->view, one->field,
                     one->ids[count], o->out, o->messages);
    }
    char rows[32];
    assert_true(snprintf(rows, sizeof rows, "\"rows\":%zu", count) > 0);
    if (strstr(o->out, rows) == NULL)
        fail_msg("%s %s: not %zu rows:\n%s%s", one->view, one->field, count, o->out,
                 o->messages);
}

static void each_finds_those_and_nobody_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        const story *one = &stories[i];
        outcome o = one->grid[0] == '\0'
                        ? RUN("weft", "view", city.text, one->view, one->field, "--json")
                        : RUN("weft", "view", city.text, one->view, one->field, "--grid",
                              one->grid, "--json");
        assert_int_equal(o.code, 0);
        holds(one, &o);
        outcome_done(&o);
    }
}

static void what_has_nothing_to_seek_is_refused(void **state)
{
    (void)state;
    outcome o =
        RUN("weft", "view", city.text, "register/find_person", "text=·", "--lang", "en");
    assert_int_not_equal(o.code, 0);
    assert_non_null(strstr(o.messages, "there is nothing to seek"));
    outcome_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_finds_those_and_nobody_else),
        cmocka_unit_test(what_has_nothing_to_seek_is_refused),
    };
    return cmocka_run_group_tests(tests, make_city, remove_city);
}
