// Room for what is refused (quota.h): of posts, of uploads, and what the files of the day
// hold when the service starts.
#include <string.h>

#include "access/shared/shared_inside.h"
#include "base/clock.h"
#include "base/hash.h"

static uint64_t hash_of(const wf_shared *shared, wf_text sender)
{
    return wf_hash(sender.bytes, sender.size, shared->seed);
}

// One day for all that asks: the city's, where it has a clock.
static weft_day today(const wf_shared *shared)
{
    weft_time now = wf_writer_now(shared);
    return wf_zone_day_of(shared->city->zone,
                          weft_time_is_none(now) ? wf_clock_now() : now);
}

// ---- posts and uploads ----

bool wf_room_take(wf_shared *shared, const char *sender, size_t bytes)
{
    return wf_quota_take(&shared->quota, today(shared),
                         hash_of(shared, wf_text_of(sender)), bytes);
}

bool wf_shared_keeps(wf_shared *shared, const char *sender, size_t bytes)
{
    if (wf_quota_use(&shared->quota, today(shared), hash_of(shared, wf_text_of(sender)),
                     bytes))
        return true;
    atomic_fetch_add(&shared->not_kept, 1);
    return false;
}

void wf_shared_keeps_not(wf_shared *shared, const char *sender, size_t bytes)
{
    wf_quota_give_back(&shared->quota, today(shared), hash_of(shared, wf_text_of(sender)),
                       bytes);
}

// ---- the files of a day ----

typedef struct {
    wf_shared *shared;
    weft_day day;
    uint64_t sender, mapping_bytes;
    bool knows_sender; // a source has come, and can be read
} counting;

static void count(counting *on, uint64_t bytes)
{
    if (on->knows_sender)
        wf_quota_count(&on->shared->quota, on->day, on->sender, bytes);
}

static void count_item(counting *on, const wf_refused_item *item)
{
    if (item->what == WF_REFUSED_ABOUT)
        on->mapping_bytes = item->mapping_yaml.size;
    if (item->what == WF_REFUSED_SOURCE) {
        on->knows_sender = item->name.size > 0;
        on->sender = hash_of(on->shared, item->name);
        count(on, WF_QUOTA_POST_BYTES + item->header.size + on->mapping_bytes);
        on->mapping_bytes = 0;
    }
    if (item->what == WF_REFUSED_ROW)
        count(on, WF_QUOTA_LINE_BYTES + item->row.raw.size);
}

// What is damaged, or cannot be read, is nobody's.
static weft_status count_file(counting *on, const wf_refused_folder *folder,
                              const char *name, weft_error *error)
{
    wf_refused_reader *reader;
    wf_refused_item item;
    on->knows_sender = false;
    WF_TRY(wf_refused_reader_open(folder, name, &reader, error));
    weft_status status;
    do {
        status = wf_refused_next(reader, &item, error);
        if (status == WEFT_OK)
            count_item(on, &item);
    } while (status == WEFT_OK && item.what != WF_REFUSED_END);
    wf_refused_reader_close(reader);
    return status == WEFT_DAMAGED ? WEFT_OK : status;
}

// Names begin with the day of receipt, and come in their order.
weft_status wf_room_count(wf_shared *shared, weft_error *error)
{
    enum { together = 256 };
    const weft_city *city = shared->city;
    const wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    char day[WF_DAY_TEXT_MAX];
    counting on = {.shared = shared, .day = today(shared)};
    size_t found, size;
    wf_day_text(day, on.day);
    size = strlen(day);
    memcpy(after, day, size + 1);
    for (;;) {
        WF_TRY(wf_refused_names(&folder, after, names, together, &found, error));
        for (size_t i = 0; i < found; i++) {
            if (strncmp(names[i], day, size) != 0)
                return WEFT_OK;
            WF_TRY(count_file(&on, &folder, names[i], error));
        }
        if (found == 0)
            return WEFT_OK;
        memcpy(after, names[found - 1], sizeof after);
    }
}
