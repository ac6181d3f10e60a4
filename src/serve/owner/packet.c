#include "serve/owner/packet.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"

size_t wf_packet_write(const wf_packet *packet, unsigned char *room)
{
    WF_ASSERT(packet->first.size <= WF_PACKET_TEXT_MAX &&
              packet->second.size <= WF_PACKET_TEXT_MAX - packet->first.size);
    memset(room, 0, WF_PACKET_HEAD);
    room[0] = (unsigned char)packet->kind;
    wf_put_u32(room + 4, packet->code);
    wf_put_u32(room + 8, packet->mode);
    wf_put_u32(room + 12, (uint32_t)packet->first.size);
    wf_put_u64(room + 16, packet->number);
    unsigned char *at = room + WF_PACKET_HEAD;
    if (packet->first.size > 0)
        memcpy(at, packet->first.bytes, packet->first.size);
    if (packet->second.size > 0)
        memcpy(at + packet->first.size, packet->second.bytes, packet->second.size);
    return WF_PACKET_HEAD + packet->first.size + packet->second.size;
}

static bool has_nul(wf_text text)
{
    return text.size > 0 && memchr(text.bytes, 0, text.size) != NULL;
}

bool wf_packet_read(const unsigned char *bytes, size_t size, wf_packet *ret)
{
    if (size < WF_PACKET_HEAD || size > WF_PACKET_MAX || bytes[0] < WF_PACKET_HELLO ||
        bytes[0] >= WF_PACKET_KIND_END || (bytes[1] | bytes[2] | bytes[3]) != 0)
        return false;
    size_t first = wf_get_u32(bytes + 12), texts = size - WF_PACKET_HEAD;
    if (first > texts)
        return false;
    const char *at = (const char *)bytes + WF_PACKET_HEAD;
    wf_packet packet = {.kind = (wf_packet_kind)bytes[0],
                        .code = wf_get_u32(bytes + 4),
                        .mode = wf_get_u32(bytes + 8),
                        .number = wf_get_u64(bytes + 16),
                        .first = {at, first},
                        .second = {at + first, texts - first}};
    bool any_byte = packet.kind == WF_PACKET_OUT || packet.kind == WF_PACKET_MESSAGE;
    if (!any_byte && (has_nul(packet.first) || has_nul(packet.second)))
        return false;
    *ret = packet;
    return true;
}

// ---- over a socket ----

typedef union {
    struct cmsghdr head; // for its alignment
    char bytes[CMSG_SPACE(4 * sizeof(int))];
} control_room;

ssize_t wf_packet_send(int socket, const unsigned char *bytes, size_t size, int file,
                       bool wait)
{
    control_room control = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (file >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof file);
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof file);
        memcpy(CMSG_DATA(head), &file, sizeof file);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
    while (sent < 0 && errno == EINTR);
    return sent;
}

// The descriptors that came: the first is kept, all others are closed.
static size_t take_files(struct msghdr *message, int *ret_file)
{
    size_t count = 0;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head != NULL;
         head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int file;
            memcpy(&file, CMSG_DATA(head) + i * sizeof file, sizeof file);
            if (count++ == 0)
                *ret_file = file;
            else
                WF_IGNORE(close(file), "nobody asked for it");
        }
    }
    return count;
}

ssize_t wf_packet_receive(int socket, unsigned char *room, wf_packet *ret, int *ret_file)
{
    control_room control = {0};
    struct iovec part = {.iov_base = room, .iov_len = WF_PACKET_MAX};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    int file = -1;
    ssize_t size = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0)
        return -1;
    size_t files = take_files(&message, &file);
    bool whole = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 && files <= 1;
    if (size == 0 && files == 0)
        return 0;
    if (!whole || !wf_packet_read(room, (size_t)size, ret)) {
        if (file >= 0)
            WF_IGNORE(close(file), "it came with what is no packet");
        errno = EPROTO;
        return -1;
    }
    *ret_file = file;
    return size;
}
