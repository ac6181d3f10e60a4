// A line that is read is a fact that passes its check, and is written as a line that
// reads as the same fact; all others are refused.
#include <stdlib.h>

#include "support/small_kinds.h"
#include "wire/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const wf_fact *fact, const wf_zone *zone, wf_arena *arena)
{
    wf_buffer line = {0}, body = {0}, again = {0}, line_again = {0};
    weft_error error = {0};
    wf_fact read;
    bool known;
    WF_ASSERT(wf_fact_check(fact, &error) == WEFT_OK);
    WF_ASSERT(wf_fact_encode(fact, &body, &error) == WEFT_OK);
    WF_ASSERT(wf_facts_write(fact, zone, &line, &error) == WEFT_OK);
    if (line.size <= WF_FACT_LINE_BYTES_MAX) {
        WF_ASSERT(wf_facts_read(&small_kinds, zone, wf_buffer_text(&line), arena, &read,
                                &known, &error) == WEFT_OK);
        WF_ASSERT(wf_fact_encode(&read, &again, &error) == WEFT_OK);
        WF_ASSERT(wf_facts_write(&read, zone, &line_again, &error) == WEFT_OK);
        WF_ASSERT(wf_text_equal(wf_buffer_text(&body), wf_buffer_text(&again)));
        WF_ASSERT(wf_text_equal(wf_buffer_text(&line), wf_buffer_text(&line_again)));
        WF_ASSERT(wf_fact_order(fact->at, fact->id, read.at, read.id) == 0);
        WF_ASSERT(wf_identity_equal(fact->amends, read.amends));
    }
    wf_buffer_done(&line);
    wf_buffer_done(&body);
    wf_buffer_done(&again);
    wf_buffer_done(&line_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_zone *zone;
    weft_error error = {0};
    if (zone == NULL)
        WF_ASSERT(wf_zone_open("Asia/Shanghai", &zone, &error) == WEFT_OK);
    wf_arena arena;
    wf_fact fact;
    bool known;
    wf_arena_init(&arena, 64 << 20);
    if (wf_facts_read(&small_kinds, zone, (wf_text){(const char *)data, size}, &arena,
                      &fact, &known, &error) == WEFT_OK)
        use(&fact, zone, &arena);
    else
        WF_ASSERT(error.status == WEFT_BAD_INPUT);
    wf_arena_done(&arena);
    return 0;
}
