// A backup as hostile bytes: read to its end, then what it names is used. The first byte
// says what the others are: 0 a parcel, 1 the stream inside one, which is sealed here
// before it is read, 2 the head of a copy of a ring, 3 the public key of a recipient.
#include <stdint.h>

#include "access/copies/bundle.h"
#include "keys/copy_file.h"
#include "support/fuzz_ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// One file in memory.
typedef struct {
    wf_io io;
    wf_buffer bytes;
    size_t at;
} memory_file;

static int memory_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    (void)path;
    (void)flags;
    (void)mode;
    ((memory_file *)io->self)->at = 0;
    return 0;
}

static ssize_t memory_read(const wf_io *io, int file, void *bytes, size_t size)
{
    memory_file *memory = io->self;
    (void)file;
    size_t left = memory->bytes.size - memory->at;
    size = size < left ? size : left;
    if (size > 0)
        memcpy(bytes, memory->bytes.bytes + memory->at, size);
    memory->at += size;
    return (ssize_t)size;
}

static ssize_t memory_write(const wf_io *io, int file, const void *bytes, size_t size)
{
    memory_file *memory = io->self;
    (void)file;
    return wf_buffer_append(&memory->bytes, bytes, size) ? (ssize_t)size : -1;
}

static int memory_done(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}

static int memory_unlink(const wf_io *io, const char *path)
{
    (void)io;
    (void)path;
    return 0;
}

static void read_files(wf_parcel_reader *reader)
{
    wf_bundle_entry entry = {.kind = WF_BUNDLE_FILE};
    weft_error error = {0};
    while (entry.kind != WF_BUNDLE_END &&
           wf_bundle_next(reader, &entry, &error) == WEFT_OK) {
        char part[512];
        wf_text name = wf_text_of(entry.name);
        // No name leads out of the city's folder or to its keys.
        WF_ASSERT(entry.kind != WF_BUNDLE_FILE || wf_bundle_is_name(name));
        WF_ASSERT(strstr(entry.name, "..") == NULL || strstr(entry.name, "../") == NULL);
        WF_ASSERT(entry.name[0] != '/' && strncmp(entry.name, "keys", 4) != 0);
        for (uint64_t left = entry.size; left > 0;) {
            size_t size = left < sizeof part ? (size_t)left : sizeof part;
            if (wf_parcel_read(reader, part, size, &error) != WEFT_OK)
                return;
            left -= size;
        }
    }
}

static void read_backup(memory_file *memory, const wf_keys *keys)
{
    wf_parcel_reader *reader = NULL;
    wf_bundle_about about;
    wf_bundle_key *needed;
    size_t count;
    wf_arena arena;
    weft_error error = {0};
    wf_arena_init(&arena, 64 << 20);
    if (wf_parcel_open(&memory->io, "backup", &reader, &error) == WEFT_OK) {
        if (wf_parcel_unlock(reader, keys, &error) == WEFT_OK &&
            wf_bundle_open(reader, &arena, &about, &needed, &count, &error) == WEFT_OK)
            read_files(reader);
        wf_parcel_reader_free(reader);
    }
    wf_arena_done(&arena);
}

static void seal(memory_file *memory, const wf_keys *keys, const uint8_t *data,
                 size_t size)
{
    wf_parcel_writer *writer = NULL;
    weft_error error = {0};
    if (wf_parcel_create(&memory->io, "backup", keys, "0123456789abcdef0123456789abcdef",
                         &writer, &error) != WEFT_OK)
        return;
    if (wf_parcel_add(writer, data, size, &error) == WEFT_OK)
        WF_IGNORE(wf_parcel_finish(writer, &error), "then it is a cut one");
    wf_parcel_writer_free(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memory_file memory = {.io = {.open = memory_open,
                                 .read = memory_read,
                                 .write = memory_write,
                                 .sync = memory_done,
                                 .close = memory_done,
                                 .unlink = memory_unlink}};
    wf_text rest = {(const char *)data + 1, size > 0 ? size - 1 : 0};
    wf_copy_about about;
    wf_recipient recipient;
    memory.io.self = &memory;
    if (size == 0)
        return 0;
    wf_keys *keys = fuzz_ledger_keys();
    WF_ASSERT(keys != NULL);
    if (data[0] == 0 && wf_buffer_append(&memory.bytes, rest.bytes, rest.size))
        read_backup(&memory, keys);
    if (data[0] == 1) {
        seal(&memory, keys, data + 1, rest.size);
        read_backup(&memory, keys);
    }
    if (data[0] == 2 && wf_copy_parse_head(rest, &about) == WEFT_OK)
        WF_ASSERT(strlen(about.city_id) == 32);
    if (data[0] == 3 && wf_recipient_parse(rest, &recipient))
        WF_ASSERT(strlen(recipient.name) > 0);
    wf_keys_close(keys);
    wf_buffer_done(&memory.bytes);
    return 0;
}
