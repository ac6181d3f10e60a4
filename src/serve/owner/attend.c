#include "serve/owner/attend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/parallel.h"
#include "serve/owner/guest_inside.h"

enum {
    backlog = 64,
    arguments_max = 4096 + 64, // as many as the command line takes, and its options
    arguments_bytes_max = 4 << 20,
    linger_s = 10, // what is spooled at the end of the service is sent for so long
    interrupted_code = 130,
};

struct wf_attend {
    wf_attend_options options;
    wf_path path;
    int listening, wake;
    pthread_t thread;
    _Atomic bool stopping;
    wf_guest *guests[WF_GUESTS_MAX];
    size_t guests_count;
    unsigned char room[WF_PACKET_MAX];
};

// ---- what is said to a guest; under its lock ----

// Nothing follows.
static void put_exit(wf_guest *guest, int code)
{
    // Without memory for it the guest sees the end of the connection.
    WF_IGNORE(wf_guest_spool(
                  guest, &(wf_packet){.kind = WF_PACKET_EXIT, .code = (uint32_t)code}),
              "the guest takes an end without a code for a failure");
    guest->gone = true;
}

static void refuse(wf_guest *guest, const char *version, weft_status status,
                   const char *code)
{
    WF_IGNORE(wf_guest_spool(guest, &(wf_packet){.kind = WF_PACKET_REFUSED,
                                                 .code = (uint32_t)status,
                                                 .first = wf_text_of(code),
                                                 .second = wf_text_of(version)}),
              "the guest takes an end without a code for a failure");
    guest->gone = true;
}

// ---- the verb's thread ----

static void *run_verb(void *context)
{
    wf_guest *guest = context;
    const wf_attend_options *options = &((wf_attend *)guest->attend)->options;
    wf_thread_name("weft verb");
    int code = options->run(options->context, guest, (int)guest->arguments_count,
                            guest->arguments);
    pthread_mutex_lock(&guest->lock);
    if (!guest->gone)
        put_exit(guest, code);
    guest->ended = true;
    wf_guest_wake(guest);
    pthread_mutex_unlock(&guest->lock);
    return NULL;
}

static bool start_thread(pthread_t *ret, void *(*run)(void *), void *context)
{
    sigset_t all, before;
    sigfillset(&all);
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    bool started = pthread_create(ret, NULL, run, context) == 0;
    WF_ASSERT(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return started;
}

// ---- what a guest says ----

static bool take_hello(wf_attend *attend, wf_guest *guest, const wf_packet *packet)
{
    const char *version = attend->options.version;
    bool same = packet->code == WF_PACKET_PROTOCOL &&
                wf_text_equal(packet->first, wf_text_of(version));
    guest->greeted = true;
    if (!same)
        refuse(guest, version, WEFT_CONFLICT, "remote.version");
    else if (!wf_guest_spool(guest, &(wf_packet){.kind = WF_PACKET_WELCOME,
                                                 .first = wf_text_of(version)}))
        return false;
    return true;
}

static bool take_call(wf_guest *guest, const wf_packet *packet, int *file)
{
    if (packet->number < 2 || packet->number > arguments_max)
        return false;
    guest->called = true;
    guest->language = (packet->code & WF_CALL_ZH) != 0 ? WF_LANGUAGE_ZH : WF_LANGUAGE_EN;
    guest->on_terminal = (packet->code & WF_CALL_TERMINAL) != 0;
    guest->arguments_all = (size_t)packet->number;
    guest->input = *file;
    *file = -1;
    guest->arguments = calloc(guest->arguments_all + 1, sizeof *guest->arguments);
    return guest->arguments != NULL;
}

static bool take_argument(wf_guest *guest, const wf_packet *packet)
{
    if (guest->arguments_count == guest->arguments_all ||
        packet->first.size > arguments_bytes_max - guest->arguments_bytes)
        return false;
    char *copy =
        strndup(packet->first.size > 0 ? packet->first.bytes : "", packet->first.size);
    if (copy == NULL)
        return false;
    guest->arguments_bytes += packet->first.size;
    guest->arguments[guest->arguments_count++] = copy;
    if (guest->arguments_count < guest->arguments_all)
        return true;
    guest->threaded = start_thread(&guest->thread, run_verb, guest);
    return guest->threaded;
}

static bool take_answer(wf_guest *guest, const wf_packet *packet, int *file)
{
    if (!guest->asks || guest->answered)
        return false;
    guest->answer = (wf_guest_answer){.reason = (int)packet->code,
                                      .mode = packet->mode,
                                      .size = packet->number,
                                      .file = *file};
    if (packet->code > 4095) // the kernel's own are smaller
        guest->answer.reason = EPROTO;
    *file = -1;
    guest->answered = true;
    pthread_cond_broadcast(&guest->changed);
    return true;
}

// A verb that does not look for interrupts is let run to its end, alone.
static void take_interrupt(wf_guest *guest)
{
    guest->interrupted = true;
    if (guest->threaded && !guest->minds && !guest->gone) {
        wf_guest_drop_spool(guest);
        put_exit(guest, interrupted_code);
    }
    pthread_cond_broadcast(&guest->changed);
}

// False: the guest is not one of ours, and is let go.
static bool take_packet(wf_attend *attend, wf_guest *guest, const wf_packet *packet,
                        int *file)
{
    if (guest->gone)
        return true; // what it says is not heard any more
    if (!guest->greeted)
        return packet->kind == WF_PACKET_HELLO && take_hello(attend, guest, packet);
    switch (packet->kind) {
    case WF_PACKET_CALL:
        return !guest->called && take_call(guest, packet, file);
    case WF_PACKET_ARGUMENT:
        return guest->called && take_argument(guest, packet);
    case WF_PACKET_DONE:
        return take_answer(guest, packet, file);
    case WF_PACKET_INTERRUPT:
        take_interrupt(guest);
        return true;
    case WF_PACKET_CLOSED:
        guest->closed =
            packet->code > 0 && packet->code <= 4095 ? (int)packet->code : EIO;
        return true;
    default:
        return false;
    }
}

// ---- to and fro ----

// The guest is not there any more. Under its lock.
static void lose(wf_guest *guest)
{
    guest->gone = true;
    guest->interrupted = true;
    wf_guest_drop_spool(guest);
    if (guest->socket >= 0)
        WF_IGNORE(close(guest->socket), "it was closed from the other side");
    guest->socket = -1;
    pthread_cond_broadcast(&guest->changed);
}

static void receive(wf_attend *attend, wf_guest *guest)
{
    wf_packet packet;
    int file = -1;
    ssize_t size = wf_packet_receive(guest->socket, attend->room, &packet, &file);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    pthread_mutex_lock(&guest->lock);
    if (size <= 0 || !take_packet(attend, guest, &packet, &file))
        lose(guest);
    pthread_mutex_unlock(&guest->lock);
    if (file >= 0)
        WF_IGNORE(close(file), "nobody asked for it");
}

static void send_spooled(wf_guest *guest)
{
    pthread_mutex_lock(&guest->lock);
    while (guest->first != NULL) {
        wf_spooled *one = guest->first;
        if (wf_packet_send(guest->socket, one->bytes, one->size, -1, false) < 0) {
            if (errno != EAGAIN)
                lose(guest);
            break;
        }
        guest->first = one->next;
        if (guest->first == NULL)
            guest->last = NULL;
        guest->spooled -= one->size;
        free(one);
        pthread_cond_broadcast(&guest->changed);
    }
    pthread_mutex_unlock(&guest->lock);
}

// ---- who comes and goes ----

static bool may_enter(int socket)
{
    struct ucred who;
    socklen_t size = sizeof who;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}

static void welcome(wf_attend *attend)
{
    int socket = accept4(attend->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0)
        return;
    wf_guest *guest = may_enter(socket) && attend->guests_count < WF_GUESTS_MAX
                          ? wf_guest_new(socket)
                          : NULL;
    if (guest == NULL) {
        WF_IGNORE(close(socket), "it may not enter, or there is no room");
        return;
    }
    guest->attend = attend;
    guest->city_dir = attend->options.city_dir;
    guest->wake = attend->wake;
    attend->guests[attend->guests_count++] = guest;
}

// Whether nothing more is to come from it or to go to it.
static bool is_over(wf_guest *guest)
{
    pthread_mutex_lock(&guest->lock);
    bool over = guest->gone && guest->first == NULL && (!guest->threaded || guest->ended);
    pthread_mutex_unlock(&guest->lock);
    return over;
}

static void let_go(wf_attend *attend)
{
    for (size_t i = attend->guests_count; i > 0; i--) {
        wf_guest *guest = attend->guests[i - 1];
        if (!is_over(guest))
            continue;
        if (guest->threaded)
            WF_ASSERT(pthread_join(guest->thread, NULL) == 0);
        wf_guest_free(guest);
        attend->guests[i - 1] = attend->guests[--attend->guests_count];
    }
}

// ---- the attendant's thread ----

static void interrupt_all(wf_attend *attend)
{
    for (size_t i = 0; i < attend->guests_count; i++) {
        wf_guest *guest = attend->guests[i];
        pthread_mutex_lock(&guest->lock);
        if (guest->threaded)
            guest->interrupted = true;
        else if (!guest->gone)
            refuse(guest, attend->options.version, WEFT_BUSY, "remote.stopping");
        pthread_cond_broadcast(&guest->changed);
        pthread_mutex_unlock(&guest->lock);
    }
}

static short events_of(wf_guest *guest)
{
    pthread_mutex_lock(&guest->lock);
    short events = guest->first != NULL ? POLLIN | POLLOUT : POLLIN;
    pthread_mutex_unlock(&guest->lock);
    return events;
}

static void look_after(wf_attend *attend, const struct pollfd *polled, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wf_guest *guest = attend->guests[i];
        if (polled[i].revents == 0 || guest->socket < 0)
            continue;
        if ((polled[i].revents & POLLOUT) != 0)
            send_spooled(guest);
        if ((polled[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && guest->socket >= 0)
            receive(attend, guest);
    }
}

static void *run_attendant(void *context)
{
    wf_attend *attend = context;
    bool told = false;
    wf_thread_name("weft owner");
    while (!told || attend->guests_count > 0) {
        struct pollfd polled[WF_GUESTS_MAX + 2];
        size_t count = attend->guests_count;
        bool stopping = atomic_load(&attend->stopping);
        polled[0] = (struct pollfd){.fd = attend->wake, .events = POLLIN};
        polled[1] =
            (struct pollfd){.fd = stopping ? -1 : attend->listening, .events = POLLIN};
        for (size_t i = 0; i < count; i++)
            polled[i + 2] = (struct pollfd){.fd = attend->guests[i]->socket,
                                            .events = events_of(attend->guests[i])};
        int found = poll(polled, count + 2, stopping ? linger_s * 1000 : -1);
        uint64_t woken;
        if (found > 0 && polled[0].revents != 0)
            WF_IGNORE(wf_io_posix.read(&wf_io_posix, attend->wake, &woken, sizeof woken) <
                          0,
                      "it only wakes");
        if (found > 0)
            look_after(attend, polled + 2, count);
        if (found > 0 && (polled[1].revents & POLLIN) != 0)
            welcome(attend);
        for (size_t i = 0; found == 0 && i < attend->guests_count; i++) {
            pthread_mutex_lock(&attend->guests[i]->lock);
            lose(attend->guests[i]); // it takes nothing
            pthread_mutex_unlock(&attend->guests[i]->lock);
        }
        if (!told && atomic_load(&attend->stopping)) {
            interrupt_all(attend);
            told = true;
        }
        let_go(attend);
    }
    return NULL;
}

// ---- beginning and end ----

// A path of any length: through the descriptor of its folder.
static int bind_in(const char *dir, int socket)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const wf_io *io = &wf_io_posix;
    int folder = io->open(io, dir, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0)
        return -1;
    int size = snprintf(address.sun_path, sizeof address.sun_path,
                        "/proc/self/fd/%d/" WF_SOCKET_NAME, folder);
    WF_ASSERT(size > 0 && (size_t)size < sizeof address.sun_path);
    // The mode is that of the socket less the umask: nobody finds it wider for a moment.
    int failed = fchmod(socket, S_IRUSR | S_IWUSR) != 0 ||
                         bind(socket, (struct sockaddr *)&address, sizeof address) != 0
                     ? -1
                     : 0;
    int reason = errno;
    WF_IGNORE(io->close(io, folder), "it was only looked at");
    errno = reason;
    return failed;
}

static weft_status start_listening(wf_attend *attend, weft_error *error)
{
    const char *dir = attend->options.city_dir;
    const wf_io *io = &wf_io_posix;
    WF_TRY(wf_path_join(dir, WF_SOCKET_NAME, &attend->path, error));
    if (io->unlink(io, attend->path.text) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "remote.bind", attend->path.text);
    attend->listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (attend->listening < 0 || bind_in(dir, attend->listening) != 0 ||
        listen(attend->listening, backlog) != 0)
        return wf_fail_errno(error, errno, "remote.bind", attend->path.text);
    attend->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (attend->wake < 0 || !start_thread(&attend->thread, run_attendant, attend))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static void free_attend(wf_attend *attend)
{
    const wf_io *io = &wf_io_posix;
    if (attend->listening >= 0) {
        WF_IGNORE(io->close(io, attend->listening), "nobody is accepted any more");
        WF_IGNORE(io->unlink(io, attend->path.text),
                  "one that stays is told apart: nobody answers");
    }
    if (attend->wake >= 0)
        WF_IGNORE(io->close(io, attend->wake), "nobody waits for it any more");
    free(attend);
}

weft_status wf_attend_start(const wf_attend_options *options, wf_attend **ret,
                            weft_error *error)
{
    wf_attend *attend = calloc(1, sizeof *attend);
    if (attend == NULL)
        return wf_fail_memory(error);
    attend->options = *options;
    attend->listening = attend->wake = -1;
    weft_status status = start_listening(attend, error);
    if (status == WEFT_OK)
        *ret = attend;
    else
        free_attend(attend);
    return status;
}

void wf_attend_stop(wf_attend *attend)
{
    if (attend == NULL)
        return;
    uint64_t one = 1;
    const wf_io *io = &wf_io_posix;
    atomic_store(&attend->stopping, true);
    WF_IGNORE(io->write(io, attend->wake, &one, sizeof one) < 0,
              "a counter that is full wakes as well");
    WF_ASSERT(pthread_join(attend->thread, NULL) == 0);
    free_attend(attend);
}
