// Visits and encounters: ids become numbers, stays are cut at midnight, rows go to the
// batch day by day.
#include <stdlib.h>

#include "load/feed.h"
#include "load/oneself.h"

enum { told_max = 20 };

// ---- days ----

static weft_status remember(wf_feed_days *list, weft_day day, weft_error *error)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        weft_day *days = reallocarray(list->days, capacity, sizeof *days);
        if (days == NULL)
            return wf_fail_memory(error);
        list->days = days;
        list->capacity = capacity;
    }
    list->days[list->count++] = day;
    // A file that goes to and fro between many days must not make the list long.
    if (list->count == list->capacity)
        wf_feed_days_tidy(list);
    return WEFT_OK;
}

static int compare_days(const void *a, const void *b)
{
    const weft_day *left = a, *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

void wf_feed_days_tidy(wf_feed_days *list)
{
    size_t kept = 0;
    if (list->count > 0)
        qsort(list->days, list->count, sizeof *list->days, compare_days);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->days[i].number != list->days[i - 1].number)
            list->days[kept++] = list->days[i];
    list->count = kept;
}

static weft_status judge_day(wf_feed *feed, int32_t number, const char **ret,
                             weft_error *error)
{
    wf_feed_day *day = &feed->days[(uint32_t)number % WF_FEED_BUCKETS];
    if (!day->known || day->day.number != number) {
        bool past = number < feed->first_kept.number;
        *day = (wf_feed_day){.known = true, .day = {number}};
        weft_error why = {0};
        weft_status takes = wf_visits_day_takes(feed->city->visits, day->day, &why);
        if (takes == WEFT_FORGOTTEN)
            day->refused = "import.forgotten";
        else if (takes != WEFT_OK)
            day->refused = "import.day_keyless";
        else if (past && !feed->options->keeps_until)
            day->refused = "import.past_keeping";
        else if (past)
            WF_TRY(remember(&feed->kept_days, day->day, error));
        if (day->refused == NULL)
            WF_TRY(remember(&feed->touched, day->day, error));
    }
    *ret = day->refused;
    return WEFT_OK;
}

// A stay is refused whole when one of its days takes no rows.
static weft_status judge_days(wf_feed *feed, wf_load_record *record, weft_error *error)
{
    for (int32_t day = record->first_day.number; day <= record->last_day.number; day++) {
        const char *refused = NULL;
        WF_TRY(judge_day(feed, day, &refused, error));
        if (refused != NULL) {
            record->refused = refused;
            return WEFT_OK;
        }
    }
    return WEFT_OK;
}

// ---- buckets ----

static weft_status flush_bucket(wf_feed *feed, wf_feed_bucket *bucket, weft_error *error)
{
    size_t count = bucket->count;
    if (count == 0)
        return WEFT_OK;
    bucket->count = 0;
    if (feed->kind == WEFT_IMPORT_VISITS)
        return wf_visits_batch_add(feed->batch, bucket->day, bucket->visits, count,
                                   error);
    return wf_visits_batch_add_encounters(feed->batch, bucket->day, bucket->meetings,
                                          count, error);
}

static weft_status bucket_of(wf_feed *feed, int32_t number, wf_feed_bucket **ret,
                             weft_error *error)
{
    wf_feed_bucket *bucket = &feed->buckets[(uint32_t)number % WF_FEED_BUCKETS];
    if (bucket->day.number != number || bucket->count == WF_FEED_BUCKET_ROWS)
        WF_TRY(flush_bucket(feed, bucket, error));
    bucket->day.number = number;
    *ret = bucket;
    return WEFT_OK;
}

weft_status wf_feed_stays_flush(wf_feed *feed, weft_error *error)
{
    for (size_t i = 0; i < WF_FEED_BUCKETS; i++)
        WF_TRY(flush_bucket(feed, &feed->buckets[i], error));
    return WEFT_OK;
}

// ---- pieces ----

static weft_status add_piece(wf_feed *feed, int32_t day, const wf_load_piece *part,
                             uint32_t who, uint32_t where, uint32_t note,
                             weft_error *error)
{
    wf_feed_bucket *bucket = NULL;
    WF_TRY(bucket_of(feed, day, &bucket, error));
    if (feed->kind == WEFT_IMPORT_VISITS) {
        bucket->visits[bucket->count++] = (wf_visit_row){.person = who,
                                                         .place = where,
                                                         .start = (uint16_t)part->start,
                                                         .end = (uint16_t)part->end,
                                                         .seat = note,
                                                         .ordinal = feed->ordinal,
                                                         .marks = part->marks};
        return WEFT_OK;
    }
    bucket->meetings[bucket->count++] = (wf_encounter_row){.a = who < where ? who : where,
                                                           .b = who < where ? where : who,
                                                           .start = part->start,
                                                           .end = part->end,
                                                           .setting = note,
                                                           .ordinal = feed->ordinal,
                                                           .marks = part->marks};
    return WEFT_OK;
}

static weft_status add_record(wf_feed *feed, const wf_load_record *record, uint32_t who,
                              uint32_t where, weft_error *error)
{
    int64_t unit_us = feed->kind == WEFT_IMPORT_VISITS ? WF_US_PER_MINUTE : WF_US_PER_S;
    uint32_t note = 0;
    const wf_load_span span = {record->first_day, record->last_day, record->start,
                               record->end};
    if (record->note.size > 0 && feed->kind == WEFT_IMPORT_VISITS)
        WF_TRY(wf_visits_batch_seat(feed->batch, record->note, &note, error));
    else if (record->note.size > 0)
        WF_TRY(wf_visits_batch_setting(feed->batch, record->note, &note, error));
    if (feed->ordinal == WF_ROW_OLD)
        return wf_fail(error, WEFT_TOO_LARGE, "import.too_many_rows", NULL);
    for (int32_t day = span.first.number; day <= span.last.number; day++) {
        wf_load_piece part;
        if (!wf_load_span_piece(&feed->calendar, unit_us, &span, (weft_day){day}, &part))
            continue;
        part.marks |= record->guessed ? WF_MARK_END_GUESSED : 0;
        WF_TRY(add_piece(feed, day, &part, who, where, note, error));
    }
    feed->ordinal++;
    return WEFT_OK;
}

// ---- blocks ----

static weft_status reserve(wf_feed *feed, size_t records, weft_error *error)
{
    if (records <= feed->capacity)
        return WEFT_OK;
    size_t twice = records * 2; // who and where side by side
    wf_text *texts = reallocarray(feed->texts, twice, sizeof *texts);
    if (texts == NULL)
        return wf_fail_memory(error);
    feed->texts = texts;
    uint32_t *numbers = reallocarray(feed->numbers, twice, sizeof *numbers);
    if (numbers == NULL)
        return wf_fail_memory(error);
    feed->numbers = numbers;
    uint32_t *chosen = reallocarray(feed->chosen, records, sizeof *chosen);
    if (chosen == NULL)
        return wf_fail_memory(error);
    feed->chosen = chosen;
    feed->capacity = records;
    return WEFT_OK;
}

// Of a meeting that was taken.
static weft_status doubt(wf_feed *feed, const wf_load_block *block,
                         const wf_load_record *record, uint32_t a, uint32_t b,
                         weft_error *error)
{
    weft_error warning;
    if (feed->kind != WEFT_IMPORT_ENCOUNTERS)
        return WEFT_OK;
    WF_TRY(wf_oneself_ask(feed->city, a, b, &warning, error));
    if (warning.code == NULL || feed->warned++ >= told_max ||
        feed->options->warned == NULL)
        return WEFT_OK;
    wf_error_at(&warning, feed->source_name, wf_feed_line(feed, block, record->row),
                NULL);
    feed->options->warned(feed->options->context, &warning);
    return WEFT_OK;
}

weft_status wf_feed_stays_block(wf_feed *feed, wf_load_block *block, weft_error *error)
{
    size_t count = 0;
    wf_ids *ids = wf_visits_ids(feed->city->visits);
    WF_TRY(reserve(feed, block->records_count, error));
    for (size_t i = 0; i < block->records_count; i++) {
        wf_load_record *record = &block->records[i];
        if (record->refused == NULL)
            WF_TRY(judge_days(feed, record, error));
        if (record->refused == NULL)
            feed->chosen[count++] = (uint32_t)i;
    }
    if (count == 0)
        return WEFT_OK;
    for (size_t i = 0; i < count; i++) {
        feed->texts[i] = block->records[feed->chosen[i]].who;
        feed->texts[count + i] = block->records[feed->chosen[i]].where;
    }
    wf_id_class where = feed->kind == WEFT_IMPORT_VISITS ? WF_ID_PLACE : WF_ID_PERSON;
    WF_TRY(
        wf_ids_intern_many(ids, WF_ID_PERSON, feed->texts, count, feed->numbers, error));
    WF_TRY(wf_ids_intern_many(ids, where, feed->texts + count, count,
                              feed->numbers + count, error));
    for (size_t i = 0; i < count; i++) {
        const wf_load_record *record = &block->records[feed->chosen[i]];
        uint32_t who_number = feed->numbers[i], other = feed->numbers[count + i];
        WF_TRY(add_record(feed, record, who_number, other, error));
        WF_TRY(doubt(feed, block, record, who_number, other, error));
    }
    return WEFT_OK;
}
