#include "serve/areas/asking.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "serve/areas/rows_csv.h"
#include "serve/http/exchange_inside.h"

// Room for a page of rows from the first one on, for it is cheaper than growing.
enum { rows_bytes = 72 << 10 };

static const char type_json[] = "application/json; charset=utf-8";
static const char rows_head[] = "{\"rows\":", rows_begin[] = "{\"rows\":[";

static void free_rows(wf_asking *a)
{
    json_decref(a->answer);
    json_decref(a->rows);
    json_decref(a->missing);
    a->answer = a->rows = a->missing = NULL;
}

static void free_asking(wf_asking *a)
{
    wf_look_shown_done(&a->shown);
    free_rows(a);
    wf_packed_free(a->packed);
    wf_buffer_wipe(&a->written);
    wf_buffer_wipe(&a->bytes);
    free(a);
}

static void fail(wf_asking *a, const weft_error *error)
{
    wf_exchange *x = a->x;
    free_asking(a);
    wf_exchange_fail(x, error);
}

// ---- what leaves ----

static weft_status mark_csv(const wf_asking *a, weft_error *error)
{
    char at[WF_TIME_TEXT_MAX], text[WF_TIME_TEXT_MAX + 32];
    weft_city_time_text(wf_exchange_city(a->x), a->as_of.at, at);
    snprintf(text, sizeof text, "%" PRIu64 " %s", a->as_of.position, at);
    return wf_exchange_add_header(a->x, "Weft-As-Of", text) &&
                   wf_exchange_add_header(a->x, "Weft-Complete",
                                          a->complete ? "yes" : "no") &&
                   (a->next == NULL || wf_exchange_add_header(a->x, "Weft-Next", a->next))
               ? WEFT_OK
               : wf_fail_memory(error);
}

static int append_dumped(const char *bytes, size_t size, void *context)
{
    return wf_buffer_append(context, bytes, size) ? 0 : -1;
}

// The answer but its rows.
static bool complete_json(wf_asking *a)
{
    json_t *missing = a->missing;
    a->missing = NULL;
    bool done = a->next == NULL ||
                json_object_set_new(a->answer, "next", json_string(a->next)) == 0;
    return wf_exchange_mark(a->x, a->answer, &a->as_of, a->complete, missing) && done;
}

static bool dump(const json_t *value, wf_buffer *to)
{
    return json_dump_callback(value, append_dumped, to,
                              JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0;
}

static bool dump_rows(wf_asking *a)
{
    return wf_buffer_append(&a->bytes, rows_head, sizeof rows_head - 1) &&
           dump(a->rows, &a->bytes);
}

// The rows that were written go first as they are, so that they are not copied.
static bool take_written(wf_asking *a)
{
    a->bytes = a->written;
    a->written = (wf_buffer){0};
    return wf_buffer_append(&a->bytes, "]", 1);
}

static bool make_json(wf_asking *a)
{
    if (!complete_json(a) || !(a->is_written ? take_written(a) : dump_rows(a)))
        return false;
    size_t end = a->bytes.size;
    // The object that comes behind begins with what becomes the comma between them.
    if (!dump(a->answer, &a->bytes))
        return false;
    WF_ASSERT(a->bytes.bytes[end] == '{');
    a->bytes.bytes[end] = ',';
    return true;
}

static bool is_csv(const wf_asking *a)
{
    return a->columns != NULL && wf_exchange_wants_csv(a->x);
}

// A row that was written is read again, alone: whoever wants a table has the time.
static bool put_written(wf_asking *a)
{
    if (a->written.size == 0)
        return true;
    json_t *row = json_loadb(a->written.bytes, a->written.size, 0, NULL);
    bool done = row != NULL && wf_rows_csv_row(row, a->columns, &a->bytes);
    json_decref(row);
    wf_buffer_clear(&a->written);
    return done;
}

static bool make_csv(wf_asking *a)
{
    if (a->is_written)
        return put_written(a);
    bool done = wf_rows_csv_head(a->columns, &a->bytes);
    for (size_t i = 0; done && i < json_array_size(a->rows); i++)
        done = wf_rows_csv_row(json_array_get(a->rows, i), a->columns, &a->bytes);
    return done;
}

static weft_status pack(wf_asking *a, wf_buffer *bytes, weft_error *error)
{
    enum { packed_bytes_max = 4 << 20 };
    if (a->packed == NULL)
        WF_TRY(wf_packed_new(packed_bytes_max, &a->packed, error));
    WF_TRY(wf_packed_put(a->packed, wf_buffer_text(bytes), error));
    wf_buffer_clear(bytes);
    return WEFT_OK;
}

// The bytes are made here, on the worker: whoever sends them later has no time.
static weft_status make_bytes(wf_asking *a, weft_error *error)
{
    bool csv = is_csv(a);
    if (csv)
        WF_TRY(mark_csv(a, error));
    bool done = csv ? make_csv(a) : make_json(a);
    a->type = csv ? "text/csv; charset=utf-8" : type_json;
    free_rows(a);
    if (done && a->is_kept && !csv && a->packed == NULL)
        wf_kept_put(a->x->server->kept, &a->kept_as, &a->bytes);
    if (!done)
        return wf_fail_memory(error);
    if (a->packed == NULL)
        return WEFT_OK;
    WF_TRY(pack(a, &a->bytes, error));
    wf_buffer_wipe(&a->bytes);
    wf_buffer_wipe(&a->written);
    return wf_packed_seal(a->packed, error);
}

// ---- in pieces ----

static wf_stream_state next_piece(void *context, wf_buffer *to)
{
    enum { piece_bytes = 64 << 10 };
    wf_asking *a = context;
    weft_error error = {0};
    // The look is there, and who asked may have been dismissed since.
    if (!wf_exchange_may_still(a->x))
        return WF_STREAM_BROKEN;
    if (wf_packed_take(a->packed, piece_bytes, to, &error) != WEFT_OK) {
        wf_exchange_cut(a->x, &error);
        return WF_STREAM_BROKEN;
    }
    a->taken += to->size;
    return a->taken < wf_packed_size(a->packed) ? WF_STREAM_MORE : WF_STREAM_END;
}

static void end_pieces(void *context)
{
    free_asking(context);
}

static void leave_in_pieces(wf_asking *a)
{
    const wf_stream stream = {.next = next_piece,
                              .done = end_pieces,
                              .context = a,
                              .size = wf_packed_size(a->packed),
                              .whole = true};
    wf_look_shown_done(&a->shown);
    wf_exchange_stream(a->x, 200, a->type, &stream);
}

static void leave(void *context, weft_status status, const weft_error *error)
{
    wf_asking *a = context;
    if (status != WEFT_OK) {
        fail(a, error);
        return;
    }
    wf_exchange *x = a->x;
    wf_buffer bytes = a->bytes;
    if (a->has_look)
        wf_exchange_looked(x);
    if (a->packed != NULL) {
        leave_in_pieces(a);
        return;
    }
    const char *type = a->type;
    a->bytes = (wf_buffer){0};
    free_asking(a);
    wf_exchange_bytes(x, 200, type, &bytes);
}

// ---- asking ----

static wf_asking *begin(wf_exchange *x)
{
    wf_asking *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->x = x;
    a->asker = (wf_asker){.accounts = wf_exchange_accounts(x),
                          .actor = wf_exchange_actor(x),
                          .now = wf_exchange_now(x)};
    a->answer = json_object();
    a->rows = json_array();
    a->complete = true;
    if (a->answer != NULL && a->rows != NULL)
        return a;
    free_asking(a);
    return NULL;
}

// `as`: what the answer is kept as; NULL: it is not.
static void answer(wf_exchange *x, const wf_kept_as *as,
                   weft_status (*ask)(wf_asking *a, weft_error *error))
{
    wf_shared *shared = wf_exchange_shared(x);
    weft_error error = {0};
    weft_city *city = NULL;
    wf_asking *a = begin(x);
    if (a == NULL) {
        WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
        wf_exchange_fail(x, &error);
        return;
    }
    a->is_kept = as != NULL;
    if (as != NULL)
        a->kept_as = *as;
    weft_status status = wf_shared_read(shared, &city, &error);
    a->asker.city = city;
    if (status == WEFT_OK)
        status = ask(a, &error);
    if (status == WEFT_OK)
        status = make_bytes(a, &error);
    // The reader is free for others while the look becomes durable. After the post `a`
    // may be gone.
    bool has_look = status == WEFT_OK && a->has_look;
    if (has_look)
        wf_looks_post(wf_exchange_looks(x), city, &a->look, &a->shown,
                      wf_exchange_machine_now(x), leave, a);
    if (city != NULL)
        wf_shared_read_end(shared, city);
    if (status != WEFT_OK)
        fail(a, &error);
    else if (!has_look)
        leave(a, WEFT_OK, NULL);
}

void wf_asking_answer(wf_exchange *x, weft_status (*ask)(wf_asking *a, weft_error *error))
{
    answer(x, NULL, ask);
}

void wf_asking_answer_kept(wf_exchange *x, const char *asked,
                           weft_status (*ask)(wf_asking *a, weft_error *error))
{
    wf_kept_as as;
    wf_buffer bytes = {0};
    if (!wf_kept_ask(x, asked, &as))
        answer(x, NULL, ask);
    else if (!wf_exchange_wants_csv(x) && wf_kept_give(x->server->kept, &as, &bytes))
        wf_exchange_bytes(x, 200, type_json, &bytes);
    else
        answer(x, &as, ask);
}

weft_status wf_asking_look(wf_asking *a, wf_look_use use, const char *asked,
                           weft_error *error)
{
    a->has_look = true;
    return wf_looks_begin(wf_exchange_looks(a->x), a->asker.city, a->asker.actor,
                          wf_exchange_header(a->x, "Weft-Purpose"), use, asked,
                          wf_exchange_machine_now(a->x), &a->look, error);
}

weft_status wf_asking_row(wf_asking *a, json_t *row, weft_error *error)
{
    return json_array_append_new(a->rows, row) == 0 ? WEFT_OK : wf_fail_memory(error);
}

static bool begin_written(wf_asking *a)
{
    a->is_written = true;
    return is_csv(a)
               ? wf_rows_csv_head(a->columns, &a->bytes)
               : wf_buffer_reserve(&a->written, rows_bytes) &&
                     wf_buffer_append(&a->written, rows_begin, sizeof rows_begin - 1);
}

static bool go_on_written(wf_asking *a)
{
    return is_csv(a) ? put_written(a) : wf_buffer_append(&a->written, ",", 1);
}

weft_status wf_asking_write(wf_asking *a, wf_buffer **ret, weft_error *error)
{
    size_t whole = a->x->server->options.whole_bytes;
    if (!(a->is_written ? go_on_written(a) : begin_written(a)))
        return wf_fail_memory(error);
    wf_buffer *made = is_csv(a) ? &a->bytes : &a->written;
    if (made->size > (whole != 0 ? whole : wf_asking_whole_bytes))
        WF_TRY(pack(a, made, error));
    *ret = &a->written;
    return WEFT_OK;
}

weft_status wf_asking_write_row(wf_asking *a, json_t *row, weft_error *error)
{
    wf_buffer *to;
    weft_status status =
        row != NULL ? wf_asking_write(a, &to, error) : wf_fail_memory(error);
    // A row that is read already need not be written to be read.
    if (status == WEFT_OK &&
        !(is_csv(a) ? wf_rows_csv_row(row, a->columns, &a->bytes) : dump(row, to)))
        status = wf_fail_memory(error);
    json_decref(row);
    return status;
}

bool wf_asking_is_complete(const wf_exchange *x, const weft_view_as_of *as_of)
{
    static const uint64_t behind_us = 1000000;
    wf_shared_stand stand = wf_shared_as_of(wf_exchange_shared(x));
    return as_of->position >= stand.ledger || stand.lag_us <= behind_us;
}

void wf_asking_as_of(wf_asking *a, const weft_view_as_of *as_of)
{
    a->as_of = *as_of;
    a->complete = a->complete && (as_of->complete || wf_asking_is_complete(a->x, as_of));
}

void wf_asking_stand(wf_asking *a)
{
    wf_shared_stand stand = wf_shared_as_of(wf_exchange_shared(a->x));
    weft_view_as_of as_of = {.position = stand.position,
                             .at = stand.at,
                             .complete = stand.position >= stand.ledger};
    wf_asking_as_of(a, &as_of);
}

const char *wf_asking_query(const wf_asking *a, const char *name)
{
    return wf_exchange_query(a->x, name).bytes;
}

weft_status wf_asking_time(const wf_asking *a, const char *text, weft_time *ret,
                           weft_error *error)
{
    *ret = WF_TIME_NONE;
    return text == NULL ? WEFT_OK : weft_city_time_parse(a->asker.city, text, ret, error);
}
