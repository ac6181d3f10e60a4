#include "visits/day.h"

#include <stdlib.h>
#include <string.h>

#include "visits/segment_layout.h"

// The texts of one kind over all segments, ascending; number 0 is "".
typedef struct {
    wf_text *texts;                         // NULL with one segment: its own
    uint32_t count;                         // with the empty one
    uint32_t *numbers[WF_DAY_SEGMENTS_MAX]; // from a segment's number to the day's
} day_texts;

struct wf_day {
    size_t count;
    wf_segment *segments[WF_DAY_SEGMENTS_MAX];
    day_texts seats, settings;
};

// ---- growing lists ----

// Room for `more` rows of `row_bytes`; *rows and *capacity are untouched on failure.
static weft_status grow(void **rows, size_t *capacity, size_t count, size_t more,
                        size_t row_bytes)
{
    size_t wanted;
    if (__builtin_add_overflow(count, more, &wanted))
        return WEFT_NO_MEMORY;
    if (wanted <= *capacity && *rows != NULL)
        return WEFT_OK;
    size_t room = *capacity + *capacity / 2;
    room = room < 64 ? 64 : room;
    room = room < wanted ? wanted : room;
    void *grown = reallocarray(*rows, room, row_bytes);
    if (grown == NULL)
        return WEFT_NO_MEMORY;
    *rows = grown;
    *capacity = room;
    return WEFT_OK;
}

static weft_status grow_stays(wf_stay_list *list, size_t more, bool marked)
{
    bool had_marks = list->marks != NULL;
    if (marked || had_marks) {
        // The marks grow first: rows may have more room than them, never less.
        size_t capacity = had_marks ? list->capacity : 0;
        size_t needed =
            list->capacity > list->count + more ? list->capacity : list->count + more;
        void *marks = list->marks;
        WF_TRY(grow(&marks, &capacity, 0, needed, sizeof *list->marks));
        list->marks = marks;
        if (!had_marks && list->count > 0)
            memset(list->marks, 0, list->count * sizeof *list->marks);
        if (capacity > list->capacity) {
            wf_stay *rows = reallocarray(list->rows, capacity, sizeof *rows);
            if (rows == NULL)
                return WEFT_NO_MEMORY;
            list->rows = rows;
            list->capacity = capacity;
        }
        return WEFT_OK;
    }
    void *rows = list->rows;
    WF_TRY(grow(&rows, &list->capacity, list->count, more, sizeof *list->rows));
    list->rows = rows;
    return WEFT_OK;
}

void wf_stay_list_done(wf_stay_list *list)
{
    free(list->rows);
    free(list->marks);
    *list = (wf_stay_list){0};
}

void wf_stop_list_done(wf_stop_list *list)
{
    free(list->rows);
    *list = (wf_stop_list){0};
}

void wf_meeting_list_done(wf_meeting_list *list)
{
    free(list->rows);
    *list = (wf_meeting_list){0};
}

// ---- stays at a place ----

// By start, person, end.
static uint64_t stay_order(const wf_stay *stay)
{
    return (uint64_t)stay->start << 48 | (uint64_t)stay->person.number << 16 | stay->end;
}

// Merges the sorted runs [first, middle) and [middle, count) of the list from behind;
// the second one is read from a copy behind the list, for which there is room.
static void merge_stays(wf_stay_list *list, size_t first, size_t middle)
{
    size_t count = list->count, seconds = count - middle;
    wf_stay *rows = list->rows, *copy = rows + count;
    wf_stay_marks *marks = list->marks;
    memcpy(copy, rows + middle, seconds * sizeof *rows);
    if (marks != NULL)
        memcpy(marks + count, marks + middle, seconds * sizeof *marks);
    size_t left = middle, right = seconds;
    for (size_t to = count; right > 0;) {
        // Which of the two is next is anyone's guess: chosen without a branch.
        wf_stay a = rows[left > first ? left - 1 : first], b = copy[right - 1];
        bool from_first = (left > first) & (stay_order(&b) < stay_order(&a));
        size_t from = from_first ? left - 1 : count + right - 1;
        rows[--to] = rows[from];
        if (marks != NULL)
            marks[to] = marks[from];
        left -= from_first;
        right -= !from_first;
    }
}

// What rows of a list are decoded with, kept in registers.
typedef struct {
    uint64_t length_mask, person_mask;
    unsigned length_bits;
    uint32_t base;
} row_form;

static inline row_form form_of(const wf_list *list)
{
    return (row_form){wf_bits_mask(list->length_bits), wf_bits_mask(list->person_bits),
                      list->length_bits, list->person_base};
}

static inline wf_stay stay_of(row_form form, uint64_t bits)
{
    uint32_t start = (uint32_t)(bits & wf_bits_mask(WF_START_BITS));
    bits >>= WF_START_BITS;
    uint32_t end = start + (uint32_t)(bits & form.length_mask) + 1;
    uint32_t person = (uint32_t)(bits >> form.length_bits & form.person_mask);
    return (wf_stay){.person.number = form.base + person,
                     .start = (uint16_t)start,
                     .end = (uint16_t)end};
}

// Decodes rows [low, high) to `to` and keeps those that overlap [from, until).
static size_t take_stays(const wf_list *list, uint32_t low, uint32_t high, uint32_t from,
                         uint32_t until, wf_stay *to)
{
    const row_form form = form_of(list);
    const unsigned char *rows = list->rows;
    const unsigned row_bits = list->row_bits;
    uint64_t bit = (uint64_t)low * row_bits;
    size_t taken = 0;
    for (uint32_t i = low; i < high; i++, bit += row_bits) {
        to[taken] = stay_of(form, wf_bits_at(rows, bit));
        taken += (to[taken].start < until) & (to[taken].end > from);
    }
    return taken;
}

// Decodes all rows.
static void take_all(const wf_list *list, wf_stay *to)
{
    const row_form form = form_of(list);
    const unsigned char *rows = list->rows;
    const unsigned row_bits = list->row_bits;
    const uint32_t count = list->count;
    uint64_t bit = 0;
    for (uint32_t i = 0; i < count; i++, bit += row_bits)
        to[i] = stay_of(form, wf_bits_at(rows, bit));
}

static void take_marked(const wf_segment *segment, const wf_list *list, uint32_t low,
                        uint32_t high, uint32_t from, const uint32_t *seats,
                        wf_stay_list *to)
{
    for (uint32_t i = low; i < high; i++) {
        wf_list_row row = wf_list_at(list, i);
        if (row.end <= from)
            continue;
        uint32_t seat;
        uint32_t marks = wf_list_marks(segment, list, i, &seat);
        to->rows[to->count] = (wf_stay){.person.number = row.person,
                                        .start = (uint16_t)row.start,
                                        .end = (uint16_t)row.end};
        to->marks[to->count++] =
            (wf_stay_marks){.seat = seats == NULL ? seat : seats[seat],
                            .end_guessed = (marks & WF_MARK_END_GUESSED) != 0,
                            .from_before = (marks & WF_MARK_FROM_BEFORE) != 0,
                            .into_next = (marks & WF_MARK_INTO_NEXT) != 0};
    }
}

typedef struct {
    const wf_day *day;
    size_t segment;
    uint32_t from, until;
    bool marked;
    size_t first; // of the call's stays in the list
} stay_query;

// Short lists are decoded whole: that is cheaper than to search where to begin.
enum { search_from_rows = 32 };

static weft_status append_list(const stay_query *query, const wf_list *list,
                               wf_stay_list *to)
{
    const wf_segment *segment = query->day->segments[query->segment];
    uint32_t low = 0, high = list->count;
    if (query->marked || list->count > search_from_rows) {
        if (query->from >= list->longest)
            low = wf_list_from(list, query->from - list->longest + 1);
        if (query->until < WF_DAY_MINUTES_MAX)
            high = wf_list_from(list, query->until);
    }
    if (low >= high)
        return WEFT_OK;
    // Twice the room, since merging takes a copy.
    WF_TRY(grow_stays(to, 2 * (size_t)(high - low), query->marked));
    size_t middle = to->count;
    if (query->marked) {
        take_marked(segment, list, low, high, query->from,
                    query->day->seats.numbers[query->segment], to);
    } else {
        to->count +=
            take_stays(list, low, high, query->from, query->until, to->rows + middle);
        if (to->marks != NULL)
            memset(to->marks + middle, 0, (to->count - middle) * sizeof *to->marks);
    }
    if (middle > query->first && to->count > middle)
        merge_stays(to, query->first, middle);
    return WEFT_OK;
}

static weft_status place_stays(const wf_day *day, wf_place place, uint32_t from,
                               uint32_t to, bool marked, wf_stay_list *list)
{
    stay_query query = {
        .day = day, .from = from, .until = to, .marked = marked, .first = list->count};
    if (from >= to)
        return WEFT_OK;
    for (; query.segment < day->count; query.segment++) {
        wf_place_lists lists;
        wf_segment_place(day->segments[query.segment], place.number, &lists);
        for (unsigned i = 0; i < lists.count; i++)
            WF_TRY(append_list(&query, &lists.lists[i], list));
    }
    return WEFT_OK;
}

void wf_day_prefetch(const wf_day *day, const uint32_t *places, size_t count)
{
    for (size_t i = 0; i < day->count; i++) {
        const wf_segment *segment = day->segments[i];
        for (size_t j = 0; j < count; j++)
            wf_segment_prefetch(segment, places[j]);
        for (size_t j = 0; j < count; j++) {
            uint32_t size = 0;
            const unsigned char *block = wf_segment_block(segment, places[j], &size);
            if (block == NULL)
                continue;
            __builtin_prefetch(block);
            __builtin_prefetch(block + size - 1);
        }
    }
}

// One segment is nearly always all there is: its lists are found once. A list that had
// marks keeps them parallel, as every call does.
weft_status wf_day_place_whole(const wf_day *day, wf_place place, uint64_t most,
                               wf_stay_list *list, uint32_t *ret_visits)
{
    wf_place_lists lists[WF_DAY_SEGMENTS_MAX];
    uint32_t visits = 0;
    for (size_t i = 0; i < day->count; i++) {
        wf_segment_place(day->segments[i], place.number, &lists[i]);
        for (unsigned j = 0; j < lists[i].count; j++)
            visits += lists[i].lists[j].count;
    }
    if (visits <= most) {
        WF_TRY(grow_stays(list, visits, false));
        if (list->marks != NULL)
            memset(list->marks + list->count, 0, visits * sizeof *list->marks);
        for (size_t i = 0; i < day->count; i++)
            for (unsigned j = 0; j < lists[i].count; j++) {
                take_all(&lists[i].lists[j], list->rows + list->count);
                list->count += lists[i].lists[j].count;
            }
    }
    *ret_visits = visits;
    return WEFT_OK;
}

weft_status wf_day_place_stays(const wf_day *day, wf_place place, uint32_t from,
                               uint32_t to, wf_stay_list *list)
{
    return place_stays(day, place, from, to, false, list);
}

weft_status wf_day_place_stays_marked(const wf_day *day, wf_place place, uint32_t from,
                                      uint32_t to, wf_stay_list *list)
{
    return place_stays(day, place, from, to, true, list);
}

uint32_t wf_day_place_visits(const wf_day *day, wf_place place)
{
    uint32_t visits = 0;
    for (size_t i = 0; i < day->count; i++) {
        wf_place_lists lists;
        wf_segment_place(day->segments[i], place.number, &lists);
        for (unsigned j = 0; j < lists.count; j++)
            visits += lists.lists[j].count;
    }
    return visits;
}

// ---- a person's day ----

static weft_status append_stop(wf_stop_list *list, uint32_t place, wf_list_row row)
{
    void *rows = list->rows;
    WF_TRY(grow(&rows, &list->capacity, list->count, 1, sizeof *list->rows));
    list->rows = rows;
    list->rows[list->count++] = (wf_stop){
        .place.number = place, .start = (uint16_t)row.start, .end = (uint16_t)row.end};
    return WEFT_OK;
}

// A place of a person's slots and its block.
typedef struct {
    const unsigned char *block;
    uint32_t size, place;
} found_block;

static weft_status stops_in_block(const found_block *found, uint32_t person,
                                  wf_stop_list *to)
{
    wf_list list;
    if (!wf_block_get(found->block, found->size, &list) || person < list.person_base)
        return WEFT_OK;
    const uint64_t wanted = person - list.person_base;
    const uint64_t mask = wf_bits_mask(list.person_bits);
    const unsigned row_bits = list.row_bits;
    uint64_t bit = WF_START_BITS + list.length_bits;
    for (uint32_t i = 0; i < list.count; i++, bit += row_bits)
        if ((wf_bits_at(list.rows, bit) & mask) == wanted)
            WF_TRY(append_stop(to, found->place, wf_list_at(&list, i)));
    return WEFT_OK;
}

// The stays of a person that begin at one minute: they stand together, since rows are
// in order of start and person.
static weft_status stops_in_hub(const wf_segment *segment, uint32_t hub, uint32_t pair,
                                uint32_t person, wf_stop_list *to)
{
    wf_place_lists lists;
    wf_hub_get(segment, hub, &lists);
    const wf_list *list = &lists.lists[pair & 1];
    uint32_t start = pair >> 1, low = 0, left = list->count;
    while (left > 0) {
        uint32_t half = left / 2;
        wf_list_row row = wf_list_at(list, low + half);
        bool before = row.start < start || (row.start == start && row.person < person);
        low = before ? low + half + 1 : low;
        left = before ? left - half - 1 : half;
    }
    for (; low < list->count; low++) {
        wf_list_row row = wf_list_at(list, low);
        if (row.start != start || row.person != person)
            break;
        WF_TRY(append_stop(to, wf_hub_place(segment, hub), row));
    }
    return WEFT_OK;
}

static int compare_stops(const void *a, const void *b)
{
    const wf_stop *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->place.number != y->place.number)
        return x->place.number < y->place.number ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static void sort_stops(wf_stop *stops, size_t count)
{
    if (count > 32) {
        qsort(stops, count, sizeof *stops, compare_stops);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        wf_stop moved = stops[i];
        size_t at = i;
        for (; at > 0 && compare_stops(&moved, &stops[at - 1]) < 0; at--)
            stops[at] = stops[at - 1];
        stops[at] = moved;
    }
}

// Ordinary places are looked up in three steps, each for all of them before the next,
// so that the cache misses of a person's places overlap: directory, block, rows.
enum { blocks_at_once = 16 };

static weft_status stops_at_places(const wf_segment *segment, const uint32_t *places,
                                   uint32_t count, uint32_t person, wf_stop_list *to)
{
    found_block found[blocks_at_once];
    uint32_t blocks = 0;
    for (uint32_t i = 0; i < count; i++) {
        found_block *next = &found[blocks];
        next->place = places[i];
        next->block = wf_segment_block(segment, places[i], &next->size);
        if (next->block == NULL)
            continue;
        __builtin_prefetch(next->block);
        __builtin_prefetch(next->block + next->size - 1);
        blocks++;
    }
    for (uint32_t i = 0; i < blocks; i++)
        WF_TRY(stops_in_block(&found[i], person, to));
    return WEFT_OK;
}

static weft_status segment_stops(const wf_segment *segment, uint32_t person,
                                 wf_stop_list *to)
{
    uint32_t places[blocks_at_once], count = 0;
    uint32_t places_end = segment->head.places_end;
    wf_slots slots;
    wf_segment_person(segment, person, &slots);
    for (uint32_t i = 0; i < slots.count; i++) {
        uint32_t code = wf_slot_at(segment, &slots, i);
        if (code >= places_end) {
            WF_TRY(stops_in_hub(segment, code - places_end,
                                wf_slot_at(segment, &slots, ++i), person, to));
            continue;
        }
        wf_segment_prefetch(segment, code);
        places[count++] = code;
        if (count == blocks_at_once) {
            WF_TRY(stops_at_places(segment, places, count, person, to));
            count = 0;
        }
    }
    return stops_at_places(segment, places, count, person, to);
}

weft_status wf_day_person_stops(const wf_day *day, wf_person person, wf_stop_list *list)
{
    size_t first = list->count;
    for (size_t i = 0; i < day->count; i++)
        WF_TRY(segment_stops(day->segments[i], person.number, list));
    if (list->count > first)
        sort_stops(list->rows + first, list->count - first);
    return WEFT_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

// Sorts and drops repeats; returns how many are left.
static size_t distinct(uint32_t *numbers, size_t count)
{
    size_t kept = 0;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || numbers[kept - 1] != numbers[i])
            numbers[kept++] = numbers[i];
    return kept;
}

// The places of one segment, each once: the slots of a hub stand together.
static size_t slot_places(const wf_segment *segment, const wf_slots *slots, uint32_t *to)
{
    uint32_t places_end = segment->head.places_end;
    uint32_t last_hub = UINT32_MAX;
    size_t count = 0;
    for (uint32_t j = 0; j < slots->count; j++) {
        uint32_t code = wf_slot_at(segment, slots, j);
        if (code < places_end) {
            to[count++] = code;
            continue;
        }
        j++;
        if (code != last_hub)
            to[count++] = wf_hub_place(segment, code - places_end);
        last_hub = code;
    }
    return count;
}

weft_status wf_day_person_places(const wf_day *day, wf_person person, uint32_t **places,
                                 size_t *count, size_t *capacity)
{
    size_t end = *count, contributed = 0;
    for (size_t i = 0; i < day->count; i++) {
        wf_slots slots;
        wf_segment_person(day->segments[i], person.number, &slots);
        if (slots.count == 0)
            continue;
        void *grown = *places;
        WF_TRY(grow(&grown, capacity, end, slots.count, sizeof **places));
        *places = grown;
        end += slot_places(day->segments[i], &slots, *places + end);
        contributed++;
    }
    if (contributed > 1)
        end = *count + distinct(*places + *count, end - *count);
    *count = end;
    return WEFT_OK;
}

void wf_day_expect_people(const wf_day *day, const wf_person *people, size_t count)
{
    for (size_t i = 0; i < day->count; i++)
        wf_segment_expect_people(day->segments[i], people, count);
}

static int compare_meetings(const void *a, const void *b)
{
    const wf_meeting *x = a, *y = b;
    if (x->other.number != y->other.number)
        return x->other.number < y->other.number ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

weft_status wf_day_person_meetings(const wf_day *day, wf_person person,
                                   wf_meeting_list *list)
{
    size_t first = list->count, contributed = 0;
    for (size_t i = 0; i < day->count; i++) {
        const wf_segment *segment = day->segments[i];
        const uint32_t *settings = day->settings.numbers[i];
        const unsigned char *row;
        uint32_t count = wf_segment_meetings(segment, person.number, &row);
        void *rows = list->rows;
        WF_TRY(grow(&rows, &list->capacity, list->count, count, sizeof *list->rows));
        list->rows = rows;
        for (uint32_t j = 0; j < count; j++, row += wf_meeting_bytes(&segment->head)) {
            wf_encounter_row met;
            wf_meeting_get(segment, row, &met);
            list->rows[list->count++] = (wf_meeting){
                .other.number = met.b,
                .start = met.start,
                .end = met.end,
                .setting = settings == NULL ? met.setting : settings[met.setting],
                .from_before = (met.marks & WF_MARK_FROM_BEFORE) != 0,
                .into_next = (met.marks & WF_MARK_INTO_NEXT) != 0,
                .end_guessed = (met.marks & WF_MARK_END_GUESSED) != 0,
            };
        }
        contributed += count > 0;
    }
    if (contributed > 1)
        qsort(list->rows + first, list->count - first, sizeof *list->rows,
              compare_meetings);
    return WEFT_OK;
}

weft_status wf_day_meeters(const wf_day *day, uint32_t **people, size_t *count,
                           size_t *capacity)
{
    for (size_t i = 0; i < day->count; i++) {
        const unsigned char *from = day->segments[i]->at[WF_SECTION_MEETERS];
        uint32_t meeters = day->segments[i]->head.meeters;
        void *grown = *people;
        WF_TRY(grow(&grown, capacity, *count, meeters, sizeof **people));
        *people = grown;
        for (uint32_t m = 0; m < meeters; m++)
            (*people)[(*count)++] = wf_get_u32(from + (size_t)m * 4);
    }
    return WEFT_OK;
}

// ---- texts over all segments ----

typedef wf_text text_of(const wf_segment *segment, uint32_t number);

// The next texts of each segment are next[i]; the smallest of them, "" when none is left.
static wf_text smallest(const wf_day *day, text_of *of, const uint32_t *next)
{
    wf_text least = WF_TEXT("");
    for (size_t i = 0; i < day->count; i++) {
        wf_text text = of(day->segments[i], next[i]); // "" behind the last one
        if (text.size > 0 && (least.size == 0 || wf_text_compare(text, least) < 0))
            least = text;
    }
    return least;
}

static weft_status join_texts(const wf_day *day, text_of *of, const uint32_t *counts,
                              day_texts *ret)
{
    uint32_t next[WF_DAY_SEGMENTS_MAX];
    size_t all = 1;
    for (size_t i = 0; i < day->count; i++) {
        all += counts[i];
        next[i] = 1;
        ret->numbers[i] = calloc((size_t)counts[i] + 1, sizeof *ret->numbers[i]);
        if (ret->numbers[i] == NULL)
            return WEFT_NO_MEMORY;
    }
    ret->texts = calloc(all, sizeof *ret->texts);
    if (ret->texts == NULL)
        return WEFT_NO_MEMORY;
    ret->texts[0] = WF_TEXT("");
    ret->count = 1;
    for (;;) {
        wf_text text = smallest(day, of, next);
        if (text.size == 0)
            return WEFT_OK;
        for (size_t i = 0; i < day->count; i++)
            if (wf_text_equal(of(day->segments[i], next[i]), text))
                ret->numbers[i][next[i]++] = ret->count;
        ret->texts[ret->count++] = text;
    }
}

static void free_texts(day_texts *texts)
{
    free(texts->texts);
    for (size_t i = 0; i < WF_DAY_SEGMENTS_MAX; i++)
        free(texts->numbers[i]);
}

static weft_status join_all_texts(wf_day *day)
{
    uint32_t seats[WF_DAY_SEGMENTS_MAX], settings[WF_DAY_SEGMENTS_MAX];
    if (day->count == 1)
        return WEFT_OK; // the segment's own numbers
    for (size_t i = 0; i < day->count; i++) {
        seats[i] = day->segments[i]->head.seats;
        settings[i] = day->segments[i]->head.settings;
    }
    WF_TRY(join_texts(day, wf_segment_seat, seats, &day->seats));
    return join_texts(day, wf_segment_setting, settings, &day->settings);
}

static wf_text text_of_day(const wf_day *day, const day_texts *texts, text_of *of,
                           uint32_t number)
{
    if (day->count == 1)
        return of(day->segments[0], number);
    return number < texts->count ? texts->texts[number] : WF_TEXT("");
}

wf_text wf_day_seat_text(const wf_day *day, uint32_t seat)
{
    return text_of_day(day, &day->seats, wf_segment_seat, seat);
}

wf_text wf_day_setting_text(const wf_day *day, uint32_t setting)
{
    return text_of_day(day, &day->settings, wf_segment_setting, setting);
}

// ---- the whole ----

weft_status wf_day_open(wf_segment *const *segments, size_t count, wf_day **ret,
                        weft_error *error)
{
    WF_ASSERT(count >= 1 && count <= WF_DAY_SEGMENTS_MAX);
    for (size_t i = 1; i < count; i++)
        if (segments[i]->head.day.number != segments[0]->head.day.number)
            return wf_fail(error, WEFT_DAMAGED, "visits.segment_damaged", NULL);
    wf_day *day = calloc(1, sizeof *day);
    if (day == NULL)
        return wf_fail_memory(error);
    day->count = count;
    memcpy(day->segments, segments, count * sizeof *segments);
    if (join_all_texts(day) != WEFT_OK) {
        day->count = 0; // the segments stay the caller's
        wf_day_close(day);
        return wf_fail_memory(error);
    }
    *ret = day;
    return WEFT_OK;
}

void wf_day_close(wf_day *day)
{
    if (day == NULL)
        return;
    for (size_t i = 0; i < day->count; i++)
        wf_segment_close(day->segments[i]);
    free_texts(&day->seats);
    free_texts(&day->settings);
    free(day);
}

weft_status wf_day_replace(wf_day *day, wf_segment *old, wf_segment *fresh,
                           weft_error *error)
{
    wf_segment *segments[WF_DAY_SEGMENTS_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < day->count; i++)
        if (day->segments[i] != old)
            segments[count++] = day->segments[i];
    if (fresh != NULL)
        segments[count++] = fresh;
    wf_day *changed;
    WF_TRY(wf_day_open(segments, count, &changed, error));
    wf_segment_close(old);
    free_texts(&day->seats);
    free_texts(&day->settings);
    *day = *changed;
    free(changed);
    return WEFT_OK;
}

uint32_t wf_day_places_end(const wf_day *day)
{
    uint32_t end = 0;
    for (size_t i = 0; i < day->count; i++)
        if (day->segments[i]->head.places_end > end)
            end = day->segments[i]->head.places_end;
    return end;
}

uint32_t wf_day_people_end(const wf_day *day)
{
    uint32_t end = 0;
    for (size_t i = 0; i < day->count; i++)
        if (day->segments[i]->head.people_end > end)
            end = day->segments[i]->head.people_end;
    return end;
}

weft_day wf_day_number(const wf_day *day)
{
    return day->segments[0]->head.day;
}

uint64_t wf_day_visits(const wf_day *day)
{
    uint64_t visits = 0;
    for (size_t i = 0; i < day->count; i++)
        visits += day->segments[i]->head.visits;
    return visits;
}

uint64_t wf_day_encounters(const wf_day *day)
{
    uint64_t encounters = 0;
    for (size_t i = 0; i < day->count; i++)
        encounters += day->segments[i]->head.encounters;
    return encounters;
}

size_t wf_day_bytes(const wf_day *day)
{
    size_t bytes = sizeof *day;
    for (size_t i = 0; i < day->count; i++)
        bytes += sizeof *day->segments[i] + day->segments[i]->bytes.capacity;
    return bytes;
}
