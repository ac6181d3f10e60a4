// The service that a verb runs in, for a guest of it.
#ifndef WF_CLI_SERVICE_H
#define WF_CLI_SERVICE_H

#include "cli/cli.h"
#include "serve/process/sandbox.h"
#include "serve/server.h"

struct wf_service {
    wf_server *server;
    wf_sandbox sandbox;
    bool without_sandbox; // asked for
    weft_key_options keys;
};

// Lines of weft status about it; with --json an object.
void wf_service_say(wf_cli *cli);
json_t *wf_service_json(const wf_cli *cli);

#endif
