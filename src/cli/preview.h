// What `weft import --preview` says.
#ifndef WF_CLI_PREVIEW_H
#define WF_CLI_PREVIEW_H

#include "cli/cli.h"
#include "weft/import.h"

// Says it; the exit code: 0, or that of what would keep the import from beginning.
int wf_preview_say(wf_cli *cli, const weft_preview *preview);

#endif
