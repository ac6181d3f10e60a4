// Writes a synthetic city as CSV files.
#ifndef WF_CITY_FILES_H
#define WF_CITY_FILES_H

#include "base/io.h"
#include "city/tables.h"

typedef struct {
    uint64_t rows[WF_TABLE_COUNT];
} wf_city_files_summary;

// Called after every megabyte or so with the rows of the table written so far; NULL: not
// at all. Returning false ends the work with WEFT_INTERRUPTED.
typedef struct {
    bool (*tell)(void *context, wf_table table, uint64_t rows);
    void *context;
} wf_city_files_progress;

// Writes persons.csv places.csv visits.csv encounters.csv cases.csv truth.csv into `dir`,
// which is made when missing; files of these names there are replaced. The bytes depend
// on the town's options only. Errors: "io.…", memory.
weft_status wf_city_files_write(wf_town *town, const wf_io *io, const char *dir,
                                unsigned threads, const wf_city_files_progress *progress,
                                wf_city_files_summary *ret,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
