// A small city that is served in this process, and a client of raw bytes.
#ifndef TEST_SUPPORT_SERVED_CITY_H
#define TEST_SUPPORT_SERVED_CITY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
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

typedef struct {
    unsigned status; // 0: no answer
    bool closed;     // by the server, after it
    size_t size;     // of the whole answer
    char bytes[1 << 16];
} client_answer;

// What a text of the head says of its value, "" when it is not there.
static inline const char *client_header(const client_answer *answer, const char *name)
{
    const char *at = answer->bytes;
    size_t size = strlen(name);
    while ((at = strstr(at, "\r\n")) != NULL) {
        at += 2;
        if (strncasecmp(at, name, size) == 0 && at[size] == ':')
            return at + size + 2;
    }
    return "";
}

static inline const char *client_body(const client_answer *answer)
{
    const char *end = strstr(answer->bytes, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}

static inline bool client_is_whole(const client_answer *answer)
{
    const char *end = strstr(answer->bytes, "\r\n\r\n");
    const char *length = client_header(answer, "Content-Length");
    if (end == NULL)
        return false;
    if (strncmp(answer->bytes + 8, " 204", 4) == 0) // has no body, and says no length
        return true;
    if (length[0] == '\0') // of chunks, or to the end
        return answer->size >= 5 &&
               strcmp(answer->bytes + answer->size - 5, "0\r\n\r\n") == 0;
    size_t head = (size_t)(end + 4 - answer->bytes);
    return answer->size >= head + strtoul(length, NULL, 10);
}

// Reads until one answer is whole; with `to_end` until the connection is closed.
static inline void client_read_until(int file, bool to_end, client_answer *ret)
{
    ret->size = 0;
    ret->status = 0;
    ret->closed = false;
    ret->bytes[0] = '\0';
    while (to_end || !client_is_whole(ret)) {
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

// Everything, to the end of the connection.
static inline void client_ask_to_end(const served_city *of, const char *bytes,
                                     size_t size, client_answer *ret)
{
    int file = client_open(of);
    client_send(file, bytes, size);
    client_read_until(file, true, ret);
    close(file);
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

// Chunks become the bytes that they carry, in place; false when they are not whole.
static inline bool client_join_chunks(char *body)
{
    char *from = body, *to = body;
    for (;;) {
        char *data = NULL;
        size_t size = strtoul(from, &data, 16);
        if (data == from || strncmp(data, "\r\n", 2) != 0 || strlen(data + 2) < size)
            return false;
        memmove(to, data + 2, size);
        to += size;
        from = data + 2 + size;
        if (size == 0)
            break;
        if (strncmp(from, "\r\n", 2) != 0)
            return false;
        from += 2;
    }
    *to = '\0';
    return true;
}

// An answer that is not as the service describes itself ends the test. What is larger
// than there is room for is not looked at, nor what a HEAD or a 304 leaves out.
static inline void client_hold_to_description(const served_city *of, const char *request,
                                              const client_answer *answer)
{
    static char body[sizeof answer->bytes];
    bool chunked = strncmp(client_header(answer, "Transfer-Encoding"), "chunked", 7) == 0;
    if (answer->status == 0 || answer->status == 304 || !client_is_whole(answer) ||
        strncmp(request, "HEAD ", 5) == 0)
        return;
    memcpy(body, client_body(answer), strlen(client_body(answer)) + 1);
    if (chunked && !client_join_chunks(body))
        return;
    if (!described_fits(client_description(of), request, answer->status,
                        client_header(answer, "Content-Type"), body))
        abort();
}

static inline void client_ask(const served_city *of, const char *bytes, size_t size,
                              client_answer *ret)
{
    int file = client_open(of);
    client_send(file, bytes, size);
    client_read(file, ret);
    close(file);
    client_hold_to_description(of, bytes, ret);
}

#endif
