// What was stated of a day, as the bytes of its table. The first byte says of what the
// others are: even an entry, odd a table. An entry that is read is written as it was.
#include <string.h>

#include "base/pages.h"
#include "visits/stated_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const weft_day day = {18972};

static void write_again(const wf_stated_read *read, wf_text bytes)
{
    wf_buffer again = {0};
    weft_error error = {0};
    WF_ASSERT(wf_stated_print(&read->entry, read->generation, &again, &error) == WEFT_OK);
    WF_ASSERT(wf_text_equal(wf_buffer_text(&again), bytes));
    wf_buffer_done(&again);
}

static void read_table(const uint8_t *data, size_t size)
{
    // A byte more, since no memory is no memory.
    wf_segment_bytes bytes = {wf_pages_new(size + 1), size, size + 1};
    wf_stated_table table;
    wf_stated_read read;
    weft_error error = {0};
    WF_ASSERT(bytes.bytes != NULL);
    memcpy(bytes.bytes, data, size);
    if (wf_stated_table_open(&bytes, day, &table, &error) != WEFT_OK) {
        wf_segment_bytes_done(&bytes);
        return;
    }
    for (size_t i = 0; i < table.count; i++) {
        wf_stated_table_read(&table, i, &read);
        WF_ASSERT(wf_stated_table_find(&table, read.entry.id) == i);
        write_again(&read, table.entries[i]);
    }
    wf_stated_table_done(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_stated_read read;
    if (size < 2)
        return 0;
    wf_text bytes = {(const char *)data + 1, size - 1};
    if (data[0] % 2 != 0)
        read_table(data + 1, size - 1);
    else if (wf_stated_parse(bytes, day, &read))
        write_again(&read, bytes);
    return 0;
}
