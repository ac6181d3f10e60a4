#include "access/copies/bundle.h"

#include <string.h>

#include "base/bytes.h"
#include "load/outlines.h"

enum { key_bytes = 8, keys_max = 1000000 };

// ---- names ----

static bool is_plain(wf_text name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '.')
            return false;
    }
    return name.size > 0 && name.bytes[0] != '.';
}

bool wf_bundle_is_name(wf_text name)
{
    static const char *const files[] = {"weft.yaml", "clock", "keep", WF_OUTLINES_NAME};
    static const char *const folders[] = {"ledger/", "visits/", "refused/", "mappings/"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (wf_text_equal(name, wf_text_of(files[i])))
            return true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t size = strlen(folders[i]);
        if (name.size > size && name.size <= wf_bundle_name_max &&
            memcmp(name.bytes, folders[i], size) == 0)
            return is_plain((wf_text){name.bytes + size, name.size - size});
    }
    return false;
}

// ---- writing ----

weft_status wf_bundle_put_entry(wf_parcel_writer *to, wf_bundle_kind kind, wf_text name,
                                uint64_t size, weft_error *error)
{
    unsigned char head[wf_bundle_entry_bytes];
    wf_put_u32(head, (uint32_t)kind);
    wf_put_u32(head + 4, (uint32_t)name.size);
    wf_put_u64(head + 8, size);
    WF_TRY(wf_parcel_add(to, head, sizeof head, error));
    return wf_parcel_add(to, name.bytes, name.size, error);
}

weft_status wf_bundle_put_about(wf_parcel_writer *to, const wf_bundle_about *about,
                                weft_error *error)
{
    unsigned char content[wf_bundle_about_bytes] = {0};
    wf_put_u64(content, (uint64_t)about->at.us);
    wf_put_u64(content + 8, about->ledger.commits);
    wf_put_u64(content + 16, about->ledger.positions);
    wf_put_u64(content + 24, (uint64_t)about->ledger.received.us);
    memcpy(content + 32, about->ledger.link, WF_LINK_BYTES);
    wf_put_u64(content + 64, about->visits);
    wf_put_u64(content + 72, about->bytes);
    wf_put_u32(content + 80, about->files);
    WF_TRY(wf_bundle_put_entry(to, WF_BUNDLE_ABOUT, WF_TEXT(""), sizeof content, error));
    return wf_parcel_add(to, content, sizeof content, error);
}

static bool print_keys(const wf_keys *keys, wf_key_class key_class, wf_arena *arena,
                       wf_buffer *to, weft_status *ret_status, weft_error *error)
{
    weft_day *days;
    size_t count;
    *ret_status = wf_keys_days(keys, key_class, arena, &days, &count, error);
    for (size_t i = 0; *ret_status == WEFT_OK && i < count; i++) {
        unsigned char key[key_bytes];
        wf_put_u32(key, (uint32_t)key_class);
        wf_put_u32(key + 4, (uint32_t)days[i].number);
        if (!wf_buffer_append(to, key, sizeof key))
            *ret_status = wf_fail_memory(error);
    }
    return *ret_status == WEFT_OK;
}

weft_status wf_bundle_put_keys(wf_parcel_writer *to, const wf_keys *keys,
                               weft_error *error)
{
    wf_arena arena;
    wf_buffer content = {0};
    weft_status status = WEFT_OK;
    wf_arena_init(&arena, 0);
    for (int key_class = 1; key_class < WF_KEY_CLASS_COUNT; key_class++)
        if (key_class != WF_KEY_RECORDS && // its rows are made again
            !print_keys(keys, (wf_key_class)key_class, &arena, &content, &status, error))
            break;
    if (status == WEFT_OK)
        status =
            wf_bundle_put_entry(to, WF_BUNDLE_KEYS, WF_TEXT(""), content.size, error);
    if (status == WEFT_OK)
        status = wf_parcel_add(to, content.bytes, content.size, error);
    wf_buffer_done(&content);
    wf_arena_done(&arena);
    return status;
}

// ---- reading ----

static weft_status fail_content(weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "backup.content", NULL);
}

weft_status wf_bundle_next(wf_parcel_reader *from, wf_bundle_entry *ret,
                           weft_error *error)
{
    unsigned char head[wf_bundle_entry_bytes];
    wf_bundle_entry entry = {0};
    size_t got = 0;
    WF_TRY(wf_parcel_read_some(from, head, sizeof head, &got, error));
    if (got > 0)
        WF_TRY(wf_parcel_read(from, head + got, sizeof head - got, error));
    uint32_t name_size = got > 0 ? wf_get_u32(head + 4) : 0;
    if (got > 0) {
        uint32_t kind = wf_get_u32(head);
        if (kind < WF_BUNDLE_ABOUT || kind > WF_BUNDLE_FILE ||
            name_size > wf_bundle_name_max || (kind == WF_BUNDLE_FILE) != (name_size > 0))
            return fail_content(error);
        entry.kind = (wf_bundle_kind)kind;
        entry.size = wf_get_u64(head + 8);
    }
    WF_TRY(wf_parcel_read(from, entry.name, name_size, error));
    if (entry.kind == WF_BUNDLE_FILE &&
        !wf_bundle_is_name((wf_text){entry.name, name_size}))
        return fail_content(error);
    *ret = entry;
    return WEFT_OK;
}

static weft_status read_about(wf_parcel_reader *from, wf_bundle_about *ret,
                              weft_error *error)
{
    unsigned char content[wf_bundle_about_bytes];
    wf_bundle_entry entry;
    WF_TRY(wf_bundle_next(from, &entry, error));
    if (entry.kind != WF_BUNDLE_ABOUT || entry.size != sizeof content)
        return fail_content(error);
    WF_TRY(wf_parcel_read(from, content, sizeof content, error));
    *ret = (wf_bundle_about){.at = {(int64_t)wf_get_u64(content)},
                             .ledger = {.commits = wf_get_u64(content + 8),
                                        .positions = wf_get_u64(content + 16),
                                        .received = {(int64_t)wf_get_u64(content + 24)}},
                             .visits = wf_get_u64(content + 64),
                             .bytes = wf_get_u64(content + 72),
                             .files = wf_get_u32(content + 80)};
    memcpy(ret->ledger.link, content + 32, WF_LINK_BYTES);
    return WEFT_OK;
}

static weft_status read_keys(wf_parcel_reader *from, wf_arena *arena, wf_bundle_key **ret,
                             size_t *ret_count, weft_error *error)
{
    wf_bundle_entry entry;
    WF_TRY(wf_bundle_next(from, &entry, error));
    if (entry.kind != WF_BUNDLE_KEYS || entry.size % key_bytes != 0 ||
        entry.size / key_bytes > keys_max)
        return fail_content(error);
    size_t count = (size_t)entry.size / key_bytes;
    wf_bundle_key *keys = wf_arena_array(arena, count + 1, sizeof *keys);
    if (keys == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        unsigned char key[key_bytes];
        WF_TRY(wf_parcel_read(from, key, sizeof key, error));
        uint32_t key_class = wf_get_u32(key);
        if (key_class == 0 || key_class >= WF_KEY_CLASS_COUNT)
            return fail_content(error);
        keys[i] =
            (wf_bundle_key){(wf_key_class)key_class, {(int32_t)wf_get_u32(key + 4)}};
    }
    *ret = keys;
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_bundle_open(wf_parcel_reader *from, wf_arena *arena, wf_bundle_about *ret,
                           wf_bundle_key **ret_keys, size_t *ret_count, weft_error *error)
{
    wf_bundle_about about;
    WF_TRY(read_about(from, &about, error));
    WF_TRY(read_keys(from, arena, ret_keys, ret_count, error));
    *ret = about;
    return WEFT_OK;
}
