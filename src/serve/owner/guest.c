#include "serve/owner/guest.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/owner/guest_inside.h"

enum {
    still_s = 10,  // a spool of which nothing is taken
    answer_s = 30, // a question that is not answered
};

static const uint64_t ns_a_second = 1000000000;

// ---- the spool ----

void wf_guest_wake(const wf_guest *guest)
{
    uint64_t one = 1;
    const wf_io *io = &wf_io_posix;
    WF_IGNORE(io->write(io, guest->wake, &one, sizeof one) < 0,
              "a counter that is full wakes as well");
}

bool wf_guest_spool(wf_guest *guest, const wf_packet *packet)
{
    size_t size = WF_PACKET_HEAD + packet->first.size + packet->second.size;
    wf_spooled *one = malloc(sizeof *one + size);
    if (one == NULL)
        return false;
    one->next = NULL;
    one->size = wf_packet_write(packet, one->bytes);
    if (guest->last != NULL)
        guest->last->next = one;
    else
        guest->first = one;
    guest->last = one;
    guest->spooled += size;
    wf_guest_wake(guest);
    return true;
}

void wf_guest_drop_spool(wf_guest *guest)
{
    while (guest->first != NULL) {
        wf_spooled *one = guest->first;
        guest->first = one->next;
        free(one);
    }
    guest->last = NULL;
    guest->spooled = 0;
}

static struct timespec in_ns(uint64_t ns)
{
    uint64_t at = wf_clock_monotonic_ns() + ns;
    return (struct timespec){.tv_sec = (time_t)(at / ns_a_second),
                             .tv_nsec = (long)(at % ns_a_second)};
}

// Waits for room; 0 or an errno. The service stands still meanwhile: a guest that takes
// little at a time has no more of it than one that takes nothing but begins again.
static int wait_for_room(wf_guest *guest)
{
    while (guest->spooled >= wf_guest_spool_max && !guest->gone) {
        size_t before = guest->spooled;
        uint64_t from = wf_clock_monotonic_ns(),
                 left = wf_guest_waits_ns - guest->waited_ns;
        if (guest->waited_ns >= wf_guest_waits_ns)
            return ETIMEDOUT;
        struct timespec until =
            in_ns(left < still_s * ns_a_second ? left : still_s * ns_a_second);
        int reason = pthread_cond_timedwait(&guest->changed, &guest->lock, &until);
        guest->waited_ns += wf_clock_monotonic_ns() - from;
        if (reason == ETIMEDOUT && guest->spooled == before)
            return ETIMEDOUT;
    }
    return guest->gone ? EPIPE : 0;
}

static int say_part(wf_guest *guest, wf_guest_stream stream, wf_text part)
{
    wf_packet packet = {.kind =
                            stream == WF_GUEST_OUT ? WF_PACKET_OUT : WF_PACKET_MESSAGE,
                        .first = part};
    if (stream == WF_GUEST_OUT && guest->closed != 0)
        return guest->closed;
    int reason = wait_for_room(guest);
    if (reason != 0)
        return reason;
    return wf_guest_spool(guest, &packet) ? 0 : ENOMEM;
}

ssize_t wf_guest_say(wf_guest *guest, wf_guest_stream stream, const char *bytes,
                     size_t size)
{
    int reason = 0;
    pthread_mutex_lock(&guest->lock);
    for (size_t at = 0; at < size && reason == 0;) {
        size_t part = size - at < WF_PACKET_TEXT_MAX ? size - at : WF_PACKET_TEXT_MAX;
        reason = say_part(guest, stream, (wf_text){bytes + at, part});
        at += part;
    }
    pthread_mutex_unlock(&guest->lock);
    if (reason == 0)
        return (ssize_t)size;
    errno = reason;
    return -1;
}

// ---- what it is ----

wf_language wf_guest_language(const wf_guest *guest)
{
    return guest->language;
}

bool wf_guest_on_terminal(const wf_guest *guest)
{
    return guest->on_terminal;
}

int wf_guest_input(const wf_guest *guest)
{
    return guest->input;
}

void wf_guest_mind(wf_guest *guest)
{
    pthread_mutex_lock(&guest->lock);
    guest->minds = true;
    pthread_mutex_unlock(&guest->lock);
}

// The attendant may not have come round to it yet. Under its lock.
static bool hung_up(const wf_guest *guest)
{
    struct pollfd looked = {.fd = guest->socket};
    return guest->socket >= 0 && poll(&looked, 1, 0) > 0 &&
           (looked.revents & (POLLHUP | POLLERR)) != 0;
}

bool wf_guest_interrupted(const wf_guest *guest)
{
    wf_guest *locked = (wf_guest *)(uintptr_t)guest; // to look is no change of it
    pthread_mutex_lock(&locked->lock);
    bool interrupted = locked->interrupted || locked->gone || hung_up(locked);
    pthread_mutex_unlock(&locked->lock);
    return interrupted;
}

// ---- its files ----

// Asks, and waits for the answer: 0 or an errno. Under one_request.
static int ask(wf_guest *guest, const wf_packet *packet, wf_guest_answer *ret)
{
    struct timespec until = in_ns(answer_s * ns_a_second);
    int reason = 0;
    pthread_mutex_lock(&guest->lock);
    guest->asks = true;
    guest->answered = false;
    if (guest->gone)
        reason = ECANCELED;
    else if (!wf_guest_spool(guest, packet))
        reason = ENOMEM;
    while (reason == 0 && !guest->answered) {
        if (guest->gone)
            reason = ECANCELED;
        else
            reason = pthread_cond_timedwait(&guest->changed, &guest->lock, &until);
    }
    if (guest->answered) { // even when it came with the last moment
        *ret = guest->answer;
        reason = guest->answer.reason;
    }
    guest->asks = guest->answered = false;
    // Its answer could be taken for that of the next question.
    if (reason == ETIMEDOUT)
        guest->gone = true;
    pthread_mutex_unlock(&guest->lock);
    return reason;
}

static int request(wf_guest *guest, const wf_packet *packet, wf_guest_answer *ret)
{
    *ret = (wf_guest_answer){.file = -1};
    pthread_mutex_lock(&guest->one_request);
    int reason = packet->first.size + packet->second.size > 2 * WF_PATH_MAX
                     ? ENAMETOOLONG
                     : ask(guest, packet, ret);
    pthread_mutex_unlock(&guest->one_request);
    if (reason == 0)
        return 0;
    errno = reason;
    return -1;
}

// A request whose answer is only whether it was done.
static int order(wf_guest *guest, const wf_packet *packet)
{
    wf_guest_answer answer;
    return request(guest, packet, &answer);
}

static wf_guest *guest_of(const wf_io *io)
{
    return io->self;
}

static bool is_ours(const wf_io *io, const char *path)
{
    const char *dir = guest_of(io)->city_dir;
    size_t size = strlen(dir);
    return strncmp(path, dir, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static int guest_open(const wf_io *io, const char *path, int flags, mode_t mode)
{
    if (is_ours(io, path))
        return wf_io_posix.open(&wf_io_posix, path, flags, mode);
    wf_guest_answer answer;
    const wf_packet packet = {.kind = WF_PACKET_OPEN,
                              .code = (uint32_t)flags,
                              .mode = mode,
                              .first = wf_text_of(path)};
    if (request(guest_of(io), &packet, &answer) != 0)
        return -1;
    if (answer.file >= 0)
        return answer.file;
    errno = EPROTO;
    return -1;
}

static int guest_rename(const wf_io *io, const char *from, const char *to)
{
    if (is_ours(io, from) && is_ours(io, to))
        return wf_io_posix.rename(&wf_io_posix, from, to);
    return order(guest_of(io), &(wf_packet){.kind = WF_PACKET_RENAME,
                                            .first = wf_text_of(from),
                                            .second = wf_text_of(to)});
}

static int guest_unlink(const wf_io *io, const char *path)
{
    if (is_ours(io, path))
        return wf_io_posix.unlink(&wf_io_posix, path);
    return order(guest_of(io),
                 &(wf_packet){.kind = WF_PACKET_UNLINK, .first = wf_text_of(path)});
}

static int guest_mkdir(const wf_io *io, const char *path, mode_t mode)
{
    if (is_ours(io, path))
        return wf_io_posix.mkdir(&wf_io_posix, path, mode);
    return order(
        guest_of(io),
        &(wf_packet){.kind = WF_PACKET_MKDIR, .mode = mode, .first = wf_text_of(path)});
}

static int guest_sync_dir(const wf_io *io, const char *path)
{
    if (is_ours(io, path))
        return wf_io_posix.sync_dir(&wf_io_posix, path);
    return order(guest_of(io),
                 &(wf_packet){.kind = WF_PACKET_SYNC_DIR, .first = wf_text_of(path)});
}

static int guest_look(const wf_io *io, const char *path, bool follow, struct stat *ret)
{
    if (is_ours(io, path))
        return follow ? stat(path, ret) : lstat(path, ret);
    wf_guest_answer answer;
    const wf_packet packet = {
        .kind = WF_PACKET_LOOK, .code = follow, .first = wf_text_of(path)};
    if (request(guest_of(io), &packet, &answer) != 0)
        return -1;
    *ret = (struct stat){.st_mode = answer.mode, .st_size = (off_t)answer.size};
    return 0;
}

const wf_io *wf_guest_io(wf_guest *guest)
{
    return &guest->io;
}

// ---- from its first packet to its last ----

wf_guest *wf_guest_new(int socket)
{
    wf_guest *guest = calloc(1, sizeof *guest);
    if (guest == NULL)
        return NULL;
    pthread_condattr_t monotonic;
    guest->socket = socket;
    guest->input = -1;
    guest->io = wf_io_posix; // what is done with an open file is the same
    guest->io.open = guest_open;
    guest->io.rename = guest_rename;
    guest->io.unlink = guest_unlink;
    guest->io.mkdir = guest_mkdir;
    guest->io.sync_dir = guest_sync_dir;
    guest->io.look = guest_look;
    guest->io.self = guest;
    guest->io.elsewhere = true;
    WF_ASSERT(pthread_mutex_init(&guest->lock, NULL) == 0);
    WF_ASSERT(pthread_mutex_init(&guest->one_request, NULL) == 0);
    WF_ASSERT(pthread_condattr_init(&monotonic) == 0);
    WF_ASSERT(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    WF_ASSERT(pthread_cond_init(&guest->changed, &monotonic) == 0);
    pthread_condattr_destroy(&monotonic);
    return guest;
}

void wf_guest_free(wf_guest *guest)
{
    wf_guest_drop_spool(guest);
    for (size_t i = 0; i < guest->arguments_count; i++)
        free(guest->arguments[i]);
    free(guest->arguments);
    if (guest->answered && guest->answer.file >= 0)
        WF_IGNORE(close(guest->answer.file), "nobody waits for it any more");
    if (guest->input >= 0)
        WF_IGNORE(close(guest->input), "it was only read");
    if (guest->socket >= 0)
        WF_IGNORE(close(guest->socket), "everything was sent");
    pthread_cond_destroy(&guest->changed);
    pthread_mutex_destroy(&guest->one_request);
    pthread_mutex_destroy(&guest->lock);
    free(guest);
}
