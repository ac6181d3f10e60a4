// A verb on a city that a server has: it runs there, and here are its standard streams,
// its files and Ctrl-C (serve/owner/packet.h). Whoever uses the program hardly notices.
#ifndef WF_CLI_REMOTE_H
#define WF_CLI_REMOTE_H

#include "cli/cli.h"

// Runs the parsed verb on the server of its city. False, and nothing was done, when the
// verb takes no city or no server answers at its socket, be it that a crash has left one:
// the verb then opens the city itself. Else *ret_code is what the program ends with.
// Verbs that need the city alone (verb->alone), a server of another version and one whose
// service is ending are refused.
bool wf_remote_run(wf_cli *cli, int argc, char **argv, int *ret_code);

#endif
