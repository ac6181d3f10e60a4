// A page of a view as the verbs print it.
#ifndef WF_CLI_VIEW_PAGE_H
#define WF_CLI_VIEW_PAGE_H

#include "cli/cli.h"
#include "weft/views.h"

// Asks and prints rows and summary.
weft_status wf_cli_show_view(wf_cli *cli, weft_city *city,
                             const weft_view_question *question,
                             weft_error *error) WEFT_MUST_CHECK;
// Prints a page that was read: rows and summary.
void wf_cli_print_view(wf_cli *cli, const weft_city *city, const weft_view_page *page);
// All rows of a short view, within the option "grid" where the verb has one.
weft_status wf_cli_list_view(wf_cli *cli, weft_city *city, const char *view,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
