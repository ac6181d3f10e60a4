// A law profile of any bytes is refused or whole: every clause says something in both
// languages, everything has a source, and evidence outlives the time of appeal.
#include <math.h>
#include <stdlib.h>

#include "model/law.h"
#include "support/small_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_days(const wf_number *number)
{
    WF_ASSERT(number->given && number->value >= 1 &&
              floor(number->value) == number->value);
    WF_ASSERT(*number->source != '\0');
    WF_ASSERT(number->sureness != WF_SURE_D ||
              (*number->why.zh != '\0' && *number->why.en != '\0'));
}

static void use(const wf_law *law)
{
    WF_ASSERT(law->clauses_count > 0 && *law->name != '\0' && *law->wording != '\0');
    for (size_t i = 0; i < law->clauses_count; i++) {
        const wf_law_clause *clause = &law->clauses[i];
        WF_ASSERT(wf_law_find(law, wf_text_of(clause->key)) == clause);
        WF_ASSERT(*clause->zh != '\0' && *clause->en != '\0' && *clause->by_zh != '\0' &&
                  *clause->by_en != '\0' && *clause->cite.zh != '\0' &&
                  *clause->cite.en != '\0' && *clause->source != '\0');
        WF_ASSERT(clause->orders >> WF_ORDER_KIND_COUNT == 0);
        if (clause->max_days.given)
            check_days(&clause->max_days);
    }
    check_days(&law->appeal_days);
    check_days(&law->keeping_days[WF_KEEP_CASE]);
    check_days(&law->keeping_days[WF_KEEP_TESTING]);
    check_days(&law->keeping_days[WF_KEEP_ORDER]);
    check_days(&law->keeping_days[WF_KEEP_ACCOUNT]);
    WF_ASSERT(law->keeping_days[WF_KEEP_ORDER].value > law->appeal_days.value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_arena arena;
    weft_error error = {0};
    wf_arena_init(&arena, (size_t)64 << 20);
    wf_sources sources = small_protocol_sources(&arena);
    const wf_law *law = NULL;
    weft_status status = wf_law_parse((wf_text){(const char *)data, size}, "fuzz",
                                      &sources, &arena, &law, &error);
    WF_ASSERT((status == WEFT_OK) == (law != NULL));
    if (law != NULL)
        use(law);
    wf_arena_done(&arena);
    return 0;
}
