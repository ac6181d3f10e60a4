// The last line of a look-up: what the answer covers.
#ifndef WF_CLI_SUMMARY_H
#define WF_CLI_SUMMARY_H

#include "base/time.h"
#include "cli/cli.h"
#include "weft/lookup.h"

// The object inside {"summary":…}, to which a verb may add; NULL without memory.
json_t *wf_cli_summary_json(const weft_city *city, const weft_lookup_summary *summary);

// Prints {"summary":…} with what a look-up says more, an object whose reference is taken
// over; either NULL without memory.
void wf_cli_summary_with(wf_cli *cli, json_t *summary, json_t *more);

// Prints the line: {"summary":{…}} with --json, a sentence for people otherwise, which
// warns of the days that are missing.
void wf_cli_summary(wf_cli *cli, const weft_city *city,
                    const weft_lookup_summary *summary);

// Says which case it was, where it was asked for by another of its numbers (--case).
void wf_cli_own_case(wf_cli *cli, const weft_lookup_summary *summary);
// The days that are missing only, one sentence each.
// Says of whom a look-up lists that they owe nothing, where its case was found to be
// none.
void wf_cli_not_a_case(wf_cli *cli, bool not_a_case);
void wf_cli_missing(wf_cli *cli, const weft_lookup_summary *summary);

// An instant for people, in the city's zone: "2021-12-11 07:41", with seconds where there
// are some; "" for WEFT_TIME_NONE.
const char *wf_cli_when(const weft_city *city, weft_time at,
                        char buffer[WF_TIME_TEXT_MAX]);

// An instant as ISO 8601 with the zone's offset; null for WEFT_TIME_NONE.
json_t *wf_cli_time_json(const weft_city *city, weft_time at);

#endif
