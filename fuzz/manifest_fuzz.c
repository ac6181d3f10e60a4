// The manifest of the visit store as hostile bytes: it is refused, or names days that
// rise and are found, and is written as it was. The first byte says what the others are:
// even the file as it stands on the disk; odd the content inside it, which is sealed here
// (of version 1 where the byte's next bit is set, else of version 2).
#include "support/fuzz_keys.h"
#include "visits/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { head_bytes = 16, generation = 4 };

static const wf_key *dictionary_key(const wf_keys *keys)
{
    const wf_key *key = NULL;
    weft_error error = {0};
    WF_ASSERT(wf_keys_find(keys, WF_KEY_DICTIONARY, (weft_day){generation}, &key,
                           &error) == WEFT_OK);
    return key;
}

static void seal_content(const wf_keys *keys, uint32_t version, wf_text plain,
                         wf_buffer *file)
{
    unsigned char head[head_bytes];
    weft_error error = {0};
    memcpy(head, "WEFTMANI", 8);
    wf_put_u32(head + 8, version);
    wf_put_u32(head + 12, generation);
    WF_ASSERT(wf_buffer_append(file, head, sizeof head));
    WF_ASSERT(wf_seal_blob(dictionary_key(keys), (wf_text){(char *)head, sizeof head},
                           plain, file, &error) == WEFT_OK);
}

// The content inside a file that was just written.
static void open_content(const wf_keys *keys, wf_text file, wf_buffer *ret)
{
    weft_error error = {0};
    WF_ASSERT(wf_open_blob(dictionary_key(keys), (wf_text){file.bytes, head_bytes},
                           (wf_text){file.bytes + head_bytes, file.size - head_bytes},
                           ret, &error) == WEFT_OK);
}

// Flags that mean nothing yet are not kept: the first manifest that is written is the one
// that later ones are compared with.
static void write_again(const wf_keys *keys, const wf_manifest *manifest)
{
    wf_manifest read = {0};
    wf_buffer once = {0}, twice = {0}, first = {0}, second = {0};
    weft_error error = {0};
    WF_ASSERT(wf_manifest_print(manifest, dictionary_key(keys), &once, &error) ==
              WEFT_OK);
    WF_ASSERT(wf_manifest_read(wf_buffer_text(&once), "manifest", keys, &read, &error) ==
              WEFT_OK);
    WF_ASSERT(wf_manifest_print(&read, dictionary_key(keys), &twice, &error) == WEFT_OK);
    open_content(keys, wf_buffer_text(&once), &first);
    open_content(keys, wf_buffer_text(&twice), &second);
    WF_ASSERT(wf_text_equal(wf_buffer_text(&first), wf_buffer_text(&second)));
    WF_ASSERT(read.count == manifest->count && read.generation == manifest->generation);
    wf_manifest_done(&read);
    wf_buffer_done(&once);
    wf_buffer_done(&twice);
    wf_buffer_done(&first);
    wf_buffer_done(&second);
}

static void use(const wf_keys *keys, wf_text file)
{
    wf_manifest manifest = {0};
    weft_error error = {0};
    weft_status status = wf_manifest_read(file, "manifest", keys, &manifest, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_KEYLESS ||
              status == WEFT_TOO_LARGE);
    if (status != WEFT_OK)
        return;
    for (size_t i = 0; i < manifest.count; i++) {
        wf_manifest_day *day = &manifest.days[i];
        WF_ASSERT(i == 0 || day[-1].day.number < day->day.number);
        WF_ASSERT(wf_manifest_find(&manifest, day->day) == day);
        for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++)
            WF_ASSERT(day->files[slot].generation == 0 || (day->doomed >> slot & 1) == 0);
    }
    write_again(keys, &manifest);
    wf_manifest_done(&manifest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wf_keys *keys;
    static const fuzz_key wanted = {WF_KEY_DICTIONARY, generation};
    if (size < 1)
        return 0;
    if (keys == NULL)
        WF_ASSERT((keys = fuzz_keys(&wanted, 1)) != NULL);
    wf_text bytes = {(const char *)data + 1, size - 1};
    wf_buffer file = {0};
    if (data[0] % 2 == 0) {
        use(keys, bytes);
    } else {
        seal_content(keys, data[0] & 2 ? 1 : 2, bytes, &file);
        use(keys, wf_buffer_text(&file));
    }
    wf_buffer_done(&file);
    return 0;
}
