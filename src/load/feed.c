#include "load/feed.h"

#include "load/fact_rows.h"

#include <stdlib.h>
#include <string.h>

#include "store/sheaf.h"

enum { told_max = 20 }; // refused rows that are named one by one

static weft_status make_buckets(wf_feed *feed, weft_error *error)
{
    size_t row = feed->kind == WEFT_IMPORT_VISITS ? sizeof(wf_visit_row)
                                                  : sizeof(wf_encounter_row);
    for (size_t i = 0; i < WF_FEED_BUCKETS; i++) {
        void *rows = calloc(WF_FEED_BUCKET_ROWS, row);
        if (rows == NULL)
            return wf_fail_memory(error);
        if (feed->kind == WEFT_IMPORT_VISITS)
            feed->buckets[i].visits = rows;
        else
            feed->buckets[i].meetings = rows;
    }
    return WEFT_OK;
}

weft_status wf_feed_init(wf_feed *feed, const wf_import_city *city, weft_import_kind kind,
                         const weft_import_options *options, wf_visits_batch *batch,
                         wf_refused *refused, weft_error *error)
{
    *feed = (wf_feed){.city = city,
                      .options = options,
                      .kind = kind,
                      .as_of = options->as_of,
                      .batch = batch,
                      .refused = refused,
                      .today = wf_zone_day_of(city->zone, city->now),
                      .first_kept = {INT32_MIN}};
    if (weft_time_is_none(feed->as_of))
        feed->as_of = city->now;
    const wf_protocol *protocol = city->protocol;
    if (city->real && protocol != NULL && protocol->visits_kept_d.given)
        feed->first_kept.number =
            feed->today.number - (int32_t)protocol->visits_kept_d.value;
    wf_calendar_init(&feed->calendar, city->zone);
    if (kind == WEFT_IMPORT_CASES)
        WF_TRY(wf_case_numbers_read(city, &feed->cases, error));
    if (wf_load_is_register(kind))
        return wf_stash_new(&feed->stash, error);
    return wf_load_is_stays(kind) ? make_buckets(feed, error) : WEFT_OK;
}

void wf_feed_done(wf_feed *feed)
{
    for (size_t i = 0; i < WF_FEED_BUCKETS; i++) {
        if (feed->kind == WEFT_IMPORT_VISITS)
            free(feed->buckets[i].visits);
        else
            free(feed->buckets[i].meetings);
    }
    wf_stash_free(feed->stash);
    wf_fact_rows_free(feed->fact_rows);
    wf_sheaf_free(feed->sheaf);
    wf_roll_free(feed->roll);
    wf_case_numbers_free(feed->cases);
    free(feed->texts);
    free(feed->numbers);
    free(feed->chosen);
    free(feed->kept_days.days);
    free(feed->touched.days);
    *feed = (wf_feed){0};
}

// Why the row was refused, with what its sentence names.
static weft_error why_of(const wf_feed *feed, const wf_load_record *record)
{
    weft_error why = {0};
    char words[sizeof why.params[0].value] = "";
    bool knows = strcmp(record->refused, "import.word") == 0 &&
                 wf_load_words_of(feed->kind, record->field, words, sizeof words);
    wf_error_at(&why, NULL, 0, record->field);
    WF_IGNORE(wf_fail(&why, WEFT_BAD_INPUT, record->refused, knows ? "words" : NULL,
                      words, NULL),
              "it is told and kept, the import goes on");
    return why;
}

static void tell(wf_feed *feed, const char *source_name, const weft_error *why,
                 uint64_t line)
{
    if (feed->options->refused == NULL || feed->told == told_max)
        return;
    weft_error told = *why;
    feed->told++;
    wf_error_at(&told, source_name, line, NULL);
    feed->options->refused(feed->options->context, &told);
}

// Whether a refused row may be sealed under its day: only where the day could take rows,
// so that no key is made for a day that was forgotten or has lost its own.
static bool has_own_day(const wf_feed *feed, const wf_load_record *record)
{
    weft_error why = {0};
    return record->dated &&
           wf_visits_day_takes(feed->city->visits, record->first_day, &why) == WEFT_OK;
}

uint64_t wf_feed_line(const wf_feed *feed, const wf_load_block *block, size_t row)
{
    uint64_t line = block->csv.rows[row].line;
    return feed->lines == NULL ? line
                               : wf_line_notes_find(feed->lines, block->source, line);
}

// Whether the text of a refused row is kept; further parts of it share its lot.
static bool keeps(wf_feed *feed, wf_text raw)
{
    const wf_import_city *city = feed->city;
    if (city->keeps == NULL)
        return true;
    if (!city->keeps(city->keeps_context, feed->beside_bytes + raw.size))
        return false;
    feed->beside_bytes = 0;
    return true;
}

static weft_status keep_refused(wf_feed *feed, const char *source_name,
                                const wf_load_block *block, weft_error *error)
{
    size_t row_kept = SIZE_MAX;
    bool kept_last = true;
    for (size_t i = 0; i < block->records_count; i++) {
        const wf_load_record *record = &block->records[i];
        if (record->refused == NULL)
            continue;
        // A row of which several parts are refused is kept once: tried again it is all
        // its parts.
        bool again = record->row == row_kept;
        row_kept = record->row;
        const wf_csv_row *row = &block->csv.rows[record->row];
        uint64_t line = wf_feed_line(feed, block, record->row);
        const weft_error why = why_of(feed, record);
        feed->refused_rows++;
        tell(feed, source_name, &why, line);
        if (!again)
            kept_last = keeps(feed, row->raw);
        feed->not_kept += !kept_last;
        if (!kept_last)
            continue;
        wf_refused_row kept = {.source = block->source,
                               .line = line,
                               .code = wf_text_of(why.code),
                               .field = wf_text_of(why.field),
                               .params = why.params,
                               .params_count = why.params_count,
                               .raw = again ? WF_TEXT("") : row->raw,
                               .dated = has_own_day(feed, record),
                               .day = record->first_day};
        WF_TRY(wf_refused_add(feed->refused, &kept, error));
    }
    if (feed->lines != NULL && block->csv.rows_count > 0) // drops the notes before
        wf_feed_line(feed, block, block->csv.rows_count - 1);
    return WEFT_OK;
}

weft_status wf_feed_block(wf_feed *feed, const char *source_name, wf_load_block *block,
                          weft_error *error)
{
    if (block->begins) {
        feed->beside_bytes += block->header.size;
        WF_TRY(wf_refused_source(feed->refused, block->source, source_name, block->header,
                                 error));
    }
    feed->rows += block->records_count;
    feed->source_name = source_name;
    feed->other_kinds += block->other_kinds;
    if (wf_fact_list_of(feed->kind) != NULL)
        WF_TRY(wf_fact_rows_block(feed, block, error));
    else if (wf_load_is_register(feed->kind))
        WF_TRY(wf_feed_register_block(feed, block, error));
    else
        WF_TRY(wf_feed_stays_block(feed, block, error));
    return keep_refused(feed, source_name, block, error);
}

weft_status wf_feed_finish(wf_feed *feed, weft_error *error)
{
    if (wf_fact_list_of(feed->kind) != NULL)
        return WEFT_OK; // they are judged when all are there
    if (!wf_load_is_register(feed->kind))
        return wf_feed_stays_flush(feed, error);
    WF_TRY(wf_feed_register_flush(feed, error));
    return feed->roll != NULL ? wf_feed_roll_finish(feed, error) : WEFT_OK;
}
