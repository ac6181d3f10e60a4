// Checks every byte that reading a segment follows: offsets and sizes run on without gaps
// and end where the head says, rows lie inside the day, numbers inside their ranges. What
// passes may be read without further checks, whoever made the bytes.
#include <string.h>

#include "visits/segment_layout.h"

// Rows and encounters of one day; also what wf_segment_pack takes.
_Static_assert(WF_SEGMENT_ROWS_MAX < UINT32_MAX / 2, "both ends of encounters count");

static bool check_head(const wf_segment_head *head)
{
    return head->forms <= 15 && head->edge <= WF_DAY_MINUTES_MAX &&
           head->visits <= WF_SEGMENT_ROWS_MAX &&
           head->encounters <= WF_SEGMENT_ROWS_MAX && head->seats < WF_NUMBER_LIMIT &&
           head->settings < WF_NUMBER_LIMIT && head->busy <= head->people &&
           head->setting_width == wf_setting_width(head->settings);
}

// `count` texts, none empty, ascending.
static bool check_texts(const unsigned char *offsets, const unsigned char *texts,
                        uint32_t count, uint32_t bytes)
{
    if (wf_get_u32(offsets) != 0 || wf_get_u32(offsets + (size_t)count * 4) != bytes)
        return false;
    wf_text last = {NULL, 0};
    for (uint32_t i = 0; i < count; i++, offsets += 4) {
        uint32_t from = wf_get_u32(offsets), to = wf_get_u32(offsets + 4);
        if (from >= to || to > bytes)
            return false;
        wf_text text = {(const char *)texts + from, to - from};
        if (i > 0 && wf_text_compare(last, text) >= 0)
            return false;
        last = text;
    }
    return true;
}

// A sparse directory: numbers ascending below `end`, stretches that are not empty and
// run from `first` to `last`.
static bool check_sparse(const unsigned char *directory, uint32_t count, uint32_t end,
                         uint32_t first, uint32_t last)
{
    const unsigned char *offsets = directory + (size_t)count * 4;
    if (wf_get_u32(offsets) != first || wf_get_u32(offsets + (size_t)count * 4) != last)
        return false;
    uint64_t least = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = wf_get_u32(directory + (size_t)i * 4);
        if (number < least || number >= end ||
            wf_get_u32(offsets + (size_t)i * 4) >=
                wf_get_u32(offsets + (size_t)i * 4 + 4))
            return false;
        least = (uint64_t)number + 1;
    }
    return true;
}

// ---- rows ----

static bool check_rows(const wf_segment_head *head, const wf_list *list)
{
    uint64_t last = 0;
    uint32_t end = 0, longest = 0, greatest = 0;
    bool rising = true;
    for (uint32_t i = 0; i < list->count; i++) {
        wf_list_row row = wf_list_at(list, i);
        uint64_t order = (uint64_t)row.start << 32 | row.person;
        rising &= order >= last;
        last = order;
        end = row.end > end ? row.end : end;
        longest = row.end - row.start > longest ? row.end - row.start : longest;
        greatest = row.person > greatest ? row.person : greatest;
    }
    return rising && end <= head->edge && longest <= list->longest &&
           greatest < head->people_end;
}

static bool check_marks(const wf_segment_head *head, const wf_list *list)
{
    unsigned bits = list->mark_row_bits + list->mark_flag_bits + list->mark_seat_bits;
    uint64_t least = 0;
    if (list->marks_count > list->count || (list->marks_count > 0 && bits == 0))
        return false;
    for (uint32_t i = 0; i < list->marks_count; i++) {
        uint64_t entry = wf_bits_at(list->marks, (uint64_t)i * bits);
        uint64_t row = entry & wf_bits_mask(list->mark_row_bits);
        uint64_t seat = entry >> (list->mark_row_bits + list->mark_flag_bits) &
                        wf_bits_mask(list->mark_seat_bits);
        if (list->mark_row_bits > 0 && (row < least || row >= list->count))
            return false;
        least = row + 1;
        if (seat > 0 &&
            (list->seat_base == 0 || list->seat_base + seat - 1 > head->seats))
            return false;
    }
    return true;
}

// ---- place order ----

typedef struct {
    const wf_segment *segment;
    uint64_t block_bytes, hub_bytes; // passed so far
    uint64_t visits;
    uint32_t hubs, places;
} place_walk;

static bool check_hub_list(place_walk *walk, const unsigned char *from,
                           const wf_list *list)
{
    const wf_segment_head *head = &walk->segment->head;
    unsigned form = from[18];
    if (from[16] > 24 || from[17] > WF_START_BITS || from[19] != 0 || (form & 31) > 24 ||
        (form & 128) != 0 || list->longest > WF_DAY_MINUTES_MAX ||
        list->count > head->visits || list->marks_count > list->count ||
        (list->mark_row_bits == 0 && list->marks_count != 0 &&
         list->marks_count != list->count))
        return false;
    if (wf_get_u32(from + 4) != walk->hub_bytes)
        return false;
    walk->hub_bytes += wf_list_rows_bytes(list) + wf_list_marks_bytes(list);
    walk->visits += list->count;
    return walk->hub_bytes <= head->hub_bytes && check_rows(head, list) &&
           check_marks(head, list);
}

static bool check_hub(place_walk *walk, uint32_t place, uint32_t hub)
{
    const wf_segment *segment = walk->segment;
    if (hub != walk->hubs || hub >= segment->head.hubs ||
        wf_hub_place(segment, hub) != place)
        return false;
    walk->hubs++;
    wf_place_lists lists;
    wf_hub_get(segment, hub, &lists);
    const unsigned char *from =
        segment->at[WF_SECTION_HUBS] + (size_t)hub * WF_HUB_BYTES + 4;
    return check_hub_list(walk, from, &lists.lists[0]) &&
           check_hub_list(walk, from + WF_HUB_LIST_BYTES, &lists.lists[1]);
}

static bool check_block(place_walk *walk, uint32_t place, uint32_t size)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *block = walk->segment->at[WF_SECTION_BLOCKS] + walk->block_bytes;
    if (size < WF_BLOCK_HEAD_BYTES || size > WF_BLOCK_BYTES_MAX ||
        size > head->block_bytes - walk->block_bytes)
        return false;
    walk->block_bytes += size;
    walk->places++;
    if (block[3] == WF_BLOCK_HUB)
        return size == WF_BLOCK_HEAD_BYTES &&
               check_hub(walk, place, wf_get_u32(block) & 0x00FFFFFFu);
    wf_list list;
    if (!wf_block_get(block, size, &list))
        return false;
    walk->visits += list.count;
    return check_rows(head, &list) && check_marks(head, &list);
}

static bool check_places_dense(place_walk *walk)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *group = walk->segment->at[WF_SECTION_PLACES];
    uint32_t place = 0;
    for (; place < head->places_end; group += WF_PLACE_GROUP_BYTES) {
        if (wf_get_u32(group) != walk->block_bytes)
            return false;
        for (uint32_t i = 0; i < WF_GROUP; i++, place++) {
            uint32_t size = wf_get_u32(group + 2 + 2 * i) >> 16;
            if (size != 0 &&
                (place >= head->places_end || !check_block(walk, place, size)))
                return false;
        }
    }
    return true;
}

static bool check_places_sparse(place_walk *walk)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *numbers = walk->segment->at[WF_SECTION_PLACES];
    const unsigned char *offsets = numbers + (size_t)head->places * 4;
    if (!check_sparse(numbers, head->places, head->places_end, 0, head->block_bytes))
        return false;
    for (uint32_t i = 0; i < head->places; i++, offsets += 4)
        if (!check_block(walk, wf_get_u32(numbers + (size_t)i * 4),
                         wf_get_u32(offsets + 4) - wf_get_u32(offsets)))
            return false;
    return true;
}

static bool check_places(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    place_walk walk = {.segment = segment};
    bool sparse = (head->forms & WF_FORM_PLACES_SPARSE) != 0;
    return (sparse ? check_places_sparse(&walk) : check_places_dense(&walk)) &&
           walk.block_bytes == head->block_bytes && walk.hub_bytes == head->hub_bytes &&
           walk.visits == head->visits && walk.hubs == head->hubs &&
           walk.places == head->places;
}

// ---- person order ----

// Places and pairs, ascending, each once; every hub's code has its second slot.
static bool check_slots(const wf_segment *segment, const wf_slots *slots)
{
    const wf_segment_head *head = &segment->head;
    uint64_t least = 0;
    for (uint32_t i = 0; i < slots->count; i++) {
        uint64_t code = wf_slot_at(segment, slots, i);
        uint64_t order = code << WF_CODE_BITS_MIN;
        if (code >= wf_code_busy(head))
            return false;
        if (code >= head->places_end) {
            if (++i == slots->count)
                return false;
            uint32_t pair = wf_slot_at(segment, slots, i);
            if (pair >= 2 * WF_DAY_MINUTES_MAX)
                return false;
            order |= pair;
        }
        if (order < least)
            return false;
        least = order + 1;
    }
    return true;
}

// The slots of each entry of a sparse directory whose offsets have been checked.
static bool check_sparse_slots(const wf_segment *segment, const unsigned char *directory,
                               uint32_t count)
{
    const unsigned char *offset = directory + (size_t)count * 4;
    for (uint32_t i = 0; i < count; i++, offset += 4) {
        uint32_t from = wf_get_u32(offset), bytes = wf_get_u32(offset + 4) - from;
        wf_slots slots = {.run = segment->at[WF_SECTION_CODES] + from,
                          .count = (uint32_t)((uint64_t)bytes * 8 / segment->code_bits)};
        if (slots.count == 0 || !check_slots(segment, &slots))
            return false;
    }
    return true;
}

typedef struct {
    uint64_t bytes;
    uint32_t people, busy;
} person_walk;

static bool check_person_group(const wf_segment *segment, const unsigned char *group,
                               uint32_t first, person_walk *walk)
{
    const wf_segment_head *head = &segment->head;
    wf_slots slots = {.run = segment->at[WF_SECTION_CODES] + walk->bytes};
    uint32_t sum = 0;
    for (uint32_t i = 0; i < WF_GROUP; i++)
        sum += group[4 + i];
    uint64_t bytes = wf_bits_bytes((uint64_t)sum * segment->code_bits);
    if (wf_get_u32(group) != walk->bytes || bytes > head->code_bytes - walk->bytes)
        return false;
    walk->bytes += bytes;
    for (uint32_t i = 0; i < WF_GROUP; i++) {
        slots.count = group[4 + i];
        if (slots.count == 0)
            continue;
        if (first + i >= head->people_end)
            return false;
        walk->people++;
        if (slots.count == 1 && wf_slot_at(segment, &slots, 0) == wf_code_busy(head))
            walk->busy++;
        else if (!check_slots(segment, &slots))
            return false;
        slots.bit += (uint64_t)slots.count * segment->code_bits;
    }
    return true;
}

static bool check_people_dense(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *group = segment->at[WF_SECTION_PEOPLE];
    const unsigned char *busy = segment->at[WF_SECTION_BUSY];
    person_walk walk = {0};
    for (uint64_t person = 0; person < head->people_end;
         person += WF_GROUP, group += WF_PERSON_GROUP_BYTES)
        if (!check_person_group(segment, group, (uint32_t)person, &walk))
            return false;
    return walk.people == head->people && walk.busy == head->busy &&
           check_sparse(busy, head->busy, head->people_end, (uint32_t)walk.bytes,
                        head->code_bytes) &&
           check_sparse_slots(segment, busy, head->busy);
}

static bool check_people(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *directory = segment->at[WF_SECTION_PEOPLE];
    if ((head->forms & WF_FORM_PEOPLE_SPARSE) == 0)
        return check_people_dense(segment);
    return head->busy == 0 && wf_get_u32(segment->at[WF_SECTION_BUSY]) == 0 &&
           check_sparse(directory, head->people, head->people_end, 0, head->code_bytes) &&
           check_sparse_slots(segment, directory, head->people);
}

// ---- meetings ----

static bool check_meetings(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *directory = segment->at[WF_SECTION_MEETERS];
    const unsigned char *row = segment->at[WF_SECTION_MEETINGS];
    uint32_t forward = 0;
    if (!check_sparse(directory, head->meeters, head->people_end, 0,
                      2 * head->encounters))
        return false;
    for (uint32_t i = 0; i < head->meeters; i++) {
        uint32_t person = wf_get_u32(directory + (size_t)i * 4);
        const unsigned char *rows;
        uint32_t count = wf_segment_meetings(segment, person, &rows);
        for (uint32_t j = 0; j < count; j++, row += wf_meeting_bytes(head)) {
            wf_encounter_row met;
            wf_meeting_get(segment, row, &met);
            if (met.b == person || met.b >= head->people_end ||
                met.end > WF_DAY_SECONDS_MAX || met.setting > head->settings ||
                wf_load_u64(row) >> 61 != 0)
                return false;
            forward += met.b > person;
        }
    }
    return forward == head->encounters;
}

bool wf_segment_check(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    static const unsigned char zero[WF_SEGMENT_PAD_BYTES];
    return check_head(head) &&
           memcmp(segment->at[WF_SECTION_END], zero, sizeof zero) == 0 &&
           check_texts(segment->at[WF_SECTION_SEATS], segment->at[WF_SECTION_SEAT_TEXT],
                       head->seats, head->seat_bytes) &&
           check_texts(segment->at[WF_SECTION_SETTINGS],
                       segment->at[WF_SECTION_SETTING_TEXT], head->settings,
                       head->setting_bytes) &&
           check_places(segment) && check_people(segment) && check_meetings(segment);
}
