// The content of visits/2021-12-11.stated, which is sealed as a day file is
// (day_file.c), little endian:
//
//   OFFSET SIZE
//   0      4    version, 1
//   4      4    number of entries
//   8      …    entries, rising by device (bytewise) and seq, each name once:
//                 0  4  bytes of the entry, with these
//                 4  8  generation of the manifest that first named it
//                 12 8  position in the ledger, or 0
//                 20 8  seq
//                 28 4  kind
//                 32 1  flags: 1 = dead
//                 33 1  bytes of the device
//                 34 2  … of the seat
//                 36 2  … of the setting
//                 38 1  number of visits
//                 39 1  number of encounters
//                 40 4  bytes of the body
//                 44 …  device, seat, setting, body
//                 …  …  visits: days after the table's day 1, person 4, place 4,
//                       start 2, end 2, marks 1
//                 …  …  encounters: days 1, a 4, b 4, start 4, end 4, marks 1
#include "visits/stated_file.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/pages.h"

enum {
    file_version = 1,
    head_bytes = 8,
    entry_head_bytes = 44,
    visit_bytes = 14,
    encounter_bytes = 18,
    at_generation = 4,
    at_position = 12,
    at_seq = 20,
    at_kind = 28,
    at_flags = 32,
    at_device_size = 33,
    at_seat_size = 34,
    at_setting_size = 36,
    at_visits = 38,
    at_encounters = 39,
    at_body_size = 40,
    flag_dead = 1,
    device_bytes_max = 255
};

// ---- writing ----

static void put_u16(unsigned char *to, size_t value)
{
    to[0] = (unsigned char)value;
    to[1] = (unsigned char)(value >> 8);
}

static bool fits(const wf_stated *entry)
{
    return entry->id.device.size <= device_bytes_max &&
           entry->body.size <= WF_STATED_BODY_MAX &&
           entry->seat.size <= WF_STATED_TEXT_MAX &&
           entry->setting.size <= WF_STATED_TEXT_MAX &&
           entry->visits_count <= WF_STATED_ROWS_MAX &&
           entry->encounters_count <= WF_STATED_ROWS_MAX;
}

static unsigned char day_after(weft_day first, weft_day day)
{
    WF_ASSERT(day.number >= first.number &&
              day.number - first.number < WF_STATED_DAYS_MAX);
    return (unsigned char)(day.number - first.number);
}

static bool print_visit(weft_day first, const wf_stated_visit *visit, wf_buffer *to)
{
    unsigned char bytes[visit_bytes];
    const wf_visit_row *row = &visit->row;
    bytes[0] = day_after(first, visit->day);
    wf_put_u32(bytes + 1, row->person);
    wf_put_u32(bytes + 5, row->place);
    put_u16(bytes + 9, row->start);
    put_u16(bytes + 11, row->end);
    bytes[13] = row->marks;
    return wf_buffer_append(to, bytes, sizeof bytes);
}

static bool print_encounter(weft_day first, const wf_stated_encounter *met, wf_buffer *to)
{
    unsigned char bytes[encounter_bytes];
    const wf_encounter_row *row = &met->row;
    bytes[0] = day_after(first, met->day);
    wf_put_u32(bytes + 1, row->a);
    wf_put_u32(bytes + 5, row->b);
    wf_put_u32(bytes + 9, row->start);
    wf_put_u32(bytes + 13, row->end);
    bytes[17] = row->marks;
    return wf_buffer_append(to, bytes, sizeof bytes);
}

static bool print_texts(const wf_stated *entry, wf_buffer *to)
{
    return wf_buffer_append(to, entry->id.device.bytes, entry->id.device.size) &&
           wf_buffer_append(to, entry->seat.bytes, entry->seat.size) &&
           wf_buffer_append(to, entry->setting.bytes, entry->setting.size) &&
           wf_buffer_append(to, entry->body.bytes, entry->body.size);
}

weft_status wf_stated_print(const wf_stated *entry, uint64_t generation, wf_buffer *ret,
                            weft_error *error)
{
    WF_ASSERT(entry->id.device.size > 0);
    if (!fits(entry))
        return wf_fail(error, WEFT_TOO_LARGE, "visits.stated_too_large", NULL);
    size_t size = entry_head_bytes + entry->id.device.size + entry->seat.size +
                  entry->setting.size + entry->body.size +
                  entry->visits_count * visit_bytes +
                  entry->encounters_count * encounter_bytes;
    unsigned char head[entry_head_bytes];
    wf_put_u32(head, (uint32_t)size);
    wf_put_u64(head + at_generation, generation);
    wf_put_u64(head + at_position, entry->position);
    wf_put_u64(head + at_seq, (uint64_t)entry->id.seq);
    wf_put_u32(head + at_kind, entry->kind);
    head[at_flags] = entry->dead ? flag_dead : 0;
    head[at_device_size] = (unsigned char)entry->id.device.size;
    put_u16(head + at_seat_size, entry->seat.size);
    put_u16(head + at_setting_size, entry->setting.size);
    head[at_visits] = (unsigned char)entry->visits_count;
    head[at_encounters] = (unsigned char)entry->encounters_count;
    wf_put_u32(head + at_body_size, (uint32_t)entry->body.size);
    bool done = wf_buffer_append(ret, head, sizeof head) && print_texts(entry, ret);
    for (size_t i = 0; done && i < entry->visits_count; i++)
        done = print_visit(entry->day, &entry->visits[i], ret);
    for (size_t i = 0; done && i < entry->encounters_count; i++)
        done = print_encounter(entry->day, &entry->encounters[i], ret);
    return done ? WEFT_OK : wf_fail_memory(error);
}

bool wf_stated_print_head(wf_buffer *ret)
{
    unsigned char head[head_bytes] = {0};
    wf_put_u32(head, file_version);
    return wf_buffer_append(ret, head, sizeof head);
}

void wf_stated_patch_count(char *table, size_t count)
{
    wf_put_u32((unsigned char *)table + 4, (uint32_t)count);
}

void wf_stated_patch_generation(char *entry, uint64_t generation)
{
    wf_put_u64((unsigned char *)entry + at_generation, generation);
}

void wf_stated_patch_dead(char *entry, bool dead)
{
    entry[at_flags] = dead ? flag_dead : 0;
}

int wf_stated_order(wf_identity a, wf_identity b)
{
    int devices = wf_text_compare(a.device, b.device);
    return devices != 0 ? devices : (a.seq > b.seq) - (a.seq < b.seq);
}

// ---- reading ----

typedef struct {
    const unsigned char *at, *end;
} cursor;

static bool take(cursor *from, size_t size, const unsigned char **ret)
{
    if ((size_t)(from->end - from->at) < size)
        return false;
    *ret = from->at;
    from->at += size;
    return true;
}

static bool take_text(cursor *from, size_t size, wf_text *ret)
{
    const unsigned char *bytes;
    if (!take(from, size, &bytes))
        return false;
    *ret = (wf_text){(const char *)bytes, size};
    return true;
}

static size_t get_u16(const unsigned char *from)
{
    return from[0] | (size_t)from[1] << 8;
}

static bool parse_visit(cursor *from, weft_day first, wf_stated_visit *ret)
{
    const unsigned char *bytes;
    if (!take(from, visit_bytes, &bytes) || bytes[0] >= WF_STATED_DAYS_MAX)
        return false;
    ret->day = (weft_day){first.number + bytes[0]};
    ret->row = (wf_visit_row){.person = wf_get_u32(bytes + 1),
                              .place = wf_get_u32(bytes + 5),
                              .start = (uint16_t)get_u16(bytes + 9),
                              .end = (uint16_t)get_u16(bytes + 11),
                              .ordinal = WF_ROW_OLD,
                              .marks = bytes[13]};
    const wf_visit_row *row = &ret->row;
    return row->person < WF_NUMBER_LIMIT && row->place < WF_NUMBER_LIMIT &&
           row->start < row->end && row->end <= 1500 && row->marks <= 7;
}

static bool parse_encounter(cursor *from, weft_day first, wf_stated_encounter *ret)
{
    const unsigned char *bytes;
    if (!take(from, encounter_bytes, &bytes) || bytes[0] >= WF_STATED_DAYS_MAX)
        return false;
    ret->day = (weft_day){first.number + bytes[0]};
    ret->row = (wf_encounter_row){.a = wf_get_u32(bytes + 1),
                                  .b = wf_get_u32(bytes + 5),
                                  .start = wf_get_u32(bytes + 9),
                                  .end = wf_get_u32(bytes + 13),
                                  .ordinal = WF_ROW_OLD,
                                  .marks = bytes[17]};
    const wf_encounter_row *row = &ret->row;
    return row->a < row->b && row->b < WF_NUMBER_LIMIT && row->start < row->end &&
           row->end <= 90000 && row->marks <= 7;
}

static bool parse_rows(cursor *from, wf_stated_read *ret)
{
    wf_stated *entry = &ret->entry;
    bool good = entry->visits_count <= WF_STATED_ROWS_MAX &&
                entry->encounters_count <= WF_STATED_ROWS_MAX;
    for (size_t i = 0; good && i < entry->visits_count; i++)
        good = parse_visit(from, entry->day, &ret->visits[i]);
    for (size_t i = 0; good && i < entry->encounters_count; i++)
        good = parse_encounter(from, entry->day, &ret->encounters[i]);
    entry->visits = ret->visits;
    entry->encounters = ret->encounters;
    return good;
}

bool wf_stated_parse(wf_text bytes, weft_day day, wf_stated_read *ret)
{
    cursor from = {(const unsigned char *)bytes.bytes,
                   (const unsigned char *)bytes.bytes + bytes.size};
    const unsigned char *head;
    if (!take(&from, entry_head_bytes, &head) || wf_get_u32(head) != bytes.size ||
        head[at_flags] > flag_dead || head[at_device_size] == 0 ||
        wf_get_u32(head + at_body_size) > WF_STATED_BODY_MAX)
        return false;
    wf_stated *entry = &ret->entry;
    *entry = (wf_stated){.day = day,
                         .id = {.seq = (int64_t)wf_get_u64(head + at_seq)},
                         .kind = wf_get_u32(head + at_kind),
                         .dead = head[at_flags] == flag_dead,
                         .position = wf_get_u64(head + at_position),
                         .visits_count = head[at_visits],
                         .encounters_count = head[at_encounters]};
    ret->generation = wf_get_u64(head + at_generation);
    return take_text(&from, head[at_device_size], &entry->id.device) &&
           take_text(&from, get_u16(head + at_seat_size), &entry->seat) &&
           take_text(&from, get_u16(head + at_setting_size), &entry->setting) &&
           take_text(&from, wf_get_u32(head + at_body_size), &entry->body) &&
           parse_rows(&from, ret) && from.at == from.end;
}

// ---- tables ----

void wf_stated_table_done(wf_stated_table *table)
{
    free(table->entries);
    if (table->bytes.size > 0)
        sodium_memzero(table->bytes.bytes, table->bytes.size);
    wf_segment_bytes_done(&table->bytes);
    *table = (wf_stated_table){0};
}

// Takes the next entry, whose name must stand behind `before` (device size 0: none).
static bool take_entry(cursor *from, weft_day day, wf_identity *before, wf_text *ret)
{
    wf_stated_read read;
    if (from->end - from->at < entry_head_bytes ||
        !take_text(from, wf_get_u32(from->at), ret) ||
        !wf_stated_parse(*ret, day, &read) ||
        (before->device.size > 0 && wf_stated_order(*before, read.entry.id) >= 0))
        return false;
    *before = read.entry.id;
    return true;
}

weft_status wf_stated_table_open(wf_segment_bytes *bytes, weft_day day,
                                 wf_stated_table *ret, weft_error *error)
{
    cursor from = {bytes->bytes, bytes->bytes + bytes->size};
    const unsigned char *head;
    bool good = take(&from, head_bytes, &head) && wf_get_u32(head) == file_version;
    size_t count = good ? wf_get_u32(head + 4) : 0;
    // Before memory of that size is asked for.
    good = good && count <= (size_t)(from.end - from.at) / entry_head_bytes;
    if (!good)
        return wf_fail(error, WEFT_DAMAGED, "visits.segment_damaged", NULL);
    wf_text *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL)
        return wf_fail_memory(error);
    wf_identity before = {0};
    for (size_t i = 0; good && i < count; i++)
        good = take_entry(&from, day, &before, &entries[i]);
    if (!good || from.at != from.end) {
        free(entries);
        return wf_fail(error, WEFT_DAMAGED, "visits.segment_damaged", NULL);
    }
    *ret = (wf_stated_table){
        .day = day, .bytes = *bytes, .entries = entries, .count = count};
    return WEFT_OK;
}

void wf_stated_table_read(const wf_stated_table *table, size_t index, wf_stated_read *ret)
{
    WF_ASSERT(wf_stated_parse(table->entries[index], table->day, ret));
}

size_t wf_stated_table_find(const wf_stated_table *table, wf_identity id)
{
    size_t low = 0, high = table->count;
    wf_stated_read read;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        wf_stated_table_read(table, middle, &read);
        int order = wf_stated_order(read.entry.id, id);
        if (order == 0)
            return middle;
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return table->count;
}

static weft_status read_bytes(const wf_visits *visits, const wf_manifest_day *day,
                              wf_segment_bytes *ret, weft_error *error)
{
    const wf_manifest_file *file = &day->files[WF_SLOT_STATED];
    const wf_key *key;
    wf_path path;
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_STATED, &path, error));
    weft_status status = wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error);
    if (status == WEFT_KEYLESS) {
        // A file that is not the one named is damaged whether or not its key is there.
        wf_error_clear(error);
        WF_TRY(wf_stored_check_file(visits, path.text, day, WF_SLOT_STATED, error));
        char text[WF_DAY_TEXT_MAX];
        return wf_fail(error, WEFT_KEYLESS, "visits.day_keyless", "day",
                       wf_day_text(text, day->day), NULL);
    }
    WF_TRY(status);
    return wf_day_file_read(visits->io, path.text, key, day->day, file->generation,
                            &file->hash, 1, ret, error); // a table is small
}

// Its bytes are what was written, but that is not a table.
static weft_status fail_damaged(const wf_visits *visits, const wf_manifest_day *day,
                                weft_error *error)
{
    wf_path path;
    wf_error_clear(error);
    WF_TRY(wf_store_current_path(visits, day, WF_SLOT_STATED, &path, error));
    return wf_fail(error, WEFT_DAMAGED, "visits.day_file_damaged", "path", path.text,
                   "reason", "flipped", NULL);
}

weft_status wf_stated_load(const wf_visits *visits, const wf_manifest_day *day,
                           wf_stated_table *ret, weft_error *error)
{
    wf_segment_bytes bytes = {0};
    if (day == NULL || day->files[WF_SLOT_STATED].generation == 0) {
        *ret = (wf_stated_table){0};
        return WEFT_OK;
    }
    WF_TRY(read_bytes(visits, day, &bytes, error));
    weft_status status = wf_stated_table_open(&bytes, day->day, ret, error);
    if (status == WEFT_OK) {
        ret->generation = day->files[WF_SLOT_STATED].generation;
        return WEFT_OK;
    }
    wf_segment_bytes_done(&bytes);
    return status == WEFT_DAMAGED ? fail_damaged(visits, day, error) : status;
}
