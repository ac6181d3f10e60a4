// A small city that is served in this process, and a client of raw bytes.
#ifndef TEST_SUPPORT_SERVED_CITY_H
#define TEST_SUPPORT_SERVED_CITY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/server_inside.h"
#include "support/described_answer.h"
#include "support/scratch.h"

typedef struct {
    wf_path folder, keys;
    weft_city *city;
    wf_server *server;
} served_city;

// A city that is not served yet: what it needs to hold goes in before.
static inline void served_make(served_city *to)
{
    weft_error error = {0};
    scratch_new(&to->folder);
    scratch_new(&to->keys);
    wf_path dir = scratch_path(&to->folder, "city");
    weft_init_options init = {.kind = WEFT_CITY_DRILL,
                              .clock = "2021-12-11T06:00+08:00",
                              .keys.key_dir = to->keys.text};
    const weft_key_options keys = {.key_dir = to->keys.text};
    if (weft_city_init(dir.text, &init, &error) != WEFT_OK ||
        weft_city_open(dir.text, &keys, &to->city, &error) != WEFT_OK) {
        fprintf(stderr, "# %s\n", error.code != NULL ? error.code : "?");
        abort();
    }
}

static inline void served_start(served_city *to, const wf_server_options *options)
{
    weft_error error = {0};
    wf_server_options mine = *options;
    mine.listen = "127.0.0.1:0";
    if (wf_server_start(to->city, &mine, &to->server, &error) != WEFT_OK) {
        fprintf(stderr, "# %s\n", error.code != NULL ? error.code : "?");
        abort();
    }
}

static inline void served_begin(served_city *to, const wf_server_options *options)
{
    served_make(to);
    served_start(to, options);
}

static inline void served_end(served_city *from)
{
    wf_server_stop(from->server, 10);
    weft_city_close(from->city);
    scratch_remove(from->folder.text);
    scratch_remove(from->keys.text);
}

// ---- a client ----

static inline int client_open_at(const char *address)
{
    const char *colon = strrchr(address, ':');
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0 || connect(file, (const struct sockaddr *)&at, sizeof at) != 0)
        abort();
    // A server that says nothing fails the test instead of stopping it.
    const struct timeval patience = {.tv_sec = 30};
    if (setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
        abort();
    return file;
}

static inline int client_open(const served_city *to)
{
    return client_open_at(wf_server_address(to->server));
}

// False when the other side has closed.
static inline bool client_send(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t part = send(file, bytes, size, MSG_NOSIGNAL);
        if (part <= 0)
            return false;
        bytes += part;
        size -= (size_t)part;
    }
    return true;
}

static inline bool client_send_text(int file, const char *text)
{
    return client_send(file, text, strlen(text));
}

// Too large for a stack: one is static, or on the heap.
typedef struct {
    unsigned status; // 0: no answer
    bool closed;     // by the server, after it
    size_t size;     // of the whole answer
    char bytes[1 << 22];
} client_answer;

static inline void client_forget(client_answer *answer)
{
    answer->status = 0;
    answer->closed = false;
    answer->size = 0;
    answer->bytes[0] = '\0';
}

// What the head that begins here says of a name, "" when it does not.
static inline const char *client_header_at(const char *head, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = head; (at = strstr(at, "\r\n")) != NULL;) {
        at += 2;
        if (at[0] == '\r')
            break;
        if (strncasecmp(at, name, size) == 0 && at[size] == ':')
            return at + size + 2;
    }
    return "";
}

static inline const char *client_header(const client_answer *answer, const char *name)
{
    return client_header_at(answer->bytes, name);
}

static inline const char *client_body(const client_answer *answer)
{
    const char *end = strstr(answer->bytes, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}

// Of chunks that begin here, their bytes put together into `to` (NULL: nowhere); *ret_end
// is what follows the last of them. False: they are not whole.
static inline bool client_join_chunks(const char *from, const char *end, char *to,
                                      size_t *ret_size, const char **ret_end)
{
    *ret_size = 0;
    for (;;) {
        char *data = NULL;
        size_t size = strtoul(from, &data, 16);
        if (data == from || strncmp(data, "\r\n", 2) != 0)
            return false;
        data += 2;
        if ((size_t)(end - data) < size + 2 || memcmp(data + size, "\r\n", 2) != 0)
            return false;
        if (to != NULL)
            memcpy(to + *ret_size, data, size);
        *ret_size += size;
        from = data + size + 2;
        if (size == 0)
            break;
    }
    *ret_end = from;
    return true;
}

// The body of the answer that begins at `head`, without chunks, into `to` (NULL:
// nowhere); `ends` says that the connection has ended, and with it a body without a
// length.
static inline bool client_body_at(const char *request, const char *head, const char *end,
                                  bool ends, char *to, size_t *ret_size,
                                  const char **ret_end)
{
    const char *body = strstr(head, "\r\n\r\n");
    const char *length = client_header_at(head, "Content-Length");
    if (body == NULL)
        return false;
    body += 4;
    unsigned status = described_status(head);
    if (strncmp(client_header_at(head, "Transfer-Encoding"), "chunked", 7) == 0)
        return client_join_chunks(body, end, to, ret_size, ret_end);
    if (status == 204 || status == 304 || strncmp(request, "HEAD ", 5) == 0)
        *ret_size = 0;
    else if (length[0] != '\0')
        *ret_size = strtoul(length, NULL, 10);
    else if (ends)
        *ret_size = (size_t)(end - body);
    else
        return false;
    if ((size_t)(end - body) < *ret_size)
        return false;
    if (to != NULL)
        memcpy(to, body, *ret_size);
    *ret_end = body + *ret_size;
    return true;
}

static inline bool client_is_whole(const client_answer *answer)
{
    size_t size;
    const char *end;
    return client_body_at("", answer->bytes, answer->bytes + answer->size, false, NULL,
                          &size, &end);
}

// Reads until one answer is whole; with `to_end` until the connection is closed.
static inline void client_read_until(int file, bool to_end, client_answer *ret)
{
    client_forget(ret);
    while (to_end || !client_is_whole(ret)) {
        if (ret->size == sizeof ret->bytes - 1) { // it would go unread, and unjudged
            fprintf(stderr, "# an answer is larger than a client_answer\n");
            abort();
        }
        ssize_t part =
            recv(file, ret->bytes + ret->size, sizeof ret->bytes - 1 - ret->size, 0);
        if (part <= 0) {
            ret->closed = true;
            break;
        }
        ret->size += (size_t)part;
        ret->bytes[ret->size] = '\0';
    }
    if (ret->size > 12 && strncmp(ret->bytes, "HTTP/1.", 7) == 0)
        ret->status = (unsigned)strtoul(ret->bytes + 9, NULL, 10);
}

static inline void client_read(int file, client_answer *ret)
{
    client_read_until(file, false, ret);
}

// The service's description, read once a service.
static inline const json_t *client_description(const served_city *of)
{
    static const wf_server *server;
    static json_t *document;
    if (server != of->server) {
        const wf_buffer *text = &of->server->description;
        json_decref(document);
        document = json_loadb(text->bytes, text->size, JSON_REJECT_DUPLICATES, NULL);
        server = of->server;
    }
    if (document == NULL)
        abort();
    return document;
}

// What follows a request on its connection: nothing that is known where it is not plain.
static inline const char *client_next_request(const char *request, const char *end)
{
    const char *body = memmem(request, (size_t)(end - request), "\r\n\r\n", 4);
    if (body == NULL)
        return end;
    size_t length = strtoul(client_header_at(request, "Content-Length"), NULL, 10);
    body += 4;
    return (size_t)(end - body) < length ? end : body + length;
}

// Each answer that came to what was sent. One that is not as the service describes itself
// ends the test. What was cut is not looked at; it is the last.
static inline void client_hold_at(const served_city *of, bool elsewhere, const char *sent,
                                  size_t sent_size, const client_answer *answer)
{
    static char body[sizeof answer->bytes]; // of the thread that judges
    static pthread_mutex_t judging = PTHREAD_MUTEX_INITIALIZER;
    const char *head = answer->bytes, *end = head + answer->size, *next;
    const char *request = sent, *sent_end = sent + sent_size;
    pthread_mutex_lock(&judging);
    while (head < end) {
        described_exchange one = {.request = request < sent_end ? request : "",
                                  .head = head,
                                  .body = body,
                                  .elsewhere = elsewhere};
        if (!client_body_at(one.request, head, end, answer->closed, body, &one.body_size,
                            &next))
            break;
        if (!described_is_librarys(&one) && !described_fits(client_description(of), &one))
            abort();
        head = next;
        request = client_next_request(request, sent_end);
    }
    pthread_mutex_unlock(&judging);
}

static inline void client_hold(const served_city *of, const char *sent, size_t sent_size,
                               const client_answer *answer)
{
    client_hold_at(of, false, sent, sent_size, answer);
}

static inline void client_ask_until(const served_city *of, bool to_end, const char *bytes,
                                    size_t size, client_answer *ret)
{
    int file = client_open(of);
    client_send(file, bytes, size);
    client_read_until(file, to_end, ret);
    close(file);
    client_hold(of, bytes, size, ret);
}

static inline void client_ask(const served_city *of, const char *bytes, size_t size,
                              client_answer *ret)
{
    client_ask_until(of, false, bytes, size, ret);
}

// Everything, to the end of the connection: it may be several answers.
static inline void client_ask_to_end(const served_city *of, const char *bytes,
                                     size_t size, client_answer *ret)
{
    client_ask_until(of, true, bytes, size, ret);
}

#endif
