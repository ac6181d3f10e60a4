// Rows → CSV as spreadsheet programs read it: RFC 4180, lines ended by CR LF, UTF-8 with
// a byte order mark, formulas disarmed (cell.h). What was written reads back by
// wire/csv.h, but for the ' before what looked like a formula.
//
// Pure. Threads: any.
#ifndef WF_WIRE_CSV_WRITE_H
#define WF_WIRE_CSV_WRITE_H

#include "wire/cell.h"

// Appends; false when memory ends.
bool wf_csv_put_mark(wf_buffer *to) WEFT_MUST_CHECK; // stands first in the file
bool wf_csv_put_row(const wf_cell *cells, size_t count, wf_buffer *to) WEFT_MUST_CHECK;

#endif
