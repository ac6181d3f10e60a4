// Reading an opened segment. Nothing is checked here: wf_segment_check has seen to it
// that whatever these functions follow stays inside the bytes.
#include <string.h>

#include "base/pages.h"
#include "visits/segment_layout.h"

// ---- lists ----

uint32_t wf_list_from(const wf_list *list, uint32_t start)
{
    uint32_t low = 0, count = list->count;
    while (count > 0) {
        uint32_t half = count / 2;
        bool before = wf_list_start(list, low + half) < start;
        low = before ? low + half + 1 : low;
        count = before ? count - half - 1 : half;
    }
    return low;
}

// How the marks stand, from the byte that tells.
static bool marks_form(unsigned form, unsigned row_bits, wf_list *list)
{
    bool each = (form & 64) != 0;
    list->mark_seat_bits = form & 31;
    list->mark_flag_bits = (form & 32) != 0 ? 3 : 0;
    list->mark_row_bits = each ? 0 : row_bits;
    return (form & 128) == 0 && list->mark_seat_bits <= 24;
}

// The count that a block without marks does not write down.
static bool count_rows(wf_list *list, uint32_t size)
{
    uint32_t room = size - WF_BLOCK_HEAD_BYTES;
    list->count = room * 8 / list->row_bits;
    return wf_list_rows_bytes(list) == room;
}

// What a block with marks has between its head and its rows.
static bool get_block_marks(const unsigned char *block, uint32_t size, wf_list *list)
{
    if (size < WF_BLOCK_HEAD_BYTES + 2 || !marks_form(block[5], 8, list))
        return false;
    uint32_t at = WF_BLOCK_HEAD_BYTES + 2;
    bool each = list->mark_row_bits == 0;
    uint32_t more = (each ? 0u : 1u) + (list->mark_seat_bits > 0 ? 3u : 0u);
    if (size < at + more)
        return false;
    list->count = block[4];
    list->marks_count = each ? list->count : block[at];
    if (list->mark_seat_bits > 0)
        list->seat_base = wf_get_u32(block + at + more - 4) >> 8;
    at += more;
    list->rows = block + at;
    uint64_t rows_bytes = wf_list_rows_bytes(list);
    list->marks = list->rows + rows_bytes;
    return at + rows_bytes + wf_list_marks_bytes(list) == size;
}

bool wf_block_get(const unsigned char *block, uint32_t size, wf_list *ret)
{
    unsigned code = block[3];
    if (size <= WF_BLOCK_HEAD_BYTES || code >= 2 * WF_PERSON_WIDTHS * WF_LENGTH_WIDTHS)
        return false;
    *ret = (wf_list){
        .rows = block + WF_BLOCK_HEAD_BYTES,
        .person_base = wf_get_u32(block) & 0x00FFFFFFu,
        .person_bits = wf_person_widths[code / 2 / WF_LENGTH_WIDTHS],
        .length_bits = WF_LENGTH_BITS_MIN + code / 2 % WF_LENGTH_WIDTHS,
        .longest = WF_DAY_MINUTES_MAX,
    };
    ret->row_bits = WF_START_BITS + ret->length_bits + ret->person_bits;
    bool fits =
        (code & 1) != 0 ? get_block_marks(block, size, ret) : count_rows(ret, size);
    return fits && ret->count > 0 && ret->count <= WF_HUB_VISITS;
}

static void get_hub_list(const wf_segment *segment, const unsigned char *from,
                         wf_list *ret)
{
    uint32_t count = wf_get_u32(from);
    *ret = (wf_list){
        .rows = segment->at[WF_SECTION_HUB_ROWS] + wf_get_u32(from + 4),
        .count = count,
        .person_base = wf_get_u32(from + 12),
        .person_bits = from[16],
        .length_bits = from[17],
        .row_bits = WF_START_BITS + (unsigned)from[16] + from[17],
        .longest = wf_get_u32(from + 20),
        .marks_count = wf_get_u32(from + 8),
        .seat_base = wf_get_u32(from + 24),
    };
    WF_IGNORE(!marks_form(from[18], wf_bits_for(count), ret),
              "wf_segment_check reads the form itself");
    ret->marks = ret->rows + wf_list_rows_bytes(ret);
}

void wf_hub_get(const wf_segment *segment, uint32_t hub, wf_place_lists *ret)
{
    const unsigned char *from =
        segment->at[WF_SECTION_HUBS] + (size_t)hub * WF_HUB_BYTES + 4;
    ret->count = 2;
    get_hub_list(segment, from, &ret->lists[0]);
    get_hub_list(segment, from + WF_HUB_LIST_BYTES, &ret->lists[1]);
}

// The entry of a row, or marks_count.
static uint32_t find_mark(const wf_list *list, uint32_t row, unsigned entry_bits)
{
    if (list->mark_row_bits == 0)
        return list->marks_count == 0 ? 0 : row;
    uint32_t low = 0, count = list->marks_count;
    uint64_t mask = wf_bits_mask(list->mark_row_bits);
    while (count > 0) {
        uint32_t half = count / 2;
        uint64_t at = (uint64_t)(low + half) * entry_bits;
        bool before = (wf_bits_at(list->marks, at) & mask) < row;
        low = before ? low + half + 1 : low;
        count = before ? count - half - 1 : half;
    }
    if (low < list->marks_count &&
        (wf_bits_at(list->marks, (uint64_t)low * entry_bits) & mask) == row)
        return low;
    return list->marks_count;
}

uint32_t wf_list_marks(const wf_segment *segment, const wf_list *list, uint32_t index,
                       uint32_t *ret_seat)
{
    wf_list_row row = wf_list_at(list, index);
    uint32_t marks = wf_marks_expected(&segment->head, row.start, row.end);
    unsigned entry_bits =
        list->mark_row_bits + list->mark_flag_bits + list->mark_seat_bits;
    uint32_t entry = find_mark(list, index, entry_bits);
    *ret_seat = 0;
    if (entry == list->marks_count)
        return marks;
    uint64_t bits =
        wf_bits_at(list->marks, (uint64_t)entry * entry_bits) >> list->mark_row_bits;
    marks ^= (uint32_t)(bits & wf_bits_mask(list->mark_flag_bits));
    bits >>= list->mark_flag_bits;
    uint32_t seat = (uint32_t)(bits & wf_bits_mask(list->mark_seat_bits));
    *ret_seat = seat == 0 ? 0 : list->seat_base + seat - 1;
    return marks;
}

// ---- directories ----

// Where `number` stands among `count` ascending ones, or `count`.
static uint32_t find_number(const unsigned char *numbers, uint32_t count, uint32_t number)
{
    uint32_t low = 0, left = count;
    while (left > 0) {
        uint32_t half = left / 2;
        bool before = wf_get_u32(numbers + (size_t)(low + half) * 4) < number;
        low = before ? low + half + 1 : low;
        left = before ? left - half - 1 : half;
    }
    bool found = low < count && wf_get_u32(numbers + (size_t)low * 4) == number;
    return found ? low : count;
}

// The stretch of entry `index` of a sparse directory of `count` entries.
static uint32_t sparse_at(const unsigned char *directory, uint32_t count, uint32_t index,
                          uint32_t *ret_size)
{
    const unsigned char *offset = directory + (size_t)count * 4 + (size_t)index * 4;
    uint32_t from = wf_get_u32(offset);
    *ret_size = wf_get_u32(offset + 4) - from;
    return from;
}

// 32 ones, then zeros: from [32 − n] on a mask of the first n of 32.
static const uint16_t masks_u16[2 * WF_GROUP] = {
#define FOUR 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF
    FOUR, FOUR, FOUR, FOUR, FOUR, FOUR, FOUR, FOUR,
#undef FOUR
};

// The sum of the first `count` < 32 sizes of a group, without a branch. 31 sizes add up
// in 16 bits.
static uint32_t sum_u16(const unsigned char *sizes, uint32_t count)
{
    const uint16_t *mask = masks_u16 + WF_GROUP - count;
    uint16_t each[WF_GROUP], sum = 0;
    memcpy(each, sizes, sizeof each);
    for (size_t i = 0; i < WF_GROUP; i++)
        sum = (uint16_t)(sum + (le16toh(each[i]) & mask[i]));
    return sum;
}

// Likewise of counts in bytes: 4 words of 8, the even and odd bytes added apart.
static uint32_t sum_u8(const unsigned char *counts, uint32_t count)
{
    const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < WF_GROUP / 8; i++) {
        uint32_t left = count > 8 * i ? count - 8 * i : 0;
        uint64_t mask = left >= 8 ? UINT64_MAX : wf_bits_mask(8 * left);
        uint64_t word = wf_load_u64(counts + (size_t)8 * i) & mask;
        sum += (word & even) + (word >> 8 & even);
    }
    return (uint32_t)(sum * UINT64_C(0x0001000100010001) >> 48);
}

void wf_segment_prefetch(const wf_segment *segment, uint32_t place)
{
    if ((segment->head.forms & WF_FORM_PLACES_SPARSE) != 0 ||
        place >= segment->head.places_end)
        return;
    const unsigned char *group = segment->at[WF_SECTION_PLACES] +
                                 (size_t)(place / WF_GROUP) * WF_PLACE_GROUP_BYTES;
    __builtin_prefetch(group);
    __builtin_prefetch(group + WF_PLACE_GROUP_BYTES - 1);
}

const unsigned char *wf_segment_block(const wf_segment *segment, uint32_t place,
                                      uint32_t *ret_size)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *directory = segment->at[WF_SECTION_PLACES];
    if (place >= head->places_end)
        return NULL;
    if ((head->forms & WF_FORM_PLACES_SPARSE) != 0) {
        uint32_t index = find_number(directory, head->places, place);
        if (index == head->places)
            return NULL;
        return segment->at[WF_SECTION_BLOCKS] +
               sparse_at(directory, head->places, index, ret_size);
    }
    const unsigned char *group =
        directory + (size_t)(place / WF_GROUP) * WF_PLACE_GROUP_BYTES;
    const unsigned char *sizes = group + 4;
    uint32_t in_group = place % WF_GROUP;
    *ret_size = (uint32_t)sizes[2 * in_group] | (uint32_t)sizes[2 * in_group + 1] << 8;
    if (*ret_size == 0)
        return NULL;
    return segment->at[WF_SECTION_BLOCKS] + wf_get_u32(group) + sum_u16(sizes, in_group);
}

void wf_segment_place(const wf_segment *segment, uint32_t place, wf_place_lists *ret)
{
    uint32_t size = 0;
    const unsigned char *block = wf_segment_block(segment, place, &size);
    ret->count = 0;
    if (block == NULL)
        return;
    if (block[3] == WF_BLOCK_HUB)
        wf_hub_get(segment, wf_get_u32(block) & 0x00FFFFFFu, ret);
    else if (wf_block_get(block, size, &ret->lists[0]))
        ret->count = 1;
}

static void sparse_slots(const wf_segment *segment, const unsigned char *directory,
                         uint32_t count, uint32_t person, wf_slots *ret)
{
    uint32_t index = find_number(directory, count, person), size;
    if (index == count)
        return;
    ret->run = segment->at[WF_SECTION_CODES] + sparse_at(directory, count, index, &size);
    ret->count = (uint32_t)((uint64_t)size * 8 / segment->code_bits);
}

static const unsigned char *person_group(const wf_segment *segment, uint32_t person)
{
    return segment->at[WF_SECTION_PEOPLE] +
           (size_t)(person / WF_GROUP) * WF_PERSON_GROUP_BYTES;
}

void wf_segment_person(const wf_segment *segment, uint32_t person, wf_slots *ret)
{
    const wf_segment_head *head = &segment->head;
    const unsigned char *directory = segment->at[WF_SECTION_PEOPLE];
    *ret = (wf_slots){.run = segment->at[WF_SECTION_CODES]};
    if (person >= head->people_end)
        return;
    if ((head->forms & WF_FORM_PEOPLE_SPARSE) != 0) {
        sparse_slots(segment, directory, head->people, person, ret);
        return;
    }
    const unsigned char *group = person_group(segment, person);
    uint32_t in_group = person % WF_GROUP;
    ret->run += wf_get_u32(group);
    ret->bit = (uint64_t)sum_u8(group + 4, in_group) * segment->code_bits;
    ret->count = group[4 + in_group];
    if (ret->count != 1 || wf_slot_at(segment, ret, 0) != wf_code_busy(head))
        return;
    *ret = (wf_slots){.run = segment->at[WF_SECTION_CODES]};
    sparse_slots(segment, segment->at[WF_SECTION_BUSY], head->busy, person, ret);
}

// All directories first: by the time that the first of them is read the others come.
void wf_segment_expect_people(const wf_segment *segment, const wf_person *people,
                              size_t count)
{
    uint32_t end = segment->head.people_end;
    if ((segment->head.forms & WF_FORM_PEOPLE_SPARSE) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (people[i].number >= end)
            continue;
        const unsigned char *group = person_group(segment, people[i].number);
        __builtin_prefetch(group);
        __builtin_prefetch(group + WF_PERSON_GROUP_BYTES - 1);
    }
    for (size_t i = 0; i < count; i++) {
        if (people[i].number >= end)
            continue;
        const unsigned char *group = person_group(segment, people[i].number);
        uint64_t bit =
            (uint64_t)sum_u8(group + 4, people[i].number % WF_GROUP) * segment->code_bits;
        __builtin_prefetch(segment->at[WF_SECTION_CODES] + wf_get_u32(group) +
                           (bit >> 3));
    }
}

uint32_t wf_segment_meetings(const wf_segment *segment, uint32_t person,
                             const unsigned char **ret_rows)
{
    const unsigned char *directory = segment->at[WF_SECTION_MEETERS];
    uint32_t count = segment->head.meeters, rows = 0;
    uint32_t index = find_number(directory, count, person);
    uint32_t first = index == count ? 0 : sparse_at(directory, count, index, &rows);
    *ret_rows = segment->at[WF_SECTION_MEETINGS] +
                (size_t)first * wf_meeting_bytes(&segment->head);
    return rows;
}

void wf_meeting_get(const wf_segment *segment, const unsigned char *row,
                    wf_encounter_row *ret)
{
    uint64_t bits = wf_load_u64(row);
    unsigned width = segment->head.setting_width;
    ret->b = (uint32_t)(bits & 0x00FFFFFFu);
    ret->start = (uint32_t)(bits >> 24 & wf_bits_mask(17));
    ret->end = ret->start + (uint32_t)(bits >> 41 & wf_bits_mask(17)) + 1;
    ret->marks = (uint8_t)(bits >> 58 & 7);
    // A load of 8 bytes ends inside the padding at the worst.
    ret->setting = (uint32_t)(wf_load_u64(row + 8) & wf_bits_mask(8 * width));
}

// ---- all rows ----

static void unpack_row(const wf_segment *segment, const wf_list *list, uint32_t index,
                       uint32_t place, wf_visit_row *ret)
{
    wf_list_row row = wf_list_at(list, index);
    uint32_t seat;
    uint32_t marks = wf_list_marks(segment, list, index, &seat);
    *ret = (wf_visit_row){
        .person = row.person,
        .place = place,
        .start = (uint16_t)row.start,
        .end = (uint16_t)row.end,
        .seat = seat,
        .ordinal = WF_ROW_OLD,
        .marks = (uint8_t)marks,
    };
}

// True if the next row of a hub's long stays comes before the next short one.
static bool long_is_next(const wf_list *lists, const uint32_t next[2])
{
    if (next[0] == lists[0].count || next[1] == lists[1].count)
        return next[0] == lists[0].count;
    wf_list_row a = wf_list_at(&lists[0], next[0]), b = wf_list_at(&lists[1], next[1]);
    if (a.start != b.start)
        return b.start < a.start;
    return b.person < a.person; // the short one ends first
}

static wf_visit_row *unpack_place(const wf_segment *segment, uint32_t place,
                                  const wf_place_lists *lists, wf_visit_row *to)
{
    uint32_t next[2] = {0, 0};
    if (lists->count == 1)
        for (; next[0] < lists->lists[0].count; next[0]++)
            unpack_row(segment, &lists->lists[0], next[0], place, to++);
    while (lists->count == 2 &&
           (next[0] < lists->lists[0].count || next[1] < lists->lists[1].count)) {
        unsigned which = long_is_next(lists->lists, next);
        unpack_row(segment, &lists->lists[which], next[which]++, place, to++);
    }
    return to;
}

static void unpack_visits(const wf_segment *segment, wf_visit_row *to)
{
    const wf_segment_head *head = &segment->head;
    bool sparse = (head->forms & WF_FORM_PLACES_SPARSE) != 0;
    uint32_t count = sparse ? head->places : head->places_end;
    const wf_visit_row *first = to;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place =
            sparse ? wf_get_u32(segment->at[WF_SECTION_PLACES] + (size_t)i * 4) : i;
        wf_place_lists lists;
        wf_segment_place(segment, place, &lists);
        to = unpack_place(segment, place, &lists, to);
    }
    WF_ASSERT((size_t)(to - first) == head->visits);
}

// Each encounter once: from the rows of the smaller person.
static void unpack_encounters(const wf_segment *segment, wf_encounter_row *to)
{
    const wf_segment_head *head = &segment->head;
    const wf_encounter_row *first = to;
    for (uint32_t i = 0; i < head->meeters; i++) {
        wf_encounter_row row = {.ordinal = WF_ROW_OLD};
        row.a = wf_get_u32(segment->at[WF_SECTION_MEETERS] + (size_t)i * 4);
        const unsigned char *from;
        uint32_t count = wf_segment_meetings(segment, row.a, &from);
        for (uint32_t j = 0; j < count; j++, from += wf_meeting_bytes(head)) {
            wf_meeting_get(segment, from, &row);
            if (row.b > row.a)
                *to++ = row;
        }
    }
    WF_ASSERT((size_t)(to - first) == head->encounters);
}

void wf_segment_unpacked_done(wf_segment_unpacked *unpacked)
{
    wf_pages_free(unpacked->rows.visits, unpacked->visits_capacity);
    wf_pages_free(unpacked->rows.encounters, unpacked->encounters_capacity);
    wf_pages_free(unpacked->texts, unpacked->texts_capacity);
    *unpacked = (wf_segment_unpacked){0};
}

// The tables of texts, "" first.
static void list_texts(const wf_segment *segment, wf_text *to, wf_segment_rows *rows)
{
    uint32_t seats = segment->head.seats + 1, settings = segment->head.settings + 1;
    for (uint32_t i = 0; i < seats; i++)
        to[i] = wf_segment_seat(segment, i);
    for (uint32_t i = 0; i < settings; i++)
        to[seats + i] = wf_segment_setting(segment, i);
    rows->seats = to;
    rows->seats_count = seats;
    rows->settings = to + seats;
    rows->settings_count = settings;
}

weft_status wf_segment_unpack(const wf_segment *segment, wf_segment_unpacked *ret,
                              weft_error *error)
{
    const wf_segment_head *head = &segment->head;
    wf_segment_unpacked u = {.rows.day = head->day,
                             .rows.visits_count = head->visits,
                             .rows.encounters_count = head->encounters};
    u.visits_capacity = head->visits * sizeof *u.rows.visits;
    u.encounters_capacity = head->encounters * sizeof *u.rows.encounters;
    u.texts_capacity = ((size_t)head->seats + head->settings + 2) * sizeof *u.texts;
    if (u.visits_capacity > 0)
        u.rows.visits = wf_pages_new(u.visits_capacity);
    if (u.encounters_capacity > 0)
        u.rows.encounters = wf_pages_new(u.encounters_capacity);
    u.texts = wf_pages_new(u.texts_capacity);
    if ((u.visits_capacity > 0 && u.rows.visits == NULL) ||
        (u.encounters_capacity > 0 && u.rows.encounters == NULL) || u.texts == NULL) {
        wf_segment_unpacked_done(&u);
        return wf_fail_memory(error);
    }
    unpack_visits(segment, u.rows.visits);
    unpack_encounters(segment, u.rows.encounters);
    list_texts(segment, u.texts, &u.rows);
    *ret = u;
    return WEFT_OK;
}
