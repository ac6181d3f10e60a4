// Values of views, as people and machines read them.
#ifndef WF_CLI_VIEW_CELL_H
#define WF_CLI_VIEW_CELL_H

#include "cli/cli.h"
#include "weft/views.h"

// For people: times in the city's zone, durations (µs) in hours and minutes. In `room`,
// or the value's own text.
#define WF_CLI_CELL_MAX 64
const char *wf_cli_view_cell(const wf_cli *cli, const weft_city *city,
                             const weft_view_column *column, const weft_view_value *value,
                             char room[WF_CLI_CELL_MAX]);

#endif
