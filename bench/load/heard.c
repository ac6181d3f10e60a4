#include "load/heard.h"

#include <string.h>

// A line "id: N" says where, "event: fact" that it is a fact, "event: missed" that facts
// up to N are told no more; an empty line ends it. Without "event" it is only a place.
enum { kind_at = 0, word_at = 7, id_at = 4 };

static void end_event(stream_client *client)
{
    stream *in = client->in;
    in->events += client->is_event;
    in->events_missed += client->is_missed;
    if (client->is_event) {
        in->events_twice += client->next_event <= client->event;
        client->told++;
        client->told_samples += client->is_sample;
    }
    if (client->next_event > client->event)
        client->event = client->next_event;
    client->is_event = client->is_missed = client->is_sample = false;
}

// Steps through the text, byte by byte; whether it has come whole.
static bool comes(unsigned *step, const char *text, char byte)
{
    *step = byte == text[*step] ? *step + 1 : byte == text[0];
    if (text[*step] != '\0')
        return false;
    *step = 0;
    return true;
}

static void take_byte(stream_client *client, char byte)
{
    enum { of_nothing = 1 << 16, of_id = 1 << 17, of_event = 1 << 18, part = 0xffff };
    unsigned at = client->line_part & part;
    if (byte == '\n') {
        if (client->line_part == 0)
            end_event(client);
        client->line_part = 0;
        return;
    }
    if (at == kind_at) {
        client->line_part = byte == 'i' ? of_id : byte == 'e' ? of_event : of_nothing;
        if (byte == 'i')
            client->next_event = 0;
    }
    bool digit = byte >= '0' && byte <= '9';
    if ((client->line_part & of_id) != 0 && at >= id_at && digit)
        client->next_event = client->next_event * 10 + (uint64_t)(byte - '0');
    if ((client->line_part & of_event) != 0 && at == word_at) {
        client->is_event = byte == 'f';
        client->is_missed = byte == 'm';
    }
    if (comes(&client->kind_step, "\"kind\":\"sample.collected\"", byte))
        client->is_sample = true;
    if (at < part)
        client->line_part++;
}

void heard_take(void *context, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        take_byte(context, bytes[i]);
}

static const stream_client *sampler_of(const stream *samplers, const char *device)
{
    for (unsigned i = 0; samplers != NULL && i < samplers->plan.connections; i++)
        if (strcmp(samplers->clients[i].device, device) == 0)
            return &samplers->clients[i];
    return NULL;
}

// Whoever hears of one village hears what its sampler sent, and besides what follows from
// it: a positive tube binds people there.
static bool is_as_expected(const stream *of, const stream_client *one,
                           const stream_client *sends)
{
    if (one->grid[0] == '\0')
        return one->told == one->event - of->plan.after;
    return one->told_samples ==
           (sends != NULL ? (uint64_t)(sends->acked - sends->begun) : 0);
}

uint64_t heard_otherwise(const stream *of, const stream *samplers)
{
    uint64_t otherwise = 0;
    for (unsigned i = 0; i < of->plan.connections; i++) {
        const stream_client *one = &of->clients[i];
        otherwise += !is_as_expected(of, one, sampler_of(samplers, one->device));
    }
    return otherwise;
}

void heard_print_otherwise(const stream *of, const stream *samplers)
{
    for (unsigned i = 0; i < of->plan.connections; i++) {
        const stream_client *one = &of->clients[i];
        const stream_client *sends = sampler_of(samplers, one->device);
        if (is_as_expected(of, one, sends))
            continue;
        printf(",\"first_otherwise\":{\"device\":\"%s\",\"after\":%llu,\"upto\":%llu,"
               "\"told\":%llu,\"samples\":%llu,\"acknowledged\":%lld,\"waits\":%s}",
               one->device, (unsigned long long)of->plan.after,
               (unsigned long long)one->event, (unsigned long long)one->told,
               (unsigned long long)one->told_samples,
               sends != NULL ? (long long)(sends->acked - sends->begun) : 0,
               sends != NULL && sends->state != CLIENT_FREE ? "true" : "false");
        return;
    }
}
