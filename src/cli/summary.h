// The last line of a look-up: what the answer covers.
#ifndef WF_CLI_SUMMARY_H
#define WF_CLI_SUMMARY_H

#include "cli/cli.h"
#include "weft/lookup.h"

// The object inside {"summary":…}, to which a verb may add; NULL without memory.
json_t *wf_cli_summary_json(const weft_city *city, const weft_lookup_summary *summary);

// Prints the line: {"summary":{…}} with --json, a sentence for people otherwise, which
// warns of the days that are missing.
void wf_cli_summary(wf_cli *cli, const weft_city *city,
                    const weft_lookup_summary *summary);

// An instant as ISO 8601 with the zone's offset; null for WEFT_TIME_NONE.
json_t *wf_cli_time_json(const weft_city *city, weft_time at);

#endif
