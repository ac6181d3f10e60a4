// Whatever the bytes of a file, opening it as a ledger either refuses it by name or gives
// a ledger that can be read to its head, and what is cut off lay behind the last commit.
//
// The first byte says how the rest is taken: 0 as a file; 1 as a file whose links are
// made right, so that what lies behind them is reached; 2 as envelopes that were sealed
// under the right key, after 4 bytes of their number.
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "store/ledger/record.h"
#include "support/fuzz_ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// ---- one file in memory ----

static int memory_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    (void)flags;
    (void)mode;
    if (strcmp(path, "city/ledger/0000000001.facts") == 0)
        return dup(*(const int *)io->self);
    errno = ENOENT;
    return -1;
}

static int memory_sync(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}

static int memory_of(const uint8_t *data, size_t size)
{
    int file = memfd_create("ledger", MFD_CLOEXEC);
    WF_ASSERT(file >= 0 && (size == 0 || write(file, data, size) == (ssize_t)size));
    return file;
}

// ---- a whole file ----

typedef struct {
    uint64_t seen;
} visit;

static weft_status count_entry(void *context, const wf_entry *entry, weft_error *error)
{
    visit *v = context;
    (void)error;
    WF_ASSERT(entry->position == ++v->seen && entry->fact.id.seq >= 1);
    WF_ASSERT(entry->fact.id.device.size >= 1 &&
              entry->fact.id.device.size <= WF_DEVICE_BYTES_MAX);
    return WEFT_OK;
}

static void use(wf_ledger *ledger)
{
    weft_error error = {0};
    visit v = {0};
    wf_arena arena;
    wf_arena_init(&arena, 16 << 20);
    wf_entry entry;
    wf_ledger_head head = wf_ledger_now(ledger);
    weft_status scanned = wf_ledger_scan(ledger, 1, count_entry, &v, &error);
    WF_ASSERT(scanned != WEFT_OK || v.seen == head.positions);
    weft_status verified = wf_ledger_verify(ledger, NULL, NULL, &error);
    // What verifies opens; kinds may still not take a body.
    WF_ASSERT(verified != WEFT_OK || scanned == WEFT_OK ||
              strcmp(error.code, "ledger.envelopes") != 0);
    uint64_t wanted[] = {1, head.positions / 2, head.positions, head.positions + 1};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        weft_status status = wf_ledger_read(ledger, wanted[i], &arena, &entry, &error);
        WF_ASSERT(status != WEFT_OK || entry.position == wanted[i]);
        WF_ASSERT(scanned != WEFT_OK || status == WEFT_OK || status == WEFT_NOT_FOUND);
    }
    wf_arena_done(&arena);
}

static void open_file(const uint8_t *data, size_t size)
{
    weft_error error = {0};
    int file = memory_of(data, size);
    wf_io io = wf_io_posix;
    io.open = memory_open;
    io.sync = memory_sync;
    io.self = &file;
    wf_keys *keys = fuzz_ledger_keys();
    wf_zone *zone;
    WF_ASSERT(wf_zone_open("UTC", &zone, &error) == WEFT_OK);
    wf_ledger_options options = {.io = &io,
                                 .city_dir = "city",
                                 .keys = keys,
                                 .kinds = &fuzz_ledger_kinds,
                                 .zone = zone};
    wf_ledger *ledger = NULL;
    weft_status status = wf_ledger_open(&options, &ledger, &error);
    if (status == WEFT_OK)
        use(ledger);
    else
        WF_ASSERT(error.code != NULL);
    wf_ledger_close(ledger);
    wf_zone_close(zone);
    wf_keys_close(keys);
    WF_ASSERT(close(file) == 0);
}

// ---- links made right ----

static void mend_links(uint8_t *data, size_t size)
{
    unsigned char link[WF_LINK_BYTES];
    if (size < wf_ledger_file_head_bytes)
        return;
    memcpy(link, data + 56, sizeof link);
    for (size_t at = wf_ledger_file_head_bytes;
         size - at >= wf_ledger_record_head_bytes;) {
        wf_ledger_record_head head;
        if (!wf_ledger_parse_head(data + at, &head) || head.size > size - at)
            return;
        wf_ledger_link(link, (wf_text){(const char *)data + at, head.size}, link);
        memcpy(data + at + 56, link, sizeof link);
        at += head.size;
    }
}

// ---- envelopes ----

static void parse_envelopes(const uint8_t *data, size_t size)
{
    wf_ledger_opened opened = {0};
    if (size < 4 || !wf_buffer_append(&opened.envelopes, data + 4, size - 4))
        return;
    opened.head.count = wf_get_u32(data);
    if (wf_ledger_parse_envelopes(&opened) == WEFT_OK)
        for (uint32_t i = 0; i < opened.head.count; i++) {
            const wf_ledger_row *row = &opened.rows[i];
            const wf_ledger_group *group =
                &opened.groups[opened.shapes[row->shape].group];
            WF_ASSERT(opened.names[row->device].size > 0 && row->seq >= 1);
            WF_ASSERT(row->grid < opened.names_count && row->amends < opened.names_count);
            WF_ASSERT((uint64_t)row->body_at + row->body_bytes <= group->plain_bytes);
        }
    wf_ledger_opened_done(&opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 0)
        open_file(data + 1, size - 1);
    if (data[0] == 2)
        parse_envelopes(data + 1, size - 1);
    wf_buffer copy = {0};
    if (data[0] == 1 && wf_buffer_append(&copy, data + 1, size - 1)) {
        mend_links((uint8_t *)copy.bytes, copy.size);
        open_file((const uint8_t *)copy.bytes, copy.size);
    }
    wf_buffer_done(&copy);
    return 0;
}
