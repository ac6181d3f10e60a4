#include "serve/http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

enum { backlog = 1024, host_bytes_max = 64 };

typedef union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} address;

static bool parse(const char *text, address *ret, socklen_t *ret_size, bool *ret_loopback)
{
    char host[host_bytes_max] = "";
    const char *colon = strrchr(text, ':');
    int64_t port;
    if (colon == NULL || !wf_parse_i64(wf_text_of(colon + 1), 0, UINT16_MAX, &port))
        return false;
    size_t size = (size_t)(colon - text);
    bool six = size > 2 && text[0] == '[' && text[size - 1] == ']';
    if (six) {
        text++;
        size -= 2;
    }
    if (size == 0 || size >= sizeof host)
        return false;
    memcpy(host, text, size);
    *ret = (address){0};
    if (six) {
        ret->six.sin6_family = AF_INET6;
        ret->six.sin6_port = htons((uint16_t)port);
        *ret_size = sizeof ret->six;
        bool good = inet_pton(AF_INET6, host, &ret->six.sin6_addr) == 1;
        *ret_loopback = IN6_IS_ADDR_LOOPBACK(&ret->six.sin6_addr);
        return good;
    }
    ret->four.sin_family = AF_INET;
    ret->four.sin_port = htons((uint16_t)port);
    *ret_size = sizeof ret->four;
    bool good = inet_pton(AF_INET, host, &ret->four.sin_addr) == 1;
    *ret_loopback = ntohl(ret->four.sin_addr.s_addr) >> 24 == 127;
    return good;
}

static void describe(int socket, char text[80])
{
    address is = {0};
    char host[INET6_ADDRSTRLEN] = "";
    socklen_t size = sizeof is;
    WF_ASSERT(getsockname(socket, &is.any, &size) == 0);
    bool six = is.any.sa_family == AF_INET6;
    const void *number =
        six ? (const void *)&is.six.sin6_addr : (const void *)&is.four.sin_addr;
    WF_ASSERT(inet_ntop(is.any.sa_family, number, host, sizeof host) != NULL);
    int length = snprintf(text, 80, six ? "[%s]:%u" : "%s:%u", host,
                          (unsigned)ntohs(six ? is.six.sin6_port : is.four.sin_port));
    WF_ASSERT(length > 0 && length < 80);
}

static bool bind_to(int file, const address *to, socklen_t size)
{
    int yes = 1;
    // Answers are written whole: waiting to fill a packet only makes them late.
    return setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0 &&
           bind(file, &to->any, size) == 0 && listen(file, backlog) == 0;
}

weft_status wf_listen(const char *text, bool proxied, int *ret, char described[80],
                      weft_error *error)
{
    address to;
    socklen_t size = 0;
    bool loopback = false;
    if (!parse(text, &to, &size, &loopback))
        return wf_fail(error, WEFT_BAD_USAGE, "serve.listen", "address", text, NULL);
    if (!loopback && !proxied)
        return wf_fail(error, WEFT_NOT_ALLOWED, "serve.open_to_all", "address", text,
                       NULL);
    int file = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file < 0 || !bind_to(file, &to, size)) {
        char reason[128];
        const char *said = strerror_r(errno, reason, sizeof reason);
        if (file >= 0)
            WF_IGNORE(close(file), "nothing was listening on it");
        return wf_fail(error, WEFT_STORAGE, "serve.bind", "address", text, "reason", said,
                       NULL);
    }
    describe(file, described);
    *ret = file;
    return WEFT_OK;
}
