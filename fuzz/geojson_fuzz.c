// A file of outlines that is read is written as one that reads as the same; its rings are
// closed, and all positions in range.
#include <stdint.h>
#include <string.h>

#include "base/status.h"
#include "wire/geojson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const wf_geojson *all)
{
    for (size_t i = 0; i < all->positions_count; i++) {
        const wf_geo_position *at = &all->positions[i];
        WF_ASSERT(
            at->lon >= -180 * wf_geojson_degree && at->lon <= 180 * wf_geojson_degree &&
            at->lat >= -90 * wf_geojson_degree && at->lat <= 90 * wf_geojson_degree);
    }
    for (size_t i = 0; i < all->rings_count; i++) {
        const wf_geo_ring *ring = &all->rings[i];
        WF_ASSERT(ring->count >= 4 && ring->first + ring->count <= all->positions_count);
        const wf_geo_position *first = &all->positions[ring->first];
        WF_ASSERT(memcmp(first, first + ring->count - 1, sizeof *first) == 0);
    }
}

static void write(const wf_geojson *all, wf_buffer *to)
{
    static const char head[] = "{\"type\":\"FeatureCollection\",\"features\":[";
    WF_ASSERT(wf_buffer_append(to, head, sizeof head - 1));
    for (size_t i = 0; i < all->features_count; i++) {
        const wf_geo_feature *feature = &all->features[i];
        WF_ASSERT(feature->is_point ||
                  feature->first + feature->count <= all->rings_count);
        WF_ASSERT(i == 0 || wf_buffer_append(to, ",", 1));
        WF_ASSERT(wf_geojson_write(all, feature, to));
    }
    WF_ASSERT(wf_buffer_append(to, "]}", 2));
}

static void use(const wf_geojson *all, wf_arena *arena)
{
    wf_buffer text = {0}, again = {0};
    wf_geojson read;
    weft_error error = {0};
    check(all);
    write(all, &text);
    WF_ASSERT(wf_geojson_read(wf_buffer_text(&text), "grid", arena, &read, &error) ==
              WEFT_OK);
    write(&read, &again);
    WF_ASSERT(wf_text_equal(wf_buffer_text(&text), wf_buffer_text(&again)));
    wf_buffer_done(&text);
    wf_buffer_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_arena arena;
    wf_geojson all;
    weft_error error = {0};
    wf_arena_init(&arena, 256 << 20);
    if (wf_geojson_read((wf_text){(const char *)data, size}, "grid", &arena, &all,
                        &error) == WEFT_OK)
        use(&all, &arena);
    else
        WF_ASSERT(error.status == WEFT_BAD_INPUT || error.status == WEFT_TOO_LARGE);
    wf_arena_done(&arena);
    return 0;
}
