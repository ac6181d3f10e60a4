// One cell of a table that goes out, to CSV or xlsx. Only for files of src/wire and those
// who write tables with them.
#ifndef WF_WIRE_CELL_H
#define WF_WIRE_CELL_H

#include "base/text.h"

typedef struct {
    wf_text text;   // as it is shown; size 0: an empty cell. Of numbers their digits
    bool is_number; // a text of at most 15 digits that programs may take for a number
    double number;  // the same as a number
} wf_cell;

// True for a text that a spreadsheet program would take for a formula (= + - @ TAB CR at
// its beginning): it is written with a ' before it.
bool wf_cell_is_formula(const wf_cell *cell);

// The text that a cell of a list stands for: a list writes ' before what begins with any
// number of ' and then as a formula, so that it reads back as it was.
wf_text wf_list_text(wf_text cell);
// True for a text before which a list writes '.
bool wf_list_is_quoted(wf_text text);

// The character that "_x000D_" at the beginning of a text of a workbook stands for; −1:
// it is what it says.
int32_t wf_cell_escape(const char *bytes, size_t size);

#endif
