// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "desk/order/check.h"
#include "desk/order/kinds.h"
#include "model/catalogue.h"
#include "support/small_law.h"
#include "support/small_protocol.h"
#include "wire/facts.h"

typedef struct {
    wf_arena arena;
    const wf_law *law;
    wf_zone *zone;
} laws;

static int open_law(void **state)
{
    static laws opened;
    weft_error error = {0};
    wf_sources sources = small_protocol_sources(&opened.arena);
    *state = &opened;
    return wf_law_parse(wf_text_of(small_law), "small.yaml", &sources, &opened.arena,
                        &opened.law, &error) != WEFT_OK ||
           wf_zone_open("Asia/Shanghai", &opened.zone, &error) != WEFT_OK;
}

static int close_law(void **state)
{
    laws *opened = *state;
    wf_zone_close(opened->zone);
    wf_arena_done(&opened->arena);
    return 0;
}

static void an_order_needs_a_clause_that_founds_it_and_its_time(void **state)
{
    laws *opened = *state;
    static const struct {
        const char *fields[4];
        const char *code, *field; // NULL: it may be issued
    } orders[] = {
        {{"kind=hold", "clause=first-1", "until=2021-12-13T07:00"}, NULL, NULL},
        {{"kind=home_isolation", "clause=first-1", "until=2021-12-26T07:00"}, NULL, NULL},
        {{"kind=home_isolation", "clause=first-1", "until=2021-12-26T07:01"},
         "order.too_long",
         "until"},
        {{"kind=hold", "clause=first-1", "until=2022-01-02T07:00",
          "from=2021-12-20T07:00"},
         NULL,
         NULL},
        {{"kind=hold", "clause=first-1", "until=2021-12-12T06:59"},
         "order.over",
         "until"},
        {{"kind=central_isolation", "clause=first-1", "until=2021-12-13T07:00"},
         "order.not_founded",
         "kind"},
        {{"kind=hold", "clause=second", "until=2021-12-13T07:00"},
         "order.not_founded",
         "kind"},
        {{"kind=hold", "clause=third", "until=2021-12-13T07:00"},
         "order.no_clause",
         "clause"},
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        weft_error error = {0};
        wf_iso_kind said;
        wf_fact fact = {.id = {WF_TEXT("C-1"), 1}, .kind = &wf_kind_order_issued};
        const char *const always[] = {"order=O-1", "persons=P-0000007", "because=L-1/5"};
        assert_true(
            wf_time_parse(WF_TEXT("2021-12-12T07:00"), opened->zone, &fact.at, &said));
        for (size_t f = 0; f < 3; f++)
            assert_int_equal(wf_facts_field(fact.kind, opened->zone,
                                            wf_text_of(always[f]), &opened->arena,
                                            fact.values, &error),
                             WEFT_OK);
        for (size_t f = 0; f < 4 && orders[i].fields[f] != NULL; f++)
            assert_int_equal(wf_facts_field(fact.kind, opened->zone,
                                            wf_text_of(orders[i].fields[f]),
                                            &opened->arena, fact.values, &error),
                             WEFT_OK);
        assert_int_equal(wf_facts_finish(&fact, &error), WEFT_OK);
        weft_status status = wf_order_check(opened->law, &fact, &error);
        if (orders[i].code == NULL) {
            assert_int_equal(status, WEFT_OK);
            continue;
        }
        assert_int_equal(status, WEFT_BAD_INPUT);
        assert_string_equal(error.code, orders[i].code);
        assert_string_equal(error.field, orders[i].field);
        assert_true(wf_catalogue_has(error.code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_needs_a_clause_that_founds_it_and_its_time),
    };
    return cmocka_run_group_tests(tests, open_law, close_law);
}
