#include "serve/process/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/status.h"

int wf_notify_open(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t size = path != NULL ? strlen(path) : 0;
    if (size < 2 || size >= sizeof address.sun_path || (*path != '/' && *path != '@'))
        return -1;
    memcpy(address.sun_path, path, size);
    if (*path == '@') // a name without a file
        address.sun_path[0] = '\0';
    socklen_t all = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (manager >= 0 && connect(manager, (struct sockaddr *)&address, all) != 0) {
        WF_IGNORE(close(manager), "nobody listens");
        manager = -1;
    }
    return manager;
}

void wf_notify_say(int manager, const char *words)
{
    if (manager >= 0)
        WF_IGNORE(send(manager, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT) < 0,
                  "the manager looks after us, not we after it");
}
