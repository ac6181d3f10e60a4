// Checks every byte that reading a segment follows: offsets and sizes run on without gaps
// and end where the head says, rows lie inside the day, numbers inside their ranges. What
// passes may be read without further checks, whoever made the bytes.
//
// The small tables are checked first. They and the offsets of the dense directories cut
// the rest into parts that threads check side by side; a part ends where the next one
// says that it begins.
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "visits/segment_layout.h"

enum { part_numbers = 512 * WF_GROUP }; // places or people of a part

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

// ---- parts ----

typedef struct {
    const wf_segment *segment;
    size_t hubs, place_parts, person_parts, meeting_parts; // in this order
    // What the parts hold together.
    atomic_uint_fast64_t visits;
    atomic_uint_fast32_t hub_blocks, places, people, busy, forward;
    atomic_uint_fast32_t codes_end; // where the codes of the dense directory end
    atomic_bool failed;
} check_job;

static size_t parts_of(uint32_t numbers)
{
    return ((size_t)numbers + part_numbers - 1) / part_numbers;
}

// The numbers or entries of a part, [first, end).
typedef struct {
    uint32_t first, end;
} part_range;

static part_range range_of(size_t part, uint32_t numbers)
{
    uint32_t first = (uint32_t)(part * part_numbers);
    bool whole = numbers - first > part_numbers;
    return (part_range){first, whole ? first + part_numbers : numbers};
}

// ---- hubs ----

// Forms and sizes of one list, which begins at *at of the hub rows.
static bool check_hub_list(const wf_segment_head *head, const unsigned char *from,
                           const wf_list *list, uint64_t *at)
{
    unsigned form = from[18];
    if (from[16] > 24 || from[17] > WF_START_BITS || from[19] != 0 || (form & 31) > 24 ||
        (form & 128) != 0 || list->longest > WF_DAY_MINUTES_MAX ||
        list->count > head->visits || list->marks_count > list->count ||
        (list->mark_row_bits == 0 && list->marks_count != 0 &&
         list->marks_count != list->count))
        return false;
    if (wf_get_u32(from + 4) != *at)
        return false;
    *at += wf_list_rows_bytes(list) + wf_list_marks_bytes(list);
    return *at <= head->hub_bytes;
}

// The table of hubs: by place, their lists one behind the other.
static bool check_hub_table(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *entry = segment->at[WF_SECTION_HUBS];
    uint64_t at = 0, least = 0;
    for (uint32_t hub = 0; hub < head->hubs; hub++, entry += WF_HUB_BYTES) {
        wf_place_lists lists;
        uint32_t place = wf_hub_place(segment, hub);
        if (place < least || place >= head->places_end)
            return false;
        least = (uint64_t)place + 1;
        wf_hub_get(segment, hub, &lists);
        if (!check_hub_list(head, entry + 4, &lists.lists[0], &at) ||
            !check_hub_list(head, entry + 4 + WF_HUB_LIST_BYTES, &lists.lists[1], &at))
            return false;
    }
    return at == head->hub_bytes;
}

static bool check_hub_rows(check_job *job, size_t hub)
{
    const wf_segment_head *head = &job->segment->head;
    wf_place_lists lists;
    wf_hub_get(job->segment, (uint32_t)hub, &lists);
    atomic_fetch_add(&job->visits, (uint64_t)lists.lists[0].count + lists.lists[1].count);
    return check_rows(head, &lists.lists[0]) && check_marks(head, &lists.lists[0]) &&
           check_rows(head, &lists.lists[1]) && check_marks(head, &lists.lists[1]);
}

// ---- place order ----

typedef struct {
    const wf_segment *segment;
    uint64_t bytes; // of the blocks up to here
    uint64_t visits;
    uint32_t hubs, places;
} place_walk;

static bool check_block(place_walk *walk, uint32_t place, uint32_t size)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *block = walk->segment->at[WF_SECTION_BLOCKS] + walk->bytes;
    if (size < WF_BLOCK_HEAD_BYTES || size > WF_BLOCK_BYTES_MAX ||
        size > head->block_bytes - walk->bytes)
        return false;
    walk->bytes += size;
    walk->places++;
    if (block[3] == WF_BLOCK_HUB) {
        uint32_t hub = wf_get_u32(block) & 0x00FFFFFFu;
        walk->hubs++;
        return size == WF_BLOCK_HEAD_BYTES && hub < head->hubs &&
               wf_hub_place(walk->segment, hub) == place;
    }
    wf_list list;
    if (!wf_block_get(block, size, &list))
        return false;
    walk->visits += list.count;
    return check_rows(head, &list) && check_marks(head, &list);
}

// Where the blocks of the group of place `first` begin; behind the last group, where all
// of them end.
static uint32_t blocks_begin(const wf_segment *segment, uint32_t first)
{
    if (first >= segment->head.places_end)
        return segment->head.block_bytes;
    return wf_get_u32(segment->at[WF_SECTION_PLACES] +
                      (size_t)(first / WF_GROUP) * WF_PLACE_GROUP_BYTES);
}

static bool check_places_dense(place_walk *walk, part_range range)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *group = walk->segment->at[WF_SECTION_PLACES] +
                                 (size_t)(range.first / WF_GROUP) * WF_PLACE_GROUP_BYTES;
    walk->bytes = blocks_begin(walk->segment, range.first);
    if (walk->bytes > head->block_bytes || (range.first == 0 && walk->bytes != 0))
        return false;
    for (uint32_t place = range.first; place < range.end; group += WF_PLACE_GROUP_BYTES) {
        if (wf_get_u32(group) != walk->bytes)
            return false;
        for (uint32_t i = 0; i < WF_GROUP; i++, place++) {
            uint32_t size = wf_get_u32(group + 2 + 2 * i) >> 16;
            if (size != 0 && (place >= range.end || !check_block(walk, place, size)))
                return false;
        }
    }
    return walk->bytes == blocks_begin(walk->segment, range.end);
}

// The directory has been checked.
static bool check_places_sparse(place_walk *walk, part_range range)
{
    const wf_segment_head *head = &walk->segment->head;
    const unsigned char *numbers = walk->segment->at[WF_SECTION_PLACES];
    const unsigned char *offsets = numbers + (size_t)head->places * 4;
    for (uint32_t i = range.first; i < range.end; i++) {
        const unsigned char *offset = offsets + (size_t)i * 4;
        walk->bytes = wf_get_u32(offset);
        if (!check_block(walk, wf_get_u32(numbers + (size_t)i * 4),
                         wf_get_u32(offset + 4) - wf_get_u32(offset)))
            return false;
    }
    return true;
}

static bool check_places(check_job *job, size_t part)
{
    const wf_segment_head *head = &job->segment->head;
    place_walk walk = {.segment = job->segment};
    bool sparse = (head->forms & WF_FORM_PLACES_SPARSE) != 0;
    bool good = sparse ? check_places_sparse(&walk, range_of(part, head->places))
                       : check_places_dense(&walk, range_of(part, head->places_end));
    atomic_fetch_add(&job->visits, walk.visits);
    atomic_fetch_add(&job->places, walk.places);
    atomic_fetch_add(&job->hub_blocks, walk.hubs);
    return good;
}

// ---- person order ----

// Hubs, each followed by a slot of start and list, ascending, from slot `first` on.
static bool check_hub_slots(const wf_segment *segment, const wf_slots *slots,
                            uint32_t first)
{
    uint64_t least = 0;
    for (uint32_t i = first; i < slots->count; i += 2) {
        if (slots->count - i < 2)
            return false;
        uint64_t code = wf_slot_at(segment, slots, i);
        uint32_t pair = wf_slot_at(segment, slots, i + 1);
        uint64_t order = code << WF_CODE_BITS_MIN | pair;
        if (code < segment->head.places_end || code >= wf_code_busy(&segment->head) ||
            pair >= 2 * WF_DAY_MINUTES_MAX || order < least)
            return false;
        least = order + 1;
    }
    return true;
}

// Places, ascending, each once; then hubs.
static bool check_slots(const wf_segment *segment, const wf_slots *slots)
{
    uint32_t least = 0, i = 0;
    for (; i < slots->count; i++) {
        uint32_t code = wf_slot_at(segment, slots, i);
        if (code >= segment->head.places_end)
            break;
        if (code < least)
            return false;
        least = code + 1;
    }
    return check_hub_slots(segment, slots, i);
}

// The slots of entries of a sparse directory whose offsets have been checked.
static bool check_sparse_slots(const wf_segment *segment, const unsigned char *directory,
                               uint32_t count, part_range range)
{
    const unsigned char *offsets = directory + (size_t)count * 4;
    for (uint32_t i = range.first; i < range.end; i++) {
        const unsigned char *offset = offsets + (size_t)i * 4;
        uint32_t from = wf_get_u32(offset), bytes = wf_get_u32(offset + 4) - from;
        wf_slots slots = {.run = segment->at[WF_SECTION_CODES] + from,
                          .count = (uint32_t)((uint64_t)bytes * 8 / segment->code_bits)};
        if (slots.count == 0 || !check_slots(segment, &slots))
            return false;
    }
    return true;
}

typedef struct {
    uint64_t bytes; // of the codes up to here
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

static bool check_people_dense(check_job *job, part_range range)
{
    const wf_segment *segment = job->segment;
    const unsigned char *group = segment->at[WF_SECTION_PEOPLE] +
                                 (size_t)(range.first / WF_GROUP) * WF_PERSON_GROUP_BYTES;
    person_walk walk = {.bytes = wf_get_u32(group)};
    if (walk.bytes > segment->head.code_bytes || (range.first == 0 && walk.bytes != 0))
        return false;
    for (uint32_t person = range.first; person < range.end;
         person += WF_GROUP, group += WF_PERSON_GROUP_BYTES)
        if (!check_person_group(segment, group, person, &walk))
            return false;
    atomic_fetch_add(&job->people, walk.people);
    atomic_fetch_add(&job->busy, walk.busy);
    if (range.end < segment->head.people_end)
        return wf_get_u32(group) == walk.bytes;
    atomic_store(&job->codes_end, (uint_fast32_t)walk.bytes);
    return true;
}

static bool check_people(check_job *job, size_t part)
{
    const wf_segment *segment = job->segment;
    const wf_segment_head *head = &segment->head;
    if ((head->forms & WF_FORM_PEOPLE_SPARSE) == 0)
        return check_people_dense(job, range_of(part, head->people_end));
    return check_sparse_slots(segment, segment->at[WF_SECTION_PEOPLE], head->people,
                              range_of(part, head->people));
}

// Busy people of the dense directory, whose codes stand behind all others.
static bool check_busy(const wf_segment *segment, uint32_t codes_end)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *busy = segment->at[WF_SECTION_BUSY];
    return check_sparse(busy, head->busy, head->people_end, codes_end,
                        head->code_bytes) &&
           check_sparse_slots(segment, busy, head->busy, (part_range){0, head->busy});
}

// ---- meetings ----

static bool check_meeting(const wf_segment *segment, uint32_t person,
                          const unsigned char *row)
{
    const wf_segment_head *head = &segment->head;
    wf_encounter_row met;
    wf_meeting_get(segment, row, &met);
    return met.b != person && met.b < head->people_end && met.end <= WF_DAY_SECONDS_MAX &&
           met.setting <= head->settings && wf_load_u64(row) >> 61 == 0;
}

// The rows of some people who met someone; the directory has been checked.
static bool check_meetings(check_job *job, size_t part)
{
    const wf_segment *segment = job->segment;
    const wf_segment_head *head = &segment->head;
    const unsigned char *people = segment->at[WF_SECTION_MEETERS];
    const unsigned char *offsets = people + (size_t)head->meeters * 4;
    part_range range = range_of(part, head->meeters);
    uint32_t forward = 0;
    for (uint32_t i = range.first; i < range.end; i++) {
        uint32_t person = wf_get_u32(people + (size_t)i * 4);
        uint32_t end = wf_get_u32(offsets + (size_t)i * 4 + 4);
        for (uint32_t j = wf_get_u32(offsets + (size_t)i * 4); j < end; j++) {
            const unsigned char *row =
                segment->at[WF_SECTION_MEETINGS] + (size_t)j * wf_meeting_bytes(head);
            if (!check_meeting(segment, person, row))
                return false;
            forward += (wf_load_u64(row) & 0x00FFFFFFu) > person;
        }
    }
    atomic_fetch_add(&job->forward, forward);
    return true;
}

// ---- all of it ----

static bool check_directories(const wf_segment *segment)
{
    const wf_segment_head *head = &segment->head;
    if (head->places_end == 0 && head->block_bytes != 0)
        return false;
    if ((head->forms & WF_FORM_PLACES_SPARSE) != 0 &&
        !check_sparse(segment->at[WF_SECTION_PLACES], head->places, head->places_end, 0,
                      head->block_bytes))
        return false;
    if ((head->forms & WF_FORM_PEOPLE_SPARSE) != 0 &&
        (head->busy != 0 || wf_get_u32(segment->at[WF_SECTION_BUSY]) != 0 ||
         !check_sparse(segment->at[WF_SECTION_PEOPLE], head->people, head->people_end, 0,
                       head->code_bytes)))
        return false;
    return check_sparse(segment->at[WF_SECTION_MEETERS], head->meeters, head->people_end,
                        0, 2 * head->encounters) &&
           check_hub_table(segment);
}

static void check_part(void *context, unsigned thread, size_t part)
{
    check_job *job = context;
    (void)thread;
    if (atomic_load_explicit(&job->failed, memory_order_relaxed))
        return;
    bool good;
    if (part < job->hubs)
        good = check_hub_rows(job, part);
    else if ((part -= job->hubs) < job->place_parts)
        good = check_places(job, part);
    else if ((part -= job->place_parts) < job->person_parts)
        good = check_people(job, part);
    else
        good = check_meetings(job, part - job->person_parts);
    if (!good)
        atomic_store(&job->failed, true);
}

static bool check_parts(const wf_segment *segment, unsigned threads)
{
    const wf_segment_head *head = &segment->head;
    bool places_sparse = (head->forms & WF_FORM_PLACES_SPARSE) != 0;
    bool people_sparse = (head->forms & WF_FORM_PEOPLE_SPARSE) != 0;
    check_job job = {
        .segment = segment,
        .hubs = head->hubs,
        .place_parts = parts_of(places_sparse ? head->places : head->places_end),
        .person_parts = parts_of(people_sparse ? head->people : head->people_end),
        .meeting_parts = parts_of(head->meeters)};
    wf_parallel_for(threads,
                    job.hubs + job.place_parts + job.person_parts + job.meeting_parts,
                    check_part, &job);
    bool dense_agrees = people_sparse || (atomic_load(&job.people) == head->people &&
                                          atomic_load(&job.busy) == head->busy);
    return !atomic_load(&job.failed) && dense_agrees &&
           atomic_load(&job.visits) == head->visits &&
           atomic_load(&job.hub_blocks) == head->hubs &&
           atomic_load(&job.places) == head->places &&
           atomic_load(&job.forward) == head->encounters &&
           (people_sparse || check_busy(segment, (uint32_t)atomic_load(&job.codes_end)));
}

bool wf_segment_check(const wf_segment *segment, unsigned threads)
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
           check_directories(segment) && check_parts(segment, threads);
}
