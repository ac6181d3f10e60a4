// A ledger of a test's own, with its ring, and facts that can be made again by number.
#ifndef TEST_SUPPORT_MADE_LEDGER_H
#define TEST_SUPPORT_MADE_LEDGER_H

#include "store/ledger/ledger.h"
#include "support/fault_io.h"
#include "support/scratch.h"
#include "support/small_kinds.h"

#define MADE_LEDGER_CITY "0123456789abcdef0123456789abcdef"

// Syncing costs most of the time of a test and changes nothing that it can see.
static inline int made_ledger_no_sync(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}
static inline int made_ledger_no_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    (void)path;
    return 0;
}

typedef struct {
    wf_io quick; // as wf_io_posix, without syncs
    wf_path base, city, key_dir;
    wf_zone *zone;
    wf_keys *keys;
    wf_ledger *ledger; // NULL: not open
    wf_kinds kinds;
    uint64_t file_bytes;
    size_t record_bytes;
    uint64_t ahead_bytes; // of zeroes; 0: none
} made_ledger;

static inline weft_status made_ledger_open(made_ledger *made, const wf_io *io,
                                           weft_error *error)
{
    wf_keys_options keys = {
        .io = io, .city_dir = made->city.text, .key_dir = made->key_dir.text};
    WF_TRY(wf_keys_open(&keys, MADE_LEDGER_CITY, &made->keys, error));
    wf_ledger_options options = {.io = io,
                                 .city_dir = made->city.text,
                                 .keys = made->keys,
                                 .kinds = &made->kinds,
                                 .zone = made->zone,
                                 .file_bytes = made->file_bytes,
                                 .record_bytes = made->record_bytes};
    weft_status status = wf_ledger_open(&options, &made->ledger, error);
    if (status != WEFT_OK) {
        wf_keys_close(made->keys);
        made->keys = NULL;
        return status;
    }
    wf_ledger_write_ahead(made->ledger, made->ahead_bytes);
    return WEFT_OK;
}

static inline void made_ledger_close(made_ledger *made)
{
    wf_ledger_close(made->ledger);
    wf_keys_close(made->keys);
    made->ledger = NULL;
    made->keys = NULL;
}

// Folders and ring; not open.
static inline void made_ledger_new(made_ledger *made)
{
    *made = (made_ledger){.quick = wf_io_posix, .kinds = small_kinds};
    made->quick.sync = made_ledger_no_sync;
    made->quick.sync_dir = made_ledger_no_sync_dir;
    scratch_new(&made->base);
    made->city = scratch_path(&made->base, "city");
    made->key_dir = scratch_path(&made->base, "keys");
    weft_error error = {0};
    wf_keys_options keys = {
        .io = &made->quick, .city_dir = made->city.text, .key_dir = made->key_dir.text};
    if (mkdir(made->city.text, 0700) != 0 ||
        wf_zone_open("Asia/Shanghai", &made->zone, &error) != WEFT_OK ||
        wf_keys_create(&keys, MADE_LEDGER_CITY, &error) != WEFT_OK)
        abort();
}

static inline void made_ledger_done(made_ledger *made)
{
    made_ledger_close(made);
    wf_zone_close(made->zone);
    scratch_remove(made->base.text);
}

static inline wf_path made_ledger_file(const made_ledger *made, unsigned number)
{
    char name[40];
    int size = snprintf(name, sizeof name, "ledger/%010u.facts", number);
    if (size < 0 || (size_t)size >= sizeof name)
        abort();
    return scratch_path(&made->city, name);
}

// ---- facts ----

#define MADE_LEDGER_BEGIN INT64_C(1639180800000000) // 2021-12-11T08:00 in Shanghai

// Fact `number`, from 1: always the same. Its texts live in *texts.
typedef struct {
    char device[24], id[12], person[16], other[16], grid[24], note[16];
    wf_value items[2];
} made_fact_texts;

static inline wf_value made_text(char *to, size_t room, const char *format,
                                 unsigned number)
{
    int size = snprintf(to, room, format, number);
    if (size < 0 || (size_t)size >= room)
        abort();
    return (wf_value){.given = true, .text = {to, (size_t)size}};
}

static inline void made_fact_values(unsigned n, made_fact_texts *texts, wf_fact *fact)
{
    wf_value person =
        made_text(texts->person, sizeof texts->person, "P-%07u", n * 7 % 100000);
    wf_value other = made_text(texts->other, sizeof texts->other, "Q-%07u", n);
    switch (n % 3) {
    case 0:
        fact->kind = &small_seen;
        fact->values[SMALL_ID] = made_text(texts->id, sizeof texts->id, "T%07u", n);
        fact->values[SMALL_PERSON] = person;
        fact->values[SMALL_INTEGER] = (wf_value){.given = true, .number = n};
        fact->values[SMALL_NUMBER] = (wf_value){.given = n % 2 == 0, .real = n % 50};
        texts->items[0] = person;
        texts->items[1] = other;
        fact->values[SMALL_PERSONS] =
            (wf_value){.given = true, .items = texts->items, .items_count = 2};
        break;
    case 1:
        fact->kind = &small_pair;
        fact->values[0] = person;
        fact->values[1] = other;
        break;
    default:
        fact->kind = &small_withdrawn;
        fact->values[0] = (wf_value){.given = true, .text = fact->id.device};
        fact->values[1] = (wf_value){.given = true, .number = n};
        fact->amends = (wf_identity){fact->id.device, n};
    }
}

static inline wf_fact made_fact(unsigned n, made_fact_texts *texts)
{
    wf_fact fact = {.at = {MADE_LEDGER_BEGIN + (int64_t)n * WF_US_PER_S}};
    fact.id.device =
        made_text(texts->device, sizeof texts->device, "S-%03u", n % 50).text;
    fact.id.seq = 1 + n / 50;
    if (n % 5 == 0)
        fact.at.us += n; // not of whole seconds
    if (n % 4 == 0)
        fact.at.us -= (int64_t)(n % 30) * 24 * 3600 * WF_US_PER_S; // late
    if (n % 2 == 0)
        fact.grid = made_text(texts->grid, sizeof texts->grid, "320282%06u", n % 20).text;
    if (n % 7 == 0)
        fact.amends = (wf_identity){WF_TEXT("lab"), n};
    made_fact_values(n, texts, &fact);
    return fact;
}

static inline bool made_identities_equal(wf_identity a, wf_identity b)
{
    return wf_text_equal(a.device, b.device) && a.seq == b.seq;
}

// Whether the entry is fact `number`, or what is left of it when it was forgotten.
static inline bool made_is_fact(const wf_entry *entry, unsigned n)
{
    made_fact_texts texts;
    wf_fact fact = made_fact(n, &texts);
    if (!made_identities_equal(entry->fact.id, fact.id) ||
        !made_identities_equal(entry->fact.amends, fact.amends) ||
        entry->fact.at.us != fact.at.us || entry->keep != fact.kind->keep ||
        !wf_text_equal(entry->fact.grid, fact.grid) ||
        entry->kind_number != fact.kind->number)
        return false;
    if (entry->forgotten || entry->fact.kind == NULL)
        return !entry->fact.values[0].given;
    wf_buffer wanted = {0}, found = {0};
    weft_error error = {0};
    bool same = entry->fact.kind == fact.kind &&
                wf_fact_encode(&fact, &wanted, &error) == WEFT_OK &&
                wf_fact_encode(&entry->fact, &found, &error) == WEFT_OK &&
                wf_text_equal(wf_buffer_text(&wanted), wf_buffer_text(&found));
    wf_buffer_done(&wanted);
    wf_buffer_done(&found);
    return same;
}

static inline weft_time made_received(unsigned commit)
{
    return (weft_time){MADE_LEDGER_BEGIN + (int64_t)commit * 1000};
}

// Facts first … first + count − 1 in one commit, the `commit`-th. On failure nothing of
// them is left waiting.
static inline weft_status made_commit(wf_ledger *ledger, unsigned first, unsigned count,
                                      unsigned commit, weft_error *error)
{
    for (unsigned n = first; n < first + count; n++) {
        made_fact_texts texts;
        wf_fact fact = made_fact(n, &texts);
        uint64_t position = 0;
        weft_status status = wf_ledger_add(ledger, &fact, &position, error);
        if (status != WEFT_OK) {
            wf_ledger_abandon(ledger);
            return status;
        }
        if (position != n)
            abort();
    }
    return wf_ledger_commit(ledger, made_received(commit), error);
}

// The number of facts if a scan finds exactly facts 1, 2, 3 …; UINT_MAX: it does not.
typedef struct {
    unsigned seen;
    bool wrong;
    weft_time last_received;
} made_scan;

static inline weft_status made_scan_each(void *context, const wf_entry *entry,
                                         weft_error *error)
{
    made_scan *scan = context;
    (void)error;
    scan->seen++;
    if (entry->position != scan->seen || !made_is_fact(entry, scan->seen) ||
        entry->received.us < scan->last_received.us)
        scan->wrong = true;
    scan->last_received = entry->received;
    return WEFT_OK;
}

static inline unsigned made_count(wf_ledger *ledger)
{
    made_scan scan = {.last_received = {INT64_MIN}};
    weft_error error = {0};
    if (wf_ledger_scan(ledger, 1, made_scan_each, &scan, &error) != WEFT_OK ||
        scan.wrong || scan.seen != wf_ledger_now(ledger).positions)
        return UINT32_MAX;
    return scan.seen;
}

#endif
