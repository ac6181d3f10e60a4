// Packing: (1) visits are scattered to parts by place, (2) each part is sorted and its
// blocks measured, (3) a slot for each visit is scattered to parts by person, (4) each
// part is sorted, repeats dropped and its codes measured; then the size is known and
// (5) all sections are written in place. Each step runs over parts or slices on all
// threads; where a row goes depends on the rows alone.
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/parallel.h"
#include "visits/segment_packer.h"

enum { slices_max = 64, slice_rows_min = 16384, part_rows = 1024 };

// What a slice of the rows holds.
typedef struct {
    uint32_t places_end, people_end, edge;
    uint64_t at_zero, at_zero_go_on; // stays from minute 0, those marked
    uint64_t at_edge, at_edge_go_on; // stays to the edge, those marked
    bool sound;
} slice_facts;

typedef struct {
    wf_packer *p;
    size_t slices; // of the rows, or of the parts of places
    slice_facts facts[slices_max];
    // Rows of a slice in each part, then where the next one goes.
    uint32_t (*counts)[WF_PARTS_MAX];
    unsigned char *used_seats; // by number, 1: some row has it
    // Room for the sort of the greatest part, one a thread.
    unsigned char *scratch;
    size_t scratch_bytes;
} packing;

static size_t slice_first(const packing *w, size_t count, size_t slice)
{
    return (size_t)((unsigned __int128)count * slice / w->slices);
}

// Parts of at least a group each, so that no two threads write to one group.
static wf_parts cut(uint32_t end, size_t rows)
{
    size_t wanted = rows / part_rows + 1;
    if (wanted > WF_PARTS_MAX)
        wanted = WF_PARTS_MAX;
    wf_parts parts = {.shift = wf_bits_for(WF_GROUP - 1)};
    while (end > 0 && ((end - 1) >> parts.shift) + 1 > wanted)
        parts.shift++;
    parts.count = end == 0 ? 0 : ((end - 1) >> parts.shift) + 1;
    return parts;
}

// From the counts of each slice and part to where each slice's next row of a part goes.
static void place_counts(packing *w, uint32_t parts, uint32_t *ret_ends)
{
    uint32_t at = 0;
    for (uint32_t part = 0; part < parts; part++) {
        for (size_t slice = 0; slice < w->slices; slice++) {
            uint32_t count = w->counts[slice][part];
            w->counts[slice][part] = at;
            at += count;
        }
        ret_ends[part] = at;
    }
}

static uint32_t greatest_part(const uint32_t *ends, uint32_t parts)
{
    uint32_t greatest = 0;
    for (uint32_t part = 0; part < parts; part++) {
        uint32_t count = ends[part] - wf_part_first(ends, part);
        greatest = count > greatest ? count : greatest;
    }
    return greatest;
}

static bool scratch_new(packing *w, size_t bytes)
{
    wf_pages_free(w->scratch, w->scratch_bytes * w->p->threads);
    w->scratch_bytes = (bytes + 63) / 64 * 64 + 64;
    w->scratch = wf_pages_new(w->scratch_bytes * w->p->threads);
    return w->scratch != NULL;
}

// ---- (1) by part of places ----

static void mark_seat(const packing *w, uint32_t seat)
{
    // Several threads may set one byte, all to 1.
    if (__atomic_load_n(&w->used_seats[seat], __ATOMIC_RELAXED) == 0)
        __atomic_store_n(&w->used_seats[seat], 1, __ATOMIC_RELAXED);
}

static void look_over_slice(void *job, unsigned thread, size_t slice)
{
    (void)thread;
    packing *w = job;
    const wf_segment_rows *rows = w->p->rows;
    slice_facts facts = {.sound = true};
    size_t end = slice_first(w, rows->visits_count, slice + 1);
    for (size_t i = slice_first(w, rows->visits_count, slice); i < end; i++) {
        const wf_visit_row *row = &rows->visits[i];
        facts.sound &= row->place < WF_NUMBER_LIMIT && row->person < WF_NUMBER_LIMIT &&
                       row->start < row->end && row->end <= WF_DAY_MINUTES_MAX &&
                       row->marks <= 7 &&
                       (row->seat == 0 || row->seat < rows->seats_count);
        if (row->place >= facts.places_end)
            facts.places_end = row->place + 1;
        if (row->person >= facts.people_end)
            facts.people_end = row->person + 1;
        if (row->end > facts.edge)
            facts.edge = row->end;
        facts.at_zero += row->start == 0;
        facts.at_zero_go_on += row->start == 0 && (row->marks & WF_MARK_FROM_BEFORE) != 0;
        if (row->seat != 0 && row->seat < rows->seats_count)
            mark_seat(w, row->seat);
    }
    w->facts[slice] = facts;
}

static void count_slice(void *job, unsigned thread, size_t slice)
{
    (void)thread;
    packing *w = job;
    const wf_segment_rows *rows = w->p->rows;
    uint32_t *counts = w->counts[slice], edge = w->p->head.edge;
    unsigned shift = w->p->place_parts.shift;
    uint64_t at_edge = 0, go_on = 0;
    memset(counts, 0, sizeof w->counts[slice]);
    size_t end = slice_first(w, rows->visits_count, slice + 1);
    for (size_t i = slice_first(w, rows->visits_count, slice); i < end; i++) {
        const wf_visit_row *row = &rows->visits[i];
        counts[row->place >> shift]++;
        at_edge += row->end == edge;
        go_on += row->end == edge && (row->marks & WF_MARK_INTO_NEXT) != 0;
    }
    w->facts[slice].at_edge = at_edge;
    w->facts[slice].at_edge_go_on = go_on;
}

static void scatter_slice(void *job, unsigned thread, size_t slice)
{
    (void)thread;
    packing *w = job;
    const wf_segment_rows *rows = w->p->rows;
    uint32_t *next = w->counts[slice];
    const uint32_t *seats = w->p->seats.numbers;
    unsigned shift = w->p->place_parts.shift;
    size_t end = slice_first(w, rows->visits_count, slice + 1);
    for (size_t i = slice_first(w, rows->visits_count, slice); i < end; i++) {
        const wf_visit_row *row = &rows->visits[i];
        uint32_t seat = row->seat == 0 ? 0 : seats[row->seat];
        w->p->records[next[row->place >> shift]++] = (wf_record){
            .key = (uint64_t)row->place << WF_RECORD_PLACE_SHIFT |
                   (uint64_t)row->start << WF_RECORD_START_SHIFT | row->person,
            .rest = (uint64_t)(row->end - row->start - 1) << WF_RECORD_LENGTH_SHIFT |
                    (uint64_t)seat << WF_RECORD_SEAT_SHIFT | row->marks,
        };
    }
}

// The head's ranges from what the slices hold, and from the encounters.
static void gather_facts(packing *w)
{
    wf_segment_head *head = &w->p->head;
    const wf_segment_rows *rows = w->p->rows;
    uint64_t at_zero = 0, go_on = 0;
    for (size_t i = 0; i < w->slices; i++) {
        const slice_facts *facts = &w->facts[i];
        WF_ASSERT(facts->sound);
        if (facts->places_end > head->places_end)
            head->places_end = facts->places_end;
        if (facts->people_end > head->people_end)
            head->people_end = facts->people_end;
        if (facts->edge > head->edge)
            head->edge = facts->edge;
        at_zero += facts->at_zero;
        go_on += facts->at_zero_go_on;
    }
    if (2 * go_on > at_zero)
        head->forms |= WF_FORM_STARTS_AT_ZERO_GO_ON;
    for (size_t i = 0; i < rows->encounters_count; i++) {
        const wf_encounter_row *row = &rows->encounters[i];
        WF_ASSERT(row->a < row->b && row->b < WF_NUMBER_LIMIT && row->start < row->end &&
                  row->end <= WF_DAY_SECONDS_MAX && row->marks <= 7);
        if (row->b >= head->people_end)
            head->people_end = row->b + 1;
    }
}

// True when more stays to the edge go on than not.
static bool edge_goes_on(const packing *w)
{
    uint64_t at_edge = 0, go_on = 0;
    for (size_t i = 0; i < w->slices; i++) {
        at_edge += w->facts[i].at_edge;
        go_on += w->facts[i].at_edge_go_on;
    }
    return 2 * go_on > at_edge;
}

// ---- texts ----

static int compare_used(const void *a, const void *b, void *context)
{
    const wf_text *texts = context;
    return wf_text_compare(texts[*(const uint32_t *)a], texts[*(const uint32_t *)b]);
}

// Numbers the used texts from 1 on in bytewise order; equal texts get one number.
static weft_status number_texts(const wf_text *texts, size_t count,
                                const unsigned char *used, wf_packed_texts *ret,
                                weft_error *error)
{
    size_t room = count + 1;
    ret->texts = texts;
    ret->numbers = calloc(room, sizeof *ret->numbers);
    ret->used = calloc(room, sizeof *ret->used);
    if (ret->numbers == NULL || ret->used == NULL)
        return wf_fail_memory(error);
    uint32_t found = 0;
    for (size_t i = 1; i < count; i++)
        if (used[i] != 0 && texts[i].size > 0)
            ret->used[found++] = (uint32_t)i;
    qsort_r(ret->used, found, sizeof *ret->used, compare_used, (void *)texts);
    for (uint32_t i = 0; i < found; i++) {
        uint32_t number = ret->used[i];
        if (ret->count == 0 ||
            !wf_text_equal(texts[ret->used[ret->count - 1]], texts[number])) {
            ret->used[ret->count++] = number;
            ret->bytes += texts[number].size;
        }
        ret->numbers[number] = ret->count;
    }
    return WEFT_OK;
}

static weft_status fail_too_large(const wf_packer *p, weft_error *error)
{
    char day[WF_DAY_TEXT_MAX];
    return wf_fail(error, WEFT_TOO_LARGE, "visits.day_too_large", "day",
                   wf_day_text(day, p->head.day), NULL);
}

static weft_status make_texts(packing *w, weft_error *error)
{
    wf_packer *p = w->p;
    const wf_segment_rows *rows = p->rows;
    unsigned char *used = calloc(rows->settings_count + 1, 1);
    if (used == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < rows->encounters_count; i++) {
        uint32_t setting = rows->encounters[i].setting;
        WF_ASSERT(setting == 0 || setting < rows->settings_count);
        used[setting] = 1;
    }
    weft_status status =
        number_texts(rows->settings, rows->settings_count, used, &p->settings, error);
    free(used);
    WF_TRY(status);
    WF_TRY(number_texts(rows->seats, rows->seats_count, w->used_seats, &p->seats, error));
    if (p->seats.bytes > UINT32_MAX || p->settings.bytes > UINT32_MAX ||
        p->seats.count >= WF_NUMBER_LIMIT || p->settings.count >= WF_NUMBER_LIMIT)
        return fail_too_large(p, error);
    p->head.seats = p->seats.count;
    p->head.seat_bytes = (uint32_t)p->seats.bytes;
    p->head.settings = p->settings.count;
    p->head.setting_bytes = (uint32_t)p->settings.bytes;
    p->head.setting_width = wf_setting_width(p->settings.count);
    return WEFT_OK;
}

// ---- (2) blocks ----

uint32_t wf_short_stays(const wf_record *run, uint32_t count)
{
    uint32_t at = 0;
    while (at < count && wf_record_minutes(&run[at]) <= WF_SHORT_MINUTES)
        at++;
    return at;
}

// Brings the short stays of a hub to the front; both kinds stay in order.
static void part_long_stays(wf_record *run, uint32_t count, wf_record *scratch)
{
    uint32_t shorts = 0, longs = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (wf_record_minutes(&run[i]) <= WF_SHORT_MINUTES)
            run[shorts++] = run[i];
        else
            scratch[longs++] = run[i];
    }
    memcpy(run + shorts, scratch, longs * sizeof *run);
}

// The marks of a list: how many rows have some, and the cheaper way to hold them.
static void measure_marks(const wf_segment_head *head, const wf_record *run,
                          uint32_t count, bool hub, wf_list *ret)
{
    uint32_t marked = 0, flags = 0, seat_least = UINT32_MAX, seat_most = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t seat = wf_record_seat(&run[i]), flag = wf_record_flags(head, &run[i]);
        marked += (seat | flag) != 0;
        flags |= flag;
        if (seat > 0) {
            seat_least = seat < seat_least ? seat : seat_least;
            seat_most = seat > seat_most ? seat : seat_most;
        }
    }
    if (marked == 0)
        return;
    ret->mark_flag_bits = flags != 0 ? 3 : 0;
    ret->mark_seat_bits = seat_most > 0 ? wf_bits_for(seat_most - seat_least + 1) : 0;
    ret->seat_base = seat_most > 0 ? seat_least : 0;
    unsigned row_bits = hub ? wf_bits_for(count) : 8;
    unsigned entry_bits = ret->mark_flag_bits + ret->mark_seat_bits;
    uint64_t list_bits = (uint64_t)marked * (row_bits + entry_bits) + 8;
    bool each = (uint64_t)count * entry_bits <= list_bits;
    ret->mark_row_bits = each ? 0 : row_bits;
    ret->marks_count = each ? count : marked;
}

static unsigned wider_person_bits(unsigned bits)
{
    size_t i = 0;
    while (wf_person_widths[i] < bits)
        i++;
    return wf_person_widths[i];
}

void wf_list_measure(const wf_segment_head *head, const wf_record *run, uint32_t count,
                     bool hub, wf_list *ret)
{
    uint32_t least = UINT32_MAX, most = 0, longest = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t person = wf_record_person(&run[i]);
        uint32_t minutes = wf_record_minutes(&run[i]);
        least = person < least ? person : least;
        most = person > most ? person : most;
        longest = minutes > longest ? minutes : longest;
    }
    *ret = (wf_list){.count = count, .longest = longest};
    if (count == 0)
        return;
    ret->person_base = least;
    ret->person_bits = wf_bits_for(most - least);
    ret->length_bits = wf_bits_for(longest - 1);
    if (!hub) {
        ret->person_bits = wider_person_bits(ret->person_bits);
        if (ret->length_bits < WF_LENGTH_BITS_MIN)
            ret->length_bits = WF_LENGTH_BITS_MIN;
    }
    ret->row_bits = WF_START_BITS + ret->length_bits + ret->person_bits;
    measure_marks(head, run, count, hub, ret);
}

uint32_t wf_block_bytes(const wf_list *list)
{
    uint64_t bytes =
        WF_BLOCK_HEAD_BYTES + wf_list_rows_bytes(list) + wf_list_marks_bytes(list);
    if (list->marks_count > 0)
        bytes += 2u + (list->mark_row_bits > 0 ? 1u : 0u) +
                 (list->mark_seat_bits > 0 ? 3u : 0u);
    return (uint32_t)bytes;
}

static void measure_run(const wf_segment_head *head, wf_record *run, uint32_t count,
                        wf_record *scratch, wf_place_part *part)
{
    wf_list list;
    part->places++;
    if (count <= WF_HUB_VISITS) {
        wf_list_measure(head, run, count, false, &list);
        part->block_bytes += wf_block_bytes(&list);
        return;
    }
    part_long_stays(run, count, scratch);
    uint32_t shorts = wf_short_stays(run, count);
    part->hubs++;
    part->block_bytes += WF_BLOCK_HEAD_BYTES;
    wf_list_measure(head, run, shorts, true, &list);
    part->hub_bytes += wf_list_rows_bytes(&list) + wf_list_marks_bytes(&list);
    wf_list_measure(head, run + shorts, count - shorts, true, &list);
    part->hub_bytes += wf_list_rows_bytes(&list) + wf_list_marks_bytes(&list);
}

// A slice of the parts: sorts and measures; counts slots by part of people.
static void sort_places(void *job, unsigned thread, size_t slice)
{
    packing *w = job;
    wf_packer *p = w->p;
    wf_record *scratch = (wf_record *)(void *)(w->scratch + thread * w->scratch_bytes);
    uint32_t *counts = w->counts[slice];
    unsigned person_shift = p->person_parts.shift;
    memset(counts, 0, sizeof w->counts[slice]);
    size_t parts_end = slice_first(w, p->place_parts.count, slice + 1);
    for (size_t i = slice_first(w, p->place_parts.count, slice); i < parts_end; i++) {
        uint32_t at = wf_part_first(p->record_ends, (uint32_t)i), end = p->record_ends[i];
        wf_records_sort(p->records + at, end - at, scratch);
        wf_place_part part = {0};
        for (uint32_t j = at; j < end; j++)
            counts[wf_record_person(&p->records[j]) >> person_shift]++;
        while (at < end) {
            uint32_t run_end = wf_run_end(p->records, at, end);
            measure_run(&p->head, p->records + at, run_end - at, scratch, &part);
            at = run_end;
        }
        p->places[i] = part;
    }
}

// ---- (3) by part of people ----

static void scatter_slots(void *job, unsigned thread, size_t slice)
{
    (void)thread;
    packing *w = job;
    wf_packer *p = w->p;
    uint32_t *next = w->counts[slice];
    unsigned shift = p->person_parts.shift;
    size_t parts_end = slice_first(w, p->place_parts.count, slice + 1);
    for (size_t i = slice_first(w, p->place_parts.count, slice); i < parts_end; i++) {
        uint32_t at = wf_part_first(p->record_ends, (uint32_t)i), end = p->record_ends[i];
        uint32_t hub = p->head.places_end + p->places[i].hubs;
        while (at < end) {
            uint32_t run_end = wf_run_end(p->records, at, end);
            bool is_hub = run_end - at > WF_HUB_VISITS;
            uint64_t code = is_hub ? hub++ : wf_record_place(&p->records[at]);
            for (; at < run_end; at++) {
                const wf_record *record = &p->records[at];
                uint64_t person = wf_record_person(record);
                uint64_t pair = wf_record_start(record) << 1 |
                                (wf_record_minutes(record) > WF_SHORT_MINUTES);
                p->keys[next[person >> shift]++] = person << WF_KEY_PERSON_SHIFT |
                                                   code << WF_KEY_CODE_SHIFT |
                                                   (is_hub ? pair : 0);
            }
        }
    }
}

// ---- (4) codes ----

static uint32_t drop_repeats(uint64_t *keys, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || keys[kept - 1] != keys[i])
            keys[kept++] = keys[i];
    return kept;
}

static void sort_people(void *job, unsigned thread, size_t index)
{
    packing *w = job;
    wf_packer *p = w->p;
    uint64_t *keys = p->keys + p->key_firsts[index];
    wf_keys_sort(keys, p->key_counts[index],
                 (uint64_t *)(void *)(w->scratch + thread * w->scratch_bytes));
    uint32_t count = drop_repeats(keys, p->key_counts[index]);
    p->key_counts[index] = count;
    unsigned bits = wf_code_bits(&p->head);
    wf_person_part part = {0};
    uint64_t group = UINT64_MAX, group_slots = 0;
    for (uint32_t at = 0, slots = 0; at < count;) {
        uint64_t person = keys[at] >> WF_KEY_PERSON_SHIFT;
        at = wf_person_end(p, keys, at, count, &slots);
        uint64_t bytes = wf_bits_bytes((uint64_t)slots * bits);
        part.people++;
        part.sparse_bytes += bytes;
        if (person / WF_GROUP != group) {
            part.group_bytes += wf_bits_bytes(group_slots * bits);
            group = person / WF_GROUP;
            group_slots = 0;
        }
        bool busy = slots > WF_PERSON_SLOTS_MAX;
        group_slots += busy ? 1 : slots;
        part.busy += busy;
        part.busy_bytes += busy ? bytes : 0;
    }
    part.group_bytes += wf_bits_bytes(group_slots * bits);
    p->people[index] = part;
}

// ---- the whole ----

static void sum_places(wf_packer *p)
{
    wf_place_part sum = {0};
    for (uint32_t i = 0; i <= p->place_parts.count; i++) {
        wf_place_part part = p->places[i];
        p->places[i] = sum;
        sum.block_bytes += part.block_bytes;
        sum.hub_bytes += part.hub_bytes;
        sum.places += part.places;
        sum.hubs += part.hubs;
    }
}

static void sum_people(wf_packer *p)
{
    wf_person_part sum = {0};
    for (uint32_t i = 0; i <= p->person_parts.count; i++) {
        wf_person_part part = p->people[i];
        p->people[i] = sum;
        sum.group_bytes += part.group_bytes;
        sum.sparse_bytes += part.sparse_bytes;
        sum.busy_bytes += part.busy_bytes;
        sum.people += part.people;
        sum.busy += part.busy;
    }
}

static uint64_t sparse_bytes(uint32_t count)
{
    return 8 * (uint64_t)count + 4;
}

static uint64_t group_count(uint32_t end)
{
    return ((uint64_t)end + WF_GROUP - 1) / WF_GROUP;
}

// Chooses the smaller directories and fills what is missing in the head.
static weft_status settle_forms(wf_packer *p, weft_error *error)
{
    wf_segment_head *head = &p->head;
    const wf_person_part *people = &p->people[p->person_parts.count];
    const wf_place_part *places = &p->places[p->place_parts.count];
    if (sparse_bytes(places->places) <
        group_count(head->places_end) * WF_PLACE_GROUP_BYTES)
        head->forms |= WF_FORM_PLACES_SPARSE;
    uint64_t code_bytes = people->group_bytes + people->busy_bytes;
    head->busy = people->busy;
    if (sparse_bytes(people->people) + people->sparse_bytes <
        group_count(head->people_end) * WF_PERSON_GROUP_BYTES + code_bytes +
            8 * (uint64_t)people->busy) {
        head->forms |= WF_FORM_PEOPLE_SPARSE;
        code_bytes = people->sparse_bytes;
        head->busy = 0;
    }
    if (places->block_bytes > UINT32_MAX || places->hub_bytes > UINT32_MAX ||
        code_bytes > UINT32_MAX)
        return fail_too_large(p, error);
    head->places = places->places;
    head->people = people->people;
    head->block_bytes = (uint32_t)places->block_bytes;
    head->hub_bytes = (uint32_t)places->hub_bytes;
    head->code_bytes = (uint32_t)code_bytes;
    return WEFT_OK;
}

static weft_status pack_places(packing *w, weft_error *error)
{
    wf_packer *p = w->p;
    size_t count = p->rows->visits_count;
    p->place_parts = cut(p->head.places_end, count);
    p->person_parts = cut(p->head.people_end, count);
    wf_parallel_for(p->threads, w->slices, count_slice, w);
    if (edge_goes_on(w))
        p->head.forms |= WF_FORM_ENDS_AT_EDGE_GO_ON;
    place_counts(w, p->place_parts.count, p->record_ends);
    p->records = wf_pages_new(count * sizeof *p->records);
    if (p->records == NULL)
        return wf_fail_memory(error);
    wf_parallel_for(p->threads, w->slices, scatter_slice, w);
    if (!scratch_new(w, greatest_part(p->record_ends, p->place_parts.count) *
                            sizeof *p->records))
        return wf_fail_memory(error);
    wf_parallel_for(p->threads, w->slices, sort_places, w);
    sum_places(p);
    p->head.hubs = p->places[p->place_parts.count].hubs;
    return WEFT_OK;
}

static weft_status pack_people(packing *w, weft_error *error)
{
    wf_packer *p = w->p;
    uint32_t ends[WF_PARTS_MAX];
    p->keys = wf_pages_new(p->rows->visits_count * sizeof *p->keys);
    if (p->keys == NULL)
        return wf_fail_memory(error);
    place_counts(w, p->person_parts.count, ends);
    wf_parallel_for(p->threads, w->slices, scatter_slots, w);
    for (uint32_t i = 0; i < p->person_parts.count; i++) {
        p->key_firsts[i] = wf_part_first(ends, i);
        p->key_counts[i] = ends[i] - p->key_firsts[i];
    }
    if (!scratch_new(w, greatest_part(ends, p->person_parts.count) * sizeof *p->keys))
        return wf_fail_memory(error);
    wf_parallel_for(p->threads, p->person_parts.count, sort_people, w);
    sum_people(p);
    return WEFT_OK;
}

static wf_record meeting_of(const wf_encounter_row *row, uint32_t person, uint32_t other,
                            uint32_t setting)
{
    return (wf_record){
        .key = (uint64_t)person << WF_MEETING_PERSON_SHIFT |
               (uint64_t)other << WF_MEETING_OTHER_SHIFT | row->start >> 1,
        .rest = (uint64_t)(row->start & 1) << 44 |
                (uint64_t)(row->end - row->start - 1) << 27 | (uint64_t)setting << 3 |
                row->marks,
    };
}

static weft_status sort_meetings(wf_packer *p, weft_error *error)
{
    const wf_segment_rows *rows = p->rows;
    size_t count = 2 * rows->encounters_count, bytes = count * sizeof(wf_record);
    if (count == 0)
        return WEFT_OK;
    p->meetings = wf_pages_new(bytes);
    wf_record *scratch = wf_pages_new(bytes);
    if (p->meetings == NULL || scratch == NULL) {
        wf_pages_free(scratch, bytes);
        return wf_fail_memory(error);
    }
    for (size_t i = 0; i < rows->encounters_count; i++) {
        const wf_encounter_row *row = &rows->encounters[i];
        uint32_t setting = row->setting == 0 ? 0 : p->settings.numbers[row->setting];
        p->meetings[2 * i] = meeting_of(row, row->a, row->b, setting);
        p->meetings[2 * i + 1] = meeting_of(row, row->b, row->a, setting);
    }
    wf_records_sort(p->meetings, count, scratch);
    wf_pages_free(scratch, bytes);
    for (size_t i = 0; i < count; i++)
        p->head.meeters +=
            i == 0 || p->meetings[i].key >> WF_MEETING_PERSON_SHIFT !=
                          p->meetings[i - 1].key >> WF_MEETING_PERSON_SHIFT;
    return WEFT_OK;
}

static weft_status pack(packing *w, wf_segment_bytes *ret, weft_error *error)
{
    wf_packer *p = w->p;
    wf_parallel_for(p->threads, w->slices, look_over_slice, w);
    gather_facts(w);
    WF_TRY(make_texts(w, error));
    if (p->rows->visits_count > 0) {
        WF_TRY(pack_places(w, error));
        WF_TRY(pack_people(w, error));
    }
    WF_TRY(sort_meetings(p, error));
    WF_TRY(settle_forms(p, error));
    uint64_t size = wf_segment_measure(&p->head, p->offsets);
    p->out = wf_pages_new((size_t)size);
    if (p->out == NULL)
        return wf_fail_memory(error);
    wf_packer_write(p);
    *ret = (wf_segment_bytes){p->out, (size_t)size, (size_t)size};
    return WEFT_OK;
}

static void free_texts(wf_packed_texts *texts)
{
    free(texts->numbers);
    free(texts->used);
}

weft_status wf_segment_pack(wf_segment_rows *rows, unsigned threads,
                            wf_segment_bytes *ret, weft_error *error)
{
    wf_packer *p = calloc(1, sizeof *p);
    packing w = {.p = p, .slices = rows->visits_count / slice_rows_min + 1};
    if (p == NULL)
        return wf_fail_memory(error);
    if (w.slices > slices_max)
        w.slices = slices_max;
    p->rows = rows;
    p->threads = threads == 0 ? 1 : threads > slices_max ? slices_max : threads;
    p->head.day = rows->day;
    p->head.visits = (uint32_t)rows->visits_count;
    p->head.encounters = (uint32_t)rows->encounters_count;
    w.counts = calloc(w.slices, sizeof *w.counts);
    w.used_seats = calloc(rows->seats_count + 1, 1);
    weft_status status;
    if (rows->visits_count > WF_SEGMENT_ROWS_MAX ||
        rows->encounters_count > WF_SEGMENT_ROWS_MAX)
        status = fail_too_large(p, error);
    else if (w.counts == NULL || w.used_seats == NULL)
        status = wf_fail_memory(error);
    else
        status = pack(&w, ret, error);
    wf_pages_free(w.scratch, w.scratch_bytes * p->threads);
    wf_pages_free(p->records, rows->visits_count * sizeof *p->records);
    wf_pages_free(p->keys, rows->visits_count * sizeof *p->keys);
    wf_pages_free(p->meetings, 2 * rows->encounters_count * sizeof *p->meetings);
    free_texts(&p->seats);
    free_texts(&p->settings);
    free(w.used_seats);
    free(w.counts);
    free(p);
    return status;
}
