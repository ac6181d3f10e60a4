// A list as an import reads it: where its header is, what its rows become, which dates
// have to be asked for. The first byte says what kind of rows it has, the second by which
// mapping and order of dates it is read. The balance law holds of any bytes, each value
// is a text, and the same bytes say the same again.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "support/scratch.h"
#include "weft/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wf_path folder;
static weft_city *city;

static void close_city(void)
{
    weft_city_close(city);
    scratch_remove(folder.text);
}

static void open_city(void)
{
    weft_error error = {0};
    scratch_new(&folder);
    wf_path dir = scratch_path(&folder, "city"), keys = scratch_path(&folder, "keys");
    weft_init_options init = {.kind = WEFT_CITY_DRILL,
                              .clock = "2021-12-12T08:00+08:00",
                              .keys.key_dir = keys.text};
    if (weft_city_init(dir.text, &init, &error) != WEFT_OK ||
        weft_city_open(dir.text, &init.keys, &city, &error) != WEFT_OK ||
        atexit(close_city) != 0)
        abort();
}

typedef struct {
    const uint8_t *data;
    size_t size;
} bytes_left;

static ssize_t give(void *context, void *bytes, size_t size)
{
    bytes_left *left = context;
    size_t part = size < left->size ? size : left->size;
    if (part > 0)
        memcpy(bytes, left->data, part);
    left->data += part;
    left->size -= part;
    return (ssize_t)part;
}

static uint64_t sum(uint64_t before, const char *text)
{
    return before * 31 + wf_hash(text, strlen(text), 7);
}

// A sum over all that is said of it.
static uint64_t use(const weft_preview *seen)
{
    uint64_t all = seen->rows_read * 31 + seen->refused * 7 + seen->header_line;
    WF_ASSERT(seen->rows_count <= WEFT_PREVIEW_ROWS &&
              seen->rows_count <= seen->rows_read);
    WF_ASSERT(seen->refused <= seen->rows_read &&
              seen->warned <= seen->rows_read - seen->refused);
    WF_ASSERT(seen->top_count <= WEFT_PREVIEW_TOP &&
              seen->fields_count <= WEFT_PREVIEW_FIELDS_MAX);
    for (size_t i = 0; i < seen->top_count; i++)
        all = sum(all, seen->top[i].text);
    for (size_t i = 0; i < seen->columns_count; i++)
        all = sum(all, seen->columns[i].title);
    for (size_t i = 0; i < seen->rows_count; i++) {
        const weft_preview_row *row = &seen->rows[i];
        WF_ASSERT(row->line > seen->header_line);
        WF_ASSERT(row->code == NULL || row->warnings_count == 0);
        all = sum(all, row->code != NULL ? row->code : "");
        for (size_t f = 0; f < seen->fields_count; f++)
            all = sum(all, row->values[f]);
    }
    return all;
}

static weft_status preview(const uint8_t *data, size_t size, uint64_t *ret)
{
    static const char *const profiles[] = {NULL, "who", "godata", "sormas"};
    unsigned kind = data[0] % WEFT_IMPORT_KIND_COUNT;
    if (kind == WEFT_IMPORT_FACTS) // they have none
        kind = WEFT_IMPORT_PERSONS;
    bytes_left left = {data + 2, size - 2};
    const weft_import_source source = {
        .read = give, .context = &left, .name = "list", .size_bytes = size - 2};
    const weft_import_options options = {.profile = profiles[data[1] % 4],
                                         .dates = (weft_date_order)(data[1] / 4 % 3)};
    weft_preview seen;
    weft_error error = {0};
    weft_status status = weft_import_preview(city, (weft_import_kind)kind, &source,
                                             &options, &seen, &error);
    if (status == WEFT_OK)
        *ret = use(&seen);
    else
        WF_ASSERT(error.code != NULL);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t once = 0, twice = 0;
    if (size < 2)
        return 0;
    if (city == NULL)
        open_city();
    weft_status status = preview(data, size, &once);
    WF_ASSERT(preview(data, size, &twice) == status && once == twice);
    return 0;
}
