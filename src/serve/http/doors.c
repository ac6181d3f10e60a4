#include "serve/http/doors.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/parallel.h"
#include "serve/http/connection.h"
#include "serve/http/listen.h"

enum {
    per_address_max = 256,
    field_connections_one_in = 4, // of all that there may be
    field_threads_one_in = 2      // of as many as the first door has
};

// ---- beginning ----

static void divide(wf_server *server)
{
    const wf_server_options *options = &server->options;
    wf_door *all = &server->doors[WF_DOOR_ALL], *field = &server->doors[WF_DOOR_FIELD];
    all->connections = options->connections;
    all->threads = options->threads;
    if (server->doors_count == 1)
        return;
    field->connections = options->connections / field_connections_one_in;
    all->connections -= field->connections;
    field->threads = options->threads / field_threads_one_in;
    // Behind the writer, and before all that makes answers: what is refused, and what is
    // answered at the door, does not wait for look-ups and the index.
    all->nice = wf_nice_soon;
    field->nice = wf_nice_first;
}

weft_status wf_doors_prepare(wf_server *server, weft_error *error)
{
    const wf_server_options *options = &server->options;
    server->doors_count = options->listen_field != NULL ? WF_DOOR_COUNT : 1;
    for (size_t i = 0; i < server->doors_count; i++)
        server->doors[i] =
            (wf_door){.server = server, .name = (wf_door_name)i, .socket = -1};
    divide(server);
    for (size_t i = 0; i < server->doors_count; i++) {
        wf_door *door = &server->doors[i];
        const wf_guard_options guard = {.connections = door->connections,
                                        .per_address = per_address_max,
                                        .only_from = server->city->proxy,
                                        .headers_s = options->headers_s,
                                        .body_s = options->body_s,
                                        .between_s = options->between_s,
                                        .send_s = options->send_s};
        WF_TRY(wf_guard_new(&guard, &door->guard, error));
    }
    return WEFT_OK;
}

static weft_status listen_at_all(wf_server *server, weft_error *error)
{
    bool proxied = server->city->proxy != NULL;
    const char *const addresses[WF_DOOR_COUNT] = {server->options.listen,
                                                  server->options.listen_field};
    for (size_t i = 0; i < server->doors_count; i++)
        WF_TRY(wf_listen(addresses[i], proxied, &server->doors[i].socket,
                         server->doors[i].address, error));
    return WEFT_OK;
}

weft_status wf_doors_open(wf_server *server, weft_error *error)
{
    WF_TRY(listen_at_all(server, error));
    // The field's first: whoever finds the first one open finds both.
    for (size_t i = server->doors_count; i-- > 0;)
        WF_TRY(wf_door_open(&server->doors[i], error));
    return WEFT_OK;
}

// ---- under way ----

size_t wf_doors_tick(wf_server *server)
{
    size_t all = 0;
    for (size_t i = 0; i < server->doors_count; i++) {
        size_t cut =
            wf_guard_tick(server->doors[i].guard, wf_intake_crowded(&server->intake));
        wf_metrics_add(server->metrics, (wf_door_name)i, WF_METRICS_CUT, cut);
        all += cut;
    }
    return all;
}

void wf_doors_end_idle(wf_server *server)
{
    for (size_t i = 0; i < server->doors_count; i++)
        wf_guard_end_idle(server->doors[i].guard);
}

// ---- ending ----

void wf_doors_shut(wf_server *server)
{
    for (size_t i = 0; i < server->doors_count; i++) {
        wf_door *door = &server->doors[i];
        if (door->daemon == NULL)
            continue;
        // Not closed yet: a thread of the daemon may be about to name it once more.
        MHD_socket socket = MHD_quiesce_daemon(door->daemon);
        if (socket >= 0)
            WF_IGNORE(shutdown(socket, SHUT_RDWR), "nobody is accepted by it any more");
    }
}

void wf_doors_close(wf_server *server)
{
    for (size_t i = 0; i < server->doors_count; i++) {
        wf_door *door = &server->doors[i];
        if (door->daemon == NULL)
            continue;
        // Once quiesced the daemon leaves its socket to us.
        WF_IGNORE(MHD_quiesce_daemon(door->daemon), "it is door->socket, or had been");
        MHD_stop_daemon(door->daemon);
        door->daemon = NULL;
    }
}

void wf_doors_free(wf_server *server)
{
    for (size_t i = 0; i < server->doors_count; i++) {
        if (server->doors[i].socket >= 0)
            WF_IGNORE(close(server->doors[i].socket), "nobody is accepted by it");
        wf_guard_free(server->doors[i].guard);
    }
}
