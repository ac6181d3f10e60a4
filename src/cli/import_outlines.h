// weft import DIR outlines FILE: beside the rows of people and places, the outlines of
// the areas themselves, for the map.
#ifndef WF_CLI_IMPORT_OUTLINES_H
#define WF_CLI_IMPORT_OUTLINES_H

#include "cli/cli.h"
#include "weft/outlines.h"

// Whether the verb was called for outlines.
bool wf_import_is_outlines(const wf_cli *cli);
// WEFT_BAD_USAGE where an option was given that is for the other of the two.
weft_status wf_import_outlines_options(const wf_cli *cli, bool is_outlines,
                                       weft_outlines_options *ret,
                                       weft_error *error) WEFT_MUST_CHECK;
// WEFT_BAD_USAGE where anything stands beside --remove.
weft_status wf_import_outlines_only_remove(const wf_cli *cli,
                                           weft_error *error) WEFT_MUST_CHECK;
// Says whether there were any; the exit code.
int wf_import_outlines_say_removed(wf_cli *cli, bool had);
// Says the summary; the exit code.
int wf_import_outlines_say(wf_cli *cli, const weft_outlines_options *how,
                           const weft_outlines_summary *summary);

#endif
