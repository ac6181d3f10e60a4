// What lists of contacts for people have in common (verb_contacts.c, verb_work.c).
#ifndef WF_CLI_CONTACT_CELLS_H
#define WF_CLI_CONTACT_CELLS_H

#include "cli/summary.h"

enum { wf_cli_chance_max = 48 };

// In the language of the caller; static.
const char *wf_cli_level(const wf_cli *cli, weft_level level);
// "0.09% (0.03–0.28)", in `room`. What is possible is never said to be nothing: below a
// hundredth of a percent it is "<0.01%".
const char *wf_cli_chance(const weft_contact *row, char room[wf_cli_chance_max]);
// An instant to the minute, as visits are: seconds of a badge tell an investigator
// nothing. In `room`.
const char *wf_cli_minute(const weft_city *city, weft_time at,
                          char room[WF_TIME_TEXT_MAX]);
// Words of people, who may have put into them what turns the direction of text or begins
// a line: of these a sign is left, so that the rest of the line stays where it is. No
// line end.
void wf_cli_print_words(wf_cli *cli, const char *words);
// The weightiest reason, how many more there are, and through whom; no line end.
void wf_cli_print_reason(wf_cli *cli, const weft_contact *row);

#endif
