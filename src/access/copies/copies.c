// Keys as the API gives them: classes, recipients, copies of the ring.
#include <sodium.h>
#include <string.h>

#include "access/city/city.h"
#include "access/city/hex.h"
#include "access/copies/passphrase.h"
#include "base/clock.h"
#include "keys/copy_file.h"
#include "keys/seal.h"
#include "weft/keys.h"

enum { passphrase_max = 4096, id_digits_min = 4 };

// ---- classes ----

static weft_key_class class_of(const weft_city *city, wf_key_class key_class,
                               const weft_day *days, size_t count)
{
    static const char *const names[] = {
        [WF_KEY_VISITS] = "visits",     [WF_KEY_DICTIONARY] = "dictionary",
        [WF_KEY_REGISTER] = "register", [WF_KEY_REFUSED] = "refused",
        [WF_KEY_LEDGER] = "ledger",     [WF_KEY_RECORDS] = "records"};
#define X(name, number, word, zh, en) [name] = "facts/" word,
    static const char *const bodies[WF_KEEP_END] = {WF_KEEP_TABLE(X)};
#undef X
    bool is_body = key_class >= WF_KEY_BODIES;
    weft_key_class one = {
        .name = is_body ? bodies[key_class - WF_KEY_BODIES] : names[key_class],
        .dated = is_body || key_class == WF_KEY_VISITS || key_class == WF_KEY_REFUSED,
        .keys = count,
        .forgotten_before = wf_keys_forgotten_before(city->keys, key_class)};
    if (one.dated && count > 0) {
        one.first = days[0];
        one.last = days[count - 1];
    }
    return one;
}

static bool is_class(int key_class)
{
    return (key_class >= WF_KEY_VISITS && key_class <= WF_KEY_RECORDS) ||
           key_class > WF_KEY_BODIES;
}

weft_status weft_keys_classes(weft_city *city,
                              void (*each)(void *context, const weft_key_class *one),
                              void *context, weft_error *error)
{
    for (int key_class = 1; key_class < WF_KEY_CLASS_COUNT; key_class++) {
        weft_day *days;
        size_t count;
        if (!is_class(key_class))
            continue;
        WF_TRY(wf_keys_days(city->keys, (wf_key_class)key_class, wf_city_new_answer(city),
                            &days, &count, error));
        weft_key_class one = class_of(city, (wf_key_class)key_class, days, count);
        if (count > 0 || one.forgotten_before.number != INT32_MIN)
            each(context, &one);
    }
    return WEFT_OK;
}

// ---- recipients ----

weft_status wf_passphrase_read(const wf_io *io, const char *file, wf_buffer *ret,
                               weft_error *error)
{
    wf_arena arena;
    wf_text text = {"", 0};
    if (file == NULL)
        return WEFT_OK;
    wf_arena_init(&arena, 0);
    weft_status status = wf_io_read_file(io, file, passphrase_max, &arena, &text, error);
    size_t size = 0;
    while (size < text.size && text.bytes[size] != '\n' && text.bytes[size] != '\r')
        size++;
    if (status == WEFT_OK && size == 0)
        status =
            wf_fail(error, WEFT_BAD_INPUT, "keys.passphrase_empty", "path", file, NULL);
    if (status == WEFT_OK && !wf_buffer_append(ret, text.bytes, size))
        status = wf_fail_memory(error);
    if (text.size > 0) // it lies in our own arena: nobody else's text is changed
        sodium_memzero((char *)(uintptr_t)text.bytes, text.size);
    wf_arena_done(&arena);
    return status;
}

weft_status weft_recipient_new(const char *path, const char *passphrase_file,
                               weft_recipient *ret, weft_error *error)
{
    wf_buffer passphrase = {0};
    wf_recipient made;
    WF_TRY(wf_passphrase_read(&wf_io_posix, passphrase_file, &passphrase, error));
    weft_status status =
        wf_recipient_new(&wf_io_posix, path, wf_buffer_text(&passphrase), &made, error);
    wf_buffer_wipe(&passphrase);
    WF_TRY(status);
    _Static_assert(sizeof ret->name == sizeof made.name, "one size of names");
    memcpy(ret->name, made.name, sizeof ret->name);
    wf_hex_print(ret->key, made.key, sizeof made.key);
    return WEFT_OK;
}

// ---- copies ----

static weft_day today_of(const weft_city *city)
{
    return wf_zone_day_of(city->zone, wf_clock_now());
}

static weft_key_copy public_copy(const weft_city *city, const wf_keys_copy *copy)
{
    weft_key_copy one = {.made = copy->made,
                         .until = copy->until,
                         .end = (weft_copy_end)copy->end,
                         .ended = copy->ended,
                         .overdue = copy->end == WF_COPY_OUT &&
                                    copy->until.number < today_of(city).number};
    wf_hex_print(one.id, copy->id, sizeof copy->id);
    wf_hex_print(one.key, copy->public_key, sizeof copy->public_key);
    memcpy(one.recipient, copy->recipient, sizeof one.recipient);
    return one;
}

// Copies live by the machine's clock, in drills too: somebody really has them.
static weft_status check_until(const weft_city *city, weft_day until, weft_error *error)
{
    char text[WF_DAY_TEXT_MAX];
    if (until.number >= today_of(city).number)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_USAGE, "keys.until", "day", wf_day_text(text, until),
                   NULL);
}

static weft_status note_copy(weft_city *city, const wf_keys_copy *copy, weft_error *error)
{
    WF_TRY(wf_keys_add_copy(city->keys, copy, error));
    weft_status status = wf_keys_commit(city->keys, error);
    if (status != WEFT_OK)
        wf_keys_drop_copy(city->keys);
    return status;
}

weft_status weft_keys_export(weft_city *city, const char *recipient_file, weft_day until,
                             const char *file, weft_key_copy *ret, weft_error *error)
{
    wf_recipient to;
    wf_keys_copy copy = {.made = wf_clock_now(), .until = until, .ended = WF_TIME_NONE};
    WF_TRY(check_until(city, until, error));
    WF_TRY(wf_recipient_read(city->outside, recipient_file, &to, error));
    if (wf_io_exists(city->outside, file))
        return wf_fail(error, WEFT_CONFLICT, "keys.copy_exists", "path", file, NULL);
    wf_random_bytes(copy.id, sizeof copy.id);
    memcpy(copy.recipient, to.name, sizeof copy.recipient);
    memcpy(copy.public_key, to.key, sizeof copy.public_key);
    wf_ledger_mark(wf_store_ledger(city->store)); // what a restore may take away is told
    WF_TRY(note_copy(city, &copy, error));
    weft_status status =
        wf_copy_write(city->outside, file, city->id, city->keys, &copy, error);
    if (status != WEFT_OK && !wf_io_exists(city->outside, file)) {
        weft_error ignored = {0};
        wf_keys_drop_copy(city->keys);
        WF_IGNORE(wf_keys_commit(city->keys, &ignored),
                  "better a copy in the list that is none than one that is not listed");
    }
    WF_TRY(status);
    *ret = public_copy(city, &copy);
    return WEFT_OK;
}

void weft_keys_copies(const weft_city *city,
                      void (*each)(void *context, const weft_key_copy *one),
                      void *context)
{
    const wf_keys_copy *all;
    size_t count = wf_keys_copies(city->keys, &all);
    for (size_t i = 0; i < count; i++) {
        weft_key_copy one = public_copy(city, &all[i]);
        each(context, &one);
    }
}

// The one copy whose id begins so; NULL: none, or several.
static const wf_keys_copy *find_copy(const weft_city *city, const char *id)
{
    const wf_keys_copy *all, *found = NULL;
    size_t count = wf_keys_copies(city->keys, &all), size = strlen(id), matches = 0;
    for (size_t i = 0; i < count && size >= id_digits_min; i++) {
        char text[2 * WF_KEYS_ID_BYTES + 1];
        wf_hex_print(text, all[i].id, sizeof all[i].id);
        if (strncmp(text, id, size) != 0)
            continue;
        found = &all[i];
        matches++;
    }
    return matches == 1 ? found : NULL;
}

weft_status weft_keys_copy_ended(weft_city *city, const char *id, weft_copy_end end,
                                 weft_key_copy *ret, weft_error *error)
{
    const wf_keys_copy *copy = find_copy(city, id);
    WF_ASSERT(end != WEFT_COPY_OUT);
    if (copy == NULL)
        return wf_fail(error, WEFT_NOT_FOUND, "keys.copy_none", NULL);
    bool noted = wf_keys_end_copy(city->keys, copy->id, (wf_copy_end)end, wf_clock_now());
    WF_ASSERT(noted);
    WF_TRY(wf_keys_commit(city->keys, error));
    *ret = public_copy(city, copy);
    return WEFT_OK;
}
