// A mapping that parses binds or is refused, and what it makes of rows stays within
// limits.
#include <stdlib.h>

#include "wire/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const wf_mapping_target fields[] = {
    {"person", true, false}, {"place", true, false}, {"start", true, true},
    {"end", false, true},    {NULL, false, false},
};
static const wf_mapping_kind kinds[] = {{"visits", fields, NULL}};

static void use(const wf_binding *binding, wf_arena *arena)
{
    const wf_text row[] = {WF_TEXT("7, 8,x"), WF_TEXT("B"), WF_TEXT("2020-02-05"),
                           WF_TEXT("43831.25"), WF_TEXT("5/2/2020 10:07")};
    if (binding->columns_needed > 5)
        return;
    size_t records = wf_binding_records(binding, row);
    WF_ASSERT(records <= WF_BINDING_PARTS_MAX + 1);
    for (size_t part = 0; part < records; part++) {
        for (size_t f = 0; f < binding->fields_count; f++) {
            wf_text text;
            weft_time at;
            wf_iso_kind kind;
            if (wf_binding_text(binding, f, row, part, arena, &text) &&
                wf_binding_time(binding, f, text, &at, &kind))
                WF_ASSERT(kind == WF_ISO_DATE || kind == WF_ISO_INSTANT);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_zone *zone;
    const wf_text header[] = {WF_TEXT("a"), WF_TEXT("b"), WF_TEXT("c"), WF_TEXT("d"),
                              WF_TEXT("e")};
    wf_arena arena;
    const wf_mapping *mapping = NULL;
    wf_binding binding;
    weft_error error = {0};
    if (zone == NULL)
        WF_ASSERT(wf_zone_open("Asia/Shanghai", &zone, &error) == WEFT_OK);
    wf_arena_init(&arena, 16 << 20);
    if (wf_mapping_parse((wf_text){(const char *)data, size}, "fuzz", kinds, 1, &arena,
                         &mapping, &error) == WEFT_OK &&
        wf_mapping_bind(mapping, &kinds[0], zone, header, mapping->header ? 5 : 0,
                        &binding, &error) == WEFT_OK)
        use(&binding, &arena);
    wf_arena_done(&arena);
    return 0;
}
