// What the two halves of packing share: segment_pack.c sorts and measures,
// segment_write.c writes. Only for them.
#ifndef WF_VISITS_SEGMENT_PACKER_H
#define WF_VISITS_SEGMENT_PACKER_H

#include "visits/segment_layout.h"
#include "visits/segment_sort.h"

#define WF_PARTS_MAX 2048

// Numbers are cut into parts of 2^shift, a multiple of a group; the rows of a part are
// sorted and written by one thread.
typedef struct {
    unsigned shift;
    uint32_t count;
} wf_parts;

// Of a part of places: first what it holds, then (wf_place_part_sum) what stands before
// it.
typedef struct {
    uint64_t block_bytes, hub_bytes;
    uint32_t places, hubs;
} wf_place_part;

// Likewise of people; codes are measured for both directories.
typedef struct {
    uint64_t group_bytes, sparse_bytes, busy_bytes;
    uint32_t people, busy;
} wf_person_part;

// The texts that rows use, ascending.
typedef struct {
    uint32_t *numbers;    // by the rows' number: the segment's, 0 for ""
    const wf_text *texts; // the caller's
    uint32_t *used;       // the caller's number of each text of the segment, from 1 on
    uint32_t count;
    uint64_t bytes;
} wf_packed_texts;

typedef struct {
    const wf_segment_rows *rows;
    unsigned threads;
    wf_segment_head head;
    wf_packed_texts seats, settings;

    // Visits by part of places, then sorted.
    wf_parts place_parts;
    uint32_t record_ends[WF_PARTS_MAX]; // where the records of each part end
    wf_place_part places[WF_PARTS_MAX + 1];
    wf_record *records;
    // Slots by part of people: person 24 bits | code 25 | start 11 | list 1.
    wf_parts person_parts;
    uint32_t key_firsts[WF_PARTS_MAX], key_counts[WF_PARTS_MAX];
    wf_person_part people[WF_PARTS_MAX + 1];
    uint64_t *keys;
    // Both ends of encounters, sorted.
    wf_record *meetings;

    unsigned char *out;
    uint64_t offsets[WF_SECTION_COUNT];
} wf_packer;

// The key of a visit is place 24 bits | start 11 | person 24, its rest length − 1 11 bits
// | seat 24 | marks 3, the uppermost first.
#define WF_RECORD_PLACE_SHIFT 35
#define WF_RECORD_START_SHIFT 24
#define WF_RECORD_LENGTH_SHIFT 27
#define WF_RECORD_SEAT_SHIFT 3

static inline uint32_t wf_record_place(const wf_record *record)
{
    return (uint32_t)(record->key >> WF_RECORD_PLACE_SHIFT);
}
static inline uint32_t wf_record_start(const wf_record *record)
{
    return (uint32_t)(record->key >> WF_RECORD_START_SHIFT & wf_bits_mask(11));
}
static inline uint32_t wf_record_person(const wf_record *record)
{
    return (uint32_t)(record->key & wf_bits_mask(24));
}
static inline uint32_t wf_record_minutes(const wf_record *record)
{
    return (uint32_t)(record->rest >> WF_RECORD_LENGTH_SHIFT) + 1;
}
static inline uint32_t wf_record_seat(const wf_record *record)
{
    return (uint32_t)(record->rest >> WF_RECORD_SEAT_SHIFT & wf_bits_mask(24));
}
// The marks, exclusive or what the times let expect.
static inline uint32_t wf_record_flags(const wf_segment_head *head,
                                       const wf_record *record)
{
    uint32_t start = wf_record_start(record);
    return (uint32_t)(record->rest & wf_bits_mask(3)) ^
           wf_marks_expected(head, start, start + wf_record_minutes(record));
}

// A meeting's key is person 24 bits | other 24 | upper 16 of start, its rest lowest bit
// of start | length − 1 17 | setting 24 | marks 3.
#define WF_MEETING_PERSON_SHIFT 40
#define WF_MEETING_OTHER_SHIFT 16

// A slot's key.
#define WF_KEY_PERSON_SHIFT 37
#define WF_KEY_CODE_SHIFT 12
static inline uint32_t wf_key_code(uint64_t key)
{
    return (uint32_t)(key >> WF_KEY_CODE_SHIFT & wf_bits_mask(25));
}

// The records of one place within the part's.
static inline uint32_t wf_run_end(const wf_record *records, uint32_t first, uint32_t end)
{
    uint64_t place = records[first].key >> WF_RECORD_PLACE_SHIFT;
    uint32_t at = first + 1;
    while (at < end && records[at].key >> WF_RECORD_PLACE_SHIFT == place)
        at++;
    return at;
}

static inline uint32_t wf_part_first(const uint32_t *ends, uint32_t part)
{
    return part == 0 ? 0 : ends[part - 1];
}

// How many of a hub's records are short stays; these come first.
uint32_t wf_short_stays(const wf_record *run, uint32_t count);

// The widths for a list, without its pointers.
void wf_list_measure(const wf_segment_head *head, const wf_record *run, uint32_t count,
                     bool hub, wf_list *ret);
uint32_t wf_block_bytes(const wf_list *list);

// The keys of one person from `first` on: where they end, and how many slots they take.
static inline uint32_t wf_person_end(const wf_packer *p, const uint64_t *keys,
                                     uint32_t first, uint32_t end, uint32_t *ret_slots)
{
    uint64_t person = keys[first] >> WF_KEY_PERSON_SHIFT;
    uint32_t at = first, slots = 0;
    for (; at < end && keys[at] >> WF_KEY_PERSON_SHIFT == person; at++)
        slots += wf_key_code(keys[at]) < p->head.places_end ? 1 : 2;
    *ret_slots = slots;
    return at;
}

// Writes all sections to p->out, which is zeroed.
void wf_packer_write(wf_packer *p);

#endif
