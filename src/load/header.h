// Where the header of a table is, and which columns it has. Only for files of src/load.
#ifndef WF_LOAD_HEADER_H
#define WF_LOAD_HEADER_H

#include "load/record.h"

typedef struct {
    const wf_mapping *mapping; // NULL: plain CSV
    const wf_mapping_kind *target;
    const wf_zone *zone;
    const char *name; // of the source, for messages
    uint64_t line;    // of the header; 0: it is looked for
    bool real;        // lists of drills are refused
} wf_header_options;

// Binds to the header among the first rows of a source, after a drill's mark: titles and
// dates of a table stand above it. *ret_header is its row (untouched when the file has
// none), *ret_first_row the one that follows. Columns that no row has: WEFT_BAD_INPUT
// ("mapping.…", "import.no_header"); then *ret_header is the row that looks most like a
// header, and the error is about it: the first that has nearly as many cells as any.
weft_status wf_header_bind(const wf_header_options *options, const wf_csv_block *block,
                           size_t *ret_header, size_t *ret_first_row, wf_binding *ret,
                           weft_error *error) WEFT_MUST_CHECK;

// A row with more or fewer fields than the header is not what it seems to be; empty ones
// at its end do no harm.
bool wf_header_fits(const wf_binding *binding, const wf_text *cells, size_t count);

#endif
