// Writing what segment_pack.c has sorted and measured. Each part of places or people
// knows from the sums where its bytes begin, so parts are written in any order.
#include <string.h>

#include "base/parallel.h"
#include "visits/segment_packer.h"

static void put_u16(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)value;
    to[1] = (unsigned char)(value >> 8);
}

static void put_u24(unsigned char *to, uint32_t value)
{
    put_u16(to, value);
    to[2] = (unsigned char)(value >> 16);
}

static unsigned char *section(const wf_packer *p, wf_segment_section which)
{
    return p->out + p->offsets[which];
}

// ---- lists ----

static unsigned char *write_rows(const wf_list *list, const wf_record *run,
                                 unsigned char *to)
{
    wf_bit_writer writer = {.at = to};
    for (uint32_t i = 0; i < list->count; i++) {
        uint64_t length = wf_record_minutes(&run[i]) - 1;
        wf_bits_put(&writer, wf_record_start(&run[i]) | length << WF_START_BITS,
                    WF_START_BITS + list->length_bits);
        wf_bits_put(&writer, wf_record_person(&run[i]) - list->person_base,
                    list->person_bits);
    }
    wf_bits_flush(&writer);
    return writer.at;
}

static unsigned char *write_marks(const wf_segment_head *head, const wf_list *list,
                                  const wf_record *run, unsigned char *to)
{
    if (list->marks_count == 0)
        return to;
    wf_bit_writer writer = {.at = to};
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t seat = wf_record_seat(&run[i]), flags = wf_record_flags(head, &run[i]);
        if (list->mark_row_bits > 0 && (seat | flags) == 0)
            continue;
        wf_bits_put(&writer, list->mark_row_bits > 0 ? i : 0, list->mark_row_bits);
        wf_bits_put(&writer, flags, list->mark_flag_bits);
        wf_bits_put(&writer, seat == 0 ? 0 : seat - list->seat_base + 1,
                    list->mark_seat_bits);
    }
    wf_bits_flush(&writer);
    return writer.at;
}

static unsigned marks_form(const wf_list *list)
{
    if (list->marks_count == 0)
        return 0;
    return list->mark_seat_bits | (list->mark_flag_bits > 0 ? 32u : 0u) |
           (list->mark_row_bits == 0 ? 64u : 0u);
}

// ---- place order ----

static unsigned char *write_block(const wf_segment_head *head, const wf_record *run,
                                  uint32_t count, unsigned char *to)
{
    wf_list list;
    wf_list_measure(head, run, count, false, &list);
    unsigned widths = 0;
    while (wf_person_widths[widths] != list.person_bits)
        widths++;
    widths = widths * WF_LENGTH_WIDTHS + list.length_bits - WF_LENGTH_BITS_MIN;
    put_u24(to, list.person_base);
    to[3] = (unsigned char)(widths * 2 + (list.marks_count > 0));
    to += WF_BLOCK_HEAD_BYTES;
    if (list.marks_count > 0) {
        *to++ = (unsigned char)list.count;
        *to++ = (unsigned char)marks_form(&list);
        if (list.mark_row_bits > 0)
            *to++ = (unsigned char)list.marks_count;
        if (list.mark_seat_bits > 0) {
            put_u24(to, list.seat_base);
            to += 3;
        }
    }
    to = write_rows(&list, run, to);
    return write_marks(head, &list, run, to);
}

static void write_hub_list(const wf_packer *p, const wf_record *run, uint32_t count,
                           unsigned char *entry, uint64_t *at)
{
    wf_list list;
    wf_list_measure(&p->head, run, count, true, &list);
    wf_put_u32(entry, count);
    wf_put_u32(entry + 4, (uint32_t)*at);
    wf_put_u32(entry + 8, list.marks_count);
    wf_put_u32(entry + 12, list.person_base);
    entry[16] = (unsigned char)list.person_bits;
    entry[17] = (unsigned char)list.length_bits;
    entry[18] = (unsigned char)marks_form(&list);
    wf_put_u32(entry + 20, list.longest);
    wf_put_u32(entry + 24, list.seat_base);
    unsigned char *rows = section(p, WF_SECTION_HUB_ROWS) + *at;
    write_marks(&p->head, &list, run, write_rows(&list, run, rows));
    *at += wf_list_rows_bytes(&list) + wf_list_marks_bytes(&list);
}

static void write_hub(const wf_packer *p, const wf_record *run, uint32_t count,
                      uint32_t hub, uint64_t *at)
{
    unsigned char *entry = section(p, WF_SECTION_HUBS) + (size_t)hub * WF_HUB_BYTES;
    uint32_t shorts = wf_short_stays(run, count);
    wf_put_u32(entry, wf_record_place(run));
    write_hub_list(p, run, shorts, entry + 4, at);
    write_hub_list(p, run + shorts, count - shorts, entry + 4 + WF_HUB_LIST_BYTES, at);
}

// The directory's entry for a block of `size` bytes at `at`.
static void write_place_entry(const wf_packer *p, uint32_t place, uint32_t index,
                              uint64_t at, uint32_t size)
{
    unsigned char *directory = section(p, WF_SECTION_PLACES);
    if ((p->head.forms & WF_FORM_PLACES_SPARSE) != 0) {
        wf_put_u32(directory + (size_t)index * 4, place);
        wf_put_u32(directory + ((size_t)p->head.places + index) * 4, (uint32_t)at);
        return;
    }
    unsigned char *group = directory + (size_t)(place / WF_GROUP) * WF_PLACE_GROUP_BYTES;
    put_u16(group + 4 + 2 * (size_t)(place % WF_GROUP), size);
}

// Numbers of the groups of a part: [first, end).
static uint32_t groups_first(const wf_parts *parts, size_t part)
{
    return (uint32_t)(part << parts->shift) / WF_GROUP;
}

static uint32_t groups_end(const wf_parts *parts, size_t part, uint32_t numbers_end)
{
    uint32_t all = (numbers_end + WF_GROUP - 1) / WF_GROUP;
    uint32_t end = groups_first(parts, part + 1);
    return end < all ? end : all;
}

// Sets the offsets of the groups of a part, whose sizes stand.
static void write_place_groups(const wf_packer *p, size_t part)
{
    uint64_t at = p->places[part].block_bytes;
    uint32_t end = groups_end(&p->place_parts, part, p->head.places_end);
    for (uint32_t i = groups_first(&p->place_parts, part); i < end; i++) {
        unsigned char *group =
            section(p, WF_SECTION_PLACES) + (size_t)i * WF_PLACE_GROUP_BYTES;
        wf_put_u32(group, (uint32_t)at);
        for (size_t j = 0; j < WF_GROUP; j++)
            at += wf_get_u32(group + 2 + 2 * j) >> 16;
    }
}

static void write_places(void *job, unsigned thread, size_t part)
{
    (void)thread;
    const wf_packer *p = job;
    wf_place_part sum = p->places[part];
    unsigned char *blocks = section(p, WF_SECTION_BLOCKS);
    uint32_t at = wf_part_first(p->record_ends, (uint32_t)part);
    uint32_t end = p->record_ends[part];
    while (at < end) {
        const wf_record *run = p->records + at;
        uint32_t run_end = wf_run_end(p->records, at, end), count = run_end - at;
        unsigned char *block = blocks + sum.block_bytes, *block_end;
        if (count > WF_HUB_VISITS) {
            put_u24(block, sum.hubs);
            block[3] = WF_BLOCK_HUB;
            block_end = block + WF_BLOCK_HEAD_BYTES;
            write_hub(p, run, count, sum.hubs++, &sum.hub_bytes);
        } else {
            block_end = write_block(&p->head, run, count, block);
        }
        write_place_entry(p, wf_record_place(run), sum.places++, sum.block_bytes,
                          (uint32_t)(block_end - block));
        sum.block_bytes = (uint64_t)(block_end - blocks);
        at = run_end;
    }
    WF_ASSERT(sum.block_bytes == p->places[part + 1].block_bytes &&
              sum.hub_bytes == p->places[part + 1].hub_bytes);
    if ((p->head.forms & WF_FORM_PLACES_SPARSE) == 0)
        write_place_groups(p, part);
}

// ---- person order ----

static void write_slots(const wf_packer *p, const uint64_t *keys, uint32_t count,
                        wf_bit_writer *writer)
{
    unsigned bits = wf_code_bits(&p->head);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t code = wf_key_code(keys[i]);
        wf_bits_put(writer, code, bits);
        if (code >= p->head.places_end)
            wf_bits_put(writer, keys[i] & wf_bits_mask(WF_KEY_CODE_SHIFT), bits);
    }
}

static void write_people_sparse(const wf_packer *p, size_t part)
{
    const wf_person_part *sum = &p->people[part];
    const uint64_t *keys = p->keys + p->key_firsts[part];
    unsigned char *directory = section(p, WF_SECTION_PEOPLE);
    unsigned char *codes = section(p, WF_SECTION_CODES);
    wf_bit_writer writer = {.at = codes + sum->sparse_bytes};
    uint32_t count = p->key_counts[part], index = sum->people, slots;
    for (uint32_t at = 0; at < count; index++) {
        uint32_t end = wf_person_end(p, keys, at, count, &slots);
        wf_put_u32(directory + (size_t)index * 4,
                   (uint32_t)(keys[at] >> WF_KEY_PERSON_SHIFT));
        wf_put_u32(directory + ((size_t)p->head.people + index) * 4,
                   (uint32_t)(writer.at - codes));
        write_slots(p, keys + at, end - at, &writer);
        wf_bits_flush(&writer);
        at = end;
    }
}

// A person of more slots than a group's byte counts.
static void write_busy(const wf_packer *p, const uint64_t *keys, uint32_t count,
                       wf_person_part *sum)
{
    unsigned char *directory = section(p, WF_SECTION_BUSY);
    unsigned char *codes = section(p, WF_SECTION_CODES);
    uint64_t at = p->people[p->person_parts.count].group_bytes + sum->busy_bytes;
    wf_bit_writer writer = {.at = codes + at};
    wf_put_u32(directory + (size_t)sum->busy * 4,
               (uint32_t)(keys[0] >> WF_KEY_PERSON_SHIFT));
    wf_put_u32(directory + ((size_t)p->head.busy + sum->busy) * 4, (uint32_t)at);
    write_slots(p, keys, count, &writer);
    wf_bits_flush(&writer);
    sum->busy++;
    sum->busy_bytes += (uint64_t)(writer.at - codes) - at;
}

static void write_people_dense(const wf_packer *p, size_t part)
{
    wf_person_part sum = p->people[part];
    const uint64_t *keys = p->keys + p->key_firsts[part];
    unsigned char *codes = section(p, WF_SECTION_CODES);
    wf_bit_writer writer = {.at = codes + sum.group_bytes};
    uint32_t count = p->key_counts[part], at = 0, slots;
    uint32_t groups = groups_end(&p->person_parts, part, p->head.people_end);
    for (uint32_t i = groups_first(&p->person_parts, part); i < groups; i++) {
        unsigned char *group =
            section(p, WF_SECTION_PEOPLE) + (size_t)i * WF_PERSON_GROUP_BYTES;
        wf_put_u32(group, (uint32_t)(writer.at - codes));
        while (at < count && (keys[at] >> WF_KEY_PERSON_SHIFT) / WF_GROUP == i) {
            uint32_t end = wf_person_end(p, keys, at, count, &slots);
            bool busy = slots > WF_PERSON_SLOTS_MAX;
            group[4 + (keys[at] >> WF_KEY_PERSON_SHIFT) % WF_GROUP] =
                (unsigned char)(busy ? 1 : slots);
            if (busy) {
                wf_bits_put(&writer, wf_code_busy(&p->head), wf_code_bits(&p->head));
                write_busy(p, keys + at, end - at, &sum);
            } else {
                write_slots(p, keys + at, end - at, &writer);
            }
            at = end;
        }
        wf_bits_flush(&writer);
    }
    WF_ASSERT((uint64_t)(writer.at - codes) == p->people[part + 1].group_bytes);
}

static void write_people(void *job, unsigned thread, size_t part)
{
    (void)thread;
    const wf_packer *p = job;
    if ((p->head.forms & WF_FORM_PEOPLE_SPARSE) != 0)
        write_people_sparse(p, part);
    else
        write_people_dense(p, part);
}

// ---- the rest ----

static void write_texts(const wf_packed_texts *texts, unsigned char *offsets,
                        unsigned char *to)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < texts->count; i++) {
        wf_text text = texts->texts[texts->used[i]];
        memcpy(to + at, text.bytes, text.size);
        at += (uint32_t)text.size;
        wf_put_u32(offsets + ((size_t)i + 1) * 4, at);
    }
}

static void write_meetings(const wf_packer *p)
{
    unsigned char *directory = section(p, WF_SECTION_MEETERS);
    unsigned char *to = section(p, WF_SECTION_MEETINGS);
    uint32_t count = 2 * p->head.encounters, meeters = p->head.meeters, index = 0;
    uint64_t last = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++, to += wf_meeting_bytes(&p->head)) {
        uint64_t key = p->meetings[i].key, rest = p->meetings[i].rest;
        uint64_t person = key >> WF_MEETING_PERSON_SHIFT;
        if (person != last) {
            wf_put_u32(directory + (size_t)index * 4, (uint32_t)person);
            wf_put_u32(directory + ((size_t)meeters + index) * 4, i);
            index++;
            last = person;
        }
        uint64_t start = (key & wf_bits_mask(16)) << 1 | (rest >> 44 & 1);
        uint64_t length = rest >> 27 & wf_bits_mask(17);
        wf_put_u64(to, (key >> WF_MEETING_OTHER_SHIFT & wf_bits_mask(24)) | start << 24 |
                           length << 41 | (rest & 7) << 58);
        for (unsigned j = 0; j < p->head.setting_width; j++)
            to[8 + j] = (unsigned char)((rest >> 3 & wf_bits_mask(24)) >> (8 * j));
    }
    wf_put_u32(directory + 2 * (size_t)meeters * 4, count);
}

void wf_packer_write(wf_packer *p)
{
    const wf_segment_head *head = &p->head;
    wf_segment_head_put(head, p->out);
    write_texts(&p->seats, section(p, WF_SECTION_SEATS),
                section(p, WF_SECTION_SEAT_TEXT));
    write_texts(&p->settings, section(p, WF_SECTION_SETTINGS),
                section(p, WF_SECTION_SETTING_TEXT));
    wf_parallel_for(p->threads, p->place_parts.count, write_places, p);
    wf_parallel_for(p->threads, p->person_parts.count, write_people, p);
    write_meetings(p);
    // The ends of the sparse directories.
    if ((head->forms & WF_FORM_PLACES_SPARSE) != 0)
        wf_put_u32(section(p, WF_SECTION_PLACES) + 8 * (size_t)head->places,
                   head->block_bytes);
    if ((head->forms & WF_FORM_PEOPLE_SPARSE) != 0)
        wf_put_u32(section(p, WF_SECTION_PEOPLE) + 8 * (size_t)head->people,
                   head->code_bytes);
    bool dense = (head->forms & WF_FORM_PEOPLE_SPARSE) == 0;
    wf_put_u32(section(p, WF_SECTION_BUSY) + 8 * (size_t)head->busy,
               dense ? head->code_bytes : 0);
}
