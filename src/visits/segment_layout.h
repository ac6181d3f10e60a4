// What an opened segment is made of, for the files of src/visits that pack, check and
// read it. The layout on bytes is drawn at the top of segment.c.
#ifndef WF_VISITS_SEGMENT_LAYOUT_H
#define WF_VISITS_SEGMENT_LAYOUT_H

#include "base/bytes.h"
#include "visits/bits.h"
#include "visits/segment.h"

#define WF_SEGMENT_MAGIC "WEFTSEG1"
#define WF_SEGMENT_HEAD_BYTES 104
#define WF_SEGMENT_PAD_BYTES 8 // so that a load of 8 bytes may begin at any byte

#define WF_SEGMENT_ROWS_MAX (UINT32_C(1) << 29) // visits, and encounters, of one day
#define WF_DAY_MINUTES_MAX 1500
#define WF_DAY_SECONDS_MAX 90000
#define WF_START_BITS 11

// More visits than this make a place a hub; up to this many minutes a stay is short.
#define WF_HUB_VISITS 200
#define WF_SHORT_MINUTES 120

#define WF_GROUP 32 // numbers that share an offset
#define WF_PLACE_GROUP_BYTES (4 + 2 * 32)
#define WF_PERSON_GROUP_BYTES (4 + 32)
#define WF_BLOCK_BYTES_MAX 2048 // 31 of them add up in 16 bits
#define WF_BLOCK_HEAD_BYTES 4
#define WF_BLOCK_HUB 255 // instead of widths: the block names a hub
#define WF_HUB_LIST_BYTES 28
#define WF_HUB_BYTES (4 + 2 * WF_HUB_LIST_BYTES)
#define WF_CODE_BITS_MIN 12     // a hub's start and list fit one slot
#define WF_PERSON_SLOTS_MAX 255 // more make a person busy

// Bits of the head's `forms`.
#define WF_FORM_PLACES_SPARSE 1u
#define WF_FORM_PEOPLE_SPARSE 2u
#define WF_FORM_STARTS_AT_ZERO_GO_ON 4u // a stay from minute 0 comes from before
#define WF_FORM_ENDS_AT_EDGE_GO_ON 8u   // a stay to the edge goes into the next day

typedef struct {
    weft_day day;
    uint32_t forms;
    uint32_t edge;          // greatest end of a stay, 0 without stays
    uint32_t setting_width; // bytes of a meeting's setting: 0, 1, 2 or 4
    uint32_t visits, encounters;
    uint32_t places_end, people_end;
    uint32_t places, people; // with visits, that is entries of a sparse directory
    uint32_t hubs, busy, meeters;
    uint32_t seats, settings; // texts, without the empty one
    uint32_t seat_bytes, setting_bytes;
    uint32_t block_bytes, hub_bytes, code_bytes;
} wf_segment_head;

// In the order of the bytes.
typedef enum {
    WF_SECTION_SEATS,
    WF_SECTION_SEAT_TEXT,
    WF_SECTION_SETTINGS,
    WF_SECTION_SETTING_TEXT,
    WF_SECTION_PLACES,
    WF_SECTION_BLOCKS,
    WF_SECTION_HUBS,
    WF_SECTION_HUB_ROWS,
    WF_SECTION_PEOPLE,
    WF_SECTION_CODES,
    WF_SECTION_BUSY,
    WF_SECTION_MEETERS,
    WF_SECTION_MEETINGS,
    WF_SECTION_END,
    WF_SECTION_COUNT
} wf_segment_section;

void wf_segment_head_put(const wf_segment_head *head,
                         unsigned char to[WF_SEGMENT_HEAD_BYTES]);
// False when the magic is not there.
bool wf_segment_head_get(const unsigned char from[WF_SEGMENT_HEAD_BYTES],
                         wf_segment_head *ret);
// Where each section begins; returns the size of the whole. Cannot overflow.
uint64_t wf_segment_measure(const wf_segment_head *head,
                            uint64_t ret_offsets[WF_SECTION_COUNT]);

struct wf_segment {
    wf_segment_bytes bytes;
    wf_segment_head head;
    unsigned code_bits;
    const unsigned char *at[WF_SECTION_COUNT];
};

// False when a byte is not as the layout says. Everything below relies on it.
bool wf_segment_check(const wf_segment *segment, unsigned threads);

// Ordinary places, hubs and "busy" in the numbers of person order.
static inline uint32_t wf_code_busy(const wf_segment_head *head)
{
    return head->places_end + head->hubs;
}

static inline unsigned wf_code_bits(const wf_segment_head *head)
{
    unsigned bits = wf_bits_for(wf_code_busy(head));
    return bits < WF_CODE_BITS_MIN ? WF_CODE_BITS_MIN : bits;
}

// Bytes that hold every setting's number.
static inline uint32_t wf_setting_width(uint32_t settings)
{
    return settings == 0 ? 0 : settings < 1u << 8 ? 1 : settings < 1u << 16 ? 2 : 4;
}

// The meeting of a person: 8 bytes and the setting.
static inline uint32_t wf_meeting_bytes(const wf_segment_head *head)
{
    return 8 + head->setting_width;
}

// ---- lists of rows ----

// Rows of constant width that stand together: the block of an ordinary place-day, or
// one of a hub's two lists.
typedef struct {
    const unsigned char *rows;
    uint32_t count;
    uint32_t person_base;
    unsigned person_bits, length_bits, row_bits;
    uint32_t longest; // no stay is longer, minutes
    // Rows whose marks are not what their times let expect, and rows with a seat.
    const unsigned char *marks;
    uint32_t marks_count;
    unsigned mark_row_bits; // 0: one entry a row
    unsigned mark_flag_bits, mark_seat_bits;
    uint32_t seat_base;
} wf_list;

typedef struct {
    unsigned count; // 0: nobody was there; 1; 2 for a hub
    wf_list lists[2];
} wf_place_lists;

typedef struct {
    uint32_t start, end, person;
} wf_list_row;

static inline wf_list_row wf_list_at(const wf_list *list, uint32_t index)
{
    uint64_t bits = wf_bits_at(list->rows, (uint64_t)index * list->row_bits);
    uint32_t start = (uint32_t)(bits & wf_bits_mask(WF_START_BITS));
    bits >>= WF_START_BITS;
    uint32_t length = (uint32_t)(bits & wf_bits_mask(list->length_bits));
    bits >>= list->length_bits;
    return (wf_list_row){
        .start = start,
        .end = start + length + 1,
        .person = list->person_base + (uint32_t)(bits & wf_bits_mask(list->person_bits)),
    };
}

static inline uint32_t wf_list_start(const wf_list *list, uint32_t index)
{
    return (uint32_t)(wf_bits_at(list->rows, (uint64_t)index * list->row_bits) &
                      wf_bits_mask(WF_START_BITS));
}

// The first row that starts at or after `start`.
uint32_t wf_list_from(const wf_list *list, uint32_t start);

// The widths that a block's head can name: 18 of persons × 7 of lengths × marked or not.
#define WF_LENGTH_BITS_MIN 5
#define WF_LENGTH_WIDTHS 7
#define WF_PERSON_WIDTHS 18
extern const unsigned char wf_person_widths[WF_PERSON_WIDTHS];

// Reads the block of `size` bytes; false when the head contradicts the size, or for the
// block of a hub. Rows are not looked at.
bool wf_block_get(const unsigned char *block, uint32_t size, wf_list *ret);
// The two lists of a hub.
void wf_hub_get(const wf_segment *segment, uint32_t hub, wf_place_lists *ret);
static inline uint32_t wf_hub_place(const wf_segment *segment, uint32_t hub)
{
    return wf_get_u32(segment->at[WF_SECTION_HUBS] + (size_t)hub * WF_HUB_BYTES);
}

// Sizes of a list's parts on bytes.
static inline uint64_t wf_list_rows_bytes(const wf_list *list)
{
    return wf_bits_bytes((uint64_t)list->count * list->row_bits);
}
static inline uint64_t wf_list_marks_bytes(const wf_list *list)
{
    return wf_bits_bytes(
        (uint64_t)list->marks_count *
        (list->mark_row_bits + list->mark_flag_bits + list->mark_seat_bits));
}

// ---- searching ----

void wf_segment_place(const wf_segment *segment, uint32_t place, wf_place_lists *ret);
// The block of a place, NULL when nobody was there. `place` may be any number.
const unsigned char *wf_segment_block(const wf_segment *segment, uint32_t place,
                                      uint32_t *ret_size);
// Brings what wf_segment_block reads for a place into the cache.
void wf_segment_prefetch(const wf_segment *segment, uint32_t place);

// Slots of person order: a place, or a hub followed by (start << 1 | which list).
typedef struct {
    const unsigned char *run;
    uint64_t bit; // where the first slot begins
    uint32_t count;
} wf_slots;

static inline uint32_t wf_slot_at(const wf_segment *segment, const wf_slots *slots,
                                  uint32_t index)
{
    return (uint32_t)(wf_bits_at(slots->run,
                                 slots->bit + (uint64_t)index * segment->code_bits) &
                      wf_bits_mask(segment->code_bits));
}

void wf_segment_person(const wf_segment *segment, uint32_t person, wf_slots *ret);
// Fetches what wf_segment_person reads first, and what it leads to.
void wf_segment_expect_people(const wf_segment *segment, const wf_person *people,
                              size_t count);

// The meetings of a person.
uint32_t wf_segment_meetings(const wf_segment *segment, uint32_t person,
                             const unsigned char **ret_rows);
void wf_meeting_get(const wf_segment *segment, const unsigned char *row,
                    wf_encounter_row *ret); // b is the other one; a is left alone

// The marks of a row (WF_MARK_… bits) and its seat in the segment's numbers.
uint32_t wf_list_marks(const wf_segment *segment, const wf_list *list, uint32_t index,
                       uint32_t *ret_seat);

// What marks the times of a stay let expect.
static inline uint32_t wf_marks_expected(const wf_segment_head *head, uint32_t start,
                                         uint32_t end)
{
    uint32_t before = (head->forms & WF_FORM_STARTS_AT_ZERO_GO_ON) != 0 && start == 0;
    uint32_t next = (head->forms & WF_FORM_ENDS_AT_EDGE_GO_ON) != 0 && end == head->edge;
    return before * WF_MARK_FROM_BEFORE | next * WF_MARK_INTO_NEXT;
}

// Texts 1 … count; "" for 0 and beyond.
wf_text wf_segment_seat(const wf_segment *segment, uint32_t seat);
wf_text wf_segment_setting(const wf_segment *segment, uint32_t setting);

#endif
