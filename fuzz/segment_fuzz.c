// Whatever the bytes, a segment that opens can be read whole: every accessor, over every
// number there is and some beyond, stays inside the bytes and inside its ranges.
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "visits/segment_layout.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Numbers above this are only tried now and then: a directory may say millions.
enum { numbers_max = 4096, guard_bytes = 4096 };

static void read_place(const wf_day *day, uint32_t place)
{
    wf_stay_list all = {0}, some = {0}, marked = {0};
    wf_place number = {place};
    WF_ASSERT(wf_day_place_stays(day, number, 0, 1500, &all) == WEFT_OK);
    WF_ASSERT(wf_day_place_stays(day, number, 400, 700, &some) == WEFT_OK);
    WF_ASSERT(wf_day_place_stays_marked(day, number, 0, 1500, &marked) == WEFT_OK);
    WF_ASSERT(all.count == wf_day_place_visits(day, number));
    WF_ASSERT(all.count == marked.count && some.count <= all.count);
    for (size_t i = 0; i < all.count; i++) {
        WF_ASSERT(all.rows[i].person.number < wf_day_people_end(day));
        WF_ASSERT(all.rows[i].start < all.rows[i].end && all.rows[i].end <= 1500);
        WF_ASSERT(i == 0 || all.rows[i - 1].start <= all.rows[i].start);
        WF_ASSERT(marked.marks[i].seat == 0 ||
                  wf_day_seat_text(day, marked.marks[i].seat).size > 0);
    }
    wf_stay_list_done(&all);
    wf_stay_list_done(&some);
    wf_stay_list_done(&marked);
}

static void read_person(const wf_day *day, uint32_t person)
{
    wf_stop_list stops = {0};
    wf_meeting_list meetings = {0};
    uint32_t *places = NULL;
    size_t count = 0, capacity = 0;
    wf_person number = {person};
    WF_ASSERT(wf_day_person_stops(day, number, &stops) == WEFT_OK);
    WF_ASSERT(wf_day_person_places(day, number, &places, &count, &capacity) == WEFT_OK);
    WF_ASSERT(wf_day_person_meetings(day, number, &meetings) == WEFT_OK);
    for (size_t i = 0; i < stops.count; i++)
        WF_ASSERT(stops.rows[i].place.number < wf_day_places_end(day));
    for (size_t i = 0; i < count; i++)
        WF_ASSERT(places[i] < wf_day_places_end(day));
    for (size_t i = 0; i < meetings.count; i++) {
        WF_ASSERT(meetings.rows[i].other.number < wf_day_people_end(day));
        WF_ASSERT(meetings.rows[i].start < meetings.rows[i].end);
        WF_ASSERT(meetings.rows[i].setting == 0 ||
                  wf_day_setting_text(day, meetings.rows[i].setting).size > 0);
    }
    free(places);
    wf_stop_list_done(&stops);
    wf_meeting_list_done(&meetings);
}

// Numbers 0 … numbers_max and the last ones before `end`, and two beyond.
static void read_numbers(const wf_day *day, uint32_t end,
                         void (*read)(const wf_day *day, uint32_t number))
{
    for (uint32_t i = 0; i < end + 2; i++) {
        if (i == numbers_max && end > 2 * numbers_max)
            i = end - numbers_max;
        read(day, i);
    }
}

static void read_all(wf_segment_bytes *bytes)
{
    wf_segment *segment = NULL;
    wf_segment_unpacked unpacked = {0};
    wf_day *day = NULL;
    weft_error error = {0};
    if (wf_segment_open(bytes, 1, &segment, &error) != WEFT_OK)
        return;
    unsigned char *behind = segment->bytes.bytes + segment->bytes.size;
    WF_ASSERT(wf_segment_unpack(segment, &unpacked, &error) == WEFT_OK);
    WF_ASSERT(unpacked.rows.visits_count == segment->head.visits);
    wf_segment_unpacked_done(&unpacked);
    WF_ASSERT(wf_day_open(&segment, 1, &day, &error) == WEFT_OK);
    read_numbers(day, wf_day_places_end(day), read_place);
    read_numbers(day, wf_day_people_end(day), read_person);
    ASAN_UNPOISON_MEMORY_REGION(behind, guard_bytes);
    wf_day_close(day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    wf_segment_bytes bytes = {wf_pages_new(size + guard_bytes), size, size + guard_bytes};
    if (bytes.bytes == NULL)
        return 0;
    memcpy(bytes.bytes, data, size);
    ASAN_POISON_MEMORY_REGION(bytes.bytes + size, guard_bytes);
    read_all(&bytes);
    if (bytes.bytes != NULL) { // refused, so still ours
        ASAN_UNPOISON_MEMORY_REGION(bytes.bytes + size, guard_bytes);
        wf_segment_bytes_done(&bytes);
    }
    return 0;
}
