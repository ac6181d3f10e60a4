// What the verbs import and refused share: the progress bar, and how an import ends.
#ifndef WF_CLI_IMPORT_RUN_H
#define WF_CLI_IMPORT_RUN_H

#include "cli/cli.h"
#include "weft/import.h"

typedef struct {
    wf_cli *cli;
    uint64_t began_ns;
    bool bar_shown;
    uint64_t told; // refused rows that were named
} wf_import_run_view;

// Sets progress, refused and context of the options; SIGINT and SIGTERM then stop the
// import, which stores nothing.
void wf_import_view_begin(wf_import_run_view *view, wf_cli *cli,
                          weft_import_options *options);
// Takes the bar away.
void wf_import_view_end(wf_import_run_view *view);

// Says the summary; the exit code (1 with `strict` and refused rows).
int wf_import_say(wf_cli *cli, const weft_import_summary *summary, bool strict);

#endif
