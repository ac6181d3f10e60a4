#include "city/make.h"

#include <stdio.h>

#include "city/source.h"
#include "weft/import.h"

typedef struct {
    const wf_city_files_progress *progress;
    wf_table table;
} telling;

static bool tell(void *context, const weft_import_progress *progress)
{
    const telling *told = context;
    return told->progress == NULL ||
           told->progress->tell(told->progress->context, told->table, progress->rows);
}

static weft_status import_table(weft_city *city, wf_town *town, wf_outbreak *outbreak,
                                wf_table table, unsigned threads,
                                const wf_city_files_progress *progress,
                                uint64_t *ret_rows, weft_error *error)
{
    static const weft_import_kind kinds[] = {
        [WF_TABLE_PERSONS] = WEFT_IMPORT_PERSONS,
        [WF_TABLE_PLACES] = WEFT_IMPORT_PLACES,
        [WF_TABLE_VISITS] = WEFT_IMPORT_VISITS,
        [WF_TABLE_ENCOUNTERS] = WEFT_IMPORT_ENCOUNTERS,
        [WF_TABLE_CASES] = WEFT_IMPORT_CASES,
    };
    wf_city_source *made = NULL;
    WF_TRY(wf_city_source_open(town, outbreak, table, threads, &made, error));
    telling told = {progress, table};
    weft_import_source source = {
        .read = wf_city_source_read, .context = made, .name = wf_table_file(table)};
    weft_import_options options = {
        .as_of = WEFT_TIME_NONE, .progress = tell, .context = &told};
    weft_import_summary summary = {0};
    weft_status status =
        weft_import(city, kinds[table], &source, 1, &options, &summary, error);
    wf_city_source_close(made);
    WF_TRY(status);
    WF_ASSERT(summary.accepted == summary.rows && summary.two_places == 0);
    *ret_rows = summary.rows;
    return WEFT_OK;
}

static weft_status init_city(const wf_town *town, const char *dir,
                             const weft_key_options *keys, weft_error *error)
{
    char date[WF_DAY_TEXT_MAX];
    char clock[WF_DAY_TEXT_MAX + 8];
    weft_day end = {town->options.start.number + (int32_t)town->options.days};
    int printed = snprintf(clock, sizeof clock, "%s 00:00", wf_day_text(date, end));
    WF_ASSERT(printed > 0 && (size_t)printed < sizeof clock);
    weft_init_options options = {.kind = WEFT_CITY_DRILL, .clock = clock, .keys = *keys};
    return weft_city_init(dir, &options, error);
}

weft_status wf_city_make(wf_town *town, const char *dir, const weft_key_options *keys,
                         unsigned threads, const wf_city_files_progress *progress,
                         wf_city_files_summary *ret, weft_error *error)
{
    WF_TRY(init_city(town, dir, keys, error));
    weft_city *city = NULL;
    WF_TRY(weft_city_open(dir, keys, &city, error));
    weft_city_threads(city, threads);
    wf_outbreak outbreak = {0};
    wf_city_files_summary summary = {0};
    weft_status status = WEFT_OK;
    // The truth is not imported.
    for (int table = 0; table < WF_TABLE_TRUTH && status == WEFT_OK; table++)
        status = import_table(city, town, &outbreak, (wf_table)table, threads, progress,
                              &summary.rows[table], error);
    wf_outbreak_done(&outbreak);
    weft_city_close(city);
    if (status == WEFT_OK)
        *ret = summary;
    return status;
}
