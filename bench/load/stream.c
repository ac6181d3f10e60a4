#include "load/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "load/heard.h"
#include "load/requests.h"

enum { again_after_ns = 200000000, line_max = 256, recorded_each = 3 };

// ---- lines of clients ----

static bool line_open(client_line *line, unsigned size)
{
    line->places = calloc(size, sizeof *line->places);
    return line->places != NULL;
}

static void line_put(client_line *line, const stream *of, const stream_client *client)
{
    unsigned size = of->plan.connections;
    line->places[(line->first + line->count++) % size] = (unsigned)(client - of->clients);
}

static stream_client *line_first(const client_line *line, const stream *of)
{
    return line->count > 0 ? &of->clients[line->places[line->first]] : NULL;
}

static void line_drop(client_line *line, const stream *of)
{
    line->first = (line->first + 1) % of->plan.connections;
    line->count--;
}

// ---- opening ----

static bool read_tokens(stream *of)
{
    char line[line_max];
    FILE *file = fopen(of->plan.tokens, "r");
    if (file == NULL) {
        perror(of->plan.tokens);
        return false;
    }
    unsigned count = 0;
    while (count < of->plan.connections && fgets(line, sizeof line, file) != NULL) {
        stream_client *client = &of->clients[count];
        if (sscanf(line, "%64s %128s %32s", client->device, client->token,
                   client->grid) >= 2)
            count++;
    }
    fclose(file);
    // Fewer tokens than connections: those that read may share one, senders may not.
    bool shares = count > 0 && !requests_are_facts(of->plan.makes);
    for (unsigned i = count; shares && i < of->plan.connections; i++) {
        memcpy(of->clients[i].device, of->clients[i % count].device, 65);
        memcpy(of->clients[i].token, of->clients[i % count].token, 129);
        memcpy(of->clients[i].grid, of->clients[i % count].grid, 33);
    }
    if (!shares && count < of->plan.connections) {
        fprintf(stderr, "%s: %u tokens, %u are needed\n", of->plan.tokens, count,
                of->plan.connections);
        return false;
    }
    return true;
}

// The book's last word of a device counts. There is none before the first run.
static bool read_book(stream *of)
{
    char line[line_max], device[65];
    long long seq;
    FILE *file = fopen(of->plan.book, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%64s %lld", device, &seq) != 2)
            continue;
        for (unsigned i = 0; i < of->plan.connections; i++)
            if (strcmp(of->clients[i].device, device) == 0)
                of->clients[i].acked = seq;
    }
    if (file != NULL)
        fclose(file);
    for (unsigned i = 0; i < of->plan.connections; i++) {
        stream_client *client = &of->clients[i];
        client->begun = client->upto = client->acked;
        client->seq = of->plan.again ? 1 : client->acked;
    }
    return file != NULL || !of->plan.again;
}

void stream_begin(stream *of, uint64_t now_ns)
{
    of->next_due_ns = now_ns;
}

bool stream_open(stream *of, const stream_plan *plan)
{
    *of = (stream){.plan = *plan,
                   .dice = wf_prng_new(plan->connections + 7),
                   .interval_ns =
                       plan->rate > 0 ? (uint64_t)(1e9 / plan->rate) : UINT64_C(0)};
    of->clients = calloc(plan->connections, sizeof *of->clients);
    if (of->clients == NULL || !line_open(&of->free, plan->connections) ||
        !line_open(&of->later, plan->connections))
        return false;
    for (unsigned i = 0; i < plan->connections; i++) {
        stream_client *client = &of->clients[i];
        connection_init(&client->line);
        client->seq = client->acked = client->begun = 1;
        client->in = of;
        client->event = plan->after;
        if (plan->makes == MAKES_EVENTS) {
            client->line.each = heard_take;
            client->line.context = client;
        }
        line_put(&of->free, of, client);
    }
    return (plan->tokens == NULL || read_tokens(of)) &&
           (plan->book == NULL || read_book(of));
}

static bool write_book(const stream *of)
{
    FILE *file = fopen(of->plan.book, "a");
    bool done = file != NULL;
    for (unsigned i = 0; done && i < of->plan.connections; i++)
        done = fprintf(file, "%s %lld\n", of->clients[i].device,
                       (long long)of->clients[i].acked) > 0;
    if (file == NULL || fclose(file) != 0 || !done) {
        perror(of->plan.book);
        return false;
    }
    return true;
}

bool stream_close(stream *of)
{
    bool done = of->plan.book == NULL || of->plan.again || write_book(of);
    for (unsigned i = 0; of->clients != NULL && i < of->plan.connections; i++)
        connection_done(&of->clients[i].line);
    free(of->clients);
    free(of->free.places);
    free(of->later.places);
    return done;
}

// ---- requests ----

bool stream_has_more(const stream *of)
{
    bool more = !of->plan.again;
    for (unsigned i = 0; !more && i < of->plan.connections; i++)
        more = of->clients[i].seq < of->clients[i].upto;
    return more && (of->plan.most == 0 || of->made < of->plan.most);
}

bool stream_is_still(const stream *of)
{
    for (unsigned i = 0; i < of->plan.connections; i++)
        if (of->clients[i].state == CLIENT_BUSY || of->clients[i].state == CLIENT_LATER)
            return false;
    return true;
}

stream_client *stream_next_free(stream *of)
{
    stream_client *client = line_first(&of->free, of);
    while (client != NULL && of->plan.again && client->seq >= client->upto) {
        client->state = CLIENT_DONE;
        line_drop(&of->free, of);
        client = line_first(&of->free, of);
    }
    if (client == NULL || !stream_has_more(of))
        return NULL;
    line_drop(&of->free, of);
    return client;
}

stream_client *stream_next_again(stream *of, uint64_t now_ns)
{
    stream_client *client = line_first(&of->later, of);
    if (client == NULL || client->again_ns > now_ns)
        return NULL;
    line_drop(&of->later, of);
    return client;
}

bool stream_make(stream *of, stream_client *client)
{
    bool stands = client->state == CLIENT_LATER && of->plan.makes != MAKES_EVENTS;
    of->sent++;
    client->sent_ns = wf_clock_monotonic_ns();
    of->due += client->state == CLIENT_FREE;
    client->state = CLIENT_BUSY;
    return stands || requests_make(of, client);
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
    client->acked = client->seq;
    of->facts_sent += client->facts;
    of->facts_accepted += number_in(body, "accepted");
    of->facts_had += number_in(body, "had");
    of->facts_refused += number_in(body, "refused");
}

static void count_failure(stream *of, bool whole, unsigned status, uint64_t sent_us)
{
    if (status == 503) {
        of->refused++;
        histogram_add(&of->refusals, sent_us);
    } else if (!whole) {
        of->broken++;
    } else {
        of->failed++;
    }
}

// What was not acknowledged is sent again, as a phone does; who listens comes back.
static bool comes_again(const stream *of, bool whole, unsigned status)
{
    if (of->plan.makes == MAKES_GARBAGE || of->plan.makes == MAKES_SLOW)
        return false;
    if (of->plan.makes == MAKES_EVENTS)
        return true;
    return !of->plan.gives_up && (status == 503 || !whole);
}

// Three of a status in the whole run: it is no work beside the millions that are timed.
static void record(const stream *of, const connection *line)
{
    FILE *to = of->plan.records;
    const char *request = line->request.bytes;
    size_t line_size = strcspn(request, "\r\n"), size = strcspn(request, " ") + 1;
    size += size < line_size ? strcspn(request + size, " ") : 0;
    if (of->plan.makes == MAKES_GARBAGE) // whatever it asked
        fprintf(to, "- - ");
    else
        fprintf(to, "%.*s ", (int)size, request);
    fprintf(to, "%zu ", line->head.size - 1); // NUL stands behind it
    if (line->body.size < connection_body_max)
        fprintf(to, "%zu\n", line->body.size);
    else
        fprintf(to, "-\n");
    fwrite(line->head.bytes, 1, line->head.size - 1, to);
    if (line->body.size < connection_body_max)
        fwrite(line->body.bytes, 1, line->body.size, to);
}

void stream_answered(stream *of, stream_client *client, bool whole, uint64_t now_ns)
{
    unsigned status = whole ? client->line.status : 0;
    uint64_t us = (now_ns - client->due_ns) / 1000;
    bool good = status >= 200 && status < 300;
    uint64_t before = of->codes[status < 600 ? status : 0]++;
    if (whole && of->plan.records != NULL && before < recorded_each)
        record(of, &client->line);
    if (good) {
        of->ok++;
        histogram_add(&of->latencies, us);
        count_facts(of, client);
    } else {
        count_failure(of, whole, status, (now_ns - client->sent_ns) / 1000);
    }
    if (!good && comes_again(of, whole, status)) {
        client->state = CLIENT_LATER;
        client->again_ns = now_ns + again_after_ns;
        line_put(&of->later, of, client);
        return;
    }
    client->state = CLIENT_FREE;
    client->again_ns = 0;
    line_put(&of->free, of, client);
}

// ---- the end ----

static void count_unserved(stream *of, uint64_t due_ns, uint64_t now_ns)
{
    of->unserved++;
    histogram_add(&of->latencies, (now_ns - due_ns) / 1000);
}

void stream_end(stream *of, uint64_t end_ns, uint64_t now_ns)
{
    stream_makes makes = of->plan.makes;
    if (makes == MAKES_EVENTS || makes == MAKES_SLOW || makes == MAKES_GARBAGE)
        return;
    for (unsigned i = 0; i < of->plan.connections; i++)
        if (of->clients[i].state == CLIENT_BUSY || of->clients[i].state == CLIENT_LATER)
            count_unserved(of, of->clients[i].due_ns, now_ns);
    // These found nobody free to send them. (A closed loop has none that are due.)
    bool open_loop = of->interval_ns > 0;
    while (open_loop && of->next_due_ns < end_ns && stream_has_more(of)) {
        of->due++;
        of->made++;
        count_unserved(of, of->next_due_ns, now_ns);
        of->next_due_ns += of->interval_ns;
    }
}

// ---- printing ----

static void print_count(const char *name, uint64_t count)
{
    printf(",\"%s\":%llu", name, (unsigned long long)count);
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

static void print_facts(const stream *of, double seconds)
{
    print_count("facts_sent", of->facts_sent);
    print_count("facts_accepted", of->facts_accepted);
    print_count("facts_had", of->facts_had);
    print_count("facts_refused", of->facts_refused);
    printf(",\"facts_per_s\":%.0f",
           (double)(of->facts_accepted + of->facts_had) / seconds);
}

static void print_heard(const stream *of, const stream *samplers)
{
    print_count("events", of->events);
    print_count("events_missed", of->events_missed);
    print_count("events_twice", of->events_twice);
    print_count("otherwise", heard_otherwise(of, samplers));
    heard_print_otherwise(of, samplers);
}

void stream_print(const stream *of, const stream *samplers, double seconds)
{
    const histogram *times = &of->latencies;
    printf("{\"stream\":\"%s\",\"seconds\":%.2f", of->plan.name, seconds);
    print_count("due", of->due);
    print_count("sent", of->sent);
    print_count("ok", of->ok);
    print_count("refused", of->refused);
    print_count("failed", of->failed);
    print_count("broken", of->broken);
    print_count("unserved", of->unserved);
    printf(",\"ok_per_s\":%.0f", (double)of->ok / seconds);
    printf(",\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":"
           "%.3f",
           histogram_ms(times, 0.5), histogram_ms(times, 0.95), histogram_ms(times, 0.99),
           histogram_ms(times, 0.999), (double)times->greatest_us / 1000);
    if (of->refused > 0)
        printf(",\"refused_p50_ms\":%.3f,\"refused_p99_ms\":%.3f",
               histogram_ms(&of->refusals, 0.5), histogram_ms(&of->refusals, 0.99));
    if (requests_are_facts(of->plan.makes))
        print_facts(of, seconds);
    if (of->plan.makes == MAKES_EVENTS)
        print_heard(of, samplers);
    print_codes(of);
    printf("}\n");
}
