#include "load/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    repeat_one_in = 50,
    late_one_in = 5,
    samples_a_tube = 10,
    again_after_ns = 200000000,
    tokens_line_max = 256
};

// ---- opening ----

static bool read_tokens(stream *of)
{
    char line[tokens_line_max];
    FILE *file = fopen(of->plan.tokens, "r");
    if (file == NULL) {
        perror(of->plan.tokens);
        return false;
    }
    unsigned count = 0;
    while (count < of->plan.connections && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%64s %128s", of->clients[count].device,
                   of->clients[count].token) == 2)
            count++;
    fclose(file);
    // Fewer tokens than connections: those that read may share one, senders may not.
    bool sends = of->plan.makes == MAKES_SAMPLES || of->plan.makes == MAKES_RESULTS ||
                 of->plan.makes == MAKES_PERSONS;
    bool shares = count > 0 && !sends;
    for (unsigned i = count; shares && i < of->plan.connections; i++) {
        memcpy(of->clients[i].device, of->clients[i % count].device, 65);
        memcpy(of->clients[i].token, of->clients[i % count].token, 129);
    }
    if (!shares && count < of->plan.connections) {
        fprintf(stderr, "%s: %u tokens, %u are needed\n", of->plan.tokens, count,
                of->plan.connections);
        return false;
    }
    return true;
}

static void count_event(stream_client *client)
{
    stream *in = client->in;
    in->events++;
    in->events_missed += client->event != 0 && client->next_event != client->event + 1;
    client->event = client->next_event;
}

// Lines "id: N" of a stream of events: N follows the one before it.
static void take_events(void *context, const char *bytes, size_t size)
{
    static const char key[] = "id: ";
    enum { in_id = sizeof key - 1, passed };
    stream_client *client = context;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            if (client->event_part == in_id)
                count_event(client);
            client->event_part = 0;
        } else if (client->event_part < in_id) {
            bool fits = bytes[i] == key[client->event_part];
            client->event_part = fits ? client->event_part + 1 : passed;
            if (client->event_part == in_id)
                client->next_event = 0;
        } else if (client->event_part == in_id && bytes[i] >= '0' && bytes[i] <= '9') {
            client->next_event = client->next_event * 10 + (uint64_t)(bytes[i] - '0');
        }
    }
}

bool stream_open(stream *of, const stream_plan *plan, uint64_t now_ns)
{
    *of = (stream){.plan = *plan,
                   .dice = wf_prng_new(plan->connections + 7),
                   .next_due_ns = now_ns,
                   .interval_ns =
                       plan->rate > 0 ? (uint64_t)(1e9 / plan->rate) : UINT64_C(0)};
    of->clients = calloc(plan->connections, sizeof *of->clients);
    if (of->clients == NULL)
        return false;
    for (unsigned i = 0; i < plan->connections; i++) {
        connection_init(&of->clients[i].line);
        of->clients[i].seq = plan->first_seq;
        of->clients[i].in = of;
        if (plan->makes == MAKES_EVENTS) {
            of->clients[i].line.each = take_events;
            of->clients[i].line.context = &of->clients[i];
        }
    }
    return plan->tokens == NULL || read_tokens(of);
}

void stream_close(stream *of)
{
    for (unsigned i = 0; of->clients != NULL && i < of->plan.connections; i++)
        connection_done(&of->clients[i].line);
    free(of->clients);
}

// ---- requests ----

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

static bool put_sample(stream *of, stream_client *client, int64_t seq, wf_buffer *to)
{
    // Late ones are of the day before; a repeat says the same once more.
    wf_prng of_fact = wf_prng_stream((uint64_t)seq, of->plan.connections);
    bool late = wf_prng_below(&of_fact, late_one_in) == 0;
    unsigned person = wf_prng_below(&of_fact, of->plan.people);
    unsigned hour = wf_prng_below(&of_fact, 8), minute = wf_prng_below(&of_fact, 60);
    unsigned second = wf_prng_below(&of_fact, 60);
    return wf_buffer_printf(
        to,
        "{\"device\":\"%s\",\"seq\":%lld,\"kind\":\"sample.collected\",\"at\":\"%.10sT%"
        "02u:"
        "%02u:%02u+08:00\",\"body\":{\"tube\":\"T-%s-%lld\",\"person\":\"P-%07u\","
        "\"site\":\"L-%s\"}}\n",
        client->device, (long long)seq, late ? of->plan.late : of->plan.at, hour, minute,
        second, client->device, (long long)((seq - 1) / samples_a_tube), person,
        client->device);
}

static bool put_result(stream *of, stream_client *client, int64_t seq, wf_buffer *to)
{
    wf_prng of_fact = wf_prng_stream((uint64_t)seq, of->plan.connections);
    const char *result = wf_prng_below(&of_fact, 1000) == 0 ? "positive" : "negative";
    unsigned minute = wf_prng_below(&of_fact, 60), second = wf_prng_below(&of_fact, 60);
    return wf_buffer_printf(
        to,
        "{\"device\":\"%s\",\"seq\":%lld,\"kind\":\"tube.resulted\",\"at\":\"%.10sT08:%"
        "02u:"
        "%02u+08:00\",\"body\":{\"tube\":\"T-%s-%lld\",\"result\":\"%s\"}}\n",
        client->device, (long long)seq, of->plan.at, minute, second, client->device,
        (long long)(seq - 1), result);
}

static bool put_person(stream_client *client, int64_t seq, wf_buffer *to)
{
    return wf_buffer_printf(
        to,
        "{\"device\":\"%s\",\"seq\":%lld,\"kind\":\"person.registered\",\"at\":"
        "\"2021-12-11T08:00:00+08:00\",\"body\":{\"person\":\"N-%s-%lld\",\"name\":"
        "\"测试%lld\",\"id_number\":\"%018lld\"}}\n",
        client->device, (long long)seq, client->device, (long long)seq, (long long)seq,
        (long long)seq);
}

static bool put_fact(stream *of, stream_client *client, int64_t seq, wf_buffer *to)
{
    switch (of->plan.makes) {
    case MAKES_SAMPLES:
        return put_sample(of, client, seq, to);
    case MAKES_RESULTS:
        return put_result(of, client, seq, to);
    default:
        return put_person(client, seq, to);
    }
}

static bool make_facts(stream *of, stream_client *client)
{
    wf_buffer body = {0};
    bool done = true;
    client->facts = of->plan.batch;
    of->made += of->plan.batch - 1;
    for (unsigned i = 0; done && i < of->plan.batch; i++) {
        bool repeats = client->seq > of->plan.first_seq &&
                       wf_prng_below(&of->dice, repeat_one_in) == 0;
        int64_t seq = repeats ? client->seq - 1 : client->seq++;
        done = put_fact(of, client, seq, &body);
    }
    done = done &&
           put_head(of, client, "POST", "/v1/facts", body.size, &client->line.request) &&
           wf_buffer_append(&client->line.request, body.bytes, body.size);
    wf_buffer_done(&body);
    return done;
}

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
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n",
    };
    const char *text = what[wf_prng_below(&of->dice, sizeof what / sizeof *what)];
    return wf_buffer_append(&client->line.request, text, strlen(text));
}

bool stream_has_more(const stream *of)
{
    return of->plan.most == 0 || of->made < of->plan.most;
}

bool stream_make(stream *of, stream_client *client)
{
    of->sent++;
    if (client->resends)
        return true;
    client->facts = 0;
    of->made++;
    wf_buffer_clear(&client->line.request);
    switch (of->plan.makes) {
    case MAKES_GET:
        return put_head(of, client, "GET", of->plan.path, 0, &client->line.request);
    case MAKES_SAMPLES:
    case MAKES_RESULTS:
    case MAKES_PERSONS:
        return make_facts(of, client);
    case MAKES_GARBAGE:
        return make_garbage(of, client);
    case MAKES_SLOW:
    case MAKES_EVENTS:
        return put_head(of, client, "GET", of->plan.path, 0, &client->line.request);
    }
    return false;
}

// ---- answers ----

static uint64_t number_in(const char *text, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(text, key);
    return at == NULL ? 0 : strtoull(at + strlen(key), NULL, 10);
}

static void count_facts(stream *of, stream_client *client)
{
    if (client->facts == 0 || !wf_buffer_append(&client->line.body, "", 1))
        return;
    const char *body = client->line.body.bytes;
    of->facts_sent += client->facts;
    of->facts_accepted += number_in(body, "accepted");
    of->facts_had += number_in(body, "had");
    of->facts_refused += number_in(body, "refused");
}

void stream_answered(stream *of, stream_client *client, bool whole, uint64_t now_ns)
{
    unsigned status = whole ? client->line.status : 0;
    uint64_t us = (now_ns - client->due_ns) / 1000;
    bool hostile = of->plan.makes == MAKES_GARBAGE || of->plan.makes == MAKES_SLOW;
    client->resends = false;
    of->codes[status < 600 ? status : 0]++;
    if (status >= 200 && status < 300) {
        of->ok++;
        histogram_add(&of->latencies, us);
        count_facts(of, client);
        return;
    }
    if (status == 503) {
        of->refused++;
        histogram_add(&of->refusals, us);
    } else if (!whole) {
        of->broken++;
    } else {
        of->failed++;
    }
    // What was not acknowledged is sent again, as a phone does.
    client->resends = !hostile && (status == 503 || !whole);
    client->again_ns = hostile ? 0 : now_ns + again_after_ns;
}

static void print_codes(const stream *of)
{
    const char *comma = "";
    printf(",\"codes\":{");
    for (unsigned i = 0; i < 600; i++)
        if (of->codes[i] > 0) {
            printf("%s\"%u\":%llu", comma, i, (unsigned long long)of->codes[i]);
            comma = ",";
        }
    printf("}");
}

void stream_print(const stream *of, double seconds)
{
    const histogram *times = &of->latencies;
    printf(
        "{\"stream\":\"%s\",\"seconds\":%.2f,\"sent\":%llu,\"ok\":%llu,\"refused\":%llu,"
        "\"failed\":%llu,\"broken\":%llu,\"ok_per_s\":%.0f",
        of->plan.name, seconds, (unsigned long long)of->sent, (unsigned long long)of->ok,
        (unsigned long long)of->refused, (unsigned long long)of->failed,
        (unsigned long long)of->broken, (double)of->ok / seconds);
    printf(",\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":"
           "%.3f",
           histogram_ms(times, 0.5), histogram_ms(times, 0.95), histogram_ms(times, 0.99),
           histogram_ms(times, 0.999), (double)times->greatest_us / 1000);
    if (of->refused > 0)
        printf(",\"refused_p99_ms\":%.3f", histogram_ms(&of->refusals, 0.99));
    if (of->facts_sent > 0)
        printf(",\"facts_accepted\":%llu,\"facts_had\":%llu,\"facts_refused\":%llu,"
               "\"facts_per_s\":%.0f",
               (unsigned long long)of->facts_accepted, (unsigned long long)of->facts_had,
               (unsigned long long)of->facts_refused,
               (double)(of->facts_accepted + of->facts_had) / seconds);
    if (of->events > 0)
        printf(",\"events\":%llu,\"events_missed\":%llu", (unsigned long long)of->events,
               (unsigned long long)of->events_missed);
    print_codes(of);
    printf("}\n");
}
