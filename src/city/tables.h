// Rows of the files of a synthetic city, as CSV (DESIGN §7). Every table is cut into
// numbered parts that can be written by different threads; put one behind the other
// they are the file.
#ifndef WF_CITY_TABLES_H
#define WF_CITY_TABLES_H

#include "city/outbreak.h"

typedef enum {
    WF_TABLE_PERSONS,
    WF_TABLE_PLACES,
    WF_TABLE_VISITS,
    WF_TABLE_ENCOUNTERS,
    WF_TABLE_CASES,
    WF_TABLE_TRUTH, // who infected whom where; not for import
    WF_TABLE_COUNT
} wf_table;

const char *wf_table_file(wf_table table);   // "persons.csv"
const char *wf_table_header(wf_table table); // with its line end

// What stays the same over all rows: dates of all days in text.
typedef struct {
    const wf_town *town;
    const wf_outbreak *outbreak;
    char dates[WF_TOWN_DAYS_MAX + 2][WF_DAY_TEXT_MAX];
} wf_tables;
void wf_tables_init(const wf_town *town, const wf_outbreak *outbreak, wf_tables *ret);

// What a part yields. `seen`: stays at places that the outbreak watches.
typedef struct {
    wf_buffer text;
    uint64_t rows;
    wf_seen_stop *seen;
    size_t seen_count, seen_capacity;
} wf_table_part;
void wf_table_part_done(wf_table_part *part);

// Parts a table has in all; visits and encounters have as many for every day.
uint32_t wf_table_parts(const wf_town *town, wf_table table);
bool wf_table_is_daily(wf_table table);

// Fills *part (emptied first, memory reused). False: out of memory. Cases and encounters
// only after the outbreak has run. Threads: parts of their own may be written at a time.
bool wf_table_write(const wf_tables *tables, wf_table table, uint32_t day, uint32_t index,
                    wf_table_part *part) WEFT_MUST_CHECK;

#endif
