// The reader: a thread of its own that parses the sources, makes records of their rows
// and checks them, some blocks ahead of the worker. Only for files of src/load.
#ifndef WF_LOAD_READER_H
#define WF_LOAD_READER_H

#include "load/record.h"

// Records of one block of rows; texts live until the block is given back.
typedef struct {
    wf_csv_block csv;
    wf_load_record *records;
    size_t records_count, records_capacity;
    wf_value *values; // of the register's records, all columns of each
    size_t values_count, values_capacity;
    wf_arena arena;       // texts that a mapping made
    size_t source;        // index
    bool begins;          // the first block of its source: `header` is set
    wf_text header;       // the source's first row as it came, empty where it has none
    uint64_t bytes;       // of all sources so far
    uint64_t other_kinds; // places of the block whose kind was read as `other`
} wf_load_block;

typedef struct {
    weft_import_kind kind;
    const weft_import_source *sources;
    size_t sources_count;
    const wf_mapping *mapping; // NULL: plain CSV
    const wf_mapping_kind *target;
    const char *sheet;    // of workbooks; NULL: what the mapping says
    uint64_t header_line; // 0: it is looked for
    bool is_utf8;         // the bytes are UTF-8 whatever the mapping says
    const wf_zone *zone;
    bool clocked; // what begins after `now` is refused
    weft_time now;
    bool real; // lists of drills are refused
} wf_reader_options;

typedef struct wf_reader wf_reader;

weft_status wf_reader_start(const wf_reader_options *options, wf_reader **ret,
                            weft_error *error) WEFT_MUST_CHECK;

// The next block: *ret NULL when nothing came within `wait_ms` (ask again). At the end
// *ret_end is set; where reading failed its status and error come instead, after all
// blocks before it.
weft_status wf_reader_next(wf_reader *reader, unsigned wait_ms, wf_load_block **ret,
                           bool *ret_end, weft_error *error) WEFT_MUST_CHECK;
void wf_reader_give_back(wf_reader *reader, wf_load_block *block);

// Stops and frees; waits for a read of the source that is under way. NULL does nothing.
void wf_reader_stop(wf_reader *reader);

#endif
