// The dictionary of ids as hostile bytes: it is refused by name, or gives ids that are
// found by their numbers and numbers by their ids, and what is written of it reads as the
// same. The first byte says what the others are: even the file as it stands on the disk,
// whole; odd the content of its records (2 how many bytes, bytes), which are sealed here.
#include <string.h>

#include "base/bytes.h"
#include "support/memory_file.h"
#include "support/test_key.h"
#include "visits/ids_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { file_head_bytes = 16, generation = 3, context_bytes = 32 };

// ---- making ----

static void put_head(wf_buffer *file, wf_ids_mark *mark)
{
    unsigned char head[file_head_bytes];
    memcpy(head, "WEFTDICT", 8);
    wf_put_u32(head + 8, 1);
    wf_put_u32(head + 12, generation);
    WF_ASSERT(wf_buffer_append(file, head, sizeof head));
    *mark = (wf_ids_mark){.length = file_head_bytes, .generation = generation};
}

// Seals a record behind those that the mark counts, which then counts it.
static void put_record(wf_buffer *file, wf_ids_mark *mark, wf_text plain)
{
    unsigned char context[context_bytes], head[4];
    const unsigned char *from = (const unsigned char *)plain.bytes;
    wf_buffer sealed = {0};
    weft_error error = {0};
    memcpy(context, "weft ids", 8);
    wf_put_u32(context + 8, generation);
    wf_put_u32(context + 12, mark->records++);
    memcpy(context + 16, mark->last_tag, WF_SEAL_TAG_BYTES);
    WF_ASSERT(wf_seal_blob(test_key_of(0), (wf_text){(char *)context, sizeof context},
                           plain, &sealed, &error) == WEFT_OK);
    wf_put_u32(head, (uint32_t)sealed.size);
    WF_ASSERT(wf_buffer_append(file, head, 4) &&
              wf_buffer_append(file, sealed.bytes, sealed.size));
    memcpy(mark->last_tag, sealed.bytes + sealed.size - WF_SEAL_TAG_BYTES,
           WF_SEAL_TAG_BYTES);
    if (plain.size >= 12 && wf_get_u32(from) < WF_ID_CLASS_COUNT)
        mark->counts[wf_get_u32(from)] += wf_get_u32(from + 8);
    mark->length = file->size;
    wf_buffer_done(&sealed);
}

static void make_file(wf_buffer *file, wf_ids_mark *mark, const uint8_t *data,
                      size_t size)
{
    put_head(file, mark);
    while (size >= 2) {
        size_t plain = data[0] | (size_t)data[1] << 8, left = size - 2;
        plain = plain < left ? plain : left;
        put_record(file, mark, (wf_text){(const char *)data + 2, plain});
        data += 2 + plain;
        size = left - plain;
    }
}

// ---- reading ----

static weft_status load(memory_file *file, const wf_ids_mark *mark, wf_ids *ids)
{
    weft_error error = {0};
    return wf_ids_file_load(&file->io, "dictionary", test_key_of(0), mark, 1, ids,
                            &error);
}

static void use(const wf_ids *ids, const wf_ids_mark *mark)
{
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        WF_ASSERT(wf_ids_count(ids, c) == mark->counts[c]);
        for (uint32_t number = 0; number < mark->counts[c]; number++) {
            wf_text text = wf_ids_text(ids, c, number);
            uint32_t found = text.size > 0 ? wf_ids_find(ids, c, text) : number;
            WF_ASSERT(found < mark->counts[c]);
            WF_ASSERT(wf_text_equal(wf_ids_text(ids, c, found), text));
        }
    }
}

static void write_again(const wf_ids *ids)
{
    memory_file file;
    weft_error error = {0};
    wf_ids *again = NULL;
    wf_ids_mark mark = {.generation = generation};
    memory_file_open(&file, "", 0);
    WF_ASSERT(wf_ids_new(&again, &error) == WEFT_OK);
    WF_ASSERT(wf_ids_file_append(&file.io, "dictionary", test_key_of(0), ids, &mark,
                                 &error) == WEFT_OK);
    WF_ASSERT(load(&file, &mark, again) == WEFT_OK);
    for (wf_id_class c = WF_ID_PERSON; c < WF_ID_CLASS_COUNT; c++) {
        WF_ASSERT(wf_ids_count(ids, c) == wf_ids_count(again, c));
        for (uint32_t number = 0; number < wf_ids_count(ids, c); number++)
            WF_ASSERT(wf_text_equal(wf_ids_text(ids, c, number),
                                    wf_ids_text(again, c, number)));
    }
    wf_ids_free(again);
    memory_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memory_file file;
    wf_buffer bytes = {0};
    wf_ids_mark mark = {.length = size, .records = 1, .generation = generation};
    wf_ids *ids = NULL;
    weft_error error = {0};
    if (size < 2)
        return 0;
    if (data[0] % 2 != 0)
        make_file(&bytes, &mark, data + 1, size - 1);
    else
        WF_ASSERT(wf_buffer_append(&bytes, data + 1, size - 1));
    memory_file_open(&file, bytes.bytes, bytes.size);
    WF_ASSERT(wf_ids_new(&ids, &error) == WEFT_OK);
    weft_status status = load(&file, &mark, ids);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_TOO_LARGE);
    if (status == WEFT_OK) {
        use(ids, &mark);
        write_again(ids);
    }
    wf_ids_free(ids);
    memory_file_close(&file);
    wf_buffer_done(&bytes);
    return 0;
}
