#include "load/requests.h"

#include <stdio.h>
#include <string.h>

enum {
    repeat_one_in = 50,
    late_one_in = 5,
    twin_one_in = 50,
    positive_one_in = 1000,
    samples_a_tube = 10
};

bool requests_are_facts(stream_makes makes)
{
    return makes == MAKES_SAMPLES || makes == MAKES_MEMBERS || makes == MAKES_RESULTS ||
           makes == MAKES_WAVE || makes == MAKES_PERSONS;
}

static bool put_head(const stream *of, const stream_client *client, const char *method,
                     const char *path, size_t length, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "%s %s HTTP/1.1\r\nHost: weft\r\n", method, path);
    if (done && client->token[0] != '\0')
        done = wf_buffer_printf(to, "Authorization: Bearer %s\r\n", client->token);
    if (done && of->plan.purpose != NULL)
        done = wf_buffer_printf(to, "Weft-Purpose: %s\r\n", of->plan.purpose);
    if (done && length > 0)
        done = wf_buffer_printf(
            to, "Content-Type: application/x-ndjson\r\nContent-Length: %zu\r\n", length);
    return done && wf_buffer_append(to, "\r\n", 2);
}

// ---- facts ----

static wf_prng dice_of(const stream_client *client, int64_t seq)
{
    uint64_t device = 14695981039346656037u;
    for (const char *letter = client->device; *letter != '\0'; letter++)
        device = (device ^ (unsigned char)*letter) * 1099511628211u;
    return wf_prng_stream((uint64_t)seq, device);
}

static bool put_begin(const stream_client *client, int64_t seq, const char *kind,
                      const char *day, uint32_t second_of_day, wf_buffer *to)
{
    return wf_buffer_printf(
        to,
        "{\"device\":\"%s\",\"seq\":%lld,\"kind\":\"%s\",\"at\":\"%.10sT%02u:%02u:%02u"
        "+08:00\",\"body\":",
        client->device, (long long)seq, kind, day, second_of_day / 3600,
        second_of_day / 60 % 60, second_of_day % 60);
}

// Late ones are of the day before.
static bool put_sample(const stream *of, const stream_client *client, int64_t seq,
                       wf_buffer *to)
{
    wf_prng dice = dice_of(client, seq);
    const char *day =
        wf_prng_below(&dice, late_one_in) == 0 ? of->plan.late : of->plan.at;
    unsigned person = wf_prng_below(&dice, of->plan.people);
    uint32_t second = wf_prng_below(&dice, 8 * 3600);
    return put_begin(client, seq, "sample.collected", day, second, to) &&
           wf_buffer_printf(
               to, "{\"tube\":\"T-%s-%lld\",\"person\":\"P-%07u\",\"site\":\"L-%s\"}}\n",
               client->device, (long long)((seq - 1) / samples_a_tube), person,
               client->device);
}

static bool put_member(const stream *of, const stream_client *client, int64_t seq,
                       uint64_t place, wf_buffer *to)
{
    return put_begin(client, seq, "sample.collected", of->plan.at,
                     (uint32_t)(place % 28800), to) &&
           wf_buffer_printf(
               to, "{\"tube\":\"W-%07llu\",\"person\":\"P-%07llu\",\"site\":\"L-W\"}}\n",
               (unsigned long long)(place / samples_a_tube),
               (unsigned long long)(place % of->plan.people));
}

// Tube after tube of all samplers: laboratories come after them. All at the day's first
// moment: a later one can lie ahead of the city's clock, and what it causes binds from
// then.
static bool put_result(const stream *of, const stream_client *client, int64_t seq,
                       wf_buffer *to)
{
    wf_prng dice = dice_of(client, seq);
    uint64_t place =
        (uint64_t)(seq - 1) * of->plan.connections + (uint64_t)(client - of->clients);
    bool positive = wf_prng_below(&dice, positive_one_in) == 0;
    return put_begin(client, seq, "tube.resulted", of->plan.at, 0, to) &&
           wf_buffer_printf(to, "{\"tube\":\"T-S-%03llu-%llu\",\"result\":\"%s\"}}\n",
                            (unsigned long long)(place % of->plan.samplers + 1),
                            (unsigned long long)(place / of->plan.samplers),
                            positive ? "positive" : "negative");
}

static bool put_wave(const stream *of, const stream_client *client, int64_t seq,
                     uint64_t place, wf_buffer *to)
{
    bool positive = place % positive_one_in == positive_one_in / 2;
    return put_begin(client, seq, "tube.resulted", of->plan.at, 0, to) &&
           wf_buffer_printf(to, "{\"tube\":\"W-%07llu\",\"result\":\"%s\"}}\n",
                            (unsigned long long)place,
                            positive ? "positive" : "negative");
}

// A twin has the number of the one before it, under an id and a name of its own.
static bool put_person(const stream *of, const stream_client *client, int64_t seq,
                       wf_buffer *to)
{
    long long number = seq % twin_one_in == 0 ? seq - 1 : seq;
    unsigned of_device = (unsigned)(client - of->clients) + 1;
    return put_begin(client, seq, "person.registered", of->plan.at, 8 * 3600, to) &&
           wf_buffer_printf(to,
                            "{\"person\":\"N-%s-%lld\",\"name\":\"测试%lld\","
                            "\"id_number\":\"%03u%015lld\"}}\n",
                            client->device, (long long)seq, (long long)seq, of_device,
                            number);
}

static bool put_fact(stream *of, stream_client *client, int64_t seq, wf_buffer *to)
{
    switch (of->plan.makes) {
    case MAKES_SAMPLES:
        return put_sample(of, client, seq, to);
    case MAKES_MEMBERS:
        return put_member(of, client, seq, of->made++, to);
    case MAKES_RESULTS:
        return put_result(of, client, seq, to);
    case MAKES_WAVE:
        return put_wave(of, client, seq, of->made++, to);
    default:
        return put_person(of, client, seq, to);
    }
}

static bool make_facts(stream *of, stream_client *client)
{
    wf_buffer body = {0};
    bool done = true,
         places = of->plan.makes == MAKES_MEMBERS || of->plan.makes == MAKES_WAVE;
    client->facts = 0;
    while (done && client->facts < of->plan.batch) {
        if (of->plan.again && client->seq >= client->upto)
            break;
        bool repeats = of->plan.makes == MAKES_SAMPLES && !of->plan.again &&
                       client->seq > 1 && wf_prng_below(&of->dice, repeat_one_in) == 0;
        int64_t seq = repeats ? client->seq - 1 : client->seq++;
        done = put_fact(of, client, seq, &body);
        client->facts++;
    }
    of->made += places ? 0 : client->facts;
    done = done &&
           put_head(of, client, "POST", "/v1/facts", body.size, &client->line.request) &&
           wf_buffer_append(&client->line.request, body.bytes, body.size);
    wf_buffer_done(&body);
    return done;
}

// ---- the others ----

static bool make_garbage(stream *of, stream_client *client)
{
    static const char *const what[] = {
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /v1/facts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: "
        "6\r\n\r\n12345",
        "POST /v1/facts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "GET /v1/../../etc/shadow HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/facts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer no\r\n\r\n",
        "\x16\x03\x01\x02 this is no HTTP\r\n\r\n",
    };
    const char *text = what[wf_prng_below(&of->dice, sizeof what / sizeof *what)];
    return wf_buffer_append(&client->line.request, text, strlen(text));
}

// Whoever was cut off goes on after the last that came.
static bool make_listening(const stream *of, stream_client *client)
{
    char path[128];
    uint64_t after = client->event > 0 ? client->event : of->plan.after;
    wf_buffer *to = &client->line.request;
    client->line_part = client->kind_step = 0;
    client->is_event = client->is_missed = client->is_sample = false;
    if (after == 0)
        return put_head(of, client, "GET", of->plan.path, 0, to);
    int size = snprintf(path, sizeof path, "%s?after=%llu", of->plan.path,
                        (unsigned long long)after);
    return size > 0 && (size_t)size < sizeof path &&
           put_head(of, client, "GET", path, 0, to);
}

bool requests_make(stream *of, stream_client *client)
{
    // A client asks for the same each time: its request stands.
    if (of->plan.makes == MAKES_GET && client->line.request.size > 0) {
        of->made++;
        return true;
    }
    wf_buffer_clear(&client->line.request);
    client->facts = 0;
    if (requests_are_facts(of->plan.makes))
        return make_facts(of, client);
    of->made++;
    if (of->plan.makes == MAKES_GARBAGE)
        return make_garbage(of, client);
    if (of->plan.makes == MAKES_EVENTS)
        return make_listening(of, client);
    return put_head(of, client, "GET", of->plan.path, 0, &client->line.request);
}
