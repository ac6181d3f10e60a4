// The rows of what was stated: packed into a segment of each day that they fall on.
#include "visits/merge.h"
#include "visits/stated_file.h"

typedef struct {
    const wf_visits *visits;
    wf_pile pile;
    wf_texts seats, settings;
} row_work;

static bool has_table(const wf_manifest_day *day)
{
    return day->files[WF_SLOT_STATED].generation != 0;
}

static bool reaches(const wf_manifest_day *day, weft_day number)
{
    return has_table(day) && day->day.number <= number.number &&
           number.number - day->day.number <= (int32_t)day->stated.reach;
}

// Calls for each day whose table has rows on `number`, until it fails.
static weft_status each_reaching(const wf_visits *visits, weft_day number,
                                 weft_status (*each)(row_work *work,
                                                     const wf_manifest_day *day,
                                                     weft_error *error),
                                 row_work *work, weft_error *error)
{
    for (int32_t back = WF_STATED_DAYS_MAX - 1; back >= 0; back--) {
        const wf_manifest_day *day =
            wf_manifest_find(&visits->manifest, (weft_day){number.number - back});
        if (day != NULL && reaches(day, number))
            WF_TRY(each(work, day, error));
    }
    return WEFT_OK;
}

bool wf_stated_reaches(const wf_visits *visits, weft_day number)
{
    bool found = false;
    for (int32_t back = 0; back < WF_STATED_DAYS_MAX && !found; back++) {
        const wf_manifest_day *day =
            wf_manifest_find(&visits->manifest, (weft_day){number.number - back});
        found = day != NULL && reaches(day, number);
    }
    return found;
}

// Deaths that a day's table does not know yet, because it could not be written, count.
static bool is_dead(const wf_visits *visits, const wf_stated *entry)
{
    const wf_stated_list *life = &visits->stated.life;
    bool dead = entry->dead;
    size_t newest = 0;
    for (size_t i = 0; i < life->count; i++) {
        const wf_stated_item *item = &life->items[i];
        if (item->day.number != entry->day.number || item->order < newest ||
            wf_stated_order(item->id, entry->id) != 0)
            continue;
        newest = item->order;
        dead = item->act == WF_STATED_DEAD;
    }
    return dead;
}

static weft_status add_entry(row_work *work, const wf_stated *entry, weft_error *error)
{
    weft_day day = work->pile.day;
    uint32_t seat, setting;
    WF_TRY(wf_texts_intern(&work->seats, entry->seat, &seat, error));
    WF_TRY(wf_texts_intern(&work->settings, entry->setting, &setting, error));
    for (size_t i = 0; i < entry->visits_count; i++) {
        wf_visit_row row = entry->visits[i].row;
        if (entry->visits[i].day.number != day.number)
            continue;
        row.seat = seat;
        wf_packed_visit packed = wf_visit_pack(&row);
        WF_TRY(wf_pile_add(&work->pile, &packed, 1, error));
    }
    for (size_t i = 0; i < entry->encounters_count; i++) {
        wf_encounter_row row = entry->encounters[i].row;
        if (entry->encounters[i].day.number != day.number)
            continue;
        row.setting = setting;
        wf_packed_meeting packed = wf_meeting_pack(&row);
        WF_TRY(wf_pile_add_meetings(&work->pile, &packed, 1, error));
    }
    return WEFT_OK;
}

static weft_status add_table(row_work *work, const wf_manifest_day *day,
                             weft_error *error)
{
    wf_stated_table table = {0};
    wf_stated_read read;
    if (wf_visits_day_is_forgotten(work->visits, day->day))
        return WEFT_OK;
    WF_TRY(wf_stated_load(work->visits, day, &table, error));
    weft_status status = WEFT_OK;
    for (size_t i = 0; i < table.count && status == WEFT_OK; i++) {
        wf_stated_table_read(&table, i, &read);
        if (read.generation <= day->stated.counted && !is_dead(work->visits, &read.entry))
            status = add_entry(work, &read.entry, error);
    }
    wf_stated_table_done(&table);
    return status;
}

static weft_status pack(row_work *work, wf_segment **ret, weft_error *error)
{
    WF_TRY(wf_texts_init(&work->seats, WF_SEAT_LIMIT, error));
    WF_TRY(wf_texts_init(&work->settings, WF_SEAT_LIMIT, error));
    WF_TRY(each_reaching(work->visits, work->pile.day, add_table, work, error));
    if (work->pile.visits_count + work->pile.meetings_count == 0) {
        *ret = NULL;
        return WEFT_OK;
    }
    return wf_merge_segment(&work->pile, &work->seats, &work->settings, ret, error);
}

weft_status wf_stated_segment(const wf_visits *visits, weft_day number, wf_segment **ret,
                              weft_error *error)
{
    if (!wf_stated_reaches(visits, number)) {
        *ret = NULL;
        return WEFT_OK;
    }
    row_work work = {.visits = visits};
    wf_pile_init(&work.pile, number);
    weft_status status = pack(&work, ret, error);
    wf_pile_done(&work.pile);
    wf_texts_done(&work.seats);
    wf_texts_done(&work.settings);
    return status;
}

// ---- days that are open ----

// False when the day has to be closed instead.
static bool renew(const wf_visits *visits, wf_opened_day *opened)
{
    wf_segment *fresh = NULL;
    weft_error second = {0};
    weft_status status = wf_stated_segment(visits, opened->number, &fresh, &second);
    if (status != WEFT_OK || (fresh == NULL && opened->only_stated))
        return false;
    if (fresh == NULL && opened->stated == NULL)
        return true;
    status = wf_day_replace(opened->day, opened->stated, fresh, &second);
    if (status != WEFT_OK) {
        wf_segment_close(fresh);
        return false;
    }
    opened->stated = fresh;
    return true;
}

void wf_stated_renew(wf_visits *visits, weft_day first, uint32_t span)
{
    for (size_t i = visits->opened_count; i > 0; i--) {
        wf_opened_day *opened = &visits->opened[i - 1];
        int64_t after = (int64_t)opened->number.number - first.number;
        if (after >= 0 && after < span && !renew(visits, opened))
            wf_store_release_day(visits, opened->number);
    }
}

// ---- the newest ----

// The newest second of each day from the table's on.
static void note_newest(const wf_stated *entry, uint32_t seconds[WF_STATED_DAYS_MAX])
{
    for (size_t i = 0; i < entry->visits_count; i++) {
        const wf_stated_visit *visit = &entry->visits[i];
        uint32_t *newest = &seconds[visit->day.number - entry->day.number];
        *newest = 60u * visit->row.end > *newest ? 60u * visit->row.end : *newest;
    }
    for (size_t i = 0; i < entry->encounters_count; i++) {
        const wf_stated_encounter *met = &entry->encounters[i];
        uint32_t *newest = &seconds[met->day.number - entry->day.number];
        *newest = met->row.end > *newest ? met->row.end : *newest;
    }
}

weft_time wf_stated_newest(const wf_visits *visits, const wf_stated_table *table,
                           uint64_t counted)
{
    uint32_t seconds[WF_STATED_DAYS_MAX] = {0};
    weft_time newest = WF_TIME_NONE;
    wf_stated_read read;
    for (size_t i = 0; i < table->count; i++) {
        wf_stated_table_read(table, i, &read);
        if (read.generation <= counted && !read.entry.dead)
            note_newest(&read.entry, seconds);
    }
    for (int32_t after = 0; after < WF_STATED_DAYS_MAX; after++) {
        if (seconds[after] == 0)
            continue;
        weft_day day = {table->day.number + after};
        weft_time at = wf_store_instant(visits, day, seconds[after]);
        newest = at.us > newest.us ? at : newest;
    }
    return newest;
}
