// The load generator of the service's measures: several streams of requests at once, each
// at its own rate, from one thread; latencies count from when a request was due.
//
//     service_load HOST PORT SECONDS [--answers FILE] [--urgent yes]
//         --stream NAME [OPTION VALUE]… [--stream …]…
//
//     --makes get|samples|members|results|wave|persons|garbage|slow|events
//     --rate N (0: as fast as answers come)  --connections N  --tokens FILE  --book FILE
//     --path P  --purpose TEXT  --at DATE  --late DATE  --batch N  --people N
//     --samplers N  --most N (facts, or requests; then it ends)  --after N (of events)
//     --port N (of this stream, where the server has another door; else PORT)
//     --again yes (what the book says was acknowledged)  --gives-up yes (who is refused)
//
// Urgent: goes before the service's threads. Clients are elsewhere, and what this process
// waits for a processor is no time that the service took; but of a flood it then sends,
// and keeps from the service, three times as much as its share of the processors lets it.
// FILE gets some answers of each status and stream, for test/e2e/answers.c to hold.
// Prints a line of JSON a stream. Only for servers on this machine: HOST is an address of
// 127.0.0.0/8.
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "load/heard.h"
#include "load/stream.h"

enum {
    streams_max = 16,
    events_max = 512,
    drain_s = 20,
    heard_s = 3,
    look_ns = 250000000,
    slow_ns = 1000000000
};

typedef struct {
    struct sockaddr_in server;
    double seconds;
    stream_plan plans[streams_max];
    stream streams[streams_max];
    unsigned count;
    int poll;
    bool draining;
    FILE *records; // of --answers; NULL: none are kept
} load;

static void stop(const char *why)
{
    fprintf(stderr, "service_load: %s\n", why);
    exit(2);
}

// ---- what is asked ----

static const struct {
    const char *word;
    stream_makes makes;
} makes_words[] = {
    {"get", MAKES_GET},         {"samples", MAKES_SAMPLES}, {"members", MAKES_MEMBERS},
    {"results", MAKES_RESULTS}, {"wave", MAKES_WAVE},       {"persons", MAKES_PERSONS},
    {"garbage", MAKES_GARBAGE}, {"slow", MAKES_SLOW},       {"events", MAKES_EVENTS}};

static stream_makes makes_of(const char *word)
{
    for (size_t i = 0; i < sizeof makes_words / sizeof *makes_words; i++)
        if (strcmp(word, makes_words[i].word) == 0)
            return makes_words[i].makes;
    stop("unknown word after --makes");
    return MAKES_GET;
}

static bool set_text(stream_plan *plan, const char *name, const char *value)
{
    const struct {
        const char *name, **to;
    } texts[] = {{"--tokens", &plan->tokens}, {"--book", &plan->book},
                 {"--path", &plan->path},     {"--purpose", &plan->purpose},
                 {"--at", &plan->at},         {"--late", &plan->late}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].to = value;
            return true;
        }
    return false;
}

static bool set_number(stream_plan *plan, const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *to;
    } numbers[] = {{"--connections", &plan->connections},
                   {"--batch", &plan->batch},
                   {"--people", &plan->people},
                   {"--port", &plan->port},
                   {"--samplers", &plan->samplers}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].to = (unsigned)strtoul(value, NULL, 10);
            return true;
        }
    return false;
}

static void set_option(stream_plan *plan, const char *name, const char *value)
{
    if (set_text(plan, name, value) || set_number(plan, name, value))
        return;
    if (strcmp(name, "--makes") == 0)
        plan->makes = makes_of(value);
    else if (strcmp(name, "--rate") == 0)
        plan->rate = strtod(value, NULL);
    else if (strcmp(name, "--most") == 0)
        plan->most = strtoull(value, NULL, 10);
    else if (strcmp(name, "--after") == 0)
        plan->after = strtoull(value, NULL, 10);
    else if (strcmp(name, "--again") == 0)
        plan->again = true;
    else if (strcmp(name, "--gives-up") == 0)
        plan->gives_up = true;
    else
        stop("unknown option");
}

static void begin_plan(load *of, const char *name)
{
    if (of->count == streams_max)
        stop("too many streams");
    of->plans[of->count++] = (stream_plan){.name = name,
                                           .connections = 1,
                                           .path = "/healthz",
                                           .at = "2021-12-11",
                                           .late = "2021-12-10",
                                           .batch = 10,
                                           .people = 1000000,
                                           .samplers = 1,
                                           .records = of->records};
}

static void read_plans(load *of, int argc, char **argv)
{
    if (argc < 6)
        stop("HOST PORT SECONDS --stream NAME [OPTION VALUE]…");
    of->server = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10))};
    if (inet_pton(AF_INET, argv[1], &of->server.sin_addr) != 1 ||
        ntohl(of->server.sin_addr.s_addr) >> 24 != 127)
        stop("only an address of 127.0.0.0/8");
    of->seconds = strtod(argv[3], NULL);
    for (int i = 4; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--stream") == 0) {
            begin_plan(of, argv[i + 1]);
        } else if (strcmp(argv[i], "--answers") == 0 && of->count == 0) {
            of->records = fopen(argv[i + 1], "ab");
            if (of->records == NULL)
                stop("the file of --answers cannot be written");
        } else if (strcmp(argv[i], "--urgent") == 0 && of->count == 0) {
            wf_thread_nice(wf_nice_first);
        } else if (of->count == 0) {
            stop("begin with --stream NAME");
        } else {
            set_option(&of->plans[of->count - 1], argv[i], argv[i + 1]);
        }
    }
}

// ---- one client ----

// Places of streams and clients fit one word of an event.
static uint64_t name_of(unsigned stream_place, unsigned client_place)
{
    return (uint64_t)stream_place << 32 | client_place;
}

static void wait_for(const load *of, unsigned s, unsigned c, int how)
{
    stream_client *client = &of->streams[s].clients[c];
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = name_of(s, c)};
    bool slow = of->streams[s].plan.makes == MAKES_SLOW;
    if (connection_wants_to_send(&client->line) && !slow)
        event.events |= EPOLLOUT;
    if (epoll_ctl(of->poll, how, client->line.socket, &event) != 0)
        stop(strerror(errno));
}

static void answered(load *of, unsigned s, unsigned c, bool whole)
{
    stream *in = &of->streams[s];
    stream_client *client = &in->clients[c];
    stream_answered(in, client, whole, wf_clock_monotonic_ns());
    if (!whole || client->line.closes)
        connection_close(&client->line);
}

// The next request of a client, new or once more.
static void begin(load *of, unsigned s, stream_client *client)
{
    stream *in = &of->streams[s];
    unsigned c = (unsigned)(client - in->clients);
    if (!stream_make(in, client))
        stop("out of memory");
    if (client->line.socket < 0) {
        struct sockaddr_in server = of->server;
        if (in->plan.port != 0)
            server.sin_port = htons((uint16_t)in->plan.port);
        if (!connection_open(&client->line, &server)) {
            answered(of, s, c, false);
            return;
        }
        wait_for(of, s, c, EPOLL_CTL_ADD);
        return;
    }
    connection_next(&client->line);
    if (in->plan.makes == MAKES_SLOW)
        return;
    if (!connection_send(&client->line)) {
        answered(of, s, c, false);
        return;
    }
    if (connection_wants_to_send(&client->line))
        wait_for(of, s, c, EPOLL_CTL_MOD);
}

static void go_on(load *of, unsigned s, unsigned c, uint32_t what)
{
    stream_client *client = &of->streams[s].clients[c];
    if (client->state != CLIENT_BUSY) { // an idle connection: the server ended it
        connection_close(&client->line);
        return;
    }
    bool wanted = connection_wants_to_send(&client->line);
    if (wanted && (what & EPOLLOUT) != 0 && of->streams[s].plan.makes != MAKES_SLOW) {
        if (!connection_send(&client->line)) {
            answered(of, s, c, false);
            return;
        }
        if (!connection_wants_to_send(&client->line))
            wait_for(of, s, c, EPOLL_CTL_MOD);
    }
    if ((what & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0)
        return;
    answer_state state = connection_read(&client->line);
    if (state != ANSWER_NONE)
        answered(of, s, c, state == ANSWER_WHOLE);
}

// ---- all of them ----

// A byte a second of each slow client's request.
static void trickle(load *of, unsigned s, uint64_t now_ns)
{
    stream *in = &of->streams[s];
    for (unsigned c = 0; c < in->plan.connections; c++) {
        stream_client *client = &in->clients[c];
        if (client->state != CLIENT_BUSY || client->again_ns > now_ns)
            continue;
        client->again_ns = now_ns + slow_ns;
        if (!connection_trickle(&client->line))
            answered(of, s, c, false);
    }
}

// Gives what is due to clients that are free; says when the next is. Nobody is given two
// at once: whoever is answered here already stands at the end of the line.
static uint64_t begin_due(load *of, unsigned s, uint64_t now_ns)
{
    stream *in = &of->streams[s];
    bool open_loop = in->interval_ns > 0;
    stream_client *client;
    while ((client = stream_next_again(in, now_ns)) != NULL)
        begin(of, s, client);
    for (unsigned count = 0; count < in->plan.connections; count++) {
        if ((open_loop && in->next_due_ns > now_ns) ||
            (client = stream_next_free(in)) == NULL)
            break;
        client->due_ns = open_loop ? in->next_due_ns : now_ns;
        in->next_due_ns += in->interval_ns;
        begin(of, s, client);
    }
    return open_loop && in->next_due_ns > now_ns ? in->next_due_ns : now_ns + 1000000;
}

static bool ends(const stream_plan *plan)
{
    return plan->makes != MAKES_EVENTS && plan->makes != MAKES_SLOW &&
           plan->makes != MAKES_GARBAGE;
}

// Nothing is under way.
static bool all_free(const load *of)
{
    for (unsigned s = 0; s < of->count; s++) {
        const stream *in = &of->streams[s];
        for (unsigned c = 0; ends(&in->plan) && c < in->plan.connections; c++)
            if (in->clients[c].state == CLIENT_BUSY)
                return false;
    }
    return true;
}

// Nothing is left to send: some streams end by themselves, and all of these have.
static bool is_over(const load *of)
{
    bool over = false;
    for (unsigned s = 0; s < of->count; s++) {
        const stream *in = &of->streams[s];
        if (in->plan.most == 0 && !in->plan.again)
            continue;
        if (stream_has_more(in) || !stream_is_still(in))
            return false;
        over = true;
    }
    return over;
}

static const stream *samplers_of(const load *of)
{
    for (unsigned s = 0; s < of->count; s++)
        if (of->plans[s].makes == MAKES_SAMPLES)
            return &of->streams[s];
    return NULL;
}

// Rows, and so events, follow what was acknowledged last.
static bool all_heard(const load *of)
{
    for (unsigned s = 0; s < of->count; s++)
        if (of->plans[s].makes == MAKES_EVENTS &&
            heard_otherwise(&of->streams[s], samplers_of(of)) > 0)
            return false;
    return true;
}

static void run(load *of)
{
    struct epoll_event events[events_max];
    uint64_t begun = wf_clock_monotonic_ns();
    uint64_t end = begun + (uint64_t)(of->seconds * 1e9);
    uint64_t look = 0;
    for (;;) {
        uint64_t now = wf_clock_monotonic_ns(), next = now + 10000000;
        of->draining = now >= end || is_over(of);
        if (of->draining && now > end + drain_s * UINT64_C(1000000000))
            break;
        if (of->draining && now > look && all_free(of)) {
            if (all_heard(of))
                break;
            look = now + look_ns;
        }
        for (unsigned s = 0; s < of->count && !of->draining; s++) {
            if (of->plans[s].makes == MAKES_SLOW)
                trickle(of, s, now);
            uint64_t due = begin_due(of, s, now);
            next = due < next ? due : next;
        }
        int wait_ms = next <= now ? 0 : (int)((next - now + 999999) / 1000000);
        int count = epoll_wait(of->poll, events, events_max, wait_ms);
        for (int i = 0; i < count; i++)
            go_on(of, (unsigned)(events[i].data.u64 >> 32), (unsigned)events[i].data.u64,
                  events[i].events);
    }
    uint64_t now = wf_clock_monotonic_ns();
    for (unsigned s = 0; s < of->count; s++)
        stream_end(&of->streams[s], now < end ? now : end, now);
}

int main(int argc, char **argv)
{
    static load of;
    struct rlimit files = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &files); // fewer do, for fewer connections
    read_plans(&of, argc, argv);
    of.poll = epoll_create1(EPOLL_CLOEXEC);
    if (of.poll < 0)
        stop(strerror(errno));
    for (unsigned s = 0; s < of.count; s++)
        if (!stream_open(&of.streams[s], &of.plans[s]))
            stop("a stream could not be opened");
    // Books and tokens are read: nothing was due before.
    uint64_t begun = wf_clock_monotonic_ns();
    for (unsigned s = 0; s < of.count; s++)
        stream_begin(&of.streams[s], begun);
    run(&of);
    double seconds = (double)(wf_clock_monotonic_ns() - begun) / 1e9;
    for (unsigned s = 0; s < of.count; s++)
        stream_print(&of.streams[s], samplers_of(&of),
                     of.seconds < seconds ? of.seconds : seconds);
    bool done = true;
    for (unsigned s = 0; s < of.count; s++)
        done = stream_close(&of.streams[s]) && done;
    close(of.poll);
    done = (of.records == NULL || fclose(of.records) == 0) && done;
    return done ? 0 : 2;
}
