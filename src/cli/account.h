// What the verbs of accounts share: user, device, token.
#ifndef WF_CLI_ACCOUNT_H
#define WF_CLI_ACCOUNT_H

#include "cli/cli.h"

// An option of the verb, and the field of the fact that takes it.
typedef struct {
    const char *option, *field;
} wf_cli_field;

// Runs what the second argument names with the open city, between `min` and `max`
// arguments behind it.
typedef struct {
    const char *name;
    size_t min, max;
    weft_status (*run)(wf_cli *cli, weft_city *city, weft_error *error);
} wf_cli_deed;
int wf_cli_run_deed(wf_cli *cli, const wf_cli_deed *deeds, size_t count);

// Sends a fact whose first field is `name`, the others the options that were given; says
// what became of it.
weft_status wf_cli_send_account(wf_cli *cli, weft_city *city, const char *kind,
                                const char *first_field, const char *name,
                                const wf_cli_field *fields, size_t count,
                                weft_error *error) WEFT_MUST_CHECK;

#endif
