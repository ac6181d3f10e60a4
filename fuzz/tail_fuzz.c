// The tail of a day as hostile bytes: it is damaged by name, or gives rows that can be
// packed and read. The first byte says what the others are: even the file as it stands on
// the disk; odd the content of its records (2 how many bytes, bytes), which are sealed
// here, behind a byte of what happened to the file: 1 and 2 a mark was torn, 4 the newest
// mark counts one record less, 8 so does the manifest, 16 the last record was cut.
#include <string.h>

#include "base/bytes.h"
#include "support/memory_file.h"
#include "support/test_key.h"
#include "visits/tail_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { today = 18972, generation = 7 };
enum { first_torn = 1, second_torn = 2, mark_behind = 4, commit_behind = 8, cut = 16 };

// ---- making ----

static void put_record(wf_buffer *file, wf_tail_end *end, wf_text plain)
{
    unsigned char context[WF_TAIL_CONTEXT_BYTES], head[WF_TAIL_SIZE_BYTES];
    wf_buffer sealed = {0};
    weft_error error = {0};
    wf_tail_put_context(context, end);
    WF_ASSERT(wf_seal_blob(test_key_of(0), (wf_text){(char *)context, sizeof context},
                           plain, &sealed, &error) == WEFT_OK);
    wf_put_u32(head, (uint32_t)sealed.size);
    WF_ASSERT(wf_buffer_append(file, head, sizeof head) &&
              wf_buffer_append(file, sealed.bytes, sealed.size));
    wf_tail_advance(end, wf_buffer_text(&sealed));
    wf_buffer_done(&sealed);
}

static void put_mark(wf_buffer *file, const wf_tail_end *end, unsigned place, bool torn,
                     const wf_tail_mark *mark)
{
    wf_buffer sealed = {0};
    weft_error error = {0};
    size_t at = WF_TAIL_HEAD_BYTES + place * (size_t)WF_TAIL_MARK_BYTES;
    WF_ASSERT(wf_tail_mark_seal(test_key_of(0), end->head, place, mark, &sealed,
                                &error) == WEFT_OK &&
              sealed.size == WF_TAIL_MARK_BYTES);
    memcpy(file->bytes + at, sealed.bytes, sealed.size);
    file->bytes[at] = (char)(file->bytes[at] ^ (torn ? 1 : 0));
    wf_buffer_done(&sealed);
}

// What the manifest says of it is given back.
static wf_manifest_file make_file(wf_buffer *file, const uint8_t *data, size_t size)
{
    unsigned char nothing[WF_TAIL_RECORDS_AT] = {0};
    unsigned happened = data[0];
    wf_tail_end end = {.at.length = WF_TAIL_RECORDS_AT};
    memcpy(end.head, "WEFTTAIL", 8);
    wf_put_u32(end.head + 8, 1);
    wf_put_u32(end.head + 12, today);
    wf_put_u64(end.head + 16, generation);
    memcpy(nothing, end.head, sizeof end.head);
    WF_ASSERT(wf_buffer_append(file, nothing, sizeof nothing));
    wf_tail_mark last = end.at, before = end.at;
    for (data++, size--; size >= 2;) {
        size_t plain = data[0] | (size_t)data[1] << 8, left = size - 2;
        plain = plain < left ? plain : left;
        before = last;
        put_record(file, &end, (wf_text){(const char *)data + 2, plain});
        last = end.at;
        data += 2 + plain;
        size = left - plain;
    }
    put_mark(file, &end, 0, happened & first_torn, &before);
    put_mark(file, &end, 1, happened & second_torn,
             happened & mark_behind ? &before : &last);
    if ((happened & cut) != 0 && last.records > 0)
        file->size--;
    return (wf_manifest_file){.generation = generation,
                              .size =
                                  happened & commit_behind ? before.length : last.length};
}

// ---- reading ----

static void use(wf_segment *segment, const wf_tail_end *end)
{
    wf_segment_unpacked unpacked = {0};
    weft_error error = {0};
    wf_day *day = NULL;
    WF_ASSERT((segment == NULL) == (end->rows == 0));
    if (segment == NULL)
        return;
    WF_ASSERT(wf_segment_unpack(segment, &unpacked, &error) == WEFT_OK);
    const wf_segment_rows *rows = &unpacked.rows;
    WF_ASSERT(rows->visits_count + rows->encounters_count > 0 &&
              rows->visits_count + rows->encounters_count <= end->rows);
    for (size_t i = 0; i < rows->visits_count; i++)
        WF_ASSERT(rows->visits[i].start < rows->visits[i].end &&
                  60u * rows->visits[i].end <= end->newest_s &&
                  rows->visits[i].seat < rows->seats_count);
    for (size_t i = 0; i < rows->encounters_count; i++)
        WF_ASSERT(rows->encounters[i].start < rows->encounters[i].end &&
                  rows->encounters[i].end <= end->newest_s &&
                  rows->encounters[i].setting < rows->settings_count);
    wf_segment_unpacked_done(&unpacked);
    WF_ASSERT(wf_day_open(&segment, 1, &day, &error) == WEFT_OK);
    wf_day_close(day);
}

static void read_file(wf_text bytes, const wf_manifest_file *named)
{
    memory_file file;
    wf_visits visits = {.threads = 1};
    wf_manifest_day day = {.day = {today}};
    wf_segment *segment = NULL;
    wf_tail_end end = {0};
    weft_error error = {0};
    memory_file_open(&file, bytes.bytes, bytes.size);
    visits.io = &file.io;
    day.files[WF_SLOT_TAIL] = *named;
    weft_status checked = wf_tail_check(&visits, "tail", &day, &error);
    weft_status status =
        wf_tail_read(&visits, &day, test_key_of(0), &segment, &end, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_TOO_LARGE);
    WF_ASSERT(status != WEFT_OK || checked == WEFT_OK);
    if (status == WEFT_OK) {
        WF_ASSERT(end.at.length <= bytes.size && end.acknowledged <= end.at.length);
        use(segment, &end);
    }
    memory_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_buffer file = {0};
    if (size < 2)
        return 0;
    wf_manifest_file named = {.generation = generation, .size = size - 1};
    if (data[0] % 2 != 0)
        named = make_file(&file, data + 1, size - 1);
    else
        WF_ASSERT(wf_buffer_append(&file, data + 1, size - 1));
    if (file.size >= WF_TAIL_HEAD_BYTES)
        wf_tail_hash_head((const unsigned char *)file.bytes, &named.hash);
    read_file(wf_buffer_text(&file), &named);
    wf_buffer_done(&file);
    return 0;
}
