#include <locale.h>
#include <signal.h>

#include "cli/cli.h"

int main(int argc, char **argv)
{
    // Widths of Chinese text need a UTF-8 locale; numbers keep the C form.
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "");
    // A reader that closes the pipe is an error of write, not a death.
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return 5;
    return wf_cli_run(argc, argv, stdout, stderr);
}
