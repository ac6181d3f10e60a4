// A file of refused rows as hostile bytes: it is refused, or read to its end, twice and
// the second time as the first; rows stand under a source, and no more come than are
// said. The first byte says what the others are: even the file as it stands on the disk;
// odd its kind of import and the chunks inside it (1 type, 1 key, 1 how many rows, 2 how
// many bytes, bytes), which are sealed here.
#include "base/hash.h"
#include "load/refused_file.h"
#include "support/fuzz_keys.h"
#include "support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { today = 18972, step_bytes = 5 };

static const char name[] = "2021-12-11-0123456789abcdef.rows";

// What a chunk says that it is sealed under; of the last two there is no key.
static const fuzz_key sealers[] = {
    {WF_KEY_VISITS, today}, {WF_KEY_REFUSED, today}, {WF_KEY_VISITS, today + 1}, {9, 0}};

// ---- making ----

static void put_head(wf_buffer *file, uint32_t kind)
{
    unsigned char head[refused_head_bytes] = {0};
    memcpy(head, refused_magic, sizeof refused_magic);
    wf_put_u64(head + 24, 1639209600000000);
    wf_put_u32(head + 32, kind);
    WF_ASSERT(wf_buffer_append(file, head, sizeof head));
}

static void put_chunk(wf_buffer *file, const wf_keys *keys, uint32_t number,
                      const uint8_t *step, wf_text plain)
{
    unsigned char head[refused_chunk_head_bytes];
    refused_context context;
    wf_buffer sealed = {0};
    weft_error error = {0};
    const wf_key *key = NULL;
    const fuzz_key *by = &sealers[step[1] % (sizeof sealers / sizeof *sealers)];
    refused_chunk chunk = {.sealed_size = (uint32_t)(plain.size + WF_SEAL_BLOB_OVERHEAD),
                           .number = number,
                           .key_class = by->key_class,
                           .day = by->day,
                           .type = step[0],
                           .rows = step[2]};
    refused_put_chunk(head, &chunk);
    if (wf_keys_find(keys, WF_KEY_REFUSED, (weft_day){today}, &key, &error) == WEFT_OK &&
        by->key_class == WF_KEY_VISITS)
        WF_IGNORE(wf_keys_find(keys, WF_KEY_VISITS, (weft_day){today}, &key, &error),
                  "another day's does not open: any key will do");
    WF_ASSERT(key != NULL);
    WF_ASSERT(wf_seal_blob(
                  key, refused_context_of((unsigned char *)file->bytes, head, &context),
                  plain, &sealed, &error) == WEFT_OK);
    WF_ASSERT(wf_buffer_append(file, head, sizeof head) &&
              wf_buffer_append(file, sealed.bytes, sealed.size));
    wf_buffer_done(&sealed);
}

static void make_file(wf_buffer *file, const wf_keys *keys, const uint8_t *data,
                      size_t size)
{
    put_head(file, data[0]);
    data++;
    size--;
    for (uint32_t number = 0; size >= step_bytes; number++) {
        size_t plain = data[3] | (size_t)data[4] << 8, left = size - step_bytes;
        plain = plain < left ? plain : left;
        put_chunk(file, keys, number, data,
                  (wf_text){(const char *)data + step_bytes, plain});
        data += step_bytes + plain;
        size = left - plain;
    }
}

// ---- reading ----

static uint64_t sum(uint64_t before, wf_text text)
{
    return before * 31 + (text.size > 0 ? wf_hash(text.bytes, text.size, 7) : 0);
}

typedef struct {
    uint64_t sum, rows;
    weft_status status;
} reading;

static reading read_all(wf_refused_reader *reader)
{
    reading r = {0};
    wf_refused_item item;
    weft_error error = {0};
    bool has_source = false;
    for (;;) {
        r.status = wf_refused_next(reader, &item, &error);
        if (r.status != WEFT_OK || item.what == WF_REFUSED_END)
            break;
        r.sum = sum(r.sum * 31 + (uint64_t)item.what, item.mapping_yaml);
        r.sum = sum(sum(r.sum, item.name), item.header);
        has_source = has_source || item.what == WF_REFUSED_SOURCE;
        if (item.what != WF_REFUSED_ROW)
            continue;
        WF_ASSERT(has_source && item.row.day.number == today);
        r.sum = sum(sum(sum(r.sum + item.row.line, item.row.code), item.row.field),
                    item.row.raw);
        r.rows++;
    }
    WF_ASSERT(r.status == WEFT_OK || r.status == WEFT_DAMAGED);
    const wf_refused_about *about = wf_refused_reader_about(reader);
    WF_ASSERT(r.rows <= about->rows && about->unreadable <= about->rows);
    WF_ASSERT(r.status != WEFT_OK || r.rows + about->unreadable == about->rows);
    WF_ASSERT(strlen(about->mapping) < sizeof about->mapping);
    return r;
}

static void use(const wf_keys *keys, const void *bytes, size_t size)
{
    memory_file file;
    wf_refused_reader *reader = NULL;
    weft_error error = {0};
    memory_file_open(&file, bytes, size);
    const wf_refused_folder folder = {&file.io, "city", keys};
    WF_ASSERT(wf_refused_reader_open(&folder, name, &reader, &error) == WEFT_OK);
    reading first = read_all(reader);
    wf_refused_reader_rewind(reader);
    reading second = read_all(reader);
    WF_ASSERT(first.status == second.status && first.sum == second.sum &&
              first.rows == second.rows);
    wf_refused_reader_close(reader);
    memory_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_keys *keys;
    static const fuzz_key wanted[] = {{WF_KEY_VISITS, today}, {WF_KEY_REFUSED, today}};
    if (size < 2)
        return 0;
    if (keys == NULL)
        WF_ASSERT((keys = fuzz_keys(wanted, 2)) != NULL);
    wf_buffer made = {0};
    if (data[0] % 2 == 0) {
        use(keys, data + 1, size - 1);
    } else {
        make_file(&made, keys, data + 1, size - 1);
        use(keys, made.bytes, made.size);
    }
    wf_buffer_done(&made);
    return 0;
}
