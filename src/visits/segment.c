// The layout of a segment. Integers are little endian; runs of bits have their least
// significant bit first. Sections follow one another without gaps, in this order; where
// they begin follows from the counts in the head.
//
//   OFFSET SIZE  head
//   0      8     "WEFTSEG1"
//   8      4     civil day
//   12     4     forms: 1 places sparse, 2 people sparse, 4 a stay from minute 0 is
//                expected to come from before, 8 one to the edge to go into the next day
//   16     4     edge: greatest end of a stay, minutes
//   20     4     bytes of a meeting's setting: 0, 1, 2 or 4
//   24     4, 4  visits, encounters
//   32     4, 4  one more than the greatest place, person
//   40     4, 4  places, people with visits
//   48     4 × 3 hubs, busy people, people with meetings
//   60     4, 4  seat texts, setting texts
//   68     4, 4  bytes of the seat texts, of the setting texts
//   76     4 × 3 bytes of blocks, of hub rows, of codes
//   88     16    zero
//
//   seat offsets     4 × (n + 1): where each text begins in the next section, and its end
//   seat texts       ascending bytewise, none empty, no two the same
//   setting offsets, setting texts: likewise
//
//   places, dense: a group for each 32 numbers
//     0    4       where the blocks of these places begin
//     4    2 × 32  bytes of each block, 0: nobody was there
//   places, sparse: 4 × n numbers, ascending; 4 × (n + 1) where each block begins, end
//
//   blocks: for each place, by number
//     0    3       smallest person; in a hub's block its ordinal
//     3    1       255: the block of a hub, which ends here. Else
//                  ((w × 7) + l) × 2 + m: persons are wf_person_widths[w] bits wide,
//                  lengths 5 + l; m: some rows are marked
//     4    1       if m: rows (else they follow from the block's bytes)
//     5    1       if m: form of the marks: bits 0–4 width of a seat, 5 flags are held,
//                  6 one entry a row instead of a list
//     6    1       if m and a list: entries
//     …    3       if m and seats are held: smallest seat
//     …    …       rows, by start, person, end, seat, marks:
//                  start 11 bits | length − 1 | person − smallest
//     …    …       entries: row 8 bits (list only) | flags 3 (if held) | 0 or seat −
//                  smallest + 1 (if held). Flags are the marks, exclusive or what
//                  the times let expect
//
//   hubs: places of more than 200 visits, by number
//     0    4       place
//     4    28 × 2  stays up to 120 minutes; longer ones:
//       0    4 × 3   rows, begin in the next section, entries of marks
//       12   4       smallest person
//       16   1 × 4   width of persons, of lengths, form of the marks as above, 0
//       20   4       longest stay, minutes; 0 without rows
//       24   4       smallest seat
//   hub rows: rows, then entries of marks, as above; the row of an entry is as wide as
//     the number of rows
//
//   people, dense: a group for each 32 numbers
//     0    4       where the codes of these people begin
//     4    1 × 32  slots of each; the slots of a group follow one another bit by bit
//   people, sparse: 4 × n numbers, 4 × (n + 1) where the codes of each begin, end
//   codes: slots as wide as places + hubs + 1 need, 12 bits at least. Below `places`:
//     a place; then the hubs, by ordinal, each followed by a slot start × 2 + list;
//     the last one, alone: a busy person. Each slot or pair once a person, ascending.
//   busy: people of more than 255 slots; 4 × n numbers, 4 × (n + 1) where their codes
//     begin (behind those of all groups), end
//
//   meeters: 4 × n people who met someone, 4 × (n + 1) their first row, end
//   meetings: for each of both people, by other, start, end, setting, marks
//     0    8       other 24 bits | start 17 | length − 1 17 | marks 3 | 0
//     8    0 … 4   setting
//
//   8 bytes of zero, so that any field may be read by a load of 8 bytes
//
// Why so: MEASURED §2. A place-day is read whole nearly always, so its rows are packed
// with the widths that this place needs; a row still is one load and two shifts, so that
// it can be searched. A person's times stand only in the block of the place, which a
// search reads anyway. Marks are rare but bunched (tables, trains), so they stand in
// the block they belong to; that a night ends at midnight and goes on costs nothing.
#include "visits/segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "visits/segment_layout.h"

_Static_assert(WF_HUB_VISITS <= UINT8_MAX, "rows of a block are counted in a byte");
_Static_assert(WF_DAY_MINUTES_MAX <= 1 << WF_START_BITS, "a start fits its bits");

const unsigned char wf_person_widths[WF_PERSON_WIDTHS] = {
    0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 21, 22, 23, 24};

// ---- the head ----

// The 32-bit fields in the order of the bytes.
#define HEAD_FIELDS(X)                                                                   \
    X(forms)                                                                             \
    X(edge)                                                                              \
    X(setting_width)                                                                     \
    X(visits)                                                                            \
    X(encounters)                                                                        \
    X(places_end)                                                                        \
    X(people_end)                                                                        \
    X(places)                                                                            \
    X(people)                                                                            \
    X(hubs)                                                                              \
    X(busy)                                                                              \
    X(meeters)                                                                           \
    X(seats)                                                                             \
    X(settings)                                                                          \
    X(seat_bytes)                                                                        \
    X(setting_bytes)                                                                     \
    X(block_bytes)                                                                       \
    X(hub_bytes)                                                                         \
    X(code_bytes)

void wf_segment_head_put(const wf_segment_head *head,
                         unsigned char to[WF_SEGMENT_HEAD_BYTES])
{
    memset(to, 0, WF_SEGMENT_HEAD_BYTES);
    memcpy(to, WF_SEGMENT_MAGIC, 8);
    wf_put_u32(to + 8, (uint32_t)head->day.number);
    unsigned char *at = to + 12;
#define X(field)                                                                         \
    wf_put_u32(at, head->field);                                                         \
    at += 4;
    HEAD_FIELDS(X)
#undef X
}

bool wf_segment_head_get(const unsigned char from[WF_SEGMENT_HEAD_BYTES],
                         wf_segment_head *ret)
{
    static const unsigned char zero[16];
    if (memcmp(from, WF_SEGMENT_MAGIC, 8) != 0 ||
        memcmp(from + WF_SEGMENT_HEAD_BYTES - sizeof zero, zero, sizeof zero) != 0)
        return false;
    ret->day.number = (int32_t)wf_get_u32(from + 8);
    const unsigned char *at = from + 12;
#define X(field)                                                                         \
    ret->field = wf_get_u32(at);                                                         \
    at += 4;
    HEAD_FIELDS(X)
#undef X
    return true;
}

// Numbers and offsets of a sparse directory.
static uint64_t sparse_bytes(uint64_t count)
{
    return 4 * count + 4 * (count + 1);
}

static uint64_t groups(uint32_t end)
{
    return ((uint64_t)end + WF_GROUP - 1) / WF_GROUP;
}

uint64_t wf_segment_measure(const wf_segment_head *head,
                            uint64_t ret_offsets[WF_SECTION_COUNT])
{
    bool places_sparse = (head->forms & WF_FORM_PLACES_SPARSE) != 0;
    bool people_sparse = (head->forms & WF_FORM_PEOPLE_SPARSE) != 0;
    const uint64_t sizes[WF_SECTION_COUNT] = {
        [WF_SECTION_SEATS] = 4 * ((uint64_t)head->seats + 1),
        [WF_SECTION_SEAT_TEXT] = head->seat_bytes,
        [WF_SECTION_SETTINGS] = 4 * ((uint64_t)head->settings + 1),
        [WF_SECTION_SETTING_TEXT] = head->setting_bytes,
        [WF_SECTION_PLACES] = places_sparse
                                  ? sparse_bytes(head->places)
                                  : groups(head->places_end) * WF_PLACE_GROUP_BYTES,
        [WF_SECTION_BLOCKS] = head->block_bytes,
        [WF_SECTION_HUBS] = (uint64_t)head->hubs * WF_HUB_BYTES,
        [WF_SECTION_HUB_ROWS] = head->hub_bytes,
        [WF_SECTION_PEOPLE] = people_sparse
                                  ? sparse_bytes(head->people)
                                  : groups(head->people_end) * WF_PERSON_GROUP_BYTES,
        [WF_SECTION_CODES] = head->code_bytes,
        [WF_SECTION_BUSY] = sparse_bytes(head->busy),
        [WF_SECTION_MEETERS] = sparse_bytes(head->meeters),
        [WF_SECTION_MEETINGS] = 2 * (uint64_t)head->encounters * wf_meeting_bytes(head),
        [WF_SECTION_END] = WF_SEGMENT_PAD_BYTES,
    };
    uint64_t at = WF_SEGMENT_HEAD_BYTES;
    for (size_t i = 0; i < WF_SECTION_COUNT; i++) {
        ret_offsets[i] = at;
        at += sizes[i];
    }
    return at;
}

// ---- opening ----

void wf_segment_bytes_done(wf_segment_bytes *bytes)
{
    wf_pages_free(bytes->bytes, bytes->capacity);
    *bytes = (wf_segment_bytes){0};
}

// Fills all but the bytes' owner; false unless head and size agree.
static bool lay_out(const wf_segment_bytes *bytes, wf_segment *segment)
{
    uint64_t offsets[WF_SECTION_COUNT];
    if (bytes->size < WF_SEGMENT_HEAD_BYTES ||
        !wf_segment_head_get(bytes->bytes, &segment->head))
        return false;
    const wf_segment_head *head = &segment->head;
    if (head->setting_width == 3 || head->setting_width > 4 ||
        head->places_end > WF_NUMBER_LIMIT || head->people_end > WF_NUMBER_LIMIT ||
        head->hubs > WF_NUMBER_LIMIT)
        return false;
    if (wf_segment_measure(head, offsets) != bytes->size)
        return false;
    for (size_t i = 0; i < WF_SECTION_COUNT; i++)
        segment->at[i] = bytes->bytes + offsets[i];
    segment->code_bits = wf_code_bits(head);
    return true;
}

weft_status wf_segment_open(wf_segment_bytes *bytes, unsigned threads, wf_segment **ret,
                            weft_error *error)
{
    wf_segment *segment = calloc(1, sizeof *segment);
    if (segment == NULL)
        return wf_fail_memory(error);
    if (!lay_out(bytes, segment) || !wf_segment_check(segment, threads)) {
        free(segment);
        return wf_fail(error, WEFT_DAMAGED, "visits.segment_damaged", NULL);
    }
    segment->bytes = *bytes;
    *bytes = (wf_segment_bytes){0};
    *ret = segment;
    return WEFT_OK;
}

void wf_segment_close(wf_segment *segment)
{
    if (segment == NULL)
        return;
    wf_segment_bytes_done(&segment->bytes);
    free(segment);
}

static wf_text text_at(const unsigned char *offsets, const unsigned char *texts,
                       uint32_t index)
{
    uint32_t from = wf_get_u32(offsets + (size_t)index * 4);
    uint32_t to = wf_get_u32(offsets + (size_t)index * 4 + 4);
    return (wf_text){(const char *)texts + from, to - from};
}

wf_text wf_segment_seat(const wf_segment *segment, uint32_t seat)
{
    if (seat == 0 || seat > segment->head.seats)
        return WF_TEXT("");
    return text_at(segment->at[WF_SECTION_SEATS], segment->at[WF_SECTION_SEAT_TEXT],
                   seat - 1);
}

wf_text wf_segment_setting(const wf_segment *segment, uint32_t setting)
{
    if (setting == 0 || setting > segment->head.settings)
        return WF_TEXT("");
    return text_at(segment->at[WF_SECTION_SETTINGS], segment->at[WF_SECTION_SETTING_TEXT],
                   setting - 1);
}
