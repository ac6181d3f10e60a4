// A protocol file of any bytes is refused or gives an edition that can be shown whole,
// whose windows hold together. The sources know two keys: "book" (read) and "guess".
#include <math.h>
#include <stdlib.h>

#include "epi/window.h"
#include "model/protocol_label.h"
#include "support/small_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(void *context, const char *name, const wf_number *number)
{
    wf_buffer label = {0};
    size_t *count = context;
    ++*count;
    WF_ASSERT(number->given && isfinite(number->value) && *number->source != '\0');
    WF_ASSERT(number->sureness != WF_SURE_D ||
              (*number->why.zh != '\0' && *number->why.en != '\0'));
    WF_ASSERT(wf_protocol_label(name, WF_LANGUAGE_ZH, &label) && label.size > 0);
    wf_buffer_done(&label);
}

static void check_word(void *context, const char *name, const char *zh, const char *en)
{
    (void)context;
    WF_ASSERT(*name != '\0' && *zh != '\0' && *en != '\0');
}

static void use(const wf_protocol *protocol, const wf_zone *zone)
{
    size_t count = 0;
    weft_error error = {0};
    wf_window window = {0};
    const weft_time now = {INT64_C(1639180800) * WF_US_PER_S};
    const wf_case of = {.reported = now,
                        .onset = now,
                        .sampled = now,
                        .isolated = now,
                        .last_negative = now,
                        .died = now,
                        .buried = now,
                        .onset_kind = wf_text_of(protocol->infectious.onset_kind),
                        .symptomatic = -1};
    wf_protocol_each(protocol, check_number, &count);
    wf_protocol_each_word(protocol, check_word, NULL);
    WF_ASSERT(count >= WF_PLACE_KIND_COUNT);
    if (wf_window_infectious(protocol, zone, &of, now, &window, &error) == WEFT_OK)
        WF_ASSERT(window.from.us <= window.to.us && window.to.us <= now.us);
    if (wf_window_source(protocol, zone, &of, now, &window, &error) == WEFT_OK)
        WF_ASSERT(window.from.us <= window.to.us && window.to.us <= now.us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_zone *zone;
    weft_error error = {0};
    if (zone == NULL && wf_zone_open("Asia/Shanghai", &zone, &error) != WEFT_OK)
        abort();
    wf_arena arena;
    wf_arena_init(&arena, (size_t)64 << 20);
    wf_sources sources = small_protocol_sources(&arena);
    const wf_protocol *protocol = NULL;
    weft_status status = wf_protocol_parse((wf_text){(const char *)data, size}, "fuzz",
                                           &sources, &arena, &protocol, &error);
    WF_ASSERT((status == WEFT_OK) == (protocol != NULL));
    if (protocol != NULL)
        use(protocol, zone);
    WF_ASSERT(wf_sources_parse((wf_text){(const char *)data, size}, "fuzz", &arena,
                               &sources, &error) != WEFT_OK ||
              sources.count > 0);
    wf_arena_done(&arena);
    return 0;
}
