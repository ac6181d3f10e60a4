// Rows of an answer as CSV for spreadsheet programs (wire/csv_write.h).
#ifndef WF_SERVE_AREAS_ROWS_CSV_H
#define WF_SERVE_AREAS_ROWS_CSV_H

#include <jansson.h>

#include "base/text.h"

// Appends the head of a file of these columns (ended by NULL). False without memory.
bool wf_rows_csv_head(const char *const *columns, wf_buffer *to) WEFT_MUST_CHECK;
// Appends an object's row; a list or object in a cell is JSON. False without memory.
bool wf_rows_csv_row(const json_t *row, const char *const *columns,
                     wf_buffer *to) WEFT_MUST_CHECK;

#endif
