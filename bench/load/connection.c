#include "load/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { read_bytes = 1 << 16, head_bytes_max = 1 << 15 };
enum { chunk_size_line, chunk_bytes, chunk_end_line, chunk_last_line };

void connection_init(connection *one)
{
    *one = (connection){.socket = -1};
}

void connection_close(connection *one)
{
    if (one->socket >= 0)
        close(one->socket);
    one->socket = -1;
}

void connection_done(connection *one)
{
    connection_close(one);
    wf_buffer_done(&one->request);
    wf_buffer_done(&one->head);
    wf_buffer_done(&one->body);
}

bool connection_open(connection *one, const struct sockaddr_in *server)
{
    int on = 1;
    one->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (one->socket < 0)
        return false;
    setsockopt(one->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int begun = connect(one->socket, (const struct sockaddr *)server, sizeof *server);
    if (begun != 0 && errno != EINPROGRESS) {
        connection_close(one);
        return false;
    }
    one->connecting = begun != 0;
    one->closes = false;
    connection_next(one);
    return true;
}

void connection_next(connection *one)
{
    one->sent = 0;
    one->in_body = one->chunked = false;
    one->status = 0;
    one->left = 0;
    one->chunk_part = chunk_size_line;
    wf_buffer_clear(&one->head);
    wf_buffer_clear(&one->body);
}

bool connection_wants_to_send(const connection *one)
{
    return one->connecting || one->sent < one->request.size;
}

bool connection_send(connection *one)
{
    one->connecting = false;
    while (one->sent < one->request.size) {
        ssize_t gone = send(one->socket, one->request.bytes + one->sent,
                            one->request.size - one->sent, MSG_NOSIGNAL);
        if (gone < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        one->sent += (size_t)gone;
    }
    return true;
}

bool connection_trickle(connection *one)
{
    one->connecting = false;
    if (one->sent == one->request.size)
        return true;
    ssize_t gone = send(one->socket, one->request.bytes + one->sent, 1, MSG_NOSIGNAL);
    if (gone == 1)
        one->sent++;
    return gone == 1 || errno == EAGAIN || errno == EINTR;
}

// ---- the head of an answer ----

static const char *header_of(const wf_buffer *head, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = strstr(head->bytes, "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, size) == 0 && line[size] == ':')
            return line + size + 1;
    }
    return NULL;
}

static bool take_head(connection *one)
{
    if (strncmp(one->head.bytes, "HTTP/1.1 ", 9) != 0)
        return false;
    one->status = (unsigned)strtoul(one->head.bytes + 9, NULL, 10);
    const char *length = header_of(&one->head, "Content-Length");
    const char *coding = header_of(&one->head, "Transfer-Encoding");
    const char *after = header_of(&one->head, "Connection");
    one->chunked = coding != NULL;
    one->left = length != NULL ? strtoull(length, NULL, 10) : 0;
    one->closes =
        after != NULL && strncasecmp(after + strspn(after, " "), "close", 5) == 0;
    one->in_body = true;
    return true;
}

// How many of the bytes belong to the head; 0: it is none.
static size_t head_bytes(connection *one, const char *bytes, size_t size)
{
    size_t before = one->head.size;
    size_t part = size < head_bytes_max - before ? size : head_bytes_max - before;
    if (!wf_buffer_append(&one->head, bytes, part))
        return 0;
    // The empty line may have begun in what came before.
    size_t from = before < 3 ? 0 : before - 3;
    const char *end =
        memmem(one->head.bytes + from, one->head.size - from, "\r\n\r\n", 4);
    if (end == NULL)
        return part == size ? size : 0;
    one->head.size = (size_t)(end - one->head.bytes) + 4;
    size_t taken = one->head.size - before;
    return wf_buffer_append(&one->head, "", 1) && take_head(one) ? taken : 0;
}

// ---- its body ----

static void keep(connection *one, const char *bytes, size_t size)
{
    size_t room = connection_body_max - one->body.size;
    if (one->each != NULL)
        one->each(one->context, bytes, size);
    else if (!wf_buffer_append(&one->body, bytes, size < room ? size : room))
        one->closes = true; // the answer counts; what it said is not known
}

// Takes bytes of a chunked body; *ret_end when it is over.
static size_t chunk_take(connection *one, const char *bytes, size_t size, bool *ret_end)
{
    if (one->chunk_part == chunk_bytes) {
        size_t part = size < one->left ? size : (size_t)one->left;
        keep(one, bytes, part);
        one->left -= part;
        if (one->left == 0)
            one->chunk_part = chunk_end_line;
        return part;
    }
    char byte = bytes[0];
    if (byte == '\n') {
        if (one->chunk_part == chunk_last_line)
            *ret_end = true;
        else if (one->chunk_part == chunk_end_line)
            one->chunk_part = chunk_size_line;
        else
            one->chunk_part = one->left > 0 ? chunk_bytes : chunk_last_line;
    } else if (one->chunk_part == chunk_size_line && byte != '\r') {
        unsigned digit =
            byte <= '9' ? (unsigned)(byte - '0') : (unsigned)((byte | 32) - 'a' + 10);
        one->left = one->left * 16 + digit % 16;
    }
    return 1;
}

static answer_state take(connection *one, const char *bytes, size_t size)
{
    size_t at = 0;
    bool end = false;
    if (!one->in_body) {
        at = head_bytes(one, bytes, size);
        if (at == 0)
            return ANSWER_CLOSED;
        if (!one->in_body)
            return ANSWER_NONE;
    }
    if (!one->chunked) {
        size_t part = size - at < one->left ? size - at : (size_t)one->left;
        keep(one, bytes + at, part);
        one->left -= part;
        return one->left == 0 ? ANSWER_WHOLE : ANSWER_NONE;
    }
    while (at < size && !end)
        at += chunk_take(one, bytes + at, size - at, &end);
    return end ? ANSWER_WHOLE : ANSWER_NONE;
}

answer_state connection_read(connection *one)
{
    static char bytes[read_bytes];
    answer_state state = ANSWER_NONE;
    while (state == ANSWER_NONE) {
        ssize_t size = recv(one->socket, bytes, sizeof bytes, 0);
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return ANSWER_NONE;
        if (size <= 0)
            return ANSWER_CLOSED;
        state = take(one, bytes, (size_t)size);
    }
    return state;
}
