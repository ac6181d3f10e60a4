// The help, composed from the table of verbs.
#ifndef WF_CLI_HELP_H
#define WF_CLI_HELP_H

#include "cli/cli.h"

// Options that every verb has; ended by a NULL name.
extern const wf_option wf_shared_options[];

// All verbs, a line each.
void wf_help_all(wf_cli *cli);
// One verb: usage, paragraphs, options.
void wf_help_verb(wf_cli *cli, const wf_verb *verb);

#endif
