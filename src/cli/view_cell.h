// Values of views, as people and machines read them.
#ifndef WF_CLI_VIEW_CELL_H
#define WF_CLI_VIEW_CELL_H

#include "cli/cli.h"
#include "weft/views.h"

#define WF_CLI_CELL_MAX 64

// How long something took or may take, in the language of the caller: "0 min", "35 min",
// "24 h", "37 h 20 min", "7 d", "2 d 3 h"; "−" before what is below zero. In `room`.
const char *wf_cli_span(const wf_cli *cli, int64_t us, char room[WF_CLI_CELL_MAX]);

// For people: times in the city's zone, durations (µs) as above. In `room`, or the
// value's own text.
const char *wf_cli_view_cell(const wf_cli *cli, const weft_city *city,
                             const weft_view_column *column, const weft_view_value *value,
                             char room[WF_CLI_CELL_MAX]);

#endif
