#include "visits/merge.h"

#include <string.h>

#include "base/pages.h"
#include "base/parallel.h"

enum {
    // A delta is read at each opening of its day and compared with at each delivery; the
    // day is written anew when its deltas hold this share of its rows, or when it is so
    // small that writing it costs no more than the syncs.
    delta_share = 8,
    small_day_rows = 1 << 16,
    unpack_rows = 4096
};

// ---- rows of segments ----

static weft_status map_numbers(const wf_text *texts, size_t count, wf_texts *into,
                               uint32_t **ret, weft_error *error)
{
    uint32_t *numbers = wf_pages_new((count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        weft_status status = wf_texts_intern(into, texts[i], &numbers[i], error);
        if (status != WEFT_OK) {
            wf_pages_free(numbers, (count + 1) * sizeof *numbers);
            return status;
        }
    }
    *ret = numbers;
    return WEFT_OK;
}

static weft_status add_visits(wf_pile *pile, const wf_segment_rows *rows,
                              const uint32_t *seats, weft_error *error)
{
    wf_packed_visit packed[unpack_rows];
    for (size_t at = 0; at < rows->visits_count;) {
        size_t count = 0;
        for (; count < unpack_rows && at < rows->visits_count; at++) {
            wf_visit_row row = rows->visits[at];
            row.seat = seats[row.seat];
            row.ordinal = WF_ROW_OLD;
            packed[count++] = wf_visit_pack(&row);
        }
        WF_TRY(wf_pile_add(pile, packed, count, error));
    }
    return WEFT_OK;
}

static weft_status add_meetings(wf_pile *pile, const wf_segment_rows *rows,
                                const uint32_t *settings, weft_error *error)
{
    wf_packed_meeting packed[unpack_rows / 4];
    for (size_t at = 0; at < rows->encounters_count;) {
        size_t count = 0;
        for (; count < unpack_rows / 4 && at < rows->encounters_count; at++) {
            wf_encounter_row row = rows->encounters[at];
            row.setting = settings[row.setting];
            row.ordinal = WF_ROW_OLD;
            packed[count++] = wf_meeting_pack(&row);
        }
        WF_TRY(wf_pile_add_meetings(pile, packed, count, error));
    }
    return WEFT_OK;
}

static weft_status add_rows(wf_pile *pile, const wf_segment_rows *rows, wf_texts *seats,
                            wf_texts *settings, weft_error *error)
{
    uint32_t *numbers = NULL;
    WF_TRY(map_numbers(rows->seats, rows->seats_count, seats, &numbers, error));
    weft_status status = add_visits(pile, rows, numbers, error);
    wf_pages_free(numbers, (rows->seats_count + 1) * sizeof *numbers);
    WF_TRY(status);
    WF_TRY(map_numbers(rows->settings, rows->settings_count, settings, &numbers, error));
    status = add_meetings(pile, rows, numbers, error);
    wf_pages_free(numbers, (rows->settings_count + 1) * sizeof *numbers);
    return status;
}

weft_status wf_merge_add_segment(wf_pile *pile, const wf_segment *segment,
                                 wf_texts *seats, wf_texts *settings, weft_error *error)
{
    wf_segment_unpacked unpacked = {0};
    WF_TRY(wf_segment_unpack(segment, &unpacked, error));
    weft_status status = add_rows(pile, &unpacked.rows, seats, settings, error);
    wf_segment_unpacked_done(&unpacked);
    return status;
}

// ---- writing ----

typedef struct {
    const wf_gathered *gathered;
    size_t *firsts; // of each bucket in `rows`
    wf_visit_row *rows;
} expand_job;

static void expand_bucket(void *context, unsigned thread, size_t index)
{
    (void)thread;
    const expand_job *job = context;
    const wf_span_of_rows *bucket = &job->gathered->buckets[index];
    wf_visit_row *to = job->rows + job->firsts[index];
    for (size_t i = 0; i < bucket->count; i++)
        to[i] = wf_visit_unpack(job->gathered->visits[bucket->at + i]);
}

// Rows for the packer, from pages; the packed ones are given back before it runs.
typedef struct {
    wf_segment_rows rows;
    size_t visits_bytes, encounters_bytes;
} expanded;

static void expanded_done(expanded *all)
{
    wf_pages_free(all->rows.visits, all->visits_bytes);
    wf_pages_free(all->rows.encounters, all->encounters_bytes);
}

static weft_status expand(const wf_gathered *gathered, unsigned threads, expanded *ret,
                          weft_error *error)
{
    size_t buckets = gathered->buckets_count;
    size_t *firsts = wf_pages_new((buckets + 1) * sizeof *firsts);
    if (firsts == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < buckets; i++)
        firsts[i + 1] = firsts[i] + gathered->buckets[i].count;
    expanded all = {.rows = {.visits_count = firsts[buckets],
                             .encounters_count = gathered->meetings_count}};
    all.visits_bytes = (all.rows.visits_count + 1) * sizeof *all.rows.visits;
    all.encounters_bytes = (all.rows.encounters_count + 1) * sizeof *all.rows.encounters;
    all.rows.visits = wf_pages_new(all.visits_bytes);
    all.rows.encounters = wf_pages_new(all.encounters_bytes);
    weft_status status = WEFT_OK;
    if (all.rows.visits == NULL || all.rows.encounters == NULL) {
        expanded_done(&all);
        status = wf_fail_memory(error);
    } else {
        expand_job job = {gathered, firsts, all.rows.visits};
        wf_parallel_for(threads, buckets, expand_bucket, &job);
        for (size_t i = 0; i < gathered->meetings_count; i++)
            all.rows.encounters[i] = wf_meeting_unpack(&gathered->meetings[i]);
        *ret = all;
    }
    wf_pages_free(firsts, (buckets + 1) * sizeof *firsts);
    return status;
}

weft_status wf_merge_pack(weft_day day, wf_gathered *gathered, const wf_texts *seats,
                          const wf_texts *settings, unsigned threads,
                          wf_segment_bytes *ret, weft_error *error)
{
    expanded all;
    weft_status status = expand(gathered, threads, &all, error);
    wf_gathered_done(gathered); // before the packer asks for memory
    WF_TRY(status);
    all.rows.day = day;
    all.rows.seats = seats->texts;
    all.rows.seats_count = seats->count;
    all.rows.settings = settings->texts;
    all.rows.settings_count = settings->count;
    status = wf_segment_pack(&all.rows, threads, ret, error);
    expanded_done(&all);
    return status;
}

weft_status wf_merge_segment(wf_pile *pile, const wf_texts *seats,
                             const wf_texts *settings, wf_segment **ret,
                             weft_error *error)
{
    weft_day day = pile->day;
    wf_gathered all = {0};
    WF_TRY(wf_pile_gather(pile, NULL, NULL, 1, &all, error));
    wf_merge_sort(&all, 1, NULL, NULL);
    wf_segment_bytes bytes = {0};
    weft_status status = wf_merge_pack(day, &all, seats, settings, 1, &bytes, error);
    wf_gathered_done(&all);
    if (status == WEFT_OK)
        status = wf_segment_open(&bytes, 1, ret, error);
    if (status != WEFT_OK)
        wf_segment_bytes_done(&bytes);
    return status;
}

// Packs, seals and stages sorted rows, which are given back.
static weft_status write_rows(const wf_merge *merge, wf_manifest_day *day, unsigned slot,
                              wf_gathered *gathered, const wf_texts *seats,
                              const wf_texts *settings, weft_error *error)
{
    uint64_t visits = gathered->visits_count, encounters = gathered->meetings_count;
    wf_segment_bytes bytes = {0};
    WF_TRY(wf_merge_pack(day->day, gathered, seats, settings, merge->threads, &bytes,
                         error));
    weft_status status = wf_change_write(merge->change, day, slot, &bytes, visits,
                                         encounters, merge->threads, error);
    wf_segment_bytes_done(&bytes);
    return status;
}

// ---- where to write ----

typedef struct {
    unsigned slot;   // that is written
    unsigned joined; // bits of slots whose rows go into it
} target;

static uint64_t rows_of(const wf_manifest_day *day, unsigned slot)
{
    return day->files[slot].visits + day->files[slot].encounters;
}

static weft_status choose_beside_damage(const wf_manifest_day *day, unsigned damaged,
                                        target *ret, weft_error *error)
{
    for (unsigned slot = WF_SLOT_DELTA_LAST; slot >= WF_SLOT_DELTA; slot--) {
        if (day->files[slot].generation == 0 || (damaged >> slot & 1) != 0)
            continue;
        *ret = (target){slot, 1u << slot};
        return WEFT_OK;
    }
    for (unsigned slot = WF_SLOT_DELTA; slot <= WF_SLOT_DELTA_LAST; slot++) {
        if (day->files[slot].generation != 0)
            continue;
        *ret = (target){slot, 0};
        return WEFT_OK;
    }
    char text[WF_DAY_TEXT_MAX];
    return wf_fail(error, WEFT_DAMAGED, "visits.day_too_damaged", "day",
                   wf_day_text(text, day->day), NULL);
}

static weft_status choose(const wf_manifest_day *day, unsigned damaged, uint64_t fresh,
                          target *ret, weft_error *error)
{
    // A damaged tail only ends the appending to it.
    damaged &= ~(1u << WF_SLOT_TAIL);
    if (damaged != 0)
        return choose_beside_damage(day, damaged, ret, error);
    uint64_t delta_rows = fresh;
    unsigned deltas = 0;
    for (unsigned slot = WF_SLOT_DELTA; slot <= WF_SLOT_DELTA_LAST; slot++) {
        delta_rows += rows_of(day, slot);
        deltas |= (day->files[slot].generation != 0 ? 1u : 0u) << slot;
    }
    uint64_t day_rows = rows_of(day, WF_SLOT_DAY);
    bool anew = day_rows < small_day_rows || delta_rows >= day_rows / delta_share;
    *ret = anew ? (target){WF_SLOT_DAY, deltas | 1u << WF_SLOT_DAY}
                : (target){WF_SLOT_DELTA, deltas};
    return WEFT_OK;
}

// ---- a day ----

static void raise_newest(wf_manifest_day *day, const wf_gathered *gathered)
{
    for (size_t b = 0; b < gathered->buckets_count; b++) {
        const wf_span_of_rows *bucket = &gathered->buckets[b];
        for (size_t i = bucket->at; i < bucket->at + bucket->count; i++) {
            uint32_t second = 60u * wf_visit_unpack(gathered->visits[i]).end;
            day->newest_s = second > day->newest_s ? second : day->newest_s;
        }
    }
    for (size_t i = 0; i < gathered->meetings_count; i++) {
        uint32_t second = wf_meeting_unpack(&gathered->meetings[i]).end;
        day->newest_s = second > day->newest_s ? second : day->newest_s;
    }
}

static weft_status add_gathered(wf_pile *pile, wf_gathered *gathered, weft_error *error)
{
    for (size_t b = 0; b < gathered->buckets_count; b++) {
        const wf_span_of_rows *bucket = &gathered->buckets[b];
        WF_TRY(wf_pile_add(pile, gathered->visits + bucket->at, bucket->count, error));
    }
    return wf_pile_add_meetings(pile, gathered->meetings, gathered->meetings_count,
                                error);
}

static weft_status join(const wf_merge *merge, wf_manifest_day *day,
                        const wf_stored *stored, target to, wf_gathered *fresh,
                        wf_texts *seats, wf_texts *settings, weft_error *error)
{
    wf_pile pile;
    wf_pile_init(&pile, day->day);
    weft_status status = WEFT_OK;
    for (unsigned slot = 0; slot < WF_SLOT_TAIL && status == WEFT_OK; slot++)
        if ((to.joined >> slot & 1) != 0 && stored->segments[slot] != NULL)
            status = wf_merge_add_segment(&pile, stored->segments[slot], seats, settings,
                                          error);
    if (status == WEFT_OK)
        status = add_gathered(&pile, fresh, error);
    wf_gathered_done(fresh);
    wf_gathered all = {0};
    if (status == WEFT_OK)
        status = wf_pile_gather(&pile, merge->change->visits, NULL, merge->threads, &all,
                                error);
    wf_pile_done(&pile);
    WF_TRY(status);
    wf_merge_sort(&all, merge->threads, NULL, NULL);
    status = write_rows(merge, day, to.slot, &all, seats, settings, error);
    wf_gathered_done(&all);
    return status;
}

// Writes the rows that are new into the slot chosen, with what is joined there.
static weft_status write_fresh(const wf_merge *merge, wf_manifest_day *day,
                               const wf_stored *stored, wf_gathered *fresh,
                               weft_error *error)
{
    target to = {0};
    WF_TRY(choose(day, stored->damaged, fresh->visits_count + fresh->meetings_count, &to,
                  error));
    raise_newest(day, fresh);
    bool joins = false;
    for (unsigned slot = 0; slot < WF_SLOT_TAIL; slot++)
        joins |= (to.joined >> slot & 1) != 0 && stored->segments[slot] != NULL;
    if (!joins) {
        WF_TRY(
            write_rows(merge, day, to.slot, fresh, merge->seats, merge->settings, error));
    } else {
        wf_texts seats, settings;
        WF_TRY(wf_texts_copy(merge->seats, &seats, error));
        weft_status status = wf_texts_copy(merge->settings, &settings, error);
        if (status == WEFT_OK) {
            status = join(merge, day, stored, to, fresh, &seats, &settings, error);
            wf_texts_done(&settings);
        }
        wf_texts_done(&seats);
        WF_TRY(status);
    }
    for (unsigned slot = 0; slot < WF_SLOT_TAIL; slot++)
        if (slot != to.slot && (to.joined >> slot & 1) != 0)
            wf_change_remove(day, slot);
    return WEFT_OK;
}

// The readable files of the day as one, to compare with; NULL when there are none.
// *stored keeps pointers to its segments; the tail's stays with *stored.
static weft_status join_files(wf_stored *stored, wf_day **ret, weft_error *error)
{
    wf_segment *segments[WF_SLOT_COUNT];
    size_t count = 0;
    for (unsigned slot = 0; slot < WF_SLOT_TAIL; slot++)
        if (stored->segments[slot] != NULL)
            segments[count++] = stored->segments[slot];
    *ret = NULL;
    return count == 0 ? WEFT_OK : wf_day_open(segments, count, ret, error);
}

typedef struct {
    wf_texts seats, settings; // the delivery's, and the tail's
    wf_merge merge;           // with these
    wf_stored stored;
    wf_day *files;
    wf_gathered fresh;
} day_work;

static void day_work_done(day_work *work)
{
    if (work->files != NULL) { // it owns all segments but the tail's
        wf_segment *tail = work->stored.segments[WF_SLOT_TAIL];
        memset(work->stored.segments, 0, sizeof work->stored.segments);
        work->stored.segments[WF_SLOT_TAIL] = tail;
        wf_day_close(work->files);
    }
    wf_stored_close(&work->stored);
    wf_gathered_done(&work->fresh);
    wf_texts_done(&work->seats);
    wf_texts_done(&work->settings);
}

static weft_status merge_day(day_work *work, wf_manifest_day *day, wf_pile *pile,
                             bool *ret_changed, weft_error *error)
{
    wf_merge *merge = &work->merge;
    const wf_visits *visits = merge->change->visits;
    const wf_key *key;
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_VISITS, day->day, &key, error));
    WF_TRY(wf_stored_open(visits, day, true, merge->threads, &work->stored, error));
    bool has_tail = day->files[WF_SLOT_TAIL].generation != 0 &&
                    (work->stored.damaged >> WF_SLOT_TAIL & 1) == 0;
    const wf_segment *tail = work->stored.segments[WF_SLOT_TAIL];
    if (tail != NULL)
        WF_TRY(wf_merge_add_segment(pile, tail, &work->seats, &work->settings, error));
    WF_TRY(join_files(&work->stored, &work->files, error));
    WF_TRY(wf_pile_gather(pile, visits, key, merge->threads, &work->fresh, error));
    wf_merge_sort(&work->fresh, merge->threads, merge->visits_tally,
                  merge->meetings_tally);
    WF_TRY(wf_merge_subtract(merge, work->files, &work->fresh, error));
    bool has_fresh = work->fresh.visits_count + work->fresh.meetings_count > 0;
    if (has_fresh)
        WF_TRY(write_fresh(merge, day, &work->stored, &work->fresh, error));
    if (has_tail)
        wf_change_remove(day, WF_SLOT_TAIL);
    *ret_changed = has_fresh || has_tail;
    return WEFT_OK;
}

weft_status wf_merge_day(const wf_merge *merge, wf_manifest_day *day, wf_pile *pile,
                         bool *ret_changed, weft_error *error)
{
    day_work work = {.merge = *merge};
    WF_TRY(wf_texts_copy(merge->seats, &work.seats, error));
    weft_status status = wf_texts_copy(merge->settings, &work.settings, error);
    work.merge.seats = &work.seats;
    work.merge.settings = &work.settings;
    if (status == WEFT_OK)
        status = merge_day(&work, day, pile, ret_changed, error);
    day_work_done(&work);
    return status;
}
