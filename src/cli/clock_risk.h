// The open risk as the verb `clock` prints it: the view tracing/open_risk.
#ifndef WF_CLI_CLOCK_RISK_H
#define WF_CLI_CLOCK_RISK_H

#include "cli/cli.h"

// Of one outbreak, or of all (NULL), within the option "grid"; "" is none: nothing is
// printed. An interval of people by level, never one figure, and each time with the words
// that hidden chains are not in it.
weft_status wf_cli_show_open_risk(wf_cli *cli, weft_city *city, const char *outbreak,
                                  weft_error *error) WEFT_MUST_CHECK;

#endif
