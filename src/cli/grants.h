// Which files of this program's user a server may have opened: those that the arguments
// name, what is written beside them before it takes their place, and what is inside a
// folder that they name. Root asks a service that runs as somebody else, and must not
// open for it whatever it wishes.
#ifndef WF_CLI_GRANTS_H
#define WF_CLI_GRANTS_H

#include "cli/cli.h"

// Whether the path is granted by the arguments and values of the parsed verb, of which
// argument `city_at` names the city and grants nothing.
bool wf_grants_path(const wf_cli *cli, size_t city_at, const char *path);
// Whether it is the folder of one that is.
bool wf_grants_folder(const wf_cli *cli, size_t city_at, const char *path);

#endif
