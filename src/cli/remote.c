#include "cli/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/grants.h"
#include "serve/owner/packet.h"

// Flags that a verb may ask for; all others are cleared.
enum {
    flags_granted = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_NOFOLLOW | O_APPEND,
};

typedef struct {
    wf_cli *cli;
    size_t city_at;
    int socket;
    bool told; // the server knows of an interrupt
    bool ended;
    int code;
    weft_error *error;
    unsigned char in[WF_PACKET_MAX], out[WF_PACKET_MAX];
} call;

// ---- Ctrl-C ----

// An eventfd: what comes between two looks is not lost.
static volatile sig_atomic_t wake;

static void note_signal(int number)
{
    uint64_t one = 1;
    int before = errno;
    (void)number;
    WF_IGNORE(wf_io_posix.write(&wf_io_posix, wake, &one, sizeof one) < 0,
              "a counter that is full wakes as well");
    errno = before;
}

// The second one ends the program, wherever it waits: a pipe that nobody reads, a file
// that does not open.
static weft_status note_interrupts(weft_error *error)
{
    struct sigaction action = {.sa_handler = note_signal,
                               .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0)
        return wf_fail_memory(error);
    WF_IGNORE(sigaction(SIGINT, &action, NULL), "both signals can be handled");
    WF_IGNORE(sigaction(SIGTERM, &action, NULL), "both signals can be handled");
    return WEFT_OK;
}

// ---- finding the server ----

static int connect_in(const char *dir)
{
    const wf_io *io = &wf_io_posix;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int folder = io->open(io, dir, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0)
        return -1;
    int end = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    int size = snprintf(address.sun_path, sizeof address.sun_path,
                        "/proc/self/fd/%d/" WF_SOCKET_NAME, folder);
    WF_ASSERT(size > 0 && (size_t)size < sizeof address.sun_path);
    if (end >= 0 && connect(end, (struct sockaddr *)&address, sizeof address) != 0) {
        WF_IGNORE(close(end), "nobody answered");
        end = -1;
    }
    WF_IGNORE(io->close(io, folder), "it was only looked at");
    return end;
}

// A server of somebody else could lie in a folder of theirs.
static bool is_trusted(int socket)
{
    struct ucred who;
    socklen_t size = sizeof who;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
           (who.uid == geteuid() || who.uid == 0 || geteuid() == 0);
}

// ---- what is said to it ----

static weft_status lost(call *c)
{
    return wf_fail(c->error, WEFT_STORAGE, "remote.lost", NULL);
}

static weft_status say(call *c, const wf_packet *packet, int file)
{
    size_t size = wf_packet_write(packet, c->out);
    return wf_packet_send(c->socket, c->out, size, file, true) < 0 ? lost(c) : WEFT_OK;
}

static weft_status say_all(call *c, int argc, char **argv)
{
    const wf_cli *cli = c->cli;
    uint32_t flags = cli->language == WF_LANGUAGE_ZH ? WF_CALL_ZH : 0;
    if (cli->on_terminal)
        flags |= WF_CALL_TERMINAL;
    for (int i = 0; i < argc; i++)
        if (strlen(argv[i]) > WF_PACKET_TEXT_MAX)
            return wf_fail(c->error, WEFT_TOO_LARGE, "remote.argument", NULL);
    // Whoever has closed standard input gives none.
    int input = fcntl(cli->input, F_GETFD) >= 0 ? cli->input : -1;
    WF_TRY(say(
        c, &(wf_packet){.kind = WF_PACKET_CALL, .code = flags, .number = (uint64_t)argc},
        input));
    for (int i = 0; i < argc; i++)
        WF_TRY(say(c,
                   &(wf_packet){.kind = WF_PACKET_ARGUMENT, .first = wf_text_of(argv[i])},
                   -1));
    return WEFT_OK;
}

// ---- what it asks for ----

typedef struct {
    char path[WF_PATH_MAX], to[WF_PATH_MAX];
} asked_paths;

static bool copy_path(wf_text text, char room[WF_PATH_MAX])
{
    if (text.size >= WF_PATH_MAX)
        return false;
    if (text.size > 0)
        memcpy(room, text.bytes, text.size);
    room[text.size] = '\0';
    return true;
}

static bool may_do(const call *c, const wf_packet *asked, const asked_paths *paths)
{
    if (asked->kind == WF_PACKET_SYNC_DIR)
        return wf_grants_folder(c->cli, c->city_at, paths->path);
    return wf_grants_path(c->cli, c->city_at, paths->path) &&
           (asked->kind != WF_PACKET_RENAME ||
            wf_grants_path(c->cli, c->city_at, paths->to));
}

// Does it: 0, or −1 and errno; fills what the answer tells.
static int do_asked(const wf_packet *asked, const asked_paths *paths, wf_packet *answer,
                    int *ret_file)
{
    const wf_io *io = &wf_io_posix;
    struct stat about;
    switch (asked->kind) {
    case WF_PACKET_OPEN:
        *ret_file = io->open(io, paths->path, (int)asked->code & flags_granted,
                             asked->mode & 0777);
        return *ret_file < 0 ? -1 : 0;
    case WF_PACKET_RENAME:
        return io->rename(io, paths->path, paths->to);
    case WF_PACKET_UNLINK:
        return io->unlink(io, paths->path);
    case WF_PACKET_MKDIR:
        return io->mkdir(io, paths->path, asked->mode & 0777);
    case WF_PACKET_SYNC_DIR:
        return io->sync_dir(io, paths->path);
    default:
        if ((asked->code != 0 ? stat : lstat)(paths->path, &about) != 0)
            return -1;
        answer->mode = about.st_mode;
        answer->number = (uint64_t)about.st_size;
        return 0;
    }
}

static weft_status answer(call *c, const wf_packet *asked)
{
    wf_packet done = {.kind = WF_PACKET_DONE};
    asked_paths paths;
    int file = -1;
    if (!copy_path(asked->first, paths.path) || !copy_path(asked->second, paths.to))
        done.code = ENAMETOOLONG;
    else if (!may_do(c, asked, &paths))
        done.code = EPERM;
    else if (do_asked(asked, &paths, &done, &file) != 0)
        done.code = (uint32_t)errno;
    weft_status status = say(c, &done, file);
    if (file >= 0)
        WF_IGNORE(close(file), "the server has it now");
    return status;
}

// ---- what it says ----

// Nothing of it is lost: a pipe that nobody reads ends the verb as it would end it here.
static weft_status print_out(call *c, wf_text text)
{
    wf_cli_text(c->cli, text);
    wf_cli_flush(c->cli);
    if (!c->cli->out_failed)
        return WEFT_OK;
    return say(
        c, &(wf_packet){.kind = WF_PACKET_CLOSED, .code = (uint32_t)c->cli->out_errno},
        -1);
}

static weft_status refuse(call *c, const wf_packet *packet)
{
    char code[64] = "", version[64] = "";
    if (packet->first.size < sizeof code && packet->second.size < sizeof version) {
        memcpy(code, packet->first.bytes, packet->first.size);
        memcpy(version, packet->second.bytes, packet->second.size);
    }
    if (strcmp(code, "remote.version") == 0)
        return wf_fail(c->error, WEFT_CONFLICT, "remote.version", "server", version,
                       "program", WEFT_VERSION, NULL);
    return wf_fail(c->error, WEFT_BUSY, "remote.stopping", NULL);
}

static weft_status hear(call *c, const wf_packet *packet)
{
    switch (packet->kind) {
    case WF_PACKET_OUT:
        return print_out(c, packet->first);
    case WF_PACKET_MESSAGE:
        wf_cli_message_text(c->cli, packet->first);
        return WEFT_OK;
    case WF_PACKET_EXIT:
        c->ended = true;
        c->code = packet->code <= 255 ? (int)packet->code : 5;
        return WEFT_OK;
    case WF_PACKET_REFUSED:
        return refuse(c, packet);
    case WF_PACKET_OPEN:
    case WF_PACKET_RENAME:
    case WF_PACKET_UNLINK:
    case WF_PACKET_MKDIR:
    case WF_PACKET_SYNC_DIR:
    case WF_PACKET_LOOK:
        return answer(c, packet);
    default:
        return lost(c);
    }
}

// ---- the call ----

static weft_status next(call *c, wf_packet *ret)
{
    for (;;) {
        struct pollfd waiting[] = {{.fd = c->socket, .events = POLLIN},
                                   {.fd = c->told ? -1 : wake, .events = POLLIN}};
        int file = -1, found = poll(waiting, 2, -1);
        if (found > 0 && waiting[1].revents != 0) {
            c->told = true;
            WF_TRY(say(c, &(wf_packet){.kind = WF_PACKET_INTERRUPT}, -1));
        }
        if (found <= 0 || waiting[0].revents == 0)
            continue;
        ssize_t size = wf_packet_receive(c->socket, c->in, ret, &file);
        if (file >= 0)
            WF_IGNORE(close(file), "a server gives none");
        if (size > 0)
            return WEFT_OK;
        if (size == 0 || (errno != EAGAIN && errno != EINTR))
            return lost(c);
    }
}

static weft_status converse(call *c, int argc, char **argv)
{
    wf_packet packet = {0};
    WF_TRY(note_interrupts(c->error));
    WF_TRY(say(c,
               &(wf_packet){.kind = WF_PACKET_HELLO,
                            .code = WF_PACKET_PROTOCOL,
                            .first = wf_text_of(WEFT_VERSION)},
               -1));
    if (next(c, &packet) != WEFT_OK)
        return wf_fail(c->error, WEFT_BUSY, "remote.full", NULL);
    if (packet.kind == WF_PACKET_REFUSED)
        return refuse(c, &packet);
    if (packet.kind != WF_PACKET_WELCOME)
        return lost(c);
    WF_TRY(say_all(c, argc, argv));
    while (!c->ended) {
        WF_TRY(next(c, &packet));
        WF_TRY(hear(c, &packet));
    }
    return WEFT_OK;
}

static int run_on(wf_cli *cli, int socket, int argc, char **argv)
{
    weft_error error = {0};
    call *c = calloc(1, sizeof *c);
    weft_status status = c == NULL ? wf_fail_memory(&error) : WEFT_OK;
    if (status == WEFT_OK && cli->verb->alone)
        status =
            wf_fail(&error, WEFT_BUSY, "remote.alone", "verb", cli->verb->name, NULL);
    if (status == WEFT_OK && !is_trusted(socket))
        status = wf_fail(&error, WEFT_NOT_ALLOWED, "remote.stranger", NULL);
    if (status == WEFT_OK) {
        c->cli = cli;
        c->city_at = cli->verb->city_at;
        c->socket = socket;
        c->error = &error;
        status = converse(c, argc, argv);
    }
    int code = status == WEFT_OK ? c->code : wf_cli_fail(cli, &error);
    if (code != 0) // it is said already
        cli->out_failed = false;
    free(c);
    return code;
}

bool wf_remote_run(wf_cli *cli, int argc, char **argv, int *ret_code)
{
    const wf_verb *verb = cli->verb;
    if (verb->takes_no_city || cli->arguments_count <= verb->city_at)
        return false;
    int socket = connect_in(cli->arguments[verb->city_at]);
    if (socket < 0)
        return false;
    *ret_code = run_on(cli, socket, argc, argv);
    WF_IGNORE(close(socket), "the call is over");
    return true;
}
