#include "load/delivery.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum {
    digest_bytes = 32,
    note_head_bytes = 2 + 8 + 8 + 1,
    note_arena_bytes_max = 1 << 16
};

// A source that is hashed as it is read.
typedef struct {
    wf_delivery *delivery;
    const weft_import_source *from;
    uint64_t bytes;
    bool ended;
} hashed_source;

struct wf_delivery {
    const wf_import_city *city;
    weft_import_kind kind;
    wf_feed *feed;
    hashed_source *hashed;
    weft_import_source *sources;
    crypto_generichash_state digest;
    wf_buffer note; // of the fact; empty: none is to be sent
};

// ---- the digest ----

static void add_bytes(wf_delivery *delivery, const void *bytes, size_t size)
{
    WF_ASSERT(crypto_generichash_update(&delivery->digest, bytes, size) == 0);
}

// Each source ends with its size, so that two cuts of the same bytes differ.
static void end_source(hashed_source *source)
{
    unsigned char size[8];
    if (source->ended)
        return;
    source->ended = true;
    wf_put_u64(size, source->bytes);
    add_bytes(source->delivery, size, sizeof size);
}

static ssize_t read_hashed(void *context, void *buffer, size_t size)
{
    hashed_source *source = context;
    ssize_t got = source->from->read(source->from->context, buffer, size);
    if (got > 0) {
        source->bytes += (size_t)got;
        add_bytes(source->delivery, buffer, (size_t)got);
    } else if (got == 0) {
        end_source(source);
    }
    return got;
}

static void print_digest(wf_delivery *delivery, char ret[2 * digest_bytes + 1])
{
    unsigned char digest[digest_bytes];
    WF_ASSERT(crypto_generichash_final(&delivery->digest, digest, sizeof digest) == 0);
    sodium_bin2hex(ret, 2 * digest_bytes + 1, digest, sizeof digest);
}

// ---- begin and end ----

weft_status wf_delivery_new(const wf_import_city *city, const wf_import_request *request,
                            wf_feed *feed, wf_delivery **ret, weft_error *error)
{
    size_t count = request->sources_count;
    wf_delivery *delivery = calloc(1, sizeof *delivery);
    if (delivery == NULL)
        return wf_fail_memory(error);
    *delivery = (wf_delivery){.city = city, .kind = request->kind, .feed = feed};
    delivery->hashed = calloc(count + 1, sizeof *delivery->hashed);
    delivery->sources = calloc(count + 1, sizeof *delivery->sources);
    if (delivery->hashed == NULL || delivery->sources == NULL) {
        wf_delivery_free(delivery);
        return wf_fail_memory(error);
    }
    WF_ASSERT(crypto_generichash_init(&delivery->digest, NULL, 0, digest_bytes) == 0);
    for (size_t i = 0; i < count; i++) {
        delivery->hashed[i] = (hashed_source){delivery, &request->sources[i], 0, false};
        delivery->sources[i] = request->sources[i];
        delivery->sources[i].read = read_hashed;
        delivery->sources[i].context = &delivery->hashed[i];
    }
    *ret = delivery;
    return WEFT_OK;
}

void wf_delivery_free(wf_delivery *delivery)
{
    if (delivery == NULL)
        return;
    free(delivery->hashed);
    free(delivery->sources);
    wf_buffer_done(&delivery->note);
    free(delivery);
}

const weft_import_source *wf_delivery_sources(const wf_delivery *delivery)
{
    return delivery->sources;
}

// ---- the fact ----

static void set(wf_fact *fact, const char *field, wf_value value)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    WF_ASSERT(place != SIZE_MAX);
    value.given = true;
    fact->values[place] = value;
}

static void set_number(wf_fact *fact, const char *field, uint64_t number)
{
    set(fact, field, (wf_value){.number = (int64_t)number});
}

// When it came. A city that was never given a clock stands at the newest of its rows,
// which these may be: its clock may even lie before what was forgotten.
static weft_time time_of(const wf_delivery *delivery)
{
    const wf_import_city *city = delivery->city;
    const wf_feed_days *days = &delivery->feed->touched;
    if (city->clocked || days->count == 0)
        return city->now;
    weft_time last = wf_zone_day_start(city->zone, days->days[days->count - 1]);
    return last.us > city->now.us ? last : city->now;
}

static const wf_kind *received_kind(const wf_import_city *city)
{
    const wf_kind *kind = wf_kinds_find(city->kinds, WF_TEXT("visits.received"));
    WF_ASSERT(kind != NULL);
    return kind;
}

static void fill_fact(const wf_delivery *delivery, const wf_visits_batch_count *count,
                      const char *digest, wf_fact *ret)
{
    const wf_feed *feed = delivery->feed;
    const wf_feed_days *days = &feed->touched;
    bool visits = delivery->kind == WEFT_IMPORT_VISITS;
    set(ret, "kind", (wf_value){.text = wf_text_of(visits ? "visits" : "encounters")});
    set_number(ret, "rows", feed->rows);
    set_number(ret, "accepted", count->visits_accepted + count->encounters_accepted);
    set_number(ret, "had", count->visits_had + count->encounters_had);
    set_number(ret, "refused", feed->refused_rows);
    if (days->count > 0) {
        set(ret, "first_day", (wf_value){.number = days->days[0].number});
        set(ret, "last_day", (wf_value){.number = days->days[days->count - 1].number});
    }
    set(ret, "digest", (wf_value){.text = wf_text_of(digest)});
}

// ---- the note: a fact as bytes ----
//
//   SIZE
//   2     number of its kind
//   8     seq
//   8     at, µs UTC
//   1     size n of the device
//   n     device
//   …     body (model/fact.h)

static weft_status print_note(const wf_fact *fact, wf_buffer *ret, weft_error *error)
{
    unsigned char head[note_head_bytes];
    head[0] = (unsigned char)fact->kind->number;
    head[1] = (unsigned char)(fact->kind->number >> 8);
    wf_put_u64(head + 2, (uint64_t)fact->id.seq);
    wf_put_u64(head + 10, (uint64_t)fact->at.us);
    head[18] = (unsigned char)fact->id.device.size;
    if (!wf_buffer_append(ret, head, sizeof head) ||
        !wf_buffer_append(ret, fact->id.device.bytes, fact->id.device.size))
        return wf_fail_memory(error);
    WF_TRY(wf_fact_check(fact, error));
    return wf_fact_encode(fact, ret, error);
}

static weft_status read_note(const wf_import_city *city, wf_text note, wf_arena *arena,
                             wf_fact *ret, weft_error *error)
{
    const unsigned char *from = (const unsigned char *)note.bytes;
    if (note.size < note_head_bytes || note.size - note_head_bytes < from[18])
        return wf_fail(error, WEFT_DAMAGED, "fact.damaged", NULL);
    size_t head = note_head_bytes + (size_t)from[18];
    const wf_kind *kind =
        wf_kinds_numbered(city->kinds, (uint16_t)(from[0] | from[1] << 8));
    if (kind == NULL)
        return wf_fail(error, WEFT_DAMAGED, "fact.damaged", NULL);
    WF_TRY(wf_fact_decode(kind, (wf_text){note.bytes + head, note.size - head}, arena,
                          ret, error));
    ret->id = (wf_identity){{note.bytes + note_head_bytes, from[18]},
                            (int64_t)wf_get_u64(from + 2)};
    ret->at = (weft_time){(int64_t)wf_get_u64(from + 10)};
    return WEFT_OK;
}

// Twice changes nothing: it has its name.
static weft_status send_note(const wf_import_city *city, wf_text note, weft_error *error)
{
    wf_arena arena;
    wf_fact fact = {0};
    wf_verdict verdict;
    wf_arena_init(&arena, note_arena_bytes_max);
    weft_status status = read_note(city, note, &arena, &fact, error);
    // The clock is not asked: it came when it says, a moment ago.
    if (status == WEFT_OK)
        status = wf_store_send(city->store, &fact, 1, WF_TIME_NONE, &verdict, error);
    wf_arena_done(&arena);
    return status;
}

// ---- sending ----

// A day that is forgotten to its end takes no fact either: such a delivery is not kept.
static weft_status note_fact(void *context, const wf_visits_batch_count *count,
                             wf_buffer *ret, weft_error *error)
{
    wf_delivery *delivery = context;
    const wf_import_city *city = delivery->city;
    char device[WF_DEVICE_BYTES_MAX + 1], digest[2 * digest_bytes + 1];
    weft_error forgotten = {0};
    wf_import_device(city, delivery->kind, device);
    print_digest(delivery, digest);
    wf_feed_days_tidy(&delivery->feed->touched);
    wf_fact fact = {.kind = received_kind(city), .at = time_of(delivery)};
    fact.id.device = wf_text_of(device);
    fact.id.seq = wf_senders_next(wf_store_senders(city->store), fact.id.device);
    if (wf_ledger_takes(wf_store_ledger(city->store), fact.kind->keep, fact.at,
                        &forgotten) != WEFT_OK)
        return WEFT_OK;
    fill_fact(delivery, count, digest, &fact);
    WF_TRY(print_note(&fact, &delivery->note, error));
    return wf_buffer_append(ret, delivery->note.bytes, delivery->note.size)
               ? WEFT_OK
               : wf_fail_memory(error);
}

void wf_delivery_attach(wf_delivery *delivery, wf_visits_batch *batch)
{
    wf_visits_batch_note(batch, note_fact, delivery);
}

// Where others post meanwhile their writer applies what is outstanding.
static weft_status apply(const wf_import_city *city, weft_error *error)
{
    return city->alone == NULL ? wf_store_apply(city->store, 0, error) : WEFT_OK;
}

weft_status wf_delivery_settle(const wf_import_city *city, weft_error *error)
{
    wf_text note = wf_visits_note(city->visits);
    if (note.size == 0)
        return WEFT_OK;
    WF_TRY(send_note(city, note, error));
    wf_visits_note_drop(city->visits);
    return apply(city, error);
}

weft_status wf_delivery_send(wf_delivery *delivery, weft_error *error)
{
    const wf_import_city *city = delivery->city;
    weft_error later = {0};
    if (wf_visits_note(city->visits).size > 0) {
        WF_IGNORE(wf_delivery_settle(city, &later), "it is noted, and sent later");
        return WEFT_OK;
    }
    if (delivery->note.size == 0)
        return WEFT_OK;
    WF_TRY(send_note(city, wf_buffer_text(&delivery->note), error));
    return apply(city, error);
}
