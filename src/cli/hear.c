// What a verb hears while it runs: interrupts, and its standard input.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli/cli.h"
#include "serve/owner/guest.h"

// Whoever has the city of a server does not keep it while a pipe stands still.
enum { poll_ms = 200, guest_polls = 50 };

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
    (void)number;
    interrupted = 1;
}

void wf_cli_mind_interrupts(wf_cli *cli)
{
    if (cli->guest != NULL) {
        wf_guest_mind(cli->guest);
        return;
    }
    interrupted = 0;
    // Without SA_RESTART, so that a read that waits returns.
    struct sigaction action = {.sa_handler = note_signal};
    WF_IGNORE(sigaction(SIGINT, &action, NULL), "both signals can be handled");
    WF_IGNORE(sigaction(SIGTERM, &action, NULL), "both signals can be handled");
}

bool wf_cli_interrupted(const wf_cli *cli)
{
    return cli->guest != NULL ? wf_guest_interrupted(cli->guest) : interrupted != 0;
}

static ssize_t give_up(int reason)
{
    errno = reason;
    return -1;
}

ssize_t wf_cli_read(const wf_cli *cli, int file, void *bytes, size_t size)
{
    struct pollfd waiting = {.fd = file, .events = POLLIN};
    for (unsigned polls = 1; poll(&waiting, 1, poll_ms) <= 0; polls++) {
        if (wf_cli_interrupted(cli))
            return give_up(EINTR);
        if (cli->guest != NULL && polls >= guest_polls)
            return give_up(ETIMEDOUT);
    }
    ssize_t got = read(file, bytes, size);
    while (got < 0 && errno == EINTR && !wf_cli_interrupted(cli))
        got = read(file, bytes, size);
    // The end of a pipe may be that of who called: then it is no end of the file.
    if (got == 0 && cli->guest != NULL && wf_cli_interrupted(cli))
        return give_up(EINTR);
    return got;
}
